"""A small company behind the transport seam: enough of the gateway to exercise the client, written from the reference alone."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from lxml import etree

from tieout.intacct import KINDS, Type
from tieout.intacct.connection import IntacctSystem, connect

FORM = "%m/%d/%Y %H:%M:%S"
VALUES = {
    "company_id": "ACME",
    "sender_id": "acme-sender",
    "sender_password": "sender-secret",
    "user_id": "ws",
    "user_password": "user-secret",
}


OTHERS = {
    "REPORTINGPERIOD": "RECORDNO NAME START_DATE END_DATE STATUS",
    "PODOCUMENTPARAMS": "RECORDNO DOCID DOCCLASS ENABLEDOCCHANGE SEQUENCE STATUS TD_CREATION_RULE",
}


class Clock:
    """A clock that moves when told."""

    def __init__(self, start: datetime = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)) -> None:
        self.time = start

    def now(self) -> datetime:
        return self.time

    def advance(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@dataclass
class Stored:
    """One row; `visible_at` is when queries begin to see it."""

    fields: dict[str, str]
    visible_at: datetime | None = None


@dataclass
class Company:
    """Records, sessions and switches of one company. `zone` is the offset of its WHENMODIFIED column from UTC."""

    clock: Clock
    zone: timedelta = timedelta(0)
    unstamped: bool = False
    nulls_first: bool = False
    rows: dict[str, dict[int, Stored]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    audit: list[dict[str, str]] = field(default_factory=list)
    audit_allowed: bool = True
    date_format: str = "/mdY"
    sessions: set[str] = field(default_factory=set)
    executed: set[str] = field(default_factory=set)
    asked: list[etree._Element] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    answer: Callable[[httpx.Request, etree._Element], httpx.Response | None] | None = None
    before_query: Callable[[], None] | None = None
    refuse: Callable[[etree._Element], str] | None = None
    counter: int = 0
    applications: set[str] = field(default_factory=lambda: {"2.GL", "3.AP", "4.AR", "48.PROJACCT"})
    rights: dict[str, str] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    custom: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name, columns in OTHERS.items():
            self.rows.setdefault(name, {})
            self.columns.setdefault(name, set(columns.split()))
        for kind in [*KINDS.values(), *(each.lines.kind for each in KINDS.values() if each.lines)]:
            self.rows.setdefault(kind.name, {})
            self.columns.setdefault(kind.name, {*kind.columns, "RECORDNO", "WHENMODIFIED"})

    def system(self, **values: object) -> IntacctSystem:
        """The adapter connected to this company."""
        return connect({**VALUES, **values}, clock=self.clock, transport=httpx.MockTransport(self.handle))

    def stamp(self) -> str:
        return (self.clock.now() + self.zone).strftime(FORM)

    def put(self, kind: str, *, number: int | None = None, stamp: str | None = None, visible_after: float = 0, **values: str) -> int:
        """Make or change a row as someone else would."""
        self.counter += 1
        number = number or 1 + self.highest.get(kind, 0)
        self.highest[kind] = max(self.highest.get(kind, 0), number)
        held = self.rows[kind].get(number)
        fields = {**(held.fields if held else {}), **values, "RECORDNO": str(number)}
        fields["WHENMODIFIED"] = self.stamp() if stamp is None else stamp
        for each in KINDS[kind].fields if kind in KINDS else ():
            if each.type is Type.REFERENCE and each.key_column and each.name in values:
                fields[each.key_column] = values.get(each.key_column) or self.number_of(each.target, values[each.name])
        visible = self.clock.now() + timedelta(seconds=visible_after)
        if held is not None and visible_after:
            visible = held.visible_at or visible
        self.rows[kind][number] = Stored(fields, visible)
        return number

    def number_of(self, kind: str, name: str) -> str:
        """The RECORDNO of a record by its natural key; empty without one."""
        column = KINDS[kind].natural_key
        return next((held.fields["RECORDNO"] for held in self.rows[kind].values() if held.fields.get(column) == name), "")

    def lines(self, kind: str, number: int) -> list[dict[str, str]]:
        """The lines of a document in order."""
        lines = KINDS[kind].lines
        assert lines is not None
        held = [row.fields for row in self.rows[lines.kind.name].values() if row.fields.get(lines.owner) == str(number)]
        return sorted(held, key=lambda row: int(row.get(lines.position) or 0))

    def remove(self, kind: str, number: int, *, key: str = "") -> None:
        del self.rows[kind][number]
        self.audit.append({"OBJECTTYPE": kind.lower(), "OBJECTKEY": key or str(number), "ACCESSMODE": "D", "ACCESSTIME": self.stamp()})

    def handle(self, request: httpx.Request) -> httpx.Response:
        root = etree.fromstring(request.content)
        if self.answer is not None and (given := self.answer(request, root)) is not None:
            return given
        operation = root.find("operation")
        assert operation is not None
        session = operation.findtext("authentication/sessionid")
        if session is not None and session not in self.sessions:
            return self.reply(
                "<authentication><status>failure</status></authentication>" + error("XL03000006", "Invalid session " + session)
            )
        results = "".join(self._function(node, root) for node in operation.iterfind("content/function"))
        return self.reply(self.authentication() + results)

    def authentication(self) -> str:
        now = self.clock.now()
        return (
            "<authentication><status>success</status><userid>ws</userid><companyid>ACME</companyid><locationid/>"
            f"<sessiontimestamp>{now.isoformat(timespec='seconds')}</sessiontimestamp>"
            f"<sessiontimeout>{(now + timedelta(hours=2)).isoformat(timespec='seconds')}</sessiontimeout></authentication>"
        )

    def reply(self, operation: str, *, status: int = 200) -> httpx.Response:
        text = (
            "<response><control><status>success</status><senderid>acme-sender</senderid><controlid>c</controlid>"
            f"<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion></control><operation>{operation}</operation></response>"
        )
        return httpx.Response(status, headers={"content-type": 'text/xml; encoding="UTF-8"'}, content=text.encode())

    def _function(self, node: etree._Element, root: etree._Element) -> str:
        body = node[0]
        self.asked.append(deepcopy(body))
        self.calls.append(str(body.tag))
        control = node.get("controlid", "")
        unique = root.findtext("control/uniqueid") == "true"
        if unique and control in self.executed:
            return f"<result><function>{body.tag}</function><controlid>{control}</controlid>{error('', 'seen before')}</result>"
        refusal = self.refuse(body) if self.refuse is not None else ""
        try:
            inner = error("BL01001973", refusal) if refusal else self._run(body)
        except KeyError as missing:
            inner = error("Query Failed", f"Field {missing} not found")
        failed = inner.startswith("<errormessage>")
        if unique and not failed:
            self.executed.add(control)
        status = "failure" if failed else "success"
        return f"<result><status>{status}</status><function>{body.tag}</function><controlid>{control}</controlid>{inner}</result>"

    def _run(self, body: etree._Element) -> str:
        match body.tag:
            case "getAPISession":
                session = f"s-{len(self.sessions) + 1}-{self.counter}.."
                self.sessions.add(session)
                return f"<data><api><sessionid>{session}</sessionid><endpoint>https://api.intacct.com/ia/xml/xmlgw.phtml</endpoint><locationid/></api></data>"
            case "query":
                return self._query(body)
            case "read":
                return self._read(body)
            case "create":
                return self._create(body[0])
            case "update":
                return self._update(body[0])
            case "delete":
                for key in (body.findtext("keys") or "").split(","):
                    del self.rows[body.findtext("object") or ""][int(key)]
                return ""
            case "get_list":
                return f'<listtype start="0" end="0" total="0">{body.get("object")}</listtype><data/>'
            case "lookup":
                name = body.findtext("object") or ""
                fields = "".join(
                    f"<Field><ID>{column}</ID><DATATYPE>TEXT</DATATYPE><ISCUSTOM>{str(column in self.custom).lower()}</ISCUSTOM></Field>"
                    for column in sorted(self.columns[name])
                )
                return f'<data><Type Name="{name}"><Fields>{fields}</Fields><Relationships/></Type></data>'
            case "get_applications":
                listed = "".join(f"<application><key>{key}</key><name>{key}</name></application>" for key in sorted(self.applications))
                return f"<data>{listed}</data>" if listed else error("", "You do not have permission")
            case "getUserPermissions":
                policies = "".join(
                    f"<policy><policyName>{name}</policyName><rights>{text}</rights></policy>" for name, text in self.rights.items()
                )
                return f"<data><permissions><appSubscription><policies>{policies}</policies></appSubscription></permissions></data>"
            case "readUserFormatting":
                return f"<data><userformatting><dateformat>{self.date_format}</dateformat><clock>24</clock></userformatting></data>"
        raise AssertionError(body.tag)

    def _create(self, node: etree._Element) -> str:
        kind, given = str(node.tag), self._without_lines(node)
        values, natural = flat(node), KINDS[kind].natural_key
        if KINDS[kind].enforced and any(held.fields.get(natural) == values.get(natural) for held in self.rows[kind].values()):
            wrapper = error("BL01001973", f"Could not create {kind.title()} record!")
            return error("BL34000061", f"Another {kind.title()} with the given value(s) {values.get(natural)}  already exists") + wrapper
        number = self.put(kind, **values)
        self._replace_lines(kind, number, given)
        row = f"<{kind.lower()}><RECORDNO>{number}</RECORDNO><{natural}>{values.get(natural, '')}</{natural}></{kind.lower()}>"
        return f'<data listtype="objects" count="1">{row}</data>'

    def _update(self, node: etree._Element) -> str:
        given, values = self._without_lines(node), flat(node)
        number = int(values.pop("RECORDNO"))
        self.put(str(node.tag), number=number, **values)
        if given is not None:
            self._replace_lines(str(node.tag), number, given)
        return '<data listtype="objects" count="1"/>'

    def _without_lines(self, node: etree._Element) -> list[etree._Element] | None:
        """The lines of a document, taken out of it; None if it brings none."""
        lines = KINDS[str(node.tag)].lines
        container = node.find(lines.container) if lines is not None else None
        if container is None:
            return None
        node.remove(container)
        return list(container)

    def _replace_lines(self, kind: str, number: int, given: list[etree._Element] | None) -> None:
        """Lines are replaced as a whole; one that is named by its RECORDNO stays the same line."""
        lines = KINDS[kind].lines
        if lines is None or given is None:
            return
        name = lines.kind.name
        kept = {flat(line).get("RECORDNO", "") for line in given}
        for row in self.lines(kind, number):
            if row["RECORDNO"] not in kept:
                del self.rows[name][int(row["RECORDNO"])]
        for at, line in enumerate(given):
            values = {lines.position: str(at), **flat(line), lines.owner: str(number)}
            own = values.pop("RECORDNO", "")
            self.put(name, number=int(own) if own else None, **values)

    def _read(self, body: etree._Element) -> str:
        kind = body.findtext("object") or ""
        lines, records = KINDS[kind].lines, []
        for key in (body.findtext("keys") or "").split(","):
            held = self.rows[kind].get(int(key))
            if held is None:
                continue
            inner = tags(held.fields)
            if lines is not None:
                name = lines.kind.name.lower()
                owned = "".join(f"<{name}>{tags(row)}</{name}>" for row in self.lines(kind, int(key)))
                inner += f"<{lines.container}>{owned}</{lines.container}>"
            records.append(f"<{kind}>{inner}</{kind}>")
        return f'<data listtype="{kind}" count="{len(records)}">{"".join(records)}</data>'

    def _query(self, body: etree._Element) -> str:
        name = body.findtext("object") or ""
        if self.before_query is not None:
            self.before_query()
        columns = [each.text or "" for each in body.iterfind("select/field")]
        if name == "AUDITHISTORY":
            if not self.audit_allowed:
                return error("", "You do not have permission to view audit history")
            rows = list(self.audit)
        else:
            for column in [*columns, *(each.text or "" for each in body.iter("field"))]:
                if column not in self.columns[name]:
                    raise KeyError(column)
            now = self.clock.now()
            rows = [held.fields for held in self.rows[name].values() if held.visible_at is None or held.visible_at <= now]
        condition = body.find("filter")
        if condition is not None and len(condition):
            rows = [row for row in rows if holds(condition[0], row)]
        for order in reversed(body.findall("orderby/order")):
            column = order.findtext("field") or ""
            rows.sort(
                key=lambda row, column=column: value(column, row.get(column, "")) or 0.0, reverse=order.find("descending") is not None
            )
            empty = [row for row in rows if not row.get(column)]
            full = [row for row in rows if row.get(column)]
            rows = empty + full if self.nulls_first else full + empty
        size, offset = int(body.findtext("pagesize") or 100), int(body.findtext("offset") or 0)
        part = rows[offset : offset + size]
        inner = "".join(
            f"<{name}>" + "".join(f"<{column}>{escape(row.get(column, ''))}</{column}>" for column in columns) + f"</{name}>"
            for row in part
        )
        remaining = max(0, len(rows) - offset - len(part))
        counts = f'totalcount="{len(rows)}" offset="{offset}" count="{len(part)}" numremaining="{remaining}"'
        return f'<data listtype="{name}" {counts}>{inner}</data>'


def flat(node: etree._Element, prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for child in node:
        name = prefix + str(child.tag)
        out.update(flat(child, name + ".") if len(child) else {name: child.text or ""})
    return out


def tags(row: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in row.items() if "." not in name)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def value(column: str, text: str) -> float | str | None:
    if not text:
        return None
    if column in ("RECORDNO", "RECORDKEY", "TIMESHEETKEY", "PAYMENTKEY", "PROJECTKEY", "EMPLOYEEKEY"):
        return float(text)
    if column in ("START_DATE", "END_DATE"):
        return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).timestamp()
    if column in ("WHENMODIFIED", "ACCESSTIME"):
        return datetime.strptime(text, FORM).replace(tzinfo=UTC).timestamp()
    return text


def holds(node: etree._Element, row: dict[str, str]) -> bool:
    if node.tag == "and":
        assert len(node) >= 2
        return all(holds(part, row) for part in node)
    if node.tag == "or":
        assert len(node) >= 2
        return any(holds(part, row) for part in node)
    column = node.findtext("field") or ""
    mine = value(column, row.get(column, ""))
    given = [value(column, each.text or "") for each in node.iterfind("value")]
    if node.tag == "isnull":
        return mine is None
    if mine is None:
        return False
    if node.tag == "isnotnull":
        return True
    if node.tag == "in":
        return mine in given
    if node.tag == "notin":
        return mine not in given
    other = given[0]
    assert type(other) is type(mine), f"{column}: {other!r}"
    return {
        "equalto": mine == other,
        "greaterthan": mine > other,  # type: ignore[operator]
        "greaterthanorequalto": mine >= other,  # type: ignore[operator]
        "lessthan": mine < other,  # type: ignore[operator]
        "lessthanorequalto": mine <= other,  # type: ignore[operator]
    }[str(node.tag)]


def error(number: str, text: str) -> str:
    parts = f"<errorno>{number}</errorno><description/><description2>{escape(text)}</description2><correction/>"
    return f"<errormessage><error>{parts}</error></errormessage>"
