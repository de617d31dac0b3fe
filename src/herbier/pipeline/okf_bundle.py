"""A vault as a bundle of the Open Knowledge Format: a document a published note, and an index a folder.

What is written is what is published: names of private notes are in none of it. The text stands as in `schema:text`,
links are a list below it. Source: https://github.com/GoogleCloudPlatform/knowledge-catalog, okf/SPEC.md, version 0.2.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from itertools import count as count_from
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import yaml

from herbier.atomic_file import whole_file
from herbier.index.own_fields import is_empty, role_of
from herbier.index.redaction import is_private_name, mentions_private, plain_text, redact_links, shown_headings
from herbier.mapping.context import NoteMapping
from herbier.mapping.key_rules import rule_of
from herbier.mapping.mapper import PARTS
from herbier.messages import Message, reason
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.snapshot import Snapshot
from herbier.problems import HerbierError
from herbier.rdf.terms import lexical
from herbier.text import clean, name_key, shown
from herbier.translation import translate
from herbier.vault.declarations.knowledge_bundles import INDEX, RESERVED, VERSION
from herbier.vault.fields import Field, Scalar, Value
from herbier.vault.inline import is_template

OKF_VERSION: Final = "0.2"
_FIRST: Final = ("type", "title", "description", "resource", "tags")


class OkfDocument(NamedTuple):
    """A document of a bundle: its path there, its title, its description and its text."""

    path: str
    title: str
    description: str
    text: str


def write_bundle(snapshot: Snapshot, folder: Path, progress: Progress = silent) -> int:
    """Write a vault as a bundle into a new folder; return how many documents it has.

    HerbierError where the folder holds anything, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HerbierError(Message("{path} is not empty: name a new folder for the bundle", path=shown(str(folder))))
    index = snapshot.index
    public = [n for n, summary in enumerate(index.summaries) if not summary.private and n not in index.merged]
    paths = _paths(snapshot, public)
    documents: list[OkfDocument] = []
    try:
        for done, number in enumerate(public, 1):
            document = _document(snapshot, number, paths)
            documents.append(document)
            _write(folder / document.path, document.text)
            progress(Message("writing"), done, len(public))
        language = snapshot.vault.settings.language
        for path, text in _indexes(documents, language) if documents else ():
            _write(folder / path, text)
    except OSError as error:
        why = reason(error)
        raise HerbierError(Message("{path} could not be written: {why}", path=str(folder), why=why)) from error
    return len(documents)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(file) as write:
        write(text.encode())


def _paths(snapshot: Snapshot, public: Sequence[int]) -> dict[int, str]:
    """Return the path of each document: that of its note, unless the format reserves it or it names a private note.

    No two have one that differs only by case or by how accents are written: not every disk tells them apart.
    """
    index = snapshot.index
    found: dict[int, str] = {}
    taken: set[str] = set()
    for number in public:
        path = clean(shown(index.summaries[number].path))
        parts = path.removesuffix(".md").split("/")
        fits = path.endswith(".md") and all(part.isprintable() and len(part.encode()) < _LONGEST for part in parts)
        hidden = any(mentions_private(index, part) for part in parts)
        reserved = parts[-1].casefold() in _RESERVED_STEMS
        if not fits or hidden or reserved or not _is_free(path, taken):
            name = index.slugs[number].replace("/", "-")[: _LONGEST // 4]
            ways = chain([name], (f"{name}-{count}" for count in count_from(2)))
            path = next(f"{one}.md" for one in ways if one not in _RESERVED_STEMS and _is_free(f"{one}.md", taken))
        found[number] = path
        key = name_key(path)
        taken.update({key, *(key[: place + 1] for place, char in enumerate(key) if char == "/")})
    return found


_LONGEST: Final = 200  # bytes of a part of a path that every disk takes
_RESERVED_STEMS: Final = frozenset(name.removesuffix(".md") for name in RESERVED)


def _is_free(path: str, taken: set[str]) -> bool:
    """Return whether no other document lies at a path, or would be a folder of it, or lie in it."""
    key = name_key(path)
    above = {key[:place] for place, char in enumerate(key) if char == "/"}
    return key not in taken and f"{key}/" not in taken and taken.isdisjoint(above)


# --- documents --------------------------------------------------------------------------------------------------------


def _document(snapshot: Snapshot, number: int, paths: dict[int, str]) -> OkfDocument:
    note = snapshot.read(snapshot.index.summaries[number].path)
    m = NoteMapping(note, number, snapshot.context)
    for part in PARTS:
        part(m)
    title = plain_text(m.index, m.summary.title, m.path)
    description = _first_said(m, m.model.description.terms) or _first_said(m, m.model.abstract.terms)
    description = " ".join(description.split())
    head: dict[str, Any] = {
        "type": _type_of(m),
        "title": title,
        "description": description,
        "resource": m.thing[1:-1],
        "tags": list(dict.fromkeys(tag for tag, _ in m.out.tags)),
    }
    first = len(note.fields) - len(note.body.fields)
    for field in note.fields[:first]:
        key = redact_links(m.index, field.key.strip(), m.path)
        if key not in head and _is_told(m, field) and (values := _values(m, field)):
            head[key] = values[0] if len(values) == 1 and len(field.values) == 1 else values
    head = {key: value for key, value in head.items() if value not in ("", [], None)}
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10_000)
    body = "".join(f"\n{part}\n" for part in (*_text(m), *_links(m, paths)))
    return OkfDocument(paths[number], title, description, f"---\n{front}---\n{body}")


def _type_of(m: NoteMapping) -> str:
    """Return what a thing is called by its note, else by its class: every concept has a type."""
    for _, value in m.roles.get("type", ()):
        text = plain_text(m.index, value.text, m.path).strip()
        if text and not is_empty(value) and not is_template(text) and not is_private_name(m.index, text, m.path):
            return " ".join(text.split())
    name = re.split("[/#]", m.classes[m.thing][0][1:-1])[-1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _first_said(m: NoteMapping, predicates: Sequence[str]) -> str:
    for subject, predicate, value, _, _ in m.out.statements:
        if predicate in predicates and subject in (m.thing, m.doc) and value.startswith('"'):
            return lexical(value)
    return ""


def _is_told(m: NoteMapping, field: Field) -> bool:
    """Return whether what a key says is published: what Herbier itself reads stands elsewhere, or says who may read."""
    if role_of(field.key, m.rules) is not None or m.rules.privacy.meant(field.key) is not None:
        return False
    known = rule_of(m, field, m.thing)
    return known is None or known[0].kind != "nothing"


def _values(m: NoteMapping, field: Field) -> list[Any]:
    return [found for value in field.values if (found := _value(m, value)) not in ("", {}, None)]


def _value(m: NoteMapping, value: Value) -> Any:
    if isinstance(value, Scalar):
        if is_empty(value) or is_template(value.text) or not _may_be_told(m, value.text.strip()):
            return None
        return plain_text(m.index, value.text, m.path).strip()
    inner: dict[str, Any] = {}
    for field in value.fields:
        if m.rules.privacy.meant(field.key) is None and (found := _values(m, field)):
            inner[redact_links(m.index, field.key, m.path)] = found[0] if len(field.values) == 1 else found
    return inner


def _may_be_told(m: NoteMapping, text: str) -> bool:
    """Return whether a value names nothing that is private, in whatever way a key might be read as naming it."""
    if not m.index.any_private:
        return True
    if is_private_name(m.index, text, m.path) or mentions_private(m.index, text):
        return False
    return m.index.unwritten(text).kind != "private" and m.index.find(text, m.path).kind != "private"


def _text(m: NoteMapping) -> Iterator[str]:
    headings = ("", *shown_headings(m.index, m.summary))  # the first section has none
    for number, section in enumerate(m.note.body.sections):
        if headings[number]:
            yield f"{'#' * min(section.level, 6)} {headings[number]}"
        if text := m.shown_text(number, 0, len(section.text)).strip():
            yield text


def _links(m: NoteMapping, paths: dict[int, str]) -> Iterator[str]:
    """Yield the links of a note as a list: the format takes its graph from links that lead from the top."""
    start = f"<{m.mint.base}id/"
    things = [value[len(start) : -1] for _, _, value, _, _ in m.out.statements if value.startswith(start)]
    found = dict.fromkeys(m.index.by_slug[slug] for slug in things if slug in m.index.by_slug and slug != m.slug)
    lines = [
        f"* [{_label(plain_text(m.index, m.index.summaries[number].title, ''))}](/{_address(paths[number])})"
        for number in found
        if number in paths
    ]
    if lines:
        heading = translate(Message("Links"), m.language or "en")
        yield f"# {heading}"
        yield "\n".join(lines)


def _label(text: str) -> str:
    return re.sub(r"([\[\]\\])", r"\\\1", " ".join(text.split()))


def _address(path: str) -> str:
    return quote(path, safe="/-._~")


# --- indexes ----------------------------------------------------------------------------------------------------------


def _indexes(documents: Sequence[OkfDocument], language: str) -> Iterator[tuple[str, str]]:
    """Yield the index of each folder: those below it, then its documents (section 8)."""
    folders: dict[str, list[OkfDocument]] = defaultdict(list)
    below: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        folder = document.path.rpartition("/")[0]
        folders[folder].append(document)
        while folder:
            above = folder.rpartition("/")[0]
            below[above].add(folder)
            folder = above
    for folder in sorted({"", *folders, *below}):
        start = f'---\n{VERSION}: "{OKF_VERSION}"\n---\n\n' if not folder else ""
        lines = [
            f"* [{_label(name.rpartition('/')[2])}]({_address(name.rpartition('/')[2])}/{INDEX})"
            for name in sorted(below[folder])
        ]
        for document in sorted(folders[folder], key=lambda one: (one.title, one.path)):
            told = f" - {document.description}" if document.description else ""
            lines.append(f"* [{_label(document.title)}]({_address(document.path.rpartition('/')[2])}){told}")
        name = _label(folder.rpartition("/")[2]) or translate(Message("Notes"), language or "en")
        yield f"{folder}/{INDEX}".lstrip("/"), f"{start}# {name}\n\n" + "\n".join(lines) + "\n"
