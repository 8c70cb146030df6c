"""The two surfaces of the emulator as the model's test drives them: envelopes and JSON by hand, no socket in between."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from tests.contract.model.company import Bad, Field, Kind, Rows, Type, Value
from tests.contract.sandbox.intacct.gateway import PATH, Gateway, query
from tests.contract.sandbox.intacct.rest import CREDENTIALS, ROOT
from tieout.sandbox.emulator import Emulator
from tieout.sandbox.wire import Request, Response

Given = Mapping[str, object]
_LIKE = {"%x": "$endsWith", "x%": "$startsWith", "%x%": "$contains"}
_OPERATORS = {"equalto": "$eq", "notequalto": "$ne", "in": "$in", "notin": "$notIn", "isnull": "$eq", "isnotnull": "$ne"}


class Xml:
    """The gateway. Writes give the numbers of the records that were made, None where one was refused."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.gateway = Gateway("http://127.0.0.1:1")
        self.contacts = 0

    def close(self) -> None:
        self.gateway.http.close()

    def create(self, kind: Kind, many: Sequence[Given], *, atomic: bool) -> list[str | None]:
        """One create with all of them: those before the first refused one stay, unless the operation is a transaction (§1.7)."""
        [result] = self._call(f"<create>{''.join(self._element(kind, given) for given in many)}</create>", atomic=atomic)
        made = [record.findtext("RECORDNO") for record in result.iterfind("data/*")] if not atomic or _succeeded(result) else []
        assert _succeeded(result) == (len(made) == len(many))
        return [*made, *[None] * (len(many) - len(made))]

    def update(self, kind: Kind, number: str, given: Given) -> bool:
        return _succeeded(self._call(f"<update>{_element(kind.name, {'RECORDNO': number, **given})}</update>")[0])

    def update_by_key(self, kind: Kind, key: str, given: Given) -> bool:
        return _succeeded(self._call(f"<update>{_element(kind.name, {kind.key: key, **given})}</update>")[0])

    def delete(self, kind: Kind, number: str) -> bool:
        return _succeeded(self._call(f"<delete><object>{kind.name}</object><keys>{number}</keys></delete>")[0])

    def find(self, kind: Kind, name: str, operator: str, operands: Sequence[Value]) -> set[str] | None:
        inner = f"<field>{name}</field>" + "".join(f"<value>{escape(_text(each))}</value>" for each in operands)
        more = "<pagesize>2000</pagesize>"
        [result] = self._call(query(kind.name, "RECORDNO", filter=f"<{operator}>{inner}</{operator}>", more=more))
        return {str(row.findtext("RECORDNO")) for row in result.iterfind("data/*")} if _succeeded(result) else None

    def by_name(self, kind: Kind, key: str) -> dict[str, dict[str, Value]]:
        asked = f"<readByName><object>{kind.name}</object><keys>{key}</keys><fields>*</fields></readByName>"
        [result] = self._call(asked)
        assert _succeeded(result)
        return _rows(kind, result)

    def by_status(self, kind: Kind, code: str) -> set[str]:
        asked = f"<query>STATUS = '{code}'</query><pagesize>1000</pagesize>"
        [result] = self._call(f"<readByQuery><object>{kind.name}</object><fields>RECORDNO</fields>{asked}</readByQuery>")
        return {str(row.findtext("RECORDNO")) for row in result.iterfind("data/*")}

    def rows(self, kind: Kind) -> Rows:
        names = [each.name for each in kind.fields]
        [result] = self._call(query(kind.name, "RECORDNO", *names, order="RECORDNO", more="<pagesize>2000</pagesize>"))
        assert _succeeded(result)
        return _rows(kind, result)

    def _element(self, kind: Kind, given: Given) -> str:
        """An object to create; a partner needs a contact, whose name nobody else has."""
        self.contacts += 1
        contact = {"DISPLAYCONTACT": {"PRINTAS": "Ada", "CONTACTNAME": f"Contact {self.contacts}"}} if kind.owns_contact else {}
        return _element(kind.name, {**given, **contact})

    def _call(self, function: str, *, atomic: bool = False) -> list[etree._Element]:
        body = self.gateway.envelope(function, transaction="true" if atomic else "")
        answer = self.emulator.handle(Request.build("POST", PATH, body=body))
        return etree.fromstring(answer.body).findall("operation/result")


class Rest:
    """The REST surface, with the same verbs."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.headers: dict[str, str] = {}
        answer = self._send("POST", "/oauth2/token", CREDENTIALS)
        self.headers = {"authorization": f"Bearer {json.loads(answer.body)['access_token']}"}

    def create(self, kind: Kind, many: Sequence[Given], *, atomic: bool) -> list[str | None]:
        """One record, or several: each on its own unless atomic is asked for (intacct-rest §3.6)."""
        bodies = [_body(kind, given) for given in many]
        extra = {"x-ia-api-param-transaction": "true"} if atomic else {}
        answer = self._send("POST", f"/objects/{kind.path}", bodies if len(bodies) > 1 else bodies[0], **extra)
        found = json.loads(answer.body)["ia::result"]
        parts = found if isinstance(found, list) else [found] * len(many)
        if answer.status >= 400:
            return [None] * len(many)
        assert len(parts) == len(many)
        return [part.get("key") for part in parts]

    def update(self, kind: Kind, number: str, given: Given) -> bool:
        return self._send("PATCH", f"/objects/{kind.path}/{number}", _body(kind, given)).status == 200

    def delete(self, kind: Kind, number: str) -> bool:
        return self._send("DELETE", f"/objects/{kind.path}/{number}").status == 204

    def find(self, kind: Kind, name: str, operator: str, operands: Sequence[Value]) -> set[str] | None:
        each = kind.by_name.get(name)
        path = _column(each) if each else name.lower()
        values = [_json(each, value) if each else value for value in operands]
        values = [value["id"] if isinstance(value, dict) else value for value in values]
        operand: Any = values if operator in {"in", "notin"} else values[0] if values else None
        if operator in {"like", "notlike"}:
            name = _LIKE[re.sub(r"[^%]+", "x", str(operand))]
            operator = name if operator == "like" else "$not" + name[1].upper() + name[2:]
            operand = str(operand).strip("%")
        condition = {_OPERATORS.get(operator, operator): {path: operand}}
        answer = self._query(kind, ["key"], [condition])
        return {row["key"] for row in json.loads(answer.body)["ia::result"]} if answer.status == 200 else None

    def rows(self, kind: Kind) -> Rows:
        answer = self._query(kind, ["key", *(_column(each) for each in kind.fields)], [])
        found = json.loads(answer.body)["ia::result"]
        return {row["key"]: {each.name: _from_json(each, row[_column(each)]) for each in kind.fields} for row in found}

    def _query(self, kind: Kind, fields: list[str], filters: list[Any]) -> Response:
        return self._send("POST", "/services/core/query", {"object": kind.path, "fields": fields, "filters": filters, "size": 4000})

    def _send(self, method: str, path: str, body: Any = None, **extra: str) -> Response:
        headers = {"content-type": "application/json", **self.headers, **extra}
        text = b"" if body is None else json.dumps(body).encode()
        return self.emulator.handle(Request.build(method, ROOT + path, headers=headers, body=text))


def _succeeded(result: etree._Element) -> bool:
    return result.findtext("status") == "success"


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(inner, each) for inner, each in value.items())}</{name}>"
    return f"<{name}>{escape(_text(value))}</{name}>"


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            raise TypeError("no field holds a time")
        case Bad():
            return value.xml
        case str() | Decimal():
            return str(value)
        case _:
            return f"{value:%m/%d/%Y}"


def _rows(kind: Kind, result: etree._Element) -> Rows:
    return {
        str(row.findtext("RECORDNO")): {each.name: _from_text(each, row.findtext(each.name)) for each in kind.fields}
        for row in result.iterfind("data/*")
    }


def _from_text(each: Field, text: str | None) -> Value:
    assert text is not None, each.name
    if text == "":
        return None
    match each.type:
        case Type.BOOLEAN:
            return {"true": True, "false": False}[text]
        case Type.DATE:
            return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date()
        case Type.MONEY:
            return Decimal(text)
        case _:
            return text


def _camel(label: str) -> str:
    first, *rest = re.split(r"[ -]", label)
    return first[0].lower() + first[1:] + "".join(word.capitalize() for word in rest)


def _column(each: Field) -> str:
    return f"{each.rest}.id" if each.target else each.rest


def _body(kind: Kind, given: Given) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, value in given.items():
        each = kind.by_name.get(name)
        *groups, last = (each.rest if each else name.lower()).split(".")
        place = body
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = _json(each, value) if each else value
    return body


def _json(each: Field, value: object) -> Any:
    if isinstance(value, Bad):
        return value.rest
    if value is None or isinstance(value, bool):
        return value
    if each.target:
        return {"id": value}
    if each.choices:
        return _camel(str(value))
    return str(value)  # a date in ISO form, money as text


def _from_json(each: Field, value: Any) -> Value:
    if value is None or isinstance(value, bool):
        return value
    if each.choices:
        return next(label for label in each.choices + each.rest_only if _camel(label) == value)
    match each.type:
        case Type.DATE:
            return datetime.fromisoformat(value).replace(tzinfo=UTC).date()
        case Type.MONEY:
            return Decimal(value)
        case _:
            return str(value)
