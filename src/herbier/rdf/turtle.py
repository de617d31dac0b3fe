"""Turtle and TriG (https://www.w3.org/TR/trig/), grouped by subject."""

import re
from collections.abc import Sequence
from typing import Final

from herbier.rdf.prefixes import Namespaces, relative_iri
from herbier.rdf.terms import RDF_TYPE, XSD, Term, Triple

# --- Turtle, TriG ---------------------------------------------------------------------------------------------------


def turtle_head(names: Namespaces) -> str:
    """Return the base and the prefixes of a file."""
    lines = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(names.prefixes.items())]
    return f"@base <{names.base}> .\n{''.join(lines)}\n"


_BARE: Final = {f"{XSD}integer": re.compile(r"[+-]?\d+"), f"{XSD}decimal": re.compile(r"[+-]?\d*\.\d+")}
_ESCAPE: Final = re.compile(r"\\(.)")


def turtle_term(term: Term, names: Namespaces) -> str:
    """Return a term as Turtle writes it, as short as the names allow (Turtle 1.1, section 6.5)."""
    if term[0] == "<":
        rest = relative_iri(term, names.base)
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


def turtle_block(triples: Sequence[Triple], graph: Term, names: Namespaces) -> bytes:
    """Write triples in Turtle."""
    return _turtle_block(triples, names, "").encode()


def _turtle_block(triples: Sequence[Triple], names: Namespaces, indent: str) -> str:
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


def trig_block(triples: Sequence[Triple], graph: Term, names: Namespaces) -> bytes:
    """Write the triples of a graph in TriG."""
    if not triples:
        return b""
    return f"{turtle_term(graph, names)} {{\n{_turtle_block(triples, names, '    ').rstrip()}\n}}\n\n".encode()
