"""`record_deposit`: brings receipts that wait in undeposited funds to the bank (objects table DEPOSIT, legacy functions)."""

from __future__ import annotations

from decimal import Decimal

from tieout.sandbox.intacct.documents import POSTED, refused
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.ledger import Leg, Posting, bank_account, money, place_of, post
from tieout.sandbox.intacct.periods import base_currency, check_open
from tieout.sandbox.intacct.records import amend, create, place
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

DEPOSITKEY = "DEPOSITKEY"  # on a receipt: the deposit it is part of; shown by no read
_RECEIPTS = {"ARPYMT": "arpayment", "OTHERRECEIPTS": "otherreceipts"}  # one series of numbers


def record(work: Work, kind: Kind, given: Given, numbers: list[str]) -> Row:
    """Makes the deposit and its lines, one for each receipt; raises Refusal for what is no receipt, or is in the bank already."""
    row = create(work, kind, given)
    day, total = row["WHENCREATED"], Decimal(0)
    check_open(work, day, {work.entity} - {""})
    legs: list[Leg] = []
    for number in numbers:
        name, receipt = _receipt(work, kind, number)
        held = [each for each in work.storage.where("GLDETAIL", "RECORDKEY", number) if _is_held(each, _RECEIPTS[name], receipt)]
        amount = sum((money(each["AMOUNT"]) for each in held), Decimal(0))
        account = work.storage.find("GLACCOUNT", "key", receipt["UNDEPOSITEDACCOUNTNO"]) or {}
        columns = {
            "DEPOSITKEY": row["RECORDNO"],
            "ACCOUNTNO": receipt["UNDEPOSITEDACCOUNTNO"],
            "ACCOUNTKEY": account.get("RECORDNO", ""),
            "AMOUNT": plain(amount),
            "DESCRIPTION": receipt.get("DESCRIPTION", ""),
        }
        place(work, work.company.kinds["DEPOSITENTRY"], columns)
        amend(work, work.company.kinds[name], number, {DEPOSITKEY: row["RECORDNO"], "DEPOSITDATE": day})
        total += amount
        legs += [leg for each in held for leg in _moved(work, row, each)]
    currency = base_currency(work, work.entity)
    title = f"{kind.label} '{row['RECORDID']}'"
    detail = {"RECORDTYPE": "deposit", "RECORDKEY": row["RECORDNO"], "RECORDID": row["RECORDID"]}
    post(work, Posting(kind.name, row["RECORDNO"], "11.CM", "CRJ", day, title, row["RECORDID"], currency, currency, detail), legs)
    return amend(work, kind, row["RECORDNO"], {"TOTALENTERED": plain(total), "STATE": POSTED})


def _receipt(work: Work, kind: Kind, number: str) -> tuple[str, Row]:
    found = ((name, work.visible(work.company.kinds[name], number)) for name in _RECEIPTS)
    name, row = next(((name, row) for name, row in found if row is not None), ("", None))
    if row is None:
        raise refused(kind, f"There is no receipt '{number}'.", field="receiptkey")
    if row.get(DEPOSITKEY) or row["STATE"] != POSTED or not row.get("UNDEPOSITEDACCOUNTNO"):
        raise refused(kind, f"Receipt '{number}' is not in undeposited funds.", field="receiptkey")
    return name, row


def _is_held(entry: Row, record_type: str, receipt: Row) -> bool:
    return bool(entry["RECORDTYPE"] == record_type and entry["ACCOUNTNO"] == receipt["UNDEPOSITEDACCOUNTNO"])


def _moved(work: Work, row: Row, entry: Row) -> list[Leg]:
    amount, base = money(entry["TRX_AMOUNT"]), money(entry["AMOUNT"])
    where = place_of(work, entry.get("LOCATIONID", ""))
    return [Leg(bank_account(work, row), amount, base, where), Leg(entry["ACCOUNTNO"], -amount, -base, where)]
