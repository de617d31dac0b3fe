"""Problems for other programs: JSON, and SARIF for code hosts and editors."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from posixpath import normpath
from urllib.parse import quote

from herbier import __version__
from herbier.guide import LANGUAGES, find
from herbier.problems import Problem, read_codes
from herbier.translation import ENGLISH, translate, translated_problem


def as_json(problems: Sequence[Problem], vault: Path, language: str) -> str:
    """Return a list of problems, a mapping each."""
    return json.dumps([translated_problem(found, language).as_json() for found in problems], indent=2)


_SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(problems: Sequence[Problem], vault: Path, language: str) -> str:
    """Return a SARIF 2.1.0 log (OASIS Standard).

    Paths are from the top of the repository that the vault is in, as code hosts read them, else from the vault. Where
    that is on this machine is for none to know: its base has no address of its own (section 3.14.14).
    """
    top = _top_of(vault)
    folder = _from(top or vault, vault)
    first = {found.code: found for found in reversed(problems)}
    codes = sorted(first)
    rules = [_rule(first[code], language) for code in codes]
    results = []
    for found in problems:
        told = translated_problem(found, language)
        result: dict[str, object] = {
            "ruleId": found.code,
            "ruleIndex": codes.index(found.code),
            "level": _SARIF_LEVELS[found.severity],
            "message": {"text": f"{told.message}\n{told.hint}" if told.hint else told.message},
        }
        if found.path:
            uri = quote(normpath(f"{folder}/{found.path}"))
            location: dict[str, object] = {"artifactLocation": {"uri": uri, "uriBaseId": _BASE}}
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
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_BASE: {"description": {"text": _TOP if top else _VAULT}}},
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2)


_BASE = "%SRCROOT%"  # the name that code hosts give it
_TOP = "The top folder of the repository."
_VAULT = "The folder of the vault."


def _top_of(vault: Path) -> Path | None:
    """Return the top of the git repository that a vault is in, None where it is in none."""
    root = vault.resolve()
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def _from(top: Path, vault: Path) -> str:
    """Return the path of a vault from a folder, with slashes."""
    return Path(os.path.relpath(vault.resolve(), top.resolve())).as_posix()


def _rule(found: Problem, language: str) -> dict[str, object]:
    """Return what SARIF calls a rule (section 3.49) for the code of a problem: what the guide has on it, if it has."""
    sections = find(found.code, language if language in LANGUAGES else ENGLISH)
    on_it = next((section.text for section in sections if section.page == "problems"), "")
    _, _, rest = on_it.partition("\n\n")  # the heading
    rule: dict[str, object] = {
        "id": found.code,
        "shortDescription": {"text": _meaning(found.code, language) or translated_problem(found, language).message},
        "defaultConfiguration": {"level": _SARIF_LEVELS[found.severity]},
    }
    return {**rule, "help": {"text": rest, "markdown": rest}} if rest else rule


def _meaning(code: str, language: str) -> str:
    codes = read_codes()
    return translate(codes[code].meaning, language) if code in codes else ""


def as_github(problems: Sequence[Problem], vault: Path, language: str) -> str:
    """Return problems as workflow commands of GitHub Actions, which shows them at their lines.

    Paths are from the top of the repository that the vault is in, else from here.
    """
    folder = _from(_top_of(vault) or Path(), vault)
    return "".join(f"{_command(translated_problem(found, language), folder)}\n" for found in problems)


_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def _command(found: Problem, folder: str) -> str:
    fields = {"title": found.code}
    if found.path:
        fields["file"] = normpath(f"{folder}/{found.path}")
    if found.line:
        fields |= {"line": str(found.line), "col": str(max(found.column, 1))}
    told = f"{found.message}\n{found.hint}" if found.hint else found.message
    written = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in fields.items())
    return f"::{_LEVELS[found.severity]} {written}::{_escaped(told)}"


def _escaped(text: str, more: str = "") -> str:
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text


REPORTS: dict[str, Callable[[Sequence[Problem], Path, str], str]] = {
    "text": lambda problems, vault, language: "\n".join(str(translated_problem(found, language)) for found in problems),
    "json": as_json,
    "sarif": as_sarif,
}
