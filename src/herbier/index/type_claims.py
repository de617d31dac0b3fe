"""What a note shows of the type of its thing without stating it: tags, folders, names, identifiers, keys.

The mapping weighs these claims against what is stated, and against those of other notes (`mapping/type_weighing.py`).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from herbier.index.own_fields import Roles, is_empty, role_of
from herbier.rdf.slugs import plain_name
from herbier.rules.identifiers import identified
from herbier.rules.rule_types import Rules, Scheme, TypeEvidence
from herbier.rules.type_evidence import bare_name
from herbier.vault.declarations.page_addresses import is_dated
from herbier.vault.fields import Field, Map, Scalar, scalars
from herbier.vault.note import Note, stem
from herbier.vault.summary import Pointer, TypeClaim

Tag = tuple[str, int, int]  # with its line and column

# what the notes are called that are about their folder
_OF_FOLDERS: Final = frozenset(["index", "readme", "home", "accueil", "about", "apropos", "moc", "toread", "alire"])


def claims_of(note: Note, roles: Roles, tags: Iterable[Tag], rules: Rules) -> tuple[TypeClaim, ...]:
    """Return the claims of a note on the type of its thing, strongest first, each type once a kind."""
    table = rules.evidence
    found = [*_of_tags(note, tags, rules), *_of_folder(note.path, table), *_of_hierarchy(note.path, table)]
    if found and table.beside:
        found = [
            claim for claim in found if claim.type not in table.beside or _is_supported(note, table.beside[claim.type])
        ]
    found += _of_declared(note.path, table)
    found += _of_paths(note, rules)
    found += _of_keys(note, rules)
    found += _of_templates(note, table)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


_DATED: Final = re.compile(r"(?<!\d)(?:19|20)\d\d[-._ ]?(?:0[1-9]|1[0-2])[-._ ]?(?:[0-2]\d|3[01])(?!\d)")


def _is_supported(note: Note, keys: frozenset[str]) -> bool:
    """Return whether a note has one of some keys, or a date in its name."""
    return _DATED.search(stem(note.path)) is not None or any(plain_name(field.key) in keys for field in note.fields)


def _of_tags(note: Note, tags: Iterable[Tag], rules: Rules) -> Iterator[TypeClaim]:
    table, end = rules.evidence, 0
    for name, line, _ in tags:
        first, slash, rest = name.partition("/")
        if slash:  # `type/book`, as the key `type` would have it
            role = role_of(first, rules)
            rule = rules.types.get(plain_name(rest.rpartition("/")[2])) if role and role.role in STATING else None
        else:
            rule = table.tags.get(plain_name(name))
        if rule and line >= note.first_line and not end:
            end = _head_end(note)
        if rule and (line < note.first_line or line < end):
            yield TypeClaim("tag", rule.name, name)


STATING: Final = ("type", "category")  # roles of keys that state a type
_ONLY_TAGS: Final = re.compile(rb"\s*(?:[\w-]{1,20}::?\s*)?(?:[#,;][^\s#,;]*\s*)+")
_LONGEST_HEAD: Final = 2_000  # bytes


def _head_end(note: Note) -> int:
    """Return the line after those of tags that head the body: further down, a tag is of what stands there."""
    line = note.first_line
    for text in note.source[:_LONGEST_HEAD].split(b"\n"):
        if text.strip() and not text.startswith(b"# ") and not _ONLY_TAGS.fullmatch(text.strip()):
            break
        line += 1
    return line


@lru_cache(maxsize=1 << 12)
def _bare(name: str) -> str:
    return bare_name(name)


def _of_folder(path: str, table: TypeEvidence) -> Iterator[TypeClaim]:
    """Yield the claim of the nearest folder that is called after a type; the folder's own note is no such thing."""
    folder, _, file = path.rpartition("/")
    own = plain_name(stem(file))
    while folder:
        above, _, last = folder.rpartition("/")
        name = _bare(last)
        rule = table.folders.get(name)
        if rule is None and (rule := table.children.get(name)) and not _lies_in(path, folder):
            return
        if rule:
            # `people/ana/index.md` is of Ana, `people/index.md` of the folder
            if own != name and (own not in _OF_FOLDERS or folder != path.rpartition("/")[0]):
                yield TypeClaim("folder", rule.name, folder)
            return
        folder = above


def _lies_in(path: str, folder: str) -> bool:
    """Return whether a note lies in a folder directly, or is the note of a folder that does: `projects/x/x.md`."""
    *between, file = path[len(folder) + 1 :].split("/")
    return not between or (len(between) == 1 and plain_name(stem(file)) in (plain_name(between[0]), "index", "readme"))


_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?")


def _of_hierarchy(path: str, table: TypeEvidence) -> Iterator[TypeClaim]:
    """Yield the claim of the first of two levels of a name: `user.alice` of Dendron, `book___dune` of Logseq."""
    name = stem(path)
    for separator in (".", "___", "%2F"):
        first, found, rest = name.partition(separator)
        if not found or not rest or separator in rest:
            continue
        if separator == "." and (not name.islower() or " " in name or _LANGUAGE.fullmatch(rest)):
            continue
        plain = plain_name(first)
        if rule := table.roots.get(plain):
            yield TypeClaim("hierarchy", rule.name, first)


def _of_declared(path: str, table: TypeEvidence) -> Iterator[TypeClaim]:
    """Yield the claim of the deepest folder, or of the longest name, that the vault declares to be of a type."""
    for sign in table.declared:
        if sign.pattern.search(path):
            if sign.written.endswith("$") or plain_name(stem(path)) not in _OF_FOLDERS:
                yield TypeClaim("declared", sign.rule.name, sign.written)
            return


_ADDRESSES: Final = frozenset(["permalink", "path", "url"])


def _of_paths(note: Note, rules: Rules) -> Iterator[TypeClaim]:
    table = rules.evidence
    if not table.paths:
        return
    addresses = [note.path]
    for field in note.fields:
        if field.key in _ADDRESSES:
            addresses += [value.text for value in field.values if isinstance(value, Scalar) and "://" not in value.text]
    if rules.addresses and is_dated(note.path, rules.addresses):
        dates = [value.text for field in note.fields if field.key.lower() == "date" for value in scalars([field])]
        addresses += [f"{text[:10].replace('-', '/')}/{stem(note.path)}" for text in dates[:1]]
    for pattern, rule in table.paths:
        for address in addresses:
            if pattern.search(address):
                yield TypeClaim("path", rule.name, address)


def _of_keys(note: Note, rules: Rules) -> Iterator[TypeClaim]:
    """Yield the claims of identifiers, then those of keys that only things of one type have."""
    table = rules.evidence
    first = len(note.fields) - len(note.body.fields)
    fields = list(note.fields[:first])  # then those of the text before the first heading, as Logseq writes properties
    fields += [field for field, item in zip(note.fields[first:], note.body.fields, strict=True) if not item.section]
    names = {plain_name(field.key): field for field in fields if not _says_nothing(field)}
    for name, field in names.items():
        for sign in table.schemes.get(name, ()):
            texts = [value.text for value in field.values if isinstance(value, Scalar)]
            if any(_is_identifier(text, rules.schemes[sign.scheme], sign.start) for text in texts):
                yield TypeClaim("identifier", sign.rule.name, field.key)
    for name, field in names.items():
        for signature in table.signatures.get(name, ()):
            if all(not key.isdisjoint(names) for key in signature.keys):
                yield TypeClaim("keys", signature.rule.name, field.key)


_MOST_KEYS: Final = 0.8  # of a template that a note must still have


def _of_templates(note: Note, table: TypeEvidence) -> Iterator[TypeClaim]:
    """Yield the claim of the templates whose keys a note has, where all of them are of one type."""
    rules = {path: table.templates[path].rule for path in templates_of(note, table)}
    if len({rule.name if rule else "" for rule in rules.values()}) == 1:
        path, rule = next(iter(rules.items()))
        if rule is not None:
            yield TypeClaim("template", rule.name, path)


def templates_of(note: Note, table: TypeEvidence) -> list[str]:
    """Return the templates that a note may be made from: most of their keys are there, and one that only they have."""
    if not table.templates:
        return []
    names = {plain_name(field.key) for field in note.fields[: len(note.fields) - len(note.body.fields)]}
    found = {
        path: len(names & sign.keys)
        for path, sign in table.templates.items()
        if not names.isdisjoint(sign.own) and len(names & sign.keys) >= _MOST_KEYS * len(sign.keys)
    }
    return [path for path, count in found.items() if count == max(found.values())]


def _is_identifier(text: str, scheme: Scheme, start: str) -> bool:
    try:
        found = identified(text, scheme)
    except ValueError:
        return False
    return found is not None and found.text.startswith(start)


def _says_nothing(field: Field) -> bool:
    return all(isinstance(value, Scalar) and is_empty(value) for value in field.values)


_LONGEST: Final = 200  # characters of a value that is a name


def pointers_of(note: Note, rules: Rules) -> tuple[Pointer, ...]:
    """Return the values of a note that name things of a class which the rule of their key tells."""
    pointing = rules.evidence.pointing
    found = [pointer for field in note.fields for pointer in _pointers(field, pointing, False)]
    return tuple(found)


def _pointers(field: Field, pointing: frozenset[str], nested: bool) -> Iterator[Pointer]:
    name = plain_name(field.key)
    points = name in pointing
    for value in field.values:
        if isinstance(value, Map):
            for inner in value.fields:
                yield from _pointers(inner, pointing, True)
        elif points and len(value.text) <= _LONGEST and not is_empty(value):
            yield Pointer(name, value.text, nested)
