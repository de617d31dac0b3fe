"""References of a note: links, embeds, citations, tags and files, and what is to be reported of them."""

import re
from collections.abc import Callable
from typing import Final

from herbier.index.heading_anchors import anchor_of
from herbier.index.redaction import redact_links
from herbier.index.resolution import LinkTarget
from herbier.index.value_links import Linked, links_in
from herbier.mapping.context import NoteMapping
from herbier.messages import Message
from herbier.rdf.slugs import address_slug, tag_slug
from herbier.rdf.terms import Term, literal, plain
from herbier.rules.rule_types import KeyRule
from herbier.rules.values import address_term, checked_iri
from herbier.text import clean, shown
from herbier.vault.body import Link
from herbier.vault.files import MEDIA_TYPES
from herbier.vault.inline import (
    CITEKEY,
    MARKDOWN_ANY,
    MARKDOWN_LINK,
    WIKILINK,
    is_web_address,
    names_nothing,
    only_wikilink,
)
from herbier.vault.note import At


def links(m: NoteMapping) -> None:
    """State what the links and embeds of the body refer to."""
    for link, found in zip(m.note.body.links, m.found, strict=True):
        LINKS[found.kind](m, link, found)


def _to_note(m: NoteMapping, link: Link, found: LinkTarget) -> None:
    model, doc, at = m.model, m.doc, link.at
    anchor = anchor_of(m.index, found.number, link.anchor) if link.anchor else None
    if link.name:
        other = m.mint.note(found.slug)
        m.say(doc, model.mention, m.mint.thing(found.slug), at)
        m.say(doc, model.reference, other, at)
        if link.embed:
            m.say(doc, model.embed, other, at)
        if found.rivals:
            report_link(m, at, link.name, found)
    if anchor:
        m.say(doc, model.reference, m.mint.part(found.slug, anchor), at)
    elif anchor is None and link.anchor:
        report_missing(m, at, found, link.anchor)


def _to_stub(m: NoteMapping, link: Link, found: LinkTarget) -> None:
    if key := CITEKEY.fullmatch(link.name):
        m.say(m.doc, m.model.citation, work(m, key[1], link.at), link.at)
        return
    if link.relative and not link.alias.strip():
        return  # a link without text, to nothing: no one has named anything
    other = m.mint.note(found.slug)
    m.say(m.doc, m.model.mention, m.mint.thing(found.slug), link.at)
    m.say(m.doc, m.model.reference, other, link.at)
    if link.embed:
        m.say(m.doc, m.model.embed, other, link.at)
    report_link(m, link.at, link.name, found)


def _to_file(m: NoteMapping, link: Link, found: LinkTarget) -> None:
    if not link.embed:
        message = Message("{path!r} is linked to but not embedded, so it is not published", path=shown(found.slug))
        m.report("unpublished-attachment", link.at, message, Message("write ![[{name}]] to publish it", name=link.name))
        return
    image = _format_of(found.slug).startswith("image/")
    m.say(m.doc, m.model.image if image else m.model.attachment, m.mint.file(found.slug), link.at)
    describe_file(m, found.slug, link.at)


def describe_file(m: NoteMapping, path: str, at: At) -> None:
    """State what a file that the note embeds is."""
    node = m.mint.file(path)
    media_type = _format_of(path)
    m.say_class(node, m.model.image_class if media_type.startswith("image/") else m.model.file_class, at)
    m.say(node, m.model.file_name, plain(clean(shown(path)).rpartition("/")[2]), at)
    m.say(node, m.model.file_format, plain(media_type), at)
    m.out.files.add(path)


def _format_of(path: str) -> str:
    return MEDIA_TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")


def _to_nothing(m: NoteMapping, link: Link, found: LinkTarget) -> None:
    if found.kind == "lost":
        report_link(m, link.at, link.name, found)


LINKS: Final[dict[str, Callable[[NoteMapping, Link, LinkTarget], None]]] = {
    "note": _to_note,
    "stub": _to_stub,
    "file": _to_file,
    "lost": _to_nothing,
    "private": _to_nothing,
}


def citations(m: NoteMapping) -> None:
    """State what the note cites outside the vault."""
    for citation in m.note.body.citations:
        if key := CITEKEY.fullmatch(citation.url):
            m.say(m.doc, m.model.citation, work(m, key[1], citation.at), citation.at)
            continue
        address = address_term(citation.url)
        if address and not (citation.image and _BADGE.search(address)):
            is_picture = citation.image and not _PAGES.match(address)
            m.say(m.doc, m.model.image if is_picture else m.model.citation, address, citation.at)


# What is embedded as a picture and is none: pages of videos and the like; badges say how a repository is doing.
_PAGES: Final = re.compile(
    r"<https?://(?:[\w-]+\.)?(?:youtube\.com|youtu\.be|youtube-nocookie\.com|vimeo\.com|dailymotion\.com|twitter\.com|x\.com"
    r"|spotify\.com|soundcloud\.com|twitch\.tv|bilibili\.com)/(?!vi/|vi_webp/|media/)"
)
_BADGE: Final = re.compile(r"//(?:img\.)?shields\.io/|//badgen?\.|/badges?/|badge\.svg|api\.netlify\.com/api/v1/badges")


def work(m: NoteMapping, key: str, at: At) -> Term:
    """Return the work that a key of citation stands for, once it is described (https://schema.org/CreativeWork)."""
    node = m.mint.work(key)
    m.cited.setdefault(key, at)
    m.say_class(node, m.model.work_class, at)
    m.say(node, m.model.identifier, plain(key), at)
    return node


def tags(m: NoteMapping) -> None:
    """State the tags of the body."""
    for tag in m.note.body.tags:
        say_tag(m, tag.name, tag.at)


def say_tag(m: NoteMapping, name: str, at: At) -> None:
    """State a tag of the note, as a keyword and as a subject."""
    if not name:
        return
    terms = m.context.known_tags.get((name, m.language))
    if terms is None:
        terms = literal(name, m.language), m.mint.tag(name) if tag_slug(name) else ""
        m.context.known_tags[name, m.language] = terms
    keyword, tag = terms
    m.say(m.doc, m.model.keyword, keyword, at)
    if tag:
        m.say(m.doc, m.model.subject, tag, at)
        m.out.tags.append((name, m.language))


def linked(m: NoteMapping, text: str) -> list[Linked]:
    """Return the links of a value."""
    return links_in(m.index, text, m.path)


def has_empty_links(text: str) -> bool:
    """Return whether a value is links and nothing else, and these name nothing: `[[]]`, `[x](/)`."""
    rest = MARKDOWN_ANY.sub("", WIKILINK.sub("", text)).replace("[[]]", "")
    return rest != text and names_nothing(rest.strip())


def beside_links(text: str) -> str:
    """Return what a value says beside its links."""
    if only_wikilink(text):
        return ""
    text = WIKILINK.sub(" ", text)
    return MARKDOWN_LINK.sub(" ", text) if "](" in text else text


def report_link(m: NoteMapping, at: At, name: str, found: LinkTarget, anchor: str = "") -> None:
    """Report what is wrong with a link, and note the stub that it asks for."""
    if found.kind == "stub":
        m.stub(found)
        report_dangling(m, at, name)
    elif found.kind == "lost":
        m.report("dangling-link", at, Message("the file {name!r} is not in the vault", name=name))
    elif found.rivals:
        others = ", ".join(shown(path) for path in found.rivals[1:])
        message = Message(
            "the link {name!r} fits several notes; {path!r} is taken, not {others}",
            name=name,
            path=shown(found.rivals[0]),
            others=others,
        )
        m.report("ambiguous-link", at, message, Message("write its folder too, such as [[folder/name]]"))
    if anchor and found.kind == "note" and anchor_of(m.index, found.number, anchor) is None:
        report_missing(m, at, found, anchor)


def report_missing(m: NoteMapping, at: At, found: LinkTarget, anchor: str) -> None:
    """Report that a note has no heading or block of a name."""
    title = m.index.summaries[found.number].title
    if anchor.startswith("^"):
        message = Message("{title!r} has no block {name!r}", title=title, name=anchor.removeprefix("^"))
    else:
        message = Message("{title!r} has no heading {name!r}", title=title, name=anchor)
    m.report("missing-heading", at, message)


def report_dangling(m: NoteMapping, at: At, name: str) -> None:
    """Report that a link leads to no note, and which note may be meant."""
    if not name.strip():
        return
    near = m.index.by_slug.get(address_slug(name.rpartition("/")[2]))
    if near is None:
        hint = Message("write that note, or fix the link")
    else:
        hint = Message("write that note, or fix the link; is {title!r} meant?", title=m.index.summaries[near].title)
    m.report("dangling-link", at, Message("no note is called {name!r}", name=name), hint)


def relate(m: NoteMapping, rule: KeyRule, target: LinkTarget, at: At, thing: Term) -> None:
    """State a relation, and its inverse, between two things and between their notes."""
    if target.kind == "work":
        node = work(m, target.slug, at)
        m.out.statements += [(thing, predicate, node, at, rule) for predicate in rule.thing]
        return
    other, other_doc = m.mint.thing(target.slug), m.mint.note(target.slug)
    concepts = False
    if m.is_concept and thing == m.thing:
        concepts = target.kind == "stub" or m.context.classes.is_concept(target.number)
        if concepts and rule.concept and target.kind == "stub":
            m.out.stub_concepts.add(target.slug)
    inverse = m.rules.relations.get(rule.inverse)
    for relation, a, b, doc_a, doc_b in (
        (rule, thing, other, m.doc, other_doc),
        (inverse, other, thing, other_doc, m.doc),
    ):
        if relation is None:
            continue
        m.out.statements += [(a, predicate, b, at, rule) for predicate in relation.thing]
        if concepts:
            m.out.statements += [(a, predicate, b, at, rule) for predicate in relation.concept]
        if thing == m.thing:
            m.out.statements += [(doc_a, predicate, doc_b, at, rule) for predicate in relation.note]


def address_of(m: NoteMapping, text: str) -> Term | None:
    """Return the IRI that a value is as a whole: an address, or a CURIE with a known prefix."""
    if ":" not in text:
        return None
    text = redact_links(m.index, text, m.path)
    if address := address_term(text.strip()):
        return address
    match = WIKILINK.fullmatch(text.strip())
    if match and is_web_address(match[2]):
        return address_term(match[2].partition("|")[0].strip())
    expanded = m.rules.expand(text) if ":" in text and " " not in text.strip() else None
    return checked_iri(expanded) if expanded else None
