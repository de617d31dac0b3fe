"""The rules by which a note is mapped: what `mapping/` says, ready to be looked up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple

from herbier.problems import Problem
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.privacy_words import PrivacyTable
from herbier.rules.values import checked_iri
from herbier.vault.bibliography import Bibliography

UNKNOWN: Final = "unknown key"  # the name of the rule that keeps what no rule knows
TYPED: Final = "typed"  # among `types` of a row: a thing whose class is known, whichever it is


class Source(NamedTuple):
    """Where a rule is written."""

    file: str
    line: int


# Rules are made once and never changed. Where they are compiled, a frozen class could not travel to another process.
@dataclass(slots=True, unsafe_hash=True)
class ModelRow:
    """A row of the model: the predicates or classes of something that every note has."""

    name: str
    terms: tuple[Term, ...]
    source: Source


@dataclass(slots=True, unsafe_hash=True)
class TypeRule:
    """The rule of a type of note."""

    name: str
    terms: tuple[Term, ...]
    source: Source


class Signature(NamedTuple):
    """Keys that stand together in things of one type only: of each, the names that it may have."""

    rule: TypeRule
    keys: tuple[frozenset[str], ...]


class SchemeSign(NamedTuple):
    """A scheme of identifiers that only things of one type have; `start` is how such an identifier begins."""

    rule: TypeRule
    start: str
    scheme: str


class DeclaredSign(NamedTuple):
    """Paths whose notes a vault declares to be of a type; `written` is the folder, or how else they are named."""

    rule: TypeRule
    pattern: re.Pattern[str]
    written: str


class TemplateSign(NamedTuple):
    """A template: its type if it tells one, its keys, and those of them that no template of another type has."""

    rule: TypeRule | None
    keys: frozenset[str]
    own: frozenset[str]


@dataclass(slots=True)
class TypeEvidence:
    """The rules of types, by what tells them: names are in the form of `plain_name`.

    `rules` are by the name of their row, `signatures` by each name of their first key, `schemes` by the names of the
    keys that give them; `pointing` are the names of keys whose values are things of a class that the key's rule tells.
    """

    rules: Mapping[str, TypeRule] = field(default_factory=dict)
    tags: Mapping[str, TypeRule] = field(default_factory=dict)
    folders: Mapping[str, TypeRule] = field(default_factory=dict)
    children: Mapping[str, TypeRule] = field(default_factory=dict)
    roots: Mapping[str, TypeRule] = field(default_factory=dict)
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)  # keys that a folder or a tag needs, by type
    paths: tuple[tuple[re.Pattern[str], TypeRule], ...] = ()
    schemes: Mapping[str, tuple[SchemeSign, ...]] = field(default_factory=dict)
    signatures: Mapping[str, tuple[Signature, ...]] = field(default_factory=dict)
    pointing: frozenset[str] = frozenset()
    declared: tuple[DeclaredSign, ...] = ()
    templates: Mapping[str, TemplateSign] = field(default_factory=dict)  # by path

    def rule_of(self, kind: str, name: str, written: str) -> TypeRule | None:
        """Return the rule of a type that something shows: where it is declared, the one from there."""
        if kind == "declared":
            named = (sign.rule for sign in self.declared if sign.written == written and sign.rule.name == name)
            return next(named, None)
        if kind == "template":
            return self.templates[written].rule if written in self.templates else None
        if kind == "tag" and (rule := self.tags.get(plain_name(written))) and rule.name == name:
            return rule
        return self.rules.get(name)


@dataclass(slots=True, unsafe_hash=True)
class KeyRule:
    """The rule of a key.

    `thing` and `note` are predicates; a relation joins like with like, thing to thing and note to note, any other key
    gives things as values. `concept` are predicates for two concepts, or of any other key for a concept. `role` names
    what Herbier itself reads, `scheme` the identifiers that are the key's values.
    """

    name: str
    source: Source
    role: str = ""
    kind: str = ""
    thing: tuple[Term, ...] = ()
    note: tuple[Term, ...] = ()
    concept: tuple[Term, ...] = ()
    classes: tuple[Term, ...] = ()
    types: frozenset[str] = frozenset()
    relation: bool = False
    inverse: str = ""
    scheme: str = ""
    of: frozenset[Term] = frozenset()  # the classes that it is only for, of nested values
    range: frozenset[Term] = frozenset()  # the classes of the notes that plain words may name; else the predicates' own
    by: tuple[str, ...] = ()  # the names by which plain words may name a note, of NAMES; all, if none is told
    folder: str = ""  # where the notes lie that are its values, or for other kinds those that it is said in
    through: tuple[
        Term, ...
    ] = ()  # predicates, each with the class of the node that it leads to, of the last it is said
    within: str = ""  # the folder whose notes it is limited to
    declared: Source | None = None  # where the vault declares for another program of what kind the values are
    shipped: bool = False  # by Herbier: then schema.org says of what its predicates may be said


class IdentityRule(NamedTuple):
    """The rule of the IRIs that the notes of a folder have by another format; the deepest folder counts."""

    folder: str
    base: str
    rule: ModelRow


class Scheme(NamedTuple):
    """A scheme of identifiers: how they are written, what must hold of them (`check`), and where they lead.

    `addresses` are templates with `{id}` by what the identifier begins with.
    """

    name: str
    source: Source
    label: str
    pattern: re.Pattern[str]
    form: str
    check: str
    addresses: Mapping[str, str]
    example: str


class Alignment(NamedTuple):
    """The alignment of a term with Wikidata, and who says so.

    `terms` are classes or predicates, or `scheme` is one of identifiers, whose `pattern` tells those that are meant;
    `entity` is a number such as Q5 or P571, `only` are the classes whose items alone have the property, `value` is
    what Wikidata has as value, `form` how it writes an identifier.
    """

    name: str
    source: Source
    terms: tuple[Term, ...]
    entity: str
    says: tuple[str, ...]
    verified: bool = True
    column: str = ""
    scheme: str = ""
    pattern: re.Pattern[str] | None = None
    only: frozenset[str] = frozenset()
    value: str = "item"
    form: str = ""


@dataclass(slots=True, unsafe_hash=True)
class HeadingRule:
    """The rule of a section, by its heading."""

    name: str
    states: str
    relation: str
    source: Source


@dataclass(slots=True, unsafe_hash=True)
class Model:
    """The rows of `mapping/model.yaml`."""

    label: ModelRow
    concept_label: ModelRow
    alternate: ModelRow
    concept_alternate: ModelRow
    description: ModelRow
    subject_of: ModelRow
    about: ModelRow
    dataset: ModelRow
    title: ModelRow
    abstract: ModelRow
    language: ModelRow
    translation: ModelRow
    keyword: ModelRow
    subject: ModelRow
    text: ModelRow
    words: ModelRow
    key_point: ModelRow
    part: ModelRow
    part_name: ModelRow
    part_position: ModelRow
    mention: ModelRow
    reference: ModelRow
    embed: ModelRow
    image: ModelRow
    attachment: ModelRow
    citation: ModelRow
    cited_text: ModelRow
    identifier: ModelRow
    identifier_scheme: ModelRow
    identifier_value: ModelRow
    identifier_address: ModelRow
    new_item: ModelRow
    class_hint: ModelRow
    property_hint: ModelRow
    file_name: ModelRow
    file_format: ModelRow
    note_class: ModelRow
    stub_class: ModelRow
    thing_class: ModelRow
    concept_class: ModelRow
    section_class: ModelRow
    block_class: ModelRow
    nested_class: ModelRow
    identifier_class: ModelRow
    image_class: ModelRow
    file_class: ModelRow
    work_class: ModelRow

    def rows(self) -> tuple[ModelRow, ...]:
        """Return all rows."""
        return tuple(getattr(self, row.name) for row in fields(self))

    def of_note(self) -> tuple[ModelRow, ...]:
        """Return the rows whose predicates are said of notes."""
        return (self.about, self.dataset, self.title, self.abstract, self.language, self.translation, self.keyword,
                self.subject, self.text, self.words, self.key_point, self.mention, self.reference, self.citation,
                self.attachment)  # fmt: skip


@dataclass(slots=True)
class Rules:
    """All rules of a build; names are looked up in the form of `terms.plain_name`."""

    prefixes: Mapping[str, str]
    types: Mapping[str, TypeRule]
    keys: Mapping[str, tuple[KeyRule, ...]]
    relations: Mapping[str, KeyRule]
    headings: Mapping[str, HeadingRule]
    model: Model
    titles: tuple[tuple[re.Pattern[str], bool], ...]  # with whether Herbier ships it
    roles: Mapping[str, KeyRule] = field(default_factory=dict)  # of the keys that Herbier itself reads
    key_names: tuple[str, ...] = ()
    type_names: tuple[str, ...] = ()
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    wikidata: tuple[Alignment, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    privacy: PrivacyTable = field(default_factory=PrivacyTable)
    blanks_part_tags: bool = False  # in a vault of Jekyll's
    addresses: tuple[tuple[str, str], ...] = ()  # patterns of the addresses of pages, by folder
    identities: tuple[IdentityRule, ...] = ()
    bibliography: Bibliography = field(default_factory=Bibliography, compare=False)
    evidence: TypeEvidence = field(default_factory=TypeEvidence)
    name_words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # of `mapping/names.yaml`
    declared: Mapping[str, tuple[KeyRule, ...]] = field(default_factory=dict)  # of keys that no table need know

    def shorten(self, term: Term) -> str:
        """Return a term with its prefix, as a person writes it."""
        for prefix, namespace in self.prefixes.items():
            if term.startswith(f"<{namespace}"):
                return f"{prefix}:{term[len(namespace) + 1 : -1]}"
        return term

    def expand(self, curie: str) -> str | None:
        """Return the IRI of a CURIE or of an IRI in `<>` or as it stands; None where it is neither."""
        return expand(curie, self.prefixes)


ENDS_IN_NAME: Final = re.compile(r"[^\W\d][\w.-]*$")  # as a predicate must, to be written in every format
_CURIE: Final = re.compile(r"([A-Za-z][\w.-]*|):([^\s/<>\"{}|\\^`][^\s<>\"{}|\\^`]*)$")
_ALSO: Final = {"sdo": "schema", "dct": "dcterms"}  # other usual names of prefixes (https://prefix.cc/)
_ABSOLUTE: Final = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`]+$", re.IGNORECASE)


def expand(text: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the IRI that a CURIE (W3C CURIE 1.0, section 3) or an absolute IRI stands for; None where it is neither.

    What no IRI may hold is percent-encoded; None where it is none even so: one would make a whole file unreadable.
    """
    text = text.strip().removeprefix("<").removesuffix(">")
    if not _ABSOLUTE.match(text):
        match = _CURIE.match(text)
        start = prefixes.get(match[1]) or prefixes.get(_ALSO.get(match[1], "")) if match else None
        if not match or not start:
            return None
        text = start + match[2]
    term = checked_iri(text)
    return term[1:-1] if term else None


_LONGEST_COMPARED: Final = 40
_ALIKE: Final = 0.8  # `toc` is no slip for `topic`


@lru_cache(maxsize=4096)
def nearest_key(key: str, names: tuple[str, ...]) -> str:
    """Return the name that a key was most likely meant to be, "" where none is near."""
    if len(key) > _LONGEST_COMPARED:
        return ""
    # who mistypes a word rarely mistypes its first letter, or misses more than two
    alike = [name for name in names if name[0].lower() == key[:1].lower() and abs(len(name) - len(key)) <= 2]
    near = get_close_matches(key.lower(), alike, 2, _ALIKE)
    return next((name for name in near if plain_name(name) != plain_name(key)), "")  # what it is already is not meant
