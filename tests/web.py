"""The site of a vault, asked through Flask's client."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rdflib
from flask.testing import FlaskClient
from tests.conftest import command
from werkzeug.test import TestResponse

from herbier.build import open_vault
from herbier.store.embedded import Store
from herbier.web.app import create_app
from herbier.web.site import Site


def client_of(root: Path, base: str | None = None) -> FlaskClient:
    """Return a client of the site of a vault."""
    opened = open_vault(root, base)
    store, _ = Store.of(opened)
    return create_app(Site(opened, store)).test_client()


def get(
    web: FlaskClient,
    path: str,
    accept: str | None = None,
    headers: dict[str, str] | None = None,
    **parameters: str,
) -> TestResponse:
    """Ask for a path; `parameters` are those of the query."""
    wanted = {**(headers or {}), **({"Accept": accept} if accept is not None else {})}
    query = parameters or None
    return web.get(path, headers=wanted, query_string=query, buffered=True)


def triples_of(response: TestResponse, name: str) -> set[tuple[rdflib.term.Node, ...]]:
    """Return the triples of an answer as rdflib reads them; `name` is its format's."""
    return set(rdflib.Graph().parse(data=response.data, format=name))


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve a vault in a process of its own, and return its address without the last slash."""
    server = subprocess.Popen(command("serve", root, "--port", "0"), stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        line = next(line for line in server.stderr if line.startswith("Serving"))
        yield re.sub(r".* at (\S+)/ .*", r"\1", line.strip())
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)
