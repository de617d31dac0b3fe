"""YAML as nearly every note has it, read a line at a time: keys at the margin, plain or quoted scalars, flat lists.

Ten times as fast as a YAML parser, which reads whatever is not of this form; a test holds that both read the same.
"""

import re
from typing import Final

from herbier.vault.fields import Field, Scalar

# Plain scalars begin with a letter or a digit and hold neither `: ` nor ` #`; no line break of YAML 1.1 but LF.
_LINE: Final = re.compile(
    r"""
    (?: (?P<key> [^\W\d][\w-]* ) : | (?P<dash> [ ]* - ) )
    (?: [ ]+ (?:
        \'(?P<single> [^\'\x85\u2028\u2029\ufeff]* (?: \'\' [^\'\x85\u2028\u2029\ufeff]* )* )\'
      | "(?P<double> [^"\\\x85\u2028\u2029\ufeff]* )"
      | (?P<plain>
          [^\W_] [^:\#\x85\u2028\u2029\ufeff]*
          (?: (?: :(?=[^ ]) | (?<=[^ ])\# ) [^:\#\x85\u2028\u2029\ufeff]* )*
        )
    ))? [ ]*
    """,
    re.VERBOSE,
)
_KEY, _DASH, _SINGLE, _DOUBLE, _PLAIN = range(1, 6)  # its groups
_UNPRINTABLE: Final = re.compile("[\x7f-\x84\x86-\x9f\t]")


def read_simple(text: str, line: int) -> list[Field] | None:
    """Return the fields of simple YAML that `line` lines precede, None for any other text."""
    if _UNPRINTABLE.search(text):
        return None
    fields: list[Field] = []
    key, key_line, column = "", 0, 0
    items: list[Scalar] | None = None
    dash = ""
    for row in text.split("\n"):
        line += 1
        if not row:
            continue
        match = _LINE.fullmatch(row)
        if match is None:
            return None
        name, mark = match[_KEY], match[_DASH]
        form = match.lastindex  # no group lies in another, so the last is that of the value, if there is one
        value = None
        if form == _PLAIN:
            value = Scalar(match[_PLAIN].rstrip(), line, match.start(_PLAIN) + 1)
        elif form == _SINGLE:
            value = Scalar(match[_SINGLE].replace("''", "'"), line, match.start(_SINGLE), True)
        elif form == _DOUBLE:
            value = Scalar(match[_DOUBLE], line, match.start(_DOUBLE), True)
        if name is None:
            if items is None or (items and mark != dash):
                return None
            dash = mark
            items.append(value or Scalar("", line, len(mark) + 1))
            continue
        if items is not None:
            fields.append(Field(key, tuple(items) or (Scalar("", key_line, column),), key_line, 1))
            items = None
        if value is None:
            key, key_line, column, items = name, line, len(name) + 2, []
        else:
            fields.append(Field(name, (value,), line, 1))
    if items is not None:
        fields.append(Field(key, tuple(items) or (Scalar("", key_line, column),), key_line, 1))
    return fields
