"""What becomes of documents: when they go, what they wait for, their lines to the cent, and what happens after they were posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.servicetitan import documents
from tests.unit.servicetitan.bodies import business_unit, customer, job, project
from tieout.core.decide import Case, Decision, FindingKind, Pairing, Side, Step, StepKind, decide
from tieout.core.flow import Flow
from tieout.core.record import Line, Record, Ref, normal_fields
from tieout.core.rulings import Ruling, RulingKind
from tieout.core.settings import values_of
from tieout.core.tables import Facts, Rows, TableRow
from tieout.platforms.servicetitan.flows import FLOWS
from tieout.platforms.servicetitan.records import normalise
from tieout.platforms.servicetitan.settings import SETTINGS
from tieout.platforms.servicetitan.tables import TABLES

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
BY_NAME: Mapping[str, Flow] = {flow.name: flow for flow in FLOWS}
ALL_ON = {
    "enable_projects": True,
    "customer_project_linkage": True,
    "project_auto_sync": True,
    "parent_project_mapping": True,
    "export_payables": True,
    "export_inventory_bills": True,
    "export_ap_bills": True,
    "export_ap_credits": True,
    "export_receivables": True,
    "export_invoices": True,
    "export_payments": True,
    "export_credit_memos": True,
    "accounts_match": True,
    "bill_tax_account": "22000",
    "bill_shipping_account": "52000",
    "sales_tax_account": "22100",
    "vendor_credit_account": "51900",
    "advance_account": "24000",
}
LINKED = {
    Ref("job", "501"): Ref("PROJECT", "9501"),
    Ref("job", "502"): Ref("PROJECT", "9502"),
    Ref("project", "301"): Ref("PROJECT", "9301"),
    Ref("customer", "101"): Ref("CUSTOMER", "9101"),
    Ref("vendor", "801"): Ref("VENDOR", "9801"),
    Ref("invoice", "601"): Ref("ARINVOICE", "9601"),
}
UNIT = {"location": "100", "department": "D1", "class": "K1", "entity": ""}
ROWS = {
    "business-units": [TableRow(("HVAC Install",), UNIT)],
    "payment-types": [TableRow(("Check",), {"method": "Printed Check", "undeposited_account": "10900", "bank_account": ""})],
    "items": [TableRow(("Material", "CP-15"), {"item": "PIPE", "account_no": "", "class": ""})],
}


def facts(*, confirmed: bool = True, **rows: list[TableRow]) -> Facts:
    labels = {table.name: table.label for table in TABLES}
    found = {**ROWS, **{name.replace("_", "-"): value for name, value in rows.items()}}
    return Facts({name: Rows(labels[name], tuple(found.get(name, ()))) for name in labels}, confirmed)


@dataclass
class Desk:
    """One document with everything around it; `decide` says what becomes of it."""

    flow: Flow
    left: Record
    settings: dict[str, Any] = field(default_factory=dict)
    counterparts: dict[Ref, Ref] = field(default_factory=lambda: dict(LINKED))
    facts: Facts = field(default_factory=facts)
    right: Record | None = None
    pairing: Pairing | None = None
    needed: bool = False
    requested: bool = False
    rulings: tuple[Ruling, ...] = ()
    around: dict[Ref, Record] = field(default_factory=dict)

    def decide(self) -> Decision:
        near = [normalise("job", job(id_, projectId=301)) for id_ in (501, 502)]
        near += [normalise("customer", customer()), normalise("business-unit", business_unit()), normalise("project", project())]
        near += [normalise("purchase-order", documents.purchase_order()), normalise("vendor", documents.vendor())]
        case = Case(
            left=self.left,
            right=self.right,
            pairing=self.pairing,
            needed=self.needed,
            requested=self.requested,
            related={**{record.ref: record for record in near}, **self.around},
            counterparts=self.counterparts,
            facts=self.facts,
            rulings=self.rulings,
            edited_by_us=True,
        )
        return decide(self.flow, case, values_of(SETTINGS, {**ALL_ON, **self.settings}), NOW)

    def create(self) -> Step:
        decision = self.decide()
        (step,) = [step for step in decision.steps if step.kind is StepKind.CREATE] or [pytest.fail(f"{decision.findings}")]
        return step

    def post(self, state: str = "Posted") -> Desk:
        """The document was made in the books and stands there in this state."""
        step = self.create()
        fields = normal_fields({**step.fields, "STATE": state})
        self.right = Record(self.flow.right_kind, "9999", fields, step.natural_key)
        self.pairing = Pairing(self.right.ref, dict(step.base))
        return self

    def change(self, **changes: Any) -> Desk:
        self.left = Record(self.left.kind, self.left.id, normal_fields({**self.left.fields, **changes}), self.left.natural_key)
        return self


def desk(flow: str, body: dict[str, Any], **settings: Any) -> Desk:
    made = BY_NAME[flow]
    left = normalise(made.left_kind, body)
    return Desk(made, left, settings, {ref: other for ref, other in LINKED.items() if ref != left.ref})


def bill(**changes: Any) -> Desk:
    return desk("inventory-bills", documents.inventory_bill(**{"active": True, **changes}))


def invoice(**changes: Any) -> Desk:
    return desk("invoices", documents.invoice(**changes))


def lines(step: Step) -> list[Mapping[str, Any]]:
    (found,) = (value for value in step.fields.values() if isinstance(value, tuple))
    return [line.fields for line in found if isinstance(line, Line)]


def codes(decision: Decision) -> list[str]:
    return [finding.code for finding in decision.findings]


# Inventory bills


@pytest.mark.req("R-ST-25")
def test_a_bill_carries_vendor_dates_and_a_line_with_every_dimension() -> None:
    step = bill().create()
    header = {name: value for name, value in step.fields.items() if name != "APBILLITEMS"}
    assert header == {
        "VENDORID": Ref("VENDOR", "9801"),
        "RECORDID": "B-771",
        "DOCNUMBER": "LS-44187",
        "DESCRIPTION": "ServiceTitan bill B-771 (ID 771) https://go.servicetitan.com/#/Bill/Index/771",
        "WHENCREATED": date(2026, 5, 7),
        "WHENPOSTED": date(2026, 5, 7),
        "WHENDUE": date(2026, 6, 6),
        "ACTION": "Submit",
    }
    item, tax = lines(step)
    assert item == {
        "ACCOUNTNO": "51000",
        "TRX_AMOUNT": Decimal("100.25"),
        "ENTRYDESCRIPTION": "Copper pipe 15 mm",
        "PROJECTID": Ref("PROJECT", "9501"),
        "CUSTOMERID": Ref("CUSTOMER", "9101"),
        "LOCATIONID": "100",
        "DEPARTMENTID": "D1",
        "CLASSID": "K1",
        "ITEMID": "PIPE",
    }
    assert (tax["ACCOUNTNO"], tax["TRX_AMOUNT"], tax["PROJECTID"]) == ("22000", Decimal(10), Ref("PROJECT", "9501"))


@pytest.mark.req("R-ST-01", "R-ST-D14", "R-ST-33")
@pytest.mark.parametrize(
    "missing", [Ref("job", "501"), Ref("customer", "101"), Ref("vendor", "801")], ids=["project", "customer", "vendor"]
)
def test_a_bill_waits_by_name_for_whatever_it_refers_to(missing: Ref) -> None:
    made = bill()
    del made.counterparts[missing]
    decision = made.decide()
    assert decision.steps == ()
    assert [(found.kind, found.ref) for found in decision.findings] == [(FindingKind.BLOCKED, missing)]
    made.counterparts[missing] = LINKED[missing]
    assert made.create()


def test_a_bill_without_a_job_finds_its_project_by_its_purchase_order() -> None:
    made = bill(jobId=None, jobNumber=None)
    assert lines(made.create())[0]["PROJECTID"] == Ref("PROJECT", "9501")
    made.around = {Ref("purchase-order", "701"): normalise("purchase-order", documents.purchase_order(jobId=None))}
    assert lines(made.create())[0]["PROJECTID"] == Ref("PROJECT", "9301")
    made = bill(jobId=None, purchaseOrderId=None)
    assert "PROJECTID" not in lines(made.create())[0]


def test_a_bill_of_a_project_is_held_while_projects_do_not_go_and_the_setting_is_named() -> None:
    made = bill(jobId=None)
    made.around = {Ref("purchase-order", "701"): normalise("purchase-order", documents.purchase_order(jobId=None))}
    made.settings["parent_project_mapping"] = False
    del made.counterparts[Ref("project", "301")]
    (finding,) = made.decide().findings
    assert (finding.kind, finding.code) == (FindingKind.HELD, "servicetitan.parent-mapping-off")
    assert "Enable Parent Project Mapping" in finding.text


def test_without_projects_a_bill_goes_without_one_and_waits_for_none() -> None:
    made = bill()
    made.settings["enable_projects"] = False
    del made.counterparts[Ref("job", "501")]
    assert "PROJECTID" not in lines(made.create())[0]


@pytest.mark.parametrize(
    ("items", "amounts"),
    [
        ([("3", "33.335")], ["100.00"]),
        ([("1", "33.333"), ("1", "33.333"), ("1", "33.334")], ["33.34", "33.33", "33.33"]),
        ([("1", "50.004"), ("1", "49.996")], ["50.00", "50.00"]),
        ([("2", "0"), ("1", "100.00")], ["100.00"]),
        ([("-1", "20.00"), ("1", "120.00")], ["-20.00", "120.00"]),
    ],
)
def test_the_lines_of_a_bill_add_up_to_its_total_to_the_cent(items: list[tuple[str, str]], amounts: list[str]) -> None:
    rows = [documents.bill_item(number, quantity=quantity, cost=cost) for number, (quantity, cost) in enumerate(items, 1)]
    step = bill(items=rows, billAmount="100.00", taxAmount="0").create()
    found = [line["TRX_AMOUNT"] for line in lines(step)]
    assert sum(found) == Decimal(100)
    assert found == [Decimal(amount) for amount in amounts]


@pytest.mark.parametrize("changes", [{"billAmount": "111.00"}, {"taxAmount": "0"}, {"shippingAmount": "0.50"}])
def test_a_bill_whose_lines_do_not_add_up_is_held_and_never_forced(changes: dict[str, Any]) -> None:
    decision = bill(**changes).decide()
    assert (codes(decision), decision.steps) == (["servicetitan.lines-differ"], ())


@pytest.mark.parametrize("items", [None, []])
def test_a_bill_without_goods_among_inventory_bills_is_left_to_the_ap_bills(items: list[Any] | None) -> None:
    decision = bill(items=items, taxAmount="0").decide()
    assert (codes(decision), decision.steps) == (["servicetitan.ap-bill"], ())


@pytest.mark.parametrize(("choice", "account"), [("cost", "51000"), ("asset", "14000"), ("general", "60000")])
def test_the_account_of_a_bill_line_follows_the_setting(choice: str, account: str) -> None:
    accounts = {
        "assetAccount": {"id": 1, "number": "14000", "name": "Stock"},
        "generalLedgerAccount": {"id": 2, "number": "60000", "name": "Other"},
    }
    made = bill(items=[documents.bill_item(**accounts)])
    made.settings["bill_account"] = choice
    assert lines(made.create())[0]["ACCOUNTNO"] == account


def test_an_account_without_a_row_is_held_once_for_all_until_it_has_one() -> None:
    made = bill()
    made.settings["accounts_match"] = False
    (finding,) = made.decide().findings
    assert (finding.kind, finding.code) == (FindingKind.HELD, "mapping.unmatched")
    assert "Accounts" in finding.text
    assert "51000" in finding.text
    made.facts = facts(accounts=[TableRow(("51000",), {"account_no": "5100-10"})])
    assert lines(made.create())[0]["ACCOUNTNO"] == "5100-10"


def test_an_items_own_row_beats_the_row_for_all_items() -> None:
    rows = [
        TableRow(("Material", "CP-15"), {"item": "PIPE", "account_no": "51050", "class": "K9"}),
        TableRow(("*", "*"), {"item": "MISC", "account_no": "", "class": ""}),
    ]
    made = bill()
    made.facts = facts(items=rows)
    line = lines(made.create())[0]
    assert (line["ITEMID"], line["ACCOUNTNO"], line["CLASSID"]) == ("PIPE", "51050", "K9")
    made = bill(items=[documents.bill_item(skuCode="OTHER")])
    made.facts = facts(items=rows)
    assert lines(made.create())[0]["ITEMID"] == "MISC"


@pytest.mark.req("R-ST-D11")
@pytest.mark.parametrize(
    ("body", "rows", "location"),
    [
        (job(), [TableRow(("11",), UNIT)], "100"),
        (job(), [], "200"),
        (project(businessUnitIds=[11]), [TableRow(("HVAC Install",), UNIT)], "100"),
        (project(businessUnitIds=[11, 12]), [TableRow(("11",), UNIT), TableRow(("12",), UNIT)], "100"),
        (project(businessUnitIds=[11, 12]), [TableRow(("11",), UNIT), TableRow(("12",), {**UNIT, "location": "300"})], "200"),
        (project(businessUnitIds=[]), [], "200"),
    ],
)
def test_a_project_takes_the_dimensions_of_its_business_units_where_they_agree(
    body: dict[str, Any], rows: list[TableRow], location: str
) -> None:
    made = desk("jobs" if "jobNumber" in body else "projects", body, default_location="200")
    made.around = {Ref("business-unit", str(id_)): normalise("business-unit", business_unit(id_)) for id_ in (11, 12)}
    if rows and rows[0].keys == ("11",):
        made.around[Ref("business-unit", "12")] = normalise("business-unit", business_unit(12, name="Plumbing"))
    made.facts = facts(business_units=rows)
    assert made.create().fields["LOCATIONID"] == location


@pytest.mark.req("R-ST-D11")
def test_a_business_unit_without_a_row_falls_back_to_the_settings() -> None:
    made = bill()
    made.facts = facts(business_units=[])
    made.settings |= {"default_location": "200", "default_department": "D9"}
    line = lines(made.create())[0]
    assert (line["LOCATIONID"], line["DEPARTMENTID"], line.get("CLASSID")) == ("200", "D9", None)


@pytest.mark.parametrize(("level", "entity"), [("top", ""), ("entity", "100")])
def test_a_bill_is_made_at_the_level_of_the_setting(level: str, entity: str) -> None:
    made = bill()
    made.settings["transaction_level"] = level
    assert made.create().entity == entity


@pytest.mark.parametrize(
    ("changes", "number"),
    [({}, "B-771"), ({"referenceNumber": None}, "ST-771"), ({"referenceNumber": "X" * 60}, "X" * 45)],
)
def test_a_bill_has_a_number_whatever_servicetitan_gives(changes: dict[str, Any], number: str) -> None:
    step = bill(**changes).create()
    assert step.natural_key == f"9801/{number}"
    assert step.fields["RECORDID"] == number


# When documents go


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"syncStatus": "Pending"}, "servicetitan.not-posted"),
        ({"syncStatus": None}, "servicetitan.not-posted"),
        ({"syncStatus": "Exported"}, "servicetitan.exported-elsewhere"),
        ({"syncStatus": "PostedAndExported"}, "servicetitan.exported-elsewhere"),
        ({"active": False}, "servicetitan.void"),
    ],
)
@pytest.mark.parametrize("asked", [False, True])
def test_only_a_posted_document_goes_and_what_somebody_else_exported_never_does(changes: dict[str, Any], code: str, asked: bool) -> None:
    made = bill(**changes)
    made.needed = made.requested = asked
    decision = made.decide()
    assert (codes(decision), decision.steps) == ([code], ())


def test_documents_wait_for_a_person_where_the_setting_says_so() -> None:
    made = bill()
    made.settings["export_when"] = "request"
    assert codes(made.decide()) == ["servicetitan.on-batch"]
    made.requested = True
    assert made.create()


@pytest.mark.parametrize("switch", ["export_payables", "export_inventory_bills"])
def test_nothing_goes_before_its_switch_is_on(switch: str) -> None:
    made = bill()
    made.settings[switch] = False
    assert codes(made.decide()) == ["flow.off"]


@pytest.mark.parametrize(
    ("mode", "confirmed", "action"),
    [("submit", True, "Submit"), ("submit", False, "Draft"), ("draft", True, "Draft"), ("draft", False, "Draft")],
)
def test_documents_are_drafts_until_an_accountant_has_confirmed_the_first(mode: str, confirmed: bool, action: str) -> None:
    made = bill()
    made.settings["post_bills"] = mode
    made.facts = facts(confirmed=confirmed)
    assert made.create().fields["ACTION"] == action


@pytest.mark.parametrize(("choice", "day"), [("post", date(2026, 5, 9)), ("document", date(2026, 5, 7))])
def test_the_gl_date_follows_the_setting(choice: str, day: date) -> None:
    made = bill(postDate="2026-05-09T00:00:00Z")
    made.settings["gl_date"] = choice
    step = made.create()
    assert (step.fields["WHENPOSTED"], step.fields["WHENCREATED"]) == (day, date(2026, 5, 7))


# Closed periods


def test_a_document_in_a_closed_period_is_held_until_an_accountant_allows_it() -> None:
    made = bill()
    made.settings["closed_through"] = "2026-05-31"
    (finding,) = made.decide().findings
    assert (finding.kind, finding.code) == (FindingKind.HELD, "servicetitan.closed-period")
    made.rulings = (Ruling(RulingKind.PERIOD_ALLOWED, "Rosa", NOW),)
    assert made.create().fields["WHENPOSTED"] == date(2026, 5, 7)


def test_a_document_in_a_closed_period_goes_on_the_next_open_day_with_a_note() -> None:
    made = bill()
    made.settings |= {"closed_through": "2026-05-31", "closed_period": "next"}
    step = made.create()
    assert (step.fields["WHENPOSTED"], step.fields["WHENCREATED"]) == (date(2026, 6, 1), date(2026, 5, 7))
    assert str(step.fields["DESCRIPTION"]).endswith("Dated 2026-05-07; posted in the next open period.")


def test_a_document_in_a_closed_period_is_left_out_for_good_where_the_setting_says_so() -> None:
    made = bill()
    made.settings |= {"closed_through": "2026-05-31", "closed_period": "refuse"}
    assert codes(made.decide()) == ["servicetitan.closed-period-left-out"]


@pytest.mark.parametrize("policy", ["hold", "next", "refuse"])
def test_a_document_after_the_closed_period_is_not_touched_by_the_policy(policy: str) -> None:
    made = bill()
    made.settings |= {"closed_through": "2026-05-06", "closed_period": policy}
    assert made.create().fields["WHENPOSTED"] == date(2026, 5, 7)


# After it was posted


def acts(decision: Decision) -> list[tuple[str, Side]]:
    return [(step.action, step.side) for step in decision.steps if step.kind is StepKind.ACT]


@pytest.mark.parametrize(
    ("state", "marked"), [("Posted", True), ("Paid", True), ("Draft", False), ("Submitted", False), ("Reversed", False)]
)
def test_a_document_is_marked_as_exported_once_it_stands_in_the_ledger(state: str, marked: bool) -> None:
    made = bill().post(state)
    decision = made.decide()
    assert acts(decision) == ([("mark exported", Side.LEFT)] if marked else [])
    if marked:
        (step,) = decision.steps
        assert (step.target, step.fields) == (Ref("inventory-bill", "771"), {"exportId": "9999"})


def test_a_marked_document_is_in_step_and_is_not_marked_again() -> None:
    made = bill().post().change(syncStatus="Exported")
    assert codes(made.decide()) == ["record.in-step"]


def test_nothing_is_marked_where_the_setting_says_so() -> None:
    made = bill()
    made.settings["mark_exported"] = False
    assert made.post().decide().steps == ()


@pytest.mark.parametrize(("state", "reversed_"), [("Posted", True), ("Partially Paid", True), ("Draft", False), ("Reversed", False)])
def test_a_document_voided_after_it_was_posted_is_reversed_and_never_deleted(state: str, reversed_: bool) -> None:
    made = bill().post(state).change(active=False)
    decision = made.decide()
    assert acts(decision) == ([("reverse", Side.RIGHT)] if reversed_ else [])
    if reversed_:
        assert decision.steps[0].fields["DATEREVERSED"] == date(2026, 5, 7)


def test_a_reversal_falls_on_the_next_open_day() -> None:
    made = bill().post().change(active=False)
    assert codes(made.decide()) == []
    made.settings["closed_through"] = "2026-05-31"
    (step,) = made.decide().steps
    assert step.fields["DATEREVERSED"] == date(2026, 6, 1)


def dearer(made: Desk) -> Desk:
    items = made.left.fields["items"]
    assert isinstance(items, tuple)
    moved = tuple(Line(line.id, {**line.fields, "cost": Decimal("60.125")}) for line in items)
    return made.change(items=moved, billAmount=Decimal("130.25"))


def test_a_draft_follows_its_document() -> None:
    decision = dearer(bill().post("Draft")).decide()
    (step,) = decision.steps
    assert step.kind is StepKind.UPDATE
    assert lines(step)[0]["TRX_AMOUNT"] == Decimal("120.25")


def test_a_posted_document_that_changes_is_never_edited_silently() -> None:
    decision = dearer(bill().post()).decide()
    assert [step.kind for step in decision.steps if step.kind is not StepKind.ACT] == []
    assert codes(decision) == ["record.locked"]


def test_a_posted_document_that_changes_is_reversed_and_posted_anew_where_the_setting_says_so() -> None:
    made = bill()
    made.settings["changed_after_posting"] = "replace"
    decision = dearer(made.post()).decide()
    assert [(step.kind, step.action) for step in decision.steps][:3] == [
        (StepKind.ACT, "reverse"),
        (StepKind.UNLINK, ""),
        (StepKind.CREATE, ""),
    ]
    made_anew = decision.steps[2]
    assert (made_anew.natural_key, made_anew.fields["RECORDID"]) == ("9801/B-771-2", "B-771-2")


def carried(made: Desk) -> Step:
    """The adjustment that is due; afterwards the base is as it settles."""
    (step,) = [step for step in made.decide().steps if step.kind is StepKind.ADJUST]
    assert made.pairing is not None
    made.pairing = Pairing(made.pairing.right, {**made.pairing.base, **step.base})
    return step


def test_a_posted_document_that_changes_is_adjusted_by_the_difference_where_the_setting_says_so() -> None:
    made = bill(changed_after_posting="adjust").post()
    made.settings["changed_after_posting"] = "adjust"
    step = carried(dearer(made))
    assert (step.made_kind, step.fields["VENDORID"]) == ("APADJUSTMENT", Ref("VENDOR", "9801"))
    (line,) = lines(step)
    assert (line["TRX_AMOUNT"], line["ACCOUNTNO"], line["PROJECTID"]) == (Decimal(20), "51000", Ref("PROJECT", "9501"))
    assert not [each for each in made.decide().steps if each.kind is StepKind.ADJUST]


def test_a_second_change_is_adjusted_from_the_first_and_not_from_the_beginning() -> None:
    made = bill().post()
    made.settings["changed_after_posting"] = "adjust"
    first = carried(dearer(made))
    items = made.left.fields["items"]
    assert isinstance(items, tuple)
    made.change(items=tuple(Line(line.id, {**line.fields, "cost": Decimal("65.125")}) for line in items), billAmount=Decimal("140.25"))
    second = carried(made)
    assert [lines(step)[0]["TRX_AMOUNT"] for step in (first, second)] == [Decimal(20), Decimal(10)]


def test_a_line_that_moves_to_another_account_is_taken_back_there_and_entered_here() -> None:
    made = bill().post()
    made.settings["changed_after_posting"] = "adjust"
    items = made.left.fields["items"]
    assert isinstance(items, tuple)
    made.change(items=tuple(Line(line.id, {**line.fields, "costOfSaleAccount.number": "51900"}) for line in items))
    assert [(line["ACCOUNTNO"], line["TRX_AMOUNT"]) for line in lines(carried(made))] == [
        ("51000", Decimal("-100.25")),
        ("51900", Decimal("100.25")),
    ]


def test_a_changed_vendor_or_date_of_a_posted_document_is_told_and_never_adjusted_away() -> None:
    made = bill().post()
    made.settings["changed_after_posting"] = "adjust"
    decision = made.change(billDate=date(2026, 5, 8)).decide()
    assert (codes(decision), decision.steps) == (["servicetitan.not-adjustable"], ())


def test_an_invoice_is_adjusted_as_its_customer_owes_more_or_less() -> None:
    made = invoice().post()
    made.settings["changed_after_posting"] = "adjust"
    items = made.left.fields["items"]
    assert isinstance(items, tuple)
    made.change(items=tuple(Line(line.id, {**line.fields, "total": Decimal(900)}) for line in items), total=Decimal("982.5"))
    step = carried(made)
    assert (step.made_kind, lines(step)[0]["TRX_AMOUNT"]) == ("ARADJUSTMENT", Decimal(-100))


# AP bills, credits, vendors


@pytest.mark.req("R-ST-25")
def test_each_expense_line_of_an_ap_bill_keeps_its_own_job() -> None:
    expense = documents.ap_bill()["expenseItems"][0]
    rows = [{**expense, "id": 1, "amount": "50.00"}, {**expense, "id": 2, "amount": "25.00", "job": {"id": 502, "name": "J502"}}]
    step = desk("ap-bills", documents.ap_bill(expenseItems=rows)).create()
    assert [(line["PROJECTID"], line["TRX_AMOUNT"]) for line in lines(step)] == [
        (Ref("PROJECT", "9501"), Decimal(50)),
        (Ref("PROJECT", "9502"), Decimal(25)),
    ]


def test_a_cancelled_ap_bill_does_not_go() -> None:
    assert codes(desk("ap-bills", documents.ap_bill(status="Canceled")).decide()) == ["servicetitan.void"]


def test_a_vendor_credit_becomes_an_adjustment_below_zero() -> None:
    step = desk("ap-credits", documents.ap_credit()).create()
    assert (step.natural_key, step.fields["DOCNUMBER"]) == ("9801/VC-791", "LS-C-9")
    (line,) = lines(step)
    assert (line["TRX_AMOUNT"], line["ACCOUNTNO"], line["PROJECTID"]) == (Decimal("-40.1"), "51900", Ref("PROJECT", "9501"))


def test_a_vendor_goes_once_a_document_needs_it() -> None:
    made = desk("vendors", documents.vendor())
    assert codes(made.decide()) == ["servicetitan.vendor-unused"]
    made.needed = True
    step = made.create()
    assert (step.natural_key, step.fields["NAME"], step.fields["DISPLAYCONTACT.MAILADDRESS.CITY"]) == (
        "V-801",
        "Lone Star Supply",
        "Austin",
    )


@pytest.mark.parametrize("key", ["801", "lone star supply"])
def test_a_vendor_that_exists_under_an_id_of_its_own_is_found_by_the_table(key: str) -> None:
    made = desk("vendors", documents.vendor())
    made.needed = True
    made.facts = facts(vendors=[TableRow((key,), {"vendor_id": "LONESTAR"})])
    assert made.create().natural_key == "LONESTAR"


# Invoices


@pytest.mark.req("R-ST-24")
def test_an_invoice_carries_its_customer_and_each_line_its_project_and_dimensions() -> None:
    step = invoice().create()
    assert step.fields["CUSTOMERID"] == Ref("CUSTOMER", "9101")
    assert (step.natural_key, step.fields["WHENCREATED"], step.fields["WHENDUE"]) == ("601", date(2026, 5, 6), date(2026, 6, 5))
    item, tax = lines(step)
    assert (item["ACCOUNTNO"], item["TRX_AMOUNT"], item["ENTRYDESCRIPTION"]) == ("40100", Decimal(1000), "Heat pump 3 t")
    assert (item["PROJECTID"], item["LOCATIONID"], item["DEPARTMENTID"]) == (Ref("PROJECT", "9501"), "100", "D1")
    assert (tax["ACCOUNTNO"], tax["TRX_AMOUNT"]) == ("22100", Decimal("82.5"))


@pytest.mark.req("R-ST-24", "R-ST-01")
def test_an_invoice_waits_for_its_jobs_project() -> None:
    made = invoice()
    del made.counterparts[Ref("job", "501")]
    assert [found.ref for found in made.decide().findings] == [Ref("job", "501")]


@pytest.mark.parametrize(
    ("changes", "ref"),
    [
        ({}, Ref("PROJECT", "9501")),
        ({"job": None}, Ref("PROJECT", "9301")),
        ({"job": None, "projectId": None}, None),
        ({"invoiceConfiguration": "CounterSales"}, None),
    ],
)
def test_the_project_of_an_invoice_is_its_jobs_else_its_own(changes: dict[str, Any], ref: Ref | None) -> None:
    assert lines(invoice(**changes).create())[0].get("PROJECTID") == ref


def test_an_invoice_below_zero_is_an_adjustment_and_one_of_nothing_goes_nowhere() -> None:
    item = documents.invoice_item(total="-1000.00")
    body = documents.invoice(items=[item], salesTax="-82.50", total="-1082.50", subTotal="-1000.00")
    assert codes(desk("invoices", body).decide()) == ["servicetitan.other-flow"]
    step = desk("invoice-credits", body).create()
    assert sum(line["TRX_AMOUNT"] for line in lines(step)) == Decimal("-1082.5")
    nothing = documents.invoice(items=[], salesTax="0", total="0.00")
    for name in ("invoices", "invoice-credits"):
        assert codes(desk(name, nothing).decide()) == ["servicetitan.other-flow"]


def test_an_invoice_whose_items_are_not_known_is_held() -> None:
    body = documents.invoice(items=None)
    assert codes(desk("invoices", body).decide()) == ["servicetitan.lines-differ"]


@pytest.mark.req("R-ST-D13")
def test_an_invoice_of_a_merged_customer_goes_to_the_survivor() -> None:
    made = invoice(customer={"id": 102, "name": "Acme (old)"})
    made.around = {Ref("customer", "102"): normalise("customer", customer(102, active=False, mergedToId=101))}
    assert made.create().fields["CUSTOMERID"] == Ref("CUSTOMER", "9101")


# Payments, credit memos


def test_a_payment_pays_the_invoices_it_is_applied_to() -> None:
    step = desk("payments", documents.payment()).create()
    assert (step.natural_key, step.fields["PAYMENTMETHOD"], step.fields["UNDEPOSITEDACCOUNTNO"]) == (
        "9101/ST-651",
        "Printed Check",
        "10900",
    )
    (line,) = lines(step)
    assert line == {"RECORDKEY": "9601", "TRX_PAYMENTAMOUNT": Decimal(500)}
    assert step.fields["CURRENCY"] == "USD"


def test_a_payment_waits_for_its_invoice() -> None:
    made = desk("payments", documents.payment())
    del made.counterparts[Ref("invoice", "601")]
    assert [found.ref for found in made.decide().findings] == [Ref("invoice", "601")]


def test_what_a_payment_leaves_over_is_an_overpayment() -> None:
    step = desk("payments", documents.payment(total="620.00", unappliedAmount="120.00")).create()
    assert step.fields["OVERPAYMENTAMOUNT"] == Decimal(120)


def test_a_payment_applied_to_an_invoice_that_is_an_adjustment_there_is_held() -> None:
    made = desk("payments", documents.payment())
    made.counterparts[Ref("invoice", "601")] = Ref("ARADJUSTMENT", "9601")
    assert codes(made.decide()) == ["servicetitan.applied-elsewhere"]


def test_a_payment_type_without_a_row_is_held() -> None:
    made = desk("payments", documents.payment())
    made.facts = facts(payment_types=[])
    (finding,) = made.decide().findings
    assert finding.code == "mapping.unmatched"
    assert "Check" in finding.text


@pytest.mark.parametrize(
    ("changes", "goes"),
    [
        ({}, "payments"),
        ({"appliedTo": [], "unappliedAmount": "500.00"}, "advances"),
        ({"total": "-500.00", "appliedTo": []}, "refunds"),
        ({"total": "0.00", "appliedTo": []}, ""),
    ],
)
def test_each_payment_goes_one_way_and_one_of_nothing_goes_none(changes: dict[str, Any], goes: str) -> None:
    body = documents.payment(**changes)
    for name in ("payments", "advances", "refunds"):
        decision = desk(name, body).decide()
        assert bool(decision.steps) is (name == goes), (name, decision.findings)


@pytest.mark.parametrize("first", ["advances", "payments"])
def test_a_payment_that_went_one_way_never_goes_another_way_too(first: str) -> None:
    other = "payments" if first == "advances" else "advances"
    body = documents.payment() if other == "payments" else documents.payment(appliedTo=[], unappliedAmount="500.00")
    made = desk(other, body)
    made.counterparts[made.left.ref] = Ref("ARADVANCE", "9651")
    assert codes(made.decide()) == ["servicetitan.other-flow"]


def test_a_refund_is_owed_again() -> None:
    (line,) = lines(desk("refunds", documents.payment(total="-80.00", appliedTo=[])).create())
    assert (line["TRX_AMOUNT"], line["ACCOUNTNO"]) == (Decimal(80), "10900")


def test_a_credit_memo_is_owed_no_more() -> None:
    record = {**documents.credit_memo(), "items": [documents.credit_memo_item()]}
    (line,) = lines(desk("credit-memos", record).create())
    assert (line["TRX_AMOUNT"], line["ACCOUNTNO"]) == (Decimal(-50), "40100")
