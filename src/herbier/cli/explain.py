"""`herbier explain`: why a note says what it says, what all notes say of an IRI, why a key says nothing."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path
from typing import Any

import click

from herbier.cli import output_explanation, output_terminal
from herbier.cli.options import BASE
from herbier.inspect.explanation import Explained, Trace, explain
from herbier.inspect.finding_vaults import is_vault, vault_of
from herbier.inspect.mentions import Mention, iri_of, mentions
from herbier.inspect.rule_source import aligned_with, row_of
from herbier.inspect.why_not import WhyNot, why_not
from herbier.messages import Message, did_you_mean
from herbier.pipeline.opening import Vault, open_vault
from herbier.pipeline.snapshot import Snapshot, read_snapshot
from herbier.problems import HerbierError
from herbier.rdf.terms import Term
from herbier.text import shown

_MODES = {"triple": "--triple", "iri": "--iri", "key": "--why-not"}


@click.command("explain")
@click.argument("note", type=click.Path(path_type=Path))
@click.option("--vault", type=click.Path(path_type=Path), help="The vault, if it has no herbier.toml.")
@click.option("--triple", metavar="N", type=int, help="Show one triple in full, with the row of its rule.")
@click.option("--iri", metavar="IRI", help="Show what all notes say of an IRI; NOTE may be the vault.")
@click.option("--why-not", "key", metavar="KEY", help="Tell why a key of NOTE gives no triple, or what it lacks.")
@click.option("--format", "name", type=click.Choice(["text", "json"]), default="text", help="How to show it.")
@BASE
def explain_command(
    note: Path, vault: Path | None, triple: int | None, iri: str | None, key: str | None, name: str, base: str | None
) -> None:
    """Show every triple of NOTE with the characters it comes from and the rule that made it.

    NOTE is a file, or in a vault the title or the slug of a note.

    \b
    herbier explain "notes/Ada Lovelace.md"
    herbier explain "notes/Ada Lovelace.md" --triple 3
    herbier explain "notes/Ada Lovelace.md" --why-not born
    herbier explain notes/ --iri id/ada-lovelace
    herbier explain "notes/Ada Lovelace.md" --format json
    """
    given = [_MODES[mode] for mode, value in (("triple", triple), ("iri", iri), ("key", key)) if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} cannot be given together")
    root = _root_of(note, vault, of_folder=iri is not None)
    opened = open_vault(root, base)
    term = iri_of(iri, opened) if iri is not None else ""
    with output_terminal.progress() as progress:
        snapshot = read_snapshot(opened, progress)
        found = mentions(opened, snapshot, term, progress) if term else iter(())
        first = list(islice(found, 1))  # the long work is done once there is one, and no progress is in the way
    if term:
        _show_mentions(term, chain(first, found), opened, name)
        return
    path = _path_of(note, root, snapshot)
    if key is not None:
        _show_why_not(why_not(snapshot, path, key), opened, name)
    elif triple is not None:
        _show_triple(explain(snapshot, path), triple, opened, name)
    elif name == "json":
        _echo(_as_json(explain(snapshot, path)))
    else:
        output_explanation.show_note(explain(snapshot, path), opened.names)


def _root_of(note: Path, vault: Path | None, *, of_folder: bool) -> Path:
    """Return the vault that is meant; HerbierError where a note stands outside of it, or is none."""
    if vault is not None:
        return vault.resolve()
    if note.is_file() or (of_folder and note.is_dir()):
        return vault_of(note)
    if note.is_dir():
        raise HerbierError(Message("{path!r} is a folder: name a note of it, or give --iri", path=shown(str(note))))
    here = vault_of(Path.cwd())
    if of_folder or not is_vault(here):  # a folder that says nothing of itself may hold anything
        if of_folder:
            raise HerbierError(Message("there is no folder or file {path!r}", path=shown(str(note))))
        told = Message(
            "there is no file {path!r}; for a note by its title, name its vault: --vault", path=shown(str(note))
        )
        raise HerbierError(told)
    return here


def _path_of(note: Path, root: Path, snapshot: Snapshot) -> str:
    """Return the path in the vault of a note that is given by its file, its title or its slug."""
    for file in (note, root / note):
        if file.is_file():
            if not file.resolve().is_relative_to(root):
                told = Message("{path!r} is not in the vault {root!r}", path=shown(str(note)), root=shown(str(root)))
                raise HerbierError(told)
            return file.resolve().relative_to(root).as_posix()
    index = snapshot.index
    found = index.resolve_text(str(note), "")
    if found is not None and found.kind == "note":
        return index.summaries[found.number].path
    names = {
        name
        for summary, slug in zip(index.summaries, index.slugs, strict=True)
        if slug
        for name in (summary.title, slug)
    }
    near = get_close_matches(str(note), sorted(names), 1)
    told = Message("there is no file {path!r}, and no published note of that name", path=shown(str(note)))
    raise HerbierError(did_you_mean(told, Message("{name!r}", name=near[0]) if near else ""))


# --- JSON -----------------------------------------------------------------------------------------------------------


def _as_json(of: Explained, traces: Iterable[tuple[int, Trace]] | None = None, row: str = "") -> dict[str, Any]:
    triples = [
        trace.as_json(number, of.path, of.graph) for number, trace in (of.numbered() if traces is None else traces)
    ]
    if row:
        triples[0]["rule"]["row"] = row
    problems = [found.as_json() for found in of.problems]
    return {"note": of.path, "iri": of.graph, "thing": of.thing, "triples": triples, "problems": problems}


def _show_triple(of: Explained, number: int, vault: Vault, name: str) -> None:
    trace = of.trace(number)
    row, aligned = row_of(trace, vault), aligned_with(trace, vault)
    if name == "json":
        data = _as_json(of, [(number, trace)], row.text if row else "")
        data["triples"][0]["wikidata"] = [
            {
                "entity": of.entity,
                "sources": list(of.says),
                "verified": of.verified,
                "only": ", ".join(sorted(of.only)) or None,
            }
            for of in aligned
        ]
        _echo(data)
    else:
        output_explanation.show_triple(of, number, vault.names, row, aligned)


def _show_why_not(of: WhyNot, vault: Vault, name: str) -> None:
    if name == "json":
        _echo(_why_not_as_json(of))
    else:
        output_explanation.show_why_not(of, vault.names)


def _why_not_as_json(of: WhyNot) -> dict[str, Any]:
    return {
        "note": of.explained.path,
        "iri": of.explained.graph,
        "thing": of.explained.thing,
        "key": of.key,
        "reasons": [reason.as_json() for reason in of.reasons],
        "problems": [found.as_json() for found in of.problems],
    }


def _echo(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, indent=2))


def _show_mentions(term: Term, found: Iterable[Mention], vault: Vault, name: str) -> None:
    if name == "json":
        notes = []
        for mention in found:
            data = _as_json(mention.explained, mention.traces)
            notes.append({field: data[field] for field in ("note", "iri", "thing", "triples")})
        _echo({"iri": term, "notes": notes})
    else:
        output_explanation.show_mentions(found, vault.names)
