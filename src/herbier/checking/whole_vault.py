"""Checks of the vault as a whole: tags, notes not written, the dataset, and circles of notes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from herbier.checking.check_worker import neighbours
from herbier.checking.locating import SourceMap, placed, problem_at
from herbier.checking.other_notes import OF_NO_NOTE, OtherNotes, Said, problem_of_sayer
from herbier.mapping.context import MappingContext
from herbier.mapping.mapper import map_note
from herbier.pipeline.opening import Vault
from herbier.problems import Problem
from herbier.rdf.iris import owner
from herbier.rdf.terms import Term, Triple
from herbier.shapes import Finding, Shapes
from herbier.vault.note import read_note


def judge_whole(
    vault: Vault, shapes: Shapes, context: MappingContext, graphs: Mapping[Term, Sequence[Triple]],
    circles: Iterable[Finding], said: Mapping[str, Said], other_notes: OtherNotes, language: str,
) -> Iterator[Problem]:  # fmt: skip
    """Yield what is wrong in what is no single note's, and the circles that several notes close together.

    `circles` are what `Shapes.validate_whole` finds; `said` is what is said of the subjects of others, by their slugs.
    """
    base, by_slug = vault.mint.base, context.index.by_slug
    others = {
        triple: sayer for name, of_name in said.items() if name not in by_slug for triple, sayer in of_name.items()
    }
    triples = {triple: None for triples in graphs.values() for triple in triples} | dict.fromkeys(others)
    shared = [triple for triple in triples if owner(triple[0], base) not in by_slug]
    subjects = {triple[0] for triple in shared}
    near = neighbours(shared, context, other_notes)
    for finding in shapes.validate([*shared, *near]):
        if finding.focus in subjects:
            rule = shapes.rules[finding.shape]
            of_sayer = problem_of_sayer(finding, rule, others, vault.root, context, language)
            about = next((t for t in others if t[0] == finding.focus), None)
            if of_sayer is None and about:  # where anything is said of it
                elsewhere = finding._replace(path=about[1], value=about[2])
                of_sayer = problem_of_sayer(elsewhere, rule, others, vault.root, context, language)
            yield of_sayer or problem_at(finding, rule, "", (0, 0), language)
    for finding in circles:
        name = owner(finding.focus, base)
        yield _of_circle(finding, by_slug.get(name, OF_NO_NOTE), said.get(name, {}), vault, shapes, context, language)


def _of_circle(
    finding: Finding, number: int, said: Said, vault: Vault, shapes: Shapes, context: MappingContext, language: str
) -> Problem:
    rule = shapes.rules[finding.shape]
    note = (
        read_note(vault.root, context.index.summaries[number].path, vault.settings.file_size) if number >= 0 else None
    )
    source_map = SourceMap.of(map_note(note, number, context)) if note and not isinstance(note, Problem) else None
    if source_map is None or not source_map.states(finding):
        of_sayer = problem_of_sayer(finding, rule, said, vault.root, context, language)
        if of_sayer is not None:
            return of_sayer
    if source_map is None or note is None or isinstance(note, Problem):
        return problem_at(finding, rule, "", (0, 0), language)
    return placed(finding, rule, note, source_map, vault.rules, language)
