"""The vault that a note or a folder belongs to."""

from pathlib import Path


def vault_of(place: Path) -> Path:
    """Return the vault of a note or a folder: the nearest folder with herbier.toml or .obsidian, else the nearest."""
    place = place.resolve()
    folders = [place, *place.parents] if place.is_dir() else list(place.parents)
    return next((folder for folder in folders if is_vault(folder)), folders[0])


def is_vault(folder: Path) -> bool:
    """Return whether a folder says that it is a vault."""
    return (folder / "herbier.toml").is_file() or (folder / ".obsidian").is_dir()
