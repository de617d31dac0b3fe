"""The worker pool: workers, each with its share of the notes, in this process or in processes of their own.

A worker reads its notes and hands back their summaries; once the index is made of all summaries it maps the notes,
which it has kept, and hands back bytes. So a note is read once, and no note travels between processes.
"""

import gc
import os
import pickle
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from herbier.index.resolution import Index
from herbier.pipeline.worker import ChunkOutput, NoteFile, ReadChunk, Worker, WorkerSetup
from herbier.rdf.terms import Triple
from herbier.vault.summary import NoteSummary

if TYPE_CHECKING:
    pass
from herbier.pipeline.worker_process import CAN_FORK, MakeWorker, RemoteWorker

_CHUNK = 50  # notes a message: large enough to hide its cost, small enough to share the work evenly
_WORTH_A_PROCESS = 300  # notes; below, a second process costs more than it saves


class _LocalWorker:
    """A worker in this process: it is asked for things and answers in the order of the asking."""

    def __init__(self, make: MakeWorker, work: WorkerSetup) -> None:
        self.worker = make(work)
        self.asked: deque[tuple[str, tuple[Any, ...]]] = deque()

    def ask(self, method: str, *arguments: Any) -> None:
        self.asked.append((method, arguments))

    def answer(self) -> Any:
        method, arguments = self.asked.popleft()
        return getattr(self.worker, method)(*arguments)


@contextmanager
def without_gc() -> Iterator[None]:
    """Keep the cycle collector still: nothing here has cycles, and all notes would be looked at again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class WorkerPool:
    """All workers of a build, and which chunk of the notes lies on which."""

    def __init__(self, workers: Sequence["_LocalWorker | RemoteWorker"], chunks: Sequence[Sequence[NoteFile]]) -> None:
        self.workers = workers
        self.chunks = chunks
        self.worker_of: dict[int, int] = {}  # of each chunk, once it has been read
        self.known: dict[int, list[NoteSummary]] = {}  # of each chunk, the summaries that all workers know

    @staticmethod
    @contextmanager
    def open(
        work: WorkerSetup, files: Sequence[NoteFile], jobs: int | None = None, make: MakeWorker = Worker
    ) -> Iterator["WorkerPool"]:
        """Set up `jobs` workers; if that is None, one a processor, or one here where the vault is small.

        Where processes cannot be forked, more than one must be asked for: each starts by importing the main module,
        which may be a script that is not made for it.
        """
        jobs = jobs or (processors() if CAN_FORK and len(files) >= _WORTH_A_PROCESS else 1)
        chunks = [files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK)]
        workers: list[_LocalWorker | RemoteWorker] = []
        try:
            workers += [RemoteWorker(make, work) for _ in range(jobs)] if jobs > 1 else [_LocalWorker(make, work)]
            yield WorkerPool(workers, chunks)
        finally:
            others = [worker for worker in workers if isinstance(worker, RemoteWorker)]
            for worker in others:
                worker.stop()
            for worker in others:
                worker.close()

    def read(self) -> Iterator[ReadChunk]:
        """Read all notes, a chunk at a time, in order; a worker that is done takes the next chunk."""
        packed: dict[int, bytes] = {}
        for chunk, share in enumerate(self.in_turn("read", {n: (files,) for n, files in enumerate(self.chunks)})):
            if share.packed:
                self.known[chunk], packed[chunk] = share.summaries, share.packed
            yield share
        for place, worker in enumerate(self.workers) if packed else ():
            # while the first process makes the index, the workers take in its greatest part
            worker.ask(
                "learn", {chunk: summaries for chunk, summaries in packed.items() if self.worker_of[chunk] != place}
            )

    def set_index(self, index: Index, first: Mapping[int, int]) -> None:
        """Give every worker the index."""
        message = b""
        for worker in self.workers:
            if isinstance(worker, RemoteWorker):
                message = message or self._packed(index, first)
                worker.send(message)
            else:
                worker.ask("set_index", index, first)
        for worker in self.workers:
            worker.answer()

    def _packed(self, index: Index, first: Mapping[int, int]) -> bytes:
        known = {
            id(summary): (chunk, place)
            for chunk, summaries in self.known.items()
            for place, summary in enumerate(summaries)
        }
        summaries = [known.get(id(summary), summary) for summary in index.summaries]
        return pickle.dumps(("set_index", (replace(index, summaries=[]), summaries, first)), pickle.HIGHEST_PROTOCOL)

    def map(self) -> Iterator[ChunkOutput]:
        """Map all notes, a chunk at a time, in order."""
        yield from self.in_turn("map", dict.fromkeys(range(len(self.chunks)), ()))

    def place_block(self, chunk: int, start: int) -> None:
        """Report the worker that has kept a chunk's block where in the file it goes."""
        self.workers[self.worker_of[chunk]].ask("place_block", chunk, start)

    def finish(self) -> None:
        """Wait until all blocks are written; OSError where one could not be."""
        for worker in self.workers:
            worker.ask("finish")
        for worker in self.workers:
            worker.answer()

    def render(self, foreign_triples: Mapping[int, Mapping[int, Sequence[Triple]]]) -> Iterator[ChunkOutput]:
        """Write all that was mapped; `foreign_triples` are by chunk and number."""
        yield from self.in_turn("render", {n: (foreign_triples.get(n, {}),) for n in range(len(self.chunks))})

    def in_turn(self, method: str, arguments: Mapping[int, tuple[Any, ...]]) -> Iterator[Any]:
        """Ask for every chunk, each at its worker, and yield the answers in the order of the chunks."""
        waiting: list[deque[int]] = [deque() for _ in self.workers]
        # at first a chunk is anyone's; once it lies on a worker it is worked on there
        anyones = deque(number for number in arguments if number not in self.worker_of)
        own: list[deque[int]] = [deque() for _ in self.workers]
        for number in arguments:
            if number in self.worker_of:
                own[self.worker_of[number]].append(number)

        def hand_out(place: int) -> None:
            queue = own[place] or anyones
            if queue:
                number = queue.popleft()
                self.worker_of[number] = place
                self.workers[place].ask(method, number, *arguments[number])
                waiting[place].append(number)

        for place in [*range(len(self.workers))] * 2:  # two each, so that none waits for its next
            hand_out(place)
        ready: dict[int, Any] = {}
        for wanted in arguments:
            while wanted not in ready:
                for place in self._answering(waiting):
                    number = waiting[place].popleft()
                    ready[number] = self.workers[place].answer()
                    hand_out(place)
            yield ready.pop(wanted)

    def _answering(self, waiting: Sequence[deque[int]]) -> list[int]:
        remote = {
            worker.pipe: place
            for place, worker in enumerate(self.workers)
            if isinstance(worker, RemoteWorker) and waiting[place]
        }
        if not remote:
            return [place for place, queue in enumerate(waiting) if queue][:1]
        from multiprocessing.connection import wait

        return [remote[pipe] for pipe in wait(list(remote))]  # type: ignore[index]


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def by_chunk(numbers: Iterable[int], first: Mapping[int, int]) -> dict[int, list[int]]:
    """Return the numbers of summaries by the chunk that they are of."""
    starts = sorted((start, chunk) for chunk, start in first.items())
    found: dict[int, list[int]] = defaultdict(list)
    place = 0
    for number in sorted(numbers):
        while place + 1 < len(starts) and starts[place + 1][0] <= number:
            place += 1
        found[starts[place][1]].append(number)
    return found
