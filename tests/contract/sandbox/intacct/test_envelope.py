"""The envelope: what is readable, what is refused at control level (intacct-xml §1.1–1.4, §5.2)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.gateway import PATH, Gateway, errors_in, query

REFUSED = "XL03000003"


def is_schema_failure(gateway: Gateway, body: bytes) -> str:
    """The text of the XL03000003 control failure the body must meet (§1.4: HTTP 200, no operation)."""
    reply = gateway.post(body)
    assert reply.response.status_code == 200
    assert reply.text("control/status") == "failure"
    assert reply.root.find("operation") is None
    [(number, text)] = errors_in(reply.root)
    assert number == REFUSED
    return text


def test_a_reply_has_the_documented_content_type_and_element_order(intacct: Gateway) -> None:
    # §1.1, §1.3
    reply = intacct.call("<getAPISession/>")
    assert reply.response.headers["content-type"] == 'text/xml; encoding="UTF-8"'
    assert [child.tag for child in reply.root.findall("control/*")] == ["status", "senderid", "controlid", "uniqueid", "dtdversion"]
    block = [child.tag for child in reply.root.findall("operation/authentication/*")]
    assert block == ["status", "userid", "companyid", "locationid", "sessiontimestamp", "sessiontimeout"]
    assert [child.tag for child in reply.result] == ["status", "function", "controlid", "data"]
    assert "sandbox-sender-pw" not in reply.response.text


def test_a_mismatched_tag_is_refused_with_the_recorded_wording(intacct: Gateway) -> None:
    # §5.2 XL03000003
    text = is_schema_failure(intacct, b"<request><control></request>")
    assert text.startswith("XML Parse schema error: Fatal Error 76: Opening and ending tag mismatch")
    assert "Line: 1, column:" in text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"xmlrequest=%3Crequest%2F%3E",
        b"<html/>",
        b"\xff\xfe<\x00r\x00",
        b'<?xml version="1.0" encoding="ISO-8859-1"?><request/>',
        "<request>ä</request>".encode("latin-1"),
        b'<!DOCTYPE request [<!ENTITY a "b">]><request>&a;</request>',
        b'<!-- x --><!DOCTYPE request SYSTEM "http://127.0.0.1:1/x.dtd"><request/>',
        b"<request>&unknown;</request>",
        b"<a>" * 300 + b"</a>" * 300,
    ],
)
def test_what_is_no_plain_utf8_document_is_refused(intacct: Gateway, body: bytes) -> None:
    # §1.1; hardened parsing
    is_schema_failure(intacct, body)


def test_depth_is_bounded(intacct: Gateway) -> None:
    body = intacct.envelope("<create>" + "<A>" * 70 + "</A>" * 70 + "</create>")
    assert "Excessive depth" in is_schema_failure(intacct, body)


def test_a_body_larger_than_the_limit_is_refused_before_it_is_read(intacct: Gateway) -> None:
    response = intacct.http.post(PATH, content=b"x" * (33 * 1024 * 1024))
    assert response.status_code == 413


def test_text_in_cdata_may_look_like_a_doctype(intacct: Gateway) -> None:
    # §1.1: CDATA is allowed
    reply = intacct.project("P-1", "<DESCRIPTION><![CDATA[<!DOCTYPE & <b>]]></DESCRIPTION>")
    assert reply.status == "success"
    assert intacct.stored("PROJECT")[0]["DESCRIPTION"] == "<!DOCTYPE & <b>"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ((b"<senderid>", b"<nonsense/><senderid>"), "nonsense"),
        ((b"<controlid>request-1</controlid>", b""), "controlid"),
        ((b"<controlid>request-1</controlid>", b"<controlid>" + b"x" * 257 + b"</controlid>"), "controlid"),
        ((b"<dtdversion>3.0", b"<dtdversion>4.0"), "4.0"),
        ((b"<uniqueid>false", b"<uniqueid>maybe"), "maybe"),
        ((b'controlid="f-1"', b""), "controlid"),
        ((b"<getAPISession/>", b"<frobnicate/>"), "frobnicate"),
        ((b"<getAPISession/>", b"<getAPISession/><getAPISession/>"), "function"),
        ((b"<getAPISession/>", b""), "function"),
        ((b"<operation>", b'<operation transaction="yes">'), "yes"),
        ((b"<userid>ws-user</userid>", b""), "userid"),
        ((b"<login>", b"<sessionid>x</sessionid><login>"), "authentication"),
        ((b"<authentication>", b"<other/><authentication>"), "other"),
    ],
)
def test_a_wrong_shape_is_a_schema_error(intacct: Gateway, change: tuple[bytes, bytes], where: str) -> None:
    # §1.2, §5.2 XL03000003: unknown element, missing element, value not in enumeration
    body = intacct.envelope("<getAPISession/>").replace(*change)
    assert where in is_schema_failure(intacct, body)


def test_version_2_1_has_no_generic_functions(intacct: Gateway) -> None:
    # §1.2 dtdversion
    is_schema_failure(intacct, intacct.envelope("<getAPISession/>", dtdversion="2.1"))


def test_control_elements_may_come_in_any_order_and_options_may_be_absent(intacct: Gateway) -> None:
    # §1.2: tolerance of an emulator
    body = intacct.envelope("<getAPISession/>").replace(b"<senderid>sandbox-sender</senderid>", b"")
    body = body.replace(b"</control>", b"<senderid>sandbox-sender</senderid></control>").replace(b"<dtdversion>3.0</dtdversion>", b"")
    assert intacct.post(body).status == "success"


def test_a_function_of_the_schema_that_is_not_emulated_says_so_itself(intacct: Gateway) -> None:
    assert intacct.call("<installApp><appxml/></installApp>").errors[0][0] == "EMU-NOT-EMULATED"


@pytest.mark.parametrize(("name", "value"), [("senderid", "nobody"), ("password", "wrong")])
def test_a_wrong_sender_is_a_control_failure(intacct: Gateway, name: str, value: str) -> None:
    # §1.4, §5.2 XL03000006
    reply = intacct.call("<getAPISession/>", **{name: value})
    assert reply.response.status_code == 200
    assert reply.text("control/status") == "failure"
    assert reply.text("control/controlid") == "request-1"
    assert reply.root.find("operation") is None
    assert errors_in(reply.root) == [("XL03000006", "Incorrect Intacct XML Partner ID or password.")]


def test_the_sender_password_can_change_in_mid_run(intacct: Gateway) -> None:
    intacct.set(sender_password="new")
    assert intacct.call("<getAPISession/>").text("control/status") == "failure"
    assert intacct.call("<getAPISession/>", password="new").status == "success"


def test_no_transport_policy_is_known(intacct: Gateway) -> None:
    # §1.8
    reply = intacct.call("<getAPISession/>", policyid="MyPolicy")
    assert reply.text("control/status") == "failure"
    assert errors_in(reply.root) == [("XL03000006", "MyPolicy is not a valid transport policy.")]


def test_whitespace_is_included_unless_declined(intacct: Gateway) -> None:
    # §1.2 includewhitespace
    assert "\n  <control>" in intacct.call("<getAPISession/>", includewhitespace="true").response.text
    assert "\n  <control>" not in intacct.call("<getAPISession/>").response.text


def test_additional_error_information_comes_only_when_asked_for(intacct: Gateway) -> None:
    # §5.1
    bad = query("NOTHING", "RECORDNO")
    assert intacct.call(bad).result.find("errormessage/error/additionalinfo") is None
    asked = intacct.call(bad, showadditionalerrorinfo="true").result.find("errormessage/error/additionalinfo")
    assert asked is not None
    assert [child.tag for child in asked] == ["errorid", "category", "target"]


def test_business_errors_end_with_an_encoded_support_id(intacct: Gateway) -> None:
    # §5.1
    intacct.project("P-1")
    text = intacct.project("P-1").result.findtext("errormessage/error/description2") or ""
    assert text.endswith("]")
    assert "[Support ID: " in text
    assert "%7E" in text


def test_only_post_is_taken(intacct: Gateway) -> None:
    # §1.1
    assert intacct.http.get(PATH).status_code == 405
    assert intacct.http.post("/ia/xml/other.phtml", content=b"<request/>").status_code == 404
