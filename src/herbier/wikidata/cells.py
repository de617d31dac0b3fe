"""A thing as Turtle, as a row of things.csv and as a row of mixnmatch.tsv."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from herbier.rdf.formats import FORMATS
from herbier.rdf.iris import Mint
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import RDF_TYPE, Term, Triple, iri, language_of, lexical, literal, plain
from herbier.rules.rule_types import Alignment, Rules
from herbier.wikidata.things import ENTITY, ExportTerms, Identifier, Thing
from herbier.wikidata.time_values import time_value

BETWEEN = "|"  # several values of a cell; one that has it in itself has _BROKEN instead
_BROKEN = "¦"
LANGUAGES = ("fr", "en")
NameOf = Callable[[Thing, Term], str]


class ExportContext(NamedTuple):
    """The context of an export: the same for all things of a vault."""

    rules: Rules
    terms: ExportTerms
    mint: Mint
    names: Namespaces
    name_of: NameOf  # of another thing, by its IRI

    def term(self, curie: str) -> Term:
        """Return the term of a CURIE; KeyError where its prefix is not known."""
        expanded = self.rules.expand(curie)
        if expanded is None:
            raise KeyError(curie)
        return iri(expanded)


def item_of(thing: Thing, export_context: ExportContext) -> str:
    """Return the item of which a thing is most likely an instance, by its first class that has one; else ""."""
    found = (export_context.terms.classes.get(cls, "") for cls in thing.said.get(RDF_TYPE, ()))
    return next(filter(None, found), "")


def identifiers_in(thing: Thing, row: Alignment) -> list[str]:
    """Return the identifiers of a thing that a property of Wikidata has, in Wikidata's own form."""
    if not thing.identifiers:
        return []
    of_scheme = [found.text for found in thing.identifiers if found.scheme == row.scheme]
    texts = [text for text in of_scheme if row.pattern is None or row.pattern.fullmatch(text)]
    return [text.upper() for text in texts] if row.form == "upper" else texts


def labels_of(thing: Thing, export_context: ExportContext) -> list[Term]:
    """Return the labels of a thing: the first of each language, since SKOS allows one (SKOS Reference, S14)."""
    labels = [_in_own_language(title, thing) for title in thing.values(export_context.terms.label)]
    return list({language_of(title): title for title in reversed(labels)}.values())[::-1]


def _in_own_language(title: Term, thing: Thing) -> Term:
    """Return a name of no language, as those of persons are, in that of its note: Wikidata has labels by language."""
    return title if language_of(title) or not thing.language else literal(lexical(title), thing.language)


def other_names(thing: Thing, export_context: ExportContext) -> list[Term]:
    """Return what a thing is called besides its labels, as literals."""
    labels = {lexical(label) for label in labels_of(thing, export_context)}
    names = thing.values([*export_context.terms.label, *export_context.terms.alternate])
    return [_in_own_language(name, thing) for name in names if lexical(name) not in labels]


# --- Turtle -----------------------------------------------------------------------------------------------------------


def turtle(thing: Thing, export_context: ExportContext) -> str:
    """Return what is said of a thing as one block of Turtle, in which nothing but it is a subject."""
    me, model = export_context.mint.thing(thing.slug), export_context.rules.model
    terms = export_context.terms
    said: list[tuple[Term, Term]] = [(RDF_TYPE, cls) for cls in thing.values([RDF_TYPE])]
    titles = labels_of(thing, export_context)
    said += [(export_context.term(curie), title) for curie in ("rdfs:label", "skos:prefLabel") for title in titles]
    said += [(export_context.term("skos:altLabel"), name) for name in other_names(thing, export_context)]
    said += [(export_context.term("schema:description"), text) for text in thing.values(terms.description)]
    values = dict.fromkeys([*(term for row in terms.properties for term in row.terms), *terms.parents, *terms.texts])
    said += [(term, value) for term in values if term in thing.said for value in thing.values([term])]
    said += [(model.identifier.terms[0], plain(_compact(found))) for found in thing.identifiers]
    said += [(term, value) for term in terms.same for value in thing.values([term])]
    said += [(term, value) for term in terms.wants for value in thing.values([term])]
    item = item_of(thing, export_context)
    said += [(term, f"{ENTITY}{item}>") for term in model.class_hint.terms if item]
    alike = [row for row in terms.properties if not row.only or item in row.only]
    hints = [row.entity for row in alike if thing.values(row.terms) or identifiers_in(thing, row)]
    said += [(term, f"{ENTITY}{entity}>") for term in model.property_hint.terms for entity in dict.fromkeys(hints)]
    triples: list[Triple] = [(me, predicate, value) for predicate, value in dict.fromkeys(said)]
    return FORMATS["turtle"].block(triples, "", export_context.names).decode()


def _compact(found: Identifier) -> str:
    """Return an identifier with the name of its scheme before it, as identifiers.org writes them."""
    return f"{found.scheme}:{found.text}"


# --- tables -----------------------------------------------------------------------------------------------------------


def header(terms: ExportTerms) -> list[str]:
    """Return the names of the columns of things.csv, the same for every vault with the same rules."""
    fixed = ["id", "slug", "label", *(f"label_{code}" for code in LANGUAGES), "aliases", "description", "class_item"]
    return [*fixed, *(row.column for row in _columns(terms)), "item"]


def _columns(terms: ExportTerms) -> list[Alignment]:
    return [row for row in terms.properties if row.column]


def cells(thing: Thing, export_context: ExportContext) -> list[str]:
    """Return the row of a thing in things.csv."""
    titles = labels_of(thing, export_context)
    return [
        export_context.mint.thing(thing.slug)[1:-1],
        thing.slug,
        *(_joined([lexical(title) for title in found]) for found in (titles[:1], *map(_in(titles), LANGUAGES))),
        _joined(list(map(lexical, other_names(thing, export_context)))),
        lexical(next(iter(thing.values(export_context.terms.description)), '""')),
        item_of(thing, export_context),
        *(_joined(_values(thing, row, export_context)) for row in _columns(export_context.terms)),
        _joined(thing.items),
    ]


def _in(titles: Sequence[Term]) -> Callable[[str], list[Term]]:
    return lambda code: [title for title in titles if language_of(title).partition("-")[0] == code]


def _values(thing: Thing, row: Alignment, export_context: ExportContext) -> list[str]:
    """Return the values of a column as a person writes them: a date by its precision, a thing by its name."""
    if row.scheme:
        return identifiers_in(thing, row)
    if row.only and row.column and item_of(thing, export_context) not in row.only:
        return []
    found = thing.values(row.terms)
    if row.value == "time":
        return [date.plain for value in found if (date := time_value(value))]
    if row.value == "item":  # words are no item
        found = [value for value in found if value.startswith("<")]
    return list(dict.fromkeys(export_context.name_of(thing, value) for value in found))


def _joined(texts: Sequence[str]) -> str:
    return BETWEEN.join(text.replace(BETWEEN, _BROKEN) for text in texts)


_RUNS = re.compile(r"[=+\-@\t\r]")  # what a spreadsheet takes for a formula
_NUMBER = re.compile(r"-[0-9]+(?:[-.][0-9]+)*")


def csv_line(texts: Sequence[str]) -> str:
    """Return a line of CSV (RFC 4180). Before a cell that a spreadsheet would run stands an apostrophe."""
    out = io.StringIO()
    safe = [f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text for text in texts]
    csv.writer(out).writerow(safe)
    return out.getvalue()


def mixnmatch_header(terms: ExportTerms) -> list[str]:
    """Return the columns of mixnmatch.tsv (https://meta.wikimedia.org/wiki/Mix%27n%27match/Import)."""
    return ["id", "name", "desc", "url", "type", "q", "born", "died", *(r.entity for r in _columns(terms) if r.scheme)]


def mixnmatch_cells(thing: Thing, export_context: ExportContext) -> list[str]:
    """Return the row of a thing in mixnmatch.tsv, which has room for one value a cell: the first."""
    dates = {row.entity: row for row in export_context.terms.properties if row.entity in (BORN, DIED)}
    columns = [row for row in _columns(export_context.terms) if row.scheme]
    of_dates = [_values(thing, dates[entity], export_context) if entity in dates else [] for entity in (BORN, DIED)]
    return [
        thing.slug,
        thing.title,
        lexical(next(iter(thing.values(export_context.terms.description)), '""')),
        export_context.mint.note(thing.slug)[1:-1],
        item_of(thing, export_context),
        *(next(iter(found), "") for found in (thing.items, *of_dates)),
        *(next(iter(identifiers_in(thing, row)), "") for row in columns),
    ]


BORN, DIED = "P569", "P570"


def tsv_line(texts: Sequence[str]) -> str:
    """Return a line of TSV, in which no cell can have a tab or an end of line: they become blanks."""
    return "\t".join(" ".join(text.split()) for text in texts) + "\n"
