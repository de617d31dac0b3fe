"""The words of the interface, in French and in English; dates and numbers as each writes them."""

import re

from herbier.rdf.terms import XSD, Term, datatype_of, lexical

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
        "fault-400": "Cette demande n’est pas bien écrite",
        "fault-400-about": "Corrigez-la, puis redemandez.",
        "fault-escape": "Un signe % n’est pas à sa place dans l’adresse",
        "fault-escape-about": "Dans une adresse, chaque signe % est suivi de deux chiffres hexadécimaux. "
        "Aucun nom n’en contient ici.",
        "fault-405": "Cela ne se fait pas à cette adresse",
        "fault-405-about": "Ici, on ne peut que lire. Demandez avec GET ou HEAD.",
        "fault-406": "Rien n’existe ici sous la forme demandée",
        "fault-406-about": "Demandez l’une de ces formes, ou suivez l’une de ces adresses.",
        "fault-412": "La condition posée n’est pas remplie",
        "fault-412-about": "Ce qui est ici a une autre étiquette, ou a changé depuis. Redemandez sans condition.",
        "fault-413": "La demande est trop grande",
        "fault-413-about": "Envoyez-en moins d’un mégaoctet.",
        "fault-414": "L’adresse est trop longue",
        "fault-414-about": "Aucune page n’a une adresse si longue. Une longue question se pose avec POST, à /sparql.",
        "fault-415": "Ce type de contenu n’est pas lu ici",
        "fault-415-about": "Envoyez un type que cette adresse comprend.",
        "fault-416": "La partie demandée n’existe pas",
        "fault-416-about": "Demandez une partie qui commence avant la fin du fichier, ou le tout.",
        "fault-421": "Ce site n’est pas à cette adresse",
        "fault-421-about": "Cet aperçu ne répond qu’à sa propre machine\u202f: demandez 127.0.0.1, ou l’hôte de base. "
        "Un mandataire transmet l’en-tête X-Forwarded-For.",
        "fault-431": "Les en-têtes de la demande sont trop longs",
        "fault-431-about": "Envoyez-en moins de 60\u202f000 caractères.",
        "fault-500": "Le site n’a pas su répondre",
        "fault-500-about": "La faute est ici, non dans la demande. Réessayez, ou prévenez qui tient ce site.",
        "fault-503": "Le site est trop occupé",
        "fault-503-about": "Réessayez dans quelques secondes.",
        "fault-about": "Vérifiez l’adresse, ou revenez à la liste des notes.",
        "alternates": "Ce qui peut être obtenu",
        "alternates-about": "Les mêmes données, en tout ou en partie, dans chaque format.",
        "alternates-data": "Cette liste, pour les programmes",
        "alternates-link": "Autres vues",
        "page-format": "Page",
        "profiles": "Profils",
        "profiles-about": "Un profil est une partie des données, à demander dans l’adresse ou par Accept-Profile.",
        "fault": "La demande n’a pas pu être satisfaite",
        "back": "Voir toutes les notes",
        "made-with": "Pressé par Herbier",
        "dataset-about": "Les notes publiées, prises ensemble\u00a0: ce qu’elles contiennent, et comment l’obtenir.",
        "doors": "Obtenir les données",
        "dumps": "Fichiers à télécharger",
        "dumps-door": "tout ce qui est publié, ou les notes d’une classe",
        "sparql-door": "poser des questions à l’ensemble des notes",
        "fragments": "Fragments",
        "fragments-door": "les triplets qui répondent à un motif, page par page",
        "context-door": "le contexte des fichiers JSON-LD d’ici",
        "ontology": "Ontologie",
        "ontology-door": "les termes propres à Herbier",
        "openapi-door": "toutes les adresses du site, pour les programmes",
        "counts": "En nombres",
        "count-triples": "triplets",
        "count-entities": "ressources décrites",
        "count-subjects": "sujets",
        "count-objects": "objets",
        "count-classes": "classes",
        "count-properties": "propriétés",
        "classes": "Classes",
        "class": "Classe",
        "instances": "Ressources",
        "properties": "Propriétés",
        "property": "Propriété",
        "dumps-about": "Tout ce qui est publié, en fichiers compressés. Les mêmes notes donnent les mêmes octets.",
        "dump-whole": "Toutes les notes",
        "dump-classes": "Notes d’une classe",
        "dump-classes-about": "Chaque fichier contient tout ce que disent les notes dont le sujet est de cette classe.",
        "format": "Format",
        "file": "Fichier",
        "files": "Fichiers",
        "size": "Taille",
        "sum": "SHA-256",
        "with-graphs": "un graphe par note",
        "check-sums": "Pour vérifier ce qui est arrivé\u00a0:",
        "fragments-about": "Les triplets qui répondent à un motif. Une case vide laisse le choix libre.",
        "subject": "Sujet",
        "predicate": "Prédicat",
        "object": "Objet",
        "graph": "Graphe",
        "show": "Montrer",
        "one-triple": "{} triplet",
        "many-triples": "{} triplets",
        "no-triple": "Aucun triplet ne répond à ce motif.",
        "exact-count": "Nombre exact. Un triplet que disent deux notes compte deux fois, sauf dans l’union.",
        "search": "Chercher",
        "search-label": "Chercher dans les noms et les descriptions",
        "found": "Résultats pour «\u00a0{}\u00a0»",
        "found-none": "Aucune note ne répond à cette recherche.",
        "one-result": "{} note trouvée",
        "many-results": "{} notes trouvées",
        "terms": "Termes",
        "term-kind": "Nature",
        "term-domain": "Se dit de",
        "term-range": "A pour valeur",
        "term-inverse": "Inverse de",
        "term-above": "Sorte de",
        "version": "Version",
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
        "fault-400": "This request is not well written",
        "fault-400-about": "Mend it, then ask again.",
        "fault-escape": "A % is out of place in the address",
        "fault-escape-about": "In an address, each % is followed by two hexadecimal digits. No name here has one.",
        "fault-405": "That cannot be done at this address",
        "fault-405-about": "Things can only be read here. Ask with GET or HEAD.",
        "fault-406": "Nothing is here in the form that was asked for",
        "fault-406-about": "Ask for one of these forms, or follow one of these addresses.",
        "fault-412": "The condition is not met",
        "fault-412-about": "What is here has another tag, or has changed since. Ask again without the condition.",
        "fault-413": "The request is too large",
        "fault-413-about": "Send less than a megabyte.",
        "fault-414": "The address is too long",
        "fault-414-about": "No page has so long an address. A long query is put with POST, to /sparql.",
        "fault-415": "This type of content is not read here",
        "fault-415-about": "Send a type that this address understands.",
        "fault-416": "There is no such part",
        "fault-416-about": "Ask for a part that begins before the end of the file, or for all of it.",
        "fault-421": "This site is not at this address",
        "fault-421-about": "This preview answers its own machine alone: ask 127.0.0.1, or the host of the base. "
        "A proxy passes on the header X-Forwarded-For.",
        "fault-431": "The headers of the request are too long",
        "fault-431-about": "Send fewer than 60,000 characters of them.",
        "fault-500": "The site could not answer",
        "fault-500-about": "The fault is here, not in the request. Try again, or tell who keeps this site.",
        "fault-503": "The site is too busy",
        "fault-503-about": "Try again in a few seconds.",
        "fault-about": "Check the address, or go back to the list of notes.",
        "alternates": "What can be had",
        "alternates-about": "The same data, all of it or a part, in each format.",
        "alternates-data": "This list, for programs",
        "alternates-link": "Other views",
        "page-format": "Page",
        "profiles": "Profiles",
        "profiles-about": "A profile is a part of the data, asked for in the address or with Accept-Profile.",
        "fault": "The request could not be met",
        "back": "See all notes",
        "made-with": "Pressed by Herbier",
        "dataset-about": "The published notes, taken together: what they hold, and how to get it.",
        "doors": "Get the data",
        "dumps": "Files to download",
        "dumps-door": "all that is published, or the notes of one class",
        "sparql-door": "put questions to all the notes",
        "fragments": "Fragments",
        "fragments-door": "the triples that match a pattern, page by page",
        "context-door": "the context of the JSON-LD files here",
        "ontology": "Ontology",
        "ontology-door": "the terms that are Herbier’s own",
        "openapi-door": "all addresses of the site, for programs",
        "counts": "In numbers",
        "count-triples": "triples",
        "count-entities": "resources described",
        "count-subjects": "subjects",
        "count-objects": "objects",
        "count-classes": "classes",
        "count-properties": "properties",
        "classes": "Classes",
        "class": "Class",
        "instances": "Resources",
        "properties": "Properties",
        "property": "Property",
        "dumps-about": "All that is published, in compressed files. The same notes give the same bytes.",
        "dump-whole": "All notes",
        "dump-classes": "Notes of one class",
        "dump-classes-about": "Each file has all that is said by the notes whose subject is of the class.",
        "format": "Format",
        "file": "File",
        "files": "Files",
        "size": "Size",
        "sum": "SHA-256",
        "with-graphs": "a graph for each note",
        "check-sums": "To verify what has arrived:",
        "fragments-about": "The triples that match a pattern. An empty field leaves it open.",
        "subject": "Subject",
        "predicate": "Predicate",
        "object": "Object",
        "graph": "Graph",
        "show": "Show",
        "one-triple": "{} triple",
        "many-triples": "{} triples",
        "no-triple": "No triple matches this pattern.",
        "exact-count": "An exact number. A triple that two notes state counts twice, but once in the union.",
        "search": "Search",
        "search-label": "Search names and descriptions",
        "found": "Results for “{}”",
        "found-none": "No note matches this search.",
        "one-result": "{} note found",
        "many-results": "{} notes found",
        "terms": "Terms",
        "term-kind": "Kind",
        "term-domain": "Said of",
        "term-range": "Its value is",
        "term-inverse": "Inverse of",
        "term-above": "Kind of",
        "version": "Version",
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
_POINT = {"fr": ",", "en": "."}
_UNITS = {"fr": ("o", "ko", "Mo", "Go"), "en": ("B", "kB", "MB", "GB")}
_SINGULAR = {"fr": (0, 1), "en": (1,)}


def number(value: int, language: str) -> str:
    """Return a number as a language writes it.

    >>> number(12500, "en")
    '12,500'
    """
    return f"{value:,}".replace(",", _THOUSANDS[language])


def size(value: int, language: str) -> str:
    """Return a number of bytes as people read it, in units of a thousand.

    >>> size(1234567, "fr"), size(999, "en")
    ('1,2\u202fMo', '999\u202fB')
    """
    power = min(max(0, (len(str(value)) - 1) // 3), len(_UNITS[language]) - 1)
    digits = f"{value / 1000**power:.1f}" if power else str(value)
    return f"{digits.replace('.', _POINT[language])}\u202f{_UNITS[language][power]}"


def count(value: int, what: str, language: str) -> str:
    """Return how many of something there are, in words.

    >>> count(0, "note", "fr"), count(0, "note", "en")
    ('0 note', '0 notes')
    """
    key = f"one-{what}" if value in _SINGULAR[language] else f"many-{what}s"
    return WORDS[language][key].format(number(value, language))


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
    written = f"{_MONTHS[language][int(match['month']) - 1]} {match['year']}"
    if not match["day"]:
        return written
    day = int(match["day"])
    return f"{'1er' if language == 'fr' and day == 1 else day} {written}"
