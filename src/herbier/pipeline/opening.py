"""An open vault: its settings, its rules and the list of its files."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from herbier.config import LOCAL_BASE, Settings, load_settings
from herbier.index.template_types import read_templates, with_templates
from herbier.ledger.ledger_file import Ledger, read_ledger
from herbier.pipeline.worker import NoteFile
from herbier.problems import Problem
from herbier.rdf.iris import Mint
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.idle_rows import idle_folders
from herbier.rules.privacy_words import HIDES, UNCLEAR, PrivacyTable
from herbier.rules.rule_files import load_rules
from herbier.rules.rule_types import KeyRule, Rules
from herbier.text import clean
from herbier.vault.bibliography import read_bibliography
from herbier.vault.declarations.declaration_readers import read_declared
from herbier.vault.declarations.declared import Declared, DeclaredPattern, DeclaredPlace, with_declared_settings
from herbier.vault.fields import DEEPEST
from herbier.vault.files import A_TEMPLATE, NOT_A_NOTE, Listing, check_folder, is_note, list_files
from herbier.vault.include import Included, read_included


@dataclass(frozen=True, slots=True)
class Vault:
    """A vault that is open: its settings, its rules and the list of its files."""

    root: Path
    settings: Settings
    rules: Rules
    listing: Listing
    included: Included
    problems: tuple[Problem, ...]
    ledger: Ledger | None = None
    declared: Declared = field(default_factory=Declared)

    @property
    def mint(self) -> Mint:
        """The maker of the IRIs of the vault."""
        return Mint(self.settings.base)

    @property
    def names(self) -> Namespaces:
        """How files of the vault shorten IRIs."""
        return Namespaces(self.settings.base, self.rules.prefixes, iri_valued(self.rules))

    @property
    def to_read(self) -> list[NoteFile]:
        """The notes; those that are kept back among them, since what is said of them must be known to be left out."""
        hidden = [NoteFile(path, True) for path in self.listing.private if is_note(path)]
        return [*(NoteFile(path, False) for path in self.listing.notes), *hidden]

    @property
    def attachments(self) -> list[str]:
        """The files that a note may embed."""
        return [path for path, why in self.listing.others.items() if why == NOT_A_NOTE]

    @property
    def hidden_files(self) -> list[str]:
        """The files that .herbierignore lists and that are no notes."""
        return [path for path in self.listing.private if not is_note(path)]


def declared_settings(vault: Vault) -> Iterator[tuple[str, str, str]]:
    """Yield the settings that a vault declares for another tool, each with its value and the file and line of it."""
    for name, (value, place) in vault.declared.settings.items():
        if getattr(vault.settings, name) == value:
            yield name, value, f"{place.file}:{place.line}"


def iri_valued(rules: Rules) -> frozenset[Term]:
    """Return the predicates whose values are always IRIs, for the JSON-LD context."""
    model = rules.model
    rows = (
        model.subject_of,
        model.about,
        model.dataset,
        model.part,
        model.mention,
        model.translation,
        model.reference,
        model.subject,
        model.attachment,
    )
    terms = {term for row in rows for term in row.terms}
    for rule in rules.relations.values():
        terms.update(rule.thing, rule.concept, rule.note)
    others = [rule for found in rules.keys.values() for rule in found if not rule.relation]
    terms |= {t for rule in others if _leads(rule, rules) for t in rule.thing + rule.note + rule.concept}
    mixed = {t for rule in others if not _leads(rule, rules) for t in rule.thing + rule.note}
    return frozenset(terms - mixed)


def _leads(rule: KeyRule, rules: Rules) -> bool:
    """Return whether the values of a key are always IRIs."""
    if rule.kind == "identifier":
        return bool(rules.schemes[rule.scheme].addresses)
    return rule.kind in ("entity", "address", "wikidata", "same")


def open_vault(root: Path, base: str | None = None, *, served: str = "", format: str = "") -> Vault:
    """Open a vault; HerbierError where there is none.

    `served` is its base where neither it nor `base` names one, `format` a format that it is read as.
    """
    check_folder(root)
    settings, problems = load_settings(root, base)
    declared = read_declared(root, problems)
    if format:
        declared.formats.setdefault(format, DeclaredPlace("", 0))
    settings = with_declared_settings(settings, declared, base)
    if served and base is None and settings.base == LOCAL_BASE:
        settings = replace(settings, base=served)
    rules = load_rules(root, settings, declared)
    settings = _kept_back(settings, declared, rules.privacy)
    listing = list_files(root, settings, declared)
    rules = _with_files(rules, root, settings, declared, listing)
    works, of_works = read_bibliography(root, settings.bibliography, listing.private)
    rules = replace(rules, bibliography=works)
    hidden = {clean(path) for path in listing.private}
    paths = [os.path.normpath(path) for path in settings.include]
    included = read_included(
        root, [path for path in paths if clean(path) not in hidden], Mint(settings.base), listing.private
    )
    ledger = read_ledger(root)
    found = (
        *problems,
        *rules.problems,
        *idle_folders(rules, [*listing.notes, *listing.private]),
        *listing.problems,
        *of_works,
        *included.problems,
        *(ledger.problems if ledger else ()),
    )
    return Vault(root, settings, rules, listing, included, found, ledger, declared)


def with_mapping(vault: Vault, mapping: Mapping[str, Any]) -> Vault:
    """Return a vault as it is with another mapping in its settings."""
    settings = replace(vault.settings, mapping=mapping)
    rules = _with_files(
        load_rules(vault.root, settings, vault.declared), vault.root, settings, vault.declared, vault.listing
    )
    return replace(vault, settings=settings, rules=replace(rules, bibliography=vault.rules.bibliography))


def _with_files(rules: Rules, root: Path, settings: Settings, declared: Declared, listing: Listing) -> Rules:
    """Return rules that know what the files of a vault tell: its templates, and that Jekyll has it."""
    if declared.is_of_jekyll:
        rules = replace(rules, blanks_part_tags=True)
    templates = [path for path, why in listing.others.items() if why == A_TEMPLATE]
    return with_templates(rules, read_templates(root, templates, rules, settings), declared)


def _kept_back(settings: Settings, declared: Declared, privacy: PrivacyTable) -> Settings:
    """Keep back the notes of which a generator's defaults say, or might say, that they are not published.

    Those of a folder are left out; where it is said of all notes, only those are published that say so themselves.
    """
    for folder, values, place, patterns in declared.defaults:
        if _may_hide(values, privacy):
            if not folder and (not patterns or patterns == ("**",)):
                settings = replace(settings, publish="marked")
            declared.hidden += [DeclaredPattern(place.file, pattern) for pattern in patterns if pattern != "**"]
    return settings


def _may_hide(values: object, privacy: PrivacyTable, key: str = "", depth: int = 0) -> bool:
    """Return whether a value, or one within it, keeps notes back; what is not understood does."""
    if depth > DEEPEST:
        return True
    if isinstance(values, dict):
        return any(_may_hide(value, privacy, str(name), depth + 1) for name, value in values.items())
    if isinstance(values, list):
        return any(_may_hide(value, privacy, key, depth + 1) for value in values)
    if plain_name(key) in ("tag", "tags"):
        return any(plain_name(part) in privacy.tags for part in re.split(r"[,;/\s]+", str(values)))
    meant = privacy.meant(key) if key else None
    return meant is not None and meant.answer(str(values)) in (HIDES, UNCLEAR)
