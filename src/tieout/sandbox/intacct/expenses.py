"""Expense reports, charge card transactions and other receipts beyond what every document does; reimbursements as they are paid."""

from __future__ import annotations

from dataclasses import replace

from tieout.sandbox.intacct import documents, settlements
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.documents import POSTED, refused
from tieout.sandbox.intacct.facts import Document, Settlement
from tieout.sandbox.intacct.records import amend, place
from tieout.sandbox.intacct.settlements import Facts

_REPAID = ("EMPLOYEEID", "EMPLOYEEKEY", "FINANCIALENTITY", "FINANCIALENTITYKEY", "PAYMENTDATE", "DOCNUMBER", "DESCRIPTION", "CURRENCY")


def report(facts: Document) -> Behaviour:
    """A document of employees: its functions say Submitted where others say Submit."""
    inner = documents.behaviour(facts)

    def prepare(change: Change) -> None:
        if change.row.get("ACTION") == "Submitted":
            change.row["ACTION"] = "Submit"
        inner.prepare(change)

    return replace(inner, prepare=prepare)


def card(facts: Document) -> Behaviour:
    """A charge card transaction, whose financial entity is the card."""
    inner = documents.behaviour(facts)

    def prepare(change: Change) -> None:
        inner.prepare(change)
        change.row["FINANCIALENTITY"] = change.row.get("CARDID", "")

    return replace(inner, prepare=prepare)


def receipt(facts: Document) -> Behaviour:
    """Other money that came in; its function says by which account."""
    inner = documents.behaviour(facts)

    def prepare(change: Change) -> None:
        row = change.row
        if bool(row.get("FINANCIALENTITY")) == bool(row.get("UNDEPOSITEDACCOUNTNO")):
            text = "One of the bank account and the account of undeposited funds is required."
            raise refused(change.kind, text, "BL03000018", "FINANCIALENTITY")
        inner.prepare(change)

    return replace(inner, prepare=prepare)


def _prepare_line(change: Change) -> None:
    """What was paid with the company's means is booked against the account of its payment type, and owed to nobody."""
    row = change.row
    paid_with = change.work.storage.get("EXPENSEPAYMENTTYPE", row.get("EXPPMTTYPEKEY", ""))
    is_own = paid_with is not None and paid_with.get("NONREIMBURSABLE") == "true"
    row["NONREIMBURSABLE"] = "true" if is_own else "false"
    if paid_with is not None and is_own and paid_with.get("OFFSETACCTNO"):
        row.update(OFFSETGLACCOUNTNO=paid_with["OFFSETACCTNO"], OFFSETACCOUNTKEY=paid_with["OFFSETACCTKEY"])


LINE = Behaviour(_prepare_line)


def reimbursement(facts: Settlement, known: Facts) -> Behaviour:
    """A request to pay an employee, and the payment it becomes when it is posted."""
    inner = settlements.behaviour(facts, known)

    def settle(change: Change) -> None:
        inner.settle(change)
        work, number = change.work, change.row["RECORDNO"]
        row = work.storage.get(change.kind.name, number)
        assert row is not None
        amend(work, change.kind, number, {"PAYMENTAMOUNT": row["TRX_TOTALENTERED"]})
        if row["STATE"] == POSTED:
            columns = {name: row[name] for name in _REPAID if row.get(name)}
            columns.update(STATE=POSTED, PAYMENTTYPE=row["PAYMENTMETHOD"], PAYMENTAMOUNT=row["TRX_TOTALENTERED"], PAYMENTREQUESTKEY=number)
            place(work, work.company.kinds["EPPAYMENT"], columns)

    return replace(inner, settle=settle)
