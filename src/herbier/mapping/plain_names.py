"""Plain words as the name of a note: which note a value means that is no link, and none where it may mean another.

A note is meant where it alone is called so and nothing speaks against it: of what class it is, the range of the key's
predicate, the folder that the key's rule names.
"""

from collections.abc import Callable, Sequence
from typing import Final

from herbier.index.redaction import is_private_name
from herbier.index.resolution import Index, LinkTarget
from herbier.index.translations import language_folder
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.rule_types import KeyRule
from herbier.rules.schema_org import THING, schema_org
from herbier.rules.type_evidence import bare_name
from herbier.vault.note import stem

Terms = Callable[[int], tuple[Term, ...]]  # the classes of the thing of a note

LONGEST: Final = 200  # characters of a text that may name a note
_PRIVATE: Final = LinkTarget("private")


def named_note(
    index: Index, terms: Terms, name: str, origin: str, rule: KeyRule, key: str
) -> tuple[LinkTarget | None, Sequence[int]]:
    """Return the note that plain words name under a key, and the others that they might mean as well.

    None where no note is called so, or where it cannot be told which is meant.
    """
    if len(name) > LONGEST:
        return None, ()
    if "/" in name and (found := index.resolve_text(name, origin)):
        return found, ()
    numbers = index.named(name, rule.by)
    if not numbers:
        return (_PRIVATE if is_private_name(index, name, origin) else None), ()
    if any(index.summaries[number].private for number in numbers):
        return _PRIVATE, ()
    fitting = [number for number in numbers if may_be_meant(rule, terms(number))]
    narrower: tuple[Callable[[int], bool], ...] = (
        lambda number: bool(terms(number)) and terms(number) != THING,
        lambda number: _is_spelt(index, number, name),
        lambda number: _lies_in(index, number, rule, key),
    )
    for is_likelier in narrower:
        if len(fitting) > 1:
            fitting = [number for number in fitting if is_likelier(number)] or fitting
    if len(fitting) > 1:
        fitting = [number for number in fitting if _is_in_language(index, number, fitting, origin)] or fitting
    if rule.folder:
        fitting = [number for number in fitting if _lies_in(index, number, rule, key)]
    if len(fitting) == 1:
        return LinkTarget("note", index.slugs[fitting[0]], fitting[0]), ()
    return None, fitting or numbers


def may_be_meant(rule: KeyRule, classes: tuple[Term, ...]) -> bool:
    """Return whether a thing of some classes may be a value of a key: those of its row, else its predicates' range."""
    if not classes or classes == THING:
        return True
    ranges = rule.range or schema_org().range_of((*rule.thing, *rule.note))
    if not ranges:
        return True
    above = schema_org().all_classes
    return not above(classes).isdisjoint(ranges) or any(classes[0] in above((term,)) for term in ranges)


def _is_spelt(index: Index, number: int, name: str) -> bool:
    """Return whether one of the names of a note is spelt so, to the letter."""
    summary = index.summaries[number]
    return name in summary.aliases or name in (summary.title, summary.id, stem(summary.path))


def _is_in_language(index: Index, number: int, fitting: Sequence[int], origin: str) -> bool:
    """Return whether a note says in the language of another's folder what all that might be meant say, too."""
    translations = index.translations.get(number, ())
    if not all(other == number or other in translations for other in fitting):
        return False
    folder = language_folder(index.summaries[number].path, index.summaries[number].language)
    return bool(folder) and origin.startswith(f"{folder}/")


def _lies_in(index: Index, number: int, rule: KeyRule, key: str) -> bool:
    """Return whether a note lies in the folder that the rule of a key names, else in one that is called as the key."""
    folders = index.summaries[number].path.split("/")[:-1]
    if rule.folder:
        wanted = rule.folder.strip("/")
        return any(bare_name(folder) == bare_name(wanted) for folder in folders) or "/".join(folders).endswith(wanted)
    return bool(folders) and is_called_as(folders[-1], key)


def is_called_as(folder: str, key: str) -> bool:
    """Return whether a folder is called as a key, in the singular or the plural: `startups`, `_startups`."""
    name, wanted = bare_name(folder), plain_name(key)
    return bool(wanted) and (name == wanted or name.rstrip("sx") == wanted.rstrip("sx"))


def in_folder_of_key(index: Index, name: str, origin: str, key: str) -> LinkTarget | None:
    """Return the note that words name in a folder that is called as their key; None where it is none, or not one."""
    if not name or len(name) > LONGEST or not (index.has_folder(key) or name.startswith("/")):
        return None
    if name.startswith("/"):
        found = index.search(name, origin, False)
        return found if found is not None and not found.rivals else None
    numbers = index.named(name, ())
    if any(index.summaries[number].private for number in numbers):
        return _PRIVATE
    folders = ((number, index.summaries[number].path.split("/")[:-1]) for number in numbers)
    numbers = [number for number, folder in folders if folder and is_called_as(folder[-1], key)]
    return LinkTarget("note", index.slugs[numbers[0]], numbers[0]) if len(numbers) == 1 else None
