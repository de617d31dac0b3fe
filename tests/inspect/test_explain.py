"""`herbier explain NOTE`: every triple below the characters it comes from, in text and as JSON."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import BASE, FRENCH, run, vault

from herbier.rdf.slugs import slug

SCHEMA = "https://schema.org/"
ELOISE = """\
---
type: personne
née: 10 décembre 1815 # à Londres
lieu de naissance: "[[Londres]]"
tags: [maths, été]
---
## Généralité

Mot très long, très long, très long, très long, très long, voir [[東京|la ville]], puis encore bien des mots, des mots.

日本\t[[東京]] et e\u0301te\u0301 x\u0331 [[Londres]] #日本/été/ (https://example.org/a).

| nom | lieu |
|---|---|
| a | [[Londres\\|Lon]] |

profession:: ingénieure ^bloc

> [poids:: 52 kg] et [Tokyo](Londres.md)
"""
WINDOWS = "\ufeff---\r\ntitle: Fenêtre\r\nville: '[[Londres]]'\r\n---\r\n\r\nVoir [[Londres]].\r\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return vault(
        tmp_path / "notes",
        {"herbier.toml": FRENCH, "Éloïse.md": ELOISE, "Windows.md": WINDOWS, "Londres.md": "# Londres\n"},
    )


def told(*arguments: str | Path) -> dict[str, Any]:
    ran = run("explain", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    data: dict[str, Any] = json.loads(ran.out)
    return data


def without_lines_of_rules(text: str) -> str:
    """Return what is shown without the lines of the mapping, which change when a row is added."""
    return re.sub(r"(mapping/\w+\.yaml):\d+", r"\1", text)


def excerpts(text: str) -> list[tuple[str, str]]:
    """Return each line of the note that is shown, with the carets below it."""
    return re.findall(r"^([^#\n]* \| [^\n]*)\n( +\| +\^+)$", text, re.M)


# --- golden -------------------------------------------------------------------------------------------------------


def test_the_text_of_a_note_with_a_bom_and_windows_line_ends(notes: Path) -> None:
    assert (
        without_lines_of_rules(run("explain", notes / "Windows.md").out)
        == f"""\
Windows.md is {BASE}doc/fenetre, about {BASE}id/fenetre

file name | Windows.md
          | ^^^^^^^
   #1 <doc/fenetre> rdf:type schema:NoteDigitalDocument  note-class (mapping/model.yaml)
   #2 <id/fenetre> rdf:type schema:Thing  thing-class (mapping/model.yaml)

   2 | title: Fenêtre
     |        ^^^^^^^
   #3 <doc/fenetre> dcterms:language "fr"  language (mapping/model.yaml)
   #4 <doc/fenetre> dcterms:title "Fenêtre"@fr  title (mapping/model.yaml)
   #5 <doc/fenetre> void:inDataset <dataset>  dataset (mapping/model.yaml)
   #6 <doc/fenetre> schema:headline "Fenêtre"@fr  title (mapping/model.yaml)
   #7 <doc/fenetre> schema:inLanguage "fr"  language (mapping/model.yaml)
   #8 <doc/fenetre> schema:mainEntity <id/fenetre>  about (mapping/model.yaml)
   #9 <id/fenetre> rdfs:label "Fenêtre"@fr  label (mapping/model.yaml)
  #10 <id/fenetre> schema:name "Fenêtre"@fr  label (mapping/model.yaml)
  #11 <id/fenetre> schema:subjectOf <doc/fenetre>  subject-of (mapping/model.yaml)

   3 | ville: '[[Londres]]'
     |         ^^^^^^^^^^^
  #12 <id/fenetre> dcterms:spatial <id/londres>  country (mapping/keys.yaml)

text | all of it, line 6
  #13 <doc/fenetre> schema:text "Voir Londres."@fr  text (mapping/model.yaml)
  #14 <doc/fenetre> schema:wordCount 2  words (mapping/model.yaml)

   6 | Voir [[Londres]].
     |      ^^^^^^^^^^^
  #15 <doc/fenetre> dcterms:references <doc/londres>  reference (mapping/model.yaml)
  #16 <doc/fenetre> schema:mentions <id/londres>  mention (mapping/model.yaml)
"""
    )


def test_the_carets_stand_under_the_right_characters(notes: Path) -> None:
    assert excerpts(run("explain", notes / "Éloïse.md").out) == [
        (
            "file name | Éloïse.md",
            "          | ^^^^^^",
        ),
        (
            "   2 | type: personne",
            "     |       ^^^^^^^^",
        ),
        (
            "   3 | née: 10 décembre 1815 # à Londres",
            "     |      ^^^^^^^^^^^^^^^^",
        ),
        (
            '   4 | lieu de naissance: "[[Londres]]"',
            "     |                     ^^^^^^^^^^^",
        ),
        (
            "   5 | tags: [maths, été]",
            "     |        ^^^^^",
        ),
        (
            "   5 | tags: [maths, été]",
            "     |               ^^^",
        ),
        (
            "   7 | ## Généralité",
            "     | ^^^^^^^^^^^^^",
        ),
        (
            "   9 | …rès long, très long, très long, voir [[東京|la ville]], puis encore bien des mots, des mots.",
            "     |                                       ^^^^^^^^^^^^^^^^^",
        ),
        (
            "  11 | 日本 [[東京]] et été x\u0331 [[Londres]] #日本/été/ (https://example.org/a).",
            "     |      ^^^^^^^^",
        ),
        (
            "  11 | 日本 [[東京]] et été x\u0331 [[Londres]] #日本/été/ (https://example.org/a).",
            "     |                        ^^^^^^^^^^^",
        ),
        (
            "  11 | 日本 [[東京]] et été x\u0331 [[Londres]] #日本/été/ (https://example.org/a).",
            "     |                                    ^^^^^^^^^",
        ),
        (
            "  11 | 日本 [[東京]] et été x\u0331 [[Londres]] #日本/été/ (https://example.org/a).",
            "     |                                                ^^^^^^^^^^^^^^^^^^^^^",
        ),
        (
            "  15 | | a | [[Londres\\|Lon]] |",
            "     |       ^^^^^^^^^^^^^^^^",
        ),
        (
            "  17 | profession:: ingénieure ^bloc",
            "     | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        ),
        (
            "  17 | profession:: ingénieure ^bloc",
            "     |              ^^^^^^^^^^",
        ),
        (
            "  19 | > [poids:: 52 kg] et [Tokyo](Londres.md)",
            "     |            ^^^^^",
        ),
        (
            "  19 | > [poids:: 52 kg] et [Tokyo](Londres.md)",
            "     |                      ^^^^^^^^^^^^^^^^^^^",
        ),
    ]


@pytest.mark.parametrize(
    ("front", "pointed"),
    [
        ("---\nprénom: 'L''Ada'\n---\n", "L''Ada"),
        ('---\nprénom: "A\\tda" # oui\n---\n', "A\\tda"),
        ("---\nprénom: Ada Lovelace   # oui\n---\n", "Ada Lovelace"),
        ("---\nprénom:\n- x: y\n- Ada\n---\n", "Ada"),
        ("---\nprénom: [[Ada]]\n---\n", "[[Ada]]"),
        ("---\nprénom: Ada: comtesse\n---\n", "Ada: comtesse"),
        ("+++\n'prénom' = \"Ada\" # oui\n+++\n", "Ada"),
        ("+++\n'prénom' = ['Bo', 'Ada']\n+++\n", "Ada"),
        ('{"titre": "x", "prénom": "Ada"}\n', "Ada"),
        ("prénom:: Ada\n", "Ada"),
        ("%%é%% [prénom:: Ada]\n", "Ada"),
        ("Elle (prénom:: Ada) dit `x`.\n", "Ada"),
    ],
)
def test_the_caret_points_at_a_value_however_it_is_written(front: str, pointed: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": front})
    lines = front.split("\n")
    found = {
        lines[t["line"] - 1][t["startColumn"] - 1 : t["endColumn"] - 1]
        for t in told(root / "a.md")["triples"]
        if t["predicate"] == f"<{SCHEMA}givenName>"
    }
    assert pointed in found


@pytest.mark.parametrize(
    ("key", "slugs"), [("isPartOf: '[[Bo]] et [[Ada|elle]]'", {"bo", "ada"}), ("tags: bo, ada", {"bo", "ada"})]
)
def test_of_several_words_of_a_value_the_caret_points_at_the_one_that_is_meant(
    key: str, slugs: set[str], tmp_path: Path
) -> None:
    root = vault(tmp_path, {"x.md": f"---\n{key}\n---\n"})
    found = set()
    for trace in told(root / "x.md")["triples"]:
        if re.search(r"dc/terms/(isPartOf|subject)>$", trace["predicate"]):
            pointed = key[trace["startColumn"] - 1 : trace["endColumn"] - 1]
            name = trace["value"].rpartition("/")[2]
            assert slug(pointed.partition("|")[0]) == name
            found.add(name)
    assert found == slugs


def test_what_no_character_says_comes_from_the_file_or_the_whole_text(tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ada.md": "[[Bo]]\n"})
    by_predicate = {t["predicate"]: t for t in told(root / "Ada.md")["triples"]}
    origins = {name: by_predicate[f"<{SCHEMA}{name}>"]["origin"] for name in ("name", "text", "mentions")}
    assert origins == {"name": "file name", "text": "whole text", "mentions": "line"}
    assert (by_predicate[f"<{SCHEMA}mentions>"]["startColumn"], by_predicate[f"<{SCHEMA}mentions>"]["endColumn"]) == (
        1,
        7,
    )


def test_the_numbers_of_text_and_json_are_the_same(notes: Path) -> None:
    triples = told(notes / "Éloïse.md")["triples"]
    assert [t["number"] for t in triples] == list(range(1, len(triples) + 1))
    shown = re.findall(r"^ +#(\d+) \S+ (\S+) ", run("explain", notes / "Éloïse.md").out, re.M)
    assert [int(number) for number, _ in shown] == [t["number"] for t in triples]
    for (_, predicate), trace in zip(shown, triples, strict=True):
        assert re.split(r"[/#:]", predicate.strip("<>"))[-1] == re.split(r"[/#]", trace["predicate"].strip("<>"))[-1]


def test_colours_only_for_a_terminal(notes: Path) -> None:
    assert "\x1b" not in run("explain", notes / "Éloïse.md").out


# --- one triple -----------------------------------------------------------------------------------------------------


def test_one_triple_is_shown_in_full_with_the_row_of_its_rule(notes: Path) -> None:
    triples = told(notes / "Éloïse.md")["triples"]
    (born,) = (t for t in triples if t["predicate"] == f"<{SCHEMA}birthDate>")
    out = run("explain", notes / "Éloïse.md", "--triple", str(born["number"])).out
    assert f"triple {born['number']} of {len(triples)}" in out
    assert f"predicate  schema:birthDate\n           {SCHEMA}birthDate\n" in out
    assert "   3 | née: 10 décembre 1815 # à Londres\n     |      ^^^^^^^^^^^^^^^^\n" in out
    assert "the rule birth-date, in Herbier's mapping/lexicon-people.yaml, line " in out
    assert re.search(r"^ +\d+ \| birth-date: \{names: \[.*née.*value: date.*\}$", out, re.M)
    (alone,) = told(notes / "Éloïse.md", "--triple", str(born["number"]))["triples"]
    assert alone["rule"].pop("row").startswith("birth-date: {names:")
    (aligned,) = alone.pop("wikidata")
    assert (aligned["entity"], aligned["verified"], len(aligned["sources"])) == ("P569", True, 2)
    assert re.search(r"^in Wikidata: P569  \(mapping/wikidata\.yaml:\d+\)\n    source: \S", out, re.M)
    assert alone == born


def test_one_triple_is_not_cut(notes: Path) -> None:
    (number,) = (
        t["number"] for t in told(notes / "Éloïse.md")["triples"] if t["predicate"] == f"<{SCHEMA}description>"
    )
    out = run("explain", notes / "Éloïse.md", "--triple", str(number)).out
    assert "…" not in out
    assert "très long, voir la ville, puis encore bien des mots, des mots.\n" in out


@pytest.mark.parametrize(
    ("file", "text", "line", "row"),
    [
        ("mapping/keys.yaml", "keys:\n  hue:\n    thing: [schema:color]\n    value: text\n", 2, "hue:\n  thing: "),
        ("herbier.toml", "[mapping.keys.hue]\nthing = ['schema:color']\n", 1, "[mapping.keys.hue]\nthing = "),
        ("herbier.toml", "[mapping.keys]\nhue = {thing = ['schema:color']}\n", 2, "hue = {thing = "),
    ],
)
def test_a_row_of_the_vault_is_quoted_too(file: str, text: str, line: int, row: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "---\nhue: red\n---\n", file: text})
    (number,) = (t["number"] for t in told(root / "a.md", "--vault", root)["triples"] if t["value"] == "red")
    (alone,) = told(root / "a.md", "--vault", root, "--triple", str(number))["triples"]
    assert alone["rule"]["row"].startswith(row)
    shown = run("explain", root / "a.md", "--vault", root, "--triple", str(number)).out
    assert f"the rule hue, in the vault's {file}, line {line}:\n" in shown


@pytest.mark.parametrize("number", ["0", "-1", "17", "999999999999"])
def test_a_number_out_of_range_says_how_many_there_are(number: str, notes: Path) -> None:
    ran = run("explain", notes / "Windows.md", "--triple", number)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: there is no triple {number}: Windows.md gives 16, numbered from 1 to 16\n"


# --- any note -------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["Ada", "Été à Paris", "東京", "L'œuvre", "Ñandú-2", "Ada Lovelace", "x\u0301y z", "Каша"])
FILLERS = st.sampled_from(["", "voir ", "日本\t", "e\u0301 — ", "%%é 日%% ", "`[[code]]` ", "\u200d🙂 "])
INLINE = st.one_of(
    st.builds("[[{}]]".format, NAMES),
    st.builds("![[{}|autre]]".format, NAMES),
    st.builds("[un [mot]](<{}.md>)".format, NAMES),
    st.builds("#{}".format, st.sampled_from(["été", "a/b", "日本", "x-/"])),
    st.builds("https://example.org/{}".format, st.sampled_from(["a", "a(b)", "a)."])),
)
PARAGRAPHS = st.builds("{}{} {}{}.".format, FILLERS, INLINE, FILLERS, INLINE)
BLOCKS = st.one_of(
    PARAGRAPHS,
    st.builds("- {}\n- {}".format, PARAGRAPHS, PARAGRAPHS),
    st.builds("> {}".format, PARAGRAPHS),
    st.builds("| a | b |\n|---|---|\n| {} | x |".format, INLINE),
    st.builds("##{}".format, NAMES),
    st.builds("# {} ".format, NAMES),
    st.builds("métier:: {} ^id".format, NAMES),
    st.builds("texte [métier:: {}] fin".format, NAMES),
)
VALUES = st.one_of(
    st.builds("{}".format, NAMES),
    st.builds("{}  # note".format, NAMES),
    st.builds('"{}"'.format, NAMES),
    NAMES.map(lambda name: "'" + name.replace("'", "''") + "' # note"),
    st.builds('["{}", {}]'.format, NAMES, NAMES),
    st.builds("\n- {}\n- '[[Ada]]'".format, NAMES),
    st.builds("|\n  {}".format, NAMES),
    st.builds("{}: {}".format, NAMES, NAMES),
)
KEYS = st.sampled_from(["métier", "prénom", "tags", "isPartOf", "inconnue", "type", "né"])
FRONTS = st.lists(st.builds("{}: {}".format, KEYS, VALUES), max_size=4).map(
    lambda keys: "---\n" + "\n".join(keys) + "\n---\n" if keys else ""
)
NOTES = st.builds("{}{}".format, FRONTS, st.lists(BLOCKS, max_size=4).map("\n\n".join))


@settings(max_examples=100)
@given(text=NOTES, ending=st.sampled_from(["\n", "\r\n"]), mark=st.sampled_from(["", "\ufeff"]))
@example(text="#été [[Ada]]", ending="\n", mark="")
@example(text="%%é%% [[Ada]]", ending="\n", mark="")
def test_every_span_is_within_its_line_and_says_what_the_triple_says(
    text: str, ending: str, mark: str, tmp_path: Path
) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "n.md": f"{mark}{text}".replace("\n", ending)})
    lines = unicodedata.normalize("NFC", text).split("\n")
    for trace in told(root / "n.md")["triples"]:
        start, end = trace["startColumn"], trace["endColumn"]
        assert trace["endLine"] == trace["line"] <= len(lines)
        line = lines[trace["line"] - 1]
        assert 1 <= start <= end <= len(line) + 1
        pointed = line[start - 1 : end - 1]
        if check := SAYS.get(trace["predicate"]):
            assert check(pointed, trace["value"]), (trace, pointed)
    for line, carets in excerpts(run("explain", root / "n.md").out):
        assert width(carets) <= width(line) + 1


def width(text: str) -> int:
    marks = ("Mn", "Me", "Cf")
    wide = (2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if unicodedata.category(c) not in marks)
    return sum(wide)


def is_link(pointed: str, value: str) -> bool:
    """Return whether a link is pointed at that leads to the value."""
    name = re.sub(r"^!?\[\[|^\[.*\]\(<|\|.*|\]\]$|\.md>\)$", "", pointed)
    return slug(name) == value.rpartition("/")[2]


def is_scalar(pointed: str, value: str) -> bool:
    """Return whether a value is pointed at, or the mark that opens a text of several lines."""
    return slug(value) in slug(pointed.replace("''", "'")) or pointed == "|"


SAYS = {
    f"<{SCHEMA}mentions>": is_link,
    f"<{SCHEMA}keywords>": is_scalar,
    f"<{SCHEMA}jobTitle>": is_scalar,
    f"<{SCHEMA}givenName>": is_scalar,
}
