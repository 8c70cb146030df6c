"""Journal entries of the general ledger (intacct-xml §3D GLBATCH)."""

from __future__ import annotations

from tieout.core.ports import Verb
from tieout.intacct.catalogue import Access, Field, Kind, Lines, Type, WriteMode, dimension, fields, lines_field, reference

# Entries that a subledger made are changed through it.
_OTHER_MODULES = frozenset({"3.ap", "4.ar", "6.ee", "7.inv", "8.so", "9.po", "11.cm", "48.projacct"})

_ENTRY = Kind(
    "GLENTRY",
    "",
    (
        reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY"),
        *fields(Type.INTEGER, "TR_TYPE"),  # 1 debits, -1 credits; the amount is always positive
        *fields(Type.DECIMAL, "TRX_AMOUNT EXCHANGE_RATE"),
        *fields(Type.DECIMAL, "AMOUNT", access=Access.NEVER),
        *fields(Type.TEXT, "DOCUMENT DESCRIPTION CURRENCY EXCH_RATE_TYPE_ID ALLOCATION CONTRACTID WAREHOUSEID"),
        *fields(Type.DATE, "EXCH_RATE_DATE"),
        reference("LOCATION", "LOCATION", "LOCATIONKEY"),
        reference("DEPARTMENT", "DEPARTMENT", "DEPARTMENTKEY"),
        dimension("PROJECTID", "PROJECT"),
        dimension("TASKID", "TASK"),
        dimension("COSTTYPEID", "COSTTYPE"),
        dimension("CUSTOMERID", "CUSTOMER"),
        dimension("VENDORID", "VENDOR"),
        dimension("EMPLOYEEID", "EMPLOYEE"),
        dimension("ITEMID", "ITEM"),
        dimension("CLASSID", "CLASS"),
        *fields(Type.BOOLEAN, "BILLABLE"),
    ),
    system=("RECORDNO", "BATCHNO", "LINE_NO"),
    label="journal lines",
)

GLBATCH = Kind(
    "GLBATCH",
    "",
    (
        *fields(Type.LABEL, "JOURNAL", access=Access.CREATE),
        Field("BATCH_DATE", Type.DATE, column="BATCH_DATE", always_sent=True),
        Field("BATCH_TITLE", column="BATCH_TITLE", always_sent=True),
        *fields(Type.TEXT, "REFERENCENO BASELOCATION_NO SUPDOCID HISTORY_COMMENT"),
        *fields(Type.DATE, "REVERSEDATE", access=Access.CREATE, selectable=False),
        *fields(Type.LABEL, "STATE"),
        *fields(Type.LABEL, "MODULE", access=Access.NEVER),
        *fields(Type.INTEGER, "BATCHNO", access=Access.NEVER),
        lines_field("ENTRIES"),
    ),
    WriteMode.REPLACED,
    frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE}),
    mark="REFERENCENO",
    audit_type="glbatch",
    label="journal entries",
    lines=Lines("ENTRIES", _ENTRY, "BATCHNO", named_by=(), always_sent=True),
    locked={"STATE": frozenset({"reversed", "reversal pending"}), "MODULE": _OTHER_MODULES},
)
