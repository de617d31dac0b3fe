"""The processes of `herbier serve`: those that serve, each with an event loop, and the fork server of query processes.

The first process forks them all while it has one thread, waits for its end to be asked for, and ends them. They share
the store as it is in memory, and the socket that listens.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined] # as its own pickling of it does
from granian.server.embed import Server

from herbier.messages import Message
from herbier.problems import HerbierError
from herbier.store.fork_server import QueryWork, start_fork_server
from herbier.store.query_pool import QueryPool
from herbier.web.server.rsgi import RsgiApp
from herbier.web.site import Site

_CAN_FORK = sys.platform == "linux"  # elsewhere the libraries of the system may not survive it
_MOST_PROCESSES = 4  # that serve
_BACKLOG = 1024
_MOST_HEAD = 1_500_000  # bytes: an address of a megabyte is too long, and is not taken for headers that are
_MOST_REPLACED = 5  # processes, in so many seconds; more of them will not fix it
_SOON = 60.0
_PAUSE = 0.1  # seconds before the first is replaced; before each other one so much more
_GRACE = 2.0  # seconds for answers that are under way at the end


def serve_app(app: Flask, site: Site, listening: socket.socket, ready: str, announce: Callable[[str], object]) -> None:
    """Serve an application at a socket until this process is reported to end (Ctrl+C, SIGTERM); say when it is `ready`.

    A process that serves and ends is replaced, which is announced. Raises HerbierError where too many end, or the
    fork server does.
    """
    gc.collect()
    gc.freeze()  # what is looked at in a fork is copied
    if not _CAN_FORK:
        announce(Message("queries have no limit of time or memory on this system: let no others ask them"))
        announce(ready)
        _run(RsgiApp(app, None), listening, None)
        return
    own, lifeline = socket.socketpair()
    with _asked_to_end() as asked, own, lifeline:
        fork_server = start_fork_server(QueryWork(site.store, site.names, site.limits), lifeline, (own, listening))
        sockets = _sockets(listening, _count())

        def start(at: socket.socket) -> BaseProcess:
            others = [own, fork_server.control, *(other for other in sockets if other is not at)]
            with fork_server.open_door() as door:
                arguments = (app, QueryPool(door, site.limits), at, lifeline, others)
                process = multiprocessing.get_context("fork").Process(target=_serve, args=arguments)
                process.start()
            return process

        servers = {at: start(at) for at in sockets}
        announce(ready)
        replaced = _keep_up(servers, start, (asked, fork_server.process.sentinel), announce)
        own.close()  # all processes are reported by it
        _end([fork_server.process, *servers.values()])
        if not replaced:
            raise HerbierError(Message("a process of the server ended unexpectedly; is there enough memory?"))


def _keep_up(
    servers: dict[socket.socket, BaseProcess],
    start: Callable[[socket.socket], BaseProcess],
    ends: tuple[socket.socket, int],
    announce: Callable[[str], object],
) -> bool:
    """Replace the processes that end; tell whether all was well when the first process was asked to end.

    The sockets stay open meanwhile, so that who connects to one is answered by the next process at it.
    """
    asked, fork_server = ends
    lost: deque[float] = deque(maxlen=_MOST_REPLACED)
    while True:
        ended = wait([asked, fork_server, *(process.sentinel for process in servers.values())])
        if asked in ended or fork_server in ended:
            return asked in ended
        for at, process in [*servers.items()]:
            if process.sentinel not in ended:
                continue
            now = time.monotonic()
            if len(lost) == _MOST_REPLACED and now - lost[0] < _SOON:
                return False
            lost.append(now)
            if stopped := wait([asked, fork_server], _PAUSE * len(lost)):
                return asked in stopped
            servers.pop(at).close()
            try:
                servers[at] = start(at)
            except OSError:
                return False
            announce(Message("a process of the server ended unexpectedly, and was replaced"))


def _sockets(listening: socket.socket, count: int) -> list[socket.socket]:
    """Return sockets that listen at the same port, one a process: of one that all share, the first would take most."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sockets = [listening]
    while len(sockets) < count:
        other = socket.socket(listening.family)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(listening.getsockname())
        other.listen(_BACKLOG)
        sockets.append(other)
    return sockets


def _count() -> int:
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)


@contextmanager
def _asked_to_end() -> Iterator[socket.socket]:
    """Yield a socket that has something to read once this process is reported to end."""
    told, tell = socket.socketpair()

    def hear(number: int, frame: FrameType | None) -> None:
        with suppress(OSError):
            tell.send(b".")

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    with told, tell:
        try:
            yield told
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _end(processes: list[BaseProcess]) -> None:
    deadline = time.monotonic() + _GRACE
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


# --- a process that serves --------------------------------------------------------------------------------


class _Server(Server):
    """The server, at a socket that listens already."""

    def __init__(self, target: RsgiApp, listening: socket.socket) -> None:
        super().__init__(
            target,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
            backlog=_BACKLOG,
            http1_settings=HTTP1Settings(max_buffer_size=_MOST_HEAD),
        )
        self._listening = listening

    def _init_shared_socket(self) -> None:
        # its stubs know nothing of a socket that is there already, which it takes all the same
        number: Any = os.dup(self._listening.fileno())  # which the server closes at its end
        holder: Any = SocketHolder
        self._sfd = number
        self._shd = holder(number, False, _BACKLOG)


def _serve(
    app: Flask, pool: QueryPool, listening: socket.socket, lifeline: socket.socket, others: list[socket.socket]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is reported to all, and the first process ends the others
    for other in others:
        other.close()
    _run(RsgiApp(app, pool), listening, lifeline)


def _run(gateway: RsgiApp, listening: socket.socket, lifeline: socket.socket | None) -> None:
    """Serve until this process is reported to end, or until the lifeline is cut since the first process is gone."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = _Server(gateway, listening)
        for number in (signal.SIGTERM,) if lifeline else (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.stop)
        if lifeline is not None:
            loop.add_reader(lifeline.fileno(), server.stop)
        await server.serve()

    asyncio.run(main())
