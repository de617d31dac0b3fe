"""Redaction: texts without what private notes are called."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from herbier.index.resolution import Index, title_of_link
from herbier.rdf.slugs import slug
from herbier.text import name_key
from herbier.vault.inline import MARKDOWN_ANY, MARKDOWN_LINK, WIKILINK, is_web_address, path_target, wikilink
from herbier.vault.summary import NoteSummary

REDACTED: Final = "[…]"


def is_private_name(index: Index, text: str, origin: str) -> bool:
    """Return whether a text is what a private note is called."""
    if not index.any_private:
        return False
    found = index.search(text, origin, False)
    return found.kind == "private" if found is not None else name_key(text) in index.private_slugs


def shown_link(index: Index, name: str, alias: str, origin: str, *, relative: bool = False) -> str | None:
    """Return the text of a link to a private note that may be shown; None where the link leads elsewhere."""
    if not index.any_private or not name or index.find_link(name, alias, origin, relative=relative).kind != "private":
        return None
    title = title_of_link(name)
    hides = not alias or is_private_name(index, alias, origin) or mentions_private(index, alias, slug(title))
    # scripts that write no blanks have no words to compare
    return REDACTED if hides or (not name.isascii() and name_key(title) in name_key(alias)) else alias


def mentions_private(index: Index, text: str, name: str = "") -> bool:
    """Return whether some of the words of a text are what a private note is called, or have the slug `name`."""
    words = slug(text).split("-") if index.any_private else []
    runs = ("-".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1))
    return any(run in index.private_names or run == name for run in runs)


def redact_links(index: Index, text: str, origin: str) -> str:
    """Return a value's text with what may be shown in place of its links to private notes, all else as it is."""
    return _replace_links(index, text, origin, lambda link, shown: shown)


def mask_links(index: Index, text: str, origin: str) -> str:
    """Return a text in which the links to private notes are dots: each character stays in its line and column."""
    return _replace_links(index, text, origin, _dotted)


def redact_value(index: Index, text: str, origin: str) -> str:
    """Return a value as it may be quoted: without what private notes are called."""
    return REDACTED if is_private_name(index, text, origin) else redact_links(index, text, origin)


def _replace_links(index: Index, text: str, origin: str, put: Callable[[str, str], str]) -> str:
    if not index.any_private or "[" not in text:
        return text

    def wiki(match: re.Match[str]) -> str:
        target, alias = wikilink(match[2])
        shown = shown_link(index, target.name, alias, origin)
        return match[0] if shown is None else put(match[0], shown)

    def markdown(match: re.Match[str]) -> str:
        address = match[2] or match[3] or ""
        if is_web_address(address):
            return match[0]
        shown = shown_link(index, path_target(address).name, match[1], origin, relative=True)
        return match[0] if shown is None else put(match[0], shown)

    return MARKDOWN_ANY.sub(markdown, WIKILINK.sub(wiki, text))


def plain_text(index: Index, text: str, origin: str) -> str:
    """Return a value's text with its links as a reader sees them."""
    if "[" not in text:
        return text

    def wiki(inside: str) -> str:
        return wikilink(inside)[1] or inside.partition("|")[0].strip()

    text = WIKILINK.sub(lambda match: wiki(match[2]), redact_links(index, text, origin))
    return MARKDOWN_LINK.sub(lambda match: match[1], text)


def _dotted(link: str, shown: str) -> str:
    dots = _HIDDEN.sub("…", link)
    at = link.rfind(shown)
    return dots if at < 0 else dots[:at] + shown + dots[at + len(shown) :]


_HIDDEN: Final = re.compile(r"[^\n\[\]()|!]")


def shown_headings(index: Index, summary: NoteSummary) -> Sequence[str]:
    """Return a note's headings without what their links would give away of private notes."""
    if not summary.heading_links or not index.any_private:
        return summary.headings
    texts = list(summary.headings)
    for link in reversed(summary.heading_links):
        hidden = shown_link(index, link.name, link.alias, summary.path)
        if hidden is not None:
            text = texts[link.heading]
            texts[link.heading] = text[: link.start] + hidden + text[link.end :]
    return texts
