"""What is private gets into nothing that others are given: not its title, path, text, tags, aliases, nor that it is.

Vaults are written in which each private thing is a random word of its own; all that Herbier gives is searched for them.
"""

import base64
import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import click
import pytest
from tests.conftest import build_notes, command, run
from tests.leaks.marked import LETTERS, Marked, Private, lay, lay_open, lay_twice
from tests.leaks.outputs import OUTPUTS, Output, client, whole
from tests.leaks.search import LENGTH, words_in
from tests.leaks.withdrawn import WITHDRAWN, Withdrawn, withdraw

from herbier.cli import main
from herbier.rdf.formats import FORMATS
from herbier.rdf.slugs import slug

WORD = LETTERS[:LENGTH]


def leaks(outputs: Iterator[Output], words: dict[str, str]) -> list[str]:
    """Return what each word that is found stands for, with the first output that has it."""
    found: dict[str, str] = {}
    count = 0
    for output in outputs:
        count += 1
        for word in words_in(output.data, words):
            found.setdefault(words[word], f"{output.kind} {output.place}")
    assert count > 0
    return [f"{what} in {place}" for what, place in sorted(found.items())]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    return lay(tmp_path_factory.mktemp("marked") / "vault", 1)


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Withdrawn:
    return withdraw(tmp_path_factory.mktemp("withdrawn") / "vault", 1)


@pytest.mark.parametrize("name", OUTPUTS)
def test_nothing_that_is_given_names_what_is_private(
    marked: Marked, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaks(OUTPUTS[name](marked.root, monkeypatch), marked.words) == []


@pytest.mark.parametrize("seed", range(2, 6))
def test_no_build_names_what_is_private(seed: int, tmp_path: Path) -> None:
    """In every vault another form of link meets another note."""
    marked = lay(tmp_path / "vault", seed, only_marked=seed % 2 == 0)
    assert [what for name in FORMATS for what in words_in(build_notes(marked.root, name).data, marked.words)] == []
    assert words_in(run("inventory", marked.root).out, marked.words) == set()


@pytest.mark.parametrize("name", OUTPUTS)
def test_nothing_that_is_given_names_what_was_withdrawn(
    withdrawn: Withdrawn, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaks(OUTPUTS[name](withdrawn.root, monkeypatch), withdrawn.words) == []


@pytest.mark.parametrize("way", WITHDRAWN)
def test_the_addresses_of_what_was_withdrawn_are_gone(withdrawn: Withdrawn, way: str) -> None:
    site = client(withdrawn.root)
    assert withdrawn.slugs[way]
    for name in withdrawn.slugs[way]:
        for path in (f"/id/{name}", f"/doc/{name}", f"/doc/{name}.ttl", f"/doc/{name}.html"):
            for accept in ("text/html", "text/turtle"):
                answer = site.get(path, headers={"Accept": accept})
                assert answer.status_code == 410, path
                assert not words_in(whole(answer), withdrawn.words)


def test_what_was_withdrawn_has_its_address_again_once_it_is_public(tmp_path: Path) -> None:
    """What leads to it is sealed with it, and opens with it."""
    root = tmp_path / "vault"
    withdraw(root, 5)
    before = (root / "herbier.ledger").read_text("utf-8")
    for file in root.rglob("*.md"):
        file.write_text(file.read_text("utf-8").replace("private: true\n", ""), "utf-8")
    assert run("build", root, "-o", tmp_path / "out.nq").code in (0, 1)
    after = (root / "herbier.ledger").read_text("utf-8")
    assert before.count("\twithdrawn\t") >= len(WITHDRAWN)
    assert after.count("\tmerged\t") == 3  # the slug that changed, and the two redirects
    assert after.count("\twithdrawn\t") == 3  # two that .herbierignore lists, and the one that was deleted


# --- a private note is as if it had never been ------------------------------------------------------------------------


def test_the_same_is_published_as_if_the_private_notes_had_never_been(tmp_path: Path) -> None:
    """Where the links to them are replaced by their alias, or […], by hand."""
    marked, plain = lay_twice(tmp_path, 1)
    for name in FORMATS:
        assert build_notes(marked.root, name).data == build_notes(plain, name).data


def test_the_same_pages_are_served_as_if_the_private_notes_had_never_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked, plain = lay_twice(tmp_path, 2)
    ours, theirs = (
        {(output.kind, output.place): output.data for output in OUTPUTS["site"](root, monkeypatch)}
        for root in (marked.root, plain)
    )
    assert len(ours) > 500
    assert ours.keys() == theirs.keys()
    assert [place for place, data in ours.items() if theirs[place] != data] == []


def never(text: str) -> str:
    """Return a text with words that were never given out in place of those that were."""
    return re.sub(f"[{LETTERS}]{{{LENGTH}}}", WORD, unicodedata.normalize("NFD", text))


def without_tag(answer: bytes) -> str:
    """Return an answer without its ETag, which is a digest of what it says, and so of what was asked."""
    return never(re.sub(r"ETag: .*", "", answer.decode()))


def names_of(note: Private) -> list[str]:
    """Return what a note may be asked for by."""
    slugs = [slug(name) for name in (note.stem, note.title, note.alias)]
    return [note.path, note.path.removesuffix(".md"), *note.names, *slugs]


def test_an_address_of_a_private_note_is_answered_as_one_that_never_was(marked: Marked) -> None:
    site = client(marked.root)
    different = []
    for note in marked.private:
        files = [f"file/{file.relative_to(marked.root)}" for file in (marked.root / note.folder).glob("*.png")]
        paths = [f"{kind}/{name}" for name in names_of(note) for kind in ("id", "doc", "tag", "key", "file", "static")]
        paths += [f"doc/{slug(note.title)}.ttl", f"doc/{slug(note.title)}.html", f"?type={note.title}", *files]
        paths += [f"{door}={name}" for name in names_of(note) for door in ("search?q", "fragments?subject", "dump/id")]
        paths += [f'fragments?object="{note.title}"@fr', f"dump/id-{slug(note.title)}.nt.gz"]
        own = [word for word, place in marked.words.items() if place.startswith(f"{note.way}: ")]
        paths += [f"{kind}/{word}" for word in own for kind in ("doc", "tag", "key")]
        for path in (f"/{unicodedata.normalize('NFD', path)}" for path in paths):
            methods = ("GET", "HEAD", "POST", "OPTIONS") if slug(note.title) in path else ("GET",)
            for method in methods:
                theirs, ours = (
                    whole(site.open(quote(asked, "/?="), method=method, headers={"Accept": "text/html"}))
                    for asked in (path, never(path))
                )
                if without_tag(theirs) != without_tag(ours):
                    different.append(f"{method} {path}")
    assert different == []


def test_a_query_for_a_private_note_is_answered_as_one_for_a_note_that_never_was(marked: Marked) -> None:
    site = client(marked.root)
    queries = ("DESCRIBE <id/{}>", "ASK {{ <doc/{}> ?p ?o }}", "SELECT * {{ GRAPH <doc/{}> {{ ?s ?p ?o }} }}", "NO {}")
    for note in marked.private:
        for query in queries:
            asked = query.format(slug(note.title))
            for accept in ("text/html", "text/turtle", "application/sparql-results+json"):
                ours, theirs = (
                    whole(site.get("/sparql", query_string={"query": text}, headers={"Accept": accept}))
                    for text in (never(asked), asked)
                )
                assert without_tag(theirs) == without_tag(ours)


@pytest.mark.parametrize("arguments", [("{}",), ("--iri", "id/{}"), ("--iri", "tag/{}"), ("--iri", "key/{}")])
def test_explain_knows_no_private_note_by_name(marked: Marked, arguments: tuple[str, ...]) -> None:
    for note in (marked.private[0], marked.private[-1]):
        for name in note.names:
            asked = [text.format(slug(name) if "--iri" in arguments else name) for text in arguments]
            place = [marked.root] if "--iri" in arguments else ["--vault", marked.root]
            ours, theirs = (run("explain", *place, *words) for words in (map(never, asked), asked))
            assert (theirs.code, never(theirs.err)) == (ours.code, never(ours.err)) == (2, never(theirs.err))


def test_what_an_include_names_by_a_detour_is_kept_back_all_the_same(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    (root / "secret").mkdir(parents=True)
    (root / "secret" / "a.ttl").write_text(f"<a:b> <a:c> '{WORD}' .", "utf-8")
    (root / "lien.ttl").symlink_to("secret/a.ttl")
    (root / ".herbierignore").write_text("secret/\n", "utf-8")
    for path in ("secret/a.ttl", "./secret/../secret/a.ttl", "lien.ttl", str(root / "secret" / "a.ttl")):
        (root / "herbier.toml").write_text(f"include = [{json.dumps(path)}]\n", "utf-8")
        assert words_in(build_notes(root).data, [WORD]) == set(), path
    (root / ".herbierignore").unlink()
    assert words_in(build_notes(root).data, [WORD]) == {WORD}


# --- the server -------------------------------------------------------------------------------------------------------


def test_the_server_writes_nothing_of_what_is_private(marked: Marked) -> None:
    """What it tells of the vault before it serves is for the keeper; while it serves, others may read along."""
    server = subprocess.Popen(command("serve", marked.root, "--port", "0"), stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        line = next(line for line in server.stderr if line.startswith("Serving"))
        address = urlsplit(re.sub(r".* at (\S+) .*", r"\1", line.strip()))
        assert address.hostname is not None
        assert address.port is not None
        for note in marked.private:
            for path in (f"/doc/{slug(note.title)}", f"/file/{quote(note.path)}", f"/sparql?query={quote(note.stem)}"):
                connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
                connection.request("GET", path)
                assert connection.getresponse().status in (400, 404)
                connection.close()
        for raw in ("GET\r\n\r\n", "\0\r\n\r\n", "GET /doc/accueil HTTP/9\r\n\r\n", "FROB / HTTP/1.1\r\n\r\n"):
            with socket.create_connection((address.hostname, address.port), timeout=10) as connected:
                connected.sendall(raw.encode())
                connected.recv(1000)
    finally:
        server.send_signal(signal.SIGINT)
        rest = server.communicate(timeout=20)[1]
    assert words_in(rest, marked.words) == set()
    assert "Traceback" not in rest


# --- the search finds what there is -----------------------------------------------------------------------------------

# Outputs that say nothing of any note, and that are searched all the same.
SILENT = {
    "query refused",
    "wikidata README.md",
    "wikidata matches.sssom.tsv",
    "wikidata quickstatements.txt",
    "init herbier.toml",
    "init herbier.ledger",
    "OPTIONS",
    "POST",
    "DELETE",
    "/sparql refused",
    "GET /sparql as image/png",
    "POST /sparql as image/png",
    *(f"query {form} --format {name}" for form in ("ASK", "counts") for name in ("table", "json", "csv", "tsv", "xml")),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_kind_of_output_is_searched(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of notes that nothing keeps back each has words."""
    marked = lay_open(tmp_path / "vault", 1)
    if name == "build":
        (marked.root / "herbier.ledger").write_text("", "utf-8")
    found: dict[str, set[str]] = defaultdict(set)
    for output in OUTPUTS[name](marked.root, monkeypatch):
        found[output.kind] |= words_in(output.data, marked.words)
    assert {kind for kind, words in found.items() if not words} <= SILENT
    assert {kind for kind, words in found.items() if words}


def test_the_silent_outputs_are_outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marked, _ = lay_twice(tmp_path, 1)
    kinds = {
        output.kind
        for name in ("query", "init", "site", "wikidata")
        for output in OUTPUTS[name](marked.root, monkeypatch)
    }
    assert kinds >= SILENT


@pytest.mark.parametrize(
    "written",
    [
        WORD,
        WORD.upper(),
        f"a-{WORD}-b",
        f"{WORD[:3]}\u0307{WORD[3:]}",
        quote(f"{WORD[0]}\u0307{WORD[1:]}"),
        quote(quote(unicodedata.normalize("NFC", f"{WORD[0]}\u0307{WORD[1:]}"))),
        json.dumps(unicodedata.normalize("NFC", f"{WORD[0]}\u0307{WORD[1:]}")),
        "".join(f"&#{ord(char)};" for char in WORD),
        "".join(f"%{ord(char):02X}" for char in WORD),
        gzip.compress(f"<{WORD}>".encode(), mtime=0),
        base64.b64encode(f"  {WORD}  ".encode()),
        b"\xff\xfe" + WORD.encode(),
    ],
)
def test_a_word_is_found_however_it_is_written(written: str | bytes) -> None:
    assert words_in(written, [WORD]) == {WORD}
    assert words_in("bcdfg jklmn", [WORD]) == set()


# --- nothing new goes unsearched --------------------------------------------------------------------------------------

KEEPER = "only the keeper's own terminal has it"
COMMANDS = {
    "build": {"vault", "output", "name", "base", "jobs", "profile", "types", "tags", "unmatched"},
    "query": {"vault", "sparql", "name", "base"},
    "explain": {"note", "vault", "triple", "iri", "key", "name", "base"},
    "inventory": {"vault", "name"},
    "learn": {"vault", "yes", "sure", "write"},
    "init": {"vault", "base", "title", "language", "license", "publisher", "yes", "force"},
    "serve": {"vault", "host", "port", "base"},
    "check": KEEPER,
    "fix": KEEPER,
    "redirect": KEEPER,
    "help": KEEPER,
}
ROUTES = {
    "/",
    "/healthz",
    "/id/<slug>",
    "/doc/<name>",
    "/tag/",
    "/tag/<path:name>",
    "/key/<name>",
    "/file/<path:name>",
    "/sparql",
    "/static/<path:filename>",
    "/.well-known/void",
    "/dump/",
    "/dump/<name>",
    "/fragments",
    "/search",
    "/sitemap.xml",
    "/sitemap-<int:number>.xml",
    "/robots.txt",
    "/context.jsonld",
    "/openapi.json",
}


def test_every_command_is_searched() -> None:
    """A new command, or a new option, belongs into the outputs of tests/leaks/ before it belongs here."""
    assert set(main.commands) <= COMMANDS.keys()
    for name, options in COMMANDS.items():
        if isinstance(options, set):
            assert {option.name for option in main.commands[name].params} == options, name
    explain = next(option for option in main.commands["explain"].params if option.name == "name")
    assert isinstance(explain.type, click.Choice)
    assert list(explain.type.choices) == ["text", "json"]


def test_every_route_is_walked(marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = {rule.rule for rule in client(marked.root).application.url_map.iter_rules()}
    assert {route for route in routes if not route.startswith("/<any(")} == ROUTES
    assert len(routes) == len(ROUTES) + 2  # the dataset and the tags, by suffix; the profiles
