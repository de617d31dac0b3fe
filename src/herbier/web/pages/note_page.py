"""The page of a note: its text, and its facts beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from herbier.rdf.terms import RDF_TYPE, Term, Triple, language_of, lexical
from herbier.vault.files import MEDIA_TYPES
from herbier.web.catalogue import NoteEntry, TagEntry, Text, entry_of, objects
from herbier.web.pages.display import FactRow, Value, rows_of, types_of, value_of
from herbier.web.pages.text_links import Linker, linker
from herbier.web.site import Site


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section of a note; `level` is that of its HTML heading, `points` its lines where they are key points.

    Level 0 is of a section whose heading is the title of the note, which is not shown again.
    """

    anchor: str
    heading: Text
    level: int
    text: Text
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note, written or not: `facts` are of its thing, `notes` of the note itself.

    The lead describes the thing. Where it is the text of a section, that section is not shown again, and
    `lead_anchor` is its anchor. The preface is what stands before the first heading.
    """

    title: Text
    iri: str
    stub: bool
    types: list[Value]
    lead: list[Text]
    lead_anchor: str
    facts: tuple[FactRow, ...]
    notes: tuple[FactRow, ...]
    preface: Text
    sections: list[PageSection]
    images: list[Value]
    tags: list[TagEntry]
    mentioned: list[NoteEntry]
    linker: Linker
    translations: list[tuple[str, str]]  # the path and the language of each


def note_page_of(site: Site, slug: str, triples: Sequence[Triple]) -> NotePage:
    """Lay out what is published of a note; `triples` are those of its data."""
    model, thing, note = site.model, site.mint.thing(slug), site.mint.note(slug)
    of_thing = sorted({*triples, *site.store.about(thing)})
    said = _Said(of_thing)
    title = entry_of(site.store, model, site.mint, slug).title
    lead = said.texts(thing, model.description.terms) or said.texts(note, model.abstract.terms)
    sections = _sections(site, note, said)
    shown, lead_anchor = _without_lead(_without_title(sections, title), lead)
    images = [term for term in said.values((thing, note), model.image.terms) if _is_image(site, term)]
    tags = [term for term in said.values((note,), model.subject.terms) if term.startswith(f"<{site.base}tag/")]

    names = {*model.label.terms, *model.concept_label.terms, *model.title.terms}
    leading = {*model.description.terms, *model.abstract.terms}
    apart = {RDF_TYPE}.union(
        *(model.subject_of.terms, model.about.terms, model.dataset.terms, model.text.terms, model.key_point.terms),
        *(model.keyword.terms, model.reference.terms),
    )

    def hides(predicate: Term, value: Term) -> bool:
        """Report what stands elsewhere on the page."""
        return (
            predicate in apart
            or value in images
            or value in tags
            or value.startswith(f"{note[:-1]}#")
            or (predicate in names and lexical(value) == title.text)
            or (predicate in leading and lexical(value) in [text.text for text in lead])
        )

    return NotePage(
        title,
        thing[1:-1],
        site.store.is_stub(slug),
        types_of(site, [term for term in said.values((thing,), (RDF_TYPE,)) if term not in model.thing_class.terms]),
        lead,
        lead_anchor,
        rows_of(site, thing, of_thing, hides),
        rows_of(site, note, triples, hides),
        _preface(site, note, said, sections),
        shown,
        [value_of(site, term) for term in images],
        _tags(site, tags),
        mentioning(site, slug),
        linker(_mentions(site, note, said), _tags(site, tags)),
        translations_in(site, note, said.values((note,), model.translation.terms)),
    )


def translations_in(site: Site, note: Term, terms: Iterable[Term]) -> list[tuple[str, str]]:
    """Return the paths and the languages of the notes that are translations of one, and its own where there are any."""
    found = [
        (term[len(site.base) + 1 : -1], lexical(language))
        for term in (note, *terms)
        for language in objects(site.store, term, site.model.language.terms)[:1]
    ]
    return found if len(found) > 1 else []


def _mentions(site: Site, note: Term, said: "_Said") -> Iterator[tuple[str, Value]]:
    """Yield the names of what a note links, and what each leads to; an address is its own name."""
    model = site.model
    for term in said.values((note,), model.mention.terms):
        value = value_of(site, term)
        names = objects(site.store, term, (*model.label.terms, *model.alternate.terms))
        yield from ((lexical(name), value) for name in dict.fromkeys([f'"{value.text.text}"', *names]))
    for term in said.values((note,), model.citation.terms):
        if term.startswith("<") and (value := value_of(site, term)).address:
            yield value.address, value


def _tags(site: Site, terms: Iterable[Term]) -> list[TagEntry]:
    paths = sorted(term[len(f"<{site.base}tag/") : -1] for term in terms)
    return [site.catalogue.by_tag[path] for path in paths if path in site.catalogue.by_tag]


def mentioning(site: Site, slug: str) -> list[NoteEntry]:
    """Return the notes that say something of a note or of its thing, from A to Z."""
    thing, note = site.mint.thing(slug), site.mint.note(slug)
    return notes_of(site, (site.store.naming(thing) | site.store.naming(note)) - {note})


def notes_of(site: Site, graphs: Iterable[Term]) -> list[NoteEntry]:
    """Return the notes that some graphs are of, from A to Z."""
    start = f"<{site.base}doc/"
    slugs = {graph[len(start) : -1] for graph in graphs if graph.startswith(start)}
    found = (site.catalogue.by_slug.get(slug) for slug in slugs)
    return sorted((entry for entry in found if entry), key=lambda entry: entry.order)


class _Said:
    """Triples, asked by subject and predicate."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.by: dict[tuple[Term, Term], list[Term]] = {}
        for subject, predicate, value in triples:
            self.by.setdefault((subject, predicate), []).append(value)

    def values(self, subjects: Iterable[Term], predicates: Sequence[Term]) -> list[Term]:
        found = (v for subject in subjects for p in predicates for v in self.by.get((subject, p), ()))
        return list(dict.fromkeys(found))

    def texts(self, subject: Term, predicates: Sequence[Term]) -> list[Text]:
        values = self.values((subject,), predicates)
        return [Text(lexical(value), language_of(value)) for value in values if value.startswith('"')]

    def text(self, subject: Term, predicates: Sequence[Term]) -> Text:
        return next(iter(self.texts(subject, predicates)), Text(""))


def _sections(site: Site, note: Term, said: _Said) -> list[PageSection]:
    """Return the sections of a note in its order; a block has no name, and stands in its section's text."""
    model = site.model
    parts = {subject for subject, _ in said.by if subject.startswith(f"{note[:-1]}#")}
    named = [part for part in parts if said.texts(part, model.part_name.terms)]
    above = {child: part for part in named for child in said.values((part,), model.part.terms)}

    def place(part: Term) -> tuple[int, str]:
        number = said.text(part, model.part_position.terms).text
        return int(number) if number.isdecimal() else 0, part

    def level(part: Term) -> int:
        depth = 2
        while part in above and depth < 6:
            part, depth = above[part], depth + 1
        return depth

    keys = {lexical(value) for value in said.values((note,), model.key_point.terms)}
    sections = []
    for part in sorted(named, key=place):
        text = said.text(part, model.text.terms)
        lines = tuple(text.text.split("\n"))
        points = lines if keys.issuperset(lines) else ()
        sections.append(
            PageSection(part[len(note) : -1], said.text(part, model.part_name.terms), level(part), text, points)
        )
    return sections


def _without_title(sections: Sequence[PageSection], title: Text) -> list[PageSection]:
    """Show a first heading that is the title only once; the sections below it move up."""
    if not sections or sections[0].heading.text != title.text:
        return list(sections)
    first, *rest = sections
    below = next((place for place, section in enumerate(rest) if section.level <= first.level), len(rest))
    moved = (replace(section, level=section.level - 1) for section in rest[:below])
    return [replace(first, level=0), *moved, *rest[below:]]


def _without_lead(sections: Sequence[PageSection], lead: Sequence[Text]) -> tuple[list[PageSection], str]:
    """Leave out the section whose text is the lead, unless others stand below it; return its anchor, too."""
    for place, section in enumerate(sections):
        below = sections[place + 1 : place + 2]
        if section.text in lead and not (section.level and below and below[0].level > section.level):
            return [*sections[:place], *sections[place + 1 :]], section.anchor
    return list(sections), ""


def _preface(site: Site, note: Term, said: _Said, sections: Sequence[PageSection]) -> Text:
    """Return what a note's text has before that of its sections: the model gives it no node of its own."""
    whole = said.text(note, site.model.text.terms)
    parts: list[str] = []
    for section in sections:
        parts += [section.heading.text, section.text.text] if section.text.text else [section.heading.text]
    return Text(whole.text.removesuffix("\n\n".join(parts)).strip(), whole.language)


def _is_image(site: Site, term: Term) -> bool:
    suffix = site.files.get(term, "").rpartition(".")[2].lower()
    return MEDIA_TYPES.get(suffix, "").startswith("image/")
