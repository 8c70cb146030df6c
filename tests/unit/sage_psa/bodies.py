"""Bodies as Sage PSA sends them (sage-psa §2.2), and an account made of them; every request must fit the vendor's own interface."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

import httpx

from tests.contract.spec_facts import facts
from tieout.platforms.sage_psa import SagePsaSystem, connect
from tieout.platforms.sage_psa.client import Client
from tieout.platforms.sage_psa.system import credentials_of

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
KEY = "fk1-very-secret"
VALUES = {"api_key": KEY}
ACTOR = 7


@dataclass
class Watch:
    """A clock that moves when it is told to."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


_STAMPS = {"created_by": 3, "updated_by": 3, "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-05-01T10:00:00Z"}


def client(id_: int = 101, **changes: Any) -> dict[str, Any]:
    address = {"street": "1 Mill Lane", "zip": "2100", "city": "Copenhagen", "country": "DK"}
    return {"id": id_, "name": f"Client {id_}", **address, "vat_number": None, "notes": "", **_STAMPS, **changes}


def project(id_: int = 301, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "company_project_id": id_ - 300,
        "custom_project_id": f"P{id_}",
        "name": f"Project {id_}",
        "connected_project": None,
        "stage": "RUNNING",
        "status": "GREEN",
        "status_description": "<p>fine</p>",
        "description": "Roof",
        "priority_level_id": None,
        "color": "#FF0000",
        "estimation_units": "HOURS",
        "minutes_per_estimation_point": 60,
        "budget": 1250.5,
        "billable": True,
        "budget_type": "FIXED_PRICE",
        "use_sprints": False,
        "start_date": "2026-05-01",
        "end_date": None,
        "task_levels": 2,
        "client": 101,
        "rate_card": 9,
        "remaining_auto_calculated": True,
        "use_baseline": False,
        "labels": [1],
        "external_refs": [],
        **_STAMPS,
        **changes,
    }


def person(id_: int = 7, **changes: Any) -> dict[str, Any]:
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 480) | {"saturday": 0, "sunday": 0}
    named = {"first_name": "Ada", "last_name": "Holm", "email": f"Ada{id_}@example.com", "job_title": None, "client_id": None}
    rest = {"active": True, "default_role": 21, "department_id": None, "cost": 50, "language": "ENGLISH_UK", "start_date": "2024-01-01"}
    return {"id": id_, **named, **days, **rest, "end_date": None, "permissions": [], "is_system_user": False, **_STAMPS, **changes}


def task(id_: int = 501, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "company_task_id": id_ - 500,
        "title": f"Task {id_}",
        "description": None,
        "project_id": 301,
        "parent_task_id": None,
        "role": 21,
        "estimate": 90.0,
        "remaining": 30,
        "approved": True,
        "start_date": None,
        "end_date": None,
        "bug": False,
        "high_priority": False,
        "un_billable": False,
        "blocked": False,
        "sprint": None,
        "workflow_column": 41,
        "milestone": 61,
        "assigned_persons": [7],
        "labels": [],
        "owner_id": None,
        **_STAMPS,
        **changes,
    }


def role(id_: int = 21, **changes: Any) -> dict[str, Any]:
    return {"id": id_, "name": "Engineer", **_STAMPS, **changes}


def phase(id_: int = 61, **changes: Any) -> dict[str, Any]:
    return {"id": id_, "name": "Build", "project_id": 301, "start_date": "2026-05-01", "end_date": "2026-06-01", **_STAMPS, **changes}


def member(person_id: int = 7, **changes: Any) -> dict[str, Any]:
    return {"person_id": person_id, "project_role": 21, "project_contact": False, **_STAMPS, **changes}


def column(id_: int = 41, **changes: Any) -> dict[str, Any]:
    return {"id": id_, "name": "To do", "category": "TODO", "sort_order": 1, **_STAMPS, **changes}


def error(status: int, message: str = "no such thing") -> httpx.Response:
    return httpx.Response(status, json={"status": status, "message": message})


Rows = dict[int, dict[str, Any]]
Handler = Callable[[httpx.Request], httpx.Response | None]


@dataclass
class Account:
    """One account. `intercept` may answer a request before the account does; None lets it through."""

    client: Rows = field(default_factory=dict)
    project: Rows = field(default_factory=dict)
    person: Rows = field(default_factory=dict)
    role: Rows = field(default_factory=dict)
    phase: Rows = field(default_factory=dict)
    task: Rows = field(default_factory=dict)
    team: dict[int, Rows] = field(default_factory=dict)
    columns: dict[int, Rows] = field(default_factory=dict)
    deleted: list[dict[str, Any]] = field(default_factory=list)
    intercept: Handler | None = None
    zone: timedelta = timedelta()
    served_at: datetime = NOW
    seen: list[httpx.Request] = field(default_factory=list)

    def put(self, kind: str, *bodies: dict[str, Any]) -> None:
        getattr(self, kind).update({body["id"]: body for body in bodies})

    def asked(self) -> list[str]:
        """Method and path of every request, in order."""
        return [f"{request.method} {_path(request)}" for request in self.seen]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        assert request.headers["X-FORECAST-API-KEY"] == KEY
        assert misfit(request) == []
        answer = self.intercept(request) if self.intercept else None
        response = answer if answer is not None else self._answer(request)
        response.headers.setdefault("Date", format_datetime(self.served_at, usegmt=True))
        return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        _version, *parts = unquote(_path(request)).split("/")
        if parts == ["company"]:
            return httpx.Response(200, json={"company_name": "Holm & Co", "currency": "DKK"})
        if parts == ["webhook_subscriptions"]:
            return httpx.Response(200, json=[])
        if parts[0] == "tasks" and len(parts) > 1 and not parts[1].isdigit():
            return self._delta(request, parts)
        if parts[0] == "projects" and len(parts) > 2:
            return self._inner(parts)
        return self._resource(request, getattr(self, parts[0].removesuffix("s")), parts)

    def _inner(self, parts: list[str]) -> httpx.Response:
        if parts[1] in ("custom_project_id", "company_project_id"):
            found = [body for body in self.project.values() if str(body[parts[1]]) == parts[2]]
            return httpx.Response(200, json=found[0]) if found else error(404)
        number = int(parts[1])
        if number not in self.project:
            return error(404)
        if parts[2] == "tasks":
            return httpx.Response(200, json=[body for body in self.task.values() if body["project_id"] == number])
        rows = (self.team if parts[2] == "team" else self.columns).get(number, {})
        if len(parts) == 3:
            return httpx.Response(200, json=list(rows.values()))
        return httpx.Response(200, json=rows[int(parts[3])]) if int(parts[3]) in rows else error(404)

    def _delta(self, request: httpx.Request, parts: list[str]) -> httpx.Response:
        told = parts[2] if parts[1] == "updated_after" else request.url.params["updated_after"]
        since = datetime.strptime(told, "%Y%m%dT%H%M%S").replace(tzinfo=UTC) + self.zone
        rows = list(self.task.values()) if parts[1] == "updated_after" else self.deleted
        when = "updated_at" if parts[1] == "updated_after" else "deleted_at"
        return httpx.Response(200, json=[body for body in rows if datetime.fromisoformat(body[when]) >= since])

    def _resource(self, request: httpx.Request, rows: Rows, parts: list[str]) -> httpx.Response:
        number = int(parts[1]) if len(parts) > 1 else None
        if number is not None and number not in rows:
            return error(404)
        match request.method, number:
            case "GET", None:
                return httpx.Response(200, json=list(rows.values()))
            case "POST", None:
                made = max(rows, default=1000) + 1
                blank = (project if parts[0] == "projects" else client)(made, custom_project_id=None, description=None, budget=None)
                wrote = {"created_by": ACTOR, "updated_by": ACTOR, "created_at": _at(self.served_at), "updated_at": _at(self.served_at)}
                rows[made] = {**blank, **json.loads(request.content), **wrote}
                return httpx.Response(201, json=rows[made])
            case "PUT", int():
                rows[number] = {**rows[number], **json.loads(request.content), "updated_by": ACTOR, "updated_at": _at(self.served_at)}
                return httpx.Response(200, json=rows[number])
            case "DELETE", int():
                del rows[number]
                return httpx.Response(200)
        return httpx.Response(200, json=rows[number or 0])

    def system(self, watch: Watch, **values: str) -> SagePsaSystem:
        return connect({**VALUES, **values}, clock=watch, transport=httpx.MockTransport(self))

    def http(self, watch: Watch) -> Client:
        return Client(credentials_of(VALUES), clock=watch.now, transport=httpx.MockTransport(self))


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _path(request: httpx.Request) -> str:
    return request.url.raw_path.decode().split("?")[0].removeprefix("/api/")


_SEGMENT = re.compile(r"\\\{[^/]*?\\\}")


def misfit(request: httpx.Request) -> list[str]:
    """What is wrong with a request by the vendor's own facts: method and path, query, headers, members and their types."""
    asked = f"{request.method} /{_path(request)}" + ("?updated_after=YYYYMMDDTHHmmss" if request.url.params else "")
    for listed, described in facts("forecast/endpoints")["operations"].items():
        form = _SEGMENT.sub("[^/]+", re.escape(listed)).replace("/updated_after/YYYYMMDDTHHmmss", r"/updated_after/\d{8}T\d{6}")
        if re.fullmatch(form, asked) and not described.get("deprecated"):
            break
    else:
        return [f"there is no {asked}"]
    if request.url.params and (
        set(request.url.params) != {"updated_after"} or not re.fullmatch(r"\d{8}T\d{6}", request.url.params["updated_after"])
    ):
        return [f"the query {request.url.params} is not known"]
    if request.method not in ("POST", "PUT"):
        return ["there is a body"] if request.content else []
    if request.headers["Content-Type"] != "application/json; charset=utf-8":
        return ["the type of the body is not JSON"]
    members = described["request"]
    return [wrong for name, value in json.loads(request.content).items() for wrong in _wrong(name, value, members.get(name))]


def _wrong(name: str, value: Any, row: dict[str, Any] | None) -> list[str]:
    if row is None or row.get("deprecated"):
        return [f"there is no member {name}"]
    if value is None:
        return []
    kinds: dict[str, Any] = {"String": str, "Integer": int, "Double": (int, float), "Boolean": bool, "Date": str}
    wrong = [] if isinstance(value, kinds[row["type"]]) else [f"{name} is no {row['type']}"]
    wrong += [f"{name} is not a choice"] if "enum" in row and value not in row["enum"] else []
    wrong += [f"{name} is too long"] if "maxLength" in row and len(value) > row["maxLength"] else []
    if row["type"] == "Date" and not wrong:
        date.fromisoformat(value)
    return wrong
