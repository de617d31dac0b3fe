"""The marks within a line beyond CommonMark: inline fields, tags, bare addresses, block ids, wikilinks."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

# What a tag is made of: letters, marks, digits and symbols, but no blank and no punctuation save `-`, `_` and `/`.
TAG: Final = re.compile(
    r"(?<![\w#/&\\])#([^\s\x00-,.:-@\[-\^`{-\u00bf\u2000-\u206f\u2190-\u2bff\u3000-\u3020\ufe00-\ufe0f]+)"
)
URL: Final = re.compile(r"https?://[^\s<>\[\]{}|\\^`\"«»]+", re.IGNORECASE)
DOI: Final = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)
BARE_DOI: Final = re.compile(r"\bdoi:\s*(10\.\d{4,9}/[^\s<>\"\[\]]+)", re.IGNORECASE)
BLOCK_ID: Final = re.compile(r"(?:^|[ \t\n])\^([A-Za-z0-9-]+)[ \t]*$")
CALLOUT: Final = re.compile(r"^\[![\w-]+\][+-]?[ \t]*")
# Attributes of Pandoc, kramdown and Python-Markdown: `{#id .class key="value"}`, `{: #id}`, `{:toc}`.
ATTRIBUTES: Final = re.compile(
    r"""(?<!\{)\{(?::[ \t]*)?"""
    r"""(?:(?:[#.][\w:.-]+|[\w-]+=(?:"[^"{}]*"|'[^'{}]*'|[^\s{}]+)|-)(?:[ \t]+|(?=\})))+\}(?!\})"""
    r"""|\{::?[\w-]*[ \t]*/?\}"""
)
ATTRIBUTE_ID: Final = re.compile(r"#([\w:.-]+)")
LABEL: Final = re.compile(r"^\(([\w:.-]+)\)=$")  # of MyST: names the heading below it
HTML_ID: Final = re.compile(r"""<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*["']?([^"'\s<>]+)""")
_COLOUR: Final = re.compile(r"(?=[a-f]*\d)(?:[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
# `[[2]](https://...)` is a link of Markdown, whose text stands in brackets
WIKILINK: Final = re.compile(r"(?<!\\)(!?)\[\[([^\[\]]+)\]\](?!\((?:<|https?://))")
_MARKDOWN: Final = (
    r"\[([^\[\]]*)\]\(\s*(?:<([^<>]*)>|([^\s()]*(?:\([^\s()]*\)[^\s()]*)*))(?:\s+[\"'(][^\"']*[\"')])?\s*\)"
)
MARKDOWN_LINK: Final = re.compile(rf"(?<![!\\]){_MARKDOWN}")
MARKDOWN_ANY: Final = re.compile(rf"(?<!\\)!?{_MARKDOWN}")  # a link or an image
_KEY: Final = r"[^\W\d_][\w /.:-]{0,58}?"
LINE_FIELD: Final = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+(?:\[.\][ \t]+)?)?"
    rf"(?:\*\*|__|\*|_)?({_KEY}|[^\W\d_])(?:\*\*|__|\*|_)?::(?:(?:[ \t]+|(?=\[\[))(.*))?$",
    re.MULTILINE,
)
BRACKET_FIELD: Final = re.compile(rf"[\[(]({_KEY}|[^\W\d_])::[ \t]+((?:\[\[[^\[\]]*\]\]|[^\[\]()\n])*)[\])]")
FIELDS: Final = (LINE_FIELD, BRACKET_FIELD)
TASK: Final = re.compile(r"\s*\[.\][ \t]")  # with a mark of its own for each state, as themes have them
_OF_TASKS: Final = "📅🗓⏳⌛🛫➕✅❌"
TASK_FIELD: Final = re.compile(  # of the plugin Tasks, https://publish.obsidian.md/tasks/Reference/Task+Formats
    rf"[ \t]*(?:[{_OF_TASKS}]\ufe0f?[ \t]*\d{{4}}-\d{{2}}-\d{{2}}(?:[ \t]+\d{{2}}:\d{{2}})?|[⏫🔼🔽⏬🔺]\ufe0f?"
    rf"|🔁\ufe0f?[^{_OF_TASKS}⏫🔼🔽⏬🔺🆔⛔🏁#\n]*|[🆔⛔]\ufe0f?[ \t]*[\w,-]+|🏁\ufe0f?[ \t]*\w+)"
)
# What programs run or draw: no sentence.
TOOL_CODE: Final = frozenset(
    ["dataview", "dataviewjs", "tasks", "button", "buttons", "query", "kanban", "base", "bases", "tracker", "chart",
     "charts", "chartsview", "meta-bind", "meta-bind-button", "meta-bind-js-view", "js-engine", "templater", "leaflet",
     "calendar-timeline", "timeline", "toc", "table-of-contents", "zotero", "mermaid", "plantuml", "excalidraw", "abc",
     "embed", "iframe", "ad-hoc", "cardlink", "run-python", "folder-overview", "habittracker", "todoist", "gevent",
     "dataloom", "datacards", "dynamic-embed", "rss-feed", "smart-connections", "wikijs", "d2", "graphviz", "dot"]
)  # fmt: skip
# Commands of TeX that say how a page is set, and nothing else.
LAYOUT: Final = re.compile(
    r"\\(?:newline|newpage|pagebreak|clearpage|linebreak|noindent|smallskip|medskip|bigskip|hfill|vfill|quad|qquad"
    r"|[vh]space\*?\{[^{}]*\})(?![A-Za-z])[ ]?"
)
_WEB: Final = re.compile(r"https?://|doi:|//|ftp://", re.IGNORECASE)
_URL_TAIL: Final = ".,;:!?)'’…*_~"


@dataclass(init=False, slots=True)
class Target:
    """Where a link leads: a path or a name, and below it a heading (or `^block`), each "" where absent."""

    name: str
    anchor: str

    def __init__(self, name: str, anchor: str) -> None:
        self.name = name
        self.anchor = anchor


CITEKEY: Final = re.compile(r"@([A-Za-zÀ-ÿ0-9_][\w:.#$%&+?<>~/-]*)")  # of Pandoc
_DENDRON: Final = re.compile(r"dendron://[^/]+/")  # the vault, which is this one
_EMPTY: Final = re.compile(r"[\s./]*")


def is_template(text: str) -> bool:
    """Return whether a text is a template that was never filled in, such as `{{title}}` or `<% tp.date.now() %>`."""
    return ("{{" in text and "}}" in text) or ("<%" in text and "%>" in text) or ("{%" in text and "%}" in text)


def names_nothing(name: str, anchor: str = "") -> bool:
    """Return whether a link names no note: it is empty, the root of the site, a folder above, or a template."""
    return (not anchor and _EMPTY.fullmatch(name) is not None) or is_template(name)


def wikilink(inside: str) -> tuple[Target, str]:
    """Return the target and the alias of what stands between `[[` and `]]`.

    >>> wikilink("Mila#Points clés|le Mila")
    (Target(name='Mila', anchor='Points clés'), 'le Mila')
    """
    target, _, alias = inside.partition("|")
    if "dendron:" in inside:
        target, alias = without_scheme(target), without_scheme(alias)
    return split_target(target.removesuffix("\\")), " ".join(alias.split())


def without_scheme(target: str) -> str:
    """Return the target of a link of Dendron's without the name of the vault.

    >>> without_scheme("dendron://mon-coffre/user.alice#titre")
    'user.alice#titre'
    """
    return _DENDRON.sub("", target)


def only_wikilink(text: str) -> str:
    """Return what stands between `[[` and `]]` where a text is one wikilink and nothing else, "" for any other.

    Nearly all values that hold a link are, and to find that out takes a tenth of a search for links.

    >>> only_wikilink("[[Mila|le Mila]]"), only_wikilink("[[Mila]] et [[Ivado]]")
    ('Mila|le Mila', '')
    """
    inside = text[2:-2] if text.startswith("[[") and text.endswith("]]") else ""
    return "" if "[" in inside or "]" in inside else inside


def split_target(target: str) -> Target:
    """Split a target at its first `#`; of a path of headings the last counts."""
    name, mark, anchor = target.partition("#")
    if not mark:
        return Target(name if name.isalnum() else " ".join(name.split()), "")
    if "#" in anchor:
        anchor = anchor.rstrip("#").rpartition("#")[2]
    return Target(" ".join(name.split()), " ".join(anchor.split()))


def path_target(address: str) -> Target:
    """Return the target of a Markdown link to a file of the vault, such as `a%20b.md#h`."""
    path, _, anchor = address.partition("#")
    return Target(unquote(path.partition("?")[0]), " ".join(unquote(anchor).split()))


def trimmed_url(url: str) -> str:
    """Return an address found in a text without the punctuation that belongs to the sentence."""
    while url and url[-1] in _URL_TAIL:
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


def normal_url(address: str) -> str:
    """Return an address as it is published; a DOI is always `https://doi.org/10...`.

    >>> normal_url("http://dx.doi.org/10.1038/nature14539")
    'https://doi.org/10.1038/nature14539'
    """
    address = address.strip()
    doi = DOI.fullmatch(address)
    if doi:
        return f"https://doi.org/{doi[1]}"
    return f"https:{address}" if address.startswith("//") else address


def is_web_address(address: str) -> bool:
    """Return whether an address leads out of the vault to something that can be cited."""
    return (":" in address or address.startswith("//")) and _WEB.match(address) is not None


def tags_in(source: str) -> Iterator[tuple[str, int]]:
    """Return the tags of a text and where each starts; a number alone is none, nor is a colour, nor an attribute."""
    if "{" in source:
        source = ATTRIBUTES.sub(lambda match: " " * len(match[0]), source)
    for match in TAG.finditer(source):
        name = match[1].strip("/-")
        if _COLOUR.fullmatch(name):
            continue  # of CSS
        if name[:1].isalpha() or any(not char.isdigit() and char not in "-_/" for char in name):
            yield name, match.start()


def urls_in(source: str) -> Iterator[tuple[str, int]]:
    """Return the bare addresses and DOIs of a text, as they are published, and where each starts."""
    for pattern in (URL, BARE_DOI):
        for match in pattern.finditer(source):
            yield normal_url(trimmed_url(match[0])), match.start()


_CITED: Final = re.compile(r"(?<![\w@/.\\])@\{?([A-Za-zÀ-ÿ0-9_][\w:.#$%&+?<>~/-]*)")
_KEY_WITH_YEAR: Final = re.compile(r"[^\W\d][\w:.-]*?\d{4}[a-z]{0,3}(?:[-_:]\w+)?")  # `turing1950`, `petitMer2020a`


def citekeys_in(source: str) -> Iterator[tuple[str, int]]:
    """Return the keys of citation in a text, as Pandoc has them, and where each starts.

    In brackets any is one, `[see @turing1950, p. 3; @hopper52]`; elsewhere only what ends in a year, since people are
    called by `@name`, too.
    """
    for match in _CITED.finditer(source):
        key = match[1].rstrip(".,:;?!-/")
        opened = source.rfind("[", 0, match.start())
        in_brackets = opened >= 0 and "]" not in source[opened : match.start()] and "]" in source[match.end() :]
        if in_brackets or _KEY_WITH_YEAR.fullmatch(key):
            yield key, match.start()


def byte_offsets(source: str, places: Iterable[int]) -> dict[int, int]:
    """Return the offset in UTF-8 bytes of each place in a text, in one pass over the text."""
    offsets: dict[int, int] = {}
    counted = size = 0
    for place in sorted(set(places)):
        size += len(source[counted:place].encode())
        counted = place
        offsets[place] = size
    return offsets


def fields_in(
    source: str, blanked: str, forms: tuple[re.Pattern[str], ...] = FIELDS
) -> Iterator[tuple[str, str, int, int]]:
    """Return the inline fields of a block: key, value, and where in the source each of them starts.

    In `blanked` code and math are blanked, at the same length: keys are looked for there, values are taken as written.
    """
    lines = list(LINE_FIELD.finditer(blanked)) if LINE_FIELD in forms else []
    starts = [match.start() for match in lines]
    for pattern in forms:
        for match in lines if pattern is LINE_FIELD else pattern.finditer(blanked):
            around = bisect_right(starts, match.start(1)) - 1
            if pattern is BRACKET_FIELD and around >= 0 and match.start(1) < lines[around].end():
                continue  # it is a part of a line that is a field as a whole
            low, high = match.span(2) if match[2] is not None else (match.end(), match.end())
            yield match[1].strip(), BLOCK_ID.sub("", source[low:high]), match.start(1), low


_HTML_HIDDEN: Final = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_HTML_TAG: Final = re.compile(r"<[^<>]*>")


def text_of_html(markup: str) -> str:
    """Return what a reader sees of a block of HTML: neither tags nor comments nor scripts."""
    if "<" in markup:
        markup = _HTML_TAG.sub("", _HTML_HIDDEN.sub("", markup))
    return html.unescape(markup).strip()
