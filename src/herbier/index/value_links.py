"""The links in a value, and where they lead."""

from typing import NamedTuple

from herbier.index.resolution import Index, LinkTarget
from herbier.vault.inline import (
    CITEKEY,
    MARKDOWN_LINK,
    WIKILINK,
    is_web_address,
    names_nothing,
    only_wikilink,
    path_target,
    wikilink,
)


class Linked(NamedTuple):
    """A link in a value: the name of its target, where it leads, and the heading or block that it names there."""

    name: str
    found: LinkTarget
    anchor: str


def links_in(index: Index, text: str, origin: str) -> list[Linked]:
    """Return the links of a value in the note at `origin`."""
    links: list[Linked] = []
    if "[" not in text:
        return links
    alone = only_wikilink(text)
    for inside in [alone] if alone else [match[2] for match in WIKILINK.finditer(text)]:
        target, alias = wikilink(inside)
        if not is_web_address(target.name) and not names_nothing(target.name, target.anchor):
            found = index.find_link(target.name, alias, origin)
            if found.kind == "stub" and (key := CITEKEY.fullmatch(target.name)):
                found = LinkTarget("work", key[1])
            links.append(Linked(target.name, found, target.anchor))
    for match in MARKDOWN_LINK.finditer(text) if "](" in text else ():
        address = match[2] or match[3] or ""
        target = path_target(address)
        if not is_web_address(address) and not names_nothing(target.name, target.anchor):
            links.append(Linked(target.name, index.find(target.name, origin, relative=True), target.anchor))
    return links
