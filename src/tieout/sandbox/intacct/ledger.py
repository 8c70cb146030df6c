"""What documents and journal entries leave in the general ledger: GLBATCH, GLENTRY, GLDETAIL (intacct-xml §3D)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tieout.sandbox.intacct.catalogue.dimensions import DEMANDS
from tieout.sandbox.intacct.records import place, take
from tieout.sandbox.intacct.references import entity_of
from tieout.sandbox.intacct.values import plain, stamp
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

CENT = Decimal("0.01")
SOURCE = "SOURCE"  # what a batch came from, KIND:RECORDNO; an index, not a column
STATISTICAL = "STATISTICAL"  # kept with batches of statistical journals and with their entries; a column of the detail only
_DIMENSION_COLUMNS = tuple(
    column
    for name, _ in DEMANDS.values()
    for column in (name, f"{name.removesuffix('ID')}DIMKEY", f"{name.removesuffix('ID')}KEY", f"{name}KEY")
)
_EXTRA_COLUMNS = ("COSTTYPEID", "COSTTYPEDIMKEY")


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: debits positive, in the transaction's and the base currency, with the dimensions of a line."""

    account: str
    amount: Decimal
    base: Decimal
    dimensions: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """What one document posts."""

    kind: str
    number: str
    module: str
    journal: str
    date: str
    title: str
    reference: str = ""
    currency: str = ""
    base_currency: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""

    @property
    def source(self) -> str:
        """The document as batches name it."""
        return f"{self.kind}:{self.number}{self.mark}"


def money(text: str) -> Decimal:
    """An amount to the cent; an empty text is nothing."""
    return Decimal(text or "0").quantize(CENT)


def account(work: Work, number: str, kind: str = "GLACCOUNT") -> Row:
    """The account of that number, or the statistical one; raises Refusal."""
    found = work.storage.find(kind, "key", number)
    if found is None or found.get("STATUS") == "inactive":
        raise Refusal(business(f"Account {number} is not valid", object=kind, field="ACCOUNTNO"))
    return found


def check_dimensions(row: Row, line: Mapping[str, str]) -> None:
    """Refuses a line that lacks a dimension its account demands (intacct-xml §5.2)."""
    for flag, (name, word) in DEMANDS.items():
        if row.get(flag) == "true" and not line.get(name):
            text = f"This transaction is missing the {word} dimension for the Account {row['ACCOUNTNO']}"
            raise Refusal(business(text, errorno="BL03000018", correction=f"Provide a {word}.", field=name))


def entity_of_line(work: Work, line: Mapping[str, str]) -> str:
    """The entity whose books a line belongs to; empty where the company has only one."""
    place_ = work.storage.get(work.company.location_kind, line.get("LOCATIONKEY", ""))
    return entity_of(work, place_) if place_ is not None else ""


def place_of(work: Work, entity: str) -> dict[str, str]:
    """The location columns of an entity."""
    found = work.storage.find(work.company.location_kind, "key", entity)
    return {"LOCATIONID": entity, "LOCATIONKEY": found["RECORDNO"]} if found is not None else {}


def bank_account(work: Work, row: Row) -> str:
    """The account the money of a payment is booked to: its bank's, the one it names, or undeposited funds."""
    if row.get("FINANCIALENTITY"):
        bank = work.storage.find("CHECKINGACCOUNT", "key", row["FINANCIALENTITY"])
        if bank is not None:
            return str(bank["GLACCOUNTNO"])
    return str(row.get("UNDEPOSITEDACCOUNTNO") or work.settings["undeposited_account"])


def dimensions_of(line: Mapping[str, str]) -> dict[str, str]:
    """The dimension columns of a line, by the names document lines use."""
    found = {name: line[name] for name in (*_DIMENSION_COLUMNS, *_EXTRA_COLUMNS) if line.get(name)}
    for theirs, ours in (("LOCATION", "LOCATIONID"), ("DEPARTMENT", "DEPARTMENTID")):
        if line.get(theirs):
            found[ours] = line[theirs]
    return found


def post(work: Work, posting: Posting, legs: Iterable[Leg]) -> None:
    """Writes the entries of a document; nothing for a document without amounts."""
    kept = [leg for leg in legs if leg.amount or leg.base]
    if not kept:
        return
    journal = work.storage.find("JOURNAL", "key", posting.journal)
    columns = {
        "BATCH_TITLE": posting.title,
        "BATCH_DATE": posting.date,
        "JOURNAL": posting.journal,
        "JOURNALKEY": journal["RECORDNO"] if journal is not None else "",
        "MODULE": posting.module,
        "PRBATCHKEY": posting.number,
        "REFERENCENO": posting.reference,
        "STATE": "Posted",
        "BATCHNO": next_batch(work, posting.journal),
        "MODIFIED": stamp(work.now),
        SOURCE: posting.source,
    }
    batch = place(work, work.company.kinds["GLBATCH"], columns)
    for position, leg in enumerate(kept):
        _entry(work, batch, posting, position, leg)


def unpost(work: Work, source: str) -> None:
    """Takes back every batch that came from a document."""
    for batch in list(work.storage.where("GLBATCH", SOURCE, source)):
        number = batch["RECORDNO"]
        clear_detail(work, number)
        for entry in list(work.storage.where("GLENTRY", "BATCHNO", number)):
            take(work, "GLENTRY", entry)
        take(work, "GLBATCH", batch)


def next_batch(work: Work, journal: str) -> str:
    """The next number within a journal."""
    return str(work.storage.next(f"batch of {journal}"))


def clear_detail(work: Work, batch: str) -> None:
    """Removes the detail rows of a batch."""
    for row in list(work.storage.where("GLDETAIL", "BATCHKEY", batch)):
        take(work, "GLDETAIL", row)


def write_detail(work: Work, batch: Row, entries: Sequence[Row], detail: Mapping[str, str] | None = None) -> None:
    """One detail row for each entry of a posted batch."""
    for entry in entries:
        _detail(work, batch, entry, detail or {})


def _entry(work: Work, batch: Row, posting: Posting, position: int, leg: Leg) -> None:
    target = account(work, leg.account)
    columns = {
        **dict(leg.dimensions),
        "LOCATION": leg.dimensions.get("LOCATIONID", ""),
        "DEPARTMENT": leg.dimensions.get("DEPARTMENTID", ""),
        "BATCHNO": batch["RECORDNO"],
        "BATCHTITLE": posting.title,
        "ENTRY_DATE": posting.date,
        "LINE_NO": str(position),
        "TR_TYPE": "1" if leg.base >= 0 else "-1",
        "ACCOUNTNO": leg.account,
        "ACCOUNTKEY": target["RECORDNO"],
        "TRX_AMOUNT": plain(abs(leg.amount)),
        "AMOUNT": plain(abs(leg.base)),
        "CURRENCY": posting.currency,
        "BASECURR": posting.base_currency,
        "DESCRIPTION": leg.text,
        "DOCUMENT": posting.reference,
        "STATE": "Posted",
    }
    for theirs in ("LOCATIONID", "DEPARTMENTID"):
        columns.pop(theirs, None)
    entry = place(work, work.company.kinds["GLENTRY"], columns)
    _detail(work, batch, entry, posting.detail)


def _detail(work: Work, batch: Row, entry: Row, detail: Mapping[str, str]) -> None:
    is_debit = entry["TR_TYPE"] == "1"
    base, trx = money(entry.get("AMOUNT") or entry["TRX_AMOUNT"]), money(entry["TRX_AMOUNT"])
    sign = 1 if is_debit else -1
    columns = {
        **dimensions_of(entry),
        **{name: value for name, value in detail.items() if not entry.get(name)},
        "BATCHKEY": batch["RECORDNO"],
        "BATCH_DATE": batch["BATCH_DATE"],
        "BATCH_TITLE": batch["BATCH_TITLE"],
        "BATCH_NO": batch.get("BATCHNO", ""),
        "SYMBOL": batch["JOURNAL"],
        "JOURNALKEY": batch.get("JOURNALKEY", ""),
        "BOOKID": "ACCRUAL",
        "MODIFIED": stamp(work.now),
        "REFERENCENO": batch.get("REFERENCENO", ""),
        "MODULEKEY": batch.get("MODULE", "2.GL"),
        "ADJ": "false",
        "STATISTICAL": entry.get(STATISTICAL, "false"),
        "LINE_NO": entry.get("LINE_NO", ""),
        "ENTRY_DATE": batch["BATCH_DATE"],
        "ENTRY_STATE": "Posted",
        "TR_TYPE": entry["TR_TYPE"],
        "DOCUMENT": entry.get("DOCUMENT", ""),
        "ACCOUNTNO": entry["ACCOUNTNO"],
        "ACCOUNTKEY": entry["ACCOUNTKEY"],
        "CURRENCY": entry.get("CURRENCY", ""),
        "BASECURR": entry.get("BASECURR", ""),
        "DESCRIPTION": entry.get("DESCRIPTION", "") or batch["BATCH_TITLE"],
        "ENTRYDESCRIPTION": entry.get("DESCRIPTION", ""),
        "CHILDENTITY": entity_of_line(work, entry),
        "DEBITAMOUNT": plain(base) if is_debit else "",
        "CREDITAMOUNT": "" if is_debit else plain(base),
        "AMOUNT": plain(sign * base),
        "TRX_DEBITAMOUNT": plain(trx) if is_debit else "",
        "TRX_CREDITAMOUNT": "" if is_debit else plain(trx),
        "TRX_AMOUNT": plain(sign * trx),
    }
    place(work, work.company.kinds["GLDETAIL"], columns)
