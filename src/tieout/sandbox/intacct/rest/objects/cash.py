"""Cards, bank accounts, expenses, allocations and taxes over REST (intacct-rest §16.1, §16.2).

The reference gives the addresses of these objects and what the main consumer reads of them; names beyond those follow their XML
fields as the names of other objects do. Writes are left out where no page shows what they carry.
"""

from __future__ import annotations

from tieout.sandbox.intacct.rest.mapping import CREATE, DELETE, READ_METHODS, UPDATE, Link, Property, RestObject, same
from tieout.sandbox.intacct.rest.objects.ledger import CHECKING_ACCOUNT

_WRITES = (CREATE, UPDATE, DELETE)

SAVINGS_ACCOUNT = RestObject(
    "cash-management/savings-account", "SAVINGSACCOUNT", rows=CHECKING_ACCOUNT.rows, methods=READ_METHODS, published=_WRITES
)

CREDIT_CARD_ACCOUNT = RestObject(
    "cash-management/credit-card-account",
    "CREDITCARD",
    rows=(
        *same(("description", "DESCRIPTION"), ("status", "STATUS"), ("cardType", "CARDTYPE"), ("liabilityType", "LIABILITYTYPE")),
        Link("vendor", "VENDORID", "accounts-payable/vendor"),
        Link("department", "DEPT", "company-config/department"),
        Link("location", "LOCATION", "company-config/location"),
    ),
    methods=READ_METHODS,
    published=_WRITES,
)

CREDIT_CARD_TRANSACTION = RestObject(
    "cash-management/credit-card-txn",
    "CCTRANSACTION",
    rows=(
        *same(("state", "STATE"), ("referenceNumber", "RECORDID"), ("payee", "PAYEE"), ("description", "DESCRIPTION")),
        *same(("txnDate", "WHENCREATED"), ("totalTxnAmount", "TRX_TOTALENTERED"), ("totalBaseAmount", "TOTALENTERED")),
        Link("creditCardAccount", "CARDID", "cash-management/credit-card-account"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
    ),
    methods=READ_METHODS,
    published=_WRITES,
)

EXPENSE_TYPE = RestObject(
    "expenses/employee-expense-type",
    "EEACCOUNTLABEL",
    rows=(
        *same(("description", "DESCRIPTION"), ("status", "STATUS")),
        Link("glAccount", "GLACCOUNTNO", "general-ledger/account"),
        Link("offsetGLAccount", "OFFSETGLACCOUNTNO", "general-ledger/account"),
        Link("item", "ITEMID", "inventory-control/item"),
    ),
)

EXPENSE_PAYMENT_TYPE = RestObject(
    "expenses/employee-expense-payment-type",
    "EXPENSEPAYMENTTYPE",
    rows=(
        *same(("description", "DESCRIPTION"), ("isNonReimbursable", "NONREIMBURSABLE"), ("status", "STATUS")),
        Link("offsetGLAccount", "OFFSETACCTNO", "general-ledger/account"),
    ),
    methods=READ_METHODS,
    published=_WRITES,
)

EXPENSE_REPORT = RestObject(
    "expenses/employee-expense",
    "EEXPENSES",
    rows=(
        *same(("state", "STATE"), ("expenseReportNumber", "RECORDID"), ("description", "DESCRIPTION"), ("memo", "MEMO")),
        *same(("createdDate", "WHENCREATED"), ("postingDate", "WHENPOSTED"), ("totalTxnAmount", "TRX_TOTALENTERED")),
        *same(("totalTxnAmountDue", "TRX_TOTALDUE"), ("totalBaseAmount", "TOTALENTERED"), ("totalBaseAmountDue", "TOTALDUE")),
        Link("employee", "EMPLOYEEID", "company-config/employee"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
    ),
    methods=READ_METHODS,
    published=_WRITES,
)

ALLOCATION = RestObject(
    "general-ledger/txn-allocation-template",
    "ALLOCATION",
    rows=same(("description", "DESCRIPTION"), ("status", "STATUS"), ("documentNumber", "DOCNUMBER")),
    methods=READ_METHODS,
    published=_WRITES,
)

TAX_SOLUTION = RestObject(
    "tax/tax-solution", "TAXSOLUTION", rows=same(("description", "DESCRIPTION"), ("status", "STATUS")), methods=READ_METHODS
)

TAX_DETAIL = RestObject(
    "tax/tax-detail",
    "TAXDETAIL",
    rows=(
        Property("taxPercent", "VALUE"),
        *same(("description", "DESCRIPTION"), ("taxType", "TAXTYPE"), ("status", "STATUS")),
        Link("taxSolution", "TAXSOLUTIONID", "tax/tax-solution"),
    ),
    methods=READ_METHODS,
    published=_WRITES,
)

OBJECTS = (
    *(SAVINGS_ACCOUNT, CREDIT_CARD_ACCOUNT, CREDIT_CARD_TRANSACTION, EXPENSE_TYPE, EXPENSE_PAYMENT_TYPE, EXPENSE_REPORT),
    *(ALLOCATION, TAX_SOLUTION, TAX_DETAIL),
)
