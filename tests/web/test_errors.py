"""What is wrong with a request: the right status, and what to do about it, as a page, as text or as problem details."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import vault
from tests.site import BROWSER, FILES, client_of, get
from werkzeug.test import TestResponse

from herbier.ledger.ledger_file import Ledger, LedgerEntry, read_ledger, start_ledger, write_ledger
from herbier.web.wording import words_in


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    root = vault(tmp_path_factory.mktemp("web") / "coffre", FILES)
    start_ledger(root)
    vault(root, {"Partie.md": "Elle part."})
    client_of(root)
    (root / "Partie.md").unlink()
    ledger = read_ledger(root)
    assert ledger is not None
    write_ledger(root, Ledger((*ledger.entries, LedgerEntry("ancienne", "merged", target="ada-lovelace"))))
    return client_of(root)


BAD: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "unknown thing": (404, "GET", "/id/nobody", {}),
    "unknown note": (404, "GET", "/doc/nobody", {}),
    "unknown tag": (404, "GET", "/tag/nothing", {}),
    "private": (404, "GET", "/doc/projet-secret", {}),
    "unknown profile": (404, "GET", "/doc/ada-lovelace?_profile=nothing", {}),
    "bad escape": (400, "GET", "/doc/%zz", {}),
    "cut escape": (400, "GET", "/doc/ada%2", {}),
    "not UTF-8": (404, "GET", "/doc/%ff", {}),
    "long path": (414, "GET", "/doc/" + "a" * 1_000_000, {}),
    "long query": (414, "GET", "/?type=" + "a" * 1_000_000, {}),
    "gone": (410, "GET", "/doc/partie", {}),
    "wrong method": (405, "DELETE", "/doc/ada-lovelace", {}),
    "wrong method on an identifier": (405, "PUT", "/id/ada-lovelace", {"data": "x", "content_type": "text/turtle"}),
    "a method that is none": (405, "BREW", "/doc/ada-lovelace", {}),
    "wrong body": (415, "POST", "/sparql", {"data": "ASK{}", "content_type": "text/plain"}),
    "large body": (413, "POST", "/sparql", {"data": "x" * 1_100_000, "content_type": "application/sparql-query"}),
}
KINDS = {
    BROWSER: "text/html",
    "text/plain": "text/plain",
    "application/problem+json": "application/problem+json",
    "application/json": "application/json",
    "text/turtle, application/problem+json;q=0.5": "application/problem+json",
}


def ask(web: FlaskClient, what: str, accept: str | None) -> TestResponse:
    _, method, path, more = BAD[what]
    headers = {} if accept is None else {"Accept": accept}
    return web.open(path, method=method, headers=headers, buffered=True, **more)


@pytest.mark.parametrize("accept", KINDS)
@pytest.mark.parametrize("what", BAD)
def test_a_fault_is_told_as_it_is_asked_for(web: FlaskClient, what: str, accept: str) -> None:
    code = BAD[what][0]
    response = ask(web, what, accept)
    assert (response.status_code, response.mimetype) == (code, KINDS[accept])
    assert "Accept" in response.headers["Vary"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Content-Language"] == "fr"
    # the first two tell what there is
    told_as = {"unknown profile": "406", "bad escape": "escape", "cut escape": "escape"}.get(what, str(code))
    title, advice = words_in("fr")[f"fault-{told_as}"], words_in("fr")[f"fault-{told_as}-about"]
    if KINDS[accept].endswith("json"):
        told = json.loads(response.data)
        assert (told["status"], told["title"], told["type"]) == (code, title, "about:blank")
        assert told["detail"].startswith(advice)
    else:
        assert title in response.text
        assert advice in response.text
    assert len(response.data) < 10_000, "what was sent is not sent back"
    if code == 405:
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("what", BAD)
def test_a_program_that_says_nothing_is_told_in_text(web: FlaskClient, what: str) -> None:
    for accept in (None, "*/*", "image/png"):
        response = ask(web, what, accept)
        assert (response.status_code, response.mimetype) == (BAD[what][0], "text/plain")
        assert response.text.startswith(f"{BAD[what][0]} ")


@pytest.mark.parametrize("accept", ["nonsense", "image/png", "text/turtle;q=0", ";;,", "text/html;q=0, text/plain"])
def test_what_there_is_is_told(web: FlaskClient, accept: str) -> None:
    for path in ("/doc/ada-lovelace", "/tag/calcul", "/dataset"):
        response = get(web, path, accept)
        assert (response.status_code, response.mimetype) == (406, "text/plain")
        assert response.headers["Vary"] == "Accept, Accept-Profile"
        lines = [line.split("\t") for line in response.text.splitlines() if "\t" in line]
        assert {"text/html", "text/turtle", "application/ld+json"} <= {media_type for _, media_type, _ in lines}
        for address, media_type, profile in lines:
            sent = get(web, urljoin(path, address))
            assert (sent.status_code, sent.mimetype) == (200, media_type)
            assert sent.headers["Content-Profile"] == f"<{profile}>"


def test_what_there_is_as_problem_details_and_as_a_page(web: FlaskClient) -> None:
    details = get(web, "/doc/ada-lovelace", "application/problem+json")
    assert (details.status_code, details.mimetype) == (406, "application/problem+json")
    there = json.loads(details.data)["alternates"]
    assert {"href": "../doc/ada-lovelace.ttl", "type": "text/turtle"}.items() <= there[1].items()
    page = get(web, "/doc/ada-lovelace?_mediatype=image/png", BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert '<a href="../doc/ada-lovelace.jsonld" type="application/ld+json">' in page.text


def test_what_was_merged_leads_on_with_what_was_asked(web: FlaskClient) -> None:
    for path in ("/doc/ancienne", "/doc/ancienne.ttl", "/id/ancienne"):
        response = get(web, f"{path}?_profile=schema")
        assert response.status_code == 301
        assert (
            urljoin(path, response.headers["Location"]) == f"{path.replace('ancienne', 'ada-lovelace')}?_profile=schema"
        )


@pytest.mark.parametrize("escaped", ["%41da-lovelace", quote("ada-lovelace").replace("l", "%6c"), "ada%2Dlovelace"])
def test_an_escape_that_is_not_needed_is_none(web: FlaskClient, escaped: str) -> None:
    expected = 404 if escaped.startswith("%41") else 200
    assert get(web, f"/doc/{escaped}", "text/turtle").status_code == expected, "A is not a; %6c is l"


PARTS = [
    "*/*",
    "text/html",
    "text/turtle",
    "text/",
    ";",
    ",",
    "q=0",
    "q=1",
    "q=x",
    '"',
    "<",
    ">",
    "all",
    "schema",
    "é",
    " ",
]
ACCEPT = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
NAMES = st.one_of(st.sampled_from(["ada-lovelace", "calcul", "ethique/ete.ttl"]), st.text(max_size=20))


@given(path=NAMES, query=st.text(max_size=20), accept=ACCEPT, profile=ACCEPT)
@example(path="ada-lovelace", query="_profile", accept=";;q=0,", profile="<,;q=")
@example(path="ada-lovelace.ttl", query="_mediatype=;profile=", accept='*/*;profile="', profile="*;q=-1")
@settings(max_examples=60)
def test_nothing_that_is_asked_breaks_the_site(
    web: FlaskClient, path: str, query: str, accept: str, profile: str
) -> None:
    for kind in ("doc", "tag"):
        sent = {"Accept": accept, "Accept-Profile": profile}
        address = f"/{kind}/{quote(path, errors='surrogatepass')}"
        response = web.get(f"{address}?{quote(query, safe='=&', errors='surrogatepass')}", headers=sent, buffered=True)
        assert response.status_code in (200, 301, 303, 400, 404, 406, 410)


def test_a_fault_of_the_site_gives_nothing_away(web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("in /home/someone/notes")

    monkeypatch.setattr("herbier.web.pages.views.render_template", broken)
    web.application.config["PROPAGATE_EXCEPTIONS"] = False
    response = get(web, "/", "application/json")
    assert (response.status_code, json.loads(response.data)["title"]) == (500, words_in("fr")["fault-500"])
    assert "someone" not in response.text


def test_an_english_site_tells_faults_in_english(tmp_path: Path) -> None:
    web = client_of(vault(tmp_path, {"a.md": "One.", "herbier.toml": 'language = "en"'}))
    response = get(web, "/doc/none", BROWSER)
    assert words_in("en")["fault-404-about"] in response.text
    assert response.headers["Content-Language"] == "en"
