"""A vault with things for Wikidata, its files, and short ways to what they say."""

import csv
from pathlib import Path

import pytest
from tests.conftest import FRENCH, Ran, run, vault

BASE = "https://notes.example/"
SCHEMA = "https://schema.org/"
WD = "http://www.wikidata.org/entity/"
SETTINGS = f'{FRENCH}base = "{BASE}"\n'


def note(*lines: str, text: str = "") -> str:
    return "\n".join(["---", *lines, "---", text, ""])


NOTES = {
    "herbier.toml": SETTINGS,
    "Ada.md": note(
        "title: Ada Lovelace",
        "type: personne",
        "aliases: [Augusta Ada King, 'A|B']",
        "née: 10 décembre 1815",
        "décès: 1852-11",
        "lieu_naissance: '[[Londres]]'",
        "tags: [calcul/histoire]",
        "wikidata: Q7259",
        "viaf: 10053",
        "description: |",
        "  Elle écrit, dit-on, « le premier programme » ;",
        '  d’autres disent "non", et l’été passe.',
    ),
    "Londres.md": note("type: ville", "tags: lieu", "wikidata: https://www.wikidata.org/wiki/Q84"),
    "Mila.md": note(
        "type: organisation de recherche",
        "fondé en: 1993",
        "site web: https://mila.quebec/",
        "ror: 05c22rx21",
        "lieu: '[[Montréal]]'",
        "wikipédia: https://fr.wikipedia.org/wiki/Mila_(institut)",
        "wikidata: nouveau",
    ),
    "Attention.md": note("type: concept", "exactMatch: Q103701642", "isPartOf: '[[Modèles]]'"),
    "Modèles.md": note("type: concept", "hasPart: '[[Londres]]'"),
    "Livre.md": note("type: livre", "isbn: 9782070368228", "doi: 10.1038/nature14539", "wikidata: new"),
    "Journal.md": note("private: true", "type: personne", "wikidata: Q1", "naissance: 1900"),
}


def dump(root: Path, *words: str) -> tuple[Path, Ran]:
    out = root.parent / "out"
    return out, run("build", root, "-o", out, "--profile", "wikidata", *words)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, ran = dump(vault(tmp_path_factory.mktemp("wikidata") / "vault", NOTES))
    assert ran.code == 0, ran.err
    return folder


def table(out: Path) -> dict[str, dict[str, str]]:
    """Return things.csv by slug, as the csv module reads it."""
    with (out / "things.csv").open(encoding="utf-8", newline="") as stream:
        return {row["slug"]: row for row in csv.DictReader(stream, strict=True)}


def tabbed(text: str) -> list[dict[str, str]]:
    head, *lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert {len(line) for line in lines} <= {len(head)}
    return [dict(zip(head, line, strict=True)) for line in lines]
