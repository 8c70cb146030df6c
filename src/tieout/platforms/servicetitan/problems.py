"""What a person must do about a document before it can go, beyond what the systems themselves refuse."""

from __future__ import annotations

from tieout.core.ports import Actor, FaultCase

CLOSED_PERIOD = FaultCase(
    "servicetitan.closed-period",
    "The document is dated in a closed period.",
    "Allow it into the period, open the period and move “Books closed through”, or choose another policy in the settings.",
    Actor.ACCOUNTANT,
)
LINES_DIFFER = FaultCase(
    "servicetitan.lines-differ",
    "The lines of a document do not add up to its total.",
    "Compare the document in ServiceTitan with its total there; correct it there, or enter it by hand and skip it here.",
    Actor.ACCOUNTANT,
)
NO_ACCOUNT = FaultCase(
    "servicetitan.no-account",
    "A line of a document names no account.",
    "Give the item an account in ServiceTitan's pricebook or in the table of items, or name the account in the settings.",
    Actor.ACCOUNTANT,
)
NO_DATE = FaultCase(
    "servicetitan.no-date",
    "A document has no date.",
    "Enter its date in ServiceTitan.",
    Actor.ACCOUNTANT,
)
NO_INVOICE = FaultCase(
    "servicetitan.applied-elsewhere",
    "A payment is applied to something that is not in the books.",
    "Export what it is applied to first, or enter the payment by hand and skip it here.",
    Actor.ACCOUNTANT,
)

PARENTS_OFF = FaultCase(
    "servicetitan.parent-mapping-off",
    "A document belongs to a ServiceTitan project, and projects do not go.",
    "Turn on “Enable Parent Project Mapping”, or give the document a job in ServiceTitan.",
    Actor.ADMINISTRATOR,
)

NOT_ADJUSTABLE = FaultCase(
    "servicetitan.not-adjustable",
    "A posted document changed in a way that no adjustment can carry.",
    "Undo the change in ServiceTitan, or choose that changed documents are reversed and posted anew.",
    Actor.ACCOUNTANT,
)

REOPENED = FaultCase(
    "servicetitan.reopened",
    "A document was taken back to pending in ServiceTitan after it went to Sage Intacct.",
    "Post it again in ServiceTitan, or void it there; until then nothing is changed in Sage Intacct.",
    Actor.ACCOUNTANT,
)

VOIDED = FaultCase(
    "servicetitan.voided",
    "A document was voided in ServiceTitan after it went to Sage Intacct.",
    "Reverse it in Sage Intacct, or delete its draft there; or choose in the settings what becomes of voided documents.",
    Actor.ACCOUNTANT,
)

PROBLEMS: tuple[FaultCase, ...] = (
    *(CLOSED_PERIOD, LINES_DIFFER, NO_ACCOUNT, NO_DATE, NO_INVOICE),
    *(PARENTS_OFF, NOT_ADJUSTABLE, REOPENED, VOIDED),
)
"""Every one of them."""
