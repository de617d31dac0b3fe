"""Links to the same thing elsewhere: items of Wikidata, identifiers of other registers, and addresses of any kind."""

from collections.abc import Callable

from herbier.index.redaction import plain_text, redact_links
from herbier.mapping.context import FieldUse, ItemClaim, NoteMapping
from herbier.mapping.fallback import keep, report_unusable
from herbier.mapping.references import address_of, linked, report_link
from herbier.messages import Message
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import RDF_TYPE, Term, plain, typed
from herbier.rules.identifiers import Identified, identified, recognised
from herbier.rules.rule_types import KeyRule
from herbier.rules.values import EXPECTED, wikidata_term
from herbier.vault.fields import Scalar

_ITEM = "<http://www.wikidata.org/entity/Q"
_NEW = {plain_name(name) for name in ("new", "nouveau", "nouvelle", "à créer", "create")}


def wikidata(m: NoteMapping, use: FieldUse, value: Scalar) -> None:
    """State the item of Wikidata that a thing is, or that it wants one: `wikidata: new`."""
    at = (value.line, value.column)
    if item := wikidata_term(value.text.strip()):
        _same(m, use, value, item)
    elif plain_name(value.text) in _NEW:
        for predicate in m.model.new_item.terms:
            m.out.statements.append((use.thing, predicate, typed("true", "boolean"), at, use.rule))
    else:
        _unusable(m, use, value, EXPECTED["wikidata"])


def same(m: NoteMapping, use: FieldUse, value: Scalar) -> None:
    """State what a thing is the same as: an item of Wikidata, an identifier that its address gives, any address."""
    text = redact_links(m.index, value.text, m.path).strip()
    term = wikidata_term(text) or address_of(m, text)
    if term is None:
        _unusable(m, use, value, EXPECTED["same"])
        return
    term = wikidata_term(term[1:-1]) or term
    of = recognised(term[1:-1], m.rules.schemes)
    _same(m, use, value, of.address if of and of.address else term)
    if of:
        _describe(m, value, of, use.rule, use.thing)


def identifier(m: NoteMapping, use: FieldUse, value: Scalar) -> None:
    """State an identifier: where it leads, or else its text, and a node that says of which scheme it is."""
    scheme = m.rules.schemes[use.rule.scheme]
    expected = Message("a valid {label}, such as {example}", label=scheme.label, example=scheme.example)
    try:
        of = identified(redact_links(m.index, value.text, m.path).strip(), scheme)
    except ValueError:
        of = None
        expected = Message("a valid {label} (its check digit is wrong)", label=scheme.label)
    if of is None:
        _unusable(m, use, value, expected)
        return
    _same(m, use, value, of.address or plain(of.text))
    _describe(m, value, of, use.rule, use.thing)


def _same(m: NoteMapping, use: FieldUse, value: Scalar, term: Term) -> None:
    at = (value.line, value.column)
    m.out.statements += [(use.thing, predicate, term, at, use.rule) for predicate in use.predicates.thing]
    m.out.statements += [(use.doc, predicate, term, at, use.rule) for predicate in use.predicates.note]
    if use.thing != m.thing:
        return
    if m.is_concept:
        concept = use.rule.concept
        if not concept and term.startswith(_ITEM):  # however it is written: `sameAs: Q2539`, too
            concept = next((known.concept for known in m.rules.keys.get("wikidata", ())), ())
        m.out.statements += [(use.thing, predicate, term, at, use.rule) for predicate in concept]
    if term.startswith(_ITEM):
        line, column = m.places(at)
        m.out.items.append(ItemClaim(term[len(_ITEM) - 1 : -1], m.path, line, column))


def _describe(m: NoteMapping, value: Scalar, of: Identified, rule: KeyRule, thing: Term) -> None:
    """State the node of an identifier (https://schema.org/PropertyValue); its IRI lasts as long as the identifier."""
    at, model = (value.line, value.column), m.model
    node = m.mint.nested(m.slug, of.scheme.name, of.text)
    said = [(thing, predicate, node) for predicate in model.identifier.terms]
    said += [(node, RDF_TYPE, term) for term in model.identifier_class.terms]
    said += [(node, predicate, plain(of.scheme.name)) for predicate in model.identifier_scheme.terms]
    said += [(node, predicate, plain(of.text)) for predicate in model.identifier_value.terms]
    if of.address:
        said += [(node, predicate, of.address) for predicate in model.identifier_address.terms]
    m.out.statements += [(*triple, at, rule) for triple in said]


def _unusable(m: NoteMapping, use: FieldUse, value: Scalar, expected: Message) -> None:
    report_unusable(m, use.field, value, expected)
    keep(m, use.field, value, use.subject)


def words_or_address(m: NoteMapping, use: FieldUse, value: Scalar) -> None:
    """State where a licence is, or what it is called: schema.org wants an address, Dublin Core allows words."""
    at, text = (value.line, value.column), " ".join(value.text.split())
    address = address_of(m, text) or LICENCES.get(plain_name(text), "")
    links = [] if address else [link.found for link in linked(m, text) if link.found.kind in ("note", "stub")]
    term = address or (m.mint.thing(links[0].slug) if links else plain(plain_text(m.index, text, m.path)))
    for link in links:
        report_link(m, at, text, link)
    for subject, terms in ((use.thing, use.predicates.thing), (use.doc, use.predicates.note)):
        said = [one for one in terms if term.startswith("<") or one.startswith(_DUBLIN_CORE)]
        m.out.statements += [(subject, predicate, term, at, use.rule) for predicate in said]


_DUBLIN_CORE = "<http://purl.org/dc/"
# By the names that people write, in the form of `plain_name`: those of Creative Commons and of SPDX.
LICENCES = {
    **{
        plain_name(f"CC {kind} {version}"): f"<https://creativecommons.org/licenses/{kind.lower()}/{version}/>"
        for kind in ("BY", "BY-SA", "BY-NC", "BY-ND", "BY-NC-SA", "BY-NC-ND")
        for version in ("4.0", "3.0", "2.0")
    },
    **{
        plain_name(name): f"<https://spdx.org/licenses/{name}.html>"
        for name in ("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "GPL-2.0-only", "GPL-3.0-only",
                     "GPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0-or-later", "LGPL-3.0-only", "MPL-2.0",
                     "ISC", "Unlicense", "EUPL-1.2", "CECILL-2.1", "ODbL-1.0", "etalab-2.0")
    },
    **dict.fromkeys(("cc0", "cc010"), "<https://creativecommons.org/publicdomain/zero/1.0/>"),
}  # fmt: skip


Step = Callable[[NoteMapping, FieldUse, Scalar], None]
STEPS: dict[str, Step] = {
    "wikidata": wikidata,
    "same": same,
    "identifier": identifier,
    "words-or-address": words_or_address,
}
