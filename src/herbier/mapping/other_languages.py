"""The translations of a note: notes of other languages that share its path or its address."""

from herbier.index.translations import language_folder
from herbier.mapping.context import NoteMapping
from herbier.mapping.type_places import PATH_LINE
from herbier.vault.note import At


def translations(m: NoteMapping) -> None:
    """State which notes are translations of this one."""
    for number in m.index.translations.get(m.number, ()):
        m.say(m.doc, m.model.translation, m.mint.note(m.index.slugs[number]), _place(m))


def _place(m: NoteMapping) -> At:
    """Return where a note shows of which text it is a version: at its own address, else in its path."""
    for _, value in m.roles.get("permalink", ()):
        return value.line, value.column
    folder = language_folder(m.path, m.language)
    return (PATH_LINE, folder.rfind("/") + 2) if folder else (1, 1)
