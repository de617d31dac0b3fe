"""The worker pool: workers, each with its share of the notes, in this process or in processes of their own.

A worker reads its notes and hands back their summaries; once the index is made of all summaries it maps the notes,
which it has kept, and hands back bytes. So a note is read once, and no note travels between processes.
"""

import gc
import os
import pickle
import signal
import sys
import warnings
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from herbier.atomic_file import write_at
from herbier.index.resolution import Index
from herbier.messages import Message
from herbier.pipeline.worker import ChunkOutput, NoteFile, ReadChunk, Worker, WorkerSetup
from herbier.problems import HerbierError
from herbier.rdf.terms import Triple
from herbier.vault.summary import NoteSummary

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_STOP = b""
_CAN_FORK = sys.platform == "linux"  # elsewhere the libraries of the system may not survive it
_CHUNK = 50  # notes a message: large enough to hide its cost, small enough to share the work evenly
_WORTH_A_PROCESS = 300  # notes; below, a second process costs more than it saves


MakeWorker = Callable[[WorkerSetup], Any]


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


class _RemoteWorker:
    """A worker in a process of its own."""

    def __init__(self, make: MakeWorker, work: WorkerSetup) -> None:
        import multiprocessing  # a small build needs none of it

        context = multiprocessing.get_context("fork" if _CAN_FORK else "spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_work, args=(make, work, other), daemon=True)  # type: ignore[attr-defined]
        with warnings.catch_warnings():  # Python 3.12 warns of threads in the first process; none holds a lock here
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        other.close()

    def ask(self, method: str, *arguments: Any) -> None:
        self.send(pickle.dumps((method, arguments), pickle.HIGHEST_PROTOCOL))

    def send(self, message: bytes) -> None:
        try:
            self.pipe.send_bytes(message)
        except OSError as error:
            raise HerbierError(Message("a working process ended unexpectedly; is there enough memory?")) from error

    def answer(self) -> Any:
        try:
            done, result, beside = pickle.loads(self.pipe.recv_bytes())
            if beside:
                result = result._replace(**{beside: self.pipe.recv_bytes()})
            if isinstance(result, ReadChunk):
                result = result._replace(summaries=pickle.loads(result.packed))
        except (EOFError, OSError) as error:
            raise HerbierError(Message("a working process ended unexpectedly; is there enough memory?")) from error
        if not done:
            raise result
        return result

    def stop(self) -> None:
        # a word rather than an end of file: a forked neighbour may hold the other end of this pipe open
        with suppress(OSError):
            self.pipe.send_bytes(_STOP)
        self.pipe.close()

    def close(self) -> None:
        self.process.join(timeout=1)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join()
        self.process.close()


def _work(make: MakeWorker, work: WorkerSetup, pipe: "Connection") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends this one
    gc.disable()
    worker, writer, memory = make(work), _Writer(work.file), _Memory()
    _held.extend((worker, memory))
    # what no answer is waited for; a fault in writing is reported by `finish`
    unanswered: dict[str, Callable[..., None]] = {"place_block": writer.place_block, "learn": memory.learn}
    while True:
        try:
            message = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        if message == _STOP:
            return
        method, arguments = pickle.loads(message)
        if method in unanswered:
            unanswered[method](*arguments)
            continue
        try:
            if method == "set_index":
                arguments = memory.whole(*arguments)
            done, result = True, getattr(worker, method)(*arguments)
            if method == "finish":
                writer.finish()
        except BaseException as error:
            done, result = False, error
        # what is large goes beside the answer: pickling would copy it once more on each side
        beside, large = "", b""
        if isinstance(result, ChunkOutput):
            result = writer.keep(result)
            beside, large, result = "block", result.block, result._replace(block=b"")
        elif isinstance(result, ReadChunk):
            beside, large, result = (
                "packed",
                memory.packed(arguments[0], result.summaries),
                result._replace(summaries=[]),
            )
        pipe.send_bytes(pickle.dumps((done, result, beside if large else ""), pickle.HIGHEST_PROTOCOL))
        if large:
            pipe.send_bytes(large)


# What a process holds to its end: to take every note apart again would keep the first process waiting.
_held: list[Any] = []


class _Memory:
    """The summaries that a worker knows before it is given the index: its own, and those that the others have made."""

    def __init__(self) -> None:
        self.summaries: dict[int, list[NoteSummary]] = {}  # by chunk

    def packed(self, chunk: int, summaries: list[NoteSummary]) -> bytes:
        """Remember the summaries of a chunk, and return them as they travel."""
        self.summaries[chunk] = summaries
        return pickle.dumps(summaries, pickle.HIGHEST_PROTOCOL)

    def learn(self, packed: Mapping[int, bytes]) -> None:
        """Remember summaries that others have made."""
        for chunk, summaries in packed.items():
            self.summaries[chunk] = pickle.loads(summaries)

    def whole(
        self, index: Index, summaries: Sequence["NoteSummary | _Known"], first: Mapping[int, int]
    ) -> tuple[Any, ...]:
        """Return what a worker is given: the index with its summaries, and the number of each chunk's first."""
        index.summaries = [
            summary if isinstance(summary, NoteSummary) else self.summaries[summary[0]][summary[1]]
            for summary in summaries
        ]
        return index, first


_Known = tuple[int, int]  # a summary by its chunk and its place there


class _Writer:
    """Keeps the blocks of a worker until it is reported where in the file they go."""

    def __init__(self, file: Path | None) -> None:
        self.blocks: dict[int, bytes] = {}
        self.descriptor = os.open(file, os.O_WRONLY) if file else -1
        self.fault: OSError | None = None

    def keep(self, output: ChunkOutput) -> ChunkOutput:
        if self.descriptor < 0 or not output.block:
            return output
        self.blocks[output.chunk] = output.block
        return output._replace(block=b"")

    def place_block(self, chunk: int, start: int) -> None:
        try:
            write_at(self.descriptor, self.blocks.pop(chunk), start)
        except OSError as error:
            self.fault = self.fault or error

    def finish(self) -> None:
        if self.fault:
            raise self.fault


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

    def __init__(self, workers: Sequence["_LocalWorker | _RemoteWorker"], chunks: Sequence[Sequence[NoteFile]]) -> None:
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
        jobs = jobs or (processors() if _CAN_FORK and len(files) >= _WORTH_A_PROCESS else 1)
        chunks = [files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK)]
        workers: list[_LocalWorker | _RemoteWorker] = []
        try:
            workers += [_RemoteWorker(make, work) for _ in range(jobs)] if jobs > 1 else [_LocalWorker(make, work)]
            yield WorkerPool(workers, chunks)
        finally:
            others = [worker for worker in workers if isinstance(worker, _RemoteWorker)]
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
            if isinstance(worker, _RemoteWorker):
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
            if isinstance(worker, _RemoteWorker) and waiting[place]
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
