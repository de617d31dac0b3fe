"""The resources that the IRIs lead to: things, notes, tags, keys, files, the dataset, the ontology."""

from typing import cast

from flask import Blueprint, Response, abort, redirect, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from herbier.ledger.encryption import sealed_slug
from herbier.vault.files import MEDIA_TYPES
from herbier.web.data.dataset import dataset_page
from herbier.web.data.dumps import the_dumps
from herbier.web.data.ontology import ontology, ontology_page
from herbier.web.data.void_dcat import dataset_description
from herbier.web.http.conditional import conditioned
from herbier.web.http.link_header import Place
from herbier.web.http.negotiation import PAGE, address, quoted_query, readings, to_root, with_query
from herbier.web.http.profiles import triples_of_profiles
from herbier.web.http.representations import Prepared, Resource, led, negotiated
from herbier.web.pages import views
from herbier.web.pages.note_page import note_page_of
from herbier.web.pages.topic_page import key_of, tag_of
from herbier.web.site import Site, the_site

blueprint = Blueprint("resources", __name__)


def _moved(slug: str, kind: str, suffix: str = "") -> BaseResponse | None:
    """Lead from a note that was merged to the one it is in now; abort with 410 where it is gone (RFC 9110, 15.5.11)."""
    site = the_site()
    entry = site.left.get(slug) or (site.left.get(sealed_slug(slug)) if site.left else None)
    if entry is None:
        return None
    if (target := site.ledger.leads_to(slug)) and target not in site.left:
        return redirect(with_query(address(f"{kind}/{target}{suffix}")), 301)
    abort(410)
    return None


@blueprint.get("/id/<slug>")
def thing(slug: str) -> BaseResponse:
    """Lead from a thing, which no server can send, to what is said of it (https://www.w3.org/TR/cooluris/)."""
    if moved := _moved(slug, "id"):
        return moved
    site = the_site()
    query = quoted_query()
    key = ("id", slug, to_root(), query)
    kept = cast("Prepared | None", site.response_cache.find(key))
    if kept is None:
        triples = site.said_of_note(slug)
        if not triples:
            abort(404)
        kept = led(site, f"id/{slug}", Place(f"doc/{slug}", query=query), triples)
        site.response_cache.keep(key, kept, 4 * len(query))
    return kept.send(request.environ)


@blueprint.get("/doc/<name>")
def note(name: str) -> BaseResponse:
    """Send a note, or what is said of one that is not written."""
    for slug, offer in readings(name):
        if moved := _moved(slug, "doc", offer.suffix if offer else ""):
            return moved
    return negotiated(name, _note)


def _note(site: Site, slug: str) -> Resource:
    path, triples = f"doc/{slug}", site.said_of_note(slug)
    return Resource(path, triples, lambda offers: views.note_view(path, offers, note_page_of(site, slug, triples)))


@blueprint.get("/tag/", strict_slashes=False)
def tags() -> BaseResponse:
    """Send the list of all tags; without its slash it would be another address."""
    return negotiated("tag", _whole) if request.path.endswith("/") else redirect(with_query("tag/"), 308)


@blueprint.get("/tag/<path:name>")
def tag(name: str) -> Response:
    """Lead from a tag, which is a concept, to what is said of it, or send that; `a/b` is below `a`."""
    return negotiated(name, _tag, lead=True)


def _tag(site: Site, name: str) -> Resource:
    path = f"tag/{name}"
    term = site.find_term(path) or ""
    triples = site.store.describe(term) if term else []
    return Resource(path, triples, lambda offers: views.topic_view(path, offers, tag_of(site, term, triples)))


@blueprint.get("/key/<name>")
def key(name: str) -> Response:
    """Lead from a key that no rule knows to what is known of it, or send that."""
    return negotiated(name, _key, lead=True)


def _key(site: Site, name: str) -> Resource:
    path = f"key/{name}"
    term = site.find_term(path) or ""
    triples = site.store.about(term) if term else []
    return Resource(path, triples, lambda offers: views.topic_view(path, offers, key_of(site, term, triples)))


_WHOLES = ["dataset", "ns", *(f"{name}{offer.suffix}" for name in ("dataset", "ns", "tag") for offer in PAGE)]


@blueprint.get(f"/<any({', '.join(map(repr, _WHOLES))}):name>")
def whole(name: str) -> Response:
    """Send the dataset, Herbier's ontology, or the list of all tags in the format of a suffix."""
    return negotiated(name, _whole)


def _whole(site: Site, name: str) -> Resource:
    if name == "tag":
        return Resource(
            name, site.store.describe(site.mint.tags()), lambda offers: views.tags_view(name, offers), empty=True
        )
    if name == "ns":
        return Resource(name, ontology(), lambda offers: ontology_page(name, offers, site, ontology()))
    triples = dataset_description(site, the_dumps()) if name == "dataset" else []
    return Resource(name, triples, lambda offers: dataset_page(name, offers, site, the_dumps(), triples))


_PROFILES = ["profiles", *(f"profiles{offer.suffix}" for offer in PAGE)]


@blueprint.get(f"/<any({', '.join(map(repr, _PROFILES))}):name>")
def profiles(name: str) -> Response:
    """Send what there is to know of the profiles that can be asked for."""
    return negotiated(name, _profiles)


def _profiles(site: Site, name: str) -> Resource:
    return Resource(
        name, triples_of_profiles() if name == "profiles" else [], lambda offers: views.profiles_view(name, offers)
    )


_LOST = "\ufffd"  # what the server makes of bytes that are not UTF-8
_FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@blueprint.get("/file/<path:name>")
def file(name: str) -> Response:
    """Send an attachment that a public note embeds; nothing else of the vault is ever sent."""
    site = the_site()
    # the path as bytes of the disk, since a file's name may be no UTF-8
    raw = request.environ["PATH_INFO"].encode("latin-1").decode("utf-8", "surrogateescape")
    name = raw.removeprefix("/file/")
    path = site.files.get(site.mint.file(name)) or (site.blurred_files.get(name) if _LOST in name else None)
    root = site.vault.root.resolve()
    found = (root / path).resolve() if path else root
    if not found.is_file() or not found.is_relative_to(root):  # it may be gone, or a link to elsewhere by now
        abort(404)
    media_type = MEDIA_TYPES.get(found.suffix[1:].lower(), "application/octet-stream")
    status = found.stat()
    tag = f"{status.st_mtime_ns:x}-{status.st_size:x}"  # the one that Flask makes wants a path that is UTF-8
    response = send_file(found, media_type, conditional=False, etag=tag)
    if media_type != "application/pdf":  # browsers show no PDF in a sandbox, and let none do harm
        response.headers["Content-Security-Policy"] = _FILE_POLICY
    return conditioned(response, status.st_size)
