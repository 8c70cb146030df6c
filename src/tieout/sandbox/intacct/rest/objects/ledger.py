"""Accounts, journals, entries, periods and bank accounts over REST (intacct-rest §15.20, recorded account model)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import Field, flag
from tieout.sandbox.intacct.ledger import STATISTICAL
from tieout.sandbox.intacct.rest.mapping import CREATE, DELETE, READ_METHODS, UPDATE, Link, Property, RestObject, Rows, same

_DEMANDS = {
    "department": "REQUIREDEPT",
    "location": "REQUIRELOC",
    "project": "REQUIREPROJECT",
    "task": "REQUIRETASK",
    "customer": "REQUIRECUSTOMER",
    "vendor": "REQUIREVENDOR",
    "employee": "REQUIREEMPLOYEE",
    "item": "REQUIREITEM",
    "class": "REQUIRECLASS",
    "contract": "REQUIRECONTRACT",
    "warehouse": "REQUIREWAREHOUSE",
}

ACCOUNT = RestObject(
    "general-ledger/account",
    "GLACCOUNT",
    rows=(
        *same(("name", "TITLE"), ("category", "CATEGORY"), ("normalBalance", "NORMALBALANCE"), ("isTaxable", "TAXABLE")),
        *same(("status", "STATUS"), ("taxCode", "TAXCODE"), ("mrcCode", "MRCCODE"), ("disallowDirectPosting", "DISALLOWDIRECTPOSTING")),
        Property("accountType", "ACCOUNTTYPE", words={"balancesheet": "balanceSheet", "incomestatement": "incomeStatement"}),
        Property("closingType", "CLOSINGTYPE", words={"non-closing account": "nonClosingAccount", "closing account": "closingAccount"}),
        Property(
            "alternativeGLAccount",
            "ALTERNATIVEACCOUNT",
            words={"None": "none", "Payables account": "payablesAccount", "Receivables account": "receivablesAccount"},
        ),
        *(Property(f"requireDimensions.{name}", column) for name, column in _DEMANDS.items()),
        Link("closeToGLAccount", "CLOSINGACCOUNTNO", "general-ledger/account"),
    ),
    fields=(*(Field(name, max=20) for name in ("TAXCODE", "MRCCODE")), flag("DISALLOWDIRECTPOSTING")),
)

# Properties as the vendor's page of statistical accounts has them; the report type changes nothing that is counted.
STATISTICAL_ACCOUNT = RestObject(
    "general-ledger/statistical-account",
    "STATACCOUNT",
    rows=(
        *same(("name", "TITLE"), ("category", "CATEGORY"), ("isTaxable", "TAXABLE"), ("status", "STATUS")),
        Property("reportType", "ACCOUNTTYPE", words={"forperiod": "forPeriod", "cumulative": "cumulative"}),
        *(Property(f"requireDimensions.{name}", column) for name, column in _DEMANDS.items()),
    ),
    fields=(flag("TAXABLE"),),
)

JOURNAL = RestObject("general-ledger/journal", "JOURNAL", rows=same(("name", "TITLE"), ("isAdjustment", "ADJ"), ("status", "STATUS")))
STATISTICAL_JOURNAL = RestObject("general-ledger/statistical-journal", "STATJOURNAL", rows=same(("name", "TITLE"), ("status", "STATUS")))

REPORTING_PERIOD = RestObject(
    "general-ledger/reporting-period",
    "REPORTINGPERIOD",
    rows=same(
        ("columnHeader1", "HEADER1"),
        ("columnHeader2", "HEADER2"),
        ("startDate", "START_DATE"),
        ("endDate", "END_DATE"),
        ("isBudgetable", "BUDGETING"),
        ("status", "STATUS"),
    ),
)

CHECKING_ACCOUNT = RestObject(
    "cash-management/checking-account",
    "CHECKINGACCOUNT",
    rows=(
        *same(("status", "STATUS"), ("bankAccountDetails.bankName", "BANKNAME"), ("bankAccountDetails.bankAccountNumber", "BANKACCOUNTNO")),
        *same(("bankAccountDetails.routingNumber", "ROUTINGNO"), ("bankAccountDetails.currency", "CURRENCY")),
        Link("glAccount", "GLACCOUNTNO", "general-ledger/account"),
        Link("department", "DEPARTMENTID", "company-config/department"),
        Link("location", "LOCATIONID", "company-config/location"),
    ),
    methods=READ_METHODS,
    published=(CREATE, UPDATE, DELETE),
)

_LINE: tuple[Property | Link, ...] = (
    *same(("lineNumber", "LINE_NO"), ("entryDate", "ENTRY_DATE"), ("documentId", "DOCUMENT"), ("description", "DESCRIPTION")),
    Property("txnAmount", "TRX_AMOUNT"),
    Link("allocation", "ALLOCATION", "general-ledger/txn-allocation-template"),
    Link("dimensions.location", "LOCATION", "company-config/location"),
    Link("dimensions.department", "DEPARTMENT", "company-config/department"),
    Link("dimensions.project", "PROJECTID", "projects/project"),
    Link("dimensions.task", "TASKID", "projects/task"),
    Link("dimensions.costType", "COSTTYPEID", "construction/cost-type"),
    Link("dimensions.customer", "CUSTOMERID", "accounts-receivable/customer"),
    Link("dimensions.vendor", "VENDORID", "accounts-payable/vendor"),
    Link("dimensions.employee", "EMPLOYEEID", "company-config/employee"),
    Link("dimensions.item", "ITEMID", "inventory-control/item"),
    Link("dimensions.class", "CLASSID", "company-config/class"),
    Link("dimensions.nsp::equipment", "GLDIMEQUIPMENT", "platform-apps/nsp::equipment"),
)
JOURNAL_ENTRY_LINE = RestObject(
    "general-ledger/journal-entry-line",
    "GLENTRY",
    rows=(
        *_LINE,
        *same(("baseAmount", "AMOUNT"), ("isBillable", "BILLABLE"), ("currency.txnCurrency", "CURRENCY")),
        *same(("currency.baseCurrency", "BASECURR"), ("currency.exchangeRateDate", "EXCH_RATE_DATE")),
        *same(("currency.exchangeRateTypeId", "EXCH_RATE_TYPE_ID"), ("currency.exchangeRate", "EXCHANGE_RATE")),
        Property("txnType", "TR_TYPE", words={"1": "debit", "-1": "credit"}),
        Link("journalEntry", "", "general-ledger/journal-entry", key="BATCHNO", read_only=True),
        Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
    ),
    methods=READ_METHODS,
    published=(DELETE,),
    owner="journalEntry",
    among=(STATISTICAL, ""),
)

_ENTRY: tuple[Property | Link, ...] = (
    *same(("description", "BATCH_TITLE"), ("postingDate", "BATCH_DATE"), ("moduleName", "MODULE"), ("txnNumber", "BATCHNO")),
    *same(("referenceNumber", "REFERENCENO"), ("reversedFromDate", "REVERSEDFROM"), ("state", "STATE")),
    Link("attachment", "SUPDOCID", "company-config/attachment"),
)
JOURNAL_ENTRY = RestObject(
    "general-ledger/journal-entry",
    "GLBATCH",
    rows=(
        *_ENTRY,
        Property("webURL", "RECORD_URL"),
        Link("glJournal", "JOURNAL", "general-ledger/journal", shows=("isAdjustment",)),
        Link("baseLocation", "BASELOCATION_NO", "company-config/entity"),
        Rows("lines", "ENTRIES", "general-ledger/journal-entry-line"),
    ),
    among=(STATISTICAL, ""),
)

STATISTICAL_JOURNAL_ENTRY_LINE = RestObject(
    "general-ledger/statistical-journal-entry-line",
    "GLENTRY",
    rows=(
        *_LINE,
        Property("state", "STATE"),
        Property("txnType", "TR_TYPE", words={"1": "increase", "-1": "decrease"}),
        Link("statisticalJournalEntry", "", "general-ledger/statistical-journal-entry", key="BATCHNO", read_only=True),
        Link("statisticalAccount", "ACCOUNTNO", "general-ledger/statistical-account"),
    ),
    methods=READ_METHODS,
    owner="statisticalJournalEntry",
    among=(STATISTICAL, "true"),
)

STATISTICAL_JOURNAL_ENTRY = RestObject(
    "general-ledger/statistical-journal-entry",
    "GLBATCH",
    rows=(
        *_ENTRY,
        Property("automaticReversalDate", "REVERSEDATE"),
        Link("reversedBy", "", "general-ledger/statistical-journal-entry", key="REVERSEDKEY", read_only=True),
        Link("statisticalJournal", "JOURNAL", "general-ledger/statistical-journal"),
        Rows("lines", "ENTRIES", "general-ledger/statistical-journal-entry-line"),
    ),
    among=(STATISTICAL, "true"),
)

BUDGET_DETAIL = RestObject(
    "general-ledger/budget-detail",
    "GLBUDGETITEM",
    rows=(
        Property("amount", "AMOUNT"),
        Link("budget", "", "general-ledger/budget", key="BUDGETKEY", read_only=True),
        Link("glAccount", "ACCT_NO", "general-ledger/account"),
        Link("reportingPeriod", "PERIODNAME", "general-ledger/reporting-period", shows=("startDate", "endDate")),
        Link("dimensions.location", "LOCATION_NO", "company-config/location"),
        Link("dimensions.department", "DEPT_NO", "company-config/department"),
    ),
    methods=READ_METHODS,
    owner="budget",
)
BUDGET = RestObject(
    "general-ledger/budget",
    "GLBUDGETHEADER",
    rows=(
        *same(("description", "DESCRIPTION"), ("isDefault", "DEFAULT_BUDGET"), ("consolidateAmounts", "ISCONSOLIDATED")),
        *same(("currency", "CURRENCY"), ("status", "STATUS"), ("postProjectEstimate", "POSTPROJECTESTIMATE")),
        Property("postProjectContract", "ISPCNBUDGET", read_only=True),
        Rows("lines", "GLBDUGETITEMS", "general-ledger/budget-detail"),
    ),
    fields=(flag("POSTPROJECTESTIMATE"),),
)

# The user-defined dimension of this company (intacct-rest §14, §15.20).
EQUIPMENT = RestObject("platform-apps/nsp::equipment", "EQUIPMENT", rows=same(("name", "name")))

OBJECTS = (
    *(EQUIPMENT, ACCOUNT, STATISTICAL_ACCOUNT, JOURNAL, STATISTICAL_JOURNAL, REPORTING_PERIOD, CHECKING_ACCOUNT),
    *(JOURNAL_ENTRY, JOURNAL_ENTRY_LINE, STATISTICAL_JOURNAL_ENTRY, STATISTICAL_JOURNAL_ENTRY_LINE, BUDGET, BUDGET_DETAIL),
)
