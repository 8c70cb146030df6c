"""The words of the pages: what states, reasons and events are called, and which colour says how urgent they are."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.core.platform import Platform
from tieout.core.ports import Actor
from tieout.core.settings import SettingKind
from tieout.engine.plan_list import Tab
from tieout.engine.queue_list import QueueState
from tieout.platforms.registry import UnknownSystemError, names, vendor
from tieout.store.models import BatchState, ConnectionState, Going, Hold, Level, PlanState


@dataclass(frozen=True, slots=True)
class Word:
    """A name to show, its tone (good, note, warn, bad or plain) and the icon that says the same without colour."""

    text: str
    tone: str
    icon: str


CONNECTION: dict[str, Word] = {
    ConnectionState.CONNECTED: Word("Connected", "good", "check_circle"),
    ConnectionState.DEGRADED: Word("Not answering as it should", "warn", "warning"),
    ConnectionState.AUTH_FAILED: Word("Sign-in failed", "bad", "error"),
    ConnectionState.NOT_CONFIGURED: Word("Not configured", "plain", "pending"),
}
QUEUE: dict[str, Word] = {
    QueueState.NEEDS_A_PERSON: Word("Needs a person", "bad", "person_alert"),
    QueueState.UNKNOWN: Word("Outcome unknown", "warn", "help"),
    QueueState.PAUSED: Word("Paused", "warn", "pause_circle"),
    QueueState.SENDING: Word("Being sent", "note", "send"),
    QueueState.IN_WORK: Word("Being compared", "note", "sync"),
    QueueState.WAITING: Word("Waiting for another record", "plain", "hourglass_top"),
    QueueState.RETRYING: Word("Trying again", "plain", "replay"),
    QueueState.QUEUED: Word("Queued", "plain", "schedule"),
    QueueState.SKIPPED: Word("Skipped", "plain", "do_not_disturb_on"),
}
TAB: dict[str, str] = {
    Tab.WAITING: "Waits for a person",
    Tab.FROZEN: "Frozen",
    Tab.GOING: "Goes by itself",
    Tab.DONE: "Done",
    Tab.ENDED: "Ended",
}
PLAN: dict[str, Word] = {
    PlanState.PLANNED: Word("Planned", "plain", "schedule"),
    PlanState.RELEASED: Word("Released", "note", "send"),
    PlanState.DONE: Word("Done", "good", "check_circle"),
    PlanState.REPLANNED: Word("Planned anew", "plain", "replay"),
    PlanState.LAPSED: Word("No longer needed", "plain", "block"),
    PlanState.REJECTED: Word("Rejected", "bad", "cancel"),
}
HOLD: dict[str, Word] = {
    Hold.NONE: Word("Goes by itself", "note", "sync"),
    Hold.SWITCH_ON: Word("Waits to be switched on", "warn", "power_settings_new"),
    Hold.BACKFILL: Word("Older than the switch-on", "warn", "history"),
    Hold.APPROVAL: Word("Waits for an approval", "warn", "approval"),
    Hold.MOVED: Word("Changed after its release", "warn", "difference"),
    Hold.FROZEN: Word("Frozen", "note", "ac_unit"),
    Hold.UNDO: Word("Would undo a run", "warn", "undo"),
    Hold.BATCH: Word("Goes with its batch", "note", "outbox"),
}
BATCH: dict[str, Word] = {
    BatchState.MAKING: Word("Being put together", "note", "pending"),
    BatchState.SHOWN: Word("Waits for its release", "warn", "fact_check"),
    BatchState.RELEASED: Word("Under way", "note", "send"),
    BatchState.DONE: Word("Exported", "good", "check_circle"),
    BatchState.DISCARDED: Word("Discarded", "plain", "block"),
}
GOING: dict[str, Word] = {
    Going.GOES: Word("Goes", "note", "schedule"),
    Going.CANNOT: Word("Cannot go", "bad", "error"),
    Going.LEFT_OUT: Word("Left out", "plain", "block"),
    Going.SENT: Word("Released", "note", "send"),
    Going.THERE: Word("In the books", "good", "check_circle"),
}
LEVEL: dict[str, Word] = {
    Level.INFO: Word("Information", "note", "info"),
    Level.WARNING: Word("Someone should look", "warn", "warning"),
    Level.ERROR: Word("Someone must act", "bad", "error"),
}
ACTOR: dict[str, str] = {
    Actor.NOBODY: "Cures itself",
    Actor.ADMINISTRATOR: "Administrator",
    Actor.ACCOUNTANT: "Accountant",
    Actor.DEVELOPER: "Developer",
}
REASON: dict[str, str] = {
    "webhook": "The platform said that it changed",
    "poll": "Found in the regular look for changes",
    "requested": "Requested by a person",
    "effect": "Changed by something Tieout wrote",
    "needed": "Another record needs it",
    "released": "What it waited for is there now, or a person released it",
    "freeze lifted": "The freeze of its company was lifted",
    "ruling": "A person decided something about it",
}


def system_label(name: str) -> str:
    """What people call a system."""
    try:
        return vendor(name).label
    except UnknownSystemError:
        return name


RUN: dict[str, str] = {
    "drain": "Working off the queue",
    "poll": "Looking for changes",
    "plan": "Planning",
    "tie-out": "Tie-out",
    "undo": "Planning an undo",
    "link": "Linking by hand",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting of a connection, as far as a page needs it."""

    name: str
    label: str
    default: str
    is_secret: bool


def connection_schema(system: str) -> tuple[Shown, ...]:
    """The settings of a connection to this system; none if it is no longer known."""
    try:
        schema = vendor(system).connection
    except UnknownSystemError:
        return ()
    return tuple(Shown(s.name, s.label, str(s.default), s.kind is SettingKind.SECRET) for s in schema)


DOCUMENT: dict[str, str] = {
    "APBILL": "AP bill",
    "APADJUSTMENT": "AP adjustment",
    "ARINVOICE": "AR invoice",
    "ARADJUSTMENT": "AR adjustment",
    "ARADVANCE": "AR advance",
    "ARPYMT": "AR payment",
}


def kind_label(kind: str) -> str:
    """What people call a kind of record."""
    return DOCUMENT.get(kind) or kind.replace("_", " ").replace("-", " ").strip().capitalize()


def field_label(name: str, flow: str) -> str:
    """What people call a field that a flow of this name maps."""
    for system in names():
        kind = vendor(system)
        for each in kind.flows if isinstance(kind, Platform) else ():
            if each.name == flow and (shown := each.shown_fields([name])) != name:
                return shown[:1].upper() + shown[1:]
    return name


def reason_label(reason: str) -> str:
    """Why a record was hinted, in words."""
    return REASON.get(reason, kind_label(reason))


def run_label(kind: str) -> str:
    """What a run did, in words."""
    return RUN.get(kind, kind_label(kind))


def event_label(event: str) -> str:
    """What happened, in words."""
    return kind_label(event)
