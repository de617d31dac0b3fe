"""The head of a note: YAML, TOML and JSON, as they are written and as they are fixed."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, facts, vault
from tests.vault.test_files import codes, fields, read

from herbier.vault.fields import Map, Scalar

# --- front matter ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("---\na: b\n---\n", {"a": ["b"]}),
        ("---\na: [b, c]\n---", {"a": ["b", "c"]}),
        ("---\na:\n- b\n- c\n---\n", {"a": ["b", "c"]}),
        (
            "---\na: 0123\nb: no\nc: 1.10\nd: 2025-03-20\n---\n",
            {"a": ["0123"], "b": ["no"], "c": ["1.10"], "d": ["2025-03-20"]},
        ),
        ("---\na: [[Ada]]\n---\n", {"a": ["[[Ada]]"]}),
        ("---\na: [[Ada Lovelace, dite Ada]]\n---\n", {"a": ["[[Ada Lovelace, dite Ada]]"]}),
        ("---\na: [[[Ada]], [[Bob]]]\n---\n", {"a": ["[[Ada]]", "[[Bob]]"]}),
        ("---\na:\n- [[Ada|x]]\n- [[Bob#h]]\n---\n", {"a": ["[[Ada|x]]", "[[Bob#h]]"]}),
        ("---\n🙂: [[Ada]]\n---\n", {"🙂": ["[[Ada]]"]}),
        ("---\na: {{ titre }}\n---\n", {"a": ["{{ titre }}"]}),
        ("---\na:\n---\n", {"a": [""]}),
        ("---\n  a: b\n  c: d\n---\n", {"a": ["b"], "c": ["d"]}),
        ("---\n  date de création: b\n---\n", {"date de création": ["b"]}),
        ("---\nrdfs:seeAlso: b\n---\n", {"rdfs:seeAlso": ["b"]}),
        ("---\n'a': b\n---\n", {"a": ["b"]}),
        ("---\na: &x un\nb: *x\n---\n", {"a": ["un"], "b": ["un"]}),
        ("---\na: &x [un, deux]\nb: *x\n---\n", {"a": ["un", "deux"], "b": ["un", "deux"]}),
        ("---\na: &x {b: c}\nd: e\n<<: *x\n---\n", {"a": ["{b}"], "d": ["e"], "b": ["c"]}),
        ("---\n<<: {a: b, c: d}\nc: e\n---\n", {"a": ["b"], "c": ["e"]}),
        ("---\n<<: [{a: b}, {a: c, d: e}]\n---\n", {"a": ["b"], "d": ["e"]}),
        ("---\n<<: texte\n---\n", {"<<": ["texte"]}),
        ("---\na: b\na: c\n---\n", {"a": ["b", "c"]}),
        ("---\na: {b: c, d: e}\n---\n", {"a": ["{b,d}"]}),
        ("---\ncontent: x\nmetadata: y\nhandler: z\n---\n", {"content": ["x"], "metadata": ["y"], "handler": ["z"]}),
        ("\n\n---\na: b\n---\n", {"a": ["b"]}),
        ("---  \na: b\n---\t\n", {"a": ["b"]}),
        ("+++\na = 'b'\n+++\n", {"a": ["b"]}),
        (
            "+++\na = 0o17\nb = true\nc = 1979-05-27\nd = 1.10\n+++\n",
            {"a": ["15"], "b": ["true"], "c": ["1979-05-27"], "d": ["1.10"]},
        ),
        ("+++\na = [\n 'b',\n 'c',\n]\nd = 'e'\n+++\n", {"a": ["b", "c"], "d": ["e"]}),
        ("+++\n[a]\nb = 'c'\n[a.d]\ne = 1\n+++\n", {"a": ["{b}", "{d}"]}),
        ('{"a": "b", "c": [1, 2.50, null, true]}\n', {"a": ["b"], "c": ["1", "2.50", "", "true"]}),
        ('{"a": "b", "a": "c"}\n', {"a": ["b", "c"]}),
        ("{}\nTexte", {}),
        ("---\n---\nTexte", {}),
        ("---\n# remarque\n---\nTexte", {}),
        ("Texte\n---\na: b\n---\n", {}),
        ("----\na: b\n----\n", {"a": ["b"]}),
        ("--- x\na: b\n---\n", {}),
    ],
)
def test_front_matter(data: str, expected: dict[str, list[str]]) -> None:
    assert fields(data) == expected


@pytest.mark.parametrize(
    "data", ["+++\n+++\n", "+++\n\n+++\nTexte.", "+++\n# remarque\n+++\n", "+++\n[\n+++\n", "+++\nrien du tout\n+++\n"]
)
def test_toml_without_a_key(data: str) -> None:
    """Any bytes as a note give a Problem, never a traceback."""
    assert not read(data).fields
    says_something = any(line and not line.startswith(("+", "#", "Texte")) for line in data.splitlines())
    assert bool(read(data).problems) is says_something


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("---\ntitle: Un: deux\nautre: x\n---\n", {"title": ["Un: deux"], "autre": ["x"]}),
        ('---\ntitle: "Un" deux\nautre: x\n---\n', {"title": ['"Un" deux'], "autre": ["x"]}),
        ("---\ntitle: `un` deux\nautre: x\n---\n", {"title": ["`un` deux"], "autre": ["x"]}),
        ("---\ntitle: 'un\nautre: x\n---\n", {"title": ["un"], "autre": ["x"]}),
        ("---\ntitle: [un\nautre: x\n---\n", {"title": ["[un"], "autre": ["x"]}),
        ("---\ntitle: @un\nautre: x\n---\n", {"title": ["@un"], "autre": ["x"]}),
        ("---\ntitle: %un\nautre: x\n---\n", {"title": ["%un"], "autre": ["x"]}),
        ("---\ntitle: *un* deux\nautre: x\n---\n", {"title": ["*un* deux"], "autre": ["x"]}),
        ("---\ntags:\n\t- un\n\t- deux\nautre: x\n---\n", {"tags": ["un", "deux"], "autre": ["x"]}),
        (
            "---\ntags:\n- un\n - deux: trois: quatre\nautre: x\n---\n",
            {"tags": ["un", "deux: trois: quatre"], "autre": ["x"]},
        ),
        ("---\ntitle:un\nautre: x\n---\n", {"title": ["un"], "autre": ["x"]}),
        ("---\ntags: [un,\ndeux\n]\nautre: x: y\n---\n", {"tags": ["un", "deux"], "autre": ["x: y"]}),
        ("---\ntitle: [[Un]] et [[Deux]]\nautre: x\n---\n", {"title": ["[[Un]] et [[Deux]]"], "autre": ["x"]}),
    ],
)
def test_values_that_are_not_valid_yaml_are_read_as_text_and_told(data: str, expected: dict[str, list[str]]) -> None:
    assert fields(data) == expected
    assert "repaired-value" in codes(data)
    assert all(found.severity == "warning" for found in read(data).problems)


@pytest.mark.parametrize("value", ["!important", "!un deux", "&co", "&un deux"])
def test_a_value_that_yaml_takes_for_a_tag_or_an_anchor_is_kept_or_told(value: str) -> None:
    """YAML makes nothing, or only the rest, of such a value; it must work or be reported, never be dropped."""
    data = f"---\nstatut: {value}\n---\n"
    assert fields(data) == {"statut": [value]} or codes(data)


def test_what_cannot_be_read_is_an_error_with_its_line() -> None:
    note = read("---\ntitle: x\n= rien =\nautre: y\n---\n")
    assert fields("---\ntitle: x\n= rien =\nautre: y\n---\n") == {"title": ["x"], "autre": ["y"]}
    assert [(found.code, found.severity, found.line) for found in note.problems] == [("front-matter-lost", "error", 3)]


@pytest.mark.parametrize(
    "data", ["---\ntitle: x\ndate: y\n...\n\nTexte.\n\n---\n\nSuite : fin\n", "---\ntitle: x\ndate: y\n...\nTexte.\n"]
)
def test_front_matter_may_end_in_dots(data: str) -> None:
    """As Zettlr and Pandoc write it (YAML 1.2, 9.1.4); what follows is the body, no lost part of the front matter."""
    note = read(data)
    assert fields(data) == {"title": ["x"], "date": ["y"]}
    assert not [found for found in note.problems if found.severity == "error"]
    assert "Texte." in note.body.sections[0].text


def test_lines_and_columns_of_fields() -> None:
    note = read("\n---\na: x\nb:\n- y\n-   z\nc: {d: e}\n---\n\nf:: g\n")
    places = {(field.key, field.line, field.column) for field in note.fields}
    assert places == {("a", 3, 1), ("b", 4, 1), ("c", 7, 1), ("f", 10, 1)}
    values = {
        (value.text, value.line, value.column)
        for field in note.fields
        for value in field.values
        if isinstance(value, Scalar)
    }
    assert values == {("x", 3, 4), ("y", 5, 3), ("z", 6, 5), ("g", 10, 5)}
    (mapping,) = (value for field in note.fields for value in field.values if isinstance(value, Map))
    assert (mapping.fields[0].line, mapping.fields[0].column) == (7, 5)


def test_shape_a_in_its_variants() -> None:
    """The sequence stands under no key: after a scalar, a list, an empty key, with and without a blank line."""
    sequence = "- type: isPartOf\n  target: '[[b]]'\n- type: uses\n  target: '[[c]]'\n---\n"
    wanted = {"isPartOf": ["[[b]]"], "uses": ["[[c]]"]}
    assert fields(f"---\ntitle: x\n\n{sequence}") == {"title": ["x"], **wanted}
    assert fields(f"---\ntitle: x\n{sequence}") == {"title": ["x"], **wanted}
    assert fields(f"---\n{sequence}") == wanted
    assert fields(f"---\n{sequence.replace('---', 'title: x')}---\n") == {"title": ["x"], **wanted}
    assert codes(f"---\ntitle: x\n\n{sequence}") == ["bare-sequence"]


@pytest.mark.parametrize("before", ["tags:\n- x\n", "aliases:\n- y\n", "date_modification:\n"])
def test_shape_a_after_a_list_or_an_empty_key(before: str, tmp_path: Path) -> None:
    """YAML takes the bare sequence for more items of the list above; the relations must not be lost for that."""
    root = vault(
        tmp_path,
        {"a.md": f"---\n{before}\n- type: isPartOf\n  target: '[[b]]'\n---\n", "b.md": "", "herbier.toml": FRENCH},
    )
    assert "id/a dcterms:isPartOf id/b" in facts(root)
    assert "bare-sequence" in build_notes(root).codes


def test_a_list_that_is_not_closed_is_read_as_the_list_that_it_is() -> None:
    data = b"---\ntags: [a, 'b c',\nx: [1, 'b\n---\n"
    assert fields(data.decode()) == {"tags": ["a", "b c"], "x": ["[1, 'b"]}
    found = read(data)
    assert next((p.line, p.code, p.message, p.hint) for p in found.problems) == (
        2,
        "repaired-value",
        "the list of 'tags' is not closed; it was read as if it were",
        "write ] at its end: tags: [a, 'b c']",
    )


def test_what_follows_a_second_front_matter_is_the_text(tmp_path: Path) -> None:
    note = read("---\na: 1\n---\n---\nb: 2\n---\n---\nc: 3\n---\nTexte.\n")
    assert [field.key for field in note.fields] == ["a", "b", "c"]
    assert [section.text for section in note.body.sections] == ["Texte."]
    assert [(problem.code, problem.line) for problem in note.problems] == [
        ("odd-front-matter", 4),
        ("odd-front-matter", 7),
    ]


def test_front_matter_without_a_fence_before_it_is_told_at_the_first_line() -> None:
    [found] = read("title: a\ntags: [b]\n---\nTexte.\n").problems
    assert (found.code, found.line, found.column) == ("odd-front-matter", 1, 1)
