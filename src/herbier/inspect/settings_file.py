"""The herbier.toml that a new vault starts with."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from herbier.config import READERS
from herbier.messages import Message
from herbier.rdf.slugs import plain_name
from herbier.text import clean
from herbier.translation import ENGLISH, languages, translate

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

    >>> print(toml_string('dit "oui" \\\\'))
    "dit \\"oui\\" \\\\"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- the file -------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """A setting in the file: an example of it, and what it is."""

    name: str
    example: str
    about: Message


_HEAD = Message("The settings of this vault for Herbier. All of them are optional; what follows a # does not count.")
_PARTS = (
    _Part(
        "base",
        'base = "https://w3id.org/example/"',
        Message(
            "The start of all published addresses. Choose one that lasts and that is yours, under a domain of\n"
            "your own or under https://w3id.org/: to change it later changes all addresses.\n"
            "Without it, the addresses hold on this machine only."
        ),
    ),
    _Part(
        "title",
        Message('title = "My notes"'),
        Message("The title of the vault."),
    ),
    _Part(
        "language",
        Message('language = "en"'),
        Message(
            "The language of the notes that do not state theirs and whose folder does not tell it.\n"
            "Without it, it is guessed for each of them."
        ),
    ),
    _Part(
        "license",
        f'license = "{CC_BY}"',
        Message("The licence of notes and data: an address, or words. The one of the example is CC BY 4.0."),
    ),
    _Part(
        "publisher",
        Message('publisher = "First Last"'),
        Message("Who publishes: an address, or a name."),
    ),
    _Part(
        "include",
        Message('include = ["data/more.ttl"]'),
        Message("RDF files of the vault that are published beside the notes."),
    ),
    _Part(
        "publish",
        'publish = "marked"',
        Message("Which notes are published: `all` but the private ones, or `marked`, those with `publish: true`."),
    ),
    _Part(
        "languages",
        Message('[languages]\n"notebooks" = "en"'),
        Message("The language of the notes in a folder."),
    ),
    _Part(
        "limits",
        "[limits]\nfile_size = 10000000",
        Message("The size of the largest note that is read, in bytes."),
    ),
    _Part(
        "mapping",
        Message('[mapping.keys.width]\nnames = ["width", "largeur"]\nthing = ["schema:width"]\nvalue = "text"'),
        Message(
            "What a key of the notes means: its names, the predicates of what the note is about (thing)\n"
            "or of the note itself (note), the kind of its values."
        ),
    ),
)


def words_of(language: str) -> str:
    """Return the language of what is written for people into herbier.toml, for a tag: one that has a catalogue."""
    code = language.split("-")[0]
    return code if code in languages() else ENGLISH


def settings_file(chosen: Mapping[str, str], language: str) -> str:
    """Return a herbier.toml that says what was chosen and shows the rest as comments; `language` is of its comments.

    `chosen` maps `publish` and the names of `ASKED` to values that `checked` has returned, "" for none.
    """
    spoken = words_of(language)
    parts = [comment(translate(_HEAD, spoken))]
    for part in _PARTS:
        value = chosen.get(part.name, "")
        line = f"{part.name} = {toml_string(value)}" if value else comment(translate(part.example, spoken))
        parts.append(f"{comment(translate(part.about, spoken))}\n{line}")
    return "\n\n".join(parts) + "\n"


def comment(text: str) -> str:
    """Return a text as lines of comment."""
    return "\n".join(f"# {line}" for line in text.splitlines())
