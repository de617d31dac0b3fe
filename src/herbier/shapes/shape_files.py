"""From the files of `shapes/` to Shapes: Herbier's own, those of a profile, then those of the vault."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyoxigraph

from herbier.data_folders import data_folder
from herbier.messages import Message, reason
from herbier.problems import HerbierError, Problem, problem
from herbier.rdf.terms import Term, Triple
from herbier.shapes.bad_shapes import fault_of
from herbier.shapes.cycles import without_ends
from herbier.shapes.engines import best_engine, findings
from herbier.shapes.findings import Finding
from herbier.shapes.shape_rules import SH, ShapeRule, line_of_shape, named_triples, rules_of
from herbier.vault.include import broken

_PREFIXES = "prefixes"  # the file that the queries of all others need
_WHOLE = "cycles"  # the file of shapes that must see all edges of a vault at once
_DEACTIVATED = f"<{SH}deactivated>"
EDGES: frozenset[Term] = frozenset(
    {
        "<http://www.w3.org/2000/01/rdf-schema#subClassOf>",
        "<http://www.w3.org/2004/02/skos/core#broader>",
        "<http://purl.org/dc/terms/isPartOf>",
        "<https://schema.org/isPartOf>",
    }
)


@dataclass(frozen=True)
class Shapes:
    """Shapes that are ready to be used; `rules` are by the IRI of a shape, and hold every shape that can be broken.

    `text` and `text_of_whole` are the shapes themselves as N-Triples: those for any part of the data, and those for
    the edges of all of it.
    """

    rules: Mapping[Term, ShapeRule]
    engine: str
    text: str = field(repr=False)
    text_of_whole: str = field(repr=False)
    problems: tuple[Problem, ...] = ()
    only_circles: bool = False  # the shapes for all edges are Herbier's own, to which only circles matter

    def validate(self, triples: Iterable[Triple], wanted: Callable[[Term], object] = bool) -> list[Finding]:
        """Return what is wrong in a part of the data, sorted, in all of it or in what is wanted of it.

        HerbierError where the engine fails.

        A part has all triples of its notes and of the things that they are about, and the classes of whatever these
        link to.
        """
        return findings(self.engine, self.text, triples, wanted)

    def validate_whole(self, triples: Iterable[Triple]) -> list[Finding]:
        """Return the cycles, sorted; of the triples, which are all of a vault, only those over EDGES count."""
        edges = [triple for triple in triples if triple[1] in EDGES]
        if self.only_circles and not (edges := without_ends(edges)):
            return []
        return findings(self.engine, self.text_of_whole, edges)


class _File(NamedTuple):
    """A file of shapes that was read: `name` is its path, as problems and rules tell it."""

    name: str
    text: str
    triples: list[Triple]

    @property
    def stem(self) -> str:
        return Path(self.name).stem


def load_shapes(vault: Path | None = None, profile: str = "", engine: str = "") -> Shapes:
    """Read Herbier's shapes, those of a profile, and `shapes/*.ttl` of the vault.

    A file of the vault that cannot be used is a Problem with its line, and left out. HerbierError for a profile or an
    engine that is not known.
    """
    chosen = best_engine(engine)
    files = [_read(file, f"shapes/{file.name}") for file in sorted(data_folder("shapes").glob("*.ttl"))]
    if profile:
        if profile not in shape_profiles():
            raise HerbierError(
                Message("unknown profile {name!r}: known are {names}", name=profile, names=", ".join(shape_profiles()))
            )
        files.append(_read(data_folder("shapes") / "profiles" / f"{profile}.ttl", f"shapes/profiles/{profile}.ttl"))
    problems: list[Problem] = []
    own = len(files)
    if vault is not None:
        for file in _files_of(vault, problems):
            files += _usable(file, files, chosen, problems)
    rules: dict[Term, ShapeRule] = {}
    for file in files:
        rules = {**rules_of(file.triples, file.name, file.text), **rules}  # the first word on a shape holds
    parts = _ntriples(file for file in files if file.stem != _WHOLE)
    whole = _ntriples(file for file in files if file.stem in (_WHOLE, _PREFIXES))
    only_circles = not any(file.stem in (_WHOLE, _PREFIXES) for file in files[own:])
    return Shapes(rules, chosen, parts, whole, tuple(problems), only_circles)


def shape_profiles() -> tuple[str, ...]:
    """Return the names of the profiles."""
    return tuple(sorted(file.stem for file in (data_folder("shapes") / "profiles").glob("*.ttl")))


def _read(file: Path, name: str) -> _File:
    """Read a file; SyntaxError, OSError and ValueError tell why it cannot be read."""
    text = file.read_bytes().decode("utf-8-sig")
    quads = pyoxigraph.parse(
        text,
        format=pyoxigraph.RdfFormat.TURTLE,
        base_iri=f"urn:herbier:{name}".replace(" ", "%20"),
        rename_blank_nodes=True,
    )
    triples = [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads]
    return _File(name, text, named_triples(triples, name))


def _files_of(vault: Path, problems: list[Problem]) -> Iterator[_File]:
    folder = vault / "shapes"
    if folder.is_symlink() or not folder.is_dir():
        return
    for file in sorted(folder.glob("*.ttl")):
        name = f"shapes/{file.name}"
        if file.is_symlink():
            message = Message("a symbolic link is not followed; put the file itself there")
            problems.append(problem("bad-shape", name, 0, 0, message))
            continue
        try:
            yield _read(file, name)
        except SyntaxError as error:
            place = (error.lineno or 0, error.offset or 0)
            problems.append(problem("bad-shape", name, *place, broken(error), _LEFT_OUT))
        except (OSError, ValueError) as error:
            message = Message("the file could not be read: {why}", why=reason(error))
            problems.append(problem("bad-shape", name, 0, 0, message, _LEFT_OUT))


_LEFT_OUT = Message("nothing of this file was checked; all other shapes were")


def _usable(file: _File, before: list[_File], engine: str, problems: list[Problem]) -> list[_File]:
    """Return a file of the vault in a list, or an empty list where it has a fault."""
    prefixes = [other for other in before if other.stem == _PREFIXES]
    known = {triple for other in before for triple in other.triples}
    shapes = {shape for other in before for shape in rules_of(other.triples, other.name, other.text)}
    again = [t[0] for t in file.triples if t[0] in shapes and t[1] != _DEACTIVATED and t not in known]
    if again:
        message = Message("another file has the shape {shape}: here it can only be turned off", shape=again[0])
        hint = Message("give this one another name, or write sh:deactivated true and nothing else")
        problems.append(problem("bad-shape", file.name, line_of_shape(again[0], file.text), 1, message, hint))
        return []
    fault = fault_of(engine, _ntriples([*prefixes, file]), [*file.triples, *(t for p in prefixes for t in p.triples)])
    if fault is None:
        return [file]
    line = line_of_shape(fault.where, file.text)
    problems.append(problem("bad-shape", file.name, line, 1 if line else 0, fault.message, _LEFT_OUT))
    return []


def _ntriples(files: Iterable[_File]) -> str:
    lines = dict.fromkeys(f"{s} {p} {o} .\n" for file in files for s, p, o in file.triples)
    return "".join(lines)
