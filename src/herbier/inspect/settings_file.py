"""The herbier.toml that a new vault starts with."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from herbier.config import READERS
from herbier.rdf.slugs import plain_name
from herbier.text import clean

ASKED = ("base", "title", "language", "license", "publisher")
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_LICENCES = {  # addresses, since only these are published as the licence that they are
    plain_name(name): address
    for name, address in (
        ("CC BY 4.0", CC_BY),
        ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    )
}


def checked(name: str, text: str) -> str:
    """Return a setting as herbier.toml would be read; ValueError says what it should be."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text in UTF-8") from None
    value = str(READERS[name](clean(text)))
    return _LICENCES.get(plain_name(value), value) if name == "license" else value


def toml_string(text: str) -> str:
    """Return a text as a basic string of TOML 1.0, whose escapes are those of JSON, and one for DEL.

    >>> print(quoted('dit "oui" \\\\'))
    "dit \\"oui\\" \\\\"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- the file -------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """A setting in the file: an example of it, and what it is, by language."""

    name: str
    example: Mapping[str, str]
    words: Mapping[str, str]


_HEAD = {
    "fr": "Les réglages de ce coffre pour Herbier. Tous sont facultatifs ; ce qui suit un # ne compte pas.",
    "en": "The settings of this vault for Herbier. All of them are optional; what follows a # does not count.",
}
_PARTS = (
    _Part(
        "base",
        dict.fromkeys(("fr", "en"), 'base = "https://w3id.org/example/"'),
        {
            "fr": "Le début de toutes les adresses publiées. Choisissez-en un qui dure et qui soit à vous, sous votre\n"
            "propre domaine ou sous https://w3id.org/ : le changer plus tard change toutes les adresses.\n"
            "Sans lui, les adresses ne valent que sur cette machine.",
            "en": "The start of all published addresses. Choose one that lasts and that is yours, under a domain of\n"
            "your own or under https://w3id.org/: to change it later changes all addresses.\n"
            "Without it, the addresses hold on this machine only.",
        },
    ),
    _Part(
        "title",
        {"fr": 'title = "Mes notes"', "en": 'title = "My notes"'},
        {"fr": "Le titre du coffre.", "en": "The title of the vault."},
    ),
    _Part(
        "language",
        {"fr": 'language = "fr"', "en": 'language = "en"'},
        {
            "fr": "La langue des notes qui n'indiquent pas la leur et dont le dossier ne la dit pas.\n"
            "Sans elle, elle est devinée pour chacune.",
            "en": "The language of the notes that do not state theirs and whose folder does not tell it.\n"
            "Without it, it is guessed for each of them.",
        },
    ),
    _Part(
        "license",
        dict.fromkeys(("fr", "en"), f'license = "{CC_BY}"'),
        {
            "fr": "La licence des notes et des données : une adresse, ou des mots. Celle de l'exemple est CC BY 4.0.",
            "en": "The licence of notes and data: an address, or words. The one of the example is CC BY 4.0.",
        },
    ),
    _Part(
        "publisher",
        {"fr": 'publisher = "Prénom Nom"', "en": 'publisher = "First Last"'},
        {"fr": "Qui publie : une adresse, ou un nom.", "en": "Who publishes: an address, or a name."},
    ),
    _Part(
        "include",
        {"fr": 'include = ["données/plus.ttl"]', "en": 'include = ["data/more.ttl"]'},
        {
            "fr": "Des fichiers RDF du coffre, publiés à côté des notes.",
            "en": "RDF files of the vault that are published beside the notes.",
        },
    ),
    _Part(
        "publish",
        dict.fromkeys(("fr", "en"), 'publish = "marked"'),
        {
            "fr": 'Les notes publiées : "all", toutes sauf les privées, ou "marked", celles qui ont publish: true.',
            "en": 'Which notes are published: "all" but the private ones, or "marked", those with publish: true.',
        },
    ),
    _Part(
        "languages",
        {"fr": '[languages]\n"carnets" = "fr"', "en": '[languages]\n"notebooks" = "en"'},
        {"fr": "La langue des notes d'un dossier.", "en": "The language of the notes in a folder."},
    ),
    _Part(
        "limits",
        dict.fromkeys(("fr", "en"), "[limits]\nfile_size = 10000000"),
        {
            "fr": "La taille de la plus grande note qui soit lue, en octets.",
            "en": "The size of the largest note that is read, in bytes.",
        },
    ),
    _Part(
        "mapping",
        {
            "fr": '[mapping.keys.largeur]\nnames = ["largeur", "width"]\nthing = ["schema:width"]\nvalue = "text"',
            "en": '[mapping.keys.width]\nnames = ["width", "largeur"]\nthing = ["schema:width"]\nvalue = "text"',
        },
        {
            "fr": "Ce que veut dire une clé des notes : ses noms, les prédicats de ce dont parle la note (thing)\n"
            "ou de la note elle-même (note), le genre de ses valeurs.",
            "en": "What a key of the notes means: its names, the predicates of what the note is about (thing)\n"
            "or of the note itself (note), the kind of its values.",
        },
    ),
)


def words_of(language: str) -> str:
    """Return the language of what is written for people into herbier.toml: `fr` or `en`."""
    return "fr" if language.split("-")[0] == "fr" else "en"


def settings_file(chosen: Mapping[str, str], language: str) -> str:
    """Return a herbier.toml that says what was chosen and shows the rest as comments; `language` is of its comments.

    `chosen` maps `publish` and the names of `ASKED` to values that `checked` has returned, "" for none.
    """
    spoken = words_of(language)
    parts = [comment(_HEAD[spoken])]
    for part in _PARTS:
        value = chosen.get(part.name, "")
        line = f"{part.name} = {toml_string(value)}" if value else comment(part.example[spoken])
        parts.append(f"{comment(part.words[spoken])}\n{line}")
    return "\n\n".join(parts) + "\n"


def comment(text: str) -> str:
    """Return a text as lines of comment."""
    return "\n".join(f"# {line}" for line in text.splitlines())
