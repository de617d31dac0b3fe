"""From fields to triples: keys, types, relations, languages, and what is reported of what does not fit."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, Files, build_notes, facts, said_of, values, vault


def lay(folder: Path, front: str, body: str = "", files: Files | None = None) -> Path:
    """Write a vault whose note a.md has this front matter and body."""
    return vault(folder, {"a.md": f"---\n{front}\n---\n{body}", "herbier.toml": FRENCH, **(files or {})})


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "date_creation",
        "Date de création",
        "date-création",
        "DATE_CREATION",
        "dateCréation",
        "created",
        "Créé le",
        "dcterms:created",
    ],
)
def test_a_key_is_known_however_it_is_written(key: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"{key}: 2025-03-20")
    assert values(root, "doc/a", "dcterms:created") == {'"2025-03-20"^^xsd:date'}
    assert not build_notes(root).problems


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("description: Un texte.", 'id/a schema:description "Un texte."@fr'),
        ("site_web: https://x.example/", "id/a schema:url <https://x.example/>"),
        ("effectif: 1 500", 'id/a schema:numberOfEmployees "1500"^^xsd:integer'),
        ("latitude: '45,53'", 'id/a schema:latitude "45.53"^^xsd:decimal'),
        ("identifiant: 0123", 'id/a schema:identifier "0123"'),
        ("courriel: a@example.org", 'id/a schema:email "a@example.org"'),
        ("wikidata: Q42", "id/a schema:sameAs <http://www.wikidata.org/entity/Q42>"),
        ("fondé en: 1993", 'id/a schema:foundingDate "1993"^^xsd:gYear'),
        ("doi: 10.1000/182", "id/a schema:sameAs <https://doi.org/10.1000/182>"),
        ("type: concept\nstatut: ébauche", 'doc/a schema:creativeWorkStatus "ébauche"@fr'),
        ("source: '[[b]]'", "doc/a schema:citation id/b"),
        ("source: Un livre", 'doc/a schema:citation "Un livre"@fr'),
        ("source: https://x.example/", "doc/a schema:citation <https://x.example/>"),
        ("nationalité: b", "id/a schema:nationality id/b"),
        ("fondateur: ['[[b]]', '[[c]]']", "id/a schema:founder id/c"),
        ("fondateur: '[[b]] et [[c]]'", "id/a schema:founder id/c"),
        ("fondateur: '[b](b.md)'", "id/a schema:founder id/b"),
        ("image: '[[i.png]]'", "id/a schema:image file/i.png"),
        ("image: i.png", "id/a schema:image file/i.png"),
        ("image: https://x.example/i.png", "id/a schema:image <https://x.example/i.png>"),
        ("type: livre\npublished: 2020", 'id/a dcterms:issued "2020"^^xsd:gYear'),
        ("foaf:nick: Ada", 'id/a <http://xmlns.com/foaf/0.1/nick> "Ada"@fr'),
        ("owl:sameAs: wd:Q42", "id/a owl:sameAs <http://www.wikidata.org/entity/Q42>"),
        ("inconnue: 12", 'id/a key/inconnue "12"^^xsd:integer'),
        ("inconnue: '12'", 'id/a key/inconnue "12"'),
        ("inconnue: 012", 'id/a key/inconnue "012"'),
        ("inconnue: 1.50", 'id/a key/inconnue "1.50"^^xsd:decimal'),
        ("inconnue: true", 'id/a key/inconnue "true"^^xsd:boolean'),
        ("inconnue: 2024-05-01", 'id/a key/inconnue "2024-05-01"^^xsd:date'),
        ("inconnue: '2024-05-01'", 'id/a key/inconnue "2024-05-01"^^xsd:date'),
        ("inconnue: 2024-05-01T10:00:00Z", 'id/a key/inconnue "2024-05-01T10:00:00Z"^^xsd:dateTime'),
        ("inconnue: 10:30", 'id/a key/inconnue "10:30:00"^^xsd:time'),
        ("inconnue: biblio/a.bib", 'id/a key/inconnue "biblio/a.bib"'),
        ("inconnue: a@example.org", 'id/a key/inconnue "a@example.org"'),
        ("inconnue: '[[b]]'", "id/a key/inconnue id/b"),
        ("inconnue: wd:Q42", "id/a key/inconnue <http://www.wikidata.org/entity/Q42>"),
        ("2024: bilan", 'id/a key/_2024 "bilan"@fr'),
    ],
)
def test_values_by_key(front: str, said: str, tmp_path: Path) -> None:
    root = lay(tmp_path, front, "", {"b.md": "", "c.md": "", "i.png": "x"})
    assert said in facts(root)


def test_a_rule_for_some_types_goes_before_one_for_all(tmp_path: Path) -> None:
    root = lay(tmp_path, "type: livre\nauteur: '[[b]]'", "", {"b.md": "---\ntype: concept\nauteur: '[[a]]'\n---\n"})
    assert values(root, "id/a", "schema:author") == {"id/b"}
    assert not values(root, "doc/a", "schema:author")
    assert values(root, "doc/b", "schema:author") == {"id/a"}
    assert not values(root, "id/b", "schema:author")


@pytest.mark.parametrize("key", ["tilte", "descripton", "oragnisateur"])
def test_an_unknown_key_is_kept_and_the_nearest_known_is_named(key: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"{key}: x")
    (found,) = build_notes(root).problems
    assert (found.line, found.column, found.code, found.severity) == (2, 1, "unknown-key", "warning")
    assert "did you mean" in found.hint
    assert values(root, "id/a", f"key/{key}") == {'"x"@fr'}
    assert "rdf:type rdf:Property" in said_of(root, f"key/{key}")


def test_a_key_of_the_note_within_another_is_not_said_to_be_meant_as_itself(tmp_path: Path) -> None:
    root = lay(tmp_path, "missions: {draft: false}")
    (found,) = build_notes(root).problems
    assert (found.code, "did you mean" in found.hint) == ("unknown-key", False)


def test_a_value_that_is_not_of_its_keys_kind_is_kept_and_told(tmp_path: Path) -> None:
    root = lay(tmp_path, "effectif: beaucoup")
    assert values(root, "id/a", "key/effectif") == {'"beaucoup"@fr'}
    (found,) = build_notes(root).problems
    assert (found.path, found.line, found.column, found.code, found.severity) == ("a.md", 2, 11, "bad-value", "warning")


def test_what_is_kept_of_a_key_of_the_note_is_said_of_the_note(tmp_path: Path) -> None:
    """What is said of the one is never said of the other: `date_creation` dates the note."""
    root = lay(tmp_path, "date_creation: un lundi\nrédacteur: '[[b]] le brave'", "", {"b.md": ""})
    kept = {fact.partition(" key/")[0] for fact in facts(root) if " key/" in fact}
    assert kept == {"doc/a"}


def test_words_beside_a_link_are_kept_and_told(tmp_path: Path) -> None:
    root = lay(tmp_path, "employeur: '[[b]] depuis 2018'", "", {"b.md": ""})
    assert values(root, "id/a", "schema:worksFor") == {"id/b"}
    assert values(root, "id/a", "key/employeur") == {'"b depuis 2018"@fr'}
    assert build_notes(root).codes == ["bad-value"]


@pytest.mark.parametrize(
    "front",
    ["description:", "description: null", "description: ~", "description: ''", "description: []", "description: {}"],
)
def test_an_empty_value_says_nothing(front: str, tmp_path: Path) -> None:
    root = lay(tmp_path, front)
    assert not values(root, "id/a", "schema:description")
    assert not build_notes(root).problems


def test_null_in_quotes_is_a_word(tmp_path: Path) -> None:
    assert values(lay(tmp_path, "description: 'null'"), "id/a", "schema:description") == {'"null"@fr'}


@pytest.mark.parametrize(
    "key",
    ["title", "aliases", "type", "lang", "slug", "tags", "description", "created", "isPartOf", "inconnue", "draft"],
)
@pytest.mark.parametrize("value", ["'{{title}}'", "'<% tp.file.title %>'"])
def test_a_template_that_was_never_filled_in_is_told(key: str, value: str, tmp_path: Path) -> None:
    """`{{ template }}` values must work or be reported, never be dropped without a word."""
    root = lay(tmp_path, f"{key}: {value}")
    pressed = build_notes(root)
    assert b"{{" not in pressed.data
    assert b"<%" not in pressed.data
    assert [found.line for found in pressed.problems if found.code in ("template-value", "bad-value", "kept-back")]


@pytest.mark.parametrize("key", ["title", "name", "aliases", "type", "lang", "slug", "id"])
def test_keys_and_values_where_words_are_expected_are_told(key: str, tmp_path: Path) -> None:
    """Nothing is dropped silently, also not a mapping below a key that Herbier itself reads."""
    root = lay(tmp_path, f"{key}:\n  sous: Zyxomma")
    assert b"Zyxomma" in build_notes(root).data or build_notes(root).problems


@pytest.mark.parametrize(
    "front",
    ["lang: klingon parlé", "langue: [fr, 12]", "slug: '!!!'", "id: 42", "uuid: 6ba7b810", "type: '[[b]] senior'"],
)
def test_a_value_that_herbier_cannot_use_is_kept_or_told(front: str, tmp_path: Path) -> None:
    root = lay(tmp_path, front, "", {"b.md": ""})
    value = front.partition(": ")[2].strip("'[]").split()[-1]
    assert value in build_notes(root).data.decode() or build_notes(root).problems


@pytest.mark.parametrize(("key", "first", "second"), [("lang", "fr", "en"), ("slug", "a", "b1")])
def test_a_second_language_or_slug_is_kept_and_told(key: str, first: str, second: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"{key}: [{first}, {second}, {first}]")
    (found,) = build_notes(root).problems
    assert (found.code, found.line, second in found.message) == ("bad-value", 2, True)
    assert values(root, "id/a", f"key/{key}") == {f'"{second}"@fr'}


# --- titles and other names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("MILA - Institut québécois", {"MILA", "Institut québécois"}),
        ("MILA – Institut", {"MILA", "Institut"}),
        ("IA — Intelligence", {"IA", "Intelligence"}),
        ("C.N.R.S. - Centre", {"C.N.R.S.", "Centre"}),
        ("Jean-Paul - un ami proche", set()),
        ("MILA-Institut", set()),
        ("MILA", set()),
        ("A - b", set()),
    ],
)
def test_acronym_and_full_name(title: str, names: set[str], tmp_path: Path) -> None:
    root = lay(tmp_path, f"title: {title}\nslug: a")
    assert values(root, "id/a", "schema:alternateName") == {f'"{name}"@fr' for name in names}


def test_aliases_and_further_titles_are_alternate_names(tmp_path: Path) -> None:
    root = lay(tmp_path, "title: [Un, Deux]\nalias: [Trois, Un]\nslug: a\ntype: concept")
    assert values(root, "id/a", "schema:name") == {'"Un"@fr'}
    assert values(root, "id/a", "schema:alternateName") == {'"Deux"@fr', '"Trois"@fr'}
    assert values(root, "id/a", "skos:altLabel") == {'"Deux"@fr', '"Trois"@fr'}


# --- types ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "classes"),
    [
        ("organisation", {"schema:Organization"}),
        ("Organizations", {"schema:Organization"}),
        ("personnes", {"schema:Person"}),
        ("concept", {"skos:Concept", "schema:DefinedTerm"}),
        ("Organisme de recherche", {"schema:ResearchOrganization"}),
        ("schema:Person", {"schema:Person"}),
        ("https://schema.org/Person", {"schema:Person"}),
        ("schema:Recipe", {"schema:Recipe"}),
        ("foaf:Project", {"<http://xmlns.com/foaf/0.1/Project>"}),
        ("[livre, organisation]", {"schema:Book", "schema:Organization"}),
        ("machin", {"schema:Thing"}),
        ("xyz:Truc", {"schema:Thing"}),
        ("", {"schema:Thing"}),
        ("'[[Personne]]'", {"id/personne", "schema:Person"}),
        ("'[[b]]'", {"id/b", "schema:Person"}),
        ("'[[c]]'", {"id/c", "skos:Concept", "schema:DefinedTerm"}),
        ("'[[absente]]'", {"id/absente", "skos:Concept", "schema:DefinedTerm"}),
        ("['[[b]]', organisation]", {"id/b", "schema:Person", "schema:Organization"}),
    ],
)
def test_types(kind: str, classes: set[str], tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        f"type: {kind}",
        "",
        {"b.md": "---\ntype: personne\n---\n", "c.md": "", "d.md": "---\ntype: '[[a]]'\n---\n"},
    )
    assert values(root, "id/a", "rdf:type") == classes


def test_a_type_that_is_not_written_is_a_concept(tmp_path: Path) -> None:
    root = lay(tmp_path, "type: '[[Algorithme de tri]]'")
    assert values(root, "id/algorithme-de-tri", "rdf:type") == {"skos:Concept", "schema:DefinedTerm"}
    assert values(root, "doc/algorithme-de-tri", "rdf:type") == {"herbier:Stub", "schema:CreativeWork"}
    assert build_notes(root).codes == ["dangling-link"]


def test_types_in_a_circle_end(tmp_path: Path) -> None:
    files = {"b.md": "---\ntype: '[[c]]'\n---\n", "c.md": "---\ntype: '[[a]]'\n---\n"}
    root = lay(tmp_path, "type: '[[b]]'", "", files)
    assert "id/b" in values(root, "id/a", "rdf:type")
    assert "schema:DefinedTerm" in values(root, "id/a", "rdf:type")


# --- relations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "'[[b]]'",
        "[[b]]",
        "b",
        "'[b](b.md)'",
        "B",
        "['[[b]]']",
        "'[[b|un alias]]'",
        "'[[b#Titre]]'",
        "Le titre",
        "un-slug",
        "Autre",
    ],
)
def test_how_the_target_of_a_relation_may_be_written(value: str, tmp_path: Path) -> None:
    other = "---\nslug: un-slug\ntitle: Le titre\naliases: [Autre]\n---\n# Titre\n"
    root = lay(tmp_path, f"isPartOf: {value}", "", {"b.md": other})
    assert {"id/a dcterms:isPartOf id/un-slug", "doc/a schema:isPartOf doc/un-slug"} <= facts(root)
    assert {"id/un-slug dcterms:hasPart id/a", "doc/un-slug schema:hasPart doc/a"} <= facts(root)
    assert not build_notes(root).problems


@pytest.mark.parametrize(
    "value",
    [
        "[[Un titre: un sous-titre]]",
        "'[[Un titre: un sous-titre]]'",
        "[ '[[Un titre: un sous-titre]]' ]",
        "\n- [[Un titre: un sous-titre]]",
    ],
)
def test_a_target_with_a_colon(value: str, tmp_path: Path) -> None:
    """An unquoted `: ` in a value must work, or be reported: YAML takes it for a mapping in a list."""
    root = lay(tmp_path, f"isPartOf: {value}", "", {"Un titre: un sous-titre.md": ""})
    assert "id/a dcterms:isPartOf id/un-titre-un-sous-titre" in facts(root)
    assert not [fact for fact in facts(root) if "StructuredValue" in fact]


@pytest.mark.parametrize(
    "value",
    ["https://x.example/y", "<https://x.example/y>", "'[y](https://x.example/y)'", "'[[https://x.example/y|y]]'"],
)
def test_a_relation_to_an_address(value: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"seeAlso: {value}")
    assert values(root, "id/a", "rdfs:seeAlso") == {"<https://x.example/y>"}
    assert not build_notes(root).problems


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        ("schema:isPartOf", "doc/a"),
        ("schema:hasPart", "doc/a"),
        ("schema:headline", "doc/a"),
        ("schema:keywords", "doc/a"),
    ],
)
def test_a_predicate_with_a_prefix_keeps_to_its_domain(key: str, subject: str, tmp_path: Path) -> None:
    """schema:isPartOf joins works: an institute has none, its note has."""
    root = lay(tmp_path, f"type: organisation\n{key}: '[[b]]'", "", {"b.md": ""})
    assert [fact for fact in facts(root) if fact.startswith(f"{subject} {key} ")]
    assert not [fact for fact in facts(root) if fact.startswith(f"id/a {key} ")]


def test_a_relation_with_a_prefix_is_the_relation(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        "dcterms:isPartOf: '[[b]]'\nrdfs:subClassOf: '[[c]]'\ntype: concept",
        "",
        {"b.md": "", "c.md": "---\ntype: concept\n---\n"},
    )
    wanted = {
        "id/a dcterms:isPartOf id/b",
        "doc/a schema:isPartOf doc/b",
        "id/b dcterms:hasPart id/a",
        "id/a skos:broader id/c",
        "id/c skos:narrower id/a",
    }
    assert wanted <= facts(root)


def test_only_links_of_the_body_are_references(tmp_path: Path) -> None:
    root = lay(tmp_path, "isPartOf: '[[b]]'\nsource: '[[b]]'\nauteur: '[[b]]'", "[[c]]", {"b.md": "", "c.md": ""})
    assert values(root, "doc/a", "dcterms:references") == {"doc/c"}
    assert values(root, "doc/a", "schema:mentions") == {"id/c"}


# --- nested values --------------------------------------------------------------------------------


def test_a_nested_value_has_the_same_iri_wherever_it_stands(tmp_path: Path) -> None:
    one = lay(tmp_path / "un", "missions:\n- {start: 2018, employer: '[[b]]'}\n- {start: 2020}")
    two = lay(tmp_path / "deux", "missions:\n- start: '2020'\n- employer: '[[b]]'\n  start: 2018")
    assert {fact for fact in facts(one) if "#missions-" in fact} == {
        fact for fact in facts(two) if "#missions-" in fact
    }
    assert len(values(one, "id/a", "schema:worksFor")) == 2


@pytest.mark.parametrize(
    "inner",
    [
        "type: CDI",
        "type: personne",
        "langue: fr",
        "alias: Zyx",
        "slug: zyx",
        "private: non",
        "title: Zyx",
        "tags: zyx",
        "id: zyx",
        "draft: non",
    ],
)
def test_what_a_nested_value_says_is_said_of_it(inner: str, tmp_path: Path) -> None:
    """What its keys say is neither dropped nor said of the thing."""
    root = lay(tmp_path, f"missions:\n- start: 2018\n  {inner}")
    (node,) = values(root, "id/a", "schema:worksFor")
    plain = lay(tmp_path / "sans", "missions:\n- start: 2018")
    assert said_of(root, "id/a") - {f"schema:worksFor {node}"} == {
        fact for fact in said_of(plain, "id/a") if not fact.startswith("schema:worksFor")
    }
    assert len(said_of(root, node)) > 2


# --- inline fields --------------------------------------------------------------------------------


def test_inline_fields_mean_what_front_matter_means(tmp_path: Path) -> None:
    front = "type: organisation\ntags: [x]\ndate_creation: 2025-03-20\nisPartOf: '[[b]]'\nlang: en\naliases: Z"
    lines = front.replace(": ", ":: ").replace("'", "").replace("[x]", "x")
    one = lay(tmp_path / "un", front, "", {"b.md": ""})
    two = vault(tmp_path / "deux", {"a.md": lines.replace("\n", "\n\n"), "b.md": "", "herbier.toml": FRENCH})
    text = ("schema:text", "schema:wordCount", "dcterms:references", "schema:mentions")
    assert {f for f in facts(two) if not any(p in f for p in text)} == facts(one)
