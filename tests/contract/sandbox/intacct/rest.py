"""A raw caller of the REST surface for these tests: plain httpx, JSON by hand."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import httpx

from tests.contract.sandbox.intacct.gateway import Gateway

ROOT = "/ia/api/v1"
PROJECTS, CUSTOMERS, CONTACTS = "/objects/projects/project", "/objects/accounts-receivable/customer", "/objects/company-config/contact"
CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-app",
    "client_secret": "sandbox-app-secret",
    "username": "ws-user@SANDBOX",
}


class Rest:
    """Calls one emulator over real HTTP; `xml` is the same emulator's gateway."""

    def __init__(self, xml: Gateway) -> None:
        self.xml = xml
        self.http = httpx.Client(verify=False, base_url=xml.url, timeout=30)
        self.sign_in()

    def __enter__(self) -> Rest:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.http.close()

    def token(self, **changes: Any) -> httpx.Response:
        """A token request as a form; None leaves a parameter out."""
        given = {name: value for name, value in (CREDENTIALS | changes).items() if value is not None}
        return self.http.post(f"{ROOT}/oauth2/token", data=given)

    def sign_in(self, **changes: Any) -> None:
        answer = self.token(**changes)
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def call(self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        return self.http.request(method, ROOT + path, json=body, headers=headers, params=query or None)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.call("POST", path, body, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.call("GET", path, **query)

    def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.call("PATCH", path, body, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def delete(self, path: str) -> httpx.Response:
        return self.call("DELETE", path)

    def query(self, name: str, *fields: str, **more: Any) -> httpx.Response:
        return self.post("/services/core/query", {"object": name, "fields": list(fields), **more})

    def found(self, name: str, *filters: Any, field: str = "id", **more: Any) -> list[Any]:
        """One field of every row that passes the filters, in order of it unless told otherwise."""
        answer = self.query(name, field, filters=list(filters), **{"orderBy": [{field: "asc"}], "size": 4000} | more)
        assert answer.status_code == 200, answer.text
        return [row[field] for row in answer.json()["ia::result"]]

    def made(self, path: str, body: Any, **headers: str) -> str:
        """Creates a record and gives its key."""
        answer = self.post(path, body, **headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["ia::result"]["key"])

    def read(self, path: str, key: str) -> dict[str, Any]:
        answer = self.get(f"{path}/{key}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()["ia::result"]
        return shown

    def project(self, number: str, **more: Any) -> str:
        return self.made(PROJECTS, project(number, **more))


def project(number: str, **more: Any) -> dict[str, Any]:
    """A project with everything a create must carry."""
    return {"id": number, "name": "Rooftop units", "category": "contract", "location": {"id": "100"}} | more


def problem(answer: httpx.Response) -> dict[str, Any]:
    """The ia::error of an answer that has one in an envelope."""
    body = answer.json()
    assert body["ia::meta"] == {"totalCount": 1, "totalSuccess": 0, "totalError": 1}
    error: dict[str, Any] = body["ia::result"]["ia::error"]
    assert error["supportId"]
    return error


def detail(answer: httpx.Response) -> tuple[str, str]:
    """errorId and JSON pointer of the first detail."""
    first = problem(answer)["details"][0]
    return first["errorId"], first.get("target", "")
