"""The pipeline: files to notes, notes to summaries, these to the index, notes and index to triples, triples to a file.

It reads as prose in `build`; the shares of the notes are worked on by workers, in this process or in several.
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
from herbier.mapping.vault_totals import Understood, VaultTotals, shared_problems
from herbier.messages import Message
from herbier.pipeline.naming import name_notes, read_notes
from herbier.pipeline.opening import Vault
from herbier.pipeline.parallel import WorkerPool, by_chunk, without_gc
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.worker import ChunkOutput, WorkerSetup
from herbier.problems import HerbierError, Problem, problem
from herbier.rdf.formats import Format, unwritable
from herbier.rdf.iris import Mint, owner
from herbier.rdf.terms import Term, Triple
from herbier.text import shown
from herbier.vault.summary import NoteSummary


class FileCounts(NamedTuple):
    """The number of files by what became of them: `files` is the sum of the other three."""

    files: int
    published: int
    private: int
    listed: dict[str, str]
    notes: int = 0  # of those that are published


class Built(NamedTuple):
    """The result of a build beside what it wrote."""

    problems: list[Problem]
    counts: FileCounts
    ledger: Ledger | None = None  # as it is to be from now on
    accepted: int = 0  # problems that the note keeper accepts
    understood: Understood = Understood()


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
    totals = VaultTotals()
    shared_file = write if isinstance(write, PartFile) else None
    file = shared_file.path if shared_file else None
    work = WorkerSetup(vault.root, vault.settings, vault.rules, row, names, file, vault.ledger is not None)
    with without_gc(), WorkerPool.open(work, vault.to_read, jobs) as pool:
        summaries, first, listed = read_notes(pool, problems, progress)
        index, history, clashes = name_notes(vault, summaries, listed)
        problems += clashes
        pool.set_index(index, first)
        put = _Blocks(write, row, pool)
        write(row.head(names).encode())
        foreign_triples = _map_notes(pool, put, totals, problems, progress, len(summaries))
        shared = {
            graph: _expressible(t, row, problems) for graph, t in shared_triples(vault, totals, history, index).items()
        }
        if not row.graphs:
            foreign_triples, shared = _by_owner(foreign_triples, shared, index, mint)
            for rendered in pool.render(_for_chunks(foreign_triples, first, index, mint.base)):
                put(rendered)
        for graph, triples in shared.items():
            block = row.block(triples, graph, names)
            put(ChunkOutput(-1, len(block), block))
        pool.finish()
    write(row.tail.encode())
    problems += shared_problems(totals)
    ledger = next_ledger(history, index.summaries, index.slugs) if vault.ledger is not None else None
    listed |= {path: Message("merged into {slug}", slug=name) for path, name in history.merged.items()}
    told, accepted = without_accepted(problems, summaries, vault.settings)
    return Built(told, count_files(vault, summaries, listed, totals), ledger, accepted, totals.understood)


def without_accepted(
    problems: Iterable[Problem], summaries: Iterable[NoteSummary], settings: Settings
) -> tuple[list[Problem], int]:
    """Return problems, each once and in order, without those that the keeper accepts, and how many these are."""
    of_notes = {shown(summary.path): summary.ignores for summary in summaries if summary.ignores}
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

    def __init__(self, write: Callable[[bytes], object], row: Format, pool: WorkerPool) -> None:
        self.write = write
        self.between = row.between.encode()
        self.pool = pool
        self.started = False

    def __call__(self, output: ChunkOutput) -> None:
        if not output.size:
            return
        if self.started and self.between:
            self.write(self.between)
        self.started = True
        if output.block:
            self.write(output.block)
        else:  # the worker has kept it, to write it into the file itself
            assert isinstance(self.write, PartFile)
            self.pool.place_block(output.chunk, self.write.reserve(output.size))


def _map_notes(
    pool: WorkerPool, put: _Blocks, totals: VaultTotals, problems: list[Problem], progress: Progress, total: int
) -> list[Triple]:
    foreign_triples: list[Triple] = []
    done = 0
    for output in pool.map():
        put(output)
        foreign_triples += output.foreign_triples
        if output.totals:
            totals.add(output.totals)
        problems += output.problems
        done += output.notes
        progress(Message("writing"), done, total)
    return foreign_triples


Graphs = dict[Term, list[Triple]]


def shared_triples(vault: Vault, totals: VaultTotals, history: History, index: Index) -> Graphs:
    """Return the graphs that are no single note's, with those of the files that the vault includes."""
    shared = shared_graphs(totals, vault.rules, vault.mint, vault.settings, history.leads, index.stub_types)
    graphs = dict(shared)
    for graph, triples in sorted(vault.included.graphs.items()):
        graphs[graph] = sorted({*graphs.get(graph, ()), *triples})
    return graphs


def _by_owner(foreign_triples: list[Triple], shared: Graphs, index: Index, mint: Mint) -> tuple[list[Triple], Graphs]:
    """Sort out what is said of a note's subjects by others, and put all that is of no note into one graph."""
    owned: list[Triple] = []
    rest: set[Triple] = set()
    for triple in (*foreign_triples, *(triple for triples in shared.values() for triple in triples)):
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


def count_files(vault: Vault, summaries: list[NoteSummary], listed: dict[str, str], totals: VaultTotals) -> FileCounts:
    """Return what became of every file."""
    others = {path: why for path, why in vault.listing.others.items() if path not in totals.files}
    for path in vault.included.files:
        others.pop(path, None)
    private = sum(summary.private for summary in summaries)
    merged = sum(summary.path in listed for summary in summaries)
    unread = set(vault.listing.private) & listed.keys()
    hidden = len(vault.hidden_files) + len(unread)
    listed = {path: why for path, why in listed.items() if path not in unread}
    notes = len(summaries) - private - merged
    published = notes + (len(vault.listing.others) - len(others))
    return FileCounts(
        vault.listing.count, published, private + hidden, dict(sorted({**others, **listed}.items())), notes
    )
