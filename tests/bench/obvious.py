"""The obvious pipeline, to compare with: python-frontmatter, markdown-it-py and rdflib, as first written."""

from __future__ import annotations

import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

import frontmatter
from markdown_it import MarkdownIt
from rdflib import Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, XSD

BASE = "https://example.org/"
HERBIER = Namespace("https://w3id.org/herbier#")
FORMATS = {".nq": "nquads", ".ttl": "turtle"}
CLASSES = {
    "organisation": (SDO.Organization,),
    "personne": (SDO.Person,),
    "concept": (SDO.DefinedTerm, SKOS.Concept),
    "lieu": (SDO.Place,),
    "évènement": (SDO.Event,),
    "livre": (SDO.Book,),
    "logiciel": (SDO.SoftwareApplication,),
    "projet": (SDO.Project,),
}
# The predicates of a relation: for the thing, and for the note.
RELATIONS = {
    "isPartOf": (DCTERMS.isPartOf, SDO.isPartOf),
    "hasPart": (DCTERMS.hasPart, SDO.hasPart),
    "subClassOf": (RDFS.subClassOf, None),
    "seeAlso": (RDFS.seeAlso, RDFS.seeAlso),
    "differentFrom": (OWL.differentFrom, None),
    "uses": (HERBIER.uses, None),
    "relatedTo": (DCTERMS.relation, DCTERMS.relation),
}
WIKILINK = re.compile(r"\[\[([^\]|#]*)(?:#([^\]|]*))?(?:\|([^\]]*))?\]\]")
FIELD = re.compile(r"^([\w-]+):: *(.+)$", re.MULTILINE)
TAG = re.compile(r"(?:^|(?<=\s))#([^\W\d][\w/-]*)")
MARKDOWN = MarkdownIt()


@dataclass
class Section:
    heading: str
    slug: str
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(self.texts)


@dataclass
class Note:
    stem: str
    meta: dict[str, object]
    sections: list[Section]
    links: list[str]
    tags: list[str]
    fields: list[tuple[str, str]]

    @property
    def title(self) -> str:
        return str(self.meta.get("title", self.stem))

    @property
    def text(self) -> str:
        return "\n\n".join(part for section in self.sections for part in (section.heading, section.text) if part)


@cache
def slugify(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def as_list(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def shown(text: str) -> str:
    """The text as a reader sees it: the alias of a link, else its target."""
    return WIKILINK.sub(lambda link: link[3] or link[1] or link[2], text)


def read_note(path: Path) -> Note:
    post = frontmatter.load(str(path))
    note = Note(path.stem, post.metadata, [Section("", "")], [], as_list(post.metadata.get("tags")), [])
    in_heading = False
    for token in MARKDOWN.parse(post.content):
        if token.type == "heading_open":
            in_heading = True
        elif token.type == "heading_close":
            in_heading = False
        elif token.type == "inline":
            children = token.children or []
            text = "".join("\n" if child.type == "softbreak" else child.content for child in children)
            prose = "".join(child.content for child in children if child.type in ("text", "softbreak"))
            note.links.extend(link[1] for link in WIKILINK.finditer(prose) if link[1])
            note.tags.extend(TAG.findall(prose))
            note.fields.extend(FIELD.findall(prose))
            if in_heading:
                note.sections.append(Section(shown(text), slugify(shown(text))))
            else:
                note.sections[-1].texts.append(shown(text))
    return note


class Publisher:
    """Adds notes to a dataset with a named graph a note, or to one graph."""

    def __init__(self, notes: list[Note], language: str | None, store: Graph) -> None:
        self.notes = notes
        self.language = language
        self.store = store
        self.seen: set[str] = set()
        self.slugs: dict[str, str] = {}
        for note in notes:
            for name in (*as_list(note.meta.get("aliases")), note.stem, note.title):
                self.slugs[name.casefold()] = slugify(note.title)

    def publish(self) -> None:
        for note in self.notes:
            self.add_note(note)

    def label(self, text: str) -> Literal:
        return Literal(text, lang=self.language)

    def graph_of(self, doc: URIRef) -> Graph:
        return self.store.graph(doc) if isinstance(self.store, Dataset) else self.store

    def add_note(self, note: Note) -> None:
        slug = slugify(note.title)
        thing, doc = URIRef(f"{BASE}id/{slug}"), URIRef(f"{BASE}doc/{slug}")
        graph = self.graph_of(doc)
        title = self.label(note.title)

        for cls in CLASSES.get(str(note.meta.get("type")), (SDO.Thing,)):
            graph.add((thing, RDF.type, cls))
        graph.add((thing, SDO.name, title))
        graph.add((thing, RDFS.label, title))
        graph.add((thing, SDO.subjectOf, doc))
        for alias in as_list(note.meta.get("aliases")):
            graph.add((thing, SDO.alternateName, self.label(alias)))

        graph.add((doc, RDF.type, SDO.NoteDigitalDocument))
        graph.add((doc, SDO.mainEntity, thing))
        graph.add((doc, DCTERMS.title, title))
        graph.add((doc, SDO.headline, title))
        if self.language:
            graph.add((doc, DCTERMS.language, Literal(self.language)))
            graph.add((doc, SDO.inLanguage, Literal(self.language)))
        for key, predicates in (
            ("date_creation", (DCTERMS.created, SDO.dateCreated)),
            ("date_modification", (DCTERMS.modified, SDO.dateModified)),
        ):
            if key in note.meta:
                for predicate in predicates:
                    graph.add((doc, predicate, Literal(str(note.meta[key]), datatype=XSD.date)))
        text = note.text
        graph.add((doc, SDO.text, self.label(text)))
        graph.add((doc, SDO.wordCount, Literal(len(text.split()))))

        self.add_summary(graph, thing, doc, note)
        self.add_tags(graph, doc, note)
        self.add_relations(graph, thing, doc, note)
        self.add_sections(graph, doc, note)
        for name in note.links:
            target = self.target(graph, name)
            graph.add((doc, SDO.mentions, URIRef(f"{BASE}id/{target}")))
            graph.add((doc, DCTERMS.references, URIRef(f"{BASE}doc/{target}")))

    def add_summary(self, graph: Graph, thing: URIRef, doc: URIRef, note: Note) -> None:
        for section in note.sections:
            if section.slug == "generalite" and section.texts:
                summary = self.label(section.text)
                graph.add((thing, SDO.description, summary))
                graph.add((thing, DCTERMS.description, summary))
                graph.add((doc, SDO.abstract, summary))
                graph.add((doc, DCTERMS.abstract, summary))

    def add_tags(self, graph: Graph, doc: URIRef, note: Note) -> None:
        scheme = URIRef(f"{BASE}tag/")
        tags = self.graph_of(scheme)
        for tag in note.tags:
            concept = URIRef(f"{BASE}tag/" + "/".join(slugify(part) for part in tag.split("/")))
            graph.add((doc, SDO.keywords, self.label(tag)))
            graph.add((doc, DCTERMS.subject, concept))
            if tag not in self.seen:
                self.seen.add(tag)
                tags.add((concept, RDF.type, SKOS.Concept))
                tags.add((concept, SKOS.inScheme, scheme))
                tags.add((concept, SKOS.prefLabel, self.label(tag)))

    def add_relations(self, graph: Graph, thing: URIRef, doc: URIRef, note: Note) -> None:
        for key, value in self.statements(note):
            link = WIKILINK.search(value)
            if key in RELATIONS and link:
                target = self.target(graph, link[1])
                of_thing, of_note = RELATIONS[key]
                graph.add((thing, of_thing, URIRef(f"{BASE}id/{target}")))
                if of_note:
                    graph.add((doc, of_note, URIRef(f"{BASE}doc/{target}")))
            elif key not in KNOWN:
                graph.add((thing, URIRef(f"{BASE}key/{quote(key)}"), self.label(shown(value))))

    def statements(self, note: Note) -> Iterator[tuple[str, str]]:
        for key, value in note.meta.items():
            for item in as_list(value):
                yield key, item
        yield from note.fields

    def add_sections(self, graph: Graph, doc: URIRef, note: Note) -> None:
        for position, section in enumerate(note.sections[1:], start=1):
            part = URIRef(f"{doc}#{section.slug}")
            graph.add((doc, SDO.hasPart, part))
            graph.add((part, RDF.type, SDO.WebPageElement))
            graph.add((part, SDO.name, self.label(section.heading)))
            graph.add((part, SDO.position, Literal(position)))
            if section.texts:
                graph.add((part, SDO.text, self.label(section.text)))

    def target(self, graph: Graph, name: str) -> str:
        """The slug of the note that the link names; a note that does not exist gets its stub."""
        found = self.slugs.get(name.casefold())
        if found is not None:
            return found
        slug = slugify(name)
        graph.add((URIRef(f"{BASE}id/{slug}"), RDF.type, SDO.Thing))
        graph.add((URIRef(f"{BASE}id/{slug}"), RDFS.label, self.label(name)))
        graph.add((URIRef(f"{BASE}doc/{slug}"), RDF.type, HERBIER.Stub))
        return slug


KNOWN = {"title", "type", "tags", "aliases", "date_creation", "date_modification"}


def language_of(vault: Path) -> str | None:
    settings = vault / "herbier.toml"
    if not settings.exists():
        return None
    language = tomllib.loads(settings.read_text(encoding="utf-8")).get("language")
    return str(language) if language else None


def main() -> None:
    """Turn the vault into the file; with `--bind` its own namespaces get prefixes too, which helps Turtle."""
    vault, out = Path(sys.argv[1]), Path(sys.argv[2])
    notes = [read_note(path) for path in sorted(vault.rglob("*.md"))]
    store: Graph = Dataset() if out.suffix == ".nq" else Graph()
    prefixes = {"schema": SDO, "dcterms": DCTERMS, "skos": SKOS, "herbier": HERBIER}
    if "--bind" in sys.argv:
        prefixes |= {name: Namespace(f"{BASE}{name}/") for name in ("id", "doc", "tag", "key")}
    for prefix, namespace in prefixes.items():
        store.bind(prefix, namespace, replace=True)
    Publisher(notes, language_of(vault), store).publish()
    store.serialize(destination=str(out), format=FORMATS[out.suffix], encoding="utf-8")
    # To count what a Dataset holds is slow; its file has one quad a line.
    triples = out.read_bytes().count(b" .\n") if isinstance(store, Dataset) else len(store)
    print(json.dumps({"notes": len(notes), "triples": triples}))


if __name__ == "__main__":
    main()
