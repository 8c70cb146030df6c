"""The vendor's Node SDK on sessions and on everything it can ask: filters of both kinds, pages, lookups (intacct-xml §2.4-2.11, §9.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made

COMPARISON = "Common.Query.Comparison"
# Tasks of one job with a name to quote, a planned begin, a quantity and a status: what the filters below tell apart.
TASKS = (
    {"TASKID": "R-1", "NAME": "Ada's footing", "PBEGINDATE": "03/01/2026", "BUDGETQTY": "1.5", "DESCRIPTION": "Dig"},
    {"TASKID": "R-2", "NAME": "Frame", "PBEGINDATE": "03/02/2026", "BUDGETQTY": "2", "DESCRIPTION": "Dig more"},
    {"TASKID": "R-3", "NAME": "Roof", "PBEGINDATE": "03/03/2026", "BUDGETQTY": "3"},
)


@pytest.fixture(scope="module", autouse=True)
def job(sdk: NodeSdk) -> list[str]:
    """The record numbers of the tasks above."""
    sdk.run("Projects.ProjectCreate", projectId="READ", projectName="Job to read", projectCategory="Contract", locationId="100")
    rows = [{**task, "PROJECTID": "READ", "TASKSTATUS": "Planned"} for task in TASKS]
    return [sdk.add("TASK", **row)[0]["RECORDNO"] for row in rows]


def found(sdk: NodeSdk, condition: dict[str, Any]) -> list[str]:
    """The tasks a condition of the older filter finds, together with that they are of the job."""
    own = made(f"{COMPARISON}.EqualTo.EqualToString", field="PROJECTID", value="READ")
    both = made("Common.Query.Logical.AndCondition", conditions=[own, condition])
    page = sdk.run("Common.ReadByQuery", objectName="TASK", fields=["TASKID"], query=both)
    assert page["listType"] == "task"
    return sorted(row["TASKID"] for row in page["data"])


def test_the_sdk_signs_in_and_into_an_entity_and_back(sdk: NodeSdk) -> None:
    assert sdk.sign_in()["sessionId"]
    assert sdk.sign_in(entityId="200")["entityId"] == "200"
    assert sdk.sign_in()["entityId"] == ""


def test_a_session_made_by_the_functions_own_class_is_of_the_entity_it_names(sdk: NodeSdk) -> None:
    (api,) = sdk.run("ApiSessionCreate", entityId="100")["data"]
    assert (api["locationid"], api["endpoint"]) == ("100", "https://api.intacct.com/ia/xml/xmlgw.phtml")
    assert api["sessionid"]


def test_the_sdk_tells_a_wrong_user_password_from_a_wrong_sender_password(sdk: NodeSdk) -> None:
    with pytest.raises(RefusedBySdk) as refused:
        sdk.sign_in(userPassword="wrong")
    assert refused.value.message == "Response authentication status failure - XL03000006 Sign-in information is incorrect"
    assert refused.value.name == "ResponseException"
    with pytest.raises(RefusedBySdk) as refused:
        sdk.sign_in(senderPassword="wrong")
    assert refused.value.message.startswith("Response control status failure - XL03000006")


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("EqualTo.EqualToString", {"field": "NAME", "value": "Ada's footing"}, ["R-1"]),
        ("EqualTo.EqualToString", {"field": "NAME", "value": "Frame", "negate": True}, ["R-1", "R-3"]),
        ("EqualTo.EqualToNumber", {"field": "BUDGETQTY", "value": 1.5}, ["R-1"]),
        ("EqualTo.EqualToInteger", {"field": "BUDGETQTY", "value": 2}, ["R-2"]),
        ("EqualTo.EqualToDate", {"field": "PBEGINDATE", "value": day("2026-03-02")}, ["R-2"]),
        ("EqualTo.EqualToDateTime", {"field": "WHENCREATED", "value": day("2020-01-01")}, []),
        ("EqualTo.EqualToNull", {"field": "DESCRIPTION"}, ["R-3"]),
        ("EqualTo.EqualToNull", {"field": "DESCRIPTION", "negate": True}, ["R-1", "R-2"]),
        ("GreaterThan.GreaterThanString", {"field": "TASKID", "value": "R-2"}, ["R-3"]),
        ("GreaterThan.GreaterThanNumber", {"field": "BUDGETQTY", "value": 1.9}, ["R-2", "R-3"]),
        ("GreaterThan.GreaterThanInteger", {"field": "BUDGETQTY", "value": 2}, ["R-3"]),
        ("GreaterThan.GreaterThanDate", {"field": "PBEGINDATE", "value": day("2026-03-01")}, ["R-2", "R-3"]),
        ("GreaterThan.GreaterThanDateTime", {"field": "WHENCREATED", "value": day("2020-01-01")}, ["R-1", "R-2", "R-3"]),
        ("GreaterThanOrEqualTo.GreaterThanOrEqualToString", {"field": "TASKID", "value": "R-2"}, ["R-2", "R-3"]),
        ("GreaterThanOrEqualTo.GreaterThanOrEqualToNumber", {"field": "BUDGETQTY", "value": 2.5}, ["R-3"]),
        ("GreaterThanOrEqualTo.GreaterThanOrEqualToInteger", {"field": "BUDGETQTY", "value": 2}, ["R-2", "R-3"]),
        ("GreaterThanOrEqualTo.GreaterThanOrEqualToDate", {"field": "PBEGINDATE", "value": day("2026-03-03")}, ["R-3"]),
        ("GreaterThanOrEqualTo.GreaterThanOrEqualToDateTime", {"field": "WHENCREATED", "value": day("2999-01-01")}, []),
        ("LessThan.LessThanString", {"field": "TASKID", "value": "R-2"}, ["R-1"]),
        ("LessThan.LessThanNumber", {"field": "BUDGETQTY", "value": 1.6}, ["R-1"]),
        ("LessThan.LessThanInteger", {"field": "BUDGETQTY", "value": 3}, ["R-1", "R-2"]),
        ("LessThan.LessThanDate", {"field": "PBEGINDATE", "value": day("2026-03-02")}, ["R-1"]),
        ("LessThan.LessThanDateTime", {"field": "WHENCREATED", "value": day("2999-01-01")}, ["R-1", "R-2", "R-3"]),
        ("LessThanOrEqualTo.LessThanOrEqualToString", {"field": "TASKID", "value": "R-2"}, ["R-1", "R-2"]),
        ("LessThanOrEqualTo.LessThanOrEqualToNumber", {"field": "BUDGETQTY", "value": 1.5}, ["R-1"]),
        ("LessThanOrEqualTo.LessThanOrEqualToInteger", {"field": "BUDGETQTY", "value": 2}, ["R-1", "R-2"]),
        ("LessThanOrEqualTo.LessThanOrEqualToDate", {"field": "PBEGINDATE", "value": day("2026-03-02")}, ["R-1", "R-2"]),
        ("LessThanOrEqualTo.LessThanOrEqualToDateTime", {"field": "WHENCREATED", "value": day("2020-01-01")}, []),
        ("InArray.InArrayString", {"field": "TASKID", "valuesList": ["R-1", "R-3"]}, ["R-1", "R-3"]),
        ("InArray.InArrayString", {"field": "TASKID", "valuesList": ["R-1", "R-3"], "negate": True}, ["R-2"]),
        ("InArray.InArrayInteger", {"field": "BUDGETQTY", "valuesList": [2, 3]}, ["R-2", "R-3"]),
        ("Like.LikeString", {"field": "DESCRIPTION", "value": "Dig%"}, ["R-1", "R-2"]),
        ("Like.LikeString", {"field": "DESCRIPTION", "value": "%more", "negate": True}, ["R-1"]),
    ],
)
def test_every_comparison_of_the_older_filter_finds_its_rows(sdk: NodeSdk, name: str, values: dict[str, Any], expected: list[str]) -> None:
    assert found(sdk, made(f"{COMPARISON}.{name}", **values)) == expected


def test_conditions_are_joined_by_or_and_turned_round(sdk: NodeSdk) -> None:
    each = [made(f"{COMPARISON}.EqualTo.EqualToString", field="TASKID", value=value) for value in ("R-1", "R-3")]
    either = made("Common.Query.Logical.OrCondition", conditions=each)
    assert found(sdk, either) == ["R-1", "R-3"]
    assert found(sdk, made("Common.Query.Logical.OrCondition", conditions=each, negate=True)) == ["R-2"]


def test_a_filter_written_as_text_is_paged_with_read_more(sdk: NodeSdk) -> None:
    text = made("Common.Query.QueryString", "PROJECTID = 'READ'")
    page = sdk.run("Common.ReadByQuery", objectName="TASK", fields=["TASKID"], query=text, pageSize=2)
    assert (page["count"], page["totalCount"], page["numRemaining"]) == (2, 3, 1)
    rest = sdk.run("Common.ReadMore", resultId=page["resultId"])
    assert (rest["function"], rest["count"], rest["numRemaining"], rest["listType"]) == ("readMore", 1, 0, "task")
    assert sorted(row["TASKID"] for row in (*page["data"], *rest["data"])) == ["R-1", "R-2", "R-3"]


def query(*calls: list[Any]) -> dict[str, Any]:
    return {**made("Common.NewQuery.Query"), "calls": [["assignFromObject", "TASK"], *calls]}


def select(*calls: list[Any]) -> dict[str, Any]:
    return {"get": "selects", "of": {**made("Common.NewQuery.QuerySelect.SelectBuilder"), "calls": list(calls)}}


def order(*calls: list[Any]) -> dict[str, Any]:
    return {"get": "orders", "of": {**made("Common.NewQuery.QueryOrderBy.OrderBuilder"), "calls": list(calls)}}


def where(field: str, *call: Any) -> dict[str, Any]:
    return {**made("Common.NewQuery.QueryFilter.Filter", field), "calls": [list(call)]}


def both(*filters: dict[str, Any], operator: str = "AndOperator") -> dict[str, Any]:
    return made(f"Common.NewQuery.QueryFilter.{operator}", list(filters))


OWN = where("PROJECTID", "equalTo", "READ")
IDS = ["assignSelectFields", select(["addField", "TASKID"])]
IN_ORDER = ["assignOrderBy", order(["addAscending", "TASKID"])]


@pytest.mark.parametrize(
    ("field", "call", "expected"),
    [
        ("TASKID", ("equalTo", "R-1"), ["R-1"]),
        ("TASKID", ("notEqualTo", "R-1"), ["R-2", "R-3"]),
        ("BUDGETQTY", ("lessThan", "2"), ["R-1"]),
        ("BUDGETQTY", ("lessThanOrEqualTo", "2"), ["R-1", "R-2"]),
        ("PBEGINDATE", ("greaterThan", "03/01/2026"), ["R-2", "R-3"]),
        ("PBEGINDATE", ("greaterThanOrEqualTo", "03/03/2026"), ["R-3"]),
        ("PBEGINDATE", ("between", "03/02/2026", "03/03/2026"), ["R-2", "R-3"]),
        ("TASKID", ("in", ["R-1", "R-2"]), ["R-1", "R-2"]),
        ("TASKID", ("notIn", ["R-1", "R-2"]), ["R-3"]),
        ("NAME", ("like", "%oo%"), ["R-1", "R-3"]),
        ("NAME", ("notLike", "%oo%"), ["R-2"]),
        ("DESCRIPTION", ("isNull",), ["R-3"]),
        ("DESCRIPTION", ("isNotNull",), ["R-1", "R-2"]),
    ],
)
def test_every_operator_of_the_filter_finds_its_rows(sdk: NodeSdk, field: str, call: tuple[Any, ...], expected: list[str]) -> None:
    page = sdk.send(query(IDS, ["assignFilter", both(OWN, where(field, *call))], IN_ORDER))
    assert [row["TASKID"] for row in page["data"]] == expected


def test_filters_are_joined_by_or(sdk: NodeSdk) -> None:
    either = both(where("TASKID", "equalTo", "R-1"), where("NAME", "equalTo", "Roof"), operator="OrOperator")
    page = sdk.send(query(IDS, ["assignFilter", both(OWN, either)], IN_ORDER))
    assert [row["TASKID"] for row in page["data"]] == ["R-1", "R-3"]


def test_a_query_pages_in_the_order_it_asks_for(sdk: NodeSdk) -> None:
    descending = ["assignOrderBy", order(["addDescending", "TASKID"])]
    pages = [sdk.send(query(IDS, ["assignFilter", OWN], descending, ["assignPageSize", 2], ["assignOffset", offset])) for offset in (0, 2)]
    assert [[row["TASKID"] for row in page["data"]] for page in pages] == [["R-3", "R-2"], ["R-1"]]
    assert [(page["count"], page["totalCount"], page["numRemaining"], page["listType"]) for page in pages] == [
        (2, 3, 1, "TASK"),
        (1, 3, 0, "TASK"),
    ]


def test_a_single_order_of_each_class_is_taken(sdk: NodeSdk) -> None:
    up, down = made("Common.NewQuery.QueryOrderBy.OrderAscending", "TASKID"), made("Common.NewQuery.QueryOrderBy.OrderDescending", "TASKID")
    pages = [sdk.send(query(IDS, ["assignFilter", OWN], ["assignOrderBy", [each]])) for each in (up, down)]
    assert [[row["TASKID"] for row in page["data"]] for page in pages] == [["R-1", "R-2", "R-3"], ["R-3", "R-2", "R-1"]]


def test_aggregates_are_counted_and_summed(sdk: NodeSdk) -> None:
    names = ("addCount", "addSum", "addMinimum", "addMaximum", "addAverage")
    asked = select(*([name, "RECORDNO" if name == "addCount" else "BUDGETQTY"] for name in names))
    (row,) = sdk.send(query(["assignSelectFields", asked], ["assignFilter", OWN]))["data"]
    assert {name.split(".")[0]: float(value) for name, value in row.items()} == {
        "COUNT": 3,
        "SUM": 6.5,
        "MIN": 1.5,
        "MAX": 3,
        "AVG": pytest.approx(6.5 / 3, abs=0.01),
    }


@pytest.mark.parametrize(("name", "expected"), [("Average", 2.1667), ("Count", 3), ("Maximum", 3), ("Minimum", 1.5), ("Sum", 6.5)])
def test_every_class_of_aggregate_answers_alone(sdk: NodeSdk, name: str, expected: float) -> None:
    single = made(f"Common.NewQuery.QuerySelect.{name}", "BUDGETQTY")
    (row,) = sdk.send(query(["assignSelectFields", [single]], ["assignFilter", OWN]))["data"]
    (value,) = row.values()
    assert float(value) == pytest.approx(expected, abs=0.01)


def test_the_factory_of_aggregates_and_a_plain_field_group_by_what_is_plain(sdk: NodeSdk) -> None:
    counted = {**made("Common.NewQuery.QuerySelect.SelectFunctionFactory"), "calls": [["create", "count", "RECORDNO"]]}
    plain = made("Common.NewQuery.QuerySelect.Field", "TASKSTATUS")
    (row,) = sdk.send(query(["assignSelectFields", [plain, counted]], ["assignFilter", OWN]))["data"]
    assert (row["TASKSTATUS"], row["COUNT.RECORDNO"]) == ("Planned", "3")


def test_a_query_may_look_past_case(sdk: NodeSdk) -> None:
    asked = [IDS, ["assignFilter", both(OWN, where("NAME", "equalTo", "roof"))]]
    assert sdk.send(query(*asked))["data"] == []
    assert [row["TASKID"] for row in sdk.send(query(*asked, ["assignCaseInsensitive", True]))["data"]] == ["R-3"]


def test_a_query_from_the_top_sees_an_entitys_private_rows_when_it_asks(sdk: NodeSdk) -> None:
    sdk.add("PROJECT", PROJECTID="PRIV", NAME="Private", PROJECTCATEGORY="Contract", LOCATIONID="200", MEGAENTITYID="200")
    asked = {
        **made("Common.NewQuery.Query"),
        "calls": [
            ["assignFromObject", "PROJECT"],
            ["assignSelectFields", select(["addFields", ["PROJECTID", "MEGAENTITYID"]])],
            ["assignFilter", where("PROJECTID", "equalTo", "PRIV")],
        ],
    }
    assert sdk.send(asked)["count"] == 0
    (row,) = sdk.send({**asked, "calls": [*asked["calls"], ["assignShowPrivate", True]]})["data"]
    assert row["MEGAENTITYID"] == "200"


def test_an_empty_page_says_so_in_every_number(sdk: NodeSdk) -> None:
    page = sdk.send(query(IDS, ["assignFilter", where("TASKID", "equalTo", "R-9")]))
    assert (page["count"], page["totalCount"], page["numRemaining"], page["data"]) == (0, 0, 0, [])
    older = sdk.run("Common.ReadByQuery", objectName="TASK", query=made("Common.Query.QueryString", "TASKID = 'R-9'"))
    assert (older["count"], older["totalCount"], older["numRemaining"], older["data"]) == (0, 0, 0, [])


def test_records_are_read_by_number_and_by_name(sdk: NodeSdk, job: list[str]) -> None:
    task = sdk.read("TASK", job[0])
    assert (task["NAME"], task["PROJECTID"], task["PBEGINDATE"], task["BUDGETQTY"]) == ("Ada's footing", "READ", "03/01/2026", "1.5")
    several = sdk.run("Common.Read", objectName="TASK", keys=[int(each) for each in job], fields=["TASKID"])
    assert (several["count"], several["listType"]) == (3, "TASK")
    (project,) = sdk.run("Common.ReadByName", objectName="PROJECT", names=["READ"])["data"]
    assert (project["NAME"], project["LOCATIONID"]) == ("Job to read", "100")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Common.ReadByName", objectName="TASK", names=["R-1"])
    assert refused.value.errors[0].startswith("PL04000005")


def test_objects_are_listed_looked_up_and_inspected(sdk: NodeSdk) -> None:
    (looked,) = sdk.run("Common.Lookup", objectName="TASK")["data"]
    fields = {each["ID"]: each for each in looked["Fields"]["Field"]}
    assert (fields["TASKSTATUS"]["REQUIRED"], fields["TASKSTATUS"]["DATATYPE"]) == ("true", "ENUM")
    every = sdk.run("Common.Inspect")
    assert every["listType"] == "All"
    (one,) = sdk.run("Common.Inspect", objectName="TASK")["data"]
    assert "TASKSTATUS" in one["Fields"]["Field"]


def test_an_object_nobody_has_is_refused(sdk: NodeSdk) -> None:
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Common.Lookup", objectName="NOSUCH")
    assert "Object definition NOSUCH not found" in refused.value.errors[0]


def test_the_older_list_is_read_with_its_places(sdk: NodeSdk) -> None:
    sdk.run("Company.AttachmentsFolderCreate", folderName="Listed")
    listed = sdk.run("Common.GetList.GetList", object="supdocfolder")
    assert [row["name"] for row in listed["data"] if row["name"] == "Listed"] == ["Listed"]
    assert (listed["start"], listed["totalCount"], listed["end"]) == (0, len(listed["data"]), len(listed["data"]) - 1)


def test_a_batch_keeps_what_succeeds_unless_it_is_one_transaction(sdk: NodeSdk) -> None:
    def job_(number: str) -> dict[str, Any]:
        return made("Projects.ProjectCreate", projectId=number, projectName="Job", projectCategory="Contract", locationId="100")

    loose = sdk.ask("run", functions=[job_("B-1"), job_("B-1"), job_("B-2")])
    assert [each["status"] for each in loose] == ["success", "failure", "success"]
    assert loose[1]["errors"][0].startswith("BL34000061 Another Project with the given value(s) B-1")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.ask("run", functions=[job_("B-3"), job_("B-1")], transaction=True)
    assert any("BL34000061" in each for each in refused.value.errors)
    kept = {row["PROJECTID"] for row in sdk.stored("PROJECT")}
    assert {"B-1", "B-2"} <= kept
    assert "B-3" not in kept


def test_the_sdk_cannot_read_the_reply_to_a_repeated_controlid(sdk: NodeSdk) -> None:
    function = made("Common.ReadByName", "same-id", objectName="PROJECT", names=["READ"])
    writing = {**made("Company.ClassCreate", "once-only", classId="ONCE", className="Once")}
    assert sdk.ask("run", functions=[writing], uniqueId=True)[0]["status"] == "success"
    with pytest.raises(RefusedBySdk, match="missing status element"):
        sdk.ask("run", functions=[writing], uniqueId=True)
    assert sdk.send(function)["controlId"] == "same-id"
    assert len([row for row in sdk.stored("CLASS") if row["CLASSID"] == "ONCE"]) == 1


def test_preferences_permissions_and_dimensions_are_told(sdk: NodeSdk) -> None:
    preferences = sdk.run("Company.CompanyPrefsGet", application="AP")["data"]
    assert preferences
    assert {each["application"] for each in preferences} == {"AP"}
    (permissions,) = sdk.run("Company.GetUserPermissions", userId="ws-user")["data"]
    granted = {each["applicationName"]: each["policies"]["policy"] for each in permissions["appSubscription"]}
    policies = {each["policyName"]: each["rights"] for each in granted["Project and Resource Management"]}
    assert policies["Projects"] == "List|Readonly|Add|Modify|Delete"
    (dimensions,) = sdk.run("PlatformServices.DimensionsGet")["data"]
    assert {each["objectName"] for each in dimensions["dimension"]} >= {"PROJECT", "VENDOR", "EQUIPMENT"}
    related = sdk.run("PlatformServices.DimensionRelationshipsGet")
    assert related["status"] == "success"
