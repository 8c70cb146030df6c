"""The client: typed functions over signed-in sessions of one company."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

import httpx

from tieout.intacct.client import answers, attachments, functions
from tieout.intacct.client.credentials import Credentials, Session
from tieout.intacct.client.envelope import Function, login, request, with_session
from tieout.intacct.client.errors import IntacctError, Level, NotSentError, Reason, RefusedError, UnsureError
from tieout.intacct.client.filters import Query, all_of, greater_than
from tieout.intacct.client.interpret import Where, interpret, matched
from tieout.intacct.client.reply import Reply, Result, Row, Status
from tieout.intacct.client.sessions import Sessions, bound_endpoint, expiry
from tieout.intacct.client.transport import Limits, Transport, parsed


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The time, aware."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """What this client has sent: requests, and API transactions as the vendor bills them (intacct-xml §6)."""

    requests: int = 0
    transactions: int = 0


class Client:
    """A client for one company; safe to use from many threads, of which at most `max_concurrency` call at a time.

    Every method takes `entity`, the entity in whose session the call is made ("" is the top level), and raises
    `IntacctError`. Reads raise `RefusedError` when their function is refused; `execute` leaves that to the caller.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Clock,
        http: httpx.BaseTransport | None = None,
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        turns: Callable[[], float] | None = None,
    ) -> None:
        self.credentials = credentials
        self._limits = limits or Limits()
        self._clock = clock
        self._transport = Transport(self._limits, http, monotonic=monotonic, turns=turns)
        self._sessions = Sessions(self._sign_in, clock.now)
        self._usage = Usage()
        self._guard = threading.Lock()
        self._skew = timedelta(0)

    def __repr__(self) -> str:
        return f"Client(company_id={self.credentials.company_id!r}, user_id={self.credentials.user_id!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections and forget all sessions."""
        self._sessions.clear()
        self._transport.close()

    @property
    def usage(self) -> Usage:
        """What was sent so far."""
        return self._usage

    def server_time(self) -> datetime:
        """The system's own time, as its last sign-in gave it and our clock has run since."""
        return self._clock.now() + self._skew

    def get_api_session(self, entity: str = "") -> Session:
        """The session for an entity, opened if need be."""
        return self._sessions.get(entity)[0]

    def execute(
        self, calls: Sequence[Function], *, entity: str = "", unique: bool = False, lines: Sequence[str] = ()
    ) -> list[Result | None]:
        """Send up to 100 functions in one request; one result each, None where the answer holds none.

        `unique` makes each control id good for one execution ever (intacct-xml §1.6). A session that was refused is
        replaced once and the request repeated, which is safe: nothing ran. Raises IntacctError above function level.
        """
        session, fresh = self._session(entity)
        try:
            reply = self._send(session, calls, unique, lines)
        except NotSentError as error:
            if fresh or not _session_refused(error):
                raise
            self._sessions.drop(session)
            session, _ = self._session(entity)
            reply = self._send(session, calls, unique, lines)
        return matched(reply, calls)

    def call(self, function: Function, *, entity: str = "", lines: Sequence[str] = ()) -> Result:
        """Send one reading function. Raises IntacctError, for a refusal of the function RefusedError."""
        return self._succeeded(self.execute([function], entity=entity, lines=lines)[0], function, entity)

    def query(self, asked: Query, *, entity: str = "") -> Result:
        """One page of a query."""
        return self.call(functions.query(_control_id(), asked), entity=entity)

    def query_all(self, asked: Query, *, key: str = "RECORDNO", entity: str = "") -> Iterator[Row]:
        """All rows, page by page in the order of a unique numeric key, so that no page overlaps or skips (intacct-xml §2.7)."""
        fields = asked.fields if key in asked.fields else (*asked.fields, key)
        last: str | None = None
        while True:
            after = [greater_than(key, last)] if last is not None else []
            where = all_of(*after, *([asked.where] if asked.where else [])) if after or asked.where else None
            result = self.query(replace(asked, fields=fields, where=where, order=((key, True),), offset=0), entity=entity)
            yield from result.rows
            if not result.rows or not result.remaining:
                return
            last = result.rows[-1].fields[key]

    def read(
        self, object: str, keys: Sequence[str], fields: Sequence[str] = ("*",), *, lines: Sequence[str] = (), entity: str = ""
    ) -> tuple[Row, ...]:
        """Records with their lines by RECORDNO, up to 100; a missing one is left out."""
        return self.call(functions.read(_control_id(), object, keys, fields), entity=entity, lines=lines).rows

    def read_by_name(
        self, object: str, keys: Sequence[str], fields: Sequence[str] = ("*",), *, lines: Sequence[str] = (), entity: str = ""
    ) -> tuple[Row, ...]:
        """Records with their lines by natural key, up to 100."""
        return self.call(functions.read_by_name(_control_id(), object, keys, fields), entity=entity, lines=lines).rows

    def read_by_query(
        self, object: str, where: str = "", fields: Sequence[str] = ("*",), *, page_size: int = 1000, entity: str = ""
    ) -> Result:
        """The first page of the older query; go on with `read_more` while `remaining` is above zero."""
        return self.call(functions.read_by_query(_control_id(), object, where, fields, page_size=page_size), entity=entity)

    def read_more(self, result_id: str, *, entity: str = "") -> Result:
        """The next page of a `read_by_query` made in the same session."""
        return self.call(functions.read_more(_control_id(), result_id), entity=entity)

    def create(self, object: str, values: Mapping[str, Any], *, key: str, entity: str = "") -> Result:
        """Create one record under an idempotency key of your own."""
        return self._write(functions.create(key, object, values), entity)

    def update(self, object: str, values: Mapping[str, Any], *, key: str, entity: str = "") -> Result:
        """Change one record under an idempotency key of your own."""
        return self._write(functions.update(key, object, values), entity)

    def delete(self, object: str, record_no: str, *, key: str, entity: str = "") -> Result:
        """Delete one record under an idempotency key of your own."""
        return self._write(functions.delete(key, object, [record_no]), entity)

    def write(self, function: Function, *, entity: str = "") -> Result:
        """Send one writing function, such as one of `documents` or `attachments`; its control id is good for one execution ever.

        Raises IntacctError, for a refusal of the function RefusedError.
        """
        return self._write(function, entity)

    def attachment(self, id: str, *, entity: str = "") -> attachments.Attachment | None:
        """An attachment with its files; None if there is none under the id."""
        try:
            found = attachments.attachments(self.call(functions.get(_control_id(), "supdoc", id), entity=entity))
        except RefusedError as error:
            if any(each.text.startswith("Cannot find") for each in error.errors):
                return None
            raise
        return found[0] if found else None

    def applications(self, *, entity: str = "") -> tuple[answers.Application, ...]:
        """The applications the company subscribes to."""
        return answers.applications(self.call(functions.get_applications(_control_id()), entity=entity))

    def company_prefs(self, application: str, *, entity: str = "") -> dict[str, str]:
        """The preferences of one application by name."""
        return answers.company_prefs(self.call(functions.get_company_prefs(_control_id(), application), entity=entity))

    def lookup(self, object: str, *, entity: str = "") -> answers.ObjectType:
        """The fields and relationships of an object."""
        return answers.object_type(self.call(functions.lookup(_control_id(), object), entity=entity), object)

    def inspect(self, object: str, *, detail: bool = False, entity: str = "") -> answers.ObjectType:
        """The fields of an object; with `detail` also their greatest lengths."""
        return answers.object_type(self.call(functions.inspect(_control_id(), object, detail=detail), entity=entity), object)

    def object_names(self, *, entity: str = "") -> dict[str, str]:
        """All objects of the company: label by name."""
        return answers.object_names(self.call(functions.inspect(_control_id()), entity=entity))

    def get_dimensions(self, *, entity: str = "") -> tuple[answers.Dimension, ...]:
        """The dimensions of the company."""
        return answers.dimensions(self.call(functions.get_dimensions(_control_id()), entity=entity))

    def read_user_formatting(self, user_id: str = "", *, entity: str = "") -> answers.UserFormatting | None:
        """How dates are written for a user, by default the one signed in."""
        asked = functions.read_user_formatting(_control_id(), user_id or self.credentials.user_id)
        return answers.user_formatting(self.call(asked, entity=entity))

    def get_user_permissions(self, user_id: str = "", *, entity: str = "") -> tuple[answers.Permission, ...]:
        """The rights of a user, by default the one signed in."""
        asked = functions.get_user_permissions(_control_id(), user_id or self.credentials.user_id)
        return answers.permissions(self.call(asked, entity=entity))

    def _write(self, function: Function, entity: str) -> Result:
        return self._succeeded(self.execute([function], entity=entity, unique=True)[0], function, entity)

    def _succeeded(self, result: Result | None, function: Function, entity: str) -> Result:
        errors = result.errors if result is not None else ()
        if result is None or result.status is Status.MISSING:
            raise UnsureError(Reason.INCOMPLETE, Level.FUNCTION, errors=errors, host=self._host(), entity=entity, object=function.object)
        if result.status is not Status.SUCCESS:
            raise RefusedError(Reason.REFUSED, Level.FUNCTION, errors=errors, host=self._host(), entity=entity, object=function.object)
        return result

    def _session(self, entity: str) -> tuple[Session, bool]:
        try:
            return self._sessions.get(entity)
        except IntacctError as error:
            raise error.as_not_sent() from error

    def _send(self, session: Session, calls: Sequence[Function], unique: bool, lines: Sequence[str]) -> Reply:
        body = request(self.credentials, with_session(session.id), calls, control_id=calls[0].control_id, unique=unique)
        reply = self._exchange(session.endpoint, body, session.entity, calls, lines)
        self._sessions.extend(session, expiry(reply, self._clock.now()))
        return reply

    def _exchange(self, endpoint: str, body: bytes, entity: str, calls: Sequence[Function], lines: Sequence[str] = ()) -> Reply:
        with self._guard:
            billed = sum(each.transactions for each in calls)
            self._usage = Usage(self._usage.requests + 1, self._usage.transactions + billed)
        answer = self._transport.post(endpoint, body)
        where = Where(parsed(endpoint).host, entity, calls)
        return interpret(answer, where, self._clock.now(), max_bytes=self._limits.max_bytes, lines=lines)

    def _sign_in(self, entity: str) -> Session:
        function = functions.get_api_session(_control_id())
        body = request(self.credentials, login(self.credentials, entity), [function], control_id=function.control_id, unique=False)
        reply = self._exchange(self.credentials.endpoint, body, entity, [function])
        now = self._clock.now()
        result = matched(reply, [function])[0]
        if result is not None and result.status in (Status.FAILURE, Status.ABORTED):
            raise NotSentError(Reason.REFUSED, Level.FUNCTION, errors=result.errors, host=self._host(), entity=entity)
        fields = result.rows[0].fields if result is not None and result.status is Status.SUCCESS and result.rows else {}
        if not fields.get("sessionid"):
            raise NotSentError(Reason.INCOMPLETE, Level.FUNCTION, host=self._host(), entity=entity, detail="no session id in the answer")
        if reply.session_timestamp is not None:
            self._skew = reply.session_timestamp - now
        return Session(fields["sessionid"], bound_endpoint(self.credentials, fields.get("endpoint", "")), entity, expiry(reply, now))

    def _host(self) -> str:
        return parsed(self.credentials.endpoint).host


def _session_refused(error: IntacctError) -> bool:
    """Whether the session itself may be the cause: any refusal to authenticate, in the envelope or at the front door."""
    return error.reason is Reason.REFUSED and (error.level is Level.AUTHENTICATION or error.http_status == 401)


def _control_id() -> str:
    return str(uuid4())
