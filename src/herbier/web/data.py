"""What the IRIs lead to: things, notes, tags, keys, files, the dataset, the ontology."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flask import Blueprint, Response, abort, redirect, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from herbier.formats import FORMATS, Triple, unwritable, write_all
from herbier.ledger.lines import sealed_slug
from herbier.vault.files import MEDIA_TYPES
from herbier.web import pages
from herbier.web.description import described
from herbier.web.dumps import the_dumps
from herbier.web.negotiation import HTML, PAGE, TURTLE, Offer, address, best, conditional, plain, readings, respond
from herbier.web.overview import dataset_page
from herbier.web.sheet import sheet_of
from herbier.web.site import Site, the_site
from herbier.web.topic import key_of, tag_of
from herbier.web.vocabulary import ontology, ontology_page

blueprint = Blueprint("data", __name__)


class Resource(NamedTuple):
    """What can be had at `path`, and at it with a suffix: triples, or a page that tells of the same."""

    path: str
    triples: Sequence[Triple]
    page: Callable[[], str]


Find = Callable[[Site, str], Resource]


def _moved(slug: str, kind: str, suffix: str = "") -> BaseResponse | None:
    """Lead from a note that was merged to the one it is in now; abort with 410 where it is gone (RFC 9110, 15.5.11)."""
    site = the_site()
    entry = site.left.get(slug) or (site.left.get(sealed_slug(slug)) if site.left else None)
    if entry is None:
        return None
    if (target := site.ledger.leads_to(slug)) and target not in site.left:
        return redirect(address(f"{kind}/{target}{suffix}"), 301)
    abort(410)
    return None


@blueprint.get("/id/<slug>")
def thing(slug: str) -> BaseResponse:
    """Lead from a thing, which no server can send, to what is said of it (https://www.w3.org/TR/cooluris/)."""
    if moved := _moved(slug, "id"):
        return moved
    if not the_site().said_of_note(slug):
        abort(404)
    document = address(f"doc/{slug}")
    response = redirect(document, 303)
    response.vary.add("Accept")
    response.headers.add("Link", f'<{document}>; rel="describedby"')
    return response


@blueprint.get("/doc/<name>")
def note(name: str) -> BaseResponse:
    """Send a note, or what is said of one that is not written."""
    for slug, offer in readings(name):
        if moved := _moved(slug, "doc", offer.suffix if offer else ""):
            return moved
    return _negotiated(name, _note)


def _note(site: Site, slug: str) -> Resource:
    path, triples = f"doc/{slug}", site.said_of_note(slug)
    return Resource(path, triples, lambda: pages.note(path, sheet_of(site, slug, triples)))


@blueprint.get("/tag/", strict_slashes=False)
def tags() -> BaseResponse:
    """Send the list of all tags; without its slash it would be another address."""
    return _sent(_whole(the_site(), "tag"), None) if request.path.endswith("/") else redirect("tag/", 308)


@blueprint.get("/tag/<path:name>")
def tag(name: str) -> Response:
    """Send a tag; `a/b` is below `a`."""
    return _negotiated(name, _tag)


def _tag(site: Site, name: str) -> Resource:
    path = f"tag/{name}"
    term = site.find_term(path) or ""
    triples = site.store.describe(term) if term else []
    return Resource(path, triples, lambda: pages.topic(path, tag_of(site, term, triples)))


@blueprint.get("/key/<name>")
def key(name: str) -> Response:
    """Send what is known of a key that no rule knows."""
    return _negotiated(name, _key)


def _key(site: Site, name: str) -> Resource:
    path = f"key/{name}"
    term = site.find_term(path) or ""
    triples = site.store.about(term) if term else []
    return Resource(path, triples, lambda: pages.topic(path, key_of(site, term, triples)))


_WHOLES = ["dataset", "ns", *(f"{name}{offer.suffix}" for name in ("dataset", "ns", "tag") for offer in PAGE)]


@blueprint.get(f"/<any({', '.join(map(repr, _WHOLES))}):name>")
def whole(name: str) -> Response:
    """Send the dataset, Herbier's ontology, or the list of all tags in the format of a suffix."""
    return _negotiated(name, _whole)


def _whole(site: Site, name: str) -> Resource:
    if name == "tag":
        return Resource(name, site.store.describe(site.mint.tags()), lambda: pages.tags(name))
    if name == "ns":
        return Resource(name, ontology(), lambda: ontology_page(name, site, ontology()))
    triples = described(site, the_dumps()) if name == "dataset" else []
    return Resource(name, triples, lambda: dataset_page(name, site, the_dumps(), triples))


def _negotiated(name: str, find: Find) -> Response:
    """Send what has a name, in the format of its suffix, else in the one that the request prefers."""
    found = ((find(the_site(), stem), offer) for stem, offer in readings(name))
    resource, offer = next(((resource, offer) for resource, offer in found if resource.triples), (None, None))
    return _sent(resource, offer) if resource else abort(404)


def _sent(resource: Resource, named: Offer | None) -> Response:
    offer = named or best(request.headers.get("Accept"), PAGE)
    body = _body(resource, offer) if offer else None
    if offer is None or body is None:
        response = plain(_others(resource, offer), 406)
        response.vary.add("Accept")
        return response
    response = respond(body, offer)
    if named is None:
        response.vary.add("Accept")
        response.headers["Content-Location"] = address(f"{resource.path}{offer.suffix}")
    for other in PAGE:
        link = f'<{address(f"{resource.path}{other.suffix}")}>; rel="alternate"; type="{other.media_type}"'
        response.headers.add("Link", link)
    data = address(f"{resource.path}{TURTLE.suffix}")
    response.headers.add("Link", f'<{data}>; rel="describedby"; type="{TURTLE.media_type}"')
    return conditional(response)


def _body(resource: Resource, offer: Offer) -> str | None:
    """Return a representation; None where the format cannot write all of the triples."""
    if offer is HTML:
        return resource.page()
    row = FORMATS[offer.name]
    if unwritable(resource.triples, row):
        return None
    return write_all([("", resource.triples)], row, the_site().names)


def _others(resource: Resource, wanted: Offer | None) -> str:
    """Return the list of what can be had instead (RFC 9110, section 15.5.7)."""
    reason = f"{wanted.media_type} cannot carry this data" if wanted else "none of the types asked for is here"
    offers = [offer for offer in PAGE if offer is not wanted]
    lines = [f"{offer.media_type}\t{address(f'{resource.path}{offer.suffix}')}" for offer in offers]
    return "\n".join([f"Not acceptable: {reason}. There is:", *lines])


_FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@blueprint.get("/file/<path:name>")
def file(name: str) -> Response:
    """Send an attachment that a public note embeds; nothing else of the vault is ever sent."""
    site = the_site()
    # the path as bytes of the disk, since a file's name may be no UTF-8
    raw = request.environ["PATH_INFO"].encode("latin-1").decode("utf-8", "surrogateescape")
    path = site.files.get(site.mint.file(raw.removeprefix("/file/")))
    root = site.vault.root.resolve()
    found = (root / path).resolve() if path else root
    if not found.is_file() or not found.is_relative_to(root):  # it may be gone, or a link to elsewhere by now
        abort(404)
    media_type = MEDIA_TYPES.get(found.suffix[1:].lower(), "application/octet-stream")
    response = send_file(found, media_type, conditional=True, max_age=0)
    if media_type != "application/pdf":  # browsers show no PDF in a sandbox, and let none do harm
        response.headers["Content-Security-Policy"] = _FILE_POLICY
    return response
