"""The evidence of types of all notes together: which folders are not what they are called, and what others say.

Who is named by `author` or `director` is a person, what is named by `birth place` a place: by the class that the rule
of the key tells, within the range that the vocabulary gives its predicates. It counts for things of whose type their
own notes show nothing, and where all that is said of them agrees.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from herbier.index.resolution import Index, LinkTarget, SaidType
from herbier.index.value_links import links_in
from herbier.mapping.classes import Classes, Kind
from herbier.mapping.person_names import reads_as_person
from herbier.mapping.plain_names import named_note
from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.terms import Term
from herbier.rules.rule_types import KeyRule, Rules
from herbier.rules.schema_org import PERSON, schema_org
from herbier.rules.type_rows import tells_class
from herbier.text import shown
from herbier.vault.inline import is_template, is_web_address
from herbier.vault.summary import Pointer


def weigh_types(index: Index, rules: Rules) -> list[Problem]:
    """Put into an index what the notes show together of the types of their things; return where they disagree."""
    public = [
        number for number, summary in enumerate(index.summaries) if not summary.private and number not in index.merged
    ]
    doubted = _doubted_folders(public, index, Classes(index, rules))
    index.doubted = frozenset(doubted)
    classes = Classes(index, rules)
    kinds = {number: classes.own(number) for number in public}
    index.said_types, index.stub_types = _Sayings(index, rules, classes, kinds).settled()
    return [*_of_folders(doubted), *_of_notes(kinds, index)]


# --- folders ----------------------------------------------------------------------------------------------------------

_STRONG: Final = 3  # of how many notes one must be something else for the name of their folder to say nothing


def _doubted_folders(public: list[int], index: Index, classes: Classes) -> dict[tuple[str, str], str]:
    """Return the folders that are called after a type which most of their notes are not, with what these are."""
    agree: Counter[tuple[str, str]] = Counter()
    others: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    sizes: Counter[tuple[str, str]] = Counter()
    for number in public:
        claims = index.summaries[number].claims
        if not any(claim.kind == "folder" for claim in claims):
            continue
        kind = classes.own(number)
        for claim in claims:
            if claim.kind != "folder":
                continue
            sizes[claim.written, claim.type] += 1
            rule = classes.table.evidence.rules[claim.type]
            rest = [one for one in (*kind.given, *kind.others) if one.kind != "folder"]
            if rest:
                alike = any(schema_org().agree(rule.terms, one.terms) for one in rest)
                if alike:
                    agree[claim.written, claim.type] += 1
                else:
                    others[claim.written, claim.type][rest[0].rule.name] += 1
    return {
        place: found.most_common(1)[0][0]
        for place, found in sorted(others.items())
        if found.total() > agree[place] and found.total() * _STRONG >= sizes[place]
    }


def _of_folders(doubted: dict[tuple[str, str], str]) -> Iterator[Problem]:
    for (folder, name), other in doubted.items():
        message = Message(
            "the folder is called after the type {type}, but its notes are of another, most of them {other}; its name "
            "says nothing of them",
            type=name,
            other=other,
        )
        hint = Message("rename the folder, or give its notes a `type:`")
        yield problem("disagreeing-types", f"{shown(folder)}/", 0, 0, message, hint)


def _of_notes(kinds: dict[int, Kind], index: Index) -> Iterator[Problem]:
    """Report evidence that disagrees, once a folder."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for number, kind in kinds.items():
        path = index.summaries[number].path
        for other in {one.rule.name: one for one in kind.others}.values():
            taken = kind.given[0].rule.name if kind.given else ""
            found[path.rpartition("/")[0], taken, other.rule.name].append(path)
    for (folder, taken, name), paths in sorted(found.items()):
        first = shown(min(paths).rpartition("/")[2])
        if taken:
            message = Message(
                "{count} notes are taken for {type}, though some of what they show says {other}: {first}",
                count=len(paths), type=taken, other=name, first=first,
            )  # fmt: skip
        else:
            message = Message(
                "{count} notes show signs of {other} and of other types, none stronger than the rest: {first}",
                count=len(paths), other=name, first=first,
            )  # fmt: skip
        hint = Message("give them a `type:`, which goes before all else")
        yield problem("disagreeing-types", f"{shown(folder)}/" if folder else "", 0, 0, message, hint)


# --- what others say --------------------------------------------------------------------------------------------------


class _Saying(NamedTuple):
    """What a note says of the type of a thing that it names: of a class, or at least within a range."""

    rule: KeyRule
    path: str
    sure: bool  # that it is of the rule's class, not only within the range


@dataclass(slots=True)
class _Sayings:
    """Gathers what notes say of the things that they name."""

    index: Index
    rules: Rules
    classes: Classes
    kinds: dict[int, Kind]
    known: dict[tuple[str, bool, tuple[Term, ...]], KeyRule | None] = field(default_factory=dict)

    def settled(self) -> tuple[dict[int, SaidType], dict[str, SaidType]]:
        """Return what the things of notes are, by number, and those of notes not written, by slug."""
        of_notes: dict[int, list[_Saying]] = defaultdict(list)
        of_stubs: dict[str, list[_Saying]] = defaultdict(list)
        for number, kind in self.kinds.items():
            summary = self.index.summaries[number]
            for pointer in summary.pointers:
                rule = self._rule(pointer, kind)
                if rule is None:
                    continue
                is_link = "[" in pointer.text
                for name, target in self._targets(pointer.text, summary.path, rule, pointer.key):
                    saying = _Saying(rule, summary.path, _is_sure(rule, name, self.rules.name_words))
                    if target.kind == "stub" and (is_link or kind.given or pointer.nested):
                        of_stubs[target.slug].append(saying)
                    elif is_link and target.kind == "note" and not self.kinds[target.number].given:
                        of_notes[target.number].append(saying)  # plain words may be those of a namesake
        notes = {number: said for number, found in of_notes.items() if (said := _agreed(found))}
        return notes, {slug: said for slug, found in of_stubs.items() if (said := _agreed(found))}

    def _rule(self, pointer: Pointer, kind: Kind) -> KeyRule | None:
        """Return the rule that a key has for a thing of a kind; of a thing of no known type, what all its rules say."""
        terms = kind.terms
        key = pointer.key, pointer.nested, terms
        if key in self.known:
            return self.known[key]
        rules = self.rules.keys.get(pointer.key, ())
        found: KeyRule | None = None
        if pointer.nested or terms:
            scopes = self.classes.scopes_of(terms) | kind.names if not pointer.nested else frozenset()
            fits = schema_org().fits
            for rule in rules:
                if rule.types and rule.types.isdisjoint(scopes):
                    continue
                if rule.of or (
                    terms and not pointer.nested and not any(fits(p, terms) for p in (*rule.thing, *rule.note))
                ):
                    continue
                found = rule if tells_class(rule) else None
                break
        else:
            telling = [rule for rule in rules if not rule.of]
            if all(map(tells_class, telling)) and len({rule.classes for rule in telling}) == 1:
                found = telling[0]
        self.known[key] = found
        return found

    def _targets(self, text: str, origin: str, rule: KeyRule, key: str) -> Iterator[tuple[str, LinkTarget]]:
        if is_template(text) or is_web_address(text.strip()):
            return
        if "[" in text:
            for name, found, _ in links_in(self.index, text, origin):
                yield name, found
        elif rule.kind == "entity":
            name = " ".join(text.split())
            named, _ = named_note(self.index, self._terms, name, origin, rule, key)
            yield name, named or self.index.unwritten(name)

    def _terms(self, number: int) -> tuple[Term, ...]:
        kind = self.kinds.get(number)
        return kind.terms if kind else ()


def _is_sure(rule: KeyRule, name: str, words: Mapping[str, frozenset[str]]) -> bool:
    """Return whether what a key names is of its rule's class: its range allows no other, or the name reads so."""
    ranges = schema_org().range_of((*rule.thing, *rule.note))
    if not ranges:
        return False
    above = schema_org().all_classes(rule.classes)
    others = {term for term in ranges if term not in above}
    if PERSON in rule.classes and others:
        return reads_as_person(name.rpartition("/")[2], words)
    if others == {PERSON}:
        return not reads_as_person(name, words)
    return not others


def _agreed(sayings: list[_Saying]) -> SaidType | None:
    """Return what all that is said of a thing agrees on, the narrowest of it; None where it does not."""
    sure = [saying for saying in sayings if saying.sure]
    if not sure:
        return None
    classes = schema_org().all_classes
    best = sure[0]
    for one in sure[1:]:
        if classes(one.rule.classes).issuperset(best.rule.classes):
            best = best if best.rule.classes == one.rule.classes else one
        elif not classes(best.rule.classes).issuperset(one.rule.classes):
            return None
    above = classes(best.rule.classes)
    for one in sayings:
        ranges = schema_org().range_of((*one.rule.thing, *one.rule.note))
        if ranges and above.isdisjoint(ranges):
            return None
    first = min(
        (saying for saying in sure if saying.rule.classes == best.rule.classes),
        key=lambda s: (s.path, s.rule.source, s.rule.name),
    )
    return SaidType(first.rule, first.path)
