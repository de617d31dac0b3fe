"""Rows of the mapping as they are written: the one that made a triple, and the one that a key would need."""

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from herbier.config import FILE
from herbier.data_folders import data_folder
from herbier.inspect.explanation import Trace
from herbier.pipeline.opening import Vault
from herbier.rdf.terms import RDF_TYPE
from herbier.rules.rule_types import Alignment


class QuotedRow(NamedTuple):
    """A row as it stands in its file, from a line of it; `own` tells whether the vault itself has that file."""

    file: str
    line: int
    text: str
    own: bool


def row_of(trace: Trace, vault: Vault) -> QuotedRow | None:
    """Return the row that made a triple, None where no row did or it can be read no more."""
    if trace.rule_file == FILE:
        return _of_settings(vault.root / FILE, trace.rule_line)
    if not trace.rule_file or not trace.rule_line:
        return None
    name = trace.rule_file.rpartition("/")[2]
    if trace.rule_file.startswith("mapping/formats/"):
        ours = _lines(data_folder("mapping") / trace.rule_file.removeprefix("mapping/"))[trace.rule_line - 1 :]
        return QuotedRow(trace.rule_file, trace.rule_line, _whole_row(ours), False) if ours else None
    if trace.rule_file != f"mapping/{name}":  # what the vault declares for another program
        declared = _lines(vault.root / trace.rule_file)[trace.rule_line - 1 : trace.rule_line]
        return QuotedRow(trace.rule_file, trace.rule_line, declared[0], True) if declared else None
    theirs = _lines(vault.root / "mapping" / name)[trace.rule_line - 1 :]
    if theirs and _heads(theirs[0], trace.rule):
        return QuotedRow(trace.rule_file, trace.rule_line, _whole_row(theirs), True)
    ours = _lines(data_folder("mapping") / name)[trace.rule_line - 1 :]
    if not ours or not _heads(ours[0], trace.rule):
        return None  # a type with a prefix stands for itself
    return QuotedRow(trace.rule_file, trace.rule_line, _whole_row(ours), False)


def aligned_with(trace: Trace, vault: Vault) -> list[Alignment]:
    """Return what the class, the predicate or the identifier of a triple is in Wikidata, as far as that is known."""
    rules = vault.rules
    term = trace.object if trace.predicate == RDF_TYPE else trace.predicate
    made = (rule for found in rules.keys.values() for rule in found if rule.name == trace.rule and rule.scheme)
    scheme = next((rule.scheme for rule in made), "")
    return [row for row in rules.wikidata if term in row.terms or (scheme and row.scheme == scheme)]


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def _heads(line: str, name: str) -> bool:
    """Return whether a line begins the row of a name."""
    return re.match(rf"""\s*["']?{re.escape(name)}["']?\s*:""", line) is not None


def _whole_row(lines: Sequence[str]) -> str:
    """Return the row that the first line begins: it, and what is indented more."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    more = takewhile(lambda line: len(line) - len(line.lstrip()) > indent, lines[1:])
    return "\n".join(line[indent:].rstrip() for line in (lines[0], *more))


def _of_settings(file: Path, number: int) -> QuotedRow | None:
    """Return a row of herbier.toml that begins at a line: its table, or its line in the table of all."""
    lines = _lines(file)[number - 1 :] if number else []
    if not lines:
        return None
    below = takewhile(lambda row: not row.lstrip().startswith("["), lines[1:]) if lines[0].lstrip()[:1] == "[" else ()
    return QuotedRow(FILE, number, "\n".join([lines[0], *below]).strip(), True)
