"""The site and what was: 410 for notes that are gone, 301 for those that were merged."""

from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from herbier.ledger.ledger_file import Ledger, LedgerEntry, read_ledger, start_ledger, write_ledger
from herbier.pipeline.build import keep_ledger
from herbier.pipeline.opening import open_vault
from herbier.store.embedded import Store
from herbier.web.app import create_app
from herbier.web.site import Site

FORMATS = ("", ".html", ".ttl", ".jsonld", ".nt", ".rdf")


def served(vault: Path) -> FlaskClient:
    """Return a client of the site of a vault, its ledger kept as `serve` keeps it."""
    opened = open_vault(vault)
    store, built = Store.of(opened)
    built = keep_ledger(opened, built)
    return create_app(Site(opened, store, built.ledger or Ledger())).test_client()


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    start_ledger(tmp_path)
    for name in ("Partie", "Retirée", "Ancienne", "Présente"):
        (tmp_path / f"{name}.md").write_text(f"La note {name}. Voir [[Partie]] et [[Ancienne]].", "utf-8")
    served(tmp_path)
    (tmp_path / "Partie.md").unlink()
    (tmp_path / "Ancienne.md").unlink()
    (tmp_path / "Retirée.md").write_text("---\nprivate: true\n---\nLa note Retirée.", "utf-8")
    ledger = read_ledger(tmp_path)
    assert ledger is not None
    entries = [entry for entry in ledger.entries if entry.slug != "ancienne"]
    write_ledger(tmp_path, Ledger((*entries, LedgerEntry("ancienne", "merged", target="presente"))))
    return served(tmp_path)


@pytest.mark.parametrize("slug", ["partie", "retiree"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_gone_answers_410(client: FlaskClient, slug: str, suffix: str) -> None:
    answer = client.get(f"/doc/{slug}{suffix}")
    assert answer.status_code == 410
    assert "La note" not in answer.text
    assert client.get(f"/id/{slug}").status_code == 410


def test_a_browser_is_told_in_words_that_a_note_is_gone(client: FlaskClient) -> None:
    answer = client.get("/doc/partie", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"
    assert "Cette note n’existe plus" in answer.text
    assert client.get("/doc/partie", headers={"Accept": "text/turtle"}).mimetype == "text/plain"


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_was_merged_leads_on_in_the_same_format(client: FlaskClient, suffix: str) -> None:
    answer = client.get(f"/doc/ancienne{suffix}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"../doc/presente{suffix}"
    assert client.get(urljoin("/doc/x", answer.headers["Location"])).status_code == 200


def test_a_thing_that_was_merged_leads_on(client: FlaskClient) -> None:
    answer = client.get("/id/ancienne")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "../id/presente"


def test_what_is_there_and_what_never_was_are_answered_as_ever(client: FlaskClient) -> None:
    assert client.get("/doc/presente").status_code == 200
    assert client.get("/id/presente").status_code == 303
    assert client.get("/doc/jamais").status_code == 404
