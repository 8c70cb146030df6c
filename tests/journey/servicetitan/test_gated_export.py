"""The gate: documents exported at once into an empty company never meet a missing project; without the gate nearly all of them do.

`EXPORTS` sets how many documents there are; `make test` takes few, `make soak` 5,000 (docs/promises/06-dependencies.md).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.journey.servicetitan.papers import Papers
from tests.world import World
from tieout.core.decide import Case, StepKind, decide
from tieout.core.flow import FieldMap, Flow, LineMap, View
from tieout.core.ports import Effect, Verb, Write
from tieout.core.record import Fields, Line, Record, Ref, Value
from tieout.core.tables import Facts
from tieout.engine import tieout
from tieout.engine.drain import drain
from tieout.engine.mark import mark
from tieout.engine.observe import stored
from tieout.engine.pairs import settings_of
from tieout.engine.poll import due_connections, poll
from tieout.platforms.servicetitan.flows import FLOWS
from tieout.store.models import Connection, Integration, Intent, IntentState, Link, Problem, Ruling, RulingKind
from tieout.store.models import Record as Row

EXPORTS = int(os.environ.get("EXPORTS", "60"))
MANY = 100_000_000  # a month's transactions, so that no budget is at its end
BY_NAME = {flow.name: flow for flow in FLOWS}
DOCUMENTS = {"inventory-bill": "inventory-bills", "invoice": "invoices"}


def ready(world: World) -> Papers:
    """Everything is on and confirmed; the books are empty."""
    integration = world.connect(monthly_transactions=MANY)
    for wanted in Papers.SETTINGS:
        world.settings(integration, wanted)
    for flow in DOCUMENTS.values():
        Ruling.objects.create(integration=integration, flow=flow, left_id="", kind=RulingKind.APPROVED, by="Rosa", at=world.clock.now())
    return Papers(world)


def enter(world: World, office: Papers, dice: random.Random) -> list[Ref]:
    """Customers, projects, jobs, and a posted invoice or bill for each of `EXPORTS`, all at once."""
    world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0})  # a whole office, not one program
    vendors = [office.vendor(f"Supplier {number}") for number in range(5)]
    customers = [world.new_customer(f"Customer {number}") for number in range(max(EXPORTS // 50, 3))]
    projects, jobs = [], []
    for number in range(max(EXPORTS // 4, 4)):
        customer = dice.choice(customers)
        if number % 3:
            projects.append(world.new_project(customer, f"Project {number}"))
        jobs.append(world.new_job(customer, projects[-1] if number % 3 else None))
    made, not_invoiced = [], list(jobs)
    for number in range(EXPORTS):
        amount = dice.randint(100, 99999) / 100
        if number % 2 == 0:
            made.append(Ref("inventory-bill", str(office.bill(dice.choice(vendors), dice.choice(jobs), amount, 3.33)["id"])))
        elif not_invoiced:
            made.append(Ref("invoice", str(office.invoice(not_invoiced.pop(), amount, 10.0)["id"])))
        else:
            made.append(Ref("invoice", str(office.project_invoice(dice.choice(projects), amount, 10.0)["id"])))
    world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 60})
    return made


def trouble(world: World) -> None:
    """Both systems fail now and then, before and after they have done what they were asked."""
    world.control("intacct", "POST", "faults", [
        {"action": action, "match": {"function": "create", "nth": nth, "times": 2}}
        for nth, action in ((3, "http_status"), (9, "cut_after_commit"), (17, "cut_before_commit"), (29, "cut_after_commit"))
    ])  # fmt: skip
    world.control(
        "servicetitan", "POST", "faults", [{"action": "http_status", "status": 429, "seconds": 2, "match": {"nth": 40, "times": 3}}]
    )


@pytest.mark.req("R-ST-02", "R-ST-01", "R-ST-33")
def test_documents_exported_at_once_in_any_order_never_miss_their_project(world: World) -> None:
    office = ready(world)
    dice = random.Random(11)
    documents = enter(world, office, dice)
    trouble(world)
    field, company = Connection.objects.get(name="field"), Connection.objects.get(name="books")
    dice.shuffle(documents)
    # The documents are told of before anything they refer to has been read.
    for start in range(0, len(documents), 40):
        mark(field, documents[start : start + 40], reason="webhook", now=world.clock.now())
        drain(world.runtime, company, 0)
        world.clock.advance(2)
    world.run_until_quiet(hours=24)
    refused = Counter(Intent.objects.filter(state=IntentState.REFUSED).values_list("flow", "fault_code", "detail"))
    assert not refused
    assert list(Problem.objects.filter(cleared_at=None).values_list("code", "name", "detail")) == []
    assert Link.objects.filter(left_kind__in=DOCUMENTS, is_open=True).count() == EXPORTS
    bills, invoices = office.books("APBILL", "RECORDNO"), office.books("ARINVOICE", "RECORDNO")
    assert (len(bills), len(invoices)) == (EXPORTS - EXPORTS // 2, EXPORTS // 2)
    there = sum(float(row["total"]) for row in world.control("servicetitan", "GET", "objects/invoices") if row["syncStatus"] == "Exported")
    assert sum(float(row["TOTALENTERED"]) for row in invoices.values()) == pytest.approx(there, abs=0.001)
    for line in world.control("intacct", "GET", "objects/APBILLITEM") + world.control("intacct", "GET", "objects/ARINVOICEITEM"):
        assert line["PROJECTID"]
    report = tieout.run(world.runtime, Integration.objects.get())
    assert [(flow.flow, flow.differences[:3], flow.missing[:3]) for flow in report.flows if not flow.agreed] == []


def without_the_gate(flow: Flow) -> Flow:
    """The same flow that takes every reference for granted, by the ID it will have, and waits for none."""

    def taken_for_granted(value: Value, view: View) -> Value:
        if not isinstance(value, Ref):
            return None
        if value.kind in ("job", "project"):
            fields = view.look(value).fields
            return str(fields.get("jobNumber") or f"P-{fields['number']}")
        return f"{'C' if value.kind == 'customer' else 'V'}-{value.id}"

    def loose(field_map: FieldMap) -> FieldMap:
        refers = field_map.right in ("PROJECTID", "CUSTOMERID", "VENDORID")
        return replace(field_map, to_right=taken_for_granted) if refers else field_map

    (lines,) = flow.lines
    loose_lines = LineMap(lines.right, lines.left, tuple(loose(each) for each in lines.fields))
    number = lambda view: f"ST-{view.record.id}"  # noqa: E731
    return replace(flow, natural_key=number, fields=tuple(loose(each) for each in flow.fields), lines=(loose_lines,))


def as_sent(fields: Fields) -> dict[str, Any]:
    return {
        name: tuple(Line(line.id, line.fields) for line in value) if isinstance(value, tuple) else value for name, value in fields.items()
    }


@pytest.mark.req("R-ST-02")
def test_the_same_documents_without_the_gate_are_refused_for_their_missing_projects(world: World) -> None:
    office = ready(world)
    integration = Integration.objects.get()
    world.settings(integration, {"project_auto_sync": False, "export_payables": False, "export_receivables": False})
    documents = enter(world, office, random.Random(11))
    field, company = Connection.objects.get(name="field"), Connection.objects.get(name="books")
    world.run_until_quiet(hours=12)  # customers are there; projects, which nobody asks for, are not
    assert world.projects() == {}
    books = world.runtime.systems.of(company)
    vendors = world.control("servicetitan", "GET", "objects/vendors")
    made = [{"NAME": vendor["name"], "DISPLAYCONTACT.PRINTAS": vendor["name"]} for vendor in vendors]
    keys = [f"V-{vendor['id']}" for vendor in vendors]
    books.write([Write(str(uuid4()), Verb.CREATE, "VENDOR", each, natural_key=key) for each, key in zip(made, keys, strict=True)])
    for wanted in Papers.SETTINGS:
        world.settings(integration, wanted)
    for connection in due_connections(world.clock.now()):
        poll(world.runtime, connection)
    records: dict[Ref, Record] = {ref: known.record for ref, known in stored(field, _all_of(field)).items()}
    settings = settings_of(Integration.objects.get())
    refused: Counter[str] = Counter()
    for ref in documents:
        flow = without_the_gate(BY_NAME[DOCUMENTS[ref.kind]])
        decision = decide(flow, Case(left=records[ref], related=records, facts=Facts(confirmed=True)), settings, world.clock.now())
        (step,) = [step for step in decision.steps if step.kind is StepKind.CREATE]
        write = Write(str(uuid4()), Verb.CREATE, flow.right_kind, as_sent(step.fields), step.entity, natural_key=step.natural_key)
        (outcome,) = books.write([write])
        assert outcome.effect is Effect.REFUSED, outcome
        assert outcome.fault is not None
        assert "project" in outcome.fault.detail.lower(), outcome.fault.detail
        refused[outcome.fault.case.code] += 1
    assert sum(refused.values()) == EXPORTS


def _all_of(field: Connection) -> list[Ref]:
    return [Ref(kind, id_) for kind, id_ in Row.objects.filter(connection=field).values_list("kind", "remote_id")]
