"""`herbier fix`: each fix to the byte, what is never touched, and how notes are written."""

import os
import stat
from pathlib import Path

import click.testing
import pytest
from tests.conftest import FRENCH, Files, Ran, build_notes, quads, run, spawn, vault

from herbier.cli import main
from herbier.fix.write import replace_note
from herbier.pipeline.snapshot import read_snapshot
from herbier.problems import HerbierError


def note(head: str, body: str = "Corps.\n") -> str:
    return f"---\n{head}---\n{body}"


def fixed(tmp_path: Path, before: str | bytes, name: str = "n.md", more: Files | None = None) -> str:
    """Return what `fix --write` makes of a note; what the vault says stays the same, and so does its text."""
    root = vault(tmp_path / "notes", {"herbier.toml": FRENCH, **(more or {}), name: before})
    graph = quads(build_notes(root).data, "nquads")
    assert run("fix", root, "--write").code == 0
    assert quads(build_notes(root).data, "nquads") == graph
    return (root / name).read_bytes().decode()


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


# --- the fixes ------------------------------------------------------------------------------------

MENDS = {
    "a list that is not closed": (
        'tags: [a, b\nalias: [x, "y z",\npart of: [[Accueil]\n',
        'tags: [a, b]\nalias: [x, "y z"]\npart of: [[Accueil]]\n',
    ),
    "a list under no key": (
        "title: x  # titre\ndate_modification: '2025-03-20'\n\n- type: isPartOf\n  target: '[[Réseaux d''IA]]'\n",
        "title: x  # titre\ndate_modification: '2025-03-20'\n\nisPartOf: '[[Réseaux d''IA]]'\n",
    ),
    "several items of one relation": (
        "- type: hasPart  # un\n  target: '[[A]]'  # deux\n# trois\n"
        "- target:\n  - '[[B]]'\n  - '[[C]]'\n  type: hasPart\n",
        "# un\nhasPart:\n- '[[A]]'  # deux\n- '[[B]]'\n- '[[C]]'\n# trois\n",
    ),
    "items without a type": (
        "titre: x\n\n- employeur: '[[A]]'\n  prix: b\n- {clé: c, 'état': d} # e\n",
        "titre: x\n\nemployeur: '[[A]]'\nprix: b\nclé: c\n'état': d # e\n",
    ),
    "a target folded over two lines": (
        "titre: x\n- type: rdfs:seeAlso\n  target: '[[Un titre assez long pour\n    deux lignes]]'\n",
        "titre: x\nrdfs:seeAlso: '[[Un titre assez long pour\n  deux lignes]]'\n",
    ),
    "a type that is no plain key": (
        "titre: x\n- type: 'a: b'\n  target: '[[A]]'\n",
        "titre: x\n'a: b': '[[A]]'\n",
    ),
    "items under a key": (
        "relations:  # liens\n  - type: uses\n    target: '[[A]]'\n  - type: hasPart\n    target: '[[B]]'\ntitre: x\n",
        "# liens\nuses: '[[A]]'\nhasPart: '[[B]]'\ntitre: x\n",
    ),
    "items under a key that has others": (
        "employeur:\n- type: uses\n  target: '[[A]]'\n- '[[C]]'\ntitre: x\n",
        "employeur:\n- '[[C]]'\nuses: '[[A]]'\ntitre: x\n",
    ),
    "a relation in braces": (
        "relation: {type: uses, target: '[[A]]'}  # c\n"
        "relations: [{type: a, target: b}, {target: '[[D]]', type: uses}]\n",
        "uses:\n- '[[A]]'  # c\n- '[[D]]'\na: b\n",
    ),
    "a repeated key": (
        "rdfs:seeAlso: '[[A]]'  # un\ntitre: x\n# deux\nrdfs:seeAlso: \"[[B]]\"\n\n"
        "rdfs:seeAlso:  # trois\n  - '[[C]]'\n",
        "rdfs:seeAlso:\n- '[[A]]'  # un\n- \"[[B]]\"\n# trois\n- '[[C]]'\ntitre: x\n# deux\n\n",
    ),
    "repeated keys with values of all kinds": (
        "clé: [a, 'b, c'] # un\nclé: |\n  d\n  # e\nclé: {f: g}\nclé:\n  h: i\n  j: k\nclé:\nclé: l\n  m\n",
        "clé:\n- a\n- 'b, c' # un\n- |\n  d\n  # e\n- {f: g}\n- h: i\n  j: k\n- l\n  m\n",
    ),
    "a repeated key without a second value": ("prix: x  # c\nprix:\nprix: # d\n", "prix: x  # c\n# d\n"),
    "a colon": ("prix:  Un: deux #x l'été\n", "prix: 'Un: deux #x l''été'\n"),
    "a colon, over two lines": ("prix: Un: deux\n  et trois\ntitre: x\n", "prix: 'Un: deux et trois'\ntitre: x\n"),
    "quotes that go on": (
        "a: \"b\" c\nd: 'e' f\ng: `h` i\nj: 'k\n",
        "a: '\"b\" c'\nd: '''e'' f'\ng: '`h` i'\nj: 'k'\n",
    ),
    "no blank after the colon": ("prix:Nobel\ntitre: x\n", "prix: 'Nobel'\ntitre: x\n"),
    "an empty key": ("titre: x\n: a\n", "titre: x\n'': 'a'\n"),
    "tags with marks": ("tags: #un #deux/trois\n", "tags: '#un #deux/trois'\n"),
    "an item": ("a:\n  - b: c: d  # e\n  - 'f'\n  - `g` h\n", "a:\n  - 'b: c: d  # e'\n  - 'f'\n  - '`g` h'\n"),
    "items at different margins": ("a:\n  - b\n - c\n   - d: e: f\n", "a:\n  - b\n  - c\n  - 'd: e: f'\n"),
    "a character that YAML wants escaped": ('prix: a\x9f\\"b\n', 'prix: "a\\x9f\\\\\\"b"\n'),
    "a key in two normal forms": ("e\u0301tat: a\n\u00e9tat: b\n", "e\u0301tat:\n- a\n- b\n"),
    "tabs": ("a:\n\t- b\n\t- 'c\td'\n", "a:\n  - b\n  - 'c  d'\n"),
    "tag": ("tag: ia  # sic\n", "tags: ia  # sic\n"),
    "tag beside tags": (
        "tag: un, deux  # a\n'tags': '#trois #quatre'\ntags:\n  - cinq\n",
        "tags:\n- un\n- deux  # a\n- '#trois'\n- '#quatre'\n- cinq\n",
    ),
    "a date": ("created: 20/03/2025  # jour\n", "created: 2025-03-20  # jour\n"),
    "a date in quotes": (
        "created: '20.3.2025'\nborn: \"5 mars 1964\"\n",
        "created: '2025-03-20'\nborn: \"1964-03-05\"\n",
    ),
    "a month": ("date: août 1956\n", "date: 1956-08\n"),
    "an epoch": ("created: 1742428800000\n", "created: 2025-03-20T00:00:00Z\n"),
    "a time": ("dcterms:created: 20/03/2025 à 9h05\n", "dcterms:created: 2025-03-20T09:05:00\n"),
    "dates in lists": (
        "born: [1/2/1903, '3 mai 1904', 1905]\ndied:\n- 4/5/1906 # a\n- 1907\n",
        "born: [1903-02-01, '1904-05-03', 1905]\ndied:\n- 1906-05-04 # a\n- 1907\n",
    ),
    "a letter in two characters": (
        "re\u0301sume\u0301: a: b\ntag: e\u0301te\u0301\nborn: 1/2/1903 # e\u0301\n",
        "re\u0301sume\u0301: 'a: b'\ntags: e\u0301te\u0301\nborn: 1903-02-01 # e\u0301\n",
    ),
    "all at once": (
        "a: b: c\na: 'd'\n- type: uses\n  target: '[[E]]'\ntag: f\ntags: #g\ncreated: 1/2/2025\n",
        "a:\n- 'b: c'\n- 'd'\nuses: '[[E]]'\ntags:\n- f\n- '#g'\ncreated: 2025-02-01\n",
    ),
}


@pytest.mark.parametrize("name", MENDS)
def test_a_mend_to_the_byte(name: str, tmp_path: Path) -> None:
    before, after = MENDS[name]
    assert fixed(tmp_path, note(before)) == note(after)
    assert run("fix", tmp_path / "notes").err == "nothing to fix\n"


SOUND = {
    "a link to the note of a day": "created: '[[20/03/2025]]'\n",
    "a date that is none": "created: 31/02/2025\nborn: vers 1900\n",
    "a date that is ISO": "created: 2025-03-20\nborn: '1956-08'\ndied: 1993\n",
    "a date within another value": "mission:\n  début: 20/03/2025\n  fin: août 2025\n",
    "a date of a key that holds none": "prix: 20/03/2025\n",
    "one key spelled in two ways": "titre: x\naliases: a\nalias: b\n",
    "strange blanks and comments": "# a\n\n  # b\ntitre :   x   # c  \n\n",
    "a list at any margin": "tags:\n    - a\n    - 'b'\n",
    "templates": "created: <% tp.date.now() %>\nprix: {{prix}}\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_stays(name: str, tmp_path: Path) -> None:
    before = note(SOUND[name])
    assert fixed(tmp_path, before) == before


def test_a_key_of_the_vault_is_not_renamed(tmp_path: Path) -> None:
    settings = f"{FRENCH}[mapping.keys.tags]\nnames = ['tags']\nrole = 'tags'\n"
    assert fixed(tmp_path, note("tag: x\n"), more={"herbier.toml": settings}) == note("tag: x\n")


def test_front_matter_that_does_not_close(tmp_path: Path) -> None:
    assert fixed(tmp_path, "---\ntitre: x\n\n# Vie\n") == "---\ntitre: x\n---\n\n# Vie\n"
    assert fixed(tmp_path, "---\r\ntitre: x") == "---\r\ntitre: x\r\n---"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encoding_and_line_ends_stay(codec: str, end: str, tmp_path: Path) -> None:
    before, after = (
        text.replace("\n", end) for text in (note("é: a: b\né: c\n", "été"), note("é:\n- 'a: b'\n- c\n", "été"))
    )
    root = vault(tmp_path, {"n.md": before.encode(codec)})
    assert run("fix", root, "--write").code == 0
    assert (root / "n.md").read_bytes() == after.encode(codec)


def test_each_line_keeps_its_own_end(tmp_path: Path) -> None:
    before = "\ufeff\n---\r\na: b: c\na: d\r\ntag: e\rtitre: f\n...\r\nun\r\ndeux\n\rtrois"
    after = "\ufeff\n---\r\na:\n- 'b: c'\n- d\ntags: e\rtitre: f\n...\r\nun\r\ndeux\n\rtrois"
    assert fixed(tmp_path, before) == after


# --- what is left, and reported -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("\ufeffa: \x07: b\n", "n.md:2: left as it is: A value is not valid in its format and was read as plain text"),
        ("  a: b\n  a: c\n", "n.md:3: left as it is: A key occurs more than once; all its values are kept"),
        ("a: &x b\na: &x c\n", "n.md:2: left as it is: the key 'a' could not be written once, with a list (it"),
    ],
)
def test_what_cannot_be_mended_is_told(head: str, told: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"n.md": note(head)})
    ran = run("fix", root, "--write")
    assert told in ran.err
    assert ran.code == 0
    assert (root / "n.md").read_text("utf-8") == note(head)


def test_front_matter_in_toml_is_left(tmp_path: Path) -> None:
    before = "+++\ntitle = un deux\n+++\n"
    root = vault(tmp_path, {"n.md": before})
    ran = run("fix", root, "--write")
    assert "n.md:2: left as it is" in ran.err
    assert "only front matter in YAML is fixed" in ran.err
    assert (root / "n.md").read_text("utf-8") == before


def test_one_mend_that_fails_keeps_none_of_the_others_back(tmp_path: Path) -> None:
    root = vault(tmp_path, {"n.md": note("a: &x b\na: &x c\nd: *x\ntag: e\ncreated: 1/2/2025\n")})
    ran = run("fix", root)
    assert "n.md:2: left as it is" in ran.err
    assert "+tags: e" in ran.out
    assert "+created: 2025-02-01" in ran.out


# --- the command ----------------------------------------------------------------------------------

FAULTY: Files = {
    "herbier.toml": FRENCH,
    "a.md": note("tag: un\n"),
    "sous/é d.md": note("created: 1/2/2025\n"),
    "privé.md": note("private: true\ntag: deux\n"),
    "tu.md": note("tag: trois\n"),
    ".herbierignore": "tu.md\n",
    "sain.md": note("titre: x\n"),
    "image.png": b"\x89",
}


def files_of(root: Path) -> dict[str, tuple[bytes, int, int]]:
    found = [file for file in root.rglob("*") if file.is_file()]
    return {str(file): (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino) for file in found}


def test_without_write_a_diff_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    root = vault(tmp_path / "mes notes", FAULTY)
    before = files_of(root)
    ran = run("fix", root)
    assert ran.out.startswith(
        "--- a.md\n+++ a.md\n@@ -1,4 +1,4 @@\n ---\n-tag: un\n+tags: un\n ---\n Corps.\n--- privé.md\n"
    )
    assert ran.err == f"4 notes can be fixed; nothing was written: herbier fix '{root}' --write\n"
    assert (ran.code, files_of(root)) == (0, before)


def test_the_diff_is_a_patch(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", {"n.md": "---\r\ntag: un\r\n---\r\nun\r\ndeux", "m.md": "---\ntag: x"})
    assert spawn("fix", root).stdout == (
        b"--- m.md\n+++ m.md\n@@ -1,2 +1,3 @@\n ---\n-tag: x\n\\ No newline at end of file\n+tags: x\n+---\n"
        b"\\ No newline at end of file\n"
        b"--- n.md\n+++ n.md\n@@ -1,5 +1,5 @@\n ---\r\n-tag: un\r\n+tags: un\r\n ---\r\n un\r\n deux\n"
        b"\\ No newline at end of file\n"
    )


def test_the_diff_of_a_long_note_has_what_changes_alone(tmp_path: Path) -> None:
    root = vault(tmp_path, {"n.md": note("tag: x\n", "\nligne\n" * 20_000)})
    assert run("fix", root).out == "--- n.md\n+++ n.md\n@@ -1,5 +1,5 @@\n ---\n-tag: x\n+tags: x\n ---\n \n ligne\n"


def test_the_diff_is_coloured_on_a_terminal(tmp_path: Path) -> None:
    root = vault(tmp_path, {"n.md": note("tag: \x1b[2J\n", ""), "m.md": note("tag: x\n", "\x1b[2J")})
    shown = click.testing.CliRunner().invoke(main, ["fix", str(root)], color=True).stdout
    assert "\x1b[31m-tag: x\x1b[0m\n\x1b[32m+tags: x\x1b[0m\n" in shown
    assert "\x1b[2J" not in shown
    assert "\\x1b[2J" in shown


def test_with_write_private_notes_are_mended_and_sound_ones_not_touched(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FAULTY)
    before = files_of(root)
    ran = run("fix", root, "--write")
    assert ran == Ran(0, "", "a.md: written\nprivé.md: written\nsous/é d.md: written\ntu.md: written\n4 notes fixed\n")
    after = files_of(root)
    assert after.keys() == before.keys()
    changed = {Path(name).name for name in before if after[name] != before[name]}
    assert changed == {"a.md", "é d.md", "privé.md", "tu.md"}
    assert run("fix", root, "--write") == Ran(0, "", "nothing to fix\n")
    assert files_of(root) == after


def test_single_notes_and_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path / "notes", FAULTY)
    ran = run("fix", root / "sous" / "é d.md", root / "privé.md", root / "privé.md")
    assert ran.out.count("+++ ") == 2
    assert "+++ sous/é d.md\n" in ran.out
    assert "2 notes can be fixed" in ran.err
    monkeypatch.chdir(root)
    assert run("fix").err == "4 notes can be fixed; nothing was written: herbier fix . --write\n"
    assert run("fix", "a.md", "--write").err == "a.md: written\n1 note fixed\n"


@pytest.mark.parametrize("name", ["absent.md", "image.png", "lien.md"])
def test_what_is_no_note_is_refused(name: str, tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FAULTY)
    (root / "lien.md").symlink_to(root / "a.md")
    ran = run("fix", root / "a.md", root / name, "--write")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert name in ran.err
    assert (root / "a.md").read_bytes() == b"---\ntag: un\n---\nCorps.\n"


# --- writing --------------------------------------------------------------------------------------


def test_permission_bits_stay(tmp_path: Path) -> None:
    root = vault(tmp_path, {"n.md": note("tag: un\n")})
    (root / "n.md").chmod(0o640)
    assert run("fix", root, "--write").code == 0
    assert stat.S_IMODE((root / "n.md").stat().st_mode) == 0o640
    assert names(root) == ["n.md"]


def test_a_note_that_is_read_only_or_binary_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    root = vault(tmp_path, {**FAULTY, "0.md": b"\x00\x01\x02\x00\xff"})
    (root / "a.md").chmod(0o444)
    ran = run("fix", root, "--write")
    assert ran.code == 1
    assert "error: a.md: it is read-only, and was left as it is\n" in ran.err
    assert "error: 0.md: the file holds no text that can be read, and is not published\n" in ran.err
    assert ran.err.endswith("3 notes fixed, 2 not\n")
    assert (root / "a.md").read_bytes() == b"---\ntag: un\n---\nCorps.\n"
    assert (root / "privé.md").read_bytes() == b"---\nprivate: true\ntags: deux\n---\nCorps.\n"


def test_a_note_that_has_changed_meanwhile_is_left(tmp_path: Path) -> None:
    file = tmp_path / "n.md"
    file.write_bytes(b"neuf")
    with pytest.raises(HerbierError, match="changed meanwhile"):
        replace_note(file, b"vieux", b"mieux")
    assert file.read_bytes() == b"neuf"
    assert names(tmp_path) == ["n.md"]


def test_a_note_that_changes_while_the_vault_is_read_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path, {"n.md": note("tag: un\n", "# Un\n")})
    changed = note("tag: un\n", "# Un\n\n# Deux\n").encode()

    def read_then_change(*arguments: object) -> object:
        found = read_snapshot(*arguments)  # type: ignore[arg-type]
        (root / "n.md").write_bytes(changed)
        return found

    monkeypatch.setattr("herbier.cli.fix.read_snapshot", read_then_change)
    ran = run("fix", root, "--write")
    assert "n.md:2: left as it is: the key 'tag' could not be renamed tags" in ran.err
    assert (root / "n.md").read_bytes() == changed


def test_a_note_that_has_become_a_link_is_left(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_bytes(b"vieux")
    (tmp_path / "n.md").symlink_to("b.md")
    with pytest.raises(HerbierError, match="could not be written"):
        replace_note(tmp_path / "n.md", b"vieux", b"mieux")
    assert (tmp_path / "n.md").is_symlink()
    assert (tmp_path / "b.md").read_bytes() == b"vieux"
    assert names(tmp_path) == ["b.md", "n.md"]


def test_a_full_disk_leaves_the_note_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    root = vault(tmp_path, {"n.md": note("tag: un\n")})
    monkeypatch.setattr(os, "fsync", full)
    ran = run("fix", root, "--write")
    assert (ran.code, ran.err) == (
        1,
        "error: n.md: it could not be written: the disk is full\nnothing was fixed\n",
    )
    assert (root / "n.md").read_text("utf-8") == note("tag: un\n")
    assert names(root) == ["n.md"]
