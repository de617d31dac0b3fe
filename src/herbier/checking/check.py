"""The whole of `herbier check`: what has changed is read, mapped and judged; the rest is known from the last time."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from herbier.checking.affected import VaultNames, affected, changed_names, retyped
from herbier.checking.cached import CachedOutcomes, Files
from herbier.checking.check_worker import CheckWorker, ToCheck
from herbier.checking.other_notes import OF_NO_NOTE, OtherNotes, Sayer, other_notes_of
from herbier.checking.outcome import Outcome, as_texts, mark_of
from herbier.checking.whole_vault import judge_whole
from herbier.index.resolution import Index
from herbier.ledger.matching import History
from herbier.mapping.classes import Classes
from herbier.mapping.context import MappingContext
from herbier.mapping.vault_totals import shared_problems
from herbier.messages import Message
from herbier.pipeline.build import Built, count_files, shared_triples, without_accepted
from herbier.pipeline.cache import Cache, OutdatedError, Stamps, open_cache, stamps
from herbier.pipeline.fingerprint import digest_of
from herbier.pipeline.naming import name_notes, read_notes
from herbier.pipeline.opening import Vault
from herbier.pipeline.parallel import WorkerPool, without_gc
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.snapshot import WORTH_A_CACHE, Snapshot, by_file, read_snapshot
from herbier.pipeline.worker import NoteFile, WorkerSetup
from herbier.problems import HerbierError, Problem
from herbier.rdf.formats import FORMATS
from herbier.rdf.iris import owner
from herbier.rdf.terms import Triple
from herbier.rules.schema_org import THING
from herbier.shapes import EDGES, Finding, Shapes
from herbier.text import shown

_CHUNK = 50  # notes
_OF_TODAY = frozenset({"future-date"})  # the codes of what may not be wrong any more tomorrow


class _Kept(NamedTuple):
    """The cached results: of files as they are, and as they were."""

    known: Files
    before: Files
    names: VaultNames | None  # of the vault as it was


def check(vault: Vault, shapes: Shapes, language: str = "en", progress: Progress = silent) -> Built:
    """Return all that is wrong in a vault, what its shapes say in a language; nothing but a cache is written."""
    with _cache(vault, shapes, language) as cache:
        return _checked(vault, shapes, language, progress, cache)


def _checked(vault: Vault, shapes: Shapes, language: str, progress: Progress, cache: Cache | None) -> Built:
    with without_gc():
        files = vault.to_read
        now = stamps(vault.root, files) if cache else {}
        if cache:
            known, before = cache.known(now)
            kept = _Kept(known, before, VaultNames.of_text(cache.parts.get("vault", "")))
            with suppress(OutdatedError):
                return _Check(vault, shapes, language, progress, cache).run(files, now, kept)
        return _Check(vault, shapes, language, progress, cache).run(files, now, _Kept({}, {}, None))


@contextmanager
def _cache(vault: Vault, shapes: Shapes, language: str) -> Iterator[Cache | None]:
    """Open the cache of a large vault; what was found with other shapes, rules or language is forgotten."""
    if len(vault.to_read) < WORTH_A_CACHE:
        yield None
        return
    with open_cache(vault) as cache:
        if cache:
            texts = (shapes.text, shapes.text_of_whole)
            cache.meet(digest_of(shapes.rules, shapes.engine, texts, language, vault.rules, vault.included.said))
        yield cache


class NoteProblems(NamedTuple):
    """The problems of a note; `alone` tells that what other notes say of it was not looked at."""

    problems: list[Problem]
    alone: bool = False


def check_note(
    vault: Vault, shapes: Shapes, path: str, language: str = "en", progress: Progress = silent
) -> NoteProblems:
    """Return what a check of the whole vault tells of one note; HerbierError where the vault has no such note.

    Other notes say things of it, too, and close circles with it. To look at all of a large vault takes long where it
    was not checked before: then the note is checked alone.
    """
    with _cache(vault, shapes, language) as cache:
        if len(vault.to_read) < WORTH_A_CACHE or (cache and cache.is_checked()):
            built = _checked(vault, shapes, language, progress, cache)
            found = [problem for problem in built.problems if problem.path == shown(path)]
            if not found and path not in {file.path for file in vault.to_read}:
                raise HerbierError(Message("{path!r} is no note of the vault", path=shown(path)))
            return NoteProblems(found)
    snapshot = read_snapshot(vault, progress)
    problems = {*snapshot.problems_of(path), *_judged_alone(snapshot, shapes, path, language)}
    told, _ = without_accepted(problems, snapshot.index.summaries, vault.settings)
    return NoteProblems([problem for problem in told if problem.path == shown(path)], alone=True)


def _judged_alone(snapshot: Snapshot, shapes: Shapes, path: str, language: str) -> list[Problem]:
    """Return what the shapes say of a note by itself, with what included files say of it."""
    vault, index = snapshot.vault, snapshot.index
    number = next((n for n, summary in enumerate(index.summaries) if summary.path == path and index.slugs[n]), None)
    if number is None or index.summaries[number].private or number in index.merged:
        return []
    work = WorkerSetup(vault.root, vault.settings, vault.rules, FORMATS["nquads"], vault.names)
    worker = CheckWorker(work, shapes, language)
    worker.set_index(index, {})
    notes = [ToCheck(number, path)]
    worker.map(0, notes)
    said = {
        triple: Sayer(file, OF_NO_NOTE)
        for triple, file in vault.included.said.items()
        if owner(triple[0], vault.mint.base) == index.slugs[number]
    }
    (judged,) = worker.judge(0, notes, {number: said}, OtherNotes(frozenset()))
    return judged


class _Check:
    """One run: the notes, what is known of them, and what comes of them."""

    def __init__(self, vault: Vault, shapes: Shapes, language: str, progress: Progress, cache: Cache | None) -> None:
        self.vault = vault
        self.shapes = shapes
        self.language = language
        self.progress = progress
        self.cache = cache
        self.cached = CachedOutcomes(None, {}, {}, {})
        self.fresh: dict[int, Outcome] = {}  # what was found in this run, by the number of the note's summary
        self.names: dict[int, str] = {}  # what each of these calls others by, a line each
        self.included: dict[str, list[Triple]] = defaultdict(list)  # what files say, by the slug of what it is about
        for triple in vault.included.said:
            self.included[owner(triple[0], vault.mint.base)].append(triple)

    def run(self, files: Sequence[NoteFile], now: Stamps, kept: _Kept) -> Built:
        """Check the files of a vault, with what is known of it."""
        vault = self.vault
        unknown = [file for file in files if file not in kept.known]
        make = partial(CheckWorker, shapes=self.shapes, language=self.language)
        work = WorkerSetup(vault.root, vault.settings, vault.rules, FORMATS["nquads"], vault.names, None,
                    vault.ledger is not None)  # fmt: skip
        with WorkerPool.open(work, unknown, make=make) as pool:
            problems: list[Problem] = []
            summaries, _, unread = read_notes(pool, problems, self.progress)
            known = {**kept.known, **by_file(unknown, summaries, unread, problems)}
            summaries = [summary for file in files if (summary := known[file].summary)]
            listed = {file.path: known[file].reason for file in files if known[file].summary is None}
            index, history, clashes = name_notes(vault, summaries, listed)
            context = MappingContext(vault.rules, index, Classes(index, vault.rules), vault.mint)
            pool.set_index(index, {})
            public = {
                summary.path: n for n, summary in enumerate(index.summaries) if index.slugs[n] and not summary.private
            }
            self.cached = CachedOutcomes(self.cache, kept.known, kept.before, public)
            wanted = set(public.values()) - self.cached.files.keys()
            told = self.cached.problems.items()
            wanted |= {n for n, (_, judged) in told if any(p.code in _OF_TODAY for p in judged)}
            names = VaultNames.of(index, vault.attachments, vault.hidden_files, context.classes)
            wanted |= self._affected(kept, names, unknown, index, set(public.values()))
            other_notes = self._check(pool, wanted, index, public, history)
        totals = self.cached.sums.totals()
        problems = [*vault.problems, *self.shapes.problems, *clashes, *shared_problems(totals)]
        problems += [problem for file in files for problem in known[file].problems]
        problems += [problem for both in self.cached.problems.values() for problem in chain(*both)]
        problems += [problem for outcome in self.fresh.values() for problem in (*outcome.told, *outcome.judged)]
        graphs = shared_triples(vault, totals, history, index)
        circles, seen = self._circles()
        round_about = {owner(circle.focus, vault.mint.base) for circle in circles}
        said = self._said(round_about | (self._others() - index.by_slug.keys()), index)
        problems += judge_whole(vault, self.shapes, context, graphs, circles, said, other_notes, self.language)
        if self.cache:
            whole = self.cache.parts["vault"] if names == kept.names else names.as_text()
            parts = {"vault": whole, "circles": json.dumps([seen, circles]), "sums": self.cached.sums.as_text()}
            self._keep(self.cache, now, known, unknown, public, parts)
        merged = {path: Message("merged into {slug}", slug=name) for path, name in history.merged.items()}
        told_to_all, accepted = without_accepted(problems, summaries, vault.settings)
        counts = count_files(vault, summaries, {**listed, **merged}, totals)
        typed = sum(context.classes.terms(number) != THING for number in public.values())
        return Built(told_to_all, counts, None, accepted, totals.understood._replace(things=len(public), typed=typed))

    # --- what is known --------------------------------------------------------------------------------------------

    def _affected(
        self, kept: _Kept, names: VaultNames, unknown: Sequence[NoteFile], index: Index, public: set[int]
    ) -> set[int]:
        """Return the notes that must be checked anew, although they have not changed."""
        if kept.names is None:
            return public
        old = {note.summary.path: note.summary for note in kept.before.values() if note.summary}
        changed = changed_names(kept.names, names, old, [file.path for file in unknown], index)
        if changed is None:
            return public
        others = retyped(kept.names, names)
        own = {number for number, summary in enumerate(index.summaries) if summary.path in others} if others else set()
        return {*affected(changed, self._names, index), *(own & public)}

    def _names(self) -> dict[int, str]:
        return {**self.cached.names(), **self.names}

    # --- what is not ----------------------------------------------------------------------------------------------

    def _check(
        self, pool: WorkerPool, wanted: set[int], index: Index, public: Mapping[str, int], history: History
    ) -> OtherNotes:
        cached = self.cached
        cached.drop(wanted)
        chunks = self._chunks(pool, wanted, public)
        self._map(pool, chunks, len(wanted))
        concepts = frozenset(cached.sums.stub_concepts)
        before, after = _said_of_others(cached.dropped), _said_of_others(self.fresh.values())
        others = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        others |= self.included.keys()  # what these link to may be said of by now
        touched = {index.by_slug[name] for name in others if name in index.by_slug}
        touched |= self._reported_elsewhere(index)
        touched |= set(affected(cached.concepts ^ concepts, self._names, index))
        touched &= set(public.values())
        cached.drop(touched)
        more = self._extra(len(pool.chunks) + len(chunks), touched - wanted, index)
        self._map(pool, more, 0)
        chunks |= more
        numbers = wanted | touched
        foreign_triples = self._said({index.slugs[number] for number in numbers}, index)
        said = {number: foreign_triples[name] for number in numbers if (name := index.slugs[number]) in foreign_triples}
        other_notes = self._beyond(concepts, index, history)
        arguments = {
            number: (notes, {n: said[n] for n, _ in notes if n in said}, other_notes)
            for number, notes in chunks.items()
        }
        for number, judged in zip(arguments, pool.in_turn("judge", arguments), strict=True):
            for note, problems in zip(chunks[number], judged, strict=True):
                self.fresh[note.number] = self.fresh[note.number]._replace(judged=tuple(problems))
        return other_notes

    def _chunks(self, pool: WorkerPool, wanted: set[int], public: Mapping[str, int]) -> dict[int, list[ToCheck]]:
        """Return the notes to check by chunk: those that lie on a worker as they lie there, then the others."""
        chunks: dict[int, list[ToCheck]] = {}
        left = set(wanted)
        for chunk, files in enumerate(pool.chunks):
            notes = [ToCheck(public[file.path], file.path) for file in files if public.get(file.path) in left]
            left -= {note.number for note in notes}
            chunks[chunk] = notes
        paths = {number: path for path, number in public.items() if number in left}
        rest = [ToCheck(number, paths[number]) for number in sorted(left)]
        for start in range(0, len(rest), _CHUNK):
            chunks[len(chunks)] = rest[start : start + _CHUNK]
        return chunks

    def _extra(self, first: int, numbers: set[int], index: Index) -> dict[int, list[ToCheck]]:
        notes = [ToCheck(number, index.summaries[number].path) for number in sorted(numbers)]
        return {first + n: notes[start : start + _CHUNK] for n, start in enumerate(range(0, len(notes), _CHUNK))}

    def _map(self, pool: WorkerPool, chunks: Mapping[int, Sequence[ToCheck]], total: int) -> None:
        done = 0
        arguments = {number: (notes,) for number, notes in chunks.items()}
        for number, outcomes in zip(chunks, pool.in_turn("map", arguments), strict=True):
            for note, outcome in zip(chunks[number], outcomes, strict=True):
                self.fresh[note.number] = outcome
                self.names[note.number] = "\n".join(sorted(outcome.names))
                self.cached.sums.add(outcome.shared)
            done += len(outcomes)
            if total:
                self.progress(Message("checking"), done, total)

    def _circles(self) -> tuple[list[Finding], str]:
        """Return the circles that the edges of all notes close, and a digest of these; they are as these were."""
        of_files = sorted(triple for triple in self.vault.included.said if triple[1] in EDGES)
        own = [edge for outcome in self.fresh.values() for edge in outcome.shared.edges]
        marks = sorted(
            [*self.cached.marks.values(), *filter(None, (mark_of(o.shared.edges) for o in self.fresh.values()))]
        )
        seen = digest_of(self.shapes.engine, self.shapes.text_of_whole, marks, of_files)
        with suppress(ValueError, TypeError, KeyError):
            before, findings = json.loads(self.cache.parts["circles"] if self.cache else "")
            if before == seen:
                return [Finding(*finding) for finding in findings], seen
        return self.shapes.validate_whole([*self.cached.edges(), *own, *of_files]), seen

    def _others(self) -> set[str]:
        """Return the slugs of the subjects of which another than their own note may say something."""
        fresh = {name for outcome in self.fresh.values() for name in outcome.shared.foreign_triples}
        return self.cached.others() | fresh | self.included.keys()

    def _said(self, names: Set[str], index: Index) -> dict[str, dict[Triple, Sayer]]:
        """Return what is said of the subjects of others, and by whom, by the slugs of the others that are wanted."""
        rows = list(self.cached.said(names))
        for number, outcome in self.fresh.items():
            rows += [
                (number, name, triples) for name, triples in outcome.shared.foreign_triples.items() if name in names
            ]
        found: dict[str, dict[Triple, Sayer]] = defaultdict(dict)
        for number, name, triples in sorted(rows, key=itemgetter(0)):
            sayer, of_name = Sayer(index.summaries[number].path, number), found[name]
            for triple in triples:
                of_name.setdefault(triple, sayer)
        for name in names & self.included.keys():
            for triple in self.included[name]:
                found[name].setdefault(triple, Sayer(self.vault.included.said[triple], OF_NO_NOTE))
        return found

    def _reported_elsewhere(self, index: Index) -> set[int]:
        """Return the notes with a problem at a line of another file, which may be elsewhere by now."""
        return {
            number
            for number, (_, judged) in self.cached.problems.items()
            if any(problem.path != shown(index.summaries[number].path) for problem in judged)
        }

    def _beyond(self, concepts: frozenset[str], index: Index, history: History) -> OtherNotes:
        if not self.included:
            return OtherNotes(concepts)
        graphs = shared_triples(self.vault, self.cached.sums.totals(), history, index)
        known = [triple for triples in graphs.values() for triple in triples]
        return other_notes_of(self.vault.included.said, concepts, known, index.by_slug, self.vault.mint.base)

    # --- for the next time ----------------------------------------------------------------------------------------

    def _keep(
        self, cache: Cache, now: Stamps, known: Files, unknown: Sequence[NoteFile], public: Mapping[str, int],
        parts: Mapping[str, str],
    ) -> None:  # fmt: skip
        files = {number: file for file in known if (number := public.get(file.path)) in self.fresh}
        outcomes = {files[number]: as_texts(outcome) for number, outcome in self.fresh.items()}
        if not self.cached.files:
            cache.keep_all(now, known, outcomes, parts)
            return
        changed = {file: known[file] for file in {*unknown, *outcomes, *(f for f in self.cached.gone if f in known)}}
        if changed or cache.there != now.keys() or any(cache.parts.get(part) != value for part, value in parts.items()):
            cache.keep_changed(now, changed, outcomes, parts)


def _said_of_others(outcomes: Iterable[Outcome]) -> dict[str, set[Triple]]:
    """Return what notes say of the subjects of others, by the slug of the other."""
    found: dict[str, set[Triple]] = defaultdict(set)
    for outcome in outcomes:
        for name, triples in outcome.shared.foreign_triples.items():
            found[name].update(triples)
    return found
