"""The lists of the site: all notes from A to Z, how many there are of each type, all tags."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph

from herbier.rdf.iris import Mint
from herbier.rdf.slugs import slug
from herbier.rdf.terms import RDF_TYPE, Term, language_of, lexical
from herbier.rules.rule_types import Model
from herbier.store.embedded import Store

SKOS = "http://www.w3.org/2004/02/skos/core#"


class Text(NamedTuple):
    """A text and its language, "" where it is not known."""

    text: str
    language: str = ""


class NoteEntry(NamedTuple):
    """A note in a list; `types` are the classes of its thing."""

    title: Text
    slug: str
    types: tuple[Term, ...]

    @property
    def order(self) -> tuple[str, str, str]:
        """Return the key by which entries are sorted: é beside e, as in a dictionary."""
        return slug(self.title.text), self.title.text, self.slug

    @property
    def letter(self) -> str:
        """Return the letter under which the entry stands, `#` for what begins with a digit or a sign."""
        first = slug(self.title.text)[:1].upper()
        return first if first.isalpha() else "#"


class TagEntry(NamedTuple):
    """A tag in a list; `full` is its label with those of the tags above it, `uses` how many notes have it."""

    path: str
    label: Text
    full: Text
    uses: int

    @property
    def depth(self) -> int:
        """Return how many tags it stands below."""
        return self.path.count("/")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The notes that are written, from A to Z; the tags, each below the one it narrows."""

    notes: tuple[NoteEntry, ...]
    tags: tuple[TagEntry, ...]
    by_slug: dict[str, NoteEntry]
    by_tag: dict[str, TagEntry]


def catalogue_of(store: Store, model: Model, mint: Mint) -> Catalogue:
    """List what a store publishes."""
    start = len(f"<{mint.base}doc/")
    graphs = (str(graph) for graph in store.quads.named_graphs())
    slugs = sorted(graph[start:-1] for graph in graphs if graph.startswith(f"<{mint.base}doc/"))
    notes = sorted((entry_of(store, model, mint, slug) for slug in slugs), key=lambda entry: entry.order)
    written = [entry for entry in notes if not store.is_stub(entry.slug)]
    tags = tuple(_tags(store, model, mint))
    by_slug = {entry.slug: entry for entry in written}
    return Catalogue(tuple(written), tags, by_slug, {tag.path: tag for tag in tags})


def entry_of(store: Store, model: Model, mint: Mint, slug: str) -> NoteEntry:
    """Return how a note is listed: under its title, else the name of its thing, else its slug."""
    note, thing = mint.note(slug), mint.thing(slug)
    title = find_label(store, note, model.title.terms) or find_label(store, thing, model.label.terms)
    return NoteEntry(title or Text(slug), slug, tuple(sorted(objects(store, thing, (RDF_TYPE,)))))


def objects(store: Store, subject: Term, predicates: Iterable[Term]) -> list[Term]:
    """Return the values that a subject has for any of some predicates, in any graph; each once, in order."""
    found: dict[Term, None] = {}
    node = pyoxigraph.NamedNode(subject[1:-1])
    for predicate in predicates:
        quads = store.quads.quads_for_pattern(node, pyoxigraph.NamedNode(predicate[1:-1]), None)
        found |= dict.fromkeys(sorted(str(quad.object) for quad in quads))
    return list(found)


def find_label(store: Store, subject: Term, predicates: Iterable[Term], language: str = "") -> Text | None:
    """Return the label of a subject, in a language where it has one; of several the first; None without any."""
    texts = [term for term in objects(store, subject, predicates) if term.startswith('"')]
    best = next((term for term in texts if language_of(term) == language), texts[0]) if texts else None
    return Text(lexical(best), language_of(best)) if best else None


def _tags(store: Store, model: Model, mint: Mint) -> list[TagEntry]:
    start = f"<{mint.base}tag/"
    scheme = pyoxigraph.NamedNode(mint.tags()[1:-1])
    in_scheme = pyoxigraph.NamedNode(f"{SKOS}inScheme")
    quads = store.quads.quads_for_pattern(None, in_scheme, scheme)
    tags = {str(quad.subject) for quad in quads if str(quad.subject).startswith(start)}
    uses = {
        (str(quad.subject), str(quad.object))
        for predicate in model.subject.terms
        for quad in store.quads.quads_for_pattern(None, pyoxigraph.NamedNode(predicate[1:-1]), None)
        if str(quad.subject).startswith(f"<{mint.base}doc/")
    }
    counts = Counter(tag for _, tag in uses)
    labels = {tag[len(start) : -1]: find_label(store, tag, (f"<{SKOS}prefLabel>",)) for tag in tags}
    entries = []
    for path in sorted(labels, key=lambda path: path.split("/")):
        label = labels[path] or Text(path)
        segments = path.split("/")
        above = (labels.get("/".join(segments[:depth])) for depth in range(1, len(segments)))
        full = "/".join([*(text.text for text in above if text), label.text])
        entries.append(TagEntry(path, label, Text(full, label.language), counts[f"{start}{path}>"]))
    return entries
