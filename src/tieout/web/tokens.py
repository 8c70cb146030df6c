"""Tokens of the API. Only a digest is stored: a token is shown once, when it is made, and stands for one person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.models import User

from tieout.store.models import ApiToken

PREFIX = "tieout_"


def make(user: User, label: str, now: datetime) -> str:
    """A new token of a person; it cannot be shown again."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, label=label[:80], digest=_digest(token), made_at=now)
    return token


def owner(token: str, now: datetime) -> User | None:
    """The person a token stands for; None if it is none, was revoked, or its person is switched off."""
    row = ApiToken.objects.select_related("user").filter(digest=_digest(token), revoked_at=None, user__is_active=True).first()
    if row is None:
        return None
    ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    found: User = row.user
    return found


def revoke(user: User, label: str, now: datetime) -> int:
    """Take a person's tokens of this label back; how many there were."""
    return ApiToken.objects.filter(user=user, label=label, revoked_at=None).update(revoked_at=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


__all__ = ["make", "owner", "revoke"]
