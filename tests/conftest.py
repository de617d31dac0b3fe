"""What the tests share: a vault from a table of files, and short ways to what comes of it."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click.testing
import pyoxigraph
import pytest
from hypothesis import HealthCheck, settings

from herbier.cli import main
from herbier.pipeline.build import FileCounts, build
from herbier.pipeline.opening import open_vault
from herbier.problems import Problem
from herbier.rdf.formats import FORMATS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
BASE = "http://127.0.0.1:8000/"
FRENCH = 'language = "fr"\n'  # a herbier.toml that keeps the language from being guessed

SHORT = {
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "herbier": "https://w3id.org/herbier#",
}
PARSED = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}

settings.register_profile(
    "herbier",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
settings.load_profile("herbier")

Files = Mapping[str, str | bytes]


def pytest_configure(config: pytest.Config) -> None:
    # rdflib 7.6 warns of its own names inside Dataset.parse, which is what herbier.load calls, and in its TriG parser
    config.addinivalue_line("filterwarnings", r"ignore:Dataset\.:DeprecationWarning:rdflib")
    config.addinivalue_line("filterwarnings", "ignore:ConjunctiveGraph is deprecated:DeprecationWarning:rdflib")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests away from the person's own cache."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def own_language() -> None:
    """Keep the tests away from the person's own language."""
    os.environ["LC_ALL"] = "C.UTF-8"


class BuildResult(NamedTuple):
    """What a build gives: the bytes of the output, what is to be reported, and the sum of the files."""

    data: bytes
    problems: list[Problem]
    counts: FileCounts

    @property
    def codes(self) -> list[str]:
        """The codes of all problems, sorted."""
        return sorted(problem.code for problem in self.problems)

    @property
    def places(self) -> list[str]:
        """All problems as `path:line:column: severity code`."""
        return [f"{p.path}:{p.line}:{p.column}: {p.severity} {p.code}" for p in self.problems]


class Ran(NamedTuple):
    """What a command gives: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


def vault(folder: Path, files: Files) -> Path:
    """Write the files of a vault below a folder, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def build_notes(root: Path, name: str = "nquads", *, jobs: int = 1, base: str | None = None) -> BuildResult:
    """Build a vault in memory; `name` is a format's."""
    blocks: list[bytes] = []
    built = build(open_vault(root, base), blocks.append, FORMATS[name], jobs=jobs)
    return BuildResult(b"".join(blocks), built.problems, built.counts)


def triples(data: bytes, name: str) -> set[str]:
    """Return the triples of an output in N-Triples form, as Oxigraph reads them; its errors are the test's."""
    return {str(quad.triple) for quad in pyoxigraph.parse(data, format=PARSED[name])}


def quads(data: bytes, name: str) -> set[str]:
    """Return the quads of an output, as Oxigraph reads them."""
    return {str(quad) for quad in pyoxigraph.parse(data, format=PARSED[name])}


def short(triple: str, base: str = BASE) -> str:
    """Return a triple or a term as a person writes it: `id/a schema:name "A"@fr`."""
    for prefix, namespace in SHORT.items():
        triple = re.sub(rf"<{re.escape(namespace)}([\w-]+)>", rf"{prefix}:\1", triple)
    return re.sub(rf"<{re.escape(base)}([^>]*)>", r"\1", triple)


def facts(root: Path, base: str = BASE) -> set[str]:
    """Return all that a vault publishes, each triple in short form."""
    return {short(triple, base) for triple in triples(build_notes(root).data, "nquads")}


def said_of(root: Path, subject: str) -> set[str]:
    """Return what is said of a subject, `predicate object`, in short form."""
    start = f"{subject} "
    return {fact.removeprefix(start) for fact in facts(root) if fact.startswith(start)}


def values(root: Path, subject: str, predicate: str) -> set[str]:
    """Return the objects of a subject and a predicate, in short form."""
    start = f"{subject} {predicate} "
    return {fact.removeprefix(start) for fact in facts(root) if fact.startswith(start)}


def run(*arguments: str | Path) -> Ran:
    """Run a command in this process; an exception that is no exit is the test's."""
    result = click.testing.CliRunner().invoke(main, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def command(*arguments: str | Path) -> list[str]:
    """Return the words that run a command in a process of its own."""
    return [sys.executable, "-c", "from herbier.cli import main; main()", *map(str, arguments)]


def spawn(*arguments: str | Path, timeout: float = 60) -> "subprocess.CompletedProcess[bytes]":
    """Run a command in a process of its own."""
    return subprocess.run(command(*arguments), capture_output=True, timeout=timeout, check=False)


# --- a site ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vault of `tests/site.py`, which has all that a page can show; a module may have another."""
    from tests.site import FILES

    return vault(tmp_path_factory.mktemp("web") / "coffre", FILES)


@pytest.fixture(scope="session")
def web(root: Path) -> "FlaskClient":
    """Its site, asked through Flask's client."""
    from tests.site import client_of

    return client_of(root)
