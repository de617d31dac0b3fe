"""Encryption of what the ledger knows of notes that are private now: who knows the note can read it, no one else."""

import base64
from hashlib import sha256, shake_256


def sealed_slug(name: str) -> str:
    """Return what stands for a slug that must not be read: it is found again by who knows it."""
    return f"~{sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}"


def encrypt(text: str, key: str) -> str:
    """Return a text that only the key opens, in URL-safe Base64 (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(_mixed(text.encode("utf-8", "surrogateescape"), key)).decode()


def decrypt(text: str, key: str) -> str:
    """Return what `encrypt` was given; ValueError where the key does not open it."""
    return _mixed(base64.urlsafe_b64decode(text), key).decode("utf-8", "surrogateescape")


def _mixed(data: bytes, handle: str) -> bytes:
    key = shake_256(handle.encode("utf-8", "surrogateescape")).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, key, strict=True))
