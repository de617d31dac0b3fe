"""Which pages of other sites may read what is sent (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from herbier.web.http.host_check import is_forwarded, is_here

_READ = "Accept-Ranges Allow Content-Location Content-Profile Content-Range ETag Link Repr-Digest Retry-After"
_EXPOSED = ("Access-Control-Expose-Headers", ", ".join(_READ.split()))
_ALLOWED = "Accept, Accept-Profile, Content-Type, If-Modified-Since, If-None-Match, Prefer, Range"

Pairs = Sequence[tuple[str, str]]
TO_ALL: Pairs = (("Access-Control-Allow-Origin", "*"), _EXPOSED)


def headers(environ: Mapping[str, Any], *, preview: bool) -> Pairs:
    """Return the headers that let the pages of other sites read an answer.

    What is published is public and the same for all. A preview on the keeper's own machine is not published yet: any
    site open in the same browser could read it, so only pages of that machine may. What comes through a proxy is no
    preview; a page of another site can send none of the headers by which that is reported.
    """
    if not preview or not _for_the_keeper(environ):
        return TO_ALL
    origin = environ.get("HTTP_ORIGIN", "")
    here = is_here(urlsplit(origin).netloc)
    return (("Vary", "Origin"), *((("Access-Control-Allow-Origin", origin), _EXPOSED) if here else ()))


def preflight(allowed: str) -> Pairs:
    """Return what more an answer to OPTIONS says; `allowed` are the methods of the address."""
    return (
        ("Access-Control-Allow-Methods", allowed),
        ("Access-Control-Allow-Headers", _ALLOWED),
        ("Access-Control-Max-Age", "86400"),
    )


def is_near(host: str) -> bool:
    """Return whether only the machine itself can reach what listens at a host.

    >>> is_near("127.0.0.1"), is_near("::1"), is_near("0.0.0.0")
    (True, True, False)
    """
    return is_here(f"[{host}]" if ":" in host else host)


def _for_the_keeper(environ: Mapping[str, Any]) -> bool:
    return is_here(environ.get("HTTP_HOST", "")) and not is_forwarded(environ)
