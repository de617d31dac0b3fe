"""`herbier inventory`: what the notes of a vault hold."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from herbier.build import open_vault
from herbier.cli import screen
from herbier.config import LOCAL_BASE
from herbier.inventory.tally import languages_of, take_inventory
from herbier.setup import propose
from herbier.survey import Survey, survey

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


def show(vault: Path, name: str = "text") -> Survey:
    """Print the inventory of a vault, and return what it was taken from; `name` is text or json."""
    opened = open_vault(vault)
    with screen.progress() as progress:
        surveyed = survey(opened, progress)
        inventory = take_inventory(surveyed, progress)
    language = opened.settings.language or next(iter(languages_of(surveyed)), "")
    proposals = propose(inventory, opened.rules, opened.settings, language)
    if name == "json":
        click.echo(json.dumps({**inventory.as_json(), "proposals": list(map(asdict, proposals))}, indent=2))
    else:
        from herbier.cli.tables import as_text  # it loads rich, which few commands need

        click.echo(as_text(inventory, proposals, local=opened.settings.base == LOCAL_BASE), nl=False)
    lost = [found for found in surveyed.problems if found.severity == "error"]
    screen.problems(lost, vault, screen.own_language())
    return surveyed
