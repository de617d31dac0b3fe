"""Plain words as the names of notes: which note is meant, and when none is."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, said_of, values, vault

Files = dict[str, str | bytes]


def lay(folder: Path, files: Files, rows: str = "") -> Path:
    return vault(folder, {"herbier.toml": FRENCH + rows, **files})


def note(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", ""])


def test_a_note_of_another_class_than_the_key_asks_for_is_not_meant(tmp_path: Path) -> None:
    files: Files = {"ana.md": note("type: personne", "employeur: Lyon"), "Lyon.md": note("type: ville")}
    root = lay(tmp_path, files)
    assert values(root, "id/ana", "schema:worksFor") != {"id/lyon"}
    assert "unlinked-reference" in build_notes(root).codes


def test_of_several_the_one_whose_class_fits_is_meant(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        {
            "ana.md": note("type: personne", "employeur: nord"),
            "lieux/nord.md": note("title: Le Nord"),
            "organisations/nord.md": note("title: Agence du Nord"),
        },
    )
    assert values(root, "id/ana", "schema:worksFor") == {"id/agence-du-nord"}


def test_of_several_as_good_none_is_meant_and_that_is_told(tmp_path: Path) -> None:
    files: Files = {f"{folder}/nord.md": note("type: organisme", f"title: {folder}") for folder in ("un", "deux")}
    root = lay(tmp_path, {"ana.md": note("type: personne", "employeur: nord"), **files})
    assert not values(root, "id/ana", "schema:worksFor") & {"id/un", "id/deux"}
    assert "ambiguous-link" in build_notes(root).codes


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ({"202401011200 Sur les arbres.md": note("title: Sur les arbres")}, "'[[202401011200]]'"),
        ({"arbres.md": note("title: Sur les arbres", "id: '202401011200'")}, "'[[202401011200]]'"),
        ({"arbres.md": note("title: Sur les arbres", "permalink: /bois/arbres/")}, "/bois/arbres"),
        ({"arbres.md": note("title: Sur les arbres", "sigle: SLA")}, "SLA"),
    ],
)
def test_ids_permalinks_and_acronyms_name_notes(target: Files, written: str, tmp_path: Path) -> None:
    root = lay(tmp_path, {"a.md": note(f"voir: {written}"), **target})
    assert values(root, "id/a", "rdfs:seeAlso") == {"id/sur-les-arbres"}


def test_stems_under_a_key_that_is_called_as_their_folder_are_relations(tmp_path: Path) -> None:
    files: Files = {"_startups/carto.md": note("title: Cartographie"), "carto.md": note("title: Autre", "slug: autre")}
    root = lay(tmp_path, {"a.md": note("startups: [carto, rien]"), **files})
    assert values(root, "id/a", "key/startups") == {"id/cartographie", '"rien"@fr'}


def test_a_row_tells_the_folder_and_the_names_by_which_notes_are_meant(tmp_path: Path) -> None:
    rows = (
        '[mapping.keys.equipe]\nnames = ["squad"]\nthing = ["schema:memberOf"]\n'
        'value = "entity"\nfolder = "teams"\nby = ["stem"]\n'
    )
    files: Files = {"teams/nord.md": note("title: Équipe du Nord"), "lieux/nord.md": note("title: Le Nord")}
    root = lay(tmp_path, {"a.md": note("type: personne", "squad: nord"), **files}, rows)
    assert values(root, "id/a", "schema:memberOf") == {"id/equipe-du-nord"}


def test_a_row_reaches_keys_within_values_and_may_be_limited_to_a_folder(tmp_path: Path) -> None:
    rows = (
        '[mapping.keys.pour]\nnames = ["missions.client"]\nthing = ["dcterms:relation"]\nvalue = "entity"\n'
        '[mapping.keys.rang]\nthing = ["schema:position"]\nvalue = "integer"\nin = "étapes"\n'
        '[mapping.keys.pas]\nthing = ["schema:position"]\nvalue = "integer"\nfolder = "étapes"\n'
    )
    files: Files = {
        "ana.md": note("type: personne", "missions:", "- client: '[[Lab]]'", "  start: 2024-01-02"),
        "étapes/un.md": note("rang: 1"),
        "étapes/trois.md": note("pas: 3"),
        "deux.md": note("rang: 2", "pas: 2"),
    }
    root = lay(tmp_path, files, rows)
    (role,) = values(root, "id/ana", "schema:worksFor")
    assert values(root, role, "dcterms:relation") == {"id/lab"}
    assert values(root, "id/un", "schema:position") == {'"1"^^xsd:integer'}
    assert values(root, "id/trois", "schema:position") == {'"3"^^xsd:integer'}
    assert not values(root, "id/deux", "schema:position")


def test_a_value_may_be_said_of_a_node_of_its_own(tmp_path: Path) -> None:
    root = lay(tmp_path, {"a.md": note("type: produit", "prix: 12,50")})
    (offer,) = values(root, "id/a", "schema:offers")
    assert said_of(root, offer) == {"rdf:type schema:Offer", 'schema:price "12.50"^^xsd:decimal'}


@pytest.mark.parametrize(
    ("written", "read"),
    [("1h30", "PT1H30M"), ("45 min", "PT45M"), ("155", "PT155M"), ("1:02:11", "PT1H2M11S"), ("2 heures", "PT2H"),
     ("1,5 h", "PT1H30M"), ("PT20M", "PT20M"), ("1 h 15 min", "PT1H15M"), ("90'", "PT90M")],
)  # fmt: skip
def test_durations(written: str, read: str, tmp_path: Path) -> None:
    root = lay(tmp_path, {"a.md": note("type: film", f'durée: "{written}"')})
    assert values(root, "id/a", "schema:duration") == {f'"{read}"^^xsd:duration'}


def test_a_duration_that_is_none_is_kept(tmp_path: Path) -> None:
    root = lay(tmp_path, {"a.md": note("type: film", "durée: un moment")})
    assert values(root, "id/a", "key/durée") == {'"un moment"@fr'}
