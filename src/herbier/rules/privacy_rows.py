"""From the rows of `privacy` to what keeps a note back, by key."""

from herbier.rdf.slugs import plain_name
from herbier.rules.alignment import RowReader, TableRow, texts_of
from herbier.rules.privacy_words import PrivacyRow, spoken
from herbier.rules.rule_types import KeyRule

_OTHERWISE = ["hide", "nothing", "date", "given"]


def read_privacy(table: RowReader, keys: dict[str, list[KeyRule]]) -> dict[str, PrivacyRow]:
    """Return the rows of what keeps a note back, by key; keys that nothing else knows say nothing besides."""
    rows: dict[str, PrivacyRow] = {}
    for row in table.valid("privacy"):

        def answers(name: str, row: TableRow = row) -> frozenset[str]:
            return frozenset(map(spoken, texts_of(row.value.get(name))))

        def is_yes(name: str, default: str, row: TableRow = row) -> bool:
            return spoken(str(row.value.get(name, default))) == "yes"

        rule = PrivacyRow(
            row.name,
            answers("hides"),
            answers("shows"),
            table.choice(row, "otherwise", _OTHERWISE, "hide"),
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
