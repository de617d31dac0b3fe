"""Front matter that is not valid YAML, fixed key by key: what can be read is kept, the rest is reported.

A block is a key at the left margin with all that belongs to it. Each block is read alone; one that fails is tried
with the fixes of the table, in order, and at last its text is taken as it stands.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import yaml

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.slugs import plain_name
from herbier.vault.fields import Field, Map, Scalar

Compose = Callable[[str, int], list[Field]]  # the text, and how many lines precede it
_KEY = re.compile(
    r"""(?P<key>"[^"\n]*"|'[^'\n]*'|[^\s#\-\[\]{},&*!|>%@`"':][^:\n]*(?::[^\s:][^:\n]*)*?|-[^\s:][^:\n]*|)"""
    r"[ \t]*:(?=[ \t]|$)"
)
_FOLDED_KEY = re.compile(r"[ \t]+[^\W\d_][\w-]*[ \t]*:(?:[ \t]|$)")
_LOOSE_KEY = re.compile(r"(?P<key>[A-Za-zÀ-ÿ_][\w -]{0,40})[ \t]*:(?=\S)")


# Keys under which each line is a value of its own, even without a dash before it.
_LISTS = frozenset(
    map(plain_name, ("aliases", "alias", "autres noms", "tags", "tag", "étiquettes", "mots-clés", "keywords"))
)


def is_list_key(key: str) -> bool:
    """Return whether a key lists names, one a line.

    >>> is_list_key("Aliases"), is_list_key("title")
    (True, False)
    """
    return plain_name(key) in _LISTS


class _Block(NamedTuple):
    line: int  # how many lines precede it
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def mend_yaml(text: str, path: str, line: int, compose: Compose) -> tuple[list[Field], list[Problem], str]:
    """Return the fields that can be read, what is wrong, and the text that is lost; `line` lines precede the text."""
    fields: list[Field] = []
    problems: list[Problem] = []
    lost: list[str] = []
    for block in _blocks(text, line):
        if block.lines[0].startswith(("- ", "-\t")) or block.lines[0] == "-":
            read = _bare_sequence(block, path, compose)
        else:
            read = _keyed(block, path, compose)
        if read is None:
            first = block.lines[0].strip()[:60]
            hint = Message("write it as `key: value`, or remove it")
            message = Message("this part could not be read: {text}", text=first)
            problems.append(problem("front-matter-lost", path, block.line + 1, 1, message, hint))
            lost.append(block.text)
        else:
            fields += read[0]
            problems += read[1]
            if read[1]:  # a line that was taken for text may have been meant as a key
                lost += [line for line in block.lines[1:] if _FOLDED_KEY.match(line)]
    return fields, problems, "\n".join(lost)


def _blocks(text: str, first: int) -> list[_Block]:
    blocks: list[_Block] = []
    opened = _Open()
    for number, line in enumerate(text.split("\n"), first):
        if not blocks or _starts_block(line, blocks[-1], opened.is_open()):
            if line.strip() and not line.startswith("#"):
                blocks.append(_Block(number, [line]))
                opened = _Open()
                opened.take(line.partition(":")[2])
        elif line.startswith("#") and not opened.is_open():
            blocks[-1].lines.append("")  # a comment between: nothing of the value, but a line all the same
        else:
            blocks[-1].lines.append(line)
            opened.take(line)
    return blocks


class _Open:
    """Counts the quotes and brackets of a block's value, so that a line at the margin can belong to it."""

    def __init__(self) -> None:
        self.quote = ""
        self.quotes = 0
        self.brackets = 0

    def take(self, text: str) -> None:
        """Count those of one more line."""
        text = text.strip()
        if not self.quotes and text[:1] in ("'", '"'):
            self.quote = text[0]
        if self.quote:
            self.quotes += text.count(self.quote)
        self.brackets += text.count("[") - text.count("]")

    def is_open(self) -> bool:
        """Return whether one of them is still to close."""
        return self.quotes % 2 == 1 or self.brackets > 0


def _starts_block(line: str, block: _Block, is_open: bool) -> bool:
    """Return whether a line opens a block: at the margin, a key, or an item that the block before has no place for."""
    if not line or line[0] in " \t#":
        return False
    if line.startswith(("- ", "-\t")) or line == "-":
        first = block.lines[0]
        key = _KEY.match(first)
        return not first.startswith("-") and not (key and not _without_comment(first[key.end() :]))
    if _KEY.match(line) or _LOOSE_KEY.match(line):
        return True
    return not is_open and not _lists(block)


def _lists(block: _Block) -> bool:
    """Return whether a block is a key that lists names, with nothing behind it on its line."""
    key = _KEY.match(block.lines[0])
    return key is not None and is_list_key(key["key"]) and not _without_comment(block.lines[0][key.end() :])


def _without_comment(text: str) -> str:
    return re.sub(r"(^|\s)#.*", "", text).strip()


def _try(text: str, line: int, compose: Compose) -> list[Field] | None:
    try:
        return compose(text, line)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _keyed(block: _Block, path: str, compose: Compose) -> tuple[list[Field], list[Problem]] | None:
    if fields := _try(block.text, block.line, compose):
        return fields, []
    match = _KEY.match(block.lines[0]) or _LOOSE_KEY.match(block.lines[0])
    if not match:
        return None
    key = match["key"].strip("\"'")
    if fields := _closed(block, match, compose):
        message = Message("the list of {key!r} is not closed; it was read as if it were", key=key)
        hint = Message("write ] at its end: {line}", line=_closing(block.text))
        return fields, [problem("repaired-value", path, block.line + 1, 1, message, hint)]
    for mend in (_tabs, _items, _in_brackets, _lines, _as_text):
        if fields := mend(block, match, compose):
            break
    else:
        return None
    value = fields[0].values[0] if len(fields) == len(fields[0].values) == 1 else None
    message = Message("the value of {key!r} is not valid YAML; it was read as text", key=key)
    hint = _LIST_HINT
    if isinstance(value, Scalar):
        hint = Message("put it in quotes: {line}", line=f"{key}: {_quoted(value.text)}")
    return fields, [problem("repaired-value", path, block.line + 1, 1, message, hint)]


_LIST_HINT = Message("write each item on a line of its own, as - 'text', all with the same blanks before")


def _quoted(value: str) -> str:
    short = value if len(value) <= 60 else value[:57] + "..."
    return "'" + short.replace("\n", " ").replace("'", "''") + "'"


def _closed(block: _Block, match: re.Match[str], compose: Compose) -> list[Field] | None:
    """Read a list of several items, or a link, that opens with [ and ends with its line, without the ] of its end."""
    value = block.text[match.end() :].strip()
    if "\n" in value or not (value.startswith("[[") or (value.startswith("[") and "," in value)):
        return None
    return _try(_closing(block.text), block.line, compose)


def _closing(text: str) -> str:
    return f"{text.rstrip().rstrip(',')}]"


def _tabs(block: _Block, match: re.Match[str], compose: Compose) -> list[Field] | None:
    """Indent with spaces: YAML allows no tabs there."""
    return _try(block.text.replace("\t", "  "), block.line, compose) if "\t" in block.text else None


_ITEM = re.compile(r"^\s*-[ \t]+(.*)$")


def _items(block: _Block, match: re.Match[str], compose: Compose) -> list[Field] | None:
    """Read a list an item at a time, a broken one as text."""
    if _without_comment(block.lines[0][match.end() :]):
        return None
    values: list[Scalar | Map] = []
    for offset, line in enumerate(block.lines[1:], 1):
        if not line.strip():
            continue
        item = _ITEM.match(line)
        if item:
            here = block.line + offset
            read = _try("item:\n" + line, here - 1, compose)
            values += read[0].values if read else [_raw(item[1], here + 1, item.start(1) + 1)]
        elif values and isinstance(values[-1], Scalar):
            last = values[-1]
            values[-1] = Scalar(f"{last.text} {line.strip()}", last.line, last.column, True)
        else:
            return None
    return [Field(match["key"].strip("\"'"), tuple(values), block.line + 1, 1)] if values else None


def _in_brackets(block: _Block, match: re.Match[str], compose: Compose) -> list[Field] | None:
    """Read a list in brackets whose quotes are those of the words in it: `['L'île', b]` has two items."""
    line = block.lines[0]
    start = match.end() + len(line[match.end() :]) - len(line[match.end() :].lstrip())
    inside = line.rstrip()
    if any(map(str.strip, block.lines[1:])) or not (inside.startswith("[", start) and inside.endswith("]")):
        return None
    if inside.startswith("[[", start):
        return None
    values = [_raw(text, block.line + 1, at + 1) for text, at in _items_in(inside, start + 1, len(inside) - 1)]
    return [Field(match["key"].strip("\"'"), tuple(values), block.line + 1, 1)] if values else None


def _items_in(line: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield the items between two places of a line, each with where it starts.

    A comma ends one, unless it stands in a link, or between a quote that opens the item and the next that ends one.
    """
    at = start
    while at < end:
        at += len(line[at:end]) - len(line[at:end].lstrip())
        stop = at
        if line[at : at + 1] in ("'", '"'):
            closing = re.compile(re.escape(line[at]) + r"[ \t]*(?=,|$)").search(line, at + 1, end)
            stop = closing.end() if closing else at
        opened = 0
        while stop < end and (line[stop] != "," or opened > 0):
            opened += (line[stop] == "[") - (line[stop] == "]")
            stop += 1
        if text := line[at:stop].strip():
            yield text, at
        at = stop + 1


def _lines(block: _Block, match: re.Match[str], compose: Compose) -> list[Field] | None:
    """Read a line as a name, below a key that lists names."""
    if not _lists(block):
        return None
    written = [(number, line) for number, line in enumerate(block.lines[1:], block.line + 2) if line.strip()]
    values = tuple(_raw(line, number, len(line) - len(line.lstrip()) + 1) for number, line in written)
    return [Field(match["key"].strip("\"'"), values, block.line + 1, 1)] if values else None


def _as_text(block: _Block, match: re.Match[str], compose: Compose) -> list[Field] | None:
    """Take all that stands after the colon as text."""
    first = block.lines[0][match.end() :]
    rest = [line.strip() for line in block.lines[1:] if line.strip()]
    if first.strip()[:1] in ("|", ">") and len(first.strip()) <= 3:
        first = ""
    text = " ".join([first.strip(), *rest]).strip()
    column = match.end() + len(first) - len(first.lstrip()) + 1
    line = block.line + 1
    return [Field(match["key"].strip("\"'").strip(), (_raw(text, line, column),), line, 1)]


def _raw(text: str, line: int, column: int) -> Scalar:
    """Return a text as it stands, without the quotes around it; those of the words in it stay."""
    text = text.strip()
    for quote in ("'", '"'):
        if text.startswith(quote) and text.count(quote) == 1:
            text = text[1:]
        elif len(text) > 1 and text[0] == text[-1] == quote and text.count(quote) >= 2:
            text = text[1:-1].strip()
            if quote == "'" and text.count("''") * 2 == text.count("'"):  # all of them are written as YAML has it
                text = text.replace("''", "'")
    return Scalar(text, line, column, True)


def _bare_sequence(block: _Block, path: str, compose: Compose) -> tuple[list[Field], list[Problem]] | None:
    """Read items that stand under no key, such as `- type: isPartOf` with its `target:`."""
    read = _try("items:\n" + block.text, block.line - 1, compose)
    read = read or _try("items:\n" + block.text.replace("\t", "  "), block.line - 1, compose)
    if not read:
        return None
    fields: list[Field] = []
    for item in read[0].values:
        if not isinstance(item, Map):
            return None
        fields += lifted(item) or item.fields
    keys = list(dict.fromkeys(field.key for field in fields))
    message = Message("a list is under no key; it was read as {keys}", keys=", ".join(keys))
    hint = Message("write it with its key: {lines}", lines="; ".join(f"{key}: '[[...]]'" for key in keys))
    return fields, [problem("bare-sequence", path, block.line + 1, 1, message, hint)]


RELATION = frozenset(["type", "predicate", "relation", "rel", "property", "prédicat", "propriété"])
TARGET = frozenset(["target", "object", "to", "cible", "objet"])


def lifted(item: Map) -> list[Field]:
    """Return the relation that an item `{type: isPartOf, target: '[[...]]'}` states; empty where it states none."""
    members = {field.key.strip().lower(): field for field in item.fields}
    names, targets = RELATION & members.keys(), TARGET & members.keys()
    if len(members) != 2 or len(names) != 1 or len(targets) != 1:
        return []
    relation, target = members[next(iter(names))].values, members[next(iter(targets))]
    if len(relation) != 1 or not isinstance(relation[0], Scalar):
        return []
    return [Field(relation[0].text, target.values, target.line, target.column)]
