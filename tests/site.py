"""What the tests of the site share: a small vault with all that a page can show, and short ways to ask for it."""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import rdflib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from herbier.ledger.ledger_file import Ledger
from herbier.pipeline.build import keep_ledger
from herbier.pipeline.opening import open_vault
from herbier.store.embedded import Store
from herbier.web.app import create_app
from herbier.web.site import Site

BASE = "https://herbier.example/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDF = {
    ".ttl": ("text/turtle", "turtle"),
    ".jsonld": ("application/ld+json", "json-ld"),
    ".nt": ("application/n-triples", "nt"),
    ".rdf": ("application/rdf+xml", "xml"),
}
PNG = bytes.fromhex("89504e470d0a1a0a")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(3)</script></svg>'
FILES: dict[str, str | bytes] = {
    "herbier.toml": f'base = "{BASE}"\ntitle = "Coffre d’essai"\nlanguage = "fr"\n',
    ".herbierignore": "ignoré/\n",
    "Ada Lovelace.md": """---
type: personne
date_naissance: 1815-12-10
tags: [Éthique/Été, calcul]
couleur préférée: bleu
employeur: '[[Charles Babbage]]'
isPartOf: '[[Les gens]]'
date_creation: 2025-03-01
---
Avant tout titre.

## Généralité
Ada écrit le premier programme, voir [[Projet secret|ce que l’on tait]].

## Détails
Elle annote [[Machine analytique]], voir https://example.com/ada.

### Images
![[dessin.svg]] ![[photo.png]] [[notice.pdf]]
""",
    "Charles Babbage.md": "---\ntype: personne\ntags: [calcul]\n---\nIl invente [[Machine analytique]].\n",
    "Les gens.md": "---\ntype: collection\n---\nVoir [[Ada Lovelace]].\n",
    "Piège.md": "---\ntitle: 'Piège <script>alert(1)</script> \"&\"'\nslug: piege\n---\n"
    "Du code : `<script>alert(2)</script>` et <b>gras</b>.\n\n## <i>Titre</i> & fin\n[x](javascript:alert(4))\n",
    "Москва.md": "---\nlang: ru\ntype: ville\n---\nГород.\n",
    "en/Analytical Engine.md": "---\nlang: en\ntitle: Analytical Engine\n---\nA machine.\n",
    "Projet secret.md": "---\nprivate: true\ntags: [cachotterie]\n---\nTrès secret. ![[cachée.png]]\n",
    "ignoré/Brouillon caché.md": "Rien à voir. ![[photo.png]]\n",
    "dessin.svg": SVG,
    "images/photo.png": PNG,
    "notice.pdf": b"%PDF-1.4",
    "cachée.png": PNG,
}
SECRETS = ("secret", "Secret", "cachotterie", "Brouillon caché", "Très", "cachée")


def site_of(root: Path, base: str | None = None) -> Site:
    """Return the site of a vault, its ledger kept as `serve` keeps it."""
    opened = open_vault(root, base)
    store, built = Store.of(opened)
    return Site(opened, store, keep_ledger(opened, built).ledger or Ledger())


def client_of(root: Path, base: str | None = None, *, preview: bool = False) -> FlaskClient:
    return create_app(site_of(root, base), preview=preview).test_client()


def get(web: FlaskClient, path: str, accept: str | None = None, **headers: str) -> TestResponse:
    wanted = {name.replace("_", "-"): value for name, value in headers.items()}
    if accept is not None:
        wanted["Accept"] = accept
    return web.get(path, headers=wanted, buffered=True)


def fetch(
    web: FlaskClient,
    path: str,
    accept: str | None = None,
    headers: dict[str, str] | None = None,
    **parameters: str,
) -> TestResponse:
    """Ask for a path; `parameters` are those of the query."""
    wanted = {**(headers or {}), **({"Accept": accept} if accept is not None else {})}
    return web.get(path, headers=wanted, query_string=parameters or None, buffered=True)


def parsed(response: TestResponse, name: str) -> set[tuple[rdflib.term.Node, ...]]:
    """Return the triples of a response as rdflib reads them."""
    graph = rdflib.Graph()
    graph.parse(data=response.data, format=name)
    return set(graph)


def follow(web: FlaskClient, path: str, accept: str | None = None, **headers: str) -> TestResponse:
    """Return what a request ends at after all redirections, each asked for in the same way."""
    response = get(web, path, accept, **headers)
    for _ in range(5):
        if response.location is None:
            return response
        path = urljoin(path, response.location)
        response = get(web, path, accept, **headers)
    raise AssertionError(f"{path} leads round in a circle")


def ask(web: FlaskClient, query: str, accept: str = "application/sparql-results+json", **more: str) -> TestResponse:
    return web.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept})


_LINK = re.compile(r'<([^>]*)>((?:;\s*[\w*]+="[^"]*")*)')
_ATTRIBUTE = re.compile(r';\s*([\w*]+)="([^"]*)"')


class Link(NamedTuple):
    """A link of the header Link (RFC 8288)."""

    target: str
    relation: str
    attributes: dict[str, str]


def links_of(response: TestResponse) -> list[Link]:
    found = []
    for target, attributes in _LINK.findall(", ".join(response.headers.getlist("Link"))):
        named = dict(_ATTRIBUTE.findall(attributes))
        found.append(Link(target, named.pop("rel"), named))
    return found
