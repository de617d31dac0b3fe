"""The formats of RDF that Herbier writes: one row each, with media type, suffix and writer.

A file is a head, blocks and a tail. A block holds all that is said of some subjects, in the order in which it is given,
so that blocks can be written side by side and the same triples always give the same bytes.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph

from herbier.problems import HerbierError, words
from herbier.terms import RDF_TYPE, XSD, Term, datatype_of, language_of, lexical

Triple = tuple[Term, Term, Term]


@dataclass
class Names:
    """How a file may shorten IRIs: its base, its prefixes, and the predicates whose values are IRIs."""

    base: str
    prefixes: Mapping[str, str]
    iri_valued: frozenset[Term] = frozenset()
    short: dict[Term, str] = field(default_factory=dict, compare=False)

    @cached_property
    def used(self) -> dict[str, str]:
        """Return the prefixes, the longest namespace first."""
        return dict(sorted(self.prefixes.items(), key=lambda item: (-len(item[1]), item[0])))

    def curie(self, term: Term) -> str:
        """Return a CURIE for an IRI where a prefix fits, else the IRI as it stands."""
        known = self.short.get(term)
        if known is None:
            known = self.short[term] = self._curie(term)
        return known

    def _curie(self, term: Term) -> str:
        for prefix, namespace in self.used.items():
            if term.startswith(namespace, 1):
                local = term[1 + len(namespace) : -1]
                if _LOCAL.fullmatch(local):
                    return f"{prefix}:{local}"
        return term


_LOCAL: Final = re.compile(r"[A-Za-z_][\w-]*")


_KINDS_OF_IRI: Final = ("id/", "doc/", "tag/", "file/", "key/", "dataset")


def _relative(term: Term, base: str) -> str | None:
    """Return an IRI below the base without it, None where it would not come back as it went (RFC 3986, 5.2)."""
    if not term.startswith(base, 1):
        return None
    rest = term[1 + len(base) : -1]
    return rest if rest.startswith(_KINDS_OF_IRI) and "//" not in rest and "/." not in rest else None


class Format(NamedTuple):
    """A format: `graphs` tells whether it keeps named graphs, `block` writes the triples of one graph."""

    name: str
    suffix: str
    media_type: str
    graphs: bool
    head: Callable[[Names], str]
    block: Callable[[Sequence[Triple], Term, Names], bytes]
    between: str = ""
    tail: str = ""


def _nothing(names: Names) -> str:
    return ""


# --- N-Triples, N-Quads ---------------------------------------------------------------------------------------------


# Encoded line by line: nearly all lines are ASCII, which is copied as it is, and few are not.


def _ntriples(triples: Sequence[Triple], graph: Term, names: Names) -> bytes:
    return b"".join([f"{s} {p} {o} .\n".encode() for s, p, o in triples])


def _nquads(triples: Sequence[Triple], graph: Term, names: Names) -> bytes:
    end = f" {graph} .\n"
    return b"".join([f"{s} {p} {o}{end}".encode() for s, p, o in triples])


# --- Turtle, TriG ---------------------------------------------------------------------------------------------------


def _turtle_head(names: Names) -> str:
    lines = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(names.prefixes.items())]
    return f"@base <{names.base}> .\n{''.join(lines)}\n"


_BARE: Final = {f"{XSD}integer": re.compile(r"[+-]?\d+"), f"{XSD}decimal": re.compile(r"[+-]?\d*\.\d+")}
_ESCAPE: Final = re.compile(r"\\(.)")


def turtle_term(term: Term, names: Names) -> str:
    """Return a term as Turtle writes it, as short as the names allow (Turtle 1.1, section 6.5)."""
    if term[0] == "<":
        rest = _relative(term, names.base)
        return f"<{rest}>" if rest is not None else names.curie(term)
    if term[-1] == ">":
        mark = term.rindex('"^^<')
        datatype = term[mark + 4 : -1]
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(term[1:mark]):
            return term[1:mark]
        return f"{term[: mark + 3]}{names.curie(term[mark + 3 :])}"
    if "\\n" in term:  # lines of a text are lines of the file; all other escapes stay
        mark = term.rindex('"')
        text = _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[0], term[1:mark])
        return f'"""{text}"""{term[mark + 1 :]}'
    return term


def _turtle(triples: Sequence[Triple], graph: Term, names: Names) -> bytes:
    return _turtle_block(triples, names, "").encode()


def _turtle_block(triples: Sequence[Triple], names: Names, indent: str) -> str:
    subjects: dict[Term, dict[Term, list[Term]]] = {}
    for subject, predicate, value in triples:
        predicates = subjects.get(subject)
        if predicates is None:
            predicates = subjects[subject] = {}
        if predicate in predicates:
            predicates[predicate].append(value)
        else:
            predicates[predicate] = [value]
    pieces = []
    for subject, predicates in subjects.items():
        lines = [
            f"{'a' if predicate == RDF_TYPE else names.curie(predicate)} "
            f"{' , '.join([turtle_term(value, names) for value in values])}"
            for predicate, values in predicates.items()
        ]
        joined = f" ;\n{indent}    ".join(lines)
        pieces.append(f"{indent}{turtle_term(subject, names)} {joined} .\n\n")
    return "".join(pieces)


def _trig(triples: Sequence[Triple], graph: Term, names: Names) -> bytes:
    if not triples:
        return b""
    return f"{turtle_term(graph, names)} {{\n{_turtle_block(triples, names, '    ').rstrip()}\n}}\n\n".encode()


# --- JSON-LD --------------------------------------------------------------------------------------------------------

_VOCAB: Final = "https://schema.org/"


def jsonld_context(names: Names) -> dict[str, Any]:
    """Return the context of all JSON-LD that Herbier writes (JSON-LD 1.1, section 4.1).

    Terms of schema.org stand without a prefix; a predicate whose values are IRIs says so once, here.
    """
    context: dict[str, Any] = {"@version": 1.1, "@base": names.base, "@vocab": _VOCAB}
    context |= sorted(names.prefixes.items())
    context["key"] = f"{names.base}key/"
    for predicate in sorted(names.iri_valued):
        context[_jsonld_name(predicate, names)] = {"@id": names.curie(predicate), "@type": "@id"}
    return context


def _jsonld_name(term: Term, names: Names) -> str:
    local = term[1 + len(_VOCAB) : -1] if term.startswith(_VOCAB, 1) else ""
    if _LOCAL.fullmatch(local) and local not in names.prefixes and local != "key":  # else the context means a prefix
        return local
    curie = names.curie(term)
    return curie[1:-1] if curie[0] == "<" else curie


def _jsonld_head(names: Names) -> str:
    return f'{{\n"@context": {json.dumps(jsonld_context(names), ensure_ascii=False, indent=1)},\n"@graph": [\n'


def _jsonld_id(term: Term, names: Names) -> str:
    if term.startswith("_:"):
        return term
    rest = _relative(term, names.base)
    return rest if rest is not None else term[1:-1]


def _jsonld_value(term: Term, predicate: Term, names: Names) -> Any:
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
    if datatype == f"{XSD}integer" and str(int(text)) == text and len(text) < 15:
        return int(text)
    return {"@type": _jsonld_name(f"<{datatype}>", names), "@value": text}


def _jsonld(triples: Sequence[Triple], graph: Term, names: Names) -> bytes:
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
    return ",\n".join(json.dumps(node, ensure_ascii=False, indent=1) for node in nodes.values()).encode()


# --- RDF/XML --------------------------------------------------------------------------------------------------------


def _rdfxml_text(triples: Sequence[Triple], names: Names) -> str:
    data = _ntriples(sorted(triples), "", names)  # a subject is written once only where its triples adjoin
    parsed = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)
    written = pyoxigraph.serialize(
        (quad.triple for quad in parsed), format=pyoxigraph.RdfFormat.RDF_XML, prefixes=dict(names.prefixes)
    )
    assert written is not None
    return written.decode()


def _rdfxml_head(names: Names) -> str:
    empty = _rdfxml_text((), names)
    return empty[: _after_root(empty)].removesuffix("/>") + (">\n" if empty.rstrip().endswith("/>") else "\n")


def _after_root(text: str) -> int:
    return text.index(">", text.index("<rdf:RDF")) + 1


def _rdfxml(triples: Sequence[Triple], graph: Term, names: Names) -> bytes:
    if not triples:
        return b""
    text = _rdfxml_text(triples, names)
    inside = text[_after_root(text) : text.rindex("</rdf:RDF>")].strip("\n")
    return f"{inside}\n".encode()


FORMATS: Final[dict[str, Format]] = {
    row.name: row
    for row in (
        Format("turtle", ".ttl", "text/turtle", False, _turtle_head, _turtle),
        Format("ntriples", ".nt", "application/n-triples", False, _nothing, _ntriples),
        Format("nquads", ".nq", "application/n-quads", True, _nothing, _nquads),
        Format("trig", ".trig", "application/trig", True, _turtle_head, _trig),
        Format("jsonld", ".jsonld", "application/ld+json", False, _jsonld_head, _jsonld, ",\n", "\n]\n}\n"),
        Format("rdfxml", ".rdf", "application/rdf+xml", False, _rdfxml_head, _rdfxml, "", "</rdf:RDF>\n"),
    )
}
_OTHER_NAMES: Final = {
    "ttl": "turtle",
    "nt": "ntriples",
    "nq": "nquads",
    "json-ld": "jsonld",
    "rdf": "rdfxml",
    "xml": "rdfxml",
}


def format_named(name: str) -> Format:
    """Return a format by its name or its suffix; HerbierError names those there are."""
    key = name.lower().lstrip(".")
    found = FORMATS.get(_OTHER_NAMES.get(key, key))
    if found is None:
        known = ", ".join(row.suffix for row in FORMATS.values())
        raise HerbierError(words("unknown format {name!r}: known are {names}", name=name, names=known))
    return found


def format_of(path: Path) -> tuple[Format, bool]:
    """Return the format that a file's suffix names, and whether it is gzipped; HerbierError for any other suffix."""
    suffixes = path.suffixes
    gzipped = bool(suffixes) and suffixes[-1].lower() == ".gz"
    suffix = (suffixes[-2] if len(suffixes) > 1 else "") if gzipped else (suffixes[-1] if suffixes else "")
    known = {row.suffix: row for row in FORMATS.values()}
    if suffix.lower() not in known:
        named = {"file": path.name, "names": ", ".join(known)}
        if not suffix:
            raise HerbierError(
                words("{file} has no suffix to tell the format; known are {names}, each also with .gz", **named)
            )
        told = words("{file}: unknown suffix {suffix!r}; known are {names}, each also with .gz", suffix=suffix, **named)
        raise HerbierError(told)
    return known[suffix.lower()], gzipped


def triples_of(statements: Iterable[tuple[Any, ...]]) -> list[Triple]:
    """Return the triples of statements, each once, in the order in which they are stated."""
    return list({(s, p, o): None for s, p, o, _, _ in statements})


_NAMED: Final = re.compile(r"[^\W\d][\w.-]*>$")


def unwritable(triples: Iterable[Triple], row: Format) -> list[Term]:
    """Return the predicates that a format cannot write: in RDF/XML those that end in no name."""
    if row.name != "rdfxml":
        return []
    return sorted({predicate for _, predicate, _ in triples if not _NAMED.search(predicate)})


def write_all(graphs: Iterable[tuple[Term, Sequence[Triple]]], row: Format, names: Names) -> str:
    """Return a whole file of a format; for small graphs, such as a page's."""
    blocks = [row.block(triples, graph, names) for graph, triples in graphs if triples]
    return f"{row.head(names)}{row.between.encode().join(filter(None, blocks)).decode()}{row.tail}"
