"""The token endpoint and the checks every call passes before its work: app key, token, tenant, scope (servicetitan §3, E1-E3)."""

from __future__ import annotations

import base64
import json
import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tieout.sandbox.clock import Clock
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.wire import Request, Response

FORM: Final = "application/x-www-form-urlencoded"
ISSUERS: Final = {"production": "https://auth.servicetitan.io", "integration": "https://auth-integration.servicetitan.io"}


@dataclass(frozen=True, slots=True)
class Token:
    """What an issued token allows, and the second its life ends."""

    client: str
    tenant: str
    scope: frozenset[str]
    expires: float


class TokenDesk:
    """Issues RS256 tokens and knows which of them are still good. Tokens end with the process, and so does its key."""

    def __init__(self, clock: Clock, settings: Mapping[str, Any], chance: random.Random) -> None:
        self._clock = clock
        self._settings = settings
        self._chance = chance
        self._lock = threading.Lock()
        self._key = _key_of_process()
        self._key_id = f"{chance.getrandbits(160):040X}"
        self._issued: dict[str, Token] = {}
        self._requests: list[float] = []

    def issue(self, request: Request, scopes: Sequence[str]) -> Response:
        """Answers ``POST /connect/token``; refusals are OAuth 2 error bodies with status 400 (429 when throttled)."""
        if request.header("content-type").partition(";")[0].strip().lower() != FORM:
            return _oauth_error("invalid_request")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        if "grant_type" not in form:
            return _oauth_error("invalid_request")
        if form["grant_type"] != "client_credentials":
            return _oauth_error("unsupported_grant_type")
        expected = (self._settings["client_id"], self._settings["client_secret"])
        if (form.get("client_id"), form.get("client_secret")) != expected:
            return _oauth_error("invalid_client")
        asked = form.get("scope", "").split()
        if any(scope not in scopes for scope in asked):
            return _oauth_error("invalid_scope")
        wait = self._throttled()
        if wait is not None:
            return _oauth_error("temporarily_unavailable", 429, {"Retry-After": str(wait)})
        return self._grant(form["client_id"], asked or list(scopes))

    def admit(self, request: Request, tenant: str, scope: str) -> None:
        """Lets a call pass or raises the 401 or 403 it deserves."""
        key = request.header("st-app-key") or next((v for n, v in request.query if n.lower() == "servicetitanapplicationkey"), "")
        if key != self._settings["app_key"]:
            raise Refused(401, "The application key is missing or is not known.")
        token = self._issued.get(bearer(request))
        if token is None or token.expires <= self._clock.now().timestamp():
            raise Refused(401, "The access token is missing, is not valid or has expired.")
        if token.tenant != tenant:
            raise Refused(403, f"The application has no access to tenant {tenant}.")
        if scope not in token.scope:
            raise Refused(403, f"The access token lacks the scope {scope}.")

    def revoke(self, request: Request) -> None:
        """Ends the token the request uses."""
        with self._lock:
            self._issued.pop(bearer(request), None)

    def revoke_all(self) -> None:
        """Ends every token."""
        with self._lock:
            self._issued.clear()

    def _throttled(self) -> int | None:
        """Seconds to wait before another token may be asked for, or None; off unless the setting says so (E1)."""
        limit = self._settings["token_limit_per_minute"]
        if not limit:
            return None
        now = self._clock.now().timestamp()
        with self._lock:
            self._requests = [at for at in self._requests if at > now - 60]
            if len(self._requests) >= limit:
                return max(1, round(self._requests[0] + 60 - now))
            self._requests.append(now)
        return None

    def _grant(self, client: str, scopes: list[str]) -> Response:
        now = int(self._clock.now().timestamp())
        life = self._settings["session_lifetime_s"]
        with self._lock:
            claims = {
                "nbf": now,
                "exp": now + life,
                "iat": now,
                "iss": ISSUERS[self._settings["environment"]],
                "client_id": client,
                "tenant": str(self._settings["tenant"]),
                "jti": f"{self._chance.getrandbits(128):032X}",
                "scope": scopes,
            }
            text = self._sign(claims)
            self._issued = {kept: token for kept, token in self._issued.items() if token.expires > now}
            self._issued[text] = Token(client, str(self._settings["tenant"]), frozenset(scopes), now + life)
        body = {"access_token": text, "expires_in": life, "token_type": "Bearer", "scope": " ".join(scopes)}
        return Response.of(body, headers={"Cache-Control": "no-store, no-cache, max-age=0", "Pragma": "no-cache"})

    def _sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self._key_id, "typ": "at+jwt"}
        signed = f"{_part(header)}.{_part(claims)}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(signature)}"


@cache
def _key_of_process() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def bearer(request: Request) -> str:
    """The token of a request; the word Bearer may be there or not (servicetitan §3)."""
    text = request.header("authorization").strip()
    return text[7:].strip() if text[:7].lower() == "bearer " else text


def _oauth_error(code: str, status: int = 400, headers: Mapping[str, str] | None = None) -> Response:
    return Response.of({"error": code}, status, headers=headers)


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
