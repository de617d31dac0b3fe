"""The description of a vault as a dataset, in VoID and DCAT: its counts, its files, its other doors.

None of it is in what is published, which it counts: a description that counted itself would be true of nothing else.
It stands beside it at /dataset, of which /sparql and the files hold the title, the licence and the publisher.
"""

from collections.abc import Iterable, Iterator

from herbier.rdf.formats import FORMATS
from herbier.rdf.iris import Mint
from herbier.rdf.slugs import slug
from herbier.rdf.terms import RDF_TYPE, Term, Triple, typed
from herbier.text import digest, unique
from herbier.web.data.dumps import Dump, Dumps
from herbier.web.pages.display import curie_of
from herbier.web.site import Site

_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_DCTERMS = "http://purl.org/dc/terms/"
_SPDX = "http://spdx.org/rdf/terms#"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_SERVICES = {
    "sparql": ("sparql", "https://www.w3.org/TR/sparql11-protocol/"),
    "fragments": ("fragments", "https://linkeddatafragments.org/specification/triple-pattern-fragments/"),
}
_EXAMPLES = 3


def dataset_description(site: Site, dumps: Dumps) -> list[Triple]:
    """Return the description of the dataset: what the vault publishes of itself, then what is counted.

    The IRIs are those of the dataset with a fragment, so that there is no blank node. Sizes and digests of files are
    left out where making all files would take long; whether it would depends on the vault alone.
    """
    stated = site.store.graph(site.mint.dataset())
    return list(dict.fromkeys([*stated, *_counted(site, dumps), *_doors(site), *_files(site, dumps)]))


def _counted(site: Site, dumps: Dumps) -> Iterator[Triple]:
    dataset, statistics, names = site.mint.dataset(), dumps.statistics, _Parts(site)
    for name, count in (
        ("triples", statistics.triples),
        ("entities", statistics.entities),
        ("distinctSubjects", statistics.subjects),
        ("distinctObjects", statistics.objects),
        ("properties", len(statistics.properties)),
        ("classes", len(statistics.classes)),
    ):
        yield dataset, _void(name), _count(count)
    for term, instances in statistics.classes.items():
        part = names.part("class", term)
        yield dataset, _void("classPartition"), part
        yield part, _void("class"), term
        yield part, _void("entities"), _count(instances)
    for term, uses in statistics.properties.items():
        part = names.part("property", term)
        yield dataset, _void("propertyPartition"), part
        yield part, _void("property"), term
        yield part, _void("triples"), _count(uses.triples)
        yield part, _void("distinctSubjects"), _count(uses.subjects)
        yield part, _void("distinctObjects"), _count(uses.objects)
    for namespace in _vocabularies(site, [*statistics.properties, *statistics.classes]):
        yield dataset, _void("vocabulary"), f"<{namespace}>"


def _vocabularies(site: Site, terms: Iterable[Term]) -> list[str]:
    """Return the namespaces of the known prefixes that any of these terms is in."""
    known = {prefix: namespace for prefix, namespace in site.names.prefixes.items() if namespace != site.base}
    used = {site.names.curie(term).partition(":")[0] for term in terms}
    return sorted(namespace for prefix, namespace in known.items() if prefix in used)


class _Parts:
    """Names the parts of a dataset after the terms they are of, each by another name."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.taken: set[str] = set()

    def part(self, kind: str, term: Term) -> Term:
        short = curie_of(self.site, term)
        name = unique(f"{kind}-{slug(short) or digest(term)}", self.taken)
        self.taken.add(name)
        return fragment(self.site.mint, name)


def fragment(mint: Mint, name: str) -> Term:
    """Return the IRI of a part of the dataset."""
    return f"{mint.dataset()[:-1]}#{name}>"


def _doors(site: Site) -> Iterator[Triple]:
    dataset = site.mint.dataset()
    yield dataset, _void("sparqlEndpoint"), f"<{site.base}sparql>"
    for feature in (row.w3c for row in FORMATS.values()):
        yield dataset, _void("feature"), f"<http://www.w3.org/ns/formats/{feature}>"
    for note in site.catalogue.notes[:_EXAMPLES]:
        yield dataset, _void("exampleResource"), site.mint.thing(note.slug)
    yield dataset, _dcat("landingPage"), f"<{site.base}>"
    for name, (path, specification) in _SERVICES.items():
        service = fragment(site.mint, name)
        yield service, RDF_TYPE, _dcat("DataService")
        yield service, _dcat("endpointURL"), f"<{site.base}{path}>"
        yield service, _dcat("endpointDescription"), f"<{site.base}openapi.json>"
        yield service, _dcat("servesDataset"), dataset
        yield service, f"<{_DCTERMS}conformsTo>", f"<{specification}>"


def _files(site: Site, dumps: Dumps) -> Iterator[Triple]:
    dataset = site.mint.dataset()
    licences = [t for t in site.store.about(dataset) if t[1] in (f"<{_DCTERMS}license>", f"<{_DCTERMS}rights>")]
    for dump in dumps.of_all:
        file = f"<{site.base}dump/{dump.name}>"
        distribution = fragment(site.mint, f"dump-{dump.row.name}")
        yield dataset, _void("dataDump"), file
        yield dataset, _dcat("distribution"), distribution
        yield distribution, RDF_TYPE, _dcat("Distribution")
        yield distribution, _dcat("accessURL"), f"<{site.base}dump/>"
        yield distribution, _dcat("downloadURL"), file
        yield distribution, _dcat("mediaType"), f"<{_MEDIA_TYPES}{dump.row.media_type}>"
        yield distribution, _dcat("compressFormat"), f"<{_MEDIA_TYPES}application/gzip>"
        for _, predicate, licence in licences:
            yield distribution, predicate, licence
        if dumps.are_prompt:
            yield from _proved(dumps, dump, distribution, fragment(site.mint, f"checksum-{dump.row.name}"))


def _proved(dumps: Dumps, dump: Dump, distribution: Term, checksum: Term) -> Iterator[Triple]:
    made = dumps.made(dump)
    yield distribution, _dcat("byteSize"), typed(str(made.size), "nonNegativeInteger")
    yield distribution, f"<{_SPDX}checksum>", checksum
    yield checksum, RDF_TYPE, f"<{_SPDX}Checksum>"
    yield checksum, f"<{_SPDX}algorithm>", f"<{_SPDX}checksumAlgorithm_sha256>"
    yield checksum, f"<{_SPDX}checksumValue>", typed(made.sha256.hex(), "hexBinary")


def _void(name: str) -> Term:
    return f"<{_VOID}{name}>"


def _dcat(name: str) -> Term:
    return f"<{_DCAT}{name}>"


def _count(number: int) -> Term:
    return typed(str(number), "integer")


def is_counted(predicate: Term) -> bool:
    """Return whether a statement is of the description alone; a page shows these in tables of its own."""
    return predicate != _void("uriSpace") and predicate.startswith((f"<{_VOID}", f"<{_DCAT}"))
