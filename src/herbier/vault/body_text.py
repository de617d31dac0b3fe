"""The text of a body while it is read, and what it holds: tags, addresses, citations, names of places."""

from typing import Any

from herbier.text import clean
from herbier.vault import inline, markdown
from herbier.vault.body import BodyField, Citation, Item, Link, Section, Tag
from herbier.vault.markdown import BAR, HIDDEN, PreparedBody, is_wiki


class TextReader:
    """Collects the text of a body, and what it holds: tags, addresses, citations, names of places."""

    def __init__(self, prepared: PreparedBody) -> None:
        self.source = prepared.source
        self.hides = HIDDEN in prepared.text
        self.decodes = "&" in prepared.text  # an entity can stand for a character that no text may hold
        self.barred = BAR in prepared.text
        self.muted = 0
        self.in_code = False
        self.is_tool = False  # that the code is for a program of the writer's
        self.tool_end = -1
        self.task = False
        self.plain = self.is_plain()  # no text needs more than to be added
        self.sections: list[Section] = []
        self.links: list[Link] = []
        self.citations: list[Citation] = []
        self.tags: list[Tag] = []
        self.items: list[Item] = []
        self.blocks: list[Item] = []
        self.fields: list[BodyField] = []
        self.ids: list[tuple[str, int]] = []
        self.values: list[Item] = []
        self.values_in_block: list[tuple[int, int]] = []
        # the section being read
        self.heading = ""
        self.level = 0
        self.parent = -1
        self.section_at = 0
        self.heading_source = ""
        self.pieces: list[str] = []
        self.size = 0
        self.gap = ""  # what separates the text so far from the text to come
        # the block being read: its first byte, where its text starts, and which of its marks are worth a look
        self.block = -1
        self.block_start = 0
        self.block_piece = 0
        self.marked = False
        self.lists = 0
        self.cells = 0
        self.in_heading = False
        self.open_links: list[tuple[Any, int, int, int]] = []  # what, its offset, its text's start and first piece
        self.html_text: list[str] = []
        self.code_spans: list[tuple[int, int]] = []  # of the block being read
        self.outer: tuple[list[str], int, str] = ([], 0, "")
        self.first_in_heading = 0

    def add(self, text: str) -> None:
        """Add a text behind what separates it from the text so far."""
        if self.gap:
            if self.size:
                self.pieces.append(self.gap)
                self.size += len(self.gap)
            self.gap = ""
        self.pieces.append(text)
        self.size += len(text)

    def text(self, value: str, span: dict[str, int]) -> None:
        """Add a text of Markdown, without its marks, once it is searched for what it holds."""
        if self.barred and self.open_links and is_wiki(self.open_links[-1][0]):
            value = value.rpartition(BAR)[2]
        if self.hides or self.barred:
            value = markdown.unmarked(value)
            if not value:
                return
        if self.decodes:  # after all marks are read, since it removes them
            value = clean(value)
        if self.in_code:
            if not self.is_tool:
                self.add(value)
            return
        if self.open_links:
            if not self.muted:
                self.add(value)
            return
        if "#" in value:
            self.find_tags(span)
        if "@" in value:
            self.find_citekeys(span)
        if "\\" in value:
            value = inline.LAYOUT.sub("", value)
            if not value.strip():
                return
        if "{" in value or value.endswith(")="):
            value = self.find_ids(value)
            if not value:
                return
        if "://" in value or "doi:" in value or "DOI:" in value:
            self.find_urls(span)
        if "::" in value or "^" in value:
            self.marked = True
        if value.startswith("[!") and not self.lists:
            value = inline.CALLOUT.sub("", value)
        if self.gap:
            self.add(value)
        else:
            self.pieces.append(value)
            self.size += len(value)

    def is_plain(self) -> bool:
        """Return whether most text needs no more than to be added."""
        return not (self.hides or self.decodes or self.in_code or self.muted or self.barred)

    def find_tags(self, span: dict[str, int]) -> None:
        """Collect the tags of a text."""
        source = self.source[span["start"] : span["end"]].decode()
        found = list(inline.tags_in(source))
        offsets = inline.byte_offsets(source, (place for _, place in found))
        self.tags += [Tag(name, span["start"] + offsets[place]) for name, place in found]

    def find_ids(self, value: str) -> str:
        """Note the names that a text gives to places, and return it without them."""
        below = len(self.sections)  # the number of the next heading, from 0, which is that of the one being read, too
        here = below if self.in_heading else below - 1
        for match in inline.ATTRIBUTES.finditer(value):
            self.ids += [(name, here) for name in inline.ATTRIBUTE_ID.findall(match[0])]
        if label := inline.LABEL.match(value):
            self.ids.append((label[1], below))
            return ""
        bare = inline.ATTRIBUTES.sub("", value)
        return value if bare == value else bare.replace("  ", " ")

    def find_urls(self, span: dict[str, int]) -> None:
        """Collect the bare addresses of a text."""
        source = self.source[span["start"] : span["end"]].decode()
        found = list(inline.urls_in(source))
        offsets = inline.byte_offsets(source, (place for _, place in found))
        self.citations += [Citation(url, False, span["start"] + offsets[place]) for url, place in found]

    def code(self, value: str, span: dict[str, int]) -> None:
        """Add code that stands within a text."""
        self.code_spans.append((span["start"], span["end"]))
        self.add(markdown.unhidden(value).replace(BAR, "|"))

    def math(self, value: str, span: dict[str, int]) -> None:
        """Add a formula between its marks; one that only sets a page is left out."""
        self.code_spans.append((span["start"], span["end"]))
        formula = inline.LAYOUT.sub("", markdown.unhidden(value).replace(BAR, "|"))
        if formula.strip():
            marks = "$$" if self.source.startswith(b"$$", span["start"]) else "$"
            self.add(f"{marks}{formula}{marks}")

    def task_marker(self, value: bool, span: dict[str, int]) -> None:
        """Remember that the item is a task."""
        self.task = True

    def code_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin a block of code; code for a program of the writer's is no text."""
        self.gap = "\n\n"
        self.in_code = True
        self.plain = False
        block = value["CodeBlock"]
        language = block["Fenced"].strip("{} ").split(maxsplit=1) if block.__class__ is dict else []
        self.is_tool = bool(language) and language[0].lower() in inline.TOOL_CODE

    def code_closes(self, value: Any, span: dict[str, int]) -> None:
        """End a block of code."""
        self.in_code = False
        self.plain = self.is_plain()
        if self.is_tool:
            self.is_tool = False
            self.tool_end = span["end"]
            return
        if self.pieces and self.pieces[-1].endswith("\n"):
            self.pieces[-1] = self.pieces[-1][:-1]
            self.size -= 1
        self.gap = "\n\n"

    def find_citekeys(self, span: dict[str, int]) -> None:
        """Collect the keys by which a text cites works."""
        source = self.source[span["start"] : span["end"]].decode()
        found = list(inline.citekeys_in(source))
        offsets = inline.byte_offsets(source, (place for _, place in found))
        self.citations += [Citation(f"@{key}", False, span["start"] + offsets[place]) for key, place in found]

    def find_html_ids(self, value: str) -> None:
        """Collect the ids that HTML gives to places."""
        here = len(self.sections) if self.in_heading else len(self.sections) - 1
        self.ids += [(name, here) for name in inline.HTML_ID.findall(value)]

    def inline_html(self, value: str, span: dict[str, int]) -> None:
        """Read a tag of HTML within a text."""
        if "=" in value:
            self.find_html_ids(value)
        if value.lower().startswith("<br"):
            self.add("\n")

    def html(self, value: str, span: dict[str, int]) -> None:
        """Collect a line of a block of HTML."""
        self.html_text.append(value)
        if "=" in value:
            self.find_html_ids(value)

    def html_closes(self, value: Any, span: dict[str, int]) -> None:
        """Add what a reader sees of a block of HTML."""
        text = inline.text_of_html(markdown.unhidden("".join(self.html_text)))
        self.html_text.clear()
        if text:
            self.gap = "\n\n"
            self.add(text)
            self.gap = "\n\n"
