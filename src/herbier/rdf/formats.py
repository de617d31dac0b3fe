"""The formats of RDF that Herbier writes: one row each, with media type, suffix and writer.

A file is a head, blocks and a tail. A block holds all that is said of some subjects, in the order in which it is given,
so that blocks can be written side by side and the same triples always give the same bytes.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph

from herbier.messages import Message
from herbier.problems import HerbierError
from herbier.rdf.jsonld import jsonld_block, jsonld_head
from herbier.rdf.ntriples import nquads_block, ntriples_block
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.rdfxml import ENDS_IN_NCNAME, rdfxml_block, rdfxml_head
from herbier.rdf.terms import Term, Triple
from herbier.rdf.turtle import trig_block, turtle_block, turtle_head


class Format(NamedTuple):
    """A format, and all that the rest of Herbier must know of it.

    `graphs` tells whether it keeps named graphs; `block` writes the triples of one graph, `head` and `tail` what is
    around all of them, `between` what is between two. `w3c` is its name in https://www.w3.org/ns/formats/. `page` is
    place among the formats that a page is offered in, 0 for none; `dumped` tells whether all that is published can be
    downloaded in it. `parser` names pyoxigraph's, where files of it can be included, with `suffixes` besides its own;
    `names` are other words for it. `predicate` is what the IRI of a predicate must be like, where not any will do.
    """

    name: str
    suffix: str
    media_type: str
    label: str
    w3c: str
    graphs: bool
    head: Callable[[Namespaces], str]
    block: Callable[[Sequence[Triple], Term, Namespaces], bytes]
    between: str = ""
    tail: str = ""
    page: int = 0
    dumped: bool = False
    parser: str = ""
    suffixes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    predicate: re.Pattern[str] | None = None


def _nothing(names: Namespaces) -> str:
    return ""


FORMATS: Final[dict[str, Format]] = {
    row.name: row
    for row in (
        Format(
            "turtle", ".ttl", "text/turtle", "Turtle", "Turtle", False, turtle_head, turtle_block,
            page=1, dumped=True, parser="TURTLE", names=("ttl",),
        ),
        Format(
            "ntriples", ".nt", "application/n-triples", "N-Triples", "N-Triples", False, _nothing, ntriples_block,
            page=3, dumped=True, parser="N_TRIPLES", names=("nt",),
        ),
        Format(
            "nquads", ".nq", "application/n-quads", "N-Quads", "N-Quads", True, _nothing, nquads_block,
            dumped=True, parser="N_QUADS", names=("nq",),
        ),
        Format(
            "trig", ".trig", "application/trig", "TriG", "TriG", True, turtle_head, trig_block,
            dumped=True, parser="TRIG",
        ),
        Format(
            "jsonld", ".jsonld", "application/ld+json", "JSON-LD", "JSON-LD", False, jsonld_head, jsonld_block,
            ",\n", "\n]\n}\n", page=2, dumped=True, parser="JSON_LD", names=("json-ld",),
        ),
        Format(
            "rdfxml", ".rdf", "application/rdf+xml", "RDF/XML", "RDF_XML", False, rdfxml_head, rdfxml_block,
            "", "</rdf:RDF>\n", page=4, parser="RDF_XML", suffixes=(".owl", ".xml"), names=("rdf", "xml"),
            predicate=ENDS_IN_NCNAME,
        ),
    )
}  # fmt: skip


def page_formats() -> list[Format]:
    """Return the formats that a page is offered in, the one that is meant by any first."""
    return sorted((row for row in FORMATS.values() if row.page), key=lambda row: row.page)


def dumped_formats(*, graphs: bool) -> list[Format]:
    """Return the formats of downloads, those with named graphs first; without `graphs`, only those that have none."""
    found = sorted((row for row in FORMATS.values() if row.dumped), key=lambda row: not row.graphs)
    return [row for row in found if graphs or not row.graphs]


def parsers() -> dict[str, pyoxigraph.RdfFormat]:
    """Return what reads a file, by its suffix."""
    found: dict[str, pyoxigraph.RdfFormat] = {}
    for row in FORMATS.values():
        if row.parser:
            found |= dict.fromkeys([row.suffix, *row.suffixes], getattr(pyoxigraph.RdfFormat, row.parser))
    return found


def format_named(name: str) -> Format:
    """Return a format by its name or its suffix; HerbierError names those there are."""
    key = name.lower().lstrip(".")
    found = next((row for row in FORMATS.values() if key == row.name or key in row.names), None)
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
    if row.predicate is None:
        return []
    return sorted({predicate for _, predicate, _ in triples if not row.predicate.search(predicate)})


def write_all(graphs: Iterable[tuple[Term, Sequence[Triple]]], row: Format, names: Namespaces) -> str:
    """Return a whole file of a format; for small graphs, such as a page's."""
    blocks = [row.block(triples, graph, names) for graph, triples in graphs if triples]
    return f"{row.head(names)}{row.between.encode().join(filter(None, blocks)).decode()}{row.tail}"
