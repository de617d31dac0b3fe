"""The text of a SPARQL query, as far as it must be known before it is answered: form, dataset, services.

The engine parses queries; here only the words outside strings, IRIs and comments are looked at
(SPARQL 1.1, section 19.8). SERVICE is looked for everywhere, since what the engine takes for a string cannot
be reported without parsing: `?a<?b&&'>'` is a comparison to it, and opens with an IRI by the letter of 19.8.
"""

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

_SPOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|(?P<iri><[^\x00-\x20<>\"{}|^`\\]*>)"
    r"|#[^\n\r]*",
    re.DOTALL,
)
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABSOLUTE = re.compile(r"<https?://[^\x00-\x20<>\"{}|^`\\]*>")
_WORD = r"(?<![\w?$:@.\-]){}(?![\w\-:])"
# A SERVICE clause (section 19.8, rule 59) as the engine takes it, which asks for no blank before or after the
# keyword. One quoted in a string or a comment is taken for one, too: to refuse too much is safe.
_GAP = r"(?:\s|#[^\n\r]*+)*+"
# Clauses are looked for inside of clauses, too: what is a comment to one reading holds a clause to another.
_SERVICE = re.compile(
    r"[?$]\w+"  # a variable may have any name
    rf"|(?=(?P<clause>SERVICE{_GAP}(?:SILENT{_GAP})?"
    rf"(?P<endpoint><[^<>]*>|[?$]\w+|[\w.\-]*:[^\s{{}}<>]*){_GAP}\{{))",
    re.IGNORECASE,
)
_FROM = re.compile(_WORD.format("FROM"), re.IGNORECASE)
_GRAPH = re.compile(_WORD.format("GRAPH"), re.IGNORECASE)
# The first of these words tells whether a text is a query or an update.
_FORM = re.compile(
    _WORD.format("(?:(SELECT|ASK|CONSTRUCT|DESCRIBE)|(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH))"),
    re.IGNORECASE,
)
_DECLARED = re.compile(r"\bPREFIX\s+([\w.\-]*):", re.IGNORECASE)
_PREFIXED = re.compile(r"(?<![\w?$@:.\-%<\\])([\w.\-]*):(?!:)")
_VARYING = ("now", "rand", "uuid", "bnode", "service")  # wherever they stand: to ask anew is safe
_DESCRIBED = re.compile(r"\s*(?:(?P<all>\*)|(?P<variable>[?$]\w+)|(?P<iri><[^>]*>|[\w.-]*:(?:[\w.:%-]|\\.)*))")


# A dataset clause (section 13.2); the IRI as it is written.
_CLAUSE = re.compile(
    _WORD.format("FROM") + r"\s*(?P<named>NAMED(?![\w\-:])\s*)?(?P<iri><[^>]*>|[\w.-]*:(?:[\w.:%-]|\\.)*)",
    re.IGNORECASE,
)


class Query(NamedTuple):
    """A query seen from outside. `form` is in capitals, "" where it has none, and stands at `start`."""

    text: str
    form: str
    start: int
    names_dataset: bool
    names_graphs: bool
    services: frozenset[str]
    updates: bool


def skeleton(text: str) -> str:
    """Return a query with its strings and comments blanked and its IRIs as `<...>` of blanks, same length."""

    def blank(match: re.Match[str]) -> str:
        return f"<{' ' * (len(match[0]) - 2)}>" if match["iri"] else " " * len(match[0])

    return _SPOKEN.sub(blank, text)


def services(text: str) -> frozenset[str]:
    """Return the endpoints that a query calls, or may call; one that is not named by its whole IRI is "".

    >>> sorted(services("ASK { ?s ?p 1SERVICE<https://example.org/sparql>{ ?s ?p ?o } SERVICE ?x { ?s ?p ?o } }"))
    ['', 'https://example.org/sparql']
    >>> services("ASK { ?service ?p ?o }")
    frozenset()
    """
    if "\\" in text:  # an escaped letter is a letter to the parser (section 19.2)
        text = _CODE_POINT.sub(_decoded, text)
    if "service" not in text.lower():
        return frozenset()
    found = (match["endpoint"] for match in _SERVICE.finditer(text) if match["clause"])
    return frozenset(endpoint[1:-1] if _ABSOLUTE.fullmatch(endpoint) else "" for endpoint in found)


def always_same(text: str) -> bool:
    """Return whether a query surely has the same answer whenever it is asked of the same data.

    >>> always_same("ASK { ?s ?p ?o }"), always_same("SELECT (NOW() AS ?n) {}")
    (True, False)
    """
    small = text.lower()
    return "\\" not in text and not any(word in small for word in _VARYING)


def _decoded(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def undeclared(text: str) -> Iterator[tuple[str, int]]:
    """Yield the prefixes that a query uses and does not declare, each with the place, from 0, where it first does.

    >>> list(undeclared("PREFIX a: <http://a.example/> ASK { ?s a:p b:p , 'c:d' }"))
    [('b', 43)]
    """
    bare = skeleton(text)
    known = {"_"} | {match[1] for match in _DECLARED.finditer(bare)}
    for match in _PREFIXED.finditer(bare):
        if match[1] not in known:
            known.add(match[1])
            yield match[1], match.start()


def examine(text: str) -> Query:
    """Return what the words of a query tell of it."""
    bare = skeleton(text)
    first = _FORM.search(bare)
    form = first[1].upper() if first and first[1] else ""
    return Query(
        text,
        form,
        first.start() if first and form else -1,
        "from" in bare.lower() and _FROM.search(bare) is not None,
        "graph" in bare.lower() and _GRAPH.search(bare) is not None,
        services(text),
        first is not None and not form,
    )


def described_queries(query: Query) -> list[str]:
    """Return the SELECT queries whose values are what a DESCRIBE query describes (section 16.4)."""
    bare = skeleton(query.text)
    at = query.start + len("DESCRIBE")
    variables: list[str] = []
    iris: list[str] = []
    while match := _DESCRIBED.match(bare, at):
        if match["iri"]:
            iris.append(query.text[match.start("iri") : match.end("iri")])
        else:
            variables.append(match["variable"] or "*")
        at = match.end()
    prologue = query.text[: query.start]
    selects = [f"{prologue}SELECT ?described {{ VALUES ?described {{ {' '.join(iris)} }} }}"] if iris else []
    if variables:
        selects.append(f"{prologue}SELECT DISTINCT {' '.join(variables)} {query.text[at:]}")
    return selects


def merged(query: Query) -> tuple[str, str] | None:
    """Return queries for the IRIs of the graphs that a dataset merges, and of those that it names (section 13.2).

    None where it merges no two.
    """
    bare = skeleton(query.text)
    iris: dict[bool, list[str]] = {False: [], True: []}
    for clause in _CLAUSE.finditer(bare):
        iris[clause["named"] is not None].append(query.text[clause.start("iri") : clause.end("iri")])
    if len(iris[False]) < 2:
        return None
    prologue = query.text[: query.start]
    select = "{}SELECT DISTINCT ?graph {{ VALUES ?graph {{ {} }} }}"
    return select.format(prologue, " ".join(iris[False])), select.format(prologue, " ".join(iris[True]))
