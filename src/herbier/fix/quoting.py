"""Values that are not valid YAML, written as Herbier reads them: in quotes, item by item, with blanks for tabs."""

import re
from collections.abc import Callable

from herbier.fix.source import Block, Edit, NoteSource
from herbier.fix.yaml_text import as_key, composed, plain_fields, quoted_text
from herbier.messages import Message
from herbier.vault.fields import Field, Scalar

_ITEM = re.compile(r"(?P<indent>\s*)-[ \t]+(?P<text>.*)")
_INDENT = re.compile(r"^[ \t]+")

Changes = dict[int, tuple[str, ...]]


def without_tabs(page: NoteSource, block: Block, field: Field) -> Changes:
    """Indent with blanks: YAML allows no tabs there. Those within a line go only where the block needs it."""
    text = block.text(page)
    read = composed(text.replace("\t", "  ")) if "\t" in text else None
    if not read:
        return {}
    tries: tuple[Callable[[str], str], ...] = (
        lambda line: _INDENT.sub(lambda indent: indent[0].replace("\t", "  "), line),
        lambda line: line.replace("\t", "  "),
    )
    for fix in tries:
        lines = [fix(line) for line in text.split("\n")]
        new = composed("\n".join(lines))
        if new and plain_fields(new) == plain_fields(read):
            old = page.lines[block.start : block.end]
            return {n: (line,) for n, line in enumerate(lines, block.start) if line != old[n - block.start]}
    return {}


def closed(page: NoteSource, block: Block, field: Field) -> Changes:
    """Close a list in brackets that ends with its line."""
    line = page.lines[block.start]
    new = f"{line.rstrip().rstrip(',')}]"
    after, read = composed(new), [value.text for value in field.values if isinstance(value, Scalar)]
    closes = after is not None and len(read) == len(field.values) and plain_fields(after) == [(field.key, read)]
    return {block.start: (new,)} if closes and all(map(_stays, page.lines[block.start + 1 : block.end])) else {}


def item_by_item(page: NoteSource, block: Block, field: Field) -> Changes:
    """Write each item with the first one's indent; one that is not valid in quotes, on one line."""
    if not field.values or any(not isinstance(v, Scalar) or v.line - 1 <= block.start for v in field.values):
        return {}
    changes: Changes = {}
    texts = {value.line - 1: value.text for value in field.values if isinstance(value, Scalar)}
    indent = ""
    last = -1
    for number in range(block.start + 1, block.end):
        line = page.lines[number]
        item = _ITEM.fullmatch(line)
        if item:
            indent = indent if last >= 0 else item["indent"].replace("\t", "  ")
            last = number
            changes[number] = (_item(line, item["text"], indent, texts.get(number, "")),)
        elif _stays(line):
            comment = line.strip()
            if comment and last in texts and texts[last].endswith(comment):  # it is read as a part of the item
                changes[last] = (_quoted_item(indent, texts[last]),)
        else:
            if last not in texts:
                return {}
            changes |= {last: (_quoted_item(indent, texts[last]),), number: ()}
    return {number: lines for number, lines in changes.items() if lines != (page.lines[number],)}


def _item(line: str, text: str, indent: str, read: str) -> str:
    """Return an item with an indent: as it stands where YAML reads it so, else in quotes."""
    alone = composed(f"x:\n- {text}")
    sound = composed(f"x:\n{line}") or (alone and plain_fields(alone) == [("x", [read])])
    return f"{indent}- {text}" if sound else _quoted_item(indent, read)


def _quoted_item(indent: str, text: str) -> str:
    return f"{indent}- {quoted_text(text)}"


def in_brackets(page: NoteSource, block: Block, field: Field) -> Changes:
    """Write the items of a list in brackets each in quotes, where they hold some of their own."""
    line = page.lines[block.start]
    texts = [value.text for value in field.values if isinstance(value, Scalar) and value.line - 1 == block.start]
    head, colon, rest = line.partition(":")
    if len(texts) != len(field.values) or not colon or not rest.strip().startswith("[") or len(texts) < 1:
        return {}
    new = f"{head}: [{', '.join(map(quoted_text, texts))}]"
    after = composed(new)
    reads = after is not None and plain_fields(after) == [(field.key, texts)]
    return {block.start: (new,)} if reads and all(map(_stays, page.lines[block.start + 1 : block.end])) else {}


def as_quoted_text(page: NoteSource, block: Block, field: Field) -> Changes:
    """Write all that stands after the key as one text in quotes."""
    value = field.values[0] if len(field.values) == 1 else None
    if not isinstance(value, Scalar) or value.line - 1 != block.start:
        return {}
    key = page.lines[block.start][: value.column - 1].rstrip()
    if not composed(f"{key} ''"):  # an empty key, which YAML wants in quotes as well
        key = f"{as_key(field.key)}:"
    rest = (number for number in range(block.start + 1, block.end) if not _stays(page.lines[number]))
    return {block.start: (f"{key} {quoted_text(value.text)}",), **dict.fromkeys(rest, ())}


def _stays(line: str) -> bool:
    """Return whether a line is blank or a comment, which a fix leaves in its place."""
    return not line.strip() or line.lstrip().startswith("#")


WAYS: tuple[Callable[[NoteSource, Block, Field], Changes], ...] = (
    closed,
    without_tabs,
    item_by_item,
    in_brackets,
    as_quoted_text,
)  # as read


def quote(page: NoteSource, block: Block, field: Field) -> Edit | None:
    """Return the edit of a block that is not valid YAML; `field` is what Herbier reads there, lines from the first."""
    for way in WAYS:
        if changes := way(page, block, field):
            return Edit(changes, Message("the value of {key!r}", key=field.key))
    return None
