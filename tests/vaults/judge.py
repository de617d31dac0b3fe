"""How well a vault of `tests/vaults/` is understood: what its build says, held against what a cataloguer would write.

`python -m tests.vaults.judge --table` prints a row a vault; `--write NAME` writes the Turtle of one anew from its
build, to be read and put right by hand.
"""

import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize
from tests.conftest import build_notes, run

from herbier.rules.schema_org import schema_org

HERE = Path(__file__).parent
BASE = "https://commons.example/"
VAULTS = sorted(folder.name for folder in HERE.iterdir() if (folder / "notes").is_dir())
PREFIXES = {
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_THING = "https://schema.org/Thing"
_NAMES = ("https://schema.org/name", "http://www.w3.org/2000/01/rdf-schema#label", "https://schema.org/subjectOf",
          "http://www.w3.org/2004/02/skos/core#prefLabel")  # fmt: skip


class Fact(NamedTuple):
    """A fact on a thing, as text: its subject, its predicate, and what it leads to, without a language."""

    subject: str
    predicate: str
    value: str


class Score(NamedTuple):
    """The score of a vault: shares of what is expected and said, and what is said but not expected."""

    classes: float
    facts: float
    precision: float
    wrong_classes: list[Fact]
    wrong: list[Fact]
    missing: list[Fact]


def copied(name: str, folder: Path) -> Path:
    """Return a copy of a vault's notes, which may be written to."""
    return Path(shutil.copytree(HERE / name / "notes", folder / name))


def learn(root: Path) -> None:
    """Have a vault learn what is sure."""
    assert run("learn", root, "--yes", "--write").code == 0


def said(root: Path) -> Store:
    """Return all that a vault says."""
    store = Store()
    store.load(build_notes(root).data, format=RdfFormat.N_QUADS)
    return store


def facts_of(triples: "Iterator[Quad | Triple]") -> set[Fact]:
    """Return the facts on things, but for their names."""
    found = set()
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, NamedNode) or not subject.value.startswith(f"{BASE}id/"):
            continue
        if predicate.value in _NAMES:
            continue
        if predicate.value == _TYPE and str(value) == f"<{_THING}>":
            continue  # of what no class is known
        text = value.value if isinstance(value, Literal | NamedNode) else str(value)
        found.add(Fact(subject.value.removeprefix(BASE), predicate.value, text.removeprefix(BASE)))
    return found


def expected(name: str) -> set[Fact]:
    """Return what a cataloguer would say of the things of a vault."""
    data = (HERE / name / "expected.ttl").read_bytes()
    facts = facts_of(iter(parse(data, format=RdfFormat.TURTLE, base_iri=BASE)))
    return {fact for fact in facts if not fact.predicate.startswith(f"{BASE}key/")}


def judge(name: str, root: Path) -> Score:
    """Hold what a vault says against what is expected."""
    wanted, found = expected(name), facts_of(iter(said(root)))
    wanted_classes = {fact for fact in wanted if fact.predicate == _TYPE and "#" not in fact.subject}
    things = {fact.subject for fact in wanted_classes}
    typed = {subject for subject in things if _classes(found, subject) & _classes(wanted, subject)}
    kept = {fact for fact in found if fact.predicate.startswith(f"{BASE}key/")}
    wrong = found - wanted - kept
    wrong_classes = [fact for fact in wrong if fact.predicate == _TYPE and not _is_wider(fact, wanted)]
    return Score(
        len(typed) / max(len(things), 1),
        len(found & wanted) / max(len(wanted), 1),
        1 - len(wrong) / max(len(found - kept), 1),
        sorted(wrong_classes),
        sorted(wrong),
        sorted(wanted - found),
    )


def _classes(facts: set[Fact], subject: str) -> set[str]:
    return {fact.value for fact in facts if fact.subject == subject and fact.predicate == _TYPE}


def _is_wider(fact: Fact, wanted: set[Fact]) -> bool:
    """Return whether a class is above one that is expected: less is said, but nothing wrong."""
    above = {term for value in _classes(wanted, fact.subject) for term in schema_org().all_classes((f"<{value}>",))}
    return f"<{fact.value}>" in above


class Question(NamedTuple):
    """A question that the keeper of a vault would ask, in SPARQL, with its answers in order."""

    asks: str
    sparql: str
    answers: list[str]


def questions(name: str) -> list[Question]:
    """Return what the keeper of a vault would ask."""
    rows = tomllib.loads((HERE / name / "questions.toml").read_text("utf-8"))["question"]
    return [Question(row["asks"], row["sparql"], sorted(row["answers"])) for row in rows]


def answers(store: Store, sparql: str) -> list[str]:
    """Return the answers to a question, as text, in order."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    rows = store.query(head + sparql, base_iri=BASE, use_default_graph_as_union=True)
    return sorted({str(row[0].value) for row in rows})  # type: ignore[union-attr]


def judged_twice(name: str) -> tuple[Score, Score, float]:
    """Return the scores of a vault as it comes and once it has learnt, and the share of questions then answered."""
    with tempfile.TemporaryDirectory() as folder:
        root = copied(name, Path(folder))
        before = judge(name, root)
        learn(root)
        store = said(root)
        asked = [q.answers == answers(store, q.sparql) for q in questions(name)]
        return before, judge(name, root), sum(asked) / len(asked)


def main() -> None:
    """Print the table, or write what is said of a vault once it has learnt."""
    for name in sys.argv[2:] or VAULTS:
        if sys.argv[1:2] == ["--write"]:
            _write_expected(name)
            continue
        before, after, answered = judged_twice(name)
        print(  # noqa: T201
            f"{name:24} classes {before.classes:.0%} > {after.classes:.0%}  facts {before.facts:.0%} > "
            f"{after.facts:.0%}  precision {after.precision:.1%}  questions {answered:.0%}"
        )


def _write_expected(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = copied(name, Path(folder))
        learn(root)
        kept = [
            Triple(q.subject, q.predicate, q.object)
            for q in said(root)
            if "/key/" not in q.predicate.value and facts_of(iter([q]))
        ]
    text = serialize(sorted(kept, key=str), format=RdfFormat.TURTLE, prefixes={**PREFIXES, "id": f"{BASE}id/"})
    assert text is not None
    (HERE / name / "expected.ttl").write_bytes(text)


if __name__ == "__main__":
    main()
