"""What Obsidian and its plugins declare: kinds of properties, templates, and the fileClasses of Metadata Menu.

Sources: https://help.obsidian.md/properties, https://help.obsidian.md/plugins/templates,
https://silentvoid13.github.io/Templater/settings.html, https://mdelobelle.github.io/metadatamenu/fileclasses/.
"""

import os
import posixpath
from pathlib import Path
from typing import Any, Final

from herbier.problems import Problem
from herbier.text import clean
from herbier.vault.declarations.data_file import DataFile, is_yes, lies_within, maps, unused, word, words
from herbier.vault.declarations.declared import (
    Declared,
    DeclaredField,
    DeclaredName,
    DeclaredPlace,
    DeclaredRow,
    DeclaredType,
)
from herbier.vault.fields import Map, Scalar, Value
from herbier.vault.frontmatter import read_front_matter

TYPES: Final = ".obsidian/types.json"
TEMPLATES: Final = ".obsidian/templates.json"
TEMPLATER: Final = ".obsidian/plugins/templater-obsidian/data.json"
METADATA_MENU: Final = ".obsidian/plugins/metadata-menu/data.json"

_KINDS: Final = {
    "text": "words",
    "multitext": "words",
    "number": "number",
    "checkbox": "boolean",
    "date": "date",
    "datetime": "date",
}


def read_property_types(file: DataFile, declared: Declared) -> None:
    """Take the kinds of properties."""
    kinds = file.at("types")
    for key, name in kinds.items() if isinstance(kinds, dict) else ():
        if kind := _KINDS.get(str(name)):
            declared.fields.append(DeclaredField(key, DeclaredPlace(file.path, file.line("types", key)), kind))


def read_core_templates(file: DataFile, declared: Declared) -> None:
    """Take the folder of templates of the core plugin."""
    _add_folder(declared, file.at("folder"))


def read_templater(file: DataFile, declared: Declared) -> None:
    """Take the folder of templates of Templater, and which folders have which."""
    _add_folder(declared, file.at("templates_folder"))
    for row in maps(file.at("folder_templates")):
        folder, template = word(row.get("folder")).strip("/"), word(row.get("template"))
        if folder and template:
            declared.of_folder[folder] = template


def _add_folder(declared: Declared, folder: Any) -> None:
    name = posixpath.normpath(clean(word(folder)).strip("/ ") or ".")
    if name != "." and not name.startswith(".."):
        declared.template_folders.add(f"{name}/")


# --- Metadata Menu ----------------------------------------------------------------------------------------------------

_FIELD_KINDS: Final = {
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "date",
    "input": "words",
    "file": "entity",
    "multifile": "entity",
}
_MOST_CLASSES: Final = 500


def read_metadata_menu(file: DataFile, declared: Declared, root: Path, problems: list[Problem]) -> None:
    """Take the fileClasses: the tags and folders of each, its fields, and which class it is a narrower one of."""
    alias = word(file.at("fileClassAlias"))
    if alias and alias != "fileClass":
        place = DeclaredPlace(file.path, file.line("fileClassAlias"))
        declared.rows.append(DeclaredRow("keys", f"{alias} (Metadata Menu)", {"names": [alias], "role": "type"}, place))
    folder = posixpath.normpath(word(file.at("classFilesPath")).strip("/") or ".")
    if folder == "." or folder.startswith("../") or folder == "..":
        return
    declared.template_folders.add(f"{clean(folder)}/")
    for path in _notes_in(root, folder):
        _file_class(root, path, path[len(folder) + 1 :].removesuffix(".md"), declared, problems)


def _notes_in(root: Path, folder: str) -> list[str]:
    found: list[str] = []
    for at, folders, files in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        way = Path(at).relative_to(root).as_posix()
        notes = [name for name in sorted(files) if name.endswith(".md")]
        found += [f"{way}/{name}" for name in notes if lies_within(root, Path(at) / name)]
        if len(found) >= _MOST_CLASSES:
            break
    return found[:_MOST_CLASSES]


def _file_class(root: Path, path: str, name: str, declared: Declared, problems: list[Problem]) -> None:
    try:
        text = (root / path).read_text("utf-8-sig") if not (root / path).is_symlink() else ""
    except (OSError, UnicodeDecodeError):
        return
    front = read_front_matter(text, path)
    if front.lost and front.problems:
        first = front.problems[0]
        problems.append(unused(path, first.line, first.column, first.message))
    values = {field.key: _plain(field.values) for field in front.fields}
    lines = {field.key: field.line for field in front.fields}
    at = DeclaredPlace(path, 1)
    names: tuple[str, ...] = (name.rpartition("/")[2], name)
    if above := word(values.get("extends")):
        declared.names.append(DeclaredName(names[0], above, DeclaredPlace(path, lines["extends"])))
    tags = words(values.get("tagNames"))
    if is_yes(values.get("mapWithTag")) and " " not in name:
        tags.append(name)
    for tag in tags:
        place = DeclaredPlace(path, lines.get("tagNames", lines.get("mapWithTag", 1)))
        declared.types.append(DeclaredType(names, place, tag=tag, sure=True))
    for folder in words(values.get("filesPaths")):
        place = DeclaredPlace(path, lines["filesPaths"])
        declared.types.append(DeclaredType(names, place, folder=folder.strip("/"), sure=True))
    for row in front.fields:
        for value in row.values if row.key == "fields" else ():
            if isinstance(value, Map):
                described = {inner.key: _plain(inner.values) for inner in value.fields}
                kind = _FIELD_KINDS.get(word(described.get("type")).lower(), "")
                if kind and (key := word(described.get("name"))) and not described.get("path"):
                    declared.fields.append(DeclaredField(key, at._replace(line=value.line), kind))


def _plain(values: tuple[Value, ...]) -> Any:
    """Return what stands under a key as plain data: a text, or a list of texts."""
    texts = [value.text for value in values if isinstance(value, Scalar)]
    return texts[0] if len(values) == 1 and texts else texts
