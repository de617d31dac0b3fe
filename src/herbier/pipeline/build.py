"""The pipeline: files to notes, notes to cards, cards to the index, notes and index to triples, triples to a file.

It reads as prose in `build`; the shares of the notes are worked on by desks, in this process or in several.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from herbier.atomic_file import PartFile
from herbier.config import LEDGER, Settings
from herbier.index.resolution import Index
from herbier.ledger.ledger_file import Ledger, write_ledger
from herbier.ledger.matching import History, next_ledger
from herbier.mapping.vault_graphs import shared_graphs
from herbier.mapping.vault_totals import VaultTotals, shared_problems
from herbier.messages import Message
from herbier.pipeline.naming import name_notes, read_notes
from herbier.pipeline.parallel import WorkerPool, by_chunk, without_gc
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.vault import Vault
from herbier.pipeline.worker import ChunkOutput, WorkerSetup
from herbier.problems import HerbierError, Problem, problem
from herbier.rdf.formats import Format, unwritable
from herbier.rdf.iris import Mint, owner
from herbier.rdf.terms import Term, Triple
from herbier.text import shown
from herbier.vault.summary import Card


class FileCounts(NamedTuple):
    """What became of every file: `files` is the sum of the other three."""

    files: int
    published: int
    private: int
    listed: dict[str, str]
    notes: int = 0  # of those that are published


class Built(NamedTuple):
    """What a build reports beside what it wrote."""

    problems: list[Problem]
    summary: FileCounts
    ledger: Ledger | None = None  # as it is to be from now on
    accepted: int = 0  # problems that the note keeper accepts


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
    gathered = VaultTotals()
    shared_file = write if isinstance(write, PartFile) else None
    file = shared_file.path if shared_file else None
    work = WorkerSetup(vault.root, vault.settings, vault.rules, row, names, file, vault.ledger is not None)
    with without_gc(), WorkerPool.open(work, vault.to_read, jobs) as desks:
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
            put(ChunkOutput(-1, len(block), block))
        desks.finish()
    write(row.tail.encode())
    problems += shared_problems(gathered)
    ledger = next_ledger(past, index.cards, index.slugs) if vault.ledger is not None else None
    listed |= {path: Message("merged into {slug}", slug=name) for path, name in past.merged.items()}
    told, accepted = without_accepted(problems, cards, vault.settings)
    return Built(told, count_files(vault, cards, listed, gathered), ledger, accepted)


def without_accepted(
    problems: Iterable[Problem], cards: Iterable[Card], settings: Settings
) -> tuple[list[Problem], int]:
    """Return problems, each once and in order, without those that the keeper accepts, and how many these are."""
    of_notes = {shown(card.path): card.ignores for card in cards if card.ignores}
    found = set(problems)
    kept = [p for p in found if p.code not in settings.ignore and p.code not in of_notes.get(p.path, ())]
    return sorted(kept), len(found) - len(kept)


def keep_ledger(vault: Vault, built: Built) -> Built:
    """Write the ledger of a vault that keeps one, and return what there is to tell."""
    if built.ledger is None:
        return built
    try:
        write_ledger(vault.root, built.ledger)
    except HerbierError as error:
        hint = Message("make the vault writable, and build again")
        told = problem("ledger-unwritten", LEDGER, 0, 0, error.args[0], hint)
        return built._replace(problems=sorted([*built.problems, told]))
    return built


class _Blocks:
    """Writes blocks with what the format puts between them."""

    def __init__(self, write: Callable[[bytes], object], row: Format, desks: WorkerPool) -> None:
        self.write = write
        self.between = row.between.encode()
        self.desks = desks
        self.started = False

    def __call__(self, pressed: ChunkOutput) -> None:
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


def _press(
    desks: WorkerPool, put: _Blocks, gathered: VaultTotals, problems: list[Problem], progress: Progress, total: int
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
        progress(Message("writing"), done, total)
    return strangers


Graphs = dict[Term, list[Triple]]


def shared_triples(vault: Vault, gathered: VaultTotals, past: History) -> Graphs:
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
        message = Message("RDF/XML cannot write the predicate {predicate}", predicate=predicate)
        problems.append(problem("lost-in-format", "", 0, 0, message))
    return [triple for triple in triples if triple[1] not in lost] if lost else triples


def count_files(vault: Vault, cards: list[Card], listed: dict[str, str], gathered: VaultTotals) -> FileCounts:
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
    return FileCounts(vault.listing.count, published, private + hidden, dict(sorted({**others, **listed}.items())), notes)
