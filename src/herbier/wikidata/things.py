"""From what a note says to its thing, as far as it serves to find the thing in Wikidata."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from herbier.mapping.context import MappedNote
from herbier.rdf.terms import RDF_TYPE, Term, Triple, iri, lexical
from herbier.rules.rule_types import Alignment, Rules

ENTITY = "<http://www.wikidata.org/entity/"
_PARENTS = ("rdfs:subClassOf", "skos:broader")


class Identifier(NamedTuple):
    """An identifier of a thing: its scheme, a row of `identifiers`, and its text."""

    scheme: str
    text: str


class Thing(NamedTuple):
    """The thing that a note is about: what is said of it, by predicate and in order, and its identifiers.

    `kinds` are the names of its types, `tags` the slugs of its tags; `names` are those of notes not written, by slug.
    """

    slug: str
    path: str
    title: str
    language: str
    said: Mapping[Term, Sequence[Term]]
    identifiers: tuple[Identifier, ...]
    kinds: frozenset[str]
    tags: frozenset[str]
    names: Mapping[str, str]

    def values(self, terms: Iterable[Term]) -> list[Term]:
        """Return what is said under some predicates, each value once."""
        found = [self.said[term] for term in terms if term in self.said]
        return list(dict.fromkeys(chain.from_iterable(found))) if found else []

    @property
    def items(self) -> list[str]:
        """The items of Wikidata that the thing is said to be, as Q and a number."""
        return [value[len(ENTITY) : -1] for value in self.values(_SAME) if value.startswith(f"{ENTITY}Q")]


_SAME = (
    "<https://schema.org/sameAs>",
    "<http://www.w3.org/2004/02/skos/core#exactMatch>",
    "<http://www.w3.org/2002/07/owl#sameAs>",
)


@dataclass(frozen=True, slots=True)
class ExportTerms:
    """The predicates that matter, worked out once from the rules; rows that are not verified are left out."""

    label: tuple[Term, ...]
    alternate: tuple[Term, ...]
    description: tuple[Term, ...]
    parents: tuple[Term, ...]
    same: tuple[Term, ...]
    wants: tuple[Term, ...]
    classes: Mapping[Term, str]
    properties: tuple[Alignment, ...]
    texts: tuple[Term, ...]
    of_nodes: frozenset[Term]
    wanted: frozenset[Term]


def terms_of(rules: Rules) -> ExportTerms:
    """Return the predicates that the files for Wikidata are made of."""
    model = rules.model
    rows = [row for row in rules.wikidata if row.verified]
    label = (*model.label.terms, *model.concept_label.terms)
    alternate = (*model.alternate.terms, *model.concept_alternate.terms)
    parents = tuple(iri(expanded) for curie in _PARENTS if (expanded := rules.expand(curie)))
    properties = tuple(row for row in rows if row.entity.startswith("P"))
    values = {term for row in properties for term in row.terms}
    of_identifiers = (rule for found in rules.keys.values() for rule in found if rule.kind == "identifier")
    texts = {term for rule in of_identifiers for term in rule.thing} - set(_SAME)  # such as schema:isbn
    own = {*texts, *label, *alternate, *model.description.terms, *parents, *_SAME, *model.new_item.terms, RDF_TYPE}
    return ExportTerms(
        label,
        alternate,
        model.description.terms,
        parents,
        _SAME,
        model.new_item.terms,
        {term: row.entity for row in rows if row.entity.startswith("Q") for term in row.terms},
        properties,
        tuple(sorted(texts)),
        frozenset([*model.identifier_scheme.terms, *model.identifier_value.terms]),
        frozenset(own | values),
    )


class SortedStatements(NamedTuple):
    """The statements of a note, by whether they are of its thing, of identifiers, or of other notes' things."""

    own: dict[Term, list[Term]]
    nodes: dict[Term, dict[Term, str]]
    foreign_triples: list[Triple]


def sort_out(mapped: MappedNote, thing: Term, base: str, terms: ExportTerms) -> SortedStatements:
    """Return what a note says that matters, by what it says it of."""
    own: dict[Term, list[Term]] = {}
    nodes: dict[Term, dict[Term, str]] = {}
    foreign_triples: list[Triple] = []
    roles: dict[tuple[Term, Term], list[Term]] = {}
    start, of_things = f"{thing[:-1]}#", f"<{base}id/"
    for subject, predicate, value, _, _ in mapped.statements:
        if predicate in terms.wanted:
            if subject == thing:
                own.setdefault(predicate, []).append(value)
            elif subject.startswith(start):
                roles.setdefault((subject, predicate), []).append(value)
            elif subject.startswith(of_things) and "#" not in subject:
                foreign_triples.append((subject, predicate, value))
        elif predicate in terms.of_nodes and subject.startswith(start):
            nodes.setdefault(subject, {})[predicate] = lexical(value)
    if roles:  # a role stands between a thing and what it leads to, by the same predicate (https://schema.org/Role)
        for predicate, values in own.items():
            meant = [one for value in values for one in roles.get((value, predicate), [value])]
            own[predicate] = list(dict.fromkeys(meant))
    return SortedStatements(own, nodes, foreign_triples)


def identifiers_of(
    mapped: MappedNote, thing: Term, sorted_out: SortedStatements, rules: Rules
) -> tuple[Identifier, ...]:
    """Return the identifiers of a thing itself, not those of its nested values."""
    if not sorted_out.nodes:
        return ()
    model = rules.model
    found: dict[Identifier, None] = {}
    for subject, predicate, node, _, _ in mapped.statements:
        if subject == thing and predicate in model.identifier.terms and node in sorted_out.nodes:
            said = sorted_out.nodes[node]
            scheme, text = (
                next(filter(None, (said.get(term) for term in row.terms)), "")
                for row in (model.identifier_scheme, model.identifier_value)
            )
            found[Identifier(scheme, text)] = None
    return tuple(found)
