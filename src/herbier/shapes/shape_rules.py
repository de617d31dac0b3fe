"""The rules of shapes: what a shape that is broken means to a note keeper."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from herbier.rdf.terms import RDF_TYPE, Term, Triple, iri, language_of, lexical
from herbier.rules.rule_types import Source
from herbier.text import digest

SH = "http://www.w3.org/ns/shacl#"
CODE = "<https://w3id.org/herbier#code>"
KEY = "<https://w3id.org/herbier#key>"
NO_CODE = "shape"  # of a vault's shape that gives none
Severity = Literal["error", "warning", "info"]
_SEVERITIES: Mapping[Term, Severity] = {f"<{SH}Violation>": "error", f"<{SH}Warning>": "warning", f"<{SH}Info>": "info"}
_CLASSES = {f"<{SH}NodeShape>", f"<{SH}PropertyShape>"}
_TARGETS = {f"<{SH}{name}>" for name in ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")}
_PROPERTY = f"<{SH}property>"
_PATH = f"<{SH}path>"


class ShapeRule(NamedTuple):
    """The rule of a shape: how grave it is that it is broken, and how it is reported.

    `code` is that of the Problem, `messages` and `keys` are by language ("" where none is stated); these are the keys
    of front matter that would fix it, as they may be written; `targets` are the predicates that have the shape look
    at a thing, where there are any.
    """

    code: str
    severity: Severity
    messages: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]
    source: Source
    targets: tuple[Term, ...] = ()

    def message(self, language: str) -> str:
        """Return the message in a language, else in English, else any; "" where the shape has none."""
        told = self.messages
        return told.get(language) or told.get("en") or told.get("") or next(iter(told.values()), "")

    def keys_in(self, language: str) -> tuple[str, ...]:
        """Return the keys in a language and those of none, else those in English, else any."""
        found = (*self.keys.get(language, ()), *self.keys.get("", ()))
        return found or self.keys.get("en", ()) or next(iter(self.keys.values()), ())


def named_triples(triples: Sequence[Triple], file: str) -> list[Triple]:
    """Return the triples of a file of shapes with names that last: a blank node is called by its file and its order.

    A shape gets an IRI, since a report must be able to speak of it; a list, say, stays a blank node.
    """
    shapes = {value for _, predicate, value in triples if predicate == _PROPERTY}
    shapes |= {subject for subject, predicate, _ in triples if predicate in _TARGETS}
    names: dict[Term, Term] = {}
    mark = digest(file)
    for node in (node for subject, _, value in triples for node in (subject, value) if node.startswith("_:")):
        number = len(names) + 1
        names.setdefault(node, iri(f"urn:herbier:{file}#{number}") if node in shapes else f"_:b{mark}n{number}")
    return [(names.get(subject, subject), predicate, names.get(value, value)) for subject, predicate, value in triples]


def rules_of(triples: Sequence[Triple], file: str, text: str) -> dict[Term, ShapeRule]:
    """Return the rules of all shapes of a file; one without code, message or key has those of the shape it is in."""
    said: defaultdict[Term, defaultdict[Term, list[Term]]] = defaultdict(lambda: defaultdict(list))
    owners: dict[Term, Term] = {}
    for subject, predicate, value in triples:
        said[subject][predicate].append(value)
        if predicate == _PROPERTY:
            owners.setdefault(value, subject)
    lines = _lines_of(text)

    def stated(shape: Term, predicate: Term) -> list[Term]:
        found: list[Term] = []
        seen: set[Term] = set()
        while shape and not found and shape not in seen:
            seen.add(shape)
            found = said[shape][predicate] if shape in said else []
            shape = owners.get(shape, "")
        return found

    def line(shape: Term) -> int:
        return lines.get(_local(shape), 0) or lines.get(_local(owners.get(shape, "")), 0)

    rules = {}
    for shape in [shape for shape in said if shape in owners or _is_shape(said[shape])]:
        severity = (said[shape][f"<{SH}severity>"] or [""])[0]
        rules[shape] = ShapeRule(
            next(map(lexical, stated(shape, CODE)), NO_CODE),
            _SEVERITIES.get(severity, "error"),  # a shape that states none is a violation (SHACL, section 2.1.4)
            {language_of(text).lower(): lexical(text) for text in stated(shape, f"<{SH}message>")},
            _by_language(stated(shape, KEY)),
            Source(file, line(shape)),
            tuple(stated(shape, f"<{SH}targetSubjectsOf>")),
        )
    return rules


def _by_language(texts: Iterable[Term]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        language = language_of(text).lower()
        found[language] = (*found.get(language, ()), lexical(text))
    return found


def _is_shape(said: Mapping[Term, Iterable[Term]]) -> bool:
    return bool(_CLASSES.intersection(said.get(RDF_TYPE, ())) or _TARGETS & said.keys() or _PATH in said)


_AT_START = re.compile(r"\s*(?:<(?P<iri>[^<>]+)>|(?P<name>[\w.-]*:[\w.-]+))(?P<typed>\s+a\s)?")


def _lines_of(text: str) -> dict[str, int]:
    """Return the line on which each subject begins, by the last part of its name; readers of Turtle do not tell it."""
    first: dict[str, int] = {}
    typed: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := _AT_START.match(line):
            (typed if match["typed"] else first).setdefault(_local(match["iri"] or match["name"]), number)
    return first | typed


def line_of_shape(shape: Term, text: str) -> int:
    """Return the line of a file on which a shape begins, 0 where it cannot be reported."""
    return _lines_of(text).get(_local(shape), 0)


def _local(name: str) -> str:
    return re.split(r"[#/:]", name.strip("<>"))[-1]
