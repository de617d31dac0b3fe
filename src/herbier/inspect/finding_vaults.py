"""The vault that a note or a folder belongs to."""

from pathlib import Path

_OF_VAULTS = (
    "herbier.toml", "_config.yml", "hugo.toml", "hugo.yaml", "config.toml", "zola.toml", "mkdocs.yml", "dendron.yml",
    "frontmatter.json", "config/_default/hugo.toml", "config/_default/hugo.yaml", "context.jsonld",
)  # fmt: skip


def vault_of(place: Path) -> Path:
    """Return the vault of a note or a folder: the nearest folder that says it is one, else the nearest."""
    place = place.resolve()
    folders = [place, *place.parents] if place.is_dir() else list(place.parents)
    return next((folder for folder in folders if is_vault(folder)), folders[0])


def is_vault(folder: Path) -> bool:
    """Return whether a folder says that it is a vault: by herbier.toml, or by a file of its editor or generator."""
    return (folder / ".obsidian").is_dir() or any((folder / name).is_file() for name in _OF_VAULTS)
