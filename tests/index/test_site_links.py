"""Links by the addresses of a site: from its top, with the slash of a folder, by permalink."""

from pathlib import Path

import pytest
from tests.conftest import Files, said_of, vault


def note(*lines: str, body: str = "") -> str:
    return "\n".join(["---", *lines, "---", body])


LINKS: list[tuple[str, Files, str, str]] = [
    (
        "from the top, not the nearest",
        {
            "source/docs/a.md": note("title: Ici"),
            "source/fr/docs/a.md": note("title: Là"),
            "source/fr/docs/b.md": note("title: B", body="[x](/docs/a)"),
        },
        "doc/b",
        "id/ici",
    ),
    (
        "a permalink before a path that ends so",
        {
            "_pages/who.md": note("title: Who", "permalink: /about/"),
            "docs/about.md": note("title: Other"),
            "index.md": note("title: B", body="[us](/about/)"),
        },
        "doc/b",
        "id/who",
    ),
    (
        "the page of a folder",
        {
            "content/jobs/_index.md": note("title: Jobs"),
            "contribute/jobs.md": note("title: Other"),
            "b.md": note("title: B", body="[j](/jobs/)"),
        },
        "doc/b",
        "id/jobs",
    ),
    (
        "the page of a folder from within",
        {
            "content/members/_index.md": note("title: Us"),
            "content/blog/b.md": note("title: B", body="[x](../members/)"),
        },
        "doc/b",
        "id/us",
    ),
    (
        "a note at the top",
        {"a.md": note("title: A1"), "x/a.md": note("title: A2"), "x/b.md": note("title: B", body="[x](/a.md)")},
        "doc/b",
        "id/a1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "origin", "found"), [row[1:] for row in LINKS], ids=[row[0] for row in LINKS])
def test_where_links_of_sites_lead(files: Files, origin: str, found: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": 'language = "en"\n', **files})
    assert {fact for fact in said_of(root, origin) if "mentions" in fact} == {f"schema:mentions {found}"}


def test_hexo_is_not_taken_for_jekyll(tmp_path: Path) -> None:
    files = {"_config.yml": "title: T\nnew_post_name: x\n", "a.md": note("lang: en", "tags: machine learning")}
    assert 'schema:keywords "machine learning"@en' in said_of(vault(tmp_path, files), "doc/a")
