"""The fallback for what a rule cannot use: it is kept as it is, under a key of the vault's own, and reported."""

from herbier.index.redaction import is_private_name, plain_text, redact_value
from herbier.mapping.context import NoteMapping, Statement
from herbier.messages import Message
from herbier.rdf.iris import ncname
from herbier.rdf.terms import Term
from herbier.rules.rule_types import UNKNOWN, KeyRule, Source
from herbier.vault.fields import Field, Scalar

UNKNOWN_KEY = KeyRule(UNKNOWN, Source("", 0), kind="auto")


def report_template(m: NoteMapping, found: Field, value: Scalar) -> None:
    """Report that a value was never filled in."""
    message = Message("the value of {key!r} is a template that was never filled in", key=found.key)
    hint = Message("fill it in, or list the templates' folder in .herbierignore")
    m.report("template-value", (value.line, value.column), message, hint)


def report_unusable(m: NoteMapping, found: Field, value: Scalar, expected: Message) -> None:
    """Report that a value is not of the kind that its key asks for, and under which key it is kept."""
    message = Message(
        "{key}: {written!r} is not {expected}; it is kept as key/{kept}",
        key=found.key,
        written=redact_value(m.index, value.text.strip(), m.path)[:50],
        expected=expected,
        kept=ncname(found.key),
    )
    m.report("bad-value", (value.line, value.column), message)


_LEFTOVER = str.maketrans("", "", " ,;.&/|-–—•[]()\n\t")
_JOINING = {"", "et", "and", "ou", "or", "avec", "with"}


def only_joins(rest: str) -> bool:
    """Return whether the words beside the links of a value say nothing but that they belong together."""
    return all(word.translate(_LEFTOVER).lower() in _JOINING for word in rest.split())


def keep_rest(m: NoteMapping, found: Field, value: Scalar, rest: str, thing: Term) -> None:
    """Keep the words beside the links of a value as they stand, and say so."""
    if only_joins(rest):
        return
    message = Message("the words beside the link are kept as key/{kept}", kept=ncname(found.key))
    m.report("bad-value", (value.line, value.column), message)
    keep(m, found, value, thing)


def keep(m: NoteMapping, found: Field, value: Scalar, thing: Term) -> None:
    """Keep a value that its rule cannot use as it stands, under the key of the vault's own."""
    if is_private_name(m.index, value.text, m.path):
        return
    m.out.keys.add(found.key)
    text = m.text(plain_text(m.index, value.text, m.path))
    statement: Statement = (thing, m.mint.key(found.key), text, (value.line, value.column), UNKNOWN_KEY)
    m.out.statements.append(statement)
