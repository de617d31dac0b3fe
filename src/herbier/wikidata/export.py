"""The files for Wikidata, written from one pass over the notes: `herbier build --profile wikidata`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import NamedTuple

from herbier.atomic_file import whole_file
from herbier.config import FILE, LOCAL_BASE
from herbier.index.resolution import Index
from herbier.ledger.matching import next_ledger
from herbier.mapping.vault_totals import VaultTotals, shared_problems
from herbier.messages import Message, reason
from herbier.pipeline.build import Built, count_files, without_accepted
from herbier.pipeline.naming import name_notes, read_notes
from herbier.pipeline.opening import Vault
from herbier.pipeline.parallel import WorkerPool, by_chunk, without_gc
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.worker import WorkerSetup
from herbier.problems import HerbierError, problem
from herbier.rdf.formats import FORMATS
from herbier.rdf.iris import owner
from herbier.rdf.slugs import plain_name, tag_slug
from herbier.rdf.terms import Triple
from herbier.rules.rule_types import Rules
from herbier.wikidata import cells, quickstatements, sssom
from herbier.wikidata.export_worker import ExportChunk, ExportRow, ExportWorker, Selection
from herbier.wikidata.readme import readme
from herbier.wikidata.things import terms_of

FILES = ("README.md", "things.ttl", "things.csv", "mixnmatch.tsv", "quickstatements.txt", "matches.sssom.tsv")


class Exported(NamedTuple):
    """The result of an export: as of a build, and how many things were written and are matched."""

    built: Built
    things: int
    matched: int


def choose(rules: Rules, types: Iterable[str], tags: Iterable[str], unmatched: bool) -> Selection:
    """Return the choice that types and tags make; HerbierError for a type that no rule knows."""
    names = set()
    for name in types:
        rule = rules.types.get(plain_name(name))
        if rule is None:
            near = get_close_matches(name, rules.type_names, 1)
            if near:
                raise HerbierError(Message("unknown type {name!r}; did you mean {near!r}?", name=name, near=near[0]))
            raise HerbierError(Message("unknown type {name!r}", name=name))
        names.add(rule.name)
    return Selection(frozenset(names), frozenset(tag_slug(tag.removeprefix("#")) for tag in tags), unmatched)


def export(
    vault: Vault, folder: Path, choice: Selection, *, jobs: int | None = None, progress: Progress = silent
) -> Exported:
    """Write the files of a vault for Wikidata into a folder; HerbierError where they cannot be written."""
    problems = list(vault.problems)
    totals = VaultTotals()
    work = WorkerSetup(
        vault.root, vault.settings, vault.rules, FORMATS["turtle"], vault.names, None, vault.ledger is not None
    )
    make = partial(ExportWorker, choice=choice)
    with without_gc(), WorkerPool.open(work, vault.to_read, jobs, make) as pool:
        summaries, first, listed = read_notes(pool, problems, progress)
        index, history, clashes = name_notes(vault, summaries, listed)
        problems += clashes
        pool.set_index(index, first)
        foreign_triples: list[Triple] = [triple for triples in vault.included.graphs.values() for triple in triples]
        items: dict[str, str] = {}
        for found in _sift(pool, progress, len(summaries)):
            totals.add(found.totals)
            problems += found.problems
            foreign_triples += found.foreign_triples
            items |= found.items
        of_chunks = _by_chunk(foreign_triples, first, index, vault)
        arguments = {number: (of_chunks.get(number, {}),) for number in range(len(pool.chunks))}
        made = [row for share in pool.in_turn("render", arguments) for row in share]
    made.sort(key=lambda row: row.slug)
    if vault.settings.base == LOCAL_BASE:  # what would be added to Wikidata must name a source that others can read
        left_out = sum(bool(row.wanted) for row in made)
        made = [row._replace(wanted=None) for row in made]
        if left_out:
            message = Message(
                "quickstatements.txt is empty: its references would lead nowhere ({count:,} left out)", count=left_out
            )
            hint = Message('write base = "https://..." in herbier.toml, or give --base')
            problems.append(problem("default-base", FILE, 0, 0, message, hint))
    _write(folder, vault, made, items)
    problems += shared_problems(totals)
    ledger = next_ledger(history, index.summaries, index.slugs) if vault.ledger is not None else None
    listed |= {path: Message("merged into {slug}", slug=name) for path, name in history.merged.items()}
    told, accepted = without_accepted(problems, summaries, vault.settings)
    built = Built(told, count_files(vault, summaries, listed, totals), ledger, accepted)
    return Exported(built, len(made), sum(bool(row.matches) for row in made))


def _sift(pool: WorkerPool, progress: Progress, total: int) -> Iterator[ExportChunk]:
    done = 0
    for found in pool.in_turn("sift", dict.fromkeys(range(len(pool.chunks)), ())):
        done += found.notes
        progress(Message("writing"), done, total)
        yield found


def _by_chunk(
    triples: Iterable[Triple], first: Mapping[int, int], index: Index, vault: Vault
) -> dict[int, dict[int, list[Triple]]]:
    """Return what is said of the things of notes by others, by chunk and by the number of the note."""
    wanted, start = terms_of(vault.rules).wanted, f"<{vault.mint.base}id/"
    of_notes: dict[int, set[Triple]] = defaultdict(set)
    for triple in triples:
        if triple[1] in wanted and triple[0].startswith(start) and "#" not in triple[0]:
            number = index.by_slug.get(owner(triple[0], vault.mint.base))
            if number is not None:
                of_notes[number].add(triple)
    return {
        chunk: {number: sorted(of_notes[number]) for number in numbers}
        for chunk, numbers in by_chunk(of_notes, first).items()
    }


def _write(folder: Path, vault: Vault, made: Sequence[ExportRow], items: Mapping[str, str]) -> None:
    """Write all files, each beside its place, and rename them once all are whole."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = reason(error)
        raise HerbierError(Message("{path} could not be written: {why}", path=str(folder), why=why)) from error
    terms = terms_of(vault.rules)
    texts: Mapping[str, Callable[[], Iterator[str]]] = {
        "README.md": lambda: iter([readme(vault, terms)]),
        "things.ttl": lambda: _lines(FORMATS["turtle"].head(vault.names), (row.turtle for row in made)),
        "things.csv": lambda: _lines(cells.csv_line(cells.header(terms)), (row.csv for row in made)),
        "mixnmatch.tsv": lambda: _lines(cells.tsv_line(cells.mixnmatch_header(terms)), (row.mixnmatch for row in made)),
        "quickstatements.txt": lambda: (quickstatements.commands(row.wanted, items) for row in made if row.wanted),
        "matches.sssom.tsv": lambda: _lines(
            sssom.head(vault.mint, vault.settings) + cells.tsv_line(sssom.COLUMNS),
            (cells.tsv_line(match.cells()) for row in made for match in row.matches),
        ),
    }
    with ExitStack() as stack:
        for name in FILES:
            write = stack.enter_context(whole_file(folder / name))
            write("".join(texts[name]()).encode())


def _lines(head: str, rest: Iterable[str]) -> Iterator[str]:
    yield head
    yield from rest
