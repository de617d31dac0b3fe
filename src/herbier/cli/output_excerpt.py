"""Excerpts: the part of a line that fits around the characters that matter, with carets below them."""

import unicodedata

_CUT = "…"
_FIRST_MARK = "\u0300"  # all printable characters before it take one column


def columns_of(char: str) -> int:
    """Return how many columns of a terminal a character takes: none, one or two (Unicode Standard Annex 11).

    >>> [columns_of(char) for char in ("é", "日", "\\u0301")]
    [1, 2, 0]
    """
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def excerpt(line: str, start: int, end: int, width: int) -> tuple[str, str]:
    """Return a line of text, and below it the carets; `start` and `end` are columns from 1, the end exclusive.

    What is wider than `width` is cut to a window in which the carets are, with … where it is cut.

    >>> excerpt("un mot de trop", 4, 7, 80)
    ('un mot de trop', '   ^^^')
    """
    low, high = min(start - 1, len(line)), min(max(end - 1, start), len(line))
    near = max(low - 4 * width, 0)  # a line may be a megabyte long
    text = line[near : low + 4 * width]
    plain = text.isprintable() and max(text, default="") < _FIRST_MARK  # so are most lines
    part = list(text) if plain else [_printable(char) for char in text]
    widths = [1] * len(part) if plain else [columns_of(char) for char in part]
    low, high = low - near, min(high - near, len(part))
    left, right = 0, len(part)
    if near > 0 or len(part) < len(line) or sum(widths) > width:
        left, right = _window(widths, low, high, width - len(_CUT))
        if near + left > 0 and near + right < len(line):  # cut on both sides
            left, right = _window(widths, low, high, width - 2 * len(_CUT))
    before = _CUT if near + left > 0 else ""
    after = _CUT if near + right < len(line) else ""
    carets = sum(widths[low : min(high, right)])
    return (
        f"{before}{''.join(part[left:right])}{after}",
        f"{' ' * (len(before) + sum(widths[left:low]))}{'^' * max(carets, 1)}",
    )


def _window(widths: list[int], low: int, high: int, room: int) -> tuple[int, int]:
    """Return the part of a line that fits: the characters that matter first, then as much of both sides."""
    left = right = low
    used = 0

    def forward(end: int, most: int) -> None:
        nonlocal right, used
        while right < end and used + widths[right] <= most:
            used += widths[right]
            right += 1

    def backward(most: int) -> None:
        nonlocal left, used
        while left > 0 and used + widths[left - 1] <= most:
            left -= 1
            used += widths[left]

    forward(high, room)
    backward(used + (room - used) // 2)
    forward(len(widths), room)
    backward(room)
    while left < low and widths[left] == 0:  # no mark without its letter
        left += 1
    return left, right


def _printable(char: str) -> str:
    return " " if char == "\t" or unicodedata.category(char) == "Cc" else char
