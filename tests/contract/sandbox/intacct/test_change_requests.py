"""Change requests with their entries, statuses, change orders and the primary estimate (intacct-xml §3A; intacct-rest §15.14–15.17)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query
from tests.contract.sandbox.intacct.projects import assert_refused, create, delete, employee, made, stored, task, update

Line = dict[str, Any]


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    """A project with a task, a primary estimate of 1000, and statuses that post and do not."""
    intacct.project("P-1", "<BEGINDATE>10/15/2026</BEGINDATE>")
    made(task(intacct, TASKID="T-1"))
    line = {"AMOUNT": "1000", "ACCOUNTNO": "5000"}
    made(create(intacct, "PJESTIMATE", PJESTIMATEID="EST-1", PROJECTID="P-1", ENTRIES=[("PJESTIMATEENTRY", line)]))
    made(create(intacct, "CHANGEREQUESTSTATUS", NAME="Pending", WFTYPE="pending change"))
    made(create(intacct, "CHANGEREQUESTSTATUS", NAME="Approved", WFTYPE="approved change"))
    made(create(intacct, "CHANGEREQUESTSTATUS", NAME="Idea"))
    return intacct


def line(cost: str | None = "100", **values: Any) -> Line:
    return {"PROJECTID": "P-1", **({} if cost is None else {"COST": cost}), **values}


def lines(*given: Line) -> list[tuple[str, Line]]:
    return [("CHANGEREQUESTENTRY", each) for each in given]


def request(gateway: Gateway, number: str = "CR-1", *given: Line, **values: Any) -> Reply:
    head = {"CHANGEREQUESTID": number, "PROJECTID": "P-1", "CHANGEREQUESTDATE": "11/01/2026", **values}
    return create(gateway, "CHANGEREQUEST", **head, **({"CHANGEREQUESTENTRIES": lines(*given)} if given else {}))


def change(gateway: Gateway, number: str = "CR-1", *given: Line, **values: Any) -> Reply:
    more = {"CHANGEREQUESTENTRIES": lines(*given)} if given else {}
    return update(gateway, "CHANGEREQUEST", CHANGEREQUESTID=number, **values, **more)


def posted(gateway: Gateway, number: str = "CR-1", *given: Line, status: str = "Pending", **values: Any) -> str:
    return made(request(gateway, number, *given, CHANGEREQUESTSTATE="Posted", CHANGEREQUESTSTATUSNAME=status, **values))


def entries(gateway: Gateway) -> list[dict[str, Any]]:
    return sorted(gateway.stored("CHANGEREQUESTENTRY"), key=lambda row: int(row["RECORDNO"]))


def linked(gateway: Gateway) -> list[tuple[str, str, str]]:
    rows = sorted(gateway.stored("PJESTIMATEENTRY"), key=lambda row: int(row["RECORDNO"]))
    return [(row["AMOUNT"], row["WFTYPE"], row["CHANGEREQUESTID"]) for row in rows if row["CHANGEREQUESTKEY"]]


def estimated(gateway: Gateway) -> str:
    return str(next(row["TOTALAMOUNT"] for row in gateway.stored("PJESTIMATE") if row["PJESTIMATEID"] == "EST-1"))


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("CHANGEREQUESTTYPE", {}, "NAME is required"),
        ("CHANGEREQUESTTYPE", {"NAME": "n" * 81}, "longer than 80"),
        ("CHANGEREQUESTSTATUS", {"NAME": "A", "WFTYPE": "pending"}, "Invalid value"),
        ("CHANGEREQUEST", {"PROJECTID": "P-1", "CHANGEREQUESTDATE": "11/01/2026"}, "CHANGEREQUESTID is required"),
        ("CHANGEREQUEST", {"CHANGEREQUESTID": "C", "CHANGEREQUESTDATE": "11/01/2026"}, "PROJECTID is required"),
        ("CHANGEREQUEST", {"CHANGEREQUESTID": "C", "PROJECTID": "P-1"}, "CHANGEREQUESTDATE is required"),
        ("PROJECTCHANGEORDER", {"PROJECTCHANGEORDERID": "C", "PROJECTID": "P-1"}, "PROJECTCHANGEORDERDATE is required"),
        ("PROJECTCHANGEORDER", {"PROJECTID": "P-1", "PROJECTCHANGEORDERDATE": "11/01/2026"}, "PROJECTCHANGEORDERID is required"),
    ],
)
def test_required_fields_lengths_and_values_are_enforced(site: Gateway, kind: str, values: dict[str, str], said: str) -> None:
    # §3A, the tables of the objects
    assert_refused(create(site, kind, **values), said)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"CHANGEREQUESTSTATE": "Approved"}, "Invalid value"),
        ({"PCNINTEGRATIONLEVEL": "entry"}, "Invalid value"),
        ({"DESCRIPTION": "d" * 1001}, "longer than 1000"),
        ({"SCOPE": "s" * 4001}, "longer than 4000"),
        ({"SCHEDULEIMPACT": "s" * 101}, "longer than 100"),
        ({"TOTALCOST": "5"}, "read-only"),
        ({"CHANGEREQUESTDATE": "2026-11-01"}, "is not a date"),
    ],
)
def test_what_a_change_request_field_does_not_take_is_refused(site: Gateway, values: dict[str, str], said: str) -> None:
    # §3A CHANGEREQUEST
    assert_refused(request(site, **values), said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"COST": "5"}, "PROJECTID is required"),
        (line(PRODUCTIONUNITS="3"), "TASKID is required"),
        (line(EUOM="u" * 201), "longer than 200"),
        (line(MEMO="m" * 2001), "longer than 2000"),
        (line(LINEPRICE="5"), "read-only"),
        (line(PJESTIMATEID="EST-1"), "read-only"),
        (line(COSTTYPEID="MAT"), "TASKID is required"),
    ],
)
def test_an_entry_that_says_too_little_or_too_much_is_refused(site: Gateway, given: Line, said: str) -> None:
    # §3A CHANGEREQUESTENTRY
    assert_refused(request(site, "CR-1", given), said)
    assert site.stored("CHANGEREQUEST") == []


def test_an_entry_of_another_project_is_refused(site: Gateway) -> None:
    site.project("P-2")
    assert_refused(request(site, "CR-1", line(PROJECTID="P-2")), "is not the change request's 'P-1'")


def test_costs_and_prices_follow_from_quantities_and_markups(site: Gateway) -> None:
    # §3A CHANGEREQUEST: PRICE given, or UNITPRICE × QTY, or cost plus PRICEMARKUPPERCENT
    number = made(
        request(
            site,
            "CR-1",
            line(None, QTY="2", UNITCOST="50", UNITPRICE="80"),
            line("200", PRICEMARKUPPERCENT="10", PRICEMARKUPAMOUNT="5"),
            line("10", PRICE="30"),
        )
    )
    assert [(row["COST"], row["LINEPRICE"]) for row in entries(site)] == [("100", "160"), ("200", "225"), ("10", "30")]
    row = stored(site, "CHANGEREQUEST", number)
    assert (row["TOTALCOST"], row["TOTALPRICE"], row["CHANGEREQUESTSTATE"]) == ("310", "415", "Draft")


def test_a_draft_writes_nothing_to_the_estimate(site: Gateway) -> None:
    made(request(site, "CR-1", line(), CHANGEREQUESTSTATUSNAME="Pending"))
    assert (linked(site), estimated(site)) == ([], "1000")


def test_posting_writes_the_entries_to_the_primary_estimate(site: Gateway) -> None:
    # §3A CHANGEREQUEST: with the status's workflow type
    number = made(request(site, "CR-1", line("100", TASKID="T-1"), line("50"), CHANGEREQUESTSTATUSNAME="Pending"))
    made(change(site, CHANGEREQUESTSTATE="Posted"))
    assert linked(site) == [("100", "pending change", "CR-1"), ("50", "pending change", "CR-1")]
    assert estimated(site) == "1150"
    assert [row["PJESTIMATEID"] for row in entries(site)] == ["EST-1", "EST-1"]
    assert stored(site, "CHANGEREQUEST", number)["CHANGEREQUESTSTATE"] == "Posted"


@pytest.mark.parametrize("values", [{"CHANGEREQUESTSTATUSNAME": "Idea"}, {}])
def test_a_status_without_workflow_type_posts_nothing(site: Gateway, values: dict[str, str]) -> None:
    # §3A: omitted status = workflow type none = nothing posted
    made(request(site, "CR-1", line(), CHANGEREQUESTSTATE="Posted", **values))
    assert (linked(site), estimated(site)) == ([], "1000")


def test_posting_is_one_way(site: Gateway) -> None:
    # §3A: Draft -> Posted is one-way
    posted(site, "CR-1", line())
    assert_refused(change(site, CHANGEREQUESTSTATE="Draft"), "cannot be a draft again")


def test_updating_a_posted_request_posts_it_again(site: Gateway) -> None:
    # §3A: re-posts, which can add, change or delete the linked estimate lines
    posted(site, "CR-1", line("100"), line("50"))
    first, second = (row["RECORDNO"] for row in entries(site))
    made(change(site, "CR-1", {"RECORDNO": first, "COST": "120"}, line("7")))
    assert linked(site) == [
        ("120", "pending change", "CR-1"),
        ("50", "pending change", "CR-1"),
        ("7", "pending change", "CR-1"),
    ]
    made(change(site, CHANGEREQUESTSTATUSNAME="Approved"))
    assert {kind for _, kind, _ in linked(site)} == {"approved change"}
    assert delete(site, "CHANGEREQUESTENTRY", second).status == "success"
    assert [amount for amount, _, _ in linked(site)] == ["120", "7"]
    assert estimated(site) == "1127"
    made(change(site, CHANGEREQUESTSTATUSNAME="Idea"))
    assert (linked(site), estimated(site)) == ([], "1000")


def test_deleting_a_posted_request_removes_its_estimate_lines(site: Gateway) -> None:
    # §3A
    number = posted(site, "CR-1", line("100"))
    assert delete(site, "CHANGEREQUEST", number).status == "success"
    assert (linked(site), estimated(site), entries(site)) == ([], "1000", [])


def test_estimate_lines_of_a_request_are_the_systems(site: Gateway) -> None:
    # §3A PJESTIMATE: lines carrying a change-request link are maintained by the system
    posted(site, "CR-1", line("100"))
    key = next(row["RECORDNO"] for row in site.stored("PJESTIMATEENTRY") if row["CHANGEREQUESTKEY"])
    assert_refused(update(site, "PJESTIMATEENTRY", RECORDNO=key, AMOUNT="1"), "belongs to a change request")
    assert_refused(delete(site, "PJESTIMATEENTRY", key), "belongs to a change request")
    given = [("PJESTIMATEENTRY", {"RECORDNO": key, "AMOUNT": "1"})]
    assert_refused(update(site, "PJESTIMATE", PJESTIMATEID="EST-1", ENTRIES=given), "belongs to a change request")


def test_an_estimate_with_requests_stays_primary_and_is_not_deleted(site: Gateway) -> None:
    # §3A PJESTIMATE
    number = posted(site, "CR-1", line("100"))
    assert_refused(update(site, "PJESTIMATE", PJESTIMATEID="EST-1", ISPRIMARY="false"), "stays primary while change requests are linked")
    assert delete(site, "CHANGEREQUEST", number).status == "success"
    made(update(site, "PJESTIMATE", PJESTIMATEID="EST-1", ISPRIMARY="false"))


def test_nothing_is_posted_to_a_finalized_estimate(site: Gateway) -> None:
    # §3A: finalized locks the record
    made(update(site, "PJESTIMATE", PJESTIMATEID="EST-1", STATUS="finalized"))
    reply = request(site, "CR-1", line(), CHANGEREQUESTSTATE="Posted", CHANGEREQUESTSTATUSNAME="Pending")
    assert_refused(reply, "only its status can be changed")
    assert site.stored("CHANGEREQUEST") == []


def test_posting_without_a_primary_estimate_is_refused_or_ignored_as_set(site: Gateway) -> None:
    # §3A, gap: error or silent no-op is not documented
    made(update(site, "PJESTIMATE", PJESTIMATEID="EST-1", ISPRIMARY="false"))
    given = {"CHANGEREQUESTSTATE": "Posted", "CHANGEREQUESTSTATUSNAME": "Pending"}
    assert_refused(request(site, "CR-1", line(), **given), "has no primary estimate")
    site.set(change_request_without_primary="ignore")
    made(request(site, "CR-1", line(), **given))
    assert (linked(site), estimated(site)) == ([], "1000")


def test_a_posted_estimate_posts_the_changes_too(site: Gateway) -> None:
    # §3A PJESTIMATE posting
    made(create(site, "GLBUDGETHEADER", BUDGETID="JOBS", DESCRIPTION="Jobs"))
    made(update(site, "PJESTIMATE", PJESTIMATEID="EST-1", POSTED="true", GLBUDGETID="JOBS", POSTTO="First period"))
    number = posted(site, "CR-1", line("40", ACCOUNTNO="5100"))
    assert sorted((row["ACCT_NO"], row["AMOUNT"]) for row in site.stored("GLBUDGETITEM")) == [("5000", "1000"), ("5100", "40")]
    assert delete(site, "CHANGEREQUEST", number).status == "success"
    assert [row["AMOUNT"] for row in site.stored("GLBUDGETITEM")] == ["1000"]


def test_a_workflow_type_in_use_does_not_change(site: Gateway) -> None:
    # §3A CHANGEREQUESTSTATUS
    made(update(site, "CHANGEREQUESTSTATUS", NAME="Pending", WFTYPE="revision"))
    made(request(site, CHANGEREQUESTSTATUSNAME="Pending"))
    assert_refused(update(site, "CHANGEREQUESTSTATUS", NAME="Pending", WFTYPE="other"), "cannot change: change requests use it")
    made(update(site, "CHANGEREQUESTSTATUS", NAME="Pending", STATUS="inactive"))


def order(gateway: Gateway, number: str = "PCO-1", **values: Any) -> Reply:
    given = {"PROJECTID": "P-1", "PROJECTCHANGEORDERDATE": "11/05/2026", **values}
    return create(gateway, "PROJECTCHANGEORDER", PROJECTCHANGEORDERID=number, **given)


def test_a_change_order_adds_up_its_requests(site: Gateway) -> None:
    # §3A PROJECTCHANGEORDER: totals are sums; an empty element unlinks (§4.4)
    number = made(order(site))
    posted(site, "CR-1", line("100", PRICE="150"), PROJECTCHANGEORDERID="PCO-1")
    posted(site, "CR-2", line("10", PRICE="20"))
    made(change(site, "CR-2", PROJECTCHANGEORDERID="PCO-1"))
    row = stored(site, "PROJECTCHANGEORDER", number)
    assert (row["TOTALCOST"], row["TOTALPRICE"], row["PROJECTCHANGEORDERSTATE"]) == ("110", "170", "Draft")
    assert "refers to it" in delete(site, "PROJECTCHANGEORDER", number).errors[0][1]
    made(change(site, "CR-1", PROJECTCHANGEORDERID=None))
    assert stored(site, "PROJECTCHANGEORDER", number)["TOTALCOST"] == "10"
    [second] = [row["RECORDNO"] for row in site.stored("CHANGEREQUEST") if row["CHANGEREQUESTID"] == "CR-2"]
    assert delete(site, "CHANGEREQUEST", second).status == "success"
    assert stored(site, "PROJECTCHANGEORDER", number)["TOTALPRICE"] == "0"
    assert delete(site, "PROJECTCHANGEORDER", number).status == "success"


def test_only_posted_requests_of_the_same_project_belong_to_a_change_order(site: Gateway) -> None:
    # intacct-rest §15.15: only when posted; §3A: groups change requests of one project
    made(order(site))
    assert_refused(request(site, "CR-1", PROJECTCHANGEORDERID="PCO-1"), "is not posted")
    site.project("P-2")
    made(order(site, "PCO-2", PROJECTID="P-2"))
    reply = request(site, "CR-1", CHANGEREQUESTSTATE="Posted", PROJECTCHANGEORDERID="PCO-2")
    assert reply.errors[0] == ("BL01001973", "Invalid Project Change Order 'PCO-2' specified.")


@pytest.fixture
def contracted(site: Gateway) -> Gateway:
    """The same with a contract PC-1 that has a line 1."""
    site.customer("C-1")
    made(_contract(site))
    made(_contract_line(site))
    return site


def _contract(gateway: Gateway, number: str = "PC-1", **values: Any) -> Reply:
    given = {"PROJECTCONTRACTID": number, "NAME": "Main", "PROJECTID": "P-1", "CUSTOMERID": "C-1", "CONTRACTDATE": "11/01/2026"}
    return create(gateway, "PROJECTCONTRACT", **{**given, **values})


def _contract_line(gateway: Gateway, number: str = "1", **values: Any) -> Reply:
    if not gateway.stored("ITEM"):
        made(create(gateway, "ITEM", ITEMID="WORK", NAME="Work", ITEMTYPE="Non-Inventory"))
    head = {"PROJECTCONTRACTID": "PC-1", "PROJECTCONTRACTLINEID": number, "NAME": "Base", "CONTRACTLINEDATE": "11/01/2026"}
    rest = {"ACCOUNTNO": "4000", "BILLINGTYPE": "Progress", "MAXIMUMBILLING": "Total revised price", "ITEMID": "WORK", "PROJECTID": "P-1"}
    return create(gateway, "PROJECTCONTRACTLINE", **{**head, **rest, **values})


def test_a_contract_is_named_with_its_line(contracted: Gateway) -> None:
    # intacct-rest §15.15: contract requires contract line
    assert_refused(request(contracted, PROJECTCONTRACTID="PC-1"), "PROJECTCONTRACTLINEID is required")
    assert_refused(order(contracted, PROJECTCONTRACTID="PC-1"), "PROJECTCONTRACTLINEID is required")
    assert_refused(request(contracted, PROJECTCONTRACTLINEID="1"), "PROJECTCONTRACTID is required")
    assert request(contracted, PROJECTCONTRACTID="PC-1", PROJECTCONTRACTLINEID="9").errors[0][0] == "BL01001973"
    made(request(contracted, PROJECTCONTRACTID="PC-1", PROJECTCONTRACTLINEID="1"))


@pytest.mark.parametrize("level", ["change request", "change request entry"])
def test_the_contract_is_required_where_the_level_says(contracted: Gateway, level: str) -> None:
    # §3A: PCNINTEGRATIONLEVEL says where the project-contract link sits; required at that level
    link = {"PROJECTCONTRACTID": "PC-1", "PROJECTCONTRACTLINEID": "1"}
    assert_refused(request(contracted, "CR-1", line(), PCNINTEGRATIONLEVEL=level), "PROJECTCONTRACTID is required")
    if level == "change request":
        made(request(contracted, "CR-1", line(), PCNINTEGRATIONLEVEL=level, **link))
    else:
        made(request(contracted, "CR-1", line(**link), PCNINTEGRATIONLEVEL=level))


@pytest.mark.parametrize("lacking", ["NAME", "PROJECTID", "CUSTOMERID", "CONTRACTDATE", "PROJECTCONTRACTID"])
def test_a_contract_needs_what_its_table_says(contracted: Gateway, lacking: str) -> None:
    # objects table PROJECTCONTRACT
    assert_refused(_contract(contracted, **{"PROJECTCONTRACTID": "PC-2", lacking: None}), f"{lacking} is required")


@pytest.mark.parametrize(
    "lacking",
    ["PROJECTCONTRACTID", "PROJECTCONTRACTLINEID", "NAME", "CONTRACTLINEDATE", "ACCOUNTNO", "BILLINGTYPE", "ITEMID", "PROJECTID"],
)
def test_a_contract_line_needs_what_its_table_says(contracted: Gateway, lacking: str) -> None:
    # objects table PROJECTCONTRACTLINE
    assert_refused(_contract_line(contracted, "2", **{lacking: None}), f"{lacking} is required")


def test_a_contract_line_is_unique_in_its_contract_and_never_deleted_alone(contracted: Gateway) -> None:
    # objects table PROJECTCONTRACTLINE: no delete, no readByName
    assert _contract_line(contracted).errors[0][0] == "BL34000061"
    made(_contract(contracted, "PC-2"))
    made(_contract_line(contracted, PROJECTCONTRACTID="PC-2"))
    [number] = [row["RECORDNO"] for row in contracted.stored("PROJECTCONTRACTLINE") if row["PROJECTCONTRACTID"] == "PC-2"]
    assert delete(contracted, "PROJECTCONTRACTLINE", number).errors[0][0] == "PL04000005"
    [contract] = [row["RECORDNO"] for row in contracted.stored("PROJECTCONTRACT") if row["PROJECTCONTRACTID"] == "PC-2"]
    assert delete(contracted, "PROJECTCONTRACT", contract).status == "success"
    assert [row["PROJECTCONTRACTID"] for row in contracted.stored("PROJECTCONTRACTLINE")] == ["PC-1"]


def test_prices_of_a_contract_are_sums_of_its_line_entries(contracted: Gateway) -> None:
    # objects table: TOTALREVISEDPRICE, ORIGINALPRICE in the pages' own examples
    given = [("original", "1000"), ("revision", "50"), ("approved change", "25"), ("pending change", "9")]
    prices = [("PROJECTCONTRACTLINEENTRY", {"WFTYPE": kind, "PRICE": price}) for kind, price in given]
    made(_contract_line(contracted, "2", PROJECTCONTRACTLINEENTRIES=prices))
    where = "<equalto><field>PROJECTCONTRACTLINEID</field><value>2</value></equalto>"
    [row] = contracted.call(query("PROJECTCONTRACTLINE", "TOTALREVISEDPRICE", "PROJECTCONTRACT.ORIGINALPRICE", filter=where)).rows
    assert tuple(row.values()) == ("1075", "1000")
    first = min((row["RECORDNO"] for row in contracted.stored("PROJECTCONTRACTLINEENTRY")), key=int)
    assert delete(contracted, "PROJECTCONTRACTLINEENTRY", first).status == "success"
    assert [row["TOTALREVISEDPRICE"] for row in contracted.stored("PROJECTCONTRACT")] == ["75"]
    assert_refused(_contract_line(contracted, "3", MAXIMUMBILLING="Specified amount"), "MAXIMUMBILLINGAMOUNT is required")
    empty = [("PROJECTCONTRACTLINEENTRY", {"WFTYPE": "original"})]
    assert_refused(_contract_line(contracted, "3", PROJECTCONTRACTLINEENTRIES=empty), "PRICE is required")


def test_contracts_offer_no_read_by_query(contracted: Gateway) -> None:
    # objects table: lookup, query, read, readByName, create, update, delete
    for kind in ("PROJECTCONTRACT", "PROJECTCONTRACTTYPE", "PROJECTCONTRACTLINE"):
        reply = contracted.call(f"<readByQuery><object>{kind}</object><fields>*</fields><query/></readByQuery>")
        assert reply.errors[0][0] == "PL04000005"


def test_people_are_named_by_id_or_key_and_read_with_their_name(site: Gateway) -> None:
    # §3A CHANGEREQUEST: INTERNALINITIATEDBY, …KEY, …NAME
    employee(site)
    [person] = site.stored("EMPLOYEE")
    first = stored(site, "CHANGEREQUEST", made(request(site, "CR-1", INTERNALINITIATEDBY="E-1", EXTERNALSIGNEDBY="Ada Sill")))
    assert (first["INTERNALINITIATEDBYKEY"], first["INTERNALINITIATEDBYNAME"]) == (person["RECORDNO"], "Ada Sill")
    second = stored(site, "CHANGEREQUEST", made(request(site, "CR-2", INTERNALAPPROVEDBYKEY=person["RECORDNO"])))
    assert (second["INTERNALAPPROVEDBY"], second["INTERNALAPPROVEDBYNAME"]) == ("E-1", "Ada Sill")
    assert request(site, "CR-3", INTERNALINITIATEDBY="E-9").errors[0] == ("BL01001973", "The employee 'E-9' is invalid.")
    assert request(site, "CR-3", EXTERNALVERBALBYKEY="99").errors[0][0] == "BL01001973"
    assert_refused(request(site, "CR-3", INTERNALINITIATEDBY="E-1", INTERNALINITIATEDBYNAME="Bo Lund"), "does not belong")


def test_effective_dates_of_a_request_stay(site: Gateway) -> None:
    # §3A CHANGEREQUEST: COSTEFFECTIVEDATE†, PRICEEFFECTIVEDATE†
    made(request(site, COSTEFFECTIVEDATE="11/10/2026"))
    assert_refused(change(site, COSTEFFECTIVEDATE="11/11/2026"), "cannot be changed")


def test_entries_are_written_through_their_request(site: Gateway) -> None:
    # §3A: CHANGEREQUESTENTRY alone: lookup, query, readByQuery, read, delete
    number = made(request(site, "CR-1", line("100")))
    [row] = entries(site)
    assert create(site, "CHANGEREQUESTENTRY", CHANGEREQUESTKEY=number, **line()).errors[0][0] == "PL04000005"
    assert update(site, "CHANGEREQUESTENTRY", RECORDNO=row["RECORDNO"], COST="1").errors[0][0] == "PL04000005"
    assert delete(site, "CHANGEREQUESTENTRY", row["RECORDNO"]).status == "success"
    assert stored(site, "CHANGEREQUEST", number)["TOTALCOST"] == "0"
