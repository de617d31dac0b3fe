"""What is said keeps to schema.org's own domains and ranges, in the sample notes and in the vaults of all kinds."""

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.conftest import ROOT
from tests.vaults.judge import VAULTS, copied, learn, said

from herbier.rules.schema_org import schema_org

_SCHEMA = "https://schema.org/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# What the literals of a data type may be the values of (https://schema.org/DataType).
_LITERALS = {
    "date": {"Date", "DateTime", "Text"},
    "gYear": {"Date", "DateTime", "Text"},
    "gYearMonth": {"Date", "DateTime", "Text"},
    "dateTime": {"Date", "DateTime", "Text"},
    "integer": {"Integer", "Number", "Text", "QuantitativeValue"},
    "decimal": {"Number", "Text", "QuantitativeValue"},
    "boolean": {"Boolean", "Text"},
    "duration": {"Duration", "Text"},
    "string": {"Text", "URL", "Date", "DateTime"},
    "langString": {"Text"},
}
_STRUCTURED = {"GeoCoordinates", "Offer"}
_AS_ADDRESS = {"award"}  # its range is Text, of which URL is a subclass: an award that has a note is an address


@pytest.mark.parametrize("root", ["seeds", *VAULTS])
def test_no_statement_breaks_the_domain_or_the_range_of_its_property(root: str, tmp_path: Path) -> None:
    vocabulary = schema_org()
    if root == "seeds":
        store = said(ROOT / "seeds")
    else:
        folder = copied(root, tmp_path)
        learn(folder)
        store = said(folder)
    classes: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, NamedNode(_TYPE), None):
        classes[str(quad.subject)].add(quad.object.value.removeprefix(_SCHEMA))  # type: ignore[union-attr]
    above = {
        subject: set().union(*(vocabulary.all_above(name) for name in names)) | names
        for subject, names in classes.items()
    }
    broken = set()
    for quad in store:
        name = quad.predicate.value.removeprefix(_SCHEMA)
        if not quad.predicate.value.startswith(_SCHEMA) or name not in vocabulary.domains:
            continue
        subject, value = str(quad.subject), quad.object
        domain, ranges = vocabulary.domains[name], vocabulary.ranges[name]
        known = classes[subject] - {"Thing"}
        if known and domain.isdisjoint(above[subject]) and "Thing" not in domain and "Role" not in known:
            broken.add(f"{subject} {name}: not said of {sorted(known)}")
        if isinstance(value, Literal):
            kind = value.datatype.value.rpartition("#")[2]
            if ranges.isdisjoint(_LITERALS[kind]):
                broken.add(f"{name} {value}: no value of it")
        elif isinstance(value, NamedNode) and (found := classes[str(value)] - {"Thing"}):
            fits = (
                not ranges.isdisjoint(above[str(value)]) or "Thing" in ranges or "Role" in found or name in _AS_ADDRESS
            )
            if not fits and not (found & _STRUCTURED):
                broken.add(f"{name} {value}: {sorted(found)}, not {sorted(ranges)}")
    assert broken == set()
