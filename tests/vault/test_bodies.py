"""What the body of a note holds: sections, links, fields, tags and blocks, and what is none of them."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, facts, values, vault
from tests.vault.test_files import read

from herbier.vault.fields import Scalar

# --- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Titre", "Titre"),
        ("##Titre", "Titre"),
        ("###Titre", "Titre"),
        ("######Titre", "Titre"),
        ("   ##Titre", "Titre"),
        ("##Titre ##", "Titre"),
        ("## [[b|Titre]]", "Titre"),
        ("## *Titre* `x`", "Titre x"),
        ("##Titre %%caché%%", "Titre"),
        ("Titre\n---", "Titre"),
        ("> ##Titre", None),
        ("#Titre", None),
        ("\\##Titre", None),
        ("`##Titre`", None),
        ("```\n##Titre\n```", None),
        ("    ##Titre", None),
        ("#######Titre", None),
        ("## ", None),
    ],
)
def test_headings(text: str, expected: str | None) -> None:
    headings = [section.heading for section in read(f"Avant.\n\n{text}\n\nAprès.\n").body.sections[1:]]
    if text.startswith(">"):
        assert len(headings) <= 1  # a heading in a quotation may count or not; it must not break
    else:
        assert headings == ([] if expected is None else [expected])


def test_sections_nest_by_level() -> None:
    sections = read("# A\n## B\n#### C\n## D\n# E\n### F\n").body.sections
    names = {number: section.heading for number, section in enumerate(sections)}
    assert {s.heading: names.get(s.parent) for s in sections[1:]} == {
        "A": None,
        "B": "A",
        "C": "B",
        "D": "A",
        "E": None,
        "F": "E",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#tag", ["tag"]),
        ("(#tag), #tag2.", ["tag", "tag2"]),
        ("#a/b/c", ["a/b/c"]),
        ("#été #日本 #x-y_z", ["été", "日本", "x-y_z"]),
        ("#2024 #1", []),
        ("#2024a", ["2024a"]),
        ("a#b https://x.example/#c [d](#e) \\#f &#35; `#g` [[h#i]]", []),
        ("# titre #tag", ["tag"]),
        ("- #tag", ["tag"]),
        ("> #tag", ["tag"]),
        ("$#tag$ %%#tag%% <!-- #tag -->", []),
        ("#tag/", ["tag"]),
        ("##", []),
        ("#हिन्दी", ["हिन्दी"]),
        ("#العَرَبِيَّة", ["العَرَبِيَّة"]),
    ],
)
def test_tags_of_the_body(text: str, expected: list[str]) -> None:
    assert [tag.name for tag in read(f"{text}\n").body.tags] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clé:: valeur", {"clé": "valeur"}),
        ("- clé:: valeur", {"clé": "valeur"}),
        ("- [x] clé:: valeur", {}),  # of the task
        ("> clé:: valeur", {"clé": "valeur"}),
        ("**clé**:: valeur", {"clé": "valeur"}),
        ("clé::", {"clé": ""}),
        ("Un [clé:: valeur] et (autre:: [[b]]) ici.", {"clé": "valeur", "autre": "[[b]]"}),
        ("a:: b\nc:: d", {"a": "b", "c": "d"}),
        ("| x | y |\n|---|---|\n| a [clé:: valeur] | (autre:: [[b\\|c]]) |", {"clé": "valeur", "autre": "[[b|c]]"}),
        ("| x | y |\n|---|---|\n| clé:: valeur | `[autre:: b]` |", {}),
        ("clé::valeur", {}),
        ("std::vector et a::b", {}),
        ("`clé:: valeur`", {}),
        ("``clé:: valeur``", {}),
        ("    clé:: valeur", {}),
        ("%%clé:: valeur%%", {}),
        ("$clé:: valeur$", {}),
        ("vraie:: a\n$$\nfausse:: b\n$$", {"vraie": "a"}),
        ("vraie:: a\n`` fausse:: ` b ``", {"vraie": "a"}),
        ("vraie:: a\n<!--\nfausse:: b\n-->", {"vraie": "a"}),
    ],
)
def test_inline_fields(text: str, expected: dict[str, str]) -> None:
    """Nothing inside code, math or comments counts."""
    found = {
        field.key: " ".join(v.text for v in field.values if isinstance(v, Scalar)) for field in read(f"{text}\n").fields
    }
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vu %%caché%% vu.", "Vu vu."),
        ("%%\ncaché\n\ncaché\n%%\n\nVu.", "Vu."),
        ("Vu %%caché", "Vu"),
        ("%%caché%% vu %%caché%%", "vu"),
        ("- vu %%caché%%\n- vu", "vu\nvu"),
        ("| a | %%caché%% |\n|---|---|\n| vu | x |", "a\nvu\tx"),
        ("%%\n```\ncaché\n```\n%%\n\nvu", "vu"),
        ("`%%` vu `%%`", "%% vu %%"),
        ("> vu %%caché\n> caché%% vu", "vu\nvu"),
        ("[vu %%caché%%](b.md)", "vu"),
        ("<details>\n%%caché%%\nvu\n</details>", "vu"),
        ("<p>vu</p> %%caché%%", "vu"),
    ],
)
def test_comments_are_not_published(text: str, expected: str) -> None:
    note = read(f"{text}\n")
    shown = "\n\n".join(part for section in note.body.sections for part in (section.heading, section.text) if part)
    assert "cach" not in shown
    assert " ".join(shown.split()) == " ".join(expected.split())


def test_a_comment_changes_nothing_of_the_text_around_it() -> None:
    code = "```\nif x:\n    y  =  1\n```\n"
    assert read(f"{code}\nVu %%caché%% vu.\n").body.sections[0].text.startswith("if x:\n    y  =  1")


@pytest.mark.parametrize(
    "text", ["%%é日🙂%% [[b]]", "%%é\né🙂%% *[[b]]*", "##H%%é%% [[b]]", "| %%é%% [[b\\|c]] |\n|---|---|"]
)
def test_the_column_of_what_follows_a_comment(text: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": text, "herbier.toml": FRENCH})
    line = next(line for line in text.split("\n") if "[[" in line)
    (found,) = build_notes(root).problems
    assert (found.code, line[found.column - 1 :][:4]) == ("dangling-link", "[[b]" if "|" not in line else "[[b\\")


def test_blocks(tmp_path: Path) -> None:
    note = read("Un bloc. ^un\n\n- item ^deux\n- autre\n\n> cité\n\n^trois\n\nPas un bloc ^ ici\n")
    assert [block.name for block in note.body.blocks] == ["un", "deux", "trois"]
    root = vault(tmp_path, {"a.md": "Un bloc. ^un\n\n> cité\n\n^trois\n", "herbier.toml": FRENCH})
    assert values(root, "doc/a#block-un", "schema:text") == {'"Un bloc."@fr'}
    assert values(root, "doc/a#block-trois", "schema:text") == {'"cité"@fr'}
    assert "^" not in next(iter(values(root, "doc/a", "schema:text")))


def test_anchors_of_repeated_headings_and_of_blocks_are_told_apart(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "# H\n# h\n# H-2\n# Block x\n\ntexte ^x\n\n# !\n# ?\n", "herbier.toml": FRENCH})
    parts = {fact.split(" ")[0] for fact in facts(root) if fact.startswith("doc/a#")}
    assert len(parts) == 7
    assert {"doc/a#h", "doc/a#h-2", "doc/a#block-x"} <= parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A & B, [[b|la cible]].", "A & B, la cible."),
        ("%%x%% A & [[b|la cible]].", "A & la cible."),
        ("\\[[b|c]] et `[[b|c]]`", "[[b|c]] et [[b|c]]"),
        ("<p>[[b|c]]</p>", "[[b|c]]"),
        ("A & B\n\n| [[b\\|la cible]] | \\[[b\\|c]] |\n|---|---|", "A & B\n\nla cible\t[[b|c]]"),
    ],
)
def test_bars_in_a_note_with_a_table(text: str, expected: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"{text}\n\n| x | y |\n|---|---|\n", "b.md": "", "herbier.toml": FRENCH})
    text = f"{expected}\n\nx\ty".replace("\n", "\\n").replace("\t", "\\t")
    assert values(root, "doc/a", "schema:text") == {f'"{text}"@fr'}


@pytest.mark.parametrize("text", ["Voir [[2]](https://e.org/x), fin.", "Voir [[2]](<https://e.org/x>), fin."])
def test_the_brackets_around_the_text_of_a_link_are_no_text(text: str) -> None:
    body = read(text).body
    assert [section.text for section in body.sections] == ["Voir 2, fin."]
    assert [citation.url for citation in body.citations] == ["https://e.org/x"]
    assert body.links == ()
