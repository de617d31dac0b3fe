"""Shapes: what must hold of all that is published, and the engines that check it (https://www.w3.org/TR/shacl/).

`load_shapes` reads Herbier's shapes, those of a profile and those of the vault; `Shapes.validate` checks triples
against them. What a finding means to a note keeper stands in the rule of its shape.
"""

from herbier.shapes.engines import ENGINES, best_engine
from herbier.shapes.findings import Finding
from herbier.shapes.shape_files import EDGES, Shapes, load_shapes, shape_profiles
from herbier.shapes.shape_rules import ShapeRule

__all__ = ["EDGES", "ENGINES", "Finding", "ShapeRule", "Shapes", "best_engine", "load_shapes", "shape_profiles"]
