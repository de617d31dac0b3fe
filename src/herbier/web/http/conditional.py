"""Requests with conditions, and for a part of something (RFC 9110, sections 13 and 14)."""

import re

from flask import Response, abort, request
from werkzeug.http import parse_date, parse_etags

_ONE_RANGE = re.compile(r"bytes=\s*(?:\d+-\d*|-\d+)\s*", re.IGNORECASE)
_MATCH, _UNMODIFIED = "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"


def conditioned(response: Response, size: int | None = None) -> Response:
    """Return what a request with conditions is answered (section 13.2.2); all headers must be set before.

    Parts are sent where the `size` of the whole is given, in bytes. Several parts, or one of another unit, are answered
    with the whole, as a HEAD is (section 14.2). Raises PreconditionFailed and RequestedRangeNotSatisfiable.
    """
    if response.status_code != 200:
        return response
    environ = dict(request.environ)
    reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
    if reads and not _holds(response, environ.get(_MATCH), environ.get(_UNMODIFIED)):
        abort(412)
    environ.pop(_MATCH, None)  # Werkzeug knows no `*`
    if environ["REQUEST_METHOD"] != "GET" or not _ONE_RANGE.fullmatch(environ.get("HTTP_RANGE", "")):
        environ.pop("HTTP_RANGE", None)
    response.make_conditional(environ, accept_ranges=size is not None, complete_length=size)
    response.headers.pop("Date", None)  # the server sets it
    return response


def _holds(response: Response, match: str | None, unmodified: str | None) -> bool:
    """Return whether what is there is still what the client knows (sections 13.1.1 and 13.1.4)."""
    if match is not None:
        tags = parse_etags(match)
        tag, weak = response.get_etag()
        return tags.star_tag or (tag is not None and not weak and tags.is_strong(tag))
    since = parse_date(unmodified)
    return since is None or response.last_modified is None or response.last_modified <= since
