"""The REST API of one company: objects, queries, the model and composite calls (intacct-rest §3–6).

Used for what the XML gateway cannot write. Errors are those of the XML client, by what is known of the effect.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec

from tieout.intacct.client.errors import Level, NotSentError, Reason, UnsureError, UnwritableError
from tieout.intacct.client.gateway import Clock, Usage
from tieout.intacct.client.oauth import RestCredentials, Tokens
from tieout.intacct.client.rest_reply import RestReply, read_reply
from tieout.intacct.client.transport import Limits, Transport

MAX_REST_PAGE = 4000
MAX_IDEMPOTENCY_KEY = 256
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "tieout"}
_ENCODER = msgspec.json.Encoder(decimal_format="string")


@dataclass(frozen=True, slots=True)
class RestQuery:
    """One query. Rows come flat, with dotted names as they were asked for (intacct-rest §4).

    Attributes:
        filters: each of the shape {"$eq": {"project.id": "P-1"}}; all hold unless `expression` says otherwise.
        order: pairs of field name and whether ascending; paging needs one that ends in a unique field.
        include_private: at the top level, also records of private entities.
    """

    object: str
    fields: tuple[str, ...]
    filters: tuple[Mapping[str, Any], ...] = ()
    expression: str = "and"
    order: tuple[tuple[str, bool], ...] = (("key", True),)
    start: int = 1
    size: int = MAX_REST_PAGE
    include_private: bool = False

    def __post_init__(self) -> None:
        if not self.fields or "*" in self.fields:
            raise ValueError("a query names its fields")
        if not 1 <= self.size <= MAX_REST_PAGE:
            raise ValueError(f"a page holds 1 to {MAX_REST_PAGE} records, not {self.size}")


@dataclass(frozen=True, slots=True)
class RestPage:
    """One page of a query; `next` is where the following one starts, None after the last."""

    rows: tuple[Mapping[str, Any], ...]
    total: int
    next: int | None


@dataclass(frozen=True, slots=True)
class RestRecord:
    """What a write answers: the record's number, its own id, and whether it is the answer of an earlier, equal call."""

    key: str
    id: str
    replayed: bool = False


class RestClient:
    """A client for one company's REST API; safe to use from many threads.

    Every method takes `entity`, sent with the call ("" is the top level), and raises `IntacctError`. Writes are never
    repeated by themselves; a caller may send an equal one under the same idempotency key within 48 hours.
    """

    def __init__(
        self,
        credentials: RestCredentials,
        *,
        clock: Clock,
        http: httpx.BaseTransport | None = None,
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        turns: Callable[[], float] | None = None,
    ) -> None:
        self.credentials = credentials
        self._clock = clock
        self._transport = Transport(limits or Limits(), http, monotonic=monotonic, headers=_HEADERS, turns=turns)
        self._tokens = Tokens(credentials, self._transport, clock.now)
        self._host = httpx.URL(credentials.endpoint).host
        self._usage = Usage()
        self._guard = threading.Lock()

    def __repr__(self) -> str:
        return f"RestClient(company_id={self.credentials.company_id!r}, client_id={self.credentials.client_id!r})"

    def __enter__(self) -> RestClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    @property
    def usage(self) -> Usage:
        """What was sent so far; every call counts as one transaction."""
        return self._usage

    def sign_in(self) -> None:
        """Fetch a token now, if there is none. Raises NotSentError."""
        self._tokens.get()

    def create(self, object: str, values: Mapping[str, Any], *, key: str, entity: str = "") -> RestRecord:
        """Create one record under an idempotency key of your own."""
        return self._record(self._call("POST", _path(object), values, object=object, entity=entity, idempotency=key), object)

    def update(self, object: str, record_key: str, values: Mapping[str, Any], *, key: str, entity: str = "") -> RestRecord:
        """Change one record, named by its key; None clears a field. Under an idempotency key of your own."""
        reply = self._call("PATCH", _path(object, record_key), values, object=object, entity=entity, idempotency=key)
        return self._record(reply, object)

    def delete(self, object: str, record_key: str, *, entity: str = "") -> None:
        """Delete one record."""
        self._call("DELETE", _path(object, record_key), None, object=object, entity=entity)

    def get(self, object: str, record_key: str, *, entity: str = "") -> Mapping[str, Any]:
        """One whole record with its lines."""
        result = self._call("GET", _path(object, record_key), None, object=object, entity=entity).result
        if not isinstance(result, dict):
            raise UnsureError(Reason.INCOMPLETE, Level.FUNCTION, host=self._host, entity=entity, object=object)
        return result

    def query(self, asked: RestQuery, *, entity: str = "") -> RestPage:
        """One page of a query."""
        body: dict[str, Any] = {"object": asked.object, "fields": list(asked.fields), "start": asked.start, "size": asked.size}
        if asked.filters:
            body |= {"filters": list(asked.filters), "filterExpression": asked.expression}
        if asked.include_private:
            body["filterParameters"] = {"includePrivate": True}
        body["orderBy"] = [{name: "asc" if ascending else "desc"} for name, ascending in asked.order]
        reply = self._call("POST", "/services/core/query", body, object=asked.object, entity=entity)
        if not isinstance(reply.result, list):
            raise UnsureError(Reason.INCOMPLETE, Level.FUNCTION, host=self._host, entity=entity, object=asked.object)
        following = reply.meta.get("next")
        total = reply.meta.get("totalCount")
        rows = tuple(row for row in reply.result if isinstance(row, dict))
        return RestPage(
            rows, total if isinstance(total, int) else len(rows), following if isinstance(following, int) and following else None
        )

    def query_all(self, asked: RestQuery, *, entity: str = "") -> Iterator[Mapping[str, Any]]:
        """All rows, page by page in the order of the key, so that no page overlaps or skips."""
        fields = asked.fields if "key" in asked.fields else ("key", *asked.fields)
        wanted = replace(asked, fields=fields, order=(("key", True),))
        while True:
            page = self.query(wanted, entity=entity)
            yield from page.rows
            if not page.rows or page.next is None:
                return
            wanted = _after(asked, wanted, str(page.rows[-1]["key"]))

    def model(self, object: str) -> Mapping[str, Any]:
        """The fields, references and lists of an object as this company has them (§5)."""
        asked = urlencode({"name": object}, quote_via=quote, safe="")
        result = self._call("GET", f"/services/core/model?{asked}", None, object=object).result
        return result if isinstance(result, dict) else {}

    def composite(self, calls: Sequence[Mapping[str, Any]], *, key: str, entity: str = "") -> Sequence[Any]:
        """Two to ten calls in one, each after the other; the first failure stops the rest and undoes nothing (§6)."""
        if not 2 <= len(calls) <= 10:
            raise ValueError(f"a composite call takes 2 to 10 calls, not {len(calls)}")
        reply = self._call("POST", "/services/core/composite", list(calls), entity=entity, idempotency=key)
        return reply.result if isinstance(reply.result, list) else ()

    def session_id(self) -> str:
        """A session of the same user for the XML gateway (§1)."""
        result = self._call("GET", "/services/core/session/id", None).result
        return str(result.get("sessionId", "")) if isinstance(result, dict) else ""

    def _record(self, reply: RestReply, object: str) -> RestRecord:
        result = reply.result if isinstance(reply.result, dict) else {}
        if not result.get("key"):
            raise UnsureError(Reason.INCOMPLETE, Level.FUNCTION, host=self._host, object=object, http_status=reply.status)
        return RestRecord(str(result["key"]), str(result.get("id") or ""), reply.replayed)

    def _call(self, method: str, path: str, values: Any, *, object: str = "", entity: str = "", idempotency: str = "") -> RestReply:
        """One call; a token that was refused is replaced once and the call repeated, which is safe: nothing ran."""
        body = encode(values) if values is not None else None
        if len(idempotency) > MAX_IDEMPOTENCY_KEY:
            raise ValueError(f"an idempotency key has at most {MAX_IDEMPOTENCY_KEY} characters")
        token = self._tokens.get()
        try:
            return self._send(method, path, body, token, object, entity, idempotency)
        except NotSentError as error:
            if error.reason is not Reason.REFUSED or error.level is not Level.AUTHENTICATION:
                raise
        self._tokens.drop(token)
        return self._send(method, path, body, self._tokens.get(), object, entity, idempotency)

    def _send(self, method: str, path: str, body: bytes | None, token: str, object: str, entity: str, idempotency: str) -> RestReply:
        headers = {"Authorization": f"Bearer {token}"}
        if entity:
            headers["X-IA-API-Param-Entity"] = entity
        if idempotency:
            headers["Idempotency-Key"] = idempotency
        with self._guard:
            self._usage = Usage(self._usage.requests + 1, self._usage.transactions + 1)
        answer = self._transport.send(method, self.credentials.endpoint + path, body, headers)
        return read_reply(answer, self._clock.now(), object=object, entity=entity, host=self._host)


def _after(asked: RestQuery, wanted: RestQuery, last: str) -> RestQuery:
    """The query for what follows a key, under the conditions first asked for."""
    filters = (*asked.filters, {"$gt": {"key": last}})
    own = asked.expression
    if own in ("and", "or"):
        own = f" {own} ".join(str(number) for number in range(1, len(filters)))
    return replace(wanted, filters=filters, expression=f"({own}) and {len(filters)}" if asked.filters else "and")


def _path(object: str, key: str = "") -> str:
    if key and not key.isdigit():
        raise UnwritableError(f"an address takes the record's number, not “{key}”")
    return f"/objects/{quote(object, safe='/:')}" + (f"/{key}" if key else "")


def encode(values: Any) -> bytes:
    """JSON as the API reads it: money as text, dates as year-month-day, times in UTC. Raises UnwritableError.

    Equal values in the same order give equal bytes, which a repeated call under one idempotency key needs.
    """
    try:
        return _ENCODER.encode(plain(values))
    except (TypeError, ValueError, UnicodeEncodeError) as error:
        raise UnwritableError(f"the values cannot be written as JSON: {error}") from None


def plain(value: Any) -> Any:
    """A value, or a structure of values, as the API writes it."""
    match value:
        case Mapping():
            return {str(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case datetime():
            if value.tzinfo is None:
                raise ValueError(f"the time {value.isoformat()} has no zone")
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} is not a number that can be written")
            return format(value, "f")
        case _:
            return value


def exact_number(value: Decimal) -> msgspec.Raw:
    """A number for those fields that want a JSON number, with every digit (intacct-rest §3.4)."""
    return msgspec.Raw(format(value, "f").encode())
