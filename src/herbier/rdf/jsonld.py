"""JSON-LD (https://www.w3.org/TR/json-ld11/), a node a subject."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from herbier.rdf.prefixes import LOCAL_NAME, Namespaces, relative_iri
from herbier.rdf.terms import RDF_TYPE, XSD, Term, Triple, datatype_of, language_of, lexical

# --- JSON-LD --------------------------------------------------------------------------------------------------------

_VOCAB: Final = "https://schema.org/"
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]*")  # as JSON writes it; what is read from a file may be none
_LONGEST_NUMBER: Final = 15  # characters; a reader may take longer ones for floats, and lose their last digits


def jsonld_context(names: Namespaces) -> dict[str, Any]:
    """Return the context of all JSON-LD that Herbier writes (JSON-LD 1.1, section 4.1).

    Terms of schema.org stand without a prefix; a predicate whose values are IRIs says so once, here.
    """
    context: dict[str, Any] = {"@version": 1.1, "@base": names.base, "@vocab": _VOCAB}
    context |= sorted(names.prefixes.items())
    context["key"] = f"{names.base}key/"
    for predicate in sorted(names.iri_valued):
        context[_jsonld_name(predicate, names)] = {"@id": names.curie(predicate), "@type": "@id"}
    return context


def _jsonld_name(term: Term, names: Namespaces) -> str:
    local = term[1 + len(_VOCAB) : -1] if term.startswith(_VOCAB, 1) else ""
    if (
        LOCAL_NAME.fullmatch(local) and local not in names.prefixes and local != "key"
    ):  # else the context means a prefix
        return local
    curie = names.curie(term)
    return curie[1:-1] if curie[0] == "<" else curie


def jsonld_head(names: Namespaces) -> str:
    """Return what opens a file: the context, and the list of nodes."""
    return f'{{\n"@context": {json.dumps(jsonld_context(names), ensure_ascii=False, indent=1)},\n"@graph": [\n'


def _jsonld_id(term: Term, names: Namespaces) -> str:
    if term.startswith("_:"):
        return term
    rest = relative_iri(term, names.base)
    return rest if rest is not None else term[1:-1]


def _jsonld_value(term: Term, predicate: Term, names: Namespaces) -> Any:
    if term[0] == "<":
        name = _jsonld_id(term, names)
        return name if predicate in names.iri_valued else {"@id": name}
    if term.startswith("_:"):  # only a query's answer has blank nodes
        return {"@id": term}
    text = lexical(term)
    if language := language_of(term):
        return {"@language": language, "@value": text}
    datatype = datatype_of(term)
    if not datatype:
        return {"@value": text} if predicate in names.iri_valued else text
    if datatype == f"{XSD}integer" and len(text) < _LONGEST_NUMBER and _INTEGER.fullmatch(text):
        return int(text)
    return {"@type": _jsonld_name(f"<{datatype}>", names), "@value": text}


def jsonld_block(triples: Sequence[Triple], graph: Term, names: Namespaces) -> bytes:
    """Write triples as nodes, one a subject, with commas between them."""
    nodes: dict[Term, dict[str, Any]] = {}
    for subject, predicate, value in triples:
        node = nodes.setdefault(subject, {"@id": _jsonld_id(subject, names)})
        shown: Any
        if predicate == RDF_TYPE:
            name, shown = "@type", _jsonld_name(value, names)
        else:
            name, shown = _jsonld_name(predicate, names), _jsonld_value(value, predicate, names)
        node.setdefault(name, []).append(shown)
    for node in nodes.values():
        for name, values in node.items():
            if name != "@id" and len(values) == 1:
                node[name] = values[0]
    return ",\n".join(map(_written, nodes.values())).encode()


_encode = json.JSONEncoder(ensure_ascii=False).encode  # without indents: with them, the encoder is no longer in C


def _written(node: dict[str, Any]) -> str:
    """Return a node as text, a line a key."""
    lines = ",\n".join([f" {_encode(name)}: {_encode(value)}" for name, value in node.items()])
    return f"{{\n{lines}\n}}"
