"""From a Note to triples: one function a part of the note, in the order of `PARTS`.

Every statement carries the place and the rule that made it, as references to what is there anyway: `explain` reads
them, a build drops them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from herbier.links import FILE_FORMATS, Card, Found, Index, shown_headings
from herbier.mapping.card import is_empty, is_template, role_of, role_texts, roles_of
from herbier.mapping.classes import Classes
from herbier.mapping.rules import Entry, HeadingRule, KeyRule, Rules, Source, TypeRule
from herbier.mapping.values import EXPECTED, VALUES, address_term
from herbier.problems import Problem, problem
from herbier.terms import RDF_TYPE, Mint, Term, clean, literal, plain, plain_name, shown, tag_slug, typed
from herbier.vault.body import Link
from herbier.vault.fields import Field, Map, Scalar
from herbier.vault.inline import MARKDOWN_LINK, WIKILINK, is_web_address, path_target, wikilink
from herbier.vault.note import At, Note

Rule = Entry | KeyRule | TypeRule | HeadingRule


# A triple, where in the note it comes from, and the rule that made it. A plain tuple, since a build makes millions.
Statement = tuple[Term, Term, Term, At, Rule]


class StubName(NamedTuple):
    """What a link calls a note that is not written: its slug, the name and the language of the note that links."""

    slug: str
    name: str
    language: str


@dataclass(slots=True)
class Mapped:
    """What a note gives: its statements, and what the vault as a whole gathers from all notes."""

    statements: list[Statement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)  # (tag as written, language), once a use
    stubs: list[StubName] = field(default_factory=list)  # once a link
    stub_concepts: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Context:
    """All that maps a note beside the note: the same for every note of a build."""

    rules: Rules
    index: Index
    classes: Classes
    mint: Mint


def map_note(note: Note, number: int, context: Context) -> Mapped:
    """Return what a note says; `number` is that of its card in the index."""
    mapper = _Mapper(note, number, context)
    for part in PARTS:
        part(mapper)
    return mapper.out


_UNMAPPED = Source("", 0)
_UNKNOWN_KEY = KeyRule("unknown key", _UNMAPPED, kind="auto")
_PREFIXED_KEY = KeyRule("prefixed key", _UNMAPPED, kind="auto")


class _Mapper:
    """One note being mapped: its IRIs, and what it has given so far."""

    def __init__(self, note: Note, number: int, context: Context) -> None:
        self.note = note
        self.context = context
        self.rules = context.rules
        self.model = context.rules.model
        self.index = context.index
        self.mint = context.mint
        self.card: Card = context.index.cards[number]
        self.slug = context.index.slugs[number]
        self.thing = context.mint.thing(self.slug)
        self.doc = context.mint.note(self.slug)
        self.language = self.card.language
        self.path = note.path
        self.is_concept = context.classes.is_concept(number)
        self.kinds = context.classes.kinds(number)
        self.number = number
        self.out = Mapped()
        self.roles = roles_of(note, context.rules)
        self.found = [self.find_link(link) for link in note.body.links]
        self.anchors = ("", *context.index.anchors[number])  # of the sections; the first has no heading

    # --- saying something ---

    def say(self, subject: Term, rule: Entry | TypeRule, value: Term, at: At) -> None:
        for predicate in rule.terms:
            self.out.statements.append((subject, predicate, value, at, rule))

    def say_class(self, subject: Term, rule: Entry | TypeRule, at: At) -> None:
        for term in rule.terms:
            self.out.statements.append((subject, RDF_TYPE, term, at, rule))

    def tell(self, code: str, at: At, message: str, hint: str = "") -> None:
        self.out.problems.append(problem(code, shown(self.path), *self.note.place(at), message, hint))

    def text(self, text: str) -> Term:
        return literal(text, self.language)

    # --- links ---

    def find_link(self, link: Link) -> Found:
        if not link.name:
            return Found("note", self.slug, self.number)
        return self.index.find(link.name, self.path, relative=link.relative)

    def stub(self, slug: str, name: str) -> None:
        title = name.rstrip("/").rpartition("/")[2]
        title = title.removesuffix(".md")
        self.out.stubs.append(StubName(slug, clean(title), self.language))

    def shown_text(self, section: int, start: int, end: int) -> str:
        """Return a part of a section's text without what its links would give away of private notes."""
        text = self.note.body.sections[section].text
        if not self.index.any_private:
            return text if end - start == len(text) else text[start:end]
        pieces = []
        for link, found in zip(self.note.body.links, self.found, strict=True):
            if link.section == section and not link.in_heading and found.kind == "private":
                if start <= link.start and link.end <= end:
                    hidden = self.index.shown_link(link.name, link.alias, self.path, relative=link.relative)
                    pieces += [text[start : link.start], hidden or ""]
                    start = link.end
        return "".join([*pieces, text[start:end]])


# --- the thing and the note ---------------------------------------------------------------------------------------------


def _identity(m: _Mapper) -> None:
    model, thing, doc = m.model, m.thing, m.doc
    at = _title_place(m)
    title = m.text(m.index.plain_text(m.card.title, m.path))
    for rule, place in m.context.classes.rules(m.number):
        m.say_class(thing, rule, _type_place(m, place))
    for term, place in m.context.classes.linked(m.number, m.mint):
        m.out.statements.append((thing, RDF_TYPE, term, _type_place(m, place), model.concept_class))
    m.say_class(doc, model.note_class, (1, 1))
    m.say(thing, model.label, title, at)
    if m.is_concept:
        m.say(thing, model.concept_label, title, at)
    m.say(thing, model.subject_of, doc, at)
    m.say(doc, model.about, thing, at)
    m.say(doc, model.title, title, at)
    for name in _other_names(m):
        m.say(thing, model.alternate, m.text(name), at)
        if m.is_concept:
            m.say(thing, model.concept_alternate, m.text(name), at)
    if m.language:
        m.say(doc, model.language, plain(m.language), at)


def _title_place(m: _Mapper) -> At:
    for wanted in ("title", "name"):
        for _, value in m.roles.get(wanted, ()):
            return value.line, value.column
    return 1, 1


def _type_place(m: _Mapper, written: str) -> At:
    for _, value in m.roles.get("type", ()):
        if " ".join(value.text.split()) == written:
            return value.line, value.column
    return 1, 1


def _other_names(m: _Mapper) -> list[str]:
    """Return what else the thing is called: aliases, further titles, both parts of "ACRONYM - full name"."""
    names = [name for role in ("aliases", "title", "name") for name in role_texts(m.roles, role)]
    for pattern in m.rules.titles:
        if match := pattern.match(m.card.title):
            names += (match["short"], match["long"])
    shown_names = (m.index.plain_text(name, m.path) for name in names)
    return [name for name in dict.fromkeys(shown_names) if name != m.card.title]


# --- fields -------------------------------------------------------------------------------------------------------------


def _fields(m: _Mapper) -> None:
    for found in m.note.fields:
        _field(m, found, m.thing, m.doc)


def _field(m: _Mapper, found: Field, thing: Term, doc: Term) -> None:
    """Map one field; `thing` and `doc` are what its predicates for the thing and for the note speak of."""
    rule, predicates = _rule_of(m, found)
    if rule.role:
        if step := ROLES.get(rule.role):
            step(m, found)
        return
    if rule.kind == "nothing":
        return
    for value in found.values:
        if isinstance(value, Map):
            _nested(m, found, value, rule, predicates, thing, doc)
        elif is_empty(value):
            continue
        elif is_template(value.text):
            message = f"the value of {found.key!r} is a template that was never filled in"
            m.tell("template-value", (value.line, value.column), message)
        elif rule.relation:
            _relation(m, found, value, rule, thing)
        else:
            _value(m, found, value, rule, predicates, thing, doc)


class _Predicates(NamedTuple):
    thing: tuple[Term, ...]
    note: tuple[Term, ...]


def _rule_of(m: _Mapper, found: Field) -> tuple[KeyRule, _Predicates]:
    """Return the rule of a key; one with a prefix stands for itself, and one that no rule knows is told and kept."""
    key = found.key.strip()
    if ":" in key and (expanded := m.rules.expand(key)):
        return _prefixed(f"<{expanded}>", m.rules)
    for rule in m.rules.keys.get(plain_name(key), ()):
        if rule.types and not rule.types & m.kinds:
            continue
        if rule.role == "publish" and plain_name(key) == "published" and any(map(_has_digit, found.values)):
            continue  # `published: 2020` is a date, `published: true` is not
        return rule, _Predicates(rule.thing, rule.note)
    m.out.keys.add(key)
    _tell_unknown(m, found, key)
    return _UNKNOWN_KEY, _Predicates((m.mint.key(key),), ())


def _has_digit(value: Scalar | Map) -> bool:
    return isinstance(value, Scalar) and len(value.text) > 1 and any(map(str.isdigit, value.text))


def _tell_unknown(m: _Mapper, found: Field, key: str) -> None:
    if not key:
        m.tell("empty-key", (found.line, found.column), "a value stands under an empty key", "write its key before :")
        return
    near = _nearest_key(key, m.rules.key_names)
    hint = f"did you mean {near!r}?" if near else "add a row for it to mapping/, or remove it"
    m.tell("unknown-key", (found.line, found.column), f"unknown key {key!r}; it is kept as key/{key}", hint)


@lru_cache(maxsize=4096)
def _nearest_key(key: str, names: tuple[str, ...]) -> str:
    near = get_close_matches(key.lower(), names, 1, 0.75)
    return near[0] if near else ""


def _prefixed(predicate: Term, rules: Rules) -> tuple[KeyRule, _Predicates]:
    """Return how a key with a prefix is read: as the relation or the key that has its predicate, else as it stands."""
    for relation in rules.relations.values():
        if predicate in relation.thing or predicate in relation.concept:
            return relation, _Predicates(relation.thing, relation.note)
    kind, of_note = "auto", False
    for candidates in rules.keys.values():
        for rule in candidates:
            if predicate in rule.thing:
                return KeyRule(rule.name, rule.source, kind=rule.kind), _Predicates((predicate,), ())
            if predicate in rule.note:
                kind, of_note = rule.kind, True
    rule = _PREFIXED_KEY._replace(kind=kind)
    return rule, _Predicates((), (predicate,)) if of_note else _Predicates((predicate,), ())


_TAG_SEPARATORS = str.maketrans({";": ",", "\n": ","})


def _tags_of_field(m: _Mapper, found: Field) -> None:
    for value in found.values:
        at = (value.line, value.column)
        if isinstance(value, Map):
            m.tell("bad-value", at, "a tag should be a word", f"write {found.key}: [one, two]")
            continue
        if is_empty(value):
            continue
        if is_template(value.text):
            m.tell("template-value", at, f"the value of {found.key!r} is a template that was never filled in")
            continue
        text = m.index.plain_text(value.text, m.path)
        if len(found.values) > 1:
            names = [text]
        elif "#" in text and all(word.startswith("#") for word in text.split()):
            names = text.split()
        else:
            names = text.translate(_TAG_SEPARATORS).split(",")
        for name in names:
            _tag(m, name.strip().removeprefix("#").strip("/ "), at)


def _tag(m: _Mapper, name: str, at: At) -> None:
    if not name:
        return
    keyword, tag = _tag_terms(name, m.language, m.mint)
    m.say(m.doc, m.model.keyword, keyword, at)
    if tag:
        m.say(m.doc, m.model.subject, tag, at)
        m.out.tags.append((name, m.language))


@lru_cache(maxsize=1 << 15)
def _tag_terms(name: str, language: str, mint: Mint) -> tuple[Term, Term]:
    return literal(name, language), mint.tag(name) if tag_slug(name) else ""


def _types_of_field(m: _Mapper, found: Field) -> None:
    """Tell the types that no rule knows and keep what they say; what the others give, `_identity` has said."""
    for value in found.values:
        if isinstance(value, Map) or is_empty(value) or is_template(value.text):
            continue
        text = " ".join(value.text.split())
        at = (value.line, value.column)
        if WIKILINK.search(text):
            for target, found_link in _linked(m, text):
                if found_link.kind == "stub":
                    m.stub(found_link.slug, target)
                    m.out.stub_concepts.add(found_link.slug)
                    _tell_dangling(m, at, target)
        elif not m.context.classes.knows(text):
            near = _nearest_key(text, m.rules.type_names)
            hint = f"did you mean {near!r}?" if near else "add a row for it to mapping/types.yaml of the vault"
            m.tell("unknown-type", at, f"unknown type {text!r}; the thing is a schema:Thing", hint)
            m.out.keys.add(found.key)
            kept: Statement = (m.thing, m.mint.key(found.key), m.text(m.index.plain_text(text, m.path)), at, _UNKNOWN_KEY)
            m.out.statements.append(kept)


ROLES: dict[str, Callable[[_Mapper, Field], None]] = {"tags": _tags_of_field, "type": _types_of_field}


def _linked(m: _Mapper, text: str) -> list[tuple[str, Found]]:
    """Return the links of a value: the name of each target, and where it leads."""
    links: list[tuple[str, Found]] = []
    if "[" not in text:
        return links
    for match in WIKILINK.finditer(text):
        target, _ = wikilink(match[2])
        if not is_web_address(target.name):
            links.append((target.name, m.index.find(target.name, m.path)))
    for match in MARKDOWN_LINK.finditer(text) if "](" in text else ():
        address = match[2] or match[3] or ""
        if address and not is_web_address(address):
            name = path_target(address).name
            links.append((name, m.index.find(name, m.path, relative=True)))
    return links


def _targets(m: _Mapper, value: Scalar) -> tuple[list[Found], str]:
    """Return what a value names, and what is left of its text beside the links.

    A link that leads to no note makes a stub; plain words are looked up as a path, a stem, an alias, a title or a slug.
    """
    at = (value.line, value.column)
    links = _linked(m, value.text)
    if links:
        for name, found in links:
            _tell_link(m, at, name, found)
        return [found for _, found in links if found.kind in ("note", "stub")], _beside_links(value.text)
    name = " ".join(value.text.split())
    found = m.index.refer(name, m.path)
    if found is None:
        found = Found("stub", m.index.stub_slug(name))
        hint = "write it as a link: '[[...]]'"
        m.tell("unlinked-reference", at, f"{name!r} is no note of the vault; it is kept by its name", hint)
        m.stub(found.slug, name)
    elif found.rivals:
        _tell_link(m, at, name, found)
    return ([found] if found.kind in ("note", "stub") else []), ""


def _beside_links(text: str) -> str:
    """Return what a value says beside its links."""
    text = WIKILINK.sub(" ", text)
    return MARKDOWN_LINK.sub(" ", text) if "](" in text else text


def _tell_link(m: _Mapper, at: At, name: str, found: Found) -> None:
    """Tell what is wrong with a link, and note the stub that it asks for."""
    if found.kind == "stub":
        m.stub(found.slug, name)
        _tell_dangling(m, at, name)
    elif found.kind == "lost":
        m.tell("dangling-link", at, f"the file {name!r} is not in the vault")
    elif found.rivals:
        others = ", ".join(shown(path) for path in found.rivals[1:])
        message = f"the link {name!r} fits several notes; {shown(found.rivals[0])!r} is taken, not {others}"
        m.tell("ambiguous-link", at, message, "write its folder too, such as [[folder/name]]")


def _tell_dangling(m: _Mapper, at: At, name: str) -> None:
    if not name.strip():
        return
    near = m.index.by_slug.get(m.index.stub_slug(name).rpartition("-")[0])
    similar = f"; is {m.index.cards[near].title!r} meant?" if near is not None else ""
    hint = "write that note, or mend the link" + similar
    m.tell("dangling-link", at, f"no note is called {name!r}", hint)


_LEFTOVER = str.maketrans("", "", " ,;.&/|-–—•[]()\n\t")
_JOINING = {"", "et", "and", "ou", "or", "avec", "with"}


def _relation(m: _Mapper, found: Field, value: Scalar, rule: KeyRule, thing: Term) -> None:
    at = (value.line, value.column)
    if address := _address_of(m, value.text):
        for predicate in rule.thing:
            m.out.statements.append((thing, predicate, address, at, rule))
        return
    targets, rest = _targets(m, value)
    for target in targets:
        _relate(m, rule, target, at, thing)
    _keep_rest(m, found, value, rest, thing)


def _address_of(m: _Mapper, text: str) -> Term | None:
    """Return the IRI that a value is as a whole: an address, or a CURIE with a known prefix."""
    if ":" not in text:
        return None
    if address := address_term(text.strip()):
        return address
    match = WIKILINK.fullmatch(text.strip())
    if match and is_web_address(match[2]):
        return address_term(match[2].partition("|")[0].strip())
    expanded = m.rules.expand(text) if ":" in text and " " not in text.strip() else None
    return f"<{expanded}>" if expanded else None


def _relate(m: _Mapper, rule: KeyRule, target: Found, at: At, thing: Term) -> None:
    """State a relation, and its inverse, between two things and between their notes."""
    other, other_doc = m.mint.thing(target.slug), m.mint.note(target.slug)
    concepts = False
    if m.is_concept and thing == m.thing:
        concepts = target.kind == "stub" or m.context.classes.is_concept(target.number)
        if concepts and rule.concept and target.kind == "stub":
            m.out.stub_concepts.add(target.slug)
    inverse = m.rules.relations.get(rule.inverse)
    for relation, a, b, doc_a, doc_b in ((rule, thing, other, m.doc, other_doc), (inverse, other, thing, other_doc, m.doc)):
        if relation is None:
            continue
        m.out.statements += [(a, predicate, b, at, rule) for predicate in relation.thing]
        if concepts:
            m.out.statements += [(a, predicate, b, at, rule) for predicate in relation.concept]
        if thing == m.thing:
            m.out.statements += [(doc_a, predicate, doc_b, at, rule) for predicate in relation.note]


def _keep_rest(m: _Mapper, found: Field, value: Scalar, rest: str, thing: Term) -> None:
    """Keep the words beside the links of a value as they stand, and say so."""
    words = rest.split()
    if not words or all(word.translate(_LEFTOVER).lower() in _JOINING for word in words):
        return
    m.tell("bad-value", (value.line, value.column), f"the words beside the link are kept as key/{found.key}")
    _keep(m, found, value, thing)


def _keep(m: _Mapper, found: Field, value: Scalar, thing: Term) -> None:
    m.out.keys.add(found.key)
    text = m.text(m.index.plain_text(value.text, m.path))
    statement: Statement = (thing, m.mint.key(found.key), text, (value.line, value.column), _UNKNOWN_KEY)
    m.out.statements.append(statement)


def _value(
    m: _Mapper, found: Field, value: Scalar, rule: KeyRule, predicates: _Predicates, thing: Term, doc: Term
) -> None:
    at = (value.line, value.column)
    terms, rest = KINDS[rule.kind](m, value) if rule.kind in KINDS else _literal(m, value, rule.kind)
    if terms is None:
        message = f"{found.key}: {value.text.strip()[:60]!r} is not {EXPECTED[rule.kind]}; it is kept as key/{found.key}"
        m.tell("bad-value", at, message)
        _keep(m, found, value, thing)
        return
    for term in terms:
        for predicate in predicates.thing:
            m.out.statements.append((thing, predicate, term, at, rule))
        for predicate in predicates.note:
            m.out.statements.append((doc, predicate, term, at, rule))
    if rest:
        _keep_rest(m, found, value, rest, thing)


Terms = tuple[list[Term] | None, str]  # None: not of the kind; then what is left of the text


def _literal(m: _Mapper, value: Scalar, kind: str) -> Terms:
    text = value.text.strip() if kind in EXPECTED else m.index.plain_text(value.text, m.path).strip()
    term = VALUES[kind](text, m.language)
    return ([term], "") if term is not None else (None, "")


def _entity(m: _Mapper, value: Scalar) -> Terms:
    if address := _address_of(m, value.text):
        return [address], ""
    targets, rest = _targets(m, value)
    return [m.mint.thing(target.slug) for target in targets], rest


def _text_or_entity(m: _Mapper, value: Scalar) -> Terms:
    if (address := _address_of(m, value.text)) or WIKILINK.search(value.text) or MARKDOWN_LINK.search(value.text):
        return ([address], "") if address else _entity(m, value)
    found = m.index.refer(" ".join(value.text.split()), m.path)
    if found is not None:
        return ([m.mint.thing(found.slug)] if found.kind == "note" else []), ""
    return [m.text(value.text.strip())], ""


def _auto(m: _Mapper, value: Scalar) -> Terms:
    """Read a value that no rule knows: links and addresses as such, a number as it stands, all else as text."""
    text = value.text.strip()
    if not (WIKILINK.search(text) or MARKDOWN_LINK.search(text)) and not _address_of(m, text):
        if not any(map(str.isalpha, text)):
            return [plain(text)], ""
        return ([] if m.index.is_private_name(text, m.path) else [m.text(text)]), ""
    if address := _address_of(m, text):
        return [address], ""
    links = _linked(m, text)
    rest = _beside_links(text)
    if all(word.translate(_LEFTOVER).lower() in _JOINING for word in rest.split()):
        return _entity(m, value)
    for name, found in links:
        _tell_link(m, (value.line, value.column), name, found)
    terms = [m.mint.thing(found.slug) for _, found in links if found.kind in ("note", "stub")]
    return [*terms, m.text(m.index.plain_text(text, m.path))], ""


def _file_value(m: _Mapper, value: Scalar) -> Terms:
    if address := _address_of(m, value.text):
        return [address], ""
    match = WIKILINK.fullmatch(value.text.strip())
    name = wikilink(match[2])[0].name if match else value.text.strip()
    found = m.index.find(name, m.path)
    if found.kind == "file":
        _describe_file(m, found.slug, (value.line, value.column))
        return [m.mint.file(found.slug)], ""
    if found.kind in ("private", "note"):
        return [], ""
    return None, ""


KINDS: dict[str, Callable[[_Mapper, Scalar], Terms]] = {
    "entity": _entity,
    "text-or-entity": _text_or_entity,
    "file": _file_value,
    "auto": _auto,
}


def _nested(
    m: _Mapper, found: Field, value: Map, rule: KeyRule, predicates: _Predicates, thing: Term, doc: Term
) -> None:
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
        inner_rule = next((r for r in m.rules.keys.get(plain_name(inner.key), ()) if not r.role), None)
        if role_of(inner.key, m.rules) and inner_rule is None:
            inner = inner._replace(key=_INNER_KEYS.get(role_of(inner.key, m.rules).role, inner.key))  # type: ignore[union-attr]
        _field(m, inner, node, node)


_INNER_KEYS = {"title": "schema:name", "name": "schema:name", "id": "schema:identifier", "tags": "schema:keywords"}


def _content(value: Map) -> str:
    """Return a nested value as one text, the same for the same content wherever it stands."""
    parts = []
    for inner in value.fields:
        texts = (f"{{{_content(v)}}}" if isinstance(v, Map) else v.text.strip() for v in inner.values)
        parts.append(f"{inner.key}={'|'.join(texts)}")
    return "\n".join(sorted(parts))


# --- sections -----------------------------------------------------------------------------------------------------------


def _sections(m: _Mapper) -> None:
    model, doc = m.model, m.doc
    whole: list[str] = []
    headings = ["", *shown_headings(m.index, m.card)]
    for number, section in enumerate(m.note.body.sections):
        text = m.shown_text(number, 0, len(section.text)).strip()
        if number:
            heading = headings[number]
            part = m.mint.part(m.slug, m.anchors[number])
            parent = m.mint.part(m.slug, m.anchors[section.parent]) if section.parent > 0 else doc
            m.say(parent, model.part, part, section.at)
            m.say_class(part, model.section_class, section.at)
            m.say(part, model.part_name, m.text(heading), section.at)
            m.say(part, model.part_position, typed(str(number), "integer"), section.at)
            whole.append(heading)
            if text:
                m.say(part, model.text, m.text(text), section.at)
            rule = m.rules.headings.get(plain_name(section.heading))
            if rule and (step := STATES.get(rule.states)):
                step(m, number, rule)
        if text:
            whole.append(text)
    if whole:
        text = "\n\n".join(whole)
        m.say(doc, model.text, m.text(text), 0)
        m.say(doc, model.words, typed(str(len(text.split())), "integer"), 0)
    for block in m.note.body.blocks:
        part = m.mint.part(m.slug, f"block-{block.name}")
        parent = m.mint.part(m.slug, m.anchors[block.section]) if block.section else doc
        m.say(parent, model.part, part, block.at)
        m.say_class(part, model.block_class, block.at)
        if text := m.shown_text(block.section, block.start, block.end).strip():
            m.say(part, model.text, m.text(text), block.at)


def _below(m: _Mapper, number: int) -> list[int]:
    """Return a section and the sections below it."""
    numbers = [number]
    for other, section in enumerate(m.note.body.sections):
        if section.parent in numbers and other != number and section.parent > 0:
            numbers.append(other)
    return numbers


def _describes(m: _Mapper, number: int, rule: HeadingRule) -> None:
    sections = m.note.body.sections
    numbers = [number] if sections[number].text.strip() else _below(m, number)
    texts = [m.shown_text(n, 0, len(sections[n].text)).strip() for n in numbers]
    if text := "\n\n".join(filter(None, texts)):
        at = sections[number].at
        m.say(m.thing, m.model.description, m.text(text), at)
        m.say(m.doc, m.model.abstract, m.text(text), at)


def _points(m: _Mapper, number: int, rule: HeadingRule) -> None:
    for item in m.note.body.items:
        if item.section == number and (text := m.shown_text(number, item.start, item.end).strip()):
            m.say(m.doc, m.model.key_point, m.text(text), item.at)


def _sources(m: _Mapper, number: int, rule: HeadingRule) -> None:
    """Cite each item that has no link as it stands; the links are cited wherever they are."""
    items = m.note.body.items
    linked = sorted([link.at for link in m.note.body.links] + [citation.at for citation in m.note.body.citations])
    for place, item in enumerate(items):
        if item.section != number:
            continue
        end = items[place + 1].at if place + 1 < len(items) else len(m.note.source)
        text = m.shown_text(number, item.start, item.end).strip()
        if text and not any(item.at <= at < end for at in linked):
            m.say(m.doc, m.model.cited_text, m.text(text), item.at)


def _related(m: _Mapper, number: int, rule: HeadingRule) -> None:
    relation = m.rules.relations[rule.relation]
    within = set(_below(m, number))
    for link, found in zip(m.note.body.links, m.found, strict=True):
        if link.section in within and link.name and found.kind in ("note", "stub"):
            _relate(m, relation, found, link.at, m.thing)


STATES: dict[str, Callable[[_Mapper, int, HeadingRule], None]] = {
    "description": _describes,
    "points": _points,
    "sources": _sources,
    "relation": _related,
}


# --- links, citations, tags -------------------------------------------------------------------------------------------------


def _links(m: _Mapper) -> None:
    for link, found in zip(m.note.body.links, m.found, strict=True):
        LINKS[found.kind](m, link, found)


def _to_note(m: _Mapper, link: Link, found: Found) -> None:
    model, doc, at = m.model, m.doc, link.at
    anchor = m.index.anchor(found.number, link.anchor) if link.anchor else None
    if link.name:
        other = m.mint.note(found.slug)
        m.say(doc, model.mention, m.mint.thing(found.slug), at)
        m.say(doc, model.reference, other, at)
        if link.embed:
            m.say(doc, model.embed, other, at)
        if found.rivals:
            _tell_link(m, at, link.name, found)
    if anchor:
        m.say(doc, model.reference, m.mint.part(found.slug, anchor), at)
    elif link.anchor:
        title = m.index.cards[found.number].title
        what = "block" if link.anchor.startswith("^") else "heading"
        m.tell("missing-heading", at, f"{title!r} has no {what} {link.anchor.removeprefix('^')!r}")


def _to_stub(m: _Mapper, link: Link, found: Found) -> None:
    other = m.mint.note(found.slug)
    m.say(m.doc, m.model.mention, m.mint.thing(found.slug), link.at)
    m.say(m.doc, m.model.reference, other, link.at)
    if link.embed:
        m.say(m.doc, m.model.embed, other, link.at)
    _tell_link(m, link.at, link.name, found)


def _to_file(m: _Mapper, link: Link, found: Found) -> None:
    if not link.embed:
        message = f"{shown(found.slug)!r} is linked to but not embedded, so it is not published"
        m.tell("unpublished-attachment", link.at, message, f"write ![[{link.name}]] to publish it")
        return
    image = _format_of(found.slug).startswith("image/")
    m.say(m.doc, m.model.image if image else m.model.attachment, m.mint.file(found.slug), link.at)
    _describe_file(m, found.slug, link.at)


def _describe_file(m: _Mapper, path: str, at: At) -> None:
    node = m.mint.file(path)
    media_type = _format_of(path)
    m.say_class(node, m.model.image_class if media_type.startswith("image/") else m.model.file_class, at)
    m.say(node, m.model.file_name, plain(clean(shown(path)).rpartition("/")[2]), at)
    m.say(node, m.model.file_format, plain(media_type), at)
    m.out.files.add(path)


def _format_of(path: str) -> str:
    return FILE_FORMATS.get(path.rpartition(".")[2].lower(), "application/octet-stream")


def _to_nothing(m: _Mapper, link: Link, found: Found) -> None:
    if found.kind == "lost":
        _tell_link(m, link.at, link.name, found)


LINKS: dict[str, Callable[[_Mapper, Link, Found], None]] = {
    "note": _to_note,
    "stub": _to_stub,
    "file": _to_file,
    "lost": _to_nothing,
    "private": _to_nothing,
}


def _citations(m: _Mapper) -> None:
    for citation in m.note.body.citations:
        address = address_term(citation.url)
        if address:
            m.say(m.doc, m.model.image if citation.image else m.model.citation, address, citation.at)


def _tags(m: _Mapper) -> None:
    for tag in m.note.body.tags:
        _tag(m, tag.name, tag.at)


PARTS: Sequence[Callable[[_Mapper], None]] = (_identity, _fields, _sections, _links, _citations, _tags)
