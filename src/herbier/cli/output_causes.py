"""Problems of one cause, told once: what has been found a thousand times is one line, with the first places."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from herbier.fix.fixes import FIXES
from herbier.messages import Message
from herbier.problems import Problem

FIXABLE = frozenset(mend.code for mend in FIXES if mend.code)  # what `herbier fix` takes away
_RANKS = {"error": 0, "warning": 1, "info": 2}
_PLACES = 3  # of a cause, that are named


class Cause(NamedTuple):
    """Problems that one act of the keeper's would end, in the order of the vault."""

    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """The first of them."""
        return self.problems[0]

    @property
    def message(self) -> Message | str:
        """The message for all of them."""
        notes, times = len({problem.path for problem in self.problems}), len(self.problems)
        told = self.first.message
        if times == 1:
            return told
        if any(problem.message != told for problem in self.problems):
            told = Message("{told} (and the like)", told=told)
        if notes == 1:
            return Message("{told} ({times:,} times)", told=told, times=times)
        if notes == times:
            return Message("{told} (in {notes:,} notes)", told=told, notes=notes)
        return Message("{told} (in {notes:,} notes, {times:,} times)", told=told, notes=notes, times=times)

    @property
    def places(self) -> Message | str:
        """The first places, a file each, and how many more files there are."""
        by_path: dict[str, Problem] = {}
        for problem in self.problems:
            by_path.setdefault(problem.path, problem)
        named = [f"{p.path}:{p.line}" if p.line else p.path for p in list(by_path.values())[:_PLACES]]
        more = len(by_path) - len(named)
        listed = ", ".join(filter(None, named))
        return Message("{places} and {count:,} more", places=listed, count=more) if more else listed


def _value(*names: str) -> Callable[[Problem], str]:
    def found(problem: Problem) -> str:
        values = getattr(problem.message, "values", {})
        return next((str(values[name]) for name in names if name in values), str(problem.message))

    return found


# What tells the causes of a code apart, where it is not the whole message.
_TOLD_BY: dict[str, Callable[[Problem], str]] = {
    "no-language": lambda problem: problem.path.rpartition("/")[0],
    "slug-collision": _value("wish"),
    "missing-heading": _value("title"),
    "ambiguous-link": _value("name"),
    "bad-value": _value("key"),
    "lost-value": _value("key"),
    "template-value": _value("key"),
    "repaired-value": _value("key"),
    "commented-value": _value("key"),
    "repeated-key": _value("key"),
    "other-type": _value("key"),
    "field-of-note": _value("key"),
    "kept-back": _value("key", "name"),
    "unread-front-matter": _value("key"),
    "control-characters": lambda problem: "",
    "odd-front-matter": lambda problem: "",
    "unclosed-front-matter": lambda problem: "",
}


def causes_of(found: Iterable[Problem]) -> list[Cause]:
    """Return problems by their causes: errors first, then what can be fixed, then the rest, the most frequent first."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in found:
        apart = _TOLD_BY.get(problem.code)
        cause = apart(problem) if apart else str(problem.message)
        groups.setdefault((problem.severity, problem.code, cause), []).append(problem)
    causes = [Cause(tuple(group)) for group in groups.values()]
    return sorted(causes, key=_weight)


def _weight(cause: Cause) -> tuple[int, bool, int]:
    first = cause.first
    return _RANKS[first.severity], first.code not in FIXABLE, -len(cause.problems)


def fixable(found: Sequence[Problem]) -> int:
    """Return how many problems `herbier fix` takes away."""
    return sum(problem.code in FIXABLE for problem in found)
