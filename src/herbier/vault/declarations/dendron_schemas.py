"""The schemas of Dendron: which hierarchies of names there are, and of which type the notes in them are.

Source: https://wiki.dendron.so/notes/c5e5adde-5459-409b-b34d-a0d75cbb1052/ (Schemas).
"""

import re
from typing import Any

from herbier.vault.declarations.data_file import DataFile, is_yes, maps, word
from herbier.vault.declarations.declared import Declared, DeclaredPlace, DeclaredType

_MOST_LEVELS = 12
_MOST_ROWS = 1_000
_LONGEST = 60  # characters of a pattern for one level


def read_schema(file: DataFile, declared: Declared) -> None:
    """Take the types of the names that a schema knows, and the notes that are templates for them."""
    rows = list(maps(file.data if isinstance(file.data, list) else file.at("schemas")))
    by_id = {name: row for row in rows if (name := word(row.get("id")))}
    for row in rows:
        if word(row.get("parent")) == "root":
            _walk(row, "", by_id, file, declared, [_MOST_ROWS])


def _walk(
    row: dict[str, Any],
    above: str,
    by_id: dict[str, dict[str, Any]],
    file: DataFile,
    declared: Declared,
    left: list[int],
) -> None:
    left[0] -= 1  # children may name each other
    if left[0] < 0 or above.count(".") > 2 * _MOST_LEVELS:
        return
    name = word(row.get("id"))
    segment = word(row.get("pattern")) or name
    if not segment:
        return
    place = DeclaredPlace(file.path, file.line(segment))
    template = row.get("template")
    if stem := word(template.get("id") if isinstance(template, dict) else template):
        folder = file.path.rpartition("/")[0]
        declared.template_notes.add(f"{folder}/{stem.rpartition('/')[2]}.md".lstrip("/"))
    pattern = f"{above}{_glob(segment)}"
    names = tuple(filter(None, (word(row.get("title")), name)))
    children = row.get("children")
    found = children if isinstance(children, list) else []
    # a name of a domain is that of its notes, `user` of `user.alice`; the domain's own note is about all of them
    if is_yes(row.get("namespace")) or any(_is_any(by_id.get(str(child), child)) for child in found):
        declared.types.append(DeclaredType(names, place, pattern=_on_path(rf"{pattern}\.[^./]+")))
    elif above:
        declared.types.append(DeclaredType(names, place, pattern=_on_path(pattern)))
    for child in found:
        inner = by_id.get(child) if isinstance(child, str) else child
        if isinstance(inner, dict) and inner is not row:
            _walk(inner, rf"{pattern}\.", by_id, file, declared, left)


def _is_any(child: Any) -> bool:
    return isinstance(child, dict) and word(child.get("pattern")) == "*" and not word(child.get("title"))


def _glob(segment: str) -> str:
    return re.escape(re.sub(r"\*+", "*", segment[:_LONGEST])).replace(r"\*", r"[^./]*").replace(r"\?", r"[^./]")


def _on_path(pattern: str) -> str:
    return rf"(?:^|/){pattern}\.[^./]+$"
