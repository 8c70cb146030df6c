"""From an HTTP answer to one result per function, or the reason why there is none.

The rule for writes: what was surely turned away before any function ran is *not sent*; what cannot be read, is
missing or came with a server error is *unsure* (intacct-xml §1.4, §5.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from tieout.intacct.client.envelope import Function
from tieout.intacct.client.errors import ErrorEntry, IntacctError, Level, NotSentError, Reason, UnsureError
from tieout.intacct.client.reply import MalformedError, Reply, Result, Status, parse, read_errors, read_reply
from tieout.intacct.client.transport import Answer

_GATEWAY_CODE = re.compile(rb"\b(GW-\d{4}|XMLGW_[A-Z0-9]+|UJPP\d+)\b")
_TITLE = re.compile(rb"<title[^>]{0,100}>([^<]{1,200})</title>", re.IGNORECASE)
_RATE = re.compile(r"API rate limit exceeded", re.IGNORECASE)
_LONGEST_WAIT = 86_400.0
_TURNED_AWAY = frozenset({"GW-0011"})


@dataclass(frozen=True, slots=True)
class Where:
    """The call an answer belongs to, for messages."""

    host: str
    entity: str
    functions: Sequence[Function]

    @property
    def object(self) -> str:
        """The object the functions are about, if they agree."""
        names = {each.object for each in self.functions}
        return names.pop() if len(names) == 1 else ""


def interpret(answer: Answer, where: Where, now: datetime, *, max_bytes: int, lines: Sequence[str] = ()) -> Reply:
    """The readable, signed-in reply. Raises NotSentError or UnsureError for everything else."""
    facts = _Facts(answer, where, now)
    if answer.status == 429:
        raise facts.not_sent(Reason.RATE_LIMIT, Level.GATEWAY, _errors_of(answer, max_bytes))
    try:
        root = parse(answer.content, max_bytes=max_bytes)
    except MalformedError as error:
        raise facts.unreadable(str(error)) from None
    if root.tag in ("error", "errormessage"):
        raise facts.fragment(read_errors(root))
    if root.tag != "response":
        raise facts.unreadable("the document is not a response envelope")
    reply = read_reply(root, lines=lines)
    _check_levels(reply, facts)
    return reply


def _check_levels(reply: Reply, facts: _Facts) -> None:
    if reply.control is Status.FAILURE:
        raise facts.turned_away(Level.CONTROL, reply.errors)
    if reply.authentication is Status.FAILURE:
        raise facts.turned_away(Level.AUTHENTICATION, reply.errors)
    if facts.answer.status == 401:
        raise facts.turned_away(Level.GATEWAY, reply.errors)
    if facts.answer.status >= 400:
        raise facts.unsure(_server_reason(facts.answer.status), reply.errors)
    if reply.control is not Status.SUCCESS or reply.authentication is not Status.SUCCESS:
        raise facts.unsure(Reason.INCOMPLETE, reply.errors)


def matched(reply: Reply, functions: Sequence[Function]) -> list[Result | None]:
    """The result of each function by its control id; None where there is none, or more than one."""
    by_id: dict[str, Result | None] = {}
    for result in reply.results:
        by_id[result.control_id] = None if result.control_id in by_id else result
    return [by_id.get(each.control_id) for each in functions]


def _server_reason(status: int) -> Reason:
    return Reason.STILL_RUNNING if status == 524 else Reason.SERVER_ERROR


def _errors_of(answer: Answer, max_bytes: int) -> tuple[ErrorEntry, ...]:
    try:
        root = parse(answer.content, max_bytes=max_bytes)
    except MalformedError:
        return ()
    return tuple(each for node in root.iter("error") if isinstance(node, etree._Element) for each in read_errors(node))


@dataclass(frozen=True, slots=True)
class _Facts:
    answer: Answer
    where: Where
    now: datetime

    def not_sent(self, reason: Reason, level: Level, errors: tuple[ErrorEntry, ...] = (), detail: str = "") -> IntacctError:
        return self._error(NotSentError, reason, level, errors, detail)

    def unsure(self, reason: Reason, errors: tuple[ErrorEntry, ...] = (), detail: str = "") -> IntacctError:
        return self._error(UnsureError, reason, Level.GATEWAY, errors, detail)

    def _error(self, kind: type[IntacctError], reason: Reason, level: Level, errors: tuple[ErrorEntry, ...], detail: str) -> IntacctError:
        return kind(
            reason,
            level,
            errors=errors,
            http_status=self.answer.status,
            retry_after=seconds_to_wait(self.answer.retry_after, self.now),
            host=self.where.host,
            entity=self.where.entity,
            object=self.where.object,
            detail=detail,
        )

    def turned_away(self, level: Level, errors: tuple[ErrorEntry, ...]) -> IntacctError:
        limited = any(each.errorno == "GW-0010" or _RATE.search(each.text) for each in errors)
        return self.not_sent(Reason.RATE_LIMIT if limited else Reason.REFUSED, level, errors)

    def fragment(self, errors: tuple[ErrorEntry, ...]) -> IntacctError:
        """The front door's own short answer (intacct-xml §1.4, gateway level)."""
        codes = {each.errorno for each in errors}
        if "GW-0010" in codes or any(_RATE.search(each.text) for each in errors):
            return self.not_sent(Reason.RATE_LIMIT, Level.GATEWAY, errors)
        if self.answer.status == 401 or codes & _TURNED_AWAY or any("JPP" in code for code in codes):
            return self.not_sent(Reason.REFUSED, Level.GATEWAY, errors)
        return self.unsure(_server_reason(self.answer.status) if self.answer.status >= 500 else Reason.REFUSED, errors)

    def unreadable(self, why: str) -> IntacctError:
        """A body that is no envelope: a page of a proxy, a gateway's short text, or a broken document."""
        code = _GATEWAY_CODE.search(self.answer.content[:4096])
        if code:
            return self.fragment((ErrorEntry(errorno=code.group(1).decode()),))
        status, start = self.answer.status, self.answer.content[:512].lstrip().lower()
        title = _TITLE.search(self.answer.content[:8192])
        said = title.group(1).decode("utf-8", "replace").strip() if title else ""
        detail = f"HTTP {status}" + (f", “{said}”" if said else "")
        is_page = "html" in self.answer.content_type.lower() or start.startswith((b"<!doctype html", b"<html"))
        if status == 401:
            return self.not_sent(Reason.REFUSED, Level.GATEWAY, (), detail)
        if status >= 500:
            return self.unsure(_server_reason(status), (), detail)
        if 300 <= status < 400:
            return self.unsure(Reason.REDIRECT, (), detail)
        if is_page:
            return self.unsure(Reason.HTML, (), detail)
        looks_like_xml = start.startswith(b"<") or not start
        return self.unsure(Reason.MALFORMED if looks_like_xml else Reason.NOT_XML, (), f"{detail}: {why}" if why else detail)


def seconds_to_wait(header: str, now: datetime) -> float | None:
    """The wait a Retry-After header asks for, in seconds; None if it asks for none that can be read."""
    word = header.strip()
    if word.isascii() and word.isdigit():
        return min(float(word), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(word)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), _LONGEST_WAIT)
