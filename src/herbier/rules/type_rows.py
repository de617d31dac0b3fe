"""From the rows of `types` to rules: by the names that a key may state, and by all else that tells a type."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from herbier.messages import Message
from herbier.rdf.slugs import plain_name
from herbier.rules.alignment import RowReader, TableRow, texts_of
from herbier.rules.declared_rows import declared_signs, declared_tags
from herbier.rules.rule_types import KeyRule, Scheme, SchemeSign, Signature, Source, TypeEvidence, TypeRule
from herbier.rules.type_evidence import bare_name, signature_of
from herbier.vault.declarations.declared import Declared

Keys = Mapping[str, Sequence[KeyRule]]


def read_types(table: RowReader, own: frozenset[Source]) -> dict[str, TypeRule]:
    """Return the rules of types by name; a name that a row of the vault's own has is that row's."""
    types: dict[str, TypeRule] = {}
    for row in _own_last(table, own):
        rule = TypeRule(row.name, table.terms(row, "classes"), row.source)
        if rule.terms:
            names = [row.name, *texts_of(row.value.get("names"))]
            types |= {plain: rule for name in names if (plain := plain_name(name))}
        elif not row.value.get("classes"):
            table.bad(row, Message("a type needs `classes`"))
    return types


def read_evidence(
    table: RowReader,
    own: frozenset[Source],
    types: Mapping[str, TypeRule],
    keys: Keys,
    schemes: Mapping[str, Scheme],
    declared: Declared,
) -> TypeEvidence:
    """Return what tells types beside a key that states them; a cell that cannot be used is reported."""
    by_name = {rule.name: rule for rule in reversed(list(types.values()))}
    rows = [(row, by_name[row.name]) for row in _own_last(table, own) if row.name in by_name]
    # what is a type beyond doubt, and no subject
    strict = {plain_name(name): rule for column in ("tags", "folders", "roots")
              for name, rule in _column(rows, column, plain_name).items()}  # fmt: skip
    signatures: dict[str, list[Signature]] = defaultdict(list)
    for row, rule in rows:
        for cell in _list_of(row.value.get("keys")):
            signature = signature_of(rule, texts_of(cell))
            for name in signature.keys[0] if signature.keys else ():
                signatures[name].append(signature)
    signs: dict[str, list[SchemeSign]] = defaultdict(list)
    for row, rule in rows:
        for cell in texts_of(row.value.get("identifiers")):
            scheme, _, start = (part.strip() for part in cell.partition(":"))
            if scheme in schemes:
                signs[scheme].append(SchemeSign(rule, start, scheme))
            else:
                table.bad(row, Message("its scheme {name!r} is no row of `identifiers`", name=scheme))
    of_keys = {
        name: rule.scheme
        for name, found in keys.items()
        for rule in found
        if rule.kind == "identifier" and rule.scheme in signs
    }
    return TypeEvidence(
        by_name,
        declared_tags(types, declared) | _column(rows, "tags", plain_name),
        _column(rows, "folders", bare_name),
        _column(rows, "children", bare_name),
        _column(rows, "roots", plain_name),
        {
            rule.name: frozenset(map(plain_name, texts_of(row.value["beside"])))
            for row, rule in rows
            if "beside" in row.value
        },
        tuple(_patterns(table, rows)),
        {name: tuple(signs[scheme]) for name, scheme in of_keys.items()},
        {name: tuple(found) for name, found in signatures.items()},
        frozenset(name for name, found in keys.items() if any(map(tells_class, found))),
        declared_signs(types, strict, declared),
    )


def tells_class(rule: KeyRule) -> bool:
    """Return whether the rule of a key tells of what class the things are that its values name."""
    return bool(rule.classes) and rule.kind in ("entity", "linked", "text-or-entity")


def _own_last(table: RowReader, own: frozenset[Source]) -> list[TableRow]:
    return sorted(table.valid("types"), key=lambda row: row.source in own)


def _column(rows: list[tuple[TableRow, TypeRule]], column: str, form: Callable[[str], str]) -> dict[str, TypeRule]:
    return {name: rule for row, rule in rows for text in texts_of(row.value.get(column)) if (name := form(text))}


def _list_of(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _patterns(table: RowReader, rows: list[tuple[TableRow, TypeRule]]) -> Iterator[tuple[re.Pattern[str], TypeRule]]:
    for row, rule in rows:
        for text in texts_of(row.value.get("paths")):
            try:
                yield re.compile(text), rule
            except re.error as error:
                table.bad(row, Message("the pattern is not a regular expression: {why}", why=str(error)))
