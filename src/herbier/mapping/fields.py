"""Fields: what a key and its value state, by the rule of the key and the kind of the value."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeGuard

from herbier.links import Found
from herbier.mapping.card import is_empty, is_template, language_code
from herbier.mapping.references import (
    address_of,
    beside_links,
    describe_file,
    linked,
    relate,
    say_tag,
    tell_link,
)
from herbier.mapping.rules import ENDS_IN_NAME, Entry, KeyRule, Rules, Source, nearest_key
from herbier.mapping.state import Predicates, State, Statement
from herbier.mapping.values import EXPECTED, VALUES
from herbier.problems import CODES, Words, words
from herbier.terms import Term, ncname, plain, plain_name, slug
from herbier.vault.fields import Field, Map, Scalar
from herbier.vault.inline import MARKDOWN_LINK, WIKILINK, wikilink

_UNMAPPED = Source("", 0)
UNKNOWN_KEY = KeyRule("unknown key", _UNMAPPED, kind="auto")
_PREFIXED_KEY = KeyRule("prefixed key", _UNMAPPED, kind="auto")


def fields(m: State) -> None:
    """State what the front matter and the inline fields say."""
    for found in m.note.fields:
        _field(m, found, m.thing, m.doc)


def _field(m: State, found: Field, thing: Term, doc: Term) -> None:
    """Map one field; `thing` and `doc` are what its predicates for the thing and for the note speak of."""
    if "[" in found.key:  # the IRI of an unknown key is made of the key
        found = found._replace(key=m.index.hide(found.key, m.path))
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
            _tell_template(m, found, value)
        elif rule.relation:
            _relation(m, found, value, rule, thing)
        else:
            _value(m, found, value, rule, predicates, thing, doc)


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
    for rule in candidates:
        if rule.types and not rule.types & m.kinds:
            continue
        if nested and rule.role:
            if (curie := _INNER_KEYS.get(rule.role)) and (expanded := m.rules.expand(curie)):
                return KeyRule(rule.name, rule.source, kind="auto"), Predicates((f"<{expanded}>",), ())
            continue
        if rule.role == "publish" and plain_name(key) == "published" and any(map(_has_digit, found.values)):
            continue  # `published: 2020` is a date, `published: true` is not
        chosen = rule, Predicates(rule.thing, rule.note)
        if len(candidates) == 1 and not rule.types and rule.role != "publish":
            m.context.known_keys[key] = chosen
        return chosen
    return None


def _has_digit(value: Scalar | Map) -> bool:
    return isinstance(value, Scalar) and len(value.text) > 1 and any(map(str.isdigit, value.text))


def _tell_unknown(m: State, found: Field, key: str) -> None:
    if not key:
        at = (found.line, found.column)
        m.tell("empty-key", at, words("a value stands under an empty key"), words("write its key before :"))
        return
    near = nearest_key(key, m.rules.key_names) if len(m.out.keys) <= _MOST_COMPARED else ""
    hint = words("add a row for it to mapping/, or remove it")
    if near:
        hint = words("did you mean {name!r}?", name=near)
    message = words("unknown key {key!r}; it is kept as key/{kept}", key=key, kept=ncname(key))
    m.tell("unknown-key", (found.line, found.column), message, hint)


_MOST_COMPARED = 100  # unknown keys of a note that are worth the search


def _prefixed(predicate: Term, rules: Rules) -> tuple[KeyRule, Predicates]:
    """Return how a key with a prefix is read: as the relation or the key that has its predicate, else as it stands."""
    for relation in rules.relations.values():
        if predicate in relation.thing or predicate in relation.concept:
            return relation, Predicates(relation.thing, relation.note)
    kind, of_note = "auto", any(predicate in row.terms for row in rules.model.of_note())
    for candidates in rules.keys.values():
        for rule in candidates:
            if predicate in rule.thing:
                return KeyRule(rule.name, rule.source, kind=rule.kind), Predicates((predicate,), ())
            if predicate in rule.note:
                kind, of_note = rule.kind, True
    rule = _PREFIXED_KEY._replace(kind=kind)
    return rule, Predicates((), (predicate,)) if of_note else Predicates((predicate,), ())


_TAG_SEPARATORS = str.maketrans({";": ",", "\n": ","})


def _tags_of_field(m: State, found: Field) -> None:
    for value in found.values:
        at = (value.line, value.column)
        if isinstance(value, Map):
            m.tell("bad-value", at, words("a tag should be a word"), words("write {key}: [one, two]", key=found.key))
            continue
        if is_empty(value):
            continue
        if is_template(value.text):
            _tell_template(m, found, value)
            continue
        text = m.index.plain_text(value.text, m.path)
        if len(found.values) > 1:
            names = [text]
        elif "#" in text and all(word.startswith("#") for word in text.split()):
            names = text.split()
        else:
            names = text.translate(_TAG_SEPARATORS).split(",")
        for name in names:
            say_tag(m, name.strip().removeprefix("#").strip("/ "), at)


def _types_of_field(m: State, found: Field) -> None:
    """Tell the types that no rule knows and keep what they say; what the others give, `identity` has said."""
    for value in found.values:
        if not _is_word(value, m, found):
            continue
        text = " ".join(value.text.split())
        at = (value.line, value.column)
        if WIKILINK.search(text):
            for name, target, anchor in linked(m, text):
                tell_link(m, at, name, target, anchor)
                if target.kind == "stub":
                    m.out.stub_concepts.add(target.slug)
            _keep_rest(m, found, value, beside_links(text), m.thing)
        elif not m.context.classes.knows(text):
            near = nearest_key(text, m.rules.type_names)
            hint = words("add a row for it to mapping/types.yaml of the vault")
            if near:
                hint = words("did you mean {name!r}?", name=near)
            message = words("unknown type {name!r}; the thing is a schema:Thing", name=m.index.said(text, m.path))
            m.tell("unknown-type", at, message, hint)
            _keep(m, found, value, m.thing)


def _words_of_field(m: State, found: Field) -> None:
    """Tell the values that name nothing, of the keys that name the note; what the others say, `identity` has said."""
    for value in found.values:
        _is_word(value, m, found)


def _language_of_field(m: State, found: Field) -> None:
    for value in found.values:
        if _is_word(value, m, found) and not language_code(value.text):
            _tell_unusable(m, found, value, words("a language, such as fr or en"))
            _keep(m, found, value, m.thing)


def _slug_of_field(m: State, found: Field) -> None:
    for value in found.values:
        if _is_word(value, m, found) and not slug(value.text):
            _tell_unusable(m, found, value, words("a slug, such as ada-lovelace"))
            _keep(m, found, value, m.thing)


def _codes_of_field(m: State, found: Field) -> None:
    for value in found.values:
        if _is_word(value, m, found) and (code := value.text.strip()) not in CODES:
            near = get_close_matches(code, CODES, 1, 0.8)
            if near:  # else it may be the code of a shape of the vault's own
                message = words("{code!r} is no code of a problem", code=code)
                hint = words("did you mean {name!r}?", name=near[0])
                m.tell("bad-value", (value.line, value.column), message, hint)


def _is_word(value: Scalar | Map, m: State, found: Field) -> TypeGuard[Scalar]:
    """Tell whether a value is a text that says something; keys and values in its place are told."""
    if isinstance(value, Map):
        message = words("{key}: a word is expected, not keys and values", key=found.key)
        m.tell("bad-value", (value.line, value.column), message)
        return False
    if is_template(value.text):
        _tell_template(m, found, value)
        return False
    return not is_empty(value)


def _tell_template(m: State, found: Field, value: Scalar) -> None:
    message = words("the value of {key!r} is a template that was never filled in", key=found.key)
    m.tell("template-value", (value.line, value.column), message)


def _tell_unusable(m: State, found: Field, value: Scalar, expected: Words) -> None:
    message = words(
        "{key}: {written!r} is not {expected}; it is kept as key/{kept}",
        key=found.key,
        written=m.index.said(value.text.strip(), m.path)[:50],
        expected=expected,
        kept=ncname(found.key),
    )
    m.tell("bad-value", (value.line, value.column), message)


ROLES: dict[str, Callable[[State, Field], None]] = {
    "tags": _tags_of_field,
    "type": _types_of_field,
    "title": _words_of_field,
    "name": _words_of_field,
    "aliases": _words_of_field,
    "language": _language_of_field,
    "slug": _slug_of_field,
    "ignore": _codes_of_field,
}


def _targets(m: State, value: Scalar) -> tuple[list[Found], str]:
    """Return what a value names, and what is left of its text beside the links.

    A link that leads to no note makes a stub; plain words are looked up as a path, a stem, an alias, a title or a slug.
    """
    at = (value.line, value.column)
    links = linked(m, value.text)
    if links:
        for link in links:
            tell_link(m, at, *link)
        return [link.found for link in links if link.found.kind in ("note", "stub")], beside_links(value.text)
    name = " ".join(value.text.split())
    found = m.index.refer(name, m.path) or m.index.unwritten(name)
    if found.kind == "stub":
        hint = words("write it as a link: '[[...]]'")
        message = words("{name!r} is no note of the vault; it is kept by its name", name=name)
        m.tell("unlinked-reference", at, message, hint)
        m.stub(found.slug, name)
    elif found.rivals:
        tell_link(m, at, name, found)
    return ([found] if found.kind in ("note", "stub") else []), ""


_LEFTOVER = str.maketrans("", "", " ,;.&/|-–—•[]()\n\t")
_JOINING = {"", "et", "and", "ou", "or", "avec", "with"}


def only_joins(rest: str) -> bool:
    """Tell whether the words beside the links of a value say nothing but that they belong together."""
    return all(word.translate(_LEFTOVER).lower() in _JOINING for word in rest.split())


def _relation(m: State, found: Field, value: Scalar, rule: KeyRule, thing: Term) -> None:
    at = (value.line, value.column)
    if address := address_of(m, value.text):
        for predicate in rule.thing:
            m.out.statements.append((thing, predicate, address, at, rule))
        return
    targets, rest = _targets(m, value)
    for target in targets:
        relate(m, rule, target, at, thing)
    _keep_rest(m, found, value, rest, thing)


def _keep_rest(m: State, found: Field, value: Scalar, rest: str, thing: Term) -> None:
    """Keep the words beside the links of a value as they stand, and say so."""
    if only_joins(rest):
        return
    message = words("the words beside the link are kept as key/{kept}", kept=ncname(found.key))
    m.tell("bad-value", (value.line, value.column), message)
    _keep(m, found, value, thing)


def _keep(m: State, found: Field, value: Scalar, thing: Term) -> None:
    if m.index.is_private_name(value.text, m.path):
        return
    m.out.keys.add(found.key)
    text = m.text(m.index.plain_text(value.text, m.path))
    statement: Statement = (thing, m.mint.key(found.key), text, (value.line, value.column), UNKNOWN_KEY)
    m.out.statements.append(statement)


def _value(
    m: State, found: Field, value: Scalar, rule: KeyRule, predicates: Predicates, thing: Term, doc: Term
) -> None:
    at = (value.line, value.column)
    terms, rest = KINDS[rule.kind](m, value) if rule.kind in KINDS else _literal(m, value, rule.kind)
    if terms is None:
        _tell_unusable(m, found, value, EXPECTED[rule.kind])
        _keep(m, found, value, thing if predicates.thing else doc)
        return
    for term in terms:
        for predicate in predicates.thing:
            m.out.statements.append((thing, predicate, term, at, rule))
        for predicate in predicates.note:
            m.out.statements.append((doc, predicate, term, at, rule))
    if rest:
        _keep_rest(m, found, value, rest, thing if predicates.thing else doc)


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
    return [m.mint.thing(target.slug) for target in targets], rest


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
        if not any(map(str.isalpha, text)):
            return [plain(text)], ""
        return ([] if m.index.is_private_name(text, m.path) else [m.text(text)]), ""
    if address := address_of(m, text):
        return [address], ""
    links = linked(m, text)
    rest = beside_links(text)
    if only_joins(rest):
        return _entity(m, value)
    for link in links:
        tell_link(m, (value.line, value.column), *link)
    terms = [m.mint.thing(link.found.slug) for link in links if link.found.kind in ("note", "stub")]
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


KINDS: dict[str, Callable[[State, Scalar], Terms]] = {
    "entity": _entity,
    "text-or-entity": _text_or_entity,
    "file": _file_value,
    "auto": _auto,
}


def _nested(m: State, found: Field, value: Map, rule: KeyRule, predicates: Predicates, thing: Term, doc: Term) -> None:
    """Map a value that has keys of its own to a node whose IRI lasts as long as its content."""
    at = (value.line, value.column)
    node = m.mint.nested(m.slug, found.key, _content(value))
    classes = Entry(rule.name, rule.classes, rule.source) if rule.classes else m.model.nested_class
    m.say_class(node, classes, at)
    for predicate in predicates.thing or rule.thing:
        m.out.statements.append((thing, predicate, node, at, rule))
    for predicate in predicates.note:
        m.out.statements.append((doc, predicate, node, at, rule))
    for inner in value.fields:
        _field(m, inner, node, node)


# What Herbier reads of a note, a nested value says of itself.
_INNER_KEYS = {
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
