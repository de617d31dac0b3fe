"""The rule of a key: by its name, and by what may be said of the thing."""

from dataclasses import replace
from typing import Final

from herbier.mapping.context import NoteMapping, Predicates
from herbier.mapping.fallback import UNKNOWN_KEY
from herbier.messages import Message
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.privacy_words import says_nothing_else
from herbier.rules.rule_types import ENDS_IN_NAME, KeyRule, Rules, Source
from herbier.rules.schema_org import PERSON, schema_org
from herbier.vault.fields import Field

_PREFIXED_KEY: Final = KeyRule("prefixed key", UNKNOWN_KEY.source, kind="auto")
_OF_PRIVACY: Final = KeyRule("privacy", Source("mapping/privacy.yaml", 0), role="privacy", kind="nothing")


def unfit_rule(m: NoteMapping, found: Field, thing: Term) -> KeyRule | None:
    """Return the rule that knows a key, but for things of other classes than this one's; None where there is none."""
    if not m.classes.get(thing):
        return None
    rules = m.rules.keys.get(plain_name(found.key), ())
    return next((rule for rule in rules if not rule.role and not rule.types and not rule.of), None)


def not_said_of(m: NoteMapping, found: Field, thing: Term) -> Message:
    """Return the words for a key that may not be said of a thing of these classes."""
    kind = m.rules.shorten(next(iter(m.classes.get(thing, ())), ""))
    return Message("{key!r} is not said of what is a {kind}", key=found.key.strip(), kind=kind)


def rule_of(m: NoteMapping, found: Field, thing: Term) -> tuple[KeyRule, Predicates] | None:
    """Return the rule of a key said of a thing, None where no rule fits; one with a prefix stands for itself."""
    key = found.key.strip()
    nested = thing != m.thing
    classes = m.classes.get(thing, ())
    if not nested and (known := m.context.known_keys.get((key, classes))):
        return known
    # an IRI that ends in no name could not be a predicate in RDF/XML, so such a key is kept as one that no rule knows
    if ":" in key and (expanded := m.rules.expand(key)) and ENDS_IN_NAME.search(expanded):
        return _prefixed(f"<{expanded}>", m.rules)
    of_privacy = plain_name(key) in m.rules.privacy.keys
    if of_privacy and not nested and says_nothing_else(m.rules.privacy, found):  # `published: true` is no date
        return _OF_PRIVACY, Predicates((), ())
    for rule in m.rules.keys.get(plain_name(key), ()):
        if rule.types and (nested or not rule.types & m.kinds):
            continue
        if nested and rule.role:
            if (curie := _INNER_KEYS.get(rule.role)) and (expanded := m.rules.expand(curie)):
                kind = "string" if PERSON in classes else "auto"  # the name of a person is of no language
                return KeyRule(rule.name, rule.source, kind=kind), Predicates((f"<{expanded}>",), ())
            continue
        if rule.of and rule.of.isdisjoint(classes):
            continue
        predicates = _fitting(rule, classes, m.carried.get(thing, ()), nested)
        if predicates is None:
            continue
        if not of_privacy and not nested:
            m.context.known_keys[key, classes] = rule, predicates
        return rule, predicates
    return None


def _fitting(rule: KeyRule, classes: tuple[Term, ...], carried: tuple[Term, ...], nested: bool) -> Predicates | None:
    """Return the predicates of a rule that may be said of a thing of some classes; None where none of them may."""
    if not rule.shipped or rule.relation:
        return Predicates(rule.thing, rule.note)
    fits = schema_org().fits
    thing = tuple([predicate for predicate in rule.thing if predicate in carried or fits(predicate, classes)])
    note = tuple([predicate for predicate in rule.note if fits(predicate, classes)]) if nested else rule.note
    return Predicates(thing, note) if thing or note or not (rule.thing or rule.note) else None


def _prefixed(predicate: Term, rules: Rules) -> tuple[KeyRule, Predicates]:
    """Return how a key with a prefix is read: as the relation or the key that has its predicate, else as it stands."""
    for relation in rules.relations.values():
        if predicate in relation.thing or predicate in relation.concept:
            return relation, Predicates(relation.thing, relation.note)
    if any(predicate in relation.note for relation in rules.relations.values()):
        return replace(_PREFIXED_KEY, kind="entity"), Predicates((), (predicate,))
    kind, of_note = "auto", any(predicate in row.terms for row in rules.model.of_note())
    for candidates in rules.keys.values():
        for rule in candidates:
            if predicate in rule.thing or predicate in rule.concept:
                like = KeyRule(rule.name, rule.source, kind=rule.kind, scheme=rule.scheme)
                return like, Predicates((predicate,), ())
            if predicate in rule.note:
                kind, of_note = rule.kind, True
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
