"""Tables of employee expenses: types, reports, adjustments, reimbursements (objects table EEXPENSES and its neighbours).

The reference names no object for the lines of a report, the summaries and the items of a request; they are called by analogy.
"""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue.company import EMPLOYEE_REF, contact_ref
from tieout.sandbox.intacct.catalogue.dimensions import account_ref
from tieout.sandbox.intacct.catalogue.ledger import bank, pick
from tieout.sandbox.intacct.catalogue.payables import (
    PAYMENT_STATES,
    TOTALS,
    document,
    exchange,
    header_line,
    made,
    money,
    payment_line,
    state,
)
from tieout.sandbox.intacct.facts import Document, Settlement
from tieout.sandbox.intacct.fields import READ, SEARCH, WRITE, Field, Kind, Need, Owned, Ref, Type, dates, flag, recordno, status, text

EEACCOUNTLABEL = Kind(
    "EEACCOUNTLABEL",
    "Expense Type",
    "Expense Types",
    key="ACCOUNTLABEL",
    functions=WRITE,
    fields=(
        recordno(),
        Field("ACCOUNTLABEL", label="Expense type", need=Need.YES, max=80),
        Field("DESCRIPTION", label="Description", need=Need.YES, max=200),
        Field("GLACCOUNTNO", label="GL account", need=Need.YES, ref=account_ref("GLACCOUNTKEY", "GLACCOUNTTITLE", "GLACCOUNT")),
        Field("OFFSETGLACCOUNTNO", ref=account_ref("OFFSETGLACCOUNTKEY", "", "")),
        Field("ITEMID", ref=Ref("ITEM", "ITEMID", "ITEMKEY", "ITEM")),
        status(),
    ),
)

EXPENSEPAYMENTTYPE = Kind(
    "EXPENSEPAYMENTTYPE",
    "Expense Payment Type",
    "Expense Payment Types",
    key="NAME",
    functions=READ,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=80),
        *text("DESCRIPTION", max=200),
        flag("NONREIMBURSABLE"),
        Field("OFFSETACCTNO", ref=account_ref("OFFSETACCTKEY", "OFFSETACCTTITLE", "")),
        status(),
    ),
)


def _employee(*, create_only: bool = False) -> Field:
    shown = {"EMPLOYEENAME": "CONTACT.CONTACTNAME"}
    ref = Ref("EMPLOYEE", "EMPLOYEEID", "EMPLOYEEKEY", "EMPLOYEE", shown, EMPLOYEE_REF.wording)
    return Field("EMPLOYEEID", label="Employee", create_only=create_only, ref=ref)


_LINE = (
    Field("EXPPMTTYPE", ref=Ref("EXPENSEPAYMENTTYPE", "NAME", "EXPPMTTYPEKEY", "EXPPMTTYPE")),
    *made("NONREIMBURSABLE"),
    *dates("EXPENSEDATE"),
    *text("PAIDFOR", max=1000),
    *(Field(name, Type.DECIMAL) for name in ("QUANTITY", "UNITRATE")),
    Field("ORG_CURRENCY", max=3),
    Field("ORG_AMOUNT", Type.CURRENCY),
    Field("ORG_EXCHRATEDATE", Type.DATE),
    *text("ORG_EXCHRATETYPE", max=40),
    Field("ORG_EXCHRATE", Type.DECIMAL),
)
_TAX_1099 = (flag("FORM1099"), *text("FORM1099TYPE", "FORM1099BOX", max=40))

EEXPENSESITEM = header_line("EEXPENSESITEM", "Expense", "Expenses", "EEXPENSES", *_LINE, *_TAX_1099, labels="EEACCOUNTLABEL")
EEXPENSES = document(
    "EEXPENSES",
    "Expense Report",
    "Expense Reports",
    _employee(),
    ("EEXPENSESITEMS", "EEXPENSESITEM"),
    text("MEMO", max=1000),
    SEARCH | {"delete"},
)
EXPENSEADJUSTMENTSITEM = header_line(
    "EXPENSEADJUSTMENTSITEM", "Expense Adjustment Line", "Expense Adjustment Lines", "EXPENSEADJUSTMENTS", *_LINE, labels="EEACCOUNTLABEL"
)
EXPENSEADJUSTMENTS = document(
    "EXPENSEADJUSTMENTS",
    "Expense Adjustment",
    "Expense Adjustments",
    _employee(),
    ("EXPENSEADJUSTMENTSITEMS", "EXPENSEADJUSTMENTSITEM"),
    (),
    SEARCH | {"delete"},
    batch="EEXPENSESBATCH",
)

EPPAYMENTREQUESTITEM = payment_line("EPPAYMENTREQUESTITEM", "Reimbursement Item", "EPPAYMENTREQUEST", ())
EPPAYMENTREQUEST = Kind(
    "EPPAYMENTREQUEST",
    "Reimbursement Request",
    "Reimbursement Requests",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        *made("RECORDTYPE", "RAWSTATE"),
        state(PAYMENT_STATES),
        bank(),
        _employee(create_only=True),
        pick("PAYMENTMETHOD", "Printed Check", "Cash", "EFT", "ACH", need=Need.YES),
        Field("PAYMENTDATE", Type.DATE, "Payment date", Need.YES),
        pick("PAYMENTOPTION", "employee", "expense", "employeepref", default="employee"),
        *text("DOCNUMBER", max=45),
        *text("DESCRIPTION", "PAYMENTDESCRIPTION", max=1000),
        Field("PAYMENTCONTACT", ref=contact_ref("PAYMENTCONTACT", "PAYMENTCONTACTKEY")),
        *made("WHENCREATED", type=Type.DATE),
        *exchange(),
        *money("PAYMENTAMOUNT", *TOTALS),
        *made("WHENPAID", type=Type.DATE),
    ),
    owned=(Owned("EPPAYMENTREQUESTITEMS", "EPPAYMENTREQUESTITEM", "PAYMENTKEY", least=1),),
    created="AUWHENCREATED",
)
EPPAYMENT = Kind(
    "EPPAYMENT",
    "Reimbursement",
    "Reimbursements",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        *made("STATE", "PAYMENTTYPE", "DOCNUMBER", "DESCRIPTION", "CURRENCY"),
        _employee(),
        bank(),
        *money("PAYMENTAMOUNT"),
        *made("PAYMENTDATE", type=Type.DATE),
        Field("PAYMENTREQUESTKEY", Type.INTEGER, read_only=True),
    ),
    indexes=("PAYMENTREQUESTKEY",),
    created="AUWHENCREATED",
)

KINDS = (
    *(EEACCOUNTLABEL, EXPENSEPAYMENTTYPE, EEXPENSESITEM, EEXPENSES, EXPENSEADJUSTMENTSITEM, EXPENSEADJUSTMENTS),
    *(EPPAYMENTREQUESTITEM, EPPAYMENTREQUEST, EPPAYMENT),
)


def _document(record_type: str) -> Document:
    return Document(
        party="EMPLOYEEID",
        party_word="employee",
        module="6.EE",
        journal="EEJ",
        record_type=record_type,
        sign=1,
        control="expense_account",
        due="",
        required=("EMPLOYEEID", "WHENCREATED"),
        labels="EEACCOUNTLABEL",
    )


DOCUMENTS: Mapping[str, Document] = {"EEXPENSES": _document("eexpenses"), "EXPENSEADJUSTMENTS": _document("expenseadjustments")}
SETTLEMENTS: Mapping[str, Settlement] = {
    "EPPAYMENTREQUEST": Settlement(
        party="EMPLOYEEID",
        party_word="employee",
        module="6.EE",
        journal="CDJ",
        record_type="eppayment",
        sign=1,
        control="expense_account",
        targets=(("RECORDKEY", "EEXPENSES"), ("POSADJKEY", "EXPENSEADJUSTMENTS")),
        amount="TRX_PAYMENTAMOUNT",
        credits=(),
        date="PAYMENTDATE",
    ),
}
