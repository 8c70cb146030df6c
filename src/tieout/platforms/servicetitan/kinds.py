"""The kinds of ServiceTitan records this adapter reads and marks: those of the work, and those of its accounting."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.core.ports import Fault
from tieout.platforms.servicetitan.accounting import (
    ACCOUNTING,
    AP_BILL,
    AP_CREDIT,
    CREDIT_MEMO,
    EXPORTED,
    INVENTORY_BILL,
    INVOICE,
    PAYMENT,
    PURCHASE_ORDER,
    VENDOR,
)
from tieout.platforms.servicetitan.faults import UNKNOWN_KIND
from tieout.platforms.servicetitan.kind import Kind, Lines
from tieout.platforms.servicetitan.work import BUSINESS_UNIT, CUSTOMER, JOB, JOB_TYPE, LOCATION, PROJECT, WORK

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*WORK, *ACCOUNTING)}
"""Every kind this adapter reads (servicetitan §6, §8, Appendix A and B)."""


def kind_of(kind: str) -> Kind:
    """The row of a kind. Raises Fault for a kind that is not read."""
    try:
        return KINDS[kind]
    except KeyError:
        raise Fault(UNKNOWN_KIND, kind) from None


__all__ = [
    "AP_BILL",
    "AP_CREDIT",
    "BUSINESS_UNIT",
    "CREDIT_MEMO",
    "CUSTOMER",
    "EXPORTED",
    "INVENTORY_BILL",
    "INVOICE",
    "JOB",
    "JOB_TYPE",
    "KINDS",
    "LOCATION",
    "PAYMENT",
    "PROJECT",
    "PURCHASE_ORDER",
    "VENDOR",
    "Kind",
    "Lines",
    "kind_of",
]
