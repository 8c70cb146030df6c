"""Access tokens of the REST API: fetched when first needed, refreshed before they end (intacct-rest §1)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tieout.intacct.client.errors import IntacctError, Level, NotSentError, Reason
from tieout.intacct.client.rest_reply import read_reply
from tieout.intacct.client.transport import Transport

DEFAULT_REST_ENDPOINT = "https://api.intacct.com/ia/api/v1"
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_MARGIN = timedelta(minutes=5)
_LIFETIME = 43_200


@dataclass(frozen=True, slots=True)
class RestCredentials:
    """The application registered with Sage, and the user of the company it acts for (intacct-rest §1).

    The secret is never part of the repr.
    """

    client_id: str
    client_secret: str = field(repr=False)
    user_id: str
    company_id: str
    endpoint: str = DEFAULT_REST_ENDPOINT

    @property
    def username(self) -> str:
        """The user as the token request names it."""
        return f"{self.user_id}@{self.company_id}"


@dataclass(frozen=True, slots=True)
class Token:
    """One access token; `expires_at` is a margin early, by our clock."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


class Tokens:
    """The token of one application and user. Threads that need it wait for one request.

    An ended token is refreshed rather than asked for anew, because a second grant for the same user can end the first.
    """

    def __init__(self, credentials: RestCredentials, transport: Transport, now: Callable[[], datetime]) -> None:
        self._credentials = credentials
        self._transport = transport
        self._now = now
        self._token: Token | None = None
        self._guard = threading.Lock()

    def get(self) -> str:
        """A token good for a call now. Raises NotSentError."""
        with self._guard:
            if self._token is None or self._now() >= self._token.expires_at:
                self._token = self._renewed(self._token)
            return self._token.access

    def drop(self, access: str) -> None:
        """Forget a token that was refused; its refresh token goes too, because the grant may be what ended."""
        with self._guard:
            if self._token is not None and self._token.access == access:
                self._token = None

    def _renewed(self, token: Token | None) -> Token:
        if token is not None and token.refresh:
            try:
                return self._ask({"grant_type": "refresh_token", "refresh_token": token.refresh}, token.refresh)
            except NotSentError as error:
                if error.reason is not Reason.REFUSED:
                    raise
        return self._ask({"grant_type": "client_credentials", "username": self._credentials.username}, "")

    def _ask(self, grant: dict[str, str], refresh: str) -> Token:
        body = urlencode({**grant, "client_id": self._credentials.client_id, "client_secret": self._credentials.client_secret})
        asked = self._now()
        try:
            answer = self._transport.send("POST", self._credentials.endpoint + "/oauth2/token", body.encode(), _FORM)
            reply = read_reply(answer, asked, signing_in=True)
        except IntacctError as error:
            raise error.as_not_sent() from error
        given: Any = reply.body
        if not isinstance(given, dict) or not isinstance(given.get("access_token"), str):
            raise NotSentError(Reason.INCOMPLETE, Level.AUTHENTICATION, detail="the answer to the token request holds no token")
        seconds = given.get("expires_in")
        lifetime = timedelta(seconds=int(seconds) if isinstance(seconds, int | float | str) and str(seconds).isdigit() else _LIFETIME)
        kept = given.get("refresh_token")
        return Token(given["access_token"], kept if isinstance(kept, str) else refresh, asked + lifetime - min(_MARGIN, lifetime / 10))
