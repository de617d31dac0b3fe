"""`herbier build` from the command line: its formats, its output, and files that are whole or not there."""

import gzip
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_cli import SOUND, WARNED, WRONG, in_one_line
from tests.conftest import BASE, build_notes, command, run, spawn, vault
from tests.site import FILES

from herbier.rdf.formats import FORMATS

# --- build ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [row.suffix for row in FORMATS.values()])
def test_a_suffix_names_the_format(suffix: str, tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    row = next(row for row in FORMATS.values() if row.suffix == suffix)
    for name in (f"out{suffix}", f"out{suffix}.gz"):
        assert run("build", root, "-o", tmp_path / name).code == 0
        data = (tmp_path / name).read_bytes()
        data = gzip.decompress(data) if name.endswith(".gz") else data
        assert data == build_notes(root, row.name).data


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
        "été/ü.md": "[[é]] ![[ï.png]]",
        "é.md": "[[été/ü]]",
        "ï.png": "x",
        "e.md": "".join(f"# H{n}\n\n[[ab {n}]] http://x{n}.example/ ^b{n}\n\nk{n}:: v\n\n" for n in range(9)),
    }
    found = set()
    for number, machine in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "2", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "COLUMNS": "20"},
            {"PYTHONHASHSEED": "3", "TZ": "America/Montreal", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "1"},
            {"PYTHONHASHSEED": "4", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"},
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
    assert done.stdout == build_notes(root, "turtle").data
    assert b"4 files = 3 published + 0 private + 1 listed" in done.stderr


def test_a_named_format_goes_before_the_suffix(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    assert run("build", root, "-o", tmp_path / "out.txt", "--format", "nq").code == 0
    assert (tmp_path / "out.txt").read_bytes() == build_notes(root).data
    assert run("build", root, "-o", tmp_path / "out.ttl", "--format", "nq").code == 0
    assert (tmp_path / "out.ttl").read_bytes() == build_notes(root).data


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", {f"n{n}.md": f"[[n{n + 1}]] #t{n % 3}" for n in range(120)})
    for jobs in ("1", "2"):
        assert spawn("build", root, "-o", tmp_path / f"{jobs}.ttl", "--jobs", jobs).returncode == 0
    assert (tmp_path / "1.ttl").read_bytes() == (tmp_path / "2.ttl").read_bytes()


IN_LITTLE_MEMORY = (
    "import resource; resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000)); "
    "from herbier.cli import main; main()"
)


def test_a_file_far_over_the_limit_is_not_read_whole(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", SOUND)
    with (root / "grande.md").open("wb") as file:
        file.truncate(4_000_000_000)  # it takes no room on the disk
    options = ("build", root, "-o", tmp_path / "out.nq", "--base", BASE)
    program: list[str | Path] = [sys.executable, "-c", IN_LITTLE_MEMORY, *options]
    done = subprocess.run(program, capture_output=True, timeout=60, check=False)
    assert b"grande.md: error: the file has 4,000,000,000 bytes" in done.stderr
    assert done.returncode == 1
    assert b"4 files = 2 published + 0 private + 2 listed" in done.stderr
    assert (tmp_path / "out.nq").stat().st_size > 0


ANEW = (
    "from herbier.pipeline import parallel, worker_process; parallel.CAN_FORK = worker_process.CAN_FORK = False; "
    "from herbier.cli import main; main()"
)


@pytest.mark.parametrize("options", [("--format", "nq"), ("--format", "ttl"), ("--profile", "wikidata")])
def test_processes_may_start_anew(options: tuple[str, str], tmp_path: Path) -> None:
    """As they do where none can be forked: all that a worker needs is sent to it."""
    many = {f"n{number}.md": f"[[n{number + 1}]] #t{number % 3}" for number in range(60)}
    root = vault(tmp_path / "notes", {**FILES, **many})
    for name, program in (("here", command()), ("anew", [sys.executable, "-c", ANEW])):
        jobs = "1" if name == "here" else "2"
        done = subprocess.run(
            [*program, "build", root, "-o", tmp_path / name, *options, "--jobs", jobs], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
    here, anew = tmp_path / "here", tmp_path / "anew"
    files = sorted(file.name for file in here.iterdir()) if here.is_dir() else [""]
    for file in files:
        assert (here / file).read_bytes() == (anew / file).read_bytes()


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
    assert ran.err.count("[binary-file]") == 1
    assert "(in 30 notes) [binary-file]\n    z00.md, z01.md, z02.md and 27 more\n" in ran.err
    assert ran.err.count("[dangling-link]") < 60
    assert re.search(r"and \d+ more warnings: herbier check", ran.err)
    assert run("check", root, "--all").out.count("[dangling-link]") == 60
    some = run("check", root)
    assert some.out.count("[dangling-link]") == 10
    assert "... and 50 more: --all shows each\n" in some.err
    assert len(json.loads(run("check", root, "--format", "json").out)) == 150


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
    assert (tmp_path / "out.nq").read_bytes() == build_notes(root).data


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
            assert reader.communicate(timeout=10)[0] == build_notes(root).data
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


def test_one_is_told_as_one(tmp_path: Path) -> None:
    notes = vault(tmp_path / "notes", {"a.md": "---\ntype: person\n---\n"})
    ran = run("build", notes, "-o", tmp_path / "out", "--profile", "wikidata")
    assert (ran.code, ran.err.splitlines()[-2:]) == (
        0,
        ["1 file = 1 published + 0 private + 0 listed", f"1 thing, 0 with an item, in {tmp_path / 'out'}"],
    )
    (notes / "a.md").write_text("".join(f"[[{letter}]]\n" for letter in "bcdefghijklmnopqrstuv"), "utf-8")
    assert "... and 1 more warning: herbier check " in run("build", notes, "-o", tmp_path / "a.ttl", "--base", BASE).err


def test_a_folder_of_files_is_not_named_as_a_file_is(tmp_path: Path) -> None:
    ran = run("build", vault(tmp_path, {"a.md": ""}), "-o", tmp_path / "notes.ttl", "--profile", "wikidata")
    assert (ran.code, ran.err) == (2, "error: --profile writes several files: name a folder, such as -o out/\n")
    assert not (tmp_path / "notes.ttl").exists()
