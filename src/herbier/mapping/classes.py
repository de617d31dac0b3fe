"""Of what class the thing of each note is, following types that are links to other notes."""

from dataclasses import dataclass, field
from typing import Final

from herbier.index.resolution import Index, LinkTarget
from herbier.rdf.iris import Mint
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term, iri
from herbier.rules.rule_types import ModelRow, Rules, TypeRule
from herbier.vault.inline import WIKILINK, is_template, wikilink
from herbier.vault.summary import NoteSummary

_CONCEPT: Final = "<http://www.w3.org/2004/02/skos/core#Concept>"


@dataclass(frozen=True, slots=True)
class Kind:
    """The classes of a thing: the rules that give them, the notes that are its types, and the rules' names."""

    rules: tuple[tuple[TypeRule | ModelRow, str], ...] = ()  # with the type as it is written
    links: tuple[tuple[LinkTarget, str], ...] = ()
    names: frozenset[str] = frozenset()
    concept: bool = False


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

    def rules(self, number: int) -> tuple[tuple[TypeRule | ModelRow, str], ...]:
        """Return the rules that give a thing its classes, each with the type as it is written."""
        return self.kind(number).rules

    def terms(self, number: int) -> tuple[Term, ...]:
        """Return the classes of a thing."""
        return tuple(dict.fromkeys(term for rule, _ in self.kind(number).rules for term in rule.terms))

    def linked(self, number: int, mint: Mint) -> list[tuple[Term, str]]:
        """Return the things that are a thing's types, each with the type as it is written."""
        return [(mint.thing(found.slug), written) for found, written in self.kind(number).links]

    def knows(self, text: str) -> bool:
        """Return whether a type that is no link is known: by name, as a CURIE or as an IRI."""
        return plain_name(text) in self.table.types or self.table.expand(text) is not None

    def _work_out(self, number: int, above: set[int]) -> Kind:
        summary = self.index.summaries[number]
        rules: list[tuple[TypeRule | ModelRow, str]] = []
        links: list[tuple[LinkTarget, str]] = []
        names: set[str] = set()
        for text in summary.types:
            if is_template(text):
                continue
            matches = list(WIKILINK.finditer(text))
            for match in matches:
                self._follow(wikilink(match[2])[0].name, text, summary, number, above, rules, links, names)
            if not matches:
                rule = self._rule(text)
                if rule:
                    rules.append((rule, text))
                    names.add(rule.name)
        if not rules:
            rules.append((self.table.model.thing_class, ""))
        concept = any(_CONCEPT in rule.terms for rule, _ in rules)
        kind = Kind(tuple(rules), tuple(links), frozenset(names), concept)
        if not above:
            self.known[number] = kind
        return kind

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
        rules: list[tuple[TypeRule | ModelRow, str]],
        links: list[tuple[LinkTarget, str]],
        names: set[str],
    ) -> None:
        """Take the classes of a type that is a link: those of its name, else of its note, else a concept's."""
        found = self.index.find(name, summary.path)
        if found.kind not in ("note", "stub"):
            return
        links.append((found, text))
        rule = self.table.types.get(plain_name(name))
        if rule:
            rules.append((rule, text))
            names.add(rule.name)
            return
        if found.kind == "note" and found.number not in above | {number}:
            kind = self._work_out(found.number, above | {number})
            own = [rule for rule, _ in kind.rules if rule.terms != self.table.model.thing_class.terms]
            if any(not _OF_CLASSES.isdisjoint(rule.terms) for rule in own):
                return  # the note is a class, and what has it for its type is one of its instances
            if own:
                rules += [(rule, text) for rule in own]
                names |= kind.names
                return
        rules.append((self.table.model.concept_class, text))
        names.add("concept")
