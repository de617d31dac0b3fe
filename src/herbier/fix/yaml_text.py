"""Words as YAML writes them: quotes where they are needed, indents, comments."""

import re

import yaml

from herbier.vault.fields import Field, Map
from herbier.vault.yaml_compose import compose_yaml

_UNPRINTABLE = re.compile("[\x7f-\x84\x86-\x9f]")


def composed(text: str) -> list[Field] | None:
    """Return the fields of a text in YAML, None where it is none."""
    try:
        return compose_yaml(text, 0)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def node_of(text: str) -> yaml.MappingNode | None:
    """Return the mapping that a text in YAML is, with the place of each node; None where it is none."""
    if not composed(text):  # which also holds back what nests too deep
        return None
    node = yaml.compose(text, Loader=yaml.CBaseLoader)
    return node if isinstance(node, yaml.MappingNode) else None


def plain_fields(fields: list[Field] | tuple[Field, ...]) -> list[object]:
    """Return keys and texts without their places, to be compared."""
    return [
        (field.key, [plain_fields(value.fields) if isinstance(value, Map) else value.text for value in field.values])
        for field in fields
    ]


def quoted_text(text: str) -> str:
    """Return a text in single quotes; in double ones where it has characters that YAML wants escaped.

    >>> quoted_text("l'été : chaud")
    "'l''été : chaud'"
    """
    if _UNPRINTABLE.search(text):
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text) + '"'
    return "'" + text.replace("'", "''") + "'"


def as_key(text: str) -> str:
    """Return a text as a key, in quotes only where it needs them.

    >>> as_key("rdfs:seeAlso"), as_key("a: b")
    ('rdfs:seeAlso', "'a: b'")
    """
    fields = composed(f"{text}: x")
    return text if fields and plain_fields(fields) == [(text, ["x"])] else quoted_text(text)


def as_item(text: str) -> str:
    """Return a text as an item of a list, in quotes only where it needs them.

    >>> as_item("recherche"), as_item("#ia")
    ('recherche', "'#ia'")
    """
    fields = composed(f"x:\n- {text}") if text[:1].isalnum() else None
    return text if fields and plain_fields(fields) == [("x", [text])] else quoted_text(text)


def dedented(line: str, width: int) -> str:
    """Return a line without its first blanks, at most `width` of them."""
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, width) :]


def comment_of(rest: str) -> list[str]:
    """Return the comment that is all there is in a part of a line, as a line of its own; none where there is none."""
    return [rest.strip()] if rest.strip() else []


def only_comment(rest: str) -> bool:
    """Return whether a part of a line holds nothing, or nothing but a comment."""
    return re.fullmatch(r"\s*|\s*,?\s+#.*", rest) is not None
