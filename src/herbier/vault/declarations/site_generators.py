"""What the generators of sites declare: title, address, languages, what is left out, and where pages lie.

Sources: https://jekyllrb.com/docs/configuration/, https://gohugo.io/configuration/,
https://www.getzola.org/documentation/getting-started/configuration/,
https://www.mkdocs.org/user-guide/configuration/.
"""

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from herbier.config import normal_base
from herbier.text import clean, is_language_tag
from herbier.vault.declarations.data_file import DataFile, maps, word, words
from herbier.vault.declarations.declared import (
    Declared,
    DeclaredAddress,
    DeclaredDefaults,
    DeclaredPattern,
    DeclaredPlace,
    DeclaredSetting,
    DeclaredType,
    beginning_with,
    literally,
)

_NEAR: Final = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1")


# The addresses that the files of new sites have.
_STOCK_OF_HUGO: Final = ("https://example.org/", "http://example.org/")
_STOCK_OF_ZOLA: Final = ("https://example.com/", "http://example.com/")


def _set_base(file: DataFile, declared: Declared, key: str, more: str = "", stock: tuple[str, ...] = ()) -> None:
    """Take the address of the site, with a path below it; that of a machine of one's own is none."""
    try:
        base = normal_base(f"{word(file.at(key)).rstrip('/')}/{more.strip('/')}")
    except ValueError:
        return
    if urlsplit(base).hostname not in _NEAR and base not in stock:
        declared.set("base", base, DeclaredPlace(file.path, file.line(key)))


_STOCK_LANGUAGE: Final = "en"  # with which generators begin, and which few take the trouble to change
_SUFFIXES: Final = ("fr", "en", "de", "es", "pt", "it", "nl", "sv", "da", "fi", "pl", "cs", "ro", "hu", "ru", "uk",
                    "el", "ar", "he", "fa", "zh", "ja", "ko", "ca")  # fmt: skip


def _set_unless_stock(declared: Declared, code: str, place: DeclaredPlace) -> None:
    """Take the language of a site; the one that generators begin with is only that of notes which tell none."""
    if code == _STOCK_LANGUAGE:
        declared.languages.setdefault("", DeclaredSetting(code, place))
    else:
        declared.set("language", code, place)


def _know_suffixes(declared: Declared, file: DataFile) -> None:
    """Take that `page.fr.md` is in French: these generators, or what is added to them, name translations so."""
    for code in _SUFFIXES:
        declared.languages.setdefault(f".{code}", DeclaredSetting(code, DeclaredPlace(file.path, 1)))


def read_hugo_languages(file: DataFile, declared: Declared) -> None:
    """Take the languages of a site whose settings are in several files, with their folders."""
    for code, settings in file.data.items() if isinstance(file.data, dict) else ():
        if isinstance(settings, dict) and is_language_tag(code):
            folder = word(settings.get("contentDir") or settings.get("contentdir")).strip("/") or f".{code}"
            place = DeclaredPlace(file.path, file.line(code))
            declared.languages.setdefault(folder, DeclaredSetting(code.lower(), place))


def _set_title(file: DataFile, declared: Declared, *keys: str) -> None:
    declared.set("title", " ".join(word(file.at(*keys)).split()), DeclaredPlace(file.path, file.line(*keys)))


def _set_language(file: DataFile, declared: Declared, *keys: str) -> None:
    code = word(file.at(*keys)).replace("_", "-").lower()
    if is_language_tag(code):
        declared.set("language", code, DeclaredPlace(file.path, file.line(*keys)))


# --- Jekyll -----------------------------------------------------------------------------------------------------------

_STYLES: Final = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}


_OF_HEXO: Final = frozenset(["source_dir", "new_post_name", "tag_dir", "archive_dir", "post_asset_folder", "i18n_dir"])


def read_jekyll(file: DataFile, declared: Declared) -> None:
    """Take the title, the address, the collections, the defaults and what is left out."""
    _set_title(file, declared, "title")
    _set_title(file, declared, "name")
    _set_base(file, declared, "url", word(file.at("baseurl")))
    _set_language(file, declared, "lang")
    _set_language(file, declared, "locale")
    if isinstance(file.data, dict) and not _OF_HEXO.isdisjoint(file.data):  # its settings have the same name
        _set_language(file, declared, "language")
        return
    declared.is_of_jekyll = True
    above = word(file.at("collections_dir")).strip("/")
    start = f"{above}/" if above else ""
    style = word(file.at("permalink")) or "date"
    declared.addresses.append(DeclaredAddress("_posts", _STYLES.get(style, style)))
    collections = file.at("collections")
    for name, settings in collections.items() if isinstance(collections, dict) else ():
        pattern = word(settings.get("permalink")) if isinstance(settings, dict) else ""
        if pattern:
            pattern = pattern.replace(":collection", name)
            declared.addresses.append(DeclaredAddress(f"{start}_{name}", _STYLES.get(pattern, pattern)))
    for row in maps(file.at("defaults")):
        _defaults(file, row, start, declared)
    for name in words(file.at("exclude")):
        if any(mark in name for mark in "*?["):  # of fnmatch, whose star crosses folders
            inside = fnmatch.translate(re.sub(r"\*+", "*", clean(name.strip("/")))).removesuffix(r"\Z")
            declared.hidden_names.append(re.compile(rf"^{inside}(?:/|\Z)"))
        else:
            declared.hidden += [DeclaredPattern(file.path, pattern) for pattern in beginning_with(name)]


def _defaults(file: DataFile, row: dict[str, Any], start: str, declared: Declared) -> None:
    scope, values = row.get("scope"), row.get("values")
    if not isinstance(values, dict):
        return
    scope = scope if isinstance(scope, dict) else {}
    path, kind = word(scope.get("path")).strip("/"), word(scope.get("type"))
    folder = _folder_of(path, kind, start)
    place = DeclaredPlace(file.path, file.line("defaults", path or kind or "values", next(iter(values), "values")))
    declared.defaults.append(DeclaredDefaults(folder, values, place, _patterns_of(path, kind, folder)))
    if "*" in path or kind in ("drafts", "draft"):
        return
    code = word(values.get("lang") or values.get("locale")).replace("_", "-").lower()
    if is_language_tag(code):
        if folder:
            declared.languages.setdefault(folder, DeclaredSetting(code, place))
        else:
            declared.set("language", code, place)
    if folder and (pattern := word(values.get("permalink"))):
        declared.addresses.append(DeclaredAddress(folder, _STYLES.get(pattern, pattern)))
    names = [*words(values.get("type")), *words(values.get("layout"))]
    if folder and names:
        declared.types.append(DeclaredType(tuple(names), place, folder))


def _patterns_of(path: str, kind: str, folder: str) -> tuple[str, ...]:
    """Return patterns of git's for the notes that defaults are for."""
    if "*" in path:
        return f"/{path}", f"/{path}/**", f"/{path.lstrip('_')}/**"
    if kind in ("posts", "post") and "_posts" not in path.split("/"):
        start = beginning_with(path)[0] if path else ""
        return ("/_posts/**", "**/_posts/**") if not path else (f"{start}/_posts/**", f"{start}/**/_posts/**")
    return beginning_with(folder)


def _folder_of(path: str, kind: str, start: str) -> str:
    """Return the folder that a path and a type of the defaults are for; collections lie below `start`."""
    if not kind or kind in ("pages", "page", "drafts", "draft"):
        return path
    own = "_posts" if kind in ("posts", "post") else f"_{kind}"
    if own in path.split("/"):
        return path if path.startswith(start) or own == "_posts" else f"{start}{path}"
    return f"{path}/_posts".strip("/") if own == "_posts" else f"{start}{own}"


# --- Hugo -------------------------------------------------------------------------------------------------------------


def is_of_zola(file: DataFile) -> bool:
    """Return whether a `config.toml` is Zola's: it has `base_url` where Hugo's has `baseURL`."""
    return "base_url" in file.data if isinstance(file.data, dict) else False


def read_hugo(file: DataFile, declared: Declared) -> None:
    """Take the title, the address, the languages with their folders, and the addresses of sections."""
    if is_of_zola(file):
        read_zola(file, declared)
        return
    file = DataFile(file.path, _without_case(file.data), file.text)
    _set_title(file, declared, "title")
    _set_base(file, declared, "baseurl", stock=_STOCK_OF_HUGO)
    default = word(file.at("defaultcontentlanguage"))
    languages = file.at("languages")
    for code, settings in languages.items() if isinstance(languages, dict) else ():
        if not isinstance(settings, dict) or not is_language_tag(code):
            continue
        place = DeclaredPlace(file.path, file.line("languages", code))
        folder = word(settings.get("contentdir")).strip("/") or f".{code}"  # of `page.fr.md`
        declared.languages.setdefault(folder, DeclaredSetting(code.lower(), place))
        if code == default or (not default and len(languages) == 1):
            declared.set("title", word(settings.get("title")), place)
    # what a site of one language calls `languageCode`, it calls `defaultContentLanguage` only if it thinks of it
    for key in ("defaultContentLanguage", "languageCode"):
        code = word(file.at(key.lower())).replace("_", "-").lower()
        if is_language_tag(code):
            _set_unless_stock(declared, code.partition("-")[0], DeclaredPlace(file.path, file.line(key)))
    _know_suffixes(declared, file)
    folders = [name for name in declared.languages if not name.startswith(".")] or ["content"]
    for text in words(file.at("ignorefiles")):
        try:
            declared.hidden_names.append(re.compile(text))
        except re.error:
            declared.hide(file.path, text)
    cascade = file.at("cascade")
    for row in [cascade] if isinstance(cascade, dict) else maps(cascade):
        target = row.get("target") or row.get("_target")
        path = word(target.get("path")) if isinstance(target, dict) else ""
        place = DeclaredPlace(file.path, file.line("cascade"))
        folder = path.partition("{")[0].partition("*")[0].strip("/")
        patterns = (f"**/{literally(folder)}*", f"**/{literally(folder)}*/**") if folder else ()
        declared.defaults.append(DeclaredDefaults(f"content/{folder}" if folder else "", row, place, patterns))
    for section, pattern in _permalinks(file.at("permalinks")):
        for folder in folders:
            declared.addresses.append(DeclaredAddress(f"{folder}/{section}".rstrip("/"), pattern))


def _without_case(value: Any) -> Any:
    """Return a table with its keys in small letters: Hugo makes no difference."""
    if not isinstance(value, dict):
        return value
    return {key.lower(): _without_case(inner) if key.lower() != "permalinks" else inner for key, inner in value.items()}


def _permalinks(value: Any) -> Iterator[tuple[str, str]]:
    tables = [value, value.get("page")] if isinstance(value, dict) else []
    for table in tables:
        if isinstance(table, dict):
            yield from ((name.strip("/"), pattern) for name, pattern in table.items() if isinstance(pattern, str))


# --- Zola -------------------------------------------------------------------------------------------------------------


def read_zola(file: DataFile, declared: Declared) -> None:
    """Take the title, the address, the language and what is left out."""
    _set_title(file, declared, "title")
    _set_base(file, declared, "base_url", stock=_STOCK_OF_ZOLA)
    if is_language_tag(code := word(file.at("default_language")).lower()):
        _set_unless_stock(declared, code, DeclaredPlace(file.path, file.line("default_language")))
    _know_suffixes(declared, file)
    for text in words(file.at("ignored_content")) if isinstance(file.at("ignored_content"), list) else ():
        for pattern in _without_braces(text):
            declared.hide(file.path, pattern)
    languages = file.at("languages")
    for code in languages if isinstance(languages, dict) else ():
        if is_language_tag(code):
            place = DeclaredPlace(file.path, file.line("languages", code))
            declared.languages.setdefault(f".{code}", DeclaredSetting(code.lower(), place))


def _without_braces(pattern: str) -> list[str]:
    """Return the patterns that one with alternatives in braces stands for: `*.{md,txt}`."""
    match = re.search(r"\{([^{}]*)\}", pattern)
    if match is None:
        return [pattern]
    return [f"{pattern[: match.start()]}{one}{pattern[match.end() :]}" for one in match[1].split(",")]


# --- MkDocs -----------------------------------------------------------------------------------------------------------


def read_mkdocs(file: DataFile, declared: Declared) -> None:
    """Take the title, the address, the language, and which files are drafts or left out."""
    _set_title(file, declared, "site_name")
    _set_base(file, declared, "site_url")
    for key in ("language", "locale"):
        if is_language_tag(code := word(file.at("theme", key)).lower()):
            _set_unless_stock(declared, code, DeclaredPlace(file.path, file.line("theme", key)))
    _know_suffixes(declared, file)
    folder = posixpath.normpath(word(file.at("docs_dir")) or "docs").strip("/")
    start = "" if folder == "." else f"{folder}/"
    for key in ("exclude_docs", "draft_docs"):
        for line in word(file.at(key)).splitlines():
            pattern = line.strip()
            if pattern and not pattern.startswith("#"):
                bare = pattern.removeprefix("!")
                inside = f"{start}{bare.lstrip('/')}" if "/" in bare.rstrip("/") else f"{start}**/{bare}"
                declared.hide(f"{file.path} {key}", f"{'!' if pattern != bare else ''}/{inside}")
