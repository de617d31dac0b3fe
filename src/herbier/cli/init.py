"""`herbier init`: a herbier.toml with the settings that one chooses, and a first look at what the notes hold."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from herbier.atomic_file import whole_file
from herbier.cli import output_terminal
from herbier.cli.inventory import VAULT_HERE, show
from herbier.config import FILE, LEDGER, LOCAL_BASE, Settings
from herbier.inspect.counting import languages_of
from herbier.inspect.settings_file import ASKED, CC_BY, checked, settings_file
from herbier.ledger.ledger_file import start_ledger, write_ledger
from herbier.messages import Message
from herbier.pipeline.opening import Vault, open_vault
from herbier.pipeline.snapshot import read_snapshot
from herbier.problems import HerbierError
from herbier.text import shown

_NONE = "-"
_QUESTIONS: dict[str, Message] = {
    "base": Message("Base of all addresses, such as https://w3id.org/example/ or one under a domain of your own"),
    "title": Message("Title of the vault"),
    "language": Message("Language of the notes that state none, such as fr or en"),
    "license": Message("Licence of notes and data, such as {licence} (CC BY 4.0)", licence=CC_BY),
    "publisher": Message("Who publishes: a name, or an address"),
}
_LOCAL = ("http://127.", "http://localhost", "https://127.", "https://localhost", "http://[::1]", "https://[::1]")


@click.command("init")
@VAULT_HERE
@click.option("--base", metavar="IRI", help="Base of all IRIs: an address that lasts and that you hold.")
@click.option("--title", metavar="TEXT", help="Title of the vault; the name of its folder, if not given.")
@click.option("--language", metavar="CODE", help="Language of the notes that state none; that of most, if not given.")
@click.option("--license", metavar="TEXT", help="Licence of notes and data: an address, or words.")
@click.option("--publisher", metavar="TEXT", help="Who publishes: a name, or an address.")
@click.option("--yes", is_flag=True, help="Ask nothing; take what is not given from the vault.")
@click.option("--force", is_flag=True, help=f"Write {FILE} anew where there is one; the old one is kept beside it.")
def init_command(
    vault: Path,
    base: str | None,
    title: str | None,
    language: str | None,
    license: str | None,
    publisher: str | None,
    yes: bool,
    force: bool,
) -> None:
    """Set VAULT up: write herbier.toml, start the ledger of addresses, show what the notes hold.

    VAULT is the current folder, if not given. What no option says is asked, on a terminal. A herbier.toml that is there
    is kept. The notes are never changed.

    \b
    herbier init notes/
    herbier init notes/ --yes --base https://example.org/notes/ --language fr
    """
    given = dict(zip(ASKED, (base, title, language, license, publisher), strict=True))
    chosen = {name: _usable(name, text) for name, text in given.items() if text is not None}
    opened = open_vault(vault)
    if (vault / FILE).exists() and not force:
        told = Message("{file} is there already and is kept as it is; --force writes it anew", file=FILE)
        output_terminal.say(told, output_terminal.own_language())
        if chosen:
            options = ", ".join(f"--{name}" for name in chosen)
            output_terminal.say(
                Message("    so these were not written: {options}", options=options), output_terminal.own_language()
            )
    else:
        _set_up(opened, chosen, asks=not yes and sys.stdin.isatty())
    started = start_ledger(vault)
    if started:
        told = Message("{file} is started, which keeps the addresses of the notes: keep it with them", file=LEDGER)
        output_terminal.say(told, output_terminal.own_language())
    snapshot = show(vault)
    if started and snapshot.ledger is not None:  # from now on, not only from the first build on
        write_ledger(vault, snapshot.ledger)
    place = shlex.quote(shown(str(vault)))
    click.echo()
    click.echo(output_terminal.in_own_language(Message("Next:")))
    told = Message("    herbier check {path}    reports what is wrong in the notes, by file and line", path=place)
    click.echo(output_terminal.in_own_language(told))
    told = Message("    herbier learn {path}    proposes what they show of their types and keys", path=place)
    click.echo(output_terminal.in_own_language(told))
    click.echo(
        output_terminal.in_own_language(Message("    herbier serve {path}    shows them in a browser", path=place))
    )


def _usable(name: str, text: str) -> str:
    try:
        return checked(name, text) if text.strip() else ""
    except ValueError as wanted:
        option, kind = f"--{name}", wanted.args[0]
        told = Message("{option} should be {wanted}, not {text!r}", option=option, wanted=kind, text=shown(text))
        raise HerbierError(told) from None


def _set_up(opened: Vault, chosen: Mapping[str, str], *, asks: bool) -> None:
    """Write herbier.toml with what was chosen, what is asked, and what the vault itself tells."""
    with output_terminal.progress() as progress:
        snapshot = read_snapshot(opened, progress)
    languages = languages_of(snapshot)
    most_used = next(iter(languages), "")
    file = opened.root / FILE
    defaults = _defaults(opened, most_used)
    if asks:
        told = Message("Press Enter to take what is in brackets, or type {none} to leave it out.", none=_NONE)
        output_terminal.say(told, output_terminal.own_language())
    values = {
        name: chosen[name] if name in chosen else _asked(name, defaults[name]) if asks else defaults[name]
        for name in ASKED
    }
    # a vault that publishes only what is marked must not begin to publish everything
    publish = opened.settings.publish if opened.settings.publish != Settings().publish else ""
    text = settings_file({**values, "publish": publish}, values["language"] or most_used)
    if file.exists():
        _keep_old(opened, file)
    with whole_file(file) as write:
        write(text.encode())
    output_terminal.say(Message("{file} is written", file=shown(str(file))), output_terminal.own_language())
    _warn(values, languages)


def _defaults(opened: Vault, most_used: str) -> dict[str, str]:
    """Return what is taken where nothing is said: what herbier.toml said before, else what the vault tells."""
    settings = opened.settings
    folder = opened.root.resolve().name
    return {
        "base": settings.base if settings.base != LOCAL_BASE else "",
        "title": settings.title or " ".join(shown(folder).split()),
        "language": settings.language or most_used,
        "license": settings.license,
        "publisher": settings.publisher,
    }


def _asked(name: str, default: str) -> str:
    """Ask for a setting on the terminal until the answer can be used; "" where it is left out."""

    def usable(text: str) -> str:
        if text.strip() in ("", _NONE):
            return ""
        try:
            return checked(name, text)
        except ValueError as wanted:
            raise click.UsageError(
                output_terminal.in_own_language(Message("it should be {wanted}", wanted=wanted.args[0]))
            ) from None

    answer: str = click.prompt(
        output_terminal.in_own_language(_QUESTIONS[name]),
        default=default,
        value_proc=usable,
        show_default=bool(default),
        err=True,
    )
    return answer


def _keep_old(opened: Vault, file: Path) -> None:
    """Put the old herbier.toml beside the new one, and say what the new one does not take over."""
    number = 1
    while (kept := file.with_name(f"{FILE}.{number}.old")).exists():
        number += 1
    with whole_file(kept) as write:
        write(file.read_bytes())
    output_terminal.say(
        Message("the old {file} is kept as {name}", file=FILE, name=kept.name), output_terminal.own_language()
    )
    old, new = opened.settings, Settings()
    lost = [
        name for name in ("include", "languages", "file_size", "mapping") if getattr(old, name) != getattr(new, name)
    ]
    if lost:
        told = Message("    copy from it what the new one does not have: {names}", names=", ".join(lost))
        output_terminal.say(told, output_terminal.own_language())


def _warn(values: Mapping[str, str], languages: Mapping[str, int]) -> None:
    """Say what may surprise in what was chosen; `languages` are those of the notes before, with their number."""
    base, language = values["base"], values["language"]
    if not base:
        told = Message(
            "no base is set, so all addresses begin with {base} and hold on this machine only", base=LOCAL_BASE
        )
        output_terminal.say(told, output_terminal.own_language())
    elif base.startswith(_LOCAL):
        told = Message("warning: addresses that begin with {base} hold on this machine only", base=base)
        output_terminal.say(told, output_terminal.own_language())
    others = {code: count for code, count in languages.items() if code not in ("", language)}
    if language and others:
        found = ", ".join(f"{count:,} {code}" for code, count in sorted(others.items()))
        told = Message(
            "some notes were found to be in other languages than {code}: {found}", code=language, found=found
        )
        output_terminal.say(told, output_terminal.own_language())
        told = Message(
            "    those that do not state theirs, such as lang: en, count as {code} from now on", code=language
        )
        output_terminal.say(told, output_terminal.own_language())
