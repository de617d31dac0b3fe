"""Renames that git can tell: which new note is an old one, changed by less than half."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from herbier.config import LEDGER

_PATIENCE = 20  # seconds for all that git is asked
_MOST = 500  # notes that vanished, or appeared; to compare more of them takes longer than anyone waits


def renames(root: Path, vanished: Sequence[str], appeared: Sequence[str]) -> Mapping[str, str]:
    """Return which notes that appeared were others before, by path; nothing where the vault is in no repository.

    The repository is only read, and nothing that its settings name is run.
    """
    git = shutil.which("git")
    if not (git and vanished and appeared) or max(len(vanished), len(appeared)) > _MOST:
        return {}
    try:
        before = _before(git, root, vanished)
        return _similar(git, root, before, appeared) if before else {}
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return {}


def _run(git: str, folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    command = [git, "-c", "core.fsmonitor=false", "-C", str(folder), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, timeout=_PATIENCE, check=False)
    return done.stdout


def _before(git: str, root: Path, paths: Sequence[str]) -> dict[str, bytes]:
    """Return what each path held in the last commit, or in the one that the ledger was last changed by."""
    prefix = _run(git, root, "rev-parse", "--show-prefix")
    if not prefix:
        return {}
    folder = prefix.decode("utf-8", "surrogateescape").rstrip("\n")
    kept = _run(git, root, "log", "-1", "--format=%H", "--", LEDGER).decode().strip()
    found: dict[str, bytes] = {}
    for commit in filter(None, ("HEAD", kept, "HEAD~1")):
        wanted = [path for path in paths if path not in found and "\n" not in path]
        asked = "".join(f"{commit}:{folder}{path}\n" for path in wanted).encode("utf-8", "surrogateescape")
        answer = _run(git, root, "cat-file", "--batch", given=asked)
        for path in wanted:
            head, _, rest = answer.partition(b"\n")
            words = head.rsplit(b" ", 2)
            if len(words) == 3 and words[1] == b"blob":
                size = int(words[2])
                found[path], answer = rest[:size], rest[size + 1 :]
            else:
                answer = rest
    return found


def _similar(git: str, root: Path, before: Mapping[str, bytes], appeared: Sequence[str]) -> dict[str, str]:
    """Let git compare the old notes with the new, outside of any repository."""
    old, new = list(before), list(appeared)
    with tempfile.TemporaryDirectory(prefix="herbier-") as name:
        folder = Path(name)
        for part, contents in (("old", before.values()), ("new", ((root / path).read_bytes() for path in new))):
            (folder / part).mkdir()
            for number, content in enumerate(contents):
                (folder / part / f"{part}-{number}.md").write_bytes(content)
        answer = _run(
            git, folder, "diff", "--no-index", "--no-ext-diff", "--no-textconv", "-M50%", "-l0", "--diff-filter=R",
            "--name-status", "-z", "old", "new",
        )  # fmt: skip
    cells = answer.decode().split("\0")
    pairs = zip(cells[1::3], cells[2::3], strict=False)
    return {new[_number(after)]: old[_number(earlier)] for earlier, after in pairs}


def _number(name: str) -> int:
    return int(name.rpartition("-")[2].partition(".")[0])
