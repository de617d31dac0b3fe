"""The words of the interface, in French and in English; dates and numbers as each writes them."""

import re

from herbier.terms import XSD, Term, datatype_of, lexical

# French sets a no-break space before : ; ! ? and inside « », a narrow one between thousands.
WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "colon": "\u00a0: ",
        "skip": "Aller au contenu",
        "notes": "Notes",
        "tags": "Étiquettes",
        "query": "Interroger",
        "site": "Site",
        "all-notes": "Toutes les notes",
        "types": "Types",
        "every-type": "Tous",
        "letters": "Lettres",
        "one-note": "{} note",
        "many-notes": "{} notes",
        "one-tag": "{} étiquette",
        "many-tags": "{} étiquettes",
        "home-about": "Chaque note a sa page, un identifiant qui dure et des données que d’autres peuvent reprendre.",
        "facts": "En bref",
        "of-note": "La note",
        "mentioned": "Mentionné par",
        "more-mentions": "et {} de plus",
        "tagged": "Notes de cette étiquette",
        "used-in": "Notes où figure cette clé",
        "nothing": "Rien pour l’instant.",
        "stub": "Cette note n’est pas encore écrite. Voici ce que les autres en disent.",
        "to-write": "note à écrire",
        "data": "Données",
        "identifier": "Identifiant",
        "dataset": "Le jeu de données",
        "licence": "Licence",
        "publisher": "Publié par",
        "pages": "Pages",
        "previous": "Page précédente",
        "next": "Page suivante",
        "page": "Page {} sur {}",
        "query-title": "Interroger les données",
        "query-about": "Une question en SPARQL 1.1, posée à l’ensemble des notes.",
        "query-label": "Question",
        "ask": "Demander",
        "answer": "Réponse",
        "yes": "Oui",
        "no": "Non",
        "one-row": "{} ligne",
        "many-rows": "{} lignes",
        "cut-rows": "Seules les {} premières lignes sont montrées\u00a0; un programme les reçoit toutes.",
        "wrong-query": "Cette question n’a pas de réponse.",
        "fault-404": "Rien ne porte ce nom ici",
        "fault-404-about": "L’adresse est peut-être mal écrite, ou la note n’est pas publiée.",
        "fault-410": "Cette note n’existe plus",
        "fault-410-about": "Elle a été retirée, et son adresse ne sera donnée à aucune autre.",
        "fault": "La demande n’a pas pu être satisfaite",
        "back": "Voir toutes les notes",
        "made-with": "Pressé par Herbier",
    },
    "en": {
        "colon": ": ",
        "skip": "Skip to content",
        "notes": "Notes",
        "tags": "Tags",
        "query": "Query",
        "site": "Site",
        "all-notes": "All notes",
        "types": "Types",
        "every-type": "All",
        "letters": "Letters",
        "one-note": "{} note",
        "many-notes": "{} notes",
        "one-tag": "{} tag",
        "many-tags": "{} tags",
        "home-about": "Every note has a page, an identifier that lasts, and data that others can use.",
        "facts": "At a glance",
        "of-note": "The note",
        "mentioned": "Mentioned by",
        "more-mentions": "and {} more",
        "tagged": "Notes with this tag",
        "used-in": "Notes that use this key",
        "nothing": "Nothing yet.",
        "stub": "This note is not written yet. Here is what the others say of it.",
        "to-write": "note to be written",
        "data": "Data",
        "identifier": "Identifier",
        "dataset": "The dataset",
        "licence": "Licence",
        "publisher": "Published by",
        "pages": "Pages",
        "previous": "Previous page",
        "next": "Next page",
        "page": "Page {} of {}",
        "query-title": "Query the data",
        "query-about": "A question in SPARQL 1.1, put to all the notes.",
        "query-label": "Query",
        "ask": "Ask",
        "answer": "Answer",
        "yes": "Yes",
        "no": "No",
        "one-row": "{} row",
        "many-rows": "{} rows",
        "cut-rows": "Only the first {} rows are shown; a program is given all of them.",
        "wrong-query": "This query has no answer.",
        "fault-404": "Nothing here has that name",
        "fault-404-about": "The address may be mistyped, or the note is not published.",
        "fault-410": "This note is gone",
        "fault-410-about": "It was removed, and its address will not be given to another.",
        "fault": "The request could not be met",
        "back": "See all notes",
        "made-with": "Pressed by Herbier",
    },
}
_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DATES = {f"{XSD}{name}" for name in ("date", "dateTime", "gYearMonth")}
_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_THOUSANDS = {"fr": "\u202f", "en": ","}
_SINGULAR = {"fr": (0, 1), "en": (1,)}


def number(value: int, language: str) -> str:
    """Return a number as a language writes it.

    >>> number(12500, "en")
    '12,500'
    """
    return f"{value:,}".replace(",", _THOUSANDS[language])


def count(value: int, what: str, language: str) -> str:
    """Return how many of something there are, in words.

    >>> count(0, "note", "fr"), count(0, "note", "en")
    ('0 note', '0 notes')
    """
    key = f"one-{what}" if value in _SINGULAR[language] else f"many-{what}s"
    return WORDS[language][key].format(number(value, language))


def date(term: Term, language: str) -> str | None:
    """Return a literal of XSD that is a date as people write it; None for any other.

    >>> date('"1912-06-01"^^<http://www.w3.org/2001/XMLSchema#date>', "fr")
    '1er juin 1912'
    """
    match = _DATE.match(lexical(term))
    if match is None or datatype_of(term) not in _DATES or not 1 <= int(match["month"]) <= 12:
        return None
    written = f"{_MONTHS[language][int(match['month']) - 1]} {match['year']}"
    if not match["day"]:
        return written
    day = int(match["day"])
    return f"{'1er' if language == 'fr' and day == 1 else day} {written}"
