"""The page of the dataset, and the address at which programs look for its description."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from herbier.rdf.terms import Triple
from herbier.web.data.dumps import Dumps
from herbier.web.data.statistics import Uses
from herbier.web.data.void_dcat import is_counted
from herbier.web.http.negotiation import HTML, RDF, Offer, address, best
from herbier.web.pages.display import Value, curie_of, predicate_name, type_of
from herbier.web.pages.topic_page import dataset_page_of
from herbier.web.site import Site

blueprint = Blueprint("dataset", __name__)
_DATA_FIRST = (*RDF, HTML)


class PropertyCount(NamedTuple):
    """How often a property is used; `name` is what people call it, `short` its CURIE."""

    name: str
    short: str
    uses: Uses


class ClassCount(NamedTuple):
    """How many instances a class has."""

    shown: Value
    short: str
    instances: int


def dataset_page(path: str, offers: Sequence[Offer], site: Site, dumps: Dumps, triples: Sequence[Triple]) -> str:
    """Return the page of the dataset: what is said of it, then what is counted, the most used first."""
    term, statistics = site.mint.dataset(), dumps.statistics
    topic = dataset_page_of(site, term, [triple for triple in triples if not is_counted(triple[1])])
    properties = sorted(statistics.properties.items(), key=lambda item: (-item[1].triples, item[0]))
    classes = sorted(statistics.classes.items(), key=lambda item: (-item[1], item[0]))
    return render_template(
        "dataset.html",
        path=path,
        offers=offers,
        topic=topic,
        statistics=statistics,
        properties=[PropertyCount(predicate_name(site, term), curie_of(site, term), uses) for term, uses in properties],
        classes=[ClassCount(type_of(site, term), curie_of(site, term), count) for term, count in classes],
    )


@blueprint.get("/.well-known/void")
def well_known() -> Response:
    """Lead to the description, as data unless a page is asked for (https://www.w3.org/TR/void/#well-known)."""
    offer = best(request.headers.get("Accept"), _DATA_FIRST)
    if offer is None:
        abort(406)
    response = redirect(address(f"dataset{offer.suffix}"), 303)
    response.vary.add("Accept")
    return response
