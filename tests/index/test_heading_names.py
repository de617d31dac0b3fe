"""Links find headings by the anchors that writers' tools make of them."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, facts, vault

from herbier.index.heading_names import HeadingNames

# What real implementations made of headings: github-slugger 2, kramdown 2.4, Python-Markdown 3, Pandoc 3, Hugo 0.1xx,
# @mdit-vue/shared, markdown-it-anchor, doctoc and myst-parser were run; Obsidian's forms follow its stripHeading.
ANCHORS: dict[str, list[str]] = {
    "Plain Heading": ["plain-heading", "Plain-Heading", "markdown-header-plain-heading", "user-content-plain-heading"],
    "TCP/IP": ["tcpip", "tcp-ip", "tcp%2Fip", "TCP IP", "TCP/IP"],
    "C++ & C#": ["c--c", "c-c", "C++ & C"],
    "What's new? (v1.2.3)": ["whats-new-v123", "whats-new-v1.2.3", "what-s-new-v1-2-3"],
    "1. First step": ["1-first-step", "first-step", "_1-first-step"],
    "2024-05-01 Log": ["log", "2024-05-01-log"],
    "Élan vital à Paris": ["élan-vital-à-paris", "elan-vital-a-paris", "lan-vital--paris", "%C3%A9lan-vital-à-paris"],
    "Straße Œuvre": ["strae-uvre", "straße-œuvre"],
    "日本語の見出し": ["日本語の見出し"],
    "हिन्दी शीर्षक": ["हिन्दी-शीर्षक", "हनद-शरषक", "ह-न-द-श-र-षक"],
    "🚀 Launch": ["-launch", "launch", "🚀-launch", "rocket-launch"],
    "A -- B — C – D": ["a----b--c--d", "a--b--c--d", "a-b-—-c-–-d"],
    "snake_case_name": ["snake_case_name", "snakecasename", "snake-case-name"],
    "Q: why | how ^ up": ["Q why how up", "q-why--how--up"],
    "100% sure... really?!": ["100-sure-really", "sure-really"],
    "x² and ½ №5": ["x-and--5", "x²-and-½-5"],
}  # fmt: skip
SOURCES: dict[str, list[str]] = {  # as they are written
    "**Bold** and _italic_ text": ["bold-and-italic-text", "**Bold** and _italic_ text"],
    "Use `foo_bar()` here": ["use-foo_bar-here", "use-foobar-here", "use-foo-bar-here"],
    "See [the docs](https://x.org/a) now": ["see-the-docs-now", "see-the-docshttpsxorga-now"],
    "Interprétation (I)": ["Interprétation I", "interprétation-i"],
    "Explicite {#mon-id}": ["mon-id", "explicite"],
    "Autre {: #autre-id .classe }": ["autre-id", "autre"],
    "Ancre <a id='ici'></a>": ["ici", "ancre"],
}
NAMES = HeadingNames(list(ANCHORS), [], [])


@pytest.mark.parametrize(("number", "fragment"), [(n, f) for n, found in enumerate(ANCHORS.values()) for f in found])
def test_an_anchor_finds_its_heading(number: int, fragment: str) -> None:
    assert NAMES.find(fragment) == number


@pytest.mark.parametrize(
    "fragment", ["nope", "plain", "heading-plain", "tcp", "bold", "launch-2", "elan", "2025", "--"]
)
def test_what_is_no_anchor_finds_none(fragment: str) -> None:
    assert NAMES.find(fragment) is None


def test_repeats_are_counted_as_each_tool_counts_them() -> None:
    names = HeadingNames(["Dup", "x", "Dup", "Dup"], [], [])
    found = [names.find(anchor) for anchor in ("dup", "dup-1", "dup-2", "dup_1", "dup-3", "dup-4")]
    assert found == [0, 2, 3, 2, 3, None]


def test_headings_that_differ_are_told_apart() -> None:
    names = HeadingNames(["C++", "C#", "re-sign", "resign"], [], [])
    assert [names.find(name) for name in ("C#", "c++", "re-sign", "resign")] == [1, 0, 2, 3]
    assert HeadingNames(["a-b c", "ab-c"], [], []).find("ab-c") == 1


def codes(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return build_notes(vault(tmp_path, {"herbier.toml": FRENCH, **files})).codes


@pytest.mark.parametrize(("source", "fragment"), [(s, f) for s, found in SOURCES.items() for f in found])
def test_what_is_written_in_a_heading(source: str, fragment: str, tmp_path: Path) -> None:
    link = f"[x](a.md#{fragment.replace(' ', '%20')})"
    assert "missing-heading" not in codes(tmp_path, {"a.md": f"# Un\n\n## {source}\n\n{link}\n"})


@pytest.mark.parametrize(
    "fragment",
    [":~:text=abc", "L10", "L10-L20", "top", "*", "un:#deux", "un,1:#*", "un,1:#deux", "étiquette", "nommé", "mot-clé"],
)
def test_places_that_need_no_heading(fragment: str, tmp_path: Path) -> None:
    text = '# Un\n\n(étiquette)=\n## Deux\n{: #nommé }\n\n<span id="mot-clé"></span>\n'
    assert "missing-heading" not in codes(tmp_path, {"a.md": text, "b.md": f"[[a#{fragment}]]\n"})


def test_a_heading_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert "missing-heading" in codes(tmp_path, {"a.md": "# Un\n\n## Deux\n", "b.md": "[[a#Trois]]\n"})
    assert "missing-heading" in codes(tmp_path / "c", {"a.md": "# Un\n", "b.md": "[[a#un:#trois]]\n"})


def test_attributes_are_neither_text_nor_tags(tmp_path: Path) -> None:
    text = (
        "# Titre {#ancre .classe}\n\n{: .no_toc }\n\nUn mot{.petit} et [un lien](https://x.example){#lien}.\n\n{:toc}\n"
    )
    found = facts(vault(tmp_path, {"a.md": text, "herbier.toml": FRENCH}))
    assert 'doc/a#titre schema:name "Titre"@fr' in found
    assert 'doc/a#titre schema:text "Un mot et un lien."@fr' in found
    assert not [fact for fact in found if "dcterms:subject" in fact]


def test_braces_of_templates_and_formulas_stay(tmp_path: Path) -> None:
    found = facts(vault(tmp_path, {"a.md": "Un {mot} et {{page}} et $x_{1}$, {#}.\n", "herbier.toml": FRENCH}))
    assert 'doc/a schema:text "Un {mot} et {{page}} et $x_{1}$, {#}."@fr' in found


def test_colours_are_no_tags(tmp_path: Path) -> None:
    found = facts(vault(tmp_path, {"a.md": "#ffd77d et #c87ad4, #face1234, #cafes #abcdef\n", "herbier.toml": FRENCH}))
    assert {fact for fact in found if "dcterms:subject" in fact} == {
        "doc/a dcterms:subject tag/cafes",
        "doc/a dcterms:subject tag/abcdef",
    }


def test_a_heading_in_a_list_is_a_heading(tmp_path: Path) -> None:
    assert "missing-heading" not in codes(tmp_path, {"a.md": "1. ### Qu'est-ce ?\n   texte\n\n[x](#quest-ce)\n"})


def test_a_range_is_found_where_both_its_ends_are(tmp_path: Path) -> None:
    for fragment, found in (("un:#deux", []), ("un:#trois", ["missing-heading"]), ("zéro:#deux", ["missing-heading"])):
        files = {"b.md": "# Un\n\n# Deux\n", "a.md": f"[x](b.md#{fragment})\n"}
        assert codes(tmp_path / fragment[:7].replace(":", ""), files) == found, fragment
