"""The graphs that are no single note's: tags, notes not yet written, keys of the vault's own, the dataset."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from herbier.config import Settings
from herbier.index.resolution import SaidType
from herbier.mapping.vault_totals import Labels, VaultTotals
from herbier.rdf.iris import Mint
from herbier.rdf.slugs import tag_slug
from herbier.rdf.terms import RDF_TYPE, Term, Triple, iri, literal, plain
from herbier.rules.rule_types import Rules
from herbier.rules.schema_org import PERSON
from herbier.rules.values import address_term, is_code


def shared_graphs(
    totals: VaultTotals,
    rules: Rules,
    mint: Mint,
    settings: Settings,
    leads: Mapping[str, str],
    stub_types: Mapping[str, SaidType],
) -> Iterator[tuple[Term, list[Triple]]]:
    """Return the graphs that are no single note's: the dataset's, the tags', and one for each note not written.

    `leads` are the slugs of notes that were merged into others, `stub_types` what the notes say of those not written.
    """
    dataset = {*_dataset(rules, mint, settings), *_keys(totals.keys, rules, mint), *_merged(leads, rules, mint)}
    yield mint.dataset(), sorted(dataset)
    if totals.tags:
        yield mint.tags(), sorted(set(_tags(totals.tags, rules, mint, settings)))
    names: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for stub, count in totals.stubs.items():
        names[stub.slug][stub.name, stub.language] += count
    for slug in sorted(names):
        yield (
            mint.note(slug),
            sorted(set(_stub(slug, names[slug], slug in totals.stub_concepts, stub_types.get(slug), rules, mint))),
        )


def _best(labels: Labels) -> Iterator[tuple[str, str, bool]]:
    """Return each label with its language, and whether it is the one that its language prefers.

    The most used is preferred, of several the least, so that the order of the notes changes nothing.
    """
    by_language: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for label, language, count in _settled(labels):
        by_language[language].append((-count, label))
    for language in sorted(by_language):
        for place, (_, label) in enumerate(sorted(by_language[language])):
            yield label, language, place == 0


def _one_name(labels: Labels) -> Iterator[tuple[str, str, bool]]:
    """Return each label with its language, and whether it is the name: one for all languages, the most used."""
    ranked = sorted((-count, label, language) for label, language, count in _settled(labels))
    for place, (_, label, language) in enumerate(ranked):
        yield label, language, place == 0


def _settled(labels: Labels) -> Iterator[tuple[str, str, int]]:
    """Return each label once, with how often it is used, and its language where all that use it are of one."""
    languages: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for (label, language), count in labels.items():
        languages[label].add(language)
        counts[label] += count
    for label, count in counts.items():
        [language, *others] = sorted(languages[label], reverse=True)
        yield label, "" if others or is_code(label) else language, count


def _term(rules: Rules, curie: str) -> Term:
    expanded = rules.expand(curie)
    if expanded is None:
        raise KeyError(curie)
    return iri(expanded)


def _dataset(rules: Rules, mint: Mint, settings: Settings) -> Iterator[Triple]:
    dataset = mint.dataset()
    yield dataset, RDF_TYPE, _term(rules, "void:Dataset")
    yield dataset, RDF_TYPE, _term(rules, "dcat:Dataset")
    yield dataset, _term(rules, "void:uriSpace"), plain(mint.base)
    if settings.title:
        yield dataset, _term(rules, "dcterms:title"), literal(settings.title, settings.language)
    if settings.language:
        yield dataset, _term(rules, "dcterms:language"), plain(settings.language)
    if settings.license:
        address = address_term(settings.license)
        if address:
            yield dataset, _term(rules, "dcterms:license"), address
        else:
            yield dataset, _term(rules, "dcterms:rights"), plain(settings.license)
    if settings.publisher:
        agent = address_term(settings.publisher)
        if agent is None:
            agent = f"<{mint.base}dataset#publisher>"
            yield agent, RDF_TYPE, _term(rules, "foaf:Agent")
            yield agent, _term(rules, "foaf:name"), plain(settings.publisher)
        yield dataset, _term(rules, "dcterms:publisher"), agent


def _merged(leads: Mapping[str, str], rules: Rules, mint: Mint) -> Iterator[Triple]:
    replaced = _term(rules, "dcterms:isReplacedBy")
    for name, target in leads.items():
        yield mint.thing(name), replaced, mint.thing(target)
        yield mint.note(name), replaced, mint.note(target)


def _keys(keys: Iterable[str], rules: Rules, mint: Mint) -> Iterator[Triple]:
    for key in keys:
        predicate = mint.key(key)
        yield predicate, RDF_TYPE, _term(rules, "rdf:Property")
        yield predicate, _term(rules, "rdfs:label"), plain(key)
        yield predicate, _term(rules, "rdfs:isDefinedBy"), mint.dataset()


_NAMES_OF_TAGS: Final = (("Étiquettes", "fr"), ("Tags", "en"))  # where the vault has no title


def _tags(tags: Labels, rules: Rules, mint: Mint, settings: Settings) -> Iterator[Triple]:
    scheme = mint.tags()
    concept, in_scheme = _term(rules, "skos:Concept"), _term(rules, "skos:inScheme")
    preferred, other = _term(rules, "skos:prefLabel"), _term(rules, "skos:altLabel")
    broader, narrower = _term(rules, "skos:broader"), _term(rules, "skos:narrower")
    top, has_top = _term(rules, "skos:topConceptOf"), _term(rules, "skos:hasTopConcept")
    yield scheme, RDF_TYPE, _term(rules, "skos:ConceptScheme")
    names = ((settings.title, settings.language),) if settings.title else _NAMES_OF_TAGS
    for name, language in names:
        yield scheme, _term(rules, "dcterms:title"), literal(name, language)
    labels: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for (tag, language), count in tags.items():
        segments = [segment.strip() for segment in tag.split("/") if segment.strip()]
        for depth in range(1, len(segments) + 1):
            labels[tag_slug("/".join(segments[:depth]))][segments[depth - 1], language] += count
    for path in sorted(labels):
        tag_iri = f"<{mint.base}tag/{path}>"
        yield tag_iri, RDF_TYPE, concept
        yield tag_iri, in_scheme, scheme
        parent = path.rpartition("/")[0]
        if parent:
            yield tag_iri, broader, f"<{mint.base}tag/{parent}>"
            yield f"<{mint.base}tag/{parent}>", narrower, tag_iri
        else:
            yield tag_iri, top, scheme
            yield scheme, has_top, tag_iri
        for label, language, best in _best(labels[path]):
            yield tag_iri, preferred if best else other, literal(label, language)


def _stub(
    slug: str, names: Labels, is_concept: bool, said: SaidType | None, rules: Rules, mint: Mint
) -> Iterator[Triple]:
    model = rules.model
    thing, doc = mint.thing(slug), mint.note(slug)
    of_others = said.terms if said else model.thing_class.terms
    for term in model.concept_class.terms if is_concept else of_others:
        yield thing, RDF_TYPE, term
    is_person = not is_concept and PERSON in of_others  # whose names are of no language
    for term in model.stub_class.terms:
        yield doc, RDF_TYPE, term
    for label, language, best in _one_name(names):
        labels = model.label.terms if best else model.alternate.terms
        if is_concept:
            labels += model.concept_label.terms if best else model.concept_alternate.terms
        for predicate in labels:
            yield thing, predicate, literal(label, "" if is_person else language)
    for predicate in model.subject_of.terms:
        yield thing, predicate, doc
    for predicate in model.about.terms:
        yield doc, predicate, thing
    for predicate in model.dataset.terms:
        yield doc, predicate, mint.dataset()
