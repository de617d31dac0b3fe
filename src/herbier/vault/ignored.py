"""Paths that keep a file back: those in `.herbierignore`, those that git ignores, those that a site leaves out."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from herbier.config import Settings
from herbier.messages import Message
from herbier.problems import HerbierError, Problem, problem
from herbier.text import clean, shown
from herbier.vault.declarations.declared import Declared
from herbier.vault.patterns import is_pattern, path_patterns

if TYPE_CHECKING:
    import pathspec

IGNORE_FILE = ".herbierignore"
_GIT_FILE = ".gitignore"


class Ignored:
    """The patterns of a vault, those of a folder as it is entered; what they list is private.

    `declared` are those of what the generator of a site leaves out of it.
    """

    def __init__(self, root: Path, settings: Settings, declared: Declared, problems: list[Problem]) -> None:
        self.root = root
        self.problems = problems
        self.own = _own(root, problems)
        back = [*settings.read, *(f"/{path}" for path in map(os.path.normpath, settings.include))]
        self.reads = path_patterns(back) if back else None
        self.in_folders: list[tuple[str, pathspec.GitIgnoreSpec]] = []  # the folder that patterns count from
        self.above: list[tuple[str, pathspec.GitIgnoreSpec]] = []  # and the way from there to the vault
        self.of_sites = [path_patterns(patterns) for patterns in declared.hidden_by_file().values()]
        self.names_of_site = declared.hidden_names
        self.uses_git = settings.gitignore and self._find_repository()

    def _find_repository(self) -> bool:
        """Read what git ignores from the top of the repository down to the vault; False where there is none.

        A vault that git ignores as a whole is read: whoever names it wants it.
        """
        root = self.root.resolve()
        top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
        if top is None:
            return False
        files = [(top, top / ".git" / "info" / "exclude")]
        files += [(folder, folder / _GIT_FILE) for folder in root.parents if folder.is_relative_to(top)]
        for folder, file in files:
            spec = _read(file)
            if spec is None:
                continue
            way = root.relative_to(folder).as_posix()
            way = "" if way == "." else f"{way}/"
            if not (way and spec.match_file(way)):
                self.above.append((way, spec))
        return True

    def enter(self, folder: str, entries: "Sequence[os.DirEntry[str]]") -> None:
        """Take in the patterns of a folder, which count for what is below it."""
        if self.uses_git and any(entry.name == _GIT_FILE for entry in entries):
            spec = _read(self.root / folder / _GIT_FILE)
            if spec is not None:
                self.in_folders.append((folder, spec))

    def keeps_back(self, path: str) -> bool:
        """Return whether a file is private."""
        if self.own is not None and self.own.match_file(clean(path)):
            return True
        if not (self.above or self.in_folders or self.of_sites or self.names_of_site) or (
            self.reads is not None and self.reads.match_file(clean(path))
        ):
            return False
        if any(one.match_file(clean(path)) for one in self.of_sites):
            return True
        if any(one.search(clean(path)) for one in self.names_of_site):
            return True
        said: bool | None = None  # the last pattern counts, and the nearest folder is the last
        for way, spec in self.above:
            said = _said(spec, way + path, said)
        for folder, spec in self.in_folders:
            if path.startswith(folder):
                said = _said(spec, path[len(folder) :], said)
        return bool(said)

    def reads_in(self, folder: str) -> bool:
        """Return whether files in a folder of programs are to be read all the same."""
        if self.reads is None:
            return False
        return self.reads.match_file(f"{folder}x") or any(
            str(pattern.pattern).lstrip("/").startswith(folder) for pattern in self.reads.patterns
        )


def _said(spec: "pathspec.GitIgnoreSpec", path: str, before: bool | None) -> bool | None:
    found = spec.check_file(path).include
    return before if found is None else found


def _read(file: Path) -> "pathspec.GitIgnoreSpec | None":
    """Return the patterns of a file of git's; None where there is none, or none that can be read."""
    try:
        lines = file.read_text("utf-8-sig", errors="surrogateescape").splitlines() if not file.is_symlink() else []
    except OSError:
        return None
    good = [line for line in lines if is_pattern(line)]
    return path_patterns(good) if good else None


def _own(root: Path, problems: list[Problem]) -> "pathspec.GitIgnoreSpec | None":
    file = root / IGNORE_FILE
    if file.is_symlink():  # not followed, as no link is; and to go on without it could publish what it lists
        raise HerbierError(Message("{file} is a symbolic link; put the file itself into the vault", file=IGNORE_FILE))
    if not file.is_file():
        return None
    lines = clean(file.read_text("utf-8-sig", errors="surrogateescape")).splitlines()
    good: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            path_patterns([line])
            good.append(line)
        except ValueError:
            message = Message("{line!r} is not a pattern of gitignore", line=shown(line))
            problems.append(problem("bad-setting", IGNORE_FILE, number, 1, message))
    return path_patterns(good)
