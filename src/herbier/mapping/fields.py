"""Fields: what a key and its value state, by the rule of the key and the kind of the value."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from herbier.links import Found, is_private_name, plain_text, redact_links
from herbier.mapping.card import is_empty
from herbier.mapping.kept import UNKNOWN_KEY, keep, keep_rest, only_joins, tell_template, tell_unusable
from herbier.mapping.maps import (
    class_of,
    coordinates,
    holds_dates,
    may_be_on_a_map,
    say_coordinates,
    say_in_languages,
    texts_by_language,
)
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
from herbier.mapping.rules import ENDS_IN_NAME, KeyRule, Rules, Source, nearest_key
from herbier.mapping.same import STEPS
from herbier.mapping.section_things import subjects
from herbier.mapping.state import Predicates, State
from herbier.mapping.values import EXPECTED, VALUES, date_term, number_term, plain_term
from herbier.mapping.vocabulary import PERSON, schema_org
from herbier.problems import Words, words
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
        found = replace(found, key=redact_links(m.index, found.key, m.path))
    rule, predicates = _rule_of(m, found, thing)
    if step := ROLES.get(rule.role):
        step(m, found)
    if rule.kind == "nothing" or (rule.role and not rule.thing and not rule.note):
        return
    if (place := coordinates(found, rule)) is not None:
        if may_be_on_a_map(m, thing):
            say_coordinates(m, place, rule, thing)
        else:
            _keep_pair(m, found, rule, thing)
        return
    for value in found.values:
        if isinstance(value, Map):
            _map(m, found, value, rule, predicates, thing, doc)
        elif is_empty(value):
            continue
        elif is_template(value.text):
            tell_template(m, found, value)
        elif rule.relation:
            _relation(m, found, value, rule, thing)
        else:
            STEPS.get(rule.kind, _value)(m, found, value, rule, predicates, thing, doc)


def _rule_of(m: State, found: Field, thing: Term) -> tuple[KeyRule, Predicates]:
    """Return the rule of a key; one that no rule knows is told and kept."""
    if known := rule_of(m, found, thing):
        return known
    key = found.key.strip()
    m.out.keys.add(key)
    if unfit := unfit_rule(m, found, thing):
        told = words("{told}; it is kept as key/{kept}", told=not_said_of(m, found, thing), kept=ncname(key))
        hint = words("the rule {rule} knows it for things of other types", rule=unfit.name)
        m.tell("other-type", (found.line, found.column), told, hint)
    else:
        _tell_unknown(m, found, key)
    return UNKNOWN_KEY, Predicates((m.mint.key(key),), ())


def unfit_rule(m: State, found: Field, thing: Term) -> KeyRule | None:
    """Return the rule that knows a key, but for things of other classes than this one's; None where there is none."""
    if not m.classes.get(thing):
        return None
    rules = m.rules.keys.get(plain_name(found.key), ())
    return next((rule for rule in rules if not rule.role and not rule.types and not rule.of), None)


def not_said_of(m: State, found: Field, thing: Term) -> Words:
    """Return the words for a key that may not be said of a thing of these classes."""
    kind = m.rules.shorten(next(iter(m.classes.get(thing, ())), ""))
    return words("{key!r} is not said of what is a {kind}", key=found.key.strip(), kind=kind)


def rule_of(m: State, found: Field, thing: Term) -> tuple[KeyRule, Predicates] | None:
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
    if all(isinstance(value, Scalar) and is_empty(value) for value in found.values):
        message = words("unknown key {key!r}", key=key)
    m.tell("unknown-key", (found.line, found.column), message, hint)


_MOST_COMPARED: Final = 100  # unknown keys of a note that are worth the search


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
        hint = words("write it as a link: {link}", link=f"'[[{name}]]'")
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
        for subject, said in ((thing, predicates.thing), (doc, predicates.note)):
            for predicate in said:
                if term.startswith("<") or predicate not in _OF_THINGS:
                    m.out.statements.append((subject, predicate, term, at, rule))
    if rest:
        keep_rest(m, found, value, rest, thing if predicates.thing else doc)


# Dublin Core wants no words under these (DCMI Metadata Terms, the comments of each).
_OF_THINGS: Final = frozenset(
    f"<http://purl.org/dc/terms/{name}>"
    for name in ("source", "spatial", "publisher", "references", "isPartOf", "hasPart")
)


def _name_address(m: State, address: Term, text: str, value: Scalar) -> None:
    """Keep the words of a link of Markdown, as what its address is called."""
    words_of_it = " ".join(text.split())
    if words_of_it and not is_web_address(words_of_it) and address.startswith("<"):
        m.say(address, m.model.label, m.text(words_of_it), (value.line, value.column))


Terms = tuple[list[Term] | None, str]  # None: not of the kind; then what is left of the text


def _literal(m: State, value: Scalar, kind: str) -> Terms:
    text = value.text if kind in EXPECTED else plain_text(m.index, value.text, m.path)
    # but a date may well be the name of a private note of that day
    text = (text if kind == "date" else redact_links(m.index, text, m.path)).strip()
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


def _linked(m: State, value: Scalar) -> Terms:
    """Read what may only be a thing: a link, an address, or the name of a note as it stands."""
    terms, rest = _text_or_entity(m, value)
    return (None, "") if terms and not terms[0].startswith("<") else (terms, rest)


_MONEY: Final = re.compile(r"[€$£¥]|\b(?:EUR|USD|CHF|GBP|CAD|euros?|dollars?|francs?)\b", re.IGNORECASE)


def _award(m: State, value: Scalar) -> Terms:
    """Read an award, by its name or as a link; `prix: 12,50 €` is a price."""
    is_price = bool(re.search(r"\d", value.text)) and (_MONEY.search(value.text) or number_term(value.text.strip()))
    return (None, "") if is_price else _text_or_entity(m, value)


def _auto(m: State, value: Scalar) -> Terms:
    """Read a value that no rule knows: links and addresses as such, a number as it stands, all else as text."""
    text = value.text.strip()
    if not (WIKILINK.search(text) or MARKDOWN_LINK.search(text)) and not address_of(m, text):
        if (typed := plain_term(text, value.quoted)) is not None:
            return [typed], ""
        return ([] if is_private_name(m.index, text, m.path) else [m.text(text)]), ""
    if address := address_of(m, text):
        return [address], ""
    links = linked(m, text)
    rest = beside_links(text)
    if only_joins(rest):
        return _entity(m, value)
    for link in links:
        tell_link(m, (value.line, value.column), *link)
    terms = [_term_of(m, link.found, value) for link in links if link.found.kind in _NAMED]
    return [*terms, m.text(plain_text(m.index, text, m.path))], ""


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
    "linked": _linked,
    "award": _award,
    "file": _file_value,
    "auto": _auto,
}


def _map(m: State, found: Field, value: Map, rule: KeyRule, predicates: Predicates, thing: Term, doc: Term) -> None:
    """Map a value that has keys of its own: texts by language, dates of the note, else a node."""
    if texts := texts_by_language(value, rule):
        say_in_languages(m, texts, rule, predicates, thing, doc)
    elif thing == m.thing and holds_dates(m, found, value):
        for inner in value.fields:
            _field(m, inner, thing, doc)
    else:
        _nested(m, found, value, rule, predicates, thing, doc)


def _keep_pair(m: State, found: Field, rule: KeyRule, thing: Term) -> None:
    """Keep the coordinates of what can have none as they stand."""
    for value in found.values:
        if isinstance(value, Scalar):
            keep(m, found, value, thing)
    if rule is not UNKNOWN_KEY:
        kept = ncname(found.key)
        message = words("{key}: only a place has coordinates; they are kept as key/{kept}", key=found.key, kept=kept)
        m.tell("bad-value", (found.values[0].line, found.values[0].column), message)


def _nested(m: State, found: Field, value: Map, rule: KeyRule, predicates: Predicates, thing: Term, doc: Term) -> None:
    """Map a value that has keys of its own to a node whose IRI lasts as long as what identifies it."""
    at = (value.line, value.column)
    node = m.mint.nested(m.slug, found.key, _identity(m, found, value))
    classes = class_of(m, value, rule)
    m.classes[node] = classes.terms
    if rule.classes:  # a role carries the relation that it is the role of (https://schema.org/Role)
        m.carried[node] = predicates.thing or rule.thing
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
