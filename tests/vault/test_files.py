"""The files of a vault, their bytes, their front matter and their bodies, as they really are."""

import os
import signal
import socket
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Literal

import pytest
from tests.conftest import FRENCH, build_notes, facts, values, vault

from herbier.pipeline.build import build
from herbier.pipeline.opening import open_vault
from herbier.problems import HerbierError, Problem
from herbier.rdf.formats import FORMATS
from herbier.vault.fields import Scalar
from herbier.vault.note import Note, parse_note


def read(data: str | bytes) -> Note:
    """Return a note that can be read."""
    note = parse_note("a.md", data if isinstance(data, bytes) else data.encode())
    assert isinstance(note, Note)
    return note


def fields(data: str | bytes) -> dict[str, list[str]]:
    """Return the keys of a note with the texts of their values; of a value with keys, those."""
    found: dict[str, list[str]] = {}
    for field in read(data).fields:
        texts = [
            value.text if isinstance(value, Scalar) else f"{{{','.join(f.key for f in value.fields)}}}"
            for value in field.values
        ]
        found.setdefault(field.key, []).extend(texts)
    return found


def codes(data: str | bytes) -> list[str]:
    return [found.code for found in read(data).problems]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the work takes longer, also in a regular expression."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    late = False
    try:
        yield
    except TimeoutError:  # shown without its traceback: it may come from where Python has no line
        late = True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if late:
        pytest.fail(f"not done within {seconds} s", pytrace=False)


# --- files ----------------------------------------------------------------------------------------


def test_a_vault_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HerbierError, match="no folder"):
        open_vault(tmp_path / "absent")
    file = tmp_path / "a.md"
    file.write_text("x")
    with pytest.raises(HerbierError, match="is a file"):
        open_vault(file)


def test_an_empty_vault(tmp_path: Path) -> None:
    pressed = build_notes(tmp_path)
    assert pressed.counts.files == 0
    assert not pressed.problems


def test_symbolic_links_are_listed_and_not_followed(tmp_path: Path) -> None:
    secret = vault(tmp_path / "outside", {"secret.md": "hors du coffre"})
    root = vault(tmp_path / "vault", {"a.md": "[[secret]]"})
    (root / "lien.md").symlink_to(secret / "secret.md")
    (root / "dossier").symlink_to(secret)
    (root / "pendant.md").symlink_to(tmp_path / "nulle part")
    pressed = build_notes(root)
    assert b"hors du coffre" not in pressed.data
    assert set(pressed.counts.listed) == {"lien.md", "dossier", "pendant.md"}
    assert pressed.counts.files == 4


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    root = vault(tmp_path, {"x/a.md": "un"})
    (root / "x" / "boucle").symlink_to(root)
    assert build_notes(root).counts.published == 1


def test_settings_that_are_a_link_out_of_the_vault_stop_everything(tmp_path: Path) -> None:
    """Symbolic links are not followed, so that a vault that was cloned never reads its host's files."""
    (tmp_path / "outside").write_text('publish = "marked"\n')
    root = vault(tmp_path / "vault", {"a.md": "un"})
    (root / "herbier.toml").symlink_to(tmp_path / "outside")
    with pytest.raises(HerbierError, match="symbolic link"):
        build_notes(root)


def test_a_list_of_private_notes_that_is_a_link_stops_everything(tmp_path: Path) -> None:
    """To go on without it would publish what it lists; to follow it would read what is not the vault's."""
    (tmp_path / "outside").write_text("a.md\n")
    root = vault(tmp_path / "vault", {"a.md": "un"})
    (root / ".herbierignore").symlink_to(tmp_path / "outside")
    with pytest.raises(HerbierError, match="symbolic link"):
        build_notes(root)


def test_special_files_are_listed_and_not_opened(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "un"})
    os.mkfifo(root / "tuyau.md")
    with socket.socket(socket.AF_UNIX) as server, within(20):
        here = Path.cwd()
        os.chdir(root)  # the path of a socket is short
        try:
            server.bind("prise.md")
        finally:
            os.chdir(here)
        pressed = build_notes(root)
    assert set(pressed.counts.listed) == {"tuyau.md", "prise.md"}
    assert pressed.counts.published == 1


def test_folders_that_start_with_a_dot_are_not_read(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "un", ".obsidian/x.md": "deux", "b/.trash/c.md": "trois"})
    pressed = build_notes(root)
    assert pressed.counts.files == pressed.counts.published == 1


def test_a_file_that_goes_away_is_told(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "un", "b.md": "deux"})
    opened = open_vault(root)
    (root / "b.md").unlink()
    built = build(opened, lambda block: None, FORMATS["nquads"], jobs=1)
    assert [(found.path, found.code, found.severity) for found in built.problems] == [
        ("b.md", "unreadable-file", "error")
    ]
    assert built.counts.files == 2
    assert set(built.counts.listed) == {"b.md"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "un", "b.md": "deux"})
    (root / "b.md").chmod(0)
    assert build_notes(root).codes == ["unreadable-file"]


def test_a_file_over_the_limit_is_told_and_the_limit_can_be_raised(tmp_path: Path) -> None:
    files = {"gros.md": "mot " * 3_000_000, "a.md": "[[gros]]"}
    root = vault(tmp_path, files)
    pressed = build_notes(root)
    assert pressed.codes == ["dangling-link", "file-too-large"]
    (too_large,) = (found for found in pressed.problems if found.code == "file-too-large")
    assert too_large.severity == "error"
    assert "file_size" in too_large.hint
    vault(root, {"herbier.toml": "[limits]\nfile_size = 20_000_000\n"})
    assert build_notes(root).codes == []
    vault(root, {"herbier.toml": "[limits]\nfile_size = 7\n"})
    assert build_notes(root).codes == ["file-too-large", "file-too-large"]


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "x"})
    (root / os.fsdecode(b"caf\xe9.md")).write_text("---\ntags: [x]\n---\n[[a]]")
    (root / os.fsdecode(b"d\xe9j\xe0")).mkdir()
    (root / os.fsdecode(b"d\xe9j\xe0/vu.md")).write_text("![[\xe9.png]]")
    for name in FORMATS:
        pressed = build_notes(root, name)
        assert pressed.counts.published == 3
        assert pressed.data.decode("utf-8")


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    """The table of codes has `odd-file-name` for it."""
    root = vault(tmp_path, {"a.md": "x"})
    (root / os.fsdecode(b"caf\xe9.md")).write_text("x")
    assert build_notes(root).codes == ["odd-file-name"]


def test_stems_that_differ_by_case_or_accents(tmp_path: Path) -> None:
    root = vault(
        tmp_path, {"Note.md": "un", "note.md": "deux", "noté.md": "trois", "NOTE.md": "quatre", "herbier.toml": FRENCH}
    )
    pressed = build_notes(root)
    assert pressed.counts.published == 4
    assert pressed.codes == ["slug-collision"] * 3
    texts = {fact.partition(" schema:text ")[2] for fact in facts(root) if " schema:text " in fact}
    assert texts == {'"un"@fr', '"deux"@fr', '"trois"@fr', '"quatre"@fr'}


def test_a_stem_written_exactly_is_preferred(tmp_path: Path) -> None:
    """`[[note]]` is note.md and `[[Note]]` is Note.md: stems that differ only by case must work, or be reported."""
    root = vault(
        tmp_path, {"Note.md": "", "note.md": "", "z.md": "[[note]]", "y.md": "[[Note]]", "herbier.toml": FRENCH}
    )
    slugs = {
        stem: next(f.split()[0] for f in facts(root) if f.endswith(f'dcterms:title "{stem}"@fr'))
        for stem in ("Note", "note")
    }
    assert values(root, "doc/z", "dcterms:references") == {slugs["note"]}
    assert values(root, "doc/y", "dcterms:references") == {slugs["Note"]}


def test_a_colliding_note_has_the_same_iri_on_every_disk(tmp_path: Path) -> None:
    """A disk that keeps names decomposed (macOS) gives the IRIs of one that does not: the same vault, any machine."""
    composed = {unicodedata.normalize("NFC", name): "x" for name in ("A.md", "Á.md")}
    decomposed = {unicodedata.normalize("NFD", name): "x" for name in composed}
    assert build_notes(vault(tmp_path / "c", composed)).data == build_notes(vault(tmp_path / "d", decomposed)).data


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_herbierignore_compares_names_under_nfc(form: Literal["NFC", "NFD"], tmp_path: Path) -> None:
    """What .herbierignore lists is never published, whatever form the disk keeps the names in."""
    root = vault(
        tmp_path,
        {
            unicodedata.normalize(form, "privé/journal.md"): "à taire",
            ".herbierignore": "privé/\n",
            "herbier.toml": FRENCH,
        },
    )
    pressed = build_notes(root)
    assert pressed.counts.private == 1
    assert "à taire" not in pressed.data.decode()


def test_a_broken_line_of_herbierignore_is_told_and_the_others_hold(tmp_path: Path) -> None:
    root = vault(
        tmp_path,
        {".herbierignore": "# remarque\n!\nsecret.md\n", "secret.md": "x", "a.md": "x", "herbier.toml": FRENCH},
    )
    pressed = build_notes(root)
    assert pressed.places == [".herbierignore:2:1: error bad-setting"]
    assert pressed.counts.private == 1


# --- bytes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected", "told"),
    [
        (b"d\xc3\xa9j\xc3\xa0", "déjà", []),
        (b"\xef\xbb\xbfd\xc3\xa9j\xc3\xa0", "déjà", []),
        ("déjà".encode("utf-16"), "déjà", []),
        (b"\xfe\xff" + "déjà".encode("utf-16-be"), "déjà", []),
        (b"d\xe9j\xe0 \x80\x93\x94", "déjà €“”", ["guessed-encoding"]),
        (b"d\xe9j\xe0 \x81", "déjà \x81", ["guessed-encoding"]),
        (b"\xef\xbb\xbfd\xe9", "dé", ["guessed-encoding"]),
        (b"un\x1bdeux et encore du texte", "undeux et encore du texte", ["control-characters"]),
        (b"a\r\nb\rc", "a\nb\nc", []),
        ("e\u0301".encode(), "é", []),
        (b"", "", []),
    ],
)
def test_encodings(data: bytes, expected: str, told: list[str]) -> None:
    note = read(data)
    assert note.body.sections[0].text == expected
    assert [found.code for found in note.problems] == told


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03", b"\x89PNG\r\n\x1a\n\x00\x00\xff", b"\xff\xfea", b"PK\x03\x04\x00\x00\xe9", bytes(100)]
)
def test_binary_files_are_listed(data: bytes) -> None:
    found = parse_note("a.md", data)
    assert isinstance(found, Problem)
    assert (found.code, found.severity) == ("binary-file", "error")


def test_line_of_what_is_wrong_with_the_encoding() -> None:
    (found,) = read(b"un\ndeux\nd\xe9j\xe0").problems
    assert (found.line, found.code) == (3, "guessed-encoding")


# --- what hides from the first cleaning -----------------------------------------------------------

ESCAPED = {
    "yaml control": '---\ntitle: "un\\u0007deux"\n---\n',
    "yaml control in a key": '---\n"cl\\u0001ef": x\n---\n',
    "yaml decomposed": '---\ntitle: "e\\u0301"\n---\n',
    "yaml carriage return": '---\ndescription: "un\\r\\ndeux"\n---\n',
    "json control": '{"title": "un\\u0007deux"}\n',
    "json surrogate": '{"title": "un\\ud800deux"}\n',
    "json surrogate in a key": '{"un\\ud800deux": "x"}\n',
    "toml decomposed": '+++\ntitle = "e\\u0301"\n+++\n',
    "entity control": "un &#7; deux &#x1f; trois\n",
    "entity decomposed": "e&#769; &#13;\n",
    "entity in a heading": "# un&#7;deux\n",
    "entity in an alias": "[un&#7;deux](b.md)\n",
}


@pytest.mark.parametrize("name", ESCAPED)
def test_characters_written_as_escapes_are_cleaned_too(name: str, tmp_path: Path) -> None:
    """Text is NFC with LF; what XML 1.0 forbids is removed with a Problem, so that every format carries the same."""
    root = vault(tmp_path, {"a.md": ESCAPED[name], "b.md": "", "herbier.toml": FRENCH})
    pressed = build_notes(root, "ntriples")
    text = pressed.data.decode()
    assert "\\u00" not in text
    assert "\\r" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert build_notes(root, "rdfxml").data.isascii() or "\x07" not in build_notes(root, "rdfxml").data.decode()
    if "decomposed" not in name and "return" not in name:
        assert "control-characters" in pressed.codes
