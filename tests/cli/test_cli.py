"""The command line: what is printed where, exit codes, files that are whole or not there."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
from tests.conftest import BASE, FRENCH, Files, Ran, build_notes, command, quads, run, short, spawn, triples, vault

from herbier import __version__
from herbier.cli import main

SOUND: Files = {
    "Ada Lovelace.md": (
        "---\ntype: personne\nisPartOf: '[[Analyse]]'\ntags: [maths]\ndate_creation: 2025-03-20\n---\n"
        "# Vie\n\nVoir [[Analyse]].\n"
    ),
    "Analyse.md": "",
    "herbier.toml": FRENCH,
}
WARNED: Files = {**SOUND, "b.md": "[[Absente]]\n"}
WRONG: Files = {**WARNED, "c.md": b"\x00\x01\x02\x00\xff", "sous/é d.md": "---\ntilte: x\n= =\n---\n"}


def one_line(ran: Ran) -> bool:
    """Return whether a command said in one line why nothing was done."""
    return ran.code == 2 and ran.out == "" and ran.err.startswith("error: ") and ran.err.count("\n") == 1


def in_one_line(done: "subprocess.CompletedProcess[bytes]") -> bool:
    return done.returncode == 2 and b"Traceback" not in done.stderr and done.stderr.count(b"\n") == 1


# --- exit codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("files", "code"), [(SOUND, 0), (WARNED, 0), (WRONG, 1)])
def test_exit_codes_of_check_and_build(files: Files, code: int, tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", files)
    for name in ("text", "json", "sarif"):
        assert run("check", root, "--format", name).code == code
    assert run("build", root, "-o", tmp_path / "out.ttl").code == code
    assert run("build", root, "-o", "-", "--format", "nt").code == code


def test_with_errors_the_output_is_complete_but_for_what_is_listed(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", WRONG)
    ran = run("build", root, "-o", tmp_path / "out.nq")
    assert ran.code == 1
    assert (tmp_path / "out.nq").read_bytes() == build_notes(root).data
    assert "c.md" in ran.err
    assert "6 files = 4 published + 0 private + 2 listed" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "absent"),
        ("query", "notes/Analyse.md", "ASK {}"),
        ("build", "absent", "-o", "x.ttl"),
        ("build", "notes", "-o", "x.foo"),
        ("build", "notes", "-o", "x"),
        ("build", "notes", "-o", "x.gz"),
        ("build", "notes", "-o", "-"),
        ("build", "notes", "-o", "-", "--format", "csv"),
        ("build", "notes", "-o", "absent/x.ttl"),
        ("build", "notes", "-o", "notes", "--format", "ttl"),
        ("build", "notes", "-o", "x.ttl", "--base", "exemple"),
        ("check", "notes", "--base", "ftp://x/"),
        ("query", "absent", "SELECT * {}"),
        ("query", "notes", "SELEC *"),
        ("query", "notes", "SELECT * { ?s ?p }"),
        ("query", "notes", "@absent.rq"),
        ("query", "notes", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"),
        ("query", "notes", "INSERT DATA { <a:b> <a:c> <a:d> }"),
        ("query", "notes", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "--format", "csv"),
        ("query", "notes", "SELECT * { ?s ?p ?o }", "--format", "ttl"),
        ("explain", "absent.md"),
        ("explain", "dehors.md", "--vault", "notes"),
        ("explain", "notes/herbier.toml", "--vault", "notes"),
    ],
)
def test_what_leaves_nothing_to_do_is_told_in_one_line(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault(tmp_path / "notes", SOUND)
    (tmp_path / "dehors.md").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert one_line(run(*arguments))
    assert {path.name for path in tmp_path.iterdir()} == {"notes", "dehors.md"}


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("build",),
        ("build", "notes"),
        ("check", "notes", "--format", "xml"),
        ("build", "notes", "-o", "x.ttl", "--jobs", "0"),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault(tmp_path / "notes", SOUND)
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == 2
    assert "Usage:" in ran.err


def test_what_ctrl_c_ends_is_neither_done_nor_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """130 is what a shell has for it; 1 would say that the work is done but for what is listed."""

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("herbier.cli.build.open_vault", interrupted)
    ran = run("build", vault(tmp_path / "notes", SOUND), "-o", tmp_path / "a.ttl")
    assert (ran.code, ran.err) == (130, "\nstopped\n")
    assert not (tmp_path / "a.ttl").exists()


def test_a_query_file_that_is_no_text(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    (tmp_path / "q.rq").write_bytes(b"SELECT \xff\xfe")
    assert one_line(run("query", root, f"@{tmp_path / 'q.rq'}"))


@pytest.mark.parametrize("address", ["https://example.org/100%", "https://example.org:abc/"])
def test_a_query_does_not_fail_on_a_bad_address_in_a_note(address: str, tmp_path: Path) -> None:
    """One bad note never stops a build."""
    root = vault(tmp_path, {**SOUND, "b.md": f"---\nsource: {address}\n---\n[x]({address})\n"})
    ran = run("query", root, "ASK { ?s ?p ?o }")
    assert (ran.code, ran.out.strip()) == (0, "yes")


# --- check ----------------------------------------------------------------------------------------


def test_check_of_a_sound_vault(tmp_path: Path) -> None:
    root = vault(tmp_path, SOUND)
    assert json.loads(run("check", root, "--format", "json").out) == []
    assert json.loads(run("check", root, "--format", "sarif").out)["runs"][0]["results"] == []
    assert run("check", root).out == ""


def test_check_as_text_names_file_line_and_column(tmp_path: Path) -> None:
    root = vault(tmp_path, WRONG)
    ran = run("check", root)
    assert "b.md:1:1: warning: no note is called 'Absente' [dangling-link]" in ran.out
    assert "c.md: error:" in ran.out
    assert "did you mean 'titre'?" in ran.out
    assert "6 files = 4 published + 0 private + 2 listed" in ran.err
    assert "files =" not in ran.out


def test_check_writes_nothing(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", WRONG)
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    run("check", root)
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_names_that_are_not_utf_8_are_shown_and_are_json(tmp_path: Path) -> None:
    root = vault(tmp_path, SOUND)
    (root / os.fsdecode(b"caf\xe9.md")).write_text("[[Absente]]")
    for name in ("text", "json", "sarif"):
        done = spawn("check", root, "--format", name)
        assert done.returncode == 0
        assert b"caf" in done.stdout
        done.stdout.decode("utf-8")
        if name != "text":
            json.loads(done.stdout)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_of_another_encoding(encoding: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"🙂.md": "[[Œuvre 日本 🙂]]\n---\ntilte:: 日本"})
    for arguments in (
        ("check", root),
        ("explain", root / "🙂.md", "--vault", root),
        ("query", root, "SELECT * { ?s ?p ?o }"),
    ):
        environment = {**os.environ, "PYTHONIOENCODING": encoding, "NO_COLOR": "1"}
        done = subprocess.run(command(*arguments), capture_output=True, env=environment, timeout=60, check=False)
        assert b"Traceback" not in done.stderr, arguments[0]
        assert done.returncode == 0, arguments[0]


# --- query ----------------------------------------------------------------------------------------


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return vault(tmp_path / "notes", WARNED)


def test_query_formats(notes: Path, tmp_path: Path) -> None:
    query = "SELECT ?n { ?p a schema:Person ; schema:name ?n }"
    assert "Ada Lovelace" in run("query", notes, query).out
    assert "1 row" in run("query", notes, query).out
    assert run("query", notes, query, "--format", "csv").out.split() == ["n", "Ada", "Lovelace"]
    assert run("query", notes, query, "--format", "tsv").out == '?n\n"Ada Lovelace"\n'
    (binding,) = json.loads(run("query", notes, query, "--format", "json").out)["results"]["bindings"]
    assert binding["n"] == {"type": "literal", "value": "Ada Lovelace"}
    (tmp_path / "q.rq").write_text(query)
    assert run("query", notes, f"@{tmp_path / 'q.rq'}", "--format", "csv").out == "n\nAda Lovelace\n"


def test_ask_construct_and_describe(notes: Path) -> None:
    assert run("query", notes, "ASK { ?p a schema:Person }").out.strip() == "yes"
    assert run("query", notes, "ASK { ?p a schema:City }").out.strip() == "no"
    constructed = run("query", notes, "CONSTRUCT { ?p a schema:Person } { ?p a schema:Person }", "--format", "nt").out
    assert short(constructed.strip().removesuffix(" .")) == "id/ada-lovelace rdf:type schema:Person"
    described = run("query", notes, f"DESCRIBE <{BASE}doc/ada-lovelace>", "--format", "nt").out
    own = {t for t in quads(build_notes(notes).data, "nquads") if t.endswith(f"<{BASE}doc/ada-lovelace>")}
    found = {f"{line.removesuffix(' .')} <{BASE}doc/ada-lovelace>" for line in described.splitlines()}
    assert found >= own
    assert all(re.search(r"#label>|#prefLabel>|/name>|/title>", line) for line in found - own), (
        "names of what it links to"
    )


def test_the_default_graph_is_the_union_unless_a_dataset_is_named(notes: Path) -> None:
    def count(query: str) -> int:
        return int(run("query", notes, query, "--format", "csv").out.split()[1])

    everything = len(triples(build_notes(notes).data, "nquads"))
    assert count("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == everything
    one = count(f"SELECT (COUNT(*) AS ?n) FROM <{BASE}doc/analyse> {{ ?s ?p ?o }}")
    assert 0 < one < everything
    assert count(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{BASE}doc/analyse> {{ ?s ?p ?o }} }}") == one


def test_a_query_may_declare_its_own_prefixes(notes: Path) -> None:
    query = "PREFIX schema: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?n { <x> schema:label ?n }"
    assert run("query", notes, query.replace("<x>", f"<{BASE}id/analyse>"), "--format", "csv").out == "n\nAnalyse\n"


def test_the_words_of_a_string_are_no_commands(notes: Path) -> None:
    assert run("query", notes, 'SELECT * { ?s schema:name "SERVICE INSERT FROM # {" }').code == 0


# --- explain --------------------------------------------------------------------------------------


def test_explain_gives_every_triple_of_the_note_with_line_and_rule(notes: Path) -> None:
    told = json.loads(run("explain", notes / "Ada Lovelace.md", "--format", "json").out)
    assert told["note"] == "Ada Lovelace.md"
    graph = f"<{BASE}doc/ada-lovelace>"
    assert (told["iri"], told["thing"]) == (graph, f"<{BASE}id/ada-lovelace>")
    own = {
        quad.removesuffix(f" {graph}")
        for quad in quads(build_notes(notes).data, "nquads")
        if quad.endswith(f" {graph}")
    }
    assert {f"{t['subject']} {t['predicate']} {t['object']}" for t in told["triples"]} == own
    lines = (notes / "Ada Lovelace.md").read_text().splitlines()
    for trace in told["triples"]:
        assert 1 <= trace["line"] <= len(lines)
        assert trace["path"] == "Ada Lovelace.md"
        assert trace["rule"]["name"]
        assert trace["rule"]["file"].startswith("mapping/")
        assert trace["rule"]["line"] >= 1
    (part,) = (t for t in told["triples"] if t["predicate"].endswith("dc/terms/isPartOf>"))
    assert (part["line"], part["rule"]["name"]) == (3, "isPartOf")


def test_explain_shows_the_lines_of_the_note(notes: Path) -> None:
    ran = run("explain", notes / "Ada Lovelace.md")
    assert ran.code == 0
    assert "isPartOf: '[[Analyse]]'" in ran.out
    assert "dcterms:isPartOf" in ran.out
    assert "mapping/relations.yaml" in ran.out


@pytest.mark.parametrize("where", ["notes/Ada Lovelace.md", "Ada Lovelace.md"])
def test_explain_finds_the_note_from_anywhere(where: str, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(notes.parent)
    ran = run("explain", where, "--vault", "notes", "--format", "json")
    assert json.loads(ran.out)["note"] == "Ada Lovelace.md"


# --- help -----------------------------------------------------------------------------------------


def test_version() -> None:
    assert run("--version").out.strip() == f"herbier, version {__version__}"


COMMANDS = sorted(main.commands)


def examples(name: str) -> list[str]:
    """Return the command lines that a command's help shows."""
    text = run(name, "--help").out
    return [line.strip() for line in text.splitlines() if line.strip().startswith("herbier ")]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_and_explains_every_option(name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0
    assert examples(name)
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize(
    "line", [line for name in COMMANDS if name in ("build", "check", "explain", "query") for line in examples(name)]
)
def test_the_examples_of_the_help_run(line: str, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(notes.parent)
    (notes.parent / "question.rq").write_text("SELECT * { ?s ?p ?o }")
    words = shlex.split(line.partition("|")[0])
    assert words[0] == "herbier"
    assert run(*words[1:]).code == (1 if "--strict" in words else 0)  # the notes have a warning
