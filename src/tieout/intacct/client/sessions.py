"""Signing in: one session per entity, opened when first needed and kept until shortly before it ends (intacct-xml §1.5)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

from tieout.intacct.client.credentials import Credentials, Session
from tieout.intacct.client.reply import Reply

_VENDOR = ".intacct.com"
_MARGIN = timedelta(minutes=5)


class Sessions:
    """The open sessions of one company. Threads that need the same entity wait for one sign-in."""

    def __init__(self, sign_in: Callable[[str], Session], now: Callable[[], datetime]) -> None:
        self._sign_in = sign_in
        self._now = now
        self._open: dict[str, Session] = {}
        self._guards: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, entity: str) -> tuple[Session, bool]:
        """A session for the entity, and whether it was opened by this call. Raises what signing in raises."""
        with self._guard:
            guard = self._guards.setdefault(entity, threading.Lock())
        with guard:
            session = self._open.get(entity)
            if session is not None and (session.expires_at is None or self._now() < session.expires_at):
                return session, False
            session = self._sign_in(entity)
            self._open[entity] = session
            return session, True

    def drop(self, session: Session) -> None:
        """Forget a session that was refused; one opened meanwhile by another thread stays."""
        with self._guard:
            if (held := self._open.get(session.entity)) is not None and held.id == session.id:
                del self._open[session.entity]

    def extend(self, session: Session, expires_at: datetime | None) -> None:
        """Note the later end a successful call gave: the lifetime slides."""
        with self._guard:
            held = self._open.get(session.entity)
            if expires_at is not None and held is not None and held.id == session.id:
                self._open[session.entity] = Session(held.id, held.endpoint, held.entity, expires_at)

    def clear(self) -> None:
        """Forget all sessions."""
        with self._guard:
            self._open.clear()


def expiry(reply: Reply, now: datetime) -> datetime | None:
    """When a session ends by our clock, a margin early.

    Taken from the difference of the system's own two times, so a wrong clock on either side does no harm.
    """
    if reply.session_timeout is None or reply.session_timestamp is None:
        return None
    lifetime = reply.session_timeout - reply.session_timestamp
    if lifetime <= timedelta(0):
        return None
    return now + lifetime - min(_MARGIN, lifetime / 10)


def bound_endpoint(credentials: Credentials, returned: str) -> str:
    """The address to use after signing in.

    The returned one, if it is the configured host or both are the vendor's, and never with weaker transport; else the
    configured one: a session id goes only to hosts the administrator named or the vendor owns.
    """
    configured = httpx.URL(credentials.endpoint)
    try:
        wanted = httpx.URL(returned.strip())
    except httpx.InvalidURL:
        return credentials.endpoint
    if wanted.scheme not in ("http", "https") or (configured.scheme == "https" and wanted.scheme != "https"):
        return credentials.endpoint
    same = wanted.host == configured.host
    both_vendor = all(("." + url.host).rstrip(".").endswith(_VENDOR) for url in (wanted, configured))
    return str(wanted) if same or both_vendor else credentials.endpoint
