"""Between the server and the application: queries go to their processes at once, all else to Flask.

The server speaks RSGI (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md), which tells when a
client goes away and needs no thread for one that waits; Flask speaks WSGI (PEP 3333).
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast
from urllib.parse import unquote, urlsplit

from flask import Flask

from herbier import __version__
from herbier.store.query_pool import QueryPool
from herbier.store.query_process import Reply
from herbier.store.query_text import always_same
from herbier.web.app import LARGEST_REQUEST
from herbier.web.http.errors import MOST_HEADERS, TOO_LONG
from herbier.web.http.negotiation import HTML
from herbier.web.query.endpoint import REPLY
from herbier.web.query.protocol import METHODS, RefusedError, Request, accepted_formats, question_of
from herbier.web.response_cache import ResponseCache
from herbier.web.site import EXTENSION, Site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]
SERVER = ("server", f"Herbier/{__version__}")
_THREADS = 8
_MANY = 64  # parts of a body that are sent at once
# What is answered from memory, so that to change threads would take longer than the answer.
_AT_ONCE = frozenset(["doc", "id", "tag", "key", "static", "healthz"])
# What the headers of an answer depend on beside its type; what is conditional is Flask's.
_SAME_FOR = ("host", "origin", "forwarded", "x-forwarded-for", "x-forwarded-host", "via")
_CONDITIONAL = ("if-none-match", "if-match", "if-modified-since", "if-unmodified-since", "range")
_BEARING = frozenset([*_SAME_FOR, *_CONDITIONAL])
_OWN = frozenset(["content-length", "etag", "date"])  # headers of one answer alone
_MOST_KEPT = 500
_LONG = 200  # characters: no proxy says so much
_MOST_READ = 16 * LARGEST_REQUEST
_ROOM = 16_000_000  # bytes


class RequestHeaders(Protocol):
    """The headers of a request."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a header, its name in small letters."""

    def get_all(self, key: str) -> list[str]:
        """Return the values of a header that is there more than once."""

    def keys(self) -> list[str]:
        """Return the names of all of them."""

    def items(self) -> list[tuple[str, str]]:
        """Return all of them."""


class Scope(Protocol):
    """A request, as RSGI describes it."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: RequestHeaders


class Transport(Protocol):
    """Where the parts of a long body go."""

    async def send_bytes(self, data: bytes) -> None:
        """Send a part."""


class Connection(Protocol):
    """The connection of a request."""

    def __aiter__(self) -> Any:
        """Yield the body."""

    def client_disconnect(self) -> Awaitable[object]:
        """Wait until the client is gone."""

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer without a body."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with a body."""

    def response_stream(self, status: int, headers: Headers) -> Transport:
        """Answer with a body that comes in parts."""


class _Answer(NamedTuple):
    """An answer of the application; `rest` is what of the body is still to come."""

    status: int
    headers: Headers
    body: bytes
    rest: Iterator[bytes] | None
    close: Callable[[], object]


class _Known(NamedTuple):
    """An answer to a query, its type and its ETag."""

    media_type: str
    etag: str
    reply: Reply


class RsgiApp:
    """Serves an application; without a pool its queries are answered where it runs, without limits of time."""

    def __init__(self, app: Flask, pool: QueryPool | None) -> None:
        self.app = app
        self.pool = pool
        self.site: Site = app.extensions[EXTENSION]
        below = unquote(urlsplit(self.site.base).path).rstrip("/")
        self.endpoints = {"/sparql", f"{below}/sparql"}
        self.threads = ThreadPoolExecutor(_THREADS)
        self.known = ResponseCache(_ROOM)  # answers, since what is asked once is often asked again
        self._headers: dict[tuple[object, ...], Headers] = {}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in an event loop."""
        self.loop = loop
        if self.pool is not None:
            self.pool.start(loop)

    async def __rsgi__(self, scope: Scope, line: Connection) -> None:
        """Answer a request."""
        body = await _body(scope, line) if scope.method not in ("GET", "HEAD") else b""
        if scope.path in self.endpoints and scope.method in METHODS and self.pool is not None:
            await self._query(self.pool, scope, line, body)
        else:
            await self._page(scope, line, body)

    # --- queries ------------------------------------------------------------------------------------------

    async def _query(self, pool: QueryPool, scope: Scope, line: Connection, body: bytes | None) -> None:
        sent = scope.headers
        accept = sent.get("accept")
        if len(accept or "") > MOST_HEADERS:
            await self._page(scope, line, body)  # which says so
            return
        asked = accept, scope.query_string
        known = cast("_Known | None", self.known.find(asked)) if scope.method != "POST" else None
        if known is not None:
            await self._answer(scope, line, body, known)
            return
        content_type = sent.get("content-type") if scope.method == "POST" else None
        try:
            request = Request(scope.method, scope.query_string, content_type, accept, body or b"")
            question = None if body is None else question_of(request)
        except RefusedError:
            question = None
        if question is None or not question.text.strip():
            await self._page(scope, line, body)
            return
        reply = await pool.ask(question, line.client_disconnect)
        offer = getattr(accepted_formats(accept), reply.kind) if reply.kind in ("rows", "graph") else None
        if offer is None or offer is HTML:
            await self._page(scope, line, body, reply)
            return
        known = _Known(offer.media_type, f'"{sha256(reply.body).hexdigest()[:32]}"', reply)
        if scope.method != "POST" and always_same(question.text):
            self.known.keep(asked, known, 2 * len(scope.query_string) + len(accept or "") + len(reply.body))
        await self._answer(scope, line, body, known)

    async def _answer(self, scope: Scope, line: Connection, body: bytes | None, known: "_Known") -> None:
        """Send an answer with the headers that Flask gave another one of its kind."""
        sent = scope.headers
        names = _BEARING.intersection(sent.keys())
        key = (known.media_type, scope.method, *((name, *sent.get_all(name)) for name in names))
        headers = self._headers.get(key)
        if headers is not None and not scope.authority:
            line.response_bytes(200, [*headers, ("etag", known.etag)], known.reply.body)
            return
        answer = await self._page(scope, line, body, known.reply)
        usual = names.isdisjoint(_CONDITIONAL) and all(len(sent.get(name)) < _LONG for name in names)
        if usual and not scope.authority and answer.status == 200 and len(self._headers) < _MOST_KEPT:
            self._headers[key] = [header for header in answer.headers if header[0].lower() not in _OWN]

    # --- all else -----------------------------------------------------------------------------------------

    async def _page(self, scope: Scope, line: Connection, body: bytes | None, reply: Reply | None = None) -> _Answer:
        environ = _environ(scope, body)
        if reply is not None:
            environ[REPLY] = reply
        run = partial(_run, self.app, environ)
        quick = scope.path.split("/", 2)[1] in _AT_ONCE if "/" in scope.path else False
        answer = run() if quick else await self.loop.run_in_executor(self.threads, run)
        try:
            if answer.rest is not None:
                transport = line.response_stream(answer.status, answer.headers)
                await transport.send_bytes(answer.body)
                while part := await self.loop.run_in_executor(self.threads, _joined, answer.rest):
                    await transport.send_bytes(part)
            elif answer.body:
                line.response_bytes(answer.status, answer.headers, answer.body)
            else:
                line.response_empty(answer.status, answer.headers)
        finally:
            answer.close()
        return answer


async def _body(scope: Scope, line: Connection) -> bytes | None:
    """Return the body of a request; None where it is larger than any that is answered.

    One that is not much larger, by what is said of it, is read all the same: a client that is still sending hears of
    no answer.
    """
    most = LARGEST_REQUEST
    with suppress(ValueError):
        declared = int(scope.headers.get("content-length", "0"))
        if declared > _MOST_READ:
            return None
        most = max(most, declared)
    parts: list[bytes] = []
    size = 0
    async for part in line:
        size += len(part)
        if size > most:
            break
        if size <= LARGEST_REQUEST:
            parts.append(part)
    return None if size > LARGEST_REQUEST else b"".join(parts)


def _environ(scope: Scope, body: bytes | None) -> "WSGIEnvironment":
    """Return a request as WSGI describes it (PEP 3333)."""
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    size = 0
    for name, value in scope.headers.items():
        size += len(name) + len(value)
        if "_" not in name and size <= MOST_HEADERS:  # as no proxy could tell it from a hyphen
            key = _NAMES.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    if scope.authority:  # goes before what the header says (RFC 9112, section 3.2.2)
        environ["HTTP_HOST"] = scope.authority
    environ[TOO_LONG] = size > MOST_HEADERS
    if environ.pop("HTTP_TRANSFER_ENCODING", None) or body is None:  # the body has come whole, or is too large
        environ["CONTENT_LENGTH"] = str(LARGEST_REQUEST + 1 if body is None else len(body))
    return environ


_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def _run(app: Flask, environ: "WSGIEnvironment") -> _Answer:
    status, headers = 500, [SERVER]

    def start(line: str, given: Headers, *_: object) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = int(line[:3]), [SERVER, *((name.lower(), value) for name, value in given)]
        return _no_write

    parts: Iterable[bytes] = app(environ, start)
    close = getattr(parts, "close", _nothing)
    if isinstance(parts, list | tuple):
        return _Answer(status, headers, b"".join(parts), None, close)
    rest = iter(parts)
    first = list(islice(rest, _MANY))
    whole = len(first) < _MANY
    return _Answer(status, headers, b"".join(first), None if whole else rest, close)


def _joined(parts: Iterator[bytes]) -> bytes:
    return b"".join(islice(parts, _MANY))


def _no_write(data: bytes) -> None:
    raise OSError(HTTPStatus.NOT_IMPLEMENTED.phrase)  # the old way of PEP 3333, which Flask has no use for


def _nothing() -> None:
    """Close nothing."""
