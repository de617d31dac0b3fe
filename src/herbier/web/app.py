"""The Flask application: one blueprint a concern, the same headers on every answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from herbier.web import contract, crawlers, data, downloads, fragments, overview, pages, search, sparql, vocabulary
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
    # what is served is public and the same for all, so the pages of other sites may read it
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def create_app(site: Site) -> Flask:
    """Return the application that serves a site; it only reads, so threads may share it."""
    app = Flask(__name__)
    app.extensions[EXTENSION] = site
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for module in (pages, data, sparql, search, overview, downloads, fragments, vocabulary, crawlers, contract):
        app.register_blueprint(module.blueprint)
    app.jinja_env.globals["catalogue"] = site.catalogue  # made now, so that no visitor waits for it
    app.context_processor(pages.words)
    app.register_error_handler(HTTPException, pages.fault)
    app.after_request(_with_headers)
    below = unquote(urlsplit(site.base).path).rstrip("/")
    if below:
        app.wsgi_app = _Below(app.wsgi_app, below)  # type: ignore[method-assign]
    return app


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
    return response


class _Below:
    """Serves below the path of the base, too, so that its IRIs work whether or not a proxy takes the path away."""

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self.app = app
        self.path = path.encode().decode("latin-1")  # as WSGI has paths (PEP 3333)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(f"{self.path}/"):
            script = environ.get("SCRIPT_NAME", "") + self.path
            environ = {**environ, "SCRIPT_NAME": script, "PATH_INFO": path.removeprefix(self.path)}
        return self.app(environ, start_response)
