"""The output of `herbier explain` for people: lines of notes, carets, and the triples that come from there."""

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import click

from herbier.cli import output_terminal
from herbier.cli.output_excerpt import excerpt
from herbier.inspect.explanation import Explained, Trace
from herbier.inspect.hindrances import Reason
from herbier.inspect.mentions import Mention
from herbier.inspect.rule_source import QuotedRow
from herbier.inspect.why_not import WhyNot
from herbier.mapping.fallback import UNKNOWN_KEY
from herbier.messages import Message
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import lexical
from herbier.rdf.turtle import turtle_term
from herbier.rules.rule_types import Alignment
from herbier.vault.spans import of_value

_WIDTH = 100  # where there is no terminal to fit
_LEAST_WIDTH = 40
_LONGEST = 70  # of a value that is shown beside others
_MOST_NUMBERS = 8

Numbered = tuple[int, Trace]


def show_note(of: Explained, names: Namespaces) -> None:
    """Show all triples of a note below the lines that they come from."""
    _note(of, of.numbered(), names)
    click.echo(f"\n{output_terminal.in_own_language(_triples(len(of.traces)))}", err=True)


def show_mentions(found: Iterable[Mention], names: Namespaces) -> None:
    """Show what each note says of an IRI."""
    triples = notes = 0
    for mention in found:
        if notes:
            click.echo()
        _note(mention.explained, mention.traces, names)
        notes += 1
        triples += len(mention.traces)
    told = Message("{triples} in {notes}", triples=_triples(triples), notes=_notes(notes))
    click.echo(f"\n{output_terminal.in_own_language(told)}", err=True)


def show_triple(
    of: Explained, number: int, names: Namespaces, row: QuotedRow | None, aligned: Sequence[Alignment]
) -> None:
    """Show one triple of a note in full, with the row of its rule, and what its term is in Wikidata."""
    trace = of.trace(number)
    told = Message("{path}: triple {number} of {count}", path=of.path, number=number, count=len(of.traces))
    click.echo(f"{_bold(told, of.path)}\n")
    for name, term in zip(map(output_terminal.in_own_language, _TERMS), trace.terms, strict=True):
        first, *rest = turtle_term(term, names).split("\n")
        click.echo(f"{name:>9}  {click.style(first, fg='green')}")
        for line in rest:
            click.echo(f"{'':>11}{click.style(line, fg='green')}" if line else "")
        if term.startswith("<") and first != term:
            click.echo(f"{'':>11}{lexical(term)}")
    click.echo()
    _source(of, trace)
    click.echo()
    if row is None:
        stated = trace.rule != UNKNOWN_KEY.name
        why = Message("what is written stands for itself") if stated else Message("no rule knows the key")
        click.echo(output_terminal.in_own_language(Message("no row of the mapping made it: {why}", why=why)))
    else:
        told = Message(
            "the rule {rule}, in Herbier's {file}, line {line}:", rule=trace.rule, file=row.file, line=row.line
        )
        if row.own:
            told = Message(
                "the rule {rule}, in the vault's {file}, line {line}:", rule=trace.rule, file=row.file, line=row.line
            )
        click.echo(_bold(told, trace.rule))
        for line_number, line in enumerate(row.text.split("\n"), row.line):
            click.echo(f"{_gutter(str(line_number))}{line}")
    for known_as in aligned:
        _aligned(known_as)


def _aligned(row: Alignment) -> None:
    told = Message("in Wikidata: {item}", item=row.entity)
    if row.only:
        told = Message("{told}, only of {kind}", told=told, kind=", ".join(sorted(row.only)))
    if not row.verified:
        told = Message("{told}, not verified, so not used", told=told)
    place = click.style(f"({row.source.file}:{row.source.line})", dim=True)
    click.echo(f"\n{_bold(told, row.entity)}  {place}")
    for says in row.says:
        click.echo(output_terminal.in_own_language(Message("    source: {source}", source=says)))


def show_why_not(of: WhyNot, names: Namespaces) -> None:
    """Show what became of a key."""
    click.echo(_bold(Message("{path}: the key {key!r}", path=of.explained.path, key=of.key), of.explained.path))
    shown: tuple[int, int] | None = None
    for reason in of.reasons:
        click.echo()
        if reason.place and reason.place != shown:
            shown = reason.place
            line, column = reason.place
            _line(of.explained, line, *of_value(of.explained.lines[line - 1], column, ""))
        _reason(of, reason, names)
    for found in of.problems:
        click.echo()
        told = Message("check reports at line {line}: {told}", line=found.line, told=found.message)
        click.echo(click.style(output_terminal.in_own_language(told), dim=True))


def _reason(of: WhyNot, reason: Reason, names: Namespaces) -> None:
    click.echo(output_terminal.in_own_language(reason.message))
    for rule in reason.rules:
        mark = click.style(output_terminal.in_own_language(Message("rule:")), fg="cyan")
        click.echo(f"    {mark} {rule.name} ({rule.source.file}:{rule.source.line})")
    if numbers := reason.triples:
        for number in numbers[:_MOST_NUMBERS]:
            _triple(number, of.explained.trace(number), names)
        if len(numbers) > _MOST_NUMBERS:
            click.echo(
                output_terminal.in_own_language(Message("     and {count:,} more", count=len(numbers) - _MOST_NUMBERS))
            )
    if reason.hint:
        mark = click.style(output_terminal.in_own_language(Message("hint:")), fg="cyan")
        click.echo(f"    {mark} {output_terminal.in_own_language(reason.hint)}")
    if reason.row:
        own = Message("in {file} of the vault:", file="mapping/keys.yaml")
        for place, text in ((own, reason.row.yaml), (Message("in {file}:", file="herbier.toml"), reason.row.toml)):
            click.echo(f"\n    {output_terminal.in_own_language(place)}\n")
            for line in text.split("\n"):
                click.echo(f"        {line}")


# --- pieces ---------------------------------------------------------------------------------------------------------


def _note(of: Explained, traces: Iterable[Numbered], names: Namespaces) -> None:
    told = Message("{path} is {note}, about {thing}", path=of.path, note=of.graph[1:-1], thing=of.thing[1:-1])
    click.echo(_bold(told, of.path))
    for name, value, place in of.settings:
        told = Message("its {name} is {value}, as {place} declares", name=name, value=value, place=place)
        click.echo(click.style(output_terminal.in_own_language(told), dim=True))
    for group in _by_span(traces):
        click.echo()
        _source(of, group[0][1])
        for number, trace in group:
            _triple(number, trace, names)


def _by_span(traces: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    """Yield the triples that come from the same characters together."""

    def span(numbered: Numbered) -> tuple[object, ...]:
        trace = numbered[1]
        return trace.origin, trace.line, trace.start_column, trace.end_column

    for _, group in groupby(traces, span):
        yield list(group)


def _source(of: Explained, trace: Trace) -> None:
    """Show where a triple comes from: a line with carets, the file's name, or the text as a whole."""
    if trace.origin == "file name":
        name = of.path.rpartition("/")[2]
        _marked(output_terminal.in_own_language(Message("file name")), name, 1, len(name.rpartition(".")[0]) + 1)
    elif trace.origin == "path":
        _marked(output_terminal.in_own_language(Message("path")), of.path, trace.start_column, trace.end_column)
    elif trace.origin == "other notes":
        label = output_terminal.in_own_language(Message("said"))
        told = Message("by other notes that name it, first of all {path}", path=of.said_by)
        click.echo(f"{_gutter(label)}{output_terminal.in_own_language(told)}")
    elif trace.origin == "whole text":
        body = [number for number, line in enumerate(of.lines, 1) if line.strip() and number >= of.first_line]
        told = Message("nothing")
        if body:
            told = Message("all of it, lines {first} to {last}", first=body[0], last=body[-1])
        if len(body) == 1:
            told = Message("all of it, line {line}", line=body[0])
        label = output_terminal.in_own_language(Message("text"))
        click.echo(f"{_gutter(label)}{output_terminal.in_own_language(told)}")
    else:
        _line(of, trace.line, trace.start_column, trace.end_column)


def _line(of: Explained, number: int, start: int, end: int) -> None:
    line = of.lines[number - 1] if number <= len(of.lines) else ""
    _marked(str(number), line, start, end)


def _marked(label: str, line: str, start: int, end: int) -> None:
    gutter = _gutter(label)
    room = max(_width(), _LEAST_WIDTH) - len(click.unstyle(gutter))
    shown, carets = excerpt(line.rstrip(), start, end, room)
    blanks = carets[: len(carets) - len(carets.lstrip())]
    click.echo(f"{gutter}{shown}")
    click.echo(f"{_gutter(' ' * len(label))}{blanks}{click.style(carets.lstrip(), fg='yellow', bold=True)}")


def _gutter(label: str) -> str:
    return click.style(f"{label:>4} | ", fg="blue")


def _width() -> int:
    return shutil.get_terminal_size((_WIDTH, 24)).columns if sys.stdout.isatty() else _WIDTH


def _triple(number: int, trace: Trace, names: Namespaces) -> None:
    subject, predicate, value = (turtle_term(term, names) for term in trace.terms)
    value = " ".join(value.replace('"""', '"').split())
    value = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    place = (
        f"{trace.rule_file}:{trace.rule_line}"
        if trace.rule_file
        else output_terminal.in_own_language(Message("no rule"))
    )
    if trace.declared:
        place = output_terminal.in_own_language(
            Message("{place}; declared in {declared}", place=place, declared=trace.declared)
        )
    rule = click.style(f"{trace.rule} ({place})", dim=True)
    click.echo(f"{f'#{number}':>5} {subject} {click.style(predicate, fg='green')} {value}  {rule}")


_TERMS = (Message("subject"), Message("predicate"), Message("object"))


def _bold(told: str, part: str) -> str:
    """Return what is reported in the person's language, with a part of it in bold."""
    return output_terminal.in_own_language(told).replace(part, click.style(part, bold=True), 1)


def _triples(number: int) -> str:
    return Message("1 triple") if number == 1 else Message("{count:,} triples", count=number)


def _notes(number: int) -> str:
    return Message("1 note") if number == 1 else Message("{count:,} notes", count=number)
