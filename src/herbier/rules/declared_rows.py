"""What a vault declares for other programs, made rules: types that folders have, kinds of values, relations."""

import re
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Final

from herbier.rdf.slugs import plain_name
from herbier.rules.rule_types import UNKNOWN, DeclaredSign, IdentityRule, KeyRule, ModelRow, Source, TypeRule
from herbier.rules.type_evidence import bare_name
from herbier.vault.declarations.declared import Declared, DeclaredField, DeclaredType

_WORDS = ("text", "string", "text-or-entity", "entity", "linked", "words-or-address")  # kinds that may be notes


def named_types(types: Mapping[str, TypeRule], declared: Declared) -> dict[str, TypeRule]:
    """Return the rules of types by name, with those that a vault calls narrower ones of others."""
    found = dict(types)
    known = -1
    while known < len(found):  # one may be named after another that comes later
        known = len(found)
        for name, of, place in declared.names:
            rule = _rule(found, of)
            if rule and plain_name(name) not in found:
                found[plain_name(name)] = TypeRule(rule.name, rule.terms, Source(*place))
    return found


def declared_signs(
    types: Mapping[str, TypeRule], strict: Mapping[str, TypeRule], declared: Declared
) -> tuple[DeclaredSign, ...]:
    """Return what ties paths to types, the longest folders first; what names no type that is known says nothing."""
    found: list[DeclaredSign] = []
    for one in declared.types:
        rule = _strict(types, strict, one)
        if rule is None or one.tag:
            continue
        pattern = re.compile(one.pattern or rf"(?:^|/){re.escape(one.folder)}/")
        found.append(DeclaredSign(TypeRule(rule.name, rule.terms, Source(*one.place)), pattern, one.written))
    return tuple(sorted(found, key=lambda sign: -len(sign.written)))


def declared_tags(types: Mapping[str, TypeRule], declared: Declared) -> dict[str, TypeRule]:
    """Return the rules of types by the tags that are declared to be theirs."""
    found: dict[str, TypeRule] = {}
    for one in declared.types:
        rule = next((rule for name in one.names if (rule := _rule(types, name))), None)
        if rule and one.tag:
            found.setdefault(plain_name(one.tag), TypeRule(rule.name, rule.terms, Source(*one.place)))
    return found


def _strict(types: Mapping[str, TypeRule], strict: Mapping[str, TypeRule], one: DeclaredType) -> TypeRule | None:
    """Return the rule of a type by its first name that is known; where none is meant, as folders and tags tell it."""
    tables = (types,) if one.sure else (strict,)
    return next((rule for table in tables for name in one.names if (rule := _rule(table, name))), None)


def _rule(types: Mapping[str, TypeRule], name: str) -> TypeRule | None:
    return types.get(plain_name(name)) or types.get(bare_name(name))


def without_displacement(keys: Mapping[str, list[KeyRule]], declared: Container[Source]) -> dict[str, list[KeyRule]]:
    """Return the rules of keys without those declared for another tool that would take a key from Herbier itself.

    `tags` stays `tags`, whatever another tool does with them: they may say that a note is not for all.
    """
    found: dict[str, list[KeyRule]] = {}
    for name, rules in keys.items():
        roles = {rule.role for rule in rules if rule.role and rule.source not in declared}
        found[name] = [
            rule for rule in rules if not (rule.role and roles and rule.role not in roles and rule.source in declared)
        ]
    return found


def with_relations(keys: Mapping[str, list[KeyRule]], declared: Declared) -> dict[str, list[KeyRule]]:
    """Return the rules of keys by name; the values of a declared relation are notes, whatever its predicate."""
    found = {name: list(rules) for name, rules in keys.items()}
    for one in declared.fields:
        name = plain_name(one.key)
        if one.kind != "entity" or name not in found:
            continue
        refined = [
            replace(
                rule, kind="entity", by=one.by, folder=one.folder, within=one.within, declared=Source(*one.place)
            )
            for rule in found[name]
            if rule.shipped and rule.kind in _WORDS and not rule.role and not rule.within
        ]  # fmt: skip
        if one.within:
            found[name] = [*refined, *found[name]]
        else:
            others = [rule for rule in found[name] if not any(rule.source == new.source for new in refined)]
            found[name] = [*refined, *others]
    return found


def declared_kinds(declared: Declared) -> dict[str, tuple[KeyRule, ...]]:
    """Return rules for keys that no table knows, by name: what kind their values are of; they have no predicates."""
    found: dict[str, list[KeyRule]] = {}
    for one in declared.fields:
        found.setdefault(plain_name(one.key), []).append(_kind(one))
    return {name: tuple(sorted(rules, key=lambda rule: not rule.within)) for name, rules in found.items() if name}


def _kind(one: DeclaredField) -> KeyRule:
    return KeyRule(
        UNKNOWN,
        Source("", 0),
        kind=one.kind,
        by=one.by,
        folder=one.folder,
        within=one.within,
        declared=Source(*one.place),
        shipped=True,
    )


_SAME: Final = ("<https://schema.org/sameAs>",)


def identity_rules(declared: Declared) -> tuple[IdentityRule, ...]:
    """Return the rules of the IRIs that notes have by another format, those of the deepest folders first."""
    rules = [
        IdentityRule(f"{one.folder}/" if one.folder else "", one.base, ModelRow("base", _SAME, Source(*one.place)))
        for one in declared.identities
    ]
    return tuple(sorted(rules, key=lambda rule: -len(rule.folder)))
