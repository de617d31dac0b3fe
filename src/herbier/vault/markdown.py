"""Markdown to events, through pyromark (pulldown-cmark), after fixing what it reads otherwise than Obsidian does.

Four things are fixed, and only in notes that have them: `##Heading` without a blank, `%%comments%%`, the bar of
`[[a|b]]` in a table, and `[[2]](https://...)`, a link of Markdown whose text stands in brackets.
Offsets are of the fixed text, in UTF-8 bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyromark

from herbier.vault.inline import (
    SCHEME,
    byte_offsets,
    fields_in,
    is_web_address,
    names_nothing,
    normal_url,
    path_target,
    split_target,
    without_scheme,
)

_OPTIONS: Final = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_WIKILINKS
)
BAR: Final = "\x1e"  # for the bar of a wikilink in a table: no text of a note holds it, since controls are removed
HIDDEN: Final = "\x1f"  # for the first byte of each character of a comment
HIDDEN_MORE: Final = "\x1d"  # for its other bytes, which are no column of their own

_PERHAPS_TIGHT: Final = re.compile(rb"##[^#\s]")  # found by its first bytes, so that most notes cost one scan
_TIGHT_HEADING: Final = re.compile(rb"^( {0,3}#{2,6})(?=[^#\s\x1f])", re.M)
_PERHAPS_RULE: Final = re.compile(rb"-:?[ \t]*\|")  # likewise
_TABLE_RULE: Final = re.compile(rb"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*\|", re.M)
_BARRED_LINK: Final = re.compile(rb"\[\[[^\[\]\n|]*?\\?\|[^\[\]\n]*\]\]")
_IN_BRACKETS: Final = re.compile(rb"\[\[([^\[\]\n]+)\]\](?=\((?:<|https?://))")
_BARS: Final = re.compile(f"{BAR}+")
_BLANKS: Final = re.compile("  +")
_NOT_BREAK: Final = re.compile(r"[^\n]")
_MARKS: Final = re.compile(f"[{HIDDEN}{HIDDEN_MORE}]")
_HIDE: Final = bytes(10 if byte == 10 else ord(HIDDEN_MORE if 0x80 <= byte < 0xC0 else HIDDEN) for byte in range(256))
_CODE: Final = {"Code", "InlineMath", "DisplayMath"}
_MARKUP: Final = {"Html", "InlineHtml"}


@dataclass(init=False, slots=True)
class PreparedBody:
    """A body ready to be parsed: its bytes, where a blank was put in, and where a comment opens without end."""

    source: bytes
    text: str
    shifts: tuple[int, ...]
    unclosed: int

    def __init__(self, source: bytes, text: str, shifts: tuple[int, ...] = (), unclosed: int = -1) -> None:
        self.source = source
        self.text = text
        self.shifts = shifts
        self.unclosed = unclosed


def events(text: str) -> Iterator[tuple[Any, dict[str, int]]]:
    """Return pulldown-cmark's events, each with its range in UTF-8 bytes."""
    return pyromark.events_with_range(text, options=_OPTIONS, merge_text=True)  # type: ignore[return-value]


def prepare_body(body: str) -> PreparedBody:
    """Return a body in which `##Heading`, comments and barred links read as in Obsidian."""
    source = body.encode()
    comments = b"%%" in source
    tables = _PERHAPS_RULE.search(source) is not None and _TABLE_RULE.search(source) is not None
    tight = _PERHAPS_TIGHT.search(source) is not None and _TIGHT_HEADING.search(source) is not None
    bracketed = b"]](" in source and _IN_BRACKETS.search(source) is not None
    if not (comments or tables or tight or bracketed):
        return PreparedBody(source, body)
    code = _ranges(body, _CODE)
    unclosed = -1
    if comments:
        source, unclosed = _hide_comments(source, code)
    if tables:
        raw = _ranges(body, _CODE | _MARKUP)  # HTML is no Markdown: nothing in it is a link
        source = _each(_BARRED_LINK, source, raw, lambda link: link.replace(b"\\|", b"\x1e\x1e").replace(b"|", b"\x1e"))
    if bracketed:
        source = _each(_IN_BRACKETS, source, code, lambda link: b"[\x1f" + link[2:-2] + b"\x1f]")
    shifts: list[int] = []
    if tight:
        code = _ranges(source.decode(), _CODE | _MARKUP)
        pieces: list[bytes] = []
        end = 0
        for match in _TIGHT_HEADING.finditer(source):
            if not _within(match.start(), code):
                shifts.append(match.end() + len(shifts))
                pieces += (source[end : match.end()], b" ")
                end = match.end()
        source = b"".join([*pieces, source[end:]])
    return PreparedBody(source, source.decode(), tuple(shifts), unclosed)


def _ranges(text: str, kinds: set[str]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for event, span in events(text):
        if isinstance(event, dict):
            kind, value = next(iter(event.items()))
            if kind in kinds or (kind == "Start" and isinstance(value, dict) and "CodeBlock" in value):
                ranges.append((span["start"], span["end"]))
    return ranges


def _within(offset: int, ranges: list[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in ranges)


def _hide_comments(source: bytes, code: list[tuple[int, int]]) -> tuple[bytes, int]:
    marks = [m.start() for m in re.finditer(b"%%", source) if not _within(m.start(), code)]
    hidden = bytearray(source)
    unclosed = marks[-1] if len(marks) % 2 else -1
    ends = [mark + 2 for mark in marks[1::2]]
    if unclosed >= 0:
        ends.append(len(source))
    for start, end in zip(marks[::2], ends, strict=True):
        hidden[start:end] = source[start:end].translate(_HIDE)
    return bytes(hidden), unclosed


def _each(pattern: re.Pattern[bytes], source: bytes, code: list[tuple[int, int]], change: Any) -> bytes:
    return pattern.sub(lambda match: match[0] if _within(match.start(), code) else change(match[0]), source)


def unhidden(text: str) -> str:
    """Return a text without the marks of comments."""
    return _MARKS.sub("", text) if HIDDEN in text else text


def _nulled(text: str) -> str:
    return _MARKS.sub("\0", text) if HIDDEN in text or HIDDEN_MORE in text else text


def unmarked(text: str) -> str:
    """Return a text without the marks of comments, and with the bars of what only looked like a link in a table."""
    shown = unhidden(text)
    if shown != text:
        shown = _BLANKS.sub(" ", shown)
    return _BARS.sub("|", shown) if BAR in shown else shown


def fields_between(
    source: bytes, start: int, end: int, code: list[tuple[int, int]], forms: tuple[re.Pattern[str], ...]
) -> Iterator[tuple[str, str, int, int]]:
    """Return the inline fields of a part of a body: key, value, and the offsets of both; none is sought in `code`."""
    text = _nulled(source[start:end].decode("utf-8", "ignore"))
    pieces: list[str] = []
    at = start
    for low, high in code:
        if at <= low and high <= end:
            pieces += (source[at:low].decode(), _NOT_BREAK.sub("\1", source[low:high].decode()))
            at = high
    blanked = _nulled("".join([*pieces, source[at:end].decode("utf-8", "ignore")])) if code else text
    found = list(fields_in(text, blanked, forms))
    offsets = byte_offsets(text, (place for field in found for place in field[2:]))
    for key, value, key_at, value_at in found:
        value = _BARS.sub("|", value.replace("\0", "")).strip()
        yield key, value, start + offsets[key_at], start + offsets[value_at]


@dataclass(init=False, slots=True)
class Reference:
    """The target of a link or an image: a note or a file of the vault, or an address out of it (`url`)."""

    name: str
    anchor: str
    alias: str
    relative: bool
    url: str

    def __init__(self, name: str, anchor: str, alias: str, relative: bool, url: str = "") -> None:
        self.name = name
        self.anchor = anchor
        self.alias = alias
        self.relative = relative
        self.url = url


_NAME: Final = re.compile(r"\w[\w'’-]*(?: [\w'’-]+)*")  # the name of a note and nothing else


def is_wiki(described: dict[str, Any]) -> bool:
    """Return whether pulldown-cmark describes a wikilink."""
    return described["link_type"].__class__ is dict


def is_bare(described: dict[str, Any]) -> bool:
    """Return whether a wikilink is the name of a note and nothing else."""
    kind = described["link_type"]
    return (
        kind.__class__ is dict and not kind["WikiLink"]["has_pothole"] and bool(_NAME.fullmatch(described["dest_url"]))
    )


def reference(described: dict[str, Any], shown: str) -> Reference | None:
    """Return what a link names, None where that is nothing to publish; `shown` is the text it stands for."""
    address = described["dest_url"]
    if not is_wiki(described):
        return _markdown_reference(address, described["link_type"], shown)
    alias = shown if described["link_type"]["WikiLink"]["has_pothole"] else ""
    address = unhidden(address)
    if BAR in address:
        address, _, alias = address.partition(BAR)
        alias = alias.strip(BAR).strip()
    if is_web_address(address):
        return Reference("", "", alias, False, normal_url(address))
    if "dendron:" in address or "dendron:" in alias:
        address, alias = without_scheme(address), without_scheme(alias)
    target = split_target(address.removesuffix("\\"))
    if names_nothing(target.name, target.anchor):
        return None
    return Reference(target.name, target.anchor, alias, False)


def _markdown_reference(address: str, kind: str, shown: str) -> Reference | None:
    address = unhidden(address)
    if "dendron:" in address:
        address = without_scheme(address)
    if is_web_address(address):
        return Reference("", "", shown, True, normal_url(address))
    if not address or SCHEME.match(address) or kind == "Email":
        return None
    target = path_target(address)
    return None if names_nothing(target.name, target.anchor) else Reference(target.name, target.anchor, shown, True)
