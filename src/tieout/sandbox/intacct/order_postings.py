"""Totals of purchasing and order-entry documents, and the bill or entries they post (intacct-xml §3C UPDATES_GL, PRRECORDKEY)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tieout.sandbox.intacct.amounts import cents, number
from tieout.sandbox.intacct.catalogue.dimensions import CUSTOM_FIELD
from tieout.sandbox.intacct.catalogue.orders import BILL_KEY, BILL_KIND, MADE_BY, MADE_BY_LINE, ORDERS
from tieout.sandbox.intacct.conversions import definition_of, is_effective, refused
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.ledger import SOURCE, Leg, Posting, account, check_dimensions, dimensions_of, entity_of_line, unpost
from tieout.sandbox.intacct.ledger import post as post_entries
from tieout.sandbox.intacct.order_lines import STOCKED
from tieout.sandbox.intacct.ownership import PRESET, owned_rows
from tieout.sandbox.intacct.periods import check_open
from tieout.sandbox.intacct.records import amend, create, delete
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

_RETAINED = ("TRX_AMOUNTRETAINED", "AMOUNTRETAINED")
OPEN, PART_PAID, PAID = "Open", "Partially Paid", "Paid"
_DIMENSIONS = (
    *("LOCATIONID", "DEPARTMENTID", "PROJECTID", "TASKID", "COSTTYPEID", "CUSTOMERID", "VENDORID", "EMPLOYEEID", "ITEMID", "CLASSID"),
    *("CONTRACTID", "WAREHOUSEID", CUSTOM_FIELD),
)
_MIRRORED = tuple(f"{prefix}TOTAL{name}" for prefix in ("", "TRX_") for name in ("ENTERED", "PAID", "DUE"))


def subtotal_rule(definition: Row, row: Row) -> Mapping[str, str] | None:
    """What a definition says of a subtotal by its description."""
    return next((each for each in definition.get("SUBTOTALS", []) if each.get("DESCRIPTION") == row.get("DESCRIPTION")), None)


def totals(facts: Order, work: Work, row: Row, lines: Sequence[Row]) -> dict[str, str]:
    """The sums of a document: its lines, then their taxes, and its charges less its discounts."""
    definition, rate = definition_of(facts, work, row), Decimal(row.get("EXCHRATE") or 1)
    trx = sum((number(line, "TRX_VALUE") for line in lines), Decimal(0))
    base = sum((number(line, "TOTAL") for line in lines), Decimal(0))
    extra = sum((tax_of_line(line) for line in lines), Decimal(0))
    kind = work.company.kinds[facts.document]
    for each in owned_rows(work, kind.owned[1], row["RECORDNO"]):
        extra += _signed(definition, each)
    return {
        "SUBTOTAL": plain(base),
        "TRX_SUBTOTAL": plain(trx),
        "TOTAL": plain(base + cents(extra * rate)),
        "TRX_TOTAL": plain(trx + extra),
        "PAYMENTSTATUS": row.get("PAYMENTSTATUS") or OPEN,
    }


def tax_of_line(line: Row) -> Decimal:
    """The tax of a line, in its currency: the one that overrides, else the one given (§3C tax, overridetaxamount; assumption A-59)."""
    return number(line, "OVERRIDETAXAMOUNT") or number(line, "TAXABSVAL")


def _signed(definition: Row, subtotal: Row) -> Decimal:
    rule = subtotal_rule(definition, subtotal) or {}
    return -number(subtotal, "TOTAL") if rule.get("DISC_CHARGE") == "Discount" else number(subtotal, "TOTAL")


def post(facts: Order, work: Work, row: Row) -> None:
    """Makes the bill, or the ledger entries, of a document that counts and whose definition posts."""
    definition = definition_of(facts, work, row)
    if not is_effective(row) or definition["UPDATES_GL"] == "N":
        return
    within = replace(work, entity=row.get("MEGAENTITYID", ""))
    kind = work.company.kinds[facts.document]
    lines = owned_rows(work, kind.owned[0], row["RECORDNO"])
    if definition["UPDATES_GL"] == "A":
        _make_bill(facts, within, row, definition, lines)
    else:
        _make_entries(facts, within, kind, row, definition, lines)


def withdraw(facts: Order, work: Work, row: Row) -> None:
    """Takes back what a document posted; raises Refusal if its bill has payments or its period is closed."""
    within = replace(work, entity=row.get("MEGAENTITYID", ""))
    kind = work.company.kinds[facts.document]
    if number_ := row.get("PRRECORDKEY", ""):
        bill = work.company.kinds[row[BILL_KIND]]
        amend(work, kind, row["RECORDNO"], {"PRRECORDKEY": "", BILL_KIND: "", BILL_KEY: "", "PAYMENTSTATUS": OPEN})
        amend(work, bill, number_, {"MODULEKEY": ""})  # given back to its own module, whose rules decide
        delete(within, bill, number_)
    source = f"{facts.document}:{row['RECORDNO']}"
    if work.storage.where("GLBATCH", SOURCE, source):
        lines = owned_rows(work, kind.owned[0], row["RECORDNO"])
        check_open(work, row["WHENPOSTED"], {entity_of_line(work, line) for line in lines})
        unpost(work, source)


def mirror(work: Work, kind: Kind, bill: Row) -> None:
    """Shows on a document what is paid of its bill."""
    facts = next((each for each in ORDERS.values() if each.module == bill.get("MODULEKEY")), None)
    if facts is None:
        return
    held = work.storage.where(facts.document, "PRRECORDKEY", bill["RECORDNO"])
    for row in (each for each in held if each[BILL_KIND] == kind.name):
        status = bill["STATE"] if bill["STATE"] in {PAID, PART_PAID} else OPEN
        changes = {"PAYMENTSTATUS": status, **{name: bill.get(name, "") for name in _MIRRORED}}
        amend(work, work.company.kinds[facts.document], row["RECORDNO"], changes)


def is_credit(definition: Row) -> bool:
    """Whether documents of a definition take back what others billed (Sales Credit Memo: servicetitan §11.3)."""
    return str(definition["DOCCLASS"]) == "Adjustment" or str(definition["CATEGORY"]) == "Return"


def _make_bill(facts: Order, work: Work, row: Row, definition: Row, lines: Sequence[Row]) -> None:
    name, container = facts.credit if is_credit(definition) else facts.bill
    kind = work.company.kinds[name]
    given = {
        facts.bill_party: row["CUSTVENDID"],
        "RECORDID": row["DOCNO"],
        "DOCNUMBER": row.get("PONUMBER", ""),
        "DESCRIPTION": row.get("MESSAGE", ""),
        "WHENCREATED": row["WHENCREATED"],
        "WHENPOSTED": row["WHENPOSTED"],
        "WHENDUE": row["WHENDUE"],
        "TERMNAME": row.get("TERM.NAME", ""),
        "BILLTOPAYTOCONTACTNAME": row.get("BILLTO.CONTACTNAME", ""),
        "SHIPTORETURNTOCONTACTNAME": row.get("SHIPTO.CONTACTNAME", ""),
        "SUPDOCID": row.get("SUPDOCID", ""),
        "CURRENCY": row["CURRENCY"],
        "BASECURR": row["BASECURR"],
        "EXCH_RATE_DATE": row.get("EXCHRATEDATE", ""),
        "EXCHANGE_RATE": row.get("EXCHRATE", ""),
    }
    inner = work.company.kinds[kind.owned[0].kind]
    items = [_bill_line(facts, work, inner, definition, line) for line in lines]
    items += [_subtotal_line(facts, work, definition, each) for each in _subtotals(facts, work, row)]
    preset = {"MODULEKEY": facts.module, "SYSTEMGENERATED": "T", "DESCRIPTION2": row["DOCID"], MADE_BY: row["RECORDNO"]}
    made = create(work, kind, {**_known(kind, given), container: items}, preset)
    number_ = made["RECORDNO"]
    keys = {"PRRECORDKEY": number_, BILL_KIND: name, BILL_KEY: number_ if name == facts.bill[0] else ""}
    amend(work, work.company.kinds[facts.document], row["RECORDNO"], keys)
    for line, billed in zip(lines, owned_rows(work, kind.owned[0], number_), strict=False):  # subtotals come after the lines
        amend(work, inner, billed["RECORDNO"], {MADE_BY: row["RECORDNO"], MADE_BY_LINE: line["RECORDNO"]})
    mirror(work, kind, made)


def _known(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """What is there of the fields an object has."""
    return {name: value for name, value in given.items() if value != "" and name in kind.by_name}


def _turned(definition: Row, amount: Decimal) -> str:
    return plain(-amount if is_credit(definition) else amount)


def _subtotals(facts: Order, work: Work, row: Row) -> list[Row]:
    return owned_rows(work, work.company.kinds[facts.document].owned[1], row["RECORDNO"])


def _bill_line(facts: Order, work: Work, inner: Kind, definition: Row, line: Row) -> dict[str, Any]:
    own, offset = accounts_of(facts, work, definition, line, "AR_ACCOUNTS")
    given = {
        "ACCOUNTNO": own,
        "OFFSETGLACCOUNTNO": offset,
        "TRX_AMOUNT": _turned(definition, number(line, "TRX_VALUE") + tax_of_line(line)),
        "ENTRYDESCRIPTION": line.get("MEMO") or line.get("ITEMDESC", ""),
        **{name: line.get(name, "") for name in (*_DIMENSIONS, "ALLOCATION", "BILLABLE", "FORM1099", "FORM1099TYPE", "FORM1099BOX")},
    }
    held = {name: _turned(definition, amount) for name in _RETAINED if (amount := number(line, name))}
    share = {"RETAINAGEPERCENTAGE": line.get("RETAINAGEPERCENTAGE", "")} if held else {}
    return {**_known(inner, given), PRESET: {name: value for name, value in {**share, **held}.items() if name in inner.by_name}}


def _subtotal_line(facts: Order, work: Work, definition: Row, row: Row) -> dict[str, str]:
    rule = subtotal_rule(definition, row) or {}
    if not rule.get("GLACCOUNT"):
        kind = work.company.kinds[facts.subtotal]
        raise refused(kind, f"The subtotal '{row['DESCRIPTION']}' has no account to post to.", "BL03000018", "GLACCOUNT")
    given = {
        "ACCOUNTNO": rule["GLACCOUNT"],
        "OFFSETGLACCOUNTNO": rule.get("GLOFFSETACCOUNT", ""),
        "TRX_AMOUNT": _turned(definition, _signed(definition, row)),
        "ENTRYDESCRIPTION": row["DESCRIPTION"],
        **{name: row.get(name, "") for name in _DIMENSIONS},
    }
    return {name: value for name, value in given.items() if value != ""}


def accounts_of(facts: Order, work: Work, definition: Row, line: Row, table: str) -> tuple[str, str]:
    """The account a line is booked to and the one against it: by item group and warehouse, else the item's own; or a refusal."""
    item = work.storage.get("ITEM", line["ITEMDIMKEY"]) or {}
    rows = [
        each
        for each in definition.get(table, [])
        if each.get("ITEM_GLGROUP") in (None, "", item.get("GLGROUP")) and each.get("WAREHOUSE") in (None, "", line.get("WAREHOUSEID"))
    ]
    rows.sort(key=lambda each: (not each.get("ITEM_GLGROUP"), not each.get("WAREHOUSE")))
    own = next((each["GLACCOUNT"] for each in rows if each.get("GLACCOUNT") and each.get("ISOFFSET") != "true"), "")
    offset = next((each["GLACCOUNT"] for each in rows if each.get("GLACCOUNT") and each.get("ISOFFSET") == "true"), "")
    stocked, bought = facts.accounts[1], facts.accounts[0]
    own = own or item.get(stocked if item.get("ITEMTYPE") in STOCKED else bought, "")
    if not own:
        inner = work.company.kinds[facts.entry]
        raise refused(inner, f"Item '{line['ITEMID']}' has no account to post to.", "BL03000018", "ITEMID")
    return own, offset


def _make_entries(facts: Order, work: Work, kind: Kind, row: Row, definition: Row, lines: Sequence[Row]) -> None:
    """A definition that posts to the ledger alone books each line to its account and against the other one."""
    check_open(work, row["WHENPOSTED"], {entity_of_line(work, line) for line in lines})
    legs = []
    for line in lines:
        own, offset = accounts_of(facts, work, definition, line, "INVGL_ACCOUNTS")
        if not offset:
            inner = work.company.kinds[facts.entry]
            raise refused(inner, f"Item '{line['ITEMID']}' has no offset account to post to.", "BL03000018", "ITEMID")
        tax, dimensions = tax_of_line(line), dimensions_of(line)
        amount, base = number(line, "TRX_VALUE") + tax, number(line, "TOTAL") + cents(tax * Decimal(row.get("EXCHRATE") or 1))
        for name in (own, offset):
            check_dimensions(account(work, name), line)
        legs += [Leg(own, amount, base, dimensions, line.get("MEMO", "")), Leg(offset, -amount, -base, dimensions)]
    journal = work.settings["purchasing_journal" if facts.module == "9.PO" else "order_entry_journal"]
    detail = {"RECORDTYPE": kind.name.lower(), "RECORDKEY": row["RECORDNO"], "RECORDID": row["DOCID"], "DOCNUMBER": row["DOCNO"]}
    title = f"{kind.label} '{row['DOCID']}'"
    posting = Posting(
        kind.name,
        row["RECORDNO"],
        facts.module,
        journal,
        row["WHENPOSTED"],
        title,
        row["DOCNO"],
        row["CURRENCY"],
        row["BASECURR"],
        detail,
    )
    post_entries(work, posting, legs)
