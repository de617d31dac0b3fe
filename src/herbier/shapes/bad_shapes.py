"""Faults of shapes that someone wrote: what an engine would trip over, or pass over in silence."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph

from herbier.messages import Message
from herbier.problems import HerbierError
from herbier.rdf.terms import Term, Triple, lexical
from herbier.shapes.engines import ENGINES
from herbier.shapes.findings import one_line
from herbier.shapes.shape_rules import SH


class Fault(NamedTuple):
    """A fault of shapes, and the shape or the text that it is wrong with ("" where that is not known)."""

    message: str
    where: Term


def fault_of(engine: str, shapes: str, triples: Sequence[Triple]) -> Fault | None:
    """Return the first fault of shapes, None where there is none.

    `shapes` is what the triples are as N-Triples; the prefixes that queries may use are among them.
    """
    found = next((fault for find in (_queries, _patterns) for fault in find(triples)), None)
    return found or _unlike_shapes(shapes) or _unreadable(engine, shapes)


# SHACL, section 5.2.1, forbids these; and no shape may have Herbier ask other servers
_FORBIDDEN = re.compile(r"\b(MINUS|SERVICE|VALUES)\b", re.IGNORECASE)
_STRING = re.compile(r"""("|')(?:\\.|(?!\1).)*\1""")
_PLACE = re.compile(r"error at (\d+):(\d+)")


def _queries(triples: Sequence[Triple]) -> Iterator[Fault]:
    said: dict[tuple[Term, Term], list[Term]] = {}
    for subject, predicate, value in triples:
        said.setdefault((subject, predicate), []).append(value)
    for subject, predicate, value in triples:
        if predicate in (f"<{SH}select>", f"<{SH}ask>"):
            rows = [row for of in said.get((subject, _PREFIXES), ()) for row in said.get((of, _DECLARE), ())]
            pairs = [(said.get((row, _PREFIX), ()), said.get((row, _NAMESPACE), ())) for row in rows]
            head = " ".join(f"PREFIX {lexical(name[0])}: <{lexical(of[0])}>" for name, of in pairs if name and of)
            if fault := _fault_of_query(head, lexical(value)):
                yield Fault(fault, next((owner for owner, _, node in triples if node == subject), subject))


_PREFIXES, _DECLARE, _PREFIX, _NAMESPACE = (f"<{SH}{name}>" for name in ("prefixes", "declare", "prefix", "namespace"))


def _fault_of_query(head: str, query: str) -> str:
    if forbidden := _FORBIDDEN.search(_STRING.sub("", query)):
        return Message("a query of a shape may not use {word}", word=forbidden[0])
    try:
        pyoxigraph.Store().query(f"{head}\n{query.replace('$PATH', '<urn:herbier:path>')}")
    except (SyntaxError, ValueError) as error:
        place = _PLACE.search(str(error))
        told = Message("a query cannot be read")
        if place:
            line, column = int(place[1]) - 1, int(place[2])
            told = Message("a query cannot be read, at line {line}, column {column} of it", line=line, column=column)
        if "Prefix not found" in str(error):
            told = Message("{fault}: its sh:prefixes do not declare a prefix that it uses", fault=told)
        return told
    return ""


def _patterns(triples: Sequence[Triple]) -> Iterator[Fault]:
    for subject, predicate, value in triples:
        if predicate == f"<{SH}pattern>":
            try:
                re.compile(lexical(value))
            except re.error as error:
                message = Message("the pattern {text!r} cannot be read: {why}", text=lexical(value), why=str(error))
                yield Fault(message, subject)


def _unlike_shapes(shapes: str) -> Fault | None:
    """Hold shapes against the shapes of shapes (SHACL, appendix C)."""
    import pyshacl  # only now, for the shapes of a vault: it takes a while to load
    import rdflib
    from pyshacl.errors import ReportableRuntimeError

    from herbier.shapes.pyshacl_engine import quiet

    graph = rdflib.Graph().parse(data=shapes, format="nt")
    with quiet():
        try:
            pyshacl.validate(rdflib.Graph(), shacl_graph=graph, meta_shacl=True)
        except ReportableRuntimeError as error:
            told = _TOLD.search(str(error))
            return Fault(_said(told), told["focus"].strip()) if told else Fault(one_line(error), "")
    return None


_TOLD = re.compile(r"Focus Node: (?P<focus>.+)\n(?:.*\n)*?\s*(?:Result Path: (?P<path>.+)\n)?\s*Message: (?P<said>.+)")


def _said(told: re.Match[str]) -> str:
    said = Message("this is not as SHACL asks") if "shsh:" in told["said"] else told["said"]
    return Message("{path}: {said}", path=told["path"], said=said) if told["path"] else said


def _unreadable(engine: str, shapes: str) -> Fault | None:
    try:
        list(ENGINES[engine](shapes, ()))
    except HerbierError as error:
        return Fault(error.args[0], "")
    return None
