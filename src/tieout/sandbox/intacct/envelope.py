"""Reads a request document: hardened parsing, then the shape of the envelope (intacct-xml §1.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from tieout.sandbox.intacct.wording import ControlRefusal, schema

MAX_DEPTH = 64
MAX_MARKS = 1_000_000  # tags and attributes: a tree of nothing but empty elements takes thirty times the room of its text
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']", re.IGNORECASE)
_CONTROL = frozenset(
    {
        "senderid",
        "password",
        "controlid",
        "uniqueid",
        "dtdversion",
        "policyid",
        "includewhitespace",
        "showadditionalerrorinfo",
        "debug",
    }
)
_LOGIN = frozenset({"userid", "companyid", "password", "clientid", "locationid"})


@dataclass(frozen=True, slots=True)
class Control:
    """The control block; `uniqueid` defaults to true as documented (intacct-xml §1.2)."""

    senderid: str = ""
    password: str = field(default="", repr=False)
    controlid: str = ""
    uniqueid: bool = True
    dtdversion: str = "3.0"
    policyid: str = ""
    includewhitespace: bool = True
    additional: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """A sign-in with user and password."""

    userid: str
    companyid: str
    password: str = field(repr=False)
    locationid: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in with a session id."""

    sessionid: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Function:
    """One function: its controlid, its name and the element that holds its arguments."""

    controlid: str
    name: str
    element: etree._Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request that has the right shape."""

    control: Control
    transaction: bool
    authentication: Login | Session
    functions: tuple[Function, ...]


class Unreadable(Exception):  # noqa: N818 - carries what the reply can still echo
    """The envelope is refused; `control` is what was readable of its control block."""

    def __init__(self, refusal: ControlRefusal, control: Control | None = None) -> None:
        super().__init__(str(refusal))
        self.refusal, self.control = refusal.with_traceback(None), control


def read(body: bytes) -> Envelope:
    """Gives the envelope in a body; raises Unreadable with XL03000003 for anything that is not one."""
    try:
        root = parse(body)
        if root.tag != "request":
            raise _unexpected(root)
        parts = _only(root, {"control", "operation"})
        control_element = _child(root, parts, "control")
    except ControlRefusal as refusal:
        raise Unreadable(refusal) from None
    control = _readable(control_element)
    try:
        control = _control(control_element)
        operation = _child(root, parts, "operation")
        return Envelope(control, _flag(operation, operation.get("transaction", "false")), *_operation(operation))
    except ControlRefusal as refusal:
        raise Unreadable(refusal, control) from None


def parse(body: bytes) -> etree._Element:
    """Parses a UTF-8 document without DOCTYPE or entities; raises ControlRefusal."""
    if b"\x00" in body:
        raise schema("Document is not encoded in UTF-8", 1, number=81, fatal=True)
    declared = _DECLARATION.match(body.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared.group(1).lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise schema(f"Unsupported encoding {declared.group(1).decode()}", 1, number=32, fatal=True)
    if body.count(b"<") + body.count(b"=") > MAX_MARKS:
        raise schema(f"Document has more than {MAX_MARKS} tags and attributes", 1, number=1, fatal=True)
    if _has_doctype(body):
        raise schema("Document type declarations are not accepted", 1, number=96, fatal=True)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = _parsed(body, parser)
    if isinstance(root, ControlRefusal):
        raise root
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise schema("Document type declarations are not accepted", 1, number=96, fatal=True)
    _bound_depth(root)
    return root


def _parsed(body: bytes, parser: etree.XMLParser) -> etree._Element | ControlRefusal:
    """The root, or what is wrong: an exception of its own, since the parser's holds its frames and with them the body."""
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        text = (error.msg or "Document is empty").split(", line ")[0].split("\n")[0].strip()  # further lines quote the document
        return schema(text, line or 1, column or 1, number=int(getattr(error, "code", 0) or 4), fatal=True)


def _has_doctype(body: bytes) -> bool:
    """Whether the prolog holds a document type declaration, looked at before anything is parsed."""
    at = 3 if body.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while body[at : at + 1].isspace():
            at += 1
        closing = b"?>" if body.startswith(b"<?", at) else b"-->" if body.startswith(b"<!--", at) else b""
        end = body.find(closing, at + 2) if closing else -1
        if end < 0:
            return body[at : at + 9].upper() == b"<!DOCTYPE"
        at = end + len(closing)


def text_of(element: etree._Element | None, default: str = "") -> str:
    """The trimmed text of an element."""
    return default if element is None or element.text is None else element.text.strip()


def line_of(element: etree._Element) -> int:
    """The line an element begins on."""
    return int(getattr(element, "sourceline", 0) or 0)


def _bound_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise schema("Excessive depth in document", 1, number=114, fatal=True)


def _unexpected(element: etree._Element) -> ControlRefusal:
    return schema(f"Element '{element.tag}': This element is not expected.", line_of(element), number=1871)


def _only(parent: etree._Element, known: set[str] | frozenset[str]) -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for child in parent:
        if child.tag not in known or child.tag in found:
            raise _unexpected(child)
        found[str(child.tag)] = child
    return found


def _child(parent: etree._Element, found: dict[str, etree._Element], name: str) -> etree._Element:
    if name not in found:
        text = f"Element '{parent.tag}': Missing child element(s). Expected is ( {name} )."
        raise schema(text, line_of(parent), number=1871)
    return found[name]


def _flag(element: etree._Element, value: str) -> bool:
    if value not in {"true", "false"}:
        text = f"The value '{value}' is not among the enumerated set {{'true', 'false'}}."
        raise schema(text, line_of(element), number=502)
    return value == "true"


def _readable(element: etree._Element) -> Control:
    return Control(
        senderid=text_of(element.find("senderid")),
        controlid=text_of(element.find("controlid")),
        uniqueid=text_of(element.find("uniqueid"), "true") != "false",
        dtdversion=text_of(element.find("dtdversion"), "3.0"),
    )


def _control(element: etree._Element) -> Control:
    found = _only(element, _CONTROL)
    _child(element, found, "senderid")
    _child(element, found, "password")
    controlid = text_of(_child(element, found, "controlid"))
    if not 1 <= len(controlid) <= 256:
        raise schema("Element 'controlid': The value must have 1 to 256 characters.", line_of(found["controlid"]), number=1824)
    version = text_of(found.get("dtdversion"), "3.0") or "3.0"
    if version not in {"3.0", "2.1"}:
        text = f"Element 'dtdversion': The value '{version}' is not among the enumerated set {{'2.1', '3.0'}}."
        raise schema(text, line_of(found["dtdversion"]), number=502)
    flags = {
        name: _flag(found[name], text_of(found[name], default) or default) if name in found else default == "true"
        for name, default in (("uniqueid", "true"), ("includewhitespace", "true"), ("showadditionalerrorinfo", "false"))
    }
    return Control(
        senderid=text_of(found["senderid"]),
        password=text_of(found["password"]),
        controlid=controlid,
        uniqueid=flags["uniqueid"],
        dtdversion=version,
        policyid=text_of(found.get("policyid")),
        includewhitespace=flags["includewhitespace"],
        additional=flags["showadditionalerrorinfo"],
    )


def _operation(element: etree._Element) -> tuple[Login | Session, tuple[Function, ...]]:
    parts = _only(element, {"authentication", "content"})
    authentication = _child(element, parts, "authentication")
    content = _child(element, parts, "content")
    ways = _only(authentication, {"login", "sessionid"})
    if len(ways) != 1:
        text = "Element 'authentication': Missing child element(s). Expected is one of ( login, sessionid )."
        raise schema(text, line_of(authentication), number=1871)
    return _way(ways), _functions(content)


def _way(ways: dict[str, etree._Element]) -> Login | Session:
    if "sessionid" in ways:
        return Session(text_of(ways["sessionid"]))
    login = ways["login"]
    found = _only(login, _LOGIN)
    for name in ("userid", "companyid", "password"):
        _child(login, found, name)
    return Login(
        userid=text_of(found["userid"]),
        companyid=text_of(found["companyid"]),
        password=text_of(found["password"]),
        locationid=text_of(found.get("locationid")),
    )


def _functions(content: etree._Element) -> tuple[Function, ...]:
    functions = []
    for child in content:
        if child.tag != "function":
            raise _unexpected(child)
        controlid = child.get("controlid")
        if controlid is None:
            text = "Element 'function': The attribute 'controlid' is required but missing."
            raise schema(text, line_of(child), number=1868)
        if len(child) != 1:
            text = "Element 'function': Exactly one function element is expected."
            raise schema(text, line_of(child), number=1871)
        functions.append(Function(controlid, str(child[0].tag), child[0]))
    if not functions:
        text = "Element 'content': Missing child element(s). Expected is ( function )."
        raise schema(text, line_of(content), number=1871)
    return tuple(functions)
