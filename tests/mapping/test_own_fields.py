"""Whose fact an inline field is; and that text holds sentences, not fields, code of tools or commands of TeX."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, facts, said_of, values, vault


def lay(tmp_path: Path, note: str) -> Path:
    return vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note})


def text_of(root: Path) -> str:
    [text] = values(root, "doc/a", "schema:text") or {""}
    return text.removesuffix("@fr").strip('"')


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("- [x] laver [completion:: 2024-07-14]\n", "laver 2024-07-14"),
        ("- [ ] laver (fin:: 2024-07-14)\n", "laver 2024-07-14"),
        ("- [/] laver [fin:: 2024-07-14]\n", "[/] laver 2024-07-14"),
        ("- 500 g de riz [fin:: 2024-07-14]\n", "500 g de riz 2024-07-14"),
        ("- un bloc\n  fin:: 2024-07-14\n  collapsed:: true\n", "un bloc"),
        ("- [[b]]\n  - fin:: 2024-07-14\n", "b"),
        ("- [ ] laver 📅 2024-07-14 ⏫ 🔁 every week ✅ 2024-07-15\n", "laver"),
    ],
)
def test_a_field_of_an_item_is_not_of_the_note(note: str, text: str, tmp_path: Path) -> None:
    root = lay(tmp_path, note)
    assert not [fact for fact in facts(root) if "endDate" in fact or "key/" in fact]
    assert text_of(root) == text


@pytest.mark.parametrize(
    "note",
    ["fin:: 2024-07-14\n", "- fin:: 2024-07-14\n", "Texte [fin:: 2024-07-14].\n", "> fin:: 2024-07-14\n",
     "## Infos\n\nfin:: 2024-07-14\n", "- fin:: 2024-07-14\n- début:: 2024-01-01\n"],
)  # fmt: skip
def test_a_field_of_the_note_is_said_of_it(note: str, tmp_path: Path) -> None:
    assert values(lay(tmp_path, note), "id/a", "schema:endDate") == {'"2024-07-14"^^xsd:date'}


def test_a_field_below_a_heading_that_is_a_link_is_of_what_it_names(tmp_path: Path) -> None:
    root = lay(
        tmp_path, "# Équipe\n\n## [[Alice]]\n\nmétier:: développeuse\nalias:: Al\n\n## [[Bob]]\n\nmétier:: juriste\n"
    )
    assert values(root, "id/alice", "schema:jobTitle") == {'"développeuse"@fr'}
    assert values(root, "id/bob", "schema:jobTitle") == {'"juriste"@fr'}
    assert not values(root, "id/a", "schema:jobTitle")
    assert not values(root, "id/a", "schema:alternateName")


def test_a_section_with_a_type_is_about_a_thing_of_its_own(tmp_path: Path) -> None:
    root = lay(tmp_path, "# Équipe\n\n## Alice\n\ntype:: personne\nmétier:: développeuse\n")
    assert values(root, "id/a#alice", "rdf:type") == {"schema:Person"}
    assert values(root, "id/a#alice", "schema:jobTitle") == {'"développeuse"@fr'}
    assert values(root, "doc/a#alice", "schema:mentions") == {"id/a#alice"}
    assert values(root, "id/a", "rdf:type") == {"schema:Thing"}


def test_the_type_below_a_heading_of_metadata_is_of_the_note(tmp_path: Path) -> None:
    assert values(lay(tmp_path, "## Métadonnées\n\ntype:: personne\n"), "id/a", "rdf:type") == {"schema:Person"}


def test_the_same_key_below_several_headings_is_reported(tmp_path: Path) -> None:
    root = lay(tmp_path, "## Alice\n\nmétier:: un\n\n## Bob\n\nmétier:: deux\n")
    assert build_notes(root).codes == ["field-of-note"]


# --- text is text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tool", ["dataview", "dataviewjs", "tasks", "button", "query", "mermaid"])
def test_code_for_tools_is_no_text(tool: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"Un jour.\n\n```{tool}\nnot done\n```\n^bouton\n\nUn autre.\n")
    assert text_of(root) == r"Un jour.\n\nUn autre."
    assert not [fact for fact in facts(root) if "block-" in fact]


def test_other_code_is_text(tmp_path: Path) -> None:
    assert text_of(lay(tmp_path, "```python\nnot done\n```\n\n    indenté\n")) == r"not done\n\nindenté"


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("Soit $x_{1}$ et $$y$$ ici.\n", "Soit $x_{1}$ et $$y$$ ici."),
        ("Un.\n\n$\\newline$\n\nDeux.\n", r"Un.\n\nDeux."),
        ("Un.\n\n\\newline\n\nDeux \\vspace{2cm} trois.\n", r"Un.\n\nDeux trois."),
        ("Le projet est [statut:: achevé], mais reste.\n", "Le projet est achevé, mais reste."),
        ("Voir (auteur:: [[Ada]]) et `[a:: b]`.\n", "Voir Ada et [a:: b]."),
        ("statut:: achevé\n\nTexte.\n", "Texte."),
        ("statut:: achevé\nTexte.\nfin:: 2024\n", "Texte."),
    ],
)
def test_text_holds_sentences(note: str, text: str, tmp_path: Path) -> None:
    found = text_of(lay(tmp_path, note)).replace("\\\\", "\\")
    assert found == text


def test_a_description_holds_no_field(tmp_path: Path) -> None:
    root = lay(tmp_path, "## Généralité\n\nstatut:: achevé\n\nLe projet est (depuis:: 2020) connu.\n")
    assert values(root, "id/a", "schema:description") == {'"Le projet est 2020 connu."@fr'}


def test_links_keep_their_places_when_fields_go(tmp_path: Path) -> None:
    note = "un:: [[b]]\nVoir [[Zyx|lui]] (deux:: [[c]]) et [[Zyx]] ici.\n"
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note, "Zyx.md": "---\nprivate: true\n---\n"})
    assert text_of(root) == "Voir lui c et […] ici."


def test_the_value_of_a_field_that_names_a_private_note_is_hidden(tmp_path: Path) -> None:
    note = "Le texte [auteur:: Zyxomma] suit (voir:: [[Zyxomma]]).\n"
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note, "Zyxomma.md": "---\nprivate: true\n---\n"})
    assert b"yxomma" not in build_notes(root).data
    assert text_of(root) == "Le texte […] suit […]."


def test_no_language_is_guessed_from_code_or_quotes(tmp_path: Path) -> None:
    quote = "> Yesterday, all those backups seemed a waste of pay, now my database has gone away.\n" * 3
    root = vault(tmp_path, {"a.md": f"À distinguer de l'archivage des données.\n\n{quote}"})
    assert values(root, "doc/a", "dcterms:language") == {'"fr"'}
    code = "```tasks\ntag does not include #fait\nstatus.name includes waiting\nsort by urgency\n```\n"
    assert not values(vault(tmp_path / "b", {"liste.md": code}), "doc/liste", "dcterms:language")


def test_fields_are_told_apart_from_what_they_are_said_of(tmp_path: Path) -> None:
    root = lay(tmp_path, "né:: 1815\n\n- [ ] tâche [né:: 1900]\n")
    assert {fact for fact in said_of(root, "id/a") if "birth" in fact} == {'schema:birthDate "1815"^^xsd:gYear'}
