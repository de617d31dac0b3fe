"""The rows of mapping that `inventory` and `init` propose for what no rule knows."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import BASE, FRENCH, facts, run, vault
from tests.inspect.test_inventory import FILES, inventory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return vault(tmp_path / "notes", FILES)


# --- proposals ------------------------------------------------------------------------------------


def codes(root: Path) -> list[str]:
    return [problem["code"] for problem in json.loads(run("check", root, "--format", "json").out)]


def paste(root: Path) -> list[dict[str, Any]]:
    """Put all rows that are proposed at the end of herbier.toml."""
    proposals: list[dict[str, Any]] = inventory(root)["proposals"]
    file = root / "herbier.toml"
    before = file.read_text("utf-8") if file.exists() else ""
    file.write_text(before + "\n" + "\n".join(found["row"] for found in proposals), "utf-8")
    tomllib.loads(file.read_text("utf-8"))
    return proposals


def test_pasted_rows_make_all_keys_known_and_are_sound(root: Path) -> None:
    assert "unknown-key" in codes(root)
    assert len(paste(root)) == 9
    assert not {"unknown-key", "bad-mapping", "bad-setting"} & set(codes(root))
    assert inventory(root)["proposals"] == []


def test_pasted_rows_change_nothing_that_is_published_of_the_notes(tmp_path: Path) -> None:
    """But for the declarations of the keys, and for what only the text of a value says beside a link."""
    root = vault(tmp_path, {**FILES, "herbier.toml": FRENCH})

    def said() -> set[str]:
        declared = ("rdf:Property", "rdfs:isDefinedBy", "rdfs:label")
        return {fact for fact in facts(root) if not (fact.startswith("key/") and any(w in fact for w in declared))}

    before = said()
    paste(root)
    after = {fact.replace("key/effectif_total", "key/Effectif_total") for fact in said()}
    assert after == {re.sub("key/effectif[_ ]total", "key/Effectif_total", fact) for fact in before}
    assert any("key/obscur" in fact for fact in before) is False  # it names a private note


def test_a_likely_slip_comes_first_with_the_key_that_is_meant(root: Path) -> None:
    first = inventory(root)["proposals"][0]
    assert (first["key"], first["near"]) == ("tilte", "titre")
    assert first["row"].startswith("# tilte, dans 1 note ; s'agit-il de 'titre' ?\n[mapping.keys.tilte]\n")


@pytest.mark.parametrize(
    ("value", "guess"),
    [
        ("2024-03-01", 'thing = ["dcterms:date"]\n# value = "date"'),
        ("'[[a]]'", 'thing = ["dcterms:relation"]\n# value = "entity"'),
        ("https://example.org/", 'thing = ["schema:url"]\n# value = "address"'),
        ("12.5", 'thing = ["rdf:value"]\n# value = "number"'),
        ("des mots", ""),
    ],
)
def test_a_guess_is_a_comment_and_loads_where_it_is_taken(value: str, guess: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"---\nzyx: {value}\n---\n", "herbier.toml": 'language = "en"\n'})
    (found,) = inventory(root)["proposals"]
    (row,) = tomllib.loads(found["row"])["mapping"]["keys"].values()
    assert row["thing"] == [f"{BASE}key/zyx"]
    if not guess:
        assert found["row"].count("#") == 2
        return
    assert f"# {guess}" in found["row"]
    header, names = found["row"].splitlines()[1:3]
    taken = "\n".join([header, names, guess.replace("# ", "")])
    (root / "herbier.toml").write_text(f'language = "en"\n{taken}\n')
    assert codes(root) == []


def test_a_row_never_replaces_another(tmp_path: Path) -> None:
    """`draft` is known of a note, and not of a value with keys of its own."""
    root = vault(tmp_path, {"a.md": "---\nmissions:\n  - {draft: no}\n---\n", "b.md": "---\ndraft: true\n---\n"})
    (found,) = paste(root)
    assert "[mapping.keys.draft-2]" in found["row"]
    assert "unknown-key" not in codes(root)
    assert inventory(root)["notes"] == 1  # b.md is a draft still


def test_a_key_that_no_row_can_name(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": '---\n"!!!": mot\n---\n'})
    assert [(found["key"], found["row"]) for found in inventory(root)["proposals"]] == [("!!!", "")]
    assert "give it another name" in run("inventory", root).out


@given(
    st.lists(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["mot", "12", "[[a]]", "https://example.org/", "2024-01-02", "oui", "", "foaf:x"]),
)
@example(["कि", 'dit "oui" \\', "a\x7fb", "foo:bar", "größe"], "mot")
def test_rows_load_whatever_the_key(tmp_path_factory: pytest.TempPathFactory, keys: list[str], value: str) -> None:
    head = "".join(f"{json.dumps(name)}: {json.dumps(value)}\n" for name in dict.fromkeys(keys))
    root = vault(tmp_path_factory.mktemp("v"), {"a.md": f"---\n{head}---\n", "herbier.toml": ""})
    nameless = [found["key"] for found in paste(root) if not found["row"]]
    problems = json.loads(run("check", root, "--format", "json").out)
    assert not {"bad-mapping", "bad-setting"} & {problem["code"] for problem in problems}
    unknown = [problem["message"] for problem in problems if problem["code"] == "unknown-key"]
    assert len(unknown) == len(nameless)
