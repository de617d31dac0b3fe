"""Measures the engines by the W3C's suite of tests for SHACL: `python tests/shapes/w3c.py FOLDER`.

FOLDER is `data-shapes-test-suite/tests/core` of a checkout of https://github.com/w3c/data-shapes. A test passes if an
engine reports what the test expects: focus, path where it is one predicate, value, shape and component of each result,
blank nodes aside. What is printed is a table of how many tests of each component pass, and those that fail. No network
is needed, and `make test` does not run it.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pyoxigraph

from herbier.problems import HerbierError
from herbier.rdf.terms import RDF_TYPE, XSD, Term, Triple, datatype_of, language_of, lexical
from herbier.shapes import ENGINES
from herbier.shapes.shape_rules import SH

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
PARTS = ("focusNode", "resultPath", "value", "sourceShape", "sourceConstraintComponent")
Results = Counter[tuple[str, ...]] | None  # None is a failure: the shapes must be refused


class Case(NamedTuple):
    """A test of the suite."""

    name: str
    shapes: list[Triple]
    data: list[Triple]
    expected: Results


def cases(folder: Path) -> Iterator[Case]:
    for file in sorted(folder.rglob("*.ttl")):
        said = Said(_triples(file.as_uri()))
        for test in said.subjects(RDF_TYPE, f"<{SHT}Validate>"):
            (action,) = said.of(test, f"<{MF}action>")
            (shapes,), (data,) = said.of(action, f"<{SHT}shapesGraph>"), said.of(action, f"<{SHT}dataGraph>")
            (result,) = said.of(test, f"<{MF}result>")
            yield Case(
                f"{file.parent.name}/{file.stem}", _triples(shapes[1:-1]), _triples(data[1:-1]), _expected(said, result)
            )


class Said:
    """What a graph says."""

    def __init__(self, triples: list[Triple]) -> None:
        self._triples = triples

    def of(self, subject: Term, predicate: Term) -> list[Term]:
        return [value for s, p, value in self._triples if (s, p) == (subject, predicate)]

    def subjects(self, predicate: Term, value: Term) -> list[Term]:
        return [s for s, p, o in self._triples if (p, o) == (predicate, value)]


def _triples(address: str) -> list[Triple]:
    file = Path(unquote(urlsplit(address).path))
    quads = pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.TURTLE, base_iri=address)
    return [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads]


def _expected(said: Said, report: Term) -> Results:
    if report == f"<{SHT}Failure>":
        return None
    results = said.of(report, f"<{SH}result>")
    return Counter(tuple(_plain(*said.of(result, f"<{SH}{part}>")) for part in PARTS) for result in results)


def _plain(term: Term = "") -> str:
    """Return a term so that the same one always reads the same, and nothing for a blank node."""
    if not term.startswith('"'):
        return "" if term.startswith("_:") else term
    datatype = datatype_of(term).replace(f"{XSD}string", "")
    return f"{lexical(term)}|{language_of(term).lower()}|{datatype}"


def found(engine: str, case: Case) -> Results:
    shapes = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in case.shapes)
    try:
        return Counter(tuple(map(_plain, result)) for result in ENGINES[engine](shapes, case.data))
    except HerbierError:
        return None


def main() -> None:
    every = list(cases(Path(sys.argv[1]).resolve()))
    failed = {engine: [case.name for case in every if found(engine, case) != case.expected] for engine in ENGINES}
    rows = Counter(component_of(case.name) for case in every)
    sys.stdout.write(f"| component | tests | {' | '.join(ENGINES)} |\n|---|--:|{'--:|' * len(ENGINES)}\n")
    for component, tests in sorted(rows.items()):
        passed = (tests - Counter(map(component_of, failed[engine]))[component] for engine in ENGINES)
        sys.stdout.write(f"| {component} | {tests} | {' | '.join(map(str, passed))} |\n")
    for engine in ENGINES:
        sys.stdout.write(f"{engine} {version(engine)}: {len(every) - len(failed[engine])} of {len(every)}\n")
        sys.stdout.writelines(f"    {name}\n" for name in failed[engine])


def component_of(name: str) -> str:
    """Return what a test is about: that of `property/uniqueLang-002` is uniqueLang, that of a path test is path."""
    folder, _, test = name.partition("/")
    return test.partition("-")[0] if folder in ("node", "property") else folder


if __name__ == "__main__":
    main()
