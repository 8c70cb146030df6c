"""The REST surface as the emulator meets it: which requests are its, and how each goes (intacct-rest §0, §2, §9, §10)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tieout.sandbox.faults import Faults
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.reading import Columns
from tieout.sandbox.intacct.rest import bulk, jwt
from tieout.sandbox.intacct.rest.binding import Places, Schema, bound, extended
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context
from tieout.sandbox.intacct.rest.errors import RestRefusal, error, gateway, malformed
from tieout.sandbox.intacct.rest.idempotency import Idempotency, checked_key, conflict
from tieout.sandbox.intacct.rest.objects import OBJECTS
from tieout.sandbox.intacct.rest.router import Router
from tieout.sandbox.intacct.rest.tokens import BareRefusal, Bearer, Tokens
from tieout.sandbox.intacct.rest.typed import Schemas
from tieout.sandbox.intacct.sessions import COMPANY_ID, Door
from tieout.sandbox.intacct.work import Company, Work
from tieout.sandbox.meter import Meter
from tieout.sandbox.settings import Setting
from tieout.sandbox.wire import Call, Request, Response

BASE = "/ia/api/"
ROOT = "/ia/api/v1"
_WELL_KNOWN = "/.well-known/"
_UNKEYED = ("/services/core/model", "/services/core/query", "/oauth2/")

SETTINGS: Mapping[str, Setting] = {
    "rest_client_secret": Setting("sandbox-app-secret", "the secret of the REST client sandbox-app", secret=True),
    "token_lifetime_s": Setting(43200.0, "seconds an access token lives", low=1),
    "refresh_token_lifetime_s": Setting(0.0, "seconds a refresh token lives; 0 is for ever"),
    "rotate_refresh_tokens": Setting(False, "a refresh gives a new refresh token and ends the old one"),
    "new_grant_kills_old": Setting(False, "a new grant of the same user ends all earlier tokens"),
    "bearer_failure_http": Setting("401", "HTTP status of a dead access token", choices=("401", "400")),
    "read_only_fields": Setting("refuse", "a read-only field in a REST payload", choices=("refuse", "ignore")),
    "duplicate_http": Setting("409", "HTTP status of a duplicate id over REST", choices=("409", "422", "400")),
    "bulk_job_s": Setting(0.0, "seconds until a bulk job has ended"),
}


def kinds(plain: Mapping[str, Kind]) -> Mapping[str, Kind]:
    """The XML kinds with what only REST has: what the storage's indexes and the rules of deleting need to know."""
    return _held(_These(plain))[0]


class _These:
    """Kinds told apart by identity: they never change, and comparing what they hold takes as long as binding them."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = dict(kinds)
        self._ids = tuple(map(id, self.kinds.values()))

    def __hash__(self) -> int:
        return hash(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _These) and self._ids == other._ids


@lru_cache(maxsize=4)
def _held(these: _These) -> tuple[Mapping[str, Kind], Mapping[str, Schema]]:
    """The kinds as REST sees them, and its objects bound to them; every emulator of a process has the same."""
    wide = extended(these.kinds, OBJECTS)
    return wide, bound(wide, these.kinds, OBJECTS)


def names() -> dict[str, str]:
    """XML object -> REST object, for what names both."""
    return {table.kind: table.name for table in OBJECTS.values()}


@dataclass(slots=True)
class Surface:
    """REST over the company that the XML gateway works on."""

    company: Company
    door: Door
    faults: Faults
    meter: Meter
    state: dict[str, int]
    tokens: Tokens = field(init=False)
    idempotency: Idempotency = field(init=False)
    _rest: Company = field(init=False)
    _router: Router = field(init=False)
    _places: Places = field(init=False)
    _answered: int = 0

    def __post_init__(self) -> None:
        company = self.company
        wide, plain = _held(_These(company.kinds))
        columns = Columns(company.storage, wide, company.entity_kind)
        schemas = Schemas(plain, company.storage)
        self._rest = replace(company, kinds=wide, columns=columns)
        self._places = Places(company.storage, columns, schemas)
        self._router = Router(schemas, self.door)
        self.tokens = Tokens(company, self.door)
        self.idempotency = Idempotency(company.storage, company.clock, company.settings)

    @staticmethod
    def takes(request: Request) -> bool:
        """Whether a request is for REST."""
        return request.path.startswith((BASE, _WELL_KNOWN)) or request.path == "/ia/authorize"

    # -- what the emulator asks around a request

    def calls(self, request: Request) -> Sequence[Call]:
        """The functions of a request."""
        path = request.path.removeprefix(ROOT)
        if not request.path.startswith(f"{ROOT}/"):
            return (Call(),)
        if path.startswith("/oauth2/"):
            return (Call(path.rpartition("/")[2]),)
        try:
            return self._router.calls(Asked(request.method, path, body=self._body(request)))
        except RestRefusal:
            return (Call(request.method),)

    def arrived(self, request: Request) -> Response | None:
        """Marks an idempotency key as being worked on; a second request under it is refused at once."""
        name = self._key_name(request)
        if name and not self.idempotency.arrive(name):
            return self._refused(conflict("A request with this idempotency key is still being worked on."))
        request.memo["idempotency"] = name
        return None

    def done(self, request: Request) -> None:
        """The request's work has ended."""
        if name := request.memo.get("idempotency"):
            self.idempotency.leave(name)

    def expire(self, request: Request) -> None:
        """Ends the access token the request carries."""
        self.tokens.expire(request.header("authorization"))

    def over_limit(self) -> Response:
        """429 GW-0010 with the headers of the hard limit (intacct-rest §2, §10)."""
        return self.status_reply(429, self.company.settings["retry_after_s"] or None)

    def status_reply(self, status: int, retry_after: float | None) -> Response:
        """A refusal from in front: GW-0010 for 429, GW-0001 for 5xx, each as JSON."""
        headers: dict[str, str] = {}
        if retry_after:
            text = f"{retry_after:g}"
            names = ("Retry-After", "X-IA-Throttle-Limit-RetryAfter", "X-IA-Throttle-Limit-Retry-After", "X-IA-TENANT-Throttle-Retry-After")
            headers = dict.fromkeys(names, text)
        if status == 429:
            limit = str(self.company.settings["concurrency"])
            headers |= {"X-IA-Throttle-Limit": limit, "X-IA-Throttle-Remaining": "0"}
            return self._refused(gateway("GW-0010", "API rate limit exceeded", 429, number=self._next()), headers)
        text = "Unable to process the request" if status >= 500 else "Invalid Request"
        return self._refused(gateway("GW-0001" if status >= 500 else "GW-0011", text, status, number=self._next()), headers)

    # -- the request itself

    def work(self, request: Request) -> Response:
        """Answers a request. Everything it changes is kept or undone together, its idempotency record included."""
        try:
            with self.company.storage.transaction():
                try:
                    return self._answer(request)
                except RestRefusal as refusal:
                    return self._refused(refusal)
        except RecursionError:
            return self._refused(malformed("The payload is nested too deeply."))

    def _answer(self, request: Request) -> Response:
        if request.path.startswith(_WELL_KNOWN):
            return self._well_known(request)
        if not request.path.startswith(f"{ROOT}/"):
            version = request.path.removeprefix(BASE).partition("/")[0]
            is_version = version[:1] == "v" and version[1:].isdigit() and version != "v1"
            raise malformed("Version is not supported." if is_version else "Malformed URL")
        path = request.path.removeprefix(ROOT)
        if path.startswith("/oauth2/"):
            return self._oauth(request, path.removeprefix("/oauth2/"))
        bearer = self.tokens.bearer(request.header("authorization"))
        name = request.memo.get("idempotency", "")
        checked_key(request)
        if name and (earlier := self.idempotency.earlier(name, request)) is not None:
            return earlier
        try:
            with self.company.storage.transaction():
                answer = self._sent(self._done(request, path, bearer))
        except RestRefusal as refusal:
            answer = self._refused(refusal)
        return self.idempotency.remember(name, request, answer) if name else answer

    def _done(self, request: Request, path: str, bearer: Bearer) -> Answer:
        asked = Asked(request.method, path, dict(request.query), request.headers, self._body(request))
        return self._router.dispatch(self._context(bearer), asked)

    def _context(self, bearer: Bearer) -> Context:
        user = self.company.storage.find(self.company.user_kind, "key", bearer.userid)
        number = user["RECORDNO"] if user is not None else ""
        work = Work(self._rest, bearer.session, bearer.userid, number, bearer.entity, state=self.state)
        return Context(work, self._router.schemas, self._places, self.faults, self.meter, bearer.client)

    def _oauth(self, request: Request, name: str) -> Response:
        """Token, revoke, introspect; anything else there is GW-0033."""
        if name not in {"token", "revoke", "introspect"}:
            raise gateway("GW-0033", "Unknown endpoint")
        if request.method != "POST":
            raise RestRefusal(405, error("methodNotAllowed", f"{request.method} is not offered at {request.path}."))
        self.meter.count(name, 0)
        give = {"token": self.tokens.grant, "revoke": self.tokens.revoke, "introspect": self.tokens.introspect}[name]
        return Response.of(give(request))

    def _well_known(self, request: Request) -> Response:
        base = str(self.company.settings["advertise_endpoint"] or request.base_url).rstrip("/")
        if request.path == f"{_WELL_KNOWN}jwks.json":
            return Response.of(jwt.key_set(self.company.storage))
        if request.path != f"{_WELL_KNOWN}openid-configuration":
            raise RestRefusal(404, error("notFound", f"There is nothing at {request.path}."))
        return Response.of(
            {
                "issuer": "https://api.intacct.com",
                "token_endpoint": f"{base}{ROOT}/oauth2/token",
                "jwks_uri": f"{base}{_WELL_KNOWN}jwks.json",
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    # -- bodies

    def _body(self, request: Request) -> Any:
        """The JSON of a body, or a bulk job's parts; None if there is none. Raises RestRefusal."""
        if "body" not in request.memo:
            try:
                request.memo["body"] = self._read(request)
            except RestRefusal as refusal:
                request.memo["body"] = refusal
        body = request.memo["body"]
        if isinstance(body, RestRefusal):
            raise body
        return body

    def _read(self, request: Request) -> Any:
        sort = request.header("content-type").lower()
        if request.path == ROOT + bulk.CREATE:
            return bulk.upload_in(request)
        if not request.body.strip() or request.method == "GET":
            return None
        if "xml" in sort:
            raise gateway("GW-0014", "The content type is XML; REST takes application/json", number=self._next())
        try:
            return json.loads(request.body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise malformed("The payload is not JSON.") from None

    def _sent(self, answer: Answer) -> Response:
        if answer.empty:
            return Response(answer.status, b"", answer.headers, "", records=answer.records)
        return Response.of(answer.body, answer.status, headers=answer.headers, records=answer.records)

    def _refused(self, refusal: RestRefusal, headers: Mapping[str, str] | None = None) -> Response:
        """A refusal in its shape: nested for REST, bare for the gateway and the authentication layer (intacct-rest §9.1, §1)."""
        body = dict(refusal.error)
        if isinstance(refusal, BareRefusal):
            return Response.of(body, refusal.status, headers=headers)
        if str(body.get("code", "")).startswith("GW-"):
            return Response.of({"ia::error": body}, refusal.status, headers=headers)
        body["supportId"] = f"sandbox{self._next()}%7E{COMPANY_ID.lower()}"
        meta = {"totalCount": 1, "totalSuccess": 0, "totalError": 1}
        return Response.of({"ia::result": {"ia::error": body}, "ia::meta": meta}, refusal.status, headers=headers)

    def _next(self) -> int:
        self._answered += 1
        return self._answered

    def _key_name(self, request: Request) -> str:
        """Under which name a request's idempotency key is kept; empty if it has none or none is taken there."""
        path = request.path.removeprefix(ROOT)
        if not request.path.startswith(f"{ROOT}/") or path.startswith(_UNKEYED):
            return ""
        try:
            key = checked_key(request)
            return f"{self.tokens.bearer(request.header('authorization')).client} {key}" if key else ""
        except RestRefusal:
            return ""


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")
