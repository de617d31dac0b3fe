"""The fixes: one row each, in the order in which they are tried. Each finds the places where it can be made."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from herbier.fix.quoting import quote
from herbier.fix.relation_items import rewrite_relations
from herbier.fix.repeated_keys import merge_repeated, plural, the_key
from herbier.fix.source import Block, Edit, NoteSource, read_blocks
from herbier.fix.verify import NoteMeaning, Reader
from herbier.index.own_fields import role_of
from herbier.messages import Message
from herbier.rdf.terms import datatype_of, lexical, typed
from herbier.rules.dates import date_term
from herbier.rules.rule_types import KeyRule
from herbier.text import normal
from herbier.vault.fields import Field, Scalar
from herbier.vault.frontmatter import FrontMatter


class Version(NamedTuple):
    """A version of a note that is looked at for places to fix; lines of `front` count from the file's first."""

    page: NoteSource
    front: FrontMatter
    reader: Reader

    def blocks(self) -> list[Block]:
        """Return the keys at the margin."""
        return read_blocks(self.page)

    def lines_with(self, code: str) -> list[int]:
        """Return the lines of the page that have a problem of a code."""
        return [found.line - self.page.first - 1 for found in self.front.problems if found.code == code]

    def read(self) -> NoteMeaning | None:
        """Return what this version says."""
        return self.reader.read(self.page.data)


class Fix(NamedTuple):
    """A fix: the code of the problem that it takes away ("" where `check` tells of none), and what it does."""

    code: str
    what: str
    find: Callable[[Version], Iterator[Edit]]


def _close(version: Version) -> Iterator[Edit]:
    if not version.page.closed and version.page.lines:
        last = len(version.page.lines) - 1
        yield Edit({last: (version.page.lines[last], "---")}, Message("the end of the front matter"))


def _quote(version: Version) -> Iterator[Edit]:
    wrong = set(version.lines_with("repaired-value"))
    by_line = {
        field.line - version.page.first - 1: field for field in reversed(version.front.fields) if field.column == 1
    }
    for block in version.blocks() if wrong else ():
        field = by_line.get(block.start) or block.field
        if block.start in wrong and field and (edit := quote(version.page, block, _from(field, block))):
            yield edit


def _from(field: Field, block: Block) -> Field:
    """Return a field with its lines counted from the first of the page."""
    by = block.start + 1 - field.line
    values = tuple(replace(v, line=v.line + by) for v in field.values)
    return replace(field, line=field.line + by, values=values)


def _lift(version: Version) -> Iterator[Edit]:
    wrong = version.lines_with("bare-sequence")
    for block in version.blocks() if wrong else ():
        if any(block.start <= line < block.stop for line in wrong) and (edit := rewrite_relations(version.page, block)):
            yield edit


def _are_tags(key: str, version: Version) -> bool:
    rule = role_of(key, version.reader.snapshot.vault.rules)
    return rule is not None and rule.role == "tags"


def _groups(version: Version) -> dict[str, list[Block]]:
    """Return the blocks of each key; those of `tag` are among those of `tags`."""
    groups: dict[str, list[Block]] = {}
    for block in version.blocks():
        if block.field:
            key = normal(block.field.key)
            name = "tags" if key.lower() == "tag" and _are_tags(key, version) else key
            groups.setdefault(name, []).append(block)
    return groups


def _gather(version: Version) -> Iterator[Edit]:
    for key, blocks in _groups(version).items():
        if len(blocks) > 1 and (edit := merge_repeated(version.page, blocks, tags=_are_tags(key, version))):
            yield edit


def _rename(version: Version) -> Iterator[Edit]:
    blocks = _groups(version).get("tags", ())
    for block in blocks if len(blocks) == 1 else ():
        line = version.page.lines[block.start]
        if plural(line) != line:
            yield Edit({block.start: (plural(line),)}, the_key(block.field))


def _date(version: Version) -> Iterator[Edit]:
    if not any(_may_be_date(value) for field in version.front.fields for value in field.values):
        return
    saying = version.read()
    places = sorted(
        {
            (at, rule.name, lexical(o), datatype_of(o))
            for s, _, o, at, rule in (saying.statements if saying else ())
            if isinstance(rule, KeyRule) and rule.kind == "date" and s in version.reader.subjects
            and isinstance(at, tuple)
        }
    )  # fmt: skip
    changes: dict[int, str] = {}
    for (line, column), _, date, datatype in reversed(places):
        number = line - version.page.first - 1
        if 0 <= number < len(version.page.lines):
            text = changes.get(number, version.page.lines[number])
            new = _dated(text, column - 1, date, datatype)
            if new != text:
                changes[number] = new
    yield from (Edit({number: (text,)}, Message("a date")) for number, text in changes.items())


def _may_be_date(value: object) -> bool:
    if not isinstance(value, Scalar):
        return False
    term = date_term(value.text.strip())
    return term is not None and lexical(term) != value.text.strip()


def _dated(line: str, start: int, date: str, datatype: str) -> str:
    """Return a line with the value that starts at an offset written in ISO 8601, in the quotes that it has.

    A link to the note of a day stays a link, and what does not stand on the line whole stays as it is.
    """
    mark = line[start : start + 1]
    if mark in ("'", '"'):
        stop = line.find(mark, start + 1)
        old, start = line[start + 1 : stop], start + 1
    else:
        old = _plain_value(line[start:])
    term = date_term(old.strip())
    if term is None or "[[" in old or lexical(term) != date or datatype_of(term) != datatype:
        return line
    if date_term(date) != typed(date, datatype.rpartition("#")[2]):
        return line
    return line[:start] + date + line[start + len(old) :]


def _plain_value(rest: str) -> str:
    """Return a value without quotes: it ends where a comment starts, or a comma or bracket of a list that has dates."""
    text = rest.partition(" #")[0].rstrip()
    if date_term(text) is None:  # in `[1/2/2025, 3/2/2025]`
        for mark in (",", "]"):
            text = text.partition(mark)[0].rstrip()
    return text


FIXES: tuple[Fix, ...] = (
    Fix("unclosed-front-matter", Message("closed with ---"), _close),
    Fix("repaired-value", Message("put in quotes"), _quote),
    Fix("bare-sequence", Message("written as a key"), _lift),
    Fix("repeated-key", Message("written once, with a list"), _gather),
    Fix("", Message("renamed tags"), _rename),
    Fix("", Message("written as an ISO date"), _date),
)
