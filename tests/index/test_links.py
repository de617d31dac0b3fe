"""Where links lead: as in Obsidian, and nothing guessed."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, Files, build_notes, facts, said_of, values, vault

from herbier.text import digest


def leads(root: Path, note: str = "a") -> set[str]:
    """Return the notes that a note's body refers to."""
    return {
        value.removeprefix("doc/")
        for value in values(root, f"doc/{note}", "dcterms:references")
        if value.startswith("doc/")
    }


def lay(folder: Path, text: str, files: Files | None = None, *, at: str = "a.md") -> Path:
    """Write a vault of one note that links, the notes it may link to, and no language to guess."""
    return vault(folder, {at: text, "herbier.toml": FRENCH, **(files or {})})


@pytest.mark.parametrize("name", ["Qui va là\u00a0?", "Qui va là\u202f?", "Qui  va là ?", "Qui\tva là ?"])
def test_blanks_are_alike_whatever_they_are(name: str, tmp_path: Path) -> None:
    """A no-break space stands before `?` in French, and YAML folds lines."""
    text = f"---\nvoir: '[[Qui va là\n  ?]]'\n---\n[[{name}]] [[Qui va là ?#Et\u00a0là ?]] ![[{name}.png]]"
    root = lay(tmp_path, text, {f"{name}.md": "# Et là\u00a0?\n", f"{name}.png": "x"})
    assert (leads(root), build_notes(root).problems) == ({"qui-va-la", "qui-va-la#et-la"}, [])
    assert values(root, "id/a", "rdfs:seeAlso") == {"id/qui-va-la"}


@pytest.mark.parametrize(
    "link",
    [
        "[[Cible]]",
        "[[Cible|alias]]",
        "[[Cible|]]",
        "[[Cible| ]]",
        "[[Cible.md]]",
        "[[ Cible ]]",
        "[[cible]]",
        "[[CIBLE]]",
        "[[d/Cible]]",
        "[[/d/Cible]]",
        "[[./d/Cible]]",
        "[[d/Cible.md|alias]]",
        "[[Autre nom]]",
        "[[autre nom]]",
        "[[Le titre]]",
        "![[Cible]]",
        "[t](d/Cible.md)",
        "[t](d/Cible)",
        "[t](./d/Cible.md)",
        "[t](<d/Cible.md>)",
        '[t](d/Cible.md "un titre")',
        "[t](/d/Cible.md)",
        "[t](d%2FCible.md)",
        "[t](d/Cible.md#Absent)",
        "![t](d/Cible.md)",
        "| x |\n|---|\n| [[Cible\\|alias]] |",
        "> [[Cible]]",
        "- [ ] [[Cible]]",
        "**[[Cible]]**",
        "[[Cible]][[Cible]]",
        "[^1]\n\n[^1]: [[Cible]]",
        "# [[Cible]]",
        "<div>\n\n[[Cible]]\n\n</div>",
        "[t][r]\n\n[r]: d/Cible.md",
    ],
)
def test_forms_of_links(link: str, tmp_path: Path) -> None:
    target = "---\ntitle: Le titre\naliases: [Autre nom]\nslug: cible\n---\n"
    root = lay(tmp_path, f"{link}\n", {"d/Cible.md": target})
    assert leads(root) == {"cible"}
    assert "id/cible" in values(root, "doc/a", "schema:mentions")


@pytest.mark.parametrize(
    "text",
    [
        "`[[Cible]]`",
        "```\n[[Cible]]\n```",
        "~~~\n[[Cible]]\n~~~",
        "    [[Cible]]",
        "$[[Cible]]$",
        "$$\n[[Cible]]\n$$",
        "%%[[Cible]]%%",
        "%%\n[[Cible]]\n%%",
        "\\[[Cible]]",
        "[[ ]]",
        "[[]]",
        "[[Cible",
        "<!-- [[Cible]] -->",
        "`` `[[Cible]]` ``",
    ],
)
def test_what_is_no_link(text: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"{text}\n", {"Cible.md": ""})
    assert not leads(root)


@pytest.mark.parametrize(
    ("link", "anchor"),
    [
        ("[[b#Points clés]]", "points-cles"),
        ("[[b#points CLÉS]]", "points-cles"),
        ("[[b#Points clés|alias]]", "points-cles"),
        ("[[b#Titre#Points clés]]", "points-cles"),
        ("[[b#Serré]]", "serre"),
        ("[[b#^id-1]]", "block-id-1"),
        ("[[b#Un titre deux]]", "un-titre-deux"),
        ("[[b#c en lien]]", "c-en-lien"),
        ("[t](b.md#Points%20clés)", "points-cles"),
        ("[t](b#^id-1)", "block-id-1"),
    ],
)
def test_anchors(link: str, anchor: str, tmp_path: Path) -> None:
    other = "# Titre\n## Points clés\n##Serré\n\nUn bloc. ^id-1\n\n## Un titre : deux\n## [[c]] en lien\n"
    root = lay(tmp_path, f"{link}\n", {"b.md": other, "c.md": ""})
    assert leads(root) == {"b", f"b#{anchor}"}
    assert not build_notes(root).problems


def test_anchors_of_the_note_itself(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[#H]] [[#^b]] [t](#H)\n\n# H\n\nbloc ^b\n")
    assert leads(root) == {"a#h", "a#block-b"}


def test_of_two_headings_of_one_name_the_first_is_meant(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[b#H]]\n", {"b.md": "# H\n# H\n"})
    assert leads(root) == {"b", "b#h"}


def test_a_missing_heading_is_told_in_the_body_and_in_front_matter(tmp_path: Path) -> None:
    root = lay(tmp_path, "---\nisPartOf: '[[b#Absent]]'\n---\n[[b#Absent]]\n", {"b.md": "# H\n"})
    assert build_notes(root).places == ["a.md:2:11: warning missing-heading", "a.md:4:1: warning missing-heading"]


# --- among several --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "link", "expected"),
    [
        ("x/a.md", "[[N]]", "x-n"),
        ("x/y/a.md", "[[N]]", "x-y-n"),
        ("x/y/z/a.md", "[[N]]", "x-y-n"),
        ("x/z/a.md", "[[N]]", "x-n"),
        ("w/a.md", "[[N]]", "w-v-n"),
        ("w/a.md", "[[y/N]]", "x-y-n"),
        ("w/a.md", "[[x/y/N]]", "x-y-n"),
        ("a.md", "[[x/N]]", "x-n"),
        ("a.md", "[t](x/N.md)", "x-n"),
        ("x/a.md", "[t](N.md)", "x-n"),
        ("x/y/a.md", "[t](../N.md)", "x-n"),
        ("x/y/a.md", "[[../N]]", "x-n"),
        ("x/y/a.md", "[[./N]]", "x-y-n"),
    ],
)
def test_the_nearest_in_the_tree(origin: str, link: str, expected: str, tmp_path: Path) -> None:
    places = ("x/N.md", "x/y/N.md", "w/v/N.md")
    files = {path: f"---\nslug: {path.removesuffix('.md').replace('/', '-')}\n---\n" for path in places}
    root = lay(tmp_path, f"{link}\n", files, at=origin)
    assert leads(root) == {expected}
    assert not build_notes(root).problems


def test_an_exact_path_goes_before_the_nearest(tmp_path: Path) -> None:
    files = {"N.md": "---\nslug: haut\n---\n", "x/N.md": "---\nslug: bas\n---\n"}
    root = lay(tmp_path, "[[N]]\n", files, at="x/a.md")
    assert leads(root) == {"haut"}
    assert not build_notes(root).problems


def test_notes_as_near_are_told_and_the_least_path_is_taken(tmp_path: Path) -> None:
    files = {f"{folder}/N.md": f"---\nslug: {folder}\n---\n" for folder in ("c", "b", "d")}
    root = lay(tmp_path, "[[N]]\n", files)
    (found,) = build_notes(root).problems
    assert found.code == "ambiguous-link"
    assert "b/N.md" in found.message
    assert "c/N.md" in found.message
    assert "d/N.md" in found.message
    assert leads(root) == {"b"}


@pytest.mark.parametrize(
    "field", ["type: '[[N]]'", "isPartOf: '[[N]]'", "employeur: N", "source: N", "source: '[[N]]'", "inconnu: '[[N]]'"]
)
def test_ambiguous_links_are_told_in_every_field(field: str, tmp_path: Path) -> None:
    """A dangling or ambiguous link is a warning, wherever it stands."""
    root = lay(tmp_path, f"---\n{field}\n---\n", {"b/N.md": "---\nslug: b\n---\n", "c/N.md": "---\nslug: c\n---\n"})
    assert "ambiguous-link" in build_notes(root).codes


@pytest.mark.parametrize(
    "field", ["type: '[[N]]'", "isPartOf: '[[N]]'", "source: '[[N]]'", "inconnu: '[[N]]'", "auteur: '[[N]]'"]
)
def test_dangling_links_are_told_in_every_field(field: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"---\n{field}\n---\n")
    assert "dangling-link" in build_notes(root).codes
    assert "doc/n rdf:type herbier:Stub" in facts(root)


def test_a_stem_goes_before_an_alias_and_an_alias_before_a_title(tmp_path: Path) -> None:
    files = {
        "N.md": "---\nslug: stem\n---\n",
        "b.md": "---\naliases: [N, M]\nslug: alias\n---\n",
        "c.md": "---\ntitle: N\nslug: title-n\n---\n",
        "d.md": "---\ntitle: M\nslug: title-m\n---\n",
    }
    root = lay(tmp_path, "[[N]]\n", {**files, "e.md": "[[M]]\n"})
    assert leads(root) == {"stem"}
    assert leads(root, "e") == {"alias"}


def test_a_note_whose_stem_has_a_dot(tmp_path: Path) -> None:
    files = {
        "Node.js.md": "---\nslug: node\n---\n",
        "v1.0.md": "---\nslug: v1\n---\n",
        "rapport.pdf.md": "---\nslug: rapport\n---\n",
    }
    root = lay(tmp_path, "[[Node.js]] [[v1.0]] [[rapport.pdf]] [[Node.js.md]]\n", files)
    assert leads(root) == {"node", "v1", "rapport"}
    assert not build_notes(root).problems


# --- nothing is guessed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "link", "same"),
    [
        ("Été", "été", True),
        ("Été", "E\u0301te\u0301", True),
        ("E\u0301te\u0301", "Été", True),
        ("Été", "Ete", False),
        ("Ete", "Été", False),
        ("Straße", "STRASSE", True),
        ("L’été", "L'été", False),
        ("a-b", "a b", False),
        ("a_b", "a b", False),
        ("Notes", "Note", False),
        ("Ⅳ", "IV", False),
        ("ΣΑΣ", "σας", True),
    ],
)
def test_names_compare_under_nfc_and_case_folding(stem: str, link: str, same: bool, tmp_path: Path) -> None:
    root = lay(tmp_path, f"[[{link}]]\n", {f"{stem}.md": "---\nslug: cible\n---\n"})
    assert (leads(root) == {"cible"}) is same
    assert (build_notes(root).codes == []) is same
    assert build_notes(root).codes in ([], ["dangling-link"])


def test_a_stub_never_takes_the_iri_of_a_note(tmp_path: Path) -> None:
    """`[[Ete]]` is no link to Été.md, though the two would have one slug."""
    root = lay(tmp_path, "[[Ete]]\n", {"Été.md": ""})
    (stub,) = leads(root)
    assert stub.startswith("ete-")
    assert f"doc/{stub} rdf:type herbier:Stub" in facts(root)
    assert "doc/ete rdf:type schema:NoteDigitalDocument" in facts(root)
    assert "is 'Été' meant?" in build_notes(root).problems[0].hint


def test_the_note_written_later_inherits_the_iri(tmp_path: Path) -> None:
    before = lay(tmp_path / "avant", "[[Nouvelle idée]]\n")
    after = lay(tmp_path / "après", "[[Nouvelle idée]]\n", {"x/Nouvelle idée.md": ""})
    assert leads(before) == leads(after) == {"nouvelle-idee"}
    assert "doc/nouvelle-idee rdf:type herbier:Stub" in facts(before)
    assert "doc/nouvelle-idee rdf:type schema:NoteDigitalDocument" not in facts(before)
    assert "doc/nouvelle-idee rdf:type schema:NoteDigitalDocument" in facts(after)
    assert "doc/nouvelle-idee rdf:type herbier:Stub" not in facts(after)


def test_a_stub_has_one_name_the_one_most_used(tmp_path: Path) -> None:
    files = {"b.md": "[[Absente]]", "c.md": "[[absente]]", "en/d.md": "[[ABSENTE]]"}
    root = lay(tmp_path, "[[Absente]]\n", files)
    assert values(root, "id/absente", "rdfs:label") == {'"Absente"@fr'}
    assert values(root, "id/absente", "schema:alternateName") == {'"absente"@fr', '"ABSENTE"@en'}


def test_stubs_whose_names_share_a_slug_are_told(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[Été]] [[Ete]]\n")
    assert build_notes(root).codes == ["dangling-link", "dangling-link", "slug-collision"]


# --- slugs of notes -------------------------------------------------------------------------------


def slugs(root: Path) -> dict[str, str]:
    """Return the slug of each note by its text, which is its path."""
    found = (fact.split(" schema:text ") for fact in facts(root) if " schema:text " in fact)
    return {text.rpartition("@")[0].strip('"'): subject.removeprefix("doc/") for subject, text in found}


def named(*paths: str) -> dict[str, str]:
    return {path: path for path in paths} | {"herbier.toml": FRENCH}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("en/Guide.md", "fr/Guide.md"), {"en/Guide.md": "guide", "fr/Guide.md": "fr-guide"}),
        (
            ("Guide.md", "en/Guide.md", "fr/Guide.md"),
            {"Guide.md": "guide", "en/Guide.md": "en-guide", "fr/Guide.md": "fr-guide"},
        ),
        (
            ("a/fr/Guide.md", "b/fr/Guide.md", "c/fr/Guide.md"),
            {"a/fr/Guide.md": "guide", "b/fr/Guide.md": "b-fr-guide", "c/fr/Guide.md": "c-fr-guide"},
        ),
    ],
)
def test_of_several_claimants_the_least_path_has_the_plain_slug(
    paths: tuple[str, ...], expected: dict[str, str], tmp_path: Path
) -> None:
    assert slugs(vault(tmp_path, named(*paths))) == expected


def test_a_claimant_in_no_folder_has_a_hash(tmp_path: Path) -> None:
    """The least path is the least by code points: x goes before É."""
    found = slugs(vault(tmp_path, named("Été.md", "x/Ete.md")))
    assert found == {"x/Ete.md": "ete", "Été.md": f"ete-{digest('Été.md')}"}


def test_a_slug_given_by_a_folder_does_not_take_another_notes(tmp_path: Path) -> None:
    found = slugs(vault(tmp_path, named("en/Guide.md", "fr/Guide.md", "fr guide.md")))
    assert found["fr guide.md"] == "fr-guide"
    assert found["en/Guide.md"] == "guide"
    assert found["fr/Guide.md"] not in ("guide", "fr-guide")
    assert len(set(found.values())) == 3


def test_the_key_slug_goes_before_the_title_and_the_title_before_the_stem(tmp_path: Path) -> None:
    files = {
        "stem.md": "---\nslug: Mon Slug\ntitle: Titre\n---\nun",
        "b.md": "---\ntitle: Titre\n---\ndeux",
        "c.md": "trois",
        "d.md": "---\nnom: Nommée\n---\nquatre",
        "herbier.toml": FRENCH,
    }
    assert slugs(vault(tmp_path, files)) == {"un": "mon-slug", "deux": "titre", "trois": "c", "quatre": "nommee"}


def test_a_private_note_claims_no_slug(tmp_path: Path) -> None:
    files = {"a/N.md": "---\nprivate: true\n---\nsecret", "b/N.md": "public", "herbier.toml": FRENCH}
    root = vault(tmp_path, files)
    assert slugs(root) == {"public": "n"}
    assert build_notes(root).codes == []


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "embed",
    [
        "![[image.png]]",
        "![[image.png|200]]",
        "![[d/image.png]]",
        "![[IMAGE.PNG]]",
        "![x](d/image.png)",
        "![x](<d/image.png>)",
        "![x](d/image.png#xywh=1)",
    ],
)
def test_embedded_images(embed: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"{embed}\n", {"d/image.png": "x"})
    assert values(root, "doc/a", "schema:image") == {"file/d/image.png"}
    assert values(root, "file/d/image.png", "rdf:type") == {"schema:ImageObject"}
    assert values(root, "file/d/image.png", "schema:encodingFormat") == {'"image/png"'}
    assert build_notes(root).counts.published == 2


@pytest.mark.parametrize(
    "name", ["un deux.png", "été.png", "100 %.png", "a?b.png", "10:30.png", "a&b+c.png", "'x'.png"]
)
def test_names_of_attachments(name: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f'---\nlogo: "[[{name}]]"\n---\n', {name: "x"})
    (file,) = values(root, "id/a", "schema:logo")
    assert values(root, file, "schema:name") == {f'"{name}"'}


def test_a_file_linked_but_not_embedded_is_neither_published_nor_described(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[d.pdf]] [x](d.pdf)\n", {"d.pdf": "x"})
    assert not [fact for fact in facts(root) if "file/" in fact]
    assert build_notes(root).codes == ["unpublished-attachment", "unpublished-attachment"]
    assert build_notes(root).counts.published == 1


def test_a_file_embedded_by_a_private_note_only_is_not_published(tmp_path: Path) -> None:
    root = lay(tmp_path, "", {"secret.md": "---\nprivate: true\n---\n![[x.png]]", "x.png": "x"})
    assert b"x.png" not in build_notes(root).data
    assert set(build_notes(root).counts.listed) == {"herbier.toml", "x.png"}


def test_a_file_that_is_ignored_is_not_published_by_an_embed(tmp_path: Path) -> None:
    root = lay(tmp_path, "![[x.png]] ![une photo](d/x.png)\n", {"d/x.png": "x", ".herbierignore": "d/\n"})
    assert b"x.png" not in build_notes(root).data


@pytest.mark.parametrize(
    ("body", "text", "said"),
    [
        ("Voir [[2]](https://e.org/x), fin.", "Voir 2, fin.", "schema:citation <https://e.org/x>"),
        ("Voir [[a b]](<https://e.org/x>).", "Voir a b.", "schema:citation <https://e.org/x>"),
        ('- [[2]](https://e.org/x "t")', "2", "schema:citation <https://e.org/x>"),
        ("![[1]](https://e.org/i.png)", "1", "schema:image <https://e.org/i.png>"),
        ("`[[2]](https://e.org/x)`", "[[2]](https://e.org/x)", None),
    ],
)
def test_the_text_of_a_link_of_markdown_may_stand_in_brackets(
    body: str, text: str, said: str | None, tmp_path: Path
) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "n.md": body})
    assert build_notes(root).codes == []
    assert f'schema:text "{text}"@fr' in said_of(root, "doc/n")
    assert said is None or said in said_of(root, "doc/n")
