"""One request through the gateway: envelope, sender, sign-in, functions in order, reply (intacct-xml §1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tieout.sandbox.faults import Faults
from tieout.sandbox.intacct.controlids import ControlIds, Ticket
from tieout.sandbox.intacct.envelope import Envelope, Function, Unreadable, line_of, text_of
from tieout.sandbox.intacct.functions import HANDLERS, aborted, first_object, is_known, is_legacy, not_emulated, run, told_to_refuse
from tieout.sandbox.intacct.legacy import check as check_shape
from tieout.sandbox.intacct.reply import (
    CONTENT_TYPE,
    Answered,
    Result,
    authentication_failure,
    control_failure,
    data,
    document,
    element,
    spaced,
)
from tieout.sandbox.intacct.sessions import COMPANY_ID, Door, check_control, unsigned
from tieout.sandbox.intacct.wording import ROLLED_BACK, AuthRefusal, ControlRefusal, Problem, schema
from tieout.sandbox.intacct.work import Company, Work
from tieout.sandbox.meter import Meter
from tieout.sandbox.wire import Response

_ABORTED = Problem(ROLLED_BACK, "The entire transaction in this operation has been rolled back due to an error.")
SESSION_FUNCTION = "getAPISession"


class _Abort(Exception):  # noqa: N818 - ends a transaction
    def __init__(self, at: int, result: Result) -> None:
        super().__init__(at)
        self.at, self.result = at, result


@dataclass(slots=True)
class Gateway:
    """The XML gateway of the company."""

    company: Company
    door: Door
    controlids: ControlIds
    faults: Faults
    meter: Meter
    path: str
    state: dict[str, int]
    requests: int = 0

    def answer(self, envelope: Envelope | Unreadable, ticket: Ticket, endpoint: str) -> Response:
        """The reply to one request; HTTP 200 for every outcome the envelope can express."""
        if isinstance(envelope, Unreadable):
            return _xml(control_failure(envelope.refusal.problem, envelope.control))
        control = envelope.control
        try:
            check_control(control, self.company.settings)
            _check_functions(envelope, strict=bool(self.company.settings["strict"]))
        except ControlRefusal as refusal:
            return _xml(control_failure(refusal.problem, control))
        with self.company.storage.transaction():
            try:
                session, entity = self.door.admit(envelope)
            except AuthRefusal as refusal:
                status = int(self.company.settings["auth_failure_http"])
                return _xml(authentication_failure(refusal.problem, control, unsigned(envelope.authentication)), status)
            work = self._work(session, entity, endpoint, self.door.user(envelope.authentication))
            results = self._all(work, envelope, ticket)
            self.door.slide(session)
            return self._reply(work, envelope, results)

    def _work(self, session: str, entity: str, endpoint: str, userid: str) -> Work:
        user = self.company.storage.find(self.company.user_kind, "key", userid)
        number = user["RECORDNO"] if user is not None else ""
        return Work(self.company, session, userid, number, entity, endpoint, state=self.state)

    def _all(self, work: Work, envelope: Envelope, ticket: Ticket) -> list[Result]:
        functions = envelope.functions
        one: Callable[[Function], Result] = lambda function: self._one(work, envelope, function, ticket)  # noqa: E731
        if not envelope.transaction:
            return [one(function) for function in functions]
        try:
            with work.storage.transaction():
                results = []
                for at, function in enumerate(functions):
                    result = one(function)
                    if result.status != "success":
                        raise _Abort(at, result)
                    results.append(result)
                return results
        except _Abort as abort:
            failed = functions[abort.at]
            ticket.spent.clear()
            self._spend(work, envelope, failed, abort.result, ticket)
            status = str(work.settings["transaction_failure_status"])
            blank = Result("aborted")
            return [
                aborted(abort.result, status, _ABORTED) if at == abort.at else aborted(blank, "aborted", _ABORTED)
                for at in range(len(functions))
            ]

    def _one(self, work: Work, envelope: Envelope, function: Function, ticket: Ticket) -> Result:
        name = function.name
        if envelope.control.uniqueid and self.controlids.refuses(ticket, function.controlid):
            self.meter.count(name, 0)
            return self.controlids.refusal()
        if self.faults.hit(function=name, object=first_object(function), path=self.path):
            result = told_to_refuse(name)
        elif name == SESSION_FUNCTION:
            result = self._session(work, function)
        elif name in HANDLERS:
            result = run(work, function, HANDLERS)
        else:
            result = not_emulated(name)
        self.meter.count(name, result.transactions)
        self._spend(work, envelope, function, result, ticket)
        return result

    def _spend(self, work: Work, envelope: Envelope, function: Function, result: Result, ticket: Ticket) -> None:
        """A function that was executed spends its controlid; a refused one only if the setting says so."""
        if envelope.control.uniqueid and (result.status == "success" or work.settings["refusal_spends_controlid"]):
            self.controlids.remember(ticket, function.controlid)

    def _session(self, work: Work, function: Function) -> Result:
        """`getAPISession`, at the caller's level or at another (intacct-xml §1.5)."""
        wanted = function.element.find("locationid")
        entity = work.entity if wanted is None else text_of(wanted)
        if not self.door.is_entity(entity):
            return Result("failure", problems=(Problem("Get API Session Failed", f"Invalid entity {entity}"),))
        number = self.door.open(entity, work.userid)
        parts = element("sessionid", number) + element("endpoint", work.endpoint) + element("locationid", entity)
        return Result("success", data(f"<api>{parts}</api>"))

    def _reply(self, work: Work, envelope: Envelope, results: list[Result]) -> Response:
        self.requests += 1
        written = sum(result.written for result in results)
        if len(results) == 1 and (bare := results[0].bare) is not None:
            body, content_type = bare
            return Response(200, body.encode(), {}, content_type, records=written)
        answered = [
            Answered(function.controlid, function.name, result) for function, result in zip(envelope.functions, results, strict=True)
        ]
        support = f"sandbox{self.requests}%7E{COMPANY_ID.lower()}{self.requests:06d}"
        text = document(envelope.control, self.door.signed(work), answered, support=support)
        return _xml(spaced(text) if envelope.control.includewhitespace else text, records=written)


def _check_functions(envelope: Envelope, *, strict: bool) -> None:
    """Every function is one of the schema; version 2.1 has only the legacy ones, whose elements have an order (§1.2, §2.11)."""
    for function in envelope.functions:
        generic = (function.name in HANDLERS and not is_legacy(function.name)) or function.name == SESSION_FUNCTION
        if not is_known(function.name) or (generic and envelope.control.dtdversion == "2.1"):
            raise schema(f"Element '{function.name}': This element is not expected.", line_of(function.element), number=1871)
        check_shape(function, strict=strict)


def _xml(text: str, status: int = 200, *, records: int = 0) -> Response:
    return Response(status, text.encode(), {}, CONTENT_TYPE, records=records)
