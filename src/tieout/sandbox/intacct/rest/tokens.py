"""OAuth grants and the tokens they give (intacct-rest §1)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from tieout.sandbox.intacct.rest import jwt
from tieout.sandbox.intacct.rest.errors import RestRefusal, error, gateway
from tieout.sandbox.intacct.sessions import COMPANY_ID, SESSION_KIND, USER_ID, Door
from tieout.sandbox.intacct.work import Company
from tieout.sandbox.wire import Request

CLIENT_ID = "sandbox-app"
ACCESS, REFRESH = "_REST_ACCESS", "_REST_REFRESH"
_GRANTS = frozenset({"client_credentials", "refresh_token"})
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a valid access token speaks for."""

    client: str
    userid: str
    entity: str
    session: str


class Tokens:
    """Gives, checks and ends tokens; they are kept with the company's rows."""

    def __init__(self, company: Company, door: Door) -> None:
        self._company, self._door = company, door

    # -- the token endpoint

    def grant(self, request: Request) -> Json:
        """The answer to a token request, as a form or as JSON; always with a refresh token. Raises RestRefusal."""
        given = parameters(request)
        way = given.get("grant_type", "")
        if way not in _GRANTS:
            raise gateway("GW-0032", "Invalid grant_type or payload" if way else "The grant_type is missing")
        self._check_client(given)
        if way == "refresh_token":
            return self._refreshed(given)
        userid, entity = self._named(given)
        if self._company.settings["new_grant_kills_old"]:
            self._end_all(userid)
        return self._issue(userid, entity, self._new_refresh(userid, entity))

    def revoke(self, request: Request) -> Json:
        """Ends the grant a token belongs to; what is not known is revoked already."""
        given = parameters(request)
        self._check_client(given)
        token = _digest(given.get("token", ""))
        for kind in (ACCESS, REFRESH):
            row = self._company.storage.get(kind, token)
            if row is not None:
                self._end_grant(row["grant"])
        return {"revoked": True}

    def introspect(self, request: Request) -> Json:
        """What a token is; an ended or unknown one is not active."""
        row = self._company.storage.get(ACCESS, _digest(parameters(request).get("token", "")))
        if row is None or self._is_over(row):
            return {"active": False}
        return {
            "active": True,
            "token_type": "Bearer",
            "client_id": row["client"],
            "user_id": row["userid"],
            "cny_id": COMPANY_ID,
            "exp": int(row["ends"]),
            "iat": int(row["since"]),
        }

    # -- bearers

    def bearer(self, header: str) -> Bearer:
        """Who an Authorization header speaks for; raises RestRefusal GW-0034, GW-0031 or REST-2102."""
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise gateway("GW-0034", "Authorization header must start with Bearer", 401)
        if jwt.claims_in(token.strip()) is None:
            raise self._invalid() if self._company.settings["bearer_failure_http"] == "400" else gateway("GW-0031", "Invalid token", 401)
        row = self._company.storage.get(ACCESS, _digest(token.strip()))
        if row is None or self._is_over(row):
            raise self._invalid()
        return Bearer(row["client"], row["userid"], row["entity"], f"rest {row['grant']}")

    def expire(self, header: str) -> None:
        """Ends one access token at once; its refresh token stays good."""
        token = _digest(header.partition(" ")[2].strip())
        if self._company.storage.get(ACCESS, token) is not None:
            self._company.storage.remove(ACCESS, token)

    # -- inside

    def _invalid(self) -> RestRefusal:
        """A dead token: 401, or 400 with the text that some clients look for (intacct-rest §1)."""
        if self._company.settings["bearer_failure_http"] == "400":
            told = error("tokenInvalid", "The token is not valid", "REST-2102", message_id="IA.TOKEN_IS_INVALID")
            return BareRefusal(400, {"error": told})
        return BareRefusal(401, {"error": error("tokenInvalid", "Token is not valid", "REST-2102", message_id="IA.TOKEN_IS_INVALID")})

    def _check_client(self, given: Mapping[str, str]) -> None:
        if not given.get("client_id"):
            raise gateway("GW-0037", "The client_id is missing")
        if given["client_id"] != CLIENT_ID:
            raise gateway("GW-0011", "Invalid Request")
        if given.get("client_secret") != self._company.settings["rest_client_secret"]:
            raise _wrong_credentials()

    def _named(self, given: Mapping[str, str]) -> tuple[str, str]:
        """User and entity of a client_credentials grant, by username or by session (intacct-rest §1)."""
        session = given.get("session_id")
        if session:
            row = self._company.storage.get(SESSION_KIND, session)
            if row is None or row["ends"] <= self._now():
                raise _wrong_credentials()
            return USER_ID, row["entity"]
        name = given.get("username")
        if name is None:
            raise gateway("GW-0015", "An attribute is missing in the token payload: username")
        if not name:
            raise gateway("GW-0036", "The username is empty")
        userid, at, rest = name.partition("@")
        company, _, entity = rest.partition("|")
        if not at or not company:
            raise gateway("GW-0012", "The tenant is missing in the username")
        if company != COMPANY_ID:
            raise gateway("GW-0011", "Invalid Request")
        if userid != USER_ID or not self._door.is_entity(entity):
            raise _wrong_credentials()
        return userid, entity

    def _refreshed(self, given: Mapping[str, str]) -> Json:
        token = given.get("refresh_token", "")
        if not token:
            raise gateway("GW-0015", "An attribute is missing in the token payload: refresh_token")
        storage, settings = self._company.storage, self._company.settings
        row = storage.get(REFRESH, _digest(token))
        if row is None or (row["ends"] and row["ends"] <= self._now()):
            raise self._invalid()
        entity = given.get("entity_id", row["entity"])
        if not self._door.is_entity(entity):
            raise _wrong_credentials()
        if settings["rotate_refresh_tokens"]:
            storage.remove(REFRESH, _digest(token))
            token = self._new_refresh(row["userid"], row["entity"], row["grant"])
        return self._issue(row["userid"], entity, token)

    def _new_refresh(self, userid: str, entity: str, grant: str = "") -> str:
        storage, settings = self._company.storage, self._company.settings
        number = storage.next("REST tokens")
        life = settings["refresh_token_lifetime_s"]
        ends = self._now() + life if life else 0.0
        token = jwt.signed(storage, {**self._claims(userid, entity), "jti": f"refresh-{number}", "typ": "refresh"})
        storage.put(REFRESH, _digest(token), {"grant": grant or str(number), "userid": userid, "entity": entity, "ends": ends})
        return token

    def _issue(self, userid: str, entity: str, refresh: str) -> Json:
        storage, now = self._company.storage, self._now()
        life = float(self._company.settings["token_lifetime_s"])
        grant = storage.get(REFRESH, _digest(refresh)) or {}
        number = storage.next("REST tokens")
        claims = {**self._claims(userid, entity), "exp": int(now + life), "jti": f"access-{number}", "sessionId": f"session-{number}"}
        access = jwt.signed(storage, claims)
        row = {"grant": grant.get("grant", ""), "client": CLIENT_ID, "userid": userid, "entity": entity, "since": now, "ends": now + life}
        storage.put(ACCESS, _digest(access), row)
        return {"token_type": "Bearer", "access_token": access, "refresh_token": refresh, "expires_in": int(life)}

    def _claims(self, userid: str, entity: str) -> Json:
        user = self._company.storage.find(self._company.user_kind, "key", userid)
        key = user["RECORDNO"] if user is not None else ""
        return {
            "iss": "https://api.intacct.com",
            "aud": "https://api.intacct.com",
            "sub": userid,
            "iat": int(self._now()),
            "clientId": CLIENT_ID,
            "cnyId": COMPANY_ID,
            "cnyKey": "1",
            "userId": userid,
            "userKey": key,
            "entityId": entity,
        }

    def _end_all(self, userid: str) -> None:
        for kind in (ACCESS, REFRESH):
            for number, row in self._company.storage.items(kind):
                if row["userid"] == userid:
                    self._company.storage.remove(kind, number)

    def _end_grant(self, grant: str) -> None:
        for kind in (ACCESS, REFRESH):
            for number, row in self._company.storage.items(kind):
                if row["grant"] == grant:
                    self._company.storage.remove(kind, number)

    def _is_over(self, row: Mapping[str, Any]) -> bool:
        return bool(row["ends"] <= self._now())

    def _now(self) -> float:
        return self._company.clock.now().timestamp()


class BareRefusal(RestRefusal):
    """A refusal whose body is not put into an ia::error: the authentication layer has shapes of its own."""


def parameters(request: Request) -> dict[str, str]:
    """The parameters of a form or JSON body; raises RestRefusal GW-0032, GW-0035, GW-0038, GW-0039."""
    if not request.body.strip():
        raise gateway("GW-0035", "The token payload is empty")
    if "json" in request.header("content-type"):
        try:
            found = request.json()
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise gateway("GW-0032", "The payload is not made of attributes and values")
        return found
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise gateway("GW-0032", "The payload is not made of attributes and values") from None
    counts = Counter(name for name, _ in pairs)
    for name, code in (("client_id", "GW-0038"), ("username", "GW-0039")):
        if counts[name] > 1:
            raise gateway(code, f"There is more than one {name}")
    return dict(pairs)


def _wrong_credentials() -> RestRefusal:
    return BareRefusal(401, {"code": "invalidRequest", "message": "Credentials are invalid.", "supportId": "sandbox%7Etoken"})


def _digest(token: str) -> str:
    """Tokens are kept by their hash only."""
    return hashlib.sha256(token.encode()).hexdigest()
