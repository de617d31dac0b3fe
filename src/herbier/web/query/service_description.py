"""The description of the endpoint (https://www.w3.org/TR/sparql11-service-description/), as triples."""

from herbier.rdf.formats import page_formats
from herbier.rdf.iris import Mint
from herbier.rdf.terms import RDF_TYPE, XSD, Triple

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_VOID = "http://rdfs.org/ns/void#"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")


def described_service(mint: Mint, triples: int, *, services: bool) -> list[Triple]:
    """Return what the endpoint is, takes and gives; `triples` is how many there are.

    `services` tells whether queries may call other endpoints. Its parts have IRIs below that of the endpoint, since no
    blank node is ever made.
    """
    endpoint = f"<{mint.base}sparql>"
    service, dataset, graph = (f"<{mint.base}sparql#{name}>" for name in ("service", "dataset", "default-graph"))
    features = ["UnionDefaultGraph", "BasicFederatedQuery"] if services else ["UnionDefaultGraph"]
    formats = [*_RESULTS, *(row.w3c for row in page_formats())]
    return [
        (service, RDF_TYPE, f"<{_SD}Service>"),
        (service, f"<{_SD}endpoint>", endpoint),
        (service, f"<{_SD}supportedLanguage>", f"<{_SD}SPARQL11Query>"),
        *((service, f"<{_SD}feature>", f"<{_SD}{name}>") for name in features),
        *((service, f"<{_SD}resultFormat>", f"<{_FORMATS}{name}>") for name in formats),
        (service, f"<{_SD}defaultDataset>", dataset),
        (dataset, RDF_TYPE, f"<{_SD}Dataset>"),
        (dataset, f"<{_SD}defaultGraph>", graph),
        (graph, RDF_TYPE, f"<{_SD}Graph>"),
        (graph, f"<{_VOID}triples>", f'"{triples}"^^<{XSD}integer>'),
        (graph, "<http://www.w3.org/2000/01/rdf-schema#seeAlso>", mint.dataset()),
    ]
