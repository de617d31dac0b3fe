"""The words of the site, which a catalogue has in each language; dates and numbers as each language writes them."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from herbier.messages import Message
from herbier.rdf.terms import XSD, Term, datatype_of, lexical
from herbier.translation import translate

WORDS: Mapping[str, Message] = {
    "colon": Message(": "),
    "skip": Message("Skip to content"),
    "notes": Message("Notes"),
    "tags": Message("Tags"),
    "query": Message("Query"),
    "site": Message("Site"),
    "all-notes": Message("All notes"),
    "types": Message("Types"),
    "every-type": Message("All"),
    "letters": Message("Letters"),
    "home-about": Message("Every note has a page, an identifier that lasts, and data that others can use."),
    "facts": Message("At a glance"),
    "of-note": Message("The note"),
    "mentioned": Message("Mentioned by"),
    "tagged": Message("Notes with this tag"),
    "used-in": Message("Notes that use this key"),
    "nothing": Message("Nothing yet."),
    "stub": Message("This note is not written yet. Here is what the others say of it."),
    "to-write": Message("note to be written"),
    "data": Message("Data"),
    "identifier": Message("Identifier"),
    "dataset": Message("The dataset"),
    "licence": Message("Licence"),
    "publisher": Message("Published by"),
    "pages": Message("Pages"),
    "previous": Message("Previous page"),
    "next": Message("Next page"),
    "query-title": Message("Query the data"),
    "query-about": Message("A question in SPARQL 1.1, put to all the notes."),
    "query-label": Message("Your query"),
    "ask": Message("Ask"),
    "answer": Message("Answer"),
    "yes": Message("Yes"),
    "no": Message("No"),
    "wrong-query": Message("This query has no answer."),
    "fault-404": Message("Nothing here has that name"),
    "fault-404-about": Message("The address may be mistyped, or the note is not published."),
    "fault-410": Message("This note is gone"),
    "fault-410-about": Message("It was removed, and its address will not be given to another."),
    "fault-400": Message("This request is not well written"),
    "fault-400-about": Message("Fix it, then ask again."),
    "fault-escape": Message("A % is out of place in the address"),
    "fault-escape-about": Message("In an address, each % is followed by two hexadecimal digits. No name here has one."),
    "fault-405": Message("That cannot be done at this address"),
    "fault-405-about": Message("Things can only be read here. Ask with GET or HEAD."),
    "fault-406": Message("Nothing is here in the form that was asked for"),
    "fault-406-about": Message("Ask for one of these forms, or follow one of these addresses."),
    "fault-412": Message("The condition is not met"),
    "fault-412-about": Message("What is here has another tag, or has changed since. Ask again without the condition."),
    "fault-413": Message("The request is too large"),
    "fault-413-about": Message("Send less than a megabyte."),
    "fault-414": Message("The address is too long"),
    "fault-414-about": Message("No page has so long an address. A long query is put with POST, to /sparql."),
    "fault-415": Message("This type of content is not read here"),
    "fault-415-about": Message("Send a type that this address understands."),
    "fault-416": Message("There is no such part"),
    "fault-416-about": Message("Ask for a part that begins before the end of the file, or for all of it."),
    "fault-421": Message("This site is not at this address"),
    "fault-421-about": Message(
        "This preview answers its own machine alone: ask 127.0.0.1, or the host of the base. A proxy passes on the "
        "header X-Forwarded-For."
    ),
    "fault-431": Message("The headers of the request are too long"),
    "fault-431-about": Message("Send fewer than 60,000 characters of them."),
    "fault-500": Message("The site could not answer"),
    "fault-500-about": Message("The fault is here, not in the request. Try again, or write to who keeps this site."),
    "fault-503": Message("The site is too busy"),
    "fault-503-about": Message("Try again in a few seconds."),
    "fault-about": Message("Check the address, or go back to the list of notes."),
    "alternates": Message("What can be had"),
    "alternates-about": Message("The same data, all of it or a part, in each format."),
    "alternates-data": Message("This list, for programs"),
    "alternates-link": Message("Other views"),
    "page-format": Message("Page"),
    "profiles": Message("Profiles"),
    "profiles-about": Message("A profile is a part of the data, asked for in the address or with Accept-Profile."),
    "fault": Message("The request could not be met"),
    "back": Message("See all notes"),
    "made-with": Message("Made with Herbier"),
    "dataset-about": Message("The published notes, taken together: what they hold, and how to get it."),
    "doors": Message("Get the data"),
    "dumps": Message("Files to download"),
    "dumps-door": Message("all that is published, or the notes of one class"),
    "sparql-door": Message("put questions to all the notes"),
    "fragments": Message("Fragments"),
    "fragments-door": Message("the triples that match a pattern, page by page"),
    "context-door": Message("the context of the JSON-LD files here"),
    "ontology": Message("Ontology"),
    "ontology-door": Message("the terms that are Herbier’s own"),
    "openapi-door": Message("all addresses of the site, for programs"),
    "counts": Message("In numbers"),
    "count-triples": Message("triples"),
    "count-entities": Message("resources described"),
    "count-subjects": Message("subjects"),
    "count-objects": Message("objects"),
    "count-classes": Message("classes"),
    "count-properties": Message("properties"),
    "classes": Message("Classes"),
    "class": Message("Class"),
    "instances": Message("Resources"),
    "properties": Message("Properties"),
    "property": Message("Property"),
    "dumps-about": Message("All that is published, in compressed files. The same notes give the same bytes."),
    "dump-whole": Message("All notes"),
    "dump-classes": Message("Notes of one class"),
    "dump-classes-about": Message("Each file has all that is said by the notes whose subject is of the class."),
    "format": Message("Format"),
    "file": Message("File"),
    "files": Message("Files"),
    "size": Message("Size"),
    "sum": Message("SHA-256"),
    "with-graphs": Message("a graph for each note"),
    "check-sums": Message("To verify what has arrived:"),
    "fragments-about": Message("The triples that match a pattern. An empty field leaves it open."),
    "subject": Message("Subject"),
    "predicate": Message("Predicate"),
    "object": Message("Object"),
    "graph": Message("Graph"),
    "show": Message("Show"),
    "no-triple": Message("No triple matches this pattern."),
    "exact-count": Message("An exact number. A triple that two notes state counts twice, but once in the union."),
    "search": Message("Search"),
    "search-label": Message("Search names and descriptions"),
    "found-none": Message("No note matches this search."),
    "terms": Message("Terms"),
    "term-kind": Message("Kind"),
    "term-domain": Message("Said of"),
    "term-range": Message("Its value is"),
    "term-inverse": Message("Inverse of"),
    "term-above": Message("Kind of"),
    "version": Message("Version"),
}
PHRASES: dict[str, Callable[..., Message]] = {
    "page": lambda page, last: Message("Page {page:,} of {last:,}", page=page, last=last),
    "found": lambda asked: Message("Results for “{asked}”", asked=asked),
    "more-mentions": lambda number: Message("and {number:,} more", number=number),
    "cut-rows": lambda number: Message(
        "Only the first {number:,} rows are shown; a program is given all of them.", number=number
    ),
}
# How many there are of something: one, and any other number.
COUNTS: dict[str, tuple[Callable[[int], Message], Callable[[int], Message]]] = {
    "note": (lambda n: Message("{number:,} note", number=n), lambda n: Message("{number:,} notes", number=n)),
    "tag": (lambda n: Message("{number:,} tag", number=n), lambda n: Message("{number:,} tags", number=n)),
    "row": (lambda n: Message("{number:,} row", number=n), lambda n: Message("{number:,} rows", number=n)),
    "triple": (lambda n: Message("{number:,} triple", number=n), lambda n: Message("{number:,} triples", number=n)),
    "result": (
        lambda n: Message("{number:,} note found", number=n),
        lambda n: Message("{number:,} notes found", number=n),
    ),
}

_DATES = {f"{XSD}{name}" for name in ("date", "dateTime", "gYearMonth")}
_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_UNITS = (Message("B"), Message("kB"), Message("MB"), Message("GB"))


@lru_cache(8)
def words_in(language: str) -> Mapping[str, str]:
    """Return the words that stand as they are, in a language."""
    return {key: str(translate(text, language)) for key, text in WORDS.items()}


def phrase(key: str, language: str, **values: object) -> str:
    """Return a phrase that has values in it, in a language."""
    return str(translate(PHRASES[key](**values), language))


def number(value: int, language: str) -> str:
    """Return a number as a language writes it.

    >>> number(12500, "en")
    '12,500'
    """
    return str(translate(Message("{number:,}", number=value), language))


def size(value: int, language: str) -> str:
    """Return a number of bytes as people read it, in units of a thousand.

    >>> size(1234567, "fr"), size(999, "en")
    ('1,2\u202fMo', '999\u202fB')
    """
    from babel.numbers import format_decimal  # it takes a while to load, and few pages have sizes

    power = min(max(0, (len(str(value)) - 1) // 3), len(_UNITS) - 1)
    digits = format_decimal(round(value / 1000**power, 1), "0.0" if power else "0", locale=language)
    return f"{digits}\u202f{translate(_UNITS[power], language)}"


def count(value: int, what: str, language: str) -> str:
    """Return how many of something there are, in words; which form a number takes is the language's matter (CLDR).

    >>> count(0, "note", "fr"), count(0, "note", "en")
    ('0 note', '0 notes')
    """
    one, other = COUNTS[what]
    return str(translate((one if _plural_form(language)(value) == "one" else other)(value), language))


@lru_cache(8)
def _plural_form(language: str) -> Callable[[int], str]:
    from babel.core import Locale

    form: Callable[[int], str] = Locale.parse(language).plural_form
    return form


@lru_cache(8)
def _months(language: str) -> Mapping[int, str]:
    from babel.dates import get_month_names

    return dict(get_month_names("wide", locale=language))


def language_name(code: str, language: str) -> str:
    """Return what a language is called, by its tag (BCP 47); "" where that is not known.

    >>> language_name("fr-CA", "fr"), language_name("en", "fr"), language_name("zxx-x", "fr")
    ('français (Canada)', 'anglais', '')
    """
    from babel.core import Locale, UnknownLocaleError  # its names take a while to load, and few pages need them

    try:
        return Locale.parse(code, sep="-").get_display_name(language) or ""
    except (ValueError, UnknownLocaleError):
        return ""


def date(term: Term, language: str) -> str | None:
    """Return a literal of XSD that is a date as people write it; None for any other.

    >>> date('"1912-06-01"^^<http://www.w3.org/2001/XMLSchema#date>', "fr")
    '1er juin 1912'
    """
    match = _DATE.match(lexical(term))
    if match is None or datatype_of(term) not in _DATES or not 1 <= int(match["month"]) <= 12:
        return None
    written = f"{_months(language)[int(match['month'])]} {match['year']}"
    if not match["day"]:
        return written
    day = int(match["day"])
    return f"{translate(_FIRST, language) if day == 1 else day} {written}"


_FIRST = Message("1")  # the first of a month has a name of its own in some languages
