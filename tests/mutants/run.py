"""Changes the core a little, here and there, and asks whether the tests of its own folder see it: `make mutants`.

`table.toml` has a row a mutant: the file, what is there, what is put in its place, and the tests that must fail, a
folder of `tests/` or files of one. Each mutant lives in a copy of the source. What is printed is each mutant that
survived, and how many were killed; the exit code is 1 where fewer than 95% were, or where a row no longer fits.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "herbier"
COPIED = ("src", "tests", "mapping", "ontology", "shapes", "seeds")
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "Makefile", "LICENSE")
LEAST = 0.95
PATIENCE = 300  # seconds; a mutant that runs for ever is seen, too


class Mutant(NamedTuple):
    """A change of a file, and the tests that must see it."""

    file: str
    old: str
    new: str
    tests: list[str]


def read_mutants() -> list[Mutant]:
    """Return the rows of the table; ValueError for one that does not fit the source exactly once."""
    rows = tomllib.loads((Path(__file__).parent / "table.toml").read_text("utf-8"))["mutant"]
    found = [Mutant(row["file"], row["old"], row["new"], row["tests"].split()) for row in rows]
    for mutant in found:
        times = (SOURCE / mutant.file).read_text("utf-8").count(mutant.old)
        if times != 1 or mutant.old == mutant.new:
            raise ValueError(f"{mutant.file}: {mutant.old!r} is there {times} times")
    return found


def is_killed(mutant: Mutant) -> bool:
    """Return whether the tests fail on a copy with the change."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, copy / name)
        file = copy / "src" / "herbier" / mutant.file
        file.write_text(file.read_text("utf-8").replace(mutant.old, mutant.new), "utf-8")
        words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
        environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        tests = [f"tests/{name}" for name in mutant.tests]
        try:
            ran = subprocess.run(
                [*words, *tests], cwd=copy, env=environment, capture_output=True, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            return True
        if ran.returncode not in (0, 1):  # pytest: all passed, some failed; anything else is no answer
            broken = b"ImportError while loading conftest" in ran.stderr + ran.stdout
            if not broken:
                raise RuntimeError(f"{mutant.file}: {ran.stdout[-500:]!r} {ran.stderr[-500:]!r}")
        return ran.returncode != 0


def main(words: list[str]) -> int:
    """Try all mutants, or those of the files whose paths hold one of the words."""
    mutants = [mutant for mutant in read_mutants() if not words or any(word in mutant.file for word in words)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = list(pool.map(is_killed, mutants))
    for mutant, killed in zip(mutants, results, strict=True):
        if not killed:
            print(f"survived: {mutant.file}: {mutant.old!r} -> {mutant.new!r} ({' '.join(mutant.tests)})")
    print(f"{sum(results)} of {len(results)} mutants killed")
    return int(sum(results) < LEAST * len(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
