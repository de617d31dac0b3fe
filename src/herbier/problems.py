"""Problems: what is wrong in a vault, by file and line, and the one table of codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from herbier.messages import Message, packed, unpacked

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that a note keeper may want to fix.

    `path` is relative to the vault; `line` and `column` count from 1, and 0 means the file as a whole.
    """

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""

    def as_json(self) -> dict[str, str | int]:
        """Return the fields as a plain mapping."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path or "herbier"
        hint = f"\n    {self.hint}" if self.hint else ""
        return f"{place}: {self.severity}: {self.message} [{self.code}]{hint}"


class Code(NamedTuple):
    """What a problem code means, and how grave it is: something lost is an error, the rest are warnings."""

    severity: Severity
    meaning: str


CODES: dict[str, Code] = {
    # files
    "unreadable-file": Code("error", Message("The file could not be opened or read; nothing of it is published.")),
    "file-too-large": Code("error", Message("The file is larger than the limit in herbier.toml.")),
    "binary-file": Code("error", Message("The file is named like a note but holds no text.")),
    "guessed-encoding": Code("warning", Message("The file is not UTF-8 and was read as Windows-1252.")),
    "control-characters": Code("warning", Message("Characters that no data format may carry were removed.")),
    "odd-file-name": Code("warning", Message("The file's name is not valid UTF-8.")),
    # front matter
    "bare-sequence": Code("warning", Message("A list in the front matter stands under no key.")),
    "repeated-key": Code("warning", Message("A key occurs more than once; all its values are kept.")),
    "repaired-value": Code("warning", Message("A value is not valid in its format and was read as plain text.")),
    "commented-value": Code(
        "warning", Message("What stands behind a # is a comment to YAML, and may be meant as text.")
    ),
    "unclosed-front-matter": Code("warning", Message("The front matter opens but does not close.")),
    "template-value": Code("warning", Message("A value is a template that was never filled in.")),
    "empty-key": Code("warning", Message("A value stands under an empty key.")),
    "front-matter-lost": Code("error", Message("A part of the front matter could not be read.")),
    "unread-front-matter": Code("error", Message("Lines at the start look like front matter and could not be read.")),
    "odd-front-matter": Code("warning", Message("The front matter is not fenced as it should be; it was read.")),
    "kept-back": Code("warning", Message("A word that may be one of privacy keeps the note back.")),
    # body
    "unclosed-comment": Code("warning", Message("A %% comment does not end; the rest of the note is not published.")),
    "field-of-note": Code("warning", Message("An inline field stands below a heading, but is said of the note.")),
    # links
    "dangling-link": Code("warning", Message("A link leads to no note of the vault.")),
    "ambiguous-link": Code("warning", Message("A link fits several notes equally well.")),
    "missing-heading": Code("warning", Message("A link names a heading or a block that its note does not have.")),
    "unlinked-reference": Code("warning", Message("A relation names in plain words something that is no note.")),
    "unpublished-attachment": Code(
        "warning", Message("A file is linked to but never embedded, so it is not published.")
    ),
    "unknown-citation": Code("warning", Message("A note cites a work that no bibliography of the vault describes.")),
    # mapping
    "unknown-key": Code("warning", Message("No rule knows the key; it is published under an IRI of the vault's own.")),
    "other-type": Code("warning", Message("A key is not said of things of this type; its value is kept.")),
    "unknown-type": Code("warning", Message("No rule knows the type.")),
    "bad-value": Code("warning", Message("A value is not of the kind its key asks for; it is kept as text.")),
    "lost-value": Code("error", Message("A value cannot be published in any form.")),
    "slug-collision": Code("warning", Message("Two notes would have had the same IRI.")),
    "shared-item": Code("warning", Message("Two notes say that their things are the same item of Wikidata.")),
    # the ledger
    "ledger-conflict": Code("warning", Message("Lines of the ledger contradict each other; all of them are honoured.")),
    "bad-ledger": Code("error", Message("A line of the ledger cannot be read; it is kept as it stands.")),
    "ledger-unwritten": Code("error", Message("The ledger could not be written, so new addresses may not last.")),
    "repeated-id": Code("warning", Message("Two notes have the same id, which then tells nothing.")),
    "merged-note": Code("error", Message("A note whose address leads to another is still there; it is not published.")),
    # profiles
    "wikidata-readiness": Code("info", Message("What a note still lacks to be matched with an item of Wikidata.")),
    # settings
    "default-base": Code("warning", Message("No base IRI is set, so the IRIs hold on this machine only.")),
    "bad-setting": Code("error", Message("A setting in herbier.toml cannot be used.")),
    "unknown-setting": Code("warning", Message("A setting in herbier.toml is not known.")),
    "bad-mapping": Code("error", Message("A mapping file, or one of its rows, cannot be used.")),
    "bad-include": Code("error", Message("An RDF file that herbier.toml includes could not be read whole.")),
    "bad-shape": Code("error", Message("A file of shapes, or one of its shapes, cannot be used.")),
    "lost-in-format": Code("error", Message("The output format cannot express a triple.")),
}


def problem(code: str, path: str, line: int, column: int, message: str, hint: str = "") -> Problem:
    """Return a Problem whose severity is the one of its code; KeyError for a code that is not in the table."""
    return Problem(path, line, column, CODES[code].severity, code, message, hint)


def as_row(of: Problem) -> list[Any]:
    """Return a problem as a list that JSON can hold, with what its words are made of."""
    return [of.path, of.line, of.column, of.severity, of.code, packed(of.message), packed(of.hint)]


def of_row(row: Sequence[Any]) -> Problem:
    """Return the problem that `as_row` made a list of; ValueError or TypeError where it is none."""
    path, line, column, severity, code, message, hint = row
    return Problem(path, line, column, severity, code, unpacked(message), unpacked(hint))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether anything was lost."""
    return any(p.severity == "error" for p in problems)


class HerbierError(Exception):
    """A fault that leaves nothing to do: no such vault, an output that cannot be written, an unknown format."""
