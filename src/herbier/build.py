"""The pipeline: files to notes, notes to cards, cards to the index, notes and index to triples, triples to a file.

It reads as prose in `build`; the shares of the notes are worked on by desks, in this process or in several.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from herbier.bibliography import read_bibliography
from herbier.cards import Card
from herbier.config import LEDGER, Settings, load_settings
from herbier.desk import Pressed, ToRead, Work, owner
from herbier.desks import Desks, by_chunk, without_collection
from herbier.formats import FORMATS, Format, Names, Triple, unwritable
from herbier.include import Included, read_included
from herbier.ledger.lines import Ledger, read_ledger, write_ledger
from herbier.ledger.match import NO_PAST, Past, recall, renew
from herbier.ledger.renames import renames
from herbier.links import Index, build_index
from herbier.mapping.rules import KeyRule, Rules
from herbier.mapping.shared import Gathered, shared_graphs, shared_problems
from herbier.mapping.tables import load_rules
from herbier.output import PartFile
from herbier.problems import HerbierError, Problem, problem, words
from herbier.terms import Mint, Term, clean, shown
from herbier.vault.files import NOT_A_NOTE, Listing, check_folder, is_note, list_files


@dataclass(frozen=True, slots=True)
class Vault:
    """A vault that is open: its settings, its rules and the list of its files."""

    root: Path
    settings: Settings
    rules: Rules
    listing: Listing
    included: Included
    problems: tuple[Problem, ...]
    ledger: Ledger | None = None

    @property
    def mint(self) -> Mint:
        """What makes the IRIs of the vault."""
        return Mint(self.settings.base)

    @property
    def names(self) -> Names:
        """How files of the vault shorten IRIs."""
        return Names(self.settings.base, self.rules.prefixes, iri_valued(self.rules))

    @property
    def to_read(self) -> list[ToRead]:
        """The notes; those that are kept back among them, since what is said of them must be known to be left out."""
        hidden = [ToRead(path, True) for path in self.listing.private if is_note(path)]
        return [*(ToRead(path, False) for path in self.listing.notes), *hidden]

    @property
    def attachments(self) -> list[str]:
        """The files that a note may embed."""
        return [path for path, why in self.listing.others.items() if why == NOT_A_NOTE]

    @property
    def hidden_files(self) -> list[str]:
        """The files that .herbierignore lists and that are no notes."""
        return [path for path in self.listing.private if not is_note(path)]


def iri_valued(rules: Rules) -> frozenset[Term]:
    """Return the predicates whose values are always IRIs, for the JSON-LD context."""
    model = rules.model
    rows = (
        model.subject_of,
        model.about,
        model.dataset,
        model.part,
        model.mention,
        model.reference,
        model.subject,
        model.attachment,
    )
    terms = {term for row in rows for term in row.terms}
    for rule in rules.relations.values():
        terms.update(rule.thing, rule.concept, rule.note)
    others = [rule for found in rules.keys.values() for rule in found if not rule.relation]
    terms |= {t for rule in others if _leads(rule, rules) for t in rule.thing + rule.note + rule.concept}
    mixed = {t for rule in others if not _leads(rule, rules) for t in rule.thing + rule.note}
    return frozenset(terms - mixed)


def _leads(rule: KeyRule, rules: Rules) -> bool:
    """Tell whether the values of a key are always IRIs."""
    if rule.kind == "identifier":
        return bool(rules.schemes[rule.scheme].addresses)
    return rule.kind in ("entity", "address", "wikidata", "same")


class Summary(NamedTuple):
    """What became of every file: `files` is the sum of the other three."""

    files: int
    published: int
    private: int
    listed: dict[str, str]
    notes: int = 0  # of those that are published


class Built(NamedTuple):
    """What a build reports beside what it wrote."""

    problems: list[Problem]
    summary: Summary
    ledger: Ledger | None = None  # as it is to be from now on
    accepted: int = 0  # problems that the note keeper accepts


_OF_JEKYLL = ("_config.yml", "_config.yaml", "_config.toml")


def open_vault(root: Path, base: str | None = None) -> Vault:
    """Open a vault; HerbierError where there is none."""
    check_folder(root)
    settings, problems = load_settings(root, base)
    listing = list_files(root, settings)
    rules = load_rules(root, settings)
    if any(path in _OF_JEKYLL for path in listing.others):
        rules = replace(rules, blanks_part_tags=True)
    works, of_works = read_bibliography(root, settings.bibliography, listing.private)
    rules = replace(rules, bibliography=works)
    hidden = {clean(path) for path in listing.private}
    paths = [os.path.normpath(path) for path in settings.include]
    included = read_included(
        root, [path for path in paths if clean(path) not in hidden], Mint(settings.base), listing.private
    )
    ledger = read_ledger(root)
    found = (
        *problems,
        *rules.problems,
        *listing.problems,
        *of_works,
        *included.problems,
        *(ledger.problems if ledger else ()),
    )
    return Vault(root, settings, rules, listing, included, found, ledger)


Progress = Callable[[str, int, int], None]  # what is being done, how many notes are done, of how many


def silent(step: str, done: int, total: int) -> None:
    """Show no progress."""


def build(
    vault: Vault,
    write: Callable[[bytes], object],
    row: Format,
    *,
    jobs: int | None = None,
    progress: Progress = silent,
) -> Built:
    """Write all that a vault publishes in one format, block by block, and return what there is to tell of it."""
    names, mint = vault.names, vault.mint
    problems = list(vault.problems)
    gathered = Gathered()
    shared_file = write if isinstance(write, PartFile) else None
    file = shared_file.path if shared_file else None
    work = Work(vault.root, vault.settings, vault.rules, row, names, file, vault.ledger is not None)
    with without_collection(), Desks.open(work, vault.to_read, jobs) as desks:
        cards, first, listed = read_notes(desks, problems, progress)
        index, past, clashes = name_notes(vault, cards, listed)
        problems += clashes
        desks.settle(index, first)
        put = _Blocks(write, row, desks)
        write(row.head(names).encode())
        strangers = _press(desks, put, gathered, problems, progress, len(cards))
        shared = {graph: _expressible(t, row, problems) for graph, t in shared_triples(vault, gathered, past).items()}
        if not row.graphs:
            strangers, shared = _by_owner(strangers, shared, index, mint)
            for rendered in desks.render(_for_chunks(strangers, first, index, mint.base)):
                put(rendered)
        for graph, triples in shared.items():
            block = row.block(triples, graph, names)
            put(Pressed(-1, len(block), block))
        desks.finish()
    write(row.tail.encode())
    problems += shared_problems(gathered)
    ledger = renew(past, index.cards, index.slugs) if vault.ledger is not None else None
    listed |= {path: words("merged into {slug}", slug=name) for path, name in past.merged.items()}
    told, accepted = without_accepted(problems, cards, vault.settings)
    return Built(told, summarize(vault, cards, listed, gathered), ledger, accepted)


def without_accepted(
    problems: Iterable[Problem], cards: Iterable[Card], settings: Settings
) -> tuple[list[Problem], int]:
    """Return problems, each once and in order, without those that the keeper accepts, and how many these are."""
    of_notes = {shown(card.path): card.ignores for card in cards if card.ignores}
    found = set(problems)
    kept = [p for p in found if p.code not in settings.ignore and p.code not in of_notes.get(p.path, ())]
    return sorted(kept), len(found) - len(kept)


def name_notes(vault: Vault, cards: list[Card], listed: Mapping[str, str]) -> tuple[Index, Past, list[Problem]]:
    """Return the index of a vault, with the slugs of its ledger; `listed` are the files that could not be read."""
    past = NO_PAST
    if vault.ledger is not None:
        past = recall(vault.ledger, cards, listed, partial(renames, vault.root))
    # a note that is not to be read has a name all the same, which links to it must not give away
    marked = vault.settings.publish == "marked"
    unread = [path for path in listed if marked or path in vault.listing.private]
    index, problems = build_index(cards, vault.attachments, vault.hidden_files, past, unread)
    past = replace(past, titles=index.former)
    return index, past, [*past.problems, *problems]


def keep_ledger(vault: Vault, built: Built) -> Built:
    """Write the ledger of a vault that keeps one, and return what there is to tell."""
    if built.ledger is None:
        return built
    try:
        write_ledger(vault.root, built.ledger)
    except HerbierError as error:
        hint = words("make the vault writable, and build again")
        told = problem("ledger-unwritten", LEDGER, 0, 0, error.args[0], hint)
        return built._replace(problems=sorted([*built.problems, told]))
    return built


class _Blocks:
    """Writes blocks with what the format puts between them."""

    def __init__(self, write: Callable[[bytes], object], row: Format, desks: Desks) -> None:
        self.write = write
        self.between = row.between.encode()
        self.desks = desks
        self.started = False

    def __call__(self, pressed: Pressed) -> None:
        if not pressed.size:
            return
        if self.started and self.between:
            self.write(self.between)
        self.started = True
        if pressed.block:
            self.write(pressed.block)
        else:  # the desk has kept it, to write it into the file itself
            assert isinstance(self.write, PartFile)
            self.desks.place_block(pressed.chunk, self.write.reserve(pressed.size))


def read_notes(
    desks: Desks, problems: list[Problem], progress: Progress
) -> tuple[list[Card], dict[int, int], dict[str, str]]:
    """Read all notes of the desks: their cards, the number of each chunk's first card, and what is no note and why."""
    cards: list[Card] = []
    first: dict[int, int] = {}
    listed: dict[str, str] = {}
    total = sum(map(len, desks.chunks))
    for chunk, share in enumerate(desks.read()):
        first[chunk] = len(cards)
        cards += share.cards
        problems += share.problems
        listed |= share.listed
        progress(words("reading"), len(cards) + len(listed), total)
    return cards, first, listed


def read_cards(
    vault: Vault, files: Sequence[ToRead], progress: Progress = silent
) -> tuple[list[Card], dict[str, str], list[Problem]]:
    """Read files as far as the cards of the notes, which are none and why, and what is wrong in them."""
    problems: list[Problem] = []
    row = FORMATS["nquads"]
    work = Work(vault.root, vault.settings, vault.rules, row, vault.names, ledger=vault.ledger is not None)
    with Desks.open(work, files, None) as desks:
        cards, _, listed = read_notes(desks, problems, progress)
    return cards, listed, problems


def _press(
    desks: Desks, put: _Blocks, gathered: Gathered, problems: list[Problem], progress: Progress, total: int
) -> list[Triple]:
    strangers: list[Triple] = []
    done = 0
    for pressed in desks.press():
        put(pressed)
        strangers += pressed.strangers
        if pressed.gathered:
            gathered.add(pressed.gathered)
        problems += pressed.problems
        done += pressed.notes
        progress(words("writing"), done, total)
    return strangers


Graphs = dict[Term, list[Triple]]


def shared_triples(vault: Vault, gathered: Gathered, past: Past) -> Graphs:
    """Return the graphs that are no single note's, with those of the files that the vault includes."""
    graphs = dict(shared_graphs(gathered, vault.rules, vault.mint, vault.settings, past.leads))
    for graph, triples in sorted(vault.included.graphs.items()):
        graphs[graph] = sorted({*graphs.get(graph, ()), *triples})
    return graphs


def _by_owner(strangers: list[Triple], shared: Graphs, index: Index, mint: Mint) -> tuple[list[Triple], Graphs]:
    """Sort out what is said of a note's subjects by others, and put all that is of no note into one graph."""
    owned: list[Triple] = []
    rest: set[Triple] = set()
    for triple in (*strangers, *(triple for triples in shared.values() for triple in triples)):
        if owner(triple[0], mint.base) in index.by_slug:
            owned.append(triple)
        else:
            rest.add(triple)
    return owned, {"": sorted(rest)}


def _for_chunks(
    triples: list[Triple], first: dict[int, int], index: Index, base: str
) -> dict[int, dict[int, list[Triple]]]:
    of_notes: dict[int, list[Triple]] = defaultdict(list)
    for triple in triples:
        of_notes[index.by_slug[owner(triple[0], base)]].append(triple)
    return {
        chunk: {number: sorted(of_notes[number]) for number in numbers}
        for chunk, numbers in by_chunk(of_notes, first).items()
    }


def _expressible(triples: list[Triple], row: Format, problems: list[Problem]) -> list[Triple]:
    """Return the triples that a format can carry: RDF/XML has no way to write a predicate that ends in no name."""
    lost = unwritable(triples, row)
    for predicate in lost:
        message = words("RDF/XML cannot write the predicate {predicate}", predicate=predicate)
        problems.append(problem("lost-in-format", "", 0, 0, message))
    return [triple for triple in triples if triple[1] not in lost] if lost else triples


def summarize(vault: Vault, cards: list[Card], listed: dict[str, str], gathered: Gathered) -> Summary:
    """Return what became of every file."""
    others = {path: why for path, why in vault.listing.others.items() if path not in gathered.files}
    for path in vault.included.files:
        others.pop(path, None)
    private = sum(card.private for card in cards)
    merged = sum(card.path in listed for card in cards)
    unread = set(vault.listing.private) & listed.keys()
    hidden = len(vault.hidden_files) + len(unread)
    listed = {path: why for path, why in listed.items() if path not in unread}
    notes = len(cards) - private - merged
    published = notes + (len(vault.listing.others) - len(others))
    return Summary(vault.listing.count, published, private + hidden, dict(sorted({**others, **listed}.items())), notes)
