"""The notes of a vault read as far as their names, and the index of these."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from herbier.index.building import build_index
from herbier.index.resolution import Index
from herbier.ledger.git_renames import renames
from herbier.ledger.matching import NO_HISTORY, History, match_history
from herbier.mapping.type_weighing import weigh_types
from herbier.messages import Message
from herbier.pipeline.opening import Vault
from herbier.pipeline.parallel import WorkerPool
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.worker import NoteFile, WorkerSetup
from herbier.problems import Problem
from herbier.rdf.formats import FORMATS
from herbier.vault.summary import NoteSummary


def name_notes(
    vault: Vault, summaries: list[NoteSummary], listed: Mapping[str, str]
) -> tuple[Index, History, list[Problem]]:
    """Return the index of a vault, with the slugs of its ledger; `listed` are the files that could not be read."""
    _keep_back_below(summaries)
    history = NO_HISTORY
    if vault.ledger is not None:
        history = match_history(vault.ledger, summaries, listed, partial(renames, vault.root))
    # a note that is not to be read has a name all the same, which links to it must not give away
    marked = vault.settings.publish == "marked"
    unread = [path for path in listed if marked or path in vault.listing.private]
    index, problems = build_index(
        summaries, vault.attachments, vault.hidden_files, history, unread, vault.settings.languages
    )
    history = replace(history, titles=index.former)
    return index, history, [*history.problems, *problems, *weigh_types(index, vault.rules)]


def _keep_back_below(summaries: list[NoteSummary]) -> None:
    """Keep back the notes below the folders whose page says so of them."""
    folders = tuple({f"{summary.path.rpartition('/')[0]}/" for summary in summaries if summary.hides_below})
    if folders:
        for number, summary in enumerate(summaries):
            if not summary.private and summary.path.startswith(folders):
                summaries[number] = replace(summary, private=True)


def read_notes(
    pool: WorkerPool, problems: list[Problem], progress: Progress
) -> tuple[list[NoteSummary], dict[int, int], dict[str, str]]:
    """Read all notes: their summaries, the number of each chunk's first summary, and what is no note and why."""
    summaries: list[NoteSummary] = []
    first: dict[int, int] = {}
    listed: dict[str, str] = {}
    total = sum(map(len, pool.chunks))
    for chunk, share in enumerate(pool.read()):
        first[chunk] = len(summaries)
        summaries += share.summaries
        problems += share.problems
        listed |= share.listed
        progress(Message("reading"), len(summaries) + len(listed), total)
    return summaries, first, listed


def read_cards(
    vault: Vault, files: Sequence[NoteFile], progress: Progress = silent
) -> tuple[list[NoteSummary], dict[str, str], list[Problem]]:
    """Read files as far as the summaries of the notes, which are none and why, and what is wrong in them."""
    problems: list[Problem] = []
    row = FORMATS["nquads"]
    work = WorkerSetup(vault.root, vault.settings, vault.rules, row, vault.names, ledger=vault.ledger is not None)
    with WorkerPool.open(work, files, None) as pool:
        summaries, _, listed = read_notes(pool, problems, progress)
    return summaries, listed, problems
