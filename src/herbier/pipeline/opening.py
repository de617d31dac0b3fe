"""An open vault: its settings, its rules and the list of its files."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from herbier.config import Settings, load_settings
from herbier.ledger.ledger_file import Ledger, read_ledger
from herbier.pipeline.worker import NoteFile
from herbier.problems import Problem
from herbier.rdf.iris import Mint
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import Term
from herbier.rules.rule_files import load_rules
from herbier.rules.rule_types import KeyRule, Rules
from herbier.text import clean
from herbier.vault.bibliography import read_bibliography
from herbier.vault.files import NOT_A_NOTE, Listing, check_folder, is_note, list_files
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


def iri_valued(rules: Rules) -> frozenset[Term]:
    """Return the predicates whose values are always IRIs, for the JSON-LD context."""
    model = rules.model
    rows = (
        model.subject_of,
        model.about,
        model.dataset,
        model.part,
        model.mention,
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


_OF_JEKYLL = ("_config.yml", "_config.yaml", "_config.toml")


def open_vault(root: Path, base: str | None = None) -> Vault:
    """Open a vault; HerbierError where there is none."""
    check_folder(root)
    settings, problems = load_settings(root, base)
    listing = list_files(root, settings)
    rules = load_rules(root, settings)
    if any(path in _OF_JEKYLL for path in listing.others):
        rules = replace(rules, blanks_part_tags=True)
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
        *listing.problems,
        *of_works,
        *included.problems,
        *(ledger.problems if ledger else ()),
    )
    return Vault(root, settings, rules, listing, included, found, ledger)
