"""Writes reply documents, element by element as the reference shows them (intacct-xml §1.3, §1.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from tieout.sandbox.intacct.envelope import Control
from tieout.sandbox.intacct.wording import Problem

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
CONTENT_TYPE = 'text/xml; encoding="UTF-8"'
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one function.

    Attributes:
        status: success, failure or aborted; empty leaves the element out (intacct-xml §1.6).
        data: the `<data>` element, or nothing.
        bare: body and content type that replace the whole document for JSON and CSV (intacct-xml §1.1).
        written: how many records were written, for `per_record_ms`.
        transactions: what is billed for it (intacct-xml §6).
    """

    status: str
    data: str = ""
    problems: tuple[Problem, ...] = ()
    bare: tuple[str, str] | None = None
    written: int = 0
    transactions: int = 0


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in and until when, for the authentication block."""

    userid: str
    companyid: str
    locationid: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """One function's controlid and name with its result."""

    controlid: str
    function: str
    result: Result = field(repr=False)


def escape(text: str) -> str:
    """Text for element content and attributes; characters XML cannot carry are dropped."""
    if not text:
        return ""
    if "&" in text or "<" in text or ">" in text or '"' in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return _FORBIDDEN.sub("", text)


def element(name: str, value: str) -> str:
    """An element with text; an empty one for null (intacct-xml §4.4)."""
    return f"<{name}>{escape(value)}</{name}>"


def data(content: str, attributes: Mapping[str, Any] | None = None) -> str:
    """A `<data>` element."""
    given = "".join(f' {name}="{escape(str(value))}"' for name, value in (attributes or {}).items())
    return f"<data{given}>{content}</data>" if content else f"<data{given}/>"


def nested(name: str, columns: Iterable[tuple[tuple[str, ...], Any]]) -> str:
    """A record whose dotted names are nested elements, as `read` shows it; a value that is a list is repeated lines."""
    tree: dict[str, Any] = {}
    for path, value in columns:
        place = tree
        for step in path[:-1]:
            inner = place.get(step)
            if not isinstance(inner, dict):
                inner = place[step] = {}
            place = inner
        place[path[-1]] = value
    return _branch(name, tree)


def flat(name: str, columns: Iterable[tuple[str, str]]) -> str:
    """A record whose dotted names stay one element each, as `query` shows it."""
    return f"<{name}>{''.join(element(column, value) for column, value in columns)}</{name}>"


def document(control: Control, signed: Signed, answered: Iterable[Answered], *, support: str) -> str:
    """The reply to a request whose sign-in succeeded."""
    results = "".join(_result(each, control, support) for each in answered)
    return f"{PROLOG}<response>{_control('success', control)}<operation>{_signed(signed)}{results}</operation></response>"


def control_failure(problem: Problem, control: Control | None) -> str:
    """The reply to a refused envelope; what could not be read is echoed empty."""
    shown = control or Control(dtdversion="")
    errors = _errors((problem,), shown, "")
    return f"{PROLOG}<response>{_control('failure', shown, readable=control is not None)}{errors}</response>"


def authentication_failure(problem: Problem, control: Control, signed: Signed) -> str:
    """The reply to a refused sign-in: the errormessage is a sibling of the authentication block."""
    block = f"<authentication><status>failure</status>{element('userid', signed.userid)}{element('companyid', signed.companyid)}"
    errors = _errors((problem,), control, "")
    operation = f"<operation>{block}</authentication>{errors}</operation>"
    return f"{PROLOG}<response>{_control('success', control)}{operation}</response>"


def acknowledgement(control: Control) -> str:
    """The reply to a request that is worked off later; its own reply is sent to the policy's address (intacct-xml §1.8)."""
    return f"{PROLOG}<response><acknowledgement><status>success</status></acknowledgement>{_control('success', control)}</response>"


def gateway_failure(errorno: str, description: str) -> str:
    """A refusal from before the envelope: only number and description (intacct-xml §1.4)."""
    return f"{PROLOG}<errormessage><error>{element('errorno', errorno)}{element('description', description)}</error></errormessage>"


def spaced(text: str) -> str:
    """The same document pretty-printed, for includewhitespace=true."""
    root = etree.fromstring(text.encode())
    etree.indent(root, space="  ")
    return PROLOG + etree.tostring(root, encoding="unicode") + "\n"


def _branch(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(_branch(key, inner) for key, inner in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(value)
    return element(name, value)


def _control(status: str, control: Control, *, readable: bool = True) -> str:
    unique = ("true" if control.uniqueid else "false") if readable else ""
    return (
        f"<control><status>{status}</status>{element('senderid', control.senderid)}{element('controlid', control.controlid)}"
        f"{element('uniqueid', unique)}{element('dtdversion', control.dtdversion)}</control>"
    )


def _signed(signed: Signed) -> str:
    return (
        f"<authentication><status>success</status>{element('userid', signed.userid)}{element('companyid', signed.companyid)}"
        f"{element('locationid', signed.locationid)}{element('sessiontimestamp', signed.since)}"
        f"{element('sessiontimeout', signed.until)}</authentication>"
    )


def _result(answered: Answered, control: Control, support: str) -> str:
    result = answered.result
    status = element("status", result.status) if result.status else ""
    head = f"{status}{element('function', answered.function)}{element('controlid', answered.controlid)}"
    errors = _errors(result.problems, control, support) if result.problems else ""
    return f"<result>{head}{result.data}{errors}</result>"


def _errors(problems: Iterable[Problem], control: Control, support: str) -> str:
    return f"<errormessage>{''.join(_error(each, control, support) for each in problems)}</errormessage>"


def _error(problem: Problem, control: Control, support: str) -> str:
    text = problem.description2
    if problem.supported and support:
        text = f"{text} [Support ID: {support}]"
    more = _additional(problem) if control.additional else ""
    return (
        f"<error>{element('errorno', problem.errorno)}{element('description', problem.description)}"
        f"{element('description2', text)}{element('correction', problem.correction)}{more}</error>"
    )


def _additional(problem: Problem) -> str:
    target = f'<target domain="" requestinfo="" object="{escape(problem.object)}" field="{escape(problem.field)}" businessinfo=""/>'
    return f"<additionalinfo>{element('errorid', problem.errorno)}{element('category', '')}{target}</additionalinfo>"
