"""What is reported is reported in the person's language: the words, the catalogues, and French at the command line."""

import ast
import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT

from herbier.messages import Message, Value, packed, quoted_list, unpacked
from herbier.problems import as_row, of_row, problem, read_codes
from herbier.translation import LOCALE, language_asked_for, languages, placeholders, translate, translated_problem

SOURCE = ROOT / "src" / "herbier"
NARROW = "\u202f"  # the no-break space of French; a tilde stands for it below, to be seen

# --- words ----------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["name", "line", "a"])
TEXTS = st.text(st.characters(exclude_characters="{}"), max_size=20)


def _made(parts: list[tuple[str, str]], values: dict[str, Value]) -> Message:
    template = "".join(f"{text}{{{name}}}" for text, name in parts)
    return Message(template, **values)


def _words(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    all_names = st.fixed_dictionaries({"name": inner, "line": inner, "a": inner})
    return st.builds(_made, st.lists(st.tuples(TEXTS, NAMES), max_size=3), all_names)


ANY_WORDS = _words(st.recursive(st.one_of(TEXTS, st.integers()), _words, max_leaves=4))


def _same(one: Value, other: Value) -> bool:
    if not isinstance(one, Message):
        return one == other and type(one) is type(other)
    if not isinstance(other, Message) or one != other or one.template != other.template:
        return False
    return one.values.keys() == other.values.keys() and all(_same(one.values[k], other.values[k]) for k in one.values)


@given(ANY_WORDS)
def test_words_survive_the_way_to_another_process_and_through_the_cache(made: Message) -> None:
    assert _same(pickle.loads(pickle.dumps(made)), made)
    assert _same(unpacked(json.loads(json.dumps(packed(made)))), made)
    found = problem("bad-value", "a.md", 1, 2, made, "plain")
    again = of_row(json.loads(json.dumps(as_row(found))))
    assert again == found
    assert _same(again.message, made)
    assert json.loads(json.dumps(found.as_json()))["message"] == str(made)


@given(st.lists(ANY_WORDS, max_size=5))
def test_words_compare_and_sort_as_the_plain_text(made: list[Message]) -> None:
    plain = [str(one) for one in made]
    assert sorted(made) == sorted(plain)
    assert set(made) == set(plain)


@given(st.lists(TEXTS, min_size=1, max_size=9))
def test_names_are_listed_in_quotes(names: list[str]) -> None:
    assert quoted_list(names) == ", ".join(map(repr, names))


@pytest.mark.parametrize("row", [["{name}", {}], ["{0}", {}], ["{", {}], ["a"], ["a", 1]])
def test_a_row_that_holds_no_words_is_a_fault_that_the_cache_expects(row: list[object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        of_row(["a.md", 1, 1, "warning", "bad-value", row, ""])


# --- the source -----------------------------------------------------------------------------------------------------


def calls(file: Path) -> Iterator[tuple[ast.Call, str, ast.AST]]:
    """Yield the calls of a file, each with the name of what is called and the function that it stands in."""

    def walk(node: ast.AST, within: ast.AST) -> Iterator[tuple[ast.Call, str, ast.AST]]:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node, name, within
        for child in ast.iter_child_nodes(node):
            yield from walk(child, node if isinstance(node, ast.FunctionDef) else within)

    tree = ast.parse(file.read_text("utf-8"))
    yield from walk(tree, tree)


# Where the message and the hint stand among the arguments, from the end of those that come before them.
MAKERS = {"problem": 4, "report": 2, "Problem": 5, "Fault": 0, "HerbierError": 0, "say": 0, "in_own_language": 0}
FILES = sorted(SOURCE.rglob("*.py"))


def told_texts(call: ast.Call, maker: str) -> list[ast.expr]:
    """Return the message and the hint of a call; a starred argument is a place: file and line, or line and column."""
    arguments: list[ast.expr | None] = []
    for argument in call.args:
        arguments += [None, None] if isinstance(argument, ast.Starred) else [argument]
    last = 2 if MAKERS[maker] else 1
    found = [argument for argument in arguments[MAKERS[maker] :][:last] if argument is not None]
    return found + [keyword.value for keyword in call.keywords if keyword.arg in ("message", "hint")]


def untranslatable(text: ast.expr, within: ast.AST) -> list[int]:
    """Return the lines where a text is written out as a plain string, here or where its name is given a value."""
    if isinstance(text, ast.Name):
        values = [
            node.value
            for node in ast.walk(within)
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == text.id for t in node.targets)
        ]
        return [line for value in values if not isinstance(value, ast.Name) for line in untranslatable(value, within)]
    if isinstance(text, ast.IfExp):
        return [*untranslatable(text.body, within), *untranslatable(text.orelse, within)]
    if isinstance(text, ast.BoolOp):
        return [line for value in text.values for line in untranslatable(value, within)]
    wrong = isinstance(text, ast.JoinedStr | ast.BinOp) or (isinstance(text, ast.Constant) and text.value != "")
    return [text.lineno] if wrong else []


def test_no_problem_is_made_of_a_text_that_no_one_could_translate() -> None:
    seen, wrong = 0, []
    for file in FILES:
        for call, name, within in calls(file):
            if name in MAKERS and call.args:
                texts = told_texts(call, name)
                seen += len(texts)
                lines = [line for text in texts for line in untranslatable(text, within)]
                wrong += [f"{file.relative_to(SOURCE)}:{line}" for line in lines]
    assert seen > 120
    assert not wrong, "say it with Message(...)"


@pytest.mark.parametrize(
    "source",
    [
        'problem("a", p, 1, 2, f"no {x}")',
        'problem("a", p, *at, w, "do")',
        'raise HerbierError(f"no {x}")',
        'screen.say("done", language)',
        'problem("a", p, 1, 2, w, hint="do")',
        'm.report("a", at, "no")',
        'report("a", at, w, f"{x}" if x else "")',
        'def f():\n    message = "no " + x\n    problem("a", p, 1, 2, message)',
    ],
)
def test_the_guard_sees_such_a_text(source: str, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(source)
    [found] = [(call, name, within) for call, name, within in calls(file) if name in MAKERS]
    assert [line for text in told_texts(found[0], found[1]) for line in untranslatable(text, found[2])]


def test_every_template_is_written_out_where_it_is_used() -> None:
    wrong = [
        f"{file.relative_to(SOURCE)}:{call.lineno}"
        for file in FILES
        if file.name not in ("messages.py", "problems.py")  # where messages are made of parts, and of files
        for call, name, _ in calls(file)
        if name == "Message" and not (len(call.args) == 1 and isinstance(call.args[0], ast.Constant))
    ]
    assert not wrong


# --- the catalogues -------------------------------------------------------------------------------------------------


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream)


POT = LOCALE / "herbier.pot"
FRENCH = catalogue(LOCALE / "fr" / "LC_MESSAGES" / "herbier.po")
PAIRS = [(str(entry.id), str(entry.string)) for entry in FRENCH if entry.id]


def templates() -> set[str]:
    return {str(entry.id) for entry in catalogue(POT) if entry.id}


def test_the_template_of_the_catalogues_has_all_that_the_source_says() -> None:
    found = extract_from_dir(SOURCE, [("**.py", "python")], keywords={"Message": None})
    assert {str(message) for _, _, message, _, _ in found} == templates(), "run make messages"
    written = {
        call.args[0].value
        for file in FILES
        for call, name, _ in calls(file)
        if name == "Message" and isinstance(call.args[0], ast.Constant)
    }
    assert written == templates(), "a call of words within an f-string is not found"


def test_every_meaning_of_a_code_is_said_in_every_language() -> None:
    for code, row in read_codes().items():
        assert set(row.meanings) == set(row.texts) == set(languages()), code
        assert translate(row.meaning, "fr") == row.meanings["fr"] != row.meanings["en"]


def test_french_says_everything() -> None:
    assert {template for template, _ in PAIRS} == templates()
    assert not [entry.id for entry in FRENCH if entry.id and (entry.fuzzy or not entry.string)]


def test_french_keeps_the_placeholders() -> None:
    assert not [pair for pair in PAIRS if placeholders(pair[0]) != placeholders(pair[1])]


# Code in backticks, lines of TOML, addresses.
CODE = re.compile(r"`[^`]*`|^(?:\[.*\]|[\w\"]+ = .*)$|https?://\S+", re.MULTILINE)
FAULTS = {
    "a straight apostrophe": re.compile("'"),
    "a straight quote": re.compile('"'),
    "no narrow no-break space before ; : ! ? »": re.compile(f"(?<!{NARROW})[;:!?»]"),
    "no narrow no-break space after «": re.compile(f"«(?!{NARROW})"),
    "another blank beside it": re.compile(f"[ \u00a0]{NARROW}|(?<![«\\d]){NARROW}(?![;:!?»])"),
    "three dots": re.compile(r"\.\.\."),
    "an IRI, which is une adresse": re.compile(r"\bIRI\b"),
}


def typos(text: str) -> list[str]:
    text = re.sub(r"\{(\w+)[^}]*\}", r"\1", CODE.sub("code", text))
    return [name for name, fault in FAULTS.items() if fault.search(text)]


def test_french_is_set_as_french_is() -> None:
    assert not [(text, found) for _, text in PAIRS if (found := typos(text))]


@pytest.mark.parametrize(
    "text", ["l'en-tête", 'dit "oui"', "oui : non", "oui: non", "« a »", "« a~»", "et ~: a", "a...", "une IRI"]
)
def test_the_guard_of_french_sees_a_fault(text: str) -> None:
    assert typos(text.replace("~", NARROW))


def test_languages_are_the_folders_that_there_are() -> None:
    assert languages() == ("en", "fr")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr@euro"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "en", "LC_ALL": "", "LC_MESSAGES": "fr_CA"}, "fr"),
        ({"LANG": "fr", "LC_ALL": "C"}, "en"),
        ({"LANG": "fry_NL"}, "en"),
        ({"LANG": "../fr"}, "en"),
    ],
)
def test_the_environment_tells_the_language(environment: dict[str, str], language: str) -> None:
    assert language_asked_for(environment) == language


# --- a third language -----------------------------------------------------------------------------------------------

DANGLING = Message("no note is called {name!r}", name="Ada")


def third(folder: Path, *entries: tuple[str, str, bool]) -> Path:
    """Write a catalogue of the language xx: template, translation, whether it is only a guess."""
    made = Catalog(charset="utf-8")
    for template, other, fuzzy in entries:
        made.add(template, other, flags=["fuzzy"] if fuzzy else [])
    file = folder / "xx" / "LC_MESSAGES" / "herbier.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_po(stream, made)
    return folder


def test_a_third_language_is_one_file(tmp_path: Path) -> None:
    folder = third(tmp_path, ("no note is called {name!r}", "nulla nota {name} vocatur", False))
    assert languages(folder) == ("en", "xx")
    assert language_asked_for({"LANG": "xx_YY.UTF-8"}, folder) == "xx"
    found = problem("dangling-link", "a.md", 1, 1, DANGLING, Message("save it as UTF-8"))
    assert translated_problem(found, "xx", folder) == replace(found, message="nulla nota Ada vocatur")


@pytest.mark.parametrize(
    ("other", "fuzzy"),
    [
        ("", False),
        ("nulla nota {name}", True),
        ("nulla nota {titulus}", False),
        ("nulla nota {name", False),
        ("{} {0}", False),
    ],
)
def test_what_is_not_translated_well_is_told_in_english(other: str, fuzzy: bool, tmp_path: Path) -> None:
    folder = third(tmp_path, ("no note is called {name!r}", other, fuzzy), ("error:", "erratum:", False))
    assert translate(DANGLING, "xx", folder) == "no note is called 'Ada'"
    assert translate(Message("error:"), "xx", folder) == "erratum:"


def test_numbers_of_a_language_that_babel_does_not_know(tmp_path: Path) -> None:
    size = Message("the file has {size:,} bytes, the limit is {limit:,}", size=12345, limit=1000)
    folder = third(tmp_path, (size.template, "{size:,} ex {limit:,}", False))
    assert translate(size, "xx", folder) == "12,345 ex 1,000"
    assert translate(size, "fr") == f"le fichier fait 12{NARROW}345 octets, la limite est de 1{NARROW}000"


def test_words_within_words_are_translated_too() -> None:
    outer = Message("{key} should be {wanted}", key="title", wanted=Message("a text in quotes"))
    assert translate(outer, "fr") == "il faut à title un texte entre guillemets"
    assert translate(quoted_list(["a", "b", "c"]), "fr") == "«~a~», «~b~», «~c~»".replace("~", NARROW)


def test_a_name_cannot_move_the_cursor_of_a_terminal() -> None:
    told = translate(Message("no note is called {name!r}", name="A\x1b[2J\nB\x9b"), "fr")
    assert told == "aucune note ne s’appelle «~A\\x1b[2J\\nB\\x9b~»".replace("~", NARROW)


@pytest.mark.parametrize("template", sorted(template for template, _ in PAIRS))
def test_every_template_can_be_told_in_french(template: str) -> None:
    """Whatever the values are, and however they look like placeholders themselves."""
    numbers = {name for name, form in placeholders(template) if form}
    values: dict[str, Value] = {name: 7 if name in numbers else "{x}" for name, _ in placeholders(template)}
    told = translate(Message(template, **values), "fr")
    assert told
    assert all(str(value) in told for value in values.values())
