"""The formats of RDF that Herbier writes: one row each, with media type, suffix and writer.

A file is a head, blocks and a tail. A block holds all that is said of some subjects, in the order in which it is given,
so that blocks can be written side by side and the same triples always give the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from herbier.messages import Message
from herbier.problems import HerbierError
from herbier.rdf.jsonld import jsonld_block, jsonld_head
from herbier.rdf.ntriples import nquads_block, ntriples_block
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.rdfxml import ENDS_IN_NCNAME, rdfxml_block, rdfxml_head
from herbier.rdf.terms import Term, Triple
from herbier.rdf.turtle import trig_block, turtle_block, turtle_head


class Format(NamedTuple):
    """A format: `graphs` tells whether it keeps named graphs, `block` writes the triples of one graph."""

    name: str
    suffix: str
    media_type: str
    graphs: bool
    head: Callable[[Namespaces], str]
    block: Callable[[Sequence[Triple], Term, Namespaces], bytes]
    between: str = ""
    tail: str = ""


def _nothing(names: Namespaces) -> str:
    return ""


FORMATS: Final[dict[str, Format]] = {
    row.name: row
    for row in (
        Format("turtle", ".ttl", "text/turtle", False, turtle_head, turtle_block),
        Format("ntriples", ".nt", "application/n-triples", False, _nothing, ntriples_block),
        Format("nquads", ".nq", "application/n-quads", True, _nothing, nquads_block),
        Format("trig", ".trig", "application/trig", True, turtle_head, trig_block),
        Format("jsonld", ".jsonld", "application/ld+json", False, jsonld_head, jsonld_block, ",\n", "\n]\n}\n"),
        Format("rdfxml", ".rdf", "application/rdf+xml", False, rdfxml_head, rdfxml_block, "", "</rdf:RDF>\n"),
    )
}
_OTHER_NAMES: Final = {
    "ttl": "turtle",
    "nt": "ntriples",
    "nq": "nquads",
    "json-ld": "jsonld",
    "rdf": "rdfxml",
    "xml": "rdfxml",
}


def format_named(name: str) -> Format:
    """Return a format by its name or its suffix; HerbierError names those there are."""
    key = name.lower().lstrip(".")
    found = FORMATS.get(_OTHER_NAMES.get(key, key))
    if found is None:
        known = ", ".join(row.suffix for row in FORMATS.values())
        raise HerbierError(Message("unknown format {name!r}: known are {names}", name=name, names=known))
    return found


def format_of(path: Path) -> tuple[Format, bool]:
    """Return the format that a file's suffix names, and whether it is gzipped; HerbierError for any other suffix."""
    suffixes = path.suffixes
    gzipped = bool(suffixes) and suffixes[-1].lower() == ".gz"
    suffix = (suffixes[-2] if len(suffixes) > 1 else "") if gzipped else (suffixes[-1] if suffixes else "")
    known = {row.suffix: row for row in FORMATS.values()}
    if suffix.lower() not in known:
        named = {"file": path.name, "names": ", ".join(known)}
        if not suffix:
            raise HerbierError(
                Message("{file} has no suffix to tell the format; known are {names}, each also with .gz", **named)
            )
        told = Message(
            "{file}: unknown suffix {suffix!r}; known are {names}, each also with .gz", suffix=suffix, **named
        )
        raise HerbierError(told)
    return known[suffix.lower()], gzipped


def triples_of(statements: Iterable[tuple[Any, ...]]) -> list[Triple]:
    """Return the triples of statements, each once, in the order in which they are stated."""
    return list({(s, p, o): None for s, p, o, _, _ in statements})


def unwritable(triples: Iterable[Triple], row: Format) -> list[Term]:
    """Return the predicates that a format cannot write: in RDF/XML those that end in no name."""
    if row.name != "rdfxml":
        return []
    return sorted({predicate for _, predicate, _ in triples if not ENDS_IN_NCNAME.search(predicate)})


def write_all(graphs: Iterable[tuple[Term, Sequence[Triple]]], row: Format, names: Namespaces) -> str:
    """Return a whole file of a format; for small graphs, such as a page's."""
    blocks = [row.block(triples, graph, names) for graph, triples in graphs if triples]
    return f"{row.head(names)}{row.between.encode().join(filter(None, blocks)).decode()}{row.tail}"
