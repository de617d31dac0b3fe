"""Rows of a vault's own mapping that have no effect: others have their names, or no note lies where they hold.

A row of the vault's own goes before all that Herbier ships, so what keeps it from its effect is another of the vault's.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.slugs import plain_name
from herbier.rules.alignment import TableRow
from herbier.rules.rule_types import KeyRule, Rules, Source
from herbier.rules.type_evidence import bare_name


class Named(Protocol):
    """A rule with the row that it is of."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> Source: ...  # noqa: D102


class IdleRow(NamedTuple):
    """A row without effect, and the rule that has taken all its names."""

    row: TableRow
    taken_by: Named

    @property
    def message(self) -> Message:
        """What is told of it."""
        other = self.taken_by
        return Message(
            "the row has no effect: {other}, in {file}, line {line}, knows all its names",
            other=other.name, file=other.source.file, line=other.source.line,
        )  # fmt: skip


def idle_key_rows(
    rows: Iterable[TableRow],
    own: Collection[Source],
    keys: Mapping[str, Sequence[KeyRule]],
    names: Callable[[TableRow], Sequence[str]],
) -> Iterator[IdleRow]:
    """Yield the rows of keys and relations whose every name another row of the vault's own always takes first."""
    for row in rows:
        before = [_first_of(keys.get(name, ()), row.source, own) for name in names(row)] if row.source in own else []
        taken = [rule for rule in before if rule is not None]
        if taken and len(taken) == len(before):
            yield IdleRow(row, taken[0])


def _first_of(rules: Sequence[KeyRule], source: Source, own: Collection[Source]) -> KeyRule | None:
    """Return the rule that always goes before that of a row; None where none does."""
    place = next((place for place, rule in enumerate(rules) if rule.source == source), None)
    if place is None:
        return None
    mine = rules[place]
    for rule in rules[:place]:
        as_wide = not rule.of and rule.within in ("", mine.within) and (not rule.types or rule.types >= mine.types)
        if rule.source in own and as_wide and (mine.types or not rule.types):
            return rule
    return None


def idle_rows(
    rows: Iterable[TableRow],
    own: Collection[Source],
    rules: Mapping[str, Named],
    names: Callable[[TableRow], Sequence[str]],
    others: Collection[str] = (),
) -> Iterator[IdleRow]:
    """Yield the rows of a table whose names are all those of another row; `others` are columns that count, too."""
    for row in rows:
        if row.source not in own or not isinstance(row.value, dict) or not row.value.keys().isdisjoint(others):
            continue
        found = [rules[name] for name in map(plain_name, names(row)) if name in rules]
        if found and all(rule.source != row.source for rule in found):
            yield IdleRow(row, found[0])


def idle_folders(rules: Rules, paths: Iterable[str]) -> Iterator[Problem]:
    """Yield what is to be reported of the vault's own rows that are for a folder in which no note lies."""
    rows = {rule.source: rule for found in rules.keys.values() for rule in found if not rule.shipped}
    limited = [(source, rule) for source, rule in sorted(rows.items()) if rule.folder or rule.within]
    if not limited:
        return
    folders = {f"/{'/'.join(map(bare_name, path.split('/')[:-1]))}/" for path in paths}
    for source, rule in limited:
        for folder in filter(None, (rule.within, rule.folder)):
            wanted = f"/{'/'.join(map(bare_name, folder.strip('/').split('/')))}/"
            if not any(wanted in one for one in folders):
                message = Message(
                    "keys: {row}: no note lies in the folder {folder!r}, so the row has no effect",
                    row=rule.name, folder=folder,
                )  # fmt: skip
                yield problem("bad-mapping", *source, 1, message)
