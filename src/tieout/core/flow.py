"""A flow as data: which kinds are kept in step, how fields map, who owns them and when they move.

Left is the platform, right is the books. A flow holds pure functions over a `View`; it performs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tieout.core.record import Fields, Record, Ref, Value, fingerprint


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


_ALWAYS = When.ALWAYS  # asked for every field of every record, and looking a member up in its class is slow


class Lookup(StrEnum):
    """What a rule lacked."""

    RECORD = "record"  # the record itself, on its own side
    COUNTERPART = "counterpart"  # its partner on the other side


class MissingError(Exception):
    """A rule needs something about a record that the case does not hold."""

    def __init__(self, ref: Ref, lookup: Lookup) -> None:
        super().__init__(f"{lookup} of {ref}")
        self.ref = ref
        self.lookup = lookup


@dataclass(frozen=True, slots=True)
class View:
    """All that a rule may look at.

    Attributes:
        record: the record of the side the rule reads.
        settings: every setting of the integration, defaults included.
        related: records of the same side, by reference.
        counterparts: for references of the same side, the linked record of the other side.
    """

    record: Record
    settings: Mapping[str, Any]
    related: Mapping[Ref, Record] = field(default_factory=dict)
    counterparts: Mapping[Ref, Ref] = field(default_factory=dict)

    def get(self, name: str) -> Value:
        """A field of the record; a field it does not have is None."""
        return self.record.fields.get(name)

    def text(self, name: str) -> str:
        """A field of the record as text; an absent one is empty."""
        value = self.get(name)
        return "" if value is None else str(value)

    def ref(self, name: str) -> Ref | None:
        """A reference field of the record."""
        value = self.get(name)
        return value if isinstance(value, Ref) else None

    def look(self, ref: Ref) -> Record:
        """The record a reference names. Raises MissingError if the case does not hold it."""
        record = self.related.get(ref)
        if record is None:
            raise MissingError(ref, Lookup.RECORD)
        return record

    def counterpart(self, ref: Ref) -> Ref:
        """The linked record of the other side. Raises MissingError if there is none yet."""
        other = self.counterparts.get(ref)
        if other is None:
            raise MissingError(ref, Lookup.COUNTERPART)
        return other


Read = Callable[[View], Value]
Convert = Callable[[Value, View], Value]


def same(value: Value, view: View) -> Value:
    """The value as it is."""
    return value


def linked(value: Value, view: View) -> Value:
    """A reference as the other side names it."""
    return view.counterpart(value) if isinstance(value, Ref) else None


@dataclass(frozen=True, slots=True)
class FieldMap:
    """How one field of the right side follows from the left, and back.

    Attributes:
        right: the field's name on the right.
        label: what people call the field, in lower case; by default its name on the right.
        left: the left value, in the left's own terms; it is the left half of the base.
        to_right: the right's value for a left value.
        to_left: the left's value for a right value; None where the field never goes back.
        left_name: the field's name on the left, where a value can be written to it.
        only_if: the setting without which the field is not mapped at all.
        updates_if: the setting without which the field is written on create only.
    """

    right: str
    left: Read
    to_right: Convert = same
    to_left: Convert | None = None
    left_name: str = ""
    owner: Owner = Owner.LEFT
    when: When = When.ALWAYS
    only_if: str = ""
    updates_if: str = ""
    label: str = ""

    @property
    def shown(self) -> str:
        """What people call the field."""
        return self.label or self.right

    def is_mapped(self, settings: Mapping[str, Any]) -> bool:
        """Whether the field takes part at all under these settings."""
        return not self.only_if or bool(settings.get(self.only_if))

    def is_kept(self, settings: Mapping[str, Any]) -> bool:
        """Whether later changes of the field are carried, not only its first value."""
        return self.when is _ALWAYS and (not self.updates_if or bool(settings.get(self.updates_if)))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a record takes no part in a flow; `text` is a sentence a person reads.

    `until_needed` says that the record takes part all the same as soon as another record needs it.
    """

    code: str
    text: str
    until_needed: bool = False


def included(view: View) -> Exclusion | None:
    """Nothing is excluded."""
    return None


@dataclass(frozen=True, slots=True)
class Flow:
    """One kind of record kept in step inside an integration.

    Attributes:
        name: unique within the platform; stored with every link.
        revision: raised whenever a rule changes its meaning, so that links are decided anew.
        natural_key: the right side's natural key of a left record; it finds an existing counterpart.
        entity: the entity a new right record is made in.
        excluded: why a left record takes no part, if so.
        refers_to: the left kinds whose counterparts this flow's records need first.
        shown_as: how people recognise a left record.
        only_if: the settings that must all be on for the flow to run.
        when_left_is_gone: the right fields to set when the left record was deleted; empty leaves it alone.
    """

    name: str
    label: str
    left_kind: str
    right_kind: str
    natural_key: Callable[[View], str]
    fields: tuple[FieldMap, ...]
    shown_as: Callable[[Record], str]
    direction: Direction = Direction.EXPORT
    drift: Drift = Drift.REPORT
    entity: Callable[[View], str] = lambda view: ""
    excluded: Callable[[View], Exclusion | None] = included
    refers_to: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    when_left_is_gone: Fields = field(default_factory=dict)
    revision: int = 1

    def shown_fields(self, names: Iterable[str]) -> str:
        """What people call these fields of the right or of the left, listed."""
        labels = {name: name for name in names}
        for field_map in self.fields:
            for name in (field_map.left_name, field_map.right):
                if name in labels:
                    labels[name] = field_map.shown
        return ", ".join(sorted(labels.values()))

    def is_on(self, settings: Mapping[str, Any]) -> bool:
        """Whether the settings let this flow run."""
        return all(settings.get(name) for name in self.only_if)

    def rules_fingerprint(self, settings: Mapping[str, Any]) -> str:
        """Changes whenever the rules or the settings they read may decide differently."""
        return fingerprint([self.name, self.revision, dict(settings)])


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
