"""Encryption: what stands for a private name is never that of another, and only its key opens a text."""

from contextlib import suppress

import pytest

from herbier.ledger.encryption import decrypt, encrypt, sealed_slug


def test_names_are_told_apart_and_cannot_be_read() -> None:
    names = [f"note-{number}" for number in range(20_000)]
    assert len({sealed_slug(name) for name in names}) == len(names)
    assert not [name for name in names[:100] if name in sealed_slug(name)]


@pytest.mark.parametrize("text", ["", "ada\tlive\tAda.md", "été \udce9"])
def test_only_the_key_opens_a_text(text: str) -> None:
    closed = encrypt(text, "id:7")
    assert decrypt(closed, "id:7") == text
    with suppress(ValueError):
        assert text == "" or decrypt(closed, "id:8") != text
