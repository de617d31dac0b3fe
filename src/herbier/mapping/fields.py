"""Fields: what a key and its value state, by the rule of the key and the kind of the value."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from herbier.links import Found
from herbier.mapping.card import is_empty
from herbier.mapping.kept import UNKNOWN_KEY, keep, keep_rest, only_joins, tell_template, tell_unusable
from herbier.mapping.privacy import says_nothing_else
from herbier.mapping.references import (
    address_of,
    beside_links,
    describe_file,
    has_empty_links,
    linked,
    relate,
    tell_link,
    work,
)
from herbier.mapping.roles import ROLES
from herbier.mapping.rules import ENDS_IN_NAME, Entry, KeyRule, Rules, Source, nearest_key
from herbier.mapping.same import STEPS
from herbier.mapping.section_things import subjects
from herbier.mapping.state import Predicates, State
from herbier.mapping.values import EXPECTED, VALUES, date_term, plain_term
from herbier.problems import words
from herbier.terms import Term, ncname, plain_name
from herbier.vault.fields import Field, Map, Scalar
from herbier.vault.inline import MARKDOWN_LINK, WIKILINK, is_template, is_web_address, wikilink
from herbier.vault.note import stem

_PREFIXED_KEY: Final = KeyRule("prefixed key", UNKNOWN_KEY.source, kind="auto")
_OF_PRIVACY: Final = KeyRule("privacy", Source("mapping/privacy.yaml", 0), role="privacy", kind="nothing")


def fields(m: State) -> None:
    """State what the front matter and the inline fields say."""
    first = len(m.note.fields) - len(m.note.body.fields)
    for found in m.note.fields[:first]:
        _field(m, found, m.thing, m.doc)
    for found, subject in zip(m.note.fields[first:], subjects(m), strict=True):
        _field(m, found, subject or m.thing, subject or m.doc)
    _date_of_name(m)


_DAY: Final = re.compile(r"(\d{4})[-_](\d{2})[-_](\d{2})")


def _date_of_name(m: State) -> None:
    """Date a note that is called by a day, as daily notes are, unless it says itself when it was made."""
    match = _DAY.fullmatch(stem(m.path))
    rule = next((rule for rule in m.rules.keys.get("created", ()) if rule.note), None) if match else None
    if match is None or rule is None or any(said[4] is rule for said in m.out.statements):
        return
    if (day := date_term("-".join(match.groups()))) is not None:
        m.out.statements += [(m.doc, predicate, day, (1, 1), rule) for predicate in rule.note]


def _field(m: State, found: Field, thing: Term, doc: Term) -> None:
    """Map one field; `thing` and `doc` are what its predicates for the thing and for the note speak of."""
    if "[" in found.key:  # the IRI of an unknown key is made of the key
        found = replace(found, key=m.index.hide(found.key, m.path))
    rule, predicates = _rule_of(m, found, nested=thing != m.thing)
    if step := ROLES.get(rule.role):
        step(m, found)
    if rule.kind == "nothing" or (rule.role and not rule.thing and not rule.note):
        return
    for value in found.values:
        if isinstance(value, Map):
            _nested(m, found, value, rule, predicates, thing, doc)
        elif is_empty(value):
            continue
        elif is_template(value.text):
            tell_template(m, found, value)
        elif rule.relation:
            _relation(m, found, value, rule, thing)
        else:
            STEPS.get(rule.kind, _value)(m, found, value, rule, predicates, thing, doc)


def _rule_of(m: State, found: Field, nested: bool) -> tuple[KeyRule, Predicates]:
    """Return the rule of a key; one that no rule knows is told and kept."""
    if known := rule_of(m, found, nested):
        return known
    key = found.key.strip()
    m.out.keys.add(key)
    _tell_unknown(m, found, key)
    return UNKNOWN_KEY, Predicates((m.mint.key(key),), ())


def rule_of(m: State, found: Field, nested: bool) -> tuple[KeyRule, Predicates] | None:
    """Return the rule of a key, None where no rule knows it; one with a prefix stands for itself."""
    key = found.key.strip()
    if not nested and (known := m.context.known_keys.get(key)):
        return known
    # an IRI that ends in no name could not be a predicate in RDF/XML, so such a key is kept as one that no rule knows
    if ":" in key and (expanded := m.rules.expand(key)) and ENDS_IN_NAME.search(expanded):
        return _prefixed(f"<{expanded}>", m.rules)
    candidates = m.rules.keys.get(plain_name(key), ())
    of_privacy = plain_name(key) in m.rules.privacy.keys
    if of_privacy and not nested and says_nothing_else(m.rules.privacy, found):  # `published: true` is no date
        return _OF_PRIVACY, Predicates((), ())
    for rule in candidates:
        if rule.types and not rule.types & m.kinds:
            continue
        if nested and rule.role:
            if (curie := _INNER_KEYS.get(rule.role)) and (expanded := m.rules.expand(curie)):
                return KeyRule(rule.name, rule.source, kind="auto"), Predicates((f"<{expanded}>",), ())
            continue
        chosen = rule, Predicates(rule.thing, rule.note)
        if len(candidates) == 1 and not rule.types and not of_privacy:
            m.context.known_keys[key] = chosen
        return chosen
    return None


def _tell_unknown(m: State, found: Field, key: str) -> None:
    if not key:
        at = (found.line, found.column)
        m.tell("empty-key", at, words("a value stands under an empty key"), words("write its key before :"))
        return
    near = nearest_key(key, m.rules.key_names) if len(m.out.keys) <= _MOST_COMPARED else ""
    hint = words("leave it as it is, or make it known: herbier inventory proposes a rule for it")
    if near:
        hint = words("did you mean {name!r}?", name=near)
    message = words("unknown key {key!r}; it is kept as key/{kept}", key=key, kept=ncname(key))
    m.tell("unknown-key", (found.line, found.column), message, hint)


_MOST_COMPARED: Final = 100  # unknown keys of a note that are worth the search


def _prefixed(predicate: Term, rules: Rules) -> tuple[KeyRule, Predicates]:
    """Return how a key with a prefix is read: as the relation or the key that has its predicate, else as it stands."""
    for relation in rules.relations.values():
        if predicate in relation.thing or predicate in relation.concept:
            return relation, Predicates(relation.thing, relation.note)
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


def _targets(m: State, value: Scalar) -> tuple[list[Found], str]:
    """Return what a value names, and what is left of its text beside the links.

    A link that leads to no note makes a stub; plain words are looked up as a path, a stem, an alias, a title or a slug.
    """
    at = (value.line, value.column)
    links = linked(m, value.text)
    if links:
        for link in links:
            tell_link(m, at, *link)
        return [link.found for link in links if link.found.kind in _NAMED], beside_links(value.text)
    if "[" in value.text and has_empty_links(value.text):
        return [], ""
    name = " ".join(value.text.split())
    found = m.index.refer(name, m.path) or m.index.unwritten(name)
    if found.kind == "stub":
        hint = words("write it as a link: '[[...]]'")
        message = words("{name!r} is no note of the vault; it is kept by its name", name=name)
        m.tell("unlinked-reference", at, message, hint)
        m.stub(found)
    elif found.rivals:
        tell_link(m, at, name, found)
    return ([found] if found.kind in ("note", "stub") else []), ""


_NAMED: Final = ("note", "stub", "work")  # what a link may name that a statement can be about


def _term_of(m: State, target: Found, value: Scalar) -> Term:
    if target.kind == "work":
        return work(m, target.slug, (value.line, value.column))
    return m.mint.thing(target.slug)


def _relation(m: State, found: Field, value: Scalar, rule: KeyRule, thing: Term) -> None:
    at = (value.line, value.column)
    if address := address_of(m, value.text):
        if match := MARKDOWN_LINK.fullmatch(value.text.strip()):
            _name_address(m, address, match[1], value)
        for predicate in rule.thing:
            m.out.statements.append((thing, predicate, address, at, rule))
        return
    targets, rest = _targets(m, value)
    for target in targets:
        relate(m, rule, target, at, thing)
    keep_rest(m, found, value, rest, thing)


def _value(
    m: State, found: Field, value: Scalar, rule: KeyRule, predicates: Predicates, thing: Term, doc: Term
) -> None:
    at = (value.line, value.column)
    terms, rest = KINDS[rule.kind](m, value) if rule.kind in KINDS else _literal(m, value, rule.kind)
    if terms is None:
        tell_unusable(m, found, value, EXPECTED[rule.kind])
        keep(m, found, value, thing if predicates.thing else doc)
        return
    if terms and (match := MARKDOWN_LINK.fullmatch(value.text.strip())) and is_web_address(match[2] or match[3] or ""):
        _name_address(m, terms[0], match[1], value)
    for term in terms:
        for predicate in predicates.thing:
            m.out.statements.append((thing, predicate, term, at, rule))
        for predicate in predicates.note:
            m.out.statements.append((doc, predicate, term, at, rule))
    if rest:
        keep_rest(m, found, value, rest, thing if predicates.thing else doc)


def _name_address(m: State, address: Term, text: str, value: Scalar) -> None:
    """Keep the words of a link of Markdown, as what its address is called."""
    words_of_it = " ".join(text.split())
    if words_of_it and not is_web_address(words_of_it) and address.startswith("<"):
        m.say(address, m.model.label, m.text(words_of_it), (value.line, value.column))


Terms = tuple[list[Term] | None, str]  # None: not of the kind; then what is left of the text


def _literal(m: State, value: Scalar, kind: str) -> Terms:
    text = value.text if kind in EXPECTED else m.index.plain_text(value.text, m.path)
    # but a date may well be the name of a private note of that day
    text = (text if kind == "date" else m.index.hide(text, m.path)).strip()
    term = VALUES[kind](text, m.language) if kind in VALUES else None
    return ([term], "") if term is not None else (None, "")


def _entity(m: State, value: Scalar) -> Terms:
    if address := address_of(m, value.text):
        return [address], ""
    targets, rest = _targets(m, value)
    return [_term_of(m, target, value) for target in targets], rest


def _text_or_entity(m: State, value: Scalar) -> Terms:
    if (address := address_of(m, value.text)) or WIKILINK.search(value.text) or MARKDOWN_LINK.search(value.text):
        return ([address], "") if address else _entity(m, value)
    name = " ".join(value.text.split())
    found = m.index.refer(name, m.path)
    if found is not None:
        tell_link(m, (value.line, value.column), name, found)
        return ([m.mint.thing(found.slug)] if found.kind == "note" else []), ""
    return [m.text(value.text.strip())], ""


def _auto(m: State, value: Scalar) -> Terms:
    """Read a value that no rule knows: links and addresses as such, a number as it stands, all else as text."""
    text = value.text.strip()
    if not (WIKILINK.search(text) or MARKDOWN_LINK.search(text)) and not address_of(m, text):
        if (typed := plain_term(text, value.quoted)) is not None:
            return [typed], ""
        return ([] if m.index.is_private_name(text, m.path) else [m.text(text)]), ""
    if address := address_of(m, text):
        return [address], ""
    links = linked(m, text)
    rest = beside_links(text)
    if only_joins(rest):
        return _entity(m, value)
    for link in links:
        tell_link(m, (value.line, value.column), *link)
    terms = [_term_of(m, link.found, value) for link in links if link.found.kind in _NAMED]
    return [*terms, m.text(m.index.plain_text(text, m.path))], ""


def _file_value(m: State, value: Scalar) -> Terms:
    if address := address_of(m, value.text):
        return [address], ""
    match = WIKILINK.fullmatch(value.text.strip())
    name = wikilink(match[2])[0].name if match else value.text.strip()
    found = m.index.find(name, m.path)
    if found.kind == "file":
        describe_file(m, found.slug, (value.line, value.column))
        return [m.mint.file(found.slug)], ""
    if found.kind in ("private", "note"):
        return [], ""
    return None, ""


KINDS: Final[dict[str, Callable[[State, Scalar], Terms]]] = {
    "entity": _entity,
    "text-or-entity": _text_or_entity,
    "file": _file_value,
    "auto": _auto,
}


def _nested(m: State, found: Field, value: Map, rule: KeyRule, predicates: Predicates, thing: Term, doc: Term) -> None:
    """Map a value that has keys of its own to a node whose IRI lasts as long as what identifies it."""
    at = (value.line, value.column)
    node = m.mint.nested(m.slug, found.key, _identity(m, found, value))
    classes = Entry(rule.name, rule.classes, rule.source) if rule.classes else m.model.nested_class
    m.say_class(node, classes, at)
    for predicate in predicates.thing or rule.thing:
        m.out.statements.append((thing, predicate, node, at, rule))
    for predicate in predicates.note:
        m.out.statements.append((doc, predicate, node, at, rule))
    for inner in value.fields:
        _field(m, inner, node, node)


def _identity(m: State, found: Field, value: Map) -> str:
    """Return what identifies a nested value: what it is called, or what it points to and its start; else its content.

    So its IRI stays when anything else is added to it. Where two of one key have the same, both have their content.
    """
    own = _marks(m, value)
    alike = [other for other in found.values if isinstance(other, Map) and _marks(m, other) == own]
    if own and all(_content(other) == _content(value) for other in alike):
        return own
    return _content(value)


def _marks(m: State, value: Map) -> str:
    """Return the names of a nested value, else its links and its start, as one text; "" where it has none of them."""
    names: list[str] = []
    ends: list[str] = []
    for inner in value.fields:
        texts = [" ".join(one.text.split()) for one in inner.values if isinstance(one, Scalar) and not is_empty(one)]
        candidates = m.rules.keys.get(plain_name(inner.key), ())
        if any(rule.role in _NAMING or rule.kind == "identifier" for rule in candidates):
            names += [f"{plain_name(inner.key)}={text}" for text in texts]
        elif any(rule.kind in _POINTING or _START in rule.thing for rule in candidates):
            ends += texts
        else:
            ends += [text for text in texts if "[[" in text or "](" in text or is_web_address(text)]
    return "\n".join(sorted(names or ends))


_NAMING: Final = ("name", "title", "id")
_POINTING: Final = ("entity", "same", "address")
_START: Final = "<https://schema.org/startDate>"


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


def _content(value: Map) -> str:
    """Return a nested value as one text, the same for the same content wherever it stands."""
    parts = []
    for inner in value.fields:
        texts = (f"{{{_content(v)}}}" if isinstance(v, Map) else v.text.strip() for v in inner.values)
        parts.append(f"{inner.key}={'|'.join(texts)}")
    return "\n".join(sorted(parts))
