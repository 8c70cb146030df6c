"""The article's tables about projects, row by row: the date window, the status table, the timing table and the loop vectors."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tieout.core.decide import Case, ClosedPairing, Decision, Pairing, Side, StepKind, decide
from tieout.core.record import Record, Ref
from tieout.core.settings import values_of
from tieout.core.tables import Facts
from tieout.platforms.sage_psa.flows import CLIENTS, PROJECTS
from tieout.platforms.sage_psa.settings import SETTINGS

CONNECTED = datetime(2025, 6, 15, tzinfo=UTC)
NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
BEFORE, AFTER = CONNECTED - timedelta(days=90), CONNECTED + timedelta(days=3)
SOON = date(2026, 1, 31)
VALUES = values_of(SETTINGS, {"default_location": "100"})
RIGHT = Ref("PROJECT", "900")


def psa(stage: str = "RUNNING", *, made: datetime = AFTER, end: date | None = SOON, **fields: Any) -> Record:
    values = {"name": "Roof", "stage": stage, "created_at": made, "end_date": end, "custom_project_id": "P-1", "budget_type": "FIXED_PRICE"}
    return Record("project", "1", {**values, **fields}, "P-1", modified_at=made)


def book(status: str = "active", *, made: datetime = AFTER, end: date | None = SOON, **fields: Any) -> Record:
    return Record("PROJECT", "900", {"NAME": "Roof", "STATUS": status, "ENDDATE": end, **fields}, "P-1", modified_at=made)


def look(case: Case, now: datetime = NOW, **settings: Any) -> Decision:
    return decide(PROJECTS, case, {**VALUES, **settings}, now)


def out(project: Record, now: datetime = NOW, **settings: Any) -> Decision:
    return look(Case(project, facts=Facts(since=CONNECTED)), now, **settings)


def back(project: Record, now: datetime = NOW, **settings: Any) -> Decision:
    return look(Case(None, project, facts=Facts(since=CONNECTED)), now, **settings)


def made(decision: Decision) -> Any:
    """The status or stage of what would be made; None if nothing would."""
    if not decision.steps:
        return None
    (step,) = decision.steps
    assert step.kind is StepKind.CREATE
    return step.fields["STATUS" if step.side is Side.RIGHT else "stage"]


@pytest.mark.req("R-PSA-08")
@pytest.mark.parametrize(
    ("end", "goes"),
    [
        pytest.param(date(2024, 6, 15), True, id="DW-1"),
        pytest.param(date(2024, 6, 14), False, id="DW-2"),
        pytest.param(date(2025, 6, 14), True, id="DW-3"),
        pytest.param(date(2025, 6, 15), True, id="DW-4"),
        pytest.param(date(2031, 1, 1), True, id="DW-5"),
        pytest.param(None, False, id="DW-6"),
    ],
)
def test_the_date_window(end: date | None, goes: bool) -> None:
    assert (made(out(psa(made=BEFORE, end=end))) is not None) is goes
    assert (made(back(book(made=BEFORE, end=end))) is not None) is goes


@pytest.mark.req("R-PSA-08")
def test_a_project_without_end_date_takes_part_if_the_setting_says_so() -> None:
    assert made(out(psa(made=BEFORE, end=None), missing_end_date="include")) == "active"
    assert out(psa(made=BEFORE, end=None)).findings[0].code == "sage-psa.no-end-date"


@pytest.mark.req("R-PSA-08")
def test_a_linked_project_keeps_going_when_its_end_date_leaves_the_window() -> None:  # DW-8
    base = linked_base("RUNNING", "active")
    decision = look(Case(psa(made=BEFORE, end=date(2001, 1, 1)), book(end=SOON), Pairing(RIGHT, base)))
    assert [(step.side, step.fields) for step in decision.steps] == [(Side.RIGHT, {"ENDDATE": date(2001, 1, 1)})]


def row(name: str, *values: Any, req: str = "") -> Any:
    return pytest.param(*values, id=name, marks=[pytest.mark.req(req)] if req else [])


@pytest.mark.parametrize(
    ("stage", "when", "status"),
    [
        row("ST-01", "RUNNING", BEFORE, "active", req="R-PSA-52"),
        row("ST-02", "OPPORTUNITY", BEFORE, None, req="R-PSA-53"),
        row("ST-03", "PLANNING", BEFORE, None, req="R-PSA-53"),
        row("ST-04", "HALTED", BEFORE, None, req="R-PSA-53"),
        row("ST-05", "DONE", BEFORE, None, req="R-PSA-53"),
        row("ST-06", "OPPORTUNITY", AFTER, "inactive", req="R-PSA-54"),
        row("ST-07", "PLANNING", AFTER, "inactive", req="R-PSA-54"),
        row("SX-1", "RUNNING", AFTER, "active"),
        row("SX-2 halted", "HALTED", AFTER, None),
        row("SX-2 done", "DONE", AFTER, None),
        row("SX-6", "SOMETHING NEW", AFTER, None),
    ],
)
def test_the_status_table_of_projects_made_in_sage_psa(stage: str, when: datetime, status: str | None) -> None:
    assert made(out(psa(stage, made=when))) == status


@pytest.mark.parametrize(
    ("status", "when", "stage"),
    [
        row("ST-13", "active", BEFORE, "RUNNING", req="R-PSA-57"),
        row("ST-14", "inactive", BEFORE, None, req="R-PSA-58"),
        row("ST-15", "active", AFTER, "RUNNING", req="R-PSA-59"),
        row("ST-16", "inactive", AFTER, None, req="R-PSA-60"),
    ],
)
def test_the_status_table_of_projects_made_in_the_books(status: str, when: datetime, stage: str | None) -> None:
    assert made(back(book(status, made=when))) == stage


def linked_base(stage: str, status: str) -> dict[str, Any]:
    """What both sides agreed on last."""
    same = {"NAME": "Roof", "ENDDATE": SOON}
    empty = ("DESCRIPTION", "BEGINDATE", "CUSTOMERID", "LOCATIONID", "DEPARTMENTID")
    once = {"PROJECTCATEGORY": ("Contract", "Contract"), "@project-id": ("P-1", "P-1"), "@budget-type": ("FIXED_PRICE", "FIXED_PRICE")}
    return {
        **{name: (value, value) for name, value in same.items()},
        **dict.fromkeys(empty, (None, None)),
        **once,
        "STATUS": (stage, status),
    }


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        row("ST-08", "OPPORTUNITY", "inactive", req="R-PSA-55"),
        row("ST-09", "PLANNING", "inactive", req="R-PSA-55"),
        row("ST-10", "HALTED", "inactive", req="R-PSA-55"),
        row("ST-11", "DONE", "inactive", req="R-PSA-55"),
        row("ST-12", "RUNNING", "active", req="R-PSA-56"),
    ],
)
def test_the_status_table_of_linked_projects_changed_in_sage_psa(stage: str, status: str) -> None:
    before = ("RUNNING", "active") if status == "inactive" else ("PLANNING", "inactive")
    decision = look(Case(psa(stage), book(before[1]), Pairing(RIGHT, linked_base(*before))))
    assert [(step.side, step.fields) for step in decision.steps] == [(Side.RIGHT, {"STATUS": status})]


@pytest.mark.parametrize(
    ("before", "now", "stage"),
    [
        row("ST-17", ("RUNNING", "active"), "inactive", "DONE", req="R-PSA-61"),
        row("SX-3", ("DONE", "inactive"), "active", "RUNNING"),
        row("LP-1", ("PLANNING", "inactive"), "inactive", None),
        row("LP-2", ("HALTED", "inactive"), "inactive", None),
        row("LP-4", ("PLANNING", "inactive"), "active", "RUNNING"),
    ],
)
def test_the_status_table_of_linked_projects_changed_in_the_books(before: tuple[str, str], now: str, stage: str | None) -> None:
    decision = look(Case(psa(before[0]), book(now), Pairing(RIGHT, linked_base(*before))))
    assert [(step.side, step.fields) for step in decision.steps] == ([(Side.LEFT, {"stage": stage})] if stage else [])


def test_another_edit_in_the_books_leaves_the_stage_as_it_is() -> None:  # LP-5
    decision = look(Case(psa("PLANNING"), book("inactive", DESCRIPTION="new"), Pairing(RIGHT, linked_base("PLANNING", "inactive"))))
    assert [(step.side, step.fields) for step in decision.steps] == [(Side.LEFT, {"description": "new"})]


def test_the_echo_of_our_own_stage_changes_nothing() -> None:  # LP-3
    decision = look(Case(psa("DONE"), book("inactive"), Pairing(RIGHT, linked_base("DONE", "inactive"))))
    assert decision.steps == ()


@pytest.mark.req("R-PSA-22")
@pytest.mark.parametrize("born_left", [True, False])
def test_what_existed_before_goes_with_the_first_overnight_run(born_left: bool) -> None:  # TM-01, TM-02
    noon = CONNECTED.replace(hour=12)
    facts = Facts(since=noon)
    case = Case(psa(made=BEFORE), facts=facts) if born_left else Case(None, book(made=BEFORE), facts=facts)
    decision = look(case, noon + timedelta(minutes=5))
    assert (decision.steps, decision.findings[0].code) == ((), "sage-psa.overnight")
    assert decision.recheck_at == datetime(2025, 6, 16, 2, 0, tzinfo=UTC)
    assert made(look(case, decision.recheck_at)) is not None


@pytest.mark.req("R-PSA-31")
@pytest.mark.parametrize(
    ("choice", "status", "steps"),
    [
        ("bring-back", "active", [StepKind.UNLINK]),
        ("bring-back", "inactive", [StepKind.UNLINK]),
        ("deactivate", "active", [StepKind.UPDATE, StepKind.UNLINK]),
        ("keep", "active", [StepKind.UNLINK]),
    ],
)
def test_what_becomes_of_a_project_deleted_in_sage_psa(choice: str, status: str, steps: list[StepKind]) -> None:
    pairing = Pairing(RIGHT, linked_base("RUNNING", status))
    decision = look(Case(None, book(status), pairing), deleted_project=choice)
    assert [step.kind for step in decision.steps] == steps
    closed = Case(None, book(status), closed=[ClosedPairing(RIGHT, "deleted left", NOW)], facts=Facts(since=CONNECTED))
    later = look(closed, NOW + timedelta(days=1), deleted_project=choice)
    assert (made(later) == "RUNNING") is (choice == "bring-back" and status == "active")


@pytest.mark.req("R-PSA-09")
def test_a_client_and_a_customer_go_with_the_first_project_that_names_them() -> None:
    client = Record("client", "5", {"name": "Ashby"}, "5", modified_at=AFTER)
    customer = Record("CUSTOMER", "7", {"NAME": "Ashby", "STATUS": "active"}, "K-1", modified_at=AFTER)
    assert decide(CLIENTS, Case(client), VALUES, NOW).findings[0].code == "sage-psa.with-project"
    assert decide(CLIENTS, Case(None, customer), VALUES, NOW).findings[0].code == "sage-psa.with-project"
    (step,) = decide(CLIENTS, Case(client, needed=True), VALUES, NOW).steps
    assert (step.side, step.natural_key, step.fields["NAME"]) == (Side.RIGHT, "C-5", "Ashby")
    (step,) = decide(CLIENTS, Case(None, customer, needed=True), VALUES, NOW).steps
    assert (step.side, step.natural_key, step.fields) == (Side.LEFT, "Ashby", {"name": "Ashby"})
