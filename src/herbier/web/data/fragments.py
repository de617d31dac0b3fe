"""Triple Pattern Fragments, and those of quads: what matches a pattern, page by page, with the way to ask for more.

The specification is https://linkeddatafragments.org/specification/triple-pattern-fragments/, with the parameter `graph`
of Quad Pattern Fragments (https://linkeddatafragments.org/specification/quad-pattern-fragments/).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

import pyoxigraph
from flask import Blueprint, Response, abort, render_template, request

from herbier.rdf.formats import FORMATS, write_all
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import RDF_TYPE, Term, Triple, iri, plain, typed
from herbier.web.data.dumps import the_dumps
from herbier.web.http.conditional import conditioned
from herbier.web.http.errors import preferred_offer
from herbier.web.http.negotiation import HTML, Offer, respond
from herbier.web.pages.display import data_of
from herbier.web.site import Site, the_site

blueprint = Blueprint("fragments", __name__)
PER_PAGE = 100
PARAMETERS = ("subject", "predicate", "object", "graph")
_NAMESPACES = {
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_PROPERTIES = {name: f"<{_NAMESPACES['rdf']}{name}>" for name in PARAMETERS[:3]} | {
    "graph": f"<{_NAMESPACES['sd']}graph>"
}
OFFERS = tuple(
    Offer(name, FORMATS[name].media_type, FORMATS[name].suffix) for name in ("trig", "nquads", "turtle", "ntriples")
)
_PLAIN_OF = {"trig": "turtle", "nquads": "ntriples"}  # how the default graph is written
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<?([^"<>\s]+)>?)?', re.DOTALL)

Node = pyoxigraph.NamedNode | pyoxigraph.Literal


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of quads; None leaves a place open. In the union of all graphs each triple is there once."""

    subject: pyoxigraph.NamedNode | None = None
    predicate: pyoxigraph.NamedNode | None = None
    object: Node | None = None
    graph: pyoxigraph.NamedNode | None = None
    union: bool = False

    @property
    def text(self) -> str:
        """Return the pattern as SPARQL has it."""
        places = (self.subject, self.predicate, self.object)
        triple = " ".join(str(node) if node else f"?{name}" for node, name in zip(places, "spo", strict=True))
        return f"GRAPH {self.graph or '?g'} {{ {triple} }}"

    def fits(self, triple: Triple) -> bool:
        """Return whether a triple matches."""
        places = (self.subject, self.predicate, self.object)
        return all(node is None or str(node) == term for node, term in zip(places, triple, strict=True))


@dataclass(frozen=True, slots=True)
class Fragment:
    """A page of what matches: its address and that of the whole, how many match in all, and its quads."""

    address: str
    whole: str
    number: int
    total: int
    quads: list[tuple[Triple, Term]]

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.total // PER_PAGE))

    def page(self, number: int) -> str:
        """Return the address of another page."""
        return f"{self.whole}{'&' if '?' in self.whole else '?'}page={number}"


def union_of(site: Site) -> Term:
    """Return the IRI that stands for the union of all graphs, which is the default graph of queries."""
    return f"<{site.base}fragments#union>"


@blueprint.get("/fragments")
def fragments() -> Response:
    """Send a page of what matches a pattern."""
    site = the_site()
    offer = preferred_offer((HTML, *OFFERS))
    found = _found(site, _asked(site))
    body = _page(site, found) if offer is HTML else _data(site, found, offer)
    response = respond(body, offer)
    response.vary.add("Accept")
    return conditioned(response)


# --- what is asked ----------------------------------------------------------------------------------------------------


def _asked(site: Site) -> Pattern:
    """Return the pattern of a request; 400 says what is wrong with it."""
    nodes = {name: _node(site, name, request.args.get(name, "").strip()) for name in PARAMETERS}
    graph = nodes["graph"]
    for name in ("subject", "predicate", "graph"):
        if isinstance(nodes[name], pyoxigraph.Literal):
            abort(400, f"the {name} of a pattern is an IRI, and this is a text: {request.args[name]}")
    union = str(graph) == union_of(site)
    return Pattern(nodes["subject"], nodes["predicate"], nodes["object"], None if union else graph, union)  # type: ignore[arg-type]


def _node(site: Site, name: str, text: str) -> Node | None:
    """Return a term as hydra:ExplicitRepresentation writes it: IRIs bare, texts in quotes; a CURIE works, too."""
    if not text or text.startswith("?"):
        return None
    try:
        if text.startswith('"'):
            return _literal(text)
        text = text.removeprefix("<").removesuffix(">")
        prefix, _, local = text.partition(":")
        namespace = site.names.prefixes.get(prefix, "") if not local.startswith("//") else ""
        return pyoxigraph.NamedNode(f"{namespace}{local}" if namespace else text)
    except ValueError:
        abort(400, f'the {name} should be an IRI, or a text in quotes such as "Ada"@en, and is: {text}')


def _literal(text: str) -> pyoxigraph.Literal:
    match = _LITERAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    value, language, datatype = match.groups()
    if language:
        return pyoxigraph.Literal(value, language=language)
    return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(datatype) if datatype else None)


# --- what is found ----------------------------------------------------------------------------------------------------


def _found(site: Site, pattern: Pattern) -> Fragment:
    total = _count(site, pattern)
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    asked = {name: request.args[name] for name in PARAMETERS if request.args.get(name, "").strip()}
    root = f"{site.base}fragments"
    whole = f"{root}?{urlencode(asked)}" if asked else root
    query = request.query_string.decode("latin-1")
    here = iri(f"{root}?{query}" if query else root)[1:-1]
    start = (number - 1) * PER_PAGE
    quads = sorted(islice(_matches(site, pattern), start, start + PER_PAGE)) if number else []
    fragment = Fragment(here, whole, number, total, quads)
    if not 1 <= number <= fragment.last:
        abort(404)
    return fragment


def _matches(site: Site, pattern: Pattern) -> Iterator[tuple[Triple, Term]]:
    """Yield the quads that match, in the order of the store; those of the union have no graph."""
    shared = the_dumps().statistics.shared if pattern.union else {}
    seen: set[Triple] = set()
    for quad in site.store.quads.quads_for_pattern(pattern.subject, pattern.predicate, pattern.object, pattern.graph):
        triple = (str(quad.subject), str(quad.predicate), str(quad.object))
        if triple in shared:
            if triple in seen:
                continue
            seen.add(triple)
        yield triple, "" if pattern.union else str(quad.graph_name)


def _count(site: Site, pattern: Pattern) -> int:
    """Count what matches, exactly: the engine counts quads; in the union, what several graphs hold is one triple."""
    solutions = site.store.quads.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern.text} }}")
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    count = int(next(solutions)["n"].value)
    shared = the_dumps().statistics.shared if pattern.union else {}
    return count - sum(graphs - 1 for triple, graphs in shared.items() if pattern.fits(triple))


# --- what is sent -----------------------------------------------------------------------------------------------------


def _data(site: Site, found: Fragment, offer: Offer) -> str:
    """Write the quads and the controls; where there are graphs, the controls have one of their own."""
    names = Namespaces(site.base, {**site.names.prefixes, **_NAMESPACES}, site.names.iri_valued)
    row = FORMATS[offer.name]
    controls = list(_controls(site, found))
    if not row.graphs:
        return write_all([("", list(dict.fromkeys([*(triple for triple, _ in found.quads), *controls])))], row, names)
    graphs: dict[Term, list[Triple]] = {}
    for triple, graph in found.quads:
        graphs.setdefault(graph, []).append(triple)
    graphs[f"<{found.address}#metadata>"] = controls
    default = FORMATS[_PLAIN_OF[row.name]].block
    blocks = [(default if not graph else row.block)(triples, graph, names) for graph, triples in graphs.items()]
    return f"{row.head(names)}{b''.join(blocks).decode()}{row.tail}"


def _controls(site: Site, found: Fragment) -> Iterator[Triple]:
    """State where the page stands, and how others are asked for (sections 3.3 and 3.4 of the specification)."""
    dataset, page, search = site.mint.dataset(), f"<{found.address}>", f"<{site.base}fragments#search>"
    yield f"<{found.address}#metadata>", _term("foaf:primaryTopic"), dataset
    for kind in ("void:Dataset", "hydra:Collection"):
        yield dataset, RDF_TYPE, _term(kind)
    yield dataset, _term("void:subset"), page
    yield dataset, _term("sd:defaultGraph"), union_of(site)
    yield dataset, _term("hydra:search"), search
    yield search, RDF_TYPE, _term("hydra:IriTemplate")
    yield search, _term("hydra:template"), plain(f"{site.base}fragments{{?{','.join(PARAMETERS)}}}")
    yield search, _term("hydra:variableRepresentation"), _term("hydra:ExplicitRepresentation")
    for name, term in _PROPERTIES.items():
        mapping = f"<{site.base}fragments#{name}>"
        yield search, _term("hydra:mapping"), mapping
        yield mapping, RDF_TYPE, _term("hydra:IriTemplateMapping")
        yield mapping, _term("hydra:variable"), plain(name)
        yield mapping, _term("hydra:property"), term
    if found.whole != found.address:
        yield f"<{found.whole}>", _term("void:subset"), page
    yield page, RDF_TYPE, _term("hydra:PartialCollectionView")
    yield page, _term("dcterms:source"), dataset
    yield page, _term("hydra:totalItems"), typed(str(found.total), "integer")
    yield page, _term("void:triples"), typed(str(found.total), "integer")
    yield page, _term("hydra:itemsPerPage"), typed(str(PER_PAGE), "integer")
    yield page, _term("hydra:first"), f"<{found.page(1)}>"
    if found.number > 1:
        yield page, _term("hydra:previous"), f"<{found.page(found.number - 1)}>"
    if found.number < found.last:
        yield page, _term("hydra:next"), f"<{found.page(found.number + 1)}>"


def _term(curie: str) -> Term:
    prefix, _, local = curie.partition(":")
    return f"<{_NAMESPACES[prefix]}{local}>"


def _page(site: Site, found: Fragment) -> str:
    rows = [[data_of(site, term) for term in (*triple, *([graph] if graph else []))] for triple, graph in found.quads]
    asked = {name: request.args.get(name, "") for name in PARAMETERS}
    query = found.whole.partition("?")[2]
    return render_template(
        "fragments.html",
        rows=rows,
        asked=asked,
        found=found,
        query=f"{query}&" if query else "",
        union=union_of(site)[1:-1],
    )
