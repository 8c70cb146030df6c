"""A bare client of the emulator that holds every reply against the vendor's field tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.contract.spec_facts import facts
from tieout.sandbox.sage_psa.emulator import SagePsaEmulator
from tieout.sandbox.wire import Request

NOW = "2026-03-02T15:00:00Z"
KEY = {"X-FORECAST-API-KEY": "psa-key"}


class InProcess(httpx.BaseTransport):
    """Calls an emulator without a socket, so that its webhooks leave only when a test says so."""

    def __init__(self, emulator: SagePsaEmulator) -> None:
        self._emulator = emulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        asked = Request.build(request.method, target, headers=dict(request.headers), body=request.read())
        answer = self._emulator.handle(asked)
        return httpx.Response(answer.status, headers={"content-type": answer.content_type, **answer.headers}, content=answer.body)


def shape(key: str) -> str:
    """An operation with bare placeholders: ``GET /v1/projects/{}``."""
    return re.sub(r"\{\w+\}|YYYYMMDDTHHmmss|YYYYMMDD", "{}", key.split("?", 1)[0])


def operations() -> dict[str, dict[str, Any]]:
    """The vendor's operations by shape; the query forms of one path are one operation."""
    found: dict[str, dict[str, Any]] = {}
    for key, described in facts("forecast/endpoints")["operations"].items():
        found.setdefault(shape(key), {}).update(described)
    return found


def complaints(fields: dict[str, Any], row: dict[str, Any], version: str) -> list[str]:
    """What is wrong with a reply: a missing member, or one of another type or outside its words."""
    wrong = []
    for name, field in fields.items():
        if name == "progress" or (isinstance(field, dict) and "only" in field and version not in field["only"]):
            continue
        if name not in row:
            wrong.append(f"{name} is missing")
        elif row[name] is not None and isinstance(field, dict):
            wrong += _type_complaint(name, field, row[name])
    return wrong


def _type_complaint(name: str, field: dict[str, Any], value: Any) -> list[str]:
    kind = field["type"]
    whole = isinstance(value, int) and not isinstance(value, bool)
    good = {
        "Integer": whole,
        "String": isinstance(value, str | list),
        "Boolean": isinstance(value, bool),
        "Double": whole or isinstance(value, float),
        "Decimal": whole or isinstance(value, float),
        "Number": whole or isinstance(value, float),
        "Date": isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", value) is not None,
        "List<Integer>": isinstance(value, list),
    }.get(kind, True)
    if not good:
        return [f"{name} is {value!r}, not {kind}"]
    # OPPORTUNITY is missing from the project tables and listed elsewhere (sage-psa §2.2 stage gap).
    if "enum" in field and value not in field["enum"] and value not in ("OPPORTUNITY",):
        return [f"{name} is {value!r}, not one of {field['enum']}"]
    return []


@dataclass(slots=True)
class Api:
    """Calls like ``api.get("v1/projects", includeProgress="true")``; a reply that breaks the vendor's tables fails the test."""

    emulator: SagePsaEmulator
    http: httpx.Client

    def call(self, method: str, path: str, json: Any = None, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        more = {} if json is None else {"json": json}
        reply = self.http.request(method, f"/api/{path}", params=params, headers={**KEY, **(headers or {})}, **more)
        if reply.status_code >= 400:
            assert set(reply.json()) == {"status", "message"}, reply.text
            assert reply.json()["status"] == reply.status_code
        elif reply.content:
            self._compare(method, path, reply.json())
        return reply

    def get(self, path: str, **params: Any) -> Any:
        reply = self.call("GET", path, **params)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def post(self, path: str, **body: Any) -> Any:
        reply = self.call("POST", path, body)
        assert reply.status_code == 201, reply.text
        return reply.json()

    def put(self, path: str, **body: Any) -> Any:
        reply = self.call("PUT", path, body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def delete(self, path: str) -> None:
        reply = self.call("DELETE", path)
        assert (reply.status_code, reply.content) == (200, b""), reply.text

    def refused(self, status: int, method: str, path: str, body: Any = None, **params: Any) -> str:
        reply = self.call(method, path, body, **params)
        assert reply.status_code == status, reply.text
        message: str = reply.json()["message"]
        return message

    def settings(self, **values: Any) -> None:
        reply = self.http.put("/_sandbox/settings", json=values)
        assert reply.status_code == 200, reply.text

    def advance(self, seconds: float) -> None:
        self.http.put("/_sandbox/clock", json={"advance_s": seconds})

    def rows(self, kind: str) -> list[dict[str, Any]]:
        reply = self.http.get(f"/_sandbox/objects/{kind}")
        assert reply.status_code == 200, reply.text
        rows: list[dict[str, Any]] = reply.json()
        return rows

    def by_hand(self, kind: str, **row: Any) -> dict[str, Any]:
        """What a person does in the product's own pages."""
        reply = self.http.post(f"/_sandbox/objects/{kind}", json=row)
        assert reply.status_code == 201, reply.text
        made: dict[str, Any] = reply.json()
        return made

    def role(self) -> int:
        number: int = self.get("v1/roles")[0]["id"]
        return number

    def person(self, email: str = "sam@example.com", **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.post("v2/persons", first_name="Sam", last_name="Reed", email=email, profile_ids=[-3], **more)
        return made

    def project(self, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.post("v1/projects", **{"name": "Boiler room", **more})
        return made

    def task(self, project: int, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.post("v3/tasks", project_id=project, **{"title": "Rough-in", **more})
        return made

    def _compare(self, method: str, path: str, data: Any) -> None:
        version = path.split("/", 1)[0]
        found = fields_of(method, path)
        if found is None:
            return
        if path.startswith("v2/tasks/deleted") and len(data) and len(data[0]) == 3:
            found = {name: found[name] for name in ("id", "deleted_by", "deleted_at")}
        rows = data["pageContents"] if isinstance(data, dict) and "pageContents" in data else data
        for row in rows if isinstance(rows, list) else [rows]:
            assert complaints(found, row, version) == []


def fields_of(method: str, path: str) -> dict[str, Any] | None:
    """The response fields the vendor lists for a request; a write answers like the reading of one record."""
    given = f"/{path}".split("/")
    best: tuple[int, dict[str, Any]] | None = None
    for key, described in operations().items():
        verb, template = key.split(" ", 1)
        parts = template.split("/")
        if verb != method or len(parts) != len(given):
            continue
        if all(part in ("{}", seen) for part, seen in zip(parts, given, strict=True)):
            literal = sum(part != "{}" for part in parts)
            if best is None or literal > best[0]:
                best = (literal, described)
    fields = None if best is None else best[1].get("response")
    return fields if isinstance(fields, dict) else None
