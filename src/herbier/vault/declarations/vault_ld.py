"""Vault-LD: the contexts of JSON-LD that tell what the keys of a vault mean, and what the IRIs of its notes begin with.

One context at the top, with those that it names, makes the terms of the whole vault; the nearest context at or above a
note gives its base. Source: https://github.com/The-Knowledge-Graph-Guys/vault-ld, SPEC.md, version 0.5, section 4;
JSON-LD 1.1, sections 4.1 to 4.3.
"""

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from herbier.messages import Message
from herbier.problems import Problem
from herbier.vault.declarations.data_file import DataFile, read_data, unused, word
from herbier.vault.declarations.declared import Declared, DeclaredIdentity, DeclaredPlace, DeclaredRow

CONTEXT: Final = "context.jsonld"
_LAYERS: Final = ("Ontologies", "Vocabularies")
_ENDS_OF_PREFIXES: Final = tuple(":/?#[]@")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DATES: Final = ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth")
_WHOLE: Final = ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "unsignedInt", "byte")
_NUMBERS: Final = ("decimal", "double", "float")
_KINDS: Final = {
    **dict.fromkeys(_DATES, "date"),
    **dict.fromkeys(_WHOLE, "integer"),
    **dict.fromkeys(_NUMBERS, "number"),
    "boolean": "boolean",
    "anyURI": "address",
}
_MOST_FILES: Final = 200

Terms = dict[str, tuple[Any, DataFile]]


def read_contexts(root: Path, declared: Declared, problems: list[Problem]) -> None:
    """Take the terms of the context at the top as keys, and the bases of all contexts."""
    top = read_data(root, CONTEXT, problems)
    if top is None:
        return
    terms: Terms = {}
    _compose(root, top, terms, declared, problems, (), [_MOST_FILES])
    prefixes = {name: iri for name, (value, _) in terms.items() if (iri := _prefix(value))}
    vocabulary = word(terms["@vocab"][0]) if "@vocab" in terms else ""
    for name, (value, file) in terms.items():
        place = DeclaredPlace(file.path, file.line(name))
        if name in prefixes:
            declared.rows.append(DeclaredRow("prefixes", name, {"": prefixes[name]}, place))
        elif not name.startswith("@"):
            _term(name, value, place, prefixes, vocabulary, declared)
    _identities(root, top, declared, problems)


def _compose(
    root: Path, file: DataFile, terms: Terms, declared: Declared, problems: list[Problem], within: tuple[str, ...],
    left: list[int],
) -> None:  # fmt: skip
    """Gather the terms of a document and of those that it names, from left to right; a later one overrides."""
    declared.files.add(file.path)
    context = file.data.get("@context", file.data) if isinstance(file.data, dict) else file.data
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            for name, value in part.items():
                if name != "@base":
                    terms[name] = (value, file)
        elif isinstance(part, str):
            line = file.line(part)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), part))
            if "://" in part or path == ".." or path.startswith(("/", "../")):
                problems.append(unused(file.path, line, 1, Message("{name!r} is outside the vault", name=part)))
            elif path not in (*within, file.path) and left[0] > 0:
                left[0] -= 1
                other = read_data(root, path, problems)
                if other is not None:
                    _compose(root, other, terms, declared, problems, (*within, file.path), left)
                elif not (root / path).exists():
                    problems.append(unused(file.path, line, 1, Message("there is no file {path!r}", path=path)))


def _prefix(value: Any) -> str:
    """Return the IRI that a term stands for as a prefix, "" where it is none (JSON-LD 1.1, section 4.4)."""
    if isinstance(value, dict):
        return word(value.get("@id")) if value.get("@prefix") is True else ""
    iri = word(value)
    return iri if "://" in iri and iri.endswith(_ENDS_OF_PREFIXES) else ""


def _term(
    name: str, value: Any, place: DeclaredPlace, prefixes: Mapping[str, str], vocabulary: str, declared: Declared
) -> None:
    """Take a term as a key: its predicate, and the kind of its values."""
    told = value if isinstance(value, dict) else {"@id": value}
    iri = word(told.get("@id"))
    if iri == "@type":
        declared.rows.append(DeclaredRow("keys", _row(name), {"names": [name], "role": "type"}, place))
    elif iri == "@id":
        same = {"names": [name], "thing": "schema:sameAs", "value": "same"}
        declared.rows.append(DeclaredRow("keys", _row(name), same, place))
    elif not iri.startswith("@") and "@reverse" not in told:
        predicate = _expanded(iri, prefixes) or (vocabulary + (iri or name) if vocabulary else "")
        if predicate:
            kind = _kind(_expanded(word(told.get("@type")), prefixes) or word(told.get("@type")), told)
            row = {"names": [name], "thing": predicate, "value": kind}
            declared.rows.append(DeclaredRow("keys", _row(name), row, place))


def _row(name: str) -> str:
    return f"{name} ({CONTEXT})"  # a name that no shipped row has


def _expanded(text: str, prefixes: Mapping[str, str]) -> str:
    start, colon, rest = text.partition(":")
    if not colon:
        return ""
    iri = text if rest.startswith("//") else f"{prefixes[start]}{rest}" if start in prefixes else ""
    return iri.replace("http://schema.org/", "https://schema.org/") or (text if start == "urn" else "")


def _kind(datatype: str, told: Mapping[str, Any]) -> str:
    if datatype in ("@id", "@vocab"):
        return "entity"
    if datatype.startswith(_XSD):
        return _KINDS.get(datatype.removeprefix(_XSD), "words")
    return "words" if told.get("@container") == "@language" or "@language" in told else "auto"


def _identities(root: Path, top: DataFile, declared: Declared, problems: list[Problem]) -> None:
    """Take the base of each context, by the folder whose notes it governs."""
    for file in _contexts(root, top, problems):
        context = file.data.get("@context", file.data) if isinstance(file.data, dict) else file.data
        parts = context if isinstance(context, list) else [context]
        base = next((word(part["@base"]) for part in parts if isinstance(part, dict) and "@base" in part), "")
        if base:
            folder = posixpath.dirname(file.path)
            declared.identities.append(DeclaredIdentity(folder, base, DeclaredPlace(file.path, file.line("@base"))))


def _contexts(root: Path, top: DataFile, problems: list[Problem]) -> Iterator[DataFile]:
    yield top
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob(CONTEXT))
    for path in paths[:_MOST_FILES]:
        *folders, _ = path.split("/")
        layer = next((place for place, name in enumerate(folders) if name in _LAYERS), -1)
        # within an ontology its own context alone counts, and none that lies deeper
        deeper = layer >= 0 and len(folders) != layer + 2
        if path != CONTEXT and not deeper and not any(name.startswith(".") for name in folders):
            file = read_data(root, path, problems)
            if file is not None:
                yield file
