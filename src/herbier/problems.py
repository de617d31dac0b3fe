"""What is wrong in a vault, told by file and line: the Problem, and the one table of codes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that a note keeper may want to mend.

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
        return asdict(self)

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
    "unreadable-file": Code("error", "The file could not be opened or read; nothing of it is published."),
    "file-too-large": Code("error", "The file is larger than the limit in herbier.toml."),
    "binary-file": Code("error", "The file is named like a note but holds no text."),
    "guessed-encoding": Code("warning", "The file is not UTF-8 and was read as Windows-1252."),
    "control-characters": Code("warning", "Characters that no data format may carry were removed."),
    "odd-file-name": Code("warning", "The file's name is not valid UTF-8."),
    # front matter
    "bare-sequence": Code("warning", "A list in the front matter stands under no key."),
    "repeated-key": Code("warning", "A key occurs more than once; all its values are kept."),
    "repaired-value": Code("warning", "A value is not valid in its format and was read as plain text."),
    "unclosed-front-matter": Code("warning", "The front matter opens but does not close."),
    "template-value": Code("warning", "A value is a template that was never filled in."),
    "empty-key": Code("warning", "A value stands under an empty key."),
    "front-matter-lost": Code("error", "A part of the front matter could not be read."),
    # body
    "unclosed-comment": Code("warning", "A %% comment does not end; the rest of the note is not published."),
    # links
    "dangling-link": Code("warning", "A link leads to no note of the vault."),
    "ambiguous-link": Code("warning", "A link fits several notes equally well."),
    "missing-heading": Code("warning", "A link names a heading or a block that its note does not have."),
    "unlinked-reference": Code("warning", "A relation names in plain words something that is no note."),
    "unpublished-attachment": Code("warning", "A file is linked to but never embedded, so it is not published."),
    # mapping
    "unknown-key": Code("warning", "No rule knows the key; it is published under an IRI of the vault's own."),
    "unknown-type": Code("warning", "No rule knows the type."),
    "bad-value": Code("warning", "A value is not of the kind its key asks for; it is kept as text."),
    "slug-collision": Code("warning", "Two notes would have had the same IRI."),
    # the ledger
    "ledger-conflict": Code("warning", "Lines of the ledger contradict each other; all of them are honoured."),
    "bad-ledger": Code("error", "A line of the ledger cannot be read; it is kept as it stands."),
    "ledger-unwritten": Code("error", "The ledger could not be written, so new addresses may not last."),
    "repeated-id": Code("warning", "Two notes have the same id, which then tells nothing."),
    "merged-note": Code("error", "A note whose address leads to another is still there; it is not published."),
    # settings
    "default-base": Code("warning", "No base IRI is set, so the IRIs hold on this machine only."),
    "bad-setting": Code("error", "A setting in herbier.toml cannot be used."),
    "unknown-setting": Code("warning", "A setting in herbier.toml is not known."),
    "bad-mapping": Code("error", "A mapping file, or one of its rows, cannot be used."),
    "bad-include": Code("error", "An RDF file that herbier.toml includes could not be read whole."),
    "lost-in-format": Code("error", "The output format cannot express a triple."),
}


def problem(code: str, path: str, line: int, column: int, message: str, hint: str = "") -> Problem:
    """Return a Problem whose severity is the one of its code; KeyError for a code that is not in the table."""
    return Problem(path, line, column, CODES[code].severity, code, message, hint)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether anything was lost."""
    return any(p.severity == "error" for p in problems)


class HerbierError(Exception):
    """A fault that leaves nothing to do: no such vault, an output that cannot be written, an unknown format."""
