"""What the templates of a vault tell: which keys go together in notes of a type, and which folders have which type.

A template is of a type by what it states, by its tags, or by its name: `Templates/Book.md`, `Modèle de personne.md`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from herbier.config import Settings
from herbier.index.own_fields import Roles, role_of, role_texts, roles_of
from herbier.problems import Problem
from herbier.rdf.slugs import plain_name
from herbier.rules.rule_types import DeclaredSign, Rules, Source, TemplateSign, TypeRule
from herbier.vault.declarations.declared import Declared
from herbier.vault.inline import WIKILINK, is_template, wikilink
from herbier.vault.note import Note, read_note, stem

_MOST: Final = 300  # templates that are read
_WORDS: Final = re.compile(r"[^\W\d_]+")
_OF_TEMPLATES: Final = frozenset(
    map(plain_name, ["template", "templates", "tpl", "tmpl", "modèle", "modèles", "gabarit", "fiche", "note", "notes",
                     "new", "nouveau", "nouvelle", "page", "de", "du", "des", "d", "of", "a", "an", "une", "un", "for",
                     "pour", "plantilla", "vorlage", "default"])
)  # fmt: skip


class Template(NamedTuple):
    """A template: its path, its type if it tells one, and its keys in plain form, without those that any note has."""

    path: str
    rule: TypeRule | None
    keys: frozenset[str]


def read_templates(root: Path, paths: Iterable[str], rules: Rules, settings: Settings) -> list[Template]:
    """Read the templates of a vault; one that cannot be read tells nothing."""
    found: list[Template] = []
    for path in sorted(paths)[:_MOST]:
        note = read_note(root, path, settings.file_size)
        if not isinstance(note, Problem):
            found.append(_template(note, rules))
    return found


def _template(note: Note, rules: Rules) -> Template:
    roles = roles_of(note, rules)
    rule = next(_types_of(note, roles, rules), None)
    keys = frozenset(plain_name(field.key) for field in note.fields if not _is_of_any_note(field.key, rules))
    if rule is not None:
        rule = replace(rule, source=Source(note.path, 1))
    return Template(note.path, rule, keys - {""})


_OF_ANY_NOTE: Final = frozenset(
    map(plain_name, [
        "area", "areas", "status", "statut", "up", "parent", "related", "project", "projet", "topic", "topics",
        "subject", "sujet", "priority", "priorité", "source", "sources", "links", "liens", "summary", "résumé",
        "rating", "note", "notes", "cover", "image", "url", "link", "lien", "template", "templateId", "weight",
        "layout", "icon", "banner", "cssclass", "cssclasses", "id", "uid"
    ])
)  # fmt: skip


def _is_of_any_note(key: str, rules: Rules) -> bool:
    """Return whether a key tells nothing of types: Herbier reads it itself, or any note may have it."""
    found = rules.keys.get(plain_name(key), ())
    of_note = bool(found) and all(rule.kind == "nothing" or (rule.note and not rule.thing) for rule in found)
    return role_of(key, rules) is not None or of_note or plain_name(key) in _OF_ANY_NOTE


def _types_of(note: Note, roles: Roles, rules: Rules) -> Iterator[TypeRule]:
    for role in ("type", "category"):
        for text in role_texts(roles, role):
            names = [wikilink(match[2])[0].name.rpartition("/")[2] for match in WIKILINK.finditer(text)] or [text]
            yield from (rule for name in names if (rule := rules.types.get(plain_name(name))))
    for text in role_texts(roles, "tags"):
        for tag in re.split(r"[,;\s]+", text):
            last = plain_name(tag.strip("#").rpartition("/")[2])
            if rule := rules.evidence.tags.get(last) if "/" not in tag else rules.types.get(last):
                yield rule
    name = stem(note.path)
    if not is_template(name):
        words = [word for word in _WORDS.findall(name) if plain_name(word) not in _OF_TEMPLATES]
        called = plain_name(" ".join(words))
        if rule := rules.evidence.folders.get(called) or rules.evidence.tags.get(called):
            yield rule


def with_templates(rules: Rules, templates: list[Template], declared: Declared) -> Rules:
    """Return rules that know which keys go together in the templates of each type, and what folders have which."""
    if not templates:
        return rules
    evidence = rules.evidence
    by_name = {template.path.removesuffix(".md"): template for template in templates}
    signs = [
        DeclaredSign(template.rule, re.compile(rf"(?:^|/){re.escape(folder)}/"), folder)
        for folder, path in declared.of_folder.items()
        if (template := _named(path, by_name)) is not None and template.rule is not None
    ]
    ordered = sorted([*evidence.declared, *signs], key=lambda sign: -len(sign.written))
    signs_of_keys = {
        template.path: TemplateSign(template.rule, template.keys, own)
        for template in templates
        if (own := _own_keys(template, templates))
    }
    return replace(rules, evidence=replace(evidence, declared=tuple(ordered), templates=signs_of_keys))


def _named(path: str, by_name: Mapping[str, Template]) -> Template | None:
    name = path.removesuffix(".md")
    return by_name.get(name) or next((one for key, one in by_name.items() if key.endswith(f"/{name}")), None)


_FEWEST: Final = 3  # keys that a template must have to tell a type by them


def _own_keys(template: Template, templates: list[Template]) -> frozenset[str]:
    """Return the keys that no template of another type has; none where the template has too few to tell anything."""
    if len(template.keys) < _FEWEST or template.path.startswith("archetypes/"):  # Hugo's are of sections
        return frozenset()
    same = template.rule.name if template.rule else None
    others = [
        one.keys
        for one in templates
        if one is not template and (same is None or one.rule is None or one.rule.name != same)
    ]
    return template.keys.difference(*others)
