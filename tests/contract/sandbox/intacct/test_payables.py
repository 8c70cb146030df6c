"""Bills: generic create, update, delete, and what they leave behind (intacct-xml §3D APBILL)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.books import account, bill, bill_line, bill_of, create, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query, read_by_query

WRAPPER = ("BL01001973", "Could not create AP Bill record!")


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    vendor(intacct)
    return intacct


def stored(intacct: Gateway, number: str) -> dict[str, str]:
    return next(row for row in intacct.stored("APBILL") if row["RECORDNO"] == number)


def update(intacct: Gateway, number: str, inner: str) -> Reply:
    return intacct.call(f"<update><APBILL><RECORDNO>{number}</RECORDNO>{inner}</APBILL></update>")


def test_a_bill_answers_with_record_number_and_url(books: Gateway) -> None:
    # §2.1, §3D: recorded reply
    reply = create(books, bill_of())
    assert reply.data[0].tag == "apbill"
    assert [child.tag for child in reply.data[0]] == ["RECORDNO", "RECORD_URL"]


def test_a_bill_with_all_its_lines_is_one_transaction(books: Gateway) -> None:
    # §6
    before = books.control("GET", "meter")["transactions"]
    bill(books, bill_line("1"), bill_line("2"), bill_line("3"))
    assert books.control("GET", "meter")["transactions"] == before + 1


def test_totals_states_and_dates_of_a_bill_are_the_systems(books: Gateway) -> None:
    # §3.0 STATE/RAWSTATE, §4.2 AUWHENCREATED
    books.at("2026-03-11T08:00:00Z")
    row = stored(books, bill(books, bill_line("100.005"), bill_line("49.99")))
    assert (row["TOTALENTERED"], row["TOTALDUE"], row["TOTALPAID"]) == ("149.99", "149.99", "0")
    assert (row["STATE"], row["RAWSTATE"], row["MODULEKEY"], row["RECORDTYPE"]) == ("Posted", "A", "3.AP", "apbill")
    assert (row["WHENCREATED"], row["WHENPOSTED"], row["AUWHENCREATED"]) == ("03/10/2026", "03/10/2026", "03/11/2026 08:00:00")
    assert (row["VENDORNAME"], row["CURRENCY"], row["BASECURR"]) == ("Acme Supply", "USD", "USD")


@pytest.mark.parametrize("name", ["VENDORID", "WHENCREATED", "WHENDUE", "APBILLITEMS"])
def test_a_bill_without_what_it_must_have_is_refused(books: Gateway, name: str) -> None:
    # §3D APBILL column C
    blank = {"VENDORID": "vendor", "WHENCREATED": "created", "WHENDUE": "due"}
    sent = bill_of(**{blank[name]: ""}) if name in blank else bill_of().split("<APBILLITEMS>")[0] + "</APBILL>"
    reply = create(books, sent)
    assert reply.errors[0][0] == "BL03000018"
    assert name in reply.errors[0][1]
    assert reply.errors[-1] == WRAPPER
    assert books.stored("APBILL") == books.stored("APBILLITEM") == books.stored("GLDETAIL") == []


def test_a_draft_skips_most_checks_and_posts_nothing(books: Gateway) -> None:
    # §3D: ACTION=Draft
    number = bill(books, bill_line(account="5100"), vendor="", created="", due="", extra="<ACTION>Draft</ACTION>")
    assert (stored(books, number)["STATE"], stored(books, number)["RAWSTATE"]) == ("Draft", "D")
    assert books.stored("GLDETAIL") == []
    refused = update(books, number, "<ACTION>Submit</ACTION>")
    assert "VENDORID" in refused.errors[0][1]
    update(
        books, number, "<ACTION>Submit</ACTION><VENDORID>V-1</VENDORID><WHENCREATED>03/10/2026</WHENCREATED><WHENDUE>04/09/2026</WHENDUE>"
    )
    assert stored(books, number)["STATE"] == "Posted"
    assert len(books.stored("GLDETAIL")) == 2


def test_an_action_that_is_none_or_comes_too_late_is_refused(books: Gateway) -> None:
    # §5.2: BL03002129
    assert create(books, bill_of(extra="<ACTION>Post</ACTION>")).errors[0][0] == "BL03002129"
    number = bill(books)
    assert update(books, number, "<ACTION>Draft</ACTION>").errors[0][0] == "BL03002129"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (bill_line(account="9999"), "Account 9999 is not valid"),
        (bill_line(location=""), "LOCATIONID is required"),
        (bill_line(location="NOPE"), "The location 'NOPE' is invalid."),
        (bill_line(extra="<DEPARTMENTID>NOPE</DEPARTMENTID>"), "The department 'NOPE' is invalid."),
        (bill_line(extra="<PROJECTID>NOPE</PROJECTID>"), "Invalid Project 'NOPE' specified."),
        (bill_line(extra="<CUSTOMERID>NOPE</CUSTOMERID>"), "Customer 'NOPE' specified is not valid."),
        (bill_line(extra="<VENDORID>NOPE</VENDORID>"), "Invalid Vendor 'NOPE' specified."),
        (bill_line(extra="<EMPLOYEEID>NOPE</EMPLOYEEID>"), "The employee 'NOPE' is invalid."),
        (bill_line(extra="<CLASSID>NOPE</CLASSID>"), "Invalid Class 'NOPE' specified."),
        (bill_line(extra="<TASKID>NOPE</TASKID>"), "PROJECTID is required"),
        (bill_line(extra="<WAREHOUSEID>NOPE</WAREHOUSEID>"), "NOPE"),
        (bill_line(extra="<GLDIMEQUIPMENT>99</GLDIMEQUIPMENT>"), "99"),
        (bill_line(amount=""), "TRX_AMOUNT is required"),
        (bill_line(amount="1,000"), "not a plain number"),
        (bill_line(extra="<RECORDKEY>1</RECORDKEY>"), "read-only"),
        (bill_line(extra="<LINE_NO>0</LINE_NO>"), "cannot be given when it is created"),
    ],
)
def test_a_line_that_breaks_a_rule_refuses_the_whole_bill(books: Gateway, line: str, text: str) -> None:
    # §3D APBILLITEM, §5.2 text fragments, §7.4
    reply = create(books, bill_of(bill_line(), line))
    assert text in reply.errors[0][1]
    assert reply.errors[-1] == WRAPPER
    assert books.stored("APBILL") == books.stored("APBILLITEM") == []


def test_a_line_needs_an_account_or_a_label_for_one(books: Gateway) -> None:
    # §3D APBILLITEM: ACCOUNTNO(c), ACCOUNTLABEL(c)
    none = "<APBILLITEM><TRX_AMOUNT>5</TRX_AMOUNT><LOCATIONID>100</LOCATIONID></APBILLITEM>"
    assert "ACCOUNTNO is required" in create(books, bill_of(none)).errors[0][1]
    label = "<ACCOUNTLABEL>Steel</ACCOUNTLABEL><DESCRIPTION>Steel</DESCRIPTION><GLACCOUNTNO>5100</GLACCOUNTNO>"
    create(books, f"<APACCOUNTLABEL>{label}</APACCOUNTLABEL>")
    bill(books, none.replace("<TRX_AMOUNT>", "<ACCOUNTLABEL>Steel</ACCOUNTLABEL><TRX_AMOUNT>"))
    assert books.stored("APBILLITEM")[0]["ACCOUNTNO"] == "5100"


@pytest.mark.parametrize(
    ("flag", "word", "given"),
    [("REQUIREDEPT", "Department", "DEPARTMENTID"), ("REQUIREPROJECT", "Project", "PROJECTID"), ("REQUIREITEM", "Item", "ITEMID")],
)
def test_an_account_may_demand_a_dimension(books: Gateway, flag: str, word: str, given: str) -> None:
    # §3B GLACCOUNT REQUIRE*, §5.2
    create(books, account("7000", f"<{flag}>true</{flag}>"))
    reply = create(books, bill_of(bill_line(account="7000")))
    assert reply.errors[0] == ("BL03000018", f"This transaction is missing the {word} dimension for the Account 7000")
    create(
        books,
        "<DEPARTMENT><DEPARTMENTID>D</DEPARTMENTID><TITLE>D</TITLE></DEPARTMENT>",
        "<PROJECT><PROJECTID>D</PROJECTID><NAME>D</NAME><PROJECTCATEGORY>Contract</PROJECTCATEGORY><LOCATIONID>100</LOCATIONID></PROJECT>",
        "<ITEM><ITEMID>D</ITEMID><NAME>D</NAME><ITEMTYPE>Non-Inventory</ITEMTYPE></ITEM>",
    )
    bill(books, bill_line(account="7000", extra=f"<{given}>D</{given}>"))


def test_a_project_on_hold_takes_no_bills(books: Gateway) -> None:
    # PROJECTSTATUS.PREVENTAPPO
    books.project("P-1", "<PROJECTSTATUS>On Hold</PROJECTSTATUS>")
    books.project("P-2", "<PROJECTSTATUS>In Progress</PROJECTSTATUS>")
    refused = create(books, bill_of(bill_line(extra="<PROJECTID>P-1</PROJECTID>")))
    assert "project status that prevents" in refused.errors[0][1]
    bill(books, bill_line(extra="<PROJECTID>P-2</PROJECTID>"))


def test_a_user_dimension_is_written_by_its_integer_id(books: Gateway) -> None:
    # §3B user-defined dimensions
    number = create(books, "<EQUIPMENT><name>Crane 7</name></EQUIPMENT>").rows[0]["id"]
    bill(books, bill_line(extra=f"<GLDIMEQUIPMENT>{number}</GLDIMEQUIPMENT>"))
    (line,) = books.call(query("APBILLITEM", "GLDIMEQUIPMENT", "REQUIPMENT.NAME")).rows
    assert line == {"GLDIMEQUIPMENT": number, "REQUIPMENT.NAME": "Crane 7"}
    assert books.stored("GLDETAIL")[0]["GLDIMEQUIPMENT"] == number


def test_a_second_bill_with_the_number_is_refused_unless_the_company_allows_it(books: Gateway) -> None:
    # §1.6, §5.2: BL03002185, per vendor
    vendor(books, "V-2")
    bill(books)
    assert create(books, bill_of()).errors[0][0] == "BL03002185"
    bill(books, vendor="V-2")
    books.set(duplicate_bill_numbers="accept")
    bill(books)
    assert len(books.stored("APBILL")) == 3


def test_a_bill_number_may_be_demanded_or_made(books: Gateway) -> None:
    # §5.2: BL03002128
    bill(books, number="")
    books.set(numbers_required=["APBILL"])
    assert create(books, bill_of(number="")).errors[0][0] == "BL03002128"
    books.set(numbered=["APBILL"])
    assert stored(books, bill(books, number=""))["RECORDID"] == "APBILL-00001"
    bill(books, number="APBILL-00002")
    assert stored(books, bill(books, number=""))["RECORDID"] == "APBILL-00003"


def test_an_inactive_vendor_gets_no_bills(books: Gateway) -> None:
    # §5.2: Activate the vendor x, then try again.
    books.call("<update><VENDOR><VENDORID>V-1</VENDORID><STATUS>inactive</STATUS></VENDOR></update>")
    assert create(books, bill_of()).errors[0][1] == "Activate the vendor V-1, then try again."
    assert create(books, bill_of(vendor="V-9")).errors[0][1] == "Vendor 'V-9' specified is not valid."


def test_a_date_in_a_closed_period_is_refused(books: Gateway) -> None:
    # §5.2: Periods are closed
    number = bill(books, number="B-0", created="01/15/2026")
    books.set(books_closed={"": "01/31/2026", "200": "03/31/2026"})
    text = "Periods are closed. Your transaction date (01/31/2026) is within a period that's been closed."
    assert create(books, bill_of(created="01/31/2026")).errors[0][1] == text
    assert "Periods are closed" in create(books, bill_of(bill_line(location="200"))).errors[0][1]
    assert "Periods are closed" in update(books, number, "<DESCRIPTION>x</DESCRIPTION>").errors[0][1]
    assert "Periods are closed" in books.call(f"<delete><object>APBILL</object><keys>{number}</keys></delete>").errors[0][1]
    assert stored(books, bill(books, created="01/31/2026", extra="<WHENPOSTED>02/01/2026</WHENPOSTED>"))["WHENPOSTED"] == "02/01/2026"


def test_a_query_never_gives_lines_and_a_read_does(books: Gateway) -> None:
    # §2.4, §2.6, §1.3: container upper-case, line lower-case
    number = bill(books, bill_line("1.50"), bill_line("2"))
    assert books.call(read_by_query("APBILL", "*", "")).data.find("apbill/APBILLITEMS") is None
    assert books.call(query("APBILL", "APBILLITEMS")).status == "failure"
    read = books.call(f"<read><object>APBILL</object><keys>{number}</keys><fields>*</fields></read>").data
    lines = read.findall("APBILL/APBILLITEMS/apbillitem")
    assert [(line.findtext("LINE_NO"), line.findtext("TRX_AMOUNT")) for line in lines] == [("0", "1.5"), ("1", "2")]
    filter_ = f"<equalto><field>RECORDKEY</field><value>{number}</value></equalto>"
    rows = books.call(query("APBILLITEM", "AMOUNT", "APBILL.RECORDNO", "GLACCOUNT.TITLE", filter=filter_, order="LINE_NO")).rows
    assert rows[0] == {"AMOUNT": "1.5", "APBILL.RECORDNO": number, "GLACCOUNT.TITLE": "Materials"}


def test_states_are_labels_in_query_and_codes_in_read_by_query(books: Gateway) -> None:
    # §3.0
    bill(books)
    filter_ = "<equalto><field>STATE</field><value>Posted</value></equalto>"
    assert len(books.call(query("APBILL", "RECORDNO", filter=filter_)).rows) == 1
    assert books.call(query("APBILL", "RECORDNO", filter=filter_.replace("Posted", "A"))).rows == []
    assert len(books.call(read_by_query("APBILL", "RECORDNO", "STATE = 'A'")).rows) == 1
    assert books.call(read_by_query("APBILL", "RECORDNO", "STATE = 'D'")).rows == []


def test_lines_that_are_not_sent_stay_only_if_none_are_sent(books: Gateway) -> None:
    # §3D: header only, or all lines with LINE_NO of existing ones
    number = bill(books, bill_line("1"), bill_line("2"), bill_line("3"))
    first = {row["LINE_NO"]: row["RECORDNO"] for row in books.stored("APBILLITEM")}
    update(books, number, "<DESCRIPTION>Header only</DESCRIPTION>")
    assert len(books.stored("APBILLITEM")) == 3
    kept = "<APBILLITEM><LINE_NO>1</LINE_NO><TRX_AMOUNT>20</TRX_AMOUNT></APBILLITEM>"
    reply = update(books, number, f"<APBILLITEMS>{kept}{bill_line('7')}</APBILLITEMS>")
    assert reply.status == "success"
    lines = books.stored("APBILLITEM")
    assert [(line["TRX_AMOUNT"], line["ACCOUNTNO"]) for line in lines] == [("20", "5100"), ("7", "5100")]
    assert lines[0]["RECORDNO"] == first["1"]
    assert stored(books, number)["TOTALENTERED"] == "27"
    assert sum(float(row["AMOUNT"]) for row in books.stored("GLDETAIL")) == 0


def test_a_line_number_the_bill_does_not_have_is_refused(books: Gateway) -> None:
    # §3D APBILLITEM: LINE_NO of existing lines
    number = bill(books)
    wrong = bill_line(extra="<LINE_NO>8</LINE_NO>")
    assert update(books, number, f"<APBILLITEMS>{wrong}</APBILLITEMS>").status == "failure"
    assert update(books, number, "<APBILLITEMS/>").status == "failure"
    assert [line["LINE_NO"] for line in books.stored("APBILLITEM")] == ["0"]


def test_lines_of_two_entities_owe_each_other_or_are_refused(books: Gateway) -> None:
    # §7.4
    bill(books, bill_line("60"), bill_line("40", location="200"))
    by_entity: dict[str, float] = {}
    for row in books.stored("GLDETAIL"):
        by_entity[row["CHILDENTITY"]] = by_entity.get(row["CHILDENTITY"], 0.0) + float(row["AMOUNT"])
    assert by_entity == {"100": 0, "200": 0}
    owed = {row["ACCOUNTNO"]: row["AMOUNT"] for row in books.stored("GLDETAIL") if row["ACCOUNTNO"] in {"1900", "2900"}}
    assert owed == {"1900": "40", "2900": "-40"}
    books.set(inter_entity=False)
    assert "several entities" in create(books, bill_of(bill_line(), bill_line(location="200"), number="B-2")).errors[0][1]


def test_an_entity_session_takes_only_its_own_locations(books: Gateway) -> None:
    # §7.4
    session = books.session("200")
    sent = f"<create>{bill_of(bill_line(location='100'))}</create>"
    assert books.call(sent, authentication=session).errors[0][1] == "The location '100' is invalid."
    assert books.call(sent.replace(">100<", ">200<"), authentication=session).status == "success"
    assert books.call(query("APBILL", "RECORDNO")).rows == []


def test_a_posted_bill_is_in_the_ledger_until_it_is_deleted(books: Gateway) -> None:
    # §3D GLDETAIL: MODULEKEY 3.AP
    number = bill(books, bill_line("12.34"))
    rows = books.call(query("GLDETAIL", "ACCOUNTNO", "AMOUNT", "MODULEKEY", "JOURNAL.SYMBOL", "VENDORID", "RECORDID", order="LINE_NO")).rows
    assert [(row["ACCOUNTNO"], row["AMOUNT"]) for row in rows] == [("5100", "12.34"), ("2000", "-12.34")]
    assert (rows[0]["MODULEKEY"], rows[0]["JOURNAL.SYMBOL"], rows[0]["VENDORID"]) == ("3.AP", "APJ", "V-1")
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "12.34"
    assert books.call(f"<delete><object>APBILL</object><keys>{number}</keys></delete>").status == "success"
    assert books.stored("GLDETAIL") == books.stored("GLENTRY") == books.stored("GLBATCH") == books.stored("APBILLITEM") == []
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "0"


def test_a_bill_made_by_purchasing_is_changed_there(books: Gateway) -> None:
    # §3D: MODULEKEY 9.PO
    lines = [{"ACCOUNTNO": "5100", "TRX_AMOUNT": "5", "LOCATIONID": "100"}]
    given = {"VENDORID": "V-1", "WHENCREATED": "03/10/2026", "WHENDUE": "03/20/2026", "MODULEKEY": "9.PO", "APBILLITEMS": lines}
    number = books.control("POST", "objects/APBILL", [given])[0]["RECORDNO"]
    assert "Purchasing" in update(books, number, "<DESCRIPTION>x</DESCRIPTION>").errors[0][1]
    assert "Purchasing" in books.call(f"<delete><object>APBILL</object><keys>{number}</keys></delete>").errors[0][1]


def test_a_foreign_currency_needs_its_rate(books: Gateway) -> None:
    # §3D EXCHANGE_RATE; totals in both currencies
    assert "EXCHANGE_RATE" in create(books, bill_of(extra="<CURRENCY>EUR</CURRENCY>")).errors[0][1]
    row = stored(books, bill(books, extra="<CURRENCY>EUR</CURRENCY><EXCHANGE_RATE>1.1</EXCHANGE_RATE>"))
    assert (row["TRX_TOTALENTERED"], row["TOTALENTERED"]) == ("100", "110")


def test_a_bill_that_waits_for_approval_is_not_posted_and_not_changed(books: Gateway) -> None:
    # §3.0: STATE S
    books.set(approvals=["APBILL"])
    number = bill(books)
    assert (stored(books, number)["STATE"], stored(books, number)["RAWSTATE"]) == ("Submitted", "S")
    assert books.stored("GLDETAIL") == []
    assert "recall" in update(books, number, "<DESCRIPTION>x</DESCRIPTION>").errors[0][1]


@pytest.mark.parametrize(("action", "left"), [("cut_before_commit", 0), ("cut_after_commit", 1)])
def test_a_cut_leaves_a_bill_whole_or_not_at_all(books: Gateway, action: str, left: int) -> None:
    # design §6: faults hold for documents
    books.fault(action, function="create", object="APBILL")
    with pytest.raises(Exception, match=r"disconnect|closed|peer"):
        create(books, bill_of(bill_line("1"), bill_line("2")))
    assert len(books.stored("APBILL")) == left
    assert len(books.stored("APBILLITEM")) == 2 * left
    assert len(books.stored("GLENTRY")) == 3 * left


def test_a_bill_rolls_back_with_its_transaction(books: Gateway) -> None:
    # §1.7
    functions = (f"<create>{bill_of()}</create>", "<create><VENDOR><VENDORID>V-9</VENDORID></VENDOR></create>")
    books.call(*functions, transaction="true")
    assert books.stored("APBILL") == books.stored("APBILLITEM") == books.stored("GLBATCH") == []


def test_a_search_is_late_for_headers_and_lines_and_a_read_is_not(books: Gateway) -> None:
    # design §6: consistency_lag_s
    books.at("2026-03-11T08:00:00Z")
    books.set(consistency_lag_s=60)
    number = bill(books)
    assert books.call(query("APBILL", "RECORDNO")).rows == books.call(query("APBILLITEM", "RECORDNO")).rows == []
    assert books.call(f"<read><object>APBILL</object><keys>{number}</keys><fields>STATE</fields></read>").rows == [{"STATE": "Posted"}]
    books.advance(61)
    assert len(books.call(query("APBILLITEM", "RECORDNO")).rows) == 1
    update(books, number, f"<APBILLITEMS>{bill_line('7')}</APBILLITEMS>")
    assert books.call(query("APBILL", "TOTALDUE")).rows == [{"TOTALDUE": "100"}]
    books.advance(61)
    assert books.call(query("APBILL", "TOTALDUE")).rows == [{"TOTALDUE": "7"}]


def test_lines_come_as_json_and_csv_too(books: Gateway) -> None:
    # §1.1: bare JSON or CSV
    bill(books)
    asked = "<options><returnformat>{}</returnformat></options>"
    found = books.http.post(
        "/ia/xml/xmlgw.phtml", content=books.envelope(query("APBILLITEM", "AMOUNT", "STATE", more=asked.format("json")))
    )
    assert found.json() == [{"AMOUNT": "100", "STATE": "Posted"}]
    found = books.http.post("/ia/xml/xmlgw.phtml", content=books.envelope(query("APBILLITEM", "AMOUNT", "STATE", more=asked.format("csv"))))
    assert found.text.splitlines() == ["AMOUNT,STATE", "100,Posted"]


def test_a_repeated_bill_runs_once_under_its_controlid(books: Gateway) -> None:
    # §1.6
    sent = f"<create>{bill_of(number='')}</create>"
    for _ in range(2):
        books.call(sent, controlids=["bill-1"], uniqueid="true")
    assert len(books.stored("APBILL")) == 1


def test_days_until_a_bill_is_due_are_counted_from_today(books: Gateway) -> None:
    # §3D DUE_IN_DAYS
    books.at("2026-04-01T08:00:00Z")
    bill(books)
    assert books.call(query("APBILL", "DUE_IN_DAYS")).rows == [{"DUE_IN_DAYS": "8"}]
    books.at("2026-04-19T08:00:00Z")
    assert books.call(query("APBILL", "DUE_IN_DAYS")).rows == [{"DUE_IN_DAYS": "-10"}]
