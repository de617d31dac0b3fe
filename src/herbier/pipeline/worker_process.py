"""A worker in a process of its own: what is asked of it and what it answers travel through a pipe."""

import gc
import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from herbier.atomic_file import write_at
from herbier.index.resolution import Index
from herbier.messages import Message
from herbier.pipeline.worker import ChunkOutput, ReadChunk, WorkerSetup
from herbier.problems import HerbierError
from herbier.vault.summary import NoteSummary

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CAN_FORK = sys.platform == "linux"  # elsewhere the libraries of the system may not survive it
_STOP = b""


MakeWorker = Callable[[WorkerSetup], Any]


class RemoteWorker:
    """A worker in a process of its own."""

    def __init__(self, make: MakeWorker, work: WorkerSetup) -> None:
        import multiprocessing  # a small build needs none of it

        context = multiprocessing.get_context("fork" if CAN_FORK else "spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_work, args=(make, work, other), daemon=True)  # type: ignore[attr-defined]
        with warnings.catch_warnings():  # Python 3.12 warns of threads in the first process; none holds a lock here
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        other.close()

    def ask(self, method: str, *arguments: Any) -> None:
        """Ask for something; the answers come in the order of the asking."""
        self.send(pickle.dumps((method, arguments), pickle.HIGHEST_PROTOCOL))

    def send(self, message: bytes) -> None:
        """Send a question that is packed already."""
        try:
            self.pipe.send_bytes(message)
        except OSError as error:
            raise HerbierError(Message("a working process ended unexpectedly; is there enough memory?")) from error

    def answer(self) -> Any:
        """Wait for the next answer; what went wrong there is raised here."""
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
        """Ask the process to end."""
        # a word rather than an end of file: a forked neighbour may hold the other end of this pipe open
        with suppress(OSError):
            self.pipe.send_bytes(_STOP)
        self.pipe.close()

    def close(self) -> None:
        """Wait for the end of the process, or end it."""
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
