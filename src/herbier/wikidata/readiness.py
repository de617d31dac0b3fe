"""How ready the notes are to be matched with Wikidata: what each lacks, worst first, and how many lack what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from herbier.messages import Message
from herbier.problems import CODES, Problem

# The codes of the shapes of shapes/profiles/wikidata.ttl, and what is to be reported of each.
LACKS: Mapping[str, Message] = {
    "lacks-label": Message("a title in a known language"),
    "lacks-type": Message("a type"),
    "lacks-description": Message("a description"),
    "lacks-clue": Message("a date, a place or an identifier"),
}
_CODE = "wikidata-readiness"


class NoteReadiness(NamedTuple):
    """A note that lacks something: the codes, in the order of `LACKS`."""

    path: str
    lacks: tuple[str, ...]


class Readiness(NamedTuple):
    """The notes that lack something, worst first, how many lack what, and how many notes there are."""

    rows: Sequence[NoteReadiness]
    totals: Mapping[str, int]
    notes: int


def readiness(problems: Iterable[Problem], notes: int) -> Readiness:
    """Return what the notes lack, by what `check --profile wikidata` finds."""
    found: dict[str, set[str]] = defaultdict(set)
    for problem in problems:
        if problem.code in LACKS:
            found[problem.path].add(problem.code)
    rows = [NoteReadiness(path, tuple(code for code in LACKS if code in codes)) for path, codes in found.items()]
    counted = Counter(code for row in rows for code in row.lacks)
    rows.sort(key=lambda row: (-len(row.lacks), row.path))
    return Readiness(rows, {code: counted[code] for code in LACKS}, notes)


def lacks_text(codes: Sequence[str]) -> Message:
    """Return what codes say is lacking, with commas between; there is at least one."""
    text = LACKS[codes[0]]
    for code in codes[1:]:
        text = Message("{some}, {more}", some=text, more=LACKS[code])
    return text


def summed(of: Readiness) -> Message:
    """Return the totals as one line."""
    ready = Message(
        "{notes:,} notes, of which {ready:,} lack nothing", notes=of.notes, ready=max(of.notes - len(of.rows), 0)
    )
    for code, count in of.totals.items():
        if count:
            ready = Message("{some}; {count:,} lack {what}", some=ready, count=count, what=LACKS[code])
    return ready


def as_problems(of: Readiness) -> list[Problem]:
    """Return the table as problems, for programs: one a note, worst first, then the totals under no path."""
    severity = CODES[_CODE].severity
    told = [
        Problem(row.path, 1, 1, severity, _CODE, Message("lacks {what}", what=lacks_text(row.lacks))) for row in of.rows
    ]
    return [*told, Problem("", 0, 0, severity, _CODE, summed(of))] if told else []
