"""The header Link (RFC 8288) of a page: its other formats, its licence, its authors, its place in the world.

The relations are those of FAIR Signposting (https://signposting.org/FAIR/), `formats` is that of content negotiation by
profile (https://www.w3.org/TR/dx-prof-conneg/). Addresses are relative; identifiers are whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from herbier.rdf.terms import RDF_TYPE, Term, Triple, lexical
from herbier.rules.values import address_term
from herbier.vault.files import MEDIA_TYPES
from herbier.web.catalogue import objects
from herbier.web.http.negotiation import HTML, PAGE, RDF, TURTLE, Offer, address
from herbier.web.http.profiles import ALL, ALTERNATES, ALTERNATES_IRI, known_profiles, profile_iri, tokens_of
from herbier.web.site import Site

_SCHEMA, _DCTERMS = "<https://schema.org/", "<http://purl.org/dc/terms/"
_AUTHORS = (f"{_SCHEMA}author>", f"{_DCTERMS}creator>")
_LICENCES = (f"{_SCHEMA}license>", f"{_DCTERMS}license>")
_PAGE = "https://schema.org/AboutPage"
_PROFILE = "http://www.w3.org/ns/dx/prof/Profile"  # with a token, says which one stands for the anchor
_MOST = 20  # of a kind; a header is no place for more


class Place(NamedTuple):
    """Where something is to be had: its path; which part of it, in which format, or the query that says so."""

    path: str
    offer: Offer | None = None
    token: str = ALL
    query: str = ""

    @property
    def address(self) -> str:
        """Return it as a relative address."""
        suffix = self.offer.suffix if self.offer else ""
        arguments = [self.query] if self.query else []
        if self.token != ALL:
            arguments.append(f"_profile={self.token}")
        if self.offer and not suffix:
            arguments.append(f"_mediatype={quote(self.offer.content_type, safe='')}")
        path = f"{self.path}{suffix}" if suffix else generic(self.path)
        return address(path) + ("?" + "&".join(arguments) if arguments else "")


class Shown(NamedTuple):
    """A representation: its format, its profile; `lacking` are the formats that cannot carry what it shows."""

    offer: Offer
    token: str
    lacking: Sequence[str] = ()


def generic(path: str) -> str:
    """Return the path at which all formats of something are to be had: that of the list of tags has a slash."""
    return f"{path}/" if path == "tag" else path


def link(target: str, relation: str, **attributes: str) -> str:
    """Return one link of the header."""
    rest = "".join(f'; {name}="{value}"' for name, value in attributes.items() if value)
    return f'<{target}>; rel="{relation}"{rest}'


def ascii_iri(iri: str) -> str:
    """Return an IRI as a URI, since a header is ASCII (RFC 3987, section 3.1)."""
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%~")


def of_representation(site: Site, path: str, triples: Sequence[Triple], shown: Shown, *, one: bool) -> str:
    """Return the header of a representation; `one` tells that the path itself answers with it, and so is canonical."""
    offer, token, lacking = shown
    subject = f"<{site.base}{generic(path)}>"
    name = ascii_iri(subject[1:-1])
    links = [
        link(profile_iri(token), "profile"),
        link(name, "cite-as"),
        link(name if one else f"{name}{HTML.suffix}", "canonical"),
        *_alternates(path, triples, lacking),
        *_licence(site, subject, triples),
    ]
    if token == ALTERNATES:
        links += [link(_PROFILE, "type", token=known, anchor=profile_iri(known)) for known in tokens_of(triples)]
    elif offer is HTML:
        links += [link(_PAGE, "type"), *_types(subject, triples)]
        data = [Place(path, other) for other in RDF[:2]]
        links += [link(place.address, "describedby", type=place.offer.media_type) for place in data if place.offer]
        links += [*_authors(subject, triples), *_items(site, triples), *_translations(site, subject, triples)]
    else:
        links.append(link(Place(path, HTML).address, "describes", type=HTML.media_type))
    return ", ".join(links)


def _translations(site: Site, subject: Term, triples: Sequence[Triple]) -> Iterator[str]:
    """Yield the links to the translations of a note, each with its language."""
    found = [o for s, p, o in triples if s == subject and p in site.model.translation.terms]
    for term in found[:_MOST]:
        for language in objects(site.store, term, site.model.language.terms)[:1]:
            yield link(ascii_iri(term[1:-1]), "alternate", hreflang=lexical(language))


def of_home(site: Site) -> str:
    """Return the header of the first page: it is that of the whole dataset."""
    data = [Place("dataset", offer) for offer in RDF[:2]]
    links = [
        link(ascii_iri(site.base), "canonical"),
        link(ascii_iri(f"{site.base}dataset"), "cite-as"),
        link(_PAGE, "type"),
        link("https://schema.org/Dataset", "type"),
        *(link(place.address, "describedby", type=place.offer.media_type) for place in data if place.offer),
        *_licence(site, "", ()),
    ]
    return ", ".join(links)


def of_thing(site: Site, path: str, place: Place, triples: Sequence[Triple]) -> str:
    """Return the header of what no server can send, and that is led from to what is said of it."""
    links = [
        link(place.address, "describedby", type=place.offer.media_type if place.offer else ""),
        link(ascii_iri(f"{site.base}{path}"), "cite-as"),
        *_types(f"<{site.base}{path}>", triples),
        *_licence(site, "", ()),
    ]
    return ", ".join(links)


def _alternates(path: str, triples: Sequence[Triple], lacking: Sequence[str]) -> Iterator[str]:
    """Yield the other formats, and the other profiles as Turtle; the list of what there is tells all."""
    everything = known_profiles()[ALL].iri
    for offer in PAGE:
        if offer.name in lacking:
            continue
        yield link(Place(path, offer).address, "alternate", type=offer.media_type, formats=everything)
    for token in tokens_of(triples):
        if token == ALL:
            continue
        place = Place(path, TURTLE, token)
        yield link(place.address, "alternate", type=TURTLE.media_type, formats=known_profiles()[token].iri)
    view = Place(path, HTML, ALTERNATES)
    yield link(view.address, "alternate", type=HTML.media_type, formats=ALTERNATES_IRI)


def _objects(subject: Term, predicates: Iterable[Term], triples: Sequence[Triple]) -> list[str]:
    wanted = set(predicates)
    found = (o[1:-1] for s, p, o in triples if s == subject and p in wanted and o[0] == "<")
    return list(dict.fromkeys(found))[:_MOST]


def _types(subject: Term, triples: Sequence[Triple]) -> list[str]:
    return [link(ascii_iri(found), "type") for found in _objects(subject, (RDF_TYPE,), triples)]


def _authors(subject: Term, triples: Sequence[Triple]) -> list[str]:
    return [link(ascii_iri(found), "author") for found in _objects(subject, _AUTHORS, triples)]


def _licence(site: Site, subject: Term, triples: Sequence[Triple]) -> list[str]:
    """Return the licence of a note where it has one of its own, else that of the vault."""
    vault = address_term(site.vault.settings.license)
    found = _objects(subject, _LICENCES, triples) or ([vault[1:-1]] if vault else [])
    return [link(ascii_iri(iri), "license") for iri in found]


def _items(site: Site, triples: Sequence[Triple]) -> list[str]:
    start = f"<{site.base}file/"
    files = dict.fromkeys(s for s, _, _ in triples if s.startswith(start) and s in site.files)
    return [
        link(
            address_of_file(term, site.base),
            "item",
            type=MEDIA_TYPES.get(term[1:-1].rpartition(".")[2].lower(), "application/octet-stream"),
        )
        for term in list(files)[:_MOST]
    ]


def address_of_file(term: Term, base: str) -> str:
    """Return the relative address of an attachment, whose IRI has its path percent-encoded where it must be."""
    return f"{address('')}{ascii_iri(term[1:-1].removeprefix(base))}"
