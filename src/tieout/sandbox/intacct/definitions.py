"""What transaction definitions do beyond their tables (intacct-xml §3C; ingenious §8.3)."""

from __future__ import annotations

from functools import partial

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.catalogue.definitions import NO_CHANGE
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.wording import Refusal, invalid

_ORDER = "Order"


def behaviour(facts: Order) -> Behaviour:
    """The hooks of one module's definitions."""
    return Behaviour(prepare=partial(_prepare, facts))


def _prepare(facts: Order, change: Change) -> None:
    """Only orders have change orders, and what documents rely on stays."""
    kind, row = change.kind, change.row
    field = kind.by_name["ENABLEDOCCHANGE"]
    if row["ENABLEDOCCHANGE"] != NO_CHANGE and (row["DOCCLASS"], row["CATEGORY"]) != (_ORDER, _ORDER):
        raise Refusal(invalid(kind, field, "Change orders need the template type Order and the workflow category Order."))
    if change.old is None or not change.changed("ENABLEDOCCHANGE", "DOCCLASS", "CATEGORY"):
        return
    if change.work.storage.where(facts.document, "DOCPARKEY", row["RECORDNO"]):
        raise Refusal(invalid(kind, field, f"The transaction definition '{row['DOCID']}' is in use; its type and change mode stay."))
