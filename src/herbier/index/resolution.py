"""The index: the names of a vault's notes, and where a link leads.

Links resolve as in Obsidian: exact path, path suffix, stem, alias, then title and slug; under NFC and case folding;
among several the one nearest in the folder tree. Nothing is guessed: é is not e.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple

from herbier.index.heading_names import HeadingNames
from herbier.ledger.encryption import sealed_slug
from herbier.rdf.slugs import address_slug, plain_name, slug
from herbier.rdf.terms import Term
from herbier.rules.rule_types import KeyRule
from herbier.rules.type_evidence import bare_name
from herbier.text import clean, digest, name_key
from herbier.vault.declarations.page_addresses import address_key
from herbier.vault.files import MEDIA_TYPES, NOTE_SUFFIXES, path_order
from herbier.vault.inline import split_target
from herbier.vault.note import stem
from herbier.vault.summary import NoteSummary


class LinkTarget(NamedTuple):
    """Where a link leads.

    `kind` is `note` (`number` is its summary), `file` (`slug` is its path), `stub` (a note not written), `lost` (a file
    that is not there) or `private`. `rivals` are the paths that fit equally well, `title` is what a stub is called.
    """

    kind: str
    slug: str = ""
    number: int = -1
    rivals: tuple[str, ...] = ()
    title: str = ""


class SaidType(NamedTuple):
    """What the notes that name a thing say that it is: by the rule of a key, in the first of the notes."""

    rule: KeyRule
    path: str

    @property
    def terms(self) -> tuple[Term, ...]:
        """The classes."""
        return self.rule.classes


_PRIVATE: Final = LinkTarget("private")


def without_suffix(path: str) -> str:
    """Return a path without the suffix of a note."""
    if path.endswith(".md"):  # nearly all do
        return path[:-3]
    lower = path.lower()
    if not lower.endswith(NOTE_SUFFIXES):
        return path
    return next(path[: -len(suffix)] for suffix in NOTE_SUFFIXES if lower.endswith(suffix))


@dataclass(slots=True)
class Index:
    """All names of a vault. Built once from the summaries, then only read."""

    summaries: list[NoteSummary]
    slugs: list[str]
    files: dict[str, list[str]]
    hidden_files: frozenset[str]
    paths: dict[str, list[int]] = field(default_factory=dict)
    stems: dict[str, list[int]] = field(default_factory=dict)
    aliases: dict[str, list[int]] = field(default_factory=dict)
    titles: dict[str, list[int]] = field(default_factory=dict)
    by_slug: dict[str, int] = field(default_factory=dict)
    any_private: bool = False
    private_slugs: frozenset[str] = frozenset()  # what a private note would be called, for references by slug
    private_names: frozenset[str] = frozenset()  # the slug of all that a private note is called
    withdrawn: frozenset[str] = frozenset()  # what stands for the slugs of notes that were public once
    leads: dict[str, str] = field(default_factory=dict)  # slugs that lead to another
    former: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what a note was called before, by path
    merged: frozenset[int] = frozenset()  # summaries of notes merged into others
    formers: dict[str, list[int]] = field(default_factory=dict)  # what notes were called before
    folders: frozenset[str] = frozenset()
    ids: dict[str, list[int]] = field(default_factory=dict)  # of notes that have one, or whose name begins with one
    permalinks: dict[str, list[int]] = field(default_factory=dict)
    site_paths: dict[str, list[int]] = field(default_factory=dict)  # as a generator of sites would have them
    doubted: frozenset[tuple[str, str]] = frozenset()  # folders that are called after a type which their notes are not
    said_types: dict[int, SaidType] = field(default_factory=dict)  # what other notes say that a thing is
    stub_types: dict[str, SaidType] = field(default_factory=dict)
    translations: dict[int, tuple[int, ...]] = field(default_factory=dict)  # of notes, in other languages
    # found out along the way: names that lead to one note from wherever they stand, the anchors and names of headings
    known: dict[str, LinkTarget] = field(default_factory=dict)
    known_anchors: dict[int, tuple[str, ...]] = field(default_factory=dict)
    known_headings: dict[int, HeadingNames] = field(default_factory=dict)
    bare_folders: frozenset[str] = frozenset()

    def __getstate__(self) -> list[Any]:
        return [getattr(self, name) for name in _LASTING]

    def __setstate__(self, state: list[Any]) -> None:
        for name, value in zip(_LASTING, state, strict=True):
            setattr(self, name, value)
        self.known, self.known_anchors, self.known_headings = {}, {}, {}
        self.bare_folders = frozenset()

    def find(self, name: str, origin: str, *, relative: bool = False) -> LinkTarget:
        """Return where a link named `name` in the note at `origin` leads; `relative` is of Markdown links."""
        if not relative and (found := self.known.get(name)) is not None:
            return found
        found = self.search(name, origin, relative)
        if found is not None:
            return found
        if name_key(name) in self.private_slugs:
            return _PRIVATE
        return self._file(name, origin, relative) if _is_file_name(name) else self.unwritten(name, relative=relative)

    def find_link(self, name: str, alias: str, origin: str, *, relative: bool = False) -> LinkTarget:
        """Return where a link leads: by its target, else by its other words, where these alone are a note.

        Wikis and Dendron write `[[label|note]]`, Obsidian `[[note|label]]`.
        """
        found = self.find(name, origin, relative=relative)
        if not alias or relative or found.kind not in ("stub", "lost"):
            return found
        other = split_target(alias).name
        return (self.search(other, origin, False) if other else None) or found

    def unwritten(self, name: str, *, relative: bool = False) -> LinkTarget:
        """Return where a name leads that no note has: to a stub.

        To nothing, where a private note is called so but for accents, punctuation or its folder, or one that was
        withdrawn had its slug: the name of the stub would be that of the note.
        """
        title = self.title_in(name, relative=relative)
        for called in {slug(title), slug(title_of_link(name))} if self.any_private else ():
            if called in self.private_names or (self.withdrawn and sealed_slug(called) in self.withdrawn):
                return _PRIVATE
        wish = self._stub_slug(title)
        if (target := self.leads.get(wish, "")) in self.by_slug:
            return LinkTarget("note", target, self.by_slug[target])
        return LinkTarget("stub", wish, title=title)

    def resolve_text(self, name: str, origin: str) -> LinkTarget | None:
        """Return what plain words name: a note, by path, stem, alias, title or slug; None where they name none."""
        found = self.search(name, origin, False)
        if found is None and (number := self.by_slug.get(name.strip())) is not None:
            return LinkTarget("note", self.slugs[number], number)
        return _PRIVATE if found is None and name_key(name) in self.private_slugs else found

    def search(self, name: str, origin: str, relative: bool) -> LinkTarget | None:
        """Return what a name leads to by path, stem, alias or title; None where no note is called so."""
        path = without_suffix(name)
        folder = origin.rpartition("/")[0]
        from_here = relative or path.startswith(("./", "../"))
        if from_here and (near := self.paths.get(name_key(_joined(folder, path)))):
            return self._nearest(near, folder, path)
        key = name_key(path.strip("/"))
        if name.startswith("/") and (at := self.permalinks.get(address_key(key)) or self.site_paths.get(key)):
            return self._nearest(at, folder, path)
        if "/" in key:
            found = self.paths.get(key)
            if not found:
                tail = f"/{key}"
                found = [
                    number
                    for number in self.stems.get(key.rpartition("/")[2], ())
                    if f"/{_plain_path(self.summaries[number].path)}".endswith(tail)
                ]
        else:
            found = self.stems.get(key)
            if found and len(found) > 1:
                found = self.paths.get(key) or found
        found = found or self.aliases.get(key)
        if found is None and key != (exact := name_key(name)):
            found = self.stems.get(exact) or self.aliases.get(exact)
        if not found and name.endswith("/"):
            found = self.site_paths.get(name_key(_joined(folder, path)) if relative else key)
        found = (
            found
            or self.titles.get(key)
            or self.formers.get(key)
            or self.ids.get(key)
            or self.permalinks.get(address_key(key))
        )
        if not found:
            return None
        if len(found) > 1 or "/" in name:
            return self._nearest(found, folder, path)
        alone = self.known[name] = self._nearest(found, folder, path)
        return alone

    def named(self, name: str, by: Sequence[str]) -> list[int]:
        """Return the notes that plain words may name, by each of `by`, else by whatever notes are called by."""
        key = name_key(without_suffix(name))
        tables = {
            "stem": self.stems, "title": self.titles, "alias": self.aliases, "id": self.ids,
            "permalink": self.permalinks,
        }  # fmt: skip
        found_by = [numbers for table in by or tables if (numbers := tables[table].get(key))]
        if not by and not found_by:
            found_by = [self.formers.get(key, [])]
            if (number := self.by_slug.get(name.strip())) is not None:
                found_by.append([number])
        return list(dict.fromkeys([number for numbers in found_by for number in numbers]))

    def has_folder(self, name: str) -> bool:
        """Return whether a folder of the vault is called so, in the singular or the plural."""
        if not self.bare_folders:
            self.bare_folders = frozenset([bare_name(folder).rstrip("sx") for folder in self.folders])
        return plain_name(name).rstrip("sx") in self.bare_folders

    def _nearest(self, numbers: list[int], folder: str, path: str) -> LinkTarget:
        if len(numbers) == 1:
            number = numbers[0]
            return _PRIVATE if self.summaries[number].private else LinkTarget("note", self.slugs[number], number)
        wanted = path.rpartition("/")[2]

        def rank(number: int) -> tuple[int, bool]:
            other = self.summaries[number].path
            return _distance(folder, other.rpartition("/")[0]), stem(other) != wanted

        ranked = sorted(numbers, key=lambda number: (rank(number), path_order(self.summaries[number].path)))
        best = rank(ranked[0])
        tied = [number for number in ranked if rank(number) == best]
        # a private note is no rival that may be named, and a link that may mean it gives nothing away
        if any(self.summaries[number].private for number in tied):
            return _PRIVATE
        rivals = tuple(self.summaries[number].path for number in tied) if len(tied) > 1 else ()
        return LinkTarget("note", self.slugs[ranked[0]], ranked[0], rivals)

    def _file(self, name: str, origin: str, relative: bool) -> LinkTarget:
        folder = origin.rpartition("/")[0]
        wanted = name_key(name.strip("/"))
        found = self.files.get(wanted.rpartition("/")[2], [])
        near = name_key(_joined(folder, name))
        exact = [path for path in found if name_key(path) == (near if relative else wanted)]
        exact = exact or [path for path in found if name_key(path) in (near, wanted)]
        fitting = exact or [path for path in found if f"/{name_key(path)}".endswith(f"/{wanted}")]
        if not fitting:
            return LinkTarget("lost", name)
        fitting.sort(key=lambda path: (_distance(folder, path.rpartition("/")[0]), path_order(path)))
        return _PRIVATE if fitting[0] in self.hidden_files else LinkTarget("file", fitting[0])

    def title_in(self, name: str, *, relative: bool = False) -> str:
        """Return what a link calls a note that is not written: all of its name, unless that is a path of the vault.

        `CNRS/Inria` is a name, and so are the pages `MCP/Server` of Logseq; in `Gens/Ada`, `Gens` may be a folder.
        """
        path = without_suffix(name).strip()
        is_path = relative or path != name.strip() or path.startswith(("/", "./", "../"))
        if is_path or "/" not in path or name_key(path.partition("/")[0]) in self.folders:
            return title_of_link(name)
        return path.rstrip("/")

    def _stub_slug(self, title: str) -> str:
        """Return the slug of a note not written: the one that a note of that name would be given."""
        wish = address_slug(title)
        if wish and wish not in self.by_slug:
            return wish
        return f"{wish}-{digest(f'{clean(title)}.md')}" if wish else f"note-{digest(f'{clean(title)}.md')}"

    def is_old_path(self, name: str, summary: NoteSummary) -> bool:
        """Return whether an alias is a path that a note had before: a way for links, and no name.

        `Old folder/Page` of the note "Page" is; `CNRS/Inria` is a name, unless there is a folder `CNRS`.
        """
        path = without_suffix(name)
        if "/" not in name:
            return path != name
        if path != name or name.startswith(("/", "./")) or name.endswith(("/", ".html")) or name.count("/") > 1:
            return True
        folder, _, last = path.partition("/")
        own = {name_key(summary.title), name_key(stem(summary.path)), *map(name_key, summary.aliases)}
        return name_key(last) in own or name_key(folder) in self.folders


def _plain_path(path: str) -> str:
    """Return a path as it is compared; Jekyll writes the folder of a collection with `_`, and links to it without."""
    return name_key(without_suffix(path)).replace("/_", "/").removeprefix("_")


def title_of_link(name: str) -> str:
    """Return the title that a link gives to a note: its name without folders and suffix."""
    return without_suffix(name).rstrip("/").rpartition("/")[2]


def _joined(folder: str, path: str) -> str:
    parts = folder.split("/") if folder and not path.startswith("/") else []
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts)


def _distance(folder: str, other: str) -> int:
    """Return the number of steps from one folder to another in the tree."""
    if folder == other:
        return 0
    ours, theirs = (path.split("/") if path else [] for path in (folder, other))
    common = 0
    for a, b in zip(ours, theirs, strict=False):
        if a != b:
            break
        common += 1
    return len(ours) + len(theirs) - 2 * common


# What travels between processes: all but what is found out along the way.
_LASTING: Final = tuple(row.name for row in fields(Index))[:-4]


def _is_file_name(name: str) -> bool:
    """Return whether a link names a file that is no note: its last part has a suffix of a file."""
    suffix = name.rpartition("/")[2].rpartition(".")
    return bool(suffix[0]) and suffix[2].lower() in MEDIA_TYPES
