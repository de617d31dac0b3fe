"""From a Note to its Card: the fields that Herbier itself reads, title, type, language, and what keeps it private."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from herbier.cards import Card, HeadingLink
from herbier.config import Settings
from herbier.mapping.kept_back import judge
from herbier.mapping.rules import KeyRule, Rules
from herbier.problems import Problem
from herbier.terms import address_slug, clean, digest, is_language_tag, plain_name, shown, slug
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.inline import WIKILINK, is_template
from herbier.vault.note import Note, stem

# Folders that are a language's code name the language of their notes; codes that are words of other uses are not
# among them (`it`, `no`, `la`, ...): herbier.toml has [languages] for those.
_LANGUAGE_FOLDERS: Final = frozenset(
    [
        "fr",
        "en",
        "de",
        "es",
        "pt",
        "nl",
        "sv",
        "da",
        "fi",
        "pl",
        "cs",
        "ro",
        "hu",
        "ru",
        "uk",
        "el",
        "ar",
        "he",
        "fa",
        "zh",
        "ja",
        "ko",
    ]
)
_MARKS_OF_NOTHING: Final = frozenset(
    ["n/a", "n. a.", "n.a.", "-", "--", "---", "–", "—", "?", "??", "???", "…", "...", "tbd", "tba", "tbc", "xxx",
     "à compléter", "à définir", "à renseigner", "non renseigné", "sans objet", "not available", "not applicable"]
)  # fmt: skip
_LONGEST_MARK: Final = 20
_DETECTED_FROM: Final = 500
_LEAST_LETTERS: Final = 24
_LEAST_PROBABILITY: Final = 0.8


def describe(
    note: Note, rules: Rules, settings: Settings, *, ignored: bool = False, content: str = ""
) -> tuple[Card, list[Problem]]:
    """Return a note's card; `ignored` is of notes that .herbierignore lists, `content` is its fingerprint."""
    problems: list[Problem] = []
    roles = roles_of(note, rules)
    private = ignored
    if not ignored:
        verdict = judge(note, rules.privacy, _tags(note, roles), settings)
        private = verdict.private or (settings.publish == "marked" and not verdict.marked)
        problems += verdict.problems
    name = name_in_file(note.path)
    titles = role_texts(roles, "title") or full_names(note, roles, rules)
    title = titles[0] if titles else name
    language = "" if private else _language(note, title, role_texts(roles, "language"), settings)
    aliases = role_texts(roles, "aliases")
    if others := languages_of_names(roles):  # the title is in the note's language, where there is one
        title = next((text for text in titles if others.get(text) == language != ""), title)
        aliases += [text for text in titles if text in others and text != title and text not in aliases]
    stated = next((name for text in role_texts(roles, "slug") if not is_link(text) and (name := slug(text))), "")
    wish = stated or address_slug(title)
    card = Card(
        note.path,
        title,
        wish or f"note-{digest(clean(note.path))}",
        tuple(aliases),
        tuple(role_texts(roles, "type")),
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
    )
    return card, problems


def name_in_file(path: str) -> str:
    """Return the name of a note that its file has; Logseq writes the page `a/b` as `a___b` or `a%2Fb`."""
    name = clean(stem(shown(path)))
    return name.replace("___", "/").replace("%2F", "/") if "___" in name or "%2F" in name else name


Roles = dict[str, list[tuple[Field, Scalar]]]


def roles_of(note: Note, rules: Rules) -> Roles:
    """Return the values of the fields that Herbier itself reads, by role."""
    roles: Roles = {}
    for field in _of_note(note, rules):
        rule = role_of(field.key, rules)
        if rule:
            said = roles.setdefault(rule.role, [])
            for value in field.values:
                if isinstance(value, Scalar):
                    said.append((field, value))
                elif rule.role in NAMING:
                    said += [(field, text) for text, _ in by_language(value)]
    return roles


NAMING: Final = ("title", "name", "aliases")  # roles whose values may have a text for each language
_LANGUAGE_KEY: Final = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")


def by_language(value: Value) -> list[tuple[Scalar, str]]:
    """Return the texts of a value that has one for each language, with its tag; none for any other value."""
    if not isinstance(value, Map):
        return []
    found: list[tuple[Scalar, str]] = []
    for field in value.fields:
        code = language_code(field.key) if _LANGUAGE_KEY.fullmatch(field.key.strip()) else ""
        if not code or any(isinstance(one, Map) for one in field.values):
            return []
        found += [(one, code) for one in field.values if isinstance(one, Scalar) and not is_empty(one)]
    return found


def languages_of_names(roles: Roles) -> dict[str, str]:
    """Return the names that are given for a language of their own, with its tag."""
    fields = {id(field): field for role in NAMING for field, _ in roles.get(role, ())}
    return {
        " ".join(text.text.split()): code
        for field in fields.values()
        for value in field.values
        for text, code in by_language(value)
    }


def _of_note(note: Note, rules: Rules) -> Iterable[Field]:
    """Return the fields that are not said of a thing that a heading names by a link or with a type of its own."""
    own = note.body.fields
    if not own or len(note.body.sections) < 2:
        return note.fields
    others = {link.section for link in note.body.links if link.in_heading}
    for field in own:
        section = note.body.sections[field.section]
        rule = role_of(field.key, rules)
        of_type = rule is not None and rule.role == "type" and plain_name(field.value) in rules.types
        if field.section and of_type and section.level > 1 and plain_name(section.heading) not in rules.headings:
            others.add(field.section)
    first = len(note.fields) - len(own)
    kept = [found for found, field in zip(note.fields[first:], own, strict=True) if field.section not in others]
    return [*note.fields[:first], *kept]


def role_of(key: str, rules: Rules) -> KeyRule | None:
    """Return the rule of a key that Herbier itself reads, None for all other keys."""
    return rules.roles.get(plain_name(key))


def is_link(text: str) -> bool:
    """Tell whether a text holds a link, which may lead to a private note."""
    return "[[" in text or "](" in text


def role_texts(roles: Roles, role: str) -> list[str]:
    """Return what the fields of a role say, each text once, without what is empty or a template."""
    found = roles.get(role, ())
    if role == "aliases":
        found = [(field, part) for field, value in found for part in parts_of(field, value)]
    texts = (" ".join(value.text.split()) for _, value in found if not is_empty(value) and not is_template(value.text))
    return list(dict.fromkeys(text for text in texts if text))


def parts_of(field: Field, value: Scalar) -> list[Scalar]:
    """Return the names of an alias: those between commas, where it is not quoted and the only one of its key."""
    if value.quoted or len(field.values) > 1 or "," not in value.text or "[[" in value.text:
        return [value]
    return [Scalar(part, value.line, value.column) for part in value.text.split(",")]


def is_empty(value: Scalar) -> bool:
    """Tell whether a value says nothing: no text, YAML's null, or a mark in its place such as `N/A`, `-` or `?`."""
    text = value.text.strip()
    if len(text) > _LONGEST_MARK:
        return False
    return not text or text.lower() in _MARKS_OF_NOTHING or (not value.quoted and text in ("null", "~", "Null", "NULL"))


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


def _language(note: Note, title: str, stated: list[str], settings: Settings) -> str:
    for text in stated:
        code = language_code(text)
        if code:
            return code
    folders = clean(note.path).split("/")[:-1]
    if folders and settings.languages:
        for depth in range(len(folders), 0, -1):
            found = settings.languages.get("/".join(folders[:depth])) or settings.languages.get(folders[depth - 1])
            if found:
                return found
    for folder in reversed(folders):
        if folder.lower() in _LANGUAGE_FOLDERS:
            return folder.lower()
    return settings.language or _detected(note, title)


_LANGUAGE_NAMES: Final = {
    plain_name(name): code
    for code, names in {
        "fr": "fre fra français french",
        "en": "eng anglais english",
        "es": "spa espagnol español spanish",
        "de": "ger deu allemand deutsch german",
        "it": "ita italien italiano italian",
        "pt": "por portugais português portuguese",
        "nl": "dut nld néerlandais nederlands dutch",
    }.items()
    for name in names.split()
}


def language_code(text: str) -> str:
    """Return the language tag (BCP 47) that a value states, by code or by name; "" where it states none.

    >>> language_code("Français"), language_code("fr_CA"), language_code("une langue")
    ('fr', 'fr-ca', '')
    """
    text = text.strip().replace("_", "-")
    named = _LANGUAGE_NAMES.get(plain_name(text))
    if named:
        return named
    return text.lower() if is_language_tag(text) else ""


_GIVEN, _FAMILY = "<https://schema.org/givenName>", "<https://schema.org/familyName>"


def full_names(note: Note, roles: Roles, rules: Rules) -> list[str]:
    """Return the names of the whole thing: `nom` is none where a given name stands beside it and not within it."""
    names = role_texts(roles, "name")
    given = _texts_of(note, rules, _GIVEN) if names else []
    if not given:
        return names
    halves = {text for text in _texts_of(note, rules, _FAMILY) if not any(name in text for name in given)}
    return [name for name in names if name not in halves]


def _texts_of(note: Note, rules: Rules, predicate: str) -> list[str]:
    """Return the texts of the fields whose key has a predicate, for some type of note."""
    fields = [
        field
        for field in note.fields
        if any(predicate in rule.thing for rule in rules.keys.get(plain_name(field.key), ()))
    ]
    return [
        " ".join(v.text.split()) for field in fields for v in field.values if isinstance(v, Scalar) and v.text.strip()
    ]


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # it loads a model, which few builds need

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _own_words(note: Note) -> Iterator[str]:
    """Yield the text of a note, without what it quotes: that may be in another language."""
    if note.source.startswith(b">") or b"\n>" in note.source:
        for line in note.source.decode("utf-8", "ignore").split("\n"):
            if not line.startswith((">", "```", "~~~")):
                yield line
    else:
        yield from (section.text for section in note.body.sections)


def _detected(note: Note, title: str) -> str:
    """Return the language of a note's first words, "" where they are too few or too mixed to tell."""
    text = title
    for piece in _own_words(note):
        if len(text) >= _DETECTED_FROM:
            break
        text += f" {piece}"
    text = WIKILINK.sub("", text)[:_DETECTED_FROM]
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return ""
    code, probability = _identifier().classify(text)
    return str(code) if probability >= _LEAST_PROBABILITY else ""
