"""What the generators of sites declare: title, address, languages, what is left out, and where pages lie.

Sources: https://jekyllrb.com/docs/configuration/, https://gohugo.io/configuration/,
https://www.getzola.org/documentation/getting-started/configuration/,
https://www.mkdocs.org/user-guide/configuration/.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from herbier.config import normal_base
from herbier.text import is_language_tag
from herbier.vault.declarations.data_file import DataFile, maps, word, words
from herbier.vault.declarations.declared import (
    Declared,
    DeclaredAddress,
    DeclaredDefaults,
    DeclaredPlace,
    DeclaredSetting,
    DeclaredType,
)

_NEAR: Final = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1")


def _set_base(file: DataFile, declared: Declared, key: str, more: str = "") -> None:
    """Take the address of the site, with a path below it; that of a machine of one's own is none."""
    try:
        base = normal_base(f"{word(file.at(key)).rstrip('/')}/{more.strip('/')}")
    except ValueError:
        return
    if urlsplit(base).hostname not in _NEAR:
        declared.set("base", base, DeclaredPlace(file.path, file.line(key)))


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


def read_jekyll(file: DataFile, declared: Declared) -> None:
    """Take the title, the address, the collections, the defaults and what is left out."""
    _set_title(file, declared, "title")
    _set_title(file, declared, "name")
    _set_base(file, declared, "url", word(file.at("baseurl")))
    _set_language(file, declared, "lang")
    _set_language(file, declared, "locale")
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
        declared.hidden.append(name if "*" in name else f"/{name.strip('/')}")


def _defaults(file: DataFile, row: dict[str, Any], start: str, declared: Declared) -> None:
    scope, values = row.get("scope"), row.get("values")
    if not isinstance(values, dict):
        return
    scope = scope if isinstance(scope, dict) else {}
    path, kind = word(scope.get("path")).strip("/"), word(scope.get("type"))
    if "*" in path or kind in ("drafts", "draft"):
        return
    folder = path
    if kind in ("posts", "post"):
        folder = f"{path}/_posts".strip("/") if path.rpartition("/")[2] != "_posts" else path
    elif kind and kind not in ("pages", "page") and not path.startswith(f"_{kind}"):
        folder = f"{start}_{kind}"
    place = DeclaredPlace(file.path, file.line("defaults", path or kind or "values", next(iter(values), "values")))
    declared.defaults.append(DeclaredDefaults(folder, values, place))
    code = word(values.get("lang") or values.get("locale")).replace("_", "-").lower()
    if is_language_tag(code):
        if folder:
            declared.languages.setdefault(folder, DeclaredSetting(code, place))
        else:
            declared.set("language", code, place)
    if folder and (pattern := word(values.get("permalink"))):
        declared.addresses.append(DeclaredAddress(folder, _STYLES.get(pattern, pattern)))
    names = [*words(values.get("type")), *words(values.get("layout")), *words(values.get("category")),
             *words(values.get("categories"))]  # fmt: skip
    if folder and names:
        declared.types.append(DeclaredType(tuple(names), place, folder))


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
    _set_base(file, declared, "baseurl")
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
            declared.set("language", code.partition("-")[0], DeclaredPlace(file.path, file.line(key)))
    folders = [name for name in declared.languages if not name.startswith(".")] or ["content"]
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
    _set_base(file, declared, "base_url")
    _set_language(file, declared, "default_language")
    declared.hidden += words(file.at("ignored_content"))
    languages = file.at("languages")
    for code in languages if isinstance(languages, dict) else ():
        if is_language_tag(code):
            place = DeclaredPlace(file.path, file.line("languages", code))
            declared.languages.setdefault(f".{code}", DeclaredSetting(code.lower(), place))


# --- MkDocs -----------------------------------------------------------------------------------------------------------


def read_mkdocs(file: DataFile, declared: Declared) -> None:
    """Take the title, the address, the language, and which files are drafts or left out."""
    _set_title(file, declared, "site_name")
    _set_base(file, declared, "site_url")
    _set_language(file, declared, "theme", "language")
    _set_language(file, declared, "theme", "locale")
    folder = word(file.at("docs_dir")).strip("/") or "docs"
    for key in ("exclude_docs", "draft_docs"):
        for line in word(file.at(key)).splitlines():
            pattern = line.strip()
            if pattern and not pattern.startswith("#"):
                bare = pattern.removeprefix("!")
                inside = f"{folder}/{bare.lstrip('/')}" if "/" in bare.rstrip("/") else f"{folder}/**/{bare}"
                declared.hidden.append(f"{'!' if pattern != bare else ''}/{inside}")
