"""The file of the ledger: one line a note, sorted, so that git can merge it and a person can read it.

A line is slug, state, content, path, id, title and former titles, with tabs between. A note that is no longer public
leaves a line that names neither it nor its slug.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from herbier.atomic_file import whole_file
from herbier.config import LEDGER
from herbier.ledger.encryption import decrypt, encrypt, sealed_slug
from herbier.messages import Message, reason
from herbier.problems import HerbierError, Problem, problem
from herbier.rdf.slugs import slug

LIVE, GONE, MERGED, WITHDRAWN = "live", "gone", "merged", "withdrawn"
_HEADER = (
    "# The addresses of the notes, written by Herbier. Keep this file with the notes: what it lists stays as it is.\n"
    "# slug, state, content, path, id, title, former titles\n"
)
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")


@dataclass(frozen=True, slots=True, order=True)
class LedgerEntry:
    """A slug and what it was given to.

    `content` is a fingerprint of the note; `titles` are its title and those it had before. Of a slug that was merged
    `target` is the slug it leads to; of one withdrawn `slug` is a digest and `encrypted` holds the rest.
    """

    slug: str
    state: str = LIVE
    path: str = ""
    id: str = ""
    content: str = ""
    titles: tuple[str, ...] = ()
    target: str = ""
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of a vault, by slug; `unread` are lines that could not be read, kept as they stand."""

    entries: tuple[LedgerEntry, ...] = ()
    unread: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def find(self, name: str) -> LedgerEntry | None:
        """Return the entry of a slug, also of one withdrawn; None where it was never given."""
        sealed = sealed_slug(name)
        return next((entry for entry in self.entries if entry.slug in (name, sealed)), None)

    def leads_to(self, name: str) -> str:
        """Return the slug that a slug has been merged into, "" where it leads nowhere else."""
        return followed({entry.slug: entry.target for entry in self.entries if entry.state == MERGED}, name)


def followed(leads: Mapping[str, str], name: str) -> str:
    """Return the slug at the end of the way that leads from a slug, "" where it leads nowhere else, or in a circle."""
    seen = {name}
    while target := leads.get(name, ""):
        if target in seen:
            return ""
        seen.add(target)
        name = target
    return name if len(seen) > 1 else ""


# --- reading --------------------------------------------------------------------------------------------------------


def read_ledger(root: Path) -> Ledger | None:
    """Read the ledger of a vault, None where it keeps none.

    Raises HerbierError where there is one that cannot be read at all: without it, IRIs would change.
    """
    file = root / LEDGER
    if file.is_symlink():
        raise HerbierError(Message("{file} is a symbolic link; put the file itself into the vault", file=LEDGER))
    try:
        text = file.read_bytes().decode("utf-8-sig", "surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        why = reason(error)
        told = Message("{file} could not be read, and without it IRIs would change: {why}", file=LEDGER, why=why)
        raise HerbierError(told) from None
    return parse(text)


def parse(text: str) -> Ledger:
    """Read the text of a ledger: lines that conflict are both honoured, and what cannot be read is kept."""
    entries: list[tuple[int, LedgerEntry]] = []
    unread: list[str] = []
    problems: list[Problem] = []
    for number, row in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if not row.strip() or row.startswith("#"):
            continue
        if mark := _CONFLICT.match(row):
            if mark[1][0] == "<":
                message = Message("git could not merge the ledger; both sides are honoured")
                hint = Message("the next build writes it anew")
                problems.append(problem("ledger-conflict", LEDGER, number, 1, message, hint))
        elif entry := _entry(row):
            entries.append((number, entry))
        else:
            unread.append(row)
            message = Message(
                "this line cannot be read, so it holds no address; it is kept: {line!r}", line=row[:60].strip()
            )
            hint = Message("take it back as git has it, or remove it")
            problems.append(problem("bad-ledger", LEDGER, number, 1, message, hint))
    settled = tuple(_settled(entries, problems))
    problems += _astray(entries, {entry.slug: entry for entry in settled})
    return Ledger(settled, tuple(unread), tuple(problems))


def _astray(entries: Sequence[tuple[int, LedgerEntry]], known: Mapping[str, LedgerEntry]) -> Iterable[Problem]:
    """Report the slugs that lead in a circle, as two merges on two branches can make, or to what no note is or was."""
    leads = {entry.slug: entry.target for entry in known.values() if entry.state == MERGED}
    hint = Message("say where it leads: herbier redirect OLD NEW")
    for number, entry in entries:
        if known[entry.slug] != entry or entry.state != MERGED:
            continue
        if not followed(leads, entry.slug):
            message = Message("{slug!r} leads in a circle, so its address leads nowhere", slug=entry.slug)
            yield problem("ledger-conflict", LEDGER, number, 1, message, hint)
        elif entry.target not in known and sealed_slug(entry.target) not in known:
            message = Message("{slug!r} leads to {target!r}, which no line has", slug=entry.slug, target=entry.target)
            yield problem("ledger-conflict", LEDGER, number, 1, message, hint)


def _entry(row: str) -> LedgerEntry | None:
    cells = [_unescaped(cell) for cell in row.split("\t")]
    name, state, *rest = [*cells, ""]
    rest = rest[:-1]
    if state == WITHDRAWN:
        return LedgerEntry(name, state, content=rest[0], sealed=rest[1]) if name[:1] == "~" and len(rest) == 2 else None
    if not name or slug(name) != name:
        return None
    if state == MERGED:
        good = 1 <= len(rest) <= 2 and slug(rest[0]) == rest[0] and rest[0] not in ("", name)
        return LedgerEntry(name, state, "".join(rest[1:]), target=rest[0]) if good else None
    if state not in (LIVE, GONE) or len(rest) < 2 or not rest[1]:
        return None
    content, path, id_, *titles = [*rest, "", ""][: max(len(rest), 3)]
    return LedgerEntry(name, state, path, id_, content, tuple(filter(None, titles)))


def _settled(entries: Sequence[tuple[int, LedgerEntry]], problems: list[Problem]) -> Iterable[LedgerEntry]:
    """Settle what lines say twice: the same note once, and of two slugs for one note the second leads to the first.

    One slug for two notes stays: which of them has it is reported by the notes that there are.
    """
    by_slug: dict[str, list[tuple[int, LedgerEntry]]] = defaultdict(list)
    for number, entry in sorted(entries, key=lambda item: (item[1].slug, item[0])):
        by_slug[entry.slug].append((number, entry))
    paths: dict[str, str] = {}
    for name, found in by_slug.items():
        states = [entry.state for _, entry in found]
        # what a person decided counts before what there is, and what there is before what was
        state = next(state for state in (MERGED, WITHDRAWN, LIVE, GONE) if state in states)
        kept: dict[str, LedgerEntry] = {}
        for number, entry in found:
            if entry.state != state:
                continue
            if entry.path in kept:
                titles = dict.fromkeys([*kept[entry.path].titles, *entry.titles])
                kept[entry.path] = replace(kept[entry.path], titles=tuple(titles))
            elif state == LIVE and entry.path in paths:
                first = paths[entry.path]
                message = Message(
                    "{path!r} has two addresses; {slug!r} leads to {other!r} from now on",
                    path=entry.path,
                    slug=name,
                    other=first,
                )
                problems.append(problem("ledger-conflict", LEDGER, number, 1, message))
                kept[entry.path] = LedgerEntry(name, MERGED, target=first)
            else:
                if kept and state == LIVE:
                    message = Message(
                        "two notes have the address {slug!r}; the first that is there keeps it", slug=name
                    )
                    problems.append(problem("ledger-conflict", LEDGER, number, 1, message))
                kept[entry.path] = entry
                if state == LIVE:
                    paths[entry.path] = name
        yield from kept.values()


# --- writing --------------------------------------------------------------------------------------------------------


def render(ledger: Ledger) -> str:
    """Return the text of a ledger: the same for the same entries."""
    rows = sorted("\t".join(map(_escaped, _cells(entry))) for entry in ledger.entries)
    return _HEADER + "".join(f"{row}\n" for row in (*rows, *ledger.unread))


def _cells(entry: LedgerEntry) -> list[str]:
    if entry.state == WITHDRAWN:
        return [entry.slug, entry.state, entry.content, entry.sealed]
    if entry.state == MERGED:
        return [entry.slug, entry.state, entry.target, *filter(None, [entry.path])]
    return [entry.slug, entry.state, entry.content, entry.path, entry.id, *entry.titles]


def write_ledger(root: Path, ledger: Ledger) -> None:
    """Write the ledger into the vault, unless it says so already; HerbierError where that is not possible."""
    data = render(ledger).encode("utf-8", "surrogateescape")
    file = root / LEDGER
    if file.is_file() and file.read_bytes() == data:
        return
    with whole_file(file) as write:
        write(data)


def start_ledger(root: Path) -> bool:
    """Start the ledger of a vault, so that it is kept from now on; tell whether there was none."""
    if (root / LEDGER).exists():
        return False
    write_ledger(root, Ledger())
    return True


_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {_escaped[1]: char for char, _escaped in _ESCAPES.items()}


def _escaped(cell: str) -> str:
    return re.sub(r"[\\\t\n\r]", lambda match: _ESCAPES[match[0]], cell)


def _unescaped(cell: str) -> str:
    return re.sub(r"\\(.)", lambda match: _UNESCAPES.get(match[1], match[0]), cell)


# --- what a note leaves that is no longer public ---


def encrypted(entry: LedgerEntry, handle: str) -> LedgerEntry:
    """Return an entry that only the note's id, or its path, opens; several may have the same one."""
    kept = entry if entry.state == MERGED else replace(entry, state=LIVE)
    text = "\t".join(map(_escaped, _cells(kept)))
    name = sealed_slug(entry.slug)
    closed = encrypt(text, f"{handle}\n{name}")
    return LedgerEntry(name, WITHDRAWN, content=sealed_slug(handle), sealed=closed)


def decrypted(entry: LedgerEntry, handle: str) -> LedgerEntry | None:
    """Return what a sealed entry holds, None where the handle does not open it."""
    try:
        row = decrypt(entry.sealed, f"{handle}\n{entry.slug}")
    except ValueError:
        return None
    found = _entry(row)
    return found if found and sealed_slug(found.slug) == entry.slug else None
