"""Herbier maps a vault of Markdown notes into linked data."""

from pathlib import Path
from typing import TYPE_CHECKING

from herbier.problems import HerbierError, Problem

if TYPE_CHECKING:
    import rdflib

__version__ = "0.1.0"
__all__ = ["HerbierError", "Problem", "__version__", "load"]


def load(vault: str | Path, base: str | None = None) -> "rdflib.Dataset":
    """Return all that a vault publishes as an rdflib Dataset, a named graph a note.

    The default graph of its queries is the union of the graphs. `base` overrides herbier.toml's; HerbierError where
    there is no such vault.
    """
    from herbier.pipeline.opening import open_vault
    from herbier.store.rdflib_dataset import rdflib_dataset

    return rdflib_dataset(open_vault(Path(vault), base))
