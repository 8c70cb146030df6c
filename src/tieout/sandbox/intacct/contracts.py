"""What project contracts do beyond their tables: prices of entries, sums of lines and contracts (objects table PROJECTCONTRACT*)."""

from __future__ import annotations

from tieout.sandbox.intacct import records
from tieout.sandbox.intacct.amounts import product, total
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.catalogue.contracts import REVISED, SUMS
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.wording import Refusal, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

CONTRACT, LINE, ENTRY = "PROJECTCONTRACT", "PROJECTCONTRACTLINE", "PROJECTCONTRACTLINEENTRY"


def prepare_line(change: Change) -> None:
    """A line billed up to an amount says the amount."""
    if change.row.get("MAXIMUMBILLING") == "Specified amount" and not change.row.get("MAXIMUMBILLINGAMOUNT"):
        raise Refusal(missing(change.kind, change.kind.by_name["MAXIMUMBILLINGAMOUNT"]))


def settle_line(change: Change) -> None:
    """Its sums and the contract's are worked out again."""
    _add_up(change.work, change.row["RECORDNO"])


def dissolve_line(work: Work, kind: Kind, row: Row) -> None:
    """So are the contract's without it."""
    _add_up_contract(work, row["PROJECTCONTRACTKEY"])


def prepare_entry(change: Change) -> None:
    """A price is given, or quantity and unit price."""
    if "PRICE" not in change.values.own and (change.old is None or change.changed("QTY", "UNITPRICE")):
        change.row["PRICE"] = product(change.row, "QTY", "UNITPRICE") or change.row.get("PRICE", "")
    if not change.row.get("PRICE"):
        raise Refusal(missing(change.kind, change.kind.by_name["PRICE"]))


def dissolve_entry(work: Work, kind: Kind, row: Row) -> None:
    """Without it the line's sums are others."""
    _add_up(work, row["PROJECTCONTRACTLINEKEY"])


def _add_up(work: Work, line: str) -> None:
    row = work.storage.get(LINE, line)
    if row is None:
        return
    entries = work.storage.where(ENTRY, "PROJECTCONTRACTLINEKEY", line)
    sums = {name: total((each for each in entries if each.get("WFTYPE") == kind), "PRICE") for name, kind in SUMS.items()}
    sums["TOTALREVISEDPRICE"] = total(({"PRICE": sums[name]} for name in REVISED), "PRICE")
    records.amend(work, work.company.kinds[LINE], line, sums)
    _add_up_contract(work, row["PROJECTCONTRACTKEY"])


def _add_up_contract(work: Work, contract: str) -> None:
    if work.storage.get(CONTRACT, contract) is not None:
        lines = work.storage.where(LINE, "PROJECTCONTRACTKEY", contract)
        sums = {name: total(lines, name) for name in (*SUMS, "TOTALREVISEDPRICE")}
        records.amend(work, work.company.kinds[CONTRACT], contract, sums)


PROJECTCONTRACTLINE = Behaviour(prepare=prepare_line, settle=settle_line, dissolve=dissolve_line)
PROJECTCONTRACTLINEENTRY = Behaviour(prepare=prepare_entry, dissolve=dissolve_entry)
