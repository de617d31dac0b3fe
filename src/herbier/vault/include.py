"""RDF of the vault's own: the files that herbier.toml includes, published beside the notes."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph

from herbier.messages import Message, reason
from herbier.problems import Problem, problem
from herbier.rdf.formats import parsers
from herbier.rdf.iris import Mint
from herbier.rdf.terms import Term, Triple, iri
from herbier.text import clean, forbidden
from herbier.vault.declared_files import declared_files


class Included(NamedTuple):
    """The graphs of the included files, by name, the files read, and which of them says a triple first."""

    graphs: dict[Term, set[Triple]]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    said: dict[Triple, str]


def read_included(vault: Path, paths: Iterable[str], mint: Mint, hidden: Iterable[str] = ()) -> Included:
    """Read RDF files of a vault; what a file says before a fault is kept, the fault is a Problem with its line.

    The files that `hidden` lists are left out, by whatever path they are named. Triples without a graph get one of
    their file's own. Blank nodes become IRIs (RDF 1.1, section 3.5), numbered in the order of the file, so that the
    same file always gives the same bytes.
    """
    graphs: dict[Term, set[Triple]] = defaultdict(set)
    said: dict[Triple, str] = {}
    files: list[str] = []
    problems: list[Problem] = []
    readers = parsers()
    for path, file in declared_files(vault, paths, "include", hidden, problems, tuple(readers)):
        files.append(path)
        problems += _read(file, path, readers[file.suffix.lower()], mint, graphs, said)
    return Included(dict(graphs), tuple(files), tuple(problems), said)


def _read(
    file: Path, path: str, row: pyoxigraph.RdfFormat, mint: Mint, graphs: dict[Term, set[Triple]],
    said: dict[Triple, str],
) -> list[Problem]:  # fmt: skip
    own = mint.file(path)
    blanks: dict[str, Term] = {}
    problems: list[Problem] = []

    def term(node: object) -> Term:
        if isinstance(node, pyoxigraph.BlankNode):
            name = f"{mint.base}.well-known/genid/{own[1 + len(mint.base) : -1]}-{len(blanks) + 1}"
            return blanks.setdefault(node.value, iri(name))
        if isinstance(node, pyoxigraph.Literal) and (forbidden(node.value) >= 0 or clean(node.value) != node.value):
            if forbidden(node.value) >= 0 and not problems:
                message = Message("characters that no data format may carry were removed")
                problems.append(problem("control-characters", path, 0, 0, message))
            text = clean(node.value)
            node = (
                pyoxigraph.Literal(text, language=node.language)
                if node.language
                else pyoxigraph.Literal(text, datatype=node.datatype)
            )
        return str(node)

    try:
        if row == pyoxigraph.RdfFormat.JSON_LD and _depth(file.read_text("utf-8", "replace")) > _DEEPEST:
            message = Message("the file could not be read: {why}", why=Message("it is nested too deep"))
            return [problem("bad-include", path, 0, 0, message)]
        for quad in pyoxigraph.parse(path=file, format=row, base_iri=own[1:-1]):
            if isinstance(quad.object, pyoxigraph.Triple):
                message = Message("a triple that speaks of a triple (RDF 1.2) was left out")
                problems.append(problem("bad-include", path, 0, 0, message))
                continue
            graph = own if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else term(quad.graph_name)
            triple = (term(quad.subject), term(quad.predicate), term(quad.object))
            graphs[graph].add(triple)
            said.setdefault(triple, path)
    except SyntaxError as error:
        place = (error.lineno or 0, error.offset or 0)
        problems.append(problem("bad-include", path, *place, broken(error)))
    except (OSError, ValueError) as error:
        message = Message("the file could not be read: {why}", why=reason(error))
        problems.append(problem("bad-include", path, 0, 0, message))
    return problems


_DEEPEST = 500  # what the parser of JSON-LD can bear is some thousands; beyond, the process would end
_BRACKET_OR_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def _depth(text: str) -> int:
    """Return how deep the arrays and objects of a JSON text nest, or less where it has too few to be deep."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return 0
    now = deepest = 0
    for match in _BRACKET_OR_STRING.finditer(text):
        now += (match[0] in "[{") - (match[0] in "]}")
        deepest = max(deepest, now)
    return deepest


_PLACE = re.compile(r"^Parser error (?:at|between) line .*?: ")  # which the problem tells


def broken(error: SyntaxError) -> Message:
    """Return what a parser tells of an RDF file that it cannot read on from some place, but for that place."""
    return Message("the file is broken here: {why}", why=_PLACE.sub("", error.msg))
