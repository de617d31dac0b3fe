"""The file of what was learnt, `mapping/vault.yaml`: rows are added to it, and what stands there stays as it is."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml

from herbier.atomic_file import whole_file
from herbier.inspect.learning import Lesson
from herbier.messages import Message
from herbier.problems import HerbierError
from herbier.vault.fields import DEEPEST
from herbier.vault.yaml_compose import depth

LEARNT: Final = "mapping/vault.yaml"
_HEAD: Final = """\
# What `herbier learn` found in the notes, and what its keeper said to it. Each row may be changed or removed.
"""


def declined_in(root: Path) -> frozenset[str]:
    """Return the names of the rows that were declined; none where the file is not there or cannot be read."""
    try:
        text = (root / LEARNT).read_text("utf-8-sig")
        known = yaml.load(text, Loader=yaml.CBaseLoader) if depth(text) <= DEEPEST else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return frozenset()
    rows = known.get("declined") if isinstance(known, dict) else None
    return frozenset(map(str, rows)) if isinstance(rows, dict) else frozenset()


def add_rows(root: Path, accepted: Sequence[Lesson], declined: Sequence[Lesson]) -> None:
    """Add rows to the file of what was learnt; HerbierError where it is there and cannot be added to."""
    file = root / LEARNT
    if file.is_symlink() or file.parent.is_symlink():
        raise HerbierError(Message("{file} is a symbolic link, which is not followed", file=LEARNT))
    try:
        text = file.read_text("utf-8-sig") if file.exists() else _HEAD
    except (OSError, UnicodeDecodeError) as error:
        raise HerbierError(Message("{file} could not be read: {why}", file=LEARNT, why=str(error))) from None
    if depth(text) > DEEPEST:
        raise HerbierError(Message("{file} is not valid YAML; mend it first", file=LEARNT))
    tables: dict[str, list[str]] = {"types": [], "keys": [], "declined": []}
    for lesson in accepted:
        tables[lesson.table] += _lines(lesson)
    tables["declined"] = [f"  {_name(lesson.name)}: {{gives: {_name(lesson.gives)}}}" for lesson in declined]
    for table, lines in tables.items():
        if lines:
            text = _added(text, table, lines)
    try:
        yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError:
        raise HerbierError(Message("{file} is not valid YAML; mend it first", file=LEARNT)) from None
    file.parent.mkdir(exist_ok=True)
    with whole_file(file) as write:
        write(text.encode())


def as_mapping(lessons: Sequence[Lesson]) -> Mapping[str, Mapping[str, object]]:
    """Return the rows of what is learnt, as settings have them."""
    tables: dict[str, dict[str, object]] = {}
    for lesson in lessons:
        tables.setdefault(lesson.table, {})[lesson.name] = yaml.load(lesson.cells, Loader=yaml.CBaseLoader)
    return tables


def _lines(lesson: Lesson) -> list[str]:
    told = f"{lesson.notes} notes, sure {lesson.sure:.2f}: {', '.join(lesson.examples)}"
    lines = [f"  # {_in_comment(told)}"]
    if lesson.exceptions:
        lines.append(f"  # but: {_in_comment(', '.join(lesson.exceptions))}")
    return [*lines, f"  {_name(lesson.name)}: {lesson.cells}"]


def _in_comment(text: str) -> str:
    return " ".join(text.split())[:200]


def _name(text: str) -> str:
    return (
        text if re.fullmatch(r"[a-z][a-z0-9-]*", text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _added(text: str, table: str, lines: Sequence[str]) -> str:
    """Return a file with rows at the end of one of its tables, which is made where there is none."""
    rows = "\n".join(lines)
    match = re.search(rf"^{table}:[ \t]*(?:#.*)?$", text, re.MULTILINE)
    if match is None:
        if re.search(rf"^{table}:", text, re.MULTILINE):
            raise HerbierError(Message("{file}: the table {name} is not written row by row", file=LEARNT, name=table))
        return f"{text.rstrip()}\n\n{table}:\n{rows}\n"
    after = re.compile(r"^\S", re.MULTILINE).search(text, match.end())
    end = after.start() if after else len(text)
    body = text[:end].rstrip()
    first = re.compile(r"^( +)\S", re.MULTILINE).search(text, match.end(), end)
    indent = first[1] if first else "  "  # as the rows that stand there
    rows = "\n".join(indent + line[2:] for line in lines)
    return f"{body}\n{rows}\n" + (f"\n{text[end:]}" if after else "")
