"""Writing requests and reading answers."""

from __future__ import annotations

import contextlib
import gzip
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tieout.intacct.client import Credentials, Query, Status, UnwritableError, all_of, any_of, at_least, equal_to, functions, is_in, is_null
from tieout.intacct.client.envelope import login, request, with_session
from tieout.intacct.client.formats import read_boolean, read_date, read_decimal, read_integer, read_timestamp, wire_text
from tieout.intacct.client.reply import MalformedError, parse, read_reply

CREDENTIALS = Credentials("acme", "ACMESender", "sender-secret", "xml_user", "user-secret")
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])))
)
NAMES = st.sampled_from(["NAME", "DESCRIPTION", "TERMS", "SCOPE", "DISPLAYCONTACT", "MAILADDRESS"])
TREES = st.recursive(XML_TEXT, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=4), max_leaves=12)


def _read_back(node: etree._Element) -> object:
    return {str(child.tag): _read_back(child) for child in node} if len(node) else (node.text or "")


@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=4))
def test_whatever_xml_can_carry_arrives_as_it_was_written(values: dict[str, object]) -> None:
    function = functions.create("key-1", "PROJECT", values)
    sent = request(CREDENTIALS, with_session("s"), [function], control_id="r", unique=True)
    node = parse(sent).find("operation/content/function/create/PROJECT")
    assert node is not None
    assert _read_back(node) == values


@given(st.sampled_from([*map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]), "\ud800"]))
def test_a_character_that_xml_cannot_carry_is_named_and_refused(character: str) -> None:
    with pytest.raises(UnwritableError, match=f"NAME holds the character U\\+{ord(character):04X}"):
        functions.create("key-1", "PROJECT", {"NAME": f"a{character}b"})


def test_the_envelope_follows_the_order_of_the_vendors_libraries() -> None:
    body = request(CREDENTIALS, login(CREDENTIALS, "100"), [functions.get_api_session("f-1")], control_id="r-1", unique=False)
    root = parse(body)
    assert [each.tag for each in root] == ["control", "operation"]
    assert [(each.tag, each.text) for each in root[0]] == [
        ("senderid", "ACMESender"),
        ("password", "sender-secret"),
        ("controlid", "r-1"),
        ("uniqueid", "false"),
        ("dtdversion", "3.0"),
        ("includewhitespace", "false"),
    ]
    assert root[1].get("transaction") == "false"
    names = [each.tag for each in root.iterfind("operation/authentication/login/*")]
    assert names == ["userid", "companyid", "password", "locationid"]


def test_the_top_level_is_signed_in_to_without_an_entity() -> None:
    assert "locationid" not in login(CREDENTIALS, "")


def test_a_write_asks_for_uniqueness_and_names_its_function_by_its_key() -> None:
    body = request(CREDENTIALS, with_session("s"), [functions.delete("key-9", "PROJECT", ["17"])], control_id="r", unique=True)
    root = parse(body)
    assert root.findtext("control/uniqueid") == "true"
    function = root.find("operation/content/function")
    assert function is not None
    assert function.get("controlid") == "key-9"
    assert function.findtext("delete/keys") == "17"


@pytest.mark.parametrize("count", [0, 101])
def test_a_request_carries_one_to_a_hundred_functions(count: int) -> None:
    calls = [functions.get_dimensions(str(each)) for each in range(count)]
    with pytest.raises(ValueError, match="1 to 100"):
        request(CREDENTIALS, with_session("s"), calls, control_id="r", unique=False)


def test_two_functions_of_one_request_cannot_share_a_control_id() -> None:
    calls = [functions.get_dimensions("same"), functions.get_dimensions("same")]
    with pytest.raises(ValueError, match="same control id"):
        request(CREDENTIALS, with_session("s"), calls, control_id="r", unique=False)


def test_a_query_names_its_fields_its_filter_and_its_order() -> None:
    asked = Query(
        "PROJECT",
        ("RECORDNO", "CUSTOMER.CUSTOMERID"),
        any_of(all_of(at_least("WHENMODIFIED", "11/20/2026 00:00:00"), equal_to("STATUS", "active")), is_null("WHENMODIFIED")),
        (("WHENMODIFIED", True), ("RECORDNO", False)),
        page_size=50,
        show_private=True,
    )
    node = etree.fromstring(functions.query("c", asked).body)
    assert [each.text for each in node.iterfind("select/field")] == ["RECORDNO", "CUSTOMER.CUSTOMERID"]
    assert node.find("filter/or/and/greaterthanorequalto") is not None
    assert node.findtext("filter/or/isnull/field") == "WHENMODIFIED"
    assert [each[1].tag for each in node.iterfind("orderby/order")] == ["ascending", "descending"]
    assert node.findtext("options/showprivate") == "true"
    assert (node.findtext("pagesize"), node.findtext("offset")) == ("50", "0")


def test_a_single_condition_is_not_wrapped_because_the_gateway_wants_two_parts() -> None:
    assert all_of(equal_to("NAME", "x")) == equal_to("NAME", "x")


@pytest.mark.parametrize("count", [0, 1001])
def test_a_list_condition_takes_one_to_a_thousand_values(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        is_in("RECORDNO", [str(each) for each in range(count)])


def test_a_query_for_everything_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match="names its fields"):
        Query("PROJECT", ("*",))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (date(2026, 1, 2), "01/02/2026"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "01/02/2026 03:04:05"),
        (date(826, 1, 2), "01/02/0826"),
    ],
)
def test_values_are_written_as_the_gateway_reads_them(value: object, text: str) -> None:
    assert wire_text(value) == text  # type: ignore[arg-type]


@given(st.dates(), st.decimals(allow_nan=False, allow_infinity=False, places=4), st.booleans())
def test_values_come_back_as_they_were_written(day: date, amount: Decimal, flag: bool) -> None:
    assert read_date(wire_text(day)) == day
    assert read_decimal(wire_text(amount)) == amount
    assert read_boolean(wire_text(flag)) is flag


@given(st.datetimes(min_value=datetime(1000, 1, 1)))
def test_times_come_back_to_the_second(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert read_timestamp(wire_text(aware)) == aware.replace(microsecond=0)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), datetime(2026, 1, 1)])
def test_values_without_a_meaning_are_not_written(value: Decimal | datetime) -> None:
    with pytest.raises(ValueError):
        wire_text(value)


@pytest.mark.parametrize(("text", "number"), [("1.0", 1), ("17", 17), ("", None), (" 4 ", 4)])
def test_a_whole_number_may_carry_a_point(text: str, number: int | None) -> None:
    assert read_integer(text) == number


@pytest.mark.parametrize("text", ["T", "true", "Y", "1"])
def test_old_columns_spell_true_in_other_ways(text: str) -> None:
    assert read_boolean(text) is True


@pytest.mark.parametrize("text", ["21.11.2026", "21/11/2026", "yesterday"])
def test_a_date_in_another_order_is_an_error_and_never_another_day(text: str) -> None:
    with pytest.raises(ValueError, match="US order"):
        read_date(text)


HOSTILE = {
    "an external entity": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><response>&x;</response>',
    "expanding entities": b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><response>&b;</response>',
    "a document type after a comment": b"<!-- hello --><?pi?>\n<!DOCTYPE response><response/>",
    "an undeclared entity": b"<response>&x;</response>",
    "a cut document": b"<response><control><status>success</status>",
    "nothing": b"",
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?><response/>'.encode("utf-16"),
    "Latin-1 bytes": b'<?xml version="1.0" encoding="ISO-8859-1"?><response>\xe9</response>',
    "a zero byte": b"<response>\x00</response>",
    "depth": b"<response>" + b"<a>" * 200 + b"</a>" * 200 + b"</response>",
    "text": b"The service is unavailable",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_or_broken_document_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(body)


def test_a_document_beyond_the_bound_is_refused() -> None:
    with pytest.raises(MalformedError, match="larger"):
        parse(b"<response>" + b"x" * 100 + b"</response>", max_bytes=50)


def test_text_that_mentions_a_document_type_is_only_text() -> None:
    root = parse(b"\xef\xbb\xbf<?xml version='1.0'?><response><a><![CDATA[<!DOCTYPE html>]]></a></response>")
    assert root.findtext("a") == "<!DOCTYPE html>"


@given(st.binary(max_size=300))
def test_no_bytes_can_do_more_than_be_refused(body: bytes) -> None:
    with contextlib.suppress(MalformedError):
        parse(body)


def test_the_parser_is_not_upset_by_packed_bytes() -> None:
    with pytest.raises(MalformedError):
        parse(gzip.compress(b"<response/>"))


READ = b"""<response><control><status>success</status></control><operation>
 <authentication><status>success</status><companyid>acme</companyid>
  <sessiontimestamp>2026-11-21T07:39:40-08:00</sessiontimestamp><sessiontimeout>2026-11-22T03:39:40+00:00</sessiontimeout></authentication>
 <result><status>success</status><function>read</function><controlid>f1</controlid>
  <data listtype="apbill" count="1"><APBILL><RECORDNO>7</RECORDNO><MEMO/>
   <BILLTO><CONTACTNAME>Ann</CONTACTNAME><MAILADDRESS><CITY>Bath</CITY></MAILADDRESS></BILLTO>
   <APBILLITEMS><apbillitem><RECORDNO>8</RECORDNO></apbillitem><apbillitem><RECORDNO>9</RECORDNO></apbillitem></APBILLITEMS>
  </APBILL></data></result></operation></response>"""


def test_a_read_gives_dotted_names_for_nested_objects_and_rows_for_lines() -> None:
    reply = read_reply(parse(READ), lines=("APBILLITEMS",))
    row = reply.results[0].rows[0]
    assert row.fields == {"RECORDNO": "7", "MEMO": "", "BILLTO.CONTACTNAME": "Ann", "BILLTO.MAILADDRESS.CITY": "Bath"}
    assert [line.fields["RECORDNO"] for line in row.lines["APBILLITEMS"]] == ["8", "9"]
    assert reply.session_timestamp == datetime(2026, 11, 21, 15, 39, 40, tzinfo=UTC)


def test_a_status_is_success_only_if_it_says_so() -> None:
    body = b"<response><control/><operation><authentication><status>ok</status></authentication><result/></operation></response>"
    reply = read_reply(parse(body))
    assert (reply.control, reply.authentication, reply.results[0].status) == (Status.MISSING, Status.MISSING, Status.MISSING)


def test_a_support_id_is_decoded_and_taken_out_of_the_text() -> None:
    body = b"""<response><control><status>failure</status></control><errormessage><error><errorno>BL01001973</errorno><description/>
    <description2>Could not create &lt;b&gt;Vendor&lt;/b&gt;
      record! [Support ID: abc123%7EWxYz]</description2><correction/></error></errormessage></response>"""
    (entry,) = read_reply(parse(body)).errors
    assert entry.support_id == "abc123~WxYz"
    assert entry.text == "Could not create Vendor record!"


def test_no_secret_is_in_a_repr() -> None:
    function = functions.create("k", "PROJECT", {"NAME": "private name"})
    assert "secret" not in repr(CREDENTIALS)
    assert "private name" not in repr(function)
