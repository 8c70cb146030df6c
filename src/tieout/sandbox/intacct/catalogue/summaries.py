"""Tables of summaries, which group documents and payments for the ledger (intacct-objects APBILLBATCH, ARINVOICEBATCH)."""

from __future__ import annotations

from dataclasses import replace

from tieout.sandbox.intacct.catalogue.dimensions import account_ref
from tieout.sandbox.intacct.catalogue.ledger import bank, pick
from tieout.sandbox.intacct.fields import SEARCH, Field, Kind, Need, Type, recordno, status


def _summary(name: str, label: str, plural: str, *more: Field) -> Kind:
    fields = (
        recordno(),
        Field("TITLE", label="Title", need=Need.YES, max=100),
        Field("CREATED", Type.DATE, "Date", Need.YES),
        pick("OPEN", "Open", "Closed", default="Open"),
        *more,
        status(),
    )
    return Kind(name, label, plural, key="RECORDNO", functions=SEARCH, fields=fields, indexes=("TITLE",))


# The reference has a function that makes summaries of expenses, but no object that reads them.
_EXPENSES = replace(_summary("EEXPENSESBATCH", "Expense Summary", "Expense Summaries"), functions=frozenset())

KINDS = (
    _EXPENSES,
    _summary("APBILLBATCH", "AP Bill Summary", "AP Bill Summaries"),
    _summary("APADJUSTMENTBATCH", "AP Adjustment Summary", "AP Adjustment Summaries"),
    _summary("ARINVOICEBATCH", "AR Invoice Summary", "AR Invoice Summaries"),
    _summary("ARADJUSTMENTBATCH", "AR Adjustment Summary", "AR Adjustment Summaries"),
    _summary(
        "ARPYMTBATCH",
        "AR Payment Summary",
        "AR Payment Summaries",
        bank(),
        Field("UNDEPOSITEDACCOUNTNO", ref=account_ref("UNDEPOSITEDACCOUNTKEY", "", "")),
    ),
)
