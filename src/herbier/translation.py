"""Words in the language of the person who reads them: a language is a folder of `locale/`, with one catalogue."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from string import Formatter

from herbier.messages import Message, Value
from herbier.problems import Problem, read_codes

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"  # what the words are written in
_CATALOGUE = "LC_MESSAGES/herbier.po"
_ENVIRONMENT = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts (POSIX.1-2017, section 8.2)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def languages(folder: Path = LOCALE) -> tuple[str, ...]:
    """Return the languages that there are: English, and those with a catalogue below `folder`."""
    found = {file.parent.parent.name for file in folder.glob(f"*/{_CATALOGUE}")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def language_asked_for(environment: Mapping[str, str], folder: Path = LOCALE) -> str:
    """Return the language that a person's environment asks for, English where there is no catalogue for it.

    >>> language_asked_for({"LANG": "fr_CA.UTF-8"}), language_asked_for({"LC_ALL": "C.UTF-8", "LANG": "fr_CA.UTF-8"})
    ('fr', 'en')
    """
    asked = next(filter(None, map(environment.get, _ENVIRONMENT)), "")
    locale = re.split("[.@]", asked)[0]
    known = languages(folder)
    return next((code for code in (locale, locale.partition("_")[0].lower()) if code in known), ENGLISH)


def translate(text: str, language: str, folder: Path = LOCALE) -> str:
    """Return a text in a language; what no one has translated, and what is no Message, stays as it is."""
    if language == ENGLISH or not isinstance(text, Message):
        return text
    catalogue = _catalogue(language, folder)
    template = catalogue.get(text.template, text.template)
    quoted = _quoted(text.template) if template != text.template else frozenset()

    def value(name: str, of: Value) -> Value:
        if isinstance(of, Message):
            of = translate(of, language, folder)
        return _visible(of) if name in quoted and isinstance(of, str) else of

    values = {name: value(name, of) for name, of in text.values.items()}
    return _Numbers(language).vformat(template, (), values)


def translated_problem(problem: Problem, language: str, folder: Path = LOCALE) -> Problem:
    """Return a problem with its message and its hint in a language."""
    if language == ENGLISH:
        return problem
    return replace(
        problem, message=translate(problem.message, language, folder), hint=translate(problem.hint, language, folder)
    )


def placeholders(template: str) -> frozenset[tuple[str, str]]:
    """Return the placeholders of a template, each with how its value is to be written; ValueError where it is none.

    >>> sorted(placeholders("{name!r} has {size:,} bytes"))
    [('name', ''), ('size', ',')]
    """
    return frozenset((name, form or "") for _, name, form, _ in Formatter().parse(template) if name is not None)


@lru_cache(maxsize=8)
def _catalogue(language: str, folder: Path) -> Mapping[str, str]:
    """Return what is said in a language for each template that a person has translated, and in a way that fits."""
    from babel.messages.pofile import read_po  # it takes a while to load, and English does without

    with (folder / language / _CATALOGUE).open("rb") as stream:
        entries = [entry for entry in read_po(stream, ignore_obsolete=True) if not entry.fuzzy]
    pairs = [(str(entry.id), str(entry.string)) for entry in entries if entry.id and entry.string]
    codes = {
        code.meanings[ENGLISH]: code.meanings[language] for code in read_codes().values() if language in code.meanings
    }
    return codes | {template: other for template, other in pairs if _fits(template, other)}


def _fits(template: str, other: str) -> bool:
    try:
        return placeholders(other) <= placeholders(template)
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _quoted(template: str) -> frozenset[str]:
    """Return the placeholders whose values stand in quotes in English, where nothing acts on the terminal."""
    return frozenset(name for _, name, _, conversion in Formatter().parse(template) if name and conversion == "r")


def _visible(text: str) -> str:
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


class _Numbers(Formatter):
    """Writes large numbers as a language does."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: object, format_spec: str) -> str:
        """Return a value as a text."""
        if format_spec != "," or not isinstance(value, int):
            return str(super().format_field(value, format_spec))
        from babel.core import UnknownLocaleError
        from babel.numbers import format_decimal

        try:
            return format_decimal(value, locale=self.language)
        except (UnknownLocaleError, ValueError):
            return f"{value:,}"
