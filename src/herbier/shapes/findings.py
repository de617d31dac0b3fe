"""Findings of an engine, in the terms of the data that it was given."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from herbier.rdf.terms import XSD, Term, Triple, datatype_of, language_of, lexical


class Finding(NamedTuple):
    """One result of a validation (SHACL, section 3.6.2); "" stands for what it has not.

    `path` is a predicate, "" also where the path of the shape is longer than one; `component` is an IRI.
    """

    focus: Term
    path: Term
    value: Term
    shape: Term
    component: Term


def settled(found: Iterable[Finding], triples: Iterable[Triple]) -> list[Finding]:
    """Return findings in the terms of the data, each once and sorted; engines may write the same literal otherwise."""
    findings = set(found)
    known = {term for triple in triples for term in (triple[0], triple[2])} if findings else set()
    strange = {term for one in findings for term in (one.focus, one.value) if term and term not in known}
    own = _by_meaning(known, strange) if strange else {}
    return sorted(
        one._replace(focus=own.get(one.focus, one.focus), value=own.get(one.value, one.value)) for one in findings
    )


def _by_meaning(known: set[Term], strange: set[Term]) -> Mapping[Term, Term]:
    wanted = {_meaning(term) for term in strange}
    meant = {_meaning(term): term for term in sorted(known, reverse=True) if _meaning(term) in wanted}
    return {term: meant[_meaning(term)] for term in strange if _meaning(term) in meant}


def _meaning(term: Term) -> tuple[bool, str, str, str]:
    """Return what makes two terms the same (RDF 1.1, section 3.3); languages are compared without case."""
    text = lexical(term)
    if not term.startswith('"'):
        return False, text, "", ""
    return True, text, language_of(term).lower(), datatype_of(term).replace(f"{XSD}string", "")


def one_line(error: Exception) -> str:
    """Return what an engine says of a fault, on one line."""
    return " ".join(str(error).partition("For reference, see")[0].split())
