"""Declarations that are made to harm: nothing hangs, nothing outside the vault is read, what is odd is passed over."""

import json
import time
from pathlib import Path

import pytest
from tests.conftest import Files, build_notes, run, triples, vault

MENU = ".obsidian/plugins/metadata-menu/data.json"
SLOW: list[tuple[str, Files]] = [
    ("a string that does not end", {".obsidian/types.json": '{"a":"' + '\\"' * 400_000}),
    ("a great many keys", {".obsidian/types.json": json.dumps({"types": {f"k{n}": "text" for n in range(40_000)}})}),
    (
        "stars of a pattern",
        {
            "r.schema.yml": 'schemas:\n- {id: x, parent: root, namespace: true, title: person, pattern: "'
            + "*" * 30 + 'b"}\n',
            "a" * 120 + ".c.md": "",
        },
    ),
    (
        "children of each other",
        {
            "r.schema.yml": "schemas:\n- {id: a, parent: root, children: [b, b, b, b, b, b, b, b]}\n"
            "- {id: b, children: [a, a, a, a, a, a, a, a]}\n"
        },
    ),
    (
        "contexts of contexts",
        {
            "context.jsonld": json.dumps({"@context": ["b.json"] * 60}),
            "b.json": json.dumps({"@context": ["c.json"] * 60}),
            "c.json": json.dumps({"@context": ["d.json"] * 60}),
            "d.json": json.dumps({"@context": ["e.json"] * 60}),
            "e.json": json.dumps({"@context": {"x": "https://schema.org/x"}}),
        },
    ),
    (
        "an alias bomb for a key",
        {"_config.yml": "".join(
            f"? - &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]\n: y\n" for n in range(9)
        )},
    ),
]  # fmt: skip


@pytest.mark.parametrize("files", [row[1] for row in SLOW], ids=[row[0] for row in SLOW])
def test_what_is_made_to_take_long_does_not(files: Files, tmp_path: Path) -> None:
    start = time.perf_counter()
    assert build_notes(vault(tmp_path, {"a.md": "", **files})).counts.published >= 1
    assert time.perf_counter() - start < 10  # each took minutes


ODD: list[tuple[str, Files]] = [
    ("a context of another suffix", {"context.jsonld": '{"@context": ["terms.ld"]}', "terms.ld": "{}"}),
    ("half a character", {"hugo.json": '{"title": "\\ud800 x"}'}),
    ("half a character in an IRI", {"context.jsonld": '{"@context": {"a": "https://x.example/\\ud800"}}'}),
    ("no character of XML", {"hugo.toml": 'title="\\u0001a\\ufffe"\n'}),
    ("a null in a path", {MENU: '{"classFilesPath": "a\\u0000b"}'}),
    ("an address that is a script", {"context.jsonld": '{"@context": {"@base": "javascript:alert(1)//"}}'}),
    ("a base that is none", {"context.jsonld": '{"@context": {"@base": "http://["}}'}),
    ("types of others' notes", {"a.md": "---\ntype: game\npublisher: Inner\ndeveloper: Inner\n---\n"}),
]


@pytest.mark.parametrize("files", [row[1] for row in ODD], ids=[row[0] for row in ODD])
def test_what_is_odd_is_written_in_every_format(files: Files, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "---\ntype: person\n---\n", **files})
    for name in ("nquads", "turtle", "rdfxml"):
        assert triples(build_notes(root, name).data, name)
    assert b"javascript" not in build_notes(root).data
    assert run("check", str(root)).code in (0, 1)


def test_nothing_outside_the_vault_is_read(tmp_path: Path) -> None:
    outside = vault(tmp_path / "outside", {
        "types.json": '{"types": {"x": "date"}}', "cls.md": "---\nextends: Book\ntagNames: [zig]\n---\n",
        "c.json": '{"@context": {"x": "https://evil.example/x"}}', "config.yml": "title: Dehors\n",
        "log.md": "# L\n\n## OUTSIDE heading\n",
    })  # fmt: skip
    root = vault(tmp_path / "in", {
        MENU: '{"classFilesPath": "../outside"}', "context.jsonld": '{"@context": ["lnk/c.json", "../outside/c.json"]}',
        "a.md": "---\ntags: [zig]\nx: y\n---\n",
    })  # fmt: skip
    (root / "lnk").symlink_to(outside)
    (root / "_config.yml").symlink_to(outside / "config.yml")
    (root / "log.md").symlink_to(outside / "log.md")
    built = build_notes(root)
    assert b"evil.example" not in built.data and b"schema.org/Book" not in built.data and b"Dehors" not in built.data
    told = run("check", str(root), "--profile", "okf")
    assert "OUTSIDE" not in told.out + told.err


def test_template_folders_are_compared_as_they_read(tmp_path: Path) -> None:
    root = vault(tmp_path, {
        ".obsidian/templates.json": json.dumps({"folder": "./Mode\u0300les à moi"}),
        "Modèles à moi/t.md": "Gabarit\n", "a.md": "",
    })  # fmt: skip
    assert b"Gabarit" not in build_notes(root).data
