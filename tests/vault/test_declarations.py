"""What a vault declares for other programs: settings, types, kinds of values, relations, and what is left out."""

from pathlib import Path

import pytest
from tests.conftest import Files, build_notes, run, said_of, vault

from herbier.pipeline.opening import open_vault


def note(*lines: str, body: str = "") -> str:
    return "\n".join(["---", *lines, "---", body])


JEKYLL = """\
title: Le carnet
url: https://example.org
baseurl: /carnet
lang: fr
collections:
  gens: {output: true, permalink: /personnes/:name/}
defaults:
  - scope: {path: "", type: gens}
    values: {layout: person}
  - scope: {path: en}
    values: {lang: en}
  - scope: {path: _posts/vieux}
    values: {published: false}
exclude: [README.md]
"""
AT_HOME = JEKYLL.replace("https://example.org", "http://localhost:4000")
DECAP = """\
backend: {name: git-gateway}
collections:
  - {name: authors, label: Authors, folder: plumes, fields: [{name: title, widget: string}]}
  - name: posts
    label: Posts
    folder: billets
    fields:
      - {name: auteur, widget: relation, collection: authors, value_field: "{{slug}}", search_fields: [title]}
      - {name: relu par, widget: relation, collection: authors, value_field: "{{slug}}", search_fields: [title]}
      - {name: lu le, widget: datetime}
"""
SCHEMA = """\
version: 1
schemas:
  - id: gens
    title: Person
    parent: root
    namespace: true
    template: {id: canevas.gens, type: note}
  - id: biblio
    parent: root
    children: [fiche]
  - {id: fiche, title: Book, pattern: "*"}
"""
MENU = ".obsidian/plugins/metadata-menu/data.json"
TEMPLATER = ".obsidian/plugins/templater-obsidian/data.json"
ROMAN = note("extends: Book", "tagNames: [roman]", "filesPaths: [Rayon]", "fields:", "  - {name: prêté à, type: File}")
ROMANS = {MENU: '{"classFilesPath": "Classes/", "fileClassAlias": "sorte"}', "Classes/Roman.md": ROMAN}
FICHE = note('title: "{{title}}"', "author:", "pages lues:", "relire:", "prêté à:")
HUGO = (
    'baseURL = "https://example.org/h/"\ntitle = "H"\nlanguageCode = "fr-fr"\n[permalinks]\nposts = "/:year/:slug/"\n'
)

TYPED: list[tuple[str, Files, str, str]] = [
    ("the defaults of a collection", {"_config.yml": AT_HOME, "_gens/ana.md": ""}, "id/ana", "schema:Person"),
    ("the folder of a fileClass", {**ROMANS, "Rayon/Dune.md": ""}, "id/dune", "schema:Book"),
    ("the tag of a fileClass", {**ROMANS, "a.md": note("tags: [roman]")}, "id/a", "schema:Book"),
    ("a key renamed", {**ROMANS, "a.md": note("sorte: Roman")}, "id/a", "schema:Book"),
    ("a fileClass by its parent", {**ROMANS, "a.md": note("fileClass: Roman")}, "id/a", "schema:Book"),
    ("a schema of Dendron", {"r.schema.yml": SCHEMA, "gens.ana.md": ""}, "id/gens-ana", "schema:Person"),
    ("a pattern of one", {"r.schema.yml": SCHEMA, "biblio.dune.md": ""}, "id/biblio-dune", "schema:Book"),
    ("a collection of Decap", {"static/admin/config.yml": DECAP, "plumes/jd.md": ""}, "id/jd", "schema:Person"),
    (
        "a folder of Front Matter",
        {
            "frontmatter.json": '{ // mine\n"frontMatter.content.pageFolders": '
            '[{"title": "Gens", "path": "[[workspace]]/tous", "contentTypes": ["person"]},]}',
            "tous/ana.md": "",
        },
        "id/ana",
        "schema:Person",
    ),
    (
        "the keys of a template",
        {"Templates/Book Template.md": FICHE, "a.md": note("author: A", "pages lues: 3", "relire: oui", "prêté à:")},
        "id/a",
        "schema:Book",
    ),
    (
        "the template that a folder has",
        {
            TEMPLATER: '{"templates_folder": "Canevas", '
            '"folder_templates": [{"folder": "Rayon", "template": "Canevas/Book.md"}]}',
            "Canevas/Book.md": FICHE,
            "Rayon/Dune.md": "",
        },
        "id/dune",
        "schema:Book",
    ),
]


@pytest.mark.parametrize(("files", "subject", "found"), [row[1:] for row in TYPED], ids=[row[0] for row in TYPED])
def test_types_that_are_declared(files: Files, subject: str, found: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": 'language = "fr"\n', **files})
    assert f"rdf:type {found}" in said_of(root, subject)


SILENT: list[tuple[str, Files, str]] = [
    ("two templates with the same keys", {
        "Templates/Book.md": FICHE, "Templates/Person.md": FICHE,
        "a.md": note("author: A", "pages lues: 3", "relire: x", "prêté à:"),
    }, "id/a"),
    ("a template of few keys", {"Templates/Book.md": note("relire:"), "a.md": note("relire: x")}, "id/a"),
    ("a template of no type", {
        "Templates/Jour.md": FICHE, "a.md": note("author: A", "pages lues: 3", "relire: x"),
    }, "id/a"),
    ("a type that no rule knows", {"static/admin/config.yml": DECAP.replace("osts", "ouds").replace("billets", "z"),
                                   "z/x.md": ""}, "id/x"),
    ("the note of the domain", {"r.schema.yml": SCHEMA, "gens.md": ""}, "id/gens"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "subject"), [row[1:] for row in SILENT], ids=[row[0] for row in SILENT])
def test_what_says_nothing_of_types(files: Files, subject: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": 'language = "fr"\n', **files})
    assert {fact for fact in said_of(root, subject) if fact.startswith("rdf:type")} == {"rdf:type schema:Thing"}


SETTINGS: list[tuple[str, Files, tuple[str, str, str]]] = [
    ("Jekyll", {"_config.yml": JEKYLL}, ("Le carnet", "https://example.org/carnet/", "fr")),
    ("Jekyll at home", {"_config.yml": "url: http://localhost:4000\n"}, ("", "http://127.0.0.1:8000/", "")),
    ("Hugo", {"hugo.toml": HUGO}, ("H", "https://example.org/h/", "fr")),
    ("Hugo in YAML", {"config.yaml": "baseURL: https://h.example\ntitle: H\n"}, ("H", "https://h.example/", "")),
    ("Hugo as it begins", {"hugo.toml": 'baseURL = "https://example.org/"\nlanguageCode = "en-us"\n'},
     ("", "http://127.0.0.1:8000/", "")),
    (
        "Zola",
        {"config.toml": 'base_url = "https://example.org"\ntitle = "Z"\ndefault_language = "fr"\n'},
        ("Z", "https://example.org/", "fr"),
    ),
    (
        "MkDocs",
        {"mkdocs.yml": "site_name: M\nsite_url: https://example.org/m\ntheme: {name: material, language: fr}\n"
         "markdown_extensions:\n  - x: !!python/name:a.b\n"},
        ("M", "https://example.org/m/", "fr"),
    ),
    (
        "what herbier.toml says first",
        {"_config.yml": JEKYLL, "herbier.toml": 'title = "T"\nbase = "https://example.net/"\nlanguage = "en"\n'},
        ("T", "https://example.net/", "en"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "found"), [row[1:] for row in SETTINGS], ids=[row[0] for row in SETTINGS])
def test_settings_that_are_declared(files: Files, found: tuple[str, str, str], tmp_path: Path) -> None:
    settings = open_vault(vault(tmp_path, files)).settings
    assert (settings.title, settings.base, settings.language) == found


def test_links_find_pages_by_their_addresses(tmp_path: Path) -> None:
    jekyll = vault(tmp_path / "j", {
        "_config.yml": AT_HOME,
        "_gens/ana.md": note("title: Ana Roy"),
        "_posts/2024-01-02-un.md": note("title: Un", body="[Ana](/personnes/ana/) [lui-même](/2024/01/02/un.html)"),
        "en/hi.md": note("title: Hi"),
    })  # fmt: skip
    assert {"schema:mentions id/ana-roy", "schema:mentions id/un"} <= said_of(jekyll, "doc/un")
    assert 'schema:name "Hi"@en' in said_of(jekyll, "id/hi")
    hugo = vault(tmp_path / "h", {
        "hugo.toml": HUGO.replace("baseURL", "x"),
        "content/posts/a.md": note(
            "title: Un été", "date: 2024-06-01", body="[b](/2023/beau-temps/) [ici](/2024/un-été/)"
        ),
        "content/posts/b.md": note("title: Beau temps", "date: 2023-06-01"),
    })  # fmt: skip
    mentioned = {fact for fact in said_of(hugo, "doc/un-ete") if "mentions" in fact}
    assert mentioned == {"schema:mentions id/beau-temps", "schema:mentions id/un-ete"}


def test_relations_and_kinds_that_are_declared(tmp_path: Path) -> None:
    root = vault(tmp_path, {
        "herbier.toml": 'language = "fr"\n', "static/admin/config.yml": DECAP,
        ".obsidian/types.json": '{"types": {"tome": "text", "note": "number", "vu": "checkbox"}}',
        "plumes/jd.md": note("title: Jane Doe"), "jd.md": note("title: Autre"),
        "billets/x.md": note("auteur: jd", "relu par: jd", "lu le: 2024-05-06", "tome: 1.10", 'note: "7"', "vu: oui"),
        "ailleurs.md": note("relu par: jd"),
    })  # fmt: skip
    facts = said_of(root, "id/x")
    assert {
        "schema:author id/jane-doe", "key/relu_par id/jane-doe", 'key/lu_le "2024-05-06"^^xsd:date', 'key/tome "1.10"',
    } <= facts  # fmt: skip
    assert 'key/relu_par "jd"@fr' in said_of(root, "id/ailleurs")
    told = run("explain", str(root / "billets/x.md"), "--vault", str(root)).out
    assert "mapping/keys.yaml" in told and "; declared in static/admin/config.yml:8" in told
    assert "; declared in static/admin/config.yml:9" in told and ".obsidian/types.json:1" in told


def test_explain_names_what_declares_settings_and_types(tmp_path: Path) -> None:
    root = vault(tmp_path, {"_config.yml": JEKYLL, "_gens/ana.md": "Elle rit.\n"})
    told = run("explain", str(root / "_gens/ana.md")).out
    assert "its language is fr, as _config.yml:4 declares" in told
    assert "its base is https://example.org/carnet/, as _config.yml:2 declares" in told
    assert "schema:Person  person (_config.yml:" in told
    number = next(line.split()[0].lstrip("#") for line in told.splitlines() if "schema:Person" in line)
    assert "in the vault's _config.yml, line 9" in run("explain", str(root / "_gens/ana.md"), "--triple", number).out


def test_what_a_site_leaves_out_is_kept_back(tmp_path: Path) -> None:
    jekyll = vault(tmp_path / "j", {
        "_config.yml": JEKYLL, "README.md": "# Secret\n", "_posts/vieux/2020-01-01-x.md": "Vieux\n",
        "docs/README.md": "# Ouvert\n",
    })  # fmt: skip
    mkdocs = vault(tmp_path / "m", {
        "mkdocs.yml": "site_name: M\nexclude_docs: |\n  secret.md\n  /clos/\n  !ouvert.md\ndraft_docs: |\n  wip_*.md\n",
        "docs/a/secret.md": "Secret\n", "docs/clos/x.md": "Secret\n", "docs/wip_a.md": "Secret\n",
        "docs/ouvert.md": "Ouvert\n", "secret.md": "Ouvert\n",
    })  # fmt: skip
    front = vault(tmp_path / "f", {
        "frontmatter.json": '{"frontMatter.content.draftField": {"name": "prêt", "type": "boolean", "invert": true}}',
        "a.md": note("prêt: true", body="Ouvert"), "b.md": note("prêt: false", body="Secret"),
        "c.md": note("prêt: bientôt", body="Secret"),
    })  # fmt: skip
    for root, count in ((jekyll, 1), (mkdocs, 2), (front, 1)):
        built = build_notes(root)
        assert b"Secret" not in built.data and b"Vieux" not in built.data
        assert built.data.count(b'"Ouvert"') + built.data.count(b'Ouvert"@') >= count
    assert build_notes(front).counts.private == 2
    everything = vault(tmp_path / "e", {
        "_config.yml": 'defaults:\n  - scope: {path: ""}\n    values: {published: false}\n',
        "a.md": "Secret\n", "b.md": note("published: true", body="Ouvert"),
    })  # fmt: skip
    assert b"Secret" not in build_notes(everything).data and b"Ouvert" in build_notes(everything).data


def test_what_declares_is_never_published(tmp_path: Path) -> None:
    root = vault(tmp_path, {
        "_config.yml": JEKYLL.replace("gens:", "zut:"), "r.schema.yml": SCHEMA, **ROMANS, "frontmatter.json": "{}",
        "a.md": "![[_config.yml]] ![[frontmatter.json]] ![[r.schema.yml]] [[Roman]]\n", "canevas.gens.md": "Zut zut\n",
    })  # fmt: skip
    built = build_notes(root)
    assert built.counts.published == 1
    for secret in (b"zut", b"Zut", b"tagNames", b"file/"):
        assert secret not in built.data


BROKEN: list[tuple[str, str | bytes, int]] = [
    ("_config.yml", "title: [a\n", 2),
    ("_config.yml", "title: Long\n" + "# x\n" * 1_300_000, 0),
    ("_config.yml", "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
     "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
     "f: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n", 0),
    ("hugo.toml", "title = \n", 1),
    (".obsidian/types.json", '{"types":\n [1', 2),
    ("frontmatter.json", b"\xff\xfe{}", 0),
    ("mkdocs.yml", "[" * 5000, 0),
    ("r.schema.yml", "- [", 1),
    (MENU, "{", 1),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "line"), BROKEN, ids=[f"{row[0]}-{i}" for i, row in enumerate(BROKEN)])
def test_a_broken_declaration_is_told_and_ignored(file: str, text: str | bytes, line: int, tmp_path: Path) -> None:
    built = build_notes(vault(tmp_path, {file: text, "a.md": "# A\n"}))
    told = [found for found in built.problems if found.code == "bad-declaration"]
    assert [(found.path, found.severity) for found in told] == [(file, "warning")]
    assert told[0].line == line or line == 1
    assert built.counts.published == 1


ODD: list[tuple[str, str]] = [
    (file, text)
    for file in ("_config.yml", "mkdocs.yml", "static/admin/config.yml", "r.schema.yml", ".obsidian/types.json", MENU,
                 "frontmatter.json", "config.yaml")
    for text in ("[]", "3", '"a"', "{}", "null",
                 '{"collections": 3, "types": [], "defaults": {}, "schemas": {"a": 1}}',
                 '{"collections": [{"name": [], "fields": [1, {"name": {}}]}],'
                 ' "defaults": [3, {"scope": 1, "values": 2}],'
                 ' "schemas": [1, {"id": 3}], "languages": [], "classFilesPath": 4, "title": ["x"], "url": {"a": 1}}')
]  # fmt: skip


@pytest.mark.parametrize(("file", "text"), ODD)
def test_odd_declarations_break_nothing(file: str, text: str, tmp_path: Path) -> None:
    built = build_notes(vault(tmp_path, {file: text, "a.md": "# A\n"}))
    assert built.counts.published == 1


def test_tags_of_yaml_run_nothing(tmp_path: Path) -> None:
    made = tmp_path / "made"
    text = f'title: T\nplugins: !!python/object/apply:os.system ["touch {made}"]\n'
    assert open_vault(vault(tmp_path / "v", {"_config.yml": text})).settings.title == "T"
    assert not made.exists()


def test_declarations_outside_the_vault_are_not_read(tmp_path: Path) -> None:
    outside = vault(tmp_path / "out", {"_config.yml": JEKYLL})
    root = vault(tmp_path / "in", {"a.md": ""})
    (root / "_config.yml").symlink_to(outside / "_config.yml")
    assert open_vault(root).settings.title == ""


def test_a_row_of_the_vaults_own_goes_first(tmp_path: Path) -> None:
    own = 'language = "fr"\n[mapping.keys.redaction]\nnames = ["auteur"]\nthing = "schema:creditText"\n'
    root = vault(tmp_path, {
        "herbier.toml": own, "static/admin/config.yml": DECAP, "plumes/jd.md": note("title: Jane Doe"),
        "billets/x.md": note("auteur: jd"),
    })  # fmt: skip
    assert any(fact.startswith("schema:creditText") for fact in said_of(root, "id/x"))
    assert "schema:author id/jane-doe" not in said_of(root, "id/x")
