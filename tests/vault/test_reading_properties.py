"""Any bytes are a note or a problem, and valid YAML reads as PyYAML reads it."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.conftest import FRENCH, build_notes, triples
from tests.pipeline.test_properties import pressed_from

from herbier.problems import CODES, Problem
from herbier.text import clean
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.note import Note, parse_note

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
            pressed = build_notes(root, name)
            of = pressed.counts
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
        expected = triples(build_notes(root).data, "nquads")
        assert triples(build_notes(root, "turtle").data, "turtle") == expected
        assert triples(build_notes(root, "rdfxml").data, "rdfxml") == expected


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


_MAY_BE_TOLD = ("unclosed-front-matter", "commented-value")


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
    assert not [found.code for found in note.problems if found.code not in _MAY_BE_TOLD]


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
