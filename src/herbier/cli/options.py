"""The options of several commands."""

from pathlib import Path

import click

VAULT = click.argument("vault", type=click.Path(path_type=Path))
BASE = click.option("--base", metavar="IRI", help="Base of all IRIs; herbier.toml's, if not given.")
