"""From the rows of tables to rules; rows that cannot be used are reported."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term, iri
from herbier.rules.alignment import TableRow, alignments_of, scheme_of, texts_of
from herbier.rules.privacy_words import PrivacyRow, PrivacyTable, spoken
from herbier.rules.rule_types import (
    ENDS_IN_NAME,
    HeadingRule,
    KeyRule,
    Model,
    ModelRow,
    Rules,
    Source,
    TypeRule,
    expand,
)
from herbier.rules.values import checked_iri

_PREFIX = re.compile(r"[A-Za-z][\w.-]*")
_NAMESPACE = re.compile(r"(https?://|urn:)[^\s<>\"{}|\\^`]+")
TABLES = (
    "prefixes",
    "types",
    "keys",
    "relations",
    "headings",
    "model",
    "titles",
    "identifiers",
    "privacy",
    "private-names",
    "wikidata-sources",
    "wikidata-classes",
    "wikidata-properties",
)
_KINDS = [
    "text",
    "string",
    "date",
    "integer",
    "number",
    "boolean",
    "address",
    "entity",
    "text-or-entity",
    "file",
    "email",
    "wikidata",
    "doi",
    "identifier",
    "same",
    "auto",
    "coordinates",
    "linked",
    "award",
    "words-or-address",
    "nested",
    "nothing",
]
_ROLES = ["title", "name", "aliases", "slug", "type", "language", "tags", "draft", "private", "publish", "id", "ignore"]
_OTHERWISE = ["hide", "nothing", "date", "given"]
_STATES = ["description", "points", "sources", "relation", "nothing"]
_FIELDS = {
    "types": {"classes", "names"},
    "keys": {"names", "role", "thing", "note", "concept", "value", "scheme", "class", "types", "of"},
    "relations": {"names", "thing", "note", "concept", "inverse"},
    "headings": {"names", "states", "relation"},
    "titles": {"pattern"},
    "privacy": {"keys", "parts", "hides", "shows", "unsure", "otherwise", "nested", "words", "marks"},
    "private-names": {"names"},
    "identifiers": {"label", "pattern", "form", "check", "address", "example"},
    "wikidata-sources": {"says"},
    "wikidata-classes": {"class", "item", "source", "verified"},
    "wikidata-properties": {
        "predicate",
        "identifier",
        "property",
        "column",
        "value",
        "form",
        "only",
        "pattern",
        "source",
        "verified",
    },
}


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


class Compiler:
    """Turns rows into rules, and says which rows it could not use."""

    def __init__(self, rows: Iterable[TableRow], problems: list[Problem], own: Collection[Source] = ()) -> None:
        self.problems = problems
        self.own = own
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
        types: dict[str, TypeRule] = {}
        headings: dict[str, HeadingRule] = {}
        for row in self.valid("types"):
            rule = TypeRule(row.name, self.terms(row, "classes"), row.source)
            if not rule.terms:
                if not row.value.get("classes"):
                    self.bad(row, Message("a type needs `classes`"))
                continue
            types |= {plain_name(name): rule for name in self.names(row)}
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
            if not (key.thing or key.note or key.role or key.kind == "nothing"):
                if not (row.value.get("thing") or row.value.get("note")):  # else it has been reported why they are none
                    self.bad(row, Message("a key needs predicates under `thing` or `note`, or `value: nothing`"))
                continue
            for name in self.names(row):
                keys.setdefault(plain_name(name), []).append(key)
        privacy = self.privacy(keys)
        for row in self.valid("headings"):
            heading = self.heading(row, relations)
            headings |= {plain_name(name): heading for name in self.names(row)}
        # the narrowest rule first: one for some types of note goes before one for all
        ordered = {
            name: tuple(sorted(found, key=lambda rule: (rule.source not in self.own, not rule.of, not rule.types)))
            for name, found in keys.items()
        }
        roles = {name: next((rule for rule in found if rule.role), None) for name, found in ordered.items()}
        known = {name: rule for name, rule in ordered.items() if name not in privacy}
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
            PrivacyTable(privacy, self.private_names("tags"), self.private_names("folders"), known),
        )

    def valid(self, table: str) -> list[TableRow]:
        """Return the rows of a table; what they hold beyond the known fields is reported once."""
        rows = self.tables[table]
        for row in rows:
            unknown = set(row.value) - _FIELDS[table]
            found = [
                unknown_name(Message("unknown field {name!r}", name=name), name, sorted(_FIELDS[table]), row.source)
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

    def key(self, row: TableRow, types: set[str]) -> KeyRule:
        """Return the rule of a key."""
        for name in texts_of(row.value.get("types")):
            if name not in types:
                self.bad(row, Message("unknown type {name!r}", name=name))
        return KeyRule(
            row.name,
            row.source,
            self.choice(row, "role", _ROLES, ""),
            self.choice(row, "value", _KINDS, "text"),
            self.terms(row, "thing"),
            self.terms(row, "note"),
            self.terms(row, "concept"),
            classes=self.terms(row, "class"),
            scheme=str(row.value.get("scheme", "")),
            types=frozenset(texts_of(row.value.get("types"))),
            of=frozenset(self.terms(row, "of")),
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

    def privacy(self, keys: dict[str, list[KeyRule]]) -> dict[str, PrivacyRow]:
        """Return the rows of what keeps a note back, by key; keys that nothing else knows say nothing besides."""
        rows: dict[str, PrivacyRow] = {}
        for row in self.valid("privacy"):

            def answers(name: str, row: TableRow = row) -> frozenset[str]:
                return frozenset(map(spoken, texts_of(row.value.get(name))))

            def is_yes(name: str, default: str, row: TableRow = row) -> bool:
                return spoken(str(row.value.get(name, default))) == "yes"

            rule = PrivacyRow(
                row.name,
                answers("hides"),
                answers("shows"),
                self.choice(row, "otherwise", _OTHERWISE, "hide"),
                is_yes("nested", "yes"),
                is_yes("marks", "no"),
                answers("parts"),
                answers("unsure"),
                is_yes("words", "no"),
            )
            for name in filter(None, map(plain_name, texts_of(row.value.get("keys")))):
                rows.setdefault(name, rule)
                if rule.otherwise != "nothing":
                    keys.setdefault(name, [KeyRule(row.name, row.source, role="privacy", kind="nothing")])
        for name, found in keys.items():  # keys of the vault's own
            for key in found:
                if key.role in ("draft", "private", "publish") and key.role in rows:
                    rows.setdefault(name, rows[key.role])
        return rows

    def private_names(self, name: str) -> frozenset[str]:
        """Return the tags or the folders that keep notes back."""
        rows = [row for row in self.valid("private-names") if row.name == name]
        return frozenset(plain_name(text) for row in rows for text in texts_of(row.value.get("names")))

    def heading(self, row: TableRow, relations: Mapping[str, KeyRule]) -> HeadingRule:
        """Return the rule of a heading."""
        states = self.choice(row, "states", _STATES, "nothing")
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
