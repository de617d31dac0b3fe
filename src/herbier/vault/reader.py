"""From Markdown's events to a Body: what is met on the way is sorted into sections, links, tags, fields and blocks."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from herbier.terms import clean
from herbier.vault import inline, markdown
from herbier.vault.body import Body, BodyField, Citation, Item, Link, Section, Tag
from herbier.vault.markdown import BAR, HIDDEN, Mended, is_bare, is_wiki


def read_body(mended: Mended) -> Body:
    """Read a body; any text is one, so nothing can go wrong."""
    reader = _Reader(mended)
    for event, span in markdown.events(mended.text):
        if event.__class__ is not dict:
            if event == "SoftBreak" or event == "HardBreak":
                reader.add("\n")
            continue
        described: dict[str, Any] = event  # said, since a dict that is known as one is read faster by machine code
        for kind, value in described.items():  # there is one
            if kind == "Text":
                # most text has nothing to look for: it is added here, without a call
                if reader.plain and not (
                    "#" in value
                    or ":" in value
                    or "^" in value
                    or "[" in value
                    or "{" in value
                    or "@" in value
                    or "\\" in value
                    or value.endswith(")=")
                ):
                    if reader.gap:
                        reader.add(value)
                    else:
                        reader.pieces.append(value)
                        reader.size += len(value)
                else:
                    reader.text(value, span)
                continue
            if kind == "Start":
                step = _OPENS.get(value if value.__class__ is str else next(iter(value)))
            elif kind == "End":
                step = _CLOSES.get(value if value.__class__ is str else next(iter(value)))
            else:
                step = _LEAVES.get(kind)
            if step is not None:
                step(reader, value, span)
    return reader.finish()


class TextReader:
    """Collects the text of a body, and what it holds: tags, addresses, citations, names of places."""

    def __init__(self, mended: Mended) -> None:
        self.source = mended.source
        self.hides = HIDDEN in mended.text
        self.decodes = "&" in mended.text  # an entity can stand for a character that no text may hold
        self.barred = BAR in mended.text
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
        """Tell whether most text needs no more than to be added."""
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


class _Reader(TextReader):
    """Collects the structure of a body while the events go by: sections, items, blocks, fields, links."""

    def far(self, value: Any, span: dict[str, int]) -> None:
        self.gap = "\n\n"

    def heading_opens(self, value: Any, span: dict[str, int]) -> None:
        self.outer = (self.pieces, self.size, self.gap)
        self.pieces, self.size, self.gap = [], 0, ""
        self.in_heading = True
        self.first_in_heading = len(self.links)
        self.block_opens(span)

    def heading_closes(self, value: Any, span: dict[str, int]) -> None:
        self.block_closes(value, span)
        raw = "".join(self.pieces)
        heading = raw.strip()
        self.in_heading = False
        pieces, size, gap = self.outer
        number = len(self.sections)
        if not heading:
            self.pieces, self.size, self.gap = pieces, size, gap
            return
        self.pieces, self.size = pieces, size
        self.end_section()
        shift = len(raw) - len(raw.lstrip())
        for index in range(self.first_in_heading, len(self.links)):
            link = self.links[index]
            self.links[index] = replace(link, section=number + 1, start=link.start - shift, end=link.end - shift)
        self.heading = heading
        self.heading_source = self.source_of_heading(span, heading)
        self.level = int(value["Heading"][1])
        self.parent = self.find_parent(self.level)
        self.section_at = span["start"]
        self.pieces, self.size, self.gap = [], 0, ""

    def source_of_heading(self, span: dict[str, int], heading: str) -> str:
        """Return how a heading is written, without its marks; "" where that is as it reads."""
        written = self.source[span["start"] : span["end"]].decode("utf-8", "ignore").strip()
        if written.startswith("#"):
            written = written.lstrip("#").strip().rstrip("#").rstrip()
        elif "\n" in written:
            written = " ".join(written.split("\n")[:-1])
        return "" if written == heading else markdown.unmarked(written)

    def find_parent(self, level: int) -> int:
        number = len(self.sections) - 1
        while number > 0 and self.sections[number].level >= level:
            number = self.sections[number].parent
        return number if number > 0 else -1

    def end_section(self) -> None:
        text = "".join(self.pieces)
        self.sections.append(Section(self.heading, self.level, self.parent, text, self.section_at, self.heading_source))

    def paragraph_opens(self, value: Any, span: dict[str, int]) -> None:
        if not (self.lists and self.block >= 0 and self.size == self.block_start):
            self.gap = "\n" if self.lists and self.gap == "\n" else "\n\n"
        self.block_opens(span)

    def block_opens(self, span: dict[str, int]) -> None:
        self.block = span["start"]
        self.code_spans.clear()
        self.block_start = self.size
        self.block_piece = len(self.pieces)
        self.marked = False

    def block_closes(self, value: Any, span: dict[str, int]) -> None:
        if self.block < 0:
            return
        if self.marked or self.task:
            self.close_marked(span["end"])
        if self.lists and not self.in_heading:
            self.end_item(span)
        self.block = -1

    def end_item(self, span: dict[str, int]) -> None:
        start = self.text_start()
        if self.size > start:
            self.items.append(Item("", len(self.sections), start, self.size, self.block))

    def text_start(self) -> int:
        """Return where the block's own text starts, after the gap that was put before it."""
        start = self.block_start
        if len(self.pieces) > self.block_piece and not self.pieces[self.block_piece].strip("\n"):
            start += len(self.pieces[self.block_piece])
        return start

    def close_marked(self, end: int) -> None:
        text = "".join(self.pieces[self.block_piece :])
        if "^" in text:
            match = inline.BLOCK_ID.search(text)
            if match:
                self.name_block(match, text)
                text = "".join(self.pieces[self.block_piece :])
        cuts: list[tuple[int, int]] = []
        if "::" in text:
            cuts = self.close_fields(text, end)
        if self.task and not text.isascii():
            cuts += [match.span() for match in inline.TASK_FIELD.finditer(text)]
        if cuts:
            self.cut_block(text, sorted(cuts))

    def close_fields(self, text: str, end: int) -> list[tuple[int, int]]:
        """Note the fields of a block, and return what of its text is no sentence: lines of fields, keys in brackets.

        A field on a task, in an item of a list with words of its own or below another item is not said of the note.
        """
        found = list(markdown.fields_between(self.source, self.block, end, self.code_spans, inline.FIELDS))
        lines = list(inline.LINE_FIELD.finditer(text))
        alone = len(lines) == len([line for line in text.split("\n") if line.strip()])
        of_note = not self.lists or (alone and self.lists == 1 and not self.task)
        section = len(self.sections)
        if of_note:
            self.fields += [BodyField(*field, section) for field in found]
        keys = [key for key, *_ in found]
        cuts = []
        for match in lines:
            if match[1].strip() in keys:
                cuts.append((match.start(), min(match.end() + 1, len(text))))
        for match in inline.BRACKET_FIELD.finditer(text):
            inside = any(low <= match.start() < high for low, high in cuts)
            if match[1].strip() in keys and not inside:
                cuts += [(match.start(), match.start(2)), (match.end(2), match.end())]
                self.values_in_block.append(match.span(2))
        return cuts

    def cut_block(self, text: str, cuts: list[tuple[int, int]]) -> None:
        """Take parts out of the text of the block; links and values that stand behind them move."""

        def moved(place: int) -> int:
            return place - sum(max(0, min(place, high) - low) for low, high in cuts)

        pieces, at = [], 0
        for low, high in cuts:
            pieces.append(text[at:low])
            at = max(at, high)
        left = "".join([*pieces, text[at:]])
        del self.pieces[self.block_piece :]
        section, base = len(self.sections), self.block_start
        if left.strip():
            self.pieces.append(left)
            self.size = base + len(left)
        else:
            left = ""
            self.size = base
        for index in range(len(self.links) - 1, -1, -1):
            link = self.links[index]
            if link.section != section or link.start < base or link.in_heading:
                break
            start, stop = (min(moved(place - base), len(left)) for place in (link.start, link.end))
            self.links[index] = replace(link, start=base + start, end=base + stop)
        for low, high in self.values_in_block:
            self.values.append(Item("", section, base + moved(low), base + moved(high), self.block))
        self.values_in_block.clear()

    def name_block(self, match: re.Match[str], text: str) -> None:
        kept = text[: match.start()].rstrip()
        del self.pieces[self.block_piece :]
        if kept.strip():
            self.pieces.append(kept)
            self.size = self.block_start + len(kept)
            start = self.block_start + len(kept) - len(kept.lstrip("\n"))
            self.blocks.append(Item(match[1], len(self.sections), start, self.size, self.block))
        elif self.tool_end >= 0 and not self.source[self.tool_end : self.block].strip():
            self.size = self.block_start  # it names a button or a list that a program makes
        else:  # an id on a line of its own names the block before it
            self.size = self.block_start
            whole = "".join(self.pieces)
            start = whole.rstrip().rfind("\n\n") + 1
            start += len(whole[start:]) - len(whole[start:].lstrip())
            self.blocks.append(Item(match[1], len(self.sections), start, len(whole.rstrip()), self.block))

    def find_fields(self, start: int, end: int, forms: tuple[re.Pattern[str], ...] = inline.FIELDS) -> None:
        self.fields += [
            BodyField(*field, len(self.sections))
            for field in markdown.fields_between(self.source, start, end, self.code_spans, forms)
        ]

    def list_opens(self, value: Any, span: dict[str, int]) -> None:
        self.block_closes(value, {"start": span["start"], "end": span["start"]})
        self.lists += 1

    def list_closes(self, value: Any, span: dict[str, int]) -> None:
        self.lists -= 1
        self.gap = "\n" if self.lists else "\n\n"

    def item_opens(self, value: Any, span: dict[str, int]) -> None:
        self.gap = "\n"
        self.task = self.source.startswith(b"[", span["start"] + 2) and self.source[span["start"] + 4 :][:2] == b"] "
        self.block_opens(span)

    def item_closes(self, value: Any, span: dict[str, int]) -> None:
        self.block_closes(value, span)
        self.gap = "\n"

    def cell_opens(self, value: Any, span: dict[str, int]) -> None:
        if self.cells:
            self.gap = "\t"
        elif self.gap != "\n":
            self.gap = "\n\n"
        self.cells += 1

    def cell_closes(self, value: Any, span: dict[str, int]) -> None:
        if b"::" in self.source[span["start"] : span["end"]]:
            self.find_fields(span["start"], span["end"], (inline.BRACKET_FIELD,))

    def row_closes(self, value: Any, span: dict[str, int]) -> None:
        self.cells = 0
        self.gap = "\n"

    def link_opens(self, value: Any, span: dict[str, int]) -> None:
        if self.gap:
            self.add("")
        self.open_links.append((value["Link"], span["start"], self.size, len(self.pieces)))

    def link_closes(self, value: Any, span: dict[str, int]) -> None:
        described, at, start, piece = self.open_links.pop()
        self.add_link(described, at, start, piece, False)

    def image_opens(self, value: Any, span: dict[str, int]) -> None:
        described = value["Image"]
        self.open_links.append((described, span["start"], self.size, len(self.pieces)))
        self.muted += is_wiki(described)
        self.plain = self.is_plain()

    def image_closes(self, value: Any, span: dict[str, int]) -> None:
        described, at, start, piece = self.open_links.pop()
        self.muted -= is_wiki(described)
        self.plain = self.is_plain()
        self.add_link(described, at, start, piece, True)

    def add_link(self, described: dict[str, Any], at: int, start: int, piece: int, embed: bool) -> None:
        name, anchor, relative = described["dest_url"], "", False
        if is_bare(described) and not self.decodes:  # the name of a note and nothing else, as nearly all are
            alias = ""
        else:
            found = markdown.reference(described, "" if self.muted else "".join(self.pieces[piece:]))
            if found is None:
                return
            if found.url:
                self.citations.append(Citation(found.url, embed, at))
                return
            name, anchor, alias, relative = found.name, found.anchor, found.alias, found.relative
            if self.decodes:
                name, anchor = clean(name), clean(anchor)
        section = len(self.sections)
        self.links.append(Link(name, anchor, alias, embed, relative, at, section, start, self.size, self.in_heading))

    def finish(self) -> Body:
        self.end_section()
        return Body(
            tuple(self.sections),
            tuple(self.links),
            tuple(self.citations),
            tuple(self.tags),
            tuple(self.items),
            tuple(self.blocks),
            tuple(self.fields),
            tuple(self.ids),
            tuple(self.values),
        )


Step = Callable[[_Reader, Any, dict[str, int]], None]
_OPENS: Final[dict[str, Step]] = {
    "Paragraph": _Reader.paragraph_opens,
    "Heading": _Reader.heading_opens,
    "Link": _Reader.link_opens,
    "Image": _Reader.image_opens,
    "List": _Reader.list_opens,
    "Item": _Reader.item_opens,
    "TableCell": _Reader.cell_opens,
    "BlockQuote": _Reader.far,
    "CodeBlock": _Reader.code_opens,
}
_CLOSES: Final[dict[str, Step]] = {
    "Paragraph": _Reader.block_closes,
    "Heading": _Reader.heading_closes,
    "Link": _Reader.link_closes,
    "Image": _Reader.image_closes,
    "List": _Reader.list_closes,
    "Item": _Reader.item_closes,
    "TableCell": _Reader.cell_closes,
    "TableRow": _Reader.row_closes,
    "TableHead": _Reader.row_closes,
    "Table": _Reader.far,
    "CodeBlock": _Reader.code_closes,
    "HtmlBlock": _Reader.html_closes,
}
_LEAVES: Final[dict[str, Step]] = {
    "Code": _Reader.code,
    "InlineMath": _Reader.math,
    "DisplayMath": _Reader.math,
    "TaskListMarker": _Reader.task_marker,
    "Html": _Reader.html,
    "InlineHtml": _Reader.inline_html,
}
