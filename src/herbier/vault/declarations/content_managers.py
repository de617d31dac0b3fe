"""What content management systems declare: collections of notes, kinds of fields, and relations between entries.

Sources: https://decapcms.org/docs/configuration-options/ (Decap, formerly Netlify CMS, and its like),
https://frontmatter.codes/docs/settings/overview (Front Matter, of Visual Studio Code).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herbier.vault.declarations.data_file import DataFile, is_yes, maps, word, words
from herbier.vault.declarations.declared import Declared, DeclaredField, DeclaredPlace, DeclaredRow, DeclaredType

# --- Decap ------------------------------------------------------------------------------------------------------------

_WIDGETS: Final = {"string": "words", "boolean": "boolean", "datetime": "date", "date": "date"}
_VALUE_FIELDS: Final = {"title": "title", "id": "id", "permalink": "permalink", "aliases": "alias"}


def read_decap(file: DataFile, declared: Declared) -> None:
    """Take the collections as folders of a type, and what their fields hold; a relation names an entry of another."""
    collections = list(maps(file.at("collections")))
    folders = {word(one.get("name")): word(one.get("folder")).strip("/") for one in collections}
    for one in collections:
        name, folder = word(one.get("name")), word(one.get("folder")).strip("/")
        if not name or not folder:
            continue
        names = tuple(filter(None, (name, word(one.get("label_singular")), word(one.get("label")))))
        if not one.get("filter"):  # else the folder is of several collections
            place = DeclaredPlace(file.path, file.line("collections", name))
            declared.types.append(DeclaredType(names, place, folder))
        for said in _fields(one.get("fields")):
            key, widget = word(said.get("name")), word(said.get("widget")) or "string"
            place = DeclaredPlace(file.path, file.line("collections", name, key))
            if widget == "relation":
                target = folders.get(word(said.get("collection")), "")
                by = _by(word(said.get("value_field") or said.get("valueField")))
                declared.fields.append(DeclaredField(key, place, "entity", by, target, folder))
            elif kind := _WIDGETS.get(widget) or (_number(said) if widget == "number" else ""):
                declared.fields.append(DeclaredField(key, place, kind, within=folder))


def _fields(value: Any) -> Iterator[dict[str, Any]]:
    yield from (one for one in maps(value) if word(one.get("name")) not in ("", "body"))


def _number(said: Mapping[str, Any]) -> str:
    return "number" if word(said.get("value_type") or said.get("valueType")) in ("int", "float") else "words"


def _by(field: str) -> tuple[str, ...]:
    """Return by what a relation names an entry; none where that may be any of its names."""
    if "{{slug}}" in field or "{{fields.slug}}" in field or field == "slug":
        return ("stem",)
    name = field.removeprefix("{{").removesuffix("}}").removeprefix("fields.")
    return (_VALUE_FIELDS[name],) if name in _VALUE_FIELDS else ()


# --- Front Matter -----------------------------------------------------------------------------------------------------

_TYPES: Final = {"string": "words", "number": "number", "boolean": "boolean", "datetime": "date"}


def read_front_matter_cms(file: DataFile, declared: Declared) -> None:
    """Take the folders of pages as folders of a type, what fields hold, and which of them says that a page is none."""
    folders: dict[str, str] = {}
    for row in maps(_at(file, "content.pageFolders")):
        path = word(row.get("path")).replace("[[workspace]]", "").strip("/")
        kinds = words(row.get("contentTypes"))
        if path and len(kinds) == 1 and "*" not in path:
            folders.setdefault(kinds[0], path)
            place = DeclaredPlace(file.path, file.line("pageFolders", word(row.get("path")) or path))
            declared.types.append(DeclaredType((kinds[0], word(row.get("title"))), place, path))
    for row in maps(_at(file, "taxonomy.contentTypes")):
        name = word(row.get("name"))
        for said in maps(row.get("fields")):
            key, kind = word(said.get("name")), word(said.get("type"))
            place = DeclaredPlace(file.path, file.line("contentTypes", name, key))
            within = folders.get(name, "")
            if kind == "contentRelationship":
                by = ("stem",) if word(said.get("contentTypeValue")) == "slug" else ()
                target = folders.get(word(said.get("contentTypeName")), "")
                declared.fields.append(DeclaredField(key, place, "entity", by, target, within))
            elif kind == "draft":
                _add_draft(declared, _draft(key, said, place))
            elif kind in _TYPES:
                declared.fields.append(DeclaredField(key, place, _TYPES[kind], within=within))
    draft = _at(file, "content.draftField")
    if isinstance(draft, dict) and (key := word(draft.get("name"))):
        _add_draft(declared, _draft(key, draft, DeclaredPlace(file.path, file.line("draftField", key))))


def _at(file: DataFile, name: str) -> Any:
    """Return a setting, the names of which are not nested."""
    return file.data.get(f"frontMatter.{name}") if isinstance(file.data, dict) else None


def _add_draft(declared: Declared, row: DeclaredRow) -> None:
    if not any(other.table == row.table and other.value == row.value for other in declared.rows):
        declared.rows.append(row)


def _draft(key: str, said: Mapping[str, Any], place: DeclaredPlace) -> DeclaredRow:
    hides, shows = ("no", "yes") if is_yes(said.get("invert")) else ("yes", "no")
    otherwise = "nothing" if word(said.get("type")) == "choice" else "hide"
    row = {"keys": [key], "hides": [hides, "draft", "brouillon"], "shows": [shows], "otherwise": otherwise}
    return DeclaredRow("privacy", f"draft field {key}, line {place.line}", row, place)
