"""The engines report the same, on every case and on hundreds of faulty notes, in the terms of the data."""

import os
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import SH, SKOS, URIRef
from tests.conftest import BASE, CASES, ROOT, build_notes, vault
from tests.shapes.test_shapes import CASES as NOTES
from tests.shapes.test_shapes import CODED, GRAPH, LINKED, files_of

from herbier.problems import HerbierError
from herbier.rdf.slugs import slug
from herbier.rdf.terms import RDF_TYPE, XSD, Term, Triple, datatype_of, language_of, lexical, literal, plain, typed
from herbier.shapes import EDGES, Finding, Shapes, best_engine, load_shapes

# pySHACL judges some twenty notes a second: all thousand are judged by `make soak`.
NUMBER_OF_NOTES = 1000 if os.environ.get("HERBIER_SOAK") else 400
RUST, REFERENCE = (load_shapes(profile="wikidata", engine=name) for name in ("shacl", "pyshacl"))
Note = list[Triple]


def published(root: Path, base: str = BASE) -> list[Triple]:
    quads = pyoxigraph.parse(build_notes(root, base=base).data, format=pyoxigraph.RdfFormat.N_QUADS)
    return sorted({(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads})


def found_by(shapes: Shapes, triples: list[Triple]) -> list[Finding]:
    return [*shapes.validate(triples), *shapes.validate_whole(triples)]


# --- what others wrote ----------------------------------------------------------------------------------------------


def test_the_engines_agree_on_every_case_and_on_seeds() -> None:
    roots = {"seeds": ROOT / "seeds"}
    roots |= {case.name: case / "vault" for case in sorted(CASES.iterdir()) if case.is_dir()}
    assert len(roots) > 50
    triples = [triple for name, root in roots.items() for triple in published(root, f"http://{name}.example/")]
    found = found_by(RUST, triples)
    assert found == found_by(REFERENCE, triples)
    assert len({one.shape for one in found}) > 5


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Note]]:
    """What Note.md publishes in the failing and in the passing vault of each shape."""
    folder = tmp_path_factory.mktemp("notes")
    return {
        outcome: [of_note(folder / f"{name} {outcome}", case, outcome) for name, case in NOTES.items()]
        for outcome in ("fails", "passes")
    }


def of_note(folder: Path, case: Mapping[str, str], outcome: str) -> Note:
    """Return what a vault says of Note.md, and of what it links to only the class, the name and the edges."""
    words = slug(case.get(f"{outcome}-rdf", "")).split("-")
    others = {slug(file.removesuffix(".md")) for file in LINKED} - set(words)
    away = {f"<{BASE}doc/{other}>" for other in others} | ({f"<{BASE}dataset>"} if "dataset" not in words else set())
    named = {f"<{BASE}id/{other}>" for other in others}
    kept = {RDF_TYPE, *EDGES, f"<{SKOS.prefLabel}>"}
    triples = published(vault(folder, files_of(case, outcome)))
    return [t for t in triples if t[0] not in away and (t[0] not in named or t[1] in kept)]


def moved(triples: Iterable[Triple], base: str) -> list[Triple]:
    """Return triples under another base, so that many vaults can stand in one graph."""
    return [(s.replace(BASE, base), p, o.replace(BASE, base)) for s, p, o in triples]


def test_the_engines_agree_on_the_failing_note_of_every_shape(notes: dict[str, list[Note]]) -> None:
    triples = [t for n, note in enumerate(notes["fails"]) for t in moved(note, f"http://{n}.example/")]
    found = found_by(RUST, triples)
    assert found == found_by(REFERENCE, triples)
    assert CODED - {one.shape for one in found} == set()


# --- faulty notes ---------------------------------------------------------------------------------------------------

ODD: tuple[Term, ...] = (
    plain(""),
    plain("mots"),
    plain('é\t"x"\n\\'),
    plain("x" * 100),
    literal("mots", "fr"),
    literal("words", "en-GB"),
    *(typed(text, "date") for text in ("2025-02-30", "1912-06-23", "2999-01-01", "25-1-1", "2025-03-20Z")),
    *(typed(text, "dateTime") for text in ("2025-03-20T10:00:00+0200", "2025-03-20T25:00:00Z", "1950-01-01T00:00:00Z")),
    *(typed(text, "gYear") for text in ("-0044", "9999", "1900", "19")),
    *(typed(text, "gYearMonth") for text in ("1993-13", "1993-05")),
    *(typed(text, "integer") for text in ("-5", "0", "01", "abc", "4000")),
    *(typed(text, "decimal") for text in ("1000.5", "+2.50", "-90")),
    typed("NaN", "double"),
    typed("-INF", "float"),
    typed("NaN", "decimal"),
    typed("1e3", "double"),
    typed("oui", "boolean"),
    f"<{BASE}id/absent>",
    f"<{BASE}id/lieu>",
    f"<{BASE}id/dupont>",
    "<https://www.wikidata.org/wiki/Q1>",
    "<https://schema.org/person>",
    "<https://schema.org/Person>",
    "<urn:isbn:1>",
)
Fault = Callable[[random.Random, Note], Note]


def chosen(draw: random.Random, note: Note) -> int:
    """Return which triple to spoil: one of the note's own that a shape looks at, where there is one."""
    own = [n for n, (subject, predicate, _) in enumerate(note) if subject.startswith(OWN) and predicate in LOOKED_AT]
    return draw.choice(own or range(len(note)))


OWN = tuple(f"<{BASE}{name}" for name in ("id/note", "doc/note", "tag/"))
LOOKED_AT = {f"<{path}>" for path in GRAPH.objects(None, SH.path)}


def odd(draw: random.Random) -> Term:
    return draw.choice((ODD[0], draw.choice(ODD), draw.choice(ODD), draw.choice(ODD)))


def dropped(draw: random.Random, note: Note) -> Note:
    gone = chosen(draw, note)
    return note[:gone] + note[gone + 1 :]


def doubled(draw: random.Random, note: Note) -> Note:
    subject, predicate, _ = note[chosen(draw, note)]
    return [*note, (subject, predicate, odd(draw))]


def retyped(draw: random.Random, note: Note) -> Note:
    changed = chosen(draw, note)
    subject, predicate, value = note[changed]
    other = draw.choice(
        (odd(draw), plain(lexical(value)), typed(lexical(value), draw.choice(("date", "integer", "gYear"))))
    )
    return [*note[:changed], (subject, predicate, other), *note[changed + 1 :]]


def relabelled(draw: random.Random, note: Note) -> Note:
    texts = [triple for triple in note if language_of(triple[2])] or note
    subject, predicate, value = texts[chosen(draw, texts)]
    return [*note, (subject, predicate, literal(lexical(value)[: draw.randrange(9)], draw.choice(("fr", "en", ""))))]


def turned(draw: random.Random, note: Note) -> Note:
    """Exchange the dates of a note, or have it say of itself what it says of another."""
    dates = [triple for triple in note if datatype_of(triple[2]).removeprefix(XSD) in ("date", "gYear", "gYearMonth")]
    if len(dates) > 1:
        one, other = draw.sample(dates, 2)
        return [*(t for t in note if t not in (one, other)), (*one[:2], other[2]), (*other[:2], one[2])]
    subject, predicate, value = note[chosen(draw, note)]
    return [*note, (subject, predicate, subject if value.startswith("<") else value)]


FAULTS: tuple[Fault, ...] = (dropped, doubled, retyped, relabelled, turned)


def faulty(given: list[Note], seed: int) -> list[Triple]:
    draw = random.Random(seed)
    triples: list[Triple] = []
    for number in range(NUMBER_OF_NOTES):
        note = given[number % len(given)]
        for fault in draw.choices(FAULTS, k=draw.randint(1, 3)):
            note = fault(draw, note)
        triples += moved(note, f"http://{number}.example/")
    return triples


def components_used() -> set[Term]:
    """Return the components of all constraints that a note keeper's note can break (SHACL, section 4)."""
    sh = str(SH)
    parameters = {parameter for shape in CODED for parameter in GRAPH.predicates(URIRef(lexical(shape)))}
    names = {str(parameter).removeprefix(sh) for parameter in parameters if str(parameter).startswith(sh)}
    names -= {"path", "severity", "message", "targetClass", "qualifiedValueShape"}
    names = {"SPARQL" if name == "sparql" else f"{name[0].upper()}{name[1:]}" for name in names}
    return {f"<{sh}{name}ConstraintComponent>" for name in names}


def test_the_engines_agree_on_hundreds_of_faulty_notes(notes: dict[str, list[Note]]) -> None:
    triples = faulty([*notes["passes"], *notes["fails"]], 20250320)
    found = found_by(RUST, triples)
    assert found == found_by(REFERENCE, triples)
    hosts = {one.focus.partition(".example/")[0] for one in found if RUST.rules[one.shape].severity != "info"}
    assert len(hosts) > NUMBER_OF_NOTES / 2
    assert components_used() - {one.component for one in found} == set()
    assert len(components_used()) >= 15


# --- one engine or the other ----------------------------------------------------------------------------------------


def test_the_fastest_engine_that_is_there_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert best_engine() == load_shapes().engine == "shacl"
    assert best_engine("pyshacl") == "pyshacl"
    monkeypatch.setitem(sys.modules, "shacl", None)  # as if it were not there: it cannot be imported
    assert load_shapes().engine == "pyshacl"
    with pytest.raises(HerbierError, match="the engine shacl is not installed: pip install shacl"):
        load_shapes(engine="shacl")


def test_an_engine_and_a_profile_that_are_not_known_are_told() -> None:
    with pytest.raises(HerbierError, match="unknown engine 'jena': known are shacl, pyshacl"):
        load_shapes(engine="jena")
    with pytest.raises(HerbierError, match="unknown profile 'dbpedia': known are wikidata"):
        load_shapes(profile="dbpedia")


# --- in the terms of the data ---------------------------------------------------------------------------------------

TERMS = st.one_of(
    st.builds(plain, st.text(st.characters(codec="utf-8"))),
    st.builds(literal, st.text(max_size=9), st.sampled_from(("fr", "fr-CA", "EN", "en-gb"))),
    st.builds(typed, st.sampled_from(("01", "1", "+1.50", "2025-02-30", "é\t")), st.sampled_from(("integer", "date"))),
    st.sampled_from(("<http://e.example/é%20>", "<urn:x>")),
)


@pytest.mark.parametrize("shapes", [RUST, REFERENCE], ids=lambda shapes: shapes.engine)
def test_a_finding_is_in_the_terms_of_the_data(shapes: Shapes) -> None:
    @given(st.lists(TERMS, min_size=1, max_size=5), st.randoms(use_true_random=False))
    @settings(max_examples=60)
    def check(terms: list[Term], draw: random.Random) -> None:
        about = "<https://schema.org/email>"
        subject = "<http://e.example/id/é>"
        note = ("<http://e.example/doc/é>", "<https://schema.org/mainEntity>", subject)
        triples: list[Triple] = [note, *((subject, about, term) for term in terms)]
        found = shapes.validate(triples)
        assert found == sorted(set(found))
        assert {one.value for one in found if one.path == about} <= set(terms)
        assert {one.focus for one in found} == {subject}
        draw.shuffle(triples)
        assert shapes.validate(triples) == found

    check()
