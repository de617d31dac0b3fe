"""The structure of a body while it is read: sections, items, blocks, fields, links."""

import re
from dataclasses import replace
from typing import Any

from herbier.text import clean
from herbier.vault import inline, markdown
from herbier.vault.body import Body, BodyField, Citation, Item, Link, Section
from herbier.vault.body_text import TextReader
from herbier.vault.markdown import is_bare, is_wiki


class StructureReader(TextReader):
    """Collects the structure of a body while the events go by: sections, items, blocks, fields, links."""

    def far(self, value: Any, span: dict[str, int]) -> None:
        """Set apart what follows."""
        self.gap = "\n\n"

    def heading_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin a heading."""
        self.outer = (self.pieces, self.size, self.gap)
        self.pieces, self.size, self.gap = [], 0, ""
        self.in_heading = True
        self.first_in_heading = len(self.links)
        self.block_opens(span)

    def heading_closes(self, value: Any, span: dict[str, int]) -> None:
        """End a heading, and with it the section before."""
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
        """Return the number of the section that one of a level is in, -1 for none."""
        number = len(self.sections) - 1
        while number > 0 and self.sections[number].level >= level:
            number = self.sections[number].parent
        return number if number > 0 else -1

    def end_section(self) -> None:
        """Keep the section that was read."""
        text = "".join(self.pieces)
        self.sections.append(Section(self.heading, self.level, self.parent, text, self.section_at, self.heading_source))

    def paragraph_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin a paragraph."""
        if not (self.lists and self.block >= 0 and self.size == self.block_start):
            self.gap = "\n" if self.lists and self.gap == "\n" else "\n\n"
        self.block_opens(span)

    def block_opens(self, span: dict[str, int]) -> None:
        """Begin a block of text."""
        self.block = span["start"]
        self.code_spans.clear()
        self.block_start = self.size
        self.block_piece = len(self.pieces)
        self.marked = False

    def block_closes(self, value: Any, span: dict[str, int]) -> None:
        """End a block of text: its id, its fields, its item."""
        if self.block < 0:
            return
        if self.marked or self.task:
            self.close_marked(span["end"])
        if self.lists and not self.in_heading:
            self.end_item(span)
        self.block = -1

    def end_item(self, span: dict[str, int]) -> None:
        """Keep the block as an item of a list."""
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
        """Read the id and the fields of a block, and take them out of its text."""
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
        """Keep a block that has an id."""
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
        """Collect the inline fields of a part of the body."""
        self.fields += [
            BodyField(*field, len(self.sections))
            for field in markdown.fields_between(self.source, start, end, self.code_spans, forms)
        ]

    def list_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin a list."""
        self.block_closes(value, {"start": span["start"], "end": span["start"]})
        self.lists += 1

    def list_closes(self, value: Any, span: dict[str, int]) -> None:
        """End a list."""
        self.lists -= 1
        self.gap = "\n" if self.lists else "\n\n"

    def item_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin an item of a list."""
        self.gap = "\n"
        self.task = self.source.startswith(b"[", span["start"] + 2) and self.source[span["start"] + 4 :][:2] == b"] "
        self.block_opens(span)

    def item_closes(self, value: Any, span: dict[str, int]) -> None:
        """End an item of a list."""
        self.block_closes(value, span)
        self.gap = "\n"

    def cell_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin a cell of a table."""
        if self.cells:
            self.gap = "\t"
        elif self.gap != "\n":
            self.gap = "\n\n"
        self.cells += 1

    def cell_closes(self, value: Any, span: dict[str, int]) -> None:
        """End a cell of a table."""
        if b"::" in self.source[span["start"] : span["end"]]:
            self.find_fields(span["start"], span["end"], (inline.BRACKET_FIELD,))

    def row_closes(self, value: Any, span: dict[str, int]) -> None:
        """End a row of a table."""
        self.cells = 0
        self.gap = "\n"

    def link_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin a link."""
        if self.gap:
            self.add("")
        self.open_links.append((value["Link"], span["start"], self.size, len(self.pieces)))

    def link_closes(self, value: Any, span: dict[str, int]) -> None:
        """End a link."""
        described, at, start, piece = self.open_links.pop()
        self.add_link(described, at, start, piece, False)

    def image_opens(self, value: Any, span: dict[str, int]) -> None:
        """Begin an embed or an image."""
        described = value["Image"]
        self.open_links.append((described, span["start"], self.size, len(self.pieces)))
        self.muted += is_wiki(described)
        self.plain = self.is_plain()

    def image_closes(self, value: Any, span: dict[str, int]) -> None:
        """End an embed or an image."""
        described, at, start, piece = self.open_links.pop()
        self.muted -= is_wiki(described)
        self.plain = self.is_plain()
        self.add_link(described, at, start, piece, True)

    def add_link(self, described: dict[str, Any], at: int, start: int, piece: int, embed: bool) -> None:
        """Keep what a link or an embed names."""
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
        """Return the body that was read."""
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
