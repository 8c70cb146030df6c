"""What a rule may look at: one record, what surrounds it, the settings and the facts. A rule performs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tieout.core.record import Line, Record, Ref, Value
from tieout.core.tables import NO_FACTS, Facts, HoldError, UnmappedError
from tieout.core.values import valueclass


class Side(StrEnum):
    """The platform's side, or the books'."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The side across."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Lookup(StrEnum):
    """What a rule lacked."""

    RECORD = "record"  # the record itself, on its own side
    COUNTERPART = "counterpart"  # its partner on the other side


class MissingError(Exception):
    """A rule needs something about a record that the case does not hold."""

    def __init__(self, ref: Ref, lookup: Lookup, side: Side = Side.LEFT) -> None:
        super().__init__(f"{lookup} of {ref}")
        self.ref = ref
        self.lookup = lookup
        self.side = side


@valueclass(frozen=True, slots=True)
class View:
    """All that a rule may look at.

    Attributes:
        record: the record of the side the rule reads; of a line's rule, the line with its document's kind and entity.
        settings: every setting of the integration, defaults included.
        related: records of the same side, by reference.
        counterparts: for references of the same side, the linked record of the other side.
        facts: mapping tables, and what an accountant has confirmed.
        side: the side the record is on.
        now: the moment of the decision; a rule that depends on it says with `Exclusion.until` when it may change its mind.
        document: for a line, the view of its document.
        replaced: how many earlier counterparts were replaced, so that the next may have a number of its own.
        period_allowed: a person allowed this record into a closed period.
    """

    record: Record
    settings: Mapping[str, Any]
    related: Mapping[Ref, Record] = field(default_factory=dict)
    counterparts: Mapping[Ref, Ref] = field(default_factory=dict)
    facts: Facts = NO_FACTS
    side: Side = Side.LEFT
    now: datetime | None = None
    document: View | None = None
    replaced: int = 0
    period_allowed: bool = False

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
            raise MissingError(ref, Lookup.RECORD, self.side)
        return record

    def counterpart(self, ref: Ref, *others: Ref) -> Ref:
        """The linked record of the other side; of several references, of the first that has one.

        Raises MissingError, for the first reference, if there is none yet.
        """
        for each in (ref, *others):
            other = self.counterparts.get(each)
            if other is not None:
                return other
        raise MissingError(ref, Lookup.COUNTERPART, self.side)

    def mapped(self, table: str, *keys: str, day: date | None = None) -> Mapping[str, str]:
        """The values of the row of a mapping table that matches these keys on a day. Raises UnmappedError if none does."""
        rows = self.facts.tables.get(table)
        found = rows.find(keys, day) if rows is not None else None
        if found is None:
            raise UnmappedError(rows.label if rows is not None else table, keys)
        return found

    def line(self, line: Line) -> View:
        """The view of one of the record's lines."""
        record = Record(self.record.kind, line.id, line.fields, entity=self.record.entity)
        return View(
            record,
            self.settings,
            self.related,
            self.counterparts,
            self.facts,
            self.side,
            self.now,
            self,
            self.replaced,
            self.period_allowed,
        )


__all__ = ["HoldError", "Lookup", "MissingError", "Side", "View"]
