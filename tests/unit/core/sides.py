"""A flow with every sort of field, and a model of both sides on which decisions are carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from tieout.core.decide import Case, ClosedPairing, Decision, Pairing, Side, Step, StepKind, decide
from tieout.core.flow import Direction, Drift, Exclusion, FieldMap, Flow, Gone, Owner, View, When, linked, same
from tieout.core.record import Record, Ref, Value

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
SETTINGS: Mapping[str, Any] = {"on": True, "parents": True, "titles": True, "hidden": ""}
LEFT, RIGHT, PARENT, PARENT_RIGHT = Ref("task", "1"), Ref("TASK", "901"), Ref("plan", "7"), Ref("PLAN", "907")


def field_of(name: str) -> Callable[[View], Value]:
    return lambda view: view.get(name)


def short(value: Value, view: View) -> Value:
    return str(value)[:8] if value is not None else None


def left_out(view: View) -> Exclusion | None:
    """Records of the category named in the setting take no part; those called "spare" do once they are needed."""
    if view.settings["hidden"] and view.get("category") == view.settings["hidden"]:
        return Exclusion("task.hidden", "Its category is hidden.")
    if view.get("category") == "spare":
        return Exclusion("task.spare", "It is spare.", until_needed=True)
    return None


def task_flow(direction: Direction = Direction.EXPORT, drift: Drift = Drift.REPORT, owner: Owner = Owner.LEFT, **more: Any) -> Flow:
    back = None if direction is Direction.EXPORT else same
    return Flow(
        **{
            "name": "tasks",
            "label": "Tasks",
            "left_kind": "task",
            "right_kind": "TASK",
            "natural_key": lambda view: f"T-{view.text('number')}",
            "shown_as": lambda record: f"Task {record.fields.get('number')}",
            "excluded": left_out,
            "only_if": ("on",),
            "direction": direction,
            "drift": drift,
            "entity": lambda view: view.text("entity"),
            "when_left_is_gone": Gone({"STATUS": "inactive"}),
            "fields": (
                FieldMap("NAME", field_of("name"), short, back, "name", owner),
                FieldMap("CITY", field_of("city"), same, back, "city", owner),
                FieldMap("AMOUNT", field_of("amount"), same, back, "amount", owner),
                FieldMap("TITLE", field_of("title"), updates_if="titles", owner=owner),
                FieldMap("PLAN", field_of("plan"), linked, only_if="parents", owner=owner),
                FieldMap("CATEGORY", field_of("category"), when=When.CREATE_ONLY, owner=owner),
            ),
            **more,
        }
    )


def left(**fields: Value) -> Record:
    return Record("task", "1", {"number": "5", **fields}, "5", modified_at=NOW)


def right(**fields: Value) -> Record:
    return Record("TASK", "901", fields, "T-5", "100", modified_at=NOW, modified_by="us")


def linked_case(one: Record | None, other: Record | None, base: Mapping[str, tuple[Value, Value]], **more: Any) -> Case:
    unread = frozenset(more.pop("unread", ()))
    return Case(one, other, Pairing(RIGHT, base, unread), **more)


def unchanged(value: Value) -> Value:
    return value


@dataclass
class World:
    """Both sides and the link between them; `form` is what the right side's system makes of a value it is given."""

    flow: Flow
    case: Case
    settings: Mapping[str, Any] = field(default_factory=lambda: SETTINGS)
    form: Callable[[Value], Value] = unchanged
    sent: list[tuple[Side, dict[str, Value]]] = field(default_factory=list)

    def look(self) -> Decision:
        """Decide once, and carry out what was decided."""
        decision = decide(self.flow, self.case, self.settings, NOW)
        if self.case.pairing is not None:  # what was decided from has been read back, whoever edited it last
            pairing = self.case.pairing
            self.case = replace(self.case, pairing=Pairing(pairing.right, {**pairing.base, **decision.agreed}))
        for step in decision.steps:
            self._carry_out(step)
        return decision

    def settle(self) -> Sequence[Decision]:
        """Look until nothing is done any more; the decisions that did something. Fails if it never ends."""
        busy: list[Decision] = []
        for _ in range(5):
            decision = self.look()
            if not decision.steps:
                return busy
            busy.append(decision)
        raise AssertionError(f"it never comes to rest: {[decision.steps for decision in busy]}")

    def edit_left(self, **fields: Value) -> None:
        """Somebody edits the left record."""
        assert self.case.left is not None
        self.case = replace(self.case, left=replace(self.case.left, fields={**self.case.left.fields, **fields}))

    def edit_right(self, **fields: Value) -> None:
        """Somebody else edits the right record."""
        assert self.case.right is not None
        edited = replace(self.case.right, fields={**self.case.right.fields, **fields})
        self.case = replace(self.case, right=edited, edited_by_us=False)

    def _carry_out(self, step: Step) -> None:
        case = self.case
        match step.kind, step.side:
            case StepKind.CREATE, Side.RIGHT:
                made = Record(self.flow.right_kind, "901", self._written(step), step.natural_key, step.entity)
                pairing = Pairing(made.ref, step.base, frozenset(step.fields))
                self.case = replace(case, right=made, pairing=pairing, edited_by_us=True)
                self.sent.append((step.side, dict(step.fields)))
            case StepKind.UPDATE, Side.RIGHT:
                assert case.right is not None
                assert case.pairing is not None
                pairing = Pairing(case.pairing.right, {**case.pairing.base, **step.base}, frozenset(step.fields))
                changed = replace(case.right, fields={**case.right.fields, **self._written(step)})
                self.case = replace(case, right=changed, pairing=pairing, edited_by_us=True)
                self.sent.append((step.side, dict(step.fields)))
            case StepKind.UPDATE, Side.LEFT:
                assert case.left is not None
                assert case.pairing is not None
                pairing = replace(case.pairing, base={**case.pairing.base, **step.base})
                self.case = replace(case, left=replace(case.left, fields={**case.left.fields, **step.fields}), pairing=pairing)
                self.sent.append((step.side, dict(step.fields)))
            case StepKind.LINK, _:
                assert case.candidate is not None
                self.case = replace(case, right=case.candidate, pairing=Pairing(case.candidate.ref, step.base), candidate=None)
            case StepKind.UNLINK, _:
                assert case.pairing is not None
                closed = (*case.closed, ClosedPairing(case.pairing.right, step.reason))
                self.case = replace(case, pairing=None, right=None, closed=closed)

    def _written(self, step: Step) -> dict[str, Value]:
        return {name: self.form(value) for name, value in step.fields.items()}
