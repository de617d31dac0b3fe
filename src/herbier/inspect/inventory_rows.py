"""The inventory of a vault: a row for each key, type, relation, language and tag."""

from dataclasses import asdict, dataclass
from typing import Any

from herbier.mapping.vault_totals import Understood


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule and the number of notes in which it reads a key; `file` is "" for a key that stands for itself."""

    name: str
    file: str
    line: int
    notes: int


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key as it is written most often; `within` is the key whose values hold it, "" for a note's own.

    `unknown` is the number of notes in which no rule knows it, `near` the known key that may be meant there. `shapes`
    counts values by what they look like; `list` among them counts the places where several stand.
    """

    key: str
    within: str
    spellings: tuple[str, ...]
    notes: int
    values: int
    rules: tuple[RuleUse, ...]
    unknown: int
    near: str
    shapes: dict[str, int]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeUse:
    """A type as it is written most often, its rule and the classes that it gives; `rule` is "" where none knows it."""

    type: str
    notes: int
    rule: str
    file: str
    line: int
    classes: tuple[str, ...]
    near: str


@dataclass(frozen=True, slots=True)
class RelationUse:
    """A relation, and how many of its links lead to a note, to one not written, to a web address, and to nothing."""

    relation: str
    links: int
    notes: int
    stubs: int
    addresses: int
    nothing: int


@dataclass(frozen=True, slots=True)
class LanguageUse:
    """A language, and how it is known: `stated`, by `folder`, from the `settings` or `guessed`; "" is not known."""

    language: str
    known: str
    notes: int


@dataclass(frozen=True, slots=True)
class Count:
    """A name as it is written most often, and how often it is used."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class LinkUse:
    """Where the links of bodies and values lead; `ambiguous` ones are among those to notes.

    `wanted` are the notes not written, the most wanted first.
    """

    notes: int
    ambiguous: int
    attachments: int
    dangling: int
    lost_files: int
    wanted: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """The inventory of the published notes of a vault. `untyped` is the number of notes that state no type."""

    notes: int
    keys: tuple[KeyUse, ...]
    types: tuple[TypeUse, ...]
    untyped: int
    relations: tuple[RelationUse, ...]
    languages: tuple[LanguageUse, ...]
    links: LinkUse
    tags: tuple[Count, ...]
    understood: Understood
    declared: dict[str, str]  # the settings that files of other tools give, each with the file and the line

    @property
    def unknown_keys(self) -> tuple[KeyUse, ...]:
        """The keys that no rule knows."""
        return tuple(key for key in self.keys if key.unknown)

    @property
    def unknown_types(self) -> tuple[TypeUse, ...]:
        """The types that no rule knows."""
        return tuple(found for found in self.types if not found.rule)

    def as_json(self) -> dict[str, Any]:
        """Return the inventory as plain data."""
        return {**asdict(self), "understood": self.understood._asdict()}
