"""What a company has and how its user reads it: subscriptions, dates and clock (intacct-xml §2.9, §4.1, §5.2; design §6)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, errors_in, project, query, read_by_query
from tests.contract.sandbox.intacct.rest import PROJECTS, Rest

PERMISSIONS = "<getUserPermissions><userId>ws-user</userId></getUserPermissions>"
CONDITION = "<filter><{op}><field>{field}</field><value>{value}</value></{op}></filter>"


def test_an_application_without_subscription_offers_none_of_its_objects(intacct: Gateway, rest: Rest) -> None:
    intacct.set(unsubscribed=["PO"])
    keys = [each.findtext("key") for each in intacct.call("<get_applications/>").data]
    assert "9.PO" not in keys
    assert "8.SO" in keys
    held = [each.findtext("applicationName") for each in intacct.call(PERMISSIONS).data.findall("permissions/appSubscription")]
    assert "Purchasing" not in held
    assert "Order Entry" in held
    says = "You do not have permission for API operation {} on objects of type {}"
    assert intacct.call(query("PODOCUMENT", "RECORDNO")).errors == [("PL04000005", says.format("QUERY", "PODOCUMENT"))]
    assert intacct.call(read_by_query("PODOCUMENTENTRY", "*", "")).errors[0][1] == says.format("READ_BY_QUERY", "PODOCUMENTENTRY")
    deletion = '<delete_potransaction key="Purchase Order-1"/>'
    assert intacct.call(deletion).errors[0] == ("PL04000005", says.format("DELETE_POTRANSACTION", "PODOCUMENT"))
    assert rest.query("purchasing/txn-definition", "key").status_code == 403
    assert intacct.call(query("SODOCUMENT", "RECORDNO")).status == "success"
    intacct.set(unsubscribed=[])
    assert intacct.call(query("PODOCUMENT", "RECORDNO")).status == "success"


def test_a_company_without_the_gateway_is_refused_before_its_user_is(intacct: Gateway) -> None:
    # §5.2: recorded words, no number
    intacct.set(unsubscribed=["XML"])
    reply = intacct.call("<get_applications/>", authentication=intacct.login(password="wrong"))
    assert reply.text("control/status") == "failure"
    assert reply.root.find("operation") is None
    assert errors_in(reply.root) == [("", "This company is not authorized for XML transactions. Please subscribe to the XML Gateway.")]


@pytest.mark.parametrize("wrong", [["GEN"], ["Purchasing"], [1]])
def test_only_applications_there_are_can_be_without_subscription(intacct: Gateway, wrong: list[object]) -> None:
    answer = intacct.http.put("/_sandbox/settings", json={"unsubscribed": wrong})
    assert answer.status_code == 400
    assert "unsubscribed" in answer.text


def test_a_user_reads_and_writes_dates_in_its_own_form(intacct: Gateway) -> None:
    # §4.1: user formatting does change what the API user reads and must send
    intacct.at("2026-11-21T15:39:40Z")
    intacct.project("P-1", "<BEGINDATE>03/25/2026</BEGINDATE>")
    intacct.set(user_date_format="/dmY", user_clock="12")
    said = intacct.call("<readUserFormatting><userId>ws-user</userId></readUserFormatting>").data.find("userformatting")
    assert said is not None
    assert (said.findtext("dateformat"), said.findtext("clock")) == ("/dmY", "12")
    seen = {"BEGINDATE": "25/03/2026", "WHENCREATED": "21/11/2026 03:39:40 PM"}
    assert intacct.call(query("PROJECT", *seen)).rows == [seen]
    assert intacct.call(read_by_query("PROJECT", ",".join(seen), "")).rows == [seen]
    assert intacct.call(f"<read><object>PROJECT</object><keys>1</keys><fields>{','.join(seen)}</fields></read>").rows == [seen]
    shown = intacct.call("<query><object>PROJECT</object><select><max>BEGINDATE</max></select></query>").rows
    assert shown == [{"MAX.BEGINDATE": "25/03/2026"}]
    assert intacct.project("P-2", "<BEGINDATE>26/03/2026</BEGINDATE>").status == "success"
    refused = intacct.project("P-3", "<BEGINDATE>03/25/2026</BEGINDATE>")
    assert refused.errors[0][0] == "BL03000018"
    assert [row["BEGINDATE"] for row in intacct.stored("PROJECT")] == ["03/25/2026", "03/26/2026"]  # kept as ever


@pytest.mark.parametrize(("form", "day", "wrong"), [("/dmY", "25/03/2026", "03/25/2026"), ("-Ymd", "2026-03-25", "25-03-2026")])
def test_filters_take_the_users_form_alone(intacct: Gateway, form: str, day: str, wrong: str) -> None:
    intacct.project("P-1", "<BEGINDATE>03/25/2026</BEGINDATE>")
    intacct.set(user_date_format=form)

    def found(value: str, op: str = "equalto") -> list[dict[str, str]]:
        return intacct.call(query("PROJECT", "PROJECTID", more=CONDITION.format(op=op, field="BEGINDATE", value=value))).rows

    assert found(day) == [{"PROJECTID": "P-1"}]
    assert found(day, "greaterthan") == []
    assert intacct.call(read_by_query("PROJECT", "PROJECTID", f"BEGINDATE = '{day}'")).rows == [{"PROJECTID": "P-1"}]
    refused = intacct.call(query("PROJECT", "PROJECTID", more=CONDITION.format(op="equalto", field="BEGINDATE", value=wrong)))
    assert refused.errors[0][0] == "DL02000001"


def test_groups_of_year_month_and_day_and_rest_have_no_users_form(intacct: Gateway, rest: Rest) -> None:
    # §4.1: dates of legacy functions; intacct-rest §3.4
    intacct.set(user_date_format="/dmY")
    day = "<BEGINDATE><year>2026</year><month>3</month><day>25</day></BEGINDATE>"
    intacct.call(f"<create>{project('P-1', day)}</create>")
    assert intacct.stored("PROJECT")[0]["BEGINDATE"] == "03/25/2026"
    assert rest.get(f"{PROJECTS}/1").json()["ia::result"]["startDate"] == "2026-03-25"


def test_every_object_can_be_read_by_a_user_of_another_form(intacct: Gateway) -> None:
    intacct.control("POST", "reset", {"world": "demo", "seed": 1})
    kinds = [each.get("typename") or "" for each in intacct.call("<inspect><object>*</object></inspect>").data]
    intacct.set(user_date_format="-Ymd", user_clock="12")
    assert len(kinds) > 100
    read = 0
    for kind in kinds:
        reply = intacct.call(read_by_query(kind.upper(), "*", "", "<pagesize>20</pagesize>"))
        if reply.status == "success":
            read += len(reply.rows)
            assert not any("/2026" in row.get(name, "") for row in reply.rows for name in ("WHENCREATED", "WHENMODIFIED", "BEGINDATE"))
    assert read > 100
