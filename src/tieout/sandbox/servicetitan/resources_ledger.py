"""GL accounts, terms, payment types, tax zones and journal entries (servicetitan §8, Appendix B accounting/v2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource, Row

ENTRY_SYNC_STATUSES: Final = ("NotSynced", "InProgress", "Synced", "OutOfSync", "Error", "Excluded")
EMPTY_WORDS: Final = ("IncludeExceptNotSynced", "Include", "Exclude")
TRANSACTION_TYPES: Final = (
    "Unspecified",
    "Invoice",
    "Payment",
    "Bill",
    "VendorCredit",
    "VendorPayment",
    "InventoryAdjustment",
    "PaymentApplication",
    "BankDeposit",
    "InventoryReturn",
    "InventoryTransfer",
    "RevenueRecognition",
    "Estimate",
    "PurchaseOrder",
    "Receipt",
    "GrossPayItem",
    "PayrollPeriod",
    "Manual",
    "ItemConsumption",
    "External",
    "CreditMemo",
    "CreditMemoApplication",
)
ACCOUNT_SOURCES: Final = ("Undefined", "AccountingSystem", "ManuallyCreated", "PublicApi")

GL_ACCOUNTS: Final = Resource(
    area="accounting",
    path="gl-accounts",
    kind="gl-accounts",
    shape="GlAccountExtendedResponse",
    label="GL account",
    scope="glaccounts",
    active="True",
    filters=(
        IDS,
        Filter("names", Reads.TEXTS, "name"),
        Filter("numbers", Reads.TEXTS, "number"),
        Filter("types", Reads.TEXTS, "type"),
        Filter("subtypes", Reads.TEXTS, "subtype"),
        Filter("description", Reads.CONTAINS, "description"),
        Filter("source", Reads.WORD, "source", ACCOUNT_SOURCES),
        Filter("isIntacctGroup", Reads.FLAG, "isIntacctGroup"),
        Filter("isIntacctBankAccount", Reads.FLAG, "isIntacctBankAccount"),
    ),
)

GL_ACCOUNT_TYPES: Final = Resource(
    area="accounting",
    path="gl-accounts/types",
    kind="gl-account-types",
    shape="GlAccountTypeResponse",
    label="GL account type",
    scope="glaccounts",
    active="True",
    by_id=False,
    filters=(IDS, Filter("names", Reads.TEXTS, "name")),
)

PAYMENT_TERMS: Final = Resource(
    area="accounting",
    path="payment-terms",
    kind="payment-terms",
    absent=400,
    shape="PaymentTermAPIModel",
    label="Payment term",
    scope="paymentterms",
    sort=("Id", "Name", "CreatedOn"),
    filters=(IDS,),
)

PAYMENT_TYPES: Final = Resource(
    area="accounting",
    path="payment-types",
    kind="payment-types",
    absent=400,
    shape="PaymentTypeResponse",
    label="Payment type",
    scope="paymenttypes",
    sort=(),
    modified=False,
    active="True",
    filters=(IDS,),
)

TAX_ZONES: Final = Resource(
    area="accounting",
    path="tax-zones",
    kind="tax-zones",
    shape="TaxZoneResponse",
    label="Tax zone",
    scope="taxzones",
    sort=("Id", "Name", "CreatedOn"),
    active="True",
    by_id=False,
    filters=(IDS,),
)


def _lines(member: str, inner: str = "name") -> Callable[[Records, Row], list[Any]]:
    """For filters: a member of every line of a journal entry."""
    return lambda records, entry: [line[member][inner] for line in entry["_lines"] if line.get(member)]


def _posted(records: Records, entry: Row) -> list[Any]:
    return [line["postDate"] for line in entry["_lines"]]


def _emptiness(records: Records, entry: Row) -> list[Any]:
    """The words of ``empty`` under which an entry is listed."""
    if not entry["isEmpty"]:
        return list(EMPTY_WORDS)
    return ["Include"] if entry["syncStatus"] == "NotSynced" else ["Include", "IncludeExceptNotSynced"]


JOURNAL_ENTRIES: Final = Resource(
    area="accounting",
    path="journal-entries",
    kind="journal-entries",
    shape="JournalEntryResponse",
    label="Journal entry",
    scope="journalentries",
    guid=True,
    absent=400,
    largest_page=500,
    sort=("Id", "Number", "Name", "Status", "CreatedOn", "ExportedOn", "ExportedBy", "PostDate"),
    custom_fields="customField",
    loose_custom_fields=True,
    filters=(
        Filter("ids", Reads.TEXTS, "id"),
        Filter("exportedFrom", Reads.SINCE, "exportedOn"),
        Filter("exportedTo", Reads.UNTIL, "exportedOn"),
        Filter("postedFrom", Reads.SINCE_DAY, "postDate"),
        Filter("postedTo", Reads.UNTIL_DAY, "postDate"),
        Filter("exportedBy", Reads.IDS, "exportedBy.id"),
        Filter("name", Reads.CONTAINS, "name"),
        Filter("numberFrom", Reads.AT_LEAST, "number"),
        Filter("numberTo", Reads.AT_MOST, "number"),
        Filter("statuses", Reads.ONE_OF, "status", ("Open", "Closed")),
        Filter("syncStatuses", Reads.ONE_OF, "syncStatus", ENTRY_SYNC_STATUSES),
        Filter("transactionPostedFrom", Reads.SINCE_DAY, "", through=_posted),
        Filter("transactionPostedTo", Reads.UNTIL_DAY, "", through=_posted),
        Filter("businessUnitIds", Reads.IDS, "", through=_lines("businessUnit", "id")),
        Filter("serviceAgreementIds", Reads.IDS, "", through=_lines("serviceAgreement", "id")),
        Filter("customerName", Reads.CONTAINS, "", through=_lines("customer")),
        Filter("locationName", Reads.CONTAINS, "", through=_lines("customerLocation")),
        Filter("vendorName", Reads.CONTAINS, "", through=_lines("vendor")),
        Filter("inventoryLocationName", Reads.CONTAINS, "", through=_lines("inventoryLocation")),
        Filter("refNumber", Reads.TEXTS, "", through=_lines("transaction", "refNumber")),
        Filter("transactionTypes", Reads.ONE_OF, "", TRANSACTION_TYPES, _lines("transaction", "type")),
        Filter("empty", Reads.WORD, "", EMPTY_WORDS, _emptiness, default="IncludeExceptNotSynced", unless="ids"),
    ),
)

RESOURCES: Final = (GL_ACCOUNTS, GL_ACCOUNT_TYPES, PAYMENT_TERMS, PAYMENT_TYPES, TAX_ZONES, JOURNAL_ENTRIES)
