"""The whole of `herbier check`: what has changed is read, mapped and judged; the rest is known from the last time."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from functools import partial
from typing import NamedTuple

from herbier.build import (
    Built,
    Progress,
    Vault,
    name_notes,
    read_notes,
    shared_triples,
    silent,
    summarize,
    without_accepted,
)
from herbier.cache import Cache, Known, Stamps, digest, open_cache, stamps
from herbier.checking.beyond import OF_NO_NOTE, Beyond, Sayer, beyond_of
from herbier.checking.desk import CheckDesk, ToCheck
from herbier.checking.outcome import Outcome, as_texts, of_texts
from herbier.checking.recheck import affected, as_text, changed_names, of_text
from herbier.checking.whole import judge_whole
from herbier.desk import ToRead, Work, owner
from herbier.desks import Desks, without_collection
from herbier.formats import FORMATS, Triple
from herbier.ledger.match import Past
from herbier.links import Index
from herbier.mapping.classes import Classes
from herbier.mapping.shared import Gathered, shared_problems
from herbier.mapping.state import Context
from herbier.problems import HerbierError, Problem, words
from herbier.shapes import Finding, Shapes
from herbier.survey import WORTH_A_CACHE, Survey, by_file, survey
from herbier.terms import shown

_CHUNK = 50  # notes
_OF_TODAY = frozenset({"future-date"})  # the codes of what may not be wrong any more tomorrow
Files = dict[ToRead, Known]


class _Kept(NamedTuple):
    """What is known from the last time: of files as they are, and as they were."""

    known: Files
    before: Files
    vault: str  # the vault as a whole


def check(vault: Vault, shapes: Shapes, language: str = "en", progress: Progress = silent) -> Built:
    """Return all that is wrong in a vault, what its shapes say in a language; nothing but a cache is written."""
    with _cache(vault, shapes, language) as cache:
        return _Check(vault, shapes, language, progress).run(cache)


@contextmanager
def _cache(vault: Vault, shapes: Shapes, language: str) -> Iterator[Cache | None]:
    """Open the cache of a large vault; what was found with other shapes, rules or language is forgotten."""
    if len(vault.to_read) < WORTH_A_CACHE:
        yield None
        return
    with open_cache(vault) as cache:
        if cache:
            texts = map(_unnamed, (shapes.text, shapes.text_of_whole))
            cache.meet(digest(shapes.rules, shapes.engine, *texts, language, vault.rules, vault.included.said))
        yield cache


class Noted(NamedTuple):
    """What is wrong in a note; `alone` tells that what other notes say of it was not looked at."""

    problems: list[Problem]
    alone: bool = False


def check_note(vault: Vault, shapes: Shapes, path: str, language: str = "en", progress: Progress = silent) -> Noted:
    """Return what a check of the whole vault tells of one note; HerbierError where the vault has no such note.

    Other notes say things of it, too, and close circles with it. To look at all of a large vault takes long where it
    was not checked before: then the note is checked alone.
    """
    with _cache(vault, shapes, language) as cache:
        if len(vault.to_read) < WORTH_A_CACHE or (cache and cache.part("vault")):
            built = _Check(vault, shapes, language, progress).run(cache)
            found = [problem for problem in built.problems if problem.path == shown(path)]
            if not found and path not in {file.path for file in vault.to_read}:
                raise HerbierError(words("{path!r} is no note of the vault", path=shown(path)))
            return Noted(found)
    surveyed = survey(vault, progress)
    problems = {*surveyed.problems_of(path), *_judged_alone(surveyed, shapes, path, language)}
    told, _ = without_accepted(problems, surveyed.index.cards, vault.settings)
    return Noted([problem for problem in told if problem.path == shown(path)], alone=True)


def _judged_alone(surveyed: Survey, shapes: Shapes, path: str, language: str) -> list[Problem]:
    """Return what the shapes say of a note by itself, with what included files say of it."""
    vault, index = surveyed.vault, surveyed.index
    number = next((n for n, card in enumerate(index.cards) if card.path == path and index.slugs[n]), None)
    if number is None or index.cards[number].private or number in index.merged:
        return []
    work = Work(vault.root, vault.settings, vault.rules, FORMATS["nquads"], vault.names)
    desk = CheckDesk(work, shapes, language)
    desk.settle(index, {})
    notes = [ToCheck(number, path)]
    desk.map(0, notes)
    said = {
        triple: Sayer(file, OF_NO_NOTE)
        for triple, file in vault.included.said.items()
        if owner(triple[0], vault.mint.base) == index.slugs[number]
    }
    (judged,) = desk.judge(0, notes, {number: said}, Beyond(frozenset()))
    return judged


class _Check:
    """One run: the notes, what is known of them, and what comes of them."""

    def __init__(self, vault: Vault, shapes: Shapes, language: str, progress: Progress) -> None:
        self.vault = vault
        self.shapes = shapes
        self.language = language
        self.progress = progress
        self.outcomes: dict[int, Outcome] = {}  # by the number of the note's card
        self.fresh: dict[int, Outcome] = {}  # those that were made in this run
        self.names: dict[int, str] = {}  # of the fresh ones: what each calls others by, a line each
        self.included: dict[str, list[Triple]] = defaultdict(list)  # what files say, by the slug of what it is about
        for triple in vault.included.said:
            self.included[owner(triple[0], vault.mint.base)].append(triple)
        self.kept_names: Callable[[], dict[int, str]] = dict

    def run(self, cache: Cache | None) -> Built:
        """Check a vault, with what is known of it."""
        with without_collection():
            files = self.vault.to_read
            if cache is None:
                return self._run(files, _Kept({}, {}, ""), None, {})
            now = stamps(self.vault.root, files)
            return self._run(files, _Kept(*cache.known(now), cache.part("vault")), cache, now)

    def _run(self, files: Sequence[ToRead], kept: _Kept, cache: Cache | None, now: Stamps) -> Built:
        vault = self.vault
        unknown = [file for file in files if file not in kept.known]
        make = partial(CheckDesk, shapes=self.shapes, language=self.language)
        work = Work(vault.root, vault.settings, vault.rules, FORMATS["nquads"], vault.names, None,
                    vault.ledger is not None)  # fmt: skip
        with Desks.open(work, unknown, make=make) as desks:
            problems: list[Problem] = []
            cards, _, unread = read_notes(desks, problems, self.progress)
            known = {**kept.known, **by_file(unknown, cards, unread, problems)}
            cards = [card for file in files if (card := known[file].card)]
            listed = {file.path: known[file].reason for file in files if known[file].card is None}
            index, past, clashes = name_notes(vault, cards, listed)
            context = Context(vault.rules, index, Classes(index, vault.rules), vault.mint)
            desks.settle(index, {})
            public = {card.path: n for n, card in enumerate(index.cards) if index.slugs[n] and not card.private}
            if cache:
                self._recall(kept.known, public, cache)
            wanted = set(public.values()) - self.outcomes.keys()
            wanted |= {n for n, one in self.outcomes.items() if any(p.code in _OF_TODAY for p in one.judged)}
            wanted |= self._affected(kept, unknown, index, set(public.values()))
            beyond = self._check(desks, wanted, index, kept, public, past)
        gathered = self._gathered()
        problems = [*vault.problems, *self.shapes.problems, *clashes, *shared_problems(gathered)]
        problems += [problem for file in files for problem in known[file].problems]
        problems += [problem for outcome in self.outcomes.values() for problem in (*outcome.told, *outcome.judged)]
        edges = [edge for number in sorted(self.outcomes) for edge in self.outcomes[number].shared.edges]
        graphs = shared_triples(vault, gathered, past)
        circles = self._circles([*edges, *vault.included.said], cache)
        names = {owner(circle.focus, vault.mint.base) for circle in circles}
        said = self._said(lambda name: name in names or name not in index.by_slug, index)
        problems += judge_whole(vault, self.shapes, context, graphs, circles, said, beyond, self.language)
        if cache:
            self._keep(cache, now, known, unknown, index, public)
        merged = {path: words("merged into {slug}", slug=name) for path, name in past.merged.items()}
        told, accepted = without_accepted(problems, cards, vault.settings)
        return Built(told, summarize(vault, cards, {**listed, **merged}, gathered), None, accepted)

    # --- what is known --------------------------------------------------------------------------------------------

    def _recall(self, known: Files, public: Mapping[str, int], cache: Cache) -> None:
        found = {
            public[file.path]: note.outcome for file, note in known.items() if note.outcome and file.path in public
        }
        with suppress(ValueError, TypeError):
            self.outcomes = dict(zip(found, of_texts(list(found.values())), strict=True))
            self.kept_names = lambda: {
                public[file.path]: names for file, names in cache.names().items() if public.get(file.path) in found
            }

    def _affected(self, kept: _Kept, unknown: Sequence[ToRead], index: Index, public: set[int]) -> set[int]:
        """Return the notes that must be checked anew, although they have not changed."""
        before = of_text(kept.vault)
        old = {note.card.path: note.card for note in kept.before.values() if note.card}
        changed = None
        if before is not None:
            new = [file.path for file in unknown]
            changed = changed_names(before, old, new, index, self.vault.attachments, self.vault.hidden_files)
        return public if changed is None else set(affected(changed, self._names, index))

    def _names(self) -> dict[int, str]:
        return {**self.kept_names(), **self.names}

    # --- what is not ----------------------------------------------------------------------------------------------

    def _check(
        self, desks: Desks, wanted: set[int], index: Index, kept: _Kept, public: Mapping[str, int], past: Past
    ) -> Beyond:
        old = [*_outcomes(kept.before), *(self.outcomes[number] for number in wanted if number in self.outcomes)]
        concepts_before = _stub_concepts([*self.outcomes.values(), *old])
        chunks = self._chunks(desks, wanted, public)
        self._map(desks, chunks, len(wanted))
        concepts = _stub_concepts(self.outcomes.values())
        before, after = _said_of_others(old), _said_of_others(self.outcomes[number] for number in wanted)
        others = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        others |= self.included.keys()  # what these link to may be said of by now
        touched = {index.by_slug[name] for name in others if name in index.by_slug}
        touched |= self._told_elsewhere(index)
        touched |= set(affected(concepts_before ^ concepts, self._names, index))
        touched &= set(public.values())
        more = self._extra(len(desks.chunks) + len(chunks), touched - wanted, index)
        self._map(desks, more, 0)
        chunks |= more
        numbers = wanted | touched
        strangers = self._said({index.slugs[number] for number in numbers}.__contains__, index)
        said = {number: strangers[name] for number in numbers if (name := index.slugs[number]) in strangers}
        beyond = self._beyond(concepts, index, past)
        arguments = {
            number: (notes, {n: said[n] for n, _ in notes if n in said}, beyond) for number, notes in chunks.items()
        }
        for number, judged in zip(arguments, desks.in_turn("judge", arguments), strict=True):
            for note, problems in zip(chunks[number], judged, strict=True):
                outcome = self.outcomes[note.number]._replace(judged=tuple(problems))
                self.outcomes[note.number] = self.fresh[note.number] = outcome
        return beyond

    def _chunks(self, desks: Desks, wanted: set[int], public: Mapping[str, int]) -> dict[int, list[ToCheck]]:
        """Return the notes to check by chunk: those that lie on a desk as they lie there, then the others."""
        chunks: dict[int, list[ToCheck]] = {}
        left = set(wanted)
        for chunk, files in enumerate(desks.chunks):
            notes = [ToCheck(public[file.path], file.path) for file in files if public.get(file.path) in left]
            left -= {note.number for note in notes}
            chunks[chunk] = notes
        paths = {number: path for path, number in public.items()}
        rest = [ToCheck(number, paths[number]) for number in sorted(left)]
        for start in range(0, len(rest), _CHUNK):
            chunks[len(chunks)] = rest[start : start + _CHUNK]
        return chunks

    def _extra(self, first: int, numbers: set[int], index: Index) -> dict[int, list[ToCheck]]:
        notes = [ToCheck(number, index.cards[number].path) for number in sorted(numbers)]
        return {first + n: notes[start : start + _CHUNK] for n, start in enumerate(range(0, len(notes), _CHUNK))}

    def _map(self, desks: Desks, chunks: Mapping[int, Sequence[ToCheck]], total: int) -> None:
        done = 0
        arguments = {number: (notes,) for number, notes in chunks.items()}
        for number, outcomes in zip(chunks, desks.in_turn("map", arguments), strict=True):
            for note, outcome in zip(chunks[number], outcomes, strict=True):
                self.outcomes[note.number] = outcome
                self.names[note.number] = "\n".join(sorted(outcome.names))
            done += len(outcomes)
            if total:
                self.progress(words("checking"), done, total)

    def _circles(self, edges: Sequence[Triple], cache: Cache | None) -> list[Finding]:
        """Return the circles that the edges of all notes close; where these are as they were, so are the circles."""
        if cache is None:
            return self.shapes.validate_whole(edges)
        seen = digest(self.shapes.engine, _unnamed(self.shapes.text_of_whole), "\n".join(map(" ".join, sorted(edges))))
        with suppress(ValueError, TypeError):
            before, findings = json.loads(cache.part("circles"))
            if before == seen:
                return [Finding(*finding) for finding in findings]
        found = self.shapes.validate_whole(edges)
        cache.keep_part("circles", json.dumps([seen, found]))
        return found

    def _said(self, wanted: Callable[[str], bool], index: Index) -> dict[str, dict[Triple, Sayer]]:
        """Return what is said of the subjects of others, and by whom, by the slugs of the others that are wanted."""
        found: dict[str, dict[Triple, Sayer]] = defaultdict(dict)
        for number, outcome in sorted(self.outcomes.items()):
            for name, triples in outcome.shared.strangers.items():
                if wanted(name):
                    sayer, of_name = Sayer(index.cards[number].path, number), found[name]
                    for triple in triples:
                        of_name.setdefault(triple, sayer)
        for name in filter(wanted, self.included):
            for triple in self.included[name]:
                found[name].setdefault(triple, Sayer(self.vault.included.said[triple], OF_NO_NOTE))
        return found

    def _told_elsewhere(self, index: Index) -> set[int]:
        """Return the notes of which something is told at a line of another file, which may stand elsewhere by now."""
        return {
            number
            for number, outcome in self.outcomes.items()
            if any(problem.path != shown(index.cards[number].path) for problem in outcome.judged)
        }

    def _beyond(self, concepts: frozenset[str], index: Index, past: Past) -> Beyond:
        if not self.included:
            return Beyond(concepts)
        graphs = shared_triples(self.vault, self._gathered(), past)
        known = [triple for triples in graphs.values() for triple in triples]
        return beyond_of(self.vault.included.said, concepts, known, index.by_slug, self.vault.mint.base)

    def _gathered(self) -> Gathered:
        gathered = Gathered()
        for outcome in self.outcomes.values():
            gathered.add(outcome.shared)
        return gathered

    # --- for the next time ----------------------------------------------------------------------------------------

    def _keep(
        self, cache: Cache, now: Stamps, known: Files, unknown: Sequence[ToRead], index: Index,
        public: Mapping[str, int],
    ) -> None:  # fmt: skip
        notes: Files = {}
        for file in {*unknown, *(file for file in known if public.get(file.path) in self.fresh)}:
            number = public.get(file.path)
            outcome = self.outcomes.get(number) if number is not None else None
            notes[file] = known[file]._replace(outcome=as_texts(outcome) if outcome else ())
        if notes or len(now) != len(known):
            cache.keep(now, notes)
        cache.keep_part("vault", as_text(index, self.vault.attachments, self.vault.hidden_files))


def _outcomes(files: Files) -> list[Outcome]:
    with suppress(ValueError, TypeError):
        return of_texts([known.outcome for known in files.values() if known.outcome])
    return []


def _stub_concepts(outcomes: Iterable[Outcome]) -> frozenset[str]:
    return frozenset().union(*(outcome.shared.stub_concepts for outcome in outcomes))


def _said_of_others(outcomes: Iterable[Outcome], wanted: Set[str] | None = None) -> dict[str, set[Triple]]:
    """Return what notes say of the subjects of others, by the slug of the other; only of those wanted, if not None."""
    found: dict[str, set[Triple]] = defaultdict(set)
    for outcome in outcomes:
        strangers = outcome.shared.strangers
        if strangers and (wanted is None or not wanted.isdisjoint(strangers)):
            for name, triples in strangers.items():
                if wanted is None or name in wanted:
                    found[name].update(triples)
    return found


def _unnamed(shapes: str) -> list[str]:
    """Return the triples of shapes without the names of their blank nodes, which are others every time."""
    return sorted(_BLANK.sub("_:", line) for line in shapes.split("\n"))


_BLANK = re.compile(r"_:\w+")
