"""Relationships and restrictions between dimensions (intacct-xml §7.4, §5.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway
from tests.contract.sandbox.intacct.projects import create, employee, made, update


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    """Employee E-1, departments D1 and D2, project P-1 of department D1 and customer C-1."""
    for number in ("D1", "D2"):
        made(create(intacct, "DEPARTMENT", DEPARTMENTID=number, TITLE=f"Unit {number}"))
    intacct.customer("C-1")
    intacct.customer("C-2", contact="<PRINTAS>B</PRINTAS><CONTACTNAME>B</CONTACTNAME>")
    intacct.project("P-1", "<CUSTOMERID>C-1</CUSTOMERID><DEPARTMENTID>D1</DEPARTMENTID>")
    employee(intacct)
    return intacct


def time(gateway: Gateway, week: str = "11/02/2026", **values: Any) -> Any:
    line = {"ENTRYDATE": week, "QTY": "8", "LOCATIONID": "100", **values}
    return create(gateway, "TIMESHEET", EMPLOYEEID="E-1", BEGINDATE=week, TIMESHEETENTRIES=[("TIMESHEETENTRY", line)])


FILLED = {"dimension": "PROJECT", "related": "DEPARTMENT", "autofill": True, "override": False}
RESTRICTED = {"dimension": "DEPARTMENT", "restricted_by": "LOCATION", "allowed": {"100": ["D1"]}}


def test_the_project_fills_the_customer_and_another_may_be_sent(site: Gateway) -> None:
    # §7.4: that project fills customer by default is inferred
    made(time(site, PROJECTID="P-1"))
    made(time(site, "11/09/2026", PROJECTID="P-1", CUSTOMERID="C-2"))
    assert [row["CUSTOMERID"] for row in site.stored("TIMESHEETENTRY")] == ["C-1", "C-2"]
    site.set(dimension_relationships=[])
    made(time(site, "11/16/2026", PROJECTID="P-1"))
    assert site.stored("TIMESHEETENTRY")[2]["CUSTOMERID"] == ""


def test_an_auto_filled_value_without_override_is_not_changed(site: Gateway) -> None:
    # §7.4, §5.2: "… must be x. This value is auto-filled"
    site.set(dimension_relationships=[FILLED])
    reply = time(site, PROJECTID="P-1", DEPARTMENTID="D2")
    assert reply.errors[0][1] == "Department must be D1. This value is auto-filled"
    made(time(site, PROJECTID="P-1"))
    made(time(site, "11/09/2026", PROJECTID="P-1", DEPARTMENTID="D1"))
    assert [row["DEPARTMENTNAME"] for row in site.stored("TIMESHEETENTRY")] == ["Unit D1", "Unit D1"]


def test_lines_of_estimates_are_filled_too(site: Gateway) -> None:
    # §7.4
    made(create(site, "PJESTIMATE", PJESTIMATEID="E", PROJECTID="P-1", ENTRIES=[("PJESTIMATEENTRY", {"AMOUNT": "5"})]))
    [row] = site.stored("PJESTIMATEENTRY")
    assert (row["CUSTOMERID"], row["CUSTOMERNAME"]) == ("C-1", "Harrow Dental")


def test_headers_are_not_filled(site: Gateway) -> None:
    site.set(dimension_relationships=[FILLED])
    made(create(site, "TASK", NAME="A", PROJECTID="P-1", TASKSTATUS="Planned"))
    made(update(site, "EMPLOYEE", EMPLOYEEID="E-1", DEPARTMENTID="D2"))


def test_values_that_do_not_go_together_are_refused(site: Gateway) -> None:
    # §7.4; §5.2: "Department 'x': 'y' specified is not valid. Department is restricted by …"
    site.set(dimension_restrictions=[RESTRICTED])
    reply = time(site, DEPARTMENTID="D2")
    assert reply.errors[0][1] == "Department 'D2': 'Unit D2' specified is not valid. Department is restricted by Location."
    made(time(site, DEPARTMENTID="D1"))
    made(time(site, "11/09/2026", LOCATIONID="200", DEPARTMENTID="D2"))


def test_relationships_and_what_fills_are_described(site: Gateway) -> None:
    # §7.4, the elements of both replies
    site.set(dimension_relationships=[FILLED, {"dimension": "TASK", "related": "PROJECT", "autofill": False, "override": True}])
    both = site.call("<getDimensionRelationships/>").data
    first = both[0]
    assert [child.tag for child in first] == ["dimension", "object_id", "autofillrelated", "enableoverride", "related"]
    related = ["dimension", "object_id", "relationship_id", "source_side", "related_side"]
    assert [child.tag for child in first.iterfind("related/*")] == related
    assert [(each.findtext("dimension"), each.findtext("related/dimension"), each.findtext("autofillrelated")) for each in both] == [
        ("PROJECT", "DEPARTMENT", "true"),
        ("TASK", "PROJECT", "false"),
    ]
    [only] = site.call("<getDimensionAutofillDetails/>").data
    assert (only.findtext("enableoverride"), only.findtext("autofill/type")) == ("false", "Many-to-One")
    assert only.findtext("autofill/relationship_id") == first.findtext("related/relationship_id")


def test_restrictions_and_their_data_are_described(site: Gateway) -> None:
    # §7.4
    site.set(dimension_restrictions=[RESTRICTED])
    [only] = site.call("<getDimensionRestrictions/>").data
    assert (only.findtext("dimension"), only.findtext("restrictedby/dimension")) == ("DEPARTMENT", "LOCATION")
    asked = "<DimensionValue><dimension>LOCATION</dimension><value>{0}</value></DimensionValue>"
    data = site.call(f"<getDimensionRestrictedData>{asked.format('100')}</getDimensionRestrictedData>").data
    assert [each.text for each in data.iter("value")] == ["D1"]
    assert len(site.call(f"<getDimensionRestrictedData>{asked.format('200')}</getDimensionRestrictedData>").data) == 0


@pytest.mark.parametrize(
    "asked", ["", "<DimensionValue/>", "<DimensionValue><dimension>COLOUR</dimension><value>1</value></DimensionValue>"]
)
def test_restricted_data_needs_a_dimension_and_a_value(site: Gateway, asked: str) -> None:
    reply = site.call(f"<getDimensionRestrictedData>{asked}</getDimensionRestrictedData>")
    assert reply.errors[0][0] == "DL02000001"


def test_dimensions_of_this_company_include_tasks_and_cost_types(site: Gateway) -> None:
    # §3A TASK: in Construction companies tasks and cost types act as dimensions
    names = [each.findtext("objectName") for each in site.call("<getDimensions/>").data.iter("dimension")]
    assert {"PROJECT", "TASK", "COSTTYPE", "CUSTOMER", "VENDOR", "EMPLOYEE", "ITEM", "CLASS", "LOCATION", "DEPARTMENT"} <= set(names)
