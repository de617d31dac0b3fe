"""What holds for every vault, tried on many."""

import os
import random
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.conftest import BASE, FRENCH, Files, press, quads, run, triples, vault

from herbier.formats import FORMATS
from herbier.problems import CODES, Problem
from herbier.terms import clean, slug
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.note import Note, parse_note

FORMAT_NAMES = tuple(FORMATS)


@contextmanager
def pressed_from(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """Give a vault of the files, and remove it in the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield vault(Path(folder) / "vault", files)


# --- what vaults are made of ----------------------------------------------------------------------

# Letters that fold, that do not, that are of other scripts, that case folding changes, and marks that stand alone.
LETTERS = "abAB éÉèçÇœßıİñ Ωσς жЖ 日本 हिन्दी العربية e\u0301 -_.'’()&,!123"
names = (
    st.text(LETTERS, min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda name: name.strip(". ") != "" and not name.startswith("."))
)
words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="[]{}<>|`#%$:\\\"'&"), min_size=1, max_size=20
)
FRAGMENTS = (
    "Un [[{0}]] et [[{1}|alias]].",
    "![[{0}]] #étiquette/sous #Étiquette",
    "## {0}\n\n- un [[{1}]]\n- deux ^bloc",
    "##{0}",
    "uses:: [[{0}]]",
    "Texte avec [isPartOf:: [[{1}]]] dedans.",
    "| a | b |\n|---|---|\n| [[{0}\\|x]] | {1} |",
    "`[[{0}]]` %%caché [[{1}]]%% $x$",
    "https://site.example/a?b=c#d doi:10.1000/182",
    "[lien]({0}.md) ![image](image.png)",
    '"""Trois guillemets""" et un \\ antislash\tet une tabulation',
    "# Points clés\n\n1. un\n2. deux\n\n> cité",
)
FIELDS = (
    "type: concept",
    "type: '[[{0}]]'",
    "isPartOf: '[[{0}]]'",
    "subClassOf: ['[[{1}]]', '[[{0}|a]]']",
    "tags: [IA, a/b, '{1}']",
    "date_creation: 20/03/2025",
    "effectif: 1 500",
    "latitude: 45,5",
    "lang: en",
    "missions:\n- {{start: 2018, employer: '[[{1}]]'}}",
    "clé inconnue: valeur",
    "2024: bilan",
    "rdfs:seeAlso: https://site.example/",
    'description: |\n  deux\n  lignes "citées"',
    "site_web: aucun",
)


@st.composite
def notes(draw: st.DrawFn, most: int = 5) -> dict[str, str]:
    """Draw the files of a vault whose notes name each other."""
    stems = draw(st.lists(names, min_size=1, max_size=most, unique_by=lambda name: name.casefold()))
    folders = draw(st.lists(st.sampled_from(["", "fr/", "en/", "fr/été/"]), min_size=len(stems), max_size=len(stems)))
    files: dict[str, str] = {}
    for folder, stem in zip(folders, stems, strict=True):
        one, other = draw(st.sampled_from([*stems, "Absente"])), draw(st.sampled_from(stems))
        safe = [name.replace("'", "’") for name in (one, other)]
        fields = draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique=True))
        lines = draw(st.lists(st.sampled_from(FRAGMENTS) | words, max_size=4))
        front = "".join(f"{field.format(*safe)}\n" for field in fields)
        body = "\n\n".join(line.format(one, other) for line in lines)
        files[f"{folder}{stem}.md"] = f"---\n{front}---\n{body}\n" if front else f"{body}\n"
    files["herbier.toml"] = FRENCH
    files["image.png"] = "x"
    return files


# --- the same vault, the same bytes ---------------------------------------------------------------


class _Entries:
    """What os.scandir gives, in an order of our own."""

    def __init__(self, entries: Sequence[Any]) -> None:
        self.entries = iter(entries)

    def __iter__(self) -> Iterator[Any]:
        return self.entries

    def __next__(self) -> Any:
        return next(self.entries)

    def __enter__(self) -> "_Entries":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.entries = iter(())


@settings(max_examples=25)
@given(files=notes(most=6), seed=st.integers(0, 1000))
def test_the_order_of_the_files_changes_nothing(files: Files, seed: int) -> None:
    scandir = os.scandir
    chance = random.Random(seed)

    def shuffled(path: Any = ".") -> _Entries:
        with scandir(path) as entries:
            found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        chance.shuffle(found)
        return _Entries(found)

    names = list(files)
    with pressed_from(files) as first:
        expected = press(first)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "scandir", shuffled)
            again = press(first)
    chance.shuffle(names)
    with pressed_from({name: files[name] for name in names}) as second:
        other = press(second)
    assert again == expected
    assert other == expected


@settings(max_examples=4)
@given(files=notes())
def test_the_number_of_processes_changes_nothing(files: Files) -> None:
    with pressed_from(files) as root:
        for name in FORMAT_NAMES:
            assert press(root, name, jobs=2) == press(root, name, jobs=1)


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_many_notes_in_two_processes_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    """More notes than one share holds, each naming others of other shares."""
    files = {
        f"d{n % 7}/note {n}.md": f"---\nisPartOf: '[[note {n // 2}]]'\ntags: [t{n % 5}]\n---\n"
        f"[[note {n * 7 % 180}]] [[absente {n % 3}]]\n"
        for n in range(180)
    }
    root = vault(tmp_path, {**files, "herbier.toml": FRENCH})
    one = press(root, name, jobs=1)
    assert one.summary.published == 180
    assert press(root, name, jobs=2) == one
    assert press(root, name, jobs=3) == one


@settings(max_examples=8)
@given(files=notes())
def test_a_rebuild_changes_nothing(files: Files) -> None:
    with pressed_from(files) as root:
        for name in ("nquads", "turtle"):
            suffix = FORMATS[name].suffix
            output = root.parent / f"out{suffix}.gz"
            assert run("build", root, "-o", output).code == 0
            first = output.read_bytes()
            assert run("build", root, "-o", output).code == 0
            assert output.read_bytes() == first
            before = press(root, name).data
            (root / f"dump{suffix}").write_bytes(before)  # an output kept in the vault is not part of it
            assert press(root, name).data == before


# --- every format carries the same triples --------------------------------------------------------


@settings(max_examples=30)
@given(files=notes())
def test_every_format_carries_the_same_triples(files: Files) -> None:
    """Read back by Oxigraph; the formats that have graphs keep them."""
    with pressed_from(files) as root:
        data = {name: press(root, name).data for name in FORMAT_NAMES}
    expected = triples(data["nquads"], "nquads")
    assert expected
    for name in FORMAT_NAMES:
        assert triples(data[name], name) == expected, name
    assert quads(data["trig"], "trig") == quads(data["nquads"], "nquads")


def _rdflib_triples(data: bytes, name: str) -> set[tuple[Any, ...]]:
    parser = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}.get(name)
    if parser:
        return set(rdflib.Graph().parse(data=data, format=parser))
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=name)
    return {quad[:3] for quad in dataset.quads()}


@settings(max_examples=8)
@given(files=notes(most=3))
def test_rdflib_reads_the_same_from_every_format(files: Files) -> None:
    with pytest.MonkeyPatch.context() as patch, pressed_from(files) as root:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        expected = _rdflib_triples(press(root, "ntriples").data, "ntriples")
        assert len(expected) > 10
        for name in FORMAT_NAMES:
            assert _rdflib_triples(press(root, name).data, name) == expected, name


@settings(max_examples=40)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_text_survives_every_format(text: str) -> None:
    """A literal text, whatever its signs: quotes, backslashes, marks, other planes, what looks like an escape."""
    with pressed_from({"a.md": f"```\n{text}\n```\n", "herbier.toml": FRENCH}) as root:
        expected = triples(press(root).data, "nquads")
        for name in ("turtle", "jsonld", "rdfxml", "trig"):
            assert triples(press(root, name).data, name) == expected, name


@settings(max_examples=20)
@given(files=notes())
def test_ntriples_is_what_oxigraph_writes(files: Files) -> None:
    with pressed_from(files) as root:
        data = press(root, "ntriples").data
    lines = data.decode().splitlines()
    assert lines
    assert set(lines) == {f"{triple} ." for triple in triples(data, "ntriples")}


@settings(max_examples=20)
@given(files=notes())
def test_no_blank_node_and_no_http_schema_org(files: Files) -> None:
    with pressed_from(files) as root:
        data = press(root).data
    assert b"_:" not in b"\n".join(line.partition(b'"')[0] for line in data.splitlines())
    assert b"<http://schema.org" not in data


# --- IRIs -----------------------------------------------------------------------------------------

titles = st.text(LETTERS, min_size=0, max_size=8) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(max_examples=60)
@given(found=st.lists(titles, min_size=2, max_size=8))
@example(found=["Été", "été", "Ete", "ETE", "E\u0301te\u0301"])
@example(found=["日本", "日 本", "日-本", "🙂", "!", ""])
@example(found=["a b", "a-b", "a--b", " a b ", "b a"])
def test_no_two_notes_share_an_iri(found: list[str]) -> None:
    files = {f"{'xy'[n % 2]}/n{n}.md": f"# a\n\ntitle:: {title}\n" for n, title in enumerate(found)}
    with pressed_from({**files, "herbier.toml": FRENCH}) as root:
        pressed = press(root)
    graphs = {quad.rpartition(" ")[2] for quad in quads(pressed.data, "nquads")}
    notes = [graph for graph in graphs if graph.startswith(f"<{BASE}doc/")]
    assert len(notes) == len(found) == pressed.summary.published
    things = {
        t.split(" ")[0] for t in triples(pressed.data, "nquads") if "ontology#" not in t and f"<{BASE}id/" in t[:30]
    }
    assert len(things) == len(found)


@settings(max_examples=40)
@given(
    found=st.lists(names, min_size=1, max_size=6, unique_by=lambda name: unicodedata.normalize("NFC", name).casefold())
)
def test_the_form_of_a_file_name_changes_no_iri(found: list[str]) -> None:
    composed = {f"{unicodedata.normalize('NFC', name)}.md": "x" for name in found}
    decomposed = {f"{unicodedata.normalize('NFD', name)}.md": "x" for name in found}
    with pressed_from(composed) as first, pressed_from(decomposed) as second:
        assert press(first).data == press(second).data


@given(text=st.text(max_size=20))
def test_a_slug_is_a_slug_of_itself(text: str) -> None:
    assume(text < "\ud800" or not any("\ud800" <= char <= "\udfff" for char in text))
    name = slug(text)
    assert slug(name) == name
    assert name == unicodedata.normalize("NFC", name)
    assert not name.startswith("-")
    assert not name.endswith("-")
    assert "--" not in name
    assert not set(name) & set(' /#?%<>"{}|\\^`')


# --- any bytes as a note --------------------------------------------------------------------------

SOUND = (
    b"---\ntitle: Une note\ntype: organisation\ntags:\n- a\n- b\ndate: 2025-03-20\n\n- type: isPartOf\n"
    b"  target: '[[b]]'\n---\n\n## G\xc3\xa9n\xc3\xa9ralit\xc3\xa9\n\n[[b|c]] %%x%% cl\xc3\xa9:: v ^id\n",
    b'+++\ntitle = "Une note"\ntags = ["a", "b"]\n[extra]\nx = {y = 1}\n+++\n'
    b"# T\n\n| a | b |\n|--|--|\n| [[b\\|c]] | $x$ |\n",
    b'{"title": "Une note", "tags": ["a"], "nested": {"x": [1, 2.50, null, true]}}\n\n![[b]] `code`\n',
    b"---\na: &x [1, *x]\nb: {c: d, e: [f]}\n? g\n: h\ni: |\n  j\n\n   k\nl: !!python/name:os.system m\n---\n",
)
ODD_BYTES = st.sampled_from(
    [
        *rb"""--- ' " [ { [[ ]] %% ` $ | &#1; < ^ :: # \ * &a""".split(),
        *(b": ", b"- ", b"\n", b"\r", b"\t", b"\x00", b"\xff", b"\xef\xbb\xbf"),
        *(b"\xe2\x80\xa8", b"\xc2\x85", b"\xed\xa0\x80"),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a sound note with pieces cut out, doubled and put in."""
    data = draw(st.sampled_from(SOUND))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        piece = draw(st.sampled_from(["cut", "double", "put"]))
        if piece == "cut":
            data = data[:start] + data[end:]
        elif piece == "double":
            data = data[:end] + data[start:]
        else:
            data = data[:start] + draw(ODD_BYTES) + data[start:]
    return data


@settings(max_examples=400)
@given(data=st.binary(max_size=200) | mutated())
@example(data=b"")
@example(data=b"---")
@example(data=b"---\n: \n---")
@example(data=b"---\n- \n---")
@example(data=b"---\na: &a\n  b: *a\n---\n")
@example(data=b"{")
@example(data=b'{"a"')
@example(data=b"\xff\xfe\x00")
@example(data=b"%%")
@example(data=b"[[|]] [[#]] [[^]] ![[]] [[a|b|c]] []() [x]()")
def test_any_bytes_are_a_note_or_a_problem(data: bytes) -> None:
    note = parse_note("a.md", data)
    assert isinstance(note, Note | Problem)
    problems = note.problems if isinstance(note, Note) else (note,)
    for found in problems:
        assert found.path == "a.md"
        assert found.code in CODES
        assert found.line <= data.count(b"\n") + data.count(b"\r") + 1
    if isinstance(note, Note):
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert all(1 <= field.line <= lines for field in note.fields)


@settings(max_examples=40)
@given(contents=st.lists(st.binary(max_size=120) | mutated(), min_size=1, max_size=5))
def test_no_note_stops_a_build_or_is_lost(contents: list[bytes]) -> None:
    files: dict[str, str | bytes] = {f"n{n}.md": data for n, data in enumerate(contents)}
    files |= {"b.md": "La cible.", "privé.md": "---\nprivate: true\n---\n", "autre.png": "x"}
    with pressed_from(files) as root:
        for name in ("nquads", "rdfxml"):
            pressed = press(root, name)
            of = pressed.summary
            assert of.files == len(files)
            assert of.files == of.published + of.private + len(of.listed)
            assert triples(pressed.data, name)
        lost = {problem.path for problem in pressed.problems if problem.severity == "error"}
        assert {path for path in of.listed if path.endswith(".md")} <= lost


_MARKUP = (
    "[[ ]] | # ^ ! [ ] ( ) b a.md b#H b#^x ` `` $ * _ ** - > 1. # ## ### #tag #a/b :: clé:: [k:: v] http://x.example/ "
    "doi:10.1/x \\ \\[ &amp; &#7; | --- |- ^id : é mot <b> </b> [x](b.md) [[b]] [[b|c]] [[b|]] [[|b]] [[]] ![[i.png]]"
)
MARKUP = st.sampled_from(_MARKUP.split())
SPACES = st.sampled_from([" ", "", "\n", "\n\n", "\t", "\n    "])
bodies = st.lists(st.tuples(MARKUP, SPACES), max_size=25).map(
    lambda pieces: "".join(word + space for word, space in pieces)
)


def _parts(note: Note | Problem) -> tuple[object, ...]:
    """Return what a body holds, without the places."""
    assert isinstance(note, Note)
    body = note.body
    return (
        [(section.heading.split(), section.level, section.parent, section.text.split()) for section in body.sections],
        [(link.name, link.anchor, link.alias, link.embed, link.relative, link.section) for link in body.links],
        [(citation.url, citation.image) for citation in body.citations],
        [tag.name for tag in body.tags],
        [(block.name, block.section) for block in body.blocks],
        [(field.key, [value.text for value in field.values if isinstance(value, Scalar)]) for field in note.fields],
    )


@settings(max_examples=300)
@given(body=bodies)
@example(body="a [[b]]\n- c [[d|e]] f\n")
@example(body="[[b\\|c]] [[ b | c ]]")
def test_the_form_of_a_file_changes_nothing_of_its_body(body: str) -> None:
    """Neither the line ends, nor the normal form, nor a byte order mark, nor a comment that is added at the end."""
    assume(not body.startswith(("---", "{", "+++")))
    expected = _parts(parse_note("a.md", body.encode()))
    for other in (body.replace("\n", "\r\n"), unicodedata.normalize("NFD", body), f"\ufeff{body}"):
        assert _parts(parse_note("a.md", other.encode())) == expected
    assert _parts(parse_note("a.md", f"---\n---\n{body}".encode())) == expected
    if "`" not in body and "<" not in body and "$" not in body:
        assert _parts(parse_note("a.md", f"{body}\n\n%%caché [[z]] #z%%\n".encode())) == expected


@settings(max_examples=60)
@given(body=bodies)
def test_any_markup_can_be_published(body: str) -> None:
    files = {"a.md": body, "b.md": "# H\n\nx ^x\n", "i.png": "x", "herbier.toml": FRENCH}
    with pressed_from(files) as root:
        expected = triples(press(root).data, "nquads")
        assert triples(press(root, "turtle").data, "turtle") == expected
        assert triples(press(root, "rdfxml").data, "rdfxml") == expected


# --- YAML, with PyYAML's own loader as the judge --------------------------------------------------

_SCALARS = (
    "x ¦ 0123 ¦ no ¦ 1.10 ¦ ~ ¦ null ¦ 2025-03-20 ¦ a b ¦ a: b ¦ 'a' ¦ \"a\" ¦ 'it''s' ¦ \"\\t\\u00e9\\x41\" ¦ a # b ¦ "
    "a#b ¦ - a ¦ -a ¦ @a ¦ `a` ¦ é à ¦ [a, b] ¦ [a, [b, c]] ¦ {a: b} ¦ {a: [b]} ¦ [] ¦ {} ¦  ¦ | ¦ >- ¦ '[[a]]' ¦ "
    '\'a\n  b\' ¦ a\n  b ¦ "a\n  b" ¦ "a\\\n  b" ¦ !!str 1 ¦ *a ¦ ? a ¦ a:b ¦ http://x/y#z ¦ '
    "a\t# b ¦ a   ¦ \ta ¦ 'a' # b ¦ [a,b] ¦ [a , 'b' ] ¦ {a: 'b', c} ¦ %a ¦ a,b ¦ ] ¦ } ¦ ... ¦ ' ¦ \" ¦ \\ ¦ a\\"
)
SCALARS = st.sampled_from(_SCALARS.split(" ¦ "))
KEYS = st.sampled_from(["a", "b", "c d", "é", "'q'", '"r"', "s-t", "u:v", "2", "", "? w", "-x", "*a", "# k", "[l]"])


@st.composite
def yaml_texts(draw: st.DrawFn) -> str:
    """Draw a text that may be YAML: keys with values, lists and mappings below them, folded and odd ones."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        key = draw(KEYS)
        shape = draw(
            st.sampled_from(["scalar", "scalar", "list", "flush list", "mapping", "block", "list of mappings"])
        )
        blank = draw(st.sampled_from(["", "", "\n", "# remarque\n", "  # remarque\n"]))
        if shape == "scalar":
            lines.append(f"{key}:{draw(st.sampled_from([' ', ' ', '  ', chr(9)]))}{draw(SCALARS)}")
        elif shape in ("list", "flush list"):
            indent = "  " if shape == "list" else ""
            items = draw(st.lists(SCALARS, min_size=1, max_size=3))
            lines.append(f"{key}:\n{blank}" + "\n".join(f"{indent}- {item}" for item in items))
        elif shape == "mapping":
            inner = draw(st.lists(st.tuples(KEYS, SCALARS), min_size=1, max_size=2))
            lines.append(f"{key}:\n{blank}" + "\n".join(f"  {name}: {value}" for name, value in inner))
        elif shape == "list of mappings":
            lines.append(f"{key}:\n- a: {draw(SCALARS)}\n  b: {draw(SCALARS)}")
        else:
            mark = draw(st.sampled_from(["|", ">", "|-", ">+", "|2"]))
            lines.append(f"{key}: {mark}\n  un\n{blank if blank == chr(10) else ''}  deux")
    return "\n".join(lines) + "\n"


def _loaded(value: Any) -> list[Any]:
    """Return what PyYAML loads as the values of a field: lists flat, mappings as lists of keys and values."""
    if isinstance(value, list):
        return [inner for item in value for inner in _loaded(item)]
    if isinstance(value, dict):
        return [[(clean(str(key)), _loaded(inner)) for key, inner in value.items()]] if value else []
    return [clean(value)]


def _read(values: Sequence[Value]) -> list[Any]:
    return [clean(value.text) if isinstance(value, Scalar) else _read_fields(value.fields) for value in values]


def _read_fields(fields: Sequence[Field]) -> list[Any]:
    return [(clean(field.key), _read(field.values)) for field in fields]


def _judged(text: str) -> dict[str, Any] | None:
    """Return what both of PyYAML's parsers make of a text; None where it is no mapping, or repeats a key."""
    try:
        slow, fast = (yaml.load(text, Loader=loader) for loader in (yaml.BaseLoader, yaml.CBaseLoader))
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None
    if slow != fast or not isinstance(slow, dict) or not all(isinstance(key, str) for key in slow):
        return None
    return slow if not _repeats(root) else None


def _repeats(node: yaml.Node | None) -> bool:
    if isinstance(node, yaml.SequenceNode):
        return any(_repeats(item) for item in node.value)
    if isinstance(node, yaml.MappingNode):
        keys = [key.value if isinstance(key, yaml.ScalarNode) else "?" for key, _ in node.value]
        return len(set(keys)) < len(keys) or "?" in keys or any(_repeats(value) for _, value in node.value)
    return False


@settings(max_examples=700)
@given(text=yaml_texts())
@example(text="a: 'b\n\n  c'\n")
@example(text="a: b\n\n\nc: d\n")
@example(text="a: b #c\nd: e# f\n")
@example(text="a:\n  - b\n  -\n  - c\n")
@example(text="a:\n- - b\n  - c\n")
@example(text="'a b': c\n\"d\": e\n")
@example(text='a: b\\n\nc: "b\\n"\n')
@example(text="a : b\n")
@example(text="a:   b   \n")
@example(text="é: à\n日本: 語\n")
@example(text="a: |\n  b\n\n  c\n\nd: >\n  e\n  f\n")
@example(text="a: 'x' \nb: \"y\" # z\n")
@example(text="a: x y: z\n")
def test_valid_yaml_reads_as_pyyaml_reads_it(text: str) -> None:
    expected = _judged(text)
    assume(expected is not None)
    assert expected is not None
    assume("[[" not in text.replace("'[[a]]'", "") and "{{" not in text)
    note = parse_note("a.md", f"---\n{text}---\n".encode())
    assert isinstance(note, Note)
    assert _read_fields(note.fields) == [(clean(key), _loaded(value)) for key, value in expected.items()]
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    assert isinstance(root, yaml.MappingNode)
    assert [field.line for field in note.fields] == [key.start_mark.line + 2 for key, _ in root.value]
    assert not [found.code for found in note.problems if found.code != "unclosed-front-matter"]


PLAIN = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=10),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
    | st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), max_size=3),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150)
@given(data=PLAIN, style=st.sampled_from([None, '"', "'", "|", ">"]), width=st.sampled_from([20, 80]))
def test_what_pyyaml_writes_is_read_back(data: dict[str, Any], style: Any, width: int) -> None:
    """Scalars in every style, folded where they are long, as other programs write them."""
    text = clean(yaml.dump(data, default_style=style, width=width, allow_unicode=True, sort_keys=False))
    assume("[[" not in text and "{{" not in text and "\n---" not in text and not text.startswith("---"))
    expected = _judged(text)
    assume(expected is not None)
    assert expected is not None
    note = parse_note("a.md", f"---\n{text}---\n".encode())
    assert isinstance(note, Note)
    assert _read_fields(note.fields) == [(clean(key), _loaded(value)) for key, value in expected.items()]


def test_the_judge_itself_judges() -> None:
    assert _judged("a: b\n") == {"a": "b"}
    assert _judged("a: b\na: c\n") is None
    assert _judged("- a\n") is None
    assert _judged("a: [\n") is None
    assert _read([Map((Field("a", (Scalar("b", 1, 1),), 1, 1),), 1, 1)]) == [[("a", ["b"])]]


# --- what is private stays private ----------------------------------------------------------------

HIDDEN = "Zyxomma Secret"  # the title of a private note, and a word that stands nowhere else
MARKS = ("zyxomma", "wubbleflux", "quaxolot")  # of its title, of its alias, of its text
WAYS = (
    {"p/Zyxomma Secret.md": "---\nprivate: true\naliases: [Wubbleflux]\n---\nquaxolot #quaxolot [[quaxolot]]\n"},
    {"p/Zyxomma Secret.md": "---\ndraft: oui\naliases: [Wubbleflux]\n---\n# quaxolot\n"},
    {"p/s.md": "---\ntitle: Zyxomma Secret\npublish: false\nalias: Wubbleflux\n---\nquaxolot:: quaxolot\n"},
    {"p/Zyxomma Secret.md": "---\naliases: [Wubbleflux]\n---\nquaxolot\n", ".herbierignore": "p/\n"},
    {"p/Zyxomma Secret.md": "aliases:: Wubbleflux\n\nprivé:: oui\n\nquaxolot\n"},
    {"p/Zyxomma Secret.md": '+++\nprivate = true\naliases = ["Wubbleflux"]\n+++\nquaxolot\n'},
)
MENTIONS = (
    "[[Zyxomma Secret]]",
    "[[zyxomma secret|un autre]] et [[Zyxomma Secret|Wubbleflux]]",
    "[[Wubbleflux]] [[Wubbleflux#quaxolot]] [[Zyxomma Secret#^quaxolot]]",
    "![[Zyxomma Secret]] ![[Wubbleflux|Zyxomma Secret]]",
    "# Sur [[Zyxomma Secret]]",
    "##[[Wubbleflux|Zyxomma Secret]] et plus",
    "| a | b |\n|---|---|\n| [[Zyxomma Secret\\|Wubbleflux]] | [[Wubbleflux]] |",
    "- un [[Zyxomma Secret]]\n- deux [[Wubbleflux]] ^bloc",
    "uses:: [[Zyxomma Secret]]",
    "[inconnue:: [[Wubbleflux]] et plus]",
    "## Points clés\n\n- [[Zyxomma Secret]] !",
    "## Voir aussi\n\n- [[Wubbleflux]]",
    "## Généralité\n\nDe [[Zyxomma Secret]] à *[[Wubbleflux]]*.",
    "> [!note] [[Zyxomma Secret]]\n> [[Wubbleflux]]",
    "%% zyxomma quaxolot %%",
)
ASKED = (
    "isPartOf: '[[Zyxomma Secret]]'",
    "uses: ['[[Wubbleflux]]', '[[b]]']",
    "employeur: Zyxomma Secret",
    "source: Wubbleflux",
    "inconnu: Zyxomma Secret",
    "inconnue: 'voir [[Zyxomma Secret]] ou [[Wubbleflux|Zyxomma Secret]]'",
    "type: '[[Zyxomma Secret]]'",
    "aliases: ['à côté de [[Zyxomma Secret]]']",
    "tags: ['[[Wubbleflux]]']",
    "description: 'Sur [[Zyxomma Secret]].'",
    "missions:\n- {employer: '[[Zyxomma Secret]]', note: '[[Wubbleflux]]'}",
    "date_creation: '[[Zyxomma Secret]]'",
    "logo: '[[Zyxomma Secret]]'",
    "isPartOf: [[Zyxomma Secret]]",
    "rdfs:seeAlso: '[[Wubbleflux]]'",
)


@settings(max_examples=60)
@given(
    way=st.sampled_from(WAYS),
    mentions=st.lists(st.sampled_from(MENTIONS), max_size=4, unique=True),
    asked=st.lists(st.sampled_from(ASKED), max_size=4, unique_by=lambda line: line.partition(":")[0]),
    name=st.sampled_from(FORMAT_NAMES),
)
def test_nothing_of_a_private_note_is_published(way: Files, mentions: list[str], asked: list[str], name: str) -> None:
    front = "".join(f"{line}\n" for line in asked)
    body = "\n\n".join(mentions)
    with pressed_from({**way, "a.md": f"---\n{front}---\n{body}\n", "b.md": "", "herbier.toml": FRENCH}) as root:
        pressed = press(root, name)
    published = pressed.data.decode().casefold()
    assert not [mark for mark in MARKS if mark in published]
    assert pressed.summary.private == 1
