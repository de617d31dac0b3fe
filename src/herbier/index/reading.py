"""From a note to its summary: its title, type and language, and what keeps it private."""

import re
from collections.abc import Iterator
from typing import Final

from herbier.config import Settings
from herbier.index.language import language_of_note
from herbier.index.own_fields import Roles, full_names, is_link, languages_of_names, role_texts, roles_of
from herbier.index.privacy import Verdict, judge_privacy
from herbier.index.type_claims import claims_of, pointers_of
from herbier.problems import Problem
from herbier.rdf.slugs import address_slug, plain_name, slug
from herbier.rules.privacy_words import HIDES, UNCLEAR
from herbier.rules.rule_types import Rules
from herbier.text import clean, digest, shown
from herbier.vault.declarations.page_addresses import address_key, page_address
from herbier.vault.fields import Field, Map, Scalar, scalars
from herbier.vault.note import Note, stem
from herbier.vault.summary import HeadingLink, NoteSummary


def summarize_note(
    note: Note, rules: Rules, settings: Settings, *, ignored: bool = False, content: str = ""
) -> tuple[NoteSummary, list[Problem]]:
    """Return a note's summary; `ignored` is of notes that .herbierignore lists, `content` is its fingerprint."""
    problems: list[Problem] = []
    roles, private = roles_of(note, rules), ignored
    if not ignored:
        _, verdict = judge_note(note, rules, settings, roles)
        private = verdict.private or (settings.publish == "marked" and not verdict.marked)
        problems += verdict.problems
    name = name_in_file(note.path)
    if settings.languages and f".{name.rpartition('.')[2]}" in settings.languages:  # `about.fr.md` of a site
        name = name.rpartition(".")[0]
    titles = role_texts(roles, "title") or full_names(note, roles, rules)
    title = titles[0] if titles else name
    language = "" if private else language_of_note(note, title, role_texts(roles, "language"), settings)
    aliases = role_texts(roles, "aliases")
    if others := languages_of_names(roles):  # the title is in the note's language, where there is one
        title = next((text for text in titles if others.get(text) == language != ""), title)
        aliases += [text for text in titles if text in others and text != title and text not in aliases]
    stated = next((name for text in role_texts(roles, "slug") if not is_link(text) and (name := slug(text))), "")
    wish = stated or address_slug(title)
    summary = NoteSummary(
        note.path,
        title,
        wish or f"note-{digest(clean(note.path))}",
        tuple(aliases),
        tuple(role_texts(roles, "type")) if stem(note.path) != "_index" else (),  # there Hugo chooses a layout by it
        language,
        private,
        tuple([section.heading for section in note.body.sections[1:]]),
        tuple(dict.fromkeys([block.name for block in note.body.blocks])) if note.body.blocks else (),
        _heading_links(note),
        next((text for text in role_texts(roles, "id") if not is_link(text)), ""),
        stated,
        content,
        tuple(role_texts(roles, "ignore")),
        sources if any(sources := tuple([section.source for section in note.body.sections[1:]])) else (),
        note.body.ids,
        () if private else tuple(role_texts(roles, "category")),
        () if private else claims_of(note, roles, _tags(note, roles), rules),
        () if private else pointers_of(note, rules),
        next((address_key(text) for text in role_texts(roles, "permalink") if not is_link(text)), ""),
        _address(note, roles, title, stated, rules) if rules.addresses else "",
        private and _hides_below(note, rules),
    )
    return summary, problems


def _address(note: Note, roles: Roles, title: str, stated: str, rules: Rules) -> str:
    """Return the address that a note has on the site that a generator makes, by the generator's pattern."""
    dates = [value.text for field in note.fields if plain_name(field.key) == "date" for value in scalars([field])]
    said = {
        "title": title,
        "slug": stated,
        "date": next((text[:10] for text in dates if _ISO.match(text)), ""),
        "categories": "\n".join(role_texts(roles, "category")),
    }
    return page_address(note.path, rules.addresses, said)


def _hides_below(note: Note, rules: Rules) -> bool:
    """Return whether the page of a folder keeps the pages below it back, too: by Hugo's `cascade`."""
    if stem(note.path) not in ("_index", "index"):
        return False
    below = [value for field in note.fields if plain_name(field.key) == "cascade" for value in field.values]
    fields = [inner for value in below if isinstance(value, Map) for inner in _all_fields(value)]
    answers = (
        meant.answer(value.text)
        for field in fields
        if (meant := rules.privacy.meant(field.key))
        for value in field.values
        if isinstance(value, Scalar)
    )
    return any(answer in (HIDES, UNCLEAR) for answer in answers)


def _all_fields(value: Map) -> Iterator[Field]:
    for field in value.fields:
        yield field
        for inner in field.values:
            if isinstance(inner, Map):
                yield from _all_fields(inner)


_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def judge_note(note: Note, rules: Rules, settings: Settings, roles: Roles | None = None) -> tuple[Roles, Verdict]:
    """Return the roles of a note's fields, and whether it is kept back."""
    roles = roles_of(note, rules) if roles is None else roles
    return roles, judge_privacy(note, rules.privacy, _tags(note, roles), settings)


_DAY: Final = re.compile(r"((?:19|20)[0-9]{2})_(0[1-9]|1[0-2])_(0[1-9]|[12][0-9]|3[01])")


def name_in_file(path: str) -> str:
    """Return the name of a note that its file has; Logseq writes the page `a/b` as `a___b` or `a%2Fb`.

    The name of a daily note is its date, however the date is written.
    """
    name = clean(stem(shown(path)))
    if "_" in name and (day := _DAY.fullmatch(name)):
        return "-".join(day.groups())
    return name.replace("___", "/").replace("%2F", "/") if "___" in name or "%2F" in name else name


def _tags(note: Note, roles: Roles) -> Iterator[tuple[str, int, int]]:
    """Yield the tags of a note with their places: a word of privacy may be one of them."""
    for field, value in roles.get("tags", ()):
        alone = len(field.values) == 1 and not value.quoted  # then blanks may part tags, too
        for name in re.split(r"[,;\s]+" if alone or "#" in value.text else r"[,;]", value.text):
            yield name.strip("#"), value.line, value.column
    if note.body.tags:
        places = note.places()
        for tag in note.body.tags:
            yield tag.name, *places(tag.at)


def _heading_links(note: Note) -> tuple[HeadingLink, ...]:
    return tuple(
        HeadingLink(link.section - 1, link.start, link.end, link.name, link.alias)
        for link in note.body.links
        if link.in_heading
    )
