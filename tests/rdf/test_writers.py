"""Terms that a writer may shorten come back as they went: oxigraph, rdflib and pyld judge."""

import json

import pyld.jsonld
import pyoxigraph
import pytest
import rdflib

from herbier.rdf.formats import FORMATS, write_all
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import Term, plain, typed

BASE = "https://example.org/v/"
SUBJECT, PREDICATE = f"<{BASE}doc/a>", "<https://schema.org/value>"
NAMES = Namespaces(BASE, {"schema": "https://schema.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"})

TERMS = [
    *(typed(text, "decimal") for text in ("5.", ".5", "5.0", "+5.0", "-0.50", "5")),
    *(
        typed(text, "integer")
        for text in ("0", "-7", "007", "+7", "1" * 14, "1" * 15, "1" * 16, "9" * 4300, "9" * 5000)
    ),
    *(typed(text, kind) for text in ("", "+", "abc", "1.5", "-0") for kind in ("integer", "decimal")),
    *(typed(text, "boolean") for text in ("true", "1")),
    plain("a\r\nb"),
    plain("a\rb\nc"),
    plain('a\n"""b\\'),
    plain("a\nb"),
    *(
        f"<{BASE}{path}>"
        for path in ("doc/a/../b", "doc/./b", "doc/a/.", "doc/..b", "doc//b", "id/a#b", "tag/a?b", "other/x", "doc")
    ),
    "<https://example.org/w/doc/a>",
    "<https://schema.org/Thing>",
    "<https://schema.org/a/b>",
]


def one(term: Term) -> rdflib.term.Node:
    """Return a term as rdflib reads it from N-Triples."""
    graph = rdflib.Graph().parse(data=f"{SUBJECT} {PREDICATE} {term} .", format="nt")
    return next(iter(graph.objects()))


def same(found: rdflib.term.Node, wanted: rdflib.term.Node) -> bool:
    if isinstance(found, rdflib.Literal) and isinstance(wanted, rdflib.Literal):
        return (str(found), found.datatype, found.language) == (str(wanted), wanted.datatype, wanted.language)
    return found == wanted


@pytest.fixture(autouse=True)
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # `5.` must not be read as `5.0`


@pytest.mark.parametrize("name", ["turtle", "trig"])
@pytest.mark.parametrize("term", TERMS, ids=lambda term: term[:40])
def test_a_term_comes_back_as_it_went(term: Term, name: str) -> None:
    text = write_all([(f"<{BASE}doc/a>", [(SUBJECT, PREDICATE, term)])], FORMATS[name], NAMES)
    [quad] = pyoxigraph.parse(text, format=getattr(pyoxigraph.RdfFormat, FORMATS[name].parser))
    [wanted] = pyoxigraph.parse(f"{SUBJECT} {PREDICATE} {term} .", format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert quad.triple == wanted.triple


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term[:40])
def test_a_term_comes_back_from_rdf_xml(term: Term) -> None:
    text = write_all([("", [(SUBJECT, PREDICATE, term)])], FORMATS["rdfxml"], NAMES)
    [found] = rdflib.Graph().parse(data=text, format="xml").objects()
    assert same(found, one(term))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term[:40])
def test_a_term_comes_back_from_json_ld(term: Term) -> None:
    text = write_all([("", [(SUBJECT, PREDICATE, term)])], FORMATS["jsonld"], NAMES)
    read = pyld.jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"})
    [found] = rdflib.Graph().parse(data=read, format="nt").objects()
    assert same(found, one(term))


def test_numbers_that_every_reader_takes_are_numbers_in_json_ld() -> None:
    for digits, number in ((14, True), (15, False), (16, False)):
        text = write_all([("", [(SUBJECT, PREDICATE, typed("1" * digits, "integer"))])], FORMATS["jsonld"], NAMES)
        [node] = json.loads(text)["@graph"]
        assert isinstance(node["value"], int) is number


def test_a_subject_is_written_once_in_rdf_xml_wherever_its_triples_are() -> None:
    others = [(f"<{BASE}id/{name}>", PREDICATE, plain(str(number))) for number, name in enumerate("abab")]
    text = write_all([("", others)], FORMATS["rdfxml"], NAMES)
    assert text.count("rdf:about=") == 2
