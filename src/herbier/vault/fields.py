"""Fields: keys with their values, in the front matter or inline, each with its line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Union

DEEPEST: Final = 100  # how deep values may nest; what is deeper is lost, since no one has written it by hand

# With a constructor of their own, since they are made by the million: five times as fast to make as named tuples where
# they are compiled, and faster where they are not. None is changed once it is made.


@dataclass(init=False, slots=True)
class Scalar:
    """A value as it is written, without its quotes; `line` and `column` count from 1."""

    text: str
    line: int
    column: int
    quoted: bool

    def __init__(self, text: str, line: int, column: int, quoted: bool = False) -> None:
        self.text = text
        self.line = line
        self.column = column
        self.quoted = quoted


@dataclass(init=False, slots=True)
class Map:
    """A value that has keys of its own."""

    fields: "tuple[Field, ...]"
    line: int
    column: int

    def __init__(self, fields: "tuple[Field, ...]", line: int, column: int) -> None:
        self.fields = fields
        self.line = line
        self.column = column


Value = Union[Scalar, Map]  # noqa: UP007 - both names must exist first


@dataclass(init=False, slots=True)
class Field:
    """A key with its values; lists are flat, and an empty value is a Scalar without text."""

    key: str
    values: tuple[Value, ...]
    line: int
    column: int

    def __init__(self, key: str, values: tuple[Value, ...], line: int, column: int) -> None:
        self.key = key
        self.values = values
        self.line = line
        self.column = column


def scalars(fields: Iterable[Field]) -> Iterator[Scalar]:
    """Yield the values of fields, in order, those of their maps among them."""
    for field in fields:
        for value in field.values:
            if isinstance(value, Map):
                yield from scalars(value.fields)
            else:
                yield value
