"""Values between their JSON form and the text the company keeps (intacct-rest §3.4)."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from tieout.sandbox.intacct.fields import Type
from tieout.sandbox.intacct.incoming import JOINT
from tieout.sandbox.intacct.rest.mapping import Form
from tieout.sandbox.intacct.values import plain

FORM_OF = {
    Type.TEXT: Form.TEXT,
    Type.INTEGER: Form.INTEGER,
    Type.SEQUENCE: Form.TEXT,
    Type.DECIMAL: Form.DECIMAL,
    Type.CURRENCY: Form.MONEY,
    Type.PERCENT: Form.MONEY,
    Type.BOOLEAN: Form.BOOLEAN,
    Type.DATE: Form.DATE,
    Type.TIMESTAMP: Form.MOMENT,
    Type.ENUM: Form.WORD,
}
# type and format as the model service gives them (intacct-rest §5)
DESCRIBED = {
    Form.TEXT: ("string", ""),
    Form.WORD: ("string", ""),
    Form.INTEGER: ("integer", ""),
    Form.NUMBER: ("number", ""),
    Form.DECIMAL: ("string", "decimal-precision-10"),
    Form.PRECISE: ("string", "decimal-precision-10"),
    Form.MONEY: ("string", "decimal-precision-2"),
    Form.BOOLEAN: ("boolean", ""),
    Form.DATE: ("string", "date"),
    Form.MOMENT: ("string", "date-time"),
    Form.LIST: ("array", ""),
}
WANTED = {
    Form.TEXT: "a string",
    Form.WORD: "a string",
    Form.INTEGER: "a whole number",
    Form.NUMBER: "a number",
    Form.DECIMAL: "a decimal number as a string",
    Form.PRECISE: "a decimal number as a string",
    Form.MONEY: "a decimal number as a string",
    Form.BOOLEAN: "true or false",
    Form.DATE: "a date as YYYY-MM-DD",
    Form.MOMENT: "a UTC time as YYYY-MM-DDTHH:MM:SSZ",
    Form.LIST: "an array of strings",
}
_CENT = Decimal("0.01")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


class BadForm(ValueError):  # noqa: N818 - callers turn it into a refusal
    """A JSON value that is no value of its form."""


def shown(form: Form, text: str) -> Any:
    """The JSON form of a kept text; an empty one is null."""
    if form is Form.LIST:
        return text.split(JOINT) if text else []
    if text == "":
        return None
    match form:
        case Form.BOOLEAN:
            return text == "true"
        case Form.INTEGER:
            return int(Decimal(text))
        case Form.NUMBER:
            number = Decimal(text)
            return int(number) if number == number.to_integral() else float(number)
        case Form.PRECISE:
            return f"{Decimal(text):.10f}"
        case Form.MONEY:
            return f"{Decimal(text).quantize(_CENT, ROUND_HALF_UP):f}"
        case Form.DATE:
            return _iso_date(text)
        case Form.MOMENT:
            return f"{_iso_date(text)}T{text[11:19]}Z"
    return text


def kept(form: Form, value: Any) -> str:
    """The text to keep for a JSON value; null is an empty one. Raises BadForm."""
    if value is None:
        return ""
    match form:
        case Form.BOOLEAN:
            if not isinstance(value, bool):
                raise BadForm
            return "true" if value else "false"
        case Form.INTEGER | Form.NUMBER | Form.DECIMAL | Form.PRECISE | Form.MONEY:
            number = _number(value)
            if form is Form.INTEGER and number != number.to_integral():
                raise BadForm
            return plain(number)
        case Form.DATE:
            return _parsed(value, r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d").strftime("%m/%d/%Y")
        case Form.MOMENT:
            return _moment(value).strftime("%m/%d/%Y %H:%M:%S")
    if form is Form.LIST and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return JOINT.join(value)
    if form is Form.LIST or not isinstance(value, str):
        raise BadForm
    return value


def _iso_date(text: str) -> str:
    return f"{text[6:10]}-{text[0:2]}-{text[3:5]}"


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise BadForm
    text = str(value).strip() if isinstance(value, str) else f"{Decimal(str(value)):f}"
    if not _NUMBER.fullmatch(text):
        raise BadForm
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadForm from None


def _moment(value: Any) -> datetime:
    if isinstance(value, str) and "." in value:
        value = re.sub(r"\.\d{1,6}(?=Z$)", "", value)
    return _parsed(value, r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "%Y-%m-%dT%H:%M:%SZ")


def _parsed(value: Any, pattern: str, layout: str) -> datetime:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise BadForm
    try:
        return datetime.strptime(value, layout)
    except ValueError:
        raise BadForm from None
