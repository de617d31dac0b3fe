"""Messages: texts in English that know what they are made of, so that they can be said in another language."""

import errno
from collections.abc import Mapping, Sequence
from typing import Any, Union

Value = Union[str, int, "Message"]


class Message(str):
    """A text in English that knows what it is made of, so that it can be said in another language.

    `template` has placeholders as `str.format` reads them, `values` what stands in their place. In all else it is the
    plain text: it compares, sorts and prints as that. `make messages` finds the templates, which must be written out
    where a message is made.

    >>> Message("no note is called {name!r}", name="Ada")
    "no note is called 'Ada'"
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, /, **values: Value) -> "Message":
        """Make the text; KeyError where a placeholder has no value."""
        made = str.__new__(cls, template.format_map(values) if values or "{" in template else template)
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self.template, self.values)


def _remade(template: str, values: Mapping[str, Value]) -> Message:
    return Message(template, **values)


def quoted_list(names: Sequence[str]) -> Message:
    """Return names, of which there is at least one, in quotes and with commas between them.

    >>> quoted_list(["Ada", "Alan", "Grace"])
    "'Ada', 'Alan', 'Grace'"
    """
    if len(names) == 1:
        return Message("{name!r}", name=names[0])
    half = len(names) // 2  # halves within halves: so a thousand names are nested ten deep
    return Message("{some}, {more}", some=quoted_list(names[:half]), more=quoted_list(names[half:]))


def reason(error: Exception) -> str:
    """Return why a file could not be read or written; what has no words here is reported as the system tells it.

    >>> reason(FileNotFoundError(2, "No such file or directory", "/tmp/a.rq"))
    'there is no such file or folder'
    """
    if isinstance(error, UnicodeError):
        return Message("it is not valid UTF-8")
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0, error.strerror or str(error))
    return str(error)


_REASONS = {
    errno.ENOENT: Message("there is no such file or folder"),
    errno.ENOTDIR: Message("a part of the path is no folder"),
    errno.EISDIR: Message("it is a folder"),
    errno.EACCES: Message("the system does not permit it"),
    errno.EPERM: Message("the system does not permit it"),
    errno.EROFS: Message("nothing can be written there"),
    errno.ENOSPC: Message("the disk is full"),
    errno.EDQUOT: Message("the disk is full"),
    errno.ENAMETOOLONG: Message("the name is too long"),
}


def did_you_mean(told: str, near: str) -> str:
    """Return why nothing could be done, with what may have been meant instead, "" where nothing is near."""
    return Message("{told}; did you mean {near}?", told=told, near=near) if near else told


def packed(value: Value) -> Any:
    """Return a text as JSON can hold it: Words as their template and their values, all else as it is."""
    if isinstance(value, Message):
        return [value.template, {name: packed(one) for name, one in value.values.items()}]
    return value


def unpacked(value: Any) -> Any:
    """Return the text that `packed` was given; ValueError or TypeError where there is none."""
    if type(value) is not list:
        return value
    template, values = value
    try:
        if list in map(type, values.values()):
            values = {name: unpacked(one) for name, one in values.items()}
        return _remade(template, values)
    except (AttributeError, LookupError) as error:
        raise ValueError("no words") from error
