"""`herbier check`: what is wrong in a vault, reported by file and line, to people and to programs."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from herbier.checking.check import check, check_note
from herbier.checking.okf_conformance import check_bundle
from herbier.checking.shacl_report import report_of
from herbier.cli import output_terminal
from herbier.cli.options import BASE
from herbier.cli.output_causes import fixable
from herbier.cli.output_learnt import show_understood
from herbier.cli.output_reports import REPORTS, as_github
from herbier.guide import find
from herbier.inspect.finding_vaults import vault_of
from herbier.mapping.vault_totals import Understood
from herbier.messages import Message
from herbier.pipeline.build import FileCounts
from herbier.pipeline.opening import open_vault
from herbier.pipeline.parallel import without_gc
from herbier.pipeline.snapshot import read_snapshot
from herbier.problems import CODES, HerbierError, Problem, Severity
from herbier.shapes import ENGINES, load_shapes, shape_profiles
from herbier.text import shown
from herbier.translation import ENGLISH, languages
from herbier.vault.declarations.knowledge_bundles import OKF
from herbier.wikidata.readiness import LACKS, Readiness, as_problems, readiness

_FORMATS = [*REPORTS, "github", "turtle"]
_MANY = 5  # problems
_PAUSE = 0.5  # seconds between two looks at the files


@click.command("check")
@click.argument("vault", type=click.Path(path_type=Path))
@click.option("--format", "name", type=click.Choice(_FORMATS), default="text", help="How to report.")
@click.option("--all", "each", is_flag=True, help="Show each problem, not each cause once.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--profile", type=click.Choice([*shape_profiles(), OKF]), help="Check what a use of the data needs, too.")
@click.option("--lang", type=click.Choice(languages()), help="The language of messages; LANG's, if not given.")
@click.option("--engine", type=click.Choice(ENGINES), help="What checks the shapes; pyshacl is the slow reference.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl+C.")
@BASE
def check_command(
    vault: Path,
    name: str,
    each: bool,
    strict: bool,
    profile: str | None,
    lang: str | None,
    engine: str | None,
    watch: bool,
    base: str | None,
) -> None:
    """Report what is wrong in VAULT, by file and line; nothing is written. VAULT may be a single note of one.

    \b
    herbier check notes/
    herbier check notes/ --format json
    herbier check notes/ --strict --format github
    herbier check "notes/Ada Lovelace.md"

    A note accepts a problem with `herbier-ignore: [dangling-link]`, a vault with `ignore` under [check] in
    herbier.toml.

    Exit codes: 0 no error (warnings or none), 1 errors found, 2 could not run.
    """
    language = lang or output_terminal.own_language()
    click.get_current_context().meta[output_terminal.LANGUAGE] = language
    if not vault.exists():
        raise HerbierError(Message("there is no file or folder {path!r}", path=shown(str(vault))))
    root = vault_of(vault) if vault.is_file() else vault

    def once() -> int:
        with without_gc():
            return _once(root, vault, name, profile or "", language, engine or "", base, strict, each)

    if not watch:
        sys.exit(once())
    if name != "text":
        raise HerbierError(Message("--watch is for people: it goes with --format text"))
    _watch(root, once, language)


def _once(
    root: Path,
    place: Path,
    name: str,
    profile: str,
    language: str,
    engine: str,
    base: str | None,
    strict: bool,
    each: bool,
) -> int:
    opened = open_vault(root, base, format=OKF if profile == OKF else "")
    shapes = load_shapes(root, profile if profile != OKF else "", engine)
    counts: FileCounts | None = None
    accepted, alone, understood = 0, False, Understood()
    with output_terminal.progress(language) as progress:
        path = place.resolve().relative_to(root.resolve()).as_posix() if place.is_file() else ""
        if path:
            problems, alone = check_note(opened, shapes, path, language, progress)
        else:
            problems, counts, _, accepted, understood = check(opened, shapes, language, progress)
            if profile == OKF:
                summaries = read_snapshot(opened).index.summaries
                private = {summary.path for summary in summaries if summary.private}
                problems = sorted([*problems, *check_bundle(opened, private)])
    if alone:
        told = Message(
            "what other notes say of it was not looked at; herbier check {vault} does", vault=shown(str(root))
        )
        output_terminal.say(told, language)
    ready = readiness(problems, counts.notes) if counts and profile == "wikidata" else None
    if name == "text":
        _show(problems, place, root, counts, accepted, language, ready, each)
        show_understood(understood, language)
    elif name == "turtle":
        click.echo(report_of(opened, shapes, path), nl=False)
        others = [problem for problem in problems if problem.code in CODES]  # of which SHACL knows nothing
        output_terminal.show_problems(others, root, language)
    elif name == "github":
        click.echo(as_github(problems, root, language), nl=False)
    else:
        table = as_problems(ready) if ready else []
        click.echo(REPORTS[name]([*problems, *table], root, language))
    return _exit_code([problem.severity for problem in problems], strict)


def _exit_code(severities: Iterable[Severity], strict: bool) -> int:
    return int("error" in (found := set(severities)) or (strict and "warning" in found))


def _show(
    problems: list[Problem], place: Path, root: Path, counts: FileCounts | None, accepted: int, language: str,
    ready: Readiness | None, each: bool,
) -> None:  # fmt: skip
    listed = [found for found in problems if ready is None or found.code not in LACKS]
    left = output_terminal.show_problems_in_context(listed, root, language, each=each)
    if ready and ready.rows:
        output_terminal.show_readiness(ready, language)
    if left:
        output_terminal.say(Message("... and {count:,} more: --all shows each", count=left), language)
    _say_how_many(listed, language)
    if count := fixable(listed):
        command = f"herbier fix {shown(str(place))}"
        output_terminal.say(
            Message("{count:,} of them can be fixed: {command}", count=count, command=command), language
        )
    _say_where_to_learn(listed, language)
    if accepted:
        output_terminal.say(Message("{count:,} accepted by the notes or by herbier.toml", count=accepted), language)
    if counts:
        output_terminal.show_counts(counts, language)
        if not counts.published + counts.private:
            output_terminal.say(Message("there are no notes in {path}", path=shown(str(place))), language)
    elif not problems:
        output_terminal.say(Message("nothing is wrong in {path}", path=shown(str(place))), language)


def _say_how_many(problems: list[Problem], language: str) -> None:
    """Say it where the problems are too many to be counted at a glance."""
    if len(problems) >= _MANY:
        of = Counter(problem.severity for problem in problems)
        told = Message(
            "errors: {errors:,}; warnings: {warnings:,}", errors=of["error"], warnings=len(problems) - of["error"]
        )
        output_terminal.say(told, language)


def _say_where_to_learn(problems: list[Problem], language: str) -> None:
    uses = Counter(problem.code for problem in problems)
    codes = sorted((code for code in uses if find(code, ENGLISH)), key=lambda code: (-uses[code], code))
    if not codes:
        return
    command = f"herbier help {codes[0] if len(codes) == 1 else 'CODE'}"
    if language != output_terminal.own_language():
        command = f"{command} --lang {language}"
    more = Message("to know more: {command}", command=command)
    if len(codes) > 1:
        often = ", ".join(f"{code} ({uses[code]})" for code in codes)
        more = Message("to know more: {command}, where CODE is one of {codes}", command=command, codes=often)
    output_terminal.say(more, language)


def _watch(root: Path, once: Callable[[], int], language: str) -> None:
    """Check again whenever a file of the vault changes."""
    seen: object = None
    try:
        while True:
            now = _stamps(root)
            if now != seen:
                seen = now
                click.clear()
                try:
                    once()
                except HerbierError as error:  # it may be half written
                    output_terminal.error(error.args[0], language)
                now_at = time.strftime("%H:%M:%S")
                output_terminal.say(
                    Message("checked at {time}; waiting for changes (Ctrl+C ends it)", time=now_at), language
                )
            time.sleep(_PAUSE)
    except KeyboardInterrupt:
        click.echo("", err=True)


def _stamps(root: Path) -> frozenset[tuple[str, int, int]]:
    """Return what changes whenever a file of the vault does."""
    found: set[tuple[str, int, int]] = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            try:
                stat = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - twice a second, thousands of them
            except OSError:
                continue
            found.add((os.path.join(folder, name), stat.st_mtime_ns, stat.st_size))  # noqa: PTH118
    return frozenset(found)
