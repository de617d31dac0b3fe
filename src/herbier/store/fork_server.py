"""The process that query processes are forked from: it holds the store, has one thread, and does nothing else.

A process with threads must not be forked, and one that serves has them. So this one is forked before there are any;
those that serve ask it through a socket, their door, to fork a process that answers queries, or to end one and tell
how it ended. A query process is sent questions through a socket of its own and ends with it.
"""

import gc
import marshal
import multiprocessing
import os
import selectors
import signal
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

from herbier.rdf.prefixes import Namespaces
from herbier.store.embedded import Store
from herbier.store.limits import Limits, hold_to_memory, peak_memory, start_clock, stop_clock
from herbier.store.query_process import Question, Reply, answer_question

FORK, END = b"f", b"e"
REQUEST = struct.Struct("<ci")  # FORK, or END with the process
NEWS = struct.Struct("<cii")  # to FORK: the process, its socket beside it; to END: the process, its exit code
LENGTH = struct.Struct("<I")  # of a question
HEAD = struct.Struct("<?BQ")  # of a reply: whether it is the last of the process, length of its kind, of its body
_CHUNK = 1 << 18
_GROWN = 64_000_000  # bytes: a process that once needed so much more keeps it, and is better replaced


class QueryWork(NamedTuple):
    """The work of a query process: all that it needs."""

    store: Store
    names: Namespaces
    limits: Limits


class ForkServer:
    """The process that query processes are forked from, as the process that forked it sees it."""

    def __init__(self, process: BaseProcess, control: socket.socket) -> None:
        self.process = process
        self.control = control

    def open_door(self) -> socket.socket:
        """Return a door of its own for a process that serves; OSError where the fork server is gone."""
        inner, outer = socket.socketpair()
        with inner:
            socket.send_fds(self.control, [b"."], [inner.fileno()])
        return outer


def start_fork_server(work: QueryWork, lifeline: socket.socket, closed: Sequence[socket.socket]) -> ForkServer:
    """Fork the fork server from this process, which must have one thread.

    It ends when the other end of the lifeline is closed; it closes the sockets that are none of its own.
    """
    inner, outer = socket.socketpair()
    process = multiprocessing.get_context("fork").Process(
        target=_serve_forks, args=(work, inner, [outer, *closed], lifeline)
    )
    process.start()
    inner.close()
    return ForkServer(process, outer)


class _Child(NamedTuple):
    """A query process, and the door at which it was asked for."""

    process: BaseProcess
    door: socket.socket


Children = dict[int, _Child]


def _serve_forks(work: QueryWork, control: socket.socket, closed: list[socket.socket], lifeline: socket.socket) -> None:
    """Fork and end query processes as asked for at the doors, until the lifeline is cut."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is reported to all, and the first process ends the others
    for other in closed:
        other.close()
    work.store.duplicates.leave()  # most queries ask the union
    gc.freeze()  # what is looked at in a fork is copied
    children: Children = {}
    doors: set[socket.socket] = set()
    with selectors.DefaultSelector() as waiting:
        waiting.register(control, selectors.EVENT_READ)
        waiting.register(lifeline, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                connected = key.fileobj
                assert isinstance(connected, socket.socket)
                if connected is control and (fds := socket.recv_fds(control, 1, 1)[1]):
                    doors.add(door := socket.socket(fileno=fds[0]))
                    waiting.register(door, selectors.EVENT_READ)
                elif connected in doors and (asked := _received(connected, REQUEST.size)):
                    verb, pid = REQUEST.unpack(asked)
                    with suppress(OSError):  # who asked may be gone
                        _ASKED[verb](work, connected, pid, children, (*doors, control, lifeline))
                elif connected in doors:  # who asked there is gone, and waits for no answer
                    waiting.unregister(connected)
                    doors.discard(connected)
                    connected.close()
                    _end_all([pid for pid, child in children.items() if child.door is connected], children)
                else:
                    _end_all([*children], children)
                    return


def _fork(work: QueryWork, door: socket.socket, _: int, children: Children, closed: Sequence[socket.socket]) -> None:
    own, others = socket.socketpair()
    child = multiprocessing.get_context("fork").Process(target=_answer_all, args=(work, own, (*closed, others)))
    child.start()
    own.close()
    assert child.pid is not None
    children[child.pid] = _Child(child, door)
    socket.send_fds(door, [NEWS.pack(FORK, child.pid, 0)], [others.fileno()])
    others.close()


def _end(work: QueryWork, door: socket.socket, pid: int, children: Children, closed: Sequence[socket.socket]) -> None:
    door.sendall(NEWS.pack(END, pid, _ended(children.pop(pid, None))))


def _end_all(pids: Sequence[int], children: Children) -> None:
    for pid in pids:
        children[pid].process.kill()  # all at once, before any is waited for
    for pid in pids:
        _ended(children.pop(pid))


def _ended(child: _Child | None) -> int:
    """End a process, and return its exit code."""
    if child is None:
        return 0
    child.process.kill()  # one that is ending already ends as it does
    child.process.join()
    code = child.process.exitcode or 0
    child.process.close()
    return code


_ASKED = {FORK: _fork, END: _end}


def _received(connected: socket.socket, size: int) -> bytes:
    """Return so many bytes, fewer only where the other end is gone."""
    data = b""
    while len(data) < size:
        try:
            more = connected.recv(size - len(data))
        except OSError:
            return b""
        if not more:
            return b""
        data += more
    return data


# --- a query process --------------------------------------------------------------------------------------


def _answer_all(work: QueryWork, questions: socket.socket, closed: Sequence[socket.socket]) -> None:
    """Answer questions one after the other, until the other end is gone or too much memory has been needed."""
    for other in closed:
        other.close()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.environ["RUST_BACKTRACE"] = "0"
    nowhere = os.open(os.devnull, os.O_RDWR)  # the last words of a process that meets a limit may quote its query
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    limits = work.limits
    hold_to_memory(limits)
    first = peak_memory()
    for asked in _received_whole(questions):
        start_clock(limits.seconds)
        reply = answer_question(work.store, work.names, Question(*marshal.loads(asked)), limits.result)
        stop_clock()
        last = peak_memory() - first > _GROWN
        try:
            questions.sendall(packed_reply(reply, last))  # at once: what is not sent when a process ends is not known
        except OSError:  # who asked is gone
            return
        if last:
            return


def _received_whole(questions: socket.socket) -> Iterator[memoryview]:
    """Yield the questions that come, most often several at once, until the other end is gone."""
    come = b""
    while data := _received_some(questions):
        come += data
        at = 0
        while len(come) - at >= LENGTH.size:
            end = at + LENGTH.size + LENGTH.unpack_from(come, at)[0]
            if end > len(come):
                break
            yield memoryview(come)[at + LENGTH.size : end]
            at = end
        come = come[at:]


def _received_some(questions: socket.socket) -> bytes:
    try:
        return questions.recv(_CHUNK)
    except OSError:
        return b""


def packed_reply(reply: Reply, last: bool) -> bytes:
    """Return a reply as bytes."""
    kind = reply.kind.encode()
    return HEAD.pack(last, len(kind), len(reply.body)) + kind + reply.body


def asked_as(question: Question) -> bytes:
    """Return a question as bytes."""
    fields: list[Any] = list(question)
    data = marshal.dumps(fields)
    return LENGTH.pack(len(data)) + data
