"""Secrets at rest: one encrypted box a connection, opened only to build its adapter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealedWithAnotherKeyError(Exception):
    """The stored secrets were encrypted with a key that is not among the configured ones."""

    def __init__(self) -> None:
        super().__init__(
            "The stored credentials cannot be read: they were encrypted with another key. "
            "Restore the key file of the data directory or enter the credentials again with “tieout connect”."
        )


@cache
def _box_of(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _box() -> MultiFernet:
    return _box_of(tuple(settings.TIEOUT_ENCRYPTION_KEYS))


def seal(values: dict[str, str]) -> bytes:
    """The values encrypted with the first configured key."""
    return _box().encrypt(json.dumps(values, sort_keys=True).encode()) if values else b""


def unseal(box: bytes) -> dict[str, str]:
    """The values of a box; an empty box has none. Raises SealedWithAnotherKeyError."""
    if not box:
        return {}
    try:
        values: dict[str, str] = json.loads(_box().decrypt(box))
    except InvalidToken:
        raise SealedWithAnotherKeyError from None
    return values
