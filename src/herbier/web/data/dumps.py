"""Files of all that is published, and of the notes of each class: made when they are first asked for, then kept."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import file_digest
from multiprocessing.util import Finalize
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock
from typing import NamedTuple

from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from herbier.atomic_file import whole_file
from herbier.problems import HerbierError
from herbier.rdf.formats import Format, dumped_formats
from herbier.rdf.slugs import slug
from herbier.rdf.terms import Term, Triple
from herbier.text import digest, unique
from herbier.web.data.statistics import Statistics, statistics_of
from herbier.web.pages.display import curie_of
from herbier.web.site import Site, the_site

WHOLE = "dataset"
PACKED = ".gz"
SUMS = "SHA256SUMS"
_MOST = 200_000  # triples; of what holds more no file is made before it is asked for
_LATER = 300  # seconds
_EXTENSION = "herbier.dumps"


class UnmadeError(ServiceUnavailable):
    """A file that cannot be written now; why is the keeper's business alone, since it names folders."""

    def __init__(self) -> None:
        super().__init__("the files cannot be written at the moment", retry_after=_LATER)


class Extent(NamedTuple):
    """The extent of a file: the graphs of the notes of a class, or all graphs, where `term` is ""."""

    name: str
    term: Term
    notes: int


class Dump(NamedTuple):
    """A file that can be had; `name` ends in the suffixes of its format and of gzip."""

    name: str
    extent: Extent
    row: Format


class DumpFile(NamedTuple):
    """A file that was made: `size` is in bytes, `sha256` the digest of these bytes."""

    path: Path
    size: int
    sha256: bytes


@dataclass(frozen=True, eq=False)
class Dumps:
    """The files of a site, in a folder that only its own user may enter and that goes when the site does."""

    site: Site
    _made: dict[str, DumpFile] = field(default_factory=dict)
    _turns: dict[str, Lock] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    @cached_property
    def statistics(self) -> Statistics:
        """The counts of all that is published."""
        with self._alone("census"):
            return self._statistics

    @cached_property
    def _statistics(self) -> Statistics:
        return statistics_of(self.site.store.quads, self.site.base)

    @cached_property
    def extents(self) -> tuple[Extent, ...]:
        """All that is published, then the classes of the notes' things."""
        counts = Counter(term for note in self.site.catalogue.notes for term in note.types)
        taken = {WHOLE}
        found = [Extent(WHOLE, "", len(self.site.catalogue.notes))]
        for term in sorted(counts):
            short = curie_of(self.site, term)
            name = unique(slug(short) or digest(term), taken)
            taken.add(name)
            found.append(Extent(name, term, counts[term]))
        return tuple(found)

    @cached_property
    def offered(self) -> dict[str, Dump]:
        """The files that can be had, by name."""
        rows = ((extent, row) for extent in self.extents for row in dumped_formats(graphs=not extent.term))
        dumps = (Dump(f"{extent.name}{row.suffix}{PACKED}", extent, row) for extent, row in rows)
        return {dump.name: dump for dump in dumps}

    @property
    def of_all(self) -> list[Dump]:
        """The files of all that is published, one a format."""
        return [dump for dump in self.offered.values() if not dump.extent.term]

    @property
    def are_prompt(self) -> bool:
        """Return whether the files are made in no time, so that what is known of them can be reported at once."""
        return self.statistics.triples <= _MOST

    def made(self, dump: Dump) -> DumpFile:
        """Return a file, made now where it is not there; whoever asks meanwhile waits.

        Raises UnmadeError where it cannot be written.
        """
        with self._alone(dump.name):
            made = self._made.get(dump.name)
            if made is None or not made.path.is_file():
                try:
                    made = self._made[dump.name] = self._make(dump)
                except (HerbierError, OSError) as error:
                    raise UnmadeError from error
            return made

    def _alone(self, what: str) -> Lock:
        """Return what is held by the one who makes something, so that it is made once."""
        with self._turn:
            return self._turns.setdefault(what, Lock())

    @cached_property
    def _folder(self) -> Path:
        folder = Path(mkdtemp(prefix="herbier-"))  # for its own user alone
        # unlike weakref's, it is called at the end of a process that was forked, too, and not in its own forks
        Finalize(self, rmtree, (folder, True), exitpriority=0)
        return folder

    def _make(self, dump: Dump) -> DumpFile:
        with self._alone("folder"):
            path = self._folder / dump.name
        with whole_file(path, gzipped=True) as put:
            self._write(dump, put)
        with path.open("rb") as written:
            return DumpFile(path, path.stat().st_size, file_digest(written, "sha256").digest())

    def _write(self, dump: Dump, put: Callable[[bytes], object]) -> None:
        row, names = dump.row, self.site.names
        put(row.head(names).encode())
        between = b""
        for block in filter(None, self._blocks(dump)):
            put(between)
            put(block)
            between = row.between.encode()
        put(row.tail.encode())

    def _blocks(self, dump: Dump) -> Iterator[bytes]:
        """Yield what each graph gives; in a format without graphs, what several hold is written for the first."""
        written: set[Triple] = set()
        shared = set() if dump.row.graphs else self.statistics.shared.keys()
        for name in self._graphs(dump.extent):
            triples = self.site.store.graph(name)
            if shared:
                triples = [triple for triple in triples if triple not in written]
                written.update(shared & set(triples))
            yield dump.row.block(triples, name, self.site.names)

    def _graphs(self, extent: Extent) -> list[Term]:
        if extent.term:
            notes = (note for note in self.site.catalogue.notes if extent.term in note.types)
            return sorted(self.site.mint.note(note.slug) for note in notes)
        return sorted(str(graph) for graph in self.site.store.quads.named_graphs())


def the_dumps() -> Dumps:
    """Return the files of the site that the current request is made to."""
    dumps: Dumps = current_app.extensions.setdefault(_EXTENSION, Dumps(the_site()))
    return dumps
