"""What the notes of a vault hold that its rules do not yet use, counted: groups of notes, and keys that say little.

A group is a folder, a tag, a category or a template, with the notes that it has; a key is one that no rule knows, with
its values.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from herbier.index.own_fields import is_empty
from herbier.index.redaction import is_private_name
from herbier.index.type_claims import templates_of
from herbier.inspect.value_shape import example, value_shape
from herbier.mapping.context import MappedNote, NoteMapping
from herbier.mapping.key_rules import rule_of
from herbier.mapping.mapper import PARTS
from herbier.messages import Message
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.snapshot import Snapshot
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.rule_types import TYPED, KeyRule
from herbier.rules.schema_org import THING
from herbier.rules.type_evidence import bare_name
from herbier.text import shown
from herbier.vault.fields import Field, Map, Scalar
from herbier.vault.inline import WIKILINK, is_template, wikilink

_EXAMPLES = 3


@dataclass(slots=True)
class Group:
    """The notes of a folder, a tag, a category or a template; `votes` are the types that their keys are said of."""

    kind: str
    name: str
    notes: int = 0
    untyped: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)  # of some of the untyped
    classes: Counter[tuple[Term, ...]] = field(default_factory=Counter)
    votes: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class KeyEvidence:
    """A key that no rule knows, as `within.key` in plain form: its notes, and what its values look like and lead to."""

    key: str
    within: str
    path: str  # of the first note that has it
    notes: list[int] = field(default_factory=list)
    classes: Counter[tuple[Term, ...]] = field(default_factory=Counter)
    values: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)  # of the notes that values name
    targets: Counter[tuple[Term, ...]] = field(default_factory=Counter)  # their classes
    examples: dict[str, None] = field(default_factory=dict)


class Shares(NamedTuple):
    """What a vault's notes come to: how much of it is understood."""

    things: int = 0
    typed: int = 0
    values: int = 0
    standard: int = 0  # of the values: those under a predicate of a vocabulary
    relations: int = 0
    dates: int = 0
    warnings: int = 0


@dataclass(slots=True)
class Evidence:
    """All that is counted of a vault."""

    shares: Shares = field(default_factory=Shares)
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    keys: dict[tuple[str, str], KeyEvidence] = field(default_factory=dict)


def count_evidence(snapshot: Snapshot, progress: Progress = silent, learnt: frozenset[str] = frozenset()) -> Evidence:
    """Read all published notes, and count what their rules do not use; HerbierError where one cannot be read.

    `learnt` are the names of rows that are only proposed: what they give is no evidence for others.
    """
    found = Evidence()
    index = snapshot.index
    numbers = [
        number for number, summary in enumerate(index.summaries) if not summary.private and number not in index.merged
    ]
    counts: Counter[str] = Counter()
    for done, number in enumerate(numbers, 1):
        note = snapshot.read(index.summaries[number].path)
        m = NoteMapping(note, number, snapshot.context)
        for one in note.fields:
            _count_key(found, m, one, m.thing, "")
        _count_groups(found, m, learnt)
        for part in PARTS:
            part(m)
        counts += _shares_of(m.out, m)
        progress(Message("learning"), done, len(numbers))
    found.shares = Shares(*(counts[name] for name in Shares._fields))
    return found


def _shares_of(mapped: MappedNote, m: NoteMapping) -> Counter[str]:
    counts: Counter[str] = Counter(things=1, warnings=len(mapped.problems))
    counts["typed"] = bool(m.context.classes.given(m.number)[0].kind)
    counts["values"], counts["standard"] = mapped.values, mapped.standard
    things = f"<{m.mint.base}id/"
    for _, _, value, _, rule in dict.fromkeys(mapped.statements):
        if isinstance(rule, KeyRule):
            counts["relations"] += value.startswith(things)
            counts["dates"] += value.endswith(("#date>", "#gYear>", "#gYearMonth>", "#dateTime>"))
    return counts


_TELLING: Final = ("type", "category", "declared", "tag", "hierarchy", "identifier", "template", "keys")


def _count_groups(found: Evidence, m: NoteMapping, learnt: frozenset[str]) -> None:
    terms = m.context.classes.terms(m.number)
    given = m.context.classes.given(m.number)
    typed = terms != THING and given[0].rule.name not in learnt
    telling = typed and given[0].kind in _TELLING  # where a note lies says nothing of the others with its tags
    votes = _votes(m) if not typed else Counter[str]()
    for kind, name in _groups_of(m):
        form = bare_name(name) if kind == "folder" else name if kind == "template" else plain_name(name)
        group = found.groups.setdefault((kind, form), Group(kind, name))
        group.notes += 1
        if typed:
            group.classes[terms] += telling
        else:
            group.untyped.append(m.number)
            if len(group.paths) < _EXAMPLES:
                group.paths.append(m.path)
            group.votes += votes


def _groups_of(m: NoteMapping) -> Iterator[tuple[str, str]]:
    folder = m.path.rpartition("/")[0].rpartition("/")[2]
    if (
        bare_name(folder) and shown(folder) == folder and folder.isprintable()
    ):  # those above it are containers, as often as not
        yield "folder", folder
    for value in (value for _, value in m.roles.get("tags", ())):
        for tag in dict.fromkeys(part.strip(" #") for part in value.text.split(",")):
            if plain_name(tag) and not is_private_name(m.index, tag, m.path):
                yield "tag", tag
    for value in (value for _, value in m.roles.get("category", ())):
        for name in dict.fromkeys(_names_in(value.text)):
            if plain_name(name) and not is_private_name(m.index, name, m.path):
                yield "category", name
    yield from (("template", path) for path in templates_of(m.note, m.rules.evidence)[:1])


def _names_in(text: str) -> list[str]:
    """Return what a category names: its links, without their folders, else its words."""
    links = [wikilink(match[2])[0].name.rpartition("/")[2] for match in WIKILINK.finditer(text)]
    return links or [" ".join(text.split())]


def _votes(m: NoteMapping) -> Counter[str]:
    """Return the types that two keys of a note or more are only said of, each once."""
    types: Counter[str] = Counter()
    for one in m.note.fields:
        rules = m.rules.keys.get(plain_name(one.key), ())
        if rules and all(rule.types for rule in rules):
            types.update({name for rule in rules for name in rule.types if name != TYPED})
    return Counter(name for name, keys in types.items() if keys > 1)


def _count_key(found: Evidence, m: NoteMapping, one: Field, thing: Term, within: str) -> None:
    plain = plain_name(one.key)
    known = rule_of(m, one, thing) if not within else _rule_within(m, one, within)
    # what may be a word of privacy is not to be learnt away, and a point in a name would make a path of it
    if known is None and plain and "." not in one.key and m.rules.privacy.meant(one.key) is None:
        key = found.keys.setdefault((within, plain), KeyEvidence(one.key.strip(), within, m.path))
        if not key.notes or key.notes[-1] != m.number:
            key.notes.append(m.number)
            key.classes[m.classes[m.thing]] += 1
        for value in one.values:
            _count_value(key, m, value)
    for value in one.values:
        if isinstance(value, Map):
            for inner in value.fields:
                _count_key(found, m, inner, thing, ".".join(filter(None, (within, plain))))


def _rule_within(m: NoteMapping, one: Field, within: str) -> KeyRule | None:
    plain = plain_name(one.key)
    rules = m.rules.keys.get(f"{within}.{plain}", ()) or m.rules.keys.get(plain, ())
    return next((rule for rule in rules if not rule.types or rule.of), None)


def _count_value(key: KeyEvidence, m: NoteMapping, value: Scalar | Map) -> None:
    if isinstance(value, Scalar) and (is_empty(value) or is_template(value.text)):
        return
    key.values += 1
    shape = value_shape(m, value, "")
    if isinstance(value, Scalar) and shape in ("text", "link"):
        name = " ".join(value.text.split())
        numbers = m.index.named(name.strip("/").rpartition("/")[2], ()) if shape == "text" else []
        numbers = [number for number in numbers if not m.index.summaries[number].private]
        if numbers:
            shape = "name"
            for folder in sorted({m.index.summaries[one].path.rpartition("/")[0] for one in numbers}):
                key.folders[folder] += 1
            key.targets[m.context.classes.terms(numbers[0])] += 1
    key.shapes[shape] += 1
    if len(key.examples) < _EXAMPLES and (shown := example(m, value)):
        key.examples[shown] = None
