"""Others judge the headers: httplint each answer, signposting the links of each page."""

import time
from email.utils import formatdate

import httplint
import pytest
import signposting
from flask.testing import FlaskClient
from tests.conftest import vault
from tests.site import BASE, FILES, client_of, get
from werkzeug.test import TestResponse

PAGES = "/ /doc/ada-lovelace /doc/machine-analytique /id/ada-lovelace /tag /tag/ /tag/calcul /tag/calcul.ttl".split()  # noqa: SIM905
PAGES += "/dataset /profiles /ns /healthz /file/dessin.svg /static/style.css /doc/none /doc/ada-lovelace/".split()  # noqa: SIM905
PAGES += ["/doc/ada-lovelace?_profile=alt", "/doc/ada-lovelace.ttl?_profile=schema", "/doc/x?_profile=y", "/doc/%zz"]
PAGES += ["/sparql?query=ASK%7B%7D", "/doc/ada-lovelace?_profile=none"]
ACCEPTS = [
    "*/*",
    "text/html",
    "text/turtle",
    "application/json",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"',
]
PREFLIGHT = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    licence = 'license = "https://creativecommons.org/licenses/by/4.0/"\n'
    by = "---\nauteur de la note: https://orcid.org/0000-0002-1825-0097\n---\nDe Ada. ![[photo.png]]\n"
    files = {**FILES, "herbier.toml": f"{FILES['herbier.toml']!s}{licence}", "Signée.md": by}
    return client_of(vault(tmp_path_factory.mktemp("judged") / "coffre", files))


def faults(path: str, method: str, headers: dict[str, str], response: TestResponse) -> list[str]:
    """Return what httplint finds bad, or warns of, in an answer; a server adds the date."""
    asked = httplint.HttpRequestLinter()
    asked.process_request_topline(method.encode(), f"{BASE.rstrip('/')}{path}".encode(), b"1.1")
    asked.process_headers([(name.encode(), value.encode()) for name, value in headers.items()])
    asked.finish_content(True)
    linter = httplint.HttpResponseLinter(start_time=time.time(), _related=asked, no_content=method == "HEAD")
    linter.process_response_topline(b"1.1", str(response.status_code).encode(), response.status[4:].encode())
    sent = [*response.headers, ("Date", formatdate(usegmt=True))]
    linter.process_headers([(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent])
    linter.feed_content(response.data)
    linter.finish_content(True)
    bad = (httplint.levels.BAD, httplint.levels.WARN)
    found = [note for note in linter.notes if note.level in bad and type(note).__name__ != "STATUS_BAD_REQUEST"]
    return [f"{method} {path} {headers}: {note.subject}: {note.summary}" for note in found]


@pytest.mark.parametrize("path", PAGES)
def test_httplint_finds_nothing(web: FlaskClient, path: str) -> None:
    asked = [("GET", {"Accept": accept}) for accept in ACCEPTS]
    asked += [("GET", {}), ("HEAD", {}), ("DELETE", {}), ("OPTIONS", {}), ("OPTIONS", PREFLIGHT)]
    found: list[str] = []
    for method, headers in asked:
        response = web.open(path, method=method, headers=headers, buffered=True)
        found += faults(path, method, headers, response)
        tag = response.headers.get("ETag")
        if tag and method == "GET" and response.status_code == 200:
            again = {**headers, "If-None-Match": tag}
            found += faults(path, "GET", again, web.get(path, headers=again, buffered=True))
    assert found == []


def test_httplint_would_find_something(web: FlaskClient) -> None:
    response = get(web, "/")
    response.headers["Cache-Control"] = "max-age=1, max-age=x"
    response.headers.add("ETag", "unquoted")
    assert faults("/", "GET", {}, response)


@pytest.mark.parametrize("path", ["/doc/signee", "/doc/signee.html", "/tag/calcul.html", "/dataset"])
def test_signposting_reads_a_landing_page(web: FlaskClient, path: str) -> None:
    found = signposting.find_signposting_http_link(get(web, path).headers.getlist("Link"), f"{BASE.rstrip('/')}{path}")
    generic = path.removesuffix(".html")
    assert found.citeAs is not None and found.citeAs.target == f"{BASE.rstrip('/')}{generic}"
    assert "https://schema.org/AboutPage" in {str(post.target) for post in found.types}
    assert {str(post.type) for post in found.describedBy} == {"text/turtle", "application/ld+json"}
    assert found.license is not None and found.license.target == "https://creativecommons.org/licenses/by/4.0/"
    if "signee" in path:
        assert [str(post.target) for post in found.authors] == ["https://orcid.org/0000-0002-1825-0097"]
        assert [(str(post.target), str(post.type)) for post in found.items] == [
            (f"{BASE}file/images/photo.png", "image/png")
        ]


@pytest.mark.parametrize("path", ["/id/ada-lovelace", "/tag/calcul", "/doc/signee.ttl", "/doc/signee.rdf"])
def test_signposting_reads_what_leads_there(web: FlaskClient, path: str) -> None:
    found = signposting.find_signposting_http_link(get(web, path).headers.getlist("Link"), f"{BASE.rstrip('/')}{path}")
    assert found.citeAs is not None
    assert len(found.describedBy) == (not path.startswith("/doc/")), "data describes its page, and is described by none"
