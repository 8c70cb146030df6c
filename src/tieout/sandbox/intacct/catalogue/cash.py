"""Tables of charge card transactions, other receipts and bank feeds (objects table CCTRANSACTION, OTHERRECEIPTS, BANKACCTTXNFEED)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tieout.sandbox.intacct.catalogue.dimensions import account_ref, supdoc
from tieout.sandbox.intacct.catalogue.ledger import bank, pick
from tieout.sandbox.intacct.catalogue.payables import document, header_line, made
from tieout.sandbox.intacct.facts import Document
from tieout.sandbox.intacct.fields import SEARCH, Choice, Field, Kind, Lines, Need, Ref, Type, flag, recordno, status, text

CCTRANSACTIONENTRY = header_line(
    "CCTRANSACTIONENTRY", "Charge Card Transaction Line", "Charge Card Transaction Lines", "CCTRANSACTION", labels="APACCOUNTLABEL"
)
# FINANCIALENTITY shows the card; the column it is written to is the emulator's own.
CCTRANSACTION = document(
    "CCTRANSACTION",
    "Charge Card Transaction",
    "Charge Card Transactions",
    Field(
        "CARDID", label="Charge card", ref=Ref("CREDITCARD", "CARDID", "CARDKEY", "CREDITCARD", {}, "Charge card '{value}' is not valid.")
    ),
    ("CCTRANSACTIONENTRIES", "CCTRANSACTIONENTRY"),
    (*text("PAYEE", max=100), *made("CLEARED")),
    SEARCH,
)

_METHODS = ("Printed Check", "Cash", "EFT", "Credit Card")
OTHERRECEIPTSENTRY = header_line(
    "OTHERRECEIPTSENTRY", "Other Receipt Line", "Other Receipt Lines", "OTHERRECEIPTS", labels="ARACCOUNTLABEL"
)
_RECEIPT = document(
    "OTHERRECEIPTS",
    "Other Receipt",
    "Other Receipts",
    Field("PAYEE", label="Payer", max=100),
    ("OTHERRECEIPTSENTRIES", "OTHERRECEIPTSENTRY"),
    (
        Field("RECEIPTDATE", Type.DATE),
        Field("DEPOSITDATE", Type.DATE),
        Field("PAYMENTMETHOD", Type.ENUM, choices=tuple(Choice(each, each) for each in _METHODS)),
        Field("UNDEPOSITEDACCOUNTNO", ref=account_ref("UNDEPOSITEDACCOUNTKEY", "", "")),
    ),
    SEARCH,
)
OTHERRECEIPTS = replace(
    _RECEIPT,
    series="ARPYMT",
    fields=tuple(bank() if each.name == "FINANCIALENTITY" else each for each in _RECEIPT.fields),
)

BANKACCTTXNFEED = Kind(
    "BANKACCTTXNFEED",
    "Bank Transaction Feed",
    "Bank Transaction Feeds",
    key="RECORDNO",
    functions=SEARCH | {"create", "delete"},
    fields=(
        recordno(),
        replace(bank(), need=Need.YES, label="Financial entity"),
        Field("FEEDDATE", Type.DATE, "Feed date", Need.YES),
        pick("FEEDTYPE", "xml", "onl", need=Need.YES),
        *text("FILENAME", max=200),
    ),
    lines=(
        Lines(
            "BANKACCTTXNRECORDS",
            (
                Field("TRANSACTIONID"),
                Field("POSTINGDATE", Type.DATE),
                pick("TRANSACTIONTYPE", "withdrawal", "deposit", "charge", "payment", need=Need.YES),
                *text("DOCTYPE", "DOCNO", "PAYEE", max=100),
                Field("AMOUNT", Type.CURRENCY, need=Need.YES),
                *text("DESCRIPTION", max=500),
                Field("CURRENCY", max=3),
            ),
            item="BANKACCTTXNRECORD",
        ),
    ),
)

# Read by public taps, which look every object up before they begin (intacct-xml §9.4); nothing of the gateway writes a deposit here.
DEPOSITENTRY = Kind(
    "DEPOSITENTRY",
    "Deposit Line",
    "Deposit Lines",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("DEPOSITKEY", Type.INTEGER, ref=Ref("DEPOSIT", "RECORDNO", "DEPOSITKEY", "DEPOSIT")),
        Field("ACCOUNTNO", ref=account_ref()),
        Field("AMOUNT", Type.CURRENCY),
        *text("DESCRIPTION", max=1000),
    ),
)
DEPOSIT = Kind(
    "DEPOSIT",
    "Deposit",
    "Deposits",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("RECORDID", label="Deposit ID", need=Need.YES, max=45),
        replace(bank(), need=Need.YES, label="Bank account"),
        Field("WHENCREATED", Type.DATE, "Date", Need.YES),
        supdoc(),
        *text("DESCRIPTION", max=1000),
        Field("TOTALENTERED", Type.CURRENCY),
        *made("STATE"),
    ),
    created="AUWHENCREATED",
)
PROVIDERBANKACCOUNT = Kind(
    "PROVIDERBANKACCOUNT",
    "Payment Provider Bank Account",
    "Payment Provider Bank Accounts",
    key="RECORDNO",
    functions=SEARCH | {"create", "update"},
    fields=(
        recordno(),
        Field(
            "BANKACCOUNTID",
            label="Bank account",
            need=Need.YES,
            create_only=True,
            ref=Ref("CHECKINGACCOUNT", "BANKACCOUNTID", "BANKACCOUNTKEY", "CHECKINGACCOUNT"),
        ),
        Field("PROVIDERID", label="Provider", need=Need.YES, create_only=True, max=100),
        replace(status(), need=Need.YES, default=""),
        Field("CHECKSTARTNO", Type.INTEGER),
        flag("ISREBATEACCOUNT"),
    ),
)

KINDS = (DEPOSIT, DEPOSITENTRY, PROVIDERBANKACCOUNT, CCTRANSACTIONENTRY, CCTRANSACTION, OTHERRECEIPTSENTRY, OTHERRECEIPTS, BANKACCTTXNFEED)

DOCUMENTS: Mapping[str, Document] = {
    "CCTRANSACTION": Document(
        party="CARDID",
        party_word="charge card",
        module="11.CM",
        journal="CCJ",
        record_type="cctransaction",
        sign=1,
        control="card_account",
        due="",
        required=("CARDID", "WHENCREATED"),
        labels="APACCOUNTLABEL",
    ),
    "OTHERRECEIPTS": Document(
        party="PAYEE",
        party_word="payer",
        module="11.CM",
        journal="CRJ",
        record_type="otherreceipts",
        sign=-1,
        control="undeposited_account",
        due="",
        required=("PAYEE", "WHENCREATED", "PAYMENTMETHOD"),
        labels="ARACCOUNTLABEL",
        bank=True,
    ),
}
