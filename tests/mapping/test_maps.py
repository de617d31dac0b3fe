"""Values with keys of their own are what they are, and every predicate keeps to its vocabulary."""

from pathlib import Path

import pyoxigraph
import pytest
from tests.conftest import FRENCH, ROOT, build_notes, facts, said_of, values, vault

from herbier.rules.schema_org import schema_org


def lay(tmp_path: Path, front: str, *, toml: str = FRENCH, **more: str) -> Path:
    files = {f"{name}.md": text for name, text in more.items()}
    return vault(tmp_path, {"herbier.toml": toml, "a.md": f"---\n{front}\n---\n", **files})


def node_of(root: Path, predicate: str, subject: str = "id/a") -> str:
    [node] = values(root, subject, predicate)
    return node


# --- what they are ----------------------------------------------------------------------------------------------------


def test_an_author_with_keys_is_a_person(tmp_path: Path) -> None:
    author = "{name: Ada Lovelace, orcid: 0000-0002-1825-0097, affiliation: '[[Labo]]', email: a@example.org}"
    root = lay(tmp_path, f"type: livre\nauthor: [{author}]")
    said = said_of(root, node_of(root, "schema:author"))
    assert {
        "rdf:type schema:Person",
        'schema:name "Ada Lovelace"',
        "schema:sameAs <https://orcid.org/0000-0002-1825-0097>",
        "schema:affiliation id/labo",
        'schema:email "a@example.org"',
    } <= said


def test_a_value_with_a_type_is_of_that_type(tmp_path: Path) -> None:
    root = lay(tmp_path, "type: livre\nauthor: {name: OMS, type: organisation}")
    assert "rdf:type schema:Organization" in said_of(root, node_of(root, "schema:author"))


def test_an_address_with_keys_is_a_postal_address(tmp_path: Path) -> None:
    root = lay(
        tmp_path, "type: organisation\naddress: {street: 1 rue Haute, postcode: '44000', city: Nantes, pays: France}"
    )
    assert said_of(root, node_of(root, "schema:address")) == {
        "rdf:type schema:PostalAddress",
        'schema:streetAddress "1 rue Haute"',
        'schema:postalCode "44000"',
        'schema:addressLocality "Nantes"',
        'schema:addressCountry "France"',
    }


@pytest.mark.parametrize("key", ["description", "inconnue"])
def test_texts_by_language_are_one_literal_each(key: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"{key}: {{fr: la mer, en: the sea, pt-BR: o mar}}")
    predicate = "schema:description" if key == "description" else f"key/{key}"
    assert values(root, "id/a", predicate) == {'"la mer"@fr', '"the sea"@en', '"o mar"@pt-br'}


@pytest.mark.parametrize(
    "value", ["{by: Ann, at: lundi}", "{id: trois, to: Lyon}", "{de: 2019, to: 2020}", "{url: un, max: deux}"]
)
def test_words_that_look_like_codes_of_languages_are_none(value: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"fait: {value}")
    assert not [
        fact for fact in facts(root) if any(f'"@{code}' in fact for code in ("by", "at", "id", "to", "de", "url"))
    ]


def test_a_title_by_language_is_a_name_in_each_and_links_find_all(tmp_path: Path) -> None:
    front = "title: {en: Dartmouth workshop, fr: Conférence de Dartmouth}\naliases: [{de: Der Workshop}, Darty]"
    root = lay(tmp_path, front, b="[[Dartmouth workshop]] [[Conférence de Dartmouth]] [[Der Workshop]]")
    assert build_notes(root).codes == []
    thing = "id/conference-de-dartmouth"
    assert values(root, thing, "schema:name") == {'"Conférence de Dartmouth"@fr', '"Dartmouth workshop"@en'}
    assert values(root, thing, "schema:alternateName") == {'"Der Workshop"@de', '"Darty"@fr'}
    assert values(root, "doc/conference-de-dartmouth", "dcterms:title") == {'"Conférence de Dartmouth"@fr'}
    assert values(root, "id/b", "schema:mentions") | values(root, "doc/b", "schema:mentions") == {thing}


def test_a_title_in_another_language_than_the_note_is_in_that_language(tmp_path: Path) -> None:
    root = lay(tmp_path, "title: {en: Deep Learning}\ntype: livre")
    assert values(root, "id/deep-learning", "schema:name") == {'"Deep Learning"@en'}
    assert values(root, "doc/deep-learning", "dcterms:title") == {'"Deep Learning"@en'}
    assert values(root, "doc/deep-learning", "dcterms:language") == {'"fr"'}


def test_a_title_by_what_is_no_language_is_lost_and_an_error(tmp_path: Path) -> None:
    root = lay(tmp_path, "title: {court: A, long: B}")
    assert build_notes(root).codes == ["lost-value"]


def test_dates_with_keys_are_those_of_the_note(tmp_path: Path) -> None:
    root = lay(tmp_path, "date: {created: 2026-02-18, updated: 2026-03-01}")
    assert values(root, "doc/a", "schema:dateCreated") == {'"2026-02-18"^^xsd:date'}
    assert values(root, "doc/a", "schema:dateModified") == {'"2026-03-01"^^xsd:date'}
    assert build_notes(root).codes == []


@pytest.mark.parametrize("relation", ["type", "predicate", "relation"])
@pytest.mark.parametrize("target", ["target", "object"])
@pytest.mark.parametrize("value", ["'[[b]]'", "b", "b.md"])
def test_a_list_of_relations(relation: str, target: str, value: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"relations:\n- {{{relation}: isPartOf, {target}: {value}}}", b="")
    assert values(root, "id/a", "dcterms:isPartOf") == {"id/b"}


@pytest.mark.parametrize(
    "front",
    ["coordinates: [48.85, 2.35]", "coordonnées: '48.85, 2.35'", "gps: {lat: 48.85, lng: 2.35}",
     "location: [48.85, 2.35]", "latlng: (48.85; 2.35)"],
)  # fmt: skip
def test_coordinates_are_a_place_on_the_map(front: str, tmp_path: Path) -> None:
    root = lay(tmp_path, f"type: lieu\n{front}")
    degrees = {'schema:latitude "48.85"^^xsd:decimal', 'schema:longitude "2.35"^^xsd:decimal'}
    assert degrees | {"schema:geo id/a#geo"} <= said_of(root, "id/a")
    assert said_of(root, "id/a#geo") == degrees | {"rdf:type schema:GeoCoordinates"}
    assert "herbier:Stub" not in " ".join(facts(root))


def test_what_can_be_nowhere_keeps_its_numbers(tmp_path: Path) -> None:
    root = lay(tmp_path, "type: personne\ncoordinates: [48.85, 2.35]")
    assert values(root, "id/a", "key/coordinates") == {'"48.85"', '"2.35"'}
    assert build_notes(root).codes == ["other-type"]


def test_two_whole_numbers_are_no_place(tmp_path: Path) -> None:
    assert not values(lay(tmp_path, "inconnue: [48, 2]"), "id/a", "schema:geo")


@pytest.mark.parametrize("front", ["tags: {a: b}", "title: {a: b}"])
def test_what_is_lost_is_an_error(front: str, tmp_path: Path) -> None:
    found = [problem for problem in build_notes(lay(tmp_path, front)).problems if problem.code == "lost-value"]
    assert [problem.severity for problem in found] == ["error"]


# --- only what the vocabularies allow ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "predicate", "key"),
    [
        ("type: concept\nfondation: 1956", "schema:foundingDate", "fondation"),
        ("type: ville\nfondation: 1642", "schema:foundingDate", "fondation"),
        ("type: cours\ndate_debut: 2016-02-04", "schema:startDate", "date_debut"),
        ("type: cours\nsiège: Nantes", "schema:location", "siège"),
        ("type: personne\neffectif: 3", "schema:numberOfEmployees", "effectif"),
        ("type: film\nemployeur: Zyx", "schema:worksFor", "employeur"),
        ("type: personne\nnationalité: britannique", "schema:nationality", "nationalité"),
        ("type: livre\nprix: 12,50 €", "schema:award", "prix"),
        ("type: personne\nmissions: [{start: 2024, status: admin}]", "schema:creativeWorkStatus", "status"),
    ],
)
def test_what_may_not_be_said_is_kept_and_reported(front: str, predicate: str, key: str, tmp_path: Path) -> None:
    root = lay(tmp_path, front)
    found = facts(root)
    assert not [fact for fact in found if f" {predicate} " in fact]
    assert [
        fact for fact in found if f" key/{key} " in fact or f" key/{key.replace('nationalite', 'nationalité')} " in fact
    ]
    assert set(build_notes(root).codes) & {"other-type", "bad-value"}


@pytest.mark.parametrize(
    ("front", "fact"),
    [
        ("type: organisation\nfondation: 1956", 'id/a schema:foundingDate "1956"^^xsd:gYear'),
        ("fondation: 1956", 'id/a schema:foundingDate "1956"^^xsd:gYear'),
        ("type: film\ndirector: '[[Zyx]]'", "id/a schema:director id/zyx"),
        ("type: logiciel\nstatut: stable", 'id/a schema:creativeWorkStatus "stable"@fr'),
        ("type: concept\nstatut: en cours", 'doc/a schema:creativeWorkStatus "en cours"@fr'),
        ("type: personne\nnationalité: '[[France]]'", "id/a schema:nationality id/france"),
        ("type: personne\nprix: Prix Turing", 'id/a schema:award "Prix Turing"@fr'),
        ("type: personne\nprix: Le dollar d'or", 'id/a schema:award "Le dollar d\'or"@fr'),
        ("type: concept\nlicence: CC BY 4.0", "doc/a schema:license <https://creativecommons.org/licenses/by/4.0/>"),
        ("type: concept\nlicence: BSD", 'doc/a dcterms:license "BSD"'),
        ("source: Le Monde", 'doc/a schema:citation "Le Monde"@fr'),
        ("type: article\nrevue: Mind", "id/a schema:isPartOf id/mind"),
    ],
)
def test_what_may_be_said_is_said(front: str, fact: str, tmp_path: Path) -> None:
    assert fact in facts(lay(tmp_path, front))


@pytest.mark.parametrize(
    ("front", "predicate"), [("type: concept\nlicence: BSD", "schema:license"), ("source: Le Monde", "dcterms:source")]
)
def test_words_stand_only_where_they_may(front: str, predicate: str, tmp_path: Path) -> None:
    assert not values(lay(tmp_path, front), "doc/a", predicate)


def test_rows_of_the_vault_are_not_held_to_it(tmp_path: Path) -> None:
    toml = (
        f"{FRENCH}[mapping.keys.mission-text]\nnames = ['mission']\nthing = ['schema:foundingDate']\nvalue = 'text'\n"
    )
    assert values(lay(tmp_path, "type: concept\nmission: x", toml=toml), "id/a", "schema:foundingDate") == {'"x"@fr'}


def test_a_curie_is_its_iri_everywhere(tmp_path: Path) -> None:
    toml = f"{FRENCH}[mapping.prefixes]\nsdo = 'https://schema.org/'\n"
    root = lay(tmp_path, "type: sdo:Recipe\nisPartOf: sdo:Thing\nsdo:knows: wd:Q7259", toml=toml)
    assert values(root, "id/a", "rdf:type") == {"schema:Recipe"}
    assert values(root, "id/a", "schema:knows") == {"<http://www.wikidata.org/entity/Q7259>"}


def test_a_stub_is_a_work_whose_thing_may_be_anything(tmp_path: Path) -> None:
    root = lay(tmp_path, "isPartOf: '[[Absente]]'")
    assert values(root, "doc/absente", "rdf:type") == {"herbier:Stub", "schema:CreativeWork"}


def test_the_samples_and_the_cases_say_only_what_schema_org_allows() -> None:
    """Each predicate of schema.org stands on a subject of a class that it is said of, wherever one is known."""
    vaults = [ROOT / "seeds", *sorted((ROOT / "tests" / "cases").glob("*/vault"))]
    wrong = []
    vocabulary = schema_org()
    for root in vaults:
        own = (root / "herbier.toml").is_file() and "mapping" in (root / "herbier.toml").read_text("utf-8", "ignore")
        if own or (root / "mapping").is_dir():
            continue
        quads = list(pyoxigraph.parse(build_notes(root).data, format=pyoxigraph.RdfFormat.N_QUADS))
        classes: dict[str, set[str]] = {}
        for quad in quads:
            if quad.predicate.value.endswith("#type"):
                classes.setdefault(str(quad.subject), set()).add(str(quad.object))
        for quad in quads:
            predicate, known = str(quad.predicate), tuple(sorted(classes.get(str(quad.subject), ())))
            carried = "<https://schema.org/Role>" in known and predicate.endswith(("/worksFor>", "/alumniOf>"))
            if known and not carried and not vocabulary.fits(predicate, known):
                wrong.append((root.parent.name, str(quad.subject), predicate, known))
    assert wrong == []
    assert len(vocabulary.domains) > 1000


def test_keys_under_a_date_are_those_that_rows_know_or_no_date(tmp_path: Path) -> None:
    said = facts(lay(tmp_path / "a", "type: person\nbirth: {date: 1900-01-02, place: Lyon}"))
    assert any('schema:birthDate "1900-01-02"^^xsd:date' in fact for fact in said)
    assert any("schema:birthPlace id/lyon" in fact for fact in said)
    said = facts(lay(tmp_path / "b", "type: person\nbirth: {date: 1900-01-02, quoi: x}"))
    assert not [fact for fact in said if "birthDate" in fact]
    assert [fact for fact in said if "key/birth id/" in fact]


def test_a_date_within_a_value_dates_no_note(tmp_path: Path) -> None:
    said = facts(lay(tmp_path, "chose: {name: fin, date: 2020-01-02}"))
    assert not [fact for fact in said if "dateCreated" in fact or "dcterms:created" in fact]


@pytest.mark.parametrize("state", ["unread", "à lire", "Reading"])
def test_what_a_reader_did_is_no_state_of_the_work(state: str, tmp_path: Path) -> None:
    assert not [fact for fact in facts(lay(tmp_path, f"type: livre\nstatus: {state}")) if "creativeWorkStatus" in fact]


def test_pages_of_videos_are_no_pictures_and_badges_nothing(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "![](https://www.youtube.com/watch?v=x)\n![](https://img.shields.io/x.svg)\n"
                                    "![](https://img.youtube.com/vi/x/0.jpg)\n"})  # fmt: skip
    said = {fact for fact in facts(root) if "youtube" in fact or "shields" in fact}
    assert {fact.split()[1] for fact in said if "watch" in fact} == {"schema:citation", "dcterms:references"}
    assert {fact.split()[1] for fact in said if "jpg" in fact} == {"schema:image"}
    assert not [fact for fact in said if "shields" in fact]


def test_a_heading_that_is_the_title_heads_no_list_of_sources(tmp_path: Path) -> None:
    files = {
        "Source.md": "# Source\n\n- Une fonction qui donne des lignes.\n",
        "b.md": "## Sources\n\n- Le Monde, 1999.\n",
    }
    root = vault(tmp_path, {"herbier.toml": FRENCH, **files})
    assert {fact for fact in facts(root) if "schema:citation" in fact} == {'doc/b schema:citation "Le Monde, 1999."@fr'}
