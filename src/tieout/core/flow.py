"""A flow as data: which kinds are kept in step, how fields map, who owns them and when they move.

Left is the platform, right is the books. A flow holds pure functions over a `View`; it performs nothing.

A document is a flow whose record has lines. It declares a `LineMap`: where the lines stand on the right, how the left's
lines are read, each with a stable id, and how the fields of one line follow, as field maps whose rules read the view of
that line (`view.document` is the view of the document). References inside lines block and resolve like those of the
header, and may name any kind that a flow links. A field whose right value is no field of the right record but follows
from the link (its id, its number, its state) has a `right_read`, and goes left only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tieout.core.control import Control
from tieout.core.record import EMPTY, Fields, Line, Record, Ref, Value, fingerprint
from tieout.core.view import Lookup, MissingError, Side, View

Settings = Mapping[str, Any]
APPROVALS = "approvals"  # the setting that names the flows whose writes wait for an approval


class Direction(StrEnum):
    """Which side a flow may write to."""

    EXPORT = "export"  # left to right
    IMPORT = "import"  # right to left
    TWO_WAY = "two-way"
    LINK_ONLY = "link only"


class Drift(StrEnum):
    """What a one-way flow does about an edit on the side it writes to.

    REPORT shows the difference and leaves it alone until the owner next changes the field; RESTORE writes the
    owner's value again.
    """

    REPORT = "report"
    RESTORE = "restore"


class Owner(StrEnum):
    """Whose value stands when both sides changed a field to different values."""

    LEFT = "left"
    RIGHT = "right"
    NEWEST = "newest"
    ASK = "ask"


class When(StrEnum):
    """When a field is written."""

    ALWAYS = "always"
    CREATE_ONLY = "create only"
    MAKING = "making"  # given to the call that makes the record; one that exists already has no use for it


_ALWAYS = When.ALWAYS  # asked for every field of every record, and looking a member up in its class is slow


Read = Callable[[View], Value]
Convert = Callable[[Value, View], Value]


def same(value: Value, view: View) -> Value:
    """The value as it is."""
    return value


def linked(value: Value, view: View) -> Value:
    """A reference as the other side names it."""
    return view.counterpart(value) if isinstance(value, Ref) else None


def member(name: str) -> Read:
    """A rule that reads one field as it is."""
    return lambda view: view.record.fields.get(name)


def own_id(view: View) -> Value:
    """The record's own id; read on the right it is what a platform keeps to find the document again."""
    return view.record.id or None


def own_key(view: View) -> Value:
    """The record's natural key, such as its number."""
    return view.record.natural_key or None


@dataclass(frozen=True, slots=True)
class FieldMap:
    """How one field of the right side follows from the left, and back.

    Attributes:
        right: the field's name on the right; the pair of values is kept under it.
        label: what people call the field, in lower case; by default its name on the right.
        left: the left value, in the left's own terms; it is the left half of the base.
        to_right: the right's value for a left value.
        to_left: the left's value for a right value; None where the field never goes back.
        left_name: the field's name on the left, where a value can be written to it.
        right_read: the right value, where it is no field that could be written there; such a field goes left only.
        direction: where it is not the flow's.
        members: the value is a set of references, merged member by member; no conversion is needed then.
        owner: whose value stands, or how that follows from the settings.
        only_if: the setting without which the field is not mapped at all.
        updates_if: the setting without which the field is written on create only.
    """

    right: str
    left: Read
    to_right: Convert = same
    to_left: Convert | None = None
    left_name: str = ""
    owner: Owner | Callable[[Settings], Owner] = Owner.LEFT
    when: When = When.ALWAYS
    only_if: str = ""
    updates_if: str = ""
    label: str = ""
    right_read: Read | None = None
    direction: Direction | None = None
    members: bool = False

    @property
    def shown(self) -> str:
        """What people call the field."""
        return self.label or self.right

    def on_the_right(self, view: View) -> Value:
        """The value as the right has it."""
        return view.record.fields.get(self.right) if self.right_read is None else self.right_read(view)

    def goes_left(self, direction: Direction) -> bool:
        """Whether a value of the right can be written to the left, in a flow of this direction."""
        way = self.direction or direction
        return (self.to_left is not None or self.members) and bool(self.left_name) and way in (Direction.IMPORT, Direction.TWO_WAY)

    def owner_by(self, settings: Settings) -> Owner:
        """Whose value stands under these settings."""
        return self.owner if isinstance(self.owner, Owner) else self.owner(settings)

    def is_mapped(self, settings: Mapping[str, Any]) -> bool:
        """Whether the field takes part at all under these settings."""
        return not self.only_if or bool(settings.get(self.only_if))

    def is_kept(self, settings: Mapping[str, Any]) -> bool:
        """Whether later changes of the field are carried, not only its first value."""
        return self.when is _ALWAYS and (not self.updates_if or bool(settings.get(self.updates_if)))


@dataclass(frozen=True, slots=True)
class LineMap:
    """How the lines of a document follow from the left's.

    A line is known by the id its own system gives it, never by its place. Lines on the right that are not ours are left
    alone; what is ours is changed, added and taken out with the left's line.

    Attributes:
        right: the field that holds the lines on the right.
        left: our lines, each with an id that stays while the line does.
        fields: of one line; their rules read the line's view.
        removes: whether a line that is gone on the left is taken out on the right; else a person is told.
    """

    right: str
    left: Callable[[View], Iterable[Line]]
    fields: tuple[FieldMap, ...]
    label: str = "lines"
    only_if: str = ""
    removes: bool = True


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a record takes no part in a flow; `text` is a sentence a person reads.

    `until_needed` says that the record takes part all the same as soon as another record needs it; `until` is when time
    alone may change the answer. `lasting` says that it never goes by itself, so that what waits for it is told at once.
    """

    code: str
    text: str
    until_needed: bool = False
    until: datetime | None = None
    lasting: bool = False


def included(view: View) -> Exclusion | None:
    """Nothing is excluded."""
    return None


@dataclass(frozen=True, slots=True)
class Gone:
    """What becomes of a record whose counterpart was deleted. By itself nothing: the link is closed, the record stays.

    Attributes:
        sets: the fields to set on the one that stays.
        deletes: the one that stays is deleted too; in the books only where an article says so.
        brings_back: the deleted one is made again from the one that stays, not before `not_before`.
        asks: a person is told, and may ask for the deleted one to be made again.
    """

    sets: Fields = field(default_factory=lambda: EMPTY)
    deletes: bool = False
    brings_back: bool = False
    not_before: datetime | None = None
    asks: bool = True


LEFT_ALONE = Gone()
WhenGone = Gone | Callable[[View, datetime], Gone]
"""A rule reads the record that stays, and the moment at which the other was found to be gone."""


@dataclass(frozen=True, slots=True)
class Act:
    """A verb of the vendor's own, such as post, submit, reverse or mark exported, done when a rule says it is due.

    Attributes:
        name: as the adapter of that side knows it.
        due: whether it is to be done now, from the left's and the right's view. It must not be due once it has happened.
        fields: what it is given.
        becomes: the fields of its record it changes, with the values they have afterwards, as far as that is known.
        label: what people call it, as in “to post it”.
        deletes: it takes its record out of its system altogether, and the link is closed; only what never counted may go so.
    """

    name: str
    due: Callable[[View, View], bool]
    fields: Callable[[View, View], Fields] = lambda left, right: EMPTY
    becomes: Fields = field(default_factory=lambda: EMPTY)
    side: Side = Side.RIGHT
    label: str = ""
    deletes: bool = False

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.label or self.name


class WhenLocked(StrEnum):
    """What becomes of a change to a record that its system no longer lets be changed."""

    REPORT = "report"  # a person decides
    ADJUST = "adjust"  # another document carries the difference
    REPLACE = "replace"  # reversed and made anew


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The document that carries the difference to a locked one; references in it are still the right's."""

    kind: str
    fields: Fields
    natural_key: str = ""


def _nowhere(view: View) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Lock:
    """When a right record may no longer be changed, and what then becomes of changes.

    Attributes:
        state: the state that forbids it, in words such as “posted”; empty if it can be changed.
        then: the policy, usually a setting.
        frees: fields that can be changed all the same.
        reversal: how a record is undone before it is made anew.
        adjustment: the document that carries a difference, from both views and the base: what earlier adjustments carried is in
            its left halves, not in the locked record. None if there is no difference that one could carry.
        closed: why the period it stands in takes no changes, in words such as “closed through 2026-03-31”; empty if it is open.
    """

    state: Callable[[View], str]
    then: Callable[[Settings], WhenLocked] = lambda settings: WhenLocked.REPORT
    frees: frozenset[str] = frozenset()
    reversal: Act | None = None
    adjustment: Callable[[View, View, Mapping[str, tuple[Value, Value]]], Adjustment | None] | None = None
    closed: Callable[[View], str] = _nowhere


def _nothing(settings: Settings) -> Mapping[str, str]:
    return EMPTY


@dataclass(frozen=True, slots=True)
class Flow:
    """One kind of record kept in step inside an integration.

    Attributes:
        name: unique within the platform; stored with every link.
        revision: raised whenever a rule changes its meaning, so that links are decided anew.
        natural_key: the right side's natural key of a left record; it finds an existing counterpart.
        left_key: by what an existing left record is found for a right one (`System.find`); empty looks for none.
        direction: which side is written to, or how that follows from the settings.
        entity: the entity a new right record is made in.
        excluded, excluded_right: why a left or a right record takes no part, if so.
        refers_to: the left kinds whose counterparts this flow's records need first.
        shown_as, shown_as_right: how people recognise a left record, and one that so far is on the right only.
        only_if: the settings that must all be on for the flow to run.
        lines: the lines of a document.
        when_left_is_gone, when_right_is_gone: what becomes of the record that stays.
        acts: the vendors' own verbs, in the order in which they are done.
        lock: when a right record can no longer be changed.
        approval: why a step needs a person's approval before it is taken; empty if it needs none. The view is that of the
            record the step follows from.
        judges_age: its own rules say which records older than the switch-on take part.
        set_up: what must be set up by name on the right, such as a template of documents, and how ("" for any way); the
            preflight looks for it.
        control: what a document adds to control totals; None for what is no document with an amount.
        succeeds: a right record that was made anew under the same natural key takes over the link of its predecessor.
    """

    name: str
    label: str
    left_kind: str
    right_kind: str
    natural_key: Callable[[View], str]
    fields: tuple[FieldMap, ...]
    shown_as: Callable[[Record], str]
    direction: Direction | Callable[[Settings], Direction] = Direction.EXPORT
    drift: Drift = Drift.REPORT
    entity: Callable[[View], str] = _nowhere
    excluded: Callable[[View], Exclusion | None] = included
    refers_to: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    when_left_is_gone: WhenGone = LEFT_ALONE
    revision: int = 1
    left_key: Callable[[View], str] = _nowhere
    excluded_right: Callable[[View], Exclusion | None] = included
    shown_as_right: Callable[[Record], str] = lambda record: f"{record.kind} {record.natural_key or record.id}"
    lines: tuple[LineMap, ...] = ()
    when_right_is_gone: WhenGone = LEFT_ALONE
    acts: tuple[Act, ...] = ()
    lock: Lock | None = None
    approval: Callable[[View, Any], str] | None = None
    succeeds: bool = False
    judges_age: bool = False
    set_up: Callable[[Settings], Mapping[str, str]] = _nothing
    control: Control | None = None
    labels: Mapping[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """What people call its fields, by their names on either side."""
        lefts = {each.left_name: each.shown for each in self.fields if each.left_name}
        rights = {each.right: each.shown for each in self.fields} | {each.right: each.label for each in self.lines}
        object.__setattr__(self, "labels", lefts | rights)

    def shown_fields(self, names: Iterable[str]) -> str:
        """What people call these fields of the right or of the left, listed."""
        return ", ".join(sorted([self.labels.get(name, name) for name in names]))

    def is_on(self, settings: Settings) -> bool:
        """Whether the settings let this flow run."""
        return not self.only_if or all(settings.get(name) for name in self.only_if)

    def way(self, settings: Settings) -> Direction:
        """Which side is written to under these settings."""
        return self.direction if isinstance(self.direction, Direction) else self.direction(settings)

    def takes_right_born(self, settings: Settings) -> bool:
        """Whether a record that exists on the right only gets a counterpart on the left."""
        return self.is_on(settings) and self.way(settings) in (Direction.IMPORT, Direction.TWO_WAY)

    def waits_by_setting(self, settings: Settings) -> bool:
        """Whether everything this flow would write waits for an approval, because a person chose so."""
        chosen = settings.get(APPROVALS)
        return bool(chosen) and self.name in str(chosen).split(", ")

    def rules_fingerprint(self, settings: Settings, facts: str = "") -> str:
        """Changes whenever the rules, or the settings and tables they read, may decide differently."""
        return fingerprint([self.name, self.revision, dict(settings), facts])


class CycleError(ValueError):
    """Flows that wait for each other in a circle; the text names them."""


def layers(flows: tuple[Flow, ...]) -> list[list[Flow]]:
    """The flows in dependency order: every flow comes after those whose kinds it refers to.

    Raises CycleError if there is no such order.
    """
    kinds = {flow.left_kind for flow in flows}
    left = list(flows)
    done: set[str] = set()
    order: list[list[Flow]] = []
    while left:
        ready = [f for f in left if all(kind in done or kind not in kinds or kind == f.left_kind for kind in f.refers_to)]
        if not ready:
            raise CycleError(f"These flows wait for each other: {', '.join(f.name for f in left)}.")
        order.append(ready)
        left = [flow for flow in left if flow not in ready]
        done |= {flow.left_kind for flow in ready} - {flow.left_kind for flow in left}
    return order


__all__ = [
    "APPROVALS",
    "LEFT_ALONE",
    "Act",
    "Adjustment",
    "Convert",
    "CycleError",
    "Direction",
    "Drift",
    "Exclusion",
    "FieldMap",
    "Flow",
    "Gone",
    "LineMap",
    "Lock",
    "Lookup",
    "MissingError",
    "Owner",
    "Read",
    "Settings",
    "Side",
    "View",
    "When",
    "WhenGone",
    "WhenLocked",
    "included",
    "layers",
    "linked",
    "member",
    "own_id",
    "own_key",
    "same",
]


def set_up(flows: Iterable[Flow], settings: Settings) -> dict[str, str]:
    """What the flows that are on need to be set up by name on the right, and how; a way that is said stands over any way."""
    found: dict[str, str] = {}
    for flow in flows:
        if flow.is_on(settings):
            found |= {name: way or found.get(name, "") for name, way in flow.set_up(settings).items()}
    return found
