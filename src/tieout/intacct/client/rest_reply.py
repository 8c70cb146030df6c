"""Answers of the REST API: the envelope, and errors in each of the shapes they come in (intacct-rest §3.1, §9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import msgspec

from tieout.intacct.client.errors import ErrorEntry, IntacctError, Level, NotSentError, Reason, RefusedError, UnsureError
from tieout.intacct.client.interpret import seconds_to_wait
from tieout.intacct.client.transport import Answer

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_GATEWAY = re.compile(r"GW-\d{4}")
_TOKEN = re.compile(r"invalid token|token is (invalid|not valid|expired)|tokenInvalid|REST-2102|credentials are invalid", re.IGNORECASE)
_WAITS = (
    "retry-after",
    "x-ia-throttle-limit-retryafter",
    "x-ia-throttle-limit-retry-after",
    "x-ia-tenant-throttle-limit-retry-after",
    "x-ia-hour-rate-limit-retry-after",
)
# What a status says where the body leaves it out (intacct-rest §9.2).
_BY_STATUS = {403: "unauthorizedUser", 404: "notFound", 409: "conflict"}
_LISTED = ("ia::error", "error")


@dataclass(frozen=True, slots=True)
class RestReply:
    """One readable, successful answer.

    Attributes:
        body: the whole document; numbers with a fraction are Decimal.
        result, meta: its `ia::result` and `ia::meta`.
        replayed: the answer is the stored one of an earlier call with the same idempotency key.
    """

    status: int
    body: Any
    result: Any
    meta: Mapping[str, Any]
    replayed: bool = False


def read_reply(answer: Answer, now: datetime, *, object: str = "", entity: str = "", host: str = "", signing_in: bool = False) -> RestReply:
    """The reply in an answer. Raises NotSentError, RefusedError or UnsureError by what is known of the effect."""
    facts = _Facts(answer, now, object, entity, host)
    if answer.status == 204 or (200 <= answer.status < 300 and not answer.content.strip()):
        return RestReply(answer.status, None, None, {}, _is_replayed(answer))
    try:
        body = _DECODER.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise facts.unreadable() from None
    errors = tuple(_entries(body))
    if answer.status >= 300 or errors:
        raise facts.refusal(errors, signing_in)
    result = body.get("ia::result") if isinstance(body, dict) else None
    meta = body.get("ia::meta") if isinstance(body, dict) else None
    return RestReply(answer.status, body, result, meta if isinstance(meta, dict) else {}, _is_replayed(answer))


def _is_replayed(answer: Answer) -> bool:
    return "x-ia-idempotency-cached-date" in answer.headers


def _entries(body: Any) -> Iterator[ErrorEntry]:
    """Every error of a document: nested, at the top, bare, or as one of a list; a detail before the error it belongs to."""
    if not isinstance(body, dict):
        return
    for name in _LISTED:
        yield from _errors(body.get(name))
    if isinstance(body.get("ia::result"), dict):
        yield from _errors(body["ia::result"].get("ia::error"))
    if isinstance(body.get("message"), str) and ("code" in body or "errorId" in body):
        yield from _errors(body)  # the whole document is one error


def _errors(value: Any) -> Iterator[ErrorEntry]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield ErrorEntry(description=each)
        if not isinstance(each, dict):
            continue
        details = each.get("details")
        if isinstance(details, list):
            for detail in details:
                yield from _errors(detail)
        target = each.get("target")
        yield ErrorEntry(
            errorno=_text(each, "errorId") or _text(each, "code"),
            description=_text(each, "message"),
            description2=f"({target})" if isinstance(target, str) and target else "",
            correction=_text(each, "correction"),
            support_id=unquote(_text(each, "supportId")),
        )


def _text(node: Mapping[str, Any], name: str) -> str:
    value = node.get(name)
    return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class _Facts:
    answer: Answer
    now: datetime
    object: str
    entity: str
    host: str

    def error(
        self, kind: type[IntacctError], reason: Reason, level: Level, errors: tuple[ErrorEntry, ...] = (), detail: str = ""
    ) -> IntacctError:
        waits = [wait for name in _WAITS if (wait := seconds_to_wait(self.answer.headers.get(name, ""), self.now)) is not None]
        return kind(
            reason,
            level,
            errors=errors,
            http_status=self.answer.status,
            retry_after=max(waits, default=None),
            host=self.host,
            entity=self.entity,
            object=self.object,
            detail=detail,
        )

    def unreadable(self) -> IntacctError:
        """A body that is no JSON: a page of a proxy, or a broken document."""
        status, start = self.answer.status, self.answer.content[:256].lstrip().lower()
        detail = f"HTTP {status}"
        if status == 429:
            return self.error(NotSentError, Reason.RATE_LIMIT, Level.GATEWAY, (), detail)
        if status == 401:
            return self.error(NotSentError, Reason.REFUSED, Level.AUTHENTICATION, (), detail)
        if status >= 500:
            return self.error(UnsureError, Reason.STILL_RUNNING if status == 524 else Reason.SERVER_ERROR, Level.GATEWAY, (), detail)
        if 300 <= status < 400:
            return self.error(UnsureError, Reason.REDIRECT, Level.GATEWAY, (), detail)
        if "html" in self.answer.content_type.lower() or start.startswith((b"<!doctype html", b"<html")):
            return self.error(UnsureError, Reason.HTML, Level.GATEWAY, (), detail)
        return self.error(UnsureError, Reason.MALFORMED, Level.GATEWAY, (), detail)

    def refusal(self, errors: tuple[ErrorEntry, ...], signing_in: bool) -> IntacctError:
        """What a readable refusal says about the effect: a limit, the token or the front door let nothing run."""
        status, codes = self.answer.status, {each.errorno for each in errors}
        if status == 429 or "GW-0010" in codes:
            return self.error(NotSentError, Reason.RATE_LIMIT, Level.GATEWAY, errors)
        if status == 401 or (status == 400 and any(_TOKEN.search(f"{each.errorno} {each.text}") for each in errors)):
            return self.error(NotSentError, Reason.REFUSED, Level.AUTHENTICATION, errors)
        if status >= 500:
            return self.error(UnsureError, Reason.STILL_RUNNING if status == 524 else Reason.SERVER_ERROR, Level.GATEWAY, errors)
        if any(_GATEWAY.fullmatch(code) for code in codes):
            return self.error(NotSentError, Reason.REFUSED, Level.GATEWAY, errors)
        if signing_in:
            return self.error(NotSentError, Reason.REFUSED, Level.AUTHENTICATION, errors)
        if not errors:
            return self.error(UnsureError, Reason.INCOMPLETE, Level.GATEWAY, (), f"HTTP {status}")
        if status in _BY_STATUS and _BY_STATUS[status] not in codes:
            errors = (*errors, ErrorEntry(errorno=_BY_STATUS[status]))
        return self.error(RefusedError, Reason.REFUSED, Level.FUNCTION, errors)
