"""Front matter: from the text between the marks to fields with their lines, in YAML, TOML and JSON.

python-frontmatter splits the text, through a handler of ours. Scalars stay text: `0123`, `no` and `1.10` mean what
the rule of their key makes of them, never what YAML would guess.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler

from herbier.problems import Problem, problem, words
from herbier.terms import clean, forbidden
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.repair import lifted, mend_yaml
from herbier.vault.simple import read_simple
from herbier.vault.tomljson import Read, read_json, read_toml

_MOST_NODES = 20_000  # what aliases of YAML may expand to in one note
_DEEPEST = 100


class FrontMatter(NamedTuple):
    """The fields of a note, where its body starts (a character offset), and what was found wrong."""

    fields: tuple[Field, ...]
    body: int
    problems: tuple[Problem, ...]
    lost: str = ""  # what could not be read, for whoever must not publish by mistake


class _Split(NamedTuple):
    kind: str
    start: int  # of the inside
    end: int
    body: int
    closed: bool = True


_KEY_LINE = re.compile(
    r"""^(?:(?:&\w+[ ]+|!{1,2}\w*[ ]+|:(?=[^\s:]))?[^\s#\-\[\]{}:,&*!|>%@`"'][^\n]*?"""
    r"""|"[^"\n]*"|'[^'\n]*'|-[^\s:][^\n]*?):(?:[ \t]|$)""",
    re.M,
)
_CLOSINGS = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.M),
}
_OF_KEYS = re.compile(r"[ \t]+\S|-[ \t]|\w[\w-]*[ \t]*=[ \t]")
_BLANK_OR_HEADING = re.compile(r"^(?:[ \t]*$|#)", re.M)


def _split(text: str) -> _Split | None:
    """Find the front matter at the start of a text; None where there is none.

    A note may open with a thematic break: the lines between two `---` are front matter only if one of them has a key.
    """
    start = len(text) - len(text.lstrip())
    if text.startswith("{", start):
        return _split_json(text, start)
    mark = text[start : start + 3]
    closing = _CLOSINGS.get(mark)
    first = text.find("\n", start)
    if closing is None or first < 0 or text[start:first].rstrip() != mark:
        return None
    inside = first + 1
    found = closing.search(text, inside)
    if found:
        within = text[inside : found.start()]
        readable = not within.strip() or mark == "+++" or _has_key(within)
        return _Split(mark, inside, found.start(), found.end()) if readable else None
    if not _KEY_LINE.match(text, inside) and not (mark == "+++" and re.match(r"[\w.\"-]+\s*=", text[inside:])):
        return None
    end = _end_of_keys(text, inside)
    return _Split(mark, inside, end, end, closed=False)


def _end_of_keys(text: str, start: int) -> int:
    """Return where the lines end that can belong to a front matter: keys, what is indented, items, blank lines."""
    end = at = start
    while at < len(text):
        after = text.find("\n", at) + 1 or len(text)
        line = text[at:after]
        if _OF_KEYS.match(line) or _KEY_LINE.match(line):
            end = after
        elif line.strip():
            break
        at = after
    return end


def _has_key(within: str) -> bool:
    return (
        _KEY_LINE.search(within) is not None
        or re.search(r"^\s*(- |\{|\?|[^\W\d]\w*:(?!//)\S*$|[^\W\d][\w -]*:\s)", within, re.M) is not None
    )


def _split_json(text: str, start: int) -> _Split | None:
    if not re.match(r"\{\s*(\"|\}\s*(\n|\Z))", text[start:]):
        return None
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(text, start)
        return _Split("{", start, end, end)
    except (json.JSONDecodeError, RecursionError):
        closing = re.compile(r"\}[ \t]*(?:\n|\Z)").search(text, start)
        ending = closing or _BLANK_OR_HEADING.search(text, start)
        end = ending.end() if ending else len(text)
        return _Split("{", start, end, end, closing is not None)


class _LinedHandler(BaseHandler):
    """Splits for python-frontmatter and remembers where; the reading is done by the table below, with lines."""

    def __init__(self, path: str, line: int) -> None:
        self.path = path
        self.line = line  # lines before the inside of the front matter
        self.found: _Split | None = None

    def detect(self, text: str) -> bool:
        self.found = _split(text)
        return self.found is not None

    def split(self, text: str) -> tuple[str, str]:
        if not self.detect(text) or self.found is None:
            raise ValueError("no front matter")
        self.line += text.count("\n", 0, self.found.start)
        return text[self.found.start : self.found.end], text[self.found.body :]

    def load(self, fm: str, **kwargs: object) -> Any:
        return {"read": _READERS[self.found.kind](fm, self.path, self.line) if self.found else None}


def read_front_matter(text: str, path: str) -> FrontMatter:
    """Read the front matter of a note's text; lines count from the start of the text."""
    skipped = len(text) - len(text.lstrip())  # python-frontmatter strips the text before it splits
    handler = _LinedHandler(path, text.count("\n", 0, skipped))
    metadata, _ = frontmatter.parse(text, handler=handler)
    read, split = metadata.get("read"), handler.found
    if split is None or not isinstance(read, Read):
        return FrontMatter((), 0, ())
    problems = read.problems
    fields = read.fields if read.simple else _cleaned(_lifted(read.fields, path, problems), path, problems)
    problems += _repeated(fields, path)
    if not split.closed:
        message = words("the front matter opens with {mark} and does not close", mark=split.kind)
        hint = words("write {mark} on a line of its own after the last key", mark=split.kind.replace("{", "}"))
        problems.insert(0, problem("unclosed-front-matter", path, handler.line, 1, message, hint))
    return FrontMatter(tuple(fields), skipped + split.body, tuple(problems), read.lost)


def _lifted(fields: list[Field], path: str, problems: list[Problem]) -> list[Field]:
    """Return fields with each item `{type: isPartOf, target: '[[...]]'}` turned into the relation it states."""
    if not any(isinstance(value, Map) for field in fields for value in field.values):
        return fields
    out: list[Field] = []
    for field in fields:
        relations = [(value, lifted(value) if isinstance(value, Map) else []) for value in field.values]
        kept = tuple(value for value, relation in relations if not relation)
        if kept or not field.values:
            out.append(replace(field, values=kept))
        stated = [found for _, relation in relations for found in relation]
        out += stated
        if stated:
            keys = ", ".join(dict.fromkeys(found.key for found in stated))
            place = min((value.line, value.column) for value, relation in relations if relation)
            message = words(
                "items under {key!r} have a type and a target; they were read as {keys}", key=field.key, keys=keys
            )
            lines = "; ".join(f"{key}: '[[...]]'" for key in keys.split(", "))
            hint = words("write them with their key: {lines}", lines=lines)
            problems.append(problem("bare-sequence", path, *place, message, hint))
    return out


def _cleaned(fields: list[Field], path: str, problems: list[Problem]) -> list[Field]:
    """Return fields whose texts may be published: a value can write as `\\x01` what the note's text may not hold."""
    if all(_is_clean(field) for field in fields):
        return fields

    def text(written: str, line: int, column: int) -> str:
        found = forbidden(written)
        if found >= 0:
            message = words("the character U+{code} and its like were removed", code=f"{ord(written[found]):04X}")
            problems.append(problem("control-characters", path, line, column, message))
        return clean(written)

    def value(of: Value) -> Value:
        if isinstance(of, Scalar):
            return replace(of, text=text(of.text, of.line, of.column))
        return replace(of, fields=tuple(map(cleaned, of.fields)))

    def cleaned(field: Field) -> Field:
        return Field(
            text(field.key, field.line, field.column), tuple(map(value, field.values)), field.line, field.column
        )

    return [cleaned(field) for field in fields]


def _is_clean(field: Field) -> bool:
    return (
        all(
            (value.text.isascii() and value.text.isprintable()) or clean(value.text) == value.text
            if isinstance(value, Scalar)
            else all(map(_is_clean, value.fields))
            for value in field.values
        )
        and clean(field.key) == field.key
    )


# --- YAML -----------------------------------------------------------------------------------------------------------


def _read_yaml(text: str, path: str, line: int) -> Read:
    simple = read_simple(text, line)
    if simple is not None:
        return Read(simple, [], simple=True)
    try:
        read = Read(compose_yaml(text, line), [])
    except (yaml.YAMLError, ValueError, RecursionError):
        read = Read(*mend_yaml(text, path, line, compose_yaml))
    return read._replace(problems=read.problems + _uncommented(read.fields, text, path, line))


_HASHED = re.compile(r"[^#]*:[ \t]+(#\w.*)$")


def _uncommented(fields: list[Field], text: str, path: str, line: int) -> list[Problem]:
    """Read `tags: #one #two` as it is meant: to YAML it is a comment, and the key has no value."""
    problems: list[Problem] = []
    lines = text.split("\n")
    for number, field in enumerate(fields):
        value = field.values[0] if len(field.values) == 1 else None
        if isinstance(value, Scalar) and not value.text and not value.quoted:
            match = _HASHED.match(lines[field.line - line - 1])
            if match:
                meant = Scalar(match[1].rstrip(), field.line, match.start(1) + 1, True)
                fields[number] = replace(field, values=(meant,))
                message = words(
                    "the value of {key!r} begins with #, which is a comment in YAML; it was read as text", key=field.key
                )
                hint = words("put it in quotes: {line}", line=f"{field.key}: '{meant.text}'")
                problems.append(problem("repaired-value", path, field.line, field.column, message, hint))
    return problems


def compose_yaml(text: str, line: int) -> list[Field]:
    """Return the fields of a YAML mapping that `line` lines precede, repeated keys kept.

    Nothing is constructed, so that tags run nothing. Raises yaml.YAMLError where it is no YAML, ValueError where it
    is no mapping, is nested too deep or expands to too much.
    """
    if _depth(text) > _DEEPEST:
        raise ValueError("nested too deep")
    root = yaml.compose(text, Loader=yaml.CBaseLoader)
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("not a mapping")
    return list(_Walk(text, line + 1).fields(root))


def _depth(text: str) -> int:
    """Return a bound on how deep flow collections and compact sequences nest; the parser recurses in C."""
    flows = text.count("[") + text.count("{")
    if flows > _DEEPEST:
        depth = flows = 0
        for char in text:
            depth += (char in "[{") - (char in "]}")
            flows = max(flows, depth)
    compact = max((len(run) // 2 for run in re.findall(r"(?:[-?] ){20,}", text)), default=0)
    deepest = max((len(run) for run in re.findall(r"^ {101,}(?=\S)", text, re.M)), default=0)
    return max(flows, compact, deepest)


class _Walk:
    """Turns YAML nodes into fields, and counts them, since aliases can repeat a node beyond any measure."""

    def __init__(self, text: str, first: int) -> None:
        self.text = text
        self.first = first
        self.nodes = 0

    def fields(self, node: yaml.MappingNode) -> Iterator[Field]:
        merged: list[yaml.MappingNode] = []
        for key, value in node.value:
            if key.value == "<<" and not key.style and (maps := _maps(value)):
                merged += maps
                continue
            mark = key.start_mark
            yield Field(self._name(key), tuple(self.values(value)), mark.line + self.first, mark.column + 1)
        if merged:
            yield from self.merged(merged, {self._name(key) for key, _ in node.value})

    def merged(self, maps: list[yaml.MappingNode], stated: set[str]) -> Iterator[Field]:
        """Yield the fields that `<<: *base` takes over (https://yaml.org/type/merge.html): those not stated before."""
        for one in maps:
            self.count()
            found = [field for field in self.fields(one) if field.key not in stated]
            stated |= {field.key for field in found}
            yield from found

    def count(self) -> None:
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            raise ValueError("the aliases expand to too much")

    def values(self, node: yaml.Node) -> Iterator[Value]:
        self.count()
        mark = node.start_mark
        if isinstance(node, yaml.ScalarNode):
            yield Scalar(self._scalar(node), mark.line + self.first, mark.column + 1, bool(node.style))
        elif isinstance(node, yaml.SequenceNode):
            # YAML takes an unquoted `[[Ada]]` for a list in a list
            if node.flow_style and len(node.value) == 1 and _BARE_LINK.fullmatch(self._source(node)):
                yield Scalar(" ".join(self._source(node).split()), mark.line + self.first, mark.column + 1, False)
            else:
                for item in node.value:
                    yield from self.values(item)
        elif not isinstance(node, yaml.MappingNode):
            raise ValueError("no node of YAML")
        elif node.flow_style and self._source(node).startswith("{{"):
            yield Scalar(self._source(node), mark.line + self.first, mark.column + 1, False)
        elif node.value:
            yield Map(tuple(self.fields(node)), mark.line + self.first, mark.column + 1)

    def _name(self, key: yaml.Node) -> str:
        return str(key.value) if isinstance(key, yaml.ScalarNode) else self._source(key)

    def _scalar(self, node: yaml.ScalarNode) -> str:
        """Return a scalar's text; a word that happens to begin like a tag or an anchor is a word."""
        if not node.style and (source := self._source(node))[:1] in ("!", "&"):
            anchored = source[0] == "&" and f"*{source[1:].split()[0]}" in self.text if source[1:].split() else False
            if not source.startswith("!!") and not anchored:
                return source.strip()
        return str(node.value)

    def _source(self, node: yaml.Node) -> str:
        return self.text[node.start_mark.index : node.end_mark.index]


def _maps(node: yaml.Node) -> list[yaml.MappingNode]:
    """Return the mappings that a merge key names: one, or a list of them; none where it names anything else."""
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    maps = [one for one in nodes if isinstance(one, yaml.MappingNode)]
    return maps if len(maps) == len(nodes) else []


_BARE_LINK = re.compile(r"\[\[[^\[\]]+\]\]")


_READERS: dict[str, Callable[[str, str, int], Read]] = {
    "---": _read_yaml,
    "+++": read_toml,
    "{": read_json,
}


def _repeated(fields: list[Field], path: str) -> list[Problem]:
    if len({field.key for field in fields}) == len(fields):
        return []
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for field in fields:
        if field.key not in seen:
            seen[field.key] = field.line
        else:
            first = seen[field.key]
            message = words(
                "the key {key!r} occurs again (first on line {line}); all its values are kept",
                key=field.key,
                line=first,
            )
            hint = words("write one {key}: with a list under it", key=field.key)
            problems.append(problem("repeated-key", path, field.line, field.column, message, hint))
    return problems
