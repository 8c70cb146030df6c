"""Sign-in, sessions, entity scope (intacct-xml §1.4, §1.5, §7)."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply, errors_in, project, query, read_by_query


def is_sign_in_failure(reply: Reply, text: str) -> None:
    """§1.4: authentication failure, errormessage beside it, no result."""
    assert reply.text("control/status") == "success"
    assert reply.text("operation/authentication/status") == "failure"
    assert not reply.results
    operation = reply.root.find("operation")
    assert operation is not None
    [(number, said)] = errors_in(operation)
    assert number == "XL03000006"
    assert text in said


@pytest.mark.parametrize("wrong", [{"user": "nobody"}, {"password": "wrong"}, {"company": "OTHER"}, {"location": "300"}])
def test_wrong_credentials_company_or_entity_are_a_sign_in_failure(intacct: Gateway, wrong: dict[str, str]) -> None:
    # §5.2 XL03000006 at authentication level, bad entity included
    reply = intacct.call("<getAPISession/>", authentication=intacct.login(**wrong))
    assert reply.response.status_code == 200
    is_sign_in_failure(reply, "Sign-in information is incorrect")
    assert reply.text("operation/authentication/companyid") == wrong.get("company", "SANDBOX")


def test_an_authentication_failure_may_come_with_http_401(intacct: Gateway) -> None:
    # §1.4: HTTP 200 or 401
    intacct.set(auth_failure_http="401")
    reply = intacct.call("<getAPISession/>", authentication=intacct.login(password="wrong"))
    assert reply.response.status_code == 401
    is_sign_in_failure(reply, "Sign-in information is incorrect")


def test_a_sender_the_company_has_not_authorised_is_refused(intacct: Gateway) -> None:
    # §5.2
    intacct.set(authorised_senders=[])
    is_sign_in_failure(intacct.call("<getAPISession/>"), "Invalid Web Services Authorization")


def test_the_user_password_can_change_in_mid_run(intacct: Gateway) -> None:
    intacct.set(user_password="new")
    is_sign_in_failure(intacct.call("<getAPISession/>"), "Sign-in information is incorrect")
    assert intacct.call("<getAPISession/>", authentication=intacct.login(password="new")).status == "success"


def test_a_session_reply_has_all_three_elements_and_the_callers_endpoint(intacct: Gateway) -> None:
    # §1.5, §10.3
    api = intacct.call("<getAPISession/>").data.find("api")
    assert api is not None
    assert [child.tag for child in api] == ["sessionid", "endpoint", "locationid"]
    assert (api.findtext("sessionid") or "").endswith("..")
    assert api.findtext("endpoint") == f"{intacct.url}/ia/xml/xmlgw.phtml"
    assert api.findtext("locationid") == ""


def test_the_endpoint_follows_the_host_header_or_is_the_advertised_one(intacct: Gateway) -> None:
    # §9.1
    body = intacct.envelope("<getAPISession/>")
    response = intacct.http.post("/ia/xml/xmlgw.phtml", content=body, headers={"Host": "emu.intacct.com:8080"})
    assert "<endpoint>http://emu.intacct.com:8080/ia/xml/xmlgw.phtml</endpoint>" in response.text
    intacct.set(advertise_endpoint="https://api.intacct.com/ia/xml/xmlgw.phtml")
    assert intacct.call("<getAPISession/>").data.findtext("api/endpoint") == "https://api.intacct.com/ia/xml/xmlgw.phtml"


def test_session_times_are_iso_with_plus_zero_and_a_full_lifetime_apart(intacct: Gateway) -> None:
    # §1.3
    intacct.at("2026-03-01T08:00:00Z")
    intacct.set(session_lifetime_s=7200.0)
    reply = intacct.call("<getAPISession/>")
    assert reply.text("operation/authentication/sessiontimestamp") == "2026-03-01T08:00:00+00:00"
    until = reply.text("operation/authentication/sessiontimeout") or ""
    assert datetime.strptime(until, "%Y-%m-%dT%H:%M:%S+00:00").hour == 10


def test_a_session_slides_with_every_call_and_then_ends(intacct: Gateway) -> None:
    # §1.5
    intacct.at("2026-03-01T08:00:00Z")
    intacct.set(session_lifetime_s=60.0)
    session = intacct.session()
    for _ in range(3):
        intacct.advance(50)
        assert intacct.call(query("PROJECT", "RECORDNO"), authentication=session).status == "success"
    intacct.advance(61)
    reply = intacct.call(query("PROJECT", "RECORDNO"), authentication=session)
    is_sign_in_failure(reply, "Invalid session")
    assert reply.text("operation/authentication/userid") == ""


def test_a_session_that_was_never_given_is_refused(intacct: Gateway) -> None:
    # §1.5
    is_sign_in_failure(intacct.call("<getAPISession/>", authentication="<sessionid>made-up..</sessionid>"), "Invalid session")


def test_an_unknown_entity_in_getapisession_fails_the_function(intacct: Gateway) -> None:
    # §1.5, §5.2
    reply = intacct.call("<getAPISession><locationid>300</locationid></getAPISession>")
    assert reply.status == "failure"
    assert reply.errors[0][0] == "Get API Session Failed"


def test_a_session_moves_between_levels(intacct: Gateway) -> None:
    # §1.5: same level without locationid, another with it, the top with an empty one
    session = intacct.session("100")
    reply = intacct.call("<getAPISession/>", authentication=session)
    assert reply.text("operation/authentication/locationid") == "100"
    assert reply.data.findtext("api/locationid") == "100"
    assert intacct.call("<getAPISession><locationid/></getAPISession>", authentication=session).data.findtext("api/locationid") == ""


def test_an_empty_locationid_in_the_login_is_the_top_level(intacct: Gateway) -> None:
    # §1.2: one client always sends it
    reply = intacct.call("<getAPISession/>", authentication=intacct.login(location=""))
    assert reply.text("operation/authentication/locationid") == ""


def test_rows_made_in_an_entity_are_its_own(intacct: Gateway) -> None:
    # §7.2
    west, east = intacct.session("100"), intacct.session("200")
    number = intacct.project("P-1", authentication=west).rows[0]["RECORDNO"]
    intacct.project("P-2")
    asked = query("PROJECT", "PROJECTID", "MEGAENTITYID", "MEGAENTITYNAME", order="RECORDNO")
    own = intacct.call(asked, authentication=west).rows
    assert own == [
        {"PROJECTID": "P-1", "MEGAENTITYID": "100", "MEGAENTITYNAME": "Sandbox Entity 100"},
        {"PROJECTID": "P-2", "MEGAENTITYID": "", "MEGAENTITYNAME": ""},
    ]
    assert [row["PROJECTID"] for row in intacct.call(asked, authentication=east).rows] == ["P-2"]
    read = f"<read><object>PROJECT</object><keys>{number}</keys><fields>RECORDNO</fields></read>"
    assert intacct.call(read, authentication=east).rows == []
    assert len(intacct.call(read).rows) == 1
    by_name = "<readByName><object>PROJECT</object><keys>P-1</keys><fields>RECORDNO</fields></readByName>"
    assert intacct.call(by_name, authentication=east).rows == []
    changed = "<update><PROJECT><PROJECTID>P-1</PROJECTID><NAME>Taken</NAME></PROJECT></update>"
    assert intacct.call(changed, authentication=east).status == "failure"
    removed = f"<delete><object>PROJECT</object><keys>{number}</keys></delete>"
    assert intacct.call(removed, authentication=east).errors[0][1] == f"Cannot find project with key '{number}' to delete."


def test_from_the_top_private_rows_show_only_when_asked_for(intacct: Gateway) -> None:
    # §7.2, §2.6 showprivate
    intacct.project("P-1", authentication=intacct.session("100"))
    asked = query("PROJECT", "PROJECTID")
    assert intacct.call(asked).rows == []
    shown = query("PROJECT", "PROJECTID", more="<options><showprivate>true</showprivate></options>")
    assert len(intacct.call(shown).rows) == 1
    assert intacct.call(read_by_query("PROJECT", "PROJECTID", "")).rows == []


def test_a_natural_key_is_unique_in_the_company_not_in_the_entity(intacct: Gateway) -> None:
    # §1.7 BL34000061
    intacct.project("P-1", authentication=intacct.session("100"))
    reply = intacct.project("P-1", "<LOCATIONID>200</LOCATIONID>", authentication=intacct.session("200"))
    assert reply.errors[0] == ("BL34000061", "Another Project with the given value(s) P-1  already exists")


def test_an_entity_session_takes_only_its_own_locations(intacct: Gateway) -> None:
    # §7.4
    intacct.call("<create><LOCATION><LOCATIONID>100-1</LOCATIONID><NAME>Yard</NAME><PARENTID>100</PARENTID></LOCATION></create>")
    west = intacct.session("100")
    assert intacct.project("P-1", "<LOCATIONID>100-1</LOCATIONID>", authentication=west).status == "success"
    reply = intacct.project("P-2", "<LOCATIONID>200</LOCATIONID>", authentication=west)
    assert reply.errors[0] == ("BL01001973", "The location '200' is invalid.")


def test_an_entity_session_cannot_refer_to_another_entitys_rows(intacct: Gateway) -> None:
    intacct.project("P-1", authentication=intacct.session("100"))
    reply = intacct.project("P-2", "<PARENTID>P-1</PARENTID><LOCATIONID>200</LOCATIONID>", authentication=intacct.session("200"))
    assert reply.errors[0] == ("BL01001973", "Invalid Project 'P-1' specified.")


def test_a_shared_project_needs_a_location_unless_the_company_is_told_otherwise(intacct: Gateway) -> None:
    # §3A PROJECT: LOCATIONID required in a multi-entity company
    bare = project("P-1").replace("<LOCATIONID>100</LOCATIONID>", "")
    assert "LOCATIONID is required" in intacct.call(f"<create>{bare}</create>").errors[0][1]
    intacct.set(location_required=False)
    assert intacct.call(f"<create>{bare}</create>").status == "success"
