"""What a vault declares for other programs, in one form; each of it with the file and the line that says so.

It counts below what `herbier.toml` says and above what Herbier knows by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from herbier.config import LOCAL_BASE, Settings


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
    """What is said of all notes of a folder, unless they say otherwise."""

    folder: str
    values: Mapping[str, Any]
    place: DeclaredPlace


@dataclass(slots=True)
class Declared:
    """All that a vault declares.

    `template_folders` end in `/`; `files` are those that declare, and are no notes; `hidden` are patterns of gitignore
    for what the site leaves out.
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
    hidden: list[str] = field(default_factory=list)
    template_folders: set[str] = field(default_factory=set)
    template_stems: set[str] = field(default_factory=set)  # of notes that are templates
    of_folder: dict[str, str] = field(default_factory=dict)  # the templates that folders have, by the folder
    files: set[str] = field(default_factory=set)

    def set(self, name: str, value: str, place: DeclaredPlace) -> None:
        """Take a setting, unless it has been declared already, or is empty."""
        if value and name not in self.settings:
            self.settings[name] = DeclaredSetting(value, place)


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
