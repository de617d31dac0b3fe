"""Problems for other programs: JSON, and SARIF for code hosts and editors."""

import json
from collections.abc import Callable, Sequence
from urllib.parse import quote

from herbier import __version__
from herbier.problems import CODES, Problem


def as_json(problems: Sequence[Problem]) -> str:
    """Return a list of problems, a mapping each."""
    return json.dumps([found.as_json() for found in problems], indent=2)


def as_sarif(problems: Sequence[Problem]) -> str:
    """Return a SARIF 2.1.0 log (OASIS Standard)."""
    codes = sorted({found.code for found in problems})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].meaning},
            "defaultConfiguration": {"level": CODES[code].severity},
        }
        for code in codes
    ]
    results = []
    for found in problems:
        result: dict[str, object] = {
            "ruleId": found.code,
            "ruleIndex": codes.index(found.code),
            "level": found.severity,
            "message": {"text": f"{found.message}\n{found.hint}" if found.hint else found.message},
        }
        if found.path:
            location: dict[str, object] = {"artifactLocation": {"uri": quote(found.path)}}
            if found.line:
                location["region"] = {"startLine": found.line, "startColumn": max(found.column, 1)}
            result["locations"] = [{"physicalLocation": location}]
        results.append(result)
    driver = {
        "name": "Herbier",
        "version": __version__,
        "informationUri": "https://w3id.org/herbier",
        "rules": rules,
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, indent=2)


REPORTS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "text": lambda problems: "\n".join(map(str, problems)),
    "json": as_json,
    "sarif": as_sarif,
}
