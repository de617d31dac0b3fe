"""`herbier fix` over generated faults: graph and text stay, the problems go, and a second time does nothing."""

import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import CASES, FRENCH, build_notes, quads, run, vault

from herbier.fix.fixes import FIXES
from herbier.vault.note import Note, read_note

FIXED = {row.code for row in FIXES if row.code}
BODIES = ("", "Corps.\n", "\n# Vie\n\nVoir [[Un]] #ia\nné:: 1/2/1900\n\n- type: isPartOf\n", "tag: x\n\n\n", "fin")

# --- notes whose faults can all be fixed -------------------------------------------------------------------------

words = st.sampled_from(
    ["Ada", "l'été", "Œuvre à part", "Москва", "深層学習", "a-b", "x", "C#", "50 %", "e\u0301te\u0301"]
)
links = words.map(lambda word: f"[[{word}]]")
relations = st.sampled_from(["isPartOf", "hasPart", "rdfs:seeAlso", "owl:differentFrom", "uses", "inconnue"])
keys = st.sampled_from(["résumé", "largeur du col", "employeur", "prix", "clé", "dcterms:source", "source", "état"])
comments = st.sampled_from(["", "", "", "  # pourquoi", " # l'été: [a"])
dates = st.sampled_from(
    ["20/03/2025", "août 1956", "1742428800", "'5 mars 1964'", '"1964.03.05"', "1956", "2025-03-20", "1742428800000",
     "20/03/2025 10:30", "1er mai 2001", "[1/2/2025, 3 mai 2001]", "jamais", "'[[20/03/2025]]'", "-44"]
)  # fmt: skip


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


quoted_links = links.map(single)
values = st.one_of(
    quoted_links,
    words.map(single),
    st.sampled_from(
        ["simple", "deux mots", '"dit \\"oui\\""', "[a, 'b c']", "", "~", "12", "[[Ada]]", "{a: b, c: '[[d]]'}"]
    ),
)
fields = st.builds(lambda key, value, comment: f"{key}: {value}{comment}".rstrip(), keys, values, comments)
lists = st.builds(
    lambda key, items, indent, comment: "\n".join([f"{key}:{comment}", *(f"{indent}- {item}" for item in items)]),
    keys, st.lists(quoted_links, min_size=1, max_size=3), st.sampled_from(["", "  ", "    "]), comments,
)  # fmt: skip
bare_items = st.builds(
    lambda relation, target, comment, turned: (
        f"- target: {target}{comment}\n  type: {relation}"
        if turned
        else f"- type: {relation}{comment}\n  target: {target}"
    ),
    relations, quoted_links, comments, st.booleans(),
)  # fmt: skip
bare = st.lists(bare_items, min_size=1, max_size=3).map("\n".join)
under_key = st.builds(
    lambda items, kept: "relations:\n" + "\n".join([*items, *([f"- {kept}"] if kept else [])]),
    st.lists(bare_items, min_size=1, max_size=3),
    st.one_of(st.just(""), quoted_links),
)
faults = st.one_of(
    bare,
    under_key,
    st.builds(lambda key, word: f"{key}: {word}: suite", keys, words),
    st.builds(lambda key, word: f"{key}: `{word}` et la suite", keys, words),
    st.builds(lambda key, word: f"{key}: \"{word}\" et la suite", keys, words),
    st.builds(lambda key, word: f"{key}: '{word.replace(chr(39), '')}' et la suite", keys, words),
    st.builds(
        lambda key, items: f"{key}:\n" + "\n".join(f"  - {item}: a: b" for item in items),
        keys, st.lists(words, min_size=1),
    ),
    st.builds(lambda key: f"{key}:\n\t- a\n\t- b", keys),
    st.builds(lambda key: f"{key}:\n\tinterne: a\n\tautre: b", keys),
    st.sampled_from(["tags: #un #deux", "tag: ia", "tag: [ia, 'été']  # sic", "tags: a, b", "tags:\n- x\n- 'y z'"]),
    st.builds(lambda key, date: f"{key}: {date}", st.sampled_from(["created", "naissance", "dcterms:modified"]), dates),
)  # fmt: skip
sound = st.one_of(
    fields, lists, st.sampled_from(["# un commentaire", "", "title: Titre", "type: personne",
                                   "texte: |\n  un\n  # deux\n\n  trois", "mission:\n  début: 1/2/2020\n  lieu: x"]),
)  # fmt: skip
heads = st.lists(st.one_of(sound, faults, faults), min_size=1, max_size=8).map("\n".join)


# What people write in quotes, without knowing that a quote within them ends them: the text is what was meant.
meant = (
    st.text(st.sampled_from("aé 'L\"o,b"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(
        lambda text: (
            text
            and text[0] not in "'\","
            and text[-1] not in "'\","
            and "''" not in text
            and not re.search("[\"'] *,", text)
        )
    )
)


@given(text=meant, quote=st.sampled_from("'\""), key=st.sampled_from(["title", "description", "inconnue"]))
def test_quotes_around_a_text_go_and_those_in_it_stay(text: str, quote: str, key: str) -> None:
    once(f"{key}: {quote}{text}{quote}", key, [text])


@given(texts=st.lists(meant, min_size=2, max_size=4), quote=st.sampled_from("'\""))
def test_a_list_in_brackets_stays_a_list(texts: list[str], quote: str) -> None:
    once(f"aliases: [{', '.join(f'{quote}{text}{quote}' for text in texts)}]", "aliases", texts)


def once(line: str, key: str, texts: list[str]) -> None:
    """Hold a line to this: what is meant is read, a fix changes nothing of it, and a second one has nothing to do."""
    with tempfile.TemporaryDirectory() as folder:
        root = vault(Path(folder), {"herbier.toml": FRENCH, "a.md": f"---\n{line}\n---\n"})

        def read() -> list[str]:
            note = read_note(root, "a.md", 1_000_000)
            assert isinstance(note, Note)
            found = [value.text for field in note.fields if field.key == key for value in field.values]  # type: ignore[union-attr]
            return [" ".join(text.split()) for text in found]

        wanted = [" ".join(text.split()) for text in texts]
        assert read() == wanted
        run("fix", root, "--write")
        assert read() == wanted
        fixed = (root / "a.md").read_bytes()
        assert "repaired-value" not in codes_of(root)
        run("fix", root, "--write")
        assert (root / "a.md").read_bytes() == fixed


def note(head: str, body: str, end: str, mark: str, opening: str, closing: str, encoding: str) -> bytes:
    text = f"{opening}---\n{head}\n{closing}{body}"
    return (mark + text.replace("\n", end)).encode(encoding, "replace")


def body_of(layout: dict[str, str]) -> bytes:
    codec = {"utf-16": "utf-16-le"}.get(layout["encoding"], layout["encoding"])
    return layout["body"].replace("\n", layout["end"]).encode(codec, "replace")


def codes_of(root: Path) -> list[str]:
    return [found["code"] for found in json.loads(run("check", root, "--format", "json").out)]


def hold(notes: Mapping[str, bytes], bodies: Mapping[str, bytes]) -> tuple[list[str], str]:
    """Fix notes and hold them to all that is true of any; return the codes of `check` after, and before.

    `bodies` are the bytes that each note must still end with.
    """

    def held() -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in root.iterdir()}

    with tempfile.TemporaryDirectory() as folder:
        root = vault(Path(folder), {"herbier.toml": FRENCH, "Un.md": "un\n", **notes})
        before, graph, codes = held(), quads(build_notes(root).data, "nquads"), Counter(codes_of(root))
        dry = run("fix", root)
        assert held() == before
        told = run("fix", root, "--write")
        after = held()
        assert dry.out.count("\n+++ ") + dry.out.startswith("+++ ") == sum(
            after[name] != before[name] for name in before
        )
        assert [name for name, body in bodies.items() if not after[name].endswith(body)] == []
        assert quads(build_notes(root).data, "nquads") == graph
        left = codes_of(root)
        assert not Counter(left) - codes
        assert len([code for code in left if code in FIXED]) <= told.err.count(": left as it is: ")
        again = run("fix", root, "--write")
        assert held() == after
        assert told.code == again.code == dry.code
        return left, told.err


layouts = {
    "body": st.sampled_from(BODIES),
    "end": st.sampled_from(["\n", "\r\n", "\r"]),
    "mark": st.sampled_from(["", "\ufeff"]),
    "opening": st.sampled_from(["", "\n"]),
    "closing": st.sampled_from(["---\n", "---\n", "...\n", ""]),
    "encoding": st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "cp1252"]),
}


def encoded(layout: dict[str, str]) -> dict[str, str]:
    if layout["encoding"] != "utf-8":
        layout["mark"] = ""
    if not layout["closing"] and layout["body"]:
        layout |= {"closing": "\n", "body": "# Vie\n\n- type: isPartOf\n"}
    return layout


Layout = dict[str, str]
laid_out = st.fixed_dictionaries(layouts).map(encoded)


@given(st.lists(st.tuples(heads, laid_out), min_size=1, max_size=4))
@settings(max_examples=40)
def test_faults_that_can_be_mended_are_gone_and_nothing_else_changes(drawn: list[tuple[str, Layout]]) -> None:
    notes = {f"é {number}.md": note(head, **layout) for number, (head, layout) in enumerate(drawn)}
    bodies = {name: body_of(layout) for name, (_, layout) in zip(notes, drawn, strict=True)}
    left, told = hold(notes, bodies)
    assert not FIXED & set(left), told


# --- any lines at all ---------------------------------------------------------------------------------------------

WILD = """title: x|title: y|titre: z|a: b: c|a: &x y|b: *x|c: *y|- type: isPartOf|  target: '[[Un]]'|- plain|-|- - a
  - b|\t- c|\tx: y|k:|k: |k:v|'q': "r" s|? x|: y|= =|%YAML 1.1|@a: b|{a: b}|[a|]|x: [a|x: {b|y: 'open|close'|z: "open
"|tag: a|tag:|tags: b, c|Tag: d|tags: #e|#|# note|  # dedans||   |texte: \\||texte: >-|  suite|suite|... |--- x
draft: oui|private: {a: b}|privé: a: b|publish: `oui`|publish: false|date: 1/2/2025|date: [1/2/2025,|  3/2/2025]
created: '1/2|  2025'|modified: !!str 1/2/2025|<<: *x|k: {{x}}|k: {{x}} y|k: <% y %>|aliases: [a|aliases: b
type: a: b|type: '[[Un]]'|slug: s t|  - type: uses|    target: [x, y]|relations:
relations: [{type: uses, target: x}]|relations: {type: a, target: b}|clé\u2028a: b|n\x85b: c|e\u0301: e\u0301: f
x: \x07|"a b": c: d|a : b|a :|lang: fr: x|- {type: uses, target: '[[Un]]'} # c|k: |- # c|  type: hasPart # d
  target:|    - a|    - '[[Un]]'|http://x.y/z: 1|a: http://x.y: z|1984: a|1984: b""".replace("\n", "|").split("|")


wild = st.lists(st.one_of(st.sampled_from(WILD), faults), max_size=10).map("\n".join)


@given(st.lists(st.tuples(wild, laid_out), min_size=1, max_size=4))
@settings(max_examples=40)
def test_lines_of_any_kind_keep_their_graph(drawn: list[tuple[str, Layout]]) -> None:
    hold({f"é {number}.md": note(head, **layout) for number, (head, layout) in enumerate(drawn)}, {})


# --- the worst notes ----------------------------------------------------------------------------------------------

WORST: dict[str, str | bytes] = {
    "vide.md": "",
    "marques.md": "---\n---\n",
    "une marque.md": "---",
    "que des tirets.md": "---\n---\n---\ntag: x\n---\n",
    "pas de tête.md": "tag: x\ncreated: 1/2/2025\n",
    "séparateur.md": "---\nCe n'est pas une clé\n---\ntag: x\n",
    "jamais close.md": "---\ntag: a\nprix: b: c\n- type: uses\n  target: '[[Un]]'\n\nTexte: rien.\n\n- type: uses\n",
    "sans fin.md": "\ufeff---\r\ntag: a\r\ntags: #b",
    "close par des points.md": "---\ntag: a\n...\ntag: b\n---\n",
    "liste seule.md": "---\n- type: uses\n  target: '[[Un]]'\n---\n",
    "liste de mots.md": "---\n- un\n- deux: trois: quatre\n---\n",
    "accolades.md": "---\n{title: x, tag: y, title: z, created: 1/2/2025}\n---\n",
    "en retrait.md": "---\n  title: x\n  tag: y\n  tag: z\n---\n",
    "commentaires.md": "---\n# a\nprix: b: c # d\n# e: 'f\n\n  # g\nprix: h # i\n# j [\n---\n# k\n",
    "ancres.md": "---\nprix: &a b\nétat: *a\nprix: *a\nclé: &a c\nclé: *a: d\n---\n",
    "étiquettes de YAML.md": "---\ncreated: !!timestamp 1/2/2025\nprix: !x y\nprix: !!python/object:os [rm]\n---\n",
    "blocs.md": "---\nprix: |+\n  un\n\n   # deux\n\nprix: >-2\n    trois\nprix: |\nrien\ntag: |\n  a, b\n---\n",
    "guillemets.md": "---\na: 'b\nc: d'\ne: \"f\ng: 'h\n\n i'\na: \"j\\x07\\n\" k\n'l': 'm'\n\"l\": n\n---\n",
    "crochets.md": "---\ntags: [a, 'b\ntags: c], d]\nrelations: [{type: uses, target: [x, '[[Un]]']}, y]\n---\n",
    "clés.md": "---\n: a\n? b\n: c\n[d]: e\n{f: g}: h\n*i: j\n<<: {k: l}\n'': m\n\"\": n: o\n- p: q\n---\n",
    "tabulations.md": "---\ttag: x\n\ttag: y\ntags:\t#z\nprix:\t\tb: c\nétat:\n\t- a\n  \t- b\n\t\t- c\n---\t\n",
    "contrôles.md": "---\nprix: \x00a: \x1bb\ntag: c\u2028d: e\n\x85f: g\n---\n\x0c",
    "fins mêlées.md": "\n \n---  \r\ntag: a\rprix: b: c\nprix: d\r\n---\r\rtexte\n\r\n",
    "décomposé.md": "---\ne\u0301tat: a: e\u0301\n\u00e9tat: b\ncre\u0301e\u0301: 1er ao\u00fbt 2025\n---\ne\u0301\n",
    "privé.md": "---\nprivate: oui\nprivate: non\ntag: x\n---\n",
    "privé peut-être.md": "---\npublish: `non`\ndraft: a: b\nprivé: #oui\n---\n",
    "titres.md": "---\ntitle: a\ntitre: b\ntitle: c\nslug: d\nslug: e\nlang: fr\nlang: en\n---\n",
    "types.md": "---\ntype: personne\nclasse: '[[Un]]'\ntype: lieu\nborn: 1/2/1900\npays: x\npays: y: z\n---\n",
    "dates.md": "---\ndate: [1/2/2025, '[[2/2/2025]]', 3 mars 2025, 2025, vers 2025]\ndate: '1er\n  mai 2025'\n---\n",
    "imbriqué.md": f"---\na: {'[' * 300}\nb: {'{x: ' * 200}\n{'- ' * 150}c: d: e\ntag: f\n---\n",
    "modèle.md": "---\ntitle: {{title}}\ncreated: <% tp.date.now() %>\ntag: {{tags}}: x\ntag: y\n---\n",
    "toml.md": "+++\ntag = a: b\ntag = 'c'\n+++\n",
    "json.md": '{"tag": "a", "tag": "b", c: d}\n\ntexte\n',
    "latin.md": "---\nrésumé: été: chaud\ntag: é\n---\ncœur\n".encode("cp1252"),
    "latin marqué.md": b"\xef\xbb\xbf" + "---\nrésumé: été: chaud\ntag: é\n---\ncœur\n".encode("cp1252"),
    "latin brisé.md": b"---\ntag: \xc3\x28\x81\nprix: a: \xff\n---\n\x8d\xe9\n",
    "utf-16.md": "---\ntag: é\nprix: a: b\n---\n\U0001f600".encode("utf-16"),
    "utf-16 impair.md": "---\ntag: é\n---\n".encode("utf-16") + b"x",
    "binaire.md": bytes(range(256)),
    "mille.md": "---\n" + "tag: x\nprix: a: b\n- type: uses\n  target: '[[Un]]'\n" * 40 + "clé: &a\nclé: &a\n---\n",
}


def test_the_worst_notes_keep_their_graph_and_their_text() -> None:
    bodies = {name: data.partition("\n---\n")[2].encode() for name, data in WORST.items() if isinstance(data, str)}
    bodies["que des tirets.md"] = b""  # a second head, and no text
    encoded = {name: data if isinstance(data, bytes) else data.encode() for name, data in WORST.items()}
    left, told = hold(encoded, bodies)
    assert "error: binaire.md" in told
    assert len([name for name in WORST if f"\n{name}: written" in f"\n{told}"]) > 20
    assert len(left) > 10


def test_each_of_the_worst_notes_is_its_own_fixed_point() -> None:
    for name, data in WORST.items():
        hold({name: data if isinstance(data, bytes) else data.encode()}, {})


@pytest.mark.parametrize("case", sorted(vault.parent for vault in CASES.glob("*/vault")), ids=lambda case: case.name)
def test_every_case_keeps_its_graph(case: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(case / "vault", tmp_path / "vault"))
    before = build_notes(root)
    told = run("fix", root, "--write")
    assert told.code in (0, 1)
    after = build_notes(root)
    assert quads(after.data, "nquads") == quads(before.data, "nquads")
    assert len([code for code in after.codes if code in FIXED]) <= told.err.count(": left as it is: ")
    assert run("fix", root).out == ""
