"""Identifiers: from what is written to the one form in which a scheme has it, once its check digit is right."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from herbier.rdf.terms import Term
from herbier.rules.rule_types import Scheme
from herbier.rules.values import checked_iri
from herbier.text import clean


class Identified(NamedTuple):
    """An identifier: its scheme, its text in the scheme's own form, and where it leads ("" for nowhere)."""

    scheme: Scheme
    text: str
    address: Term


def identified(text: str, scheme: Scheme) -> Identified | None:
    """Return the identifier that a text is, None where it is none; ValueError where its check digit is wrong."""
    match = scheme.pattern.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    found = CHECKS[scheme.check](match.expand(scheme.form))
    for start, template in scheme.addresses.items():
        if found.startswith(start):
            address = checked_iri(template.replace("{id}", quote(found, safe=_SAFE)))
            return Identified(scheme, found, address or "")
    return Identified(scheme, found, (checked_iri(text) or "") if "://" in text else "")


def recognised(text: str, schemes: Mapping[str, Scheme]) -> Identified | None:
    """Return the identifier that an address is, of whichever scheme; None where it is of none."""
    if "://" not in text:
        return None
    for scheme in schemes.values():
        try:
            if found := identified(text, scheme):
                return found
        except ValueError:  # it leads to nothing that the scheme has, but it is an address all the same
            return None
    return None


_SAFE = "/:;()<>[]-._~!$&'*+,=@"  # RFC 3986, 3.3, and what DOIs have besides


def _digits_11_2(text: str) -> str:
    """Check ISO 7064 MOD 11-2, which ORCID and ISNI use: the last of sixteen characters, 0 to 9 or X."""
    from stdnum.iso7064 import mod_11_2  # here and below: it takes a while to load, and few notes have one

    found = text.upper()
    mod_11_2.validate(re.sub(r"[^0-9X]", "", found))
    return found


_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def _ror(text: str) -> str:
    """Check the last two digits of a ROR: ISO 7064 MOD 97-10 of the number that the rest is in base 32 (Crockford)."""
    from stdnum.iso7064 import mod_97_10

    found = text.lower()
    number = 0
    for char in found[:-2]:
        number = number * 32 + _CROCKFORD.index(char)
    mod_97_10.validate(f"{number}{found[-2:]}")
    return found


def _isbn(text: str) -> str:
    """Check an ISBN (ISO 2108) and part it by hyphens, as Wikidata has it."""
    from stdnum import isbn

    return str(isbn.format(isbn.validate(text)))


def _gnd(text: str) -> str:
    """Check the last character of a GND: the sum of digits by weight, modulo 11, or 11 less that without a hyphen."""
    found = text.upper()
    body, last = found[:-1].removesuffix("-"), found[-1]
    rest = sum(int(digit) * weight for weight, digit in enumerate(reversed(body), 2)) % 11
    wanted = rest if "-" in found else -rest % 11
    if "0123456789X"[wanted] != last:
        raise ValueError("wrong check digit")
    return found


def _page(text: str) -> str:
    """Return the title of a page of a wiki from its address."""
    return clean(unquote(text).replace("_", " ").strip())


# Each takes the parts put together and returns the identifier; ValueError where its check digit is wrong.
def _luhn(text: str) -> str:
    from stdnum import luhn

    return str(luhn.validate(text))


CHECKS: Mapping[str, Callable[[str], str]] = {
    "": str,
    "lower": str.lower,
    "page": _page,
    "mod-11-2": _digits_11_2,
    "ror": _ror,
    "isbn": _isbn,
    "gnd": _gnd,
    "luhn": _luhn,
}
