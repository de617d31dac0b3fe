"""A note being mapped: its IRIs, where its links lead, and what it has given so far."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from herbier.index.heading_anchors import anchors_of
from herbier.index.own_fields import roles_of
from herbier.index.redaction import REDACTED, is_private_name, shown_link
from herbier.index.resolution import Index, LinkTarget
from herbier.mapping.classes import Classes
from herbier.problems import Problem, problem
from herbier.rdf.iris import Mint
from herbier.rdf.terms import RDF_TYPE, Term, literal
from herbier.rules.rule_types import HeadingRule, KeyRule, ModelRow, Rules, TypeRule
from herbier.rules.values import is_code
from herbier.text import clean, shown
from herbier.vault.body import Item, Link
from herbier.vault.fields import Field
from herbier.vault.note import At, Note
from herbier.vault.summary import NoteSummary

Rule = ModelRow | KeyRule | TypeRule | HeadingRule


# A triple, where in the note it comes from, and the rule that made it. A plain tuple, since a build makes millions.
Statement = tuple[Term, Term, Term, At, Rule]


class Predicates(NamedTuple):
    """The predicates that a field states its values under: those of the thing and of the note."""

    thing: tuple[Term, ...]
    note: tuple[Term, ...]


class FieldUse(NamedTuple):
    """A field where it is said: its rule, its predicates, and the thing and the note that these speak of."""

    field: Field
    rule: KeyRule
    predicates: Predicates
    thing: Term
    doc: Term

    @property
    def subject(self) -> Term:
        """Return what is spoken of where only one can be: the thing, unless the field is the note's alone."""
        return self.thing if self.predicates.thing else self.doc


class StubName(NamedTuple):
    """The name that a link gives to a note not written: its slug, the name and the language of the note that links."""

    slug: str
    name: str
    language: str


class ItemClaim(NamedTuple):
    """Where a note says which item of Wikidata its thing is: `Q` and a number."""

    item: str
    path: str
    line: int
    column: int


@dataclass(init=False, slots=True)
class MappedNote:
    """A mapped note: its statements, and what the vault as a whole gathers from all notes."""

    statements: list[Statement]
    problems: list[Problem]
    tags: list[tuple[str, str]]  # (tag as written, language), once a use
    stubs: list[StubName]  # once a link
    stub_concepts: set[str]
    keys: set[str]
    files: set[str]
    items: list[ItemClaim]
    values: int  # of its keys, but for those that say nothing
    standard: int  # of these, under a predicate of a vocabulary

    def __init__(self) -> None:
        self.statements = []
        self.problems = []
        self.tags = []
        self.stubs = []
        self.stub_concepts = set()
        self.keys = set()
        self.files = set()
        self.items = []
        self.values = 0
        self.standard = 0


@dataclass(frozen=True, slots=True)
class MappingContext:
    """All that maps a note beside the note: the same for every note of a build."""

    rules: Rules
    index: Index
    classes: Classes
    mint: Mint
    # found out along the way: the rules of keys by the classes of what they are said of; tags in a language, as
    # keyword and as subject
    known_keys: dict[tuple[str, tuple[Term, ...]], tuple[KeyRule, Predicates]] = field(default_factory=dict)
    known_prefixed: dict[Term, tuple[KeyRule, Predicates]] = field(default_factory=dict)
    known_tags: dict[tuple[str, str], tuple[Term, Term]] = field(default_factory=dict)


class NoteMapping:
    """One note being mapped: its IRIs, and what it has given so far."""

    def __init__(self, note: Note, number: int, context: MappingContext) -> None:
        self.note = note
        self.places = note.places()
        self.hidden: dict[int, list[tuple[int, int, str]]] | None = None
        self.context = context
        self.rules = context.rules
        self.model = context.rules.model
        self.index = context.index
        self.mint = context.mint
        self.summary: NoteSummary = context.index.summaries[number]
        self.slug = context.index.slugs[number]
        self.thing = context.mint.thing(self.slug)
        self.doc = context.mint.note(self.slug)
        self.language = self.summary.language
        self.path = note.path
        self.is_concept = context.classes.is_concept(number)
        self.scopes = context.classes.scopes(number)  # the types that rows of keys may be limited to
        self.number = number
        # the classes of the thing, and of what the note describes besides
        self.classes = {self.thing: context.classes.terms(number)}
        self.carried: dict[Term, tuple[Term, ...]] = {}  # what a role may say, since it is the role of it
        self.out = MappedNote()
        self.uses_paths = True  # whether rows for keys of a path count, as `birth.date`
        self.key_path = ""  # the path of the keys whose values are being mapped, in plain form
        self.cited: dict[str, At] = {}  # the works that are cited by a key, and where first
        self.roles = roles_of(note, context.rules)
        self.found = [self.find_link(link) for link in note.body.links]
        self.anchors = ("", *anchors_of(context.index, number))  # of the sections; the first has no heading

    # --- saying something ---

    def say(self, subject: Term, rule: ModelRow | TypeRule, value: Term, at: At) -> None:
        """State a value under each predicate of a rule."""
        for predicate in rule.terms:
            self.out.statements.append((subject, predicate, value, at, rule))

    def say_class(self, subject: Term, rule: ModelRow | TypeRule, at: At) -> None:
        """State each class of a rule."""
        for term in rule.terms:
            self.out.statements.append((subject, RDF_TYPE, term, at, rule))

    def report(self, code: str, at: At, message: str, hint: str = "") -> None:
        """Report a problem at a place of the note."""
        self.out.problems.append(problem(code, shown(self.path), *self.places(at), message, hint))

    def text(self, text: str) -> Term:
        """Return a literal in the language of the note; what is of no language, such as a date, has none."""
        return literal(text, "" if is_code(text) else self.language)

    def prose(self, text: str) -> Term:
        """Return what stands in the body of the note, in its language."""
        return literal(text, self.language)

    # --- links ---

    def find_link(self, link: Link) -> LinkTarget:
        """Return where a link of the body leads."""
        if not link.name:
            return LinkTarget("note", self.slug, self.number)
        return self.index.find_link(link.name, link.alias, self.path, relative=link.relative)

    def stub(self, found: LinkTarget) -> None:
        """Note that something refers to a note that is not written."""
        self.out.stubs.append(StubName(found.slug, clean(found.title).strip(), self.language))

    def shown_text(self, section: int, start: int, end: int) -> str:
        """Return a part of a section's text without what its links would give away of private notes."""
        text = self.note.body.sections[section].text
        if not self.index.any_private:
            return text if end - start == len(text) else text[start:end]
        hidden = self.hidden_links().get(section, [])
        pieces: list[str] = []
        place = bisect_left(hidden, (start, 0, ""))
        while place < len(hidden) and hidden[place][1] <= end:
            low, high, instead = hidden[place]
            pieces += (text[start:low], instead)
            start = high
            place += 1
        return "".join([*pieces, text[start:end]])

    def hidden_links(self) -> dict[int, list[tuple[int, int, str]]]:
        """Return the spans of the links to private notes, by section and in order, and what is shown in their place."""
        if self.hidden is None:
            self.hidden = {}
            for link, found in zip(self.note.body.links, self.found, strict=True):
                if found.kind == "private" and not link.in_heading:
                    instead = shown_link(self.index, link.name, link.alias, self.path, relative=link.relative)
                    self.hidden.setdefault(link.section, []).append((link.start, link.end, instead or ""))
            for value in self.note.body.values:
                self.hide_value(value)
        return self.hidden

    def hide_value(self, value: Item) -> None:
        """Hide the value of an inline field that is what a private note is called: it refers to it as a link does."""
        assert self.hidden is not None
        text = self.note.body.sections[value.section].text[value.start : value.end]
        spans = self.hidden.get(value.section, [])
        apart = all(value.end <= low or high <= value.start for low, high, _ in spans)
        if apart and is_private_name(self.index, text, self.path):
            self.hidden[value.section] = sorted([*spans, (value.start, value.end, REDACTED)])
