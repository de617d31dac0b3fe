"""Front matter in YAML, composed but not constructed: scalars stay text, and each key and value has its line."""

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.vault.fields import DEEPEST, Field, Map, Scalar, Value
from herbier.vault.toml_json import Read
from herbier.vault.yaml_fast import read_simple
from herbier.vault.yaml_repair import is_list_key, mend_yaml

_MOST_NODES = 20_000  # what aliases of YAML may expand to in one note


def read_yaml(text: str, path: str, line: int) -> Read:
    """Read YAML that `line` lines precede; what is no YAML is fixed key by key."""
    simple = read_simple(text, line)
    if simple is not None:
        return Read(simple, [], simple=True)
    try:
        read = Read(compose_yaml(text, line), [])
    except (yaml.YAMLError, ValueError, RecursionError):
        read = Read(*mend_yaml(text, path, line, compose_yaml))
    return read._replace(problems=read.problems + _uncommented(read.fields, text, path, line))


_HASHED = re.compile(r"[^#]*:[ \t]+(#\w.*)$")


_CUT = re.compile(r"[ \t]+(#\S.*)$")


def _uncommented(fields: list[Field], text: str, path: str, line: int) -> list[Problem]:
    """Read `tags: #one #two` as it is meant: to YAML it is a comment, and the key has no value."""
    problems: list[Problem] = []
    lines = text.split("\n")
    for number, field in enumerate(fields):
        value = field.values[0] if len(field.values) == 1 else None
        if isinstance(value, Scalar):
            match = None if value.text or value.quoted else _HASHED.match(lines[field.line - line - 1])
            if match:
                meant = Scalar(match[1].rstrip(), field.line, match.start(1) + 1, True)
                fields[number] = replace(field, values=(meant,))
                message = Message(
                    "the value of {key!r} begins with #, which is a comment in YAML; it was read as text", key=field.key
                )
                hint = Message("put it in quotes: {line}", line=f"{field.key}: '{meant.text}'")
                problems.append(problem("repaired-value", path, field.line, field.column, message, hint))
            elif not value.quoted and (
                cut := _CUT.match(lines[value.line - line - 1], value.column - 1 + len(value.text))
            ):
                message = Message(
                    "to YAML, {text!r} is a comment, and no part of the value of {key!r}", text=cut[1], key=field.key
                )
                hint = Message("put all of it in quotes; or, if it is a comment, write a blank behind the #")
                problems.append(problem("commented-value", path, value.line, value.column, message, hint))
    return problems


def compose_yaml(text: str, line: int) -> list[Field]:
    """Return the fields of a YAML mapping that `line` lines precede, repeated keys kept.

    Nothing is constructed, so that tags run nothing. Raises yaml.YAMLError where it is no YAML, ValueError where it
    is no mapping, is nested too deep or expands to too much.
    """
    if depth(text) > DEEPEST:
        raise ValueError("nested too deep")
    root = yaml.compose(text, Loader=yaml.CBaseLoader)
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("not a mapping")
    return list(_Walk(text, line + 1).fields(root))


def depth(text: str) -> int:
    """Return a bound on how deep flow collections and compact sequences nest; the parser recurses in C."""
    flows = text.count("[") + text.count("{")
    if flows > DEEPEST:
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
            name = self._name(key)
            values = tuple(self._lines(value) if self._has_lines(name, value) else self.values(value))
            yield Field(name, values, mark.line + self.first, mark.column + 1)
        if merged:
            yield from self.merged(merged, {self._name(key) for key, _ in node.value})

    def _has_lines(self, key: str, node: yaml.Node) -> bool:
        """Return whether a value is of plain lines under a key that lists names: YAML would fold them into one."""
        plain = isinstance(node, yaml.ScalarNode) and not node.style and node.start_mark.line < node.end_mark.line
        return plain and is_list_key(key) and "\n" in self._source(node).strip()

    def _lines(self, node: yaml.Node) -> Iterator[Value]:
        at = node.start_mark.line + self.first
        for number, line in enumerate(self._source(node).split("\n"), at):
            if line.strip():
                column = node.start_mark.column if number == at else len(line) - len(line.lstrip())
                yield Scalar(line.strip(), number, column + 1, False)

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
