"""From a Note to triples: one function a part of the note, in the order of `PARTS`.

Every statement carries the place and the rule that made it, as references to what is there anyway: `explain` reads
them, a build drops them.
"""

from collections.abc import Callable, Sequence
from typing import Final

from herbier.mapping.context import MappedNote, MappingContext, NoteMapping
from herbier.mapping.field_mapping import fields
from herbier.mapping.identity import identity
from herbier.mapping.other_identities import other_identities
from herbier.mapping.other_languages import translations
from herbier.mapping.references import citations, links, tags
from herbier.mapping.sections import sections
from herbier.mapping.works import works
from herbier.vault.note import Note

PARTS: Final[Sequence[Callable[[NoteMapping], None]]] = (
    identity, other_identities, translations, fields, sections, links, citations, works, tags,
)  # fmt: skip


def map_note(note: Note, number: int, context: MappingContext) -> MappedNote:
    """Return what a note says; `number` is that of its summary in the index."""
    mapper = NoteMapping(note, number, context)
    for part in PARTS:
        part(mapper)
    return mapper.out
