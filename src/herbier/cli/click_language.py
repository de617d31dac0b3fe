"""The messages of click on how commands are used, in the language of the person.

click asks gettext for its words (https://docs.python.org/3/library/gettext.html), under the domain that the program
has chosen; the catalogue is `click.po` of the language, compiled by `make messages`.
"""

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from herbier.translation import ENGLISH, LOCALE, language_asked_for, languages

_DOMAIN = "click"
_CHOICE = "LANGUAGE"  # by which gettext knows the language


def language_asked(arguments: Sequence[str]) -> str:
    """Return the language of the option --lang, which cannot be read in peace before all else is right, else LANG's."""
    pairs = (*pairwise(arguments), *(one.split("=", 1) for one in arguments if "=" in one))
    asked = next((value for name, value in pairs if name == "--lang" and value in languages()), "")
    return asked or language_asked_for(os.environ)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let click speak a language."""
    if language == ENGLISH:
        yield
        return
    domain, before = gettext.textdomain(), os.environ.get(_CHOICE)
    gettext.bindtextdomain(_DOMAIN, str(LOCALE))
    gettext.textdomain(_DOMAIN)
    os.environ[_CHOICE] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop(_CHOICE)
        if before is not None:
            os.environ[_CHOICE] = before
