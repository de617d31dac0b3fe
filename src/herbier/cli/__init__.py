"""The command line: one function a command. Only here is anything printed, and an exit code chosen."""

import gc
import io
import os
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module
from typing import Any

import click

from herbier import __version__
from herbier.cli import output_terminal
from herbier.cli.click_language import language_asked, speaking
from herbier.messages import Message, reason
from herbier.problems import HerbierError

# Each is imported when it is asked for: a check need not wait for what only a site or a query needs.
COMMANDS = ("build", "check", "explain", "fix", "help", "init", "inventory", "learn", "query", "redirect", "serve")


class OnDemand(MutableMapping[str, click.Command]):
    """The commands by name: those of COMMANDS, each a function of the module of that name, and any added."""

    def __init__(self) -> None:
        self.added: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self.added and name in COMMANDS:
            found: click.Command = getattr(import_module(f"herbier.cli.{name}"), f"{name}_command")
            self.added[name] = found
        return self.added[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self.added[name] = command

    def __delitem__(self, name: str) -> None:
        del self.added[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*COMMANDS, *self.added]))

    def __len__(self) -> int:
        return len(dict.fromkeys([*COMMANDS, *self.added]))


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Commands(click.Group):
    """Turns what leaves nothing to do into one line and exit code 2."""

    def main(self, args: Sequence[str] | None = None, *others: Any, **more: Any) -> Any:
        """Run the program, in the language of the person from the first word."""
        given = sys.argv[1:] if args is None else list(args)
        with speaking(language_asked(given)):
            return super().main(given, *others, **more)

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
            output_terminal.error(error.args[0], ctx.meta.get(output_terminal.LANGUAGE, output_terminal.own_language()))
            ctx.exit(2)
        except (KeyboardInterrupt, click.Abort):  # as a shell tells it of a program that Ctrl+C has ended
            click.echo("", err=True)
            output_terminal.say(
                Message("stopped"), ctx.meta.get(output_terminal.LANGUAGE, output_terminal.own_language())
            )
            ctx.exit(130)
        except BrokenPipeError:  # the reader of a pipe, such as head, has gone
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:  # a full disk behind the standard output, most often
            why = reason(error)
            output_terminal.error(
                Message("could not write: {why}", why=why),
                ctx.meta.get(output_terminal.LANGUAGE, output_terminal.own_language()),
            )
            ctx.exit(2)
        finally:
            gc.freeze()  # at the end of a large build, to look for cycles once more would take most of a second


@click.group(cls=Commands, commands=OnDemand(), context_settings=CONTEXT)
@click.version_option(__version__, prog_name="herbier")
def main() -> None:
    """Map a vault of Markdown notes into linked data.

    \b
    herbier serve notes/                        see it in a browser
    herbier check notes/                        what is wrong, by file and line
    herbier build notes/ -o notes.ttl           write it as Turtle
    """
