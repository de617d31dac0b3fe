"""The names of a vault without its triples: what it takes to look at a single note as a build would."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from herbier.index.reading import judge_note
from herbier.index.resolution import Index
from herbier.ledger.ledger_file import Ledger
from herbier.ledger.matching import next_ledger
from herbier.mapping.classes import Classes
from herbier.mapping.context import MappedNote, MappingContext
from herbier.mapping.mapper import map_note
from herbier.messages import Message
from herbier.pipeline.cache import open_cache, stamps
from herbier.pipeline.cache_records import CachedNote
from herbier.pipeline.naming import name_notes, read_cards
from herbier.pipeline.opening import Vault
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.worker import NoteFile
from herbier.problems import HerbierError, Problem
from herbier.text import clean, shown
from herbier.vault.ignored import IGNORE_FILE
from herbier.vault.note import Note, read_note
from herbier.vault.patterns import path_patterns
from herbier.vault.summary import NoteSummary

WORTH_A_CACHE = 200  # notes; fewer are read as fast


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A vault whose notes are all known by name; `problems` are those of reading them, and of names that clash."""

    vault: Vault
    context: MappingContext
    problems: tuple[Problem, ...]
    ledger: Ledger | None = None  # as the next build will write it

    @property
    def index(self) -> Index:
        """The index: what the notes are called, and where links lead."""
        return self.context.index

    def number_of(self, path: str) -> int:
        """Return the number of a note's summary by its path in the vault; HerbierError where it is not published."""
        number = next((number for number, summary in enumerate(self.index.summaries) if summary.path == path), None)
        if number is None:
            reason = next((p.message for p in self.problems if p.path == shown(path) and p.severity == "error"), None)
            raise HerbierError(_no_note(path, reason or ""))
        if self.index.summaries[number].private:
            why = self._why_private(path)
            raise HerbierError(
                Message("{path!r} is private: nothing of it is published; {why}", path=shown(path), why=why)
            )
        return number

    def _why_private(self, path: str) -> str:
        """Return what keeps a note back, for its keeper."""
        listed = clean(path)
        for file, patterns in self.vault.declared.hidden_by_file().items():
            if path_patterns(patterns).match_file(listed):
                return Message("{file} leaves it out", file=file.partition(" ")[0])
        if path in self.vault.listing.private:
            return Message("a file such as {file} or .gitignore lists it", file=IGNORE_FILE)
        note = self.read(path)
        _, verdict = judge_note(note, self.vault.rules, self.vault.settings)
        if verdict.why:
            return verdict.why
        if self.vault.settings.publish == "marked" and not verdict.marked:
            return Message("only notes that say publish: true are published")
        return Message("the page of its folder says so of all below it")

    def read(self, path: str) -> Note:
        """Read a note of the vault; HerbierError where that is not possible."""
        note = read_note(self.vault.root, path, self.vault.settings.file_size)
        if isinstance(note, Problem):
            raise HerbierError(str(note))
        return note

    def problems_of(self, path: str) -> list[Problem]:
        """Return what is wrong in the note at a path, as a build would tell it; HerbierError where there is none."""
        found = {problem for problem in self.problems if problem.path == shown(path)}
        number = next((number for number, summary in enumerate(self.index.summaries) if summary.path == path), None)
        if number is None and not found:
            raise HerbierError(_no_note(path))
        if number is not None and not self.index.summaries[number].private and number not in self.index.merged:
            found.update(self.map(self.read(path), number).problems)
        return sorted(found)

    def map(self, note: Note, number: int) -> MappedNote:
        """Return what a note says, as in a build; `number` is that of its summary."""
        return map_note(note, number, self.context)


def _no_note(path: str, reason: str = "") -> str:
    told = Message("{path!r} is no note of the vault", path=shown(path))
    return Message("{told}: {why}", told=told, why=reason) if reason else told


def read_snapshot(vault: Vault, progress: Progress = silent) -> Snapshot:
    """Read a vault as far as the names of its notes; those that have not changed since the last time are known."""
    summaries: list[NoteSummary] = []
    listed: dict[str, str] = {}
    problems: list[Problem] = list(vault.problems)
    for file, known in _known(vault, progress):
        problems += known.problems
        if known.summary:
            summaries.append(known.summary)
        else:
            listed[file.path] = known.reason
    index, history, clashes = name_notes(vault, summaries, listed)
    context = MappingContext(vault.rules, index, Classes(index, vault.rules), vault.mint)
    ledger = next_ledger(history, index.summaries, index.slugs) if vault.ledger is not None else None
    return Snapshot(vault, context, (*problems, *clashes), ledger)


def _known(vault: Vault, progress: Progress) -> Iterator[tuple[NoteFile, CachedNote]]:
    """Return what there is to know of each note, in order, from the cache as far as it goes."""
    files = vault.to_read
    if len(files) < WORTH_A_CACHE:
        known = _read(vault, files, progress)
    else:
        now = stamps(vault.root, files)
        with open_cache(vault) as cache:
            known = cache.read(now) if cache else {}
            read = _read(vault, [file for file in files if file not in known], progress)
            known |= read
            if cache and read:
                cache.keep_read(now, read)
    return ((file, known[file]) for file in files)


def _read(vault: Vault, files: Sequence[NoteFile], progress: Progress) -> dict[NoteFile, CachedNote]:
    if not files:
        return {}
    return by_file(files, *read_cards(vault, files, progress))


def by_file(
    files: Sequence[NoteFile], summaries: Sequence[NoteSummary], listed: Mapping[str, str], problems: Sequence[Problem]
) -> dict[NoteFile, CachedNote]:
    """Return what was read, by file."""
    by_path = {summary.path: summary for summary in summaries}
    told: dict[str, list[Problem]] = defaultdict(list)
    for found in problems:
        told[found.path].append(found)
    return {
        file: CachedNote(by_path.get(file.path), listed.get(file.path, ""), tuple(told[shown(file.path)]))
        for file in files
    }
