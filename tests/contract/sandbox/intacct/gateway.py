"""A raw caller of the XML gateway for these tests: writes envelopes by hand and reads replies with lxml alone."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import httpx
from lxml import etree

PATH = "/ia/xml/xmlgw.phtml"
LOGIN = "<login><userid>{user}</userid><companyid>{company}</companyid><password>{password}</password>{location}</login>"


class Reply:
    """One reply: the HTTP response and its document."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.root = etree.fromstring(response.content)

    def text(self, path: str) -> str | None:
        """The text at a path below <response>; "" for an empty element, None for no element."""
        found = self.root.find(path)
        return None if found is None else (found.text or "")

    @property
    def results(self) -> list[etree._Element]:
        return self.root.findall("operation/result")

    @property
    def result(self) -> etree._Element:
        assert len(self.results) == 1, self.response.text
        return self.results[0]

    @property
    def status(self) -> str | None:
        found = self.result.find("status")
        return None if found is None else found.text

    @property
    def data(self) -> etree._Element:
        found = self.result.find("data")
        assert found is not None, self.response.text
        return found

    @property
    def rows(self) -> list[dict[str, str]]:
        """The records of the result, one level deep."""
        assert self.status == "success", self.response.text
        return [{str(field.tag): field.text or "" for field in record} for record in self.data]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Number and description2 (without Support ID) of every error of the one result."""
        return errors_in(self.result)


def errors_in(element: etree._Element) -> list[tuple[str, str]]:
    found = []
    for error in element.findall("errormessage/error"):
        text = error.findtext("description2") or ""
        found.append((error.findtext("errorno") or "", text.split(" [Support ID:")[0]))
    return found


class Gateway:
    """Calls one emulator over real HTTP."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(verify=False, base_url=url, timeout=30)
        self.url = url
        self.authentication = self.login()

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.http.close()

    @staticmethod
    def login(user: str = "ws-user", password: str = "ws-user-pw", company: str = "SANDBOX", location: str | None = None) -> str:
        place = "" if location is None else f"<locationid>{location}</locationid>"
        return LOGIN.format(user=user, company=company, password=password, location=place)

    def envelope(
        self, *functions: str, controlids: list[str] | None = None, authentication: str = "", transaction: str = "", **control: str
    ) -> bytes:
        given = {
            "senderid": "sandbox-sender",
            "password": "sandbox-sender-pw",
            "controlid": "request-1",
            "uniqueid": "false",
            "dtdversion": "3.0",
            "includewhitespace": "false",
        } | control
        block = "".join(f"<{name}>{value}</{name}>" for name, value in given.items() if value is not None)
        names = controlids or [f"f-{number}" for number in range(1, len(functions) + 1)]
        content = "".join(f'<function controlid="{name}">{function}</function>' for name, function in zip(names, functions, strict=True))
        attribute = f' transaction="{transaction}"' if transaction else ""
        who = authentication or self.authentication
        operation = f"<operation{attribute}><authentication>{who}</authentication><content>{content}</content></operation>"
        return f"<request><control>{block}</control>{operation}</request>".encode()

    def post(self, body: bytes) -> Reply:
        return Reply(self.http.post(PATH, content=body, headers={"Content-Type": "application/xml"}))

    def call(self, *functions: str, **given: Any) -> Reply:
        return self.post(self.envelope(*functions, **given))

    def session(self, location: str | None = None) -> str:
        """Signs in with getAPISession and gives the authentication block of the session."""
        inner = "<getAPISession/>" if location is None else f"<getAPISession><locationid>{location}</locationid></getAPISession>"
        number = self.call(inner).data.findtext("api/sessionid")
        return f"<sessionid>{number}</sessionid>"

    def control(self, method: str, path: str, body: Any = None) -> Any:
        response = self.http.request(method, f"/_sandbox/{path}", json=body)
        assert response.is_success, response.text
        return response.json()

    def set(self, **settings: Any) -> None:
        self.control("PUT", "settings", settings)

    def at(self, moment: str) -> None:
        self.control("PUT", "clock", {"now": moment})

    def advance(self, seconds: float) -> None:
        self.control("PUT", "clock", {"advance_s": seconds})

    def fault(self, action: str, *, seconds: float | None = None, status: int | None = None, **match: Any) -> None:
        described: dict[str, Any] = {"action": action, "match": match}
        if seconds is not None:
            described["seconds"] = seconds
        if status is not None:
            described["status"] = status
        self.control("POST", "faults", [described])

    def stored(self, kind: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.control("GET", f"objects/{kind}")
        return rows

    def project(self, number: str, extra: str = "", **given: Any) -> Reply:
        return self.call(f"<create>{project(number, extra)}</create>", **given)

    def customer(self, number: str, extra: str = "", contact: str = "<PRINTAS>Harrow Dental</PRINTAS>") -> Reply:
        inner = f"<CUSTOMERID>{number}</CUSTOMERID><NAME>Harrow Dental</NAME><DISPLAYCONTACT>{contact}</DISPLAYCONTACT>{extra}"
        return self.call(f"<create><CUSTOMER>{inner}</CUSTOMER></create>")


def project(number: str, extra: str = "") -> str:
    """A project with everything a create must carry."""
    base = f"<PROJECTID>{number}</PROJECTID><NAME>Rooftop units</NAME><PROJECTCATEGORY>Contract</PROJECTCATEGORY>"
    place = "" if "<LOCATIONID>" in extra else "<LOCATIONID>100</LOCATIONID>"
    return f"<PROJECT>{base}{place}{extra}</PROJECT>"


def query(kind: str, *fields: str, filter: str = "", order: str = "", more: str = "") -> str:
    """A query function; `order` is a field name, "-" before it for descending."""
    select = "".join(f"<field>{name}</field>" for name in fields)
    direction = "<descending/>" if order.startswith("-") else "<ascending/>"
    by = f"<orderby><order><field>{order.lstrip('-')}</field>{direction}</order></orderby>" if order else ""
    where = f"<filter>{filter}</filter>" if filter else ""
    return f"<query><object>{kind}</object><select>{select}</select>{where}{by}{more}</query>"


def read_by_query(kind: str, fields: str, text: str, more: str = "") -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<readByQuery><object>{kind}</object><fields>{fields}</fields><query>{escaped}</query>{more}</readByQuery>"
