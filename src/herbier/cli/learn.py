"""`herbier learn`: rules that a vault's own notes teach."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from herbier.cli import output_terminal
from herbier.cli.output_learnt import show_lesson, show_shares
from herbier.inspect.evidence_counts import Evidence, count_evidence
from herbier.inspect.learning import Lesson, lessons_of
from herbier.inspect.learnt_rows import LEARNT, add_rows, as_mapping, declined_in
from herbier.messages import Message
from herbier.pipeline.opening import Vault, open_vault, with_mapping
from herbier.pipeline.parallel import without_gc
from herbier.pipeline.progress import Progress
from herbier.pipeline.snapshot import read_snapshot

_MOST_PASSES = 4  # each may make more keys known, and takes as long as a build
_YES, _NO, _OTHER, _LATER, _STOP = "y", "n", "o", "l", "q"


@click.command("learn")
@click.argument("vault", type=click.Path(path_type=Path), default=".")
@click.option("--yes", is_flag=True, help="Ask nothing: take what is sure enough.")
@click.option("--sure", type=click.FloatRange(0, 1), default=0.95, show_default=True, help="How sure is sure enough.")
@click.option("--write", is_flag=True, help="Write what was taken into mapping/vault.yaml of VAULT.")
def learn_command(vault: Path, yes: bool, sure: float, write: bool) -> None:
    """Propose what the rules do not yet say of VAULT: of what class notes are, and what keys mean.

    Each folder, tag and key is a question: yes, no, another answer, later. What was declined is not asked again. Notes
    are never changed; without --write, no file is.

    \b
    herbier learn notes/
    herbier learn notes/ --yes --write
    herbier learn notes/ --yes --sure 0.8
    """
    opened = open_vault(vault)
    declined: list[Lesson] = []
    taken: list[Lesson] = []
    with output_terminal.progress() as progress, without_gc():
        evidence = count_evidence(read_snapshot(opened, progress), progress)
    before = after = evidence.shares
    known = declined_in(opened.root)
    lessons = lessons_of(opened, evidence, known)
    if not yes:
        taken, declined = _ask(lessons)
        if taken:
            with output_terminal.progress() as progress, without_gc():
                after = _evidence_with(opened, taken, progress).shares
    passes = 0
    while yes and passes < _MOST_PASSES and (more := [lesson for lesson in lessons if lesson.sure >= sure]):
        passes += 1
        taken += more
        for lesson in more:
            show_lesson(lesson)
        with output_terminal.progress() as progress, without_gc():  # what a class tells may make more keys known
            evidence = _evidence_with(opened, taken, progress)
        after = evidence.shares
        lessons = lessons_of(opened, evidence, known | {lesson.name for lesson in taken})
    left = len(lessons) - (0 if yes else len(taken) + len(declined))
    if write and (taken or declined):
        add_rows(opened.root, taken, declined)
        output_terminal.say(
            Message("{count} rows written to {file}", count=len(taken) + len(declined), file=LEARNT),
            output_terminal.own_language(),
        )
    elif taken:
        for lesson in taken:
            click.echo(f"{lesson.table}: {lesson.name}: {lesson.cells}")
        told = Message("nothing is written: herbier learn --write does")
        output_terminal.say(told, output_terminal.own_language())
    if left:
        told = Message("{count} proposals are left: herbier learn asks them one by one", count=left)
        output_terminal.say(told, output_terminal.own_language())
    show_shares(before, after)


def _ask(lessons: Sequence[Lesson]) -> tuple[list[Lesson], list[Lesson]]:
    """Ask a question a row; return what was taken and what was declined, as far as answers were given."""
    taken: list[Lesson] = []
    declined: list[Lesson] = []
    try:
        for number, lesson in enumerate(lessons, 1):
            show_lesson(lesson, f"{number}/{len(lessons)}")
            answer = _answer(lesson)
            if answer == _STOP:
                break
            if answer == _NO:
                declined.append(lesson)
            elif answer == _YES:
                taken.append(lesson)
            elif answer == _OTHER and (other := _another(lesson)):
                taken.append(other)
    except (click.Abort, EOFError):  # what was answered is kept
        click.echo(err=True)
    return taken, declined


def _answer(lesson: Lesson) -> str:
    choices = [_YES, _NO, *([_OTHER] if lesson.others else []), _LATER, _STOP]
    asked = Message("yes (y), no (n), later (l), enough (q)")
    if lesson.others:
        asked = Message("yes (y), no (n), another (o), later (l), enough (q)")
    found: str = click.prompt(
        output_terminal.in_own_language(asked), type=click.Choice(choices), show_choices=False, default=_LATER
    )
    return found


def _another(lesson: Lesson) -> Lesson | None:
    for place, (gives, _) in enumerate(lesson.others, 1):
        click.echo(f"  {place}  {gives}")
    most = len(lesson.others)
    chosen: int = click.prompt(
        output_terminal.in_own_language(Message("which one; 0 for none")), type=click.IntRange(0, most), default=0
    )
    if not chosen:
        return None
    gives, cells = lesson.others[chosen - 1]
    return replace(lesson, gives=gives, cells=cells)


def _evidence_with(opened: Vault, taken: Sequence[Lesson], progress: Progress) -> Evidence:
    """Return what there is to learn of a vault with the rows that were taken."""
    mapping = {table: dict(rows) for table, rows in opened.settings.mapping.items() if isinstance(rows, dict)}
    for table, rows in as_mapping(taken).items():
        mapping.setdefault(table, {}).update(rows)
    learnt = frozenset(lesson.name for lesson in taken)
    return count_evidence(read_snapshot(with_mapping(opened, mapping), progress), progress, learnt)
