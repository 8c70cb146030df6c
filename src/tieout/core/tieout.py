"""The tie-out: do both sides agree? Computed from fresh readings alone, never from what Tieout remembers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tieout.core.adjusted import with_changes
from tieout.core.flow import Direction, FieldMap, Flow, LineMap, layers
from tieout.core.lines import lines_in, new_lines, recognised
from tieout.core.places import Places, count_left, count_pair, count_right
from tieout.core.record import Line, Record, Ref, Value, normal
from tieout.core.tables import NO_FACTS, Facts, HoldError
from tieout.core.view import MissingError, Side, View

CREATE_ONLY = "given on creation only, by rule"
ADJUSTED = "documents that carry later changes of these, counted with them"
LINES_THERE = "lines of these documents that were added in the books"
UNMANAGED = "not from this platform"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the two sides of a pair disagree; or, with an empty field, a side that is missing.

    `field` is the field's name in the books, `label` what people call it.
    """

    name: str
    key: str
    field: str
    left: Value
    right: Value
    label: str = dataclasses.field(default="", compare=False)


@dataclass(slots=True)
class Total:
    """The sum of one amount over all pairs, on each side: to the cent, and beyond it if the amounts are."""

    label: str
    left: Decimal = Decimal(0)
    right: Decimal = Decimal(0)

    @property
    def difference(self) -> Decimal:
        """By how much the books differ from the platform."""
        return self.right - self.left


@dataclass(slots=True)
class FlowReport:
    """What one flow adds up to.

    Attributes:
        left, right: records read that take part.
        pairs: left records with their counterpart.
        totals: the sums of amounts over the pairs, of documents and of their lines, by what people call them.
        missing: records of either side without a counterpart that no rule explains.
        differences: fields that disagree and that no rule explains.
        excluded: left records that take no part, by reason.
        explained: fields that differ for a reason, by reason.
        places: records read that take part and what documents add up to, by where they are booked.
    """

    flow: str
    label: str
    left: int = 0
    right: int = 0
    pairs: int = 0
    totals: dict[str, Total] = field(default_factory=dict)
    missing: list[Difference] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)
    explained: dict[str, int] = field(default_factory=dict)
    places: Places = field(default_factory=dict)

    @property
    def agreed(self) -> bool:
        """Nothing is missing and nothing differs without an explanation."""
        return not self.missing and not self.differences

    def add(self, label: str, left: Value, right: Value) -> None:
        """Add one amount of a pair to its total; what is no amount adds nothing."""
        if isinstance(left, Decimal) or isinstance(right, Decimal):
            total = self.totals.setdefault(label, Total(label))
            total.left += left if isinstance(left, Decimal) else Decimal(0)
            total.right += right if isinstance(right, Decimal) else Decimal(0)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole tie-out.

    Attributes:
        read_at: when each side's reading of each kind began, by "side kind".
        unmanaged: records of the books that belong to no flow, by kind.
    """

    flows: tuple[FlowReport, ...]
    read_at: Mapping[str, datetime]
    unmanaged: Mapping[str, int]

    @property
    def agreed(self) -> bool:
        """Zero unexplained differences."""
        return all(flow.agreed for flow in self.flows)


def tie_out(
    flows: Sequence[Flow],
    settings: Mapping[str, Any],
    lefts: Mapping[str, Sequence[Record]],
    rights: Mapping[str, Sequence[Record]],
    *,
    since: datetime | None,
    held: Mapping[Ref, str],
    read_at: Mapping[str, datetime],
    links: Mapping[tuple[str, Ref], Ref] | None = None,
    facts: Facts = NO_FACTS,
    now: datetime | None = None,
    named: Mapping[Ref, str] | None = None,
    adjustments: Mapping[Ref, Sequence[Ref]] | None = None,
) -> Report:
    """Compare every record of every flow that is on.

    Args:
        lefts, rights: everything read afresh from each side, by kind.
        since: the switch-on; older untouched records are excluded.
        held: left records that wait for a person, with the reason in words.
        links: the partner of a left record under a flow, where a pairing stands; others are paired by the ID that the
            settings give now, which may have changed since a linked record was made.
        facts, now: mapping tables, and the moment, for rules that look at them.
        named: the IDs of records on the right that no flow writes, such as accounts and locations: a rule may name one by its
            ID, and the right shows a reference.
        adjustments: the documents on the right that carry later changes of a left record; they are counted together with its
            counterpart.
    """
    related = {record.ref: record for records in lefts.values() for record in records if not record.deleted}
    by_key = {kind: {r.natural_key: r for r in records if r.natural_key and not r.deleted} for kind, records in rights.items()}
    by_ref = {record.ref: record for records in rights.values() for record in records if not record.deleted}
    counterparts: dict[Ref, Ref] = {}
    partners: dict[Ref, Ref] = {}
    taken: dict[Ref, str] = {}
    standing = frozenset((links or {}).values())
    reports: list[FlowReport] = []
    for layer in layers(tuple(flows)):
        for flow in layer:
            if flow.is_on(settings):
                linked = {left: by_ref[right] for (name, left), right in (links or {}).items() if name == flow.name and right in by_ref}
                more = (facts, now, named or {}, adjustments or {})
                world = _World(settings, related, by_ref, counterparts, partners, taken, standing, since, held, *more)
                book = _Book(flow, world, by_key.get(flow.right_kind, {}), linked)
                report = book.compare([r for r in lefts.get(flow.left_kind, ()) if not r.deleted])
                if flow.takes_right_born(settings):
                    book.look_for_lefts([r for r in rights.get(flow.right_kind, ()) if not r.deleted], report)
                reports.append(report)
    unmanaged = {kind: sum(1 for r in records if not r.deleted and r.ref not in taken) for kind, records in rights.items()}
    return Report(tuple(reports), dict(read_at), unmanaged)


@dataclass(slots=True)
class _World:
    """What every comparison looks at; `counterparts`, `partners` and `taken` grow as pairs are found.

    Attributes:
        standing: the records of the right that a pairing stands for, under whichever flow: no other record is paired with them.
    """

    settings: Mapping[str, Any]
    related: Mapping[Ref, Record]
    related_right: Mapping[Ref, Record]
    counterparts: dict[Ref, Ref]
    partners: dict[Ref, Ref]
    taken: dict[Ref, str]
    standing: frozenset[Ref]
    since: datetime | None
    held: Mapping[Ref, str]
    facts: Facts
    now: datetime | None
    named: Mapping[Ref, str]
    adjustments: Mapping[Ref, Sequence[Ref]]

    def adjusting(self, left: Record) -> list[Record]:
        """The documents that carry later changes of a left record, as far as they are there."""
        return [self.related_right[ref] for ref in self.adjustments.get(left.ref, ()) if ref in self.related_right]

    def name(self, ref: Ref) -> str:
        """What the books call a record a line refers to."""
        known = self.related_right.get(ref)
        return self.named.get(ref) or (known.natural_key if known is not None else ref.id)

    def shows(self, actual: Value, image: Value) -> bool:
        """Whether the right shows what it should: the same value, or a reference to the record whose ID was sent."""
        if isinstance(actual, Ref) and isinstance(image, str):
            known = self.related_right.get(actual)
            return image in (actual.id, self.named.get(actual), known.natural_key if known is not None else None)
        return image == actual

    def left(self, record: Record) -> View:
        """The view of a left record."""
        return View(record, self.settings, self.related, self.counterparts, self.facts, Side.LEFT, self.now)

    def right(self, record: Record) -> View:
        """The view of a right record."""
        return View(record, self.settings, self.related_right, self.partners, self.facts, Side.RIGHT, self.now)


@dataclass(slots=True)
class _Book:
    """One flow being compared."""

    flow: Flow
    world: _World
    by_key: Mapping[str, Record]
    linked: Mapping[Ref, Record]

    def compare(self, lefts: Sequence[Record]) -> FlowReport:
        """Pair first, standing pairs before others, so that references inside this flow can be followed; then compare."""
        report = FlowReport(self.flow.name, self.flow.label)
        views = [self.world.left(left) for left in lefts]
        views.sort(key=lambda view: view.record.ref not in self.linked)
        paired: list[tuple[View, Record]] = []
        for view in views:
            right = self._partner(view, report)
            if right is not None:
                paired.append((view, right))
                self.world.counterparts[view.record.ref] = right.ref
                self.world.partners[right.ref] = view.record.ref
        report.left = len(paired) + len(report.missing)
        report.right = report.pairs = len(paired)
        for view, right in paired:
            self._compare_fields(view, right, report)
            images = {
                line_map.right: self._compare_lines(line_map, view, right, report)
                for line_map in self.flow.lines
                if not line_map.only_if or self.world.settings.get(line_map.only_if)
            }
            count_pair(report.places, self.flow.control, view, images, [right, *self.world.adjusting(view.record)], self.world.name)
        return report

    def look_for_lefts(self, rights: Sequence[Record], report: FlowReport) -> None:
        """Records of the books that a flow which takes them has not brought to the platform."""
        for right in rights:
            if right.ref in self.world.taken:
                continue
            view = self.world.right(right)
            excluded = self.flow.excluded_right(view)
            reason = self.world.held.get(right.ref) or (excluded.text if excluded is not None else None) or self._too_old(right)
            if reason is not None:
                report.excluded[reason] = report.excluded.get(reason, 0) + 1
            else:
                report.right += 1
                report.missing.append(Difference(self.flow.shown_as_right(right), right.natural_key, "", None, right.id))
                count_right(report.places, self.flow.control, right)

    def _partner(self, view: View, report: FlowReport) -> Record | None:
        name = self.flow.shown_as(view.record)
        key, right, why = "", self.linked.get(view.record.ref), None
        if right is not None and right.ref not in self.world.taken:
            self.world.taken[right.ref] = name
            return right
        try:
            key = self.flow.natural_key(view)
            right = self.by_key.get(key)
            if right is not None and right.ref not in self.world.taken and right.ref not in self.world.standing:
                self.world.taken[right.ref] = name
                return right
            if right is not None:
                why = f"its ID belongs to {self.world.taken.get(right.ref, 'another record')}"
        except (MissingError, HoldError) as missing:
            why = str(missing)
        reason = self._reason(view)
        if reason is not None:
            report.excluded[reason] = report.excluded.get(reason, 0) + 1
        else:
            report.missing.append(Difference(name, key, "", view.record.id, why))
            count_left(report.places, self.flow.control, view, self._entity(view))
        return None

    def _entity(self, view: View) -> str:
        """The entity a left record would be made in; "" if the rules do not tell."""
        try:
            return self.flow.entity(view)
        except (MissingError, HoldError):
            return ""

    def _reason(self, view: View) -> str | None:
        if view.record.ref in self.world.held:
            return self.world.held[view.record.ref]
        try:
            exclusion = self.flow.excluded(view)
        except (MissingError, HoldError):
            exclusion = None
        return exclusion.text if exclusion is not None else self._too_old(view.record)

    def _too_old(self, record: Record) -> str | None:
        since = self.world.since
        if since is not None and record.modified_at is not None and record.modified_at < since:
            return "last changed before the integration was switched on"
        return None

    def _compare_fields(self, view: View, right: Record, report: FlowReport) -> None:
        name = self.flow.shown_as(view.record)
        for field_map in self.flow.fields:
            if not field_map.is_mapped(self.world.settings) or field_map.right_read is not None:
                continue
            actual = normal(right.fields.get(field_map.right))
            try:
                image = self._image(field_map, view, right)
            except (MissingError, HoldError) as missing:
                report.differences.append(Difference(name, right.natural_key, field_map.right, str(missing), actual, field_map.shown))
                continue
            report.add(field_map.shown, image, actual)
            if self.world.shows(actual, image):
                continue
            if not field_map.is_kept(self.world.settings):
                if isinstance(actual, Ref) and isinstance(image, str):
                    continue  # a fixed ID that was sent as text and is read as a reference; neither side can change it later
                report.explained[CREATE_ONLY] = report.explained.get(CREATE_ONLY, 0) + 1
            else:
                report.differences.append(Difference(name, right.natural_key, field_map.right, image, actual, field_map.shown))

    def _image(self, field_map: FieldMap, view: View, right: Record) -> Value:
        """What the right should show: the left's value in its form, or, of a field that goes left only, its own if the left shows it."""
        left = normal(field_map.left(view))
        if field_map.members and isinstance(left, frozenset):
            return frozenset(self.world.counterparts[ref] for ref in left if ref in self.world.counterparts)
        if field_map.direction is Direction.IMPORT and field_map.to_left is not None:
            actual = normal(right.fields.get(field_map.right))
            return actual if normal(field_map.to_left(actual, self.world.right(right))) == left else left
        return normal(field_map.to_right(left, view))

    def _compare_lines(self, line_map: LineMap, view: View, right: Record, report: FlowReport) -> list[Line]:
        """Line by line: a line is told by its values, else by its place; lines that are only in the books are counted as explained.

        Gives what the left's lines should look like on the right.
        """
        name = self.flow.shown_as(view.record)
        present = lines_in(right.fields.get(line_map.right))
        try:
            pairs, missing = new_lines(line_map, view)
        except HoldError as error:
            report.differences.append(Difference(name, right.natural_key, line_map.right, str(error), None, line_map.label))
            return []
        for each in missing:
            report.differences.append(Difference(name, right.natural_key, line_map.right, str(each), None, line_map.label))
        if adjusting := self.world.adjusting(view.record):
            present = self._with_changes(pairs, present, adjusting, name)
            report.explained[ADJUSTED] = report.explained.get(ADJUSTED, 0) + len(adjusting)
        by_id = {line.id: line for line in present}
        labels = {each.right: each.shown for each in line_map.fields}
        for left, line in recognised(pairs, present):
            there = by_id.pop(line.id, None)
            for field_name, image in line.fields.items():
                shown = f"{line_map.label}: {labels[field_name]}"
                actual = normal(there.fields.get(field_name)) if there is not None else None
                report.add(shown, image, actual)
                if there is not None and not self.world.shows(actual, image):
                    report.differences.append(Difference(name, right.natural_key, field_name, image, actual, shown))
            if there is None:
                report.differences.append(
                    Difference(name, right.natural_key, line_map.right, left.id, None, f"a line of the {line_map.label}")
                )
        if by_id:
            report.explained[LINES_THERE] = report.explained.get(LINES_THERE, 0) + len(by_id)
        return [image for _, image in pairs]

    def _with_changes(
        self, pairs: Sequence[tuple[Line, Line]], present: Sequence[Line], adjusting: Sequence[Record], name: str
    ) -> tuple[Line, ...]:
        """A document's lines with those of the documents that carry its changes."""
        left = list(present)
        for other in adjusting:
            self.world.taken.setdefault(other.ref, name)
            left += [Line(f"{other.id} {line.id}", line.fields) for value in other.fields.values() for line in lines_in(value)]
        return with_changes([image for _, image in pairs], left, self.world.shows)
