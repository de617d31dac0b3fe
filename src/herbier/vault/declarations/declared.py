"""What a vault declares for other programs, in one form; each of it with the file and the line that says so.

It counts below what `herbier.toml` says and above what Herbier knows by itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from herbier.config import LOCAL_BASE, Settings
from herbier.text import clean
from herbier.vault.patterns import is_pattern


class DeclaredPlace(NamedTuple):
    """Where something is declared."""

    file: str
    line: int


class DeclaredSetting(NamedTuple):
    """A setting such as the title: its value, and where it is declared."""

    value: str
    place: DeclaredPlace


class DeclaredType(NamedTuple):
    """What ties notes to a type: a folder, a regular expression for paths, or a tag.

    `names` are what the type may be called, the first that is known counts; `written` is how it is shown.
    """

    names: tuple[str, ...]
    place: DeclaredPlace
    folder: str = ""
    pattern: str = ""
    tag: str = ""
    sure: bool = False  # that a type is meant, and not a layout or a collection

    @property
    def written(self) -> str:
        """What ties notes to the type, as it is written."""
        return self.folder or self.tag or self.pattern


class DeclaredName(NamedTuple):
    """A name that a vault gives to a type: that of a narrower type, which Herbier need not know."""

    name: str
    of: str
    place: DeclaredPlace


class DeclaredField(NamedTuple):
    """What the values of a key are: of a kind, or notes of a folder by one of their names."""

    key: str
    place: DeclaredPlace
    kind: str
    by: tuple[str, ...] = ()
    folder: str = ""
    within: str = ""  # the folder whose notes it is limited to


class DeclaredRow(NamedTuple):
    """A row for a table of the mapping."""

    table: str
    name: str
    value: Mapping[str, Any]
    place: DeclaredPlace


class DeclaredPattern(NamedTuple):
    """A pattern, as git has them, for what a site leaves out; those of one file count together."""

    file: str
    pattern: str


class DeclaredAddress(NamedTuple):
    """A pattern for the addresses of the notes of a folder, in a generator's own terms."""

    folder: str
    pattern: str


class DeclaredIdentity(NamedTuple):
    """What the IRIs begin with that the notes of a folder have by another format."""

    folder: str
    base: str
    place: DeclaredPlace


class DeclaredDefaults(NamedTuple):
    """What is said of all notes of a folder, unless they say otherwise; `patterns` are git's for those notes."""

    folder: str
    values: Mapping[str, Any]
    place: DeclaredPlace
    patterns: tuple[str, ...] = ()


@dataclass(slots=True)
class Declared:
    """All that a vault declares.

    `template_folders` end in `/`; `files` are those that declare, and are no notes; `hidden` and `hidden_names` are for
    what the site leaves out.
    """

    settings: dict[str, DeclaredSetting] = field(default_factory=dict)
    languages: dict[str, DeclaredSetting] = field(default_factory=dict)  # by folder
    addresses: list[DeclaredAddress] = field(default_factory=list)
    identities: list[DeclaredIdentity] = field(default_factory=list)
    types: list[DeclaredType] = field(default_factory=list)
    names: list[DeclaredName] = field(default_factory=list)
    fields: list[DeclaredField] = field(default_factory=list)
    rows: list[DeclaredRow] = field(default_factory=list)
    formats: dict[str, DeclaredPlace] = field(default_factory=dict)  # that the vault is in: files of mapping/formats/
    defaults: list[DeclaredDefaults] = field(default_factory=list)
    hidden: list[DeclaredPattern] = field(default_factory=list)
    hidden_names: list[re.Pattern[str]] = field(default_factory=list)
    template_folders: set[str] = field(default_factory=set)
    template_notes: set[str] = field(default_factory=set)  # their paths
    of_folder: dict[str, str] = field(default_factory=dict)  # the templates that folders have, by the folder
    files: set[str] = field(default_factory=set)
    is_of_jekyll: bool = False

    @property
    def says_of_rules(self) -> bool:
        """Whether any of it makes rules other than those that Herbier ships."""
        said = (self.rows, self.types, self.names, self.fields, self.formats, self.addresses, self.identities)
        return any(said)

    def hidden_by_file(self) -> dict[str, list[str]]:
        """Return the patterns of what is left out, by the file that says so."""
        found: dict[str, list[str]] = {}
        for file, pattern in self.hidden:
            found.setdefault(file, []).append(pattern)
        return found

    def hide(self, file: str, pattern: str) -> None:
        """Take a pattern of git's for what is left out; one that is none is taken to the letter."""
        pattern = clean(pattern.strip())
        if pattern and is_pattern(pattern):
            self.hidden.append(DeclaredPattern(file, pattern))
        elif pattern:
            self.hidden.append(DeclaredPattern(file, f"/{literally(pattern)}"))

    def set(self, name: str, value: str, place: DeclaredPlace) -> None:
        """Take a setting, unless it has been declared already, or is empty."""
        if value and name not in self.settings:
            self.settings[name] = DeclaredSetting(value, place)


def beginning_with(path: str) -> tuple[str, ...]:
    """Return patterns of git's for all whose path begins so, as generators of sites compare paths."""
    start = literally(clean(path.strip("/ ")))
    return (f"/{start}*", f"/{start}*/**") if start else ("**",)


def literally(path: str) -> str:
    """Return a path as a pattern of git's that means it alone."""
    return re.sub(r"([*?\[\]!#\\ ])", r"\\\1", path)


def with_declared_settings(settings: Settings, declared: Declared, base: str | None) -> Settings:
    """Return settings with what is declared where they say nothing; `base` is that of the command line."""
    said = {name: one.value for name, one in declared.settings.items()}
    return replace(
        settings,
        title=settings.title or said.get("title", ""),
        language=settings.language or said.get("language", ""),
        base=said.get("base", settings.base) if base is None and settings.base == LOCAL_BASE else settings.base,
        languages={folder: one.value for folder, one in declared.languages.items()} | dict(settings.languages),
    )
