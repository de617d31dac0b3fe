"""Which entry of the ledger each note is: by its id, by its content, by its path, and by what git knows of renames."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from herbier.ledger.encryption import sealed_slug
from herbier.ledger.ledger_file import (
    GONE,
    LIVE,
    MERGED,
    WITHDRAWN,
    Ledger,
    LedgerEntry,
    decrypted,
    encrypted,
    followed,
)
from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.slugs import slug
from herbier.text import normal, shown
from herbier.vault.summary import NoteSummary

Renames = Callable[[Sequence[str], Sequence[str]], Mapping[str, str]]  # (vanished, appeared) to {new: old}


@dataclass(frozen=True, slots=True)
class History:
    """The history of a vault: the slugs that its notes were given before. Without a ledger it is empty.

    `slugs` and `titles` (the former ones) are by the path of a note; `merged` are the files of notes merged into
    others, `leads` the slugs that lead to another. `rest` are the entries of no note that is public now.
    """

    slugs: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    rest: tuple[LedgerEntry, ...] = ()
    unread: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def is_taken(self, name: str) -> bool:
        """Return whether a slug is, or was, another note's."""
        return bool(self.taken) and (name in self.taken or sealed_slug(name) in self.taken)


NO_HISTORY = History()


def match_history(
    ledger: Ledger, summaries: Sequence[NoteSummary], unread: Collection[str], renames: Renames
) -> History:
    """Return what the notes of a vault were given before; `unread` are files that are there but could not be read."""
    matcher = _Matcher(ledger, summaries, unread)
    matcher.find(renames)
    return matcher.history()


def next_ledger(history: History, summaries: Sequence[NoteSummary], slugs: Sequence[str]) -> Ledger:
    """Return the ledger as it is to be from now on."""
    holders: dict[str, NoteSummary] = {}
    for summary in sorted(summaries, key=lambda summary: summary.path):
        if summary.id and not summary.private:
            holders.setdefault(summary.id, summary)
    entries = list(history.rest)
    for summary, name in zip(summaries, slugs, strict=True):
        if name and not summary.private:
            titles = dict.fromkeys([summary.title, *history.titles.get(summary.path, ())])
            id_ = summary.id if holders.get(summary.id) is summary else ""
            entries.append(LedgerEntry(name, LIVE, summary.path, id_, summary.content, tuple(titles)))
    return Ledger(tuple(sorted(entries)), history.unread)


class _Matcher:
    """Brings entries and summaries together, the surest way first."""

    def __init__(self, ledger: Ledger, summaries: Sequence[NoteSummary], unread: Collection[str]) -> None:
        self.ledger = ledger
        live = {entry.slug for entry in ledger.entries if entry.state == LIVE}
        shut = {sealed_slug(name) for name in live}
        self.waiting = [entry for entry in ledger.entries if entry.path in unread and entry.state == LIVE]
        waiting = set(self.waiting)
        self.entries = {
            number: entry
            for number, entry in enumerate(ledger.entries)
            if entry not in waiting and entry.slug not in shut
        }
        self.summaries = dict(enumerate(summaries))
        self.all_summaries = summaries
        self.found: list[tuple[LedgerEntry, NoteSummary]] = []
        self.merged: list[tuple[LedgerEntry, NoteSummary]] = []
        self.leads = {entry.slug: entry.target for entry in ledger.entries if entry.state == MERGED}
        self.shut: dict[str, str] = {}  # what stands for a slug that was withdrawn, and the handle of its note
        self.named: dict[str, str] = {}  # the slugs that are to be sealed, and by what handle
        self.problems: list[Problem] = []

    def find(self, renames: Renames) -> None:
        """Find the entry of every summary that has one."""
        self._report_repeated_ids()
        self._join(MERGED, lambda e: (e.path, e.content), lambda c: (c.path, c.content), self.merged)
        self._join(MERGED, lambda e: e.path, lambda c: c.path, self.merged)
        for state in (LIVE, GONE):
            self._join(state, lambda e: e.id and (e.id, e.path), lambda c: c.id and (c.id, c.path))
            self._join(state, lambda e: e.id, lambda c: c.id)
        self._open()
        self._join(LIVE, lambda e: (e.path, e.content), lambda c: (c.path, c.content))
        # content before path: where a renamed note has left its name to a new one, the address goes with the text
        self._join(LIVE, lambda e: (_stem(e.path), e.content), lambda c: (_stem(c.path), c.content))
        self._join(LIVE, lambda e: e.content, lambda c: c.content)
        self._join(LIVE, lambda e: e.path, lambda c: c.path)
        self._join(LIVE, lambda e: normal(e.path), lambda c: normal(c.path))
        self._join(LIVE, lambda e: _body(e) and (_stem(e.path), _body(e)), lambda c: (_stem(c.path), _body(c)))
        self._join(LIVE, _body, _body)
        self._ask(renames)
        self._join(GONE, lambda e: (e.path, e.content), lambda c: (c.path, c.content))
        self._join(GONE, lambda e: _body(e) and (e.path, _body(e)), lambda c: (c.path, _body(c)))
        self._seal_by_name()

    def _join(
        self,
        state: str,
        of_entry: Callable[[LedgerEntry], Hashable],
        of_summary: Callable[[NoteSummary], Hashable],
        found: list[tuple[LedgerEntry, NoteSummary]] | None = None,
    ) -> None:
        """Pair the entries and the summaries that have the same key, where only one of each has it."""
        entries = _alone((number, of_entry(entry)) for number, entry in self.entries.items() if entry.state == state)
        if not entries:
            return
        summaries = _alone((number, of_summary(summary)) for number, summary in self.summaries.items())
        for key in entries.keys() & summaries.keys():
            self._pair(entries[key], summaries[key], self.found if found is None else found)

    def _pair(self, entry: int, summary: int, found: list[tuple[LedgerEntry, NoteSummary]]) -> None:
        ids = {self.entries[entry].id, self.summaries[summary].id} - {""}
        if len(ids) < 2 or (self.entries[entry].content == self.summaries[summary].content):
            found.append((self.entries.pop(entry), self.summaries.pop(summary)))

    def _open(self) -> None:
        """Find the notes that were public once, and are again."""
        sealed_entries: dict[str, list[int]] = defaultdict(list)
        for number, entry in self.entries.items():
            if entry.state == WITHDRAWN:
                sealed_entries[entry.content].append(number)
        if not sealed_entries:
            return
        for number, summary in list(self.summaries.items()):
            for handle in filter(None, (summary.id and f"id:{summary.id}", summary.path)):
                places = [place for place in sealed_entries.get(sealed_slug(handle), ()) if place in self.entries]
                if not places:
                    continue
                if summary.private:
                    del self.summaries[number]  # it has its line
                    self.shut |= {self.entries[place].slug: handle for place in places}
                else:
                    self._reopen(number, handle, places)
                break

    def _reopen(self, number: int, handle: str, places: Sequence[int]) -> None:
        """Take up again the entries of a note that was private."""
        summary = self.summaries[number]
        for place in places:
            before = decrypted(self.entries[place], handle)
            if before is None:
                continue
            self.entries[place] = before
            if before.state == MERGED:
                self.leads[before.slug] = before.target
            pairs = self.merged if before.state == MERGED else self.found
            if number in self.summaries and (before.state != MERGED or before.path == summary.path):
                pairs.append((self.entries.pop(place), self.summaries.pop(number)))

    def _seal_by_name(self) -> None:
        """Take a note that vanished, and is called what a private note is, for that note: its name must not stay."""
        handles = {
            slug(name): _handle(summary)
            for summary in self.all_summaries
            if summary.private
            for name in private_names(summary)
        }
        for entry in self.entries.values() if handles else ():
            if entry.state in (LIVE, GONE):
                names = (entry.slug, _stem(entry.path).rpartition(".")[0], *entry.titles)
                handle = next(filter(None, (handles.get(slug(name)) for name in names)), "")
                if handle:
                    self.named[entry.slug] = handle

    def _ask(self, renames: Renames) -> None:
        vanished = {entry.path: number for number, entry in self.entries.items() if entry.state == LIVE}
        appeared = {summary.path: number for number, summary in self.summaries.items()}
        if vanished and appeared:
            for new, old in sorted(renames(sorted(vanished), sorted(appeared)).items()):
                self._pair(vanished[old], appeared[new], self.found)

    def _report_repeated_ids(self) -> None:
        """Report ids that several notes have: such an id tells nothing."""
        first: dict[str, NoteSummary] = {}
        for summary in sorted(self.all_summaries, key=lambda summary: summary.path):
            if not summary.id or summary.private:
                continue
            other = first.setdefault(summary.id, summary)
            if other is not summary:
                message = Message("the id {id!r} is that of {path!r}, too", id=summary.id, path=shown(other.path))
                hint = Message("give each note an id of its own")
                self.problems.append(problem("repeated-id", shown(summary.path), 1, 1, message, hint))

    def history(self) -> History:
        """Return what was found."""
        slugs: dict[str, str] = {}
        titles: dict[str, tuple[str, ...]] = {}
        rest: list[LedgerEntry] = list(self.waiting)
        given = {entry.slug for entry in self.ledger.entries}
        leads = dict(self.leads)
        used: set[str] = set()
        for entry, summary in sorted(self.found, key=lambda pair: (pair[1].private, pair[1].path)):
            if entry.slug in used:
                continue  # two lines for one slug: the second note is given another
            used.add(entry.slug)
            if summary.private:
                self.shut[sealed_slug(entry.slug)] = _handle(summary)
                rest.append(encrypted(entry, _handle(summary)))
                continue
            name, titles[summary.path] = entry.slug, entry.titles
            wish = summary.stated_slug  # what a note says itself counts, and the slug before leads to it
            if wish and wish != name:
                if wish in given and leads.get(wish) != name:
                    message = Message(
                        "the slug {wish!r} is, or was, that of another note; this note keeps {slug!r}",
                        wish=wish,
                        slug=name,
                    )
                    self.problems.append(problem("slug-collision", shown(summary.path), 1, 1, message))
                else:
                    leads.pop(wish, None)
                    leads[name] = wish
                    rest.append(LedgerEntry(name, MERGED, target=wish))
                    given.add(wish)
                    used.add(wish)
                    name = wish
            slugs[summary.path] = name
        self._shut_leads()
        for entry in self.entries.values():
            if entry.slug in used:
                continue
            if handle := self.named.get(entry.slug):
                leads.pop(entry.slug, None)
                rest.append(encrypted(entry, handle))
                continue
            state = GONE if entry.state == LIVE else entry.state
            rest.append(LedgerEntry(entry.slug, state, "" if state == MERGED else entry.path, entry.id, entry.content,
                              entry.titles, entry.target, entry.sealed))  # fmt: skip
        public = set(slugs.values())
        merged: dict[str, str] = {}
        for entry, summary in self.merged:
            target = followed(leads, entry.slug)
            if handle := _handle(summary) if summary.private else self.named.get(entry.slug, ""):
                leads.pop(entry.slug, None)
                rest.append(encrypted(entry, handle))
            elif target in public:
                merged[summary.path] = target
                message = Message("this note was merged into {slug!r}, so its text is not published", slug=target)
                hint = Message("take over what is worth keeping, and remove the file")
                self.problems.append(problem("merged-note", shown(summary.path), 0, 0, message, hint))
                rest.append(entry)
            else:
                rest.append(LedgerEntry(entry.slug, MERGED, target=entry.target))
        firsts = {row.split(maxsplit=1)[0] for row in self.ledger.unread if row.strip()}
        taken = {entry.slug for entry in rest} | firsts
        whole = {name: target for name in leads if (target := followed(leads, name))}
        return History(slugs, titles, merged, whole, frozenset(taken), tuple(sorted(set(rest))), self.ledger.unread,
                    tuple(self.problems))  # fmt: skip

    def _shut_leads(self) -> None:
        """Mark for sealing the slugs that lead to a note that is private now: their lines name it."""
        self.shut |= {e.slug: "" for e in self.entries.values() if e.state == WITHDRAWN and e.slug not in self.shut}
        self.shut |= {sealed_slug(entry.slug): _handle(summary) for entry, summary in self.merged if summary.private}
        for name in self.leads:
            seen, step = {name}, name
            while (step := self.leads.get(step, "")) and step not in seen:
                seen.add(step)
                if (handle := self.shut.get(sealed_slug(step))) is not None:
                    self.named[name] = handle or name
                    break


def private_names(summary: NoteSummary) -> list[str]:
    """Return what a private note is called: its slug, its file, its title and its aliases that are no links."""
    return [
        summary.preferred_slug,
        _stem(summary.path).rpartition(".")[0],
        *(n for n in (summary.title, *summary.aliases) if "[" not in n),
    ]


def _handle(summary: NoteSummary) -> str:
    """Return what opens the sealed line of a note."""
    return f"id:{summary.id}" if summary.id else summary.path


def _alone(keys: Iterable[tuple[int, Hashable]]) -> dict[Hashable, int]:
    """Return the number that each key has, of the keys that say something and that only one has."""
    found = list(keys)
    counts = Counter(key for _, key in found)
    return {key: number for number, key in found if key and counts[key] == 1}


def _stem(path: str) -> str:
    return path.rpartition("/")[2]


def _body(of: LedgerEntry | NoteSummary) -> str:
    """Return the fingerprint of a note's text alone, "" where that is too short to tell notes apart."""
    return of.content.partition(".")[2]
