"""The command line: what is printed where, exit codes, files that are whole or not there."""

import gzip
import json
import os
import re
import resource
import shlex
import signal
import stat
import subprocess
from pathlib import Path

import click
import pytest
from tests.conftest import BASE, FRENCH, Files, Ran, command, press, quads, run, short, spawn, triples, vault

from herbier import __version__
from herbier.cli import main
from herbier.formats import FORMATS

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
    """Tell whether a command said in one line why nothing was done."""
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
    assert (tmp_path / "out.nq").read_bytes() == press(root).data
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


# --- build ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [row.suffix for row in FORMATS.values()])
def test_a_suffix_names_the_format(suffix: str, tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    row = next(row for row in FORMATS.values() if row.suffix == suffix)
    for name in (f"out{suffix}", f"out{suffix}.gz"):
        assert run("build", root, "-o", tmp_path / name).code == 0
        data = (tmp_path / name).read_bytes()
        data = gzip.decompress(data) if name.endswith(".gz") else data
        assert data == press(root, row.name).data


def test_gz_outputs_have_the_same_bytes_whenever_and_whatever_their_name(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    for name in ("un.ttl.gz", "deux.ttl.gz"):
        assert spawn("build", root, "-o", tmp_path / name).returncode == 0
        os.utime(tmp_path / name, (0, 0))
    assert (tmp_path / "un.ttl.gz").read_bytes() == (tmp_path / "deux.ttl.gz").read_bytes()


@pytest.mark.parametrize("name", ["ttl", "nq", "jsonld", "rdf"])
def test_the_machine_changes_nothing(name: str, tmp_path: Path) -> None:
    """Neither the seed of Python's sets, nor the time zone, the locale, the terminal, or where the vault stands."""
    rich = {
        **WRONG,
        "d.md": "---\ncreated: 1742428800000\ntype: [livre, concept, '[[Analyse]]']\nalias: [x, y, z]\n---\n#a/b #c\n",
        "e.md": "".join(f"# H{n}\n\n[[ab {n}]] http://x{n}.example/ ^b{n}\n\nk{n}:: v\n\n" for n in range(9)),
    }
    found = set()
    for number, machine in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "2", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "COLUMNS": "20"},
            {"PYTHONHASHSEED": "3", "TZ": "America/Montreal", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "1"},
        )
    ):
        root = vault(tmp_path / str(number) / "notes", dict(sorted(rich.items(), reverse=number % 2 == 1)))
        words = command("build", root, "-o", "-", "--format", name)
        done = subprocess.run(words, capture_output=True, env={**os.environ, **machine}, timeout=60, check=False)
        assert done.returncode == 1
        found.add(done.stdout)
    assert len(found) == 1


def test_standard_output_has_the_bytes_of_the_file_and_nothing_else(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", WARNED)
    done = spawn("build", root, "-o", "-", "--format", "ttl")
    assert done.returncode == 0
    assert done.stdout == press(root, "turtle").data
    assert b"4 files = 3 published + 0 private + 1 listed" in done.stderr


def test_a_named_format_goes_before_the_suffix(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    assert run("build", root, "-o", tmp_path / "out.txt", "--format", "nq").code == 0
    assert (tmp_path / "out.txt").read_bytes() == press(root).data
    assert run("build", root, "-o", tmp_path / "out.ttl", "--format", "nq").code == 0
    assert (tmp_path / "out.ttl").read_bytes() == press(root).data


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", {f"n{n}.md": f"[[n{n + 1}]] #t{n % 3}" for n in range(120)})
    for jobs in ("1", "2"):
        assert spawn("build", root, "-o", tmp_path / f"{jobs}.ttl", "--jobs", jobs).returncode == 0
    assert (tmp_path / "1.ttl").read_bytes() == (tmp_path / "2.ttl").read_bytes()


@pytest.mark.parametrize(
    ("base", "warned"), [(None, True), ("https://example.org/notes", False), ("https://example.org/notes/", False)]
)
def test_base(base: str | None, warned: bool, tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    ran = run("build", root, "-o", tmp_path / "out.nt", *(["--base", base] if base else []))
    text = (tmp_path / "out.nt").read_text("utf-8")
    assert f"<{base.rstrip('/') + '/' if base else BASE}id/ada-lovelace>" in text
    assert (BASE in ran.err) is warned
    assert ("warning" in ran.err) is warned


def test_a_base_of_the_settings_gives_no_warning_and_the_option_goes_before_it(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", {**SOUND, "herbier.toml": 'language = "fr"\nbase = "https://a.example/"\n'})
    ran = run("build", root, "-o", tmp_path / "out.nt")
    assert "warning" not in ran.err
    assert "<https://a.example/id/analyse>" in (tmp_path / "out.nt").read_text("utf-8")
    run("build", root, "-o", tmp_path / "out.nt", "--base", "https://b.example/")
    assert "a.example" not in (tmp_path / "out.nt").read_text("utf-8")


def test_only_some_warnings_are_shown_by_build_but_all_errors(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"n{n:02}.md": f"[[absente {n}]]" for n in range(60)}
    files |= {f"z{n:02}.md": b"\x00\x01\x02" for n in range(30)}
    root = vault(tmp_path / "notes", files)
    ran = run("build", root, "-o", tmp_path / "x.ttl")
    assert ran.err.count("[binary-file]") == 30
    assert ran.err.count("[dangling-link]") < 60
    assert re.search(r"and \d+ more warnings: herbier check", ran.err)
    assert run("check", root).out.count("[dangling-link]") == 60


# --- whole files or none --------------------------------------------------------------------------


def _small_files_only() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))


@pytest.mark.parametrize("name", ["out.ttl", "out.nq.gz"])
def test_an_output_that_cannot_be_written_whole_leaves_no_trace(name: str, tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", {f"n{n}.md": f"Un texte {n} {os.urandom(40).hex()}" for n in range(200)})
    folder = tmp_path / "sortie"
    folder.mkdir()
    (folder / name).write_text("ce qui était là")
    done = subprocess.run(
        command("build", root, "-o", folder / name, "--jobs", "1"),
        capture_output=True,
        preexec_fn=_small_files_only,
        timeout=60,
        check=False,
    )
    assert in_one_line(done), done.stderr
    assert name.encode() in done.stderr
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name).read_text() == "ce qui était là"


def test_a_build_that_fails_before_it_writes_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "out.ttl").write_text("ce qui était là")
    assert run("build", tmp_path / "absent", "-o", tmp_path / "out.ttl").code == 2
    assert (tmp_path / "out.ttl").read_text() == "ce qui était là"


def test_an_output_replaces_what_was_there(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    (tmp_path / "out.nq").write_text("ce qui était là" * 10_000)
    assert run("build", root, "-o", tmp_path / "out.nq").code == 0
    assert (tmp_path / "out.nq").read_bytes() == press(root).data


def test_an_output_that_is_no_regular_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """Such as /dev/null or /dev/stdout, which root would else lose."""
    root = vault(tmp_path / "notes", SOUND)
    pipe = tmp_path / "tuyau"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        try:
            done = spawn("build", root, "-o", pipe, "--format", "nq", timeout=30)
            assert stat.S_ISFIFO(pipe.stat().st_mode)
            assert done.returncode == 0
            assert reader.communicate(timeout=10)[0] == press(root).data
        finally:
            reader.kill()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "-o", "-", "--format", "nt"),
        ("check", "--format", "json"),
        ("check",),
        ("query", "SELECT * { ?s ?p ?o }"),
    ],
)
def test_a_full_disk_behind_standard_output_is_told_in_one_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    root = vault(tmp_path, WARNED)
    words: list[str | Path] = [arguments[0], root, *arguments[1:]]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command(*words), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    "arguments", [("build", "-o", "-", "--format", "nt"), ("check",), ("query", "SELECT * { ?s ?p ?o }")]
)
def test_a_reader_that_has_gone_is_no_fault(arguments: tuple[str, ...], tmp_path: Path) -> None:
    root = vault(tmp_path, {f"n{n}.md": f"[[absente {n}]] {'mot ' * 500}" for n in range(200)})
    words: list[str | Path] = [arguments[0], root, *arguments[1:]]
    with subprocess.Popen(command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        told = process.stderr.read()
        process.wait(60)
    assert b"Traceback" not in told
    assert b"BrokenPipe" not in told


# --- query ----------------------------------------------------------------------------------------


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return vault(tmp_path / "notes", WARNED)


def test_query_formats(notes: Path, tmp_path: Path) -> None:
    query = "SELECT ?n { ?p a schema:Person ; schema:name ?n }"
    assert "Ada Lovelace" in run("query", notes, query).out
    assert "1 row" in run("query", notes, query).out
    assert run("query", notes, query, "--format", "csv").out.split() == ["n", "Ada", "Lovelace"]
    assert run("query", notes, query, "--format", "tsv").out == '?n\n"Ada Lovelace"@fr\n'
    (binding,) = json.loads(run("query", notes, query, "--format", "json").out)["results"]["bindings"]
    assert binding["n"] == {"type": "literal", "value": "Ada Lovelace", "xml:lang": "fr"}
    (tmp_path / "q.rq").write_text(query)
    assert run("query", notes, f"@{tmp_path / 'q.rq'}", "--format", "csv").out == "n\nAda Lovelace\n"


def test_ask_construct_and_describe(notes: Path) -> None:
    assert run("query", notes, "ASK { ?p a schema:Person }").out.strip() == "yes"
    assert run("query", notes, "ASK { ?p a schema:City }").out.strip() == "no"
    constructed = run("query", notes, "CONSTRUCT { ?p a schema:Person } { ?p a schema:Person }", "--format", "nt").out
    assert short(constructed.strip().removesuffix(" .")) == "id/ada-lovelace rdf:type schema:Person"
    described = run("query", notes, f"DESCRIBE <{BASE}doc/ada-lovelace>", "--format", "nt").out
    own = {t for t in quads(press(notes).data, "nquads") if t.endswith(f"<{BASE}doc/ada-lovelace>")}
    assert {f"{line.removesuffix(' .')} <{BASE}doc/ada-lovelace>" for line in described.splitlines()} == own


def test_the_default_graph_is_the_union_unless_a_dataset_is_named(notes: Path) -> None:
    def count(query: str) -> int:
        return int(run("query", notes, query, "--format", "csv").out.split()[1])

    everything = len(triples(press(notes).data, "nquads"))
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
    own = {quad.removesuffix(f" {graph}") for quad in quads(press(notes).data, "nquads") if quad.endswith(f" {graph}")}
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
