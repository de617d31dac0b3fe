"""A vault as an rdflib Dataset, for those who go on in Python."""

import pyoxigraph
import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from herbier.pipeline.build import build
from herbier.pipeline.opening import Vault
from herbier.rdf.formats import FORMATS

Node = rdflib.URIRef | rdflib.Literal | rdflib.BNode


def rdflib_dataset(vault: Vault) -> rdflib.Dataset:
    """Return all that a vault publishes, a named graph a note; the default graph of queries is the union of all."""
    blocks: list[bytes] = []
    build(vault, blocks.append, FORMATS["nquads"])
    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in vault.names.prefixes.items():
        dataset.bind(prefix, namespace)
    graphs: dict[object, rdflib.Graph] = {}
    for quad in pyoxigraph.parse(b"".join(blocks), format=pyoxigraph.RdfFormat.N_QUADS):
        name = quad.graph_name
        graph = graphs.get(name)
        if graph is None:
            default = isinstance(name, pyoxigraph.DefaultGraph)
            graph = graphs[name] = dataset.graph(DATASET_DEFAULT_GRAPH_ID if default else rdflib.URIRef(name.value))
        graph.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    return dataset


def _node(term: object) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        plain = datatype == str(rdflib.XSD.string)
        return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(datatype))
    assert isinstance(term, pyoxigraph.BlankNode)
    return rdflib.BNode(term.value)
