"""From the rows of tables to rules; rows that cannot be used are reported."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term, iri
from herbier.rules.alignment import TableRow, alignments_of, scheme_of, texts_of
from herbier.rules.columns import FIELDS, KINDS, NOTE_NAMES, ROLES, STATES, TABLES
from herbier.rules.declared_rows import (
    declared_kinds,
    identity_rules,
    named_types,
    with_relations,
    without_displacement,
)
from herbier.rules.idle_rows import idle_key_rows, idle_rows
from herbier.rules.privacy_rows import read_privacy
from herbier.rules.privacy_words import PrivacyTable
from herbier.rules.rule_types import (
    ENDS_IN_NAME,
    TYPED,
    HeadingRule,
    KeyRule,
    Model,
    ModelRow,
    Rules,
    Source,
    TypeRule,
    expand,
)
from herbier.rules.schema_org import schema_org
from herbier.rules.type_rows import read_evidence, read_types
from herbier.rules.values import checked_iri
from herbier.vault.declarations.declared import Declared

_PREFIX = re.compile(r"[A-Za-z][\w.-]*")
_NAMESPACE = re.compile(r"(https?://|urn:)[^\s<>\"{}|\\^`]+")


def unknown_name(message: Message, name: str, known: Iterable[str], source: Source) -> Problem:
    """Return a Problem for a name that is none of those known, with the nearest."""
    near = get_close_matches(name, list(known), 1)
    hint = (
        Message("did you mean {name!r}?", name=near[0])
        if near
        else Message("known are {names}", names=", ".join(known))
    )
    return problem("bad-mapping", *source, 1, message, hint)


def with_row(row: TableRow, message: Message) -> Message:
    """Return a message with the table and the row that it is about."""
    return Message("{table}: {row}: {message}", table=row.table, row=row.name, message=message)


def _path_name(name: str) -> str:
    """Return the name of a key in plain form; that of one within another has both, `missions.employer`."""
    return ".".join(filter(None, map(plain_name, name.split(".")))) if _NESTED.fullmatch(name) else plain_name(name)


_NESTED = re.compile(r"[^\W\d][\w -]*(?:\.[^\W\d][\w -]*)+")


class Compiler:
    """Turns rows into rules, and says which rows it could not use."""

    def __init__(
        self,
        rows: Iterable[TableRow],
        problems: list[Problem],
        own: Collection[Source] = (),
        declared: Declared | None = None,
        declared_in: Collection[Source] = (),
    ) -> None:
        self.problems = problems
        self.own = own
        self.declared = declared or Declared()
        self.declared_in = declared_in
        self.tables: dict[str, list[TableRow]] = {table: [] for table in TABLES}
        for row in rows:
            self.tables[row.table].append(row)
        self.prefixes: dict[str, str] = {}
        for row in self.tables["prefixes"]:
            valid = _NAMESPACE.fullmatch(row.value) and checked_iri(row.value) == f"<{row.value}>"
            if valid and _PREFIX.fullmatch(row.name):
                self.prefixes[row.name] = row.value
            else:
                self.bad(row, Message("a prefix is a word for an absolute IRI, such as https://example.org/terms#"))

    def rules(self) -> Rules:
        """Return all rules."""
        keys: dict[str, list[KeyRule]] = {}
        relations: dict[str, KeyRule] = {}
        types = named_types(read_types(self, frozenset(self.own)), self.declared)
        headings: dict[str, HeadingRule] = {}
        for row in self.valid("relations"):
            relation = self.relation(row)
            relations[row.name] = relation
            for name in self.names(row):
                keys.setdefault(plain_name(name), []).append(relation)
        schemes = {found.name: found for row in self.valid("identifiers") if (found := scheme_of(row, self))}
        for row in self.valid("keys"):
            key = self.key(row, {rule.name for rule in types.values()})
            if key.kind == "identifier" and key.scheme not in schemes:
                self.bad(row, Message("its scheme {name!r} is no row of `identifiers`", name=key.scheme))
                continue
            if not (key.thing or key.note or key.role or key.kind in ("nothing", "parts")):
                if not (row.value.get("thing") or row.value.get("note")):  # else it has been reported why they are none
                    self.bad(row, Message("a key needs predicates under `thing` or `note`, or `value: nothing`"))
                continue
            for name in self.names(row):
                keys.setdefault(_path_name(name), []).append(key)
        privacy = read_privacy(self, keys)
        keys = with_relations(without_displacement(keys, self.declared_in), self.declared)
        for row in self.valid("headings"):
            heading = self.heading(row, relations)
            headings |= {plain_name(name): heading for name in self.names(row)}
        depths = {rule.name: len(schema_org().all_classes(rule.terms)) for rule in types.values()} | {TYPED: 0}

        def narrowest(rule: KeyRule) -> tuple[int, bool, bool, bool, int]:
            depth = min((depths.get(name, 0) for name in rule.types), default=0)
            rank = 2 if rule.source not in self.own else int(rule.source in self.declared_in)
            return rank, not rule.of, not rule.within, not rule.types, -depth

        # the narrowest rule first: one for some types of note goes before one for all
        ordered = {name: tuple(sorted(found, key=narrowest)) for name, found in keys.items()}
        self.report_idle(ordered, types, headings)
        roles = {name: next((rule for rule in found if rule.role), None) for name, found in ordered.items()}
        known = {  # what is declared for another tool makes no word of privacy harmless
            name: rules
            for name, rules in ordered.items()
            if name not in privacy and any(rule.source not in self.declared_in for rule in rules)
        }
        return Rules(
            self.prefixes,
            types,
            ordered,
            relations,
            headings,
            self.model(),
            tuple(self.titles()),
            {name: rule for name, rule in roles.items() if rule},
            tuple(name for row in self.valid("keys") + self.valid("relations") for name in self.names(row)),
            tuple(name for row in self.valid("types") for name in self.names(row)),
            schemes,
            tuple(alignments_of(self, schemes)),
            tuple(self.problems),
            PrivacyTable(
                privacy, self.names_in("private-names", "tags"), self.names_in("private-names", "folders"), known
            ),
            name_words={row.name: self.names_in("name-words", row.name) for row in self.valid("name-words")},
            evidence=read_evidence(self, frozenset(self.own), types, ordered, schemes, self.declared),
            declared=declared_kinds(self.declared),
            addresses=tuple(self.declared.addresses),
            identities=identity_rules(self.declared),
        )

    def report_idle(
        self, keys: Mapping[str, Sequence[KeyRule]], types: Mapping[str, TypeRule], headings: Mapping[str, HeadingRule]
    ) -> None:
        """Report the rows of the vault's own that have no effect."""
        of_keys = [*self.tables["relations"], *self.tables["keys"]]
        found = [
            *idle_key_rows(of_keys, self.own, keys, lambda row: [*map(_path_name, self.names(row))]),
            *idle_rows(self.tables["types"], self.own, types, self.names, FIELDS["types"] - {"classes", "names"}),
            *idle_rows(self.tables["headings"], self.own, headings, self.names),
        ]
        for idle in found:
            self.bad(idle.row, idle.message, Message("take one of them away, or limit it by `types` or `in`"))

    def valid(self, table: str) -> list[TableRow]:
        """Return the rows of a table; what they hold beyond the known fields is reported once."""
        rows = self.tables[table]
        for row in rows:
            unknown = set(row.value) - FIELDS[table]
            found = [
                unknown_name(Message("unknown field {name!r}", name=name), name, sorted(FIELDS[table]), row.source)
                for name in sorted(unknown)
            ]
            self.problems += [p for p in found if p not in self.problems]
        return rows

    def bad(self, row: TableRow, message: Message, hint: str = "") -> None:
        """Report that a row cannot be used, once."""
        found = problem("bad-mapping", *row.source, 1, with_row(row, message), hint)
        if found not in self.problems:
            self.problems.append(found)

    def names(self, row: TableRow) -> list[str]:
        """Return the names of a row, each once in the form in which names are compared."""
        names = {plain_name(name): name for name in [row.name, *texts_of(row.value.get("names"))]}
        return [name for plain, name in names.items() if plain]

    def terms(self, row: TableRow, name: str) -> tuple[Term, ...]:
        """Return the terms of a cell; those that are none are reported."""
        texts = texts_of(row.value.get(name) if isinstance(row.value, dict) else row.value)
        terms = []
        for text in texts:
            expanded = expand(text, self.prefixes)
            if expanded is None:
                self.bad(row, Message("{text!r} is neither a CURIE with a known prefix nor an IRI", text=text))
            elif not ENDS_IN_NAME.search(expanded):
                message = Message("{text!r} does not end in a name, so that not every format can write it", text=text)
                self.bad(row, message)
            else:
                terms.append(iri(expanded))
        return tuple(terms)

    def choice(self, row: TableRow, name: str, known: list[str], default: str) -> str:
        """Return the word of a cell, one of those known; any other is reported."""
        value = str(row.value.get(name, default))
        if value and value not in known:
            near = get_close_matches(value, known, 1)
            hint = Message("did you mean {name!r}?", name=near[0]) if near else ", ".join(known)
            self.bad(row, Message("unknown {field} {value!r}", field=name, value=value), hint)
            return default
        return value

    def choices(self, row: TableRow, name: str, known: list[str]) -> list[str]:
        """Return the words of a cell that are among those known; any other is reported."""
        found = texts_of(row.value.get(name))
        for value in found:
            if value not in known:
                self.bad(row, Message("unknown {field} {value!r}", field=name, value=value), ", ".join(known))
        return [value for value in found if value in known]

    def key(self, row: TableRow, types: set[str]) -> KeyRule:
        """Return the rule of a key."""
        for name in texts_of(row.value.get("source")):
            if name not in {known.name for known in self.tables["key-sources"]}:
                self.bad(row, Message("its source {name!r} is no row of `key-sources`", name=name))
        for name in texts_of(row.value.get("types")):
            if name not in types and name != TYPED:
                self.bad(row, Message("unknown type {name!r}", name=name))
        leads = str(row.value.get("value", "")) in ("entity", "linked", "text-or-entity", "nested")
        return KeyRule(
            row.name,
            row.source,
            self.choice(row, "role", ROLES, ""),
            self.choice(row, "value", KINDS, "text"),
            self.terms(row, "thing"),
            self.terms(row, "note"),
            self.terms(row, "concept"),
            classes=self.terms(row, "class"),
            scheme=str(row.value.get("scheme", "")),
            types=frozenset(texts_of(row.value.get("types"))),
            of=frozenset(self.terms(row, "of")),
            range=frozenset(self.terms(row, "range")),
            by=tuple(self.choices(row, "by", NOTE_NAMES)),
            folder=str(row.value.get("folder", "")) if leads else "",
            within=str(row.value.get("in", "" if leads else row.value.get("folder", ""))),
            through=self.terms(row, "through"),
            shipped=row.source not in self.own,
        )

    def relation(self, row: TableRow) -> KeyRule:
        """Return the rule of a relation."""
        inverse = str(row.value.get("inverse", ""))
        known = {other.name for other in self.tables["relations"]}
        if inverse and inverse not in known:
            self.bad(row, Message("its inverse {name!r} is no relation", name=inverse))
            inverse = ""
        return KeyRule(
            row.name,
            row.source,
            kind="entity",
            thing=self.terms(row, "thing"),
            note=self.terms(row, "note"),
            concept=self.terms(row, "concept"),
            relation=True,
            inverse=inverse,
        )

    def names_in(self, table: str, name: str) -> frozenset[str]:
        """Return the names of a row, in plain form."""
        rows = [row for row in self.valid(table) if row.name == name]
        return frozenset(plain_name(text) for row in rows for text in texts_of(row.value.get("names")))

    def heading(self, row: TableRow, relations: Mapping[str, KeyRule]) -> HeadingRule:
        """Return the rule of a heading."""
        states = self.choice(row, "states", STATES, "nothing")
        relation = str(row.value.get("relation", ""))
        if states == "relation" and relation not in relations:
            self.bad(row, Message("{name!r} is no relation", name=relation))
            states = "nothing"
        return HeadingRule(row.name, states, relation, row.source)

    def model(self) -> Model:
        """Return what is said of every note."""
        names = tuple(row.name for row in fields(Model))
        entries = {name: ModelRow(name, (), Source("mapping/model.yaml", 0)) for name in names}
        for row in self.tables["model"]:
            name = row.name.replace("-", "_")
            if name in entries:
                entries[name] = ModelRow(row.name, self.terms(row, ""), row.source)
            else:
                message = Message("unknown row {name!r}", name=row.name)
                self.problems.append(unknown_name(message, row.name, names, row.source))
        return Model(**entries)

    def titles(self) -> Iterator[tuple[re.Pattern[str], bool]]:
        """Return the patterns of titles, and whether Herbier ships each."""
        for row in self.valid("titles"):
            try:
                pattern = re.compile(str(row.value.get("pattern", "")))
            except re.error as error:
                self.bad(row, Message("the pattern is not a regular expression: {why}", why=str(error)))
                continue
            if set(pattern.groupindex) >= {"short", "long"}:
                yield pattern, row.source not in self.own
            else:
                self.bad(row, Message("the pattern should name the groups `short` and `long`"))
