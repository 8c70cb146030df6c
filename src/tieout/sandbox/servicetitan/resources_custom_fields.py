"""The custom field types of documents and vendors, one list for each (servicetitan §8, Appendix B)."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.servicetitan.resource import Resource


def _types(area: str, path: str, kind: str) -> Resource:
    return Resource(
        area=area,
        path=f"{path}/custom-fields",
        kind=kind,
        shape="CustomFieldTypeResponse",
        label="Custom field",
        scope=path.replace("-", ""),
        sort=("Id", "Name"),
        by_id=False,
    )


# The kind of the documents whose fields they are -> where their types are listed.
FIELD_TYPES: Final = {
    "invoices": _types("accounting", "invoices", "invoice-custom-fields"),
    "payments": _types("accounting", "payments", "payment-custom-fields"),
    "credit-memos": _types("accounting", "credit-memos", "credit-memo-custom-fields"),
    "inventory-bills": _types("accounting", "inventory-bills", "bill-custom-fields"),
    "ap-credits": _types("accounting", "ap-credits", "ap-credit-custom-fields"),
    "ap-payments": _types("accounting", "ap-payments", "ap-payment-custom-fields"),
    "vendors": _types("inventory", "vendors", "vendor-custom-fields"),
}
# Bills have two names, and so do the types of their fields.
_AP_BILLS: Final = _types("accounting", "ap-bills", "bill-custom-fields")
CHANGED: Final = (*FIELD_TYPES.items(), ("inventory-bills", _AP_BILLS))
RESOURCES: Final = (*FIELD_TYPES.values(), _AP_BILLS)
