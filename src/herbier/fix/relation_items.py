"""Items that state a relation by `type` and `target`, and lists under no key, written as keys of the note."""

from typing import NamedTuple

import yaml

from herbier.fix.source import Block, Edit, NoteSource
from herbier.fix.yaml_text import as_key, comment_of, dedented, node_of, only_comment
from herbier.messages import Message
from herbier.vault.yaml_repair import RELATION, TARGET

_HEAD = "items:"  # what is put before a list that stands under no key, to read it


class _Item(NamedTuple):
    """An item of a list: its lines, its node, and the node's place counted from the first of the lines."""

    lines: list[str]
    node: yaml.Node
    start: int  # the number of the first line in the text that the node was read from


def rewrite_relations(page: NoteSource, block: Block) -> Edit | None:
    """Return the edit that turns the items of a block into keys; None where the block is of another form."""
    lines = block.text(page).replace("\t", "  ").split("\n")
    if bare := lines[0].startswith("-"):
        lines = [_HEAD, *lines]
    root = node_of("\n".join(lines))
    if root is None or len(root.value) != 1:
        return None
    key, value = root.value[0]
    if value.start_mark.line == 0 and isinstance(value, yaml.SequenceNode):
        return _flow_list(block, str(key.value), value, lines)
    items = _items(value, lines)
    if items is None:
        return None
    written = [(item, _keys_of(item, stated_only=not bare)) for item in items]
    moved = [line for _, keys in written if keys is not None for line in keys]
    kept = [line for item, keys in written if keys is None for line in item.lines]
    if not moved or (bare and kept):
        return None
    rest = lines[0][key.end_mark.column :].partition(":")[2] if value.start_mark.line else ""
    head = [lines[0]] if kept else [] if bare else comment_of(rest)
    changes: dict[int, tuple[str, ...]] = dict.fromkeys(range(block.start, block.end), ())
    changes[block.start] = (*head, *kept, *moved)
    return Edit(changes, Message("a list under no key") if bare else Message("the items under {key!r}", key=key.value))


def _flow_list(block: Block, name: str, value: yaml.SequenceNode, lines: list[str]) -> Edit | None:
    """Return the edit of `key: [{type: a, target: b}]`, on one line and with nothing else in the list."""
    line, after = lines[0], lines[0][value.end_mark.column :]
    relations = [_stated(node) for node in value.value]
    if len(lines) > 1 or not only_comment(after) or not all(relations):
        return None
    written = [
        f"{as_key(relation)}: {line[target.start_mark.column : target.end_mark.column]}"
        for relation, target in filter(None, relations)
    ]
    return Edit({block.start: (*written[:-1], written[-1] + after)}, Message("the items under {key!r}", key=name))


def _stated(node: yaml.Node) -> tuple[str, yaml.Node] | None:
    """Return the relation that `type` and `target` state, and its target; None where they state none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    members = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    names, targets = RELATION & members.keys(), TARGET & members.keys()
    if len(members) != 2 or len(node.value) != 2 or len(names) != 1 or len(targets) != 1:
        return None
    relation, target = members[next(iter(names))], members[next(iter(targets))]
    return (str(relation.value), target) if isinstance(relation, yaml.ScalarNode) else None


def _items(value: yaml.Node, lines: list[str]) -> list[_Item] | None:
    """Return the items of a list with the lines of each, or the one that a mapping is."""
    place = value.start_mark
    if isinstance(value, yaml.MappingNode):
        return [_Item(lines[place.line :], value, place.line)]
    if not isinstance(value, yaml.SequenceNode) or value.flow_style:
        return None
    dashes: list[int] = []
    for node in value.value:
        line = node.start_mark.line
        while line > place.line and lines[line][place.column : place.column + 1] != "-":
            line -= 1
        if dashes and line <= dashes[-1]:
            return None
        dashes.append(line)
    stops = [*dashes[1:], len(lines)]
    return [_Item(lines[start:stop], node, start) for start, stop, node in zip(dashes, stops, value.value, strict=True)]


def _keys_of(item: _Item, *, stated_only: bool) -> list[str] | None:
    """Return an item's keys as lines at the margin; None where it has none, or is to stay where it is."""
    node = item.node
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return None
    stated = _stated(node)
    if stated_only and not stated:
        return None
    return (_flow if node.flow_style else _block)(item, node, stated[0] if stated else "")


def _flow(item: _Item, node: yaml.MappingNode, relation: str) -> list[str] | None:
    """Write `{type: a, target: b}`, on one line, as `a: b`."""
    line = item.lines[node.start_mark.line - item.start]
    after = line[node.end_mark.column :]
    if node.start_mark.line != node.end_mark.line or not only_comment(after) or len(item.lines) > 1:
        return None
    pairs = [
        (line[key.start_mark.column : key.end_mark.column], line[value.start_mark.column : value.end_mark.column])
        for key, value in node.value
        if not relation or key.value == "target"
    ]
    keys = [f"{as_key(relation) if relation else key}: {value}" for key, value in pairs]
    return [*keys[:-1], keys[-1] + after]


def _block(item: _Item, node: yaml.MappingNode, relation: str) -> list[str] | None:
    """Write the lines of an item at the margin; of a relation the type becomes the key, the target its value."""
    width = node.start_mark.column
    first = node.start_mark.line - item.start
    out = [line for before in item.lines[:first] for line in comment_of(before.partition("-")[2])]
    keys = {key.start_mark.line - item.start: (key, value) for key, value in node.value}
    if len(keys) != len(node.value):
        return None
    skipping = False
    for number, line in enumerate(item.lines[first:], first):
        if relation and number in keys:
            key, value = keys[number]
            skipping = key.value == "type"
            if skipping:
                if value.end_mark.line - item.start != number:
                    return None
                out += comment_of(line[value.end_mark.column :])
            else:
                out.append(as_key(relation) + line[key.end_mark.column :])
        elif skipping and line.strip() and not line.strip().startswith("#"):
            return None
        else:
            out.append(line[width:] if number == first else dedented(line, width))
    return out
