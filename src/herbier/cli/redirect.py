"""`herbier redirect`: let the address of a note that was merged lead to the other."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from herbier.cli import output_terminal
from herbier.cli.options import BASE
from herbier.config import FILE
from herbier.inspect.finding_vaults import vault_of
from herbier.ledger.ledger_file import LIVE, MERGED, Ledger, LedgerEntry, write_ledger
from herbier.messages import Message, did_you_mean
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import Snapshot, read_snapshot
from herbier.problems import HerbierError
from herbier.text import shown


@click.command("redirect")
@click.argument("old")
@click.argument("new")
@click.option("--vault", type=click.Path(path_type=Path), help="The vault; the one around this folder, if not given.")
@BASE
def redirect_command(old: str, new: str, vault: Path | None, base: str | None) -> None:
    """Let the address of note OLD lead to that of note NEW, for good.

    For two notes on one thing: take over into NEW what is worth keeping, remove OLD's file, and redirect. Both may be
    given as a slug, as an IRI, or as the path of a note.

    \b
    herbier redirect mila mila-institut-quebecois-d-intelligence-artificielle
    herbier redirect "Mila.md" "Institut québécois.md" --vault notes/
    """
    root = (vault or _around(old)).resolve()
    opened = open_vault(root, base)
    if opened.ledger is None:
        raise HerbierError(Message("{path!r} keeps no ledger yet: herbier init starts one", path=shown(str(root))))
    with output_terminal.progress() as progress:
        snapshot = read_snapshot(opened, progress)
    ledger = snapshot.ledger
    assert ledger is not None
    before, target = _slug(old, snapshot, root), _slug(new, snapshot, root)
    entry = ledger.find(before)
    if entry is None:
        raise _unknown(old, before, ledger)
    found = ledger.find(target)
    if found is None or found.state != LIVE:
        raise HerbierError(Message("{name!r} is gone itself", name=new)) if found else _unknown(new, target, ledger)
    if before == target:
        raise HerbierError(Message("{one!r} and {other!r} are the same note", one=old, other=new))
    path = entry.path if entry.state in (LIVE, MERGED) else ""
    merged = LedgerEntry(before, MERGED, path, target=target)
    write_ledger(root, replace(ledger, entries=(*(e for e in ledger.entries if e is not entry), merged)))
    mint = opened.mint
    language = output_terminal.own_language()
    one, other = mint.thing(before)[1:-1], mint.thing(target)[1:-1]
    output_terminal.say(Message("{one} leads to {other} from the next build on", one=one, other=other), language)
    if entry.state == LIVE:
        told = Message(
            "{path} is not published any more: take over what is worth keeping, and remove the file", path=shown(path)
        )
        output_terminal.say(told, language)


def _around(old: str) -> Path:
    here = Path.cwd()
    if Path(old).is_file():
        return vault_of(Path(old))
    return here if (here / FILE).is_file() else vault_of(here / FILE)


def _slug(name: str, snapshot: Snapshot, root: Path) -> str:
    """Return the slug that a slug, an IRI or the path of a note stands for."""
    base = snapshot.vault.settings.base
    if name.startswith(base):
        return name.removeprefix(base).rpartition("/")[2].partition("#")[0]
    for path in (Path(name), root / name):
        if path.is_file() and path.resolve().is_relative_to(root):
            return snapshot.index.slugs[snapshot.number_of(path.resolve().relative_to(root).as_posix())]
    return name


def _unknown(name: str, slug: str, ledger: Ledger) -> HerbierError:
    near = get_close_matches(slug, [entry.slug for entry in ledger.entries], 1)
    told = Message("no note has, or had, the address {name!r}", name=name)
    return HerbierError(did_you_mean(told, Message("{name!r}", name=near[0]) if near else ""))
