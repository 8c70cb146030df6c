"""Searching: query, readByQuery, readMore (intacct-xml §1.3, §2.5, §2.6, §3.0, §4.2, §6)."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply, project, query, read_by_query


@pytest.fixture
def stocked(intacct: Gateway) -> Gateway:
    """Four projects, an hour apart, one inactive, one with a parent and a customer."""
    intacct.at("2026-03-01T08:00:00Z")
    intacct.customer("C-1")
    for number, extra in enumerate(
        (
            "<NAME2/>",
            "<STATUS>inactive</STATUS><BUDGETAMOUNT>900</BUDGETAMOUNT>",
            "<PARENTID>P-1</PARENTID><CUSTOMERID>C-1</CUSTOMERID><BUDGETAMOUNT>1000</BUDGETAMOUNT><BEGINDATE>01/15/2026</BEGINDATE>",
            "<DESCRIPTION>It's 100% done</DESCRIPTION><BEGINDATE>12/01/2025</BEGINDATE>",
        ),
        start=1,
    ):
        assert intacct.project(f"P-{number}", extra.replace("<NAME2/>", "")).status == "success"
        intacct.advance(3600)
    return intacct


def compare(operator: str, field: str, *values: str) -> str:
    given = "".join(f"<value>{value}</value>" for value in values)
    return f"<{operator}><field>{field}</field>{given}</{operator}>"


def found(gateway: Gateway, filter: str, more: str = "") -> list[str]:
    rows = gateway.call(query("PROJECT", "PROJECTID", filter=filter, order="RECORDNO", more=more)).rows
    return [row["PROJECTID"][2:] for row in rows]


def test_a_query_reply_has_upper_case_records_and_its_counts(stocked: Gateway) -> None:
    # §1.3, §2.6
    more = "<pagesize>2</pagesize><offset>1</offset>"
    reply = stocked.call(query("PROJECT", "RECORDNO", "DESCRIPTION", "CUSTOMER.NAME", order="RECORDNO", more=more))
    assert dict(reply.data.attrib) == {"listtype": "PROJECT", "totalcount": "4", "offset": "1", "count": "2", "numremaining": "1"}
    assert [record.tag for record in reply.data] == ["PROJECT", "PROJECT"]
    assert reply.rows[1] == {"RECORDNO": "3", "DESCRIPTION": "", "CUSTOMER.NAME": "Harrow Dental"}
    assert list(reply.rows[0]) == ["RECORDNO", "DESCRIPTION", "CUSTOMER.NAME"]


@pytest.mark.parametrize(
    ("filter", "wanted"),
    [
        (compare("equalto", "PROJECTID", "P-2"), "2"),
        (compare("notequalto", "PROJECTID", "P-2"), "134"),
        (compare("lessthan", "RECORDNO", "2"), "1"),
        (compare("lessthanorequalto", "RECORDNO", "2"), "12"),
        (compare("greaterthan", "BUDGETAMOUNT", "900"), "3"),
        (compare("greaterthanorequalto", "BUDGETAMOUNT", "900.00"), "23"),
        (compare("like", "PROJECTID", "P-_"), "1234"),
        (compare("like", "DESCRIPTION", "%100%"), "4"),
        (compare("notlike", "DESCRIPTION", "%x%"), "4"),
        (compare("between", "RECORDNO", "2", "3"), "23"),
        (compare("between", "RECORDNO", "3", "2"), ""),
        (compare("in", "PROJECTID", "P-1", "P-4", "P-9"), "14"),
        (compare("notin", "PROJECTID", "P-1", "P-4"), "23"),
        (compare("isnull", "PARENTID"), "124"),
        (compare("isnotnull", "PARENTID"), "3"),
        (compare("equalto", "STATUS", "inactive"), "2"),
        (compare("equalto", "STATUS", "F"), ""),
        (compare("equalto", "INVOICEWITHPARENT", "false"), "1234"),
        (compare("equalto", "CUSTOMER.CUSTOMERID", "C-1"), "3"),
        (compare("equalto", "PARENT.NAME", "Rooftop units"), "3"),
        (compare("notequalto", "BUDGETAMOUNT", "900"), "3"),
        (compare("lessthan", "BEGINDATE", "01/01/2026"), "4"),
        (compare("greaterthanorequalto", "WHENMODIFIED", "03/01/2026 10:00:00"), "34"),
        (compare("greaterthan", "WHENCREATED", "03/01/2026 10:00:00"), "4"),
        (compare("greaterthan", "WHENCREATED", "03/01/2026"), "1234"),
        ("<or>" + compare("equalto", "RECORDNO", "1") + compare("equalto", "RECORDNO", "4") + "</or>", "14"),
        (
            "<and><or>" + compare("equalto", "RECORDNO", "1") + compare("equalto", "RECORDNO", "2") + "</or>"
            + compare("equalto", "STATUS", "active") + "</and>",
            "1",
        ),
        (compare("isnull", "PARENTID") + compare("equalto", "STATUS", "active"), "14"),
    ],
)  # fmt: skip
def test_every_operator_selects_what_it_says(stocked: Gateway, filter: str, wanted: str) -> None:
    # §2.6; the last case is the tolerance for two operators side by side; §3.0 labels in query
    assert "".join(found(stocked, filter)) == wanted


def test_case_counts_unless_told_otherwise(stocked: Gateway) -> None:
    # §2.6 options
    assert found(stocked, compare("equalto", "PROJECTID", "p-1")) == []
    assert found(stocked, compare("equalto", "PROJECTID", "p-1"), "<options><caseinsensitive>true</caseinsensitive></options>") == ["1"]
    assert found(stocked, compare("like", "PROJECTID", "p-%"), "<options><caseinsensitive>true</caseinsensitive></options>") == list("1234")


@pytest.mark.parametrize(
    ("function", "number"),
    [
        (query("NONSENSE", "RECORDNO"), "Query Failed"),
        (query("PROJECT", "NONSENSE"), "DL02000001"),
        (query("PROJECT", "CUSTOMER.NONSENSE"), "DL02000001"),
        (query("PROJECT", "CFDA"), "DL02000001"),
        (query("PROJECT", "PARENT.PARENT.NAME"), "DL02000001"),
        (query("PROJECT", "*"), "Query Failed"),
        (query("PROJECT"), "Query Failed"),
        (query("PROJECT", "RECORDNO", order="NONSENSE"), "DL02000001"),
        (query("PROJECT", "RECORDNO", filter=compare("equalto", "NONSENSE", "1")), "XL03000010"),
        (query("PROJECT", "RECORDNO", filter=compare("equalto", "RECORDNO", "one")), "DL02000001"),
        (query("PROJECT", "RECORDNO", filter=compare("greaterthan", "WHENMODIFIED", "2026-03-01T08:00:00Z")), "DL02000001"),
        (query("PROJECT", "RECORDNO", filter=compare("greaterthan", "BEGINDATE", "2026-03-01")), "DL02000001"),
        (query("PROJECT", "RECORDNO", filter=compare("equalto", "INVOICEWITHPARENT", "yes")), "DL02000001"),
        (query("PROJECT", "RECORDNO", filter=compare("resembles", "NAME", "x")), "Query Failed"),
        (query("PROJECT", "RECORDNO", filter=compare("equalto", "NAME", "x", "y")), "Query Failed"),
        (query("PROJECT", "RECORDNO", filter=compare("between", "RECORDNO", "1")), "Query Failed"),
        (query("PROJECT", "RECORDNO", filter=compare("isnull", "NAME", "x")), "Query Failed"),
        (query("PROJECT", "RECORDNO", filter="<and>" + compare("isnull", "NAME") + "</and>"), "Query Failed"),
        (query("PROJECT", "RECORDNO", filter=compare("in", "RECORDNO", *map(str, range(1001)))), "Query Failed"),
        (query("PROJECT", "RECORDNO", more="<pagesize>2001</pagesize>"), "DL02000001"),
        (query("PROJECT", "RECORDNO", more="<pagesize>0</pagesize>"), "DL02000001"),
        (query("PROJECT", "RECORDNO", more="<offset>-1</offset>"), "DL02000001"),
        (query("PROJECT", "RECORDNO", more="<nonsense/>"), "Query Failed"),
        (query("PROJECT", "RECORDNO", more="<options><returnformat>yaml</returnformat></options>"), "DL02000001"),
    ],
)
def test_a_query_that_is_wrong_is_refused(stocked: Gateway, function: str, number: str) -> None:
    # §2.6, §4.2, §5.2, §6
    reply = stocked.call(function)
    assert reply.status == "failure"
    assert reply.errors[0][0] == number


def test_without_an_order_pages_come_in_a_different_sequence_each_time(intacct: Gateway) -> None:
    # §2.6: each offset is a fresh query
    intacct.call("<create>" + "".join(project(f"P-{number}") for number in range(40)) + "</create>")
    seen = {tuple(row["RECORDNO"] for row in intacct.call(query("PROJECT", "RECORDNO")).rows) for _ in range(3)}
    assert len(seen) == 3
    by_name = {tuple(row["RECORDNO"] for row in intacct.call(query("PROJECT", "RECORDNO", order="NAME")).rows) for _ in range(3)}
    assert len(by_name) == 3, "equals are not ordered either"
    intacct.control("POST", "reset", {"world": "empty", "seed": 7})
    intacct.call("<create>" + "".join(project(f"P-{number}") for number in range(40)) + "</create>")
    first = [row["RECORDNO"] for row in intacct.call(query("PROJECT", "RECORDNO")).rows]
    intacct.control("POST", "reset", {"world": "empty", "seed": 7})
    intacct.call("<create>" + "".join(project(f"P-{number}") for number in range(40)) + "</create>")
    assert first == [row["RECORDNO"] for row in intacct.call(query("PROJECT", "RECORDNO")).rows], "the same seed, the same order"


def test_an_order_sorts_by_type_and_puts_nothing_first(stocked: Gateway) -> None:
    rows = stocked.call(query("PROJECT", "PROJECTID", order="BEGINDATE")).rows
    assert [row["PROJECTID"] for row in rows[2:]] == ["P-4", "P-3"]
    rows = stocked.call(query("PROJECT", "PROJECTID", order="-BUDGETAMOUNT")).rows
    assert [row["PROJECTID"] for row in rows[:2]] == ["P-3", "P-2"]


def test_aggregates_group_by_the_plain_fields(stocked: Gateway) -> None:
    # §2.6
    select = (
        "<field>STATUS</field><count>RECORDNO</count><sum>BUDGETAMOUNT</sum><min>BEGINDATE</min><max>RECORDNO</max><avg>BUDGETAMOUNT</avg>"
    )
    reply = stocked.call(f"<query><object>PROJECT</object><select>{select}</select></query>")
    rows = {row["STATUS"]: row for row in reply.rows}
    assert rows["active"] == {
        "STATUS": "active",
        "COUNT.RECORDNO": "3",
        "SUM.BUDGETAMOUNT": "1000",
        "MIN.BEGINDATE": "12/01/2025",
        "MAX.RECORDNO": "4",
        "AVG.BUDGETAMOUNT": "1000",
    }
    assert rows["inactive"]["SUM.BUDGETAMOUNT"] == "900"
    total = stocked.call("<query><object>PROJECT</object><select><count>RECORDNO</count></select></query>")
    assert total.rows == [{"COUNT.RECORDNO": "4"}]


def test_json_and_csv_come_without_an_envelope_when_the_query_succeeds(stocked: Gateway) -> None:
    # §1.1
    def raw(form: str, field: str = "PROJECTID") -> str:
        more = f"<options><returnformat>{form}</returnformat></options>"
        response = stocked.http.post("/ia/xml/xmlgw.phtml", content=stocked.envelope(query("PROJECT", field, order="RECORDNO", more=more)))
        return response.headers["content-type"] + "\n" + response.text

    kind, _, body = raw("json").partition("\n")
    assert kind == "application/json"
    assert json.loads(body)[0] == {"PROJECTID": "P-1"}
    body = raw("csv").partition("\n")[2]
    assert list(csv.DictReader(io.StringIO(body)))[3] == {"PROJECTID": "P-4"}
    assert "<errormessage>" in raw("json", "NONSENSE")


def by_query(gateway: Gateway, text: str) -> str:
    return "".join(sorted(row["PROJECTID"][2:] for row in gateway.call(read_by_query("PROJECT", "PROJECTID", text)).rows))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "1234"),
        ("STATUS = 'T'", "134"),
        ("STATUS = 'active'", ""),
        ("INVOICEWITHPARENT = 'F'", "1234"),
        ("STATUS = 'T' AND WHENMODIFIED > '03/01/2026 09:30:00'", "34"),
        ("RECORDNO = 1 OR RECORDNO = '4'", "14"),
        ("NOT (RECORDNO = 1 OR RECORDNO = 4)", "23"),
        ("NOT BUDGETAMOUNT >= 1000", "2"),
        ("RECORDNO in (1, 3)", "13"),
        ("PROJECTID not in ('P-1','P-3')", "24"),
        ("PROJECTID like 'P-%' and PROJECTID not like '%1'", "234"),
        ("DESCRIPTION = 'It\\'s 100% done'", "4"),
        ("PARENTID IS NULL", "124"),
        ("PARENTID IS NOT NULL", "3"),
        ("BEGINDATE < '01/01/2026'", "4"),
        ("PROJECTID = 'p-1'", ""),
        ("BILLTO.CONTACTNAME IS NULL", "1234"),
        ("RECORDNO <= 2 AND RECORDNO <> 1", "2"),
    ],
)
def test_the_sql_like_text_selects_by_stored_codes(stocked: Gateway, text: str, wanted: str) -> None:
    # §2.5, §3.0
    assert by_query(stocked, text) == wanted


def test_rownum_is_a_limit(stocked: Gateway) -> None:
    # §2.5
    assert len(by_query(stocked, "rownum < 3")) == 2
    assert len(by_query(stocked, "STATUS = 'T' AND rownum <= 1")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "NONSENSE = 'x'",
        "STATUS = 'T' ORDER BY RECORDNO",
        "STATUS = T",
        "STATUS = 'T",
        "WHENMODIFIED > '2026-03-01T08:00:00Z'",
        "RECORDNO = 'x'",
        "upper(NAME) = 'X'",
        "(STATUS = 'T'",
        "STATUS 'T'",
        "STATUS = 'T'; DROP",
        "NAME BETWEEN 'a' AND 'b'",
        "IS NULL",
        "rownum > 3",
        "(" * 200 + "RECORDNO = 1" + ")" * 200,
    ],
)
def test_a_text_that_is_no_filter_is_refused(stocked: Gateway, text: str) -> None:
    # §2.5, §5.2 DL02000001
    assert stocked.call(read_by_query("PROJECT", "PROJECTID", text)).errors[0] == (
        "DL02000001",
        "There was an error processing the request.",
    )


def test_read_by_query_wants_a_query_element_and_known_fields(stocked: Gateway) -> None:
    # §2.5
    assert stocked.call("<readByQuery><object>PROJECT</object><fields>*</fields></readByQuery>").errors[0][0] == "DL02000001"
    assert stocked.call(read_by_query("PROJECT", "NONSENSE", "")).errors[0][0] == "DL02000001"
    assert stocked.call(read_by_query("NONSENSE", "*", "")).errors[0] == ("Query Failed", "Object definition NONSENSE not found")


def test_tolerant_mode_takes_labels_for_codes_and_oversized_pages(stocked: Gateway) -> None:
    # §10.12
    stocked.set(strict=False)
    assert by_query(stocked, "STATUS = 'active'") == "134"
    assert found(stocked, compare("equalto", "STATUS", "F")) == ["2"]
    assert len(stocked.call(query("PROJECT", "RECORDNO", more="<pagesize>5000</pagesize>")).rows) == 4


def test_read_by_query_shows_lower_case_records_and_pages_with_read_more(intacct: Gateway) -> None:
    # §1.3, §2.5
    session = intacct.session()
    intacct.call("<create>" + "".join(project(f"P-{number}") for number in range(25)) + "</create>")
    reply = intacct.call(read_by_query("PROJECT", "RECORDNO", "", "<pagesize>10</pagesize>"), authentication=session)
    assert reply.data[0].tag == "project"
    attributes = dict(reply.data.attrib)
    number = attributes.pop("resultId")
    assert attributes == {"listtype": "project", "count": "10", "totalcount": "25", "numremaining": "15"}
    seen = [row["RECORDNO"] for row in reply.rows]
    assert seen != sorted(seen, key=int), "natural order is not RECORDNO order"
    while number:
        reply = intacct.call(f"<readMore><resultId>{number}</resultId></readMore>", authentication=session)
        seen += [row["RECORDNO"] for row in reply.rows]
        number = reply.data.get("resultId")
    assert reply.data.get("numremaining") == "0"
    assert sorted(map(int, seen)) == list(range(1, 26))


def test_a_result_belongs_to_its_session(intacct: Gateway) -> None:
    # §2.5
    session, other = intacct.session(), intacct.session()
    intacct.call("<create>" + "".join(project(f"P-{number}") for number in range(3)) + "</create>")
    asked = read_by_query("PROJECT", "RECORDNO", "", "<pagesize>1</pagesize>")
    number = intacct.call(asked, authentication=session).data.get("resultId")
    more = f"<readMore><resultId>{number}</resultId></readMore>"
    assert intacct.call(more, authentication=other).errors[0][0] == "DL02000001"
    assert len(intacct.call(more, authentication=session).rows) == 1
    by_object = intacct.call("<readMore><object>PROJECT</object></readMore>", authentication=session)
    assert by_object.data.get("numremaining") == "0"
    assert intacct.call("<readMore><resultId>made-up</resultId></readMore>", authentication=session).status == "failure"


def test_an_empty_result_has_all_its_attributes(intacct: Gateway) -> None:
    # §1.3
    reply = intacct.call(read_by_query("DEPARTMENT", "*", ""))
    assert dict(reply.data.attrib) == {"listtype": "department", "count": "0", "totalcount": "0", "numremaining": "0", "resultId": ""}


def test_pages_of_read_by_query_hold_at_most_a_thousand_and_by_default_a_hundred(intacct: Gateway) -> None:
    # §6
    for start in (0, 100):
        intacct.call("<create>" + "".join(project(f"P-{start + number}") for number in range(100)) + "</create>")
    assert intacct.call(read_by_query("PROJECT", "*", "", "<pagesize>1001</pagesize>")).errors[0][0] == "DL02000001"
    assert intacct.call(read_by_query("PROJECT", "RECORDNO", "")).data.get("count") == "100"
    assert intacct.call(query("PROJECT", "RECORDNO")).data.get("count") == "100"


def test_searches_see_changes_late_when_told_to_but_reads_by_key_do_not(stocked: Gateway) -> None:
    # §4.2 eventual consistency
    stocked.set(consistency_lag_s=60.0)
    number = stocked.project("P-5").rows[0]["RECORDNO"]
    stocked.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><NAME>New</NAME></PROJECT></update>")

    def names() -> dict[str, str]:
        reply: Reply = stocked.call(query("PROJECT", "PROJECTID", "NAME"))
        return {row["PROJECTID"]: row["NAME"] for row in reply.rows}

    assert names()["P-1"] == "Rooftop units"
    assert "P-5" not in names()
    assert len(stocked.call(read_by_query("PROJECT", "RECORDNO", "PROJECTID = 'P-5'")).rows) == 0
    assert len(stocked.call(f"<read><object>PROJECT</object><keys>{number}</keys><fields>NAME</fields></read>").rows) == 1
    stocked.advance(61)
    assert (names()["P-1"], names()["P-5"]) == ("New", "Rooftop units")


def test_keyset_paging_visits_every_row_once(intacct: Gateway) -> None:
    # §2.7
    for start in range(0, 500, 100):
        intacct.call("<create>" + "".join(project(f"P-{start + number}") for number in range(100)) + "</create>")
    seen: list[int] = []
    last = "0"
    while True:
        where = compare("greaterthan", "RECORDNO", last)
        rows = intacct.call(query("PROJECT", "RECORDNO", filter=where, order="RECORDNO", more="<pagesize>70</pagesize>")).rows
        if not rows:
            break
        seen += [int(row["RECORDNO"]) for row in rows]
        last = rows[-1]["RECORDNO"]
    assert seen == list(range(1, 501))


def test_a_record_changed_again_and_again_is_seen_as_it_was_a_lag_ago(stocked: Gateway) -> None:
    # §4.2 eventual consistency; design §6
    stocked.at("2026-11-21T12:00:00Z")
    stocked.set(consistency_lag_s=60.0)
    seen = []
    for second in range(0, 180, 10):
        stocked.call(f"<update><PROJECT><PROJECTID>P-1</PROJECTID><NAME>{second}</NAME></PROJECT></update>")
        condition = "<filter><equalto><field>PROJECTID</field><value>P-1</value></equalto></filter>"
        seen += [row["NAME"] for row in stocked.call(query("PROJECT", "NAME", more=condition)).rows]
        stocked.advance(10)
    assert seen == ["Rooftop units"] * 6 + [str(second) for second in range(0, 120, 10)]
