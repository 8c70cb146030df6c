"""The tie-out: do both sides agree? Computed from fresh readings alone, never from what Tieout remembers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tieout.core.flow import Flow, MissingError, View, layers
from tieout.core.record import Record, Ref, Value, normal

CREATE_ONLY = "given on creation only, by rule"
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
class FlowReport:
    """What one flow adds up to.

    Attributes:
        left, right: records read that take part.
        pairs: left records with their counterpart.
        missing: left records without a counterpart that no rule explains.
        differences: fields that disagree and that no rule explains.
        excluded: left records that take no part, by reason.
        explained: fields that differ for a reason, by reason.
    """

    flow: str
    label: str
    left: int = 0
    right: int = 0
    pairs: int = 0
    missing: list[Difference] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)
    explained: dict[str, int] = field(default_factory=dict)

    @property
    def agreed(self) -> bool:
        """Nothing is missing and nothing differs without an explanation."""
        return not self.missing and not self.differences


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
) -> Report:
    """Compare every record of every flow that is on.

    Args:
        lefts, rights: everything read afresh from each side, by kind.
        since: the switch-on; older untouched records are excluded.
        held: left records that wait for a person, with the reason in words.
        links: the partner of a left record under a flow, where a pairing stands; others are paired by the ID that the
            settings give now, which may have changed since a linked record was made.
    """
    related = {record.ref: record for records in lefts.values() for record in records if not record.deleted}
    by_key = {kind: {r.natural_key: r for r in records if r.natural_key and not r.deleted} for kind, records in rights.items()}
    by_ref = {record.ref: record for records in rights.values() for record in records if not record.deleted}
    counterparts: dict[Ref, Ref] = {}
    taken: dict[Ref, str] = {}
    reports: list[FlowReport] = []
    for layer in layers(tuple(flows)):
        for flow in layer:
            if flow.is_on(settings):
                linked = {left: by_ref[right] for (name, left), right in (links or {}).items() if name == flow.name and right in by_ref}
                book = _Book(flow, settings, related, by_key.get(flow.right_kind, {}), linked, counterparts, taken, since, held)
                reports.append(book.compare([r for r in lefts.get(flow.left_kind, ()) if not r.deleted]))
    unmanaged = {kind: sum(1 for r in records if not r.deleted and r.ref not in taken) for kind, records in rights.items()}
    return Report(tuple(reports), dict(read_at), unmanaged)


@dataclass(slots=True)
class _Book:
    """One flow being compared; `counterparts` and `taken` grow as pairs are found."""

    flow: Flow
    settings: Mapping[str, Any]
    related: Mapping[Ref, Record]
    by_key: Mapping[str, Record]
    linked: Mapping[Ref, Record]
    counterparts: dict[Ref, Ref]
    taken: dict[Ref, str]
    since: datetime | None
    held: Mapping[Ref, str]

    def compare(self, lefts: Sequence[Record]) -> FlowReport:
        """Pair first, standing pairs before others, so that references inside this flow can be followed; then compare."""
        report = FlowReport(self.flow.name, self.flow.label)
        views = [View(left, self.settings, self.related, self.counterparts) for left in lefts]
        views.sort(key=lambda view: view.record.ref not in self.linked)
        paired: list[tuple[View, Record]] = []
        for view in views:
            right = self._partner(view, report)
            if right is not None:
                paired.append((view, right))
                self.counterparts[view.record.ref] = right.ref
        report.left = len(paired) + len(report.missing)
        report.right = report.pairs = len(paired)
        for view, right in paired:
            self._compare_fields(view, right, report)
        return report

    def _partner(self, view: View, report: FlowReport) -> Record | None:
        name = self.flow.shown_as(view.record)
        key, right, why = "", self.linked.get(view.record.ref), None
        if right is not None and right.ref not in self.taken:
            self.taken[right.ref] = name
            return right
        try:
            key = self.flow.natural_key(view)
            right = self.by_key.get(key)
            if right is not None and right.ref not in self.taken:
                self.taken[right.ref] = name
                return right
            if right is not None:
                why = f"its ID belongs to {self.taken[right.ref]}"
            reason = self._reason(view)
        except MissingError as missing:
            reason, why = self.held.get(view.record.ref), str(missing)
        if reason is not None:
            report.excluded[reason] = report.excluded.get(reason, 0) + 1
        else:
            report.missing.append(Difference(name, key, "", view.record.id, why))
        return None

    def _reason(self, view: View) -> str | None:
        if view.record.ref in self.held:
            return self.held[view.record.ref]
        exclusion = self.flow.excluded(view)
        if exclusion is not None:
            return exclusion.text
        if self.since is not None and view.record.modified_at is not None and view.record.modified_at < self.since:
            return "last changed before the integration was switched on"
        return None

    def _compare_fields(self, view: View, right: Record, report: FlowReport) -> None:
        name = self.flow.shown_as(view.record)
        for field_map in self.flow.fields:
            if not field_map.is_mapped(self.settings):
                continue
            try:
                image = normal(field_map.to_right(normal(field_map.left(view)), view))
            except MissingError as missing:
                report.differences.append(
                    Difference(name, right.natural_key, field_map.right, str(missing), right.fields.get(field_map.right), field_map.shown)
                )
                continue
            actual = normal(right.fields.get(field_map.right))
            if image == actual:
                continue
            if not field_map.is_kept(self.settings):
                if isinstance(actual, Ref) and isinstance(image, str):
                    continue  # a fixed ID that was sent as text and is read as a reference; neither side can change it later
                report.explained[CREATE_ONLY] = report.explained.get(CREATE_ONLY, 0) + 1
            else:
                report.differences.append(Difference(name, right.natural_key, field_map.right, image, actual, field_map.shown))
