"""Terms, slugs, IRIs."""

import xml.etree.ElementTree as ElementTree

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herbier.rdf.iris import Mint, ncname, owner
from herbier.rdf.slugs import LONGEST_SLUG, address_slug, plain_name, slug, tag_slug
from herbier.rdf.terms import datatype_of, iri, language_of, lexical, literal, plain, typed
from herbier.text import clean, digest, name_key, shown, unique

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)

# What python-slugify 8.0 gives for Latin text, and what is expected of other scripts (it would turn them into ASCII).
SLUGS = {
    "MILA - Institut québécois d'intelligence artificielle": "mila-institut-quebecois-d-intelligence-artificielle",
    "Les acteurs de l'intelligence artificielle": "les-acteurs-de-l-intelligence-artificielle",
    "L’été à Noël, ça alors !": "l-ete-a-noel-ca-alors",
    "Œuvres & cœurs": "oeuvres-coeurs",
    "ÆTHER": "aether",
    "Straße": "strasse",
    "Łódź": "lodz",
    "Þórr ð": "thorr-d",
    "Ångström": "angstrom",
    "İstanbul ısı": "istanbul-isi",
    "Đà Nẵng": "da-nang",
    "Čeština": "cestina",
    "e\u0301te\u0301": "ete",
    "Scikit-learn 1.0": "scikit-learn-1-0",
    "a_b c/d": "a-b-c-d",
    "  déjà   vu  ": "deja-vu",
    "n° 5": "n-5",
    "100 %": "100",
    "Москва": "москва",
    "日本語 ノート": "日本語-ノート",
    "हिन्दी": "हिन्दी",
    "العربية": "العربية",
    "Ελλάδα": "ελλάδα",
    "🙂": "",
    "!!!": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), SLUGS.items())
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(text=texts)
def test_a_slug_is_part_of_an_iri_as_it_stands(text: str) -> None:
    name = slug(text)
    assert pyoxigraph.NamedNode(f"https://example.org/id/{name}").value.endswith(name)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("IA/Éthique", "ia/ethique"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C", "c"),
        ("a//b/", "a/b"),
        ("Apprentissage profond", "apprentissage-profond"),
        ("日本", "日本"),
    ],
)
def test_slug_of_a_tag(tag: str, expected: str) -> None:
    assert tag_slug(tag) == expected


def test_tags_without_letters_are_told_apart() -> None:
    assert tag_slug("🙂") != tag_slug("🎉")
    assert tag_slug("🙂").startswith("tag-")


@given(text=texts)
def test_a_literal_is_read_back_by_oxigraph(text: str) -> None:
    for term in (plain(text), literal(text, "fr"), typed(text, "token")):
        (quad,) = pyoxigraph.parse(f"<a:b> <a:c> {term} .", format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert isinstance(quad.object, pyoxigraph.Literal)
        assert quad.object.value == text
        assert lexical(term) == text


def test_parts_of_a_literal() -> None:
    assert language_of(literal("été", "fr")) == "fr"
    assert language_of(literal('a"@en', "")) == ""
    assert language_of(plain("x")) == ""
    assert datatype_of(typed("1993", "gYear")) == "http://www.w3.org/2001/XMLSchema#gYear"
    assert datatype_of(plain('"^^<x>')) == ""
    assert lexical("<https://example.org/>") == "https://example.org/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a b", "<https://example.org/a%20b>"),
        ("https://example.org/é", "<https://example.org/é>"),
        ('https://example.org/"<>\\^`{|}', "<https://example.org/%22%3C%3E%5C%5E%60%7B%7C%7D>"),
        ("https://example.org/a%20b", "<https://example.org/a%20b>"),
        ("https://example.org/a\nb", "<https://example.org/a%0Ab>"),
    ],
)
def test_iri(text: str, expected: str) -> None:
    assert iri(text) == expected


@pytest.mark.parametrize("tail", ["100%", "%zz", "?a[]=1", "a[1]", "a#b#c", "\ue000", "a\ufdd0"])
def test_an_iri_is_one_that_a_parser_takes(tail: str) -> None:
    """RFC 3987: a percent sign stands before two digits, brackets in a host only, # once, no private characters."""
    term = iri(f"https://example.org/{tail}")
    (quad,) = pyoxigraph.parse(f"<a:b> <a:c> {term} .", format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, pyoxigraph.NamedNode)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\r\nb\rc", "a\nb\nc"), ("e\u0301", "é"), ("a\x00\x0b\ufffe\ud800b", "ab"), ("\t\n é \x85", "\t\n é \x85")],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(text=st.text(max_size=30))
def test_clean_text_is_text_of_xml(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    element = ElementTree.Element("x")
    element.text = cleaned
    read = ElementTree.fromstring(ElementTree.tostring(element, "utf-8"))
    assert (read.text or "") == cleaned


@pytest.mark.parametrize(
    "key",
    [
        "2024",
        "clé",
        "chiffre d'affaires",
        "質問",
        "a:b",
        "-x",
        ".x",
        "é\u0301",
        "",
        " ",
        "µg",
        "ªb",
        "🙂",
        "a.b",
        "٣",
        "हिन्दी",
    ],
)
def test_a_key_is_a_name_of_xml(key: str) -> None:
    """As an element's name, which is what RDF/XML makes of a predicate."""
    name = ncname(key)
    assert ":" not in name
    assert ElementTree.fromstring(f"<{name}/>").tag == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Été", "été", True),
        ("E\u0301te\u0301", "été", True),
        ("Ete", "été", False),
        ("STRASSE", "Straße", True),
        (" a ", "a", True),
        ("a\tb", "a b", True),
        ("a  b", "a b", True),
        ("a\u00a0é", "a é", True),
        ("a-b", "a b", False),
        ("Ⅳ", "IV", False),
    ],
)
def test_names_of_links(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same


def test_names_of_the_mapping() -> None:
    assert plain_name("Date_création") == plain_name("date creation") == plain_name("DateCréation")
    assert plain_name("date") != plain_name("dates")


def test_unique() -> None:
    assert unique("h", {"h", "h-2"}) == "h-3"
    assert unique("h", []) == "h"


def test_digest_is_the_start_of_sha_256() -> None:
    assert digest("abc") == "ba7816bf"
    assert len(digest("caf\udce9.md")) == 8


def test_shown() -> None:
    assert shown("café.md") == "café.md"
    assert shown("caf\udce9.md") == "caf\\xe9.md"


def test_mint() -> None:
    mint = Mint("https://example.org/v/")
    assert mint.thing("a") == "<https://example.org/v/id/a>"
    assert mint.note("a") == "<https://example.org/v/doc/a>"
    assert mint.part("a", "h-2") == "<https://example.org/v/doc/a#h-2>"
    assert mint.tag("IA/Éthique") == "<https://example.org/v/tag/ia/ethique>"
    assert mint.key("2024") == "<https://example.org/v/key/_2024>"
    assert mint.file("é/a b?.png") == "<https://example.org/v/file/é/a%20b%3F.png>"
    assert mint.file("e\u0301") == mint.file("é")
    assert mint.file("a%20b") != mint.file("a b")
    assert mint.dataset() == "<https://example.org/v/dataset>"


def test_a_nested_value_has_the_iri_of_its_content() -> None:
    mint = Mint("https://example.org/")
    assert mint.nested("a", "missions", "x") == mint.nested("a", "missions", "x")
    assert mint.nested("a", "missions", "x") != mint.nested("a", "missions", "y")
    assert mint.nested("a", "missions", "x").startswith("<https://example.org/id/a#missions-")


def test_a_slug_ends_at_a_word_but_not_at_one_that_says_too_little() -> None:
    assert address_slug(f"{'mot ' * 15}{'x' * 40}") == "-".join(["mot"] * 15)
    assert address_slug("x" * 100) == "x" * 80
    assert address_slug(f"un {'x' * 100}") == f"un-{'x' * (LONGEST_SLUG - 3)}"


@pytest.mark.parametrize(
    ("path", "slug_of_owner"),
    [
        ("id/a", "a"),
        ("doc/a", "a"),
        ("doc/a#b", "a"),
        ("id/a#b-1", "a"),
        ("tag/a", ""),
        ("dataset", ""),
        ("file/a", ""),
    ],
)
def test_the_note_that_a_subject_belongs_to(path: str, slug_of_owner: str) -> None:
    assert owner(f"<https://example.org/{path}>", "https://example.org/") == slug_of_owner
    assert owner(f"<https://example.net/{path}>", "https://example.org/") == ""
