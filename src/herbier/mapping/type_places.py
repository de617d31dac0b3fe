"""Where in a note its thing's type is to be seen: a key, a tag, an identifier; else in its path, line 0 as it were."""

from herbier.mapping.classes import GivenClass
from herbier.mapping.context import NoteMapping
from herbier.rdf.slugs import plain_name
from herbier.vault.note import At

PATH_LINE = 0  # in place of a line, where the column counts in the path of the note
OF_OTHERS = (PATH_LINE, 0)  # the place of what other notes say


def type_place(m: NoteMapping, given: GivenClass) -> At:
    """Return the place in a note of what gives its thing a class."""
    if given.kind in ("type", "category"):
        for _, value in m.roles.get(given.kind, ()):
            if " ".join(value.text.split()) == given.written:
                return value.line, value.column
    elif given.kind == "tag":
        return _tag_place(m, given.written)
    elif given.kind == "folder" or (given.kind == "declared" and "[" not in given.written):
        return PATH_LINE, given.written.rfind("/") + 2
    elif given.kind == "template":
        return (m.note.fields[0].line, m.note.fields[0].column) if m.note.fields else (1, 1)
    elif given.kind == "others":
        return OF_OTHERS
    elif given.kind in ("hierarchy", "path", "declared"):
        for field in m.note.fields:
            if any(getattr(value, "text", "") == given.written for value in field.values) and given.kind == "path":
                return field.values[0].line, field.values[0].column
        return PATH_LINE, m.path.rfind("/") + 2
    elif given.kind:
        for field in m.note.fields:
            if field.key == given.written:
                return field.line, field.column
    return 1, 1


def _tag_place(m: NoteMapping, name: str) -> At:
    wanted = plain_name(name)
    for _, value in m.roles.get("tags", ()):
        if wanted in plain_name(value.text):
            return value.line, value.column
    return next((tag.at for tag in m.note.body.tags if tag.name == name), (1, 1))
