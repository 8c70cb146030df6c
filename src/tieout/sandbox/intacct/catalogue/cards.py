"""Tables of charge cards and savings accounts, which are read only (objects table CREDITCARD, SAVINGSACCOUNT)."""

from __future__ import annotations

from dataclasses import replace

from tieout.sandbox.intacct.catalogue.dimensions import account_ref, vendor_ref
from tieout.sandbox.intacct.catalogue.ledger import CHECKINGACCOUNT, pick
from tieout.sandbox.intacct.fields import READ, Field, Kind, Need, Ref, recordno, status, text

CREDITCARD = Kind(
    "CREDITCARD",
    "Charge Card Account",
    "Charge Card Accounts",
    key="CARDID",
    functions=READ,
    fields=(
        recordno(),
        Field("CARDID", label="Card ID", need=Need.YES, max=20),
        *text("DESCRIPTION", max=200),
        *text("CARDTYPE", "EXP_MONTH", "EXP_YEAR", max=40),
        *text("COMMCARD", "OUTSOURCECARD", max=40),
        pick("LIABILITYTYPE", "Credit", "Debit", default="Credit"),
        Field("VENDORID", ref=vendor_ref(name="")),
        Field("DEPT", ref=Ref("DEPARTMENT", "DEPARTMENTID", "DEPTKEY", "DEPARTMENT")),
        Field("LOCATION", ref=Ref("LOCATION", "LOCATIONID", "LOCATIONKEY", "LOCATION")),
        # The account of what is owed is on no page of the reference; the column is the emulator's own.
        Field("OFFSETGLACCOUNTNO", need=Need.YES, ref=account_ref("OFFSETGLACCOUNTKEY", "", "")),
        status(),
    ),
    shared=True,
)

SAVINGSACCOUNT = replace(
    CHECKINGACCOUNT,
    name="SAVINGSACCOUNT",
    label="Savings Account",
    plural="Savings Accounts",
    fields=tuple(
        pick(each.name, "savings", default="savings") if each.name == "BANKACCOUNTTYPE" else each for each in CHECKINGACCOUNT.fields
    ),
)

KINDS = (CREDITCARD, SAVINGSACCOUNT)
