"""Journal entries written by hand: balance, state, reversal, and their detail (intacct-xml §3D GLBATCH).

Those of a statistical journal count something else than money, so one entry does: they name statistical accounts, have no
currency, and need not balance; TR_TYPE says whether the count goes up or down.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.catalogue.allocations import CUSTOM
from tieout.sandbox.intacct.documents import refused
from tieout.sandbox.intacct.fields import Field, Kind
from tieout.sandbox.intacct.ledger import (
    SOURCE,
    STATISTICAL,
    account,
    check_dimensions,
    clear_detail,
    dimensions_of,
    entity_of_line,
    money,
    next_batch,
    place_of,
    write_detail,
)
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.periods import base_currency, check_open
from tieout.sandbox.intacct.rates import complete_rate
from tieout.sandbox.intacct.records import amend, place
from tieout.sandbox.intacct.shares import shares
from tieout.sandbox.intacct.values import is_before, plain, stamp
from tieout.sandbox.intacct.wording import Refusal, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

_LEDGER = "2.GL"
_CENT = Decimal("0.01")
_LEAST = 2  # entries of a journal of money
_NOT_TURNED = {"RECORDNO", "ALLOCATION", "ALLOCATIONKEY"}  # a reversal turns the shares, not what was shared
_CURRENCY_FIELDS = ("CURRENCY", "EXCH_RATE_DATE", "EXCH_RATE_TYPE_ID", "EXCHANGE_RATE")


def _prepare(change: Change) -> None:
    work, kind, row, old = change.work, change.kind, change.row, change.old
    if old is not None:
        _check_changeable(work, kind, old)
        if old["STATE"] == "Posted" and row["STATE"] == "Draft":
            raise refused(kind, "A posted journal entry cannot become a draft again.", field="STATE")
    else:
        row["BATCHNO"] = next_batch(work, row["JOURNAL"])
        row["USERKEY"], row["USERINFO_LOGINID"] = work.user_number, work.userid
        if work.storage.get("STATJOURNAL", row["JOURNALKEY"]) is not None:
            row[STATISTICAL] = "true"
    entries = change.values.owned.get(kind.owned[0].name)
    if entries is not None and len(entries) < _LEAST and STATISTICAL not in row:
        raise Refusal(missing(kind, Field(kind.owned[0].name)))
    row.update(MODIFIED=stamp(work.now), MODIFIEDBYID=work.userid)
    if row.get("REVERSEDATE") and not is_before(row["BATCH_DATE"], row["REVERSEDATE"]):
        raise refused(kind, "The reversal date is not after the posting date.", "BL03000018", "REVERSEDATE")


def _settle(change: Change) -> None:
    work, kind = change.work, change.kind
    row = work.storage.get(kind.name, change.row["RECORDNO"])
    assert row is not None
    complete = _count if STATISTICAL in row else _entry
    entries = [complete(work, kind, row, entry) for entry in owned_rows(work, kind.owned[0], row["RECORDNO"])]
    clear_detail(work, row["RECORDNO"])
    if row["STATE"] != "Posted":
        return
    if STATISTICAL not in row:
        _check_balance(kind, entries)
    entries = [share for entry in entries for share in shares(work, entry)]
    check_open(work, row["BATCH_DATE"], {entity_of_line(work, entry) for entry in entries})
    write_detail(work, row, [*entries, *_between(work, kind, row, entries)])
    if row.get("REVERSEDATE") and not row.get("REVERSEDKEY"):
        _reverse(work, kind, row, entries)


def _entry(work: Work, kind: Kind, row: Row, entry: Row) -> Row:
    """One entry with what the system adds; raises Refusal for a bad amount, account or missing dimension."""
    inner = work.company.kinds[kind.owned[0].kind]
    amount = _positive(inner, entry)
    _check_shares(work, inner, account(work, entry["ACCOUNTNO"]), entry)
    base = base_currency(work, entity_of_line(work, entry))
    entry = {**entry, "CURRENCY": entry.get("CURRENCY") or base}
    complete_rate(work, inner, entry, base, row["BATCH_DATE"])
    changes = {
        "TRX_AMOUNT": plain(amount),
        "AMOUNT": plain((amount * Decimal(entry.get("EXCHANGE_RATE") or "1")).quantize(_CENT)),
        "CURRENCY": entry["CURRENCY"],
        "EXCHANGE_RATE": entry.get("EXCHANGE_RATE", ""),
        "BASECURR": base,
        **_repeated(row),
    }
    return amend(work, inner, entry["RECORDNO"], changes)


def _count(work: Work, kind: Kind, row: Row, entry: Row) -> Row:
    """One entry of a statistical journal with what the system adds; raises Refusal as for others, and for a currency."""
    inner = work.company.kinds[kind.owned[0].kind]
    amount = _positive(inner, entry)
    _check_shares(work, inner, account(work, entry["ACCOUNTNO"], "STATACCOUNT"), entry)
    for name in _CURRENCY_FIELDS:
        if entry.get(name):
            raise refused(inner, f"An entry of statistical journal '{row['JOURNAL']}' has no currency.", "BL03000018", name)
    changes = {"TRX_AMOUNT": plain(amount), "AMOUNT": plain(amount), STATISTICAL: "true"}
    return amend(work, inner, entry["RECORDNO"], {**changes, **_repeated(row)})


def _check_shares(work: Work, inner: Kind, target: Row, entry: Row) -> None:
    """Each share of an entry has the dimensions its account demands; only an entry that says so is split by hand."""
    if entry.get("ALLOCATION") != CUSTOM and owned_rows(work, inner.owned[0], entry["RECORDNO"]):
        raise refused(inner, f"SPLIT goes with an ALLOCATION that is {CUSTOM}.", "BL03000018", "SPLIT")
    for share in shares(work, entry):
        check_dimensions(target, {**share, **dimensions_of(share)})


def _positive(inner: Kind, entry: Row) -> Decimal:
    amount = money(entry["TRX_AMOUNT"])
    if amount <= 0:
        raise refused(inner, "TRX_AMOUNT must be positive; TR_TYPE says debit or credit.", "BL03000018", "TRX_AMOUNT")
    return amount


def _repeated(row: Row) -> dict[str, str]:
    return {"ENTRY_DATE": row["BATCH_DATE"], "BATCHTITLE": row["BATCH_TITLE"], "STATE": row["STATE"]}


def _signed(entry: Row) -> Decimal:
    return int(entry["TR_TYPE"]) * money(entry["AMOUNT"])


def _check_balance(kind: Kind, entries: list[Row]) -> None:
    difference = sum((_signed(entry) for entry in entries), Decimal(0))
    if difference:
        debits = sum((_signed(entry) for entry in entries if entry["TR_TYPE"] == "1"), Decimal(0))
        text = f"Debits of {plain(debits)} and credits of {plain(debits - difference)} do not balance."
        raise refused(kind, text, "BL03000018", "ENTRIES")


def _between(work: Work, kind: Kind, row: Row, entries: list[Row]) -> list[Row]:
    """What entities owe each other where their own entries do not balance; raises Refusal if they may not, or no one leads."""
    if STATISTICAL in row:
        return []
    net: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        net[entity_of_line(work, entry)] += _signed(entry)
    base = row.get("BASELOCATION_NO", "") or work.entity
    open_ones = {entity: amount for entity, amount in net.items() if amount and entity != base}
    if not open_ones:
        return []
    if not base:
        text = "The entries of each entity do not balance; BASELOCATION_NO is required."
        raise refused(kind, text, "BL03000018", "BASELOCATION_NO")
    if not work.settings["inter_entity"]:
        raise refused(kind, "The entries belong to several entities, and inter-entity transactions are not set up.", field="LOCATION")
    found = []
    for entity, amount in open_ones.items():
        found.append(_owed(work, row, "ie_payable_account", -amount, entity))
        found.append(_owed(work, row, "ie_receivable_account", amount, base))
    return found


def _owed(work: Work, row: Row, setting: str, amount: Decimal, entity: str) -> Row:
    target = account(work, work.settings[setting])
    currency = base_currency(work, entity)
    return {
        **place_of(work, entity),
        "TR_TYPE": "1" if amount > 0 else "-1",
        "TRX_AMOUNT": plain(abs(amount)),
        "AMOUNT": plain(abs(amount)),
        "CURRENCY": currency,
        "BASECURR": currency,
        "ACCOUNTNO": target["ACCOUNTNO"],
        "ACCOUNTKEY": target["RECORDNO"],
    }


def _reverse(work: Work, kind: Kind, row: Row, entries: list[Row]) -> None:
    """The opposite entry on the reversal date."""
    check_open(work, row["REVERSEDATE"], {entity_of_line(work, entry) for entry in entries})
    dropped = {"RECORDNO", "REVERSEDATE", SOURCE}
    columns = {name: value for name, value in row.items() if name not in dropped and not name.startswith("_")}
    columns.update(
        BATCH_DATE=row["REVERSEDATE"],
        BATCH_TITLE=f"Reversed -- {row['BATCH_TITLE']}",
        BATCHNO=next_batch(work, row["JOURNAL"]),
        REVERSEDFROM=row["BATCH_DATE"],
        REVERSEDKEY=row["RECORDNO"],
    )
    other = place(work, kind, columns)
    inner = work.company.kinds[kind.owned[0].kind]
    opposite = []
    for entry in entries:
        turned = {name: value for name, value in entry.items() if name not in _NOT_TURNED and not name.startswith("_")}
        turned.update(BATCHNO=other["RECORDNO"], TR_TYPE=str(-int(entry["TR_TYPE"])), ENTRY_DATE=row["REVERSEDATE"])
        opposite.append(place(work, inner, turned))
    write_detail(work, other, [*opposite, *_between(work, kind, other, opposite)])
    amend(work, kind, row["RECORDNO"], {"REVERSED": row["REVERSEDATE"], "REVERSEDKEY": other["RECORDNO"]})


def _check_changeable(work: Work, kind: Kind, row: Row) -> None:
    if row.get("MODULE", _LEDGER) != _LEDGER:
        raise refused(kind, f"Journal entry '{row['RECORDNO']}' was made by {row['MODULE']}; change the transaction it came from.")
    if row.get("REVERSEDKEY"):
        raise refused(kind, f"Journal entry '{row['RECORDNO']}' is part of a reversal and cannot be changed.")
    if row["STATE"] == "Posted":
        entries = owned_rows(work, kind.owned[0], row["RECORDNO"])
        check_open(work, row["BATCH_DATE"], {entity_of_line(work, entry) for entry in entries})


def _release(work: Work, kind: Kind, row: Row) -> None:
    _check_changeable(work, kind, row)
    clear_detail(work, row["RECORDNO"])


GLBATCH = Behaviour(_prepare, _settle, _release)
