"""Reading answers: a hardened parser, the four status levels, and one result per function.

Success is a whitelist: only the word `success` counts, and a missing status is not success (intacct-xml §0, §1.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote

from lxml import etree

from tieout.intacct.client.errors import ErrorEntry
from tieout.intacct.client.formats import read_iso

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 40
MAX_MARKS = 1_000_000  # a full page of two thousand rows with two hundred columns has 800,000 tags

_SUPPORT = re.compile(r"\s*\[Support ID:\s*([^\]]*)\]")
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_SPACE = re.compile(r"\s+")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}[\"']([^\"']{0,40})")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii"})


class MalformedError(ValueError):
    """The document cannot be read, or is one that must not be read; its text says which, without quoting it."""


class Status(StrEnum):
    """The status of one result."""

    SUCCESS = "success"
    FAILURE = "failure"
    ABORTED = "aborted"
    MISSING = ""  # no status element, or a word nobody knows


_STATUSES = {status.value: status for status in Status}


@dataclass(frozen=True, slots=True)
class Row:
    """One record of an answer. Nested single objects are flattened into dotted names, as `query` gives them.

    Attributes:
        fields: text by field name; an empty text is null.
        lines: owned lines by the name of their container.
    """

    name: str
    fields: Mapping[str, str]
    lines: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one function."""

    status: Status
    function: str
    control_id: str
    rows: tuple[Row, ...] = ()
    errors: tuple[ErrorEntry, ...] = ()
    key: str = ""
    total: int | None = None
    remaining: int = 0
    result_id: str = ""
    data: etree._Element | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A readable envelope. `control` and `authentication` are statuses; the errors belong to the first that failed."""

    control: Status
    authentication: Status | None
    errors: tuple[ErrorEntry, ...]
    results: tuple[Result, ...]
    session_timestamp: datetime | None = None
    session_timeout: datetime | None = None
    company_id: str = ""


def parse(body: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> etree._Element:
    """The root element of a document. Raises MalformedError.

    Only UTF-8 is read; a document type declaration is refused before the parser sees it, so that no entity can be
    declared. Size, depth, and the number of tags and attributes are bounded: a tree of nothing but empty elements takes
    thirty times the room of its text.
    """
    if len(body) > max_bytes:
        raise MalformedError(f"the document is larger than {max_bytes} bytes")
    text = body.removeprefix(b"\xef\xbb\xbf")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("the document is not UTF-8") from None
    declared = _DECLARED.match(text)
    if declared and declared.group(1).lower() not in _ENCODINGS:
        raise MalformedError("the document says that it is not UTF-8")
    if b"\x00" in text:
        raise MalformedError("the document holds a zero byte")
    if text.count(b"<") + text.count(b"=") > MAX_MARKS:
        raise MalformedError(f"the document has more than {MAX_MARKS} tags and attributes")
    if _declares_a_type(text):
        raise MalformedError("the document declares a document type")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise MalformedError("the document is not well-formed XML") from None
    if root.xpath("boolean(/" + "*/" * max_depth + "*)"):
        raise MalformedError(f"the document is nested deeper than {max_depth} levels")
    return root


def _declares_a_type(text: bytes) -> bool:
    """Whether `<!DOCTYPE` stands before the root element; text that only mentions one, in CDATA, is fine."""
    at = 0
    while True:
        while at < len(text) and text[at : at + 1].isspace():
            at += 1
        for opening, closing in ((b"<?", b"?>"), (b"<!--", b"-->")):
            if text.startswith(opening, at):
                end = text.find(closing, at + len(opening))
                if end < 0:
                    return False
                at = end + len(closing)
                break
        else:
            return text.startswith(b"<!", at)


def read_reply(root: etree._Element, *, lines: Sequence[str] = ()) -> Reply:
    """The envelope of a `<response>`; `lines` names containers whose children are lines. Raises MalformedError for another root."""
    if root.tag != "response":
        raise MalformedError("the document is not a response envelope")
    control = _status(root.find("control"))
    operation = root.find("operation")
    if operation is None:
        return Reply(control, None, read_errors(root.find("errormessage")), ())
    block = operation.find("authentication")
    errors = read_errors(root.find("errormessage")) + read_errors(operation.find("errormessage"))
    results = tuple(_result(node, frozenset(lines)) for node in operation.iterfind("result"))
    return Reply(
        control,
        _status(block),
        errors,
        results,
        session_timestamp=read_iso(_text(block, "sessiontimestamp")),
        session_timeout=read_iso(_text(block, "sessiontimeout")),
        company_id=_text(block, "companyid"),
    )


def read_errors(node: etree._Element | None) -> tuple[ErrorEntry, ...]:
    """All errors of an `<errormessage>`, or of a bare `<error>`."""
    if node is None:
        return ()
    nodes = [node] if node.tag == "error" else list(node.iterfind("error"))
    return tuple(_error(each) for each in nodes)


def _error(node: etree._Element) -> ErrorEntry:
    support = ""
    parts: dict[str, str] = {}
    for name in ("errorno", "description", "description2", "correction"):
        text = _text(node, name)
        found = _SUPPORT.search(text)
        if found:
            support = unquote(found.group(1)).strip()
            text = _SUPPORT.sub("", text)
        parts[name] = _SPACE.sub(" ", _MARKUP.sub(" ", text)).strip()
    return ErrorEntry(**parts, support_id=support)


def _status(node: etree._Element | None) -> Status:
    word = _text(node, "status").lower()
    return _STATUSES.get(word, Status.MISSING)


def _text(node: etree._Element | None, name: str) -> str:
    found = node.find(name) if node is not None else None
    return "".join(str(part) for part in found.itertext()).strip() if found is not None else ""


def _result(node: etree._Element, lines: frozenset[str]) -> Result:
    data = node.find("data")
    total, remaining = _counts(node, data)
    return Result(
        _status(node),
        _text(node, "function"),
        _text(node, "controlid"),
        rows=tuple(_row(each, lines) for each in data) if data is not None else (),
        errors=read_errors(node.find("errormessage")),
        key=_text(node, "key"),
        total=total,
        remaining=remaining,
        result_id=str(data.get("resultId", "")) if data is not None else "",
        data=data,
    )


def _counts(node: etree._Element, data: etree._Element | None) -> tuple[int | None, int]:
    """How many records there are and how many are left; older functions say it beside the data (intacct-xml §2.11)."""
    listed = node.find("listtype")
    total, end = _number(listed, "total"), _number(listed, "end")
    if total is not None and end is not None:
        return total, max(0, total - end - 1)
    return _number(data, "totalcount"), _number(data, "numremaining") or 0


def _number(data: etree._Element | None, name: str) -> int | None:
    text = data.get(name, "") if data is not None else ""
    return int(text) if text.isascii() and text.isdigit() else None


def _row(node: etree._Element, lines: frozenset[str]) -> Row:
    fields: dict[str, str] = {}
    owned: dict[str, tuple[Row, ...]] = {}
    _collect(node, "", lines, fields, owned)
    return Row(str(node.tag), fields, owned)


def _collect(node: etree._Element, prefix: str, lines: frozenset[str], fields: dict[str, str], owned: dict[str, tuple[Row, ...]]) -> None:
    for child in node:
        name = prefix + str(child.tag)
        if name in lines:
            owned[name] = tuple(_row(line, lines) for line in child)
        elif len(child):
            _collect(child, name + ".", lines, fields, owned)
        else:
            fields[name] = child.text or ""
