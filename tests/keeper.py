"""A keeper of notes, who changes a vault in all the ways that change what is wrong in other notes."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from tests.conftest import BASE, FRENCH

from herbier.checking.check import check
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import read_snapshot
from herbier.problems import Problem
from herbier.shapes import load_shapes

NO_PARTS = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<x:NoParts> a sh:NodeShape ; sh:targetSubjectsOf dcterms:isPartOf ; sh:property <x:no-parts> .
<x:no-parts> sh:path dcterms:isPartOf ; sh:maxCount 0 ; sh:message "no parts"@en .
"""
CYCLES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<x:Part> a sh:NodeShape ; sh:targetSubjectsOf dcterms:isPartOf ; sh:property <x:one-part> .
<x:one-part> sh:path dcterms:isPartOf ; sh:maxCount 1 ; sh:message "one part"@en .
"""


class Keeper:
    """Changes a vault in all the ways that change what is wrong in other notes."""

    def __init__(self, root: Path, random: Random) -> None:
        self.root = root
        self.random = random
        self.clock = time.time_ns() - 10**12
        self.names = [f"n{number}" for number in range(12)]
        self.write("plus.ttl", "")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        self.clock += 10**9
        os.utime(file, ns=(self.clock, self.clock))

    def name(self) -> str:
        return self.random.choice([*self.names, "titre", "alias", "image.png"])

    def text(self) -> str:
        pick = self.random.choice
        lines = ["---"]
        lines += pick([[], ["title: Titre"], [f"title: {self.name()}"]])
        lines += pick([[], [f"aliases: [{self.name()}, Alias]"]])
        lines += pick(
            [[], ["type: concept"], ["type: personne"], [f"type: '[[{self.name()}]]'"], ["type: organisation"]]
        )
        for key in ("isPartOf", "hasPart", "subClassOf", "fondateur", "relatedTo"):
            lines += pick([[], [], [f"{key}: '[[{self.name()}]]'"], [f"{key}: {self.name()}"]])
        lines += pick([[], [], ["private: true"], ["slug: titre"], ["tags: [a/b, C]"], ["naissance: 2000\nmort: 1990"]])
        lines += pick([[], [], [], ["wikidata: Q1"], ["inconnue: x"], ["herbier-ignore: [dangling-link]"]])
        lines += ["---", f"## {pick(['Un', 'Deux'])}", f"[[{self.name()}]] [[{self.name()}#Un]] ![[{self.name()}]]"]
        return "\n".join(lines)

    def triple(self) -> str:
        """Return something that an included file says of a note, one that is not written among them."""
        other = f"<{BASE}id/{self.name()}>"
        founder, part = "<https://schema.org/founder>", "<http://purl.org/dc/terms/isPartOf>"
        person, email = "a <https://schema.org/Person>", "<https://schema.org/email> 'x'"
        said = (person, email, f"{founder} {other}", f"{part} {other}")
        return f"<{BASE}id/{self.name()}> {self.random.choice(said)} .\n"

    def change(self) -> None:
        files = sorted(self.root.rglob("n*.md"))
        kind = self.random.randrange(7)
        if kind < 3 or not files:
            self.write(f"{self.random.choice(['', 'x/'])}{self.random.choice(self.names)}.md", self.text())
        elif kind == 3:
            self.random.choice(files).unlink()
        elif kind == 4:
            image = self.root / "image.png"
            image.unlink() if image.exists() else image.write_bytes(b"x")
        elif kind == 5:
            self.write("plus.ttl", "".join(self.triple() for _ in range(self.random.randrange(5))))
        else:
            file = self.random.choice(files)
            self.write(file.relative_to(self.root).as_posix(), file.read_text("utf-8") + "\nEt plus.")

    def upset(self, cache: Path) -> None:
        """Change more than notes: settings, shapes, what is ignored, the names of files, and the cache itself."""
        settings = (f'{FRENCH}include = ["plus.ttl"]\n', 'language = "en"\n', f'{FRENCH}publish = "marked"\n')
        ways = (
            lambda: self.rename(),
            lambda: self.write("herbier.toml", self.random.choice(settings)),
            lambda: self.write("shapes/x.ttl", self.random.choice(["", NO_PARTS])),
            lambda: self.write("shapes/cycles.ttl", self.random.choice(["", CYCLES])),
            lambda: self.write(
                ".herbierignore", self.random.choice(["", "x/\n", f"{self.random.choice(self.names)}.md\n"])
            ),
            lambda: self.write("herbier.ledger", "") if not (self.root / "herbier.ledger").exists() else None,
            lambda: read_snapshot(open_vault(self.root)),
            lambda: self.damage(cache),
        )
        self.random.choice(ways)()

    def rename(self) -> None:
        """Give a file another name, or put it into another folder."""
        files = sorted(self.root.rglob("n*.md"))
        if not files:
            return
        file = self.random.choice(files)
        other = self.root / self.random.choice(["", "x/", "y/"]) / f"{self.random.choice(self.names)}.md"
        other.parent.mkdir(exist_ok=True)
        file.rename(other)

    def damage(self, cache: Path) -> None:
        """Do to the cache what time, disks and other versions do."""
        for file in (cache / "herbier").glob("*.sqlite"):
            data = file.read_bytes()
            ways = (
                lambda: file.write_bytes(data[: self.random.randrange(len(data))]),  # noqa: B023
                lambda: file.write_bytes(self.random.randbytes(5000)),  # noqa: B023
                lambda: file.write_bytes(data[:8192] + self.random.randbytes(4096) + data[12288:]),  # noqa: B023
                lambda: spoil(file, "ALTER TABLE notes ADD COLUMN shared TEXT"),  # noqa: B023
                lambda: spoil(file, "DROP TABLE said"),  # noqa: B023
                lambda: spoil(file, "DELETE FROM outcomes WHERE path LIKE '%1%'"),  # noqa: B023
                lambda: spoil(file, "UPDATE outcomes SET shared = '[' || shared"),  # noqa: B023
                lambda: spoil(file, "UPDATE notes SET told = 'x' WHERE told <> ''"),  # noqa: B023
                lambda: spoil(file, "UPDATE conditions SET value = '{}' WHERE part = 'sums'"),  # noqa: B023
                lambda: spoil(file, "DELETE FROM conditions WHERE part = 'vault'"),  # noqa: B023
            )
            self.random.choice(ways)()


def spoil(file: Path, statement: str) -> None:
    """Change a database behind the back of whose it is."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def problems(root: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> tuple[list[Problem], tuple[object, ...]]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    built = check(open_vault(root), load_shapes(root))
    return built.problems, (*built.counts[:3], built.counts.listed)
