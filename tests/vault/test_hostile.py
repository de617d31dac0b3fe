"""Notes that are meant to break the reader: nesting, sizes, and time that must grow with the size alone."""

import time
from pathlib import Path

import pytest
from tests.conftest import BASE, FRENCH, build_notes, said_of, vault
from tests.vault.test_files import fields, within

# --- what is meant to break it --------------------------------------------------------------------


def _aliases(depth: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return "\n".join(lines)


def _merges(depth: int) -> str:
    merged = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, depth)]
    return "\n".join(["a0: &a0 {}", *merged])


HOSTILE = {
    "merges that multiply": f"---\ntitle: t\n{_merges(12)}\n---\n",
    "a merge of itself": "---\ntitle: t\na: &a\n  <<: *a\n---\n",
    "aliases that multiply": f"---\ntitle: t\n{_aliases(12)}\n---\n",
    "an alias of itself": "---\ntitle: t\na: &a [*a]\n---\n",
    "a mapping of itself": "---\ntitle: t\na: &a\n  b: *a\n---\n",
    "deep flow": f"---\ntitle: t\na: {'[' * 50_000}\n---\n",
    "deep flow, closed": f"---\ntitle: t\na: {'[' * 5_000}{']' * 5_000}\n---\n",
    "deep mappings": "---\ntitle: t\n" + "".join(f"{' ' * n}a:\n" for n in range(2_000)) + "---\n",
    "deep sequences": f"---\ntitle: t\na:\n  {'- ' * 50_000}x\n---\n",
    "deep json": '{"title": "t", "a": ' + "[" * 50_000 + "]" * 50_000 + "}\n",
    "less deep json": '{"title": "t", "a": ' + '{"a": ' * 400 + "1" + "}" * 400 + "}\n",
    "less deep json lists": '{"title": "t", "a": ' + "[" * 400 + "]" * 400 + "}\n",
    "less deep toml": "+++\ntitle = 't'\na = " + "[" * 150 + "]" * 150 + "\n+++\n",
    "deep toml": "+++\ntitle = 't'\na = " + "[" * 50_000 + "]" * 50_000 + "\n+++\n",
    "tags of Python": (
        "---\ntitle: t\na: !!python/object/apply:os.system ['touch PWNED']\nb: !!python/name:os.system x\n---\n"
    ),
    "deep quotations": "---\ntitle: t\n---\n" + "> " * 20_000 + "x\n",
    "deep lists": "---\ntitle: t\n---\n" + "".join(f"{'  ' * n}- x\n" for n in range(500)),
    "many brackets": "---\ntitle: t\n---\n" + "[[" * 50_000,
    "many emphases": "---\ntitle: t\n---\n" + "*a_ " * 50_000,
    "many comments": "---\ntitle: t\n---\n" + "%% " * 50_000,
    "many headings": "---\ntitle: t\n---\n" + "".join(f"## Titre {n}\n\nx\n\n" for n in range(5_000)),
    "many links": "---\ntitle: t\n---\n" + "[[a]] [[#Titre]] " * 20_000,
    "many tags": "---\ntitle: t\n---\n" + "#a/b/c " * 50_000,
    "one long line": "---\ntitle: t\n---\n" + "mot " * 300_000,
    "many keys": "---\ntitle: t\n" + "".join(f"k{n}: v\n" for n in range(3_000)) + "---\n",
    "many broken values": "---\ntitle: t\n" + "".join(f"k{n}: a: b\n" for n in range(2_000)) + "---\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_notes_are_read_in_time(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    root = vault(tmp_path / "vault", {"a.md": HOSTILE[name], "herbier.toml": FRENCH})
    with within(30):
        pressed = build_notes(root)
    assert pressed.counts.published == 1
    assert f'<{BASE}id/t> <https://schema.org/name> "t"@fr'.encode() in pressed.data
    assert not (tmp_path / "PWNED").exists()


def test_tags_of_python_run_nothing_and_their_values_are_text() -> None:
    assert fields("---\na: !!python/object/apply:os.system ['touch PWNED']\nb: !!python/name:os.system x\n---\n") == {
        "a": ["touch PWNED"],
        "b": ["x"],
    }


SLOW = {
    # a thematic break, then a long paragraph without a colon, such as an embedded image, then another break
    "a break and a long line": "---\n" + "a" * 150_000 + "\n---\n",
    "a break and an embedded image": "---\n![](data:image/png;base64," + "A" * 300_000 + ")\n---\n",
    "many inline fields in a paragraph": "clé:: valeur\n" * 15_000,
    "many headings of one name": "## Journal\n\nx\n\n" * 12_000,
    "a quotation that does not end": "---\nx: 'a\n" + "b\n" * 60_000 + "---\n",
    "many members of JSON": "{" + ", ".join(f'"k{n}": 1' for n in range(60_000)) + "}\n",
}


@pytest.mark.parametrize("name", SLOW)
def test_time_grows_with_the_size(name: str, tmp_path: Path) -> None:
    """1.2 MB notes are among what is met in real vaults; these have less, and a fault must not hang a build."""
    root = vault(tmp_path, {"a.md": SLOW[name], "herbier.toml": FRENCH})
    with within(30):
        pressed = build_notes(root)
    assert pressed.counts.published == 1


def test_many_links_to_a_private_note_are_read_in_time(tmp_path: Path) -> None:
    root = vault(
        tmp_path,
        {"a.md": "## Points clés\n\n" + "- un [[Secret]] mot\n" * 8_000, "Secret.md": "---\nprivate: true\n---\n"},
    )
    with within(30):
        pressed = build_notes(root)
    assert b"Secret" not in pressed.data


def test_a_note_of_1_2_megabytes(tmp_path: Path) -> None:
    paragraph = "Un paragraphe avec un [[b|lien]], une #étiquette, du *style* et https://site.example/.\n\n"
    body = "".join(f"## Titre {n}\n\n{paragraph * 12}" for n in range(1_150))
    assert len(body.encode()) > 1_200_000
    root = vault(tmp_path, {"a.md": f"---\ntitle: Gros\n---\n{body}", "b.md": "", "herbier.toml": FRENCH})
    start = time.monotonic()
    with within(40):
        pressed = build_notes(root)
    assert time.monotonic() - start < 40
    assert not pressed.problems
    assert "schema:mentions id/b" in said_of(root, "doc/gros")
    assert f"{BASE}doc/gros#titre-1149".encode() in pressed.data
