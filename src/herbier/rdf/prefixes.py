"""Prefixes: how a file of data shortens IRIs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from herbier.rdf.terms import Term


@dataclass
class Namespaces:
    """How a file may shorten IRIs: its base, its prefixes, and the predicates whose values are IRIs."""

    base: str
    prefixes: Mapping[str, str]
    iri_valued: frozenset[Term] = frozenset()
    short: dict[Term, str] = field(default_factory=dict, compare=False)

    @cached_property
    def used(self) -> dict[str, str]:
        """Return the prefixes, the longest namespace first."""
        return dict(sorted(self.prefixes.items(), key=lambda item: (-len(item[1]), item[0])))

    def curie(self, term: Term) -> str:
        """Return a CURIE for an IRI where a prefix fits, else the IRI as it stands."""
        known = self.short.get(term)
        if known is None:
            known = self.short[term] = self._curie(term)
        return known

    def _curie(self, term: Term) -> str:
        for prefix, namespace in self.used.items():
            if term.startswith(namespace, 1):
                local = term[1 + len(namespace) : -1]
                if LOCAL_NAME.fullmatch(local):
                    return f"{prefix}:{local}"
        return term


LOCAL_NAME: Final = re.compile(r"[A-Za-z_][\w-]*")


_KINDS_OF_IRI: Final = ("id/", "doc/", "tag/", "file/", "key/", "dataset")


def relative_iri(term: Term, base: str) -> str | None:
    """Return an IRI below the base without it, None where it would not come back as it went (RFC 3986, 5.2)."""
    if not term.startswith(base, 1):
        return None
    rest = term[1 + len(base) : -1]
    return rest if rest.startswith(_KINDS_OF_IRI) and "/." not in rest else None
