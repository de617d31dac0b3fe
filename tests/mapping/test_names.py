"""Names are what was meant: slashes, marks of nothing, templates, keys of citation, labels before their notes."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, Files, build_notes, facts, values, vault


def lay(tmp_path: Path, note: str, **files: str) -> Path:
    more = {name.replace("--", "/") + ".md": text for name, text in files.items()}
    return vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note, **more})


def things(root: Path) -> set[str]:
    """Return the slugs of all things but that of the note itself."""
    found = {fact.split()[0].removeprefix("id/") for fact in facts(root) if fact.startswith("id/")}
    return {name for name in found if "#" not in name} - {"a"}


# --- slashes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("CNRS/Inria", "cnrs-inria"),
        ("Ministère Bleu / Direction du Vent", "ministere-bleu-direction-du-vent"),
        ("'[[2019 IEEE/CVF Conference]]'", "2019-ieee-cvf-conference"),
        ("'[[MCP/Server]]'", "mcp-server"),
    ],
)
def test_a_name_with_a_slash_keeps_all_of_it(name: str, slug: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"---\ntype: personne\nemployeur: {name}\n---\n")
    assert values(root, "id/a", "schema:worksFor") == {f"id/{slug}"}
    bare = name.strip("[]'")
    assert values(root, f"id/{slug}", "schema:name") == {f'"{bare}"@fr'}


def test_a_path_of_the_vault_is_a_path(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[gens/Ada]] [[ailleurs/Ida.md]] [x](gens/Eva)\n", **{"gens--b": ""})
    assert things(root) == {"ada", "ida", "eva", "b"}


def test_pages_of_logseq_are_found_by_their_names(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[MCP/Server]] [[a/b]]\n", **{"pages--MCP___Server": "", "pages--a%2Fb": ""})
    assert values(root, "doc/a", "dcterms:references") == {"doc/mcp-server", "doc/a-b"}
    assert values(root, "id/mcp-server", "schema:name") == {'"MCP/Server"@fr'}


def test_the_folder_of_a_collection_is_written_without_its_dash(tmp_path: Path) -> None:
    root = lay(tmp_path, "---\ntype: personne\nemployeur: /orgs/labo\n---\n", **{"_orgs--labo": ""})
    assert values(root, "id/a", "schema:worksFor") == {"id/labo"}


# --- what says nothing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["N/A", "n/a", "'-'", "'?'", "TBD", "—", "à compléter", "'...'", "''"])
@pytest.mark.parametrize("key", ["employeur", "inconnue", "source", "title", "aliases", "type"])
def test_a_mark_in_the_place_of_a_value_says_nothing(mark: str, key: str, tmp_path: Path) -> None:
    with_it = facts(lay(tmp_path / "a", f"---\n{key}: {mark}\n---\nTexte.\n"))
    without = facts(lay(tmp_path / "b", "---\nlang: fr\n---\nTexte.\n"))
    assert {fact for fact in with_it if not fact.startswith("key/")} == without


@pytest.mark.parametrize(
    "text",
    [
        "[]()", "[x](/)", "[x](./)", "[x](../)", "[[]]", "[[ ]]", "[[/]]", "[](rien.md)", "[[{{title}}]]",
        "[x](<{{page}}>)", "[[<% tp.file.title %>]]", "[[2]](https://example.org/)", "[[@turing1950]]", "[@turing]",
        "[voir @turing, p. 3]",
        "@turing1950",
    ],
)  # fmt: skip
def test_what_names_nothing_makes_no_thing(text: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"Voir {text} ici.\n")
    assert things(root) == set()
    assert "herbier:Stub" not in " ".join(facts(root))


@pytest.mark.parametrize("value", ["'[[{{title}}]]'", "'[[]]'", "'[[/]]'", "'[x](/)'", "'[[@turing1950]]'"])
def test_a_value_that_names_nothing_makes_no_thing(value: str, tmp_path: Path) -> None:
    assert things(lay(tmp_path, f"---\nemployeur: {value}\n---\n")) == set()


# --- citations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("[[@turing1950]]", {"turing1950"}),
        ("selon @turing1950.", {"turing1950"}),
        ("[@turing, p. 3; voir @hopper52]", {"turing", "hopper52"}),
        ("[-@turing]", {"turing"}),
        ("à a@turing1950.example, merci @ada et @media", set()),
        ("`@turing1950`", set()),
    ],
)
def test_a_key_of_citation_is_a_work(text: str, keys: set[str], tmp_path: Path) -> None:
    root = lay(tmp_path, f"Voir {text}\n")
    assert values(root, "doc/a", "schema:citation") == {f"dataset#work-{key}" for key in keys}
    for key in keys:
        assert values(root, f"dataset#work-{key}", "rdf:type") == {"schema:CreativeWork"}
        assert values(root, f"dataset#work-{key}", "schema:identifier") == {f'"{key}"'}


def test_a_note_that_is_called_by_the_key_is_linked_to(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[@turing1950]]\n", **{"@turing1950": "---\ntype: article\n---\n"})
    assert values(root, "doc/a", "schema:mentions") == {"id/turing1950"}


# --- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    ["[[ce service|b]]", "[[ce service|dossier/b]]", "[[ce service|b#titre]]", "[[dendron://coffre/b]]",
     "[[ce service|dendron://coffre/b#titre]]", "[x](dendron://coffre/b)"],
)  # fmt: skip
def test_the_label_may_stand_before_the_note(link: str, tmp_path: Path) -> None:
    files: Files = {"herbier.toml": FRENCH, "a.md": f"{link}\n", "dossier/b.md": "# Titre\n"}
    root = vault(tmp_path, files)
    assert values(root, "doc/a", "schema:mentions") == {"id/b"}
    assert build_notes(root).codes == ["default-base"] * 0


def test_where_both_sides_are_notes_the_left_one_counts(tmp_path: Path) -> None:
    assert values(lay(tmp_path, "[[b|c]]\n", b="", c=""), "doc/a", "schema:mentions") == {"id/b"}


def test_a_label_before_a_private_note_gives_nothing_away(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        "---\nisPartOf: '[[la fiche|Zyxomma]]'\n---\n[[la fiche|Zyxomma]]\n",
        Zyxomma="---\nprivate: true\n---\n",
    )
    assert b"yxomma" not in build_notes(root).data


def test_a_link_of_markdown_keeps_its_address_and_its_text(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        "---\nsource: '[Le Monde](https://lemonde.example/x)'\nsite: '[chez nous](https://nous.example/)'\n---\n",
    )
    assert values(root, "doc/a", "schema:citation") == {"<https://lemonde.example/x>"}
    assert values(root, "<https://lemonde.example/x>", "schema:name") == {'"Le Monde"@fr'}
    assert values(root, "<https://nous.example/>", "schema:name") == {'"chez nous"@fr'}


def test_a_field_may_stand_close_to_its_link(tmp_path: Path) -> None:
    root = lay(tmp_path, "voir::[[b]]\n", b="")
    assert values(root, "id/a", "rdfs:seeAlso") == {"id/b"}


def test_a_link_to_the_note_of_a_day_is_that_day(tmp_path: Path) -> None:
    root = lay(tmp_path, "---\ntype: évènement\ndate: '[[2024-05-01|1er mai]]'\n---\n")
    assert values(root, "id/a", "schema:startDate") == {'"2024-05-01"^^xsd:date'}


# --- several names ----------------------------------------------------------------------------------------------------


def test_names_of_one_stub_are_one_name(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[Été]] [[été]]\n", b="[[Été]]\n", c="---\nlang: en\n---\n[[Ete]]\n")
    assert values(root, "id/ete", "schema:name") == {'"Été"@fr'}
    assert values(root, "id/ete", "schema:alternateName") == {'"été"@fr', '"Ete"@en'}


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("---\naliases: A, B\n---\n", {"A", "B"}),
        ("---\naliases: 'Dupont, Jean'\n---\n", {"Dupont, Jean"}),
        ("---\naliases: ['Dupont, Jean', B]\n---\n", {"Dupont, Jean", "B"}),
        ("alias:: A, B\n", {"A", "B"}),
        ("---\naliases:\nPremier nom\nSecond nom\n---\n", {"Premier nom", "Second nom"}),
        ("---\naliases:\n  Premier nom\n  Second nom\n---\n", {"Premier nom", "Second nom"}),
        ("---\naliases:\nPremier nom\nSecond nom\ntitle: a\n---\n", {"Premier nom", "Second nom"}),
    ],
)
def test_aliases_between_commas_and_lines_are_apart(note: str, names: set[str], tmp_path: Path) -> None:
    root = lay(tmp_path, note)
    assert values(root, "id/a", "schema:alternateName") == {f'"{name}"@fr' for name in names}
    assert "front-matter-lost" not in build_notes(root).codes


def test_tags_of_jekyll_are_parted_by_blanks(tmp_path: Path) -> None:
    note = "---\ntags: un deux\n---\n"
    assert values(lay(tmp_path / "a", note), "doc/a", "dcterms:subject") == {"tag/un-deux"}
    root = vault(tmp_path / "b", {"_config.yml": "title: x\n", "a.md": note, "herbier.toml": FRENCH})
    assert values(root, "doc/a", "dcterms:subject") == {"tag/un", "tag/deux"}


def test_a_family_name_alone_is_no_other_name_of_the_person(tmp_path: Path) -> None:
    head = "---\ntitle: Geoffrey Hinton\ntype: personne\nprenom: Geoffrey\nnom: Hinton\n---\n"
    root = vault(tmp_path, {"a.md": head, "herbier.toml": FRENCH})
    assert values(root, "id/geoffrey-hinton", "schema:familyName") == {'"Hinton"'}
    assert values(root, "id/geoffrey-hinton", "schema:alternateName") == set()


@pytest.mark.parametrize("kind", ["owl:Class", "rdfs:Class", "http://www.w3.org/2002/07/owl#Class"])
def test_what_has_a_class_for_its_type_is_no_class(kind: str, tmp_path: Path) -> None:
    files: Files = {"a.md": "---\ntype: '[[Recette]]'\n---\n", "Recette.md": f"---\ntype: {kind}\n---\n"}
    root = vault(tmp_path, files)
    assert "id/recette" in values(root, "id/a", "rdf:type")
    assert "owl:Class" not in values(root, "id/a", "rdf:type")
    assert "rdfs:Class" not in values(root, "id/a", "rdf:type")


@pytest.mark.parametrize("written", ["sdo:Recipe", "schema:Recipe", "https://schema.org/Recipe"])
def test_a_curie_is_its_iri_everywhere(written: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"---\ntype: {written}\nsdo:keywords: sel\ndct:audience: tous\n---\n"})
    assert "schema:Recipe" in values(root, "id/a", "rdf:type")
    assert build_notes(root).codes == []
