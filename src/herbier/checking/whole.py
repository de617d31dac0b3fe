"""What shows only in the vault as a whole: tags, notes not written, the dataset, and circles of notes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from herbier.build import Vault
from herbier.checking.desk import neighbours
from herbier.checking.places import Ways, placed, told
from herbier.desk import owner
from herbier.formats import Triple
from herbier.mapping.mapper import map_note
from herbier.mapping.state import Context
from herbier.problems import Problem
from herbier.shapes import Finding, Shapes
from herbier.terms import Term
from herbier.vault.note import read_note


def judge_whole(
    vault: Vault, shapes: Shapes, context: Context, graphs: Mapping[Term, Sequence[Triple]],
    circles: Iterable[Finding], concepts: Iterable[str], language: str,
) -> Iterator[Problem]:  # fmt: skip
    """Yield what is wrong in what is no single note's, and the circles that several notes close together.

    `circles` are what `Shapes.validate_whole` finds.
    """
    base = vault.mint.base
    triples = [triple for said in graphs.values() for triple in said]
    shared = [t for t in triples if owner(t[0], base) not in context.index.by_slug]
    subjects = {triple[0] for triple in shared}
    near = neighbours(shared, context, frozenset(concepts))
    for finding in shapes.validate([*shared, *near]):
        if finding.focus in subjects:
            yield told(finding, shapes.rules[finding.shape], "", (0, 0), language)
    for finding in circles:
        yield _placed(finding, vault, shapes, context, language)


def _placed(finding: Finding, vault: Vault, shapes: Shapes, context: Context, language: str) -> Problem:
    rule = shapes.rules[finding.shape]
    number = context.index.by_slug.get(owner(finding.focus, vault.mint.base))
    if number is None:
        return told(finding, rule, "", (0, 0), language)
    note = read_note(vault.root, context.index.cards[number].path, vault.settings.file_size)
    if isinstance(note, Problem):
        return told(finding, rule, note.path, (0, 0), language)
    return placed(finding, rule, note, Ways.of(map_note(note, number, context)), vault.rules, language)
