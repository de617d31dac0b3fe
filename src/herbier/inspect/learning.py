"""What a vault's own notes teach: rows that its rules lack, each with how sure it is and what speaks for it.

The class of a folder, a tag, a category or a template comes from its name, from the keys of its notes and from those of
its notes whose class is known; the predicate of a key from its name among schema.org's properties, and from where its
values lead.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from herbier.inspect.evidence_counts import Evidence, Group, KeyEvidence
from herbier.messages import Message
from herbier.pipeline.opening import Vault
from herbier.rdf.slugs import plain_name, slug
from herbier.rdf.terms import Term
from herbier.rules.rule_types import Rules, TypeRule
from herbier.rules.schema_org import THING, schema_org
from herbier.rules.type_evidence import bare_name
from herbier.text import shown

_LEAST_NOTES: Final = 3  # of a group or a key, for it to be worth a question
_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """A row that is proposed: its table, its name and its cells, how sure it is from 0 to 1, and what speaks for it.

    `gives` is the class or the predicate; `others` are further candidates, as cells; `exceptions` speak against it.
    """

    table: str
    name: str
    subject: Message
    gives: str
    cells: str
    sure: float
    notes: int
    examples: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()  # what each gives, and its cells


def lessons_of(vault: Vault, evidence: Evidence, declined: frozenset[str] = frozenset()) -> list[Lesson]:
    """Return what may be learnt, the surest and the most used first, without what was declined before."""
    found = [*_of_groups(vault, evidence), *_of_keys(vault, evidence)]
    taken = {rule.name for rules in vault.rules.keys.values() for rule in rules}
    taken |= vault.rules.evidence.rules.keys()
    kept = [lesson for lesson in found if lesson.name not in taken and lesson.name not in declined]
    return sorted(kept, key=lambda lesson: (-lesson.sure, -lesson.notes, lesson.name))


# --- classes ----------------------------------------------------------------------------------------------------------


def _of_groups(vault: Vault, evidence: Evidence) -> Iterator[Lesson]:
    for group in evidence.groups.values():
        if len(group.untyped) < _LEAST_NOTES:
            continue
        of = _KINDS_OF_GROUPS[group.kind]
        name = of.form(group.name)
        ranked = _ranked(vault, group, name)
        if name in of.known(vault.rules) or not ranked:
            continue
        (rule, sure), *rest = ranked
        cells = _group_cells(vault, group)
        paths = group.paths
        against = [terms for terms in +group.classes if not schema_org().agree(terms, rule.terms)]
        yield Lesson(
            "types",
            f"{group.kind}-{slug(group.name) or name}",
            of.subject(group.name),
            _shortened(vault, rule.terms),
            _type_cells(vault, rule, cells),
            round(sure, 2),
            group.notes,
            tuple(map(shown, paths[:_EXAMPLES])),
            tuple(_shortened(vault, terms) for terms in against[:_EXAMPLES]),
            tuple((_shortened(vault, other.terms), _type_cells(vault, other, cells)) for other, _ in rest[:_EXAMPLES]),
        )


class _KindOfGroup(NamedTuple):
    """How groups of a kind are named and told, and which of them the rules know already."""

    form: Callable[[str], str]
    subject: Callable[[str], Message]
    known: Callable[[Rules], Collection[str]]


_KINDS_OF_GROUPS: Final = {
    "folder": _KindOfGroup(
        bare_name, lambda name: Message("the folder {name!r}", name=name), lambda rules: rules.evidence.folders
    ),
    "tag": _KindOfGroup(
        plain_name, lambda name: Message("the tag {name!r}", name=name), lambda rules: rules.evidence.tags
    ),
    "category": _KindOfGroup(
        plain_name, lambda name: Message("the category {name!r}", name=name), lambda rules: rules.types
    ),
    "template": _KindOfGroup(
        str, lambda name: Message("the template {name!r}", name=shown(name)), lambda rules: ()
    ),
}  # fmt: skip


def _group_cells(vault: Vault, group: Group) -> str:
    """Return the cell that tells the notes of a group: its name, or the keys that stand together in a template."""
    if group.kind == "template":
        sign = vault.rules.evidence.templates[group.name]
        together = ", ".join(_quoted(key) for key in sorted(sign.own))
        return f"keys: [[{together}]]"
    column = {"folder": "folders", "tag": "tags", "category": "names"}[group.kind]
    return f"{column}: [{_quoted(group.name)}]"


def _type_cells(vault: Vault, rule: TypeRule, cells: str) -> str:
    return f"{{classes: [{_shortened(vault, rule.terms)}], {cells}}}"


def _ranked(vault: Vault, group: Group, name: str) -> list[tuple[TypeRule, float]]:
    """Return the types that a group may be of, the likeliest first, each with how sure it is."""
    rules = vault.rules
    called = rules.types.get(name) or rules.types.get(name.rstrip("s"))
    scores: dict[str, float] = {}
    if called:
        scores[called.name] = 0.8
    votes = {rules.evidence.rules[name]: count for name, count in group.votes.items() if name in rules.evidence.rules}
    for rule, count in votes.items():
        # what its keys say counts as far as they do not say something else just as often
        others = max(
            (more for other, more in votes.items() if not schema_org().agree(other.terms, rule.terms)), default=0
        )
        share = (count - others) / len(group.untyped)
        if called and schema_org().agree(called.terms, rule.terms):
            scores[called.name] = max(scores[called.name], 0.8 + 0.18 * share)
        elif share > 0:
            scores[rule.name] = max(scores.get(rule.name, 0.0), 0.9 * share)
    typed = group.classes.total()
    for terms in +group.classes:
        same = next((rule for rule in rules.evidence.rules.values() if rule.terms == terms), None)
        # a tag is as often a subject as a type: what some of its notes are says nothing of the others
        if same and typed >= _LEAST_NOTES and group.kind != "tag":
            share = sum(other for kind, other in group.classes.items() if schema_org().agree(kind, terms)) / typed
            scores[same.name] = max(scores.get(same.name, 0.0), share * (0.5 + typed / group.notes / 2))
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    against = sum(
        count for kind, count in group.classes.items() if called and not schema_org().agree(kind, called.terms)
    )
    if typed and called:
        ranked = [(one, sure * (1 - against / typed) if one == called.name else sure) for one, sure in ranked]
    return [(rules.evidence.rules[one], sure) for one, sure in ranked if sure > 0.3]


# --- predicates -------------------------------------------------------------------------------------------------------

_KINDS: Final = {
    "date": "date", "number": "number", "address": "address", "link": "entity", "several links": "entity",
    "name": "entity", "text": "text", "text with links": "text-or-entity", "yes/no": "boolean",
}  # fmt: skip
_RANGES: Final = {
    "date": ("Date", "DateTime"),
    "number": ("Number", "Integer", "QuantitativeValue", "Text"),
    "address": ("URL",),
    "text": ("Text",),
    "boolean": ("Boolean",),
}
# What is true of anything, where no property bears the name of the key.
_GENERAL: Final = {"entity": "dcterms:relation", "address": "rdfs:seeAlso"}


def _of_keys(vault: Vault, evidence: Evidence) -> Iterator[Lesson]:
    for key in evidence.keys.values():
        if len(key.notes) < _LEAST_NOTES or not key.values or key.shapes["nested keys"]:
            continue
        kind, share = _kind_of(key)
        known = plain_name(key.key) in vault.rules.keys and not key.within
        if not kind or (known and key.classes[THING] * 2 > key.classes.total()):  # their type is to be learnt first
            continue
        candidates = list(_candidates(vault, key, kind, share))
        if not candidates:
            continue
        (gives, sure), *rest = candidates
        names = f"{key.within}.{key.key}" if key.within else key.key
        odd = [f"{shape} ({count})" for shape, count in key.shapes.most_common() if _KINDS.get(shape) != kind]
        cells = [_key_cells(key, names, one, kind) for one, _ in candidates]
        yield Lesson(
            "keys",
            f"key-{slug(names.replace('.', '-'))}",
            Message("the key {name!r}", name=names),
            gives,
            cells[0],
            round(sure, 2),
            len(key.notes),
            (*key.examples, shown(key.path)),
            tuple(odd[:_EXAMPLES]),
            tuple((one, text) for (one, _), text in zip(rest, cells[1:], strict=True)),
        )


def _key_cells(key: KeyEvidence, names: str, predicate: str, kind: str) -> str:
    cells = [f"names: [{_quoted(names)}]", f"thing: [{predicate}]", f"value: {kind}"]
    if kind == "entity" and key.folders:
        folder, count = min(key.folders.items(), key=lambda item: (-item[1], item[0]))
        if folder and count * 10 >= key.shapes["name"] * 9:
            cells.append(f"folder: {_quoted(folder)}")
    return f"{{{', '.join(cells)}}}"


def _kind_of(key: KeyEvidence) -> tuple[str, float]:
    """Return the kind of value that a key has, and the share of its values that are of it."""
    kinds: dict[str, int] = {}
    folder = max(key.folders.values(), default=0)
    for shape, count in key.shapes.items():
        # words that happen to be names of notes here and there are words
        chance = shape == "name" and folder * 10 < count * 9
        if kind := _KINDS.get("text" if chance else shape, ""):
            kinds[kind] = kinds.get(kind, 0) + count
    if not kinds:
        return "", 0.0
    kind, count = max(kinds.items(), key=lambda item: (item[1], item[0]))
    return kind, count / key.values


def _candidates(vault: Vault, key: KeyEvidence, kind: str, share: float) -> Iterator[tuple[str, float]]:
    vocabulary = schema_org()
    wanted = plain_name(key.key)
    names = [name for name in vocabulary.domains if plain_name(name) in (wanted, wanted.rstrip("s"))]
    for name in sorted(names):
        predicate = f"<https://schema.org/{name}>"
        typed = [(classes, count) for classes, count in key.classes.items() if classes != THING]
        said = sum(count for classes, count in typed if vocabulary.fits(predicate, classes))
        fitting = said / key.classes.total() if not key.within else 0.0
        if fitting and _fits_range(name, key, kind):
            yield f"schema:{name}", 0.98 * share * fitting
    if kind in _GENERAL:
        yield _GENERAL[kind], 0.96 * share


def _fits_range(name: str, key: KeyEvidence, kind: str) -> bool:
    vocabulary = schema_org()
    ranges = vocabulary.ranges.get(name, frozenset())
    if kind != "entity":
        return not ranges.isdisjoint(_RANGES.get(kind, ("Text",)))
    wide = vocabulary.range_of((f"<https://schema.org/{name}>",))
    if "Thing" in ranges:
        return True
    classes = [terms for terms in key.targets if terms != THING]
    return bool(wide) and bool(classes) and all(not vocabulary.all_classes(terms).isdisjoint(wide) for terms in classes)


def _shortened(vault: Vault, terms: Sequence[Term]) -> str:
    return ", ".join(map(vault.rules.shorten, terms))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
