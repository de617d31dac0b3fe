"""Rows on what is known elsewhere: schemes of identifiers, and what classes and predicates are in Wikidata."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from herbier.messages import Message
from herbier.rdf.terms import Term
from herbier.rules.identifiers import CHECKS
from herbier.rules.rule_types import Alignment, Scheme, Source
from herbier.rules.values import boolean


class TableRow(NamedTuple):
    """A row of a table, as it is read."""

    table: str
    name: str
    value: Any
    source: Source


class RowReader(Protocol):
    """A reader of the rows of tables, which reports those that cannot be used."""

    def valid(self, table: str) -> Sequence[TableRow]: ...  # noqa: D102
    def bad(self, row: TableRow, message: Message, hint: str = "") -> None: ...  # noqa: D102
    def terms(self, row: TableRow, name: str) -> tuple[Term, ...]: ...  # noqa: D102
    def choice(self, row: TableRow, name: str, known: list[str], default: str) -> str: ...  # noqa: D102


def scheme_of(row: TableRow, table: RowReader) -> Scheme | None:
    """Return the scheme of identifiers of a row; None where it cannot be used, which is reported."""
    check = table.choice(row, "check", list(filter(None, CHECKS)), "")
    try:
        pattern = re.compile(str(row.value.get("pattern", "")), re.IGNORECASE)
    except re.error as error:
        table.bad(row, Message("the pattern is not a regular expression: {why}", why=str(error)))
        return None
    if not pattern.groups:
        table.bad(row, Message("the pattern should have a group, which is the identifier"))
        return None
    address = row.value.get("address", {})
    return Scheme(
        row.name,
        row.source,
        str(row.value.get("label", row.name)),
        pattern,
        str(row.value.get("form", r"\1")),
        check,
        address if isinstance(address, dict) else {"": str(address)},
        str(row.value.get("example", "")),
    )


_ALIGNED = (("wikidata-classes", "class", "item"), ("wikidata-properties", "predicate", "property"))
_VALUES = ["item", "time", "url", "quantity", "file"]


def alignments_of(table: RowReader, schemes: Mapping[str, Scheme]) -> Iterator[Alignment]:
    """Yield what terms are in Wikidata; a row that names no source is reported, and not used."""
    says = {row.name: str(row.value.get("says", "")) for row in table.valid("wikidata-sources")}
    for name, field, number in _ALIGNED:
        for row in table.valid(name):
            sources = texts_of(row.value.get("source"))
            value, form = table.choice(row, "value", _VALUES, "item"), table.choice(row, "form", ["upper"], "")
            entity, scheme = str(row.value.get(number, "")), str(row.value.get("identifier", ""))
            if not sources or any(not says.get(source) for source in sources):
                table.bad(row, Message("a row needs `source`: one or more rows of `wikidata-sources`"))
            elif not re.fullmatch(r"Q[1-9]\d*" if number == "item" else r"P[1-9]\d*", entity):
                table.bad(row, Message("{text!r} is no number of Wikidata", text=entity))
            elif scheme and scheme not in schemes:
                table.bad(row, Message("its scheme {name!r} is no row of `identifiers`", name=scheme))
            elif (terms := table.terms(row, field)) or scheme:
                yield Alignment(
                    row.name, row.source, terms, entity, tuple(says[source] for source in sources),
                    boolean(str(row.value.get("verified", "yes"))) is not False, str(row.value.get("column", "")),
                    scheme, _pattern(row.value.get("pattern")), frozenset(texts_of(row.value.get("only"))), value, form,
                )  # fmt: skip
            else:
                table.bad(row, Message("a row needs `{field}`", field=field))


def _pattern(value: Any) -> re.Pattern[str] | None:
    return re.compile(str(value)) if value else None


def texts_of(value: Any) -> list[str]:
    """Return the texts of a cell: none, one, or those of a list."""
    if value is None:
        return []
    if isinstance(value, list):
        return [str(item) for item in value if isinstance(item, str | int | float)]
    return [str(value)] if not isinstance(value, dict) else []
