"""`herbier serve`: open a vault, map it, and listen."""

import errno
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from herbier.ledger.ledger_file import Ledger
from herbier.messages import Message
from herbier.pipeline.build import Built, keep_ledger
from herbier.pipeline.opening import open_vault
from herbier.pipeline.progress import Progress
from herbier.problems import HerbierError, problem
from herbier.store.embedded import Store
from herbier.web.app import create_app
from herbier.web.http.cors import is_near
from herbier.web.server.processes import serve_app
from herbier.web.site import Site

_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # no address to go to, so one that leads here
_REASONS = {
    errno.EADDRINUSE: lambda port: Message("port {port} is in use: choose another one with --port", port=port),
    errno.EACCES: lambda port: Message(
        "port {port} may not be listened at: choose one from 1024 on with --port", port=port
    ),
}


def serve(
    vault: Path,
    host: str,
    port: int,
    base: str | None,
    tell: Callable[[Built, Path], object],
    progress: Callable[[], AbstractContextManager[Progress]],
    announce: Callable[[str], object],
) -> None:
    """Serve a vault until Ctrl+C; port 0 is any that is free. Where no base is set, it is the address served.

    Raises HerbierError where there is no vault, or where the port cannot be had.
    """
    with _listening(host, port) as listening:
        address = _address(host, listening.getsockname()[1])
        opened = open_vault(vault, base, served=address)
        no_base = base is None and opened.settings.base == address
        with progress() as shown:
            store, built = Store.of(opened, shown)
        if no_base:
            message = Message("the IRIs begin with {address}, which leads nowhere on other machines", address=address)
            hint = Message('set base = "https://..." in herbier.toml, or --base')
            found = problem("default-base", "", 0, 0, message, hint)
            built = built._replace(problems=sorted([found, *built.problems]))
        built = keep_ledger(opened, built)
        tell(built, vault)
        site = Site(opened, store, built.ledger or Ledger(), built.understood if is_near(host) else None)
        app = create_app(site, preview=is_near(host))
        path = urlsplit(site.base).path.lstrip("/")
        ready = Message("Serving {title} at {address} (Ctrl+C ends it)", title=site.title, address=f"{address}{path}")
        serve_app(app, site, listening, ready, announce)


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens, before the work is done: a port that cannot be had is reported at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        if reason := _REASONS.get(error.errno or 0):
            raise HerbierError(reason(str(port))) from None
        why = str(error.strerror or error).partition(" (while")[0]  # the socket module adds the address again
        told = Message("{address} cannot be listened at: {why}", address=f"{host}:{port}", why=why)
        raise HerbierError(told) from None


def _address(host: str, port: int) -> str:
    name = _EVERY_ADDRESS.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
