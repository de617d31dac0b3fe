"""The files of all that is published, to be fetched: whole or in part, with their digests."""

from base64 import b64encode
from collections.abc import Callable

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from herbier.rdf.formats import FORMATS
from herbier.web.data.dumps import SUMS, Dump, DumpFile, Dumps, the_dumps
from herbier.web.http.conditional import conditioned
from herbier.web.http.negotiation import HTML, respond
from herbier.web.pages.display import curie_of, type_of
from herbier.web.site import the_site
from herbier.web.wording import size

blueprint = Blueprint("downloads", __name__)
LABELS = {row.name: row.label for row in FORMATS.values()}
_SUM = ".sha256"
_EXPOSED = "Accept-Ranges, Content-Disposition, Content-Range, ETag, Repr-Digest"  # to the pages of other sites


@blueprint.get("/dump/", strict_slashes=False)
def index() -> BaseResponse:
    """Show the files that can be had; without its slash it would be another address."""
    if not request.path.endswith("/"):
        return redirect("dump/", 308)
    site, dumps = the_site(), the_dumps()
    known = {dump.name: dumps.made(dump) for dump in dumps.of_all} if dumps.are_prompt else {}
    classes = [
        (
            type_of(site, extent.term),
            curie_of(site, extent.term),
            extent.notes,
            [dump for dump in dumps.offered.values() if dump.extent == extent],
        )
        for extent in dumps.extents
        if extent.term
    ]
    text = render_template(
        "dumps.html", dumps=dumps, known=known, classes=classes, sums=SUMS, labels=LABELS, size=_size_in(site.language)
    )
    return conditioned(respond(text, HTML))


def _size_in(language: str) -> Callable[[int], str]:
    return lambda count: size(count, language)


@blueprint.get("/dump/<name>")
def dump(name: str) -> Response:
    """Send a file, or its digest as `sha256sum --check` reads it."""
    dumps = the_dumps()
    if name == SUMS:
        return _sums(dumps, dumps.of_all)
    found = dumps.offered.get(name)
    if found:
        return _sent(found, dumps.made(found))
    found = dumps.offered.get(name.removesuffix(_SUM))
    return _sums(dumps, [found]) if found else abort(404)


def _sums(dumps: Dumps, wanted: list[Dump]) -> Response:
    lines = [f"{dumps.made(dump).sha256.hex()}  {dump.name}\n" for dump in wanted]
    response = respond("".join(lines), HTML)
    response.mimetype = "text/plain"
    return conditioned(response)


def _sent(dump: Dump, made: DumpFile) -> Response:
    """Send a file as what it is, a packed one: no program on the way unpacks it (RFC 9110, section 8.4)."""
    response = send_file(made.path, "application/gzip", as_attachment=True, download_name=dump.name, conditional=False)
    del response.headers["Last-Modified"]  # when it was made tells nothing of when the notes were
    response.set_etag(made.sha256.hex())
    response.cache_control.no_cache = True
    # of the whole file, whatever part of it is asked for (RFC 9530, section 3)
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(made.sha256).decode()}:"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    return conditioned(response, made.size)
