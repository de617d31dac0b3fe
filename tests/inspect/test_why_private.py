"""Why a note is not published: told to its keeper, who asks for it."""

from pathlib import Path

import pytest
from tests.conftest import Files, run, vault

WHY: list[tuple[str, Files, str, str]] = [
    ("a key", {"a.md": "---\ntitle: A\ndraft: true\n---\n"}, "a.md", "line 3 says draft: true"),
    ("a tag", {"a.md": "---\ntags: [private]\n---\n"}, "a.md", "the tag 'private' keeps the note back"),
    ("a folder", {"private/a.md": ""}, "private/a.md", "the name 'private' in its path"),
    ("a site", {"_config.yml": "exclude: [x]\n", "x/a.md": ""}, "x/a.md", "_config.yml leaves it out"),
    ("a list", {".herbierignore": "a.md\n", "a.md": ""}, "a.md", ".herbierignore or .gitignore lists it"),
    ("no mark", {"herbier.toml": 'publish = "marked"\n', "a.md": ""}, "a.md", "only notes that say publish: true"),
    (
        "the page of its folder",
        {"s/_index.md": "---\ncascade: {draft: true}\n---\n", "s/a.md": ""},
        "s/a.md",
        "the page of its folder says so",
    ),
]


@pytest.mark.parametrize(("files", "path", "why"), [row[1:] for row in WHY], ids=[row[0] for row in WHY])
def test_explain_says_what_keeps_a_note_back(files: Files, path: str, why: str, tmp_path: Path) -> None:
    root = vault(tmp_path, files)
    told = run("explain", str(root / path), "--vault", str(root))
    assert told.code == 2 and "is private" in told.err and why in told.err
