"""The query processes of a process that serves: who answers now, who waits, and who is sent away.

It lives in one event loop, so that no thread waits for a query. To wake a process takes about as long as to answer a
short question, so that those who wait are sent to a process together; it answers one after the other.
"""

import asyncio
import signal
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from herbier.store.fork_server import END, FORK, HEAD, NEWS, REQUEST, asked_as
from herbier.store.limits import Limits, be_modest
from herbier.store.query_process import Question, Reply

MOST_AT_WORK = 2  # processes that answer at the same time
MOST_WAITING = 100
_MOST_TOGETHER = 16  # questions that are sent to a process together
_SHORT = 0.002  # seconds, in which many look-ups are answered
_SLOW = 0.01  # seconds, from which on a question is sent alone
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


class _Asking:
    """A question that is being answered, or that waits for it."""

    __slots__ = ("gone", "question", "reply", "since", "watch")

    def __init__(self, question: Question, gone: Gone, loop: asyncio.AbstractEventLoop) -> None:
        self.question = question
        self.gone = gone
        self.since = loop.time()
        self.reply: asyncio.Future[Reply] = loop.create_future()
        self.watch: asyncio.Task[None] | None = None

    def set_index(self, reply: Reply) -> None:
        """Answer, unless that was done."""
        if not self.reply.done():
            self.reply.set_result(reply)
        if self.watch is not None:
            self.watch.cancel()


class _Process:
    """A query process: it answers the `asked` one after the other, and none any more once it is `spent`.

    `told` is called with it when it has answered all, or is spent, or has ended.
    """

    def __init__(
        self,
        pid: int,
        connected: socket.socket,
        loop: asyncio.AbstractEventLoop,
        told: "Callable[[_Process], object]",
    ) -> None:
        self.pid = pid
        self.connected = connected
        self.loop = loop
        self.told = told
        self.spent = self.ended = self.yielding = False
        self.asked: deque[_Asking] = deque()
        self.begun = self.since = 0.0  # when they were sent, and when the last reply came
        self.sent = 0  # how many were sent together
        self._parts: list[bytes] = []  # of a reply that has not come whole
        self._lack = 0  # bytes that it lacks, as far as is known
        self._sending: asyncio.Task[None] | None = None
        connected.setblocking(False)
        loop.add_reader(connected.fileno(), self._read)

    def ask(self, together: list[_Asking]) -> None:
        """Send questions; there must be none that it has not answered yet."""
        self.asked.extend(together)
        self.sent = len(together)
        self.begun = self.since = self.loop.time()
        data = b"".join([asked_as(asking.question) for asking in together])
        try:
            sent = self.connected.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:  # it has ended, which is read
            return
        if sent < len(data):
            self._sending = self.loop.create_task(self._send(memoryview(data)[sent:]))

    async def _send(self, data: memoryview) -> None:
        with suppress(OSError):
            await self.loop.sock_sendall(self.connected, data)

    def yield_to_others(self) -> None:
        """Let the process give way to all others, as it then does until its end."""
        self.spent = self.yielding = True
        be_modest(self.pid)

    def close(self) -> None:
        """Hang up."""
        if self._sending is not None:
            self._sending.cancel()
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
            self.spent = self.ended = True
            self.told(self)
            return
        if len(data) < self._lack:
            self._parts.append(data)
            self._lack -= len(data)
            return
        self._hear(b"".join((*self._parts, data)) if self._parts else data)
        if self.spent or not self.asked:
            self.told(self)

    def _hear(self, come: bytes) -> None:
        """Settle what is answered by bytes that have come, and keep the rest of them."""
        at = self._lack = 0
        self.since = self.loop.time()
        while self.asked and len(come) - at >= HEAD.size:
            last, kind, body = HEAD.unpack_from(come, at)
            begin = at + HEAD.size + kind
            if (lack := begin + body - len(come)) > 0:
                self._lack = lack
                break
            reply = Reply(come[at + HEAD.size : begin].decode(), come[begin : begin + body])
            at = begin + body
            self.spent = self.spent or last
            self.asked.popleft().set_index(reply)
        self._parts = [come[at:]] if at < len(come) else []


class QueryPool:
    """Query processes that are forked as they are needed and ended when they have met a limit.

    Beside the kinds of `Reply` that a query process gives there are: "late", "memory" and "deep", where a limit ended
    it; "busy", where too many queries wait or the turn of this one did not come in time; "gone", where the client did
    not wait; "broken", where a process ended for another reason.
    """

    def __init__(self, door: socket.socket, limits: Limits) -> None:
        self.door = door
        self.limits = limits
        self._idle: list[_Process] = []
        self._working: set[_Process] = set()  # those that are ending among them
        self._coming = 0
        self._waiting: deque[_Asking] = deque()
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._pace = 0.0  # seconds that the last questions took, each
        self._dealing = self._closed = False
        self._later: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in an event loop, with a first process, so that no visitor waits for it."""
        self.loop = loop
        self.door.setblocking(False)
        loop.add_reader(self.door.fileno(), self._hear)
        self._fork()
        self._look()

    def ask(self, question: Question, gone: Gone) -> "asyncio.Future[Reply]":
        """Answer a question within the limits."""
        asking = _Asking(question, gone, self.loop)
        if self._closed:
            asking.set_index(Reply("broken"))
        elif len(self._waiting) >= MOST_WAITING:
            asking.set_index(Reply("busy"))
        else:
            self._waiting.append(asking)
            self._deal_soon()
        return asking.reply

    # --- whose turn it is ---------------------------------------------------------------------------------

    def _deal_soon(self) -> None:
        if not self._dealing:  # what else comes in this round of the loop is dealt together
            self._dealing = True
            self.loop.call_soon(self._deal)

    def _deal(self) -> None:
        """Send those who wait to a process, unless one is about to be free for them."""
        self._dealing = False
        while self._closed and self._waiting:
            self._waiting.popleft().set_index(Reply("broken"))
        while self._waiting and not self._soon_free():
            if not self._idle:
                if not self._coming and len(self._working) < MOST_AT_WORK:
                    self._fork()
                return
            process = self._idle.pop()
            self._working.add(process)
            if process.spent:
                self._end(process)
            else:
                # what takes long is dealt out one by one: behind it others would wait, and a process be given up
                most = _MOST_TOGETHER if self._pace < _SLOW else 1
                process.ask([self._waiting.popleft() for _ in range(min(len(self._waiting), most))])

    def _soon_free(self) -> bool:
        """Return whether a process was sent its questions just now; if it was, look again when they take longer."""
        now = self.loop.time()
        for process in self._working:
            if process.asked and not process.spent and now - process.begun < _SHORT:
                if self._later is None:
                    self._later = self.loop.call_at(process.begun + _SHORT, self._deal_later)
                return True
        return False

    def _deal_later(self) -> None:
        self._later = None
        self._deal()

    def _heard_of(self, process: _Process) -> None:
        """Take back what a process that is spent has not answered; let another one go on."""
        if process in self._idle:  # it has ended, and is ended where its turn comes
            return
        if not process.spent and not self._closed:
            self._pace = (self.loop.time() - process.begun) / process.sent
            self._working.discard(process)
            self._idle.append(process)
        else:
            at_fault = process.asked.popleft() if process.ended and process.asked else None
            self._take_back(process.asked)
            self._end(process, at_fault)
        self._deal_soon()

    def _take_back(self, asked: deque[_Asking]) -> None:
        self._waiting.extendleft(reversed(asked))
        asked.clear()

    def _end(self, process: _Process, asking: _Asking | None = None) -> None:
        """End a process, and tell what it was asked last how it ended."""
        process.close()
        told: asyncio.Future[int] = self.loop.create_future()
        if self._closed:
            told.set_result(0)
        else:
            self._ends[process.pid] = told
            self._say(END, process.pid)

        def ended(code: "asyncio.Future[int]") -> None:
            self._working.discard(process)
            if asking is not None:
                asking.set_index(Reply(_ENDS.get(-code.result(), "broken")))
            self._deal_soon()

        told.add_done_callback(ended)

    # --- what takes long ----------------------------------------------------------------------------------

    def _look(self) -> None:
        now = self.loop.time()
        while self._waiting and (self._waiting[0].reply.done() or now - self._waiting[0].since >= self.limits.seconds):
            self._waiting.popleft().set_index(Reply("busy"))
        for process in tuple(self._working):
            if process.asked and now - process.since >= _LOOK:
                self._look_at(process, now)
        for asking in (*self._waiting, *(asking for process in self._working for asking in process.asked)):
            if asking.watch is None and now - asking.since >= _PATIENCE and not asking.reply.done():
                asking.watch = self.loop.create_task(self._until_gone(asking))
        self.loop.call_later(_LOOK, self._look)

    def _look_at(self, process: _Process, now: float) -> None:
        """See to a process that has been at one question for long."""
        if len(process.asked) > 1:  # another one can answer them meanwhile
            process.spent = True
            self._pace = now - process.since
            first = process.asked.popleft()
            self._take_back(process.asked)
            process.asked.append(first)
            self._deal_soon()
        if process.asked[0].reply.done():  # nobody waits for it
            process.asked.clear()
            process.spent = True
            self._end(process)
        elif now - process.since >= _LONG and not process.yielding:
            process.yield_to_others()

    async def _until_gone(self, asking: _Asking) -> None:
        """Give up when the client does."""
        await asking.gone()
        asking.watch = None
        asking.set_index(Reply("gone"))
        with suppress(ValueError):
            self._waiting.remove(asking)
        for process in self._working:
            if process.asked and process.asked[0] is asking:
                self._look_at(process, self.loop.time())
                return

    # --- what is asked for at the door --------------------------------------------------------------------

    def _fork(self) -> None:
        self._coming += 1
        self._say(FORK, 0)

    def _say(self, verb: bytes, pid: int) -> None:
        with suppress(OSError):  # the fork server is gone, which is heard
            self.door.send(REQUEST.pack(verb, pid))

    def _hear(self) -> None:
        while not self._closed:
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
                self._coming -= 1
                self._idle.append(_Process(pid, socket.socket(fileno=sockets[0]), self.loop, self._heard_of))
                self._deal_soon()
            else:
                self._ends.pop(pid).set_result(code)

    def _close(self) -> None:
        self._closed = True
        self.loop.remove_reader(self.door.fileno())
        for told in self._ends.values():
            told.set_result(0)
        self._deal_soon()
        for (
            process
        ) in self._idle:  # and so ends it: while it is there, the fork server does not look as if it were gone
            process.close()
        self._idle.clear()
