"""The language of a note: stated, by its folder, from the settings, or guessed."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from herbier.config import Settings
from herbier.rdf.slugs import plain_name
from herbier.text import clean, is_language_tag
from herbier.vault.inline import WIKILINK
from herbier.vault.note import Note, stem

# Folders that are a language's code name the language of their notes; codes that are words of other uses are not
# among them (`it`, `no`, `la`, ...): herbier.toml has [languages] for those.
_LANGUAGE_FOLDERS: Final = frozenset(
    [
        "fr",
        "en",
        "de",
        "es",
        "pt",
        "nl",
        "sv",
        "da",
        "fi",
        "pl",
        "cs",
        "ro",
        "hu",
        "ru",
        "uk",
        "el",
        "ar",
        "he",
        "fa",
        "zh",
        "ja",
        "ko",
    ]
)
LANGUAGE_CODE: Final = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?")
# Folders of sites in which those of languages lie; elsewhere `de` and `es` may be countries or projects as well.
_OF_SITES: Final = frozenset(
    ["content", "contents", "docs", "doc", "source", "src", "pages", "site", "posts", "blog", "notes", "wiki",
     "website", "i18n", "locale", "locales", "translations", "collections", "articles", "data"]
)  # fmt: skip


def is_language_folder(folders: Sequence[str], place: int) -> bool:
    """Return whether a folder may be that of a language: it is a code, at the top or within those of a site."""
    above = [name.lstrip("_").lower() for name in folders[:place]]
    return LANGUAGE_CODE.fullmatch(folders[place]) is not None and all(name in _OF_SITES for name in above)


_DETECTED_FROM: Final = 500
_LEAST_LETTERS: Final = 24
_LEAST_PROBABILITY: Final = 0.8


def language_of_note(note: Note, title: str, stated: list[str], settings: Settings) -> str:
    """Return the language of a note, as a tag: stated, by its folder, from the settings, else guessed; "" for none."""
    for text in stated:
        code = language_code(text)
        if code:
            return code
    folders = clean(note.path).split("/")[:-1]
    if folders and settings.languages:
        for depth in range(len(folders), 0, -1):
            found = settings.languages.get("/".join(folders[:depth])) or settings.languages.get(folders[depth - 1])
            if found:
                return found
    if settings.languages and (found := settings.languages.get(f".{stem(note.path).rpartition('.')[2]}")):
        return found
    for place in range(len(folders) - 1, -1, -1):
        code = folders[place].lower()
        if code not in _LANGUAGE_FOLDERS and not (code[2:3] == "-" and code[:2] in _LANGUAGE_FOLDERS):
            continue
        # `clients/de` may be of a country: what the note is written in says so
        if is_language_folder(folders, place) or _detected(note, title, _SURE_LETTERS) in ("", code[:2]):
            return code
    return settings.language or _detected(note, title) or settings.languages.get("", "")


_LANGUAGE_NAMES: Final = {
    plain_name(name): code
    for code, names in {
        "fr": "fre fra français french",
        "en": "eng anglais english",
        "es": "spa espagnol español spanish",
        "de": "ger deu allemand deutsch german",
        "it": "ita italien italiano italian",
        "pt": "por portugais português portuguese",
        "nl": "dut nld néerlandais nederlands dutch",
    }.items()
    for name in names.split()
}


def language_code(text: str) -> str:
    """Return the language tag (BCP 47) that a value states, by code or by name; "" where it states none.

    >>> language_code("Français"), language_code("fr_CA"), language_code("une langue")
    ('fr', 'fr-ca', '')
    """
    text = text.strip().replace("_", "-")
    named = _LANGUAGE_NAMES.get(plain_name(text))
    if named:
        return named
    return text.lower() if is_language_tag(text) else ""


# ISO 639-1: the languages that have a code of two letters.
_TWO_LETTERS: Final = frozenset(
    ["aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bh", "bi", "bm",
     "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de", "dv", "dz", "ee",
     "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu",
     "gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is",
     "it", "iu", "ja", "jv", "ka", "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw",
     "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml", "mn", "mr", "ms",
     "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv", "ny", "oc", "oj", "om", "or", "os",
     "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sc", "sd", "se", "sg", "sh", "si",
     "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk",
     "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh",
     "yi", "yo", "za", "zh", "zu"]
)  # fmt: skip
# Codes that are as often a word of other uses: `{id: 3, to: Lyon}` is in no language.
_WORDS: Final = frozenset(
    ["am", "an", "as", "ba", "be", "ch", "co", "ee", "et", "ho", "id", "ie", "ii", "in", "io", "is", "it", "la",
     "li", "lo", "my", "na", "ne", "no", "or", "os", "pa", "se", "so", "st", "su", "ta", "te", "to", "ts", "ve",
     "wa"]
)  # fmt: skip


def are_languages(keys: Sequence[str]) -> bool:
    """Return whether keys are those of languages, each once, and not just words that look alike.

    >>> are_languages(["fr", "en-GB"]), are_languages(["by", "at"]), are_languages(["id", "to"])
    (True, False, False)
    """
    codes = [language_code(key).partition("-")[0] for key in keys]
    return bool(codes) and all(code in _TWO_LETTERS for code in codes) and not _WORDS.issuperset(codes)


def _own_words(note: Note) -> Iterator[str]:
    """Yield the text of a note, without what it quotes: that may be in another language."""
    if note.source.startswith(b">") or b"\n>" in note.source:
        for line in note.source.decode("utf-8", "ignore").split("\n"):
            if not line.startswith((">", "```", "~~~")):
                yield line
    else:
        yield from (section.text for section in note.body.sections)


_SURE_LETTERS: Final = 120
_FILLER: Final = "lorem ipsum"


def _detected(note: Note, title: str, least: int = _LEAST_LETTERS) -> str:
    """Return the language of a note's first words, "" where they have too few letters or are too mixed to tell."""
    text = title
    for piece in _own_words(note):
        if len(text) >= _DETECTED_FROM:
            break
        text += f" {piece}"
    text = WIKILINK.sub("", text)[:_DETECTED_FROM]
    if sum(map(str.isalpha, text)) < least:
        return ""
    if _FILLER in text.lower():  # words that printers set where there are none yet
        return ""
    code, probability = _identifier().classify(text)
    return str(code) if probability >= _LEAST_PROBABILITY else ""


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # it loads a model, which few builds need

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
