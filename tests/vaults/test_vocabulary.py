"""What is said keeps to the domains and ranges of schema.org and Dublin Core, in the sample notes and all vaults."""

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.conftest import ROOT
from tests.vaults.judge import VAULTS, copied, learn, said

from herbier.rules.dublin_core import dublin_core
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
_DCTERMS = "http://purl.org/dc/terms/"
# What may be of the classes of Dublin Core, by those of schema.org; the others are for values that none of ours has.
_DC_CLASSES = {
    "Agent": {"Person", "Organization", "SoftwareApplication", "http://xmlns.com/foaf/0.1/Agent"},
    "Location": {"Place", "DefinedTerm"},
    "Jurisdiction Location Period": {"Place", "Event", "DefinedTerm"},
    "Standard": {"CreativeWork", "DefinedTerm"},
    "LicenseDocument": {"CreativeWork"},
    "RightsStatement": {"CreativeWork"},
}
_STRUCTURED = {"GeoCoordinates", "Offer"}
_AS_ADDRESS = {"award"}  # its range is Text, of which URL is a subclass: an award that has a note is an address


@pytest.mark.parametrize("root", ["seeds", *VAULTS])
def test_no_statement_breaks_the_domain_or_the_range_of_its_property(root: str, tmp_path: Path) -> None:
    vocabulary = schema_org()
    table = (ROOT / "mapping" / "dublin-core.tsv").read_text("utf-8").splitlines()
    rows = {name: values for name, _, values, _ in (line.split("\t") for line in table if line[0] != "#")}
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
    things, words = dublin_core()
    for quad in store:
        predicate, is_words = f"<{quad.predicate.value}>", isinstance(quad.object, Literal)
        if predicate in (things if is_words else words):
            broken.add(f"{predicate} {quad.object}: no value of it")
        if quad.predicate.value.startswith(_DCTERMS):
            wanted = _DC_CLASSES.get(rows.get(quad.predicate.value.removeprefix(_DCTERMS), ""), set())
            found = set().union(*(vocabulary.all_above(name) for name in classes[str(quad.object)] - {"Thing"}))
            if wanted and not is_words and found and found.isdisjoint(wanted):
                broken.add(f"{predicate} {quad.object}: {sorted(found)}, not {sorted(wanted)}")
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
