"""Herbier's ontology, with a page for people, and the context of its JSON-LD."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph
from flask import Blueprint, Response, render_template

from herbier.data_folders import data_folder
from herbier.rdf.formats import FORMATS
from herbier.rdf.jsonld import jsonld_context
from herbier.rdf.terms import RDF_TYPE, Term, Triple, language_of, lexical
from herbier.web.catalogue import Text
from herbier.web.http.conditional import conditioned
from herbier.web.http.negotiation import Offer, respond
from herbier.web.site import Site, the_site

blueprint = Blueprint("ontology", __name__)
SPACE = "https://w3id.org/herbier#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_LONG = 86_400  # seconds; the context changes with the tables of the mapping alone
# What is reported of a term beside its name and its text: the word on the page, and the predicate.
_ROWS = {
    "term-kind": RDF_TYPE,
    "term-above": f"<{_RDFS}subPropertyOf>",
    "term-domain": f"<{_RDFS}domain>",
    "term-range": f"<{_RDFS}range>",
    "term-inverse": f"<{_OWL}inverseOf>",
}


@dataclass(frozen=True, slots=True)
class Defined:
    """A term of the ontology; `rows` are words of the page with CURIEs and where these lead."""

    anchor: str
    iri: str
    name: Text
    text: Text
    rows: list[tuple[str, list[tuple[str, str]]]]


@cache
def ontology() -> tuple[Triple, ...]:
    """Return what the ontology says, in the order of its file; nothing where there is no such file."""
    source = data_folder("ontology") / "herbier.ttl"
    if not source.is_file():
        return ()
    parsed = pyoxigraph.parse(path=source, format=pyoxigraph.RdfFormat.TURTLE)
    return tuple((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in parsed)


def ontology_page(path: str, offers: Sequence[Offer], site: Site, triples: Sequence[Triple]) -> str:
    """Return the page of the ontology: each term under an anchor of its own name."""
    subjects = dict.fromkeys(subject for subject, _, _ in triples)
    of_all = f"<{SPACE}>"
    terms = [_defined(site, subject, triples) for subject in subjects if subject != of_all]
    version = next((lexical(o) for s, p, o in triples if s == of_all and p == f"<{_OWL}versionInfo>"), "")
    licence = next((o[1:-1] for s, p, o in triples if s == of_all and p.endswith("/license>")), "")
    return render_template(
        "ontology.html",
        path=path,
        offers=offers,
        space=SPACE,
        title=_text(site, of_all, "<http://purl.org/dc/terms/title>", triples),
        about=_text(site, of_all, "<http://purl.org/dc/terms/description>", triples),
        version=version,
        ontology_licence=licence,
        terms=terms,
    )


def _defined(site: Site, term: Term, triples: Sequence[Triple]) -> Defined:
    rows = []
    for word, predicate in _ROWS.items():
        values = [value for subject, said, value in triples if subject == term and said == predicate]
        if values:
            rows.append((word, [(site.names.curie(value).strip("<>"), _place(value)) for value in values]))
    return Defined(
        term[1 + len(SPACE) : -1],
        term[1:-1],
        _text(site, term, f"<{_RDFS}label>", triples),
        _text(site, term, f"<{_RDFS}comment>", triples),
        rows,
    )


def _place(term: Term) -> str:
    return f"#{term[1 + len(SPACE) : -1]}" if term.startswith(f"<{SPACE}") else term[1:-1]


def _text(site: Site, subject: Term, predicate: Term, triples: Sequence[Triple]) -> Text:
    """Return a text in the language of the interface, else the first there is."""
    texts = [value for about, said, value in triples if about == subject and said == predicate]
    best = next((text for text in texts if language_of(text) == site.language), texts[0] if texts else '""')
    return Text(lexical(best), language_of(best))


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Send the context of the JSON-LD that is written here, for files that name it instead of holding it.

    It has no @base, which a context that is fetched may not set (JSON-LD 1.1, section 4.1.3).
    """
    row = FORMATS["jsonld"]
    found = jsonld_context(the_site().names)
    del found["@base"]
    text = json.dumps({"@context": found}, ensure_ascii=False, indent=1)
    response = respond(f"{text}\n", Offer(row.name, row.media_type))
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = _LONG
    return conditioned(response)
