"""The engines that check shapes: pySHACL, the reference, and the Rust engine `shacl`, which is much faster.

Each is a function from the shapes, as N-Triples text, and triples to findings, and is imported only once it is needed.
They report the same for all shapes that Herbier ships.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from herbier.messages import Message
from herbier.problems import HerbierError
from herbier.rdf.terms import Term, Triple
from herbier.shapes.findings import Finding, one_line, settled

if TYPE_CHECKING:
    import shacl

# --- the Rust engine ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _compiled(shapes: str) -> "shacl.Shapes":
    import shacl

    try:
        return shacl.Shapes.from_text(shapes, "ntriples")
    except ValueError as error:
        raise HerbierError(one_line(error)) from None


def _with_rust(shapes: str, triples: Sequence[Triple]) -> Iterator[Finding]:
    compiled = _compiled(shapes)
    data = "".join([f"{subject} {predicate} {value} .\n" for subject, predicate, value in triples])
    try:
        report = compiled.validate_text(data, "ntriples")
    except ValueError as error:
        raise HerbierError(one_line(error)) from None
    for result in report.results:
        path = result.path or ""
        yield Finding(
            result.focus_node,
            path if path.startswith("<") and path.count("<") == 1 and path.endswith(">") else "",
            result.value or "",
            result.source_shape or "",
            f"<{result.component_iri}>",
        )


def _with_pyshacl(shapes: str, triples: Sequence[Triple]) -> Iterator[Finding]:
    from herbier.shapes.pyshacl_engine import validate

    return validate(shapes, triples)


# --- the table ------------------------------------------------------------------------------------------------------

Engine = Callable[[str, Sequence[Triple]], Iterator[Finding]]
ENGINES: dict[str, Engine] = {"shacl": _with_rust, "pyshacl": _with_pyshacl}  # the first that is there is the default


def best_engine(name: str = "") -> str:
    """Return the engine to use: the one that is named, else the fastest that is installed; HerbierError if none is."""
    if name and name not in ENGINES:
        raise HerbierError(Message("unknown engine {name!r}: known are {names}", name=name, names=", ".join(ENGINES)))
    found = next((each for each in ([name] if name else ENGINES) if _importable(each)), "")
    if not found:
        raise HerbierError(Message("the engine {name} is not installed: pip install {name}", name=name or "pyshacl"))
    return found


def _importable(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:  # not installed, or built for another machine
        return False
    return True


def findings(
    engine: str, shapes: str, triples: Iterable[Triple], wanted: Callable[[Term], object] = bool
) -> list[Finding]:
    """Return what an engine finds in triples, each once and sorted; HerbierError where it cannot use the shapes.

    Only findings on what is `wanted` count.
    """
    data = list(triples)
    return settled((one for one in ENGINES[engine](shapes, data) if wanted(one.focus)), data)
