"""`herbier check`: shapes told by line, what is accepted, and what is kept from the last time."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import BASE, FRENCH, run, vault

from herbier.build import open_vault
from herbier.checking.check import check
from herbier.problems import Problem
from herbier.shapes import load_shapes

LIFE = """---
type: personne
naissance: 1852
mort: 1815
fondateur: '[[Paris]]'
---
## Généralité

Ada.
"""


def told(root: Path, *arguments: str) -> list[str]:
    ran = run("check", root, "--format", "json", *arguments)
    return [f"{p['path']}:{p['line']}:{p['column']}: {p['severity']} {p['code']}" for p in json.loads(ran.out)]


@pytest.mark.parametrize(
    ("born", "died", "reversed_"),
    [
        ("-100", "-44", False),
        ("-44", "-100", True),
        ("-0044-03-15", "-44", False),
        ("-0044-03-15", "-0044-02", True),
        ("-44", "0014", False),
        ("0014", "-44", True),
        ("1912-06-23", "1912-06", False),
        ("1912-06-23", "1912-05-24", True),
    ],
)
def test_dates_before_our_era_have_an_order_too(born: str, died: str, reversed_: bool, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"---\ntype: personne\nné: {born}\nmort: {died}\n---\n", "herbier.toml": FRENCH})
    assert told(root) == (["a.md:4:7: error reversed-dates"] if reversed_ else [])


def test_what_a_shape_finds_is_told_where_it_is_written(tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ada.md": LIFE, "Paris.md": "---\ntype: lieu\n---\n", "herbier.toml": FRENCH})
    assert told(root) == ["Ada.md:4:7: error reversed-dates"]
    ran = run("check", root, "--lang", "fr")
    assert ran.code == 1
    assert ran.out == (
        "Ada.md:4:7: erreur\u202f: La date de décès précède la date de naissance. [reversed-dates]\n"
        "    4 | mort: 1815\n"
        "      |       ^^^^\n"
        "    conseil\u202f: clé\u202f: mort, naissance\n"
    )


def test_a_key_that_is_missing_is_named_in_the_language_asked_for(tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ici.md": "---\ntype: personne\n---\n", "herbier.toml": FRENCH})
    hints = {
        language: [
            found["hint"]
            for found in json.loads(run("check", root, "--format", "json", *arguments).out)
            if found["code"].startswith("lacks-")
        ]
        for language, arguments in {
            "en": ("--lang", "en", "--profile", "wikidata"),
            "fr": ("--lang", "fr", "--profile", "wikidata"),
        }.items()
    }
    assert hints["en"] == [
        "add one of these keys: birth date, founding date, place, identifier, website, wikidata",
        "add the key description",
    ]
    assert hints["fr"] == [
        "ajoutez l’une de ces clés\u202f: date de naissance, date de fondation, lieu, identifiant, site web, wikidata",
        "ajoutez la clé description",
    ]


def test_what_is_missing_is_told_where_a_note_says_what_asks_for_it(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "---\ntype: lieu\nlatitude: 48,85\n---\n", "herbier.toml": FRENCH})
    [found] = json.loads(run("check", root, "--format", "json").out)
    assert (found["code"], found["line"], found["column"]) == ("missing-coordinate", 3, 11)
    assert found["hint"] == "add the key longitude"


def test_the_class_of_what_a_link_leads_to_counts(tmp_path: Path) -> None:
    files = {"O.md": "---\ntype: organisation\nfondateur: '[[Paris]]'\n---\n", "Paris.md": "---\ntype: lieu\n---\n"}
    root = vault(tmp_path, {**files, "herbier.toml": FRENCH})
    assert told(root) == ["O.md:3:12: warning wrong-kind"]
    (root / "Paris.md").write_text("---\ntype: personne\n---\n")
    assert told(root) == []


def test_a_circle_of_notes_is_told_at_its_links(tmp_path: Path) -> None:
    notes = {f"{a}.md": f"---\nisPartOf: '[[{b}]]'\n---\n" for a, b in ("AB", "BC", "CA")}
    assert told(vault(tmp_path, {**notes, "herbier.toml": FRENCH})) == [
        "A.md:2:11: error link-cycle",
        "B.md:2:11: error link-cycle",
        "C.md:2:11: error link-cycle",
    ]


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_both_engines_tell_the_same(engine: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ada.md": LIFE, "Paris.md": "---\ntype: lieu\n---\n", "herbier.toml": FRENCH})
    assert told(root, "--engine", engine) == ["Ada.md:4:7: error reversed-dates"]


def test_the_language_is_that_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path, {"Ada.md": LIFE, "herbier.toml": FRENCH})
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    for language, words in (("fr_CA.UTF-8", "précède"), ("en_GB.UTF-8", "before"), ("C", "before")):
        monkeypatch.setenv("LANG", language)
        assert words in run("check", root).out


def test_check_says_once_where_to_learn_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path, {"a.md": "[[rien]] [[rien]]\n", "herbier.toml": FRENCH})
    assert "to know more: herbier help dangling-link\n" in run("check", root).err
    (root / "b.md").write_text("---\ncouleur: bleu\n---\n[[rien]]", "utf-8")
    told = run("check", root, "--lang", "fr").err
    command = "pour en savoir plus\u202f: herbier help CODE --lang fr"
    more = f"{command}, où CODE est l’un de dangling-link (3), unknown-key (1)\n"
    assert told.count(more) == 1
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert more.replace(" --lang fr", "") in run("check", root).err
    assert "know more" not in run("check", root, "--format", "json").err
    (root / "b.md").write_text("", "utf-8")
    (root / "a.md").write_text("", "utf-8")
    assert "help" not in run("check", root).err


# --- what is accepted -----------------------------------------------------------------------------------------------


def test_a_note_accepts_a_problem(tmp_path: Path) -> None:
    accepts = LIFE.replace("---\ntype", "---\nherbier-ignore: [reversed-dates]\ntype", 1)
    root = vault(tmp_path, {"Ada.md": accepts, "Bob.md": LIFE, "Paris.md": "", "herbier.toml": FRENCH})
    assert told(root) == ["Bob.md:4:7: error reversed-dates"]
    assert "1 accepted" in run("check", root).err
    assert run("check", root / "Ada.md").code == 0


def test_a_vault_accepts_a_problem(tmp_path: Path) -> None:
    settings = f'{FRENCH}[check]\nignore = ["reversed-dates", "dangling-link"]\n'
    root = vault(tmp_path, {"Ada.md": LIFE, "b.md": "[[rien]]", "herbier.toml": settings})
    assert told(root) == []
    assert run("build", root, "-o", tmp_path / "x.ttl", "--base", "https://example.org/").code == 0


def test_a_code_that_is_none_is_told(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "---\nherbier-ignore: dangling-links\n---\n", "herbier.toml": FRENCH})
    (found,) = json.loads(run("check", root, "--format", "json").out)
    assert (found["code"], found["line"], found["hint"]) == ("bad-value", 2, "did you mean 'dangling-link'?")


# --- for programs ---------------------------------------------------------------------------------------------------


def test_strict_counts_warnings(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "[[rien]]", "herbier.toml": FRENCH})
    assert run("check", root).code == 0
    assert run("check", root, "--strict").code == 1


def test_a_shape_of_the_vault_that_is_broken_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = {"shapes/x.ttl": "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<a:b> sh:path", "herbier.toml": FRENCH}
    root = vault(tmp_path, {"Ada.md": LIFE, **files})
    assert [place for place in told(root) if "shape" in place] == ["shapes/x.ttl:2:14: error bad-shape"]
    assert "Ada.md:4:7: error reversed-dates" in told(root)


def test_a_vault_without_notes_says_so(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    ran = run("check", tmp_path / "v")
    assert ran.code == 0
    assert "no notes" in ran.err


# --- watching -------------------------------------------------------------------------------------------------------


def test_watch_checks_again_when_a_note_changes(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "[[rien]]\n", "herbier.toml": FRENCH})
    command = [sys.executable, "-m", "herbier", "check", str(root), "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        try:
            seen = _until(process, "waiting for changes")
            assert "no note is called 'rien'" in seen
            (root / "a.md").write_text("[[autre]]\n")
            assert "no note is called 'autre'" in _until(process, "waiting for changes")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(10)


def _until(process: subprocess.Popen[str], end: str) -> str:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if end in line:
            break
    return "".join(lines)


# --- what is kept from the last time --------------------------------------------------------------------------------


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


def problems(root: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> tuple[list[Problem], tuple[object, ...]]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    built = check(open_vault(root), load_shapes(root))
    return built.problems, (*built.summary[:3], built.summary.listed)


NO_PARTS = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<x:NoParts> a sh:NodeShape ; sh:targetSubjectsOf dcterms:isPartOf ; sh:property <x:no-parts> .
<x:no-parts> sh:path dcterms:isPartOf ; sh:maxCount 0 ; sh:message "no parts"@en .
"""


FOUNDERS = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
<x:Founders> a sh:NodeShape ; sh:targetSubjectsOf schema:founder ; sh:property <x:founder> .
<x:founder> sh:path schema:founder ; sh:class schema:Person ; sh:message "no person"@en .
"""


@pytest.mark.parametrize(
    ("files", "changed", "text"),
    [
        # what X is makes A what it is, and so whether A can be a founder
        (
            {
                "O.md": "---\ntype: organisation\nfondateur: '[[A]]'\n---\n",
                "A.md": "---\ntype: '[[X]]'\n---\n",
                "shapes/x.ttl": FOUNDERS,
            },
            "X.md",
            ("---\ntype: personne\n---\n", "---\ntype: lieu\n---\n"),
        ),
        # and by way of another
        (
            {
                "O.md": "---\ntype: organisation\nfondateur: '[[A]]'\n---\n",
                "A.md": "---\ntype: '[[Y|un Y]]'\n---\n",
                "Y.md": "---\ntype: ['[[X]]']\n---\n",
                "shapes/x.ttl": FOUNDERS,
            },
            "X.md",
            ("---\ntype: personne\n---\n", "---\ntype: lieu\n---\n"),
        ),
        # what A says of B
        ({"B.md": "B", "shapes/x.ttl": NO_PARTS}, "A.md", ("---\nhasPart: '[[B]]'\n---\n", "A")),
        # a note that a concept names becomes a concept, for others too
        ({"O.md": "[[S]]", "C.md": "---\nsubClassOf: '[[S]]'\n---\n"}, "A.md", ("---\ntype: '[[S]]'\n---\n", "A")),
    ],
)
@pytest.mark.parametrize("back", [False, True])
def test_what_changes_in_one_note_is_told_of_others(
    files: dict[str, str], changed: str, text: tuple[str, str], back: bool, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
        patch.setattr("herbier.cache._TOO_NEW", -(10**9))
        before, after = text[::-1] if back else text
        root = vault(tmp_path / "v", {**files, changed: before, "herbier.toml": FRENCH})
        first = problems(root, patch, tmp_path / "cache")
        (root / changed).write_text(after, "utf-8")
        assert problems(root, patch, tmp_path / "cache") == problems(root, patch, tmp_path / "cold")
        assert first == problems(vault(tmp_path / "w", {**files, changed: before, "herbier.toml": FRENCH}), patch,
                                 tmp_path / "other")  # fmt: skip


@given(st.integers(0, 2**32))
@settings(max_examples=12)
def test_what_is_kept_makes_no_difference(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
        patch.setattr("herbier.cache._TOO_NEW", -(10**9))
        folder = tmp_path_factory.mktemp("v")
        root = vault(folder / "v", {"herbier.toml": f'{FRENCH}include = ["plus.ttl"]\n'})
        keeper = Keeper(root, Random(seed))
        for _ in range(8):
            keeper.change()
        for turn in range(5):
            for _ in range(keeper.random.randrange(3)):
                keeper.change()
            # what has changed a moment ago is kept, but not trusted
            patch.setattr("herbier.cache._TOO_NEW", keeper.random.choice([-(10**9), 2 * 10**9]))
            warm = problems(root, patch, folder / "cache")
            cold = problems(root, patch, folder / f"cold{turn}")
            assert warm == cold
