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
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.conftest import BASE, FRENCH, Files, build_notes, quads, run, triples, vault

from herbier.rdf.formats import FORMATS
from herbier.rdf.slugs import slug

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
        expected = build_notes(first)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "scandir", shuffled)
            again = build_notes(first)
    chance.shuffle(names)
    with pressed_from({name: files[name] for name in names}) as second:
        other = build_notes(second)
    assert again == expected
    assert other == expected


@settings(max_examples=4)
@given(files=notes())
def test_the_number_of_processes_changes_nothing(files: Files) -> None:
    with pressed_from(files) as root:
        for name in FORMAT_NAMES:
            assert build_notes(root, name, jobs=2) == build_notes(root, name, jobs=1)


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_many_notes_in_two_processes_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    """More notes than one share holds, each naming others of other shares."""
    files = {
        f"d{n % 7}/note {n}.md": f"---\nisPartOf: '[[note {n // 2}]]'\ntags: [t{n % 5}]\n---\n"
        f"[[note {n * 7 % 180}]] [[absente {n % 3}]]\n"
        for n in range(180)
    }
    root = vault(tmp_path, {**files, "herbier.toml": FRENCH})
    one = build_notes(root, name, jobs=1)
    assert one.counts.published == 180
    assert build_notes(root, name, jobs=2) == one
    assert build_notes(root, name, jobs=3) == one


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
            before = build_notes(root, name).data
            (root / f"dump{suffix}").write_bytes(before)  # an output kept in the vault is not part of it
            assert build_notes(root, name).data == before


# --- every format carries the same triples --------------------------------------------------------


@settings(max_examples=30)
@given(files=notes())
def test_every_format_carries_the_same_triples(files: Files) -> None:
    """Read back by Oxigraph; the formats that have graphs keep them."""
    with pressed_from(files) as root:
        data = {name: build_notes(root, name).data for name in FORMAT_NAMES}
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
        expected = _rdflib_triples(build_notes(root, "ntriples").data, "ntriples")
        assert len(expected) > 10
        for name in FORMAT_NAMES:
            assert _rdflib_triples(build_notes(root, name).data, name) == expected, name


@settings(max_examples=40)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_text_survives_every_format(text: str) -> None:
    """A literal text, whatever its signs: quotes, backslashes, marks, other planes, what looks like an escape."""
    with pressed_from({"a.md": f"```\n{text}\n```\n", "herbier.toml": FRENCH}) as root:
        expected = triples(build_notes(root).data, "nquads")
        for name in ("turtle", "jsonld", "rdfxml", "trig"):
            assert triples(build_notes(root, name).data, name) == expected, name


@settings(max_examples=20)
@given(files=notes())
def test_ntriples_is_what_oxigraph_writes(files: Files) -> None:
    with pressed_from(files) as root:
        data = build_notes(root, "ntriples").data
    lines = data.decode().splitlines()
    assert lines
    assert set(lines) == {f"{triple} ." for triple in triples(data, "ntriples")}


@settings(max_examples=20)
@given(files=notes())
def test_no_blank_node_and_no_http_schema_org(files: Files) -> None:
    with pressed_from(files) as root:
        data = build_notes(root).data
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
        pressed = build_notes(root)
    graphs = {quad.rpartition(" ")[2] for quad in quads(pressed.data, "nquads")}
    notes = [graph for graph in graphs if graph.startswith(f"<{BASE}doc/")]
    assert len(notes) == len(found) == pressed.counts.published
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
        assert build_notes(first).data == build_notes(second).data


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
        pressed = build_notes(root, name)
    published = pressed.data.decode().casefold()
    assert not [mark for mark in MARKS if mark in published]
    assert pressed.counts.private == 1
