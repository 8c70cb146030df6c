"""From what the client raised, or a function answered, to the fault a person can act on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tieout.core.ports import Effect, Fault, FaultCase, Sign
from tieout.intacct.client import Credentials, ErrorEntry, IntacctError, Level, NotSentError, Reason, RefusedError
from tieout.intacct.fault_table import BY_REASON, OWN, ROWS, Row

_WRAPPERS = frozenset({"BL01001973", "REST-7001", "REST-1064"})
_NAMED = {
    "PROJECT": "project",
    "CUSTOMER": "customer",
    "EMPLOYEE": "employee",
    "LOCATION": "location",
    "DEPARTMENT": "department",
    "VENDOR": "vendor",
    "CLASS": "class",
    "ITEM": "item",
    "GLACCOUNT": "account",
    "TASK": "task",
    "TIMESHEET": "timesheet",
    "PROJECTRESOURCES": "project resource",
    "TASKRESOURCES": "task resource",
    "APBILL": "bill",
    "APBILLITEM": "bill line",
    "APADJUSTMENT": "payables adjustment",
    "ARINVOICE": "invoice",
    "ARPYMT": "customer payment",
    "ARADJUSTMENT": "receivables adjustment",
    "ARADVANCE": "customer advance",
    "CONTACT": "contact",
    "STANDARDTASK": "standard cost code",
    "STANDARDCOSTTYPE": "standard cost type",
    "ACCUMULATIONTYPE": "accumulation type",
    "COSTTYPE": "cost type",
    "PJESTIMATE": "project estimate",
    "PJESTIMATETYPE": "estimate type",
    "CHANGEREQUEST": "change request",
    "CHANGEREQUESTTYPE": "change request type",
    "CHANGEREQUESTSTATUS": "change request status",
    "PROJECTCHANGEORDER": "project change order",
    "PROJECTCONTRACT": "project contract",
    "PROJECTCONTRACTLINE": "project contract line",
    "PODOCUMENT": "purchasing document",
    "PODOCUMENTPARAMS": "purchasing transaction definition",
    "SODOCUMENT": "order entry document",
    "GLBATCH": "journal entry",
    "LOCATIONENTITY": "entity",
    "PROJECTSTATUS": "project status",
    "PROJECTTYPE": "project type",
    "APTERM": "payables term",
    "ARTERM": "receivables term",
    "SUPDOC": "attachment",
}


@dataclass(frozen=True, slots=True)
class Context:
    """The names the sentences of the fault table may use."""

    company: str
    sender: str
    user: str
    host: str = ""
    entity: str = ""
    object: str = ""

    @classmethod
    def of(cls, credentials: Credentials, *, host: str = "", entity: str = "", object: str = "") -> Context:
        """The names of one connection."""
        return cls(credentials.company_id, credentials.sender_id, credentials.user_id, host, entity, object)


def fault_of(error: IntacctError, credentials: Credentials) -> Fault:
    """The fault of a failed call."""
    context = Context.of(credentials, host=error.host, entity=error.entity, object=error.object)
    row = _row_of(error)
    effect = Effect.UNKNOWN
    if isinstance(error, NotSentError):
        effect = Effect.NOT_SENT
    elif isinstance(error, RefusedError):
        effect = row.effect
    return Fault(case_of(row, context), error.detail or said(error.errors), effect=effect, retry_after=error.retry_after)


def _row_of(error: IntacctError) -> Row:
    if error.reason is Reason.REFUSED:
        return match(error.errors, error.level, entity=error.entity) or _silent(error)
    found = match(error.errors, error.level, entity=error.entity) if error.errors else None
    return found if found is not None and found.code != "intacct.refused-request" else BY_REASON[error.reason]


def _silent(error: IntacctError) -> Row:
    """The row of a refusal that gives no reason we know: at the front door it is the sign-in."""
    if error.http_status == 401:
        return next(row for row in ROWS if row.code == "intacct.wrong-sign-in")
    if error.level in (Level.AUTHENTICATION, Level.CONTROL):
        return next(row for row in ROWS if row.levels and error.level in row.levels and not row.errorno and not row.text)
    return BY_REASON[Reason.REFUSED]


def match(errors: Sequence[ErrorEntry], level: Level, *, entity: str = "") -> Row | None:
    """The first row of the table that fits any of the errors; None if no row does.

    A wrong entity and a wrong password have the same words in Intacct, so the entity's row needs an entity.
    """
    for row in ROWS:
        if row.levels and level not in row.levels:
            continue
        if row.code == "intacct.wrong-entity" and not entity:
            continue
        if any(_fits(row, error) for error in errors):
            return row
    return None


def _fits(row: Row, error: ErrorEntry) -> bool:
    number = not row.errorno or re.fullmatch(row.errorno, error.errorno) is not None
    return number and (not row.text or _text_pattern(row.text).search(f"{error.errorno} {error.text}") is not None)


@cache
def _text_pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def own_fault(code: str, context: Context, detail: str = "", *, effect: Effect = Effect.NOT_SENT) -> Fault:
    """A fault that the adapter itself found."""
    return Fault(case_of(OWN[code], context), detail, effect=effect)


def repeated(context: Context) -> Fault:
    """The answer to a call whose control id was used before: a result without a status (intacct-xml §1.6)."""
    row = next(row for row in ROWS if row.sign is Sign.CALL_REPEATED)
    return Fault(case_of(row, context), effect=Effect.UNKNOWN)


def gone(context: Context) -> Fault:
    """The record to be changed is no longer there."""
    row = next(row for row in ROWS if row.sign is Sign.TARGET_GONE)
    return Fault(case_of(row, context), effect=Effect.REFUSED)


def case_of(row: Row, context: Context) -> FaultCase:
    """The case of a row, with its sentences filled in."""
    names = {
        "company": context.company,
        "sender": context.sender,
        "user": context.user,
        "host": context.host or "Intacct",
        "entity": context.entity or "the top level",
        "object": _NAMED.get(context.object, context.object) or "record",
    }
    return FaultCase(
        row.code,
        row.cause.format_map(names),
        row.next_step.format_map(names),
        row.actor,
        row.scope,
        authentication=row.authentication,
        sign=row.sign,
    )


def said(errors: Sequence[ErrorEntry]) -> str:
    """The system's own words: the specific errors before the wrapper around them, with the Support ID for Sage's help desk."""
    specific = [error for error in errors if error.errorno not in _WRAPPERS and error.text]
    texts = list(dict.fromkeys(each.text for each in specific or errors if each.text))
    texts = texts or list(dict.fromkeys(each.errorno for each in errors if each.errorno))
    support = next((error.support_id for error in errors if error.support_id), "")
    parts = [*texts, *([f"Support ID {support}"] if support else [])]
    return "; ".join(part.rstrip(".") for part in parts)


# Every case with names as an example, for the table of problems in the documents.
CASES: dict[str, FaultCase] = {
    row.code: case_of(row, Context("ACME", "acme-sender", "xml_user", "api.intacct.com", "100", "PROJECT"))
    for row in (*ROWS, *BY_REASON.values(), *OWN.values())
}
