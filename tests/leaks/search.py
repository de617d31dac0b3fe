"""Words looked for in an output, in whatever form they may have got there."""

import base64
import binascii
import gzip
import html
import re
import unicodedata
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from tests.leaks.marked import LETTERS

LENGTH = 10
_RUNS = re.compile(f"[{LETTERS}]{{{LENGTH},}}")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_MARKS = re.compile("[\u0300-\u036f]+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")


def words_in(data: bytes | str, words: Collection[str]) -> set[str]:
    """Return the words that an output holds, whatever their case, marks, escapes, compression or encoding."""
    found: set[str] = set()
    for text in _readings(data if isinstance(data, bytes) else data.encode("utf-8", "surrogateescape")):
        for run in _RUNS.findall(folded(text)):
            found |= {run[at : at + LENGTH] for at in range(len(run) - LENGTH + 1)} & set(words)
    return found


def folded(text: str) -> str:
    """Return a text without case and without the marks on its letters."""
    return (text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", text))).casefold()


def _readings(data: bytes) -> Iterator[str]:
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    text = data.decode("utf-8", "replace")
    yield text
    if "%" in text:
        yield unquote(text)
        yield unquote(unquote(text))
    if "\\" in text:
        yield _ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    if "&" in text:
        yield html.unescape(text)
    for run in set(_BASE64.findall(data)):
        try:
            yield base64.urlsafe_b64decode(run.replace(b"+", b"-").replace(b"/", b"_")).decode("latin-1")
        except (binascii.Error, ValueError):
            continue
