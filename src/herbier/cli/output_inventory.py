"""An inventory as tables: fitted to a terminal, and whole in a pipe."""

import io
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from herbier.cli.output_terminal import in_own_language
from herbier.config import FILE
from herbier.inspect.inventory_rows import Count, Inventory, KeyUse, TypeUse
from herbier.inspect.proposals import Proposal
from herbier.messages import Message
from herbier.text import shown

_MOST = 10  # of tags and of notes that are wanted; JSON has all
_WIDE = 10_000  # columns of a pipe, in which nothing may be cut to fit
_UNKNOWN = "bold yellow"
_RULE = Message("rule (in mapping/)")
_KNOWN = {
    "stated": Message("stated by the note"),
    "folder": Message("by the folder"),
    "settings": Message("set in {file}", file=FILE),
    "guessed": Message("guessed"),
    "": Message("not known"),
}


class _Column(NamedTuple):
    """A column of a table; numbers stand at its right, and what is `cut` may be shortened to fit the terminal.

    `share` is its part of a terminal's width among the columns that have one; 0 is as wide as it needs.
    """

    name: str
    number: bool = False
    cut: bool = False
    share: int = 0


def as_text(inventory: Inventory, proposals: Sequence[Proposal], *, local: bool) -> str:
    """Return an inventory as tables, and what is proposed; `local` tells that no base is set."""
    out = io.StringIO()
    terminal = sys.stdout.isatty()
    console = Console(file=out, force_terminal=terminal, width=None if terminal else _WIDE, highlight=False)
    for section in (_keys, _types, _relations, _languages, _links, _tags):
        section(console, inventory)
    _proposals(console, proposals, local)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _headline(console: Console, text: str) -> None:
    console.print(Text(in_own_language(text), style="bold underline"))


def _table(console: Console, columns: Sequence[_Column], rows: Iterable[Sequence[str | Text]]) -> None:
    shared = console.is_terminal and any(column.share for column in columns)
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), expand=shared)
    for column in columns:
        table.add_column(
            in_own_language(column.name),
            justify="right" if column.number else "left",
            no_wrap=column.number or column.cut,
            overflow="ellipsis" if column.cut else "fold",
            ratio=column.share if shared and column.share else None,
        )
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(_one_line(cell)) for cell in row))
    console.print(table)
    console.print()


def _one_line(text: str) -> str:
    return " ".join(shown(text).split())


def _counted(of: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in of)


def _near(near: str) -> str:
    return in_own_language(Message("; {name!r}?", name=near)) if near else ""


def _unknown(text: str) -> Text:
    return Text(_one_line(text), style=_UNKNOWN)


def _keys(console: Console, inventory: Inventory) -> None:
    unknown = len(inventory.unknown_keys)
    _headline(
        console,
        Message(
            "Keys: {count:,} in {notes}, {unknown:,} unknown",
            count=len(inventory.keys), notes=_notes(inventory.notes), unknown=unknown,
        ),
    )  # fmt: skip
    columns = (
        _Column(Message("key"), share=15),
        _Column(Message("notes"), number=True),
        _Column(Message("values"), number=True),
        _Column(_RULE, share=20),
        _Column(Message("looks like"), share=12),
        _Column(Message("examples"), cut=True, share=13),
    )
    _table(console, columns, map(_key_row, inventory.keys))


def _key_row(key: KeyUse) -> tuple[str | Text, ...]:
    name = f"{key.within} › {key.key}" if key.within else key.key or '""'
    rules = [f"{rule.name} ({_place(rule.file, rule.line)})" if rule.file else rule.name for rule in key.rules]
    unknown: str = Message("unknown")
    if rules:
        unknown = Message("unknown in {some:,} of {all:,}", some=key.unknown, all=key.notes)
    read = Text(", ".join(rules))
    if key.unknown:
        read = _unknown(", ".join([*rules, f"{in_own_language(unknown)}{_near(key.near)}"]))
    return (
        _unknown(f"? {name}") if key.unknown else name,
        f"{key.notes:,}",
        f"{key.values:,}",
        read,
        _counted(key.shapes.items()),
        " | ".join(key.examples),
    )


def _place(file: str, line: int) -> str:
    name = file.removeprefix("mapping/")
    return f"{name}:{line}" if line else name


def _notes(number: int) -> str:
    return Message("1 note") if number == 1 else Message("{count:,} notes", count=number)


def _types(console: Console, inventory: Inventory) -> None:
    told = Message("Types: {count:,}, {some:,} unknown", count=len(inventory.types), some=len(inventory.unknown_types))
    if inventory.untyped:
        told = Message("{told}, {notes} without", told=told, notes=_notes(inventory.untyped))
    _headline(console, told)
    columns = (
        _Column(Message("type")),
        _Column(Message("notes"), number=True),
        _Column(_RULE),
        _Column(Message("class")),
    )
    _table(console, columns, map(_type_row, inventory.types))


def _type_row(found: TypeUse) -> tuple[str | Text, ...]:
    if not found.rule:
        return (
            _unknown(f"? {found.type}"),
            f"{found.notes:,}",
            _unknown(in_own_language(Message("unknown")) + _near(found.near)),
            "",
        )
    place = f" ({_place(found.file, found.line)})" if found.file else ""
    return found.type, f"{found.notes:,}", f"{found.rule}{place}", ", ".join(found.classes)


def _relations(console: Console, inventory: Inventory) -> None:
    _headline(console, Message("Relations: {count:,}", count=len(inventory.relations)))
    names = (Message("links"), Message("to notes"), Message("not written"), Message("addresses"), Message("to nothing"))
    columns = (_Column(Message("relation")), *(_Column(name, number=True) for name in names))
    rows = (
        (use.relation, *(f"{n:,}" for n in (use.links, use.notes, use.stubs, use.addresses, use.nothing)))
        for use in inventory.relations
    )
    _table(console, columns, rows)


def _languages(console: Console, inventory: Inventory) -> None:
    _headline(console, Message("Languages"))
    columns = (_Column(Message("language")), _Column(Message("notes"), number=True), _Column(Message("known")))
    rows = (
        (use.language or in_own_language(Message("none")), f"{use.notes:,}", in_own_language(_KNOWN[use.known]))
        for use in inventory.languages
    )
    _table(console, columns, rows)


def _links(console: Console, inventory: Inventory) -> None:
    links = inventory.links
    total = links.notes + links.attachments + links.dangling + links.lost_files
    _headline(console, Message("Links: {count:,}", count=total))
    to_notes: str = Message("to notes")
    if links.ambiguous:
        to_notes = Message("to notes, {count:,} of them ambiguous", count=links.ambiguous)
    counts = (
        (to_notes, links.notes),
        (Message("to attachments"), links.attachments),
        (Message("to {notes} not written", notes=_notes(len(links.wanted))), links.dangling),
        (Message("to files that are not there"), links.lost_files),
    )
    columns = (_Column(Message("links"), number=True), _Column(Message("lead")))
    _table(console, columns, ((f"{n:,}", in_own_language(what)) for what, n in counts if n))
    if links.wanted:
        _headline(console, _of(Message("Most wanted notes"), links.wanted))
        _ranking(console, links.wanted)


def _of(told: str, found: Sequence[Count]) -> str:
    if len(found) <= _MOST:
        return told
    return Message("{told} ({some} of {all:,})", told=told, some=_MOST, all=len(found))


def _ranking(console: Console, found: Sequence[Count]) -> None:
    columns = (_Column(Message("uses"), number=True), _Column(Message("name")))
    _table(console, columns, ((f"{row.count:,}", row.name) for row in found[:_MOST]))


def _tags(console: Console, inventory: Inventory) -> None:
    _headline(console, _of(Message("Tags: {count:,}", count=len(inventory.tags)), inventory.tags))
    _ranking(console, inventory.tags)


def _proposals(console: Console, proposals: Sequence[Proposal], local: bool) -> None:
    if not proposals:
        return
    count = len(proposals)
    told = (
        Message("Proposals for {count:,} unknown keys", count=count)
        if count > 1
        else Message("Proposal for 1 unknown key")
    )
    _headline(console, told)
    told = Message(
        "A row, put at the end of {file}, makes a key known; a key that is mistyped is better fixed.", file=FILE
    )
    console.print(Text(in_own_language(told)))
    if local and any(found.row for found in proposals):
        told = Message("Set base in {file} first: the addresses below hold on this machine only.", file=FILE)
        console.print(Text(in_own_language(told), _UNKNOWN))
    for found in proposals:
        console.print()
        if found.row:
            head, _, row = found.row.rstrip().partition("\n")
            console.print(Text(shown(head), _UNKNOWN), soft_wrap=True)
            console.print(Text(shown(row)), soft_wrap=True)
        else:
            console.print(Text(f"# {_one_line(found.key)}", _UNKNOWN))
            told = Message("it has neither letter nor digit, so no row can name it: give it another name")
            console.print(Text(f"# {in_own_language(told)}"))
