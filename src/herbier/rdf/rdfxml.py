"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/)."""

import re
from collections.abc import Sequence
from typing import Final

import pyoxigraph

from herbier.rdf.ntriples import ntriples_block
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import Term, Triple

# --- RDF/XML --------------------------------------------------------------------------------------------------------


def _rdfxml_text(triples: Sequence[Triple], names: Namespaces) -> str:
    data = ntriples_block(sorted(triples), "", names)  # a subject is written once only where its triples adjoin
    parsed = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)
    written = pyoxigraph.serialize(
        (quad.triple for quad in parsed), format=pyoxigraph.RdfFormat.RDF_XML, prefixes=dict(names.prefixes)
    )
    assert written is not None
    return written.decode().replace("\r", "&#13;")  # a bare one is read as a line end (XML 1.0, section 2.11)


def rdfxml_head(names: Namespaces) -> str:
    """Return what opens a file: the root element with its namespaces."""
    empty = _rdfxml_text((), names)
    return empty[: _after_root(empty)].removesuffix("/>") + (">\n" if empty.rstrip().endswith("/>") else "\n")


def _after_root(text: str) -> int:
    return text.index(">", text.index("<rdf:RDF")) + 1


def rdfxml_block(triples: Sequence[Triple], graph: Term, names: Namespaces) -> bytes:
    """Write triples as descriptions, one a subject."""
    if not triples:
        return b""
    text = _rdfxml_text(triples, names)
    inside = text[_after_root(text) : text.rindex("</rdf:RDF>")].strip("\n")
    return f"{inside}\n".encode()


ENDS_IN_NCNAME: Final = re.compile(r"[^\W\d][\w.-]*>$")
