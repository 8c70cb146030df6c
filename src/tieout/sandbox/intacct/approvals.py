"""Approval: `approve` and `decline`, what waits for them, and what was decided (intacct-xml §2.9).

The reference gives the requests alone; the replies of the two reading functions are our own.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tieout.sandbox.intacct.behaviour import PLAIN
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.reply import Result, data, flat
from tieout.sandbox.intacct.values import stamp
from tieout.sandbox.intacct.wording import Refusal, business, no_such_object, not_permitted, query_failed
from tieout.sandbox.intacct.work import Work


def judging(verb: str) -> Callable[[Work, etree._Element], Result]:
    """The handler of one of the two; what it decides is the object's own `judge`."""

    def handler(work: Work, asked: etree._Element) -> Result:
        if len(asked) != 1:
            raise query_failed(f"{verb} takes one object.")
        name = str(asked[0].tag).upper()
        kind = work.company.kinds.get(name)
        if kind is None:
            raise no_such_object(name)
        judge = work.company.behaviours.get(name, PLAIN).judge
        if judge is None:
            raise not_permitted(verb.upper(), name)
        work.permit(verb, name)
        given: Given = {str(child.tag).upper(): (child.text or "").strip() for child in asked[0]}
        with work.storage.transaction():
            judge(work, kind, verb, given)
            _note(work, name, verb, given)
        return Result("success", written=1, transactions=1)

    return handler


def to_approve(work: Work, asked: etree._Element) -> Result:
    """`getTransactionsToApprove`: the documents of a module that wait."""
    kind = _kind(work, asked, "getTransactionsToApprove")
    rows = [row for row in work.view(private=True).rows(work.storage, kind) if row["STATE"] in _WAITING]
    shown = [flat(kind.name, work.shown(kind, row, ("RECORDNO", *_SHOWN))) for row in rows]
    return Result("success", data("".join(shown), {"listtype": kind.name, "count": len(rows)}), transactions=1)


def history(work: Work, asked: etree._Element) -> Result:
    """`getApprovalHistory`: who decided a document, how and when; an unknown one is refused."""
    kind = _kind(work, asked, "getApprovalHistory")
    docid = text_of(asked.find("docid"))
    row = work.storage.find(kind.name, "key", docid)
    if row is None or not work.by_key().sees(kind, row):
        raise Refusal(business(f"Cannot find {kind.label.lower()} with key '{docid}'.", object=kind.name, field="DOCID"))
    notes = [each for each in work.storage.all(_NOTES) if (each["OBJECT"], each["DOCID"]) == (kind.name, docid)]
    shown = [
        flat("APPROVALHISTORY", [(name, each[name]) for name in ("DOCID", "ACTION", "USERID", "ACTIONDATE", "COMMENT")]) for each in notes
    ]
    return Result("success", data("".join(shown), {"listtype": "APPROVALHISTORY", "count": len(notes)}), transactions=1)


_MODULES = {"purchasing": "PODOCUMENT"}
_WAITING = frozenset({"Submitted", "Partially Approved"})
_SHOWN = ("DOCID", "DOCPARID", "STATE", "CUSTVENDID", "TOTAL", "WHENCREATED")
_NOTES = "_APPROVAL"


def _kind(work: Work, asked: etree._Element, function: str) -> Kind:
    module = text_of(asked.find("module"))
    if module not in _MODULES:
        raise query_failed(f"There is no module {module} with approvals.")
    kind = work.company.kinds[_MODULES[module]]
    work.permit(function, kind.name)
    return kind


def _note(work: Work, name: str, verb: str, given: Given) -> None:
    number = str(work.storage.next("number of approvals"))
    note = {"OBJECT": name, "DOCID": given.get("DOCID", ""), "COMMENT": given.get("COMMENT", ""), "USERID": work.userid}
    action = {"ACTION": {"approve": "Approved", "decline": "Declined"}[verb], "ACTIONDATE": stamp(work.now)}
    work.storage.put(_NOTES, number, {**note, **action})
