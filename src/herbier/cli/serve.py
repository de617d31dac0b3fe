"""`herbier serve`: a vault as a site."""

from functools import partial
from pathlib import Path

import click

from herbier.cli import output_terminal
from herbier.cli.build import report_build
from herbier.cli.options import BASE, VAULT


@click.command("serve")
@VAULT
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port.")
@BASE
def serve_command(vault: Path, host: str, port: int, base: str | None) -> None:
    """Serve VAULT as a site: pages, data, SPARQL.

    \b
    herbier serve notes/
    herbier serve notes/ --port 9000 --base https://example.org/
    """
    from herbier.web.server.serving import serve

    try:
        language = output_terminal.own_language()
        announce = partial(output_terminal.say, language=language)
        serve(vault, host, port, base, report_build, partial(output_terminal.progress, language), announce)
    except KeyboardInterrupt:
        click.echo("", err=True)
