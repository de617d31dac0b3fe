"""Herbier turns a vault of Markdown notes into linked data.

What is named in `__all__` is the public interface, and changes as Semantic Versioning says. All else in this package is
internal: it may change with any version. The command `herbier` and the site have interfaces of their own.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from herbier.problems import HerbierError, Problem

if TYPE_CHECKING:
    import rdflib

    from herbier.pipeline.opening import Vault

__version__ = "0.1.0"
__all__ = ["HerbierError", "Problem", "__version__", "check", "load", "open_vault"]


def open_vault(vault: "str | Path | Vault", base: str | None = None) -> "Vault":
    """Open a vault: its settings, its mapping and the list of its files, of which no note has been read yet.

    `base` overrides herbier.toml's. One that is open already is returned as it is. HerbierError where there is no such
    vault.
    """
    from herbier.pipeline.opening import Vault
    from herbier.pipeline.opening import open_vault as opened

    return vault if isinstance(vault, Vault) else opened(Path(vault), base)


def load(vault: "str | Path | Vault", base: str | None = None) -> "rdflib.Dataset":
    """Return all that a vault publishes as an rdflib Dataset, a named graph a note.

    The default graph of its queries is the union of the graphs. `base` overrides herbier.toml's; HerbierError where
    there is no such vault.
    """
    from herbier.store.rdflib_dataset import rdflib_dataset

    return rdflib_dataset(open_vault(vault, base))


def check(vault: "str | Path | Vault", base: str | None = None, language: str = "en") -> list[Problem]:
    """Return all that is wrong in a vault, as `herbier check` reports it; their messages are in a language.

    The shapes are Herbier's own and those of the vault. HerbierError where there is no such vault.
    """
    from herbier.checking.check import check as checked
    from herbier.shapes import load_shapes
    from herbier.translation import translated_problem

    found = open_vault(vault, base)
    return [
        translated_problem(problem, language) for problem in checked(found, load_shapes(found.root), language).problems
    ]
