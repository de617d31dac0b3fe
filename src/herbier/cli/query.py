"""`herbier query`: a SPARQL query over all that a vault publishes."""

from pathlib import Path

import click

from herbier.cli import output_answers, output_terminal
from herbier.cli.options import BASE, VAULT
from herbier.messages import Message, reason
from herbier.pipeline.opening import open_vault
from herbier.problems import HerbierError


@click.command("query")
@VAULT
@click.argument("sparql")
@click.option("--format", "name", type=click.Choice(list(output_answers.FORMATS)), help="How to show the answer.")
@BASE
def query_command(vault: Path, sparql: str, name: str | None, base: str | None) -> None:
    """Answer a SPARQL query over all that VAULT publishes; SPARQL may be @FILE.

    \b
    herbier query notes/ 'SELECT ?name { ?p a schema:Person ; schema:name ?name }'
    herbier query notes/ @question.rq --format csv

    The prefixes of mapping/ need not be declared.
    """
    if sparql.startswith("@"):
        try:
            sparql = Path(sparql[1:]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            told = Message("{file} could not be read: {why}", file=sparql[1:], why=reason(error))
            raise HerbierError(told) from None
    opened = open_vault(vault, base)
    language = output_terminal.own_language()
    with output_terminal.progress(language) as progress:
        text = output_answers.answer_query(opened, sparql, name, language, progress)
    click.echo(text, nl=not text.endswith("\n"))
