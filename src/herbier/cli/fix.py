"""`herbier fix`: the front matter fixed, as a diff, or in the notes themselves."""

import difflib
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from herbier.cli import output_terminal
from herbier.fix.apply import FixedNote, fix_notes
from herbier.fix.source import decoded, split_lines, without_tail
from herbier.fix.write import replace_note
from herbier.inspect.finding_vaults import vault_of
from herbier.messages import Message
from herbier.pipeline.opening import open_vault
from herbier.pipeline.progress import Progress
from herbier.pipeline.snapshot import Snapshot, read_snapshot
from herbier.problems import HerbierError, Problem
from herbier.text import shown
from herbier.translation import translate

_COLOURS = {"---": "bright_black", "+++": "bright_black", "@": "cyan", "-": "red", "+": "green"}
_SOUND, _MENDED, _FAILED, _FAILED_VAULT = "sound", "mended", "failed", "error of the vault"
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a note must not move the cursor of a terminal


@click.command("fix")
@click.argument("notes", nargs=-1, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Write the notes; else only show what would change.")
def fix_command(notes: tuple[Path, ...], write: bool) -> None:
    """Fix the front matter of NOTES, which are a vault (the current folder, if not given) or notes.

    \b
    herbier fix notes/                          show what would change
    herbier fix notes/ --write                  change it
    herbier fix "notes/Ada Lovelace.md"

    What the notes say stays the same, and so does every byte that is not fixed.

    Exit codes: 0 done, or nothing to do; 1 some notes could not be read or written; 2 could not run.
    """
    total: Counter[str] = Counter()
    for root, paths in _by_vault(notes or (Path(),)).items():
        opened = open_vault(root)
        errors = [found for found in opened.problems if found.severity == "error"]
        output_terminal.show_problems(errors, root, output_terminal.own_language())
        total[_FAILED_VAULT] += len(errors)
        with output_terminal.progress() as progress:
            snapshot = read_snapshot(opened, progress)
            worth_telling = list(_mended(snapshot, paths, progress))  # all of it: what is reported would break the bar
        for found in worth_telling:
            total[_report(root, found, write)] += 1
    output_terminal.say(_summary(total, notes, write), output_terminal.own_language())
    sys.exit(1 if total[_FAILED] + total[_FAILED_VAULT] else 0)


def _mended(snapshot: Snapshot, paths: list[str] | None, progress: Progress) -> Iterator[FixedNote | Problem]:
    """Yield what there is to tell of the notes: what is fixed, what is left, what cannot be read."""
    total = len(snapshot.index.summaries) if paths is None else len(paths)
    for done, found in enumerate(fix_notes(snapshot, paths), 1):
        progress(Message("mending"), min(done, total), total)
        if isinstance(found, Problem) or found.left or found.after != found.before:
            yield found


def _by_vault(notes: tuple[Path, ...]) -> dict[Path, list[str] | None]:
    """Return the notes of each vault by their paths there; None for a vault as a whole."""
    found: dict[Path, list[str] | None] = {}
    for note in notes:
        if note.is_dir():
            found[note.resolve()] = None
        elif note.is_symlink():
            raise HerbierError(Message("{path!r} is a symbolic link, which is not followed", path=shown(str(note))))
        elif not note.is_file():
            raise HerbierError(Message("there is no file or folder {path!r}", path=shown(str(note))))
        else:
            root = vault_of(note)
            path = note.resolve().relative_to(root).as_posix()
            paths = found.setdefault(root, [])
            if paths is not None and path not in paths:
                paths.append(path)
    return found


def _report(root: Path, found: FixedNote | Problem, write: bool) -> str:
    """Show what is fixed, write it if that is asked for, and return what became of the note."""
    if isinstance(found, Problem):
        language = output_terminal.own_language()
        output_terminal.error(_printable(f"{found.path}: {translate(found.message, language)}"), language)
        return _FAILED
    path = _printable(shown(found.path))
    changed = found.after != found.before
    written = False
    if changed and write:
        try:
            replace_note(root / found.path, found.before, found.after)
            written = True
            output_terminal.say(Message("{path}: written", path=path), output_terminal.own_language())
        except HerbierError as error:
            output_terminal.error(
                Message("{path}: {told}", path=path, told=error.args[0]), output_terminal.own_language()
            )
    elif changed:
        for line in _diff(found):
            click.echo(line)
    for left in found.left:
        place = left.line if written else left.line_before
        where = f"{path}:{place}"
        told = Message(
            "{path}: left as it is: {what} ({why})",
            path=where,
            what=output_terminal.in_own_language(left.what).rstrip("."),
            why=left.why,
        )
        output_terminal.say(_printable(output_terminal.in_own_language(told)))
    return _SOUND if not changed else _MENDED if written or not write else _FAILED


def _diff(of: FixedNote) -> Iterator[str]:
    before, after = without_tail(*(split_lines(decoded(data)[0]) for data in (of.before, of.after)))
    path = shown(of.path)
    for line in difflib.unified_diff(before, after, path, path, lineterm=""):
        text = _printable(line.rstrip("\r\n")) + ("\r" if line.endswith("\r\n") else "")
        colour = next((colour for mark, colour in _COLOURS.items() if line.startswith(mark)), None)
        yield click.style(text, fg=colour) if colour else text
        if line[:1] in "+- " and not line.endswith(("\n", "\r")) and not line.startswith(("---", "+++")):
            yield "\\ No newline at end of file"


def _printable(text: str) -> str:
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text).encode("utf-8", "backslashreplace").decode()


def _summary(total: Counter[str], notes: tuple[Path, ...], write: bool) -> str:
    if not total[_MENDED]:
        return Message("nothing was fixed") if total[_FAILED] else Message("nothing to fix")
    many = total[_MENDED] > 1
    count = Message("{count:,} notes", count=total[_MENDED]) if many else Message("1 note")
    if write and total[_FAILED]:
        return Message("{notes} fixed, {count:,} not", notes=count, count=total[_FAILED])
    if write:
        return Message("{notes} fixed", notes=count)
    command = f"herbier fix {shlex.join([shown(str(note)) for note in notes] or ['.'])} --write"
    return Message("{notes} can be fixed; nothing was written: {command}", notes=count, command=command)
