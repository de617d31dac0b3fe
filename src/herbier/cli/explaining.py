"""`herbier explain`: why a note says what it says."""

import json
from pathlib import Path

import click

from herbier.build import open_vault
from herbier.cli import screen
from herbier.cli.options import BASE
from herbier.explain import explain, vault_of
from herbier.problems import HerbierError
from herbier.terms import shown


@click.command("explain")
@click.argument("note", type=click.Path(path_type=Path))
@click.option("--vault", type=click.Path(path_type=Path), help="The vault, if it has no herbier.toml.")
@click.option("--format", "name", type=click.Choice(["text", "json"]), default="text", help="How to show it.")
@BASE
def explain_command(note: Path, vault: Path | None, name: str, base: str | None) -> None:
    """Show every triple of NOTE with its line and the rule that made it.

    \b
    herbier explain "notes/Ada Lovelace.md"
    herbier explain "notes/Ada Lovelace.md" --format json
    """
    if not note.is_file() and not (vault and (vault / note).is_file()):
        raise HerbierError(f"there is no file {shown(str(note))!r}")
    root = (vault or vault_of(note)).resolve()
    file = note.resolve() if note.is_file() else (root / note).resolve()
    if not file.is_relative_to(root):
        raise HerbierError(f"{shown(str(note))!r} is not in the vault {shown(str(root))!r}")
    opened = open_vault(root, base)
    with screen.progress() as progress:
        explained = explain(opened, file.relative_to(root).as_posix(), progress)
    if name == "json":
        data = {
            "note": explained.path,
            "iri": explained.graph,
            "thing": explained.thing,
            "triples": [trace.as_json(explained.path, explained.graph) for trace in explained.traces],
            "problems": [found.as_json() for found in explained.problems],
        }
        click.echo(json.dumps(data, indent=2))
    else:
        screen.explained(explained, opened.names, file)
