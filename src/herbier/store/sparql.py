"""What must be known of a SPARQL query before it is answered: its form, its dataset, whether it calls out.

The engine parses queries; here only the words outside strings, IRIs and comments are looked at
(SPARQL 1.1, section 19.8).
"""

import re
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
_WORD = r"(?<![\w?$:@.\-]){}(?![\w\-]|\s*:)"
_SERVICE = re.compile(_WORD.format("SERVICE"), re.IGNORECASE)
_FROM = re.compile(_WORD.format("FROM"), re.IGNORECASE)
_FORM = re.compile(_WORD.format("(SELECT|ASK|CONSTRUCT|DESCRIBE)"), re.IGNORECASE)
_UPDATE = re.compile(
    _WORD.format("(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)"), re.IGNORECASE
)
_DESCRIBED = re.compile(r"\s*(?:(?P<all>\*)|(?P<variable>[?$]\w+)|(?P<iri><[^>]*>|[\w.-]*:(?:[\w.:%-]|\\.)*))")


class Query(NamedTuple):
    """A query seen from outside. `form` is in capitals, "" where it has none; `start` is where its form stands."""

    text: str
    form: str
    start: int
    names_dataset: bool
    calls_service: bool
    updates: bool


def skeleton(text: str) -> str:
    """Return a query with its strings and comments blanked and its IRIs kept as `<...>` of blanks, same length."""

    def blank(match: re.Match[str]) -> str:
        return f"<{' ' * (len(match[0]) - 2)}>" if match["iri"] else " " * len(match[0])

    return _SPOKEN.sub(blank, text)


def examine(text: str) -> Query:
    """Return what the words of a query tell of it."""
    bare = skeleton(text)
    form = _FORM.search(bare)
    # an escaped letter is a letter to the parser (section 19.2), so SERVICE is looked for after decoding, too
    decoded = skeleton(_CODE_POINT.sub(lambda match: chr(int(match[1] or match[2], 16)), text))
    update = _UPDATE.search(bare)
    return Query(
        text,
        form[1].upper() if form else "",
        form.start() if form else -1,
        _FROM.search(bare) is not None,
        bool(_SERVICE.search(bare) or _SERVICE.search(decoded)),
        update is not None and (form is None or update.start() < form.start()),
    )


def described(query: Query) -> list[str]:
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
