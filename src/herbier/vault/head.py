"""Where the head of a note stands: between which fences, in which format, or what only looks like one.

Generators differ in what they accept before, between and as fences, and editors turn `---` into dashes of other kinds.
A head that is not recognised publishes what it keeps back, so whatever reads clearly as a head is one, and what is left
and looks like one is returned as unread, never as text.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from herbier.vault.toml_json import end_of_json


class Head(NamedTuple):
    """A head: its format (`---` YAML, `+++` TOML, `{` JSON), and the offsets of its inside and of what follows.

    `odd` is of one that is not fenced as it should be, `closed` of one that ends as it should.
    """

    kind: str
    start: int
    end: int
    body: int
    closed: bool = True
    odd: bool = False
    opening: str = "---"


LINES: Final = 40  # how far into a note a head is looked for

_INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u180e"
_BEFORE: Final = re.compile(rf"(?:[\s{_INVISIBLE}]+|<!--.*?-->|%%.*?%%|%(?!%)[^\n]*\n)*", re.DOTALL)
_DASHES: Final = "\\-\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d\u2e3a\u2e3b\u2500\u2501"
_MARKS: Final = f'{_DASHES}+;=*_"#~.:'  # of which people make lines
_BLANK: Final = rf"[ \t\u00a0{_INVISIBLE}]"
# A line of dashes, or of other marks that people draw lines with, and the name of a format or a remark behind them; a
# dash with words behind it is an item of a list.
_OPENING: Final = re.compile(
    rf"{_BLANK}*(?:(?P<mark>[{_DASHES}+;=][{_MARKS}]+|[{_DASHES}+;=](?={_BLANK}*(?:\n|\Z))|[*_\"#~.:][{_MARKS}]{{2,}})"
    rf"{_BLANK}*(?:(?P<name>[A-Za-z]{{2,10}}){_BLANK}*|[#!%][^\n]*)?"
    rf"|(?P<equals>=)[ ]yaml[ ]=[ \t]*)(?:\n|\Z)"
)
_CLOSING: Final = re.compile(rf"[{_MARKS}…]{{2,}}|[\u2014\u2015\u2e3a\u2e3b\u2500\u2501]")
_FORMATS: Final = {
    "yaml": "---",
    "yml": "---",
    "toml": "+++",
    "json": "{",
    "json5": "{",
    "js": "{",
    "frontmatter": "---",
}
_KEY: Final = r"""(?:"[^"\n]{1,80}"|'[^'\n]{1,80}'|[^\W\d_][\w .\-/@]{0,60}?)"""
KEY_LINE: Final = re.compile(
    rf"{_BLANK}*(?:\.\.[ ]|#\+|:(?=\w))?({_KEY}){_BLANK}*(?:[:：](?=[\s\u00a0]|$|['\"\[{{]|true|false)|=)"
)
_KEY_OF_YAML: Final = re.compile(
    r"""^(?:(?:&\w+[ ]+|!{1,2}\w*[ ]+|:(?=[^\s:]))?[^\s#\-\[\]{}:,&*!|>%@`"'][^\n]*?"""
    r"""|"[^"\n]*"|'[^'\n]*'|-[^\s:][^\n]*?)(?<!:):(?:[ \t]|$)""",  # not `key::`, which is an inline field
    re.M,
)
_ITEM_OR_VALUE: Final = re.compile(r"^[ \t]*(- |\{|\?|[^\W\d]\w*:(?!//)\S*$|[^\W\d][\w -]*:\s)", re.M)
_TOML_LINE: Final = re.compile(r"""[ \t]*(?:\[{1,2}[\w."' -]+\]{1,2}[ \t]*$|["']?[\w.-]+["']?[ \t]*=)""")
_CLOSINGS: Final = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.M),
}
_OBJECT: Final = re.compile(r"\{\s*(?:\"|\}\s*(?:\n|\Z))")
_FLOW: Final = re.compile(r"\{[ \t]*[^\W\d_][\w -]*:[ \t][^{}\n]*\}[ \t]*(?:\n|\Z)")
_CONTINUES: Final = re.compile(r"[ \t]+\S|-[ \t]|[\w.\"'-]+[ \t]*=")  # what may follow a key
_BELONGS: Final = re.compile(r"[ \t]+\S|-[ \t]|[\w.\"'-]+[ \t]*=|\[|\]|\}|#|,")  # and may, too, before a closing fence
# Keys that only a head has, in the form of `_folded`: two lines with one of them are no prose.
_OF_HEADS: Final = frozenset((
    "title", "titre", "tags", "tag", "etiquettes", "motscles", "keywords", "layout", "slug", "draft",
    "brouillon", "published", "publish", "publie", "status", "statut", "categories", "category", "categorie",
    "permalink", "aliases", "alias", "lang", "language", "langue", "template", "type", "author", "authors",
    "auteur", "date", "summary", "description", "private", "prive", "privee", "confidentiel", "visibility",
    "visibilite", "cssclass", "cssclasses", "created", "updated", "modified", "dateformat", "uid", "id",
))  # fmt: skip
_SURE: Final = frozenset((
    "title", "titre", "tags", "keywords", "layout", "slug", "draft", "brouillon", "published", "publish",
    "permalink", "aliases", "private", "prive", "privee", "categories", "cssclass", "cssclasses", "template",
    "status", "statut", "visibility", "visibilite", "uid",
))  # fmt: skip
_ACCENTS: Final = str.maketrans("àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc", " _-\"'.")


def find_head(text: str, start: int = 0) -> Head | None:
    """Return the head that a text has at `start`, after blanks, comments and what cannot be seen; None for none.

    A note may open with a thematic break: the lines between two fences are a head only if one of them has a key.
    """
    plain = text.startswith("---\n", start)  # as nearly every head begins
    at = start if plain else _after_blank(text, start)
    if text.startswith("{", at):
        return _json(text, at)
    opening = _OPENING.match(text, at) if not plain else None
    if plain or (opening and _mark_of(opening) in ("---", "+++") and not opening["name"] and opening.end() > at + 3):
        head = _fenced(text, at, text[at : at + 3], opening.end() if opening else at + 4)
        if head is not None or plain:
            return head or _odd(text, at, _OPENING.match(text, at))
    return _odd(text, at, opening)


def _after_blank(text: str, start: int) -> int:
    """Return where a text begins to say something: what is skipped is never more than a few comments."""
    match = _BEFORE.match(text, start)
    return match.end() if match else start


def _fenced(text: str, at: int, mark: str, inside: int) -> Head | None:
    """Return a head between fences as they should be."""
    found = _CLOSINGS[mark].search(text, inside)
    if found:
        within = text[inside : found.start()]
        if within.strip() and not (mark == "+++" or _has_key(within)):
            return None
        return Head(_kind_of(within, mark), inside, found.start(), found.end(), opening=mark)
    if not _KEY_OF_YAML.match(text, inside) and not _TOML_LINE.match(text, inside):
        return None
    end = end_of_keys(text, inside)
    return Head(_kind_of(text[inside:end], mark), inside, end, end, closed=False, opening=mark)


def _has_key(within: str) -> bool:
    return (
        _KEY_OF_YAML.search(within) is not None
        or _ITEM_OR_VALUE.search(within) is not None
        or _TOML_LINE.match(within) is not None
    )


def _kind_of(within: str, mark: str) -> str:
    """Return the format of what stands between fences: what is written counts, not the fence."""
    first = within.lstrip()
    if mark == "---" and first.startswith("{") and first.rstrip().endswith("}") and '"' in first:
        return "{"
    if "=" not in within and mark == "---":
        return mark
    lines = [line for line in within.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    toml = sum(_TOML_LINE.match(line) is not None for line in lines)
    yaml = sum(_KEY_OF_YAML.match(line) is not None for line in lines)
    if mark == "---":
        return "+++" if toml and not yaml else "---"
    return "---" if yaml and not toml else "+++"


def end_of_keys(text: str, start: int, belongs: re.Pattern[str] = _CONTINUES) -> int:
    """Return where the lines end that can belong to a head: keys, what is indented, items, blank lines."""
    end = at = start
    while at < len(text):
        after = text.find("\n", at) + 1 or len(text)
        line = text[at:after]
        if belongs.match(line) or _KEY_OF_YAML.match(line) or KEY_LINE.match(line):
            end = after
        elif line.strip():
            break
        at = after
    return end


def _json(text: str, start: int) -> Head | None:
    if flow := _FLOW.match(text, start):  # YAML has it as JSON without quotes
        return Head("---", start, flow.end(), flow.end(), odd=True, opening="{")
    if not _OBJECT.match(text, start):
        return None
    end, closed = end_of_json(text, start)
    return Head("{", start, end, end, closed, opening="{")


# --- heads that are not fenced as they should be ----------------------------------------------------------------------


def _odd(text: str, at: int, opening: re.Match[str] | None) -> Head | None:
    """Return a head between fences of another form, or without the first or both of them, where it is clear."""
    if opening is None:
        return _unopened(text, at)
    mark, name = _mark_of(opening), (opening["name"] or "").lower()
    if name and name not in _FORMATS:
        return None
    inside = opening.end()
    indent = _indent(opening[0])
    end = inside
    for line, line_at in _lines(text, inside):
        closes = line_at > inside and _indent(line) <= indent and _CLOSING.fullmatch(_bare(line))
        if closes:
            within = text[inside:line_at]
            if not (_all_keys(within) or mark.startswith(";") or _OBJECT.match(within.lstrip())):
                return None
            if mark[0] in '*_"#~.:' and not _likely(within):  # thematic breaks, and what only looks like a key
                return None
            return Head(_named(name, within, mark), inside, line_at, line_at + len(line) + 1, odd=True, opening=mark)
        end = line_at
    within = text[inside : end_of_keys(text, inside)]
    if _sure(within) and mark[0] not in "#*_~.:":
        end = inside + len(within)
        return Head(_named(name, within, mark), inside, end, end, closed=False, odd=True, opening=mark)
    return None


def _mark_of(opening: re.Match[str]) -> str:
    return opening["mark"] or opening["equals"]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _named(name: str, within: str, mark: str) -> str:
    if within.lstrip().startswith("{"):
        return "{"
    if mark.startswith(";"):
        return ";" if '"' in within or not _all_keys(within) else _kind_of(within, "---")
    if name and _FORMATS[name] != "{":
        return _kind_of(within, _FORMATS[name])
    return ";" if name else _kind_of(within, "+++" if mark.startswith("+") else "---")


def _unopened(text: str, at: int) -> Head | None:
    """Return a head that has no fence before it: keys up to a fence, or up to a blank line."""
    inside = at
    seen = False
    if text.startswith(("#+", ".. ", ":"), at):  # of Org, Nikola and AsciiDoc: keys that no reader here knows
        return None
    for line, line_at in _lines(text, inside):
        bare = _bare(line)
        if seen and re.fullmatch(f"[{_DASHES}]{{3,}}|\\+{{3,}}", bare):
            within = text[inside:line_at]
            # one line above dashes is a heading of Markdown, unless only a head has its key
            if _sure(within) or (within.count("\n") > 1 and _all_keys(within) and _likely(within)):
                end = line_at + len(line) + 1
                return Head(_kind_of(within, "+++" if bare[0] == "+" else "---"), inside, line_at, end, odd=True)
            return None
        if not bare:
            within = text[inside:line_at]
            if seen and within.count("\n") > 1 and _sure(within) and _all_keys(within):
                return Head(_kind_of(within, "---"), inside, line_at, line_at, odd=True)
            if not seen:
                continue
            break
        if not (KEY_LINE.match(line) or (seen and _BELONGS.match(line))):
            return None
        seen = True
    within = text[inside:]
    if seen and within.count("\n") > 1 and _sure(within) and _all_keys(within):
        return Head(_kind_of(within, "---"), inside, len(text), len(text), odd=True)
    return None


def _lines(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the next lines of a text, each with where it starts: as many as a head may have."""
    at = start
    for _ in range(LINES * 5):
        if at >= len(text):
            return
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text[at:end], at
        at = end + 1


def _bare(line: str) -> str:
    return line.strip(f" \t\u00a0{_INVISIBLE}")


def _folded(key: str) -> str:
    return key.lower().translate(_ACCENTS)


def _keys(within: str) -> list[str]:
    """Return the keys of lines that are indented no deeper than the first."""
    lines = within.split("\n")
    deepest = next((_indent(line) for line in lines if line.strip()), 0)
    return [_folded(match[1]) for line in lines if _indent(line) <= deepest and (match := KEY_LINE.match(line))]


def _sure(within: str) -> bool:
    return not _SURE.isdisjoint(_keys(within))


def _likely(within: str) -> bool:
    return not _OF_HEADS.isdisjoint(_keys(within))


def _all_keys(within: str) -> bool:
    """Return whether all lines can belong to a head, and one is a key."""
    return bool(_keys(within)) and not within[end_of_keys(within, 0, _BELONGS) :].strip()


# --- what only looks like a head --------------------------------------------------------------------------------------


def find_unread(text: str, start: int) -> tuple[int, int] | None:
    """Return where lines start and end that look like a head at `start` and are none that can be read; None for none.

    Between two fences, as many lines of keys as others, one with a key that heads have; after one fence, or after none,
    a run of keys with one that only heads have. Fences are of dashes and their like: a quote may hold anything.
    """
    at = _after_blank(text, start)
    opening = _OPENING.match(text, at)
    if opening and _mark_of(opening)[0] in '#*_"~.:':
        return None
    inside = opening.end() if opening else at
    if opening:
        keys = others = 0
        for number, (line, line_at) in enumerate(_lines(text, inside)):
            if number and _CLOSING.fullmatch(_bare(line)):
                if keys >= others and _likely(text[inside:line_at]):
                    return at, line_at + len(line) + 1
                break
            keys += KEY_LINE.match(line) is not None
            others += bool(line.strip()) and not KEY_LINE.match(line) and not _BELONGS.match(line)
    end = end_of_keys(text, inside)
    within = text[inside:end]
    if _sure(within) and (opening or len(_keys(within)) > 1):
        return at, end
    return None


def resembles(lines: str) -> bool:
    """Return whether the first lines of a text are like a head: they begin with a fence, or two are keys of heads."""
    return lines.startswith(("--", "++", ";;", "—", "–", "==")) or len(_OF_HEADS.intersection(_keys(lines))) > 1
