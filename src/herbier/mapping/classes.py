"""Of what class the thing of each note is: by what the note states, by what it shows, by what other notes say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from herbier.index.resolution import Index, LinkTarget
from herbier.rdf.iris import Mint
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term, iri
from herbier.rules.rule_types import TYPED, KeyRule, ModelRow, Rules, TypeRule
from herbier.rules.schema_org import schema_org
from herbier.rules.type_evidence import KINDS
from herbier.vault.inline import WIKILINK, is_template, wikilink
from herbier.vault.summary import NoteSummary

_CONCEPT: Final = "<http://www.w3.org/2004/02/skos/core#Concept>"


class GivenClass(NamedTuple):
    """What gives a thing its classes: a rule, the kind of evidence, and how it is written."""

    rule: TypeRule | ModelRow | KeyRule
    kind: str  # one of KINDS, "" of a thing of which nothing is known
    written: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The classes."""
        return self.rule.classes if isinstance(self.rule, KeyRule) else self.rule.terms


@dataclass(frozen=True, slots=True)
class Kind:
    """The classes of a thing: what gives them, the notes that are its types, and the names of the rules."""

    given: tuple[GivenClass, ...] = ()
    links: tuple[tuple[LinkTarget, str], ...] = ()
    names: frozenset[str] = frozenset()
    concept: bool = False
    others: tuple[GivenClass, ...] = ()  # weaker evidence that says otherwise

    @property
    def terms(self) -> tuple[Term, ...]:
        """The classes, each once."""
        return tuple(dict.fromkeys(term for one in self.given for term in one.terms))


# What is of these is a class itself (OWL 2, section 9.1; RDF Schema 1.1, section 2.2).
_OF_CLASSES: Final = frozenset(
    ["<http://www.w3.org/2002/07/owl#Class>", "<http://www.w3.org/2000/01/rdf-schema#Class>"]
)


@dataclass(slots=True)
class Classes:
    """Works out the kind of each note once, when it is first asked for."""

    index: Index
    table: Rules
    known: dict[int, Kind] = field(default_factory=dict)
    known_scopes: dict[tuple[Term, ...], frozenset[str]] = field(default_factory=dict)

    def kind(self, number: int) -> Kind:
        """Return the classes of the thing of a summary."""
        found = self.known.get(number)
        return found if found is not None else self._work_out(number, set())

    def is_concept(self, number: int) -> bool:
        """Return whether a thing is a skos:Concept."""
        return self.kind(number).concept

    def kinds(self, number: int) -> frozenset[str]:
        """Return the names of the type rules that apply to a thing."""
        return self.kind(number).names

    def scopes(self, number: int) -> frozenset[str]:
        """Return the names of all types that a thing is of, the wider ones too, as rows of keys are limited to them."""
        return self.scopes_of(self.kind(number).terms) | self.kind(number).names

    def scopes_of(self, terms: tuple[Term, ...]) -> frozenset[str]:
        """Return the names of all types that a thing of some classes is of."""
        found = self.known_scopes.get(terms)
        if found is None:
            found = self.known_scopes[terms] = frozenset(self._scopes_of(terms))
        return found

    def _scopes_of(self, terms: tuple[Term, ...]) -> Iterator[str]:
        if terms == self.table.model.thing_class.terms:
            return
        yield TYPED
        above = schema_org().all_classes(terms)
        for rule in self.table.evidence.rules.values():
            if above.issuperset(rule.terms):
                yield rule.name

    def given(self, number: int) -> tuple[GivenClass, ...]:
        """Return what gives a thing its classes."""
        return self.kind(number).given

    def terms(self, number: int) -> tuple[Term, ...]:
        """Return the classes of a thing."""
        return self.kind(number).terms

    def stub_terms(self, slug: str) -> tuple[Term, ...]:
        """Return the classes of the thing of a note that is not written, by what the others say of it."""
        found = self.index.stub_types.get(slug)
        return found.terms if found else self.table.model.thing_class.terms

    def linked(self, number: int, mint: Mint) -> list[tuple[Term, str]]:
        """Return the things that are a thing's types, each with the type as it is written."""
        return [(mint.thing(found.slug), written) for found, written in self.kind(number).links]

    def knows(self, text: str) -> bool:
        """Return whether a type that is no link is known: by name, as a CURIE or as an IRI."""
        return plain_name(text) in self.table.types or self.table.expand(text) is not None

    def own(self, number: int) -> Kind:
        """Return the kind of a thing by what its own note says, whatever others say of it."""
        return self._by_own_note(number, set())

    def _work_out(self, number: int, above: set[int]) -> Kind:
        kind = self._by_own_note(number, above)
        said = self.index.said_types.get(number)
        if not any(one.kind for one in kind.given) and said is not None:
            given = GivenClass(said.rule, "others", said.path)
            kind = Kind((given,), kind.links, kind.names, _CONCEPT in given.terms)
        if not kind.given:
            if kind.links and not all(self._is_class(found, above | {number}) for found, _ in kind.links):
                concept = self.table.model.concept_class
                given = GivenClass(concept, "type", kind.links[0][1])
                kind = Kind((given,), kind.links, frozenset({"concept"}), True)
            else:
                kind = Kind((GivenClass(self.table.model.thing_class, ""),), kind.links)
        if not above:
            self.known[number] = kind
        return kind

    def _is_class(self, found: LinkTarget, above: set[int]) -> bool:
        """Return whether a note is of a class: its instances are things like any other, and no concepts."""
        if found.kind != "note" or found.number in above:
            return False
        given = self._work_out(found.number, above).given
        return any(not _OF_CLASSES.isdisjoint(one.terms) for one in given)

    def _by_own_note(self, number: int, above: set[int]) -> Kind:
        summary = self.index.summaries[number]
        links: list[tuple[LinkTarget, str]] = []
        claimed = list(self._claimed(summary))
        if any(one.kind == "path" for one in claimed):  # the tags and categories of a dated post are its subjects
            claimed = [one for one in claimed if one.kind != "tag" or "/" in one.written]
            given = [*self._stated(summary, number, above, links), *claimed]
        else:
            given = [*self._stated(summary, number, above, links), *self._of_categories(summary), *claimed]
        best: Sequence[GivenClass] = ()
        weaker: list[GivenClass] = []
        for kind in KINDS if given else ():
            of_kind = [one for one in given if one.kind == kind]
            if of_kind and not best:
                best = of_kind if kind in _STATED else self._narrowed(of_kind)
            if not best or best[0].kind != kind:
                weaker += of_kind
        others = tuple(one for one in weaker if not any(schema_org().agree(one.terms, own.terms) for own in best))
        if best and best[0].kind not in _STATED and len(given) > 1:
            best = self._narrowed([*best, *(one for one in weaker if one not in others)]) or best
        names = frozenset(one.rule.name for one in best if isinstance(one.rule, TypeRule))
        concept = any(_CONCEPT in one.terms for one in best)
        return Kind(tuple(best), tuple(links), names, concept, others)

    def _narrowed(self, given: Sequence[GivenClass]) -> list[GivenClass]:
        """Return the one of several that all others agree with and that says most; none where they disagree."""
        best = given[0]
        for one in given[1:]:
            if not schema_org().agree(best.terms, one.terms):
                return []
            if schema_org().all_classes(one.terms).issuperset(best.terms):
                best = best if set(best.terms) == set(one.terms) else one
        return [best]

    # --- what is stated -----------------------------------------------------------------------------------------------

    def _stated(
        self, summary: NoteSummary, number: int, above: set[int], links: list[tuple[LinkTarget, str]]
    ) -> Iterator[GivenClass]:
        for text in summary.types:
            if is_template(text):
                continue
            matches = list(WIKILINK.finditer(text))
            for match in matches:
                yield from self._follow(wikilink(match[2])[0].name, text, summary, number, above, links)
            if not matches and (rule := self._rule(text)):
                yield GivenClass(rule, "type", text)

    def _rule(self, text: str) -> TypeRule | None:
        named = self.table.types.get(plain_name(text))
        if named:
            return named
        expanded = self.table.expand(text)
        if expanded is None:
            return None
        term = iri(expanded)
        for rule in self.table.types.values():
            if rule.terms[:1] == (term,):
                return rule
        return TypeRule(text, (term,), self.table.model.thing_class.source)

    def _follow(
        self,
        name: str,
        text: str,
        summary: NoteSummary,
        number: int,
        above: set[int],
        links: list[tuple[LinkTarget, str]],
    ) -> Iterator[GivenClass]:
        """Yield the classes of a type that is a link: those of its name, else of its note."""
        found = self.index.find(name, summary.path)
        if found.kind not in ("note", "stub"):
            return
        links.append((found, text))
        rule = self.table.types.get(plain_name(name))
        if rule:
            yield GivenClass(rule, "type", text)
            return
        if found.kind == "note" and found.number not in above | {number}:
            own = self._work_out(found.number, above | {number}).given
            stated = [one for one in own if one.terms != self.table.model.thing_class.terms]
            if any(not _OF_CLASSES.isdisjoint(one.terms) for one in stated):
                return  # the note is a class, and what has it for its type is one of its instances
            for one in stated:
                if one.kind == "type":
                    yield GivenClass(one.rule, "type", text)

    def _of_categories(self, summary: NoteSummary) -> Iterator[GivenClass]:
        """Yield the classes of the categories that are called after a type: by their name, or by that of their note."""
        for text in summary.categories:
            matches = list(WIKILINK.finditer(text))
            for name in [text] if not matches else []:
                if rule := self.table.types.get(plain_name(name)):
                    yield GivenClass(rule, "category", text)
            for match in matches:
                if rule := self._of_category(match[2], summary.path):
                    yield GivenClass(rule, "category", text)

    def _of_category(self, inside: str, origin: str) -> TypeRule | None:
        target, alias = wikilink(inside)
        found = self.index.find(target.name, origin)
        if found.kind not in ("note", "stub"):
            return None
        names = [target.name.rpartition("/")[2], alias]
        if found.kind == "note":
            category = self.index.summaries[found.number]
            names += [category.title, *category.aliases]
        return next((rule for name in names if (rule := self.table.types.get(plain_name(name)))), None)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _claimed(self, summary: NoteSummary) -> Iterator[GivenClass]:
        for claim in summary.claims:
            rule = self.table.evidence.rule_of(claim.kind, claim.type, claim.written)
            if rule and (claim.kind != "folder" or (claim.written, claim.type) not in self.index.doubted):
                yield GivenClass(rule, claim.kind, claim.written)


_STATED: Final = KINDS[:2]
