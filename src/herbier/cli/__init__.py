"""The command line: one function a command. Only here is anything printed, and an exit code chosen."""

import gc
import io
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from herbier import __version__
from herbier.build import Built, Vault, build, keep_ledger, open_vault
from herbier.cli import answers, dumping, screen
from herbier.cli.checking import check_command
from herbier.cli.explaining import explain_command
from herbier.cli.fixing import fix_command
from herbier.cli.helping import help_command
from herbier.cli.init import init_command
from herbier.cli.inventory import inventory_command
from herbier.cli.options import BASE, VAULT
from herbier.cli.redirecting import redirect_command
from herbier.config import FILE, LOCAL_BASE
from herbier.formats import FORMATS, format_named, format_of
from herbier.output import whole_file
from herbier.problems import HerbierError, has_errors, problem, reason, words

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Commands(click.Group):
    """Turns what leaves nothing to do into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        if sys.getfilesystemencoding() != "utf-8":  # an old locale: names would be read as other than they are
            os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
        for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a letter is no reason to stop
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except HerbierError as error:
            screen.error(error.args[0], ctx.meta.get(screen.LANGUAGE, screen.own_language()))
            ctx.exit(2)
        except (KeyboardInterrupt, click.Abort):  # as a shell tells it of a program that Ctrl+C has ended
            click.echo("", err=True)
            screen.say(words("stopped"), ctx.meta.get(screen.LANGUAGE, screen.own_language()))
            ctx.exit(130)
        except BrokenPipeError:  # the reader of a pipe, such as head, has gone
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:  # a full disk behind the standard output, most often
            why = reason(error)
            screen.error(words("could not write: {why}", why=why), ctx.meta.get(screen.LANGUAGE, screen.own_language()))
            ctx.exit(2)
        finally:
            gc.freeze()  # at the end of a large build, to look for cycles once more would take most of a second


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="herbier")
def main() -> None:
    """Press a vault of Markdown notes into linked data.

    \b
    herbier serve notes/                        see it in a browser
    herbier check notes/                        what is wrong, by file and line
    herbier build notes/ -o notes.ttl           write it as Turtle
    """


def _tell(built: Built, vault: Path) -> int:
    """Show what a build has to tell, and return its exit code."""
    language = screen.own_language()
    screen.problems(built.problems, vault, language)
    screen.summary(built.summary, language)
    return 1 if has_errors(built.problems) else 0


@main.command("build", epilog="Formats: " + ", ".join(f.suffix for f in FORMATS.values()) + "; each also with .gz.")
@VAULT
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write; - is standard output.")
@click.option("--format", "name", metavar="NAME", help="The format, if FILE's suffix does not tell it.")
@BASE
@click.option("--jobs", type=click.IntRange(1), help="How many processes; all processors, if not given.")
@click.option("--profile", type=click.Choice(dumping.PROFILES), help="Write the files for a use, into a folder.")
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
    wanted = dumping.Wanted(output, name, profile, types, tags, unmatched)
    if dumping.is_dump(wanted):
        opened = open_vault(vault, base)
        with screen.progress(screen.own_language()) as progress:
            dumped = dumping.write(opened, wanted, jobs, progress)
        built = _with_base_told(keep_ledger(opened, dumped.built), opened, base)
        code = _tell(built, vault)
        dumping.tell(dumped, output, screen.own_language())
        sys.exit(code)
    if output == "-":
        if name is None:
            raise HerbierError(words("with -o - the format must be named: --format ttl"))
        row, gzipped = format_named(name), False
    elif name is not None:
        row, gzipped = format_named(name), output.endswith(".gz")
    else:
        row, gzipped = format_of(Path(output))
    opened = open_vault(vault, base)
    with screen.progress(screen.own_language()) as progress:
        if output == "-":
            built = build(opened, sys.stdout.buffer.write, row, jobs=jobs, progress=progress)
            sys.stdout.buffer.flush()
        else:
            with whole_file(Path(output), gzipped=gzipped) as write:
                built = build(opened, write, row, jobs=jobs, progress=progress)
    sys.exit(_tell(_with_base_told(keep_ledger(opened, built), opened, base), vault))


def _with_base_told(built: Built, opened: Vault, base: str | None) -> Built:
    """Tell too that the IRIs hold on this machine only, where no base is set."""
    if opened.settings.base != LOCAL_BASE or base is not None:
        return built
    message = words("no base IRI is set, so the IRIs begin with {base} and hold on this machine only", base=LOCAL_BASE)
    hint = words('write base = "https://..." in herbier.toml, or give --base')
    return built._replace(problems=[*built.problems, problem("default-base", FILE, 0, 0, message, hint)])


@main.command("query")
@VAULT
@click.argument("sparql")
@click.option("--format", "name", type=click.Choice(list(answers.FORMATS)), help="How to show the answer.")
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
            told = words("{file} could not be read: {why}", file=sparql[1:], why=reason(error))
            raise HerbierError(told) from None
    opened = open_vault(vault, base)
    language = screen.own_language()
    with screen.progress(language) as progress:
        text = answers.answer(opened, sparql, name, language, progress)
    click.echo(text, nl=not text.endswith("\n"))


@main.command("serve")
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
    from herbier.web.serve import serve

    try:
        language = screen.own_language()
        announce = partial(screen.say, language=language)
        serve(vault, host, port, base, _tell, partial(screen.progress, language), announce)
    except KeyboardInterrupt:
        click.echo("", err=True)


main.add_command(check_command)
main.add_command(explain_command)
main.add_command(redirect_command)
main.add_command(init_command)
main.add_command(inventory_command)
main.add_command(fix_command)
main.add_command(help_command)
