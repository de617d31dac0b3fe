"""Profiles: which part of the data is asked for (https://www.w3.org/TR/dx-prof-conneg/)."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import pyoxigraph
from werkzeug.http import parse_accept_header

from herbier.data_folders import data_folder
from herbier.rdf.terms import RDF_TYPE, Term, Triple, language_of, lexical

ALL = "all"
BARE = "bare"  # without the names of what is linked to
ALTERNATES = "alt"  # no part of the data, but the list of what there is (section 6.3 of the draft)
ALTERNATES_IRI = "http://www.w3.org/ns/dx/connegp/altr"
_DCTERMS = "http://purl.org/dc/terms/"
_TOKEN = "<http://www.w3.org/ns/dx/prof/hasToken>"
_VOCABULARY = "<http://rdfs.org/ns/void#vocabulary>"


class Profile(NamedTuple):
    """A profile: its token and IRI, how its predicates and classes begin, and its words by language."""

    token: str
    iri: str
    vocabularies: tuple[str, ...]
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]

    def title(self, language: str) -> str:
        """Return its title, in a language where it has one of its own."""
        return self.titles.get(language) or self.titles[""]


@cache
def triples_of_profiles() -> list[Triple]:
    """Return what the ontology's folder says of the profiles, sorted."""
    data = (data_folder("ontology") / "profiles.ttl").read_bytes()
    quads = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE)
    return sorted((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)


@cache
def known_profiles() -> dict[str, Profile]:
    """Return the profiles by token, the one that keeps all first: it is the default."""
    said: dict[Term, dict[Term, list[Term]]] = {}
    for subject, predicate, value in triples_of_profiles():
        said.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def texts(values: Sequence[Term]) -> dict[str, str]:
        return {language_of(value): lexical(value) for value in values}

    found = [
        Profile(
            lexical(of[_TOKEN][0]),
            subject[1:-1],
            tuple(f"<{value[1:-1]}" for value in of.get(_VOCABULARY, ())),
            texts(of[f"<{_DCTERMS}title>"]),
            texts(of[f"<{_DCTERMS}description>"]),
        )
        for subject, of in said.items()
    ]
    return {profile.token: profile for profile in sorted(found, key=lambda profile: (profile.token != ALL, profile))}


def profile_iri(token: str) -> str:
    """Return the IRI of a profile, or that of the list of what there is."""
    return ALTERNATES_IRI if token == ALTERNATES else known_profiles()[token].iri


def selected(triples: Sequence[Triple], profile: Profile) -> Sequence[Triple]:
    """Return the triples that a profile keeps: those with a predicate or a class of its vocabularies."""
    kept = profile.vocabularies
    if not kept:
        return triples
    return [triple for triple in triples if (triple[2] if triple[1] == RDF_TYPE else triple[1]).startswith(kept)]


def tokens_of(triples: Sequence[Triple]) -> tuple[str, ...]:
    """Return the tokens of the profiles that keep something of some triples, and of the one that keeps all."""
    return tuple(token for token, profile in known_profiles().items() if token == ALL or selected(triples, profile))


@lru_cache(1024)
def preferred(header: str, tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return which profiles an Accept-Profile header wants, best first, and then all that is published.

    A profile that is not there is no error: the default is sent, and says which it is.
    """
    wanted = dict(reversed(list(parse_accept_header(header)))) if header else {}

    def quality(token: str) -> float:
        names = (f"<{known_profiles()[token].iri}>", token, "*")
        return next((wanted[name] for name in names if name in wanted), 0.0)

    found = sorted((token for token in tokens if quality(token) > 0), key=lambda token: -quality(token))
    return tuple(dict.fromkeys([*found, ALL]))
