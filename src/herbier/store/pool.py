"""The query processes of a process that serves: who answers now, who waits, and who is sent away.

It lives in one event loop, so that no thread waits for a query.
"""

import asyncio
import signal
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from herbier.store.answering import Question, Reply
from herbier.store.limits import Limits, be_modest
from herbier.store.nursery import END, FORK, HEAD, NEWS, REQUEST, asked_as

MOST_AT_WORK = 2  # queries at the same time
MOST_WAITING = 100
_LOOK = 0.1  # seconds between looks at what takes long, of which there is most often nothing
_PATIENCE = 0.2  # seconds, after which the client may be gone
_LONG = 1.0  # seconds of work, after which a query gives way to all else
_CHUNK = 1 << 18
# How a process ends that met a limit, by the signal that ended it.
_ENDS: dict[int, str] = {
    signal.SIGALRM: "late",
    signal.SIGABRT: "memory",
    signal.SIGBUS: "memory",
    signal.SIGSEGV: "deep",
}

Gone = Callable[[], Awaitable[object]]  # is over when the client has gone away


class _Process:
    """A query process; it answers one question at a time, and none any more once it is `spent`."""

    def __init__(self, pid: int, connected: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self.pid = pid
        self.connected = connected
        self.loop = loop
        self.spent = self.ended = False
        self._reply: asyncio.Future[Reply | None] | None = None
        self._parts: list[bytes] = []
        self._come = self._size = 0
        connected.setblocking(False)
        loop.add_reader(connected.fileno(), self._read)

    async def ask(self, data: bytes) -> Reply | None:
        """Return the reply to a question; None where the process has ended, or is given up."""
        self._reply = self.loop.create_future()
        with suppress(OSError):  # it has ended, which is read
            if (sent := self.connected.send(data)) < len(data):
                await self.loop.sock_sendall(self.connected, memoryview(data)[sent:])
        return await self._reply

    def give_up(self) -> None:
        """Wait for the reply no more."""
        self.spent = True
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(None)

    def yield_to_others(self) -> None:
        """Let the process give way to all others, as it then does until its end."""
        self.spent = True
        be_modest(self.pid)

    def close(self) -> None:
        """Hang up."""
        self.loop.remove_reader(self.connected.fileno())
        self.connected.close()

    def _read(self) -> None:
        try:
            data = self.connected.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.loop.remove_reader(self.connected.fileno())
            self.ended = True
            self.give_up()
            return
        self._parts.append(data)
        self._come += len(data)
        if not self._size and self._come >= HEAD.size:
            _, kind, body = HEAD.unpack_from(b"".join(self._parts))
            self._size = HEAD.size + kind + body
        if self._size and self._come >= self._size:
            whole = b"".join(self._parts)
            self._parts, self._come, self._size = [], 0, 0
            last, kind, _ = HEAD.unpack_from(whole)
            self.spent = self.spent or last
            if self._reply is not None and not self._reply.done():
                self._reply.set_result(Reply(whole[HEAD.size : HEAD.size + kind].decode(), whole[HEAD.size + kind :]))


class _Asking:
    """A question that is being answered, or that waits for its turn."""

    def __init__(self, gone: Gone, now: float) -> None:
        self.gone_away = gone
        self.since = now
        self.working_since = 0.0
        self.turn: asyncio.Future[bool] | None = None
        self.process: _Process | None = None
        self.watch: asyncio.Task[None] | None = None
        self.gone = False

    def look(self, now: float, loop: asyncio.AbstractEventLoop) -> None:
        """Watch the client of a question that takes long; let its process give way to others when it takes longer."""
        if self.watch is None and now - self.since >= _PATIENCE:
            self.watch = loop.create_task(self._until_gone())
        if self.process is not None and not self.process.spent and now - self.working_since >= _LONG:
            self.process.yield_to_others()

    async def _until_gone(self) -> None:
        """Give up when the client does."""
        await self.gone_away()
        self.gone = True
        if self.turn is not None and not self.turn.done():
            self.turn.set_result(False)
        if self.process is not None:
            self.process.give_up()


class Pool:
    """Query processes that are forked as they are needed and ended when they have met a limit.

    Beside the kinds of `Reply` that a query process gives there are: "late", "memory" and "deep", where a limit ended
    it; "busy", where too many queries wait or the turn of this one did not come in time; "gone", where the client did
    not wait; "broken", where a process ended for another reason.
    """

    def __init__(self, door: socket.socket, limits: Limits) -> None:
        self.door = door
        self.limits = limits
        self._idle: list[_Process] = []
        self._at_work = 0
        self._waiting: deque[asyncio.Future[bool]] = deque()
        self._forks: deque[asyncio.Future[_Process | None]] = deque()
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._asked: set[_Asking] = set()
        self._closed = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in an event loop, with a first process, so that no visitor waits for it."""
        self.loop = loop
        self.door.setblocking(False)
        loop.add_reader(self.door.fileno(), self._hear)
        self._in_background(self._first())
        self._look()

    def _look(self) -> None:
        now = self.loop.time()
        for asking in tuple(self._asked):
            asking.look(now, self.loop)
        self.loop.call_later(_LOOK, self._look)

    async def ask(self, question: Question, gone: Gone) -> Reply:
        """Answer a question within the limits."""
        asking = _Asking(gone, self.loop.time())
        self._asked.add(asking)
        try:
            if not await self._turn(asking):
                return Reply("gone" if asking.gone else "busy")
            try:
                return await self._answer(asking, question)
            finally:
                self._next()
        finally:
            self._asked.discard(asking)
            if asking.watch is not None:
                asking.watch.cancel()

    async def _turn(self, asking: _Asking) -> bool:
        if self._at_work < MOST_AT_WORK:
            self._at_work += 1
            return True
        if len(self._waiting) >= MOST_WAITING:
            return False
        turn = asking.turn = self.loop.create_future()
        self._waiting.append(turn)
        over = self.loop.call_later(self.limits.seconds, _too_late, turn)
        try:
            its_turn: bool = await turn
            return its_turn
        finally:
            over.cancel()
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self._at_work -= 1

    async def _answer(self, asking: _Asking, question: Question) -> Reply:
        process = self._idle_one() or await self._fork()
        if process is None:
            return Reply("broken")
        asking.process, asking.working_since = process, self.loop.time()
        reply = None if asking.gone else await process.ask(asked_as(question))
        if reply is None:
            process.close()
            code = await self._end(process.pid)
            return Reply("gone" if asking.gone else _ENDS.get(-code, "broken"))
        asking.process = None
        self._put_back(process)
        return reply

    def _idle_one(self) -> _Process | None:
        while self._idle:
            process = self._idle.pop()
            if not process.ended:
                return process
            self._put_back(process)
        return None

    def _put_back(self, process: _Process) -> None:
        if process.spent:
            process.close()
            self._in_background(self._end(process.pid))
        else:
            self._idle.append(process)

    # --- what is asked for at the door --------------------------------------------------------------------

    async def _first(self) -> None:
        if process := await self._fork():
            self._put_back(process)

    async def _fork(self) -> _Process | None:
        coming: asyncio.Future[_Process | None] = self.loop.create_future()
        if self._closed:
            return None
        self._forks.append(coming)
        self._say(FORK, 0)
        return await coming

    async def _end(self, pid: int) -> int:
        """End a process and return how it ended, as the negative number of a signal."""
        told: asyncio.Future[int] = self.loop.create_future()
        if self._closed:
            return 0
        self._ends[pid] = told
        self._say(END, pid)
        return await told

    def _say(self, verb: bytes, pid: int) -> None:
        with suppress(OSError):  # the nursery is gone, which is heard
            self.door.send(REQUEST.pack(verb, pid))

    def _hear(self) -> None:
        while True:
            try:
                news, sockets, _, _ = socket.recv_fds(self.door, NEWS.size, 1)
            except BlockingIOError:
                return
            except OSError:
                news = b""
            if len(news) < NEWS.size:
                self._close()
                return
            verb, pid, code = NEWS.unpack(news)
            if verb == FORK:
                self._forks.popleft().set_result(_Process(pid, socket.socket(fileno=sockets[0]), self.loop))
            else:
                self._ends.pop(pid).set_result(code)

    def _close(self) -> None:
        self._closed = True
        self.loop.remove_reader(self.door.fileno())
        for coming in self._forks:
            coming.set_result(None)
        for told in self._ends.values():
            told.set_result(0)

    def _in_background(self, work: Coroutine[Any, Any, object]) -> None:
        task = self.loop.create_task(work)
        self._tasks.add(task)  # the loop keeps no task by itself
        task.add_done_callback(self._tasks.discard)


def _too_late(turn: "asyncio.Future[bool]") -> None:
    if not turn.done():
        turn.set_result(False)
