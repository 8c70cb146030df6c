"""Tables of the general ledger: accounts, journals, entries, detail, reporting periods (intacct-xml §3B GLACCOUNT, §3D GLBATCH)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.allocations import CUSTOM
from tieout.sandbox.intacct.catalogue.dimensions import DEMANDS, account_ref, any_account_ref, line_dimensions, supdoc
from tieout.sandbox.intacct.fields import (
    READ,
    SEARCH,
    WRITE,
    WRITE_BY_NUMBER,
    Choice,
    Field,
    Kind,
    Need,
    Owned,
    Ref,
    Type,
    flag,
    recordno,
    status,
    text,
)

MODULES = ("2.GL", "3.AP", "4.AR", "6.EE", "7.INV", "8.SO", "9.PO", "11.CM", "48.PROJACCT", "55.CONTRACT")


def pick(name: str, *labels: str, default: str = "", read_only: bool = False, need: Need = Need.NO) -> Field:
    """A pick list whose stored codes are its labels."""
    return Field(name, Type.ENUM, need=need, choices=tuple(Choice(each, each) for each in labels), default=default, read_only=read_only)


GLACCOUNT = Kind(
    "GLACCOUNT",
    "Account",
    "Accounts",
    key="ACCOUNTNO",
    functions=WRITE,
    fields=(
        recordno(),
        Field("ACCOUNTNO", label="Account number", need=Need.YES, max=24),
        Field("TITLE", label="Title", need=Need.YES, max=80),
        *text("CATEGORY", max=100),
        Field(
            "ACCOUNTTYPE",
            Type.ENUM,
            choices=(Choice("balancesheet", "N"), Choice("incomestatement", "I")),
            default="balancesheet",
        ),
        Field(
            "NORMALBALANCE",
            Type.ENUM,
            "Normal balance",
            Need.YES,
            choices=(Choice("debit", "1"), Choice("credit", "-1")),
            default="debit",
        ),
        pick("CLOSINGTYPE", "non-closing account", "closing account", default="non-closing account", need=Need.YES),
        Field("CLOSINGACCOUNTNO", label="Closing account", ref=account_ref("CLOSETOACCTKEY", "CLOSINGACCOUNTTITLE", "CLOSINGACCOUNT")),
        pick("ALTERNATIVEACCOUNT", "None", "Payables account", "Receivables account", default="None"),
        flag("TAXABLE"),
        status(),
        *(flag(name) for name in DEMANDS),
    ),
    wrapper="GLAccount",
    shared=True,
)

STATACCOUNT = Kind(
    "STATACCOUNT",
    "Statistical Account",
    "Statistical Accounts",
    key="ACCOUNTNO",
    functions=WRITE,
    fields=(
        recordno(),
        Field("ACCOUNTNO", label="Account number", need=Need.YES, max=24),
        Field("TITLE", label="Title", need=Need.YES, need_on_update=True, max=80),
        *text("CATEGORY", max=100),
        pick("ACCOUNTTYPE", "forperiod", "cumulative", default="forperiod"),
        status(),
        *(flag(name) for name in DEMANDS),
    ),
    series="GLACCOUNT",
    shared=True,
)

JOURNAL = Kind(
    "JOURNAL",
    "Journal",
    "Journals",
    key="SYMBOL",
    functions=READ,
    fields=(recordno(), Field("SYMBOL", need=Need.YES, max=4), Field("TITLE", need=Need.YES, max=80), flag("ADJ"), status()),
    shared=True,
)

# The length of the symbol is that of BOOKSTATJOURNALSYMBOL (objects table GCBOOK).
STATJOURNAL = Kind(
    "STATJOURNAL",
    "Statistical Journal",
    "Statistical Journals",
    key="SYMBOL",
    functions=READ,
    fields=(recordno(), Field("SYMBOL", need=Need.YES, max=16), Field("TITLE", need=Need.YES, max=80), status()),
    series="JOURNAL",
    shared=True,
)


def journal_ref() -> Ref:
    """A reference to a journal or a statistical journal by its symbol."""
    return Ref("JOURNAL", "SYMBOL", "JOURNALKEY", "JOURNAL", {}, "Journal '{value}' is not valid.", other="STATJOURNAL")


GLENTRY = Kind(
    "GLENTRY",
    "GL Entry",
    "GL Entries",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("BATCHNO", Type.INTEGER, read_only=True),
        *(Field(name, read_only=True) for name in ("BATCHTITLE",)),
        Field("ENTRY_DATE", Type.DATE, read_only=True),
        Field("LINE_NO", Type.INTEGER, read_only=True),
        Field("TR_TYPE", Type.ENUM, "Transaction type", Need.YES, choices=(Choice("1", "1"), Choice("-1", "-1"))),
        *text("DOCUMENT", max=30),
        Field("ACCOUNTNO", label="Account", need=Need.YES, ref=any_account_ref()),
        Field("TRX_AMOUNT", Type.CURRENCY, "Amount", Need.YES),
        Field("AMOUNT", Type.CURRENCY, read_only=True),
        Field("CURRENCY", max=3),
        Field("BASECURR", read_only=True),
        Field("EXCH_RATE_DATE", Type.DATE),
        *text("EXCH_RATE_TYPE_ID", max=40),
        Field("EXCHANGE_RATE", Type.DECIMAL),
        *text("DESCRIPTION", max=1000),
        Field("ALLOCATION", ref=Ref("ALLOCATION", "ALLOCATIONID", "ALLOCATIONKEY", "ALLOCATION", free=(CUSTOM,))),
        *line_dimensions(location="LOCATION", department="DEPARTMENT"),
        flag("BILLABLE"),
        Field("STATE", read_only=True),
    ),
    paths={"GLBATCH": ("BATCHNO", "GLBATCH")},
    owned=(Owned("SPLIT", "SPLIT", "ENTRYKEY"),),
    indexes=("BATCHNO",),
)

# One share of an entry that is allocated by hand; no object of the gateway's, only an element.
SPLIT = Kind(
    "SPLIT",
    "Allocation Split",
    "Allocation Splits",
    key="RECORDNO",
    functions=frozenset(),
    fields=(recordno(), Field("AMOUNT", Type.CURRENCY, "Amount", Need.YES), *line_dimensions()),
    stamped=False,
    indexes=("ENTRYKEY",),
    rest_only=True,
)

GLBATCH = Kind(
    "GLBATCH",
    "Journal Entry",
    "Journal Entries",
    key="RECORDNO",
    functions=WRITE_BY_NUMBER,
    fields=(
        recordno(),
        Field("BATCHNO", Type.INTEGER, read_only=True),
        Field("JOURNAL", label="Journal", need=Need.YES, create_only=True, ref=journal_ref()),
        Field("BATCH_DATE", Type.DATE, "Posting date", Need.YES, need_on_update=True),
        Field("BATCH_TITLE", label="Description", need=Need.YES, need_on_update=True, max=80),
        pick("TAXIMPLICATIONS", "None", "Inbound", "Outbound", default="None"),
        *text("VATVENDORID", "VATCUSTOMERID", "VATCONTACTID", max=100),
        *text("HISTORY_COMMENT", max=1000),
        *text("REFERENCENO", max=100),
        Field(
            "BASELOCATION_NO",
            ref=Ref("LOCATIONENTITY", "LOCATIONID", "BASELOCATION", "BASELOCATION", {}, "The location '{value}' is invalid."),
        ),
        supdoc(),
        Field("REVERSEDATE", Type.DATE, create_only=True),
        Field(
            "STATE",
            Type.ENUM,
            choices=(
                Choice("Draft", "I"),
                Choice("Submitted", "S", writable=False),
                Choice("Partially Approved", "X", writable=False),
                Choice("Approved", "A", writable=False),
                Choice("Posted", "P"),
                Choice("Declined", "R", writable=False),
                Choice("Reversal Pending", "L", writable=False),
                Choice("Reversed", "Z", writable=False),
            ),
            default="Posted",
        ),
        Field("TAXSOLUTIONID", create_only=True, ref=Ref("TAXSOLUTION", "SOLUTIONID", "TAXSOLUTIONKEY", "")),
        Field("TRANSACTIONSOURCE", create_only=True, max=100),
        Field("MODULE", read_only=True, default="2.GL"),
        *(Field(name, Type.INTEGER, read_only=True) for name in ("PRBATCHKEY", "REVERSEDKEY", "TEMPLATEKEY", "USERKEY")),
        Field("REVERSED", Type.DATE, read_only=True),
        Field("REVERSEDFROM", Type.DATE, read_only=True),
        Field("MODIFIED", Type.TIMESTAMP, read_only=True),
        *(Field(name, read_only=True) for name in ("MODIFIEDBYID", "USERINFO_LOGINID")),
    ),
    owned=(Owned("ENTRIES", "GLENTRY", "BATCHNO", number="LINE_NO", first=0, least=1, need_on_update=True),),
    indexes=("SOURCE",),
    wrapper="GLBatch",
)

GLDETAIL = Kind(
    "GLDETAIL",
    "General Ledger Detail",
    "General Ledger Details",
    key="RECORDNO",
    functions=frozenset({"lookup", "inspect", "query", "readByQuery"}),
    fields=(
        recordno(),
        Field("BATCHKEY", Type.INTEGER, need=Need.YES),
        Field("BATCH_DATE", Type.DATE),
        *text("BATCH_TITLE"),
        Field("SYMBOL", ref=journal_ref()),
        Field("BATCH_NO", Type.INTEGER),
        *text("BOOKID", "CHILDENTITY", "REFERENCENO"),
        Field("MODIFIED", Type.TIMESTAMP),
        flag("ADJ"),
        Field("MODULEKEY", Type.ENUM, choices=tuple(Choice(each, each) for each in MODULES)),
        Field("OWNERSHIPKEY", Type.INTEGER),
        Field("LINE_NO", Type.INTEGER),
        Field("ENTRY_DATE", Type.DATE),
        Field("ENTRY_STATE"),
        Field("TR_TYPE", Type.INTEGER),
        *text("DOCUMENT"),
        Field("ACCOUNTNO", ref=any_account_ref()),
        flag("STATISTICAL"),
        *line_dimensions(title="DEPARTMENTTITLE"),
        *text("CURRENCY", "BASECURR", "DESCRIPTION"),
        *(Field(name, Type.CURRENCY) for name in ("DEBITAMOUNT", "CREDITAMOUNT", "AMOUNT")),
        *(Field(name, Type.CURRENCY) for name in ("TRX_DEBITAMOUNT", "TRX_CREDITAMOUNT", "TRX_AMOUNT")),
        *text("RECORDTYPE", "RECORDID", "DOCNUMBER", "PRDESCRIPTION", "ENTRYDESCRIPTION"),
        Field("RECORDKEY", Type.INTEGER),
        *(Field(name, Type.CURRENCY) for name in ("TOTALENTERED", "TOTALPAID", "TOTALDUE")),
        *(Field(name, Type.DATE) for name in ("WHENDUE", "WHENPAID")),
    ),
    paths={"GLBATCH": ("BATCHKEY", "GLBATCH")},
    indexes=("BATCHKEY", "RECORDKEY"),
)

REPORTINGPERIOD = Kind(
    "REPORTINGPERIOD",
    "Reporting Period",
    "Reporting Periods",
    key="NAME",
    functions=WRITE,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=80),
        Field("HEADER1", label="Column header 1", need=Need.YES, need_on_update=True, max=80),
        *text("HEADER2", max=80),
        Field("START_DATE", Type.DATE, "Start date", Need.YES, need_on_update=True),
        Field("END_DATE", Type.DATE, "End date", Need.YES, need_on_update=True),
        flag("BUDGETING"),
        status(),
    ),
    periods=(("START_DATE", "END_DATE"),),
    shared=True,
)

CHECKINGACCOUNT = Kind(
    "CHECKINGACCOUNT",
    "Checking Account",
    "Checking Accounts",
    key="BANKACCOUNTID",
    functions=READ,
    fields=(
        recordno(),
        Field("BANKACCOUNTID", need=Need.YES, max=20),
        *text("BANKACCOUNTNO", "BANKNAME", "ROUTINGNO", "BRANCHID", "DESCRIPTION", "COMPANYNAME", max=100),
        Field("GLACCOUNTNO", need=Need.YES, ref=account_ref("GLACCOUNTKEY", "")),
        pick("BANKACCOUNTTYPE", "checking", default="checking"),
        Field("DEPARTMENTID", ref=Ref("DEPARTMENT", "DEPARTMENTID", "DEPARTMENTKEY", "DEPARTMENT")),
        Field("LOCATIONID", ref=Ref("LOCATION", "LOCATIONID", "LOCATIONKEY", "LOCATION")),
        Field("CURRENCY", max=3),
        Field("ACHBANKID", max=40),
        status(),
    ),
    shared=True,
)


def bank() -> Field:
    """The bank account money of a payment moves through."""
    return Field(
        "FINANCIALENTITY", ref=Ref("CHECKINGACCOUNT", "BANKACCOUNTID", "FINANCIALENTITYKEY", "", {"FINANCIALACCOUNTNAME": "BANKNAME"})
    )


KINDS = (GLACCOUNT, STATACCOUNT, JOURNAL, STATJOURNAL, GLBATCH, GLENTRY, SPLIT, GLDETAIL, REPORTINGPERIOD, CHECKINGACCOUNT)
