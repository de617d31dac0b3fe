"""A note fixed: all fixes at once where that leaves the graph as it is, else one by one; until nothing changes."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from herbier.fix.fixes import FIXES, Fix, Version
from herbier.fix.source import Edit, decoded, read_source, split_lines, without_tail
from herbier.fix.verify import NoteMeaning, Reader, objection
from herbier.messages import Message
from herbier.pipeline.snapshot import Snapshot
from herbier.problems import CODES, HerbierError, Problem, problem
from herbier.text import shown
from herbier.vault.files import read_bytes

_MOST_ROUNDS = 20
_CODES = frozenset(row.code for row in FIXES if row.code)
_Refused = dict[tuple[int, str], tuple[str, str]]  # by line and code: what it is, and why it stays
_NO_WAY = Message("there is no sure way to fix it")


class Unfixed(NamedTuple):
    """A place that stays as it is: its line in the fixed note and before, from 1, what it is, and why."""

    line: int
    line_before: int
    what: str
    why: str


class FixedNote(NamedTuple):
    """A note before and after, byte for byte; the two are the same where nothing could be fixed."""

    path: str
    before: bytes
    after: bytes
    left: tuple[Unfixed, ...]


def fix_notes(snapshot: Snapshot, paths: list[str] | None) -> Iterator[FixedNote | Problem]:
    """Yield the notes at `paths`, all of the vault for None, fixed; a Problem for one that could not be read.

    Raises HerbierError for a path that is no note of the vault.
    """
    vault = snapshot.vault
    ignored = {row.path: row.ignored for row in vault.to_read}
    numbers = {summary.path: number for number, summary in enumerate(snapshot.index.summaries)}
    strange = [path for path in paths or () if path not in ignored]
    if strange:
        path, root = shown(strange[0]), shown(str(vault.root))
        raise HerbierError(Message("{path!r} is no note of the vault {root!r}", path=path, root=root))
    for path in ignored if paths is None else paths:
        data = read_bytes(vault.root, path, vault.settings.file_size)
        if isinstance(data, Problem):
            yield data
        elif path in numbers:
            yield fix_note(Reader(snapshot, path, numbers[path], ignored[path]), data)
        else:
            told = (found for found in snapshot.problems if found.path == shown(path) and found.severity == "error")
            yield next(told, problem("unreadable-file", shown(path), 0, 0, Message("the file has changed meanwhile")))


def fix_note(reader: Reader, data: bytes) -> FixedNote:
    """Return a note fixed as far as that leaves what it says as it is."""
    version = _version(reader, data)
    if version is None:
        return FixedNote(reader.path, data, data, ())
    proof = _Proof(reader, data)
    left: _Refused = {}
    for _ in range(_MOST_ROUNDS if not version.page.locked else 0):
        fixed = _all(version)
        left = {}
        if fixed.page == version.page:
            break
        if proof.objection(fixed):
            fixed, left = _singly(version, proof)
            if fixed.page == version.page:
                break
        version = fixed
    why = version.page.locked or _NO_WAY
    found = {(p.line, p.code): (CODES[p.code].meaning, why) for p in version.front.problems if p.code in _CODES}
    after = data if version.page.locked else version.page.data
    return FixedNote(reader.path, data, after, tuple(_lefts({**found, **left}, data, after)))


def _lefts(left: _Refused, before: bytes, after: bytes) -> Iterator[Unfixed]:
    if not left:
        return
    old, new = without_tail(*(split_lines(decoded(data)[0]) for data in (before, after)))
    places: dict[int, int] = {}
    for _, low, high, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        places |= {number: min(low + number - start, max(high - 1, low)) for number in range(start, stop)}
    for (line, _), (what, why) in sorted(left.items()):
        yield Unfixed(line, places.get(line - 1, line - 1) + 1, what, why)


def _version(reader: Reader, data: bytes) -> Version | None:
    read = read_source(shown(reader.path), data)
    return Version(*read, reader) if read else None


def _edited(version: Version, edits: Iterable[Edit]) -> Version | None:
    """Return a version after edits of which no two change a line; None where it would have no front matter left."""
    return _version(version.reader, version.page.edited(edits).data)


def _found(row: Fix, version: Version) -> list[Edit]:
    """Return the edits of a fix, without those that change lines of one before them."""
    taken: set[int] = set()
    apart = []
    for edit in row.find(version):
        if taken.isdisjoint(edit.changes):
            taken |= edit.changes.keys()
            apart.append(edit)
    return apart


def _all(version: Version) -> Version:
    for row in FIXES:
        version = _edited(version, _found(row, version)) or version
    return version


class _Proof:
    """Compares versions with the note as it was, which is read once, when the first is compared."""

    def __init__(self, reader: Reader, data: bytes) -> None:
        self.reader = reader
        self.data = data
        self.before: NoteMeaning | None = None

    def objection(self, version: Version | None) -> str:
        """Return what speaks against a version, "" where nothing does."""
        self.before = self.before or self.reader.read(self.data)
        after = version.read() if version else None
        return objection(self.before, after) if self.before else Message("the note cannot be read")


def _singly(version: Version, proof: _Proof) -> tuple[Version, _Refused]:
    """Make as many fixes as the proof lets pass; return those that it refuses, which halving finds soon."""
    refused: _Refused = {}
    for row in FIXES:
        accepted: list[Edit] = []
        found = _found(row, version)
        waiting = [found] if found else []
        while waiting:
            group = waiting.pop()
            why = proof.objection(_edited(version, [*accepted, *group]))
            if not why:
                accepted += group
            elif len(group) == 1:
                line = group[0].line + version.page.first + 1
                refused[line, row.code] = (
                    Message("{place} could not be {done}", place=group[0].what, done=row.what),
                    why,
                )
            else:
                half = len(group) // 2
                waiting += [group[half:], group[:half]]
        version = _edited(version, accepted) or version
    return version, refused
