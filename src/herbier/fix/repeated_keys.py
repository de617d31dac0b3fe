"""Keys that occur more than once, written as one key with a list, at the first one's place."""

import re
from typing import NamedTuple

import yaml

from herbier.fix.source import Block, Edit, NoteSource
from herbier.fix.yaml_text import as_item, comment_of, dedented, node_of, only_comment
from herbier.messages import Message
from herbier.vault.fields import Field

_TAG_KEY = re.compile(r"([\"']?)tag\1(?=\s*:)", re.IGNORECASE)


class _Part(NamedTuple):
    """One occurrence of a key: the key with its colon, what stands beside it, and its values as items."""

    key: str
    beside: str
    items: list[str]


def merge_repeated(page: NoteSource, blocks: list[Block], *, tags: bool) -> Edit | None:
    """Return the edit that makes one key of several blocks; `tags` is of keys whose texts may hold several tags."""
    parts = [part for block in blocks if (part := _part(block.text(page).split("\n"), tags=tags))]
    if len(parts) < len(blocks):
        return None
    full = [number for number, part in enumerate(parts) if part.items]
    if len(full) > 1:
        lines = [parts[0].key + parts[0].beside, *parts[0].items]
        lines += [line for part in parts[1:] for line in (*comment_of(part.beside), *part.items)]
    else:  # the others say nothing, so the one that does stays as it stands
        kept = full[0] if full else 0
        others = [part.beside for number, part in enumerate(parts) if number != kept]
        lines = blocks[kept].text(page).split("\n")
        lines += [line for beside in others for line in comment_of(beside)]
    changes: dict[int, tuple[str, ...]] = {n: () for block in blocks for n in range(block.start, block.end)}
    changes[blocks[0].start] = (plural(lines[0]) if tags else lines[0], *lines[1:])
    return Edit(changes, the_key(blocks[0].field))


def the_key(field: Field | None) -> str:
    """Return what a key is called where it could not be fixed."""
    return Message("the key {key!r}", key=field.key) if field else Message("a key")


def plural(line: str) -> str:
    """Return a line that begins with the key `tag` with `tags` instead.

    >>> plural("tag: ia # sic")
    'tags: ia # sic'
    """
    return _TAG_KEY.sub(r"\1tags\1", line, count=1)


def _part(lines: list[str], *, tags: bool) -> _Part | None:
    root = node_of("\n".join(lines))
    if root is None or len(root.value) != 1:
        return None
    key, value = root.value[0]
    end, start = key.end_mark, value.start_mark
    if end.line:
        return None
    colon = lines[0].index(":", end.column) + 1
    name, rest = lines[0][:colon], lines[0][colon:]
    if isinstance(value, yaml.ScalarNode) and start.index == value.end_mark.index:
        return _Part(name, rest, []) if len(lines) == 1 and only_comment(rest) else None
    if start.line == 0:
        return _Part(name, "", _split(value, lines, tags=tags) or [f"- {lines[0][start.column :]}", *lines[1:]])
    below = lines[start.line :]
    between = [line.strip() for line in lines[1 : start.line] if line.strip()]
    if isinstance(value, yaml.SequenceNode) and not value.flow_style:
        items = [dedented(line, start.column) for line in below]
    elif isinstance(value, yaml.MappingNode) and not value.flow_style:
        inner = [f"  {dedented(line, start.column)}" if line.strip() else line for line in below]
        items = [f"- {inner[0][2:]}", *inner[1:]]
    else:
        items = [f"- {below[0][start.column :]}", *below[1:]]
    return _Part(name, rest, [*between, *items])


def _split(value: yaml.Node, lines: list[str], *, tags: bool) -> list[str]:
    """Return `[one, two]`, or the tags of one text, as items; empty where it is neither, or has several lines."""
    line, after = lines[0], lines[0][value.end_mark.column :]
    if len(lines) > 1 or not only_comment(after):
        return []
    items: list[str] = []
    if isinstance(value, yaml.SequenceNode) and all(isinstance(node, yaml.ScalarNode) for node in value.value):
        items = [line[node.start_mark.column : node.end_mark.column] for node in value.value]
    elif isinstance(value, yaml.ScalarNode) and tags:
        items = [as_item(tag) for tag in _tags_in(str(value.value))]
    written = [f"- {item}" for item in items]
    return [*written[:-1], written[-1] + after] if len(written) > 1 else []


def _tags_in(text: str) -> list[str]:
    words = text.split()
    if "#" in text and all(word.startswith("#") for word in words):
        return words
    return [tag.strip() for tag in re.split("[,;]", text) if tag.strip()]
