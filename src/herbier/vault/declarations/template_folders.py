"""Which folders are called as folders of templates are."""

from typing import Final

from herbier.text import name_key

_CALLED_SO: Final = frozenset(
    map(name_key, ["Templates", "_templates", "Template", "Modèles", "_modèles", "Modèles de notes", "Gabarits",
                   "archetypes", "Plantillas", "Vorlagen", "Modelos", "Modelli"])
)  # fmt: skip


def is_called_template(folder: str) -> bool:
    """Return whether the last part of a folder's path is what folders of templates are called, but for a number."""
    name = folder.rstrip("/").rpartition("/")[2].lstrip("0123456789 .-")
    return name_key(name) in _CALLED_SO
