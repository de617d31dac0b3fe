"""`herbier build`: all that a vault publishes, in one file."""

import sys
from pathlib import Path

import click

from herbier.atomic_file import whole_file
from herbier.cli import build_profiles, output_terminal
from herbier.cli.options import BASE, VAULT
from herbier.cli.output_learnt import show_understood
from herbier.config import FILE, LOCAL_BASE
from herbier.messages import Message
from herbier.pipeline.build import Built, build, keep_ledger
from herbier.pipeline.opening import Vault, open_vault
from herbier.problems import HerbierError, has_errors, problem
from herbier.rdf.formats import FORMATS, format_named, format_of
from herbier.vault.declarations.knowledge_bundles import OKF


@click.command("build", epilog="Formats: " + ", ".join(f.suffix for f in FORMATS.values()) + "; each also with .gz.")
@VAULT
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write; - is standard output.")
@click.option("--format", "name", metavar="NAME", help="The format, if FILE's suffix does not tell it.")
@BASE
@click.option("--jobs", type=click.IntRange(1), help="How many processes; all processors, if not given.")
@click.option("--profile", type=click.Choice(build_profiles.PROFILES), help="Write the files for a use, into a folder.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="With --profile: only things of a type.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="With --profile: only things with a tag.")
@click.option("--unmatched", is_flag=True, help="With --profile: only things without an item of Wikidata.")
def build_command(
    vault: Path,
    output: str,
    name: str | None,
    base: str | None,
    jobs: int | None,
    profile: str | None,
    types: tuple[str, ...],
    tags: tuple[str, ...],
    unmatched: bool,
) -> None:
    """Write all that VAULT publishes into one file.

    \b
    herbier build notes/ -o notes.ttl
    herbier build notes/ -o notes.nq.gz --base https://example.org/notes/
    herbier build notes/ -o - --format ttl | less
    herbier build notes/ -o wikidata/ --profile wikidata --type person --unmatched

    Exit codes: 0 written, 1 written but for what is listed as an error, 2 not written.
    """
    wanted = build_profiles.BuildRequest(output, name, profile, types, tags, unmatched)
    if build_profiles.is_dump(wanted):
        opened = open_vault(vault, base)
        if profile == OKF:
            with output_terminal.progress(output_terminal.own_language()) as progress:
                built, documents = build_profiles.write_okf(opened, wanted, jobs, progress)
            code = report_build(_with_base_reported(keep_ledger(opened, built), opened, base), vault)
            build_profiles.report_bundle(documents, output, output_terminal.own_language())
            sys.exit(code)
        with output_terminal.progress(output_terminal.own_language()) as progress:
            dumped = build_profiles.write(opened, wanted, jobs, progress)
        built = _with_base_reported(keep_ledger(opened, dumped.built), opened, base)
        code = report_build(built, vault)
        build_profiles.report_export(dumped, output, output_terminal.own_language())
        sys.exit(code)
    if output == "-":
        if name is None:
            raise HerbierError(Message("with -o - the format must be named: --format ttl"))
        row, gzipped = format_named(name), False
    elif name is not None:
        row, gzipped = format_named(name), output.endswith(".gz")
    else:
        row, gzipped = format_of(Path(output))
    opened = open_vault(vault, base)
    with output_terminal.progress(output_terminal.own_language()) as progress:
        if output == "-":
            built = build(opened, sys.stdout.buffer.write, row, jobs=jobs, progress=progress)
            sys.stdout.buffer.flush()
        else:
            with whole_file(Path(output), gzipped=gzipped) as write:
                built = build(opened, write, row, jobs=jobs, progress=progress)
    sys.exit(report_build(_with_base_reported(keep_ledger(opened, built), opened, base), vault))


def report_build(built: Built, vault: Path) -> int:
    """Show what a build has to tell, and return its exit code."""
    language = output_terminal.own_language()
    output_terminal.show_problems(built.problems, vault, language)
    output_terminal.show_counts(built.counts, language)
    show_understood(built.understood, language)
    return 1 if has_errors(built.problems) else 0


def _with_base_reported(built: Built, opened: Vault, base: str | None) -> Built:
    """Tell too that the IRIs hold on this machine only, where no base is set."""
    if opened.settings.base != LOCAL_BASE or base is not None:
        return built
    message = Message(
        "no base IRI is set, so the IRIs begin with {base} and hold on this machine only", base=LOCAL_BASE
    )
    hint = Message('write base = "https://..." in herbier.toml, or give --base')
    return built._replace(problems=[*built.problems, problem("default-base", FILE, 0, 0, message, hint)])
