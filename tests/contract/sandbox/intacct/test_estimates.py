"""Project estimates, their lines, and posting to a budget (intacct-xml §3A PJESTIMATE, PJESTIMATETYPE; intacct-rest §15.11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query
from tests.contract.sandbox.intacct.projects import assert_refused, create, delete, made, stored, task, update

Line = dict[str, Any]


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    """A project of three months with a task, a budget and an estimate type."""
    intacct.project("P-1", "<BEGINDATE>10/15/2026</BEGINDATE><ENDDATE>12/20/2026</ENDDATE>")
    made(task(intacct, TASKID="T-1"))
    made(create(intacct, "GLBUDGETHEADER", BUDGETID="JOBS", DESCRIPTION="Job budgets"))
    made(create(intacct, "PJESTIMATETYPE", NAME="Bid", SELECTEDWFTYPES="original#~#revision", ESTIMATECATEGORY="Current Estimate"))
    return intacct


def line(amount: str | None = "100", **values: Any) -> Line:
    return {**({} if amount is None else {"AMOUNT": amount}), "ACCOUNTNO": "5000", **values}


def lines(*given: Line) -> list[tuple[str, Line]]:
    return [("PJESTIMATEENTRY", each) for each in given]


def estimate(gateway: Gateway, number: str = "EST-1", *given: Line, **values: Any) -> Reply:
    more = {"ENTRIES": lines(*given)} if given else {}
    return create(gateway, "PJESTIMATE", PJESTIMATEID=number, **{"PROJECTID": "P-1", **values}, **more)


def change(gateway: Gateway, number: str = "EST-1", *given: Line, **values: Any) -> Reply:
    more = {"ENTRIES": lines(*given)} if given else {}
    return update(gateway, "PJESTIMATE", PJESTIMATEID=number, **values, **more)


def entries(gateway: Gateway) -> list[dict[str, Any]]:
    return sorted(gateway.stored("PJESTIMATEENTRY"), key=lambda row: int(row["RECORDNO"]))


def budget(gateway: Gateway) -> list[tuple[str, str]]:
    rows = sorted(gateway.stored("GLBUDGETITEM"), key=lambda row: int(row["RECORDNO"]))
    return [(row["PERIODNAME"].removeprefix("Month Ended "), row["AMOUNT"]) for row in rows]


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("PJESTIMATETYPE", {}, "NAME is required"),
        ("PJESTIMATETYPE", {"NAME": "n" * 81}, "longer than 80"),
        ("PJESTIMATETYPE", {"NAME": "A", "SELECTEDWFTYPES": "original,revision"}, "Invalid value"),
        ("PJESTIMATETYPE", {"NAME": "A", "SELECTEDWFTYPES": "original#~#none"}, "Invalid value"),
        ("PJESTIMATETYPE", {"NAME": "A", "ESTIMATECATEGORY": "Best"}, "Invalid value"),
        ("PJESTIMATE", {"PROJECTID": "P-1"}, "PJESTIMATEID is required"),
        ("PJESTIMATE", {"PJESTIMATEID": "E"}, "PROJECTID is required"),
        ("PJESTIMATE", {"PJESTIMATEID": "E", "PROJECTID": "P-1", "DESCRIPTION": "d" * 1001}, "longer than 1000"),
        ("PJESTIMATE", {"PJESTIMATEID": "E", "PROJECTID": "P-1", "POSTTO": "true"}, "Invalid value"),
        ("PJESTIMATE", {"PJESTIMATEID": "E", "PROJECTID": "P-1", "STATUS": "closed"}, "Invalid value"),
        ("PJESTIMATE", {"PJESTIMATEID": "E", "PROJECTID": "P-1", "TOTALAMOUNT": "5"}, "read-only"),
        ("GLBUDGETHEADER", {"BUDGETID": "B"}, "DESCRIPTION is required"),
        ("GLBUDGETHEADER", {"BUDGETID": "B", "DESCRIPTION": "B", "ISCONSOLIDATED": "true"}, "CURRENCY is required"),
    ],
)
def test_required_fields_lengths_and_values_are_enforced(site: Gateway, kind: str, values: dict[str, str], said: str) -> None:
    # §3A, the tables of the objects
    assert_refused(create(site, kind, **values), said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (line(None), "AMOUNT is required"),
        (line(None, QTY="2"), "AMOUNT is required"),
        (line(PRODUCTIONUNITS="3"), "TASKID is required"),
        (line(EUOM="u" * 201), "longer than 200"),
        (line(MEMO="m" * 2001), "longer than 2000"),
        (line(WFTYPE="none"), "Invalid value"),
        (line(PROJECTID="P-1"), "read-only"),
        (line(CHANGEREQUESTKEY="1"), "read-only"),
    ],
)
def test_a_line_that_says_too_little_or_too_much_is_refused(site: Gateway, given: Line, said: str) -> None:
    # §3A PJESTIMATEENTRY: AMOUNT unless QTY + UNITCOST; TASKID with PRODUCTIONUNITS; lengths
    assert_refused(estimate(site, "EST-1", given), said)
    assert site.stored("PJESTIMATE") == []


@pytest.mark.parametrize("values", [{"TASKID": "T-9"}, {"ACCOUNTNO": "9999"}, {"VENDORID": "V-9"}, {"TASKID": "T-1", "COSTTYPEID": "X"}])
def test_a_line_that_names_what_is_not_there_is_refused(site: Gateway, values: dict[str, str]) -> None:
    assert estimate(site, "EST-1", line(**values)).errors[0][0] == "BL01001973"


def test_amounts_follow_from_quantities_and_add_up(site: Gateway) -> None:
    # §3A PJESTIMATEENTRY
    number = made(
        estimate(site, "EST-1", line(None, QTY="3", UNITCOST="33.335"), line("50"), line(None, PRODUCTIONUNITS="4", TASKID="T-1"))
    )
    assert [row["AMOUNT"] for row in entries(site)] == ["100.01", "50", "0"]
    assert stored(site, "PJESTIMATE", number)["TOTALAMOUNT"] == "150.01"
    first = entries(site)[0]
    assert (first["WFTYPE"], first["PROJECTID"], first["PJESTIMATEID"]) == ("original", "P-1", "EST-1")


def test_the_first_estimate_of_a_project_is_primary_by_itself(site: Gateway) -> None:
    # §3A PJESTIMATE rules
    first, second = made(estimate(site)), made(estimate(site, "EST-2"))
    assert (stored(site, "PJESTIMATE", first)["ISPRIMARY"], stored(site, "PJESTIMATE", second)["ISPRIMARY"]) == ("true", "false")


def test_there_is_one_primary_estimate_at_most(site: Gateway) -> None:
    # §3A: to move the flag, the old one first
    made(estimate(site))
    made(estimate(site, "EST-2"))
    assert_refused(change(site, "EST-2", ISPRIMARY="true"), "already has the primary estimate 'EST-1'")
    assert_refused(estimate(site, "EST-3", ISPRIMARY="true"), "already has the primary estimate 'EST-1'")
    made(change(site, "EST-1", ISPRIMARY="false"))
    made(change(site, "EST-2", ISPRIMARY="true"))
    assert {row["PJESTIMATEID"]: row["ISPRIMARY"] for row in site.stored("PJESTIMATE")} == {"EST-1": "false", "EST-2": "true"}


def test_a_primary_estimate_is_not_deleted(site: Gateway) -> None:
    # §3A
    number = made(estimate(site, "EST-1", line()))
    assert "is primary and cannot be deleted" in delete(site, "PJESTIMATE", number).errors[0][1]
    made(change(site, ISPRIMARY="false"))
    assert delete(site, "PJESTIMATE", number).status == "success"
    assert site.stored("PJESTIMATEENTRY") == []


def test_a_finalized_estimate_changes_its_status_only(site: Gateway) -> None:
    # §3A: STATUS=finalized locks the record
    made(estimate(site))
    number = made(estimate(site, "EST-2", line(), STATUS="finalized"))
    [entry] = entries(site)
    assert_refused(change(site, "EST-2", DESCRIPTION="x"), "only its status can be changed")
    assert_refused(change(site, "EST-2", line(), STATUS="active"), "only its status can be changed")
    assert_refused(create(site, "PJESTIMATEENTRY", PJESTIMATEID="EST-2", AMOUNT="5"), "only its status can be changed")
    assert_refused(update(site, "PJESTIMATEENTRY", RECORDNO=entry["RECORDNO"], AMOUNT="5"), "only its status can be changed")
    assert_refused(delete(site, "PJESTIMATEENTRY", entry["RECORDNO"]), "only its status can be changed")
    assert "is finalized and cannot be deleted" in delete(site, "PJESTIMATE", number).errors[0][1]
    made(change(site, "EST-2", STATUS="active"))
    made(change(site, "EST-2", DESCRIPTION="x"))


def test_lines_are_finalized_with_the_update_that_adds_them(site: Gateway) -> None:
    made(estimate(site))
    made(change(site, "EST-1", line("7"), STATUS="finalized"))
    assert [row["AMOUNT"] for row in entries(site)] == ["7"]


def test_an_update_merges_lines_by_record_number(site: Gateway) -> None:
    # §2.2, §3A: with RECORDNO = change, without = add; never deletes
    number = made(estimate(site, "EST-1", line("10", MEMO="a"), line("20", MEMO="b")))
    first, second = (row["RECORDNO"] for row in entries(site))
    made(change(site, "EST-1", {"RECORDNO": second, "AMOUNT": "25"}, line("5", MEMO="c")))
    assert [(row["AMOUNT"], row["MEMO"]) for row in entries(site)] == [("10", "a"), ("25", "b"), ("5", "c")]
    assert entries(site)[0]["RECORDNO"] == first
    assert stored(site, "PJESTIMATE", number)["TOTALAMOUNT"] == "40"
    made(change(site, DESCRIPTION="no lines sent"))
    assert len(entries(site)) == 3


def test_a_line_of_another_estimate_is_not_merged(site: Gateway) -> None:
    made(estimate(site, "EST-1", line("10")))
    made(estimate(site, "EST-2"))
    [row] = entries(site)
    assert change(site, "EST-2", {"RECORDNO": row["RECORDNO"], "AMOUNT": "1"}).status == "failure"
    assert entries(site)[0]["AMOUNT"] == "10"


def test_quantities_of_a_changed_line_change_its_amount(site: Gateway) -> None:
    made(estimate(site, "EST-1", line(None, QTY="2", UNITCOST="5")))
    [row] = entries(site)
    made(change(site, "EST-1", {"RECORDNO": row["RECORDNO"], "QTY": "3"}))
    assert entries(site)[0]["AMOUNT"] == "15"
    made(change(site, "EST-1", {"RECORDNO": row["RECORDNO"], "QTY": "4", "AMOUNT": "18"}))
    assert entries(site)[0]["AMOUNT"] == "18"


def test_lines_are_written_and_deleted_on_their_own_too(site: Gateway) -> None:
    # §3A: delete lines with PJESTIMATEENTRY; create with PJESTIMATEID*
    number = made(estimate(site, "EST-1", line("10")))
    assert_refused(create(site, "PJESTIMATEENTRY", AMOUNT="5"), "PJESTIMATEID is required")
    added = made(create(site, "PJESTIMATEENTRY", PJESTIMATEID="EST-1", AMOUNT="5", TASKID="T-1"))
    assert stored(site, "PJESTIMATE", number)["TOTALAMOUNT"] == "15"
    made(update(site, "PJESTIMATEENTRY", RECORDNO=added, AMOUNT="6"))
    assert_refused(update(site, "PJESTIMATEENTRY", RECORDNO=added, PJESTIMATEID="EST-2"), "cannot be changed")
    assert stored(site, "PJESTIMATE", number)["TOTALAMOUNT"] == "16"
    assert delete(site, "PJESTIMATEENTRY", added).status == "success"
    assert stored(site, "PJESTIMATE", number)["TOTALAMOUNT"] == "10"


def test_workflow_types_are_those_of_the_estimate_type_unless_told_otherwise(site: Gateway) -> None:
    # §3A: WFTYPE should be one of the types selected (inferred)
    assert_refused(estimate(site, "EST-1", line(WFTYPE="forecast"), PJESTIMATETYPENAME="Bid"), "is not selected on the estimate type 'Bid'")
    made(estimate(site, "EST-1", line(WFTYPE="revision"), PJESTIMATETYPENAME="Bid"))
    site.set(estimate_type_limits_workflow=False)
    made(estimate(site, "EST-2", line(WFTYPE="forecast"), PJESTIMATETYPENAME="Bid"))


def test_selected_workflow_types_are_replaced_as_a_whole(site: Gateway) -> None:
    # §3A PJESTIMATETYPE
    made(update(site, "PJESTIMATETYPE", NAME="Bid", SELECTEDWFTYPES="forecast#~#other"))
    [row] = site.call(query("PJESTIMATETYPE", "SELECTEDWFTYPES", "ESTIMATECATEGORY")).rows
    assert row == {"SELECTEDWFTYPES": "forecast#~#other", "ESTIMATECATEGORY": "Current Estimate"}


def test_posting_needs_a_budget_and_what_its_period_is_taken_from(site: Gateway) -> None:
    # §3A: POSTED=true posts to the budget named by GLBUDGETID; ESTIMATEDATE, EFFECTIVEDATE
    assert_refused(estimate(site, POSTED="true"), "GLBUDGETID is required")
    posted = {"POSTED": "true", "GLBUDGETID": "JOBS"}
    assert_refused(estimate(site, **posted, POSTTO="Estimate date"), "ESTIMATEDATE is required")
    assert_refused(estimate(site, "EST-1", line(), **posted, POSTTO="Effective date"), "EFFECTIVEDATE is required")
    assert_refused(estimate(site, "EST-1", {"AMOUNT": "5"}, **posted), "ACCOUNTNO is required")
    assert estimate(site, GLBUDGETID="NONE").errors[0][0] == "BL01001973"
    assert budget(site) == []


def test_an_estimate_date_outside_every_budgetable_period_is_refused(site: Gateway) -> None:
    # intacct-rest §15.11
    assert_refused(estimate(site, ESTIMATEDATE="01/01/2031"), "is not in a budgetable period")


@pytest.mark.parametrize(
    ("values", "posted"),
    [
        ({}, [("October 2026", "100.01")]),
        ({"POSTTO": "All periods"}, [("October 2026", "33.34"), ("November 2026", "33.34"), ("December 2026", "33.33")]),
        ({"POSTTO": "Estimate date", "ESTIMATEDATE": "11/30/2026"}, [("November 2026", "100.01")]),
        ({"POSTTO": "Effective date"}, [("December 2026", "100.01")]),
    ],
)
def test_lines_are_posted_to_the_periods_that_were_asked_for(site: Gateway, values: dict[str, str], posted: list[tuple[str, str]]) -> None:
    # §3A: POSTTO decides the period
    made(estimate(site, "EST-1", line("100.01", EFFECTIVEDATE="12/05/2026"), POSTED="true", GLBUDGETID="JOBS", **values))
    assert budget(site) == posted
    row = site.stored("GLBUDGETITEM")[0]
    assert (row["BUDGETID"], row["ACCT_NO"], row["LOCATION_NO"], row["PROJECTID"]) == ("JOBS", "5000", "100", "P-1")


def test_unposting_deletes_the_budget_entries(site: Gateway) -> None:
    # §3A: POSTED=false unposts and deletes its GL budget entries
    made(estimate(site, "EST-1", line(), POSTED="true", GLBUDGETID="JOBS"))
    [row] = entries(site)
    made(change(site, "EST-1", {"RECORDNO": row["RECORDNO"], "AMOUNT": "150"}))
    assert budget(site) == [("October 2026", "150")]
    made(change(site, POSTED="false"))
    assert budget(site) == []


def test_the_account_of_a_line_is_its_cost_types_if_it_names_none(site: Gateway) -> None:
    made(create(site, "STANDARDCOSTTYPE", STANDARDCOSTTYPEID="MAT", NAME="Material", ACCOUNTNO="5100"))
    made(create(site, "COSTTYPE", PROJECTID="P-1", TASKID="T-1", STANDARDCOSTTYPEID="MAT"))
    given = {"AMOUNT": "5", "TASKID": "T-1", "COSTTYPEID": "MAT"}
    made(estimate(site, "EST-1", given, POSTED="true", GLBUDGETID="JOBS"))
    [row] = site.stored("GLBUDGETITEM")
    assert (row["ACCT_NO"], row["TASKID"], row["COSTTYPEID"]) == ("5100", "T-1", "MAT")


def test_budget_items_are_written_through_the_budget(site: Gateway) -> None:
    # objects table GLBUDGETHEADER, GLBUDGETITEM
    item = {"ACCT_NO": "5000", "PERIODNAME": "Month Ended May 2026", "AMOUNT": "10"}
    made(update(site, "GLBUDGETHEADER", BUDGETID="JOBS", GLBDUGETITEMS=[("GLBUDGETITEM", item)]))
    [row] = site.stored("GLBUDGETITEM")
    assert create(site, "GLBUDGETITEM", **item).errors[0][0] == "PL04000005"
    wrong = {**item, "PERIODNAME": "Month Ended Never"}
    assert update(site, "GLBUDGETHEADER", BUDGETID="JOBS", GLBDUGETITEMS=[("GLBUDGETITEM", wrong)]).errors[0][0] == "BL01001973"
    assert delete(site, "GLBUDGETITEM", row["RECORDNO"]).status == "success"


def test_an_estimate_is_read_by_name_with_its_lines(site: Gateway) -> None:
    # §2.4, §3A: readByName, natural key PJESTIMATEID
    made(estimate(site, "EST-1", line("10", TASKID="T-1")))
    record = site.call("<readByName><object>PJESTIMATE</object><keys>EST-1</keys><fields>*</fields></readByName>").data[0]
    assert record.findtext("ENTRIES/pjestimateentry/TASKID") == "T-1"
    [row] = site.call(query("PJESTIMATEENTRY", "AMOUNT", "PJESTIMATE.PROJECT.NAME", "TASK.TASKSTATUS")).rows
    assert tuple(row.values()) == ("10", "Rooftop units", "Not Started")


def test_amounts_are_summed_by_task_in_a_query(site: Gateway) -> None:
    # §2.6 aggregates
    made(estimate(site, "EST-1", line("10", TASKID="T-1"), line("5", TASKID="T-1"), line("1")))
    select = "<select><field>TASKID</field><sum>AMOUNT</sum><max>AMOUNT</max></select>"
    rows = site.call(f"<query><object>PJESTIMATEENTRY</object>{select}</query>").rows
    assert sorted(tuple(row.values()) for row in rows) == [("", "1", "1"), ("T-1", "15", "10")]


def test_ids_are_given_out_where_estimates_are_numbered(site: Gateway) -> None:
    # §3A: PJESTIMATEID required without a numbering sequence
    site.set(numbered=["PJESTIMATE"])
    [row] = create(site, "PJESTIMATE", PROJECTID="P-1").rows
    assert row["PJESTIMATEID"] == "EST-00001"


def test_the_project_of_an_estimate_stays(site: Gateway) -> None:
    # §3A PJESTIMATE, column U
    site.project("P-2")
    made(estimate(site))
    assert_refused(change(site, PROJECTID="P-2"), "cannot be changed")


def test_a_task_and_a_budget_in_an_estimate_are_not_deleted(site: Gateway) -> None:
    made(estimate(site, "EST-1", line(TASKID="T-1"), GLBUDGETID="JOBS"))
    [owner] = site.stored("TASK")
    [header] = site.stored("GLBUDGETHEADER")
    for kind, row in (("TASK", owner), ("GLBUDGETHEADER", header)):
        assert "refers to it" in delete(site, kind, row["RECORDNO"]).errors[0][1]
