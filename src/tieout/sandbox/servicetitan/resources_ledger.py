"""GL accounts, terms, payment types, tax zones and journal entries (servicetitan §8, Appendix B accounting/v2)."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource

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

RESOURCES: Final = (GL_ACCOUNTS, GL_ACCOUNT_TYPES, PAYMENT_TERMS, PAYMENT_TYPES, TAX_ZONES)
