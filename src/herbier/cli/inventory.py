"""`herbier inventory`: what the notes of a vault hold."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from herbier.cli import output_terminal
from herbier.cli.output_learnt import show_understood
from herbier.config import LOCAL_BASE
from herbier.inspect.counting import languages_of, take_inventory
from herbier.inspect.proposals import propose
from herbier.messages import Message
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import Snapshot, read_snapshot

VAULT_HERE = click.argument("vault", type=click.Path(path_type=Path), default=".")


@click.command("inventory")
@VAULT_HERE
@click.option("--format", "name", type=click.Choice(["text", "json"]), default="text", help="How to show it.")
def inventory_command(vault: Path, name: str) -> None:
    """Show what the notes of VAULT hold: keys, types, relations, languages, links, tags.

    VAULT is the current folder, if not given. Private notes are left out. At the end stand rows for herbier.toml that
    make known what no rule knows.

    \b
    herbier inventory notes/
    herbier inventory notes/ --format json
    """
    show(vault, name)


def show(vault: Path, name: str = "text") -> Snapshot:
    """Print the inventory of a vault, and return what it was taken from; `name` is text or json."""
    opened = open_vault(vault)
    with output_terminal.progress() as progress:
        snapshot = read_snapshot(opened, progress)
        inventory = take_inventory(snapshot, progress)
    language = opened.settings.language or next(iter(languages_of(snapshot)), "")
    proposals = propose(inventory, opened.rules, opened.settings, language)
    if name == "json":
        click.echo(json.dumps({**inventory.as_json(), "proposals": list(map(asdict, proposals))}, indent=2))
    else:
        from herbier.cli.output_inventory import as_text

        click.echo(as_text(inventory, proposals, local=opened.settings.base == LOCAL_BASE), nl=False)
        for name, place in inventory.declared.items():
            told = Message("{name}: as {place} declares", name=name, place=place)
            output_terminal.say(told, output_terminal.own_language())
        show_understood(inventory.understood, output_terminal.own_language())
    lost = [found for found in snapshot.problems if found.severity == "error"]
    output_terminal.show_problems(lost, vault, output_terminal.own_language())
    return snapshot
