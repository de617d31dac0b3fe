"""What `herbier check` is compared with: one run of pySHACL on the whole graph of a vault in rdflib."""

from __future__ import annotations

import sys
from pathlib import Path

import pyshacl
import rdflib

from herbier.pipeline.build import build
from herbier.pipeline.opening import open_vault
from herbier.rdf.formats import FORMATS
from herbier.shapes import load_shapes


def main() -> None:
    """Validate a vault and say how many results there are."""
    vault = open_vault(Path(sys.argv[1]), sys.argv[2])
    blocks: list[bytes] = []
    build(vault, blocks.append, FORMATS["ntriples"])
    data = rdflib.Graph().parse(data=b"".join(blocks), format="nt")
    shapes = load_shapes(vault.root)
    graph = rdflib.Graph().parse(data=shapes.text + shapes.text_of_whole, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=graph)
    print(len(list(report.subject_objects(rdflib.URIRef("http://www.w3.org/ns/shacl#result")))))


if __name__ == "__main__":
    main()
