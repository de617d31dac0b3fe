"""Whether a vault is a bundle of the Open Knowledge Format: what the format asks of its documents, file by file.

What section 11 of the specification makes a condition of conformance is an error, all other guidance a warning. Source:
https://github.com/GoogleCloudPlatform/knowledge-catalog, okf/SPEC.md, version 0.2.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import yaml

from herbier.messages import Message
from herbier.pipeline.opening import Vault
from herbier.problems import Problem, problem
from herbier.text import shown
from herbier.vault.declarations.knowledge_bundles import INDEX, RESERVED, VERSION
from herbier.vault.fields import DEEPEST
from herbier.vault.files import A_TEMPLATE, decode, read_bytes
from herbier.vault.yaml_compose import depth

_ERROR: Final = "okf-document"
_WARNING: Final = "okf-guidance"
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})")
_STATES: Final = ("draft", "stable", "deprecated")
_LONGEST: Final = 80  # characters of what is quoted
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class _Document(NamedTuple):
    """A document: its path, its front matter as it is composed, the first line of its body, and the body."""

    path: str
    head: yaml.MappingNode | None
    first_line: int
    body: str


def check_bundle(vault: Vault, private: Container[str]) -> list[Problem]:
    """Return what keeps a vault from being a bundle, and what the format advises against.

    `private` are the paths of notes of which nothing is told.
    """
    templates = [path for path, why in vault.listing.others.items() if why == A_TEMPLATE]
    found: list[Problem] = []
    for path in sorted([*(path for path in vault.listing.notes if path not in private), *templates]):
        data = read_bytes(vault.root, path, vault.settings.file_size)
        decoded = data if isinstance(data, Problem) else decode(data, path)
        if not isinstance(decoded, Problem):
            found += _check_file(shown(path), decoded[0])
    return sorted(found)


def _check_file(path: str, text: str) -> Iterator[Problem]:
    name = path.rpartition("/")[2]
    try:
        document = _parted(path, text)
    except _UnreadableError as error:
        yield problem(_ERROR, path, error.line, 1, error.told, _HEAD_HINT)
        return
    if name == INDEX:
        yield from _check_index(document)
    elif name in RESERVED:
        yield from _check_log(document)
    elif document.head is None:
        yield problem(_ERROR, path, 1, 1, Message("a concept needs front matter, and here is none"), _HEAD_HINT)
    else:
        yield from _check_concept(document, document.head)


class _UnreadableError(Exception):
    def __init__(self, told: Message, line: int) -> None:
        super().__init__(told)
        self.told, self.line = told, line


_HEAD_HINT: Final = Message("begin the file with --- on its first line, a `type:` and --- on a line of its own")


def _parted(path: str, text: str) -> _Document:
    """Return a document's front matter and body (section 4)."""
    if not re.match(r"---[ \t]*\n", text):
        return _Document(path, None, 1, text)
    end = re.compile(r"^---[ \t]*$", re.MULTILINE).search(text, 4)
    if end is None:
        raise _UnreadableError(Message("the front matter does not close"), 1)
    inside = text[text.index("\n") + 1 : end.start()]
    try:
        if depth(inside) > DEEPEST:
            raise _UnreadableError(Message("the front matter is nested too deep"), 1)
        head = yaml.compose(inside, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise _UnreadableError(
            Message("the front matter is not valid YAML: {why}", why=str(error.problem)), line
        ) from None
    except yaml.YAMLError as error:
        raise _UnreadableError(Message("the front matter is not valid YAML: {why}", why=str(error)), 1) from None
    if head is not None and not isinstance(head, yaml.MappingNode):
        raise _UnreadableError(Message("the front matter holds no keys"), 2)
    return _Document(path, head or yaml.MappingNode("", []), text.count("\n", 0, end.end()) + 2, text[end.end() + 1 :])


# --- nodes ------------------------------------------------------------------------------------------------------------


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if _text(name) == key), None)
    return None


def _text(node: yaml.Node | None) -> str:
    plain = isinstance(node, yaml.ScalarNode) and not (node.value in ("null", "~", "Null", "NULL") and not node.style)
    return str(node.value).strip() if node is not None and plain else ""


def _items(node: yaml.Node | None) -> Sequence[yaml.Node]:
    """Return the items of a list; a bare mapping counts as a list of one (section 5.2)."""
    if isinstance(node, yaml.SequenceNode):
        found: Sequence[yaml.Node] = node.value
        return found
    return [node] if isinstance(node, yaml.MappingNode) else []


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 2


# --- concepts ---------------------------------------------------------------------------------------------------------


def _check_concept(document: _Document, head: yaml.MappingNode) -> Iterator[Problem]:
    path = document.path
    kind = _value(head, "type")
    if not _text(kind):
        if kind is None or isinstance(kind, yaml.ScalarNode):
            line = _line(kind) if kind is not None else 1
            told = Message("a concept needs a `type`, which is not empty")
            yield problem(_ERROR, path, line, 1, told, Message("write what it is: type: Reference"))
        else:
            yield _advice(path, kind, Message("`type` should be a text"))
    yield from _check_needed(path, head)
    yield from _check_instants(path, head)
    state = _value(head, "status")
    if state is not None and _text(state) not in _STATES:
        told = Message("`status` should be one of {names}", names=", ".join(_STATES))
        yield _advice(path, state, told)
    yield from _check_footnotes(document, head)
    if _value(head, "computation") is not None and re.search(r"^# Computation[ \t]*$", document.body, re.MULTILINE):
        told = Message("the computation is both a file and a section of the text")
        yield _advice(path, _value(head, "computation"), told)


def _advice(path: str, node: yaml.Node | None, told: Message) -> Problem:
    return problem(_WARNING, path, _line(node) if node is not None else 1, 1, told)


def _check_needed(path: str, head: yaml.MappingNode) -> Iterator[Problem]:
    """Report the keys that are missing within others (sections 5.1, 5.2 and 10.2)."""
    needed = [(item, "sources", "resource") for item in _items(_value(head, "sources"))]
    needed += [(item, key, "by") for key in ("generated", "verified") for item in _items(_value(head, key))]
    for item, key, inner in needed:
        if not isinstance(item, yaml.MappingNode) or not _text(_value(item, inner)):
            told = Message("what stands under {key!r} needs {inner!r}", key=key, inner=inner)
            yield _advice(path, item, told)
    if _text(_value(head, "type")) == "Attested Computation" and not _text(_value(head, "runtime")):
        yield _advice(path, _value(head, "type"), Message("an attested computation needs a `runtime`"))


def _check_instants(path: str, head: yaml.MappingNode) -> Iterator[Problem]:
    """Report what is no point of time with its offset (section 5)."""
    windows = [_value(head, "usage_window"), *(_value(one, "usage_window") for one in _items(_value(head, "sources")))]
    instants = [_value(head, "timestamp"), _value(head, "stale_after")]
    instants += [_value(item, "at") for key in ("generated", "verified") for item in _items(_value(head, key))]
    instants += [_value(item, "last_modified") for item in _items(_value(head, "sources"))]
    instants += [_value(window, key) for window in windows for key in ("from", "to")]
    for node in instants:
        if node is not None and not _INSTANT.fullmatch(_text(node)):
            told = Message("{text!r} is no point of time: write it as 2026-02-01T09:00:00Z", text=_text(node))
            yield _advice(path, node, told)


_FOOTNOTE: Final = re.compile(r"\[\^([^\]\s]+)\](?!:)")


def _check_footnotes(document: _Document, head: yaml.MappingNode) -> Iterator[Problem]:
    """Report ids of sources that two have, and footnotes that name none of them (section 5.1)."""
    sources = _items(_value(head, "sources"))
    ids = [(_text(_value(item, "id")), item) for item in sources]
    seen: set[str] = set()
    for name, item in ids:
        if name and name in seen:
            yield _advice(document.path, item, Message("two sources have the id {name!r}", name=name))
        seen.add(name)
    if not any(seen):
        return
    for match in _FOOTNOTE.finditer(document.body):
        if match[1] not in seen:
            line = document.first_line + document.body.count("\n", 0, match.start())
            told = Message("the footnote {name!r} is the id of no source", name=match[1])
            yield problem(_WARNING, document.path, line, 1, told)
            seen.add(match[1])


# --- the reserved files -----------------------------------------------------------------------------------------------


def _check_index(document: _Document) -> Iterator[Problem]:
    """Check an index: headings with lists of links, and no front matter but the version at the top (section 8)."""
    path = document.path
    pairs = document.head.value if document.head is not None else ()
    keys = [(_text(key), key, value) for key, value in pairs]
    if document.head is not None and "/" in path:
        told = Message("an index has no front matter, but for the one at the top")
        yield problem(_ERROR, path, 1, 1, told)
    for name, key, value in keys if "/" not in path else ():
        if name != VERSION:
            told = Message("the front matter of the first index holds {version!r} alone", version=VERSION)
            yield problem(_ERROR, path, _line(key), 1, told)
        elif not re.fullmatch(r"\d+\.\d+", _text(value)):
            yield _advice(path, value, Message("the version should be a text such as '0.2'"))
    lines = [(number, line) for number, line in _lines(document) if line.strip()]
    if not any(re.match(r"#{1,6} ", line) for _, line in lines) or not any(_is_item(line) for _, line in lines):
        yield problem(_ERROR, path, document.first_line, 1, Message("an index is a list of links below a heading"))
        return
    for number, line in lines:
        if not (re.match(r"#{1,6} ", line) or _is_item(line) or line.startswith((" ", "\t"))):
            yield problem(_WARNING, path, number, 1, Message("an index holds headings and lists of links alone"))
            return


def _lines(document: _Document) -> Iterable[tuple[int, str]]:
    return enumerate(document.body.split("\n"), document.first_line)


def _is_item(line: str) -> bool:
    return re.match(r"[*+-] ", line.lstrip()) is not None


def _check_log(document: _Document) -> Iterator[Problem]:
    """Check a log: a heading a day, the newest first (section 9)."""
    days: list[tuple[int, str]] = []
    for number, line in _lines(document):
        if line.startswith(("## ", "##\t")):
            text = line[2:].rstrip(" \t#").strip()
            if _DAY.fullmatch(text):
                days.append((number, text))
            else:
                told = Message("the heading {text!r} should be a day such as 2026-02-01", text=text[:_LONGEST])
                yield problem(_ERROR, document.path, number, 1, told)
    for (_, before), (number, day) in pairwise(days):
        if day > before:
            told = Message("the newest should stand first, but {day} follows {before}", day=day, before=before)
            yield problem(_WARNING, document.path, number, 1, told)
            return
