"""Documents with lines on real books: ours follow the field line by line, an accountant's own stay, and every one exists once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import httpx
import pytest

from tests.in_process import InProcess
from tests.journey.servicetitan.papers import Papers
from tests.world import World
from tieout.core.flow import Adjustment, Flow, Gone, View, WhenLocked
from tieout.core.merge import Base
from tieout.core.record import Line
from tieout.engine import rulings
from tieout.engine.batch import Batch
from tieout.engine.facts import decide_pairs, refresh_before_writing
from tieout.engine.journal import Pass
from tieout.engine.loading import load
from tieout.engine.mark import mark
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.queue import LEASE
from tieout.engine.rulings import Word
from tieout.engine.send import carry_out
from tieout.engine.undo import plan_undo
from tieout.platforms import registry
from tieout.store.models import Integration, Intent, Journal, Link, Problem, Record, Ruling, RulingKind

FLOW = "inventory-bills"
_CALL = """<request><control><senderid>sandbox-sender</senderid><password>sandbox-sender-pw</password><controlid>edit</controlid>
<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion></control><operation><authentication><login><userid>Admin</userid>
<companyid>SANDBOX</companyid><password>admin-pw</password></login></authentication><content><function controlid="edit">
<update><APBILL>{inner}</APBILL></update></function></content></operation></request>"""


class Desk:
    """One bill of three lines, and what people do to it on both sides."""

    def __init__(self, world: World, **settings: Any) -> None:
        self.world = world
        self.integration = world.connect()
        for wanted in (*Papers.SETTINGS, {"mark_exported": False}, *([settings] if settings else [])):
            world.settings(self.integration, wanted)
        self.office = Papers(world)
        customer = world.new_customer("Ashby Farm")
        self.job = world.new_job(customer, world.new_project(customer, "Barn"))
        self.vendor = self.office.vendor()

    def confirm(self) -> None:
        """An accountant has confirmed the first bill, so that this one is posted."""
        now = self.world.clock.now()
        Ruling.objects.create(integration=self.integration, flow=FLOW, left_id="", kind=RulingKind.APPROVED, by="Rosa", at=now)

    def bill(self, *costs: float) -> dict[str, Any]:
        """A bill with one line for each cost."""
        return self.office.bill(self.vendor, self.job, *costs)

    def edit_left(self, bill: Mapping[str, Any], costs: Mapping[int, str], drop: int | None = None, add: str = "") -> None:
        """The field changes lines of a bill by their place, takes one out, and adds one, by ways its API does not offer."""
        row = self.office.shown(FLOW, bill["id"])
        items = [dict(item, cost=costs.get(place, item["cost"])) for place, item in enumerate(row["items"]) if place != drop]
        if add:
            items.append({**items[0], "id": 990001, "cost": add})
        total = sum((Decimal(str(item["cost"])) * Decimal(str(item["quantity"])) for item in items), Decimal(0))
        records = self.world.platform.tenant.records  # type: ignore[attr-defined]
        records.change(FLOW, bill["id"], {"items": items, "billAmount": f"{total:.2f}"})

    def booked(self) -> dict[str, Any]:
        """The one bill in the books that stands."""
        (row,) = [row for row in self.office.books("APBILL").values() if row["STATE"] not in ("Reversed", "Reversal")]
        return row

    def amounts(self) -> list[Decimal]:
        """What its lines amount to, in order."""
        return [Decimal(str(line["TRX_AMOUNT"])) for line in self.office.lines("APBILLITEM", self.booked())]

    def add_right(self, amount: str) -> None:
        """An accountant adds a line of his own; Intacct wants all lines with it."""
        header = self.booked()
        lines = self.office.lines("APBILLITEM", header)
        kept = [
            {name: line[name] for name in ("RECORDNO", "LINE_NO", "ACCOUNTNO", "TRX_AMOUNT", "LOCATIONID", "PROJECTID") if line.get(name)}
            for line in lines
        ]
        own = {"ACCOUNTNO": "6000", "TRX_AMOUNT": amount, "LOCATIONID": "100", "ENTRYDESCRIPTION": "freight"}
        rows = "".join(f"<APBILLITEM>{_xml(line)}</APBILLITEM>" for line in [*kept, own])
        inner = f"{_xml({'RECORDNO': header['RECORDNO'], 'WHENDUE': header['WHENDUE']})}<APBILLITEMS>{rows}</APBILLITEMS>"
        with httpx.Client(transport=InProcess(self.world.books), base_url="http://intacct.test") as client:
            sent = _CALL.format(inner=inner).encode()
            answer = client.post("/ia/xml/xmlgw.phtml", content=sent, headers={"Content-Type": "application/xml"})
            assert "<status>failure</status>" not in answer.text, answer.text


def _xml(values: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in values.items())


def steps() -> list[str]:
    return list(Intent.objects.filter(flow=FLOW).order_by("id").values_list("step", flat=True))


def test_lines_are_changed_added_and_taken_out_and_an_accountants_own_stay(world: World) -> None:
    desk = Desk(world)
    bill = desk.bill(10, 20, 30)
    world.run_until_quiet(hours=2)
    assert desk.amounts() == [10, 20, 30]
    desk.add_right("7.50")
    world.run_until_quiet(hours=2)
    desk.edit_left(bill, {0: "11"}, drop=1, add="40")
    world.run_until_quiet(hours=2)
    assert sorted(desk.amounts()) == [Decimal("7.50"), 11, 30, 40]
    assert steps() == ["create", "update"]
    left, right = Link.objects.get(flow=FLOW).base["APBILLITEMS"]
    assert len(left) == len(right) == 3
    shown = {line["RECORDNO"]: Decimal(str(line["TRX_AMOUNT"])) for line in desk.office.lines("APBILLITEM", desk.booked())}
    assert [shown[line.id] for line in right] == [11, 30, 40]
    world.run(900)
    assert steps() == ["create", "update"]  # nothing echoes


@pytest.mark.parametrize("action", ["cut_before_commit", "cut_after_commit", "finish_after_cut"])
def test_a_document_whose_call_was_cut_exists_once_with_the_lines_it_should_have(world: World, action: str) -> None:
    desk = Desk(world)
    world.run_until_quiet(hours=2)
    fault = {"match": {"function": "create", "object": "APBILL", "times": 1}, "action": action, "seconds": 30}
    world.control("intacct", "POST", "faults", [fault])
    bill = desk.bill(10, 20)
    world.run_until_quiet(hours=3)
    assert desk.amounts() == [10, 20]
    assert Journal.objects.filter(event="outcome unknown", flow=FLOW).exists()
    fault["match"] = {"function": "update", "object": "APBILL", "times": 1}
    world.control("intacct", "POST", "faults", [fault])
    desk.edit_left(bill, {1: "25"}, add="5")
    world.run_until_quiet(hours=3)
    assert desk.amounts() == [10, 25, 5]
    assert len(desk.office.books("APBILL")) == 1
    assert Journal.objects.filter(event="outcome unknown", flow=FLOW).count() == 2


def test_by_setting_a_posted_document_that_changes_is_reversed_and_made_anew(world: World) -> None:
    desk = Desk(world, changed_after_posting="replace", post_bills="submit")
    desk.confirm()
    bill = desk.bill(10, 20)
    world.run_until_quiet(hours=2)
    first = desk.booked()
    assert first["STATE"] == "Posted"
    desk.edit_left(bill, {0: "15"})
    world.run_until_quiet(hours=2)
    second = desk.booked()
    assert second["RECORDNO"] != first["RECORDNO"]
    assert (desk.amounts(), second["STATE"]) == ([15, 20], "Posted")
    assert steps() == ["create", "act reverse", "create"]
    links = Link.objects.filter(flow=FLOW).order_by("id").values_list("is_open", "closed_because")
    assert list(links) == [(False, "replaced"), (True, "")]
    assert not Problem.objects.filter(cleared_at=None).exists()


@pytest.mark.parametrize(("choice", "after"), [("leave", [10, 20]), ("replace", [15, 20])])
def test_otherwise_a_person_says_what_becomes_of_the_change(world: World, choice: str, after: list[int]) -> None:
    desk = Desk(world, post_bills="submit")
    desk.confirm()
    bill = desk.bill(10, 20)
    world.run_until_quiet(hours=2)
    desk.edit_left(bill, {0: "15"})
    world.run_until_quiet(hours=2)
    problem = Problem.objects.get(cleared_at=None)
    assert (problem.code, steps()) == ("record.locked", ["create"])
    pair = rulings.pair_of(Integration.objects.get(), FLOW, Link.objects.get(flow=FLOW).left, world.clock.now())
    rulings.resolve(pair, problem.fingerprint, choice, Word("Rosa", "as agreed"), world.clock.now())
    world.run_until_quiet(hours=2)
    assert desk.amounts() == after
    assert not Problem.objects.filter(cleared_at=None).exists()


def carried_out(world: World, flow: Flow) -> Pair:
    """The bill's pair, decided under a variant of its flow and carried out as a drain does."""
    integration, now = Integration.objects.get(), world.clock.now()
    pair = Pair(integration, flow, Link.objects.get(flow=FLOW, is_open=True).left, settings_of(integration))
    batch = Batch(world.runtime, integration.company, 0, Pass(integration.company, "drain"), [], now + LEASE)
    load([pair])
    decide_pairs(batch, [pair])
    refresh_before_writing(batch, [pair])
    carry_out(batch, [pair])
    return pair


def bills() -> Flow:
    return next(flow for flow in registry.platform("servicetitan").flows if flow.name == FLOW)


def difference(left: View, right: View, base: Base) -> Adjustment:
    line = {"ACCOUNTNO": "5100", "TRX_AMOUNT": Decimal(5), "LOCATIONID": "100"}
    header = {"VENDORID": right.get("VENDORID"), "WHENCREATED": left.now.date() if left.now else None, "DESCRIPTION": "bill changed"}
    return Adjustment("APADJUSTMENT", {**header, "RECORDID": "ADJ-1", "APADJUSTMENTITEMS": (Line("+1", line),)})


def test_another_document_may_carry_the_change_of_a_posted_one(world: World) -> None:
    desk = Desk(world, post_bills="submit")
    desk.confirm()
    bill = desk.bill(10, 20)
    world.run_until_quiet(hours=2)
    desk.edit_left(bill, {0: "15"})
    world.run_until_quiet(hours=2)
    flow = bills()
    assert flow.lock is not None
    adjusting = replace(flow, lock=replace(flow.lock, then=lambda settings: WhenLocked.ADJUST, adjustment=difference))
    pair = carried_out(world, adjusting)
    assert [step.name for step in pair.decision.steps] == ["adjust"]
    (made,) = desk.office.books("APADJUSTMENT").values()
    assert Decimal(str(made["TRX_TOTALENTERED"])) == 5
    assert desk.amounts() == [10, 20]
    assert steps() == ["create", "adjust"]
    mark(pair.integration.platform, [pair.left_ref], reason="webhook", now=world.clock.now())
    world.run_until_quiet(hours=2)
    assert not Problem.objects.filter(cleared_at=None).exists()
    assert steps() == ["create", "adjust"]


def test_a_document_is_deleted_in_the_books_only_where_its_flow_says_so(world: World) -> None:
    desk = Desk(world)
    bill = desk.bill(10)
    world.run_until_quiet(hours=2)
    Record.objects.filter(kind="inventory-bill", remote_id=str(bill["id"])).update(deleted=True)
    pair = carried_out(world, replace(bills(), when_left_is_gone=Gone(deletes=True)))
    assert [step.name for step in pair.decision.steps] == ["delete", "unlink"]
    assert desk.office.books("APBILL") == {}
    assert list(Link.objects.filter(flow=FLOW).values_list("is_open", "closed_because")) == [(False, "deleted left")]
    assert steps() == ["create", "delete"]


def test_undoing_a_change_of_a_draft_is_refused_for_its_true_reason_in_a_closed_period_and_of_lines(world: World) -> None:
    desk = Desk(world)
    bill = desk.bill(10, 20)
    world.run_until_quiet(hours=2)
    told: list[str] = []

    def undone() -> int:
        run = Intent.objects.filter(flow=FLOW, step="update").latest("id").run_id or 0
        return plan_undo(world.runtime, run, by="Ada", tell=lambda name, text: told.append(text)).items

    world.platform.tenant.records.change(FLOW, bill["id"], {"dueDate": "2026-05-01T00:00:00Z"})  # type: ignore[attr-defined]
    world.run_until_quiet(hours=2)
    world.settings(desk.integration, {"closed_through": "2026-03-31"})
    assert undone() == 0
    assert told.pop().startswith("Its period is closed: the books are closed through 2026-03-31.")
    world.settings(desk.integration, {"closed_through": ""})
    assert undone() == 1
    desk.edit_left(bill, {0: "15"})
    world.run_until_quiet(hours=2)
    assert undone() == 0
    assert told.pop().startswith("It changed lines")
