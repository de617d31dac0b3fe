"""The site: an open vault and the store of what it publishes. All views read from here."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pyoxigraph
from flask import current_app

import herbier
from herbier.config import FILE
from herbier.data_folders import data_folder
from herbier.ledger.ledger_file import LIVE, Ledger, LedgerEntry
from herbier.mapping.vault_totals import Understood
from herbier.pipeline.opening import Vault
from herbier.rdf.iris import Mint
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import RDF_TYPE, Term, Triple, iri, lexical
from herbier.rules.rule_types import Model
from herbier.store.embedded import Store
from herbier.store.limits import Limits
from herbier.translation import ENGLISH, languages
from herbier.web.catalogue import Catalogue, catalogue_of
from herbier.web.response_cache import ResponseCache

EXTENSION = "herbier"
_NEVER_IN_A_NAME = frozenset("#?%")  # in an IRI they end the path, or stand for another character


@dataclass(frozen=True)
class Site:
    """A vault that is served, and the store of its triples."""

    vault: Vault
    store: Store
    ledger: Ledger = field(default_factory=Ledger)
    understood: Understood | None = None  # shown to the keeper alone

    @cached_property
    def left(self) -> dict[str, LedgerEntry]:
        """The slugs that no note has any more; those withdrawn are there as `sealed_slug` writes them."""
        return {entry.slug: entry for entry in self.ledger.entries if entry.state != LIVE}

    @property
    def base(self) -> str:
        """The base of all IRIs, whatever host is asked."""
        return self.vault.settings.base

    @property
    def mint(self) -> Mint:
        """The maker of the IRIs."""
        return self.vault.mint

    @property
    def model(self) -> Model:
        """The predicates and classes of what every note has."""
        return self.vault.rules.model

    @property
    def limits(self) -> Limits:
        """The limits of a query."""
        settings = self.vault.settings
        return Limits(settings.query_time, settings.query_memory, settings.query_result)

    @cached_property
    def names(self) -> Namespaces:
        """How IRIs are shortened."""
        return self.vault.names

    @property
    def title(self) -> str:
        """The title of the site: the vault's, else its folder's name."""
        return self.vault.settings.title or _readable(self.vault.root.resolve().name) or "Herbier"

    @property
    def language(self) -> str:
        """The language of the interface: the vault's, else that of most of its notes; English without a catalogue."""
        return self._language

    @cached_property
    def _language(self) -> str:
        codes = [self.vault.settings.language] if self.vault.settings.language else self._languages()
        known = languages()
        bases = (code.partition("-")[0] for code in codes)
        uses = Counter(base if base in known else ENGLISH for base in bases)
        return max([ENGLISH, *sorted(uses)], key=lambda code: uses[code])

    def _languages(self) -> Iterator[str]:
        """Yield the language of each note that has one."""
        predicate = pyoxigraph.NamedNode(self.model.language.terms[0][1:-1])
        for quad in self.store.quads.quads_for_pattern(None, predicate, None):
            yield lexical(str(quad.object))

    @cached_property
    def size(self) -> int:
        """How many triples there are."""
        return len(self.store)

    @cached_property
    def catalogue(self) -> Catalogue:
        """All notes, types and tags."""
        return catalogue_of(self.store, self.model, self.mint)

    @cached_property
    def response_cache(self) -> ResponseCache:
        """The answers that were sent and may be asked for again."""
        return ResponseCache()

    @cached_property
    def changed(self) -> datetime:
        """When what is served last changed, to the second: no page is ever younger (RFC 9110, section 8.8.2).

        A page shows its own note and what others say of it, by the rules of the vault and of Herbier, so that a change
        of any of these may change it. Folders are looked at since they tell that a note has gone.
        """
        now = datetime.now(UTC)
        times = [now.timestamp() if (time := _time(path)) is None else time for path in self._sources()]
        return min(now, datetime.fromtimestamp(max(times, default=0), UTC)).replace(microsecond=0)

    def _sources(self) -> Iterator[Path]:
        """Yield every file and folder on which a page may depend."""
        root, listing = self.vault.root, self.vault.listing
        read = (*self.vault.included.files, *self.vault.settings.bibliography)
        paths = (*listing.notes, *read, *self.vault.attachments)
        folders = {str(parent) for path in paths for parent in Path(path).parents}
        yield from (root / path for path in (*paths, *folders))
        settings = root / FILE
        yield from [settings] if settings.exists() else []
        for folder in (Path(herbier.__file__).parent, *map(data_folder, ("mapping", "ontology", "shapes"))):
            yield from (path for path in folder.rglob("*") if path.suffix != ".pyc" and path.name != "__pycache__")

    @cached_property
    def files(self) -> dict[Term, str]:
        """The attachments that a public note embeds: where each is in the vault, by its IRI.

        Only these are ever read from the disk, so no path of a request is.
        """
        embedded = set(self._embedded())
        paths = {self.mint.file(path): path for path in reversed(self.vault.attachments)}
        return {term: path for term, path in paths.items() if term in embedded}

    @cached_property
    def blurred_files(self) -> dict[str, str]:
        """The attachments whose path is not UTF-8, by what the server makes of it; of two that look alike, none."""
        names: dict[str, list[str]] = {}
        for path in self.files.values():
            blurred = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            if blurred != path:
                names.setdefault(blurred, []).append(path)
        return {blurred: paths[0] for blurred, paths in names.items() if len(paths) == 1}

    def _embedded(self) -> list[Term]:
        rdf_type = pyoxigraph.NamedNode(RDF_TYPE[1:-1])
        return [
            str(quad.subject)
            for term in (*self.model.image_class.terms, *self.model.file_class.terms)
            for quad in self.store.quads.quads_for_pattern(None, rdf_type, pyoxigraph.NamedNode(term[1:-1]), None)
            if str(quad.graph_name).startswith(f"<{self.base}doc/")
        ]

    def find_term(self, path: str) -> Term | None:
        """Return the IRI at a path below the base; None where that is no IRI, so that nothing can have it."""
        if not _NEVER_IN_A_NAME.isdisjoint(path) or iri(path) != f"<{path}>":
            return None
        try:
            pyoxigraph.NamedNode(self.base + path)
        except ValueError:
            return None
        return f"<{self.base}{path}>"

    def said_of_note(self, slug: str) -> list[Triple]:
        """Return what /doc/{slug} says: the note's graph; of a note not written, what others say of it."""
        note, thing = self.find_term(f"doc/{slug}"), self.find_term(f"id/{slug}")
        if note is None or thing is None:
            return []
        return self.store.describe(note) or self.store.describe(thing)


def _readable(name: str) -> str:
    """Return the name of a folder; one that is not UTF-8 is read as notes that are not."""
    raw = name.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _time(path: Path) -> float | None:
    """Return when a file was last changed, in seconds since 1970; None where it is gone by now."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return None


def the_site() -> Site:
    """Return the site that the current request is made to."""
    site: Site = current_app.extensions[EXTENSION]
    return site
