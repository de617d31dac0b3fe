"""What the notes of a vault are called, and where a link leads: the index.

Links resolve as in Obsidian: exact path, path suffix, stem, alias, then title and slug; under NFC and case folding;
among several the one nearest in the folder tree. Nothing is guessed: é is not e.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, NamedTuple

from herbier.cards import Card
from herbier.heading_names import HeadingNames, fragments_of, is_place
from herbier.ledger.lines import WITHDRAWN, sealed_slug
from herbier.ledger.match import NO_PAST, Past, private_names
from herbier.problems import Problem
from herbier.slugs import anchors, assign_slugs
from herbier.terms import address_slug, clean, digest, name_key, slug
from herbier.vault.files import MEDIA_TYPES, NOTE_SUFFIXES, path_order
from herbier.vault.inline import (
    MARKDOWN_ANY,
    MARKDOWN_LINK,
    WIKILINK,
    is_web_address,
    path_target,
    split_target,
    wikilink,
)
from herbier.vault.note import stem

REDACTED: Final = "[…]"


class Found(NamedTuple):
    """Where a link leads.

    `kind` is `note` (`number` is its card), `file` (`slug` is its path), `stub` (a note not written), `lost` (a file
    that is not there) or `private`. `rivals` are the paths that fit equally well, `title` is what a stub is called.
    """

    kind: str
    slug: str = ""
    number: int = -1
    rivals: tuple[str, ...] = ()
    title: str = ""


_PRIVATE: Final = Found("private")


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
    """All names of a vault. Built once from the cards, then only read."""

    cards: list[Card]
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
    merged: frozenset[int] = frozenset()  # cards of notes merged into others
    formers: dict[str, list[int]] = field(default_factory=dict)  # what notes were called before
    folders: frozenset[str] = frozenset()
    # found out along the way: names that lead to one note from wherever they stand, the anchors and names of headings
    known: dict[str, Found] = field(default_factory=dict)
    known_anchors: dict[int, tuple[str, ...]] = field(default_factory=dict)
    known_headings: dict[int, HeadingNames] = field(default_factory=dict)

    def __getstate__(self) -> list[Any]:
        return [getattr(self, name) for name in _LASTING]

    def __setstate__(self, state: list[Any]) -> None:
        for name, value in zip(_LASTING, state, strict=True):
            setattr(self, name, value)
        self.known, self.known_anchors, self.known_headings = {}, {}, {}

    def find(self, name: str, origin: str, *, relative: bool = False) -> Found:
        """Return where a link named `name` in the note at `origin` leads; `relative` is of Markdown links."""
        if not relative and (found := self.known.get(name)) is not None:
            return found
        found = self._search(name, origin, relative)
        if found is not None:
            return found
        if name_key(name) in self.private_slugs:
            return _PRIVATE
        return self._file(name, origin, relative) if _is_file_name(name) else self.unwritten(name, relative=relative)

    def find_link(self, name: str, alias: str, origin: str, *, relative: bool = False) -> Found:
        """Return where a link leads: by its target, else by its other words, where these alone are a note.

        Wikis and Dendron write `[[label|note]]`, Obsidian `[[note|label]]`.
        """
        found = self.find(name, origin, relative=relative)
        if not alias or relative or found.kind not in ("stub", "lost"):
            return found
        other = split_target(alias).name
        return (self._search(other, origin, False) if other else None) or found

    def unwritten(self, name: str, *, relative: bool = False) -> Found:
        """Return where a name leads that no note has: to a stub.

        To nothing, where a private note is called so but for accents, punctuation or its folder, or one that was
        withdrawn had its slug: the name of the stub would be that of the note.
        """
        title = self.title_in(name, relative=relative)
        for called in {slug(title), slug(_title_in(name))} if self.any_private else ():
            if called in self.private_names or (self.withdrawn and sealed_slug(called) in self.withdrawn):
                return _PRIVATE
        wish = self._stub_slug(title)
        if (target := self.leads.get(wish, "")) in self.by_slug:
            return Found("note", target, self.by_slug[target])
        return Found("stub", wish, title=title)

    def refer(self, name: str, origin: str) -> Found | None:
        """Return what plain words name: a note, by path, stem, alias, title or slug; None where they name none."""
        found = self._search(name, origin, False)
        if found is None and (number := self.by_slug.get(name.strip())) is not None:
            return Found("note", self.slugs[number], number)
        return _PRIVATE if found is None and name_key(name) in self.private_slugs else found

    def _search(self, name: str, origin: str, relative: bool) -> Found | None:
        path = without_suffix(name)
        folder = origin.rpartition("/")[0]
        from_here = relative or path.startswith(("./", "../"))
        if from_here and (near := self.paths.get(name_key(_joined(folder, path)))):
            return self._nearest(near, folder, path)
        key = name_key(path.strip("/"))
        if "/" in key:
            found = self.paths.get(key)
            if not found:
                tail = f"/{key}"
                found = [
                    number
                    for number in self.stems.get(key.rpartition("/")[2], ())
                    if f"/{_plain_path(self.cards[number].path)}".endswith(tail)
                ]
        else:
            found = self.stems.get(key)
            if found and len(found) > 1:
                found = self.paths.get(key) or found
        found = found or self.aliases.get(key)
        if found is None and key != (exact := name_key(name)):
            found = self.stems.get(exact) or self.aliases.get(exact)
        found = found or self.titles.get(key) or self.formers.get(key)
        if not found:
            return None
        if len(found) > 1 or "/" in name:
            return self._nearest(found, folder, path)
        alone = self.known[name] = self._nearest(found, folder, path)
        return alone

    def _nearest(self, numbers: list[int], folder: str, path: str) -> Found:
        if len(numbers) == 1:
            number = numbers[0]
            return _PRIVATE if self.cards[number].private else Found("note", self.slugs[number], number)
        wanted = path.rpartition("/")[2]

        def rank(number: int) -> tuple[int, bool]:
            other = self.cards[number].path
            return _distance(folder, other.rpartition("/")[0]), stem(other) != wanted

        ranked = sorted(numbers, key=lambda number: (rank(number), path_order(self.cards[number].path)))
        best = rank(ranked[0])
        tied = [number for number in ranked if rank(number) == best]
        # a private note is no rival that may be named, and a link that may mean it gives nothing away
        if any(self.cards[number].private for number in tied):
            return _PRIVATE
        rivals = tuple(self.cards[number].path for number in tied) if len(tied) > 1 else ()
        return Found("note", self.slugs[ranked[0]], ranked[0], rivals)

    def _file(self, name: str, origin: str, relative: bool) -> Found:
        folder = origin.rpartition("/")[0]
        wanted = name_key(name.strip("/"))
        found = self.files.get(wanted.rpartition("/")[2], [])
        near = name_key(_joined(folder, name))
        exact = [path for path in found if name_key(path) == (near if relative else wanted)]
        exact = exact or [path for path in found if name_key(path) in (near, wanted)]
        fitting = exact or [path for path in found if f"/{name_key(path)}".endswith(f"/{wanted}")]
        if not fitting:
            return Found("lost", name)
        fitting.sort(key=lambda path: (_distance(folder, path.rpartition("/")[0]), path_order(path)))
        return _PRIVATE if fitting[0] in self.hidden_files else Found("file", fitting[0])

    def title_in(self, name: str, *, relative: bool = False) -> str:
        """Return what a link calls a note that is not written: all of its name, unless that is a path of the vault.

        `CNRS/Inria` is a name, and so are the pages `MCP/Server` of Logseq; in `Gens/Ada`, `Gens` may be a folder.
        """
        path = without_suffix(name).strip()
        is_path = relative or path != name.strip() or path.startswith(("/", "./", "../"))
        if is_path or "/" not in path or name_key(path.partition("/")[0]) in self.folders:
            return _title_in(name)
        return path.rstrip("/")

    def _stub_slug(self, title: str) -> str:
        """Return the slug of a note not written: the one that a note of that name would be given."""
        wish = address_slug(title)
        if wish and wish not in self.by_slug:
            return wish
        return f"{wish}-{digest(f'{clean(title)}.md')}" if wish else f"note-{digest(f'{clean(title)}.md')}"

    def is_old_path(self, name: str, card: Card) -> bool:
        """Tell whether an alias is a path that a note had before: a way for links, and no name.

        `Old folder/Page` of the note "Page" is; `CNRS/Inria` is a name, unless there is a folder `CNRS`.
        """
        path = without_suffix(name)
        if "/" not in name:
            return path != name
        if path != name or name.startswith(("/", "./")) or name.endswith(("/", ".html")) or name.count("/") > 1:
            return True
        folder, _, last = path.partition("/")
        own = {name_key(card.title), name_key(stem(card.path)), *map(name_key, card.aliases)}
        return name_key(last) in own or name_key(folder) in self.folders


def anchors_of(index: Index, number: int) -> tuple[str, ...]:
    """Return the anchors of a note's headings."""
    found = index.known_anchors.get(number)
    if found is None:
        card = index.cards[number]
        found = tuple(anchors(shown_headings(index, card), card.blocks)) if card.headings else ()
        index.known_anchors[number] = found
    return found


def anchor_of(index: Index, number: int, name: str) -> str | None:
    """Return the anchor of a heading or a `^block` of a note, "" for another place in it; None for neither.

    Of a range the first end counts, where all are there.
    """
    fragments = fragments_of(name)
    found = [_anchor(index, number, fragment) for fragment in fragments]
    return None if None in found else next(filter(None, found), "")


def _anchor(index: Index, number: int, name: str) -> str | None:
    card = index.cards[number]
    wanted = name_key(name)
    if wanted.startswith("^"):
        found = next((f"block-{block}" for block in card.blocks if name_key(block) == wanted[1:]), None)
        return "" if found is None and is_place(name) else found
    names = index.known_headings.get(number)
    if names is None:
        names = index.known_headings[number] = HeadingNames(card.headings, card.sources, card.ids)
    place = names.find(name)
    if place is None or place >= len(card.headings):
        return "" if is_place(name) or place is not None else None
    return anchors_of(index, number)[place] if place >= 0 else ""


def is_private_name(index: Index, text: str, origin: str) -> bool:
    """Tell whether a text is what a private note is called."""
    if not index.any_private:
        return False
    found = index._search(text, origin, False)
    return found.kind == "private" if found is not None else name_key(text) in index.private_slugs


def shown_link(index: Index, name: str, alias: str, origin: str, *, relative: bool = False) -> str | None:
    """Return the text of a link to a private note that may be shown; None where the link leads elsewhere."""
    if not index.any_private or not name or index.find_link(name, alias, origin, relative=relative).kind != "private":
        return None
    title = _title_in(name)
    hides = not alias or is_private_name(index, alias, origin) or mentions_private(index, alias, slug(title))
    # scripts that write no blanks have no words to compare
    return REDACTED if hides or (not name.isascii() and name_key(title) in name_key(alias)) else alias


def mentions_private(index: Index, text: str, name: str = "") -> bool:
    """Tell whether some of the words of a text are what a private note is called, or have the slug `name`."""
    words = slug(text).split("-") if index.any_private else []
    runs = ("-".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1))
    return any(run in index.private_names or run == name for run in runs)


def redact_links(index: Index, text: str, origin: str) -> str:
    """Return a value's text with what may be shown in place of its links to private notes, all else as it is."""
    return _replace_links(index, text, origin, lambda link, shown: shown)


def mask_links(index: Index, text: str, origin: str) -> str:
    """Return a text in which the links to private notes are dots: each character stays in its line and column."""
    return _replace_links(index, text, origin, _dotted)


def redact_value(index: Index, text: str, origin: str) -> str:
    """Return a value as it may be quoted: without what private notes are called."""
    return REDACTED if is_private_name(index, text, origin) else redact_links(index, text, origin)


def _replace_links(index: Index, text: str, origin: str, put: Callable[[str, str], str]) -> str:
    if not index.any_private or "[" not in text:
        return text

    def wiki(match: re.Match[str]) -> str:
        target, alias = wikilink(match[2])
        shown = shown_link(index, target.name, alias, origin)
        return match[0] if shown is None else put(match[0], shown)

    def markdown(match: re.Match[str]) -> str:
        address = match[2] or match[3] or ""
        if is_web_address(address):
            return match[0]
        shown = shown_link(index, path_target(address).name, match[1], origin, relative=True)
        return match[0] if shown is None else put(match[0], shown)

    return MARKDOWN_ANY.sub(markdown, WIKILINK.sub(wiki, text))


def plain_text(index: Index, text: str, origin: str) -> str:
    """Return a value's text with its links as a reader sees them."""
    if "[" not in text:
        return text

    def wiki(inside: str) -> str:
        return wikilink(inside)[1] or inside.partition("|")[0].strip()

    text = WIKILINK.sub(lambda match: wiki(match[2]), redact_links(index, text, origin))
    return MARKDOWN_LINK.sub(lambda match: match[1], text)


def build_index(
    cards: Sequence[Card],
    files: Iterable[str],
    hidden_files: Iterable[str],
    past: Past = NO_PAST,
    unread: Iterable[str] = (),
) -> tuple[Index, list[Problem]]:
    """Return the index of a vault's cards and attachments, and which notes had to share a slug.

    `past` is what the ledger knows: a note that was merged into another is known by the other's address. `unread` are
    private notes of which nothing is known but their paths.
    """
    names: dict[str, list[str]] = defaultdict(list)
    hidden = frozenset(hidden_files)
    for path in [*files, *hidden]:
        names[name_key(path.rpartition("/")[2])].append(path)
    index = Index(list(cards), [""] * len(cards), dict(names), hidden)
    names_unread = [stem(path) for path in unread]
    index.withdrawn = frozenset(entry.slug for entry in past.rest if entry.state == WITHDRAWN)
    index.any_private = bool(hidden or names_unread or index.withdrawn) or any(card.private for card in cards)
    unread_keys = {form(name) for name in names_unread for form in (slug, name_key)}
    index.private_slugs = frozenset({card.wish for card in cards if card.private} | unread_keys) - {""}
    kept_back = [name for card in cards if card.private for name in private_names(card)]
    kept_back += [*names_unread, *(path.rpartition("/")[2] for path in hidden)]
    index.private_names = frozenset(filter(None, map(slug, kept_back)))
    index.leads = dict(past.leads)
    # a former title may hold the text of a link whose note was public then
    index.former = {
        path: tuple(title for title in titles if not mentions_private(index, title))
        for path, titles in past.titles.items()
    }
    slugs = {name: path for path, name in past.slugs.items()}
    numbers = {card.path: number for number, card in enumerate(cards)}
    instead = {path: numbers[slugs[name]] for path, name in past.merged.items()}
    index.merged = frozenset(numbers[path] for path in instead)
    for own, card in enumerate(cards):
        number = instead.get(card.path, own)
        bare = without_suffix(card.path)
        path = name_key(bare)
        name = path.rpartition("/")[2]
        index.paths.setdefault(path, []).append(number)
        _add(index.stems, name, number)
        for alias in card.aliases:
            _add(index.aliases, name_key(alias), number)
        alike = card.title == bare.rpartition("/")[2] and not card.title[:1].isspace()
        _add(index.titles, name if alike else name_key(card.title), number)
        for former in index.former.get(card.path, ()):
            _add(index.formers, name_key(former), number)
    index.folders = frozenset(name_key(folder) for folder in _folders(cards))
    for number, card in enumerate(cards):
        if "[" in card.title and not card.private:  # a title may hold links, whose text depends on all other names
            title = plain_text(index, card.title, card.path)
            wish = address_slug(title) if card.wish == address_slug(card.title) else card.wish
            index.cards[number] = replace(card, title=title, wish=wish or f"note-{digest(clean(card.path))}")
    index.known.clear()
    index.slugs, problems = assign_slugs(index.cards, past)
    index.by_slug = {given: number for number, given in enumerate(index.slugs) if given}
    return index, problems


def _plain_path(path: str) -> str:
    """Return a path as it is compared; Jekyll writes the folder of a collection with `_`, and links to it without."""
    return name_key(without_suffix(path)).replace("/_", "/").removeprefix("_")


def _folders(cards: Sequence[Card]) -> set[str]:
    paths = {card.path.rpartition("/")[0] for card in cards}
    return {folder for path in paths for folder in path.split("/") if folder}


def _title_in(name: str) -> str:
    """Return the title that a link gives to a note: its name without folders and suffix."""
    return without_suffix(name).rstrip("/").rpartition("/")[2]


def _dotted(link: str, shown: str) -> str:
    dots = _HIDDEN.sub("…", link)
    at = link.rfind(shown)
    return dots if at < 0 else dots[:at] + shown + dots[at + len(shown) :]


_HIDDEN: Final = re.compile(r"[^\n\[\]()|!]")


def _add(names: dict[str, list[int]], key: str, number: int) -> None:
    if key:
        numbers = names.setdefault(key, [])
        if number not in numbers:
            numbers.append(number)


def shown_headings(index: Index, card: Card) -> Sequence[str]:
    """Return a note's headings without what their links would give away of private notes."""
    if not card.heading_links or not index.any_private:
        return card.headings
    texts = list(card.headings)
    for link in reversed(card.heading_links):
        hidden = shown_link(index, link.name, link.alias, card.path)
        if hidden is not None:
            text = texts[link.heading]
            texts[link.heading] = text[: link.start] + hidden + text[link.end :]
    return texts


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
_LASTING: Final = tuple(row.name for row in fields(Index))[:-3]


def _is_file_name(name: str) -> bool:
    """Tell whether a link names a file that is no note: its last part has a suffix of a file."""
    suffix = name.rpartition("/")[2].rpartition(".")
    return bool(suffix[0]) and suffix[2].lower() in MEDIA_TYPES
