"""The problems the engine itself can raise; each adapter has a fault table of its own for what its system says."""

from __future__ import annotations

from tieout.core.ports import Actor, FaultCase, Scope

COLLISION = FaultCase(
    "link.collision",
    "The ID this record would get is already used by another record.",
    "Change the ID template in the settings, or the number of one of the two, and sync again.",
    Actor.ADMINISTRATOR,
)
DELETED_RIGHT = FaultCase(
    "link.deleted-right",
    "The linked record was deleted on the other side.",
    "Sync the record on request to create it again, or leave it as it is.",
    Actor.ACCOUNTANT,
)
DELETED_LEFT = FaultCase(
    "link.deleted-left",
    "The linked record was deleted on the platform.",
    "Sync the record on request to create it there again, or leave it as it is.",
    Actor.ACCOUNTANT,
)
CLOSED = FaultCase(
    "link.closed",
    "The record was in step before, but its link was closed.",
    "Sync the record on request to link it again.",
    Actor.ACCOUNTANT,
)
MISSING_COUNTERPART = FaultCase(
    "link.missing",
    "There is no record on the other side to link this one to.",
    "Create it there, or link it by hand.",
    Actor.ACCOUNTANT,
)
CONFLICT = FaultCase(
    "field.conflict",
    "A field was changed on both sides to different values.",
    "Choose the value that stands.",
    Actor.ACCOUNTANT,
)
LOCKED = FaultCase(
    "record.locked",
    "A record was changed here, but its counterpart can no longer be changed.",
    "Say whether it is to be reversed and made anew, adjusted by another document, or left as it is.",
    Actor.ACCOUNTANT,
)
LINE_STAYS = FaultCase(
    "line.stays",
    "A line was taken out here, but its document does not let a line go.",
    "Clear the line there by hand, or put it back here.",
    Actor.ACCOUNTANT,
)
UNMAPPED = FaultCase(
    "mapping.unmatched",
    "A mapping table has no row for a value.",
    "Add a row to the table, or one with * that matches everything; what waits goes by itself then.",
    Actor.ACCOUNTANT,
)
CYCLE = FaultCase(
    "record.cycle",
    "Records wait for each other in a circle.",
    "Take one of the references out, so that one of them can go first.",
    Actor.ADMINISTRATOR,
)
ALTERNATES = FaultCase(
    "field.alternates",
    "A field was written back and forth between the same values; its record is left alone for an hour.",
    "Find what else changes the field, on the platform, in the books or in a third system, and let only one of them do it.",
    Actor.ADMINISTRATOR,
)
WAITS = FaultCase(
    "record.waits",
    "A record has waited too long for another one, or waits for one that does not go by itself.",
    "See to what it waits for, or link that by hand; it goes by itself then. Or skip it with the reason.",
    Actor.ACCOUNTANT,
)
NOT_FOUND = FaultCase(
    "record.not-found",
    "A record that others refer to does not exist in its own system.",
    "Check whether it was deleted there, and correct the records that refer to it.",
    Actor.ADMINISTRATOR,
)
OUTCOME_UNCLEAR = FaultCase(
    "write.unclear",
    "A write got no answer, and what is there now is neither what was sent nor what was there before.",
    "Compare the record on both sides; Tieout decides anew from what it finds.",
    Actor.ACCOUNTANT,
)
NO_HANDLE = FaultCase(
    "write.no-handle",
    "A write got no answer, and this kind of record has nothing by which it could be found again.",
    "Look whether the record is there, then resolve the problem as done or not done.",
    Actor.ACCOUNTANT,
)
REPEATEDLY_LOST = FaultCase(
    "write.lost",
    "A write was sent again under a new key and still left no trace.",
    "Check in the other system whether something removes it; then sync the record again.",
    Actor.ADMINISTRATOR,
)
RULE_FAILED = FaultCase(
    "rule.failed",
    "A rule failed on this record.",
    "Send the support bundle to the maintainers; other records are not held up.",
    Actor.DEVELOPER,
)
UNSAFE_PAIR = FaultCase(
    "connection.unsafe-pair",
    "A test system must not write to production books.",
    "Connect a test company, or the production account of the platform.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
NOT_CONFIGURED = FaultCase(
    "connection.not-configured",
    "The connection lacks a value it needs.",
    "Enter it with “tieout connect” or on the connection's page.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
OVER_BUDGET = FaultCase(
    "budget.over",
    "At this rate the month will cost more API transactions than it includes.",
    "Let webhooks tell of changes, raise the pause between polls, or enter the allowance of a larger tier with “tieout connect”. "
    "Until then asking for changes is slowed by itself; changes are still sent.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
FROZEN = FaultCase(
    "company.frozen",
    "The company is frozen, so nothing is written to it or from it.",
    "Lift the freeze with “tieout unfreeze” or on the page “Plan”; what waits goes by itself then.",
    Actor.NOBODY,
)

ALL: dict[str, FaultCase] = {
    case.code: case
    for case in (
        COLLISION,
        DELETED_RIGHT,
        DELETED_LEFT,
        CLOSED,
        LOCKED,
        LINE_STAYS,
        UNMAPPED,
        CYCLE,
        ALTERNATES,
        MISSING_COUNTERPART,
        CONFLICT,
        NOT_FOUND,
        WAITS,
        OUTCOME_UNCLEAR,
        NO_HANDLE,
        REPEATEDLY_LOST,
        RULE_FAILED,
        UNSAFE_PAIR,
        NOT_CONFIGURED,
        OVER_BUDGET,
        FROZEN,
    )
}
