"""Values: from what is written to a term, one kind at a time."""

import re
from datetime import date, timedelta

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herbier.rdf.terms import XSD, datatype_of, lexical, plain, typed
from herbier.rules.dates import date_term
from herbier.rules.values import (
    EXPECTED,
    VALUES,
    address_term,
    boolean,
    doi_term,
    integer_term,
    number_term,
    wikidata_term,
)

DATES = {
    "2025-03-20": ("2025-03-20", "date"),
    "2025/03/20": ("2025-03-20", "date"),
    "2025.03.20": ("2025-03-20", "date"),
    "20250320": ("2025-03-20", "date"),
    "2025-3-5": ("2025-03-05", "date"),
    "20/03/2025": ("2025-03-20", "date"),
    "20-03-2025": ("2025-03-20", "date"),
    "20.03.2025": ("2025-03-20", "date"),
    "03/04/2025": ("2025-04-03", "date"),
    "1/2/2025": ("2025-02-01", "date"),
    "[[2025-03-20]]": ("2025-03-20", "date"),
    "20 mars 2025": ("2025-03-20", "date"),
    "jeudi 20 mars 2025": ("2025-03-20", "date"),
    "le 20 mars 2025": ("2025-03-20", "date"),
    "1er avril 2025": ("2025-04-01", "date"),
    "20 MARS 2025": ("2025-03-20", "date"),
    "5 févr. 2025": ("2025-02-05", "date"),
    "5 août 1956": ("1956-08-05", "date"),
    "March 20, 2025": ("2025-03-20", "date"),
    "March 20th, 2025": ("2025-03-20", "date"),
    "Thursday, March 20, 2025": ("2025-03-20", "date"),
    "20 March 2025": ("2025-03-20", "date"),
    "mars 2025": ("2025-03", "gYearMonth"),
    "March 2025": ("2025-03", "gYearMonth"),
    "2025-03": ("2025-03", "gYearMonth"),
    "03/2025": ("2025-03", "gYearMonth"),
    "2025": ("2025", "gYear"),
    "en 1993": ("1993", "gYear"),
    "0476": ("0476", "gYear"),
    "-44": ("-0044", "gYear"),
    "-0044-03": ("-0044-03", "gYearMonth"),
    "-0044-02-29": ("-0044-02-29", "date"),
    "2025-03-20T10:30:00": ("2025-03-20T10:30:00", "dateTime"),
    "2025-03-20T10:30": ("2025-03-20T10:30:00", "dateTime"),
    "2025-03-20 10:30": ("2025-03-20T10:30:00", "dateTime"),
    "2025-03-20T10:30:00Z": ("2025-03-20T10:30:00Z", "dateTime"),
    "2025-03-20T10:30:00+02:00": ("2025-03-20T10:30:00+02:00", "dateTime"),
    "2025-03-20T10:30:00 +0200": ("2025-03-20T10:30:00+02:00", "dateTime"),
    "2025-03-20T10:30:00.125Z": ("2025-03-20T10:30:00.125Z", "dateTime"),
    "20/03/2025 10h30": ("2025-03-20T10:30:00", "dateTime"),
    "20/03/2025 à 10:30": ("2025-03-20T10:30:00", "dateTime"),
    "1742428800000": ("2025-03-20T00:00:00Z", "dateTime"),
    "1742428800": ("2025-03-20T00:00:00Z", "dateTime"),
    "29/02/2024": ("2024-02-29", "date"),
    "Saturday, March 1st 2025, 10:00:00 am": ("2025-03-01T10:00:00", "dateTime"),
    "Saturday, March 1st 2025, 12:30 pm": ("2025-03-01T12:30:00", "dateTime"),
    "Saturday, March 1st 2025, 12:30 am": ("2025-03-01T00:30:00", "dateTime"),
    "11-11-2023 08:14 AM": ("2023-11-11T08:14:00", "dateTime"),
    "25-11-2023 08:14 PM": ("2023-11-25T20:14:00", "dateTime"),
    "2018-09-16 19:47:42 +8": ("2018-09-16T19:47:42+08:00", "dateTime"),
    "2018-09-16 19:47:42 +02": ("2018-09-16T19:47:42+02:00", "dateTime"),
    "2018-09-16 19:47:42 -0330": ("2018-09-16T19:47:42-03:30", "dateTime"),
    "12-Dec-1900": ("1900-12-12", "date"),
    "12/déc./1900": ("1900-12-12", "date"),
    "2025年3月20日": ("2025-03-20", "date"),
    "2025年3月": ("2025-03", "gYearMonth"),
    "2025年": ("2025", "gYear"),
    "800": ("0800", "gYear"),
    "1742428800123": ("2025-03-20T00:00:00.123Z", "dateTime"),
    "1742428800120": ("2025-03-20T00:00:00.12Z", "dateTime"),
    "2026-03-21 Sat": ("2026-03-21", "date"),
    "[[2026-03-21 Sat]]": ("2026-03-21", "date"),
    "Sep 30th, 2022": ("2022-09-30", "date"),
    "[[2024-05-01|1er mai]]": ("2024-05-01", "date"),
    "[[journal/2024-05-01]]": ("2024-05-01", "date"),
    "Sat, 1 Mar 2025 10:00:00 +0100": ("2025-03-01T10:00:00+01:00", "dateTime"),
    "44 av. J.-C.": ("-0043", "gYear"),
    "1 BC": ("0000", "gYear"),
    "476 BCE": ("-0475", "gYear"),
}
NO_DATES = """hier|2025-03-20 24:30|2025-03-20T24:00|2025-03-20T23:60|2025-03-20T23:59:60|03/12/2025 1:00 pm|\
12/03/2025 1:00 pm|2025-02-30|29/02/2025|2025-13-01|12/25/2025|0000|0000-01-01|2025-00|32 mars 2025|20 germinal 2025|
2025-03-20T25:00|2025-03-20T10:61|2025-03-20T10:30:00+15:00|2025-03-20T10:30:00+01:75|20/03/25|2025-03-20 environ|1|
99999|printemps 2025|vers 1993|c. 1993|~1993|1993?|1990/1995|1990-1995|03-04-2023 08:14 AM|2025-W10|47|0 BC|
2025-03-20 13:00 pm|2025年13月|12-Zzz-1900|XIXe siècle|2024-2025|٢٠٢٥|٢٠٢٥-٠٣-٢٠|
-0|-0000-01-01|-0043-02-29|-0100-02-29|-0044-13|-44-03-15""".replace("\n", "").split("|")


@pytest.mark.parametrize(("text", "expected"), DATES.items())
def test_date(text: str, expected: tuple[str, str]) -> None:
    assert date_term(text) == typed(*expected)


@pytest.mark.parametrize("text", [*NO_DATES, "", " ", "{{date}}"])
def test_what_is_no_date(text: str) -> None:
    """Among them dates in digits that XSD does not know: what is written is no date of any XSD type."""
    assert date_term(text) is None


@given(
    day=st.dates(date(1000, 1, 1), date(9999, 12, 31)),
    form=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y.%m.%d", "%Y%m%d"]),
)
def test_every_day_in_every_form(day: date, form: str) -> None:
    assert date_term(day.strftime(form)) == typed(day.isoformat(), "date")


LETTERS = "0123456789-/.:TZ+ hàmarsjuinen٣"


@st.composite
def texts_like_dates(draw: st.DrawFn) -> str:
    """Draw a text of what dates are made of, most often a date of which something was written over."""
    text = draw(st.one_of(st.sampled_from([*DATES, *NO_DATES]), st.text(LETTERS, max_size=22)))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.text(LETTERS, max_size=3)) + text[start + draw(st.integers(0, 3)) :]
    return text


def is_value(text: str, datatype: str) -> bool:
    """Return whether Oxigraph makes a value of a text: its cast gives none where that is not of the datatype."""
    found = pyoxigraph.Store().query(f"SELECT (<{datatype}>({plain(text)}) AS ?value) {{}}")
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return next(found)["value"] is not None


@given(text=texts_like_dates())
def test_a_date_is_of_its_datatype(text: str) -> None:
    """Oxigraph is the judge: it makes a value of no text that is not of its datatype, be it before our era."""
    term = date_term(text)
    if term is None:
        return
    assert is_value(lexical(term), datatype_of(term))
    assert re.fullmatch(r"[0-9TZ:.+-]+", lexical(term))
    assert not lexical(term).lstrip("-").startswith("0000"), "XSD 1.0 has no year 0"


def test_the_judge_of_dates_judges() -> None:
    for text, datatype, good in (
        ("-0044-03-15", "date", True),
        ("-0044-02-30", "date", False),
        ("99", "gYear", False),
        ("2025-13", "gYearMonth", False),
        ("2025-03-20T25:30:00Z", "dateTime", False),
    ):
        assert is_value(text, f"{XSD}{datatype}") is good


def test_epoch_is_milliseconds() -> None:
    for days in (0, 1, 10_000):
        moment = date(2001, 9, 10) + timedelta(days)
        milliseconds = (moment - date(1970, 1, 1)).days * 86_400_000
        assert date_term(str(milliseconds)) == typed(f"{moment}T00:00:00Z", "dateTime")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1500", "1500"),
        ("1 500", "1500"),
        ("1\u202f500", "1500"),
        ("1\u00a0500\u00a0000", "1500000"),
        ("1.500", "1500"),
        ("1'500", "1500"),
        ("007", "7"),
        ("-5", "-5"),
        ("+5", "5"),
        ("0", "0"),
    ],
)
def test_integer(text: str, expected: str) -> None:
    assert integer_term(text) == typed(expected, "integer")


@pytest.mark.parametrize(
    "text", ["9" * 5000, "beaucoup", "1,5", "1.5", "15 00", "1 500 chercheurs", "", "--5", "1e3", "0x10"]
)
def test_what_is_no_integer(text: str) -> None:
    assert integer_term(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45.5", "45.5"),
        ("45,5", "45.5"),
        ("-73,561", "-73.561"),
        ("1 500,50", "1500.50"),
        ("12\u202f345\u00a0678", "12345678"),
        ("- 3,5", "-3.5"),
        ("12", "12"),
        ("+1.0", "1.0"),
    ],
)
def test_number(text: str, expected: str) -> None:
    assert number_term(text) == typed(expected, "decimal")


@pytest.mark.parametrize("text", ["env. 5", "1.5.6", "", "5 %", "1e3", "48 51", "1 2345", "12 34,5", "٤٥.٥", "५"])
def test_what_is_no_number(text: str) -> None:
    """Digits of other scripts are none that XSD knows."""
    assert number_term(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("true", "Oui", "VRAI", "1")),
        *((text, False) for text in ("false", "non", "0")),
        *((text, None) for text in ("peut-être", "", "ouii")),
    ],
)
def test_boolean(text: str, expected: bool | None) -> None:
    assert boolean(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/", "<https://example.org/>"),
        ("<https://example.org/>", "<https://example.org/>"),
        ("[le site](https://example.org/a_(b))", "<https://example.org/a_(b)>"),
        ("HTTP://Example.org", "<HTTP://Example.org>"),
        ("//example.org/x", "<https://example.org/x>"),
        ("https://exemple.fr/été?q=à#ü", "<https://exemple.fr/été?q=à#ü>"),
        ("doi:10.1000/182", "<https://doi.org/10.1000/182>"),
        ("http://dx.doi.org/10.1000/182", "<https://doi.org/10.1000/182>"),
    ],
)
def test_address(text: str, expected: str) -> None:
    assert address_term(text) == expected


@pytest.mark.parametrize(
    "text", ["aucun", "example.org", "mailto:a@example.org", "https://a b", "javascript:alert(1)", "", "[[a]]"]
)
def test_what_is_no_address(text: str) -> None:
    assert address_term(text) is None


@pytest.mark.parametrize(
    "text", ["https://", "http://[oops", "https://example.org:abc/", "https://exa[mple.org/", "http://a:99999999x/"]
)
def test_an_address_that_no_parser_takes_is_none(text: str) -> None:
    """Or it is fixed: what is published must be an IRI (RFC 3987), else no one can read the file."""
    term = address_term(text)
    if term is not None:
        (quad,) = pyoxigraph.parse(f"<a:b> <a:c> {term} .", format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert isinstance(quad.object, pyoxigraph.NamedNode)
    assert term is None or term.startswith("<http")


@given(tail=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=20))
def test_every_address_is_an_iri(tail: str) -> None:
    term = address_term(f"https://example.org/{tail}")
    if term is not None:
        (quad,) = pyoxigraph.parse(f"<a:b> <a:c> {term} .", format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert str(quad.object) == term


@pytest.mark.parametrize(
    "text", ["Q42", "q42", "wd:Q42", "https://www.wikidata.org/wiki/Q42", "http://www.wikidata.org/entity/Q42"]
)
def test_wikidata(text: str) -> None:
    assert wikidata_term(text) == "<http://www.wikidata.org/entity/Q42>"


@pytest.mark.parametrize("text", ["42", "Q0", "P31", "Q", "Q42 (Douglas Adams)"])
def test_what_is_no_wikidata_item(text: str) -> None:
    assert wikidata_term(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "10.1038/nature14539",
        "doi:10.1038/nature14539",
        "https://doi.org/10.1038/nature14539",
        "DOI: 10.1038/nature14539",
    ],
)
def test_doi(text: str) -> None:
    assert doi_term(text) == "<https://doi.org/10.1038/nature14539>"


def test_what_is_no_doi() -> None:
    assert doi_term("10.1/x") is None
    assert doi_term("nature14539") is None


def test_every_kind_that_can_fail_says_what_it_expects() -> None:
    failing = {kind for kind, read in VALUES.items() if read("\0 ne convient pas \0", "fr") is None}
    assert failing
    assert failing <= EXPECTED.keys()


def test_text_has_the_language_and_a_string_has_none() -> None:
    assert VALUES["text"]("été", "fr") == '"été"@fr'
    assert VALUES["text"]("été", "") == '"été"'
    assert VALUES["string"]("0123", "fr") == '"0123"'
