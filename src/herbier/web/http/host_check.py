"""For which hosts a request is answered (RFC 9110, section 7.4): a preview is for the keeper's own machine alone.

A page of another site can have its own name lead to 127.0.0.1 (DNS rebinding). To the browser the preview is then a
part of that site, which may read it all. The name in `Host` tells, which no page can change.
"""

import re
from collections.abc import Mapping
from typing import Any

_NAME = r"(?P<name>[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])"
_HOST = re.compile(rf"{_NAME}(?::(?P<port>\d*))?")  # RFC 3986, section 3.2.2
_HERE = re.compile(r"localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]", re.IGNORECASE)
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_VIA")
_USUAL_PORT = "80"

Environ = Mapping[str, Any]


def is_here(authority: str) -> bool:
    """Return whether a host, with or without a port, is this machine by its name.

    >>> is_here("localhost:8000"), is_here("[::1]"), is_here("localhost.example")
    (True, True, False)
    """
    host = _HOST.fullmatch(authority)
    return host is not None and bool(_HERE.fullmatch(host["name"]))


def is_forwarded(environ: Environ) -> bool:
    """Return whether a request says that it came through a proxy."""
    return any(name in environ for name in _FORWARDED)


def is_badly_named(environ: Environ) -> bool:
    """Return whether a request names no host, or none that could be one (RFC 9112, section 3.2)."""
    host = environ.get("HTTP_HOST")
    if host is None:
        return environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
    return _HOST.fullmatch(host) is None


def is_misdirected(environ: Environ, base_host: str) -> bool:
    """Return whether a preview should not answer a request: one that names neither this machine nor the base's host.

    What a proxy passes on may name any host. But a page of another site can send `X-Forwarded-For`, too, and `Host`
    then has the very port at which the preview listens, as that of a proxy has not.
    """
    host = _HOST.fullmatch(environ.get("HTTP_HOST", "localhost"))
    if host is None:
        return True
    if _HERE.fullmatch(host["name"]) or host["name"].lower() == base_host:
        return False
    return not is_forwarded(environ) or (host["port"] or _USUAL_PORT) == environ.get("SERVER_PORT")
