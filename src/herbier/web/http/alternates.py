"""The list of what can be had of something: each profile, each format (https://www.w3.org/TR/dx-prof-conneg/, 6.3)."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template

from herbier.rdf.terms import RDF_TYPE, Term, Triple, plain
from herbier.web.http.errors import Alternative
from herbier.web.http.link_header import Place, generic
from herbier.web.http.negotiation import JSONLD_FORMS, PAGE, RDF, Offer
from herbier.web.http.profiles import ALL, ALTERNATES, Profile, known_profiles, triples_of_profiles
from herbier.web.site import Site

_ALTR = "http://www.w3.org/ns/dx/connegp/altr#"
_DCTERMS = "http://purl.org/dc/terms/"


class Part(NamedTuple):
    """A profile on the page: the addresses at which it can be had, with what each format is called."""

    profile: Profile
    places: list[tuple[str, Offer]]


def offers_of(token: str) -> tuple[Offer, ...]:
    """Return the formats of a profile: only the whole, and the list of what there is, have a page."""
    return (*PAGE, *JSONLD_FORMS) if token in (ALL, ALTERNATES) else (*RDF, *JSONLD_FORMS)


def _shown(token: str, lacking: Sequence[str]) -> list[Offer]:
    return [offer for offer in offers_of(token) if offer.suffix and offer.name not in lacking]


def choices(path: str, tokens: Sequence[str], lacking: Sequence[str] = ()) -> list[Alternative]:
    """Return all that can be had at a path; `lacking` are the formats that cannot carry its data."""
    return [
        Alternative(Place(path, offer, token).address, offer.media_type, known_profiles()[token].iri)
        for token in tokens
        for offer in _shown(token, lacking)
    ]


def alternates(site: Site, path: str, tokens: Sequence[str], lacking: Sequence[str]) -> list[Triple]:
    """Return the list as triples; each representation has its own address as its IRI, below the base."""
    resource = f"<{site.base}{generic(path)}>"
    found: set[Triple] = set()
    for token in tokens:
        profile = f"<{known_profiles()[token].iri}>"
        found.update(triple for triple in triples_of_profiles() if triple[0] == profile)
        for offer in _shown(token, lacking):
            ours = token == ALL and offer is PAGE[0]
            node = representation(site, path, offer, token)
            found |= {
                (resource, f"<{_ALTR}{'hasDefaultRepresentation' if ours else 'hasRepresentation'}>", node),
                (node, RDF_TYPE, f"<{_ALTR}Representation>"),
                (node, f"<{_DCTERMS}conformsTo>", profile),
                (node, f"<{_DCTERMS}format>", plain(offer.media_type)),
            }
    return sorted(found)


def representation(site: Site, path: str, offer: Offer, token: str) -> Term:
    """Return the IRI of a representation: its address below the base."""
    return f"<{site.base}{path}{offer.suffix}{'' if token == ALL else f'?_profile={token}'}>"


def alternates_page(path: str, tokens: Sequence[str], lacking: Sequence[str]) -> str:
    """Return the list as a page."""
    parts = [
        Part(known_profiles()[token], [(Place(path, offer, token).address, offer) for offer in _shown(token, lacking)])
        for token in tokens
    ]
    offers = [(Place(path, offer, ALTERNATES).address, offer) for offer in RDF if offer.name not in lacking]
    return render_template("alternates.html", parts=parts, subject=generic(path), views=offers)
