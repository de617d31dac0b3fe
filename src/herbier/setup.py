"""What is proposed for herbier.toml: the file that a new vault starts with, and rows for keys that no rule knows."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from herbier.config import READERS, Settings
from herbier.inventory.rows import Inventory, KeyUse
from herbier.mapping.rules import ENDS_IN_NAME, Rules
from herbier.terms import Mint, clean, plain_name, slug, unique

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


def quoted(text: str) -> str:
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
    parts = [_comment(_HEAD[spoken])]
    for part in _PARTS:
        value = chosen.get(part.name, "")
        line = f"{part.name} = {quoted(value)}" if value else _comment(part.example[spoken])
        parts.append(f"{_comment(part.words[spoken])}\n{line}")
    return "\n\n".join(parts) + "\n"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


# --- rows for keys that no rule knows -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be done about an unknown key: the known one that may be meant, and a row that makes it known.

    `row` is TOML for the end of herbier.toml; it is "" for a key whose name has neither letter nor digit.
    """

    key: str
    notes: int
    near: str
    row: str


class _Guess(NamedTuple):
    """What values that all look alike may be: the shapes, the rule's words for them, and what they are called."""

    shapes: frozenset[str]
    predicate: str
    kind: str
    words: Mapping[str, str]


_GUESSES = (
    _Guess(frozenset({"date"}), "dcterms:date", "date", {"fr": "des dates", "en": "dates"}),
    _Guess(frozenset({"link", "several links"}), "dcterms:relation", "entity", {"fr": "des liens", "en": "links"}),
    _Guess(frozenset({"address"}), "schema:url", "address", {"fr": "des adresses", "en": "addresses"}),
    _Guess(frozenset({"number"}), "rdf:value", "number", {"fr": "des nombres", "en": "numbers"}),
)
_SAYS_NOTHING = {"list", "empty", "template", "nested keys"}
_LINKED = {"link", "several links", "text with links", "address"}
_WHERE = {"fr": "{key}, dans {notes:,} note{s}", "en": "{key}, in {notes:,} note{s}"}
_NEAR = {"fr": " ; s'agit-il de {near!r} ?", "en": "; did you mean {near!r}?"}
_AS_NOW = {
    "fr": "L'adresse de la clé telle qu'elle est publiée déjà ; mieux vaut un terme connu, tel que schema:width.",
    "en": "The address of the key as it is published already; a known term is better, such as schema:width.",
}
_PERHAPS = {
    "fr": "Ses valeurs sont toutes {values} ; à la place des deux lignes ci-dessus, cela pourrait être :",
    "en": "All its values are {values}; instead of the two lines above, it could be:",
}


def propose(inventory: Inventory, rules: Rules, settings: Settings, language: str) -> tuple[Proposal, ...]:
    """Return what may be done about each unknown key, those first that may be known ones written wrongly.

    A row keeps to what is published already; what the values seem to be stands in it as a comment in `language`.
    """
    groups: dict[str, list[KeyUse]] = {}
    for key in inventory.unknown_keys:
        if key.key:  # a value under no key has no name to be known by
            groups.setdefault(plain_name(key.key) or key.key, []).append(key)
    own = settings.mapping.get("keys")
    taken = {rule.name for found in rules.keys.values() for rule in found}
    taken |= set(own) if isinstance(own, dict) else set()
    proposals = []
    for uses in groups.values():
        first = uses[0]
        notes = sum(use.unknown for use in uses)
        near = next((use.near for use in uses if use.near), "")
        row = _row(uses, taken, Mint(settings.base), words_of(language)) if plain_name(first.key) else ""
        head = _head(first.key, notes, near, words_of(language))
        proposals.append(Proposal(first.key, notes, near, f"{head}\n{row}" if row else ""))
    return tuple(sorted(proposals, key=lambda found: (not found.near, -found.notes, found.key)))


def _head(key: str, notes: int, near: str, spoken: str) -> str:
    name = " ".join(key.replace("\x7f", "").split())  # as a comment of TOML may have it
    hint = _NEAR[spoken].format(near=near) if near else ""
    return _comment(_WHERE[spoken].format(key=name, notes=notes, s="" if notes == 1 else "s") + hint)


def _row(uses: Sequence[KeyUse], taken: set[str], mint: Mint, spoken: str) -> str:
    key = uses[0].key
    name = unique(slug(key), taken)  # a row replaces the one of the same name
    taken.add(name)
    header = name if re.fullmatch(r"[a-z0-9-]+", name) else quoted(name)
    names = dict.fromkeys(spelling for use in uses for spelling in use.spellings)
    shapes = {shape for use in uses for shape in use.shapes} - _SAYS_NOTHING
    predicate = mint.key(key)[1:-1]
    if not ENDS_IN_NAME.search(predicate):
        predicate += "_"  # an accent set apart may end a name in XML, but no predicate of the mapping
    lines = [
        f"[mapping.keys.{header}]",
        f"names = [{', '.join(map(quoted, names))}]",
        _comment(_AS_NOW[spoken]),
        f"thing = [{quoted(predicate)}]",
        f"value = {quoted(_kind(shapes))}",
    ]
    for guess in _GUESSES:
        if shapes and shapes <= guess.shapes:
            lines.append(_comment(_PERHAPS[spoken].format(values=guess.words[spoken])))
            lines.append(_comment(f'thing = ["{guess.predicate}"]\nvalue = "{guess.kind}"'))
    return "\n".join(lines) + "\n"


def _kind(shapes: set[str]) -> str:
    """Return the kind that publishes values as they are published under a key that no rule knows."""
    if shapes & _LINKED:
        return "text-or-entity"
    return "auto"
