"""The rule of a key: by its name, and by what may be said of the thing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from herbier.mapping.context import NoteMapping, Predicates
from herbier.mapping.fallback import UNKNOWN_KEY
from herbier.messages import Message
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.privacy_words import says_nothing_else
from herbier.rules.rule_types import ENDS_IN_NAME, TYPED, UNKNOWN, KeyRule, Rules, Source
from herbier.rules.schema_org import PERSON, THING, schema_org
from herbier.rules.type_evidence import bare_name
from herbier.vault.fields import Field

_PREFIXED_KEY: Final = KeyRule("prefixed key", UNKNOWN_KEY.source, kind="auto")
_OF_PRIVACY: Final = KeyRule("privacy", Source("mapping/privacy.yaml", 0), role="privacy", kind="nothing")


def unfit_rule(m: NoteMapping, found: Field, thing: Term) -> KeyRule | None:
    """Return the rule that knows a key, but for things of other classes than this one's; None where there is none."""
    if not m.classes.get(thing):
        return None
    rules = [rule for rule in m.rules.keys.get(plain_name(found.key), ()) if not rule.role and not rule.of]
    return next((rule for rule in rules if not rule.types), rules[0] if rules else None)


def not_said_of(m: NoteMapping, found: Field, thing: Term) -> Message:
    """Return the words for a key that may not be said of a thing of these classes."""
    classes = m.classes.get(thing, ())
    if classes == THING:
        return Message("what {key!r} says depends on what the thing is, which nothing tells", key=found.key.strip())
    return Message("{key!r} is not said of what is a {kind}", key=found.key.strip(), kind=m.rules.shorten(classes[0]))


def types_asked_for(m: NoteMapping, found: Field) -> str:
    """Return the types of which a key may be said, as a list; "" where it may be said of any."""
    rules = m.rules.keys.get(plain_name(found.key), ())
    names = dict.fromkeys(name for rule in rules for name in sorted(rule.types) if name != TYPED)
    return ", ".join(list(names)[:_MOST_TYPES])


_MOST_TYPES: Final = 6


def rule_of(m: NoteMapping, found: Field, thing: Term) -> tuple[KeyRule, Predicates] | None:
    """Return the rule of a key said of a thing, None where no rule fits; one with a prefix stands for itself."""
    key = found.key.strip()
    nested = thing != m.thing
    classes = m.classes.get(thing, ())
    if not nested and (known := m.context.known_keys.get((key, classes))):
        return known
    # an IRI that ends in no name could not be a predicate in RDF/XML, so such a key is kept as one that no rule knows
    if ":" in key and (expanded := m.rules.expand(key)) and ENDS_IN_NAME.search(expanded):
        predicate = f"<{expanded}>"
        known = m.context.known_prefixed.get(predicate)
        if known is None:
            known = m.context.known_prefixed[predicate] = _prefixed(predicate, m.rules)
        return known
    of_privacy = plain_name(key) in m.rules.privacy.keys
    if of_privacy and not nested and says_nothing_else(m.rules.privacy, found):  # `published: true` is no date
        return _OF_PRIVACY, Predicates((), ())
    scopes = m.context.classes.scopes_of(classes) - {TYPED} if nested else m.scopes
    for rule in _candidates(m, key):
        if rule.types and rule.types.isdisjoint(scopes):
            continue
        if rule.within and not _lies_within(m.path, rule.within):
            continue
        if nested and rule.role:
            if (curie := _INNER_KEYS.get(rule.role)) and (expanded := m.rules.expand(curie)):
                kind = (
                    "string" if PERSON in classes or rule.role == "id" else "auto"
                )  # the name of a person is of no language
                return KeyRule(rule.name, rule.source, kind=kind), Predicates((f"<{expanded}>",), ())
            continue
        if rule.of and rule.of.isdisjoint(classes):
            continue
        predicates = _fitting(rule, classes, m.carried.get(thing, ()), nested)
        if predicates is None:
            continue
        if not of_privacy and not nested and not rule.within:
            m.context.known_keys[key, classes] = rule, predicates
        return rule, predicates
    return None


def declared_kind(m: NoteMapping, found: Field, thing: Term) -> KeyRule | None:
    """Return what the vault declares of the values of a key that no rule knows; None where it declares nothing."""
    if thing != m.thing:
        return None
    rules = m.rules.declared.get(plain_name(found.key), ())
    return next((rule for rule in rules if not rule.within or _lies_within(m.path, rule.within)), None)


def is_known(rule: KeyRule) -> bool:
    """Return whether a rule knows its key, and not just keeps what it says."""
    return rule.name != UNKNOWN


def _candidates(m: NoteMapping, key: str) -> Iterator[KeyRule]:
    """Yield the rules that know a key: first those of its path within a nested value, `missions.employer`."""
    if m.key_path and m.uses_paths:
        yield from m.rules.keys.get(f"{m.key_path}.{plain_name(key)}", ())
    yield from m.rules.keys.get(plain_name(key), ())


def _lies_within(path: str, folder: str) -> bool:
    """Return whether a note lies in a folder that is named alone or with those above it, however deep."""
    folders = "/".join(map(bare_name, path.split("/")[:-1]))
    wanted = "/".join(map(bare_name, folder.strip("/").split("/")))
    return f"/{wanted}/" in f"/{folders}/"


def _fitting(rule: KeyRule, classes: tuple[Term, ...], carried: tuple[Term, ...], nested: bool) -> Predicates | None:
    """Return the predicates of a rule that may be said of a thing of some classes; None where none of them may."""
    if not rule.shipped or rule.relation:
        return Predicates(rule.thing, rule.note)
    fits = schema_org().fits
    if rule.through:
        return Predicates(rule.thing, ()) if fits(rule.through[0], classes) else None
    thing = tuple([predicate for predicate in rule.thing if predicate in carried or fits(predicate, classes)])
    if not nested:
        note = rule.note
    elif rule.thing or classes != THING:
        note = tuple([predicate for predicate in rule.note if fits(predicate, classes)])
    else:  # what dates a note says nothing of a thing within it that is of no known class
        note = ()
    return Predicates(thing, note) if thing or note or not (rule.thing or rule.note) else None


def _prefixed(predicate: Term, rules: Rules) -> tuple[KeyRule, Predicates]:
    """Return how a key with a prefix is read: as the relation or the key that has its predicate, else as it stands."""
    for relation in rules.relations.values():
        if predicate in relation.thing or predicate in relation.concept:
            return relation, Predicates(relation.thing, relation.note)
    if any(predicate in relation.note for relation in rules.relations.values()):
        return replace(_PREFIXED_KEY, kind="entity"), Predicates((), (predicate,))
    kind, of_note = "auto", any(predicate in row.terms for row in rules.model.of_note())
    rows = [rule for found in rules.keys.values() for rule in found]
    for rule in (*(one for one in rows if not one.types), *(one for one in rows if one.types)):
        if not of_note and (predicate in rule.thing or predicate in rule.concept):
            like = KeyRule(rule.name, rule.source, kind=rule.kind, scheme=rule.scheme)
            return like, Predicates((predicate,), ())
        if predicate in rule.note:
            kind, of_note = rule.kind, True
            break
    rule = replace(_PREFIXED_KEY, kind=kind)
    return rule, Predicates((), (predicate,)) if of_note else Predicates((predicate,), ())


# What Herbier reads of a note, a nested value says of itself.
_INNER_KEYS: Final = {
    "title": "schema:name",
    "name": "schema:name",
    "aliases": "schema:alternateName",
    "language": "schema:inLanguage",
    "type": "schema:additionalType",
    "id": "schema:identifier",
    "tags": "schema:keywords",
}
