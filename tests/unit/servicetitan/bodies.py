"""Bodies as ServiceTitan sends them (servicetitan §5, §6, Appendix A), and a service made of answers written by hand."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

from tests.contract.spec_facts import validate_request
from tieout.platforms.servicetitan import ServiceTitanSystem, connect
from tieout.platforms.servicetitan.client import Client
from tieout.platforms.servicetitan.system import credentials_of

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)

VALUES = {
    "tenant": "1000001",
    "client_id": "cid.abc",
    "client_secret": "cs1.very-secret",
    "app_key": "ak1.key",
    "environment": "production",
}

SCOPES = ("tn.jpm.jobs:r", "tn.jpm.projects:r", "tn.crm.customers:r", "tn.crm.locations:r", "tn.jpm.jobtypes:r", "tn.acc.invoices:w")


@dataclass
class Watch:
    """A clock that moves when it is told to."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def job(id_: int = 501, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "jobNumber": f"J{id_}",
        "projectId": 301,
        "customerId": 101,
        "locationId": 201,
        "jobStatus": "Scheduled",
        "completedOn": None,
        "businessUnitId": 11,
        "jobTypeId": 21,
        "priority": "Normal",
        "campaignId": 0,
        "total": 1250.50,
        "noCharge": False,
        "customerPo": "",
        "createdOn": "2026-05-01T08:00:00Z",
        "modifiedOn": "2026-05-02T20:35:38.2876004Z",
        "customFields": [{"typeId": 7, "name": "Legacy number", "value": "A-17"}],
        "externalData": [],
        **changes,
    }


def project(id_: int = 301, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "number": f"{id_}",
        "name": "Roof replacement",
        "status": None,
        "subStatus": None,
        "customerId": 101,
        "locationId": 201,
        "projectTypeId": None,
        "projectManagerIds": [],
        "businessUnitIds": [11, 12],
        "startDate": "2026-05-01T00:00:00Z",
        "targetCompletionDate": None,
        "actualCompletionDate": None,
        "modifiedOn": "2026-05-02T09:00:00Z",
        "createdOn": "2026-05-01T07:59:00Z",
        "customFields": [],
        "externalData": [],
        "jobIds": [501, 502],
        **changes,
    }


ADDRESS = {"street": "1 Main St", "unit": None, "city": "Austin", "state": "TX", "zip": "78701", "country": "USA", "latitude": 30.1}


def customer(id_: int = 101, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "active": True,
        "name": "Acme Homes",
        "type": "Commercial",
        "address": dict(ADDRESS),
        "balance": 12.5,
        "taxExempt": False,
        "createdOn": "2026-01-01T00:00:00Z",
        "modifiedOn": "2026-02-01T00:00:00Z",
        "mergedToId": None,
        "paymentTermId": 3,
        "creditLimit": "5000.00",
        "externalData": None,
        **changes,
    }


def location(id_: int = 201, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "customerId": 101,
        "active": True,
        "name": "Main yard",
        "address": dict(ADDRESS),
        "modifiedOn": "2026-02-01T00:00:00Z",
        "mergedToId": None,
        "taxZoneId": 9,
        **changes,
    }


def business_unit(id_: int = 11, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "active": True,
        "name": "HVAC Install",
        "trade": {"id": 1, "name": "HVAC"},
        "division": None,
        "modifiedOn": "2026-01-01T00:00:00Z",
        **changes,
    }


def job_type(id_: int = 21, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "Install",
        "class": "Sales",
        "active": True,
        "priority": "Normal",
        "noCharge": False,
        "businessUnitIds": [11],
        "modifiedOn": "2026-01-05T00:00:00Z",
        **changes,
    }


def token(tenant: str = "1000001", scopes: tuple[str, ...] = SCOPES) -> str:
    claims = {"iss": "https://auth.servicetitan.io", "tenant": tenant, "scope": list(scopes), "exp": 1}
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{middle}.c2ln"


def error(status: int, title: str, **errors: list[str]) -> dict[str, Any]:
    return {"type": "https://httpstatuses.io", "title": title, "status": status, "traceId": "00-ab", "errors": errors, "data": {}}


Handler = Callable[[httpx.Request, Mapping[str, str]], httpx.Response]


@dataclass
class Service:
    """Answers by path below the tenant, such as `jpm/export/jobs`; every request must fit the vendor's own interface."""

    answers: dict[str, Handler] = field(default_factory=dict)
    seen: list[httpx.Request] = field(default_factory=list)
    token_answer: Callable[[httpx.Request], httpx.Response] | None = None
    served_at: str = "Wed, 20 May 2026 12:00:00 GMT"
    tokens: int = 0

    def on(self, path: str, answer: Any) -> None:
        """Answer `path` with JSON data, a response, or what a function of request and parameters gives."""
        if callable(answer):
            self.answers[path] = answer
        elif isinstance(answer, httpx.Response):
            self.answers[path] = lambda request, params: answer
        else:
            self.answers[path] = lambda request, params: httpx.Response(200, json=answer)

    def calls(self, path: str) -> list[dict[str, str]]:
        """The parameters of every request to `path`, in order."""
        return [_params(request) for request in self.seen if _place(request)[1] == path]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if request.url.path == "/connect/token":
            assert request.method == "POST"
            self.tokens += 1
            form = parse_qs(request.content.decode())
            assert form == {"grant_type": ["client_credentials"], "client_id": ["cid.abc"], "client_secret": ["cs1.very-secret"]}
            if self.token_answer:
                return self.token_answer(request)
            return httpx.Response(200, json={"access_token": token(), "expires_in": 900, "token_type": "Bearer", "scope": "x"})
        area, place = _place(request)
        params = _params(request)
        sent = json.loads(request.content) if request.content else None
        query = {**params, **({"ids": ids} if place.endswith("/vendors") and (ids := request.url.params.get_list("ids")) else {})}
        assert validate_request(area, request.method, request.url.path, query, sent) == []
        assert request.headers["Authorization"].startswith("Bearer ey")
        assert request.headers["ST-App-Key"] == "ak1.key"
        answer = self.answers.get(place)
        response = answer(request, params) if answer else httpx.Response(404, json=error(404, "Not found"))
        response.headers.setdefault("Date", self.served_at)
        return response

    def system(self, watch: Watch, **values: str) -> ServiceTitanSystem:
        return connect({**VALUES, **values}, clock=watch, transport=httpx.MockTransport(self))

    def client(self, watch: Watch, **options: Any) -> Client:
        return Client(credentials_of(VALUES), clock=watch.now, transport=httpx.MockTransport(self), **options)


def feed(rows: list[dict[str, Any]], token_: str, *, more: bool = False) -> dict[str, Any]:
    return {"hasMore": more, "continueFrom": token_, "data": rows}


def listing(rows: list[dict[str, Any]], *, more: bool = False, page: int = 1) -> dict[str, Any]:
    return {"page": page, "pageSize": 50, "hasMore": more, "totalCount": None, "data": rows}


def _params(request: httpx.Request) -> dict[str, str]:
    pairs = [(name, value) for name, value in request.url.params.multi_items() if (name, request.url.path[-7:]) != ("ids", "vendors")]
    assert len({name for name, _ in pairs}) == len(pairs), "a parameter is sent twice"
    return dict(pairs)


def _place(request: httpx.Request) -> tuple[str, str]:
    area, _, rest = request.url.path.strip("/").partition("/")
    return area, f"{area}/{rest.removeprefix('v2/tenant/1000001/')}"
