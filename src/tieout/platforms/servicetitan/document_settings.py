"""What an administrator can set about documents: which go, when, in what state, under which date and number, and to which accounts.

Nothing goes before it is turned on here. What an accountant would have to undo by hand has the careful choice as its default.
"""

from __future__ import annotations

from tieout.core.settings import Setting, SettingKind

_OTHER_EXPORT = (
    "If ServiceTitan's own Intacct integration exports these documents too, turn that off first. Documents that ServiceTitan shows as "
    "exported by somebody else are left alone."
)


def _switch(name: str, label: str, help: str, requires: str = "", *, group: str, source: str, warning: str = "") -> Setting:
    return Setting(
        name,
        label,
        help,
        SettingKind.BOOLEAN,
        default=False,
        requires=requires,
        group=group,
        requirement=source,
        warning=warning,
    )


def _text(name: str, label: str, help: str, *, source: str, group: str = "Accounts") -> Setting:
    return Setting(name, label, help, group=group, requirement=source)


_KINDS: tuple[Setting, ...] = (
    _switch(
        "export_payables",
        "Enable payables",
        "Vendors and the documents of payables can be exported. Each kind of document has a switch of its own below.",
        group="Payables",
        source="servicetitan §11.3",
        warning=_OTHER_EXPORT,
    ),
    _switch(
        "export_inventory_bills",
        "Inventory bills",
        "Bills for received goods become bills in Sage Intacct, each line with its job's project.",
        "export_payables",
        group="Payables",
        source="R-ST-25",
    ),
    _switch(
        "export_ap_bills",
        "AP bills",
        "Bills entered by hand become bills in Sage Intacct; each expense line keeps its own job.",
        "export_payables",
        group="Payables",
        source="R-ST-25",
    ),
    _switch(
        "export_ap_credits",
        "Vendor credits",
        "Credits of vendors become payables adjustments in Sage Intacct.",
        "export_payables",
        group="Payables",
        source="servicetitan §11.3",
    ),
    _switch(
        "export_receivables",
        "Enable receivables",
        "The documents of receivables can be exported. Each kind of document has a switch of its own below.",
        group="Receivables",
        source="servicetitan §11.3",
        warning=_OTHER_EXPORT,
    ),
    _switch(
        "export_invoices",
        "Invoices",
        "Invoices become invoices in Sage Intacct, negative ones receivables adjustments; each line carries its job's project.",
        "export_receivables",
        group="Receivables",
        source="R-ST-24",
    ),
    _switch(
        "export_payments",
        "Payments",
        "Payments become customer payments in Sage Intacct that pay the same invoices.",
        "export_receivables",
        group="Receivables",
        source="servicetitan §11.3",
    ),
    _switch(
        "export_credit_memos",
        "Credit memos",
        "Credit memos become receivables adjustments in Sage Intacct.",
        "export_receivables",
        group="Receivables",
        source="servicetitan §11.3",
    ),
)


def _posting(kind: str, label: str) -> Setting:
    return Setting(
        f"post_{kind}",
        f"Posting of {label}",
        "A draft is changed and posted by an accountant in Sage Intacct. With “submit”, documents are drafts until an accountant has "
        "confirmed the first one of their kind here, and are posted from then on.",
        SettingKind.CHOICE,
        default="submit",
        choices=(("draft", "Always as a draft"), ("submit", "Submit once the first was confirmed")),
        group="Posting",
        requirement="servicetitan C3",
    )


_POSTING: tuple[Setting, ...] = (
    Setting(
        "export_when",
        "When documents go",
        "By themselves as soon as ServiceTitan posts them, or only when somebody asks for them, one by one or by batch.",
        SettingKind.CHOICE,
        default="posted",
        choices=(("posted", "As soon as they are posted"), ("request", "When somebody asks for them")),
        group="Posting",
        requirement="servicetitan §11.4",
    ),
    Setting(
        "waiting_minutes",
        "Minutes a record may wait",
        "A record that waits longer for another one, such as a bill for its project, is a problem that names what it waits for and why. "
        "It still goes by itself as soon as that is there.",
        SettingKind.INTEGER,
        default=60,
        minimum=1,
        maximum=10080,
        group="Posting",
        requirement="servicetitan D14",
    ),
    _posting("bills", "bills"),
    _posting("invoices", "invoices"),
    _posting("adjustments", "credits and adjustments"),
    Setting(
        "gl_date",
        "GL date of bills",
        "The day under which a bill enters the ledger. Invoices, payments and credits always enter it under their own date.",
        SettingKind.CHOICE,
        default="post",
        choices=(("post", "Post date, else bill date"), ("document", "Bill date")),
        group="Posting",
        requirement="servicetitan §11.3",
    ),
    Setting(
        "closed_through",
        "Books closed through",
        "The last closed day in Sage Intacct, which cannot be read from there. Empty: no day is taken as closed.",
        SettingKind.DATE,
        group="Posting",
        requirement="servicetitan §11.5",
    ),
    Setting(
        "closed_period",
        "Documents dated in a closed period",
        "Hold them until an accountant decides, post them on the next open day with a note, or leave them out for good.",
        SettingKind.CHOICE,
        default="hold",
        choices=(("hold", "Hold"), ("next", "Next open day, with a note"), ("refuse", "Leave out")),
        group="Posting",
        requirement="servicetitan §11.5",
    ),
    Setting(
        "changed_after_posting",
        "Posted documents that change",
        "What happens when a document changes in ServiceTitan after it was posted in Sage Intacct. It is never edited silently.",
        SettingKind.CHOICE,
        default="report",
        choices=(("report", "An accountant decides"), ("replace", "Reverse it and post it anew"), ("adjust", "Post the difference")),
        group="Posting",
        requirement="servicetitan §11.4",
    ),
    Setting(
        "voided",
        "Documents that are voided",
        "What happens when a document is voided in ServiceTitan after it went to Sage Intacct. It is never passed over: what is not undone "
        "by itself, and what Sage Intacct has no way to reverse, is a problem.",
        SettingKind.CHOICE,
        default="reverse",
        choices=(
            ("reverse", "Reverse what is posted, ask about drafts"),
            ("undo", "Reverse what is posted, delete drafts"),
            ("report", "An accountant decides"),
        ),
        group="Posting",
        requirement="servicetitan §11.4",
    ),
    Setting(
        "transaction_level",
        "Level of transactions",
        "At top level, or in the entity of the business unit's location as the table of business units has it.",
        SettingKind.CHOICE,
        default="top",
        choices=(("top", "Top level"), ("entity", "Entity")),
        group="Posting",
        requirement="servicetitan §11.1",
    ),
    Setting(
        "mark_exported",
        "Mark as exported in ServiceTitan",
        "A document that is posted in Sage Intacct is marked as exported in ServiceTitan. That cannot be taken back there.",
        SettingKind.BOOLEAN,
        default=True,
        group="Posting",
        requirement="servicetitan §9",
    ),
)

_NUMBERS: tuple[Setting, ...] = (
    Setting(
        "vendor_id",
        "Vendor ID",
        "How the Sage Intacct vendor ID is made, for vendors that the table of vendors does not name.",
        SettingKind.TEMPLATE,
        default="V-{id}",
        placeholders=("id",),
        group="IDs and names",
        requirement="servicetitan §8",
    ),
    Setting(
        "bill_number",
        "Bill number",
        "How the number of a bill is made. A vendor's bill entered by hand under the same number is found and linked, not entered twice.",
        SettingKind.TEMPLATE,
        default="{referenceNumber}",
        placeholders=("referenceNumber", "vendorNumber", "id"),
        group="IDs and names",
        requirement="servicetitan §11.3",
    ),
    Setting(
        "invoice_number",
        "Invoice number",
        "How the number of an invoice is made.",
        SettingKind.TEMPLATE,
        default="{referenceNumber}",
        placeholders=("referenceNumber", "id"),
        group="IDs and names",
        requirement="servicetitan §11.3",
    ),
    Setting(
        "record_url",
        "Address of a document in ServiceTitan",
        "Stands in the description of every document, so that an auditor can walk back. ServiceTitan does not tell addresses; open a "
        "document there and compare.",
        SettingKind.TEMPLATE,
        default="https://go.servicetitan.com/#/{page}/Index/{id}",
        placeholders=("page", "id"),
        group="IDs and names",
        requirement="servicetitan §11.3",
    ),
)

_ACCOUNTS: tuple[Setting, ...] = (
    _switch(
        "accounts_match",
        "Account numbers are the same in both systems",
        "An account of ServiceTitan that the table of accounts does not name is taken as it is. While this is off, it waits for its row.",
        group="Accounts",
        source="servicetitan §11.5",
    ),
    Setting(
        "bill_account",
        "Account of a bill's line",
        "Which of an item's accounts a bill is entered on; where that is missing, the next one counts.",
        SettingKind.CHOICE,
        default="cost",
        choices=(("cost", "Cost of sale"), ("asset", "Asset"), ("general", "General ledger")),
        group="Accounts",
        requirement="servicetitan §8",
    ),
    Setting(
        "currency",
        "Currency",
        "The currency of payments whose business unit names none.",
        default="USD",
        group="Accounts",
        requirement="intacct-xml §3D",
    ),
    _text("bill_tax_account", "Account of tax on bills", "The account that tax on a bill is entered on.", source="servicetitan §11.3"),
    _text("bill_shipping_account", "Account of freight", "The account that shipping on a bill is entered on.", source="servicetitan §11.3"),
    _text(
        "sales_tax_account", "Account of sales tax", "The account that sales tax on an invoice is entered on.", source="servicetitan §11.3"
    ),
    _text(
        "advance_account",
        "Account of advances",
        "The account that a payment applied to nothing is entered on.",
        source="servicetitan §11.3",
    ),
    _text(
        "vendor_credit_account", "Account of vendor credits", "A vendor credit names no account, so this one is.", source="servicetitan §8"
    ),
)

DOCUMENT_SETTINGS: tuple[Setting, ...] = (*_KINDS, *_POSTING, *_NUMBERS, *_ACCOUNTS)
"""The settings of documents."""

__all__ = ["DOCUMENT_SETTINGS"]
