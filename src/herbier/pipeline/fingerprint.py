"""Fingerprints: digests of what cached results depend on. Where one is another, the results must be found anew."""

import re
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path

import herbier
from herbier import __version__
from herbier.pipeline.opening import Vault


def fingerprint_of(vault: Vault) -> str:
    """Return a digest of all that what is read of a note depends on, beside the note."""
    code = max(file.stat().st_mtime_ns for file in Path(herbier.__file__).parent.rglob("*.py"))
    roles = sorted(vault.rules.roles.items())
    rules = vault.rules
    of_reading = (roles, rules.privacy.keys, rules.evidence, rules.addresses, rules.blanks_part_tags)
    return digest_of(__version__, code, vault.settings, of_reading, vault.ledger is not None)


def digest_of(*parts: object) -> str:
    """Return what tells whether any of these has changed."""
    return sha256(_ordered(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _ordered(part: object) -> str:
    """Return a value as text, the same in every process: sets have no order of their own."""
    if isinstance(part, str):  # most are
        return repr(part)
    if isinstance(part, tuple | list):
        return f"({','.join(map(_ordered, part))})"
    if isinstance(part, re.Pattern):
        return repr(part.pattern)
    if isinstance(part, Mapping):
        return f"{{{','.join([f'{_ordered(key)}:{_ordered(value)}' for key, value in part.items()])}}}"
    if isinstance(part, Set):
        return f"{{{','.join(sorted(map(_ordered, part)))}}}"
    if is_dataclass(part) and not isinstance(part, type):
        return _ordered([getattr(part, field.name) for field in fields(part)])
    return repr(part)
