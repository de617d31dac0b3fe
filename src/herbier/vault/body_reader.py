"""From Markdown's events to a Body: what is met on the way is sorted into sections, links, tags, fields and blocks."""

from collections.abc import Callable
from typing import Any, Final

from herbier.vault import markdown
from herbier.vault.body import Body
from herbier.vault.body_structure import StructureReader
from herbier.vault.markdown import PreparedBody


def read_body(prepared: PreparedBody) -> Body:
    """Read a body; any text is one, so nothing can go wrong."""
    reader = StructureReader(prepared)
    for event, span in markdown.events(prepared.text):
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


Step = Callable[[StructureReader, Any, dict[str, int]], None]
_OPENS: Final[dict[str, Step]] = {
    "Paragraph": StructureReader.paragraph_opens,
    "Heading": StructureReader.heading_opens,
    "Link": StructureReader.link_opens,
    "Image": StructureReader.image_opens,
    "List": StructureReader.list_opens,
    "Item": StructureReader.item_opens,
    "TableCell": StructureReader.cell_opens,
    "BlockQuote": StructureReader.far,
    "CodeBlock": StructureReader.code_opens,
}
_CLOSES: Final[dict[str, Step]] = {
    "Paragraph": StructureReader.block_closes,
    "Heading": StructureReader.heading_closes,
    "Link": StructureReader.link_closes,
    "Image": StructureReader.image_closes,
    "List": StructureReader.list_closes,
    "Item": StructureReader.item_closes,
    "TableCell": StructureReader.cell_closes,
    "TableRow": StructureReader.row_closes,
    "TableHead": StructureReader.row_closes,
    "Table": StructureReader.far,
    "CodeBlock": StructureReader.code_closes,
    "HtmlBlock": StructureReader.html_closes,
}
_LEAVES: Final[dict[str, Step]] = {
    "Code": StructureReader.code,
    "InlineMath": StructureReader.math,
    "DisplayMath": StructureReader.math,
    "TaskListMarker": StructureReader.task_marker,
    "Html": StructureReader.html,
    "InlineHtml": StructureReader.inline_html,
}
