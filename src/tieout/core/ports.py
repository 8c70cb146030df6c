"""The port through which the engine reaches every system: five calls, the same for all.

An adapter implements `System` for one connection. It raises only `Fault`; anything it learns about the effect
of a write comes back as an `Outcome`, because an exception could not say which of a batch was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from tieout.core.record import EMPTY, Fields, Record, Ref
from tieout.core.values import valueclass


class Actor(StrEnum):
    """Who can cure a fault."""

    NOBODY = "nobody"  # waiting cures it; the engine goes on by itself
    ADMINISTRATOR = "administrator"  # credentials, permissions, settings of either system
    ACCOUNTANT = "accountant"  # the figures, a closed period, a missing dimension
    DEVELOPER = "developer"  # a request of ours that the system cannot read


class Scope(StrEnum):
    """How much a fault holds up."""

    RECORD = "record"
    KIND = "kind"  # for example a missing permission on one object
    CONNECTION = "connection"


class Sign(StrEnum):
    """What a fault tells the engine beyond its effect."""

    NONE = "none"
    KEY_TAKEN = "key taken"  # the natural key belongs to a record that exists
    CALL_REPEATED = "call repeated"  # the idempotency key was used before
    HELD_BACK = "held back"  # our own pacing held the call back; nothing is wrong with the system
    TARGET_GONE = "target gone"  # the record to change is no longer there


class Effect(StrEnum):
    """What is known about the effect of one write."""

    NOT_SENT = "not sent"  # surely without effect; the same key may be sent again
    DONE = "done"
    REFUSED = "refused"  # surely without effect; the fault says who acts
    UNKNOWN = "unknown"  # may or may not have had an effect; must be probed


@dataclass(frozen=True, slots=True)
class FaultCase:
    """One row of an adapter's fault table.

    Attributes:
        code: stable, lower-case, dotted; starts with the adapter's name for its own cases.
        cause: one sentence in plain words, without a final record name.
        next_step: one sentence that says what to do next.
        authentication: the connection's state becomes "auth failed" instead of "degraded".
        sign: what the engine must conclude beyond that.
    """

    code: str
    cause: str
    next_step: str
    actor: Actor
    scope: Scope = Scope.RECORD
    authentication: bool = False
    sign: Sign = Sign.NONE


class Fault(Exception):  # noqa: N818 - the domain's word
    """Something a system, or the way to it, refused or failed to do.

    Attributes:
        case: the row of the fault table.
        detail: the system's own words, cut to 500 characters, without secrets or request bodies.
        effect: what is known about the effect of the call that failed.
        retry_after: seconds the system asked to wait, if it did.
    """

    def __init__(self, case: FaultCase, detail: str = "", *, effect: Effect = Effect.NOT_SENT, retry_after: float | None = None) -> None:
        super().__init__(case.code)
        self.case = case
        self.detail = detail[:500]
        self.effect = effect
        self.retry_after = retry_after

    def __str__(self) -> str:
        said = f" ({self.detail})" if self.detail else ""
        return f"{self.case.cause}{said} {self.case.next_step}"


class Verb(StrEnum):
    """What a write does to its record."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ACT = "act"


@valueclass(frozen=True, slots=True)
class Write:
    """One remote call to make, complete: an adapter needs nothing else to send or to probe it.

    Attributes:
        key: the idempotency key; equal keys carry equal content for ever.
        kind: the kind on the system written to.
        fields: for a create, all fields; for an update, only those that change. A reference is already text: in the books
            the natural key of its target, on a platform its id. None clears the field. Of lines: all that are ours, as they
            shall be; one whose id begins with `NEW_LINE` is to be added, one that is expected and not named is to be taken out.
        entity: the entity in whose scope the call is made; "" is the top level.
        target: the system's own id; None for a create.
        natural_key: the natural key of the record to be created or updated, if its kind has one.
        expected: for update and delete, the values of the same fields as last read (the pre-image); of lines, those that are
            ours.
        action: the vendor's verb, for `Verb.ACT`.
    """

    key: str
    verb: Verb
    kind: str
    fields: Fields
    entity: str = ""
    target: str | None = None
    natural_key: str = ""
    expected: Fields = field(default_factory=dict)
    action: str = ""


@valueclass(frozen=True, slots=True)
class Outcome:
    """What is known about one write after its call. `id` and `natural_key` are given when it is done.

    Attributes:
        lines: the stable ids of the document's lines, in the order in which they were written, where the write had lines
            and the adapter knows them; empty otherwise.
        touched: further records of the same system that the call changed, made anew or removed by itself; one whose natural
            key alone is known has the id `BY_KEY` and that key.
    """

    effect: Effect
    id: str = ""
    natural_key: str = ""
    fault: Fault | None = None
    lines: tuple[str, ...] = ()
    touched: tuple[Ref, ...] = ()


class Trace(StrEnum):
    """What a probe found of a write whose outcome was unknown."""

    EQUAL = "equal"  # the target state is there
    ABSENT = "absent"  # nothing of it is there; an update or delete still shows its pre-image
    OTHER = "other"  # something is there that is neither target nor pre-image
    NO_HANDLE = "no handle"  # the kind has neither key nor mark; a person decides


@valueclass(frozen=True, slots=True)
class Probe:
    """The answer to one probe; `record` is what was found, if anything.

    `enforced` says that the system itself keeps the probed key unique, so an absent create may be resent at once.
    """

    trace: Trace
    record: Record | None = None
    enforced: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of changes.

    Attributes:
        records: full records in normal form, as read at `read_at`.
        cursor: where to go on; opaque JSON data, durable only after the records are.
        more: another page is ready now.
        read_at: when the request was made, by the reading clock; a record may be newer than this, never older.
    """

    records: Sequence[Record]
    cursor: Mapping[str, Any]
    more: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the preflight doctor: what was looked at, whether it is well, and the cure if not."""

    name: str
    ok: bool
    detail: str
    cure: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What an adapter has used since it was built: HTTP requests, and transactions as its system bills them."""

    requests: int = 0
    transactions: int = 0


class System(Protocol):
    """One connection to one account of one system. Every call has a deadline and raises only `Fault`."""

    def usage(self) -> Usage:
        """What this adapter has used so far."""
        ...

    def editor(self) -> str:
        """How this connection's own user appears in `Record.modified_by`; empty if the system does not say."""
        ...

    def changes(self, kind: str, cursor: Mapping[str, Any] | None) -> Page:
        """The next page of records of `kind` that changed since `cursor`; None reads from the beginning.

        Never skips a record; may repeat one.
        """
        ...

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Record]:
        """The records as they are now. A record that is not there is left out."""
        ...

    def find(self, kind: str, natural_keys: Sequence[str], entity: str = "") -> Mapping[str, Record]:
        """Records by natural key; one that is not there is left out. For adoption of what already exists."""
        ...

    def keeps_unique(self, kind: str) -> bool:
        """Whether the system itself refuses a second record of this kind with the same natural key (`Sign.KEY_TAKEN`)."""
        ...

    def write(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        """Send writes of one kind, verb and entity (at most 100) and say what is known of each, in order."""
        ...

    def probe(self, writes: Sequence[Write]) -> Sequence[Probe]:
        """Look for the traces of writes whose outcome is unknown, in order."""
        ...

    def check(self, kinds: Sequence[str] = (), writes: Sequence[str] = (), set_up: Mapping[str, str] = EMPTY) -> Sequence[Check]:
        """The preflight doctor's lines for this connection, the first failing cause first.

        `kinds` are those that the work needs; without them all known ones are looked at. `writes` are those that are
        surely written: a missing right to write one of them fails. `set_up` is what must be set up there by name, such as
        templates of documents, each with how it must be set ("" for any way).
        """
        ...

    def close(self) -> None:
        """Release connections; the object is not used afterwards."""
        ...
