"""The shapes hold for what is published, each looks at something there, each finds its own fault and no other."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from tests.conftest import BASE, FRENCH, ROOT, build_notes, vault

from herbier.data_folders import data_folder
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Triple
from herbier.rules.rule_files import load_rules
from herbier.shapes import Shapes, load_shapes, shape_profiles

HS = "https://w3id.org/herbier/shapes#"
CASES = {
    name: case
    for file in sorted((ROOT / "tests" / "shapes").glob("*.toml"))
    for name, case in tomllib.loads(file.read_text("utf-8")).items()
}
# What Note.md may link to: one note of each kind, and one whose type is a note.
LINKED = {
    "Lieu.md": "---\ntype: ville\n---\n",
    "Dupont.md": "---\ntype: personne\n---\n",
    "Institut.md": "---\ntype: institut\n---\n",
    "Livre.md": "---\ntype: livre\n---\n",
    "Idée.md": "---\ntype: concept\n---\n",
    "Réunion.md": "---\ntype: réunion\n---\n",
    "Sorte.md": "---\ntype: '[[Une sorte de personne]]'\n---\n",
}
PREFIXES = f"@base <{BASE}> .\n" + "".join(
    f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in load_rules().prefixes.items()
)
TARGETS = (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf)
INNER = (SH.node, SH["not"], SH.qualifiedValueShape)
SHAPES = load_shapes(profile="wikidata")
CODED = {name for name, rule in SHAPES.rules.items() if rule.code != "shape"}
GRAPH = Graph().parse(data=SHAPES.text + SHAPES.text_of_whole, format="nt")


def files_of(case: Mapping[str, str], outcome: str) -> dict[str, str]:
    """Return the files of a vault that breaks a shape, or of one that does not."""
    note = case.get(outcome, "type: concept")
    body = "" if f"{outcome}-settings" in case else "## Une section\n\nUn mot.\n"
    note = note if note.startswith("---") else f"---\n{note.strip()}\n---\n{body}"
    files = {**LINKED, "Note.md": note, "herbier.toml": case.get(f"{outcome}-settings", FRENCH)}
    if turtle := case.get(f"{outcome}-rdf"):
        files |= {"plus.ttl": PREFIXES + turtle, "herbier.toml": f'{FRENCH}include = ["plus.ttl"]\n'}
    return files


def published(root: Path) -> list[Triple]:
    quads = pyoxigraph.parse(build_notes(root).data, format=pyoxigraph.RdfFormat.N_QUADS)
    return sorted({(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads})


def broken(shapes: Shapes, triples: list[Triple]) -> set[str]:
    """Return the local names of the shapes that data breaks; of what Wikidata lacks only what Note.md does."""
    return {
        local(found.shape)
        for found in (*shapes.validate(triples), *shapes.validate_whole(triples))
        if not local(found.shape).startswith("wikidata-") or found.focus == f"<{BASE}doc/note>"
    }


def local(shape: str | Node) -> str:
    return str(shape).strip("<>").removeprefix(HS)


# --- the shapes themselves ------------------------------------------------------------------------------------------


def test_the_shapes_are_shapes() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=GRAPH, meta_shacl=True)
    assert conforms, text


def test_every_shape_has_an_iri_of_herbier() -> None:
    kinds = (SH.NodeShape, SH.PropertyShape)
    found = {shape for kind in kinds for shape in GRAPH.subjects(RDF.type, kind)}
    found |= set(GRAPH.objects(None, SH.property))
    assert len(found) > 150
    assert [shape for shape in found if not (isinstance(shape, URIRef) and shape.startswith(HS))] == []


def test_every_shape_that_can_be_broken_says_so_in_both_languages() -> None:
    assert len(CODED) > 100
    for shape in CODED:
        rule = SHAPES.rules[shape]
        assert sorted(rule.messages) == ["en", "fr"], shape
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.code), shape
        assert sorted(rule.keys) == ["en", "fr"], shape
        assert len(rule.keys["en"]) == len(rule.keys["fr"]) > 0, shape
        assert (rule.severity == "info") == local(shape).startswith("wikidata-"), shape


def test_messages_are_for_note_keepers() -> None:
    words = re.compile(r"\b(iri|uri|sh:|rdf|xsd|shacl|predicate|prédicat|literal|littéral|node|nœud|class)\b", re.I)
    for shape in CODED:
        for language, text in SHAPES.rules[shape].messages.items():
            assert not words.search(text), text
            assert text[-1] in ".…", text
            assert text[0].isupper(), text
            if language == "fr":
                assert "'" not in text, text
                assert not re.search(r"[ \w][?;!]|[ \w]:(?!//|P)", text), f"no unbreakable blank: {text}"


def test_every_key_that_would_mend_a_fault_is_known() -> None:
    known = {name: {rule.name for rule in rules} for name, rules in load_rules().keys.items()}
    for shape in CODED:
        for pair in zip(*SHAPES.rules[shape].keys.values(), strict=True):
            one, other = (known.get(plain_name(key), set()) for key in pair)
            assert one & other, f"{shape}: {pair} are not one key in two languages"


def test_every_rule_has_its_file_and_line() -> None:
    for shape, rule in SHAPES.rules.items():
        path = data_folder("shapes") / rule.source.file.removeprefix("shapes/")
        line = path.read_text("utf-8").splitlines()[rule.source.line - 1]
        assert line.startswith(f"hs:{local(shape)} a sh:"), shape


def test_the_shapes_that_ask_something_of_a_part_see_no_cycle() -> None:
    assert {local(shape) for shape in CODED} >= {"class-cycle", "part-cycle"}
    assert "-cycle>" not in SHAPES.text
    assert "thing-name" not in SHAPES.text_of_whole


# --- a failing and a passing note each ------------------------------------------------------------------------------


def test_every_shape_that_can_be_broken_has_a_failing_and_a_passing_note() -> None:
    assert {local(shape) for shape in CODED} == CASES.keys()
    for name, case in CASES.items():
        assert {"fails", "fails-rdf"} & case.keys(), name
        assert {"passes", "passes-rdf"} & case.keys(), name


@pytest.mark.parametrize("name", CASES)
def test_a_fault_breaks_its_shape_and_no_other(name: str, tmp_path: Path) -> None:
    triples = published(vault(tmp_path, files_of(CASES[name], "fails")))
    shapes = SHAPES if name.startswith("wikidata-") else load_shapes()
    assert broken(shapes, triples) == {name, *CASES[name].get("also", ())}


@pytest.mark.parametrize("name", CASES)
def test_a_good_note_breaks_nothing_and_is_looked_at(name: str, tmp_path: Path) -> None:
    triples = published(vault(tmp_path, files_of(CASES[name], "passes")))
    assert broken(load_shapes(), triples) == set()
    assert name not in broken(SHAPES, triples)
    assert URIRef(HS + name) in looked_at(as_graph(triples))


# --- focus nodes ----------------------------------------------------------------------------------------------------


def as_graph(triples: list[Triple]) -> Graph:
    return Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt")


def looked_at(data: Graph) -> set[Node]:
    """Return the shapes that have focus nodes (SHACL, section 3.2), following the shapes that they lead to."""
    found: dict[Node, set[Node]] = {}

    def look(shape: Node, nodes: set[Node]) -> None:
        if not nodes or nodes <= found.get(shape, set()):
            return
        found.setdefault(shape, set()).update(nodes)
        path = GRAPH.value(shape, SH.path)
        values = {value for node in nodes for value in data.objects(node, path)} if isinstance(path, URIRef) else nodes
        for inner in GRAPH.objects(shape, SH.property):
            look(inner, values)
        for inner in (*(inner for by in INNER for inner in GRAPH.objects(shape, by)), *members(shape)):
            look(inner, values)

    for shape in sorted({shape for target in TARGETS for shape in GRAPH.subjects(target, None)}, key=str):
        look(shape, set(targets(shape, data)))
    return set(found)


def targets(shape: Node, data: Graph) -> Iterator[Node]:
    for wanted in GRAPH.objects(shape, SH.targetClass):
        yield from data.subjects(RDF.type, wanted)
    for predicate in GRAPH.objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, predicate)
    for predicate in GRAPH.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(predicate, None)


def members(shape: Node) -> Iterator[Node]:
    for alternatives in GRAPH.objects(shape, SH["or"]):
        yield from Collection(GRAPH, alternatives)


def test_every_shape_looks_at_something_in_seeds() -> None:
    found = looked_at(as_graph(published(ROOT / "seeds")))
    targeted = {shape for target in TARGETS for shape in GRAPH.subjects(target, None)}
    assert len(targeted) > 25
    assert {local(shape) for shape in targeted - found} == set()


def test_what_seeds_publishes_conforms() -> None:
    triples = published(ROOT / "seeds")
    assert load_shapes().validate(triples) == []
    assert SHAPES.validate_whole(triples) == []


def test_the_profile_says_what_notes_of_seeds_lack() -> None:
    found = SHAPES.validate(published(ROOT / "seeds"))
    assert {local(one.shape) for one in found} == {"wikidata-clue"}
    assert f"<{BASE}doc/alan-turing>" not in {one.focus for one in found}
    assert f"<{BASE}doc/perceptron>" in {one.focus for one in found}


# --- the profiles, the messages and the keys --------------------------------------------------------------------------


def test_a_profile_adds_to_the_shapes() -> None:
    assert shape_profiles() == ("wikidata",)
    assert "wikidata-clue" not in {local(shape) for shape in load_shapes().rules}


def test_a_message_is_in_the_language_asked_for_else_in_english() -> None:
    rule = SHAPES.rules[f"<{HS}person-dates-order>"]
    assert rule.message("fr") == "La date de décès précède la date de naissance."
    assert rule.message("de") == rule.message("en") == "The date of death is before the date of birth."
    assert Literal(rule.message("fr"), lang="fr") in set(GRAPH.objects(URIRef(HS + "person-dates-order"), SH.message))


def test_keys_are_in_the_language_asked_for_else_in_english() -> None:
    rule = SHAPES.rules[f"<{HS}person-dates-order>"]
    assert rule.keys_in("fr") == ("date de décès", "date de naissance")
    assert rule.keys_in("de") == rule.keys_in("en") == ("death date", "birth date")
    own = rule._replace(keys={"": ("pays",), "en": ("country",)})
    assert (own.keys_in("fr"), own.keys_in("en")) == (("pays",), ("country", "pays"))
    assert rule._replace(keys={"fr": ("pays",)}).keys_in("en") == ("pays",)
    assert rule._replace(keys={}).keys_in("en") == ()
