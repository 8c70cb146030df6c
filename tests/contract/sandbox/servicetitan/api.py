"""A bare client of the emulator that holds every reply against the vendor's interface facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.contract.spec_facts import validate_request, validate_response
from tieout.sandbox.servicetitan.emulator import ServiceTitanEmulator
from tieout.sandbox.wire import Request

NOW = "2026-03-02T15:00:00Z"
TENANT = 1_000_001
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "st-client", "client_secret": "st-secret"}
GUID = "6f1c1f6e-3d0a-4a52-9d43-0c2f6a1f9b11"


class InProcess(httpx.BaseTransport):
    """Calls an emulator without a socket, so that its webhooks leave only when a test says so."""

    def __init__(self, emulator: ServiceTitanEmulator) -> None:
        self._emulator = emulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        asked = Request.build(request.method, target, headers=dict(request.headers), body=request.read())
        answer = self._emulator.handle(asked)
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)


@dataclass(slots=True)
class Api:
    """Calls like ``api.get("jpm/jobs", pageSize=5)``; a reply, or a request that succeeds, breaking the vendor's schema fails the test."""

    emulator: ServiceTitanEmulator
    http: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)
    checks: bool = True

    def sign_in(self, **form: str) -> str:
        reply = self.http.post("/connect/token", data={**CREDENTIALS, **form})
        assert reply.status_code == 200, reply.text
        token: str = reply.json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}", "ST-App-Key": "st-app-key"}
        return token

    def call(self, method: str, about: str, *, json: Any = None, params: Any = None, **more: Any) -> httpx.Response:
        area, _, rest = about.partition("/")
        path = f"/{area}/v2/tenant/{TENANT}/{rest}"
        extra = {} if json is None else {"json": json}
        reply = self.http.request(method, path, params=params, headers=self.headers, **extra, **more)
        if self.checks:
            body = reply.json() if reply.content else None
            assert validate_response(area, method, path, reply.status_code, body) == []
        if self.checks and json is not None and reply.status_code < 300:
            # What the contract does not allow must not succeed; only a plain date is read as its midnight.
            told = validate_request(area, method, path, None, json)
            assert [each for each in told if each.startswith("body") and not each.endswith("not a date with a time")] == []
        return reply

    def get(self, about: str, **params: Any) -> Any:
        reply = self.call("GET", about, params=params)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def rows(self, about: str, **params: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.get(about, **{"pageSize": 5000, **params})["data"]
        return rows

    def made(self, method: str, about: str, body: Any = None) -> Any:
        reply = self.call(method, about, json=body)
        assert reply.status_code == 200, reply.text
        return reply.json() if reply.content else None

    def refused(self, status: int, method: str, about: str, body: Any = None, **params: Any) -> dict[str, Any]:
        reply = self.call(method, about, json=body, params=params)
        assert reply.status_code == status, reply.text
        problem: dict[str, Any] = reply.json()
        assert set(problem) == {"type", "title", "status", "traceId", "errors", "data"}
        assert problem["status"] == status
        return problem

    # -- control

    def control(self, method: str, topic: str, body: Any = None) -> Any:
        reply = self.http.request(method, f"/_sandbox/{topic}", json=body)
        assert reply.status_code < 300, reply.text
        return reply.json()

    def settings(self, **values: Any) -> None:
        self.control("PUT", "settings", values)

    def advance(self, seconds: float) -> None:
        self.control("PUT", "clock", {"advance_s": seconds})

    # -- records to start from

    def new_customer(self, name: str = "Otter Creek Bakery & Café", **more: Any) -> dict[str, Any]:
        address = {"street": "1 Bluebell Ln", "city": "Denver", "state": "CO", "zip": "80203", "country": "USA"}
        body = {"name": name, "address": address, "locations": [{"name": name, "address": address}], **more}
        customer: dict[str, Any] = self.made("POST", "crm/customers", body)
        return customer

    def job_body(self, customer: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        customer = customer or self.new_customer()
        job_type = self.rows("jpm/job-types")[0]
        return {
            "customerId": customer["id"],
            "locationId": customer["locations"][0]["id"],
            "businessUnitId": job_type["businessUnitIds"][0],
            "jobTypeId": job_type["id"],
            "priority": "Normal",
            "campaignId": self.control("GET", "objects/campaigns")[0]["id"],
            "appointments": [{"start": "2026-03-05T15:00:00Z", "end": "2026-03-05T17:00:00Z"}],
            **more,
        }

    def new_job(self, customer: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        job: dict[str, Any] = self.made("POST", "jpm/jobs", self.job_body(customer, **more))
        return job

    def new_project(self, customer: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        project: dict[str, Any] = self.made("POST", "jpm/projects", {"locationId": customer["locations"][0]["id"], **more})
        return project

    def export(self, about: str, start: str = "", **params: Any) -> tuple[list[dict[str, Any]], str]:
        """Every row of a feed until hasMore is false, and the last continuation token."""
        rows: list[dict[str, Any]] = []
        while True:
            page = self.get(about, **{"from": start, **params})
            rows += page["data"]
            start = page["continueFrom"]
            if not page["hasMore"]:
                return rows, start

    # -- papers to start from

    def sku(self, kind: str = "materials", place: int = 0) -> dict[str, Any]:
        return self.rows(f"pricebook/{kind}")[place]

    def account(self, number: str) -> dict[str, Any]:
        return self.rows("accounting/gl-accounts", numbers=number)[0]

    def new_vendor(self, name: str = "Poudre Pipe & Valve", **more: Any) -> dict[str, Any]:
        address = {"street": "9 Freight Way", "unit": "", "city": "Denver", "state": "CO", "zip": "80216", "country": "USA"}
        body = {"name": name, "active": True, "isTruckReplenishment": False, "taxRate": 0, "restrictedMobileCreation": False}
        made = self.made("POST", "inventory/vendors", {**body, "address": address, **more})
        vendor: dict[str, Any] = self.get(f"inventory/vendors/{made['id']}")
        return vendor

    def new_bill(self, **more: Any) -> dict[str, Any]:
        """A bill of a new vendor for a new job, unless told otherwise."""
        given = dict(more)
        if "vendorId" not in given:
            given["vendorId"] = self.new_vendor()["id"]
        if "jobId" not in given and "purchaseOrderId" not in given and "businessUnitId" not in given:
            given["jobId"] = self.new_job()["id"]
        if "items" not in given and "expenseItems" not in given:
            given["items"] = [{"skuId": self.sku()["id"], "quantity": 3, "cost": 18.25}]
        bill: dict[str, Any] = self.control("POST", "objects/ap-bills", given)
        return bill

    def put(self, kind: str, **given: Any) -> dict[str, Any]:
        row: dict[str, Any] = self.control("POST", f"objects/{kind}", given)
        return row

    def not_put(self, kind: str, **given: Any) -> str:
        reply = self.http.post(f"/_sandbox/objects/{kind}", json=given)
        assert reply.status_code == 400, reply.text
        told: str = reply.json()["error"]
        return told
