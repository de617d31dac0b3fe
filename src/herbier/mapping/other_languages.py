"""The translations of a note: notes of other languages that share its path or its address."""

from herbier.index.translations import path_without_language
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
    kept = path_without_language(m.path, m.language)
    if kept == m.path:
        return 1, 1
    same = next(at for at, (one, other) in enumerate(zip(m.path, f"{kept} ", strict=False)) if one != other)
    return PATH_LINE, m.path.rfind("/", 0, same + 1) + 2
