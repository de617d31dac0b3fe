"""Where a vault keeps its templates: what its editor's settings say, else a folder that is called so.

Obsidian: `.obsidian/templates.json` and the settings of the plugin Templater, https://help.obsidian.md/plugins/templates.
"""

import json
from pathlib import Path
from typing import Any, Final

from herbier.messages import Message, reason
from herbier.problems import Problem, problem
from herbier.text import name_key

_DECLARED: Final = {
    ".obsidian/templates.json": "folder",
    ".obsidian/plugins/templater-obsidian/data.json": "templates_folder",
}
_CALLED_SO: Final = frozenset(
    map(name_key, ["Templates", "_templates", "Template", "Modèles", "_modèles", "Modèles de notes", "Gabarits",
                   "archetypes", "Plantillas", "Vorlagen", "Modelos", "Modelli"])
)  # fmt: skip
_MOST_BYTES: Final = 1_000_000


def is_called_template(folder: str) -> bool:
    """Return whether the last part of a folder's path is what folders of templates are called, but for a number."""
    name = folder.rstrip("/").rpartition("/")[2].lstrip("0123456789 .-")
    return name_key(name) in _CALLED_SO


def declared_templates(root: Path, problems: list[Problem]) -> frozenset[str]:
    """Return the folders, with `/` at the end, that the settings of an editor name; a broken one is reported."""
    found: set[str] = set()
    for file, key in _DECLARED.items():
        settings = read_declaration(root, file, problems)
        folder = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(folder, str) and folder.strip("/ "):
            found.add(f"{folder.strip('/ ')}/")
    return frozenset(found)


def read_declaration(root: Path, file: str, problems: list[Problem]) -> Any:
    """Return what a file of JSON in the vault holds, None where there is none, or none that can be read."""
    path = root / file
    try:
        if path.is_symlink() or not path.is_file():
            return None
        if path.stat().st_size > _MOST_BYTES:
            why = Message("it has more than {limit:,} bytes", limit=_MOST_BYTES)
            problems.append(problem("bad-declaration", file, 0, 0, _unread(why)))
            return None
        return json.loads(path.read_text("utf-8-sig"))
    except json.JSONDecodeError as error:
        problems.append(problem("bad-declaration", file, error.lineno, error.colno, _unread(str(error.msg))))
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        problems.append(problem("bad-declaration", file, 0, 0, _unread(reason(error))))
    return None


def _unread(why: str) -> Message:
    return Message("what the vault declares here is not used: {why}", why=why)
