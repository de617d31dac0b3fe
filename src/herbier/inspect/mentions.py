"""All that the notes of a vault say of one IRI, wherever they say it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from herbier.inspect.explanation import Explained, Trace, explain_number
from herbier.messages import Message, did_you_mean
from herbier.pipeline.build import build
from herbier.pipeline.opening import Vault
from herbier.pipeline.progress import Progress, silent
from herbier.pipeline.snapshot import Snapshot
from herbier.problems import HerbierError
from herbier.rdf.formats import FORMATS
from herbier.rdf.terms import Term, iri

_KINDS = ("id/", "doc/", "tag/", "file/", "key/", "dataset")
_SCHEME = re.compile(r"([A-Za-z][\w.-]*|):")
_TERMS = re.compile(rb"^(<[^>]*>) (<[^>]*>) (<[^>]*>)?", re.MULTILINE)  # what a literal holds is none
_FARTHEST = 4  # bytes more or less of an IRI that may be meant


@dataclass(frozen=True, slots=True)
class Mention:
    """The mention of an IRI in one note: the traces with their numbers, which are those of `explained`."""

    explained: Explained
    traces: tuple[tuple[int, Trace], ...]


def iri_of(text: str, vault: Vault) -> Term:
    """Return the IRI that is meant by an IRI, a CURIE or an address below the base; HerbierError for anything else."""
    text = text.strip().removeprefix("<").removesuffix(">")
    if expanded := vault.rules.expand(text):
        return iri(expanded)
    rest = text.lstrip("/")
    if rest.startswith(_KINDS):
        return iri(vault.settings.base + rest)
    if prefix := _SCHEME.match(text):
        near = get_close_matches(prefix[1], list(vault.rules.prefixes), 1)
        told = Message("{text!r} has a prefix that no row of mapping/ declares", text=text)
        raise HerbierError(did_you_mean(told, f"{near[0]}:" if near else ""))
    told = Message(
        "{text!r} is no IRI: write https://..., a name with a prefix such as schema:name, or id/...", text=text
    )
    raise HerbierError(told)


def mentions(vault: Vault, snapshot: Snapshot, term: Term, progress: Progress = silent) -> Iterator[Mention]:
    """Yield what each note says of an IRI, in the order of their paths; HerbierError where none speaks of it.

    All notes are mapped, in parallel, and only those whose quads hold the IRI are then explained.
    """
    graphs, alike = _pressed(vault, term, progress)
    by_graph = {vault.mint.note(slug): number for slug, number in snapshot.index.by_slug.items()}
    said = False
    for number in sorted(by_graph[graph] for graph in graphs if graph in by_graph):
        explained = explain_number(snapshot, number)
        traces = tuple((place, trace) for place, trace in explained.numbered() if term in trace.terms)
        if traces:  # else the IRI stands in the words of a text
            said = True
            yield Mention(explained, traces)
    if not said:
        near = _nearest(term, alike - {term}, vault.settings.base)
        raise HerbierError(did_you_mean(Message("no note speaks of {address}", address=term[1:-1]), near[1:-1]))


def _nearest(term: Term, alike: set[Term], base: str) -> Term:
    names = {other[1 + len(base) : -1].partition("/")[2]: other for other in sorted(alike)}
    near = get_close_matches(term[1 + len(base) : -1].partition("/")[2], names, 1)
    return names[near[0]] if near else ""


def _pressed(vault: Vault, term: Term, progress: Progress) -> tuple[set[Term], set[Term]]:
    """Return the graphs whose quads hold an IRI, and the published IRIs below the base that are much like it."""
    wanted = term.encode()
    start = term[: term.find("/", 1 + len(vault.settings.base)) + 1].encode()  # with the kind: `<.../id/`
    below = start.startswith(f"<{vault.settings.base}".encode())
    graphs: set[Term] = set()
    alike: set[Term] = set()

    def look(block: bytes) -> None:
        at = block.find(wanted)
        while at >= 0:
            end = block.find(b" .\n", at)
            graphs.add(block[block.rfind(b" ", 0, end) + 1 : end].decode())
            at = block.find(wanted, end)
        for terms in _TERMS.findall(block) if below else ():
            for found in terms:
                if found.startswith(start) and abs(len(found) - len(wanted)) <= _FARTHEST:
                    alike.add(found.decode())

    build(vault, look, FORMATS["nquads"], progress=progress)
    return graphs, alike
