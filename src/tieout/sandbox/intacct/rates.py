"""The exchange rates the company keeps (objects table EXCHANGERATE)."""

from __future__ import annotations

from decimal import Decimal

from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.values import is_before, plain
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row


def rate_on(work: Work, type_id: str, currencies: tuple[str, str], day: str) -> Decimal | None:
    """The rate from one currency to another that holds on a day (mm/dd/yyyy); None if the company keeps none.

    Without a type the default one counts; "Intacct Daily Rate", which the vendor feeds, is a type like any other here.
    """
    types = [row for row in work.storage.all("EXCHANGERATETYPES") if (row["ID"] == type_id if type_id else row.get("ISDEFAULT") == "true")]
    if not types or not day:
        return None
    rates = work.storage.where("EXCHANGERATE", "TYPEKEY", types[0]["RECORDNO"])
    keys = [row["RECORDNO"] for row in rates if (row["FROM_CURRENCY"], row["TO_CURRENCY"]) == currencies]
    entries = [entry for key in keys for entry in work.storage.where("EXCHANGERATEENTRY", "EXCHANGERATEKEY", key)]
    holding = [entry for entry in entries if not is_before(day, entry["EFFECTIVE_START_DATE"])]
    if not holding:
        return None
    latest = holding[0]
    for entry in holding[1:]:
        if is_before(latest["EFFECTIVE_START_DATE"], entry["EFFECTIVE_START_DATE"]):
            latest = entry
    return Decimal(latest["EXCHANGE_RATE"])


def complete_rate(work: Work, kind: Kind, row: Row, base: str, day: str) -> None:
    """Gives a row in a foreign currency its rate where none was sent; raises Refusal if the company keeps none for the day."""
    currency = row.get("CURRENCY") or base
    if currency == base or row.get("EXCHANGE_RATE"):
        return
    rate = rate_on(work, row.get("EXCH_RATE_TYPE_ID", ""), (currency, base), row.get("EXCH_RATE_DATE") or day)
    if rate is None:
        text = f"EXCHANGE_RATE is required: there is none from {currency} to {base}."
        raise Refusal(business(text, object=kind.name, field="EXCHANGE_RATE"))
    row["EXCHANGE_RATE"] = plain(rate)
