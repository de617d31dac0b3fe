"""The findings of the shapes as a validation report of SHACL itself (SHACL, section 3.6), for other tools."""

from herbier.pipeline.build import build
from herbier.pipeline.opening import Vault
from herbier.pipeline.snapshot import read_snapshot
from herbier.rdf.formats import FORMATS, write_all
from herbier.rdf.iris import owner
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import RDF_TYPE, Term, Triple, literal, typed
from herbier.shapes import Finding, Shapes
from herbier.shapes.shape_rules import SH
from herbier.text import digest

_SEVERITIES = {"error": "Violation", "warning": "Warning", "info": "Info"}


def report_of(vault: Vault, shapes: Shapes, path: str = "") -> str:
    """Return the report on all that a vault publishes, or on the note at a path, as Turtle.

    Each result has an IRI, made from what it says. What the keeper accepts is reported, too: it is not as SHACL asks.
    """
    lines: list[bytes] = []
    build(vault, lines.append, FORMATS["ntriples"])
    triples = [_triple(line) for block in lines for line in block.decode().splitlines() if line]
    findings = sorted({*shapes.validate(triples), *shapes.validate_whole(triples)})
    if path:
        index = read_snapshot(vault).index
        slugs = {given for summary, given in zip(index.summaries, index.slugs, strict=True) if summary.path == path}
        findings = [finding for finding in findings if owner(finding.focus, vault.mint.base) in slugs - {""}]
    node = f"<{vault.mint.base}dataset#report>"
    said: list[Triple] = [(node, RDF_TYPE, _sh("ValidationReport"))]
    said.append((node, _sh("conforms"), typed("false" if findings else "true", "boolean")))
    for finding in findings:
        result = f"<{vault.mint.base}dataset#result-{digest(chr(0).join(finding))}>"
        said.append((node, _sh("result"), result))
        said += _result(result, finding, shapes)
    prefixes = {**vault.names.prefixes, "sh": SH, "hs": "https://w3id.org/herbier/shapes#"}
    return write_all([("", said)], FORMATS["turtle"], Namespaces(vault.mint.base, prefixes))


def _result(result: Term, finding: Finding, shapes: Shapes) -> list[Triple]:
    rule = shapes.rules[finding.shape]
    parts = (
        ("focusNode", finding.focus),
        ("resultPath", finding.path),
        ("value", finding.value),
        ("sourceShape", finding.shape),
        ("sourceConstraintComponent", finding.component),
        ("resultSeverity", _sh(_SEVERITIES[rule.severity])),
        *(("resultMessage", literal(text, language)) for language, text in sorted(rule.messages.items())),
    )
    return [(result, RDF_TYPE, _sh("ValidationResult")), *((result, _sh(name), term) for name, term in parts if term)]


def _sh(name: str) -> Term:
    return f"<{SH}{name}>"


def _triple(line: str) -> Triple:
    subject, predicate, value = line.removesuffix(" .").split(" ", 2)
    return subject, predicate, value
