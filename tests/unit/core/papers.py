"""A document flow with lines, and a model of both sides on which its decisions are carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.unit.core.sides import NOW, field_of
from tieout.core.decide import Case, ClosedPairing, Decision, Pairing, Step, StepKind, decide
from tieout.core.flow import Act, Adjustment, Drift, FieldMap, Flow, LineMap, Lock, View, WhenLocked, linked
from tieout.core.record import NEW_LINE, Line, Record, Ref, Value

JOB, PROJECT = Ref("job", "4"), Ref("PROJECT", "904")
OTHER_JOB = Ref("plan", "5")
SETTINGS: Mapping[str, Any] = {"locked": "report", "post": False}


def lines_of(view: View) -> Iterable[Line]:
    value = view.get("items")
    return value if isinstance(value, tuple) else ()


def total(view: View) -> Decimal:
    return sum((Decimal(str(line.fields.get("cost") or 0)) for line in lines_of(view)), Decimal(0))


def on_the_right(record: Record) -> Decimal:
    lines = record.fields.get("LINES")
    assert isinstance(lines, tuple)
    return sum((Decimal(str(line.fields.get("AMOUNT") or 0)) for line in lines), Decimal(0))


def difference(left: View, right: View, before: Mapping[str, tuple[Value, Value]]) -> Adjustment | None:
    known = before["LINES"][0]
    assert isinstance(known, tuple)
    amount = total(left) - sum((Decimal(str(line.fields.get("AMOUNT") or 0)) for line in known), Decimal(0))
    return Adjustment("ADJUSTMENT", {"AMOUNT": amount, "BILL": right.record.id}) if amount else None


def number(view: View) -> str:
    return f"B-{view.text('number')}" + (f"-{view.replaced + 1}" if view.replaced else "")


def is_posted(view: View) -> str:
    return "posted" if view.get("STATE") == "Posted" else ""


def bill_flow(drift: Drift = Drift.REPORT, **more: Any) -> Flow:
    return Flow(
        **{
            "name": "bills",
            "label": "Bills",
            "left_kind": "bill",
            "right_kind": "BILL",
            "natural_key": number,
            "shown_as": lambda record: f"Bill {record.fields.get('number')}",
            "drift": drift,
            "refers_to": ("job", "plan"),
            "fields": (FieldMap("MEMO", field_of("memo"), label="memo"),),
            "lines": (
                LineMap(
                    "LINES",
                    lines_of,
                    (
                        FieldMap("AMOUNT", field_of("cost"), label="amount"),
                        FieldMap("TEXT", field_of("text"), label="text"),
                        FieldMap("PROJECT", field_of("job"), linked, label="project"),
                    ),
                ),
            ),
            "acts": (Act("post", lambda left, right: bool(left.settings["post"]) and not is_posted(right), becomes={"STATE": "Posted"}),),
            "lock": Lock(
                is_posted,
                lambda settings: WhenLocked(settings["locked"]),
                frozenset({"MEMO"}),
                Act("reverse", lambda left, right: right.get("STATE") != "Reversed", becomes={"STATE": "Reversed"}),
                difference,
            ),
            **more,
        }
    )


def item(id: str, cost: str | None = "1", text: str = "", job: Ref | None = None) -> Line:
    return Line(id, {"cost": Decimal(cost) if cost is not None else None, "text": text, "job": job})


def bill(*items: Line, memo: str = "") -> Record:
    return Record("bill", "1", {"number": "7", "memo": memo, "items": tuple(items)}, "7", modified_at=NOW)


@dataclass
class Desk:
    """Both sides of one document. The right's system gives its lines numbers, and shows what we sent only when it is read."""

    case: Case
    flow: Flow = field(default_factory=bill_flow)
    settings: Mapping[str, Any] = field(default_factory=lambda: dict(SETTINGS))
    taken: list[Step] = field(default_factory=list)
    next_id: int = 100
    books: dict[str, Record] = field(default_factory=dict)

    def look(self) -> Decision:
        """Decide once, and carry out what was decided."""
        decision = decide(self.flow, self.case, self.settings, NOW)
        pairing = self.case.pairing
        if pairing is not None:
            self.case = replace(self.case, pairing=Pairing(pairing.right, {**pairing.base, **decision.agreed}))
        for step in decision.steps:
            self.taken.append(step)
            self._carry_out(step)
        return decision

    def settle(self) -> Decision:
        """Look until nothing is done any more; the last decision. Fails if it never ends."""
        for _ in range(6):
            decision = self.look()
            if not decision.steps:
                return decision
        raise AssertionError("it never comes to rest")

    def edit_left(self, *items: Line, **fields: Value) -> None:
        """Somebody edits the document on the left."""
        assert self.case.left is not None
        edited = {**self.case.left.fields, "items": tuple(items), **fields}
        self.case = replace(self.case, left=replace(self.case.left, fields=edited))

    def edit_right(self, lines: Sequence[Line] | None = None, **fields: Value) -> None:
        """Somebody else edits it on the right."""
        right = self.right
        changed = {**right.fields, **({"LINES": tuple(lines)} if lines is not None else {}), **fields}
        self.books[right.id] = replace(right, fields=changed)
        self.case = replace(self.case, right=self.books[right.id], edited_by_us=False)

    @property
    def right(self) -> Record:
        """The linked right record as its system holds it."""
        assert self.case.pairing is not None
        return self.books[self.case.pairing.right.id]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines."""
        value = self.right.fields["LINES"]
        assert isinstance(value, tuple)
        return value

    def ours(self) -> list[tuple[Value, Value]]:
        """Amount and text of the right lines the base names as ours."""
        assert self.case.pairing is not None
        _, right = self.case.pairing.base["LINES"]
        assert isinstance(right, tuple)
        names = {line.id for line in right}
        return [(line.fields.get("AMOUNT"), line.fields.get("TEXT")) for line in self.lines if line.id in names]

    def _number(self) -> str:
        self.next_id += 1
        return str(self.next_id)

    def _carry_out(self, step: Step) -> None:
        case = self.case
        match step.kind:
            case StepKind.CREATE:
                made = Record("BILL", self._number(), {"STATE": "Draft", **self._stored(step, ())}, step.natural_key)
                self.books[made.id] = made
                self.case = replace(case, right=made, pairing=Pairing(made.ref, step.base, frozenset(step.fields)), edited_by_us=True)
            case StepKind.UPDATE:
                before = self.right
                lines = before.fields.get("LINES", ())
                assert isinstance(lines, tuple)
                self.books[before.id] = replace(before, fields={**before.fields, **self._stored(step, lines)})
                self._settled(step, frozenset(step.fields))
            case StepKind.ACT:
                before = self.books[step.target.id] if step.target is not None else self.right
                self.books[before.id] = replace(before, fields={**before.fields, **step.becomes})
                self._settled(step, frozenset())
            case StepKind.ADJUST:
                made = Record(step.made_kind, self._number(), step.fields)
                self.books[made.id] = made
                self._settled(step, frozenset())
            case StepKind.LINK:
                assert step.target is not None
                record = self.books[step.target.id]
                self.case = replace(case, right=record, pairing=Pairing(record.ref, step.base), candidate=None, successor=None)
            case StepKind.UNLINK:
                assert case.pairing is not None
                closed = (*case.closed, ClosedPairing(case.pairing.right, step.reason, NOW))
                self.case = replace(case, pairing=None, right=None, closed=closed)
            case _:
                raise AssertionError(step)

    def _settled(self, step: Step, unread: frozenset[str]) -> None:
        pairing = self.case.pairing
        assert pairing is not None
        pairing = Pairing(pairing.right, {**pairing.base, **step.base}, unread)
        self.case = replace(self.case, pairing=pairing, right=self.books[pairing.right.id], edited_by_us=True)

    def _stored(self, step: Step, before: Sequence[Line]) -> dict[str, Value]:
        """What the right's system makes of a write: lines that were expected and are no longer wanted go, new ones get a number."""
        fields = dict(step.fields)
        wanted, expected = fields.get("LINES"), step.expected.get("LINES", ())
        if not isinstance(wanted, tuple):
            return fields
        assert isinstance(expected, tuple)
        kept = {line.id: line for line in wanted if not line.id.startswith(NEW_LINE)}
        assert kept.keys() <= {line.id for line in before}, "a line that is not there cannot be changed"
        dropped = {line.id for line in expected} - kept.keys()
        lines = [Line(l.id, {**l.fields, **kept[l.id].fields}) if l.id in kept else l for l in before if l.id not in dropped]  # noqa: E741
        lines += [Line(self._number(), dict(line.fields)) for line in wanted if line.id.startswith(NEW_LINE)]
        return {**fields, "LINES": tuple(lines)}


def desk(*items: Line, memo: str = "", flow: Flow | None = None, **settings: Any) -> Desk:
    """A document on the left, not sent yet; both jobs its lines may name are linked."""
    case = Case(bill(*items, memo=memo), counterparts={JOB: PROJECT, OTHER_JOB: Ref("PROJECT", "905")})
    return Desk(case, flow or bill_flow(), {**SETTINGS, **settings})
