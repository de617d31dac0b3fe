"""What the generator of a site leaves out of it, or calls a draft, is kept back, however it says so."""

from pathlib import Path

import pytest
from tests.conftest import Files, build_notes, vault

OPEN = "Ouvert\n"
SECRET = "Secret\n"


def defaults(scope: str, values: str) -> str:
    return f"defaults:\n  - scope: {{{scope}}}\n    values: {{{values}}}\n"


OUT: list[tuple[str, Files]] = [
    ("a folder", {"_config.yml": defaults("path: secret", "published: false"), "secret/s.md": SECRET}),
    ("a glob", {"_config.yml": defaults('path: "sec*"', "published: false"), "secret/s.md": SECRET}),
    ("a glob of folders", {"_config.yml": defaults('path: "*/clos"', "draft: true"), "a/clos/s.md": SECRET}),
    ("a file", {"_config.yml": defaults("path: secret/s.md", "published: false"), "secret/s.md": SECRET}),
    ("a path that begins so", {"_config.yml": defaults("path: sec", "published: false"), "secret/s.md": SECRET}),
    (
        "posts of a folder",
        {"_config.yml": defaults("path: _posts/int, type: posts", "published: false"), "_posts/int/s.md": SECRET},
    ),
    (
        "posts below a folder",
        {"_config.yml": defaults("path: team, type: posts", "published: false"), "team/x/_posts/s.md": SECRET},
    ),
    (
        "a collection",
        {
            "_config.yml": "collections_dir: c\n" + defaults("path: _people/x, type: people", "published: false"),
            "c/_people/x/s.md": SECRET,
        },
    ),
    ("an answer that is not clear", {"_config.yml": defaults("path: s", "draft: maybe"), "s/s.md": SECRET}),
    ("no answer", {"_config.yml": defaults("path: s", 'draft: ""'), "s/s.md": SECRET}),
    ("another word", {"_config.yml": defaults("path: s", "is_private_page: true"), "s/s.md": SECRET}),
    ("a list", {"_config.yml": defaults("path: s", "status: [draft]"), "s/s.md": SECRET}),
    ("a tag", {"_config.yml": defaults("path: s", "tags: [private]"), "s/s.md": SECRET}),
    ("within another", {"_config.yml": defaults("path: s", "meta: {draft: true}"), "s/s.md": SECRET}),
    ("decomposed", {"_config.yml": defaults("path: e\u0301te\u0301", "published: false"), "été/s.md": SECRET}),
    ("with brackets", {"_config.yml": defaults('path: "se[c]ret"', "published: false"), "se[c]ret/s.md": SECRET}),
    ("excluded", {"_config.yml": "exclude: [secret]\n", "secret.md": SECRET}),
    ("excluded as it begins", {"_config.yml": "exclude: [secret]\n", "secrets/x.md": SECRET}),
    ("excluded across folders", {"_config.yml": "exclude: ['work/*.md']\n", "work/b/c.md": SECRET}),
    ("MkDocs from here", {"mkdocs.yml": "docs_dir: ./docs\nexclude_docs: clos/\n", "docs/clos/s.md": SECRET}),
    ("MkDocs at the top", {"mkdocs.yml": "docs_dir: .\nexclude_docs: clos/\n", "clos/s.md": SECRET}),
    ("Zola's braces", {"zola.toml": 'ignored_content = ["*.{draft,secret}.md"]\n', "s.secret.md": SECRET}),
    ("Hugo's expressions", {"hugo.toml": 'ignoreFiles = ["journal/"]\n', "content/journal/s.md": SECRET}),
    (
        "Hugo's cascade",
        {"hugo.yaml": "cascade:\n- _target: {path: /secret/**}\n  draft: true\n", "content/secret/s.md": SECRET},
    ),
    (
        "the cascade of a page",
        {"content/s/_index.md": "---\ncascade: {draft: true}\n---\n", "content/s/deep/s.md": SECRET},
    ),
    (
        "the cascade of a page, of how it is built",
        {"content/s/_index.md": "---\ncascade: {build: {render: never}}\n---\n", "content/s/s.md": SECRET},
    ),
    (
        "what another tool lets in",
        {
            "_config.yml": "exclude: [docs]\n",
            "mkdocs.yml": "exclude_docs: |\n  !clos/\n",
            "docs/clos/s.md": SECRET,
        },
    ),
]


@pytest.mark.parametrize("files", [row[1] for row in OUT], ids=[row[0] for row in OUT])
def test_what_is_left_out_is_kept_back(files: Files, tmp_path: Path) -> None:
    built = build_notes(vault(tmp_path, {"herbier.toml": 'language = "fr"\n', "ouvert.md": OPEN, **files}))
    assert b"Ouvert" in built.data
    assert b"Secret" not in built.data and b"s.md" not in built.data


def test_what_is_no_pattern_breaks_nothing(tmp_path: Path) -> None:
    for number, (name, text) in enumerate((
        ("zola.toml", 'ignored_content = ["!", "a\\\\"]\n'), ("_config.yml", 'exclude: ["*\\\\", "[notes\\\\"]\n'),
        ("mkdocs.yml", "exclude_docs: '[z-a].md'\n"), ("hugo.toml", 'ignoreFiles = ["["]\n'),
    )):  # fmt: skip
        built = build_notes(vault(tmp_path / str(number), {name: text, "a.md": OPEN}))
        assert b"Ouvert" in built.data


def test_declarations_make_no_word_of_privacy_harmless(tmp_path: Path) -> None:
    menu = ".obsidian/plugins/metadata-menu/data.json"
    for number, (name, text, note) in enumerate((
        (menu, '{"fileClassAlias": "isPrivateNote"}', "isPrivateNote: true"),
        (menu, '{"fileClassAlias": "tags"}', "tags: [private]"),
        ("context.jsonld", '{"@context": {"tags": "@type"}}', "tags: [private]"),
        ("context.jsonld", '{"@context": {"note-draft": "https://schema.org/x"}}', "note-draft: true"),
    )):  # fmt: skip
        built = build_notes(vault(tmp_path / str(number), {name: text, "a.md": f"---\n{note}\n---\nSecret\n"}))
        assert b"Secret" not in built.data, text


def test_links_by_the_address_of_a_private_note_give_nothing_away(tmp_path: Path) -> None:
    root = vault(tmp_path, {
        "_config.yml": "permalink: /zz/:title/\n",
        "s.md": "---\nprivate: true\npermalink: /zz/qq/\ntitle: Zanzibar Q\n---\n",
        "_posts/2024-01-02-plan.md": "---\npublished: false\ntitle: Zanzibar P\n---\n",
        "a.md": "---\nlang: fr\n---\nVoir [Zanzibar Q](/zz/qq/) et [Zanzibar P](/zz/plan/).\n",
    })  # fmt: skip
    assert b"Zanzibar" not in build_notes(root).data


def test_a_private_title_is_no_value_of_a_declared_term(tmp_path: Path) -> None:
    context = (
        '{"@context": {"bar": {"@id": "https://schema.org/x", "@type": "http://www.w3.org/2001/XMLSchema#string"}}}'
    )
    root = vault(tmp_path, {
        "context.jsonld": context, "Zanplot.md": "---\nprivate: true\n---\n",
        "a.md": "---\nlang: fr\nbar: Zanplot\n---\n",
        "Zanplot meeting.md": "---\ntype: person\ntitle: Meeting\n---\n",
    })  # fmt: skip
    assert b"anplot" not in build_notes(root).data
