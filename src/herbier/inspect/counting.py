"""Counting what a vault's notes hold: keys, types, relations, languages, links and tags.

Private notes are left out wholly, their titles in links too, since an inventory may be shown to others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from herbier.index.language import language_code
from herbier.index.own_fields import role_texts
from herbier.index.reading import summarize_note
from herbier.index.redaction import plain_text, redact_links
from herbier.index.resolution import LinkTarget
from herbier.inspect.inventory_rows import Count, Inventory, KeyUse, LanguageUse, LinkUse, RelationUse, RuleUse, TypeUse
from herbier.inspect.value_shape import example, shown_value, value_shape
from herbier.mapping.context import NoteMapping
from herbier.mapping.key_rules import rule_of
from herbier.mapping.mapper import PARTS
from herbier.mapping.references import linked
from herbier.mapping.vault_totals import Understood
from herbier.messages import Message
from herbier.pipeline.opening import declared_settings
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.snapshot import Snapshot
from herbier.rdf.iris import owner
from herbier.rdf.slugs import plain_name, tag_slug
from herbier.rdf.turtle import turtle_term
from herbier.rules.rule_types import KeyRule, nearest_key
from herbier.vault.fields import Field, Map, scalars
from herbier.vault.inline import WIKILINK
from herbier.vault.note import Note

_EXAMPLES = 3


def take_inventory(snapshot: Snapshot, progress: Progress = silent) -> Inventory:
    """Read all published notes of a vault and count what they hold; HerbierError where one cannot be read any more."""
    tally = _Tally(snapshot)
    numbers = [number for number, summary in enumerate(snapshot.index.summaries) if not summary.private]
    for done, number in enumerate(numbers, 1):
        note = snapshot.read(snapshot.index.summaries[number].path)
        _count_note(tally, note, number)
        progress(Message("counting"), done, len(numbers))
    return tally.inventory(len(numbers))


def languages_of(snapshot: Snapshot) -> dict[str, int]:
    """Return the languages of the published notes with their number, the most used first."""
    counts = Counter(
        summary.language for summary in snapshot.index.summaries if summary.language and not summary.private
    )
    return dict(sorted(counts.items(), key=_most))


@dataclass(slots=True)
class _Key:
    spellings: Counter[str] = field(default_factory=Counter)
    notes: set[int] = field(default_factory=set)
    values: int = 0
    rules: defaultdict[tuple[str, str, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    unknown: set[int] = field(default_factory=set)
    shapes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Type:
    spellings: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    rule: tuple[str, str, int] = ("", "", 0)
    classes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    """The counts so far; keys and types in the form in which names are compared."""

    snapshot: Snapshot
    keys: dict[tuple[str, str], _Key] = field(default_factory=dict)
    types: dict[str, _Type] = field(default_factory=dict)
    untyped: int = 0
    relations: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    languages: Counter[tuple[str, str]] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    wanted: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    tags: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    understood: Understood = field(default_factory=Understood)

    def inventory(self, notes: int) -> Inventory:
        rules = self.snapshot.vault.rules
        spelt = {plain: _first(key.spellings) for (within, plain), key in self.keys.items() if not within}
        keys = [
            _key_use(key, plain, spelt.get(within, within), rules.key_names)
            for (within, plain), key in self.keys.items()
        ]
        types = [_type_use(found, rules.type_names) for found in self.types.values()]
        relations = [_relation_use(name, counts) for name, counts in self.relations.items()]
        links = self.links
        return Inventory(
            notes,
            tuple(sorted(keys, key=lambda use: (-use.notes, use.within or use.key, use.within, use.key))),
            tuple(sorted(types, key=lambda use: (-use.notes, use.type))),
            self.untyped,
            tuple(sorted(relations, key=lambda use: (-use.links, use.relation))),
            tuple(LanguageUse(*row, count) for row, count in sorted(self.languages.items(), key=_most)),
            LinkUse(
                links["note"],
                links["ambiguous"],
                links["file"],
                links["stub"],
                links["lost"],
                _counts(self.wanted),
            ),
            _counts(self.tags),
            self.understood,
            {name: place for name, _, place in declared_settings(self.snapshot.vault)},
        )


def _most(item: tuple[Any, int]) -> tuple[int, Any]:
    return -item[1], item[0]


def _first(counts: Counter[str]) -> str:
    return min(counts.items(), key=_most)[0]


def _counts(found: dict[str, Counter[str]]) -> tuple[Count, ...]:
    rows = [Count(_first(names), names.total()) for names in found.values()]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.name)))


def _key_use(key: _Key, plain: str, within: str, names: tuple[str, ...]) -> KeyUse:
    name = _first(key.spellings)
    near = nearest_key(name, names) if key.unknown else ""
    rules = [RuleUse(*rule, len(notes)) for rule, notes in key.rules.items()]
    return KeyUse(
        name,
        within,
        tuple(spelling for spelling, _ in sorted(key.spellings.items(), key=_most)),
        len(key.notes),
        key.values,
        tuple(sorted(rules, key=lambda use: (-use.notes, use.name))),
        len(key.unknown),
        near if plain_name(near) != plain else "",
        dict(sorted(key.shapes.items(), key=_most)),
        tuple(key.examples),
    )


def _type_use(found: _Type, names: tuple[str, ...]) -> TypeUse:
    name = _first(found.spellings)
    near = "" if found.rule[0] else nearest_key(name, names)
    return TypeUse(name, found.notes, *found.rule, found.classes, near)


def _relation_use(name: str, counts: Counter[str]) -> RelationUse:
    kinds = ("note", "stub", "address", "nothing")
    return RelationUse(name, counts.total(), *(counts[kind] for kind in kinds))


def _count_note(tally: _Tally, note: Note, number: int) -> None:
    m = NoteMapping(note, number, tally.snapshot.context)
    for found in note.fields:
        _count_field(tally, m, found)
    _count_types(tally, m)
    _count_links(tally, m)
    _count_language(tally, m)
    for part in PARTS:
        part(m)
    _count_relations(tally, m)
    typed = bool(m.context.classes.given(m.number)[0].kind)
    tally.understood = tally.understood.plus(Understood(1, typed, m.out.values, m.out.standard))
    for tag, _ in m.out.tags:
        tally.tags[tag_slug(tag)][tag] += 1


def _count_field(tally: _Tally, m: NoteMapping, found: Field, within: str = "") -> None:
    name = redact_links(m.index, found.key, m.path).strip()
    plain = plain_name(name) or name
    key = tally.keys.setdefault((within, plain), _Key())
    key.spellings[name] += 1
    key.notes.add(m.number)
    key.values += len(found.values)
    known = rule_of(m, found, "" if within else m.thing)
    if known is None:
        key.unknown.add(m.number)
    else:
        key.rules[known[0].name, known[0].source.file, known[0].source.line].add(m.number)
    kind = known[0].kind if known else ""
    key.shapes["list"] += len(found.values) > 1
    key.shapes["empty"] += not found.values
    key.shapes += Counter(
        value_shape(m, value, kind) for value in found.values
    )  # the sum leaves out what counts nothing
    for value in found.values:
        if len(key.examples) < _EXAMPLES and (shown := example(m, value)):
            key.examples[shown] = None
        if isinstance(value, Map):
            for inner in value.fields:
                _count_field(tally, m, inner, plain)
        elif known and known[0].relation:
            lost = [link for link in linked(m, value.text) if link.found.kind in ("lost", "file")]
            tally.relations[known[0].name]["nothing"] += len(lost)


def _count_types(tally: _Tally, m: NoteMapping) -> None:
    tally.untyped += not m.summary.types and not any(given.kind for given in m.context.classes.given(m.number))
    names = tally.snapshot.vault.names
    given = m.context.classes.given(m.number)
    for written in m.summary.types:
        rules = [one for one in given if one.kind == "type" and one.written == written]
        known = bool(rules or WIKILINK.search(written))
        name = plain_text(m.index, written, m.path) if known else shown_value(m, written)
        found = tally.types.setdefault(plain_name(name) or name, _Type())
        found.spellings[name] += 1
        found.notes += 1
        if rules:
            found.rule = (rules[0].rule.name, *rules[0].rule.source)
            found.classes = tuple(dict.fromkeys(turtle_term(term, names) for rule in rules for term in rule.terms))
        elif known:  # a link to a private note, or to a file: it gives no class, and is no fault of the table
            found.rule = ("link", "", 0)


def _links(m: NoteMapping) -> Iterator[tuple[str, LinkTarget]]:
    """Yield the links of the body and of the front matter; those of inline fields are links of the body."""
    for link, found in zip(m.note.body.links, m.found, strict=True):
        if link.name:
            yield link.name, found
    for value in scalars(m.note.fields[: len(m.note.fields) - len(m.note.body.fields)]):
        for name, found, _ in linked(m, value.text):
            if name:
                yield name, found


def _count_links(tally: _Tally, m: NoteMapping) -> None:
    for name, found in _links(m):
        tally.links[found.kind] += 1
        tally.links["ambiguous"] += bool(found.rivals)
        if found.kind == "stub":
            tally.wanted[found.slug][name] += 1


def _count_relations(tally: _Tally, m: NoteMapping) -> None:
    """Count what relations join the note with, each once a place, whichever way the statement goes."""
    ends = set()
    for subject, _, value, at, rule in m.out.statements:
        if isinstance(rule, KeyRule) and rule.relation:
            slugs = [owner(term, m.mint.base) if term.startswith("<") else "" for term in (subject, value)]
            other = slugs[0] if slugs[0] != m.slug else slugs[1]
            ends.add((rule.name, at, other or value))
    for name, _, other in ends:
        known = "note" if other in m.index.by_slug else "address" if other.startswith(("<", '"')) else "stub"
        tally.relations[name][known] += 1


def _count_language(tally: _Tally, m: NoteMapping) -> None:
    vault = tally.snapshot.vault
    if not m.language:
        known = ""
    elif any(map(language_code, role_texts(m.roles, "language"))):
        known = "stated"
    else:
        # with a language of the vault that no note has, any other that is given comes from the folder
        summary, _ = summarize_note(m.note, vault.rules, replace(vault.settings, language="zxx"))
        known = "folder" if summary.language != "zxx" else "settings" if vault.settings.language else "guessed"
    tally.languages[m.language, known] += 1
