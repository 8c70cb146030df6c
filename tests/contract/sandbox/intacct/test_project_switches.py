"""Faults and switches hold for tasks, timesheets, estimates and change requests as for every object (intacct-xml §10.11, design §6)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.contract.sandbox.intacct.books import bill_line, bill_of, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query
from tests.contract.sandbox.intacct.projects import assert_refused, create, delete, element, employee, made, stored, task, update

LINE = {"ENTRYDATE": "11/02/2026", "QTY": "8", "LOCATIONID": "100", "PROJECTID": "P-1"}
SHEET: dict[str, Any] = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", "TIMESHEETENTRIES": [("TIMESHEETENTRY", LINE)]}
ESTIMATE: dict[str, Any] = {"PJESTIMATEID": "EST-1", "PROJECTID": "P-1", "ENTRIES": [("PJESTIMATEENTRY", {"AMOUNT": "5"})]}
REQUEST: dict[str, Any] = {"CHANGEREQUESTID": "CR-1", "PROJECTID": "P-1", "CHANGEREQUESTDATE": "11/01/2026"}
TASK: dict[str, Any] = {"NAME": "A", "PROJECTID": "P-1", "TASKSTATUS": "Planned"}
WRITES = [("TASK", TASK), ("TIMESHEET", SHEET), ("PJESTIMATE", ESTIMATE), ("CHANGEREQUEST", REQUEST)]
LINES = {"TIMESHEET": "TIMESHEETENTRY", "PJESTIMATE": "PJESTIMATEENTRY"}


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    intacct.project("P-1")
    employee(intacct)
    return intacct


def written(kind: str, values: dict[str, Any]) -> str:
    return f"<create>{element(kind, values)}</create>"


def count(gateway: Gateway, kind: str) -> list[int]:
    return [len(gateway.stored(each)) for each in (kind, *((LINES[kind],) if kind in LINES else ()))]


@pytest.mark.parametrize(("kind", "values"), WRITES)
@pytest.mark.parametrize(("action", "left"), [("cut_before_commit", 0), ("cut_after_commit", 1)])
def test_a_cut_write_is_done_whole_or_not_at_all(site: Gateway, kind: str, values: dict[str, Any], action: str, left: int) -> None:
    site.fault(action, function="create", object=kind, nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        create(site, kind, **values)
    assert count(site, kind) == [left] * len(count(site, kind))


@pytest.mark.parametrize(("kind", "values"), WRITES)
def test_a_repeated_controlid_writes_once(site: Gateway, kind: str, values: dict[str, Any]) -> None:
    # §1.6
    first = site.call(written(kind, values), controlids=["op-1"], uniqueid="true")
    second = site.call(written(kind, values), controlids=["op-1"], uniqueid="true")
    assert (first.status, second.status) == ("success", None)
    assert count(site, kind) == [1] * len(count(site, kind))


@pytest.mark.parametrize(("kind", "values"), WRITES)
def test_a_refused_fault_and_a_denied_right_write_nothing(site: Gateway, kind: str, values: dict[str, Any]) -> None:
    site.fault("refuse", function="create", object=kind, nth=1)
    assert create(site, kind, **values).status == "failure"
    site.set(denied_operations=[f"create {kind}"])
    assert create(site, kind, **values).errors[0][0] == "PL04000005"
    assert count(site, kind) == [0] * len(count(site, kind))
    site.set(denied_operations=[])
    made(create(site, kind, **values))


@pytest.mark.parametrize(("kind", "values"), WRITES)
def test_searches_see_new_rows_and_lines_late_and_reads_by_key_at_once(site: Gateway, kind: str, values: dict[str, Any]) -> None:
    # §4.2 eventual consistency
    site.at("2026-11-21T12:00:00Z")
    site.set(consistency_lag_s=30)
    number = made(create(site, kind, **values))
    kinds = (kind, *((LINES[kind],) if kind in LINES else ()))
    assert [site.call(query(each, "RECORDNO")).rows for each in kinds] == [[]] * len(kinds)
    assert len(site.call(f"<read><object>{kind}</object><keys>{number}</keys><fields>*</fields></read>").rows) == 1
    site.advance(30)
    assert [len(site.call(query(each, "RECORDNO")).rows) for each in kinds] == [1] * len(kinds)


def test_an_approval_is_met_by_faults_of_its_function_and_object(site: Gateway) -> None:
    number = made(create(site, "TIMESHEET", **{**SHEET, "STATE": "Submitted"}))
    call = f"<approve><TIMESHEET><RECORDNO>{number}</RECORDNO></TIMESHEET></approve>"
    site.fault("cut_after_commit", function="approve", object="TIMESHEET", nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        site.call(call)
    assert stored(site, "TIMESHEET", number)["STATE"] == "Approved"
    reply = site.call(call)
    assert "nothing to approve" in reply.errors[0][1]


def test_an_approval_is_undone_with_its_transaction(site: Gateway) -> None:
    # §1.7
    number = made(create(site, "TIMESHEET", **{**SHEET, "STATE": "Submitted"}))
    call = f"<approve><TIMESHEET><RECORDNO>{number}</RECORDNO></TIMESHEET></approve>"
    reply = site.call(call, "<create><TASK><NAME>x</NAME></TASK></create>", transaction="true")
    assert [result.findtext("status") for result in reply.results] == ["aborted", "failure"]
    assert (stored(site, "TIMESHEET", number)["STATE"], site.stored("TIMESHEETAPPROVAL")) == ("Submitted", [])


def test_inactive_references_are_refused_if_so_set(site: Gateway) -> None:
    made(update(site, "PROJECT", PROJECTID="P-1", STATUS="inactive"))
    made(task(site, "Before"))
    site.set(inactive_references="refuse")
    assert task(site, "After").errors[0] == ("BL01001973", "Invalid Project 'P-1' specified.")
    assert create(site, "TIMESHEET", **SHEET).errors[0] == ("BL01001973", "Invalid Project 'P-1' specified.")


def test_lengths_can_be_set(site: Gateway) -> None:
    site.set(max_lengths={"TASK.NAME": 3, "TIMESHEETENTRY.NOTES": 3})
    assert_refused(task(site, "Long"), "longer than 3")
    values = {**SHEET, "TIMESHEETENTRIES": [("TIMESHEETENTRY", {**LINE, "NOTES": "Long"})]}
    assert_refused(create(site, "TIMESHEET", **values), "longer than 3")


def test_the_tolerant_mode_takes_codes_for_labels(site: Gateway) -> None:
    # §10.12
    site.set(strict=False)
    assert stored(site, "TASK", made(task(site, TASKSTATUS="P")))["TASKSTATUS"] == "In Progress"


def test_a_hundred_tasks_are_created_at_once_and_no_more(site: Gateway) -> None:
    # §6: objects per create 100; §1.7: objects before the failing one stay
    many = "".join(element("TASK", {**TASK, "NAME": f"T{number}"}) for number in range(101))
    assert site.call(f"<create>{many}</create>").status == "failure"
    hundred = "".join(element("TASK", {**TASK, "NAME": f"T{number}"}) for number in range(99)) + element("TASK", {**TASK, "NAME": "T5"})
    reply = site.call(f"<create>{hundred}</create>")
    assert (reply.status, reply.data.get("count"), len(site.stored("TASK"))) == ("failure", "99", 99)


def test_time_stamps_can_be_skewed_and_left_empty(site: Gateway) -> None:
    # §4.2
    site.at("2026-11-21T12:00:00Z")
    site.set(include_timezone_skew=True)
    row = stored(site, "TASK", made(task(site, "A")))
    assert (row["WHENCREATED"], row["WHENMODIFIED"]) == ("11/21/2026 12:00:00", "11/21/2026 05:00:00")
    site.set(modified_on_create=False)
    assert stored(site, "TASK", made(task(site, "B")))["WHENMODIFIED"] == ""


def test_lines_of_another_entity_are_not_seen(site: Gateway) -> None:
    # §7.2
    there = site.login(location="200")
    reply = site.call(written("PJESTIMATE", ESTIMATE), authentication=there)
    assert reply.status == "success"
    for kind in ("PJESTIMATE", "PJESTIMATEENTRY"):
        assert len(site.call(query(kind, "RECORDNO"), authentication=there).rows) == 1
        assert site.call(query(kind, "RECORDNO"), authentication=site.login(location="100")).rows == []


@pytest.mark.parametrize(("status", "refused"), [("On Hold", {"bill"}), ("Completed", {"bill", "invoice"}), ("In Progress", set())])
def test_a_project_status_may_prevent_bills_and_invoices(site: Gateway, status: str, refused: set[str]) -> None:
    # §3A PROJECT: project status records can block purchasing, expense, timesheet and invoice entry
    site.project("P-2", f"<PROJECTSTATUS>{status}</PROJECTSTATUS>")
    site.customer("C-1")
    made(vendor(site))
    day = "<year>2026</year><month>11</month><day>2</day>"
    line = "<lineitem><glaccountno>4000</glaccountno><amount>5</amount><locationid>100</locationid><projectid>P-2</projectid></lineitem>"
    dates = f"<datecreated>{day}</datecreated><datedue>{day}</datedue>"
    invoice = f"<create_invoice><customerid>C-1</customerid>{dates}<invoiceitems>{line}</invoiceitems></create_invoice>"
    replies = {
        "bill": site.call(f"<create>{bill_of(bill_line(extra='<PROJECTID>P-2</PROJECTID>'))}</create>"),
        "invoice": site.call(invoice),
    }
    assert {name for name, reply in replies.items() if reply.status != "success"} == refused
    for name in refused:
        assert "The Project 'P-2' has a project status that prevents" in replies[name].errors[0][1]


def _csv(reply: httpx.Response) -> list[str]:
    return reply.text.splitlines()


def test_new_objects_are_listed_as_json_and_csv(site: Gateway) -> None:
    # §1.1
    made(task(site, "A"))
    for form, said in (("json", '[{"NAME": "A"}]'), ("csv", "NAME")):
        body = site.envelope(query("TASK", "NAME", more=f"<options><returnformat>{form}</returnformat></options>"))
        assert _csv(site.http.post("/ia/xml/xmlgw.phtml", content=body))[0] == said


def test_a_read_of_many_timesheets_is_billed_once(site: Gateway) -> None:
    # §6
    number = made(create(site, "TIMESHEET", **SHEET))
    site.control("DELETE", "meter")
    reply: Reply = site.call(f"<read><object>TIMESHEET</object><keys>{number},999</keys><fields>*</fields></read>")
    assert (reply.data.get("count"), site.control("GET", "meter")["transactions"]) == ("1", 1)
    assert delete(site, "TIMESHEET", "999").status == "failure"
