"""What a note says of itself towards other registers: identifiers that are checked, items of Wikidata, addresses."""

from pathlib import Path

import pytest
import stdnum.isbn
import stdnum.isni
from tests.conftest import FRENCH, build_notes, facts, run, said_of, vault

from herbier.pipeline.opening import open_vault
from herbier.rules.identifiers import identified

# How it may be written, in the note's own words; the scheme, the form that is published, and where it leads.
GOOD = {
    "orcid: 0000-0002-1825-0097": ("orcid", "0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
    "identifiant ORCID: https://orcid.org/0000-0002-1694-233x": (
        "orcid",
        "0000-0002-1694-233X",
        "https://orcid.org/0000-0002-1694-233X",
    ),
    "ROR: https://ror.org/03yrm5c26": ("ror", "03yrm5c26", "https://ror.org/03yrm5c26"),
    "ror id: 02MHBDP94": ("ror", "02mhbdp94", "https://ror.org/02mhbdp94"),
    "isni: 0000 0001 2281 955X": ("isni", "000000012281955X", "https://isni.org/isni/000000012281955X"),
    "viaf: 113230702": ("viaf", "113230702", "http://viaf.org/viaf/113230702"),
    "gnd: 118540238": ("gnd", "118540238", "https://d-nb.info/gnd/118540238"),
    "identifiant GND: 4079154-3": ("gnd", "4079154-3", "https://d-nb.info/gnd/4079154-3"),
    "gnd: http://d-nb.info/gnd/1231643-x": ("gnd", "1231643-X", "https://d-nb.info/gnd/1231643-X"),
    "grid: GRID.14848.31": ("grid", "grid.14848.31", "https://www.grid.ac/institutes/grid.14848.31"),
    "imdb: tt0017136": ("imdb", "tt0017136", "https://www.imdb.com/title/tt0017136/"),
    "imdb: https://www.imdb.com/name/nm0000485/": ("imdb", "nm0000485", "https://www.imdb.com/name/nm0000485/"),
}
# Each has one digit other than a right one.
WRONG = [
    "orcid: 0000-0002-1825-0098",
    "ror: 03yrm5c27",
    "isni: 0000 0001 2281 9550",
    "gnd: 118540239",
    "gnd: 4079154-8",
    "isbn: 978-2-07-036822-9",
    "isbn: 2-07-036822-1",
]
NONE = ["orcid: moi", "viaf: 0", "grid: 12", "imdb: Metropolis", "ror: https://ror.org/about", "isbn: 12"]


def note(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", ""])


@pytest.mark.parametrize("written", GOOD)
def test_an_identifier_leads_somewhere_and_has_a_node(written: str, tmp_path: Path) -> None:
    scheme, text, address = GOOD[written]
    root = vault(
        tmp_path,
        {"herbier.toml": FRENCH, "ada.md": note(written if "imdb: tt" in written else f"type: personne\n{written}")},
    )
    assert build_notes(root).codes == []
    said = said_of(root, "id/ada")
    assert f"schema:sameAs <{address}>" in said
    [node] = [fact.split(" ")[1] for fact in said if fact.startswith("schema:identifier ")]
    assert node.startswith(f"id/ada#{scheme}-")
    assert said_of(root, node) == {
        "rdf:type schema:PropertyValue",
        f'schema:propertyID "{scheme}"',
        f'schema:value "{text}"',
        f"schema:url <{address}>",
    }


def test_the_node_of_an_identifier_has_the_same_iri_however_it_is_written(tmp_path: Path) -> None:
    ways = ("isni: 0000 0001 2281 955X", "isni:: 000000012281955x", "same as: https://isni.org/isni/000000012281955X")
    texts = [note("type: personne", ways[0]), f"Texte.\n\n{ways[1]}\n", note("type: personne", ways[2])]
    nodes = []
    for number, text in enumerate(texts):
        root = vault(tmp_path / str(number), {"herbier.toml": FRENCH, "ada.md": text})
        nodes += [fact.split(" ")[1] for fact in said_of(root, "id/ada") if fact.startswith("schema:identifier ")]
    assert len(nodes) == 3
    assert len(set(nodes)) == 1


@pytest.mark.parametrize("written", WRONG)
def test_a_wrong_check_digit_is_told_at_its_place_and_nothing_is_lost(written: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "ada.md": note("type: livre", written)})
    found = build_notes(root)
    key, value = written.split(": ")
    assert found.places == [f"ada.md:3:{len(key) + 3}: warning bad-value"]
    assert "its check digit is wrong" in found.problems[0].message
    said = said_of(root, "id/ada")
    assert f'key/{key} "{value}"' in said
    assert not [fact for fact in said if fact.startswith(("schema:identifier", "schema:sameAs", "schema:isbn"))]


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_identifier_is_told_with_one_that_is(written: str, tmp_path: Path) -> None:
    root = vault(
        tmp_path,
        {"herbier.toml": FRENCH, "ada.md": note("type: livre" if "isbn" in written else "type: personne", written)},
    )
    [found] = build_notes(root).problems
    assert (found.code, found.line) == ("bad-value", 3)
    assert "such as" in found.message


def test_the_examples_of_all_schemes_are_right(tmp_path: Path) -> None:
    schemes = open_vault(tmp_path).rules.schemes
    assert len(schemes) >= 11
    for scheme in schemes.values():
        assert identified(scheme.example, scheme), scheme.name


def test_check_digits_are_those_of_another_reader(tmp_path: Path) -> None:
    """Of ten last digits, one is right, and it is the one that python-stdnum takes."""
    schemes = open_vault(tmp_path).rules.schemes
    for scheme, start, judge in (
        ("isni", "000000012281955", stdnum.isni.is_valid),
        ("isbn", "978207036822", stdnum.isbn.is_valid),
        ("isbn", "207036822", stdnum.isbn.is_valid),
    ):
        right = []
        for last in "0123456789X":
            try:
                found = identified(start + last, schemes[scheme])
            except ValueError:
                found = None
            assert bool(found) == judge(start + last)
            right += [last] if found else []
        assert len(right) == 1


# --- Wikidata ---------------------------------------------------------------------------------------------------------

WAYS = (
    "wikidata: Q7251",
    "identifiant Wikidata: http://www.wikidata.org/entity/Q7251",
    "qid: https://www.wikidata.org/wiki/Q7251",
    "sameAs: Q7251",
    "same as: https://m.wikidata.org/wiki/q7251",
    "exactMatch: wd:Q7251",
    "schema:sameAs: https://www.wikidata.org/wiki/Q7251",
)
ITEM = "<http://www.wikidata.org/entity/Q7251>"


@pytest.mark.parametrize("written", WAYS)
def test_an_item_of_wikidata_is_stated_by_its_iri(written: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note("type: personne", written)})
    assert build_notes(root).codes == []
    same = {fact for fact in said_of(root, "id/a") if "wikidata" in fact}
    assert same == {f"schema:sameAs {ITEM}"}


@pytest.mark.parametrize("written", WAYS[:6])
def test_the_item_of_a_concept_is_an_exact_match_too(written: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note("type: concept", written)})
    same = {fact for fact in said_of(root, "id/a") if "wikidata" in fact}
    assert same == {f"schema:sameAs {ITEM}", f"skos:exactMatch {ITEM}"}


@pytest.mark.parametrize("written", ["wikidata: P31", "wikidata: Turing", "wikidata: Q0", "exactMatch: Turing"])
def test_a_number_that_is_none_is_told(written: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note(written)})
    assert build_notes(root).places == [f"a.md:2:{written.index(':') + 3}: warning bad-value"]


def test_a_thing_may_want_an_item(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": note("lang: fr", "wikidata: new"), "b.md": note("lang: fr", "wikidata: À créer")})
    said = facts(root)
    for name in ("a", "b"):
        assert f'id/{name} herbier:wantsItem "true"^^xsd:boolean' in said


def test_two_notes_with_one_number_are_both_told_with_their_lines(tmp_path: Path) -> None:
    files = {
        "herbier.toml": FRENCH,
        "a.md": note("type: personne", "wikidata: Q1"),
        "b.md": note("wikidata: Q1"),
        "c.md": note("wikidata: Q2", "same as: Q2"),
        "d.md": note("private: true", "wikidata: Q2"),
    }
    root = vault(tmp_path, files)
    told = [f"{p.path}:{p.line}: {p.message}" for p in build_notes(root).problems if p.code == "shared-item"]
    assert told == [
        "a.md:3: Q1 is said to be what 'b.md' is about, too",
        "b.md:2: Q1 is said to be what 'a.md' is about, too",
    ]
    assert run("check", root).out.count("[shared-item]") == 2


# --- addresses that are identifiers -----------------------------------------------------------------------------------

ADDRESSES = {
    "https://fr.wikipedia.org/wiki/Apprentissage_profond": ("wikipedia", "fr:Apprentissage profond"),
    "https://fr.m.wikipedia.org/wiki/%C3%89thique": ("wikipedia", "fr:Éthique"),
    "https://commons.wikimedia.org/wiki/Category:Alan_Turing": ("commons", "Alan Turing"),
    "https://viaf.org/viaf/113230702/": ("viaf", "113230702"),
}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("key", ["sameAs", "wikipédia"])
def test_addresses_are_read_into_identifiers(address: str, key: str, tmp_path: Path) -> None:
    scheme, text = ADDRESSES[address]
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note(f"{key}: {address}")})
    [node] = [fact.split(" ")[1] for fact in said_of(root, "id/a") if fact.startswith("schema:identifier ")]
    assert {f'schema:propertyID "{scheme}"', f'schema:value "{text}"'} <= said_of(root, node)
    assert [fact for fact in said_of(root, "id/a") if fact.startswith("schema:sameAs ")]


def test_any_other_address_stays_what_it_is(tmp_path: Path) -> None:
    address = "http://fr.dbpedia.org/resource/Alan_Turing"
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note(f"dbpedia: {address}")})
    assert f"schema:sameAs <{address}>" in said_of(root, "id/a")
    assert not [fact for fact in said_of(root, "id/a") if fact.startswith("schema:identifier")]


def test_an_isbn_is_that_of_a_book_and_leads_nowhere(tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note("type: livre", "isbn: 9782070368228")})
    said = said_of(root, "id/a")
    assert 'schema:isbn "978-2-07-036822-8"' in said
    assert not [fact for fact in said if fact.startswith("schema:sameAs")]


def test_a_nested_value_may_have_an_identifier(tmp_path: Path) -> None:
    lines = ["type: livre", "author:", "  - name: Ada", "    orcid: 0000-0002-1825-0097"]
    said = facts(vault(tmp_path, {"herbier.toml": FRENCH, "a.md": note(*lines)}))
    assert [fact for fact in said if "schema:sameAs <https://orcid.org/0000-0002-1825-0097>" in fact]


# --- the tables -------------------------------------------------------------------------------------------------------


def test_a_vault_adds_a_scheme_of_its_own(tmp_path: Path) -> None:
    table = """identifiers:
  cas: {label: CAS, pattern: '([0-9]+-[0-9]{2}-[0-9])', address: 'https://cas.example/{id}', example: 7732-18-5}
keys:
  cas: {thing: [schema:sameAs], value: identifier, scheme: cas}
"""
    root = vault(tmp_path, {"herbier.toml": FRENCH, "mapping/cas.yaml": table, "a.md": note("cas: 7732-18-5")})
    assert build_notes(root).codes == []
    assert "schema:sameAs <https://cas.example/7732-18-5>" in said_of(root, "id/a")


FAULTS = {
    "wikidata-classes: {R: {class: schema:Recipe, item: Q219239}}": "a row needs `source`",
    "wikidata-classes: {R: {class: schema:Recipe, item: Q219239, source: [me]}}": "a row needs `source`",
    "wikidata-properties: {r: {predicate: schema:recipeYield, property: Q1, source: [W]}}": "no number of Wikidata",
    "wikidata-properties: {r: {property: P1, source: [W]}}": "a row needs `predicate`",
    "wikidata-properties: {r: {identifier: cas, property: P1, source: [W]}}": "no row of `identifiers`",
    "keys: {cas: {thing: [schema:sameAs], value: identifier, scheme: cas}}": "no row of `identifiers`",
    "identifiers: {cas: {pattern: '(', example: 1}}": "not a regular expression",
    "identifiers: {cas: {pattern: '1', example: 1}}": "a group",
}


@pytest.mark.parametrize("table", FAULTS)
def test_a_row_that_cannot_be_used_is_told_with_its_line(table: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"mapping/own.yaml": f"\n{table}\n", "a.md": "Texte."})
    opened = open_vault(root)
    [found] = opened.rules.problems
    assert (found.path, found.line, found.severity, found.code) == ("mapping/own.yaml", 2, "error", "bad-mapping")
    assert FAULTS[table] in found.message
    assert not {row.name for row in opened.rules.wikidata} & {"R", "r"}


def test_the_shipped_rows_name_their_sources_and_what_is_not_verified_waits(tmp_path: Path) -> None:
    rows = open_vault(tmp_path).rules.wikidata
    assert len(rows) > 40
    assert all(row.says for row in rows)
    assert {row.entity for row in rows if not row.verified} == {"Q151885"}
    assert {"P356", "P212", "P957", "P345", "P214", "P213", "P496", "P6782", "P227", "P2427", "P571"} <= {
        row.entity for row in rows
    }
