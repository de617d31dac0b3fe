"""The Flask application: one blueprint a concern, the same headers on every answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from flask import Flask, Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from herbier.web.data import dataset, downloads, fragments, ontology, openapi, resources, sitemap
from herbier.web.http import cors, errors, host_check
from herbier.web.http.representations import Ready
from herbier.web.pages import search, views
from herbier.web.query import endpoint
from herbier.web.site import EXTENSION, Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_REQUEST = 1_000_000  # bytes; a longer query is none that a person wrote
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


_PAIRS = tuple(HEADERS.items())
_PUBLIC = (*_PAIRS, *cors.TO_ALL)


def create_app(site: Site, *, preview: bool = False) -> Flask:
    """Return the application that serves a site; it only reads, so threads may share it.

    A `preview` is one that listens on the keeper's own machine alone: pages of other sites may not read it.
    """
    app = _Application(__name__)
    app.preview = preview
    app.base_host = (urlsplit(site.base).hostname or "").lower()
    app.extensions[EXTENSION] = site
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for module in (views, resources, endpoint, search, dataset, downloads, fragments, ontology, sitemap, openapi):
        app.register_blueprint(module.blueprint)
    app.jinja_env.globals["catalogue"] = site.catalogue  # made now, so that no visitor waits for it
    app.context_processor(views.template_globals)
    app.register_error_handler(HTTPException, errors.error_response)
    below = unquote(urlsplit(site.base).path).rstrip("/")
    if below:
        app.wsgi_app = _Below(app.wsgi_app, below)  # type: ignore[method-assign]
    return app


class _Application(Flask):
    """Adds to Flask what all requests share; overridden, since each function that is registered takes time."""

    preview = False
    base_host = ""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer a request, unless it is too long (RFC 9110, section 15.5.15; RFC 6585, section 5) or not for here."""
        environ = request.environ
        if environ.get(errors.TOO_LONG):
            abort(431)
        if host_check.is_badly_named(environ):
            abort(400, errors.NO_HOST)
        if self.preview and host_check.is_misdirected(environ, self.base_host):
            abort(421)
        if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > errors.LONGEST_ADDRESS:
            abort(414)
        return super().dispatch_request()

    def process_response(self, response: Response) -> Response:
        """Add the headers that every answer has."""
        environ = request.environ
        if isinstance(response, Ready):
            response.more = (*_PAIRS, *cors.headers(environ, preview=True)) if self.preview else _PUBLIC
            return response
        headers = response.headers
        headers.pop("Date", None)  # the server sets it
        headers.setdefault("Cache-Control", "no-cache")  # else caches guess how long they may keep it
        headers.extend((name, value) for name, value in _PAIRS if name not in headers)
        headers.extend(cors.headers(environ, preview=self.preview))
        if allowed := ", ".join(sorted(response.allow)):  # always in the same order
            headers["Allow"] = allowed
        if environ["REQUEST_METHOD"] == "OPTIONS" and allowed and "HTTP_ORIGIN" in environ:
            headers.extend(cors.preflight(allowed))
        if not response.content_length and environ["REQUEST_METHOD"] == "OPTIONS":
            headers.pop("Content-Type", None)  # there is nothing that could have a type
        return super().process_response(response)


class _Below:
    """Serves below the path of the base, too, so that its IRIs work whether or not a proxy takes the path away."""

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self.app = app
        self.path = path.encode().decode("latin-1")  # as WSGI has paths (PEP 3333)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if path == self.path:  # without its slash all relative addresses would lead elsewhere
            query = environ.get("QUERY_STRING")
            target = quote(f"{path.rpartition('/')[2]}/", encoding="latin-1") + (f"?{query}" if query else "")
            return redirect(target, 308)(environ, start_response)
        if path.startswith(f"{self.path}/"):
            script = environ.get("SCRIPT_NAME", "") + self.path
            environ = {**environ, "SCRIPT_NAME": script, "PATH_INFO": path.removeprefix(self.path)}
        return self.app(environ, start_response)
