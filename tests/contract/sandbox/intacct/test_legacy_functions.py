"""Object-specific functions: element order, shapes of replies, older reads (intacct-xml §2.11, §3D)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.books import bill, bill_of, create, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, query

DAY = "<{0}><year>2026</year><month>{1}</month><day>{2}</day></{0}>"
CREATED = DAY.format("datecreated", "3", "10")
DUE = DAY.format("datedue", "04", "09")
LINE = "<lineitem><glaccountno>5100</glaccountno><amount>100</amount><memo>Pipe</memo><locationid>100</locationid></lineitem>"
ITEMS = f"<billitems>{LINE}</billitems>"
BILL = f"<create_bill><vendorid>V-1</vendorid>{CREATED}{DUE}<billno>B-1</billno>{ITEMS}</create_bill>"
REVERSAL = DAY.format("datereversed", "04", "01")


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    vendor(intacct)
    return intacct


def test_create_bill_makes_the_same_bill_as_the_generic_function(books: Gateway) -> None:
    # §3D create_bill
    reply = books.call(BILL)
    assert [child.tag for child in reply.result] == ["status", "function", "controlid", "key"]
    (row,) = books.stored("APBILL")
    assert reply.result.findtext("key") == row["RECORDNO"]
    assert (row["RECORDID"], row["WHENCREATED"], row["WHENDUE"], row["TOTALENTERED"]) == ("B-1", "03/10/2026", "04/09/2026", "100")
    assert books.stored("APBILLITEM")[0]["ENTRYDESCRIPTION"] == "Pipe"
    assert books.call(BILL).errors[0][0] == "BL03002185"


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        (BILL.replace(f"{CREATED}{DUE}", f"{DUE}{CREATED}"), "datecreated"),
        (BILL.replace("<vendorid>V-1</vendorid>", "").replace("</create_bill>", "<vendorid>V-1</vendorid></create_bill>"), "vendorid"),
        (
            BILL.replace("<glaccountno>5100</glaccountno><amount>100</amount>", "<amount>100</amount><glaccountno>5100</glaccountno>"),
            "glaccountno",
        ),
    ],
)
def test_the_wrong_order_is_a_schema_error_of_the_whole_request(books: Gateway, sent: str, named: str) -> None:
    # §2.11: XL03000003 in strict mode
    reply = books.call("<getDimensions/>", sent)
    assert reply.text("control/status") == "failure"
    assert reply.text("errormessage/error/errorno") == "XL03000003"
    assert f"Element '{named}': This element is not expected." in (reply.text("errormessage/error/description2") or "")
    assert books.stored("APBILL") == []
    books.set(strict=False)
    assert books.call(sent).status == "success"


@pytest.mark.parametrize(
    "sent",
    [
        BILL.replace("<billno>", "<nonsense>1</nonsense><billno>"),
        BILL.replace("<billno>B-1</billno>", "<billno>B-1</billno><billno>B-1</billno>"),
        BILL.replace("<vendorid>V-1</vendorid>", ""),
        BILL.replace(CREATED, ""),
        BILL.replace(CREATED, "<datecreated>03/10/2026</datecreated>"),
        BILL.replace("<year>2026</year><month>3</month>", "<month>3</month><year>2026</year>"),
        BILL.replace(ITEMS, ""),
        BILL.replace("<amount>100</amount>", ""),
        BILL.replace("lineitem>", "billitem>"),
        BILL.replace("<billno>B-1</billno>", "<billno><b>1</b></billno>"),
        "<delete_bill/>",
        f"<reverse_bill>{REVERSAL}</reverse_bill>",
        '<reverse_bill key="1"/>',
        "<create_nothing_known_at_all_/>".replace("create_nothing_known_at_all_", "nothing"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_in_either_mode(books: Gateway, sent: str) -> None:
    # §1.2, §5.2: XL03000003
    for strict in (True, False):
        books.set(strict=strict)
        reply = books.call(sent)
        assert reply.text("errormessage/error/errorno") == "XL03000003", reply.response.text
    assert books.stored("APBILL") == []


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (BILL.replace(DUE, ""), "WHENDUE is required"),
        (BILL.replace("V-1", "V-9"), "Vendor 'V-9' specified is not valid."),
        (BILL.replace(">5100<", ">9999<"), "Account 9999 is not valid"),
        (BILL.replace("<billno>", "<action>Post</action><billno>"), "ACTION"),
        (BILL.replace("<month>3</month><day>10</day>", "<month>2</month><day>30</day>"), "is not a date"),
        (
            BILL.replace(ITEMS, "<customfields><customfield><customfieldname>X</customfieldname></customfield></customfields>" + ITEMS),
            "There was an error processing the request.",
        ),
    ],
)
def test_rules_are_the_same_as_for_the_generic_functions(books: Gateway, sent: str, text: str) -> None:
    reply = books.call(sent)
    assert text in reply.errors[0][1]
    assert reply.errors[-1] == ("BL01001973", "Could not create AP Bill record!")
    assert books.stored("APBILL") == []


def test_update_bill_changes_lines_by_number_and_adds_others(books: Gateway) -> None:
    # §2.11, §3D update_bill@key
    number = bill(books)
    items = f'<updatebillitems><updatelineitem line_num="1"><amount>60</amount></updatelineitem>{LINE}</updatebillitems>'
    reply = books.call(f'<update_bill key="{number}"><description>Changed</description>{items}</update_bill>')
    assert [child.tag for child in reply.result] == ["status", "function", "controlid"]
    assert [row["TRX_AMOUNT"] for row in books.stored("APBILLITEM")] == ["60", "100"]
    assert books.stored("APBILL")[0]["TOTALDUE"] == "160"


def test_a_bill_is_deleted_or_reversed_by_key(books: Gateway) -> None:
    # §3D delete_bill@key, reverse_bill@key
    first, second = bill(books), bill(books, number="B-2")
    assert books.call(f'<delete_bill key="{first}"/>').status == "success"
    assert books.call(f'<reverse_bill key="{second}">{REVERSAL}</reverse_bill>').status == "success"
    assert [(row["STATE"], row["TOTALDUE"]) for row in books.stored("APBILL")] == [("Reversed", "0")]
    assert sum(float(row["AMOUNT"]) for row in books.stored("GLDETAIL") if row["ACCOUNTNO"] == "5100") == 0
    assert "Cannot find" in books.call('<delete_bill key="77"/>').errors[0][1]
    assert "Cannot find" in books.call(f'<reverse_bill key="77">{REVERSAL}</reverse_bill>').errors[0][1]


def test_a_submitted_bill_is_recalled_and_then_changed(books: Gateway) -> None:
    # §2.9 recallApBill
    books.set(approvals=["APBILL"])
    number = bill(books)
    assert books.call(f"<recallApBill><recordno>{number}</recordno></recallApBill>").status == "success"
    assert books.stored("APBILL")[0]["STATE"] == "Draft"
    assert "only a submitted one" in books.call(f"<recallApBill><recordno>{number}</recordno></recallApBill>").errors[0][1]
    assert books.call(f"<update><APBILL><RECORDNO>{number}</RECORDNO><DESCRIPTION>x</DESCRIPTION></APBILL></update>").status == "success"


def test_older_functions_are_metered_and_faulted_like_the_others(books: Gateway) -> None:
    # §6; design §6
    before = books.control("GET", "meter")["transactions"]
    books.call(BILL)
    assert books.control("GET", "meter")["transactions"] == before + 1
    books.fault("refuse", function="create_bill", object="APBILL")
    assert books.call(BILL.replace("B-1", "B-2")).status == "failure"
    assert len(books.stored("APBILL")) == 1


def test_an_older_function_runs_once_under_its_controlid(books: Gateway) -> None:
    # §1.6
    books.call(BILL.replace("B-1", ""), controlids=["pay-1"], uniqueid="true")
    repeated = books.call(BILL.replace("B-1", ""), controlids=["pay-1"], uniqueid="true")
    assert repeated.status is None
    assert len(books.stored("APBILL")) == 1


def test_version_two_of_the_schema_has_the_older_functions_only(books: Gateway) -> None:
    # §1.2 dtdversion
    assert books.call(BILL, dtdversion="2.1").status == "success"
    assert books.call(query("APBILL", "RECORDNO"), dtdversion="2.1").text("errormessage/error/errorno") == "XL03000003"


def test_what_the_user_may_not_do_is_refused_there_too(books: Gateway) -> None:
    # §5.2: PL04000005
    books.set(denied_operations=["create_bill APBILL", "get_list APBILL"])
    assert books.call(BILL).errors[0][0] == "PL04000005"
    assert books.call('<get_list object="bill"/>').errors[0][0] == "PL04000005"


def test_get_list_gives_lower_case_records_and_a_listtype_beside_them(books: Gateway) -> None:
    # §1.3, §2.11
    for number in range(1, 4):
        bill(books, number=f"B-{number}")
    reply = books.call(
        '<get_list object="bill" maxitems="2" start="1"><sorts><sortfield order="desc">billno</sortfield></sorts></get_list>'
    )
    listtype = reply.result.find("listtype")
    assert listtype is not None
    assert (listtype.text, dict(listtype.attrib)) == ("bill", {"start": "1", "end": "2", "total": "3"})
    assert dict(reply.data.attrib) == {}
    assert [each.findtext("billno") for each in reply.data.findall("bill")] == ["B-2", "B-1"]
    first = reply.data[0]
    assert [first.findtext(f"datecreated/{name}") for name in ("year", "month", "day")] == ["2026", "03", "10"]
    assert first.findtext("billitems/lineitem/amount") == "100"
    assert first.findtext("totaldue") == "100"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("<expression><field>billno</field><operator>=</operator><value>B-1</value></expression>", ["B-1"]),
        ("<expression><field>billno</field><operator>!=</operator><value>B-1</value></expression>", ["B-2"]),
        ("<expression><field>billno</field><operator>like</operator><value>%-2</value></expression>", ["B-2"]),
        ("<expression><field>totaldue</field><operator>&gt;=</operator><value>99</value></expression>", ["B-1", "B-2"]),
        ("<expression><field>description</field><operator>is null</operator></expression>", ["B-1", "B-2"]),
        (
            '<logical logical_operator="or"><expression><field>billno</field><operator>=</operator><value>B-9</value></expression>'
            "<expression><field>billno</field><operator>=</operator><value>B-2</value></expression></logical>",
            ["B-2"],
        ),
    ],
)
def test_get_list_filters(books: Gateway, condition: str, found: list[str]) -> None:
    # §2.11: operators and logical
    for number in ("B-1", "B-2"):
        bill(books, number=number)
    reply = books.call(f'<get_list object="bill"><filter>{condition}</filter><fields><field>billno</field></fields></get_list>')
    assert sorted(each.findtext("billno") or "" for each in reply.data) == found
    assert {child.tag for each in reply.data for child in each} == {"billno"}


@pytest.mark.parametrize(
    "sent",
    [
        '<get_list object="nonsense"/>',
        '<get_list object="bill"><filter><expression><field>x</field><operator>is null</operator></expression></filter></get_list>',
        '<get_list object="bill"><filter><expression><field>billno</field><operator>~</operator></expression></filter></get_list>',
        '<get_list object="bill"><fields><field>x</field></fields></get_list>',
        '<get_list object="bill" maxitems="many"/>',
        '<get object="bill" key="77"/>',
    ],
)
def test_an_older_read_that_asks_for_what_is_not_there_is_refused(books: Gateway, sent: str) -> None:
    assert books.call(sent).status == "failure"


def test_get_reads_one_record_by_key(books: Gateway) -> None:
    # §2.11
    number = bill(books)
    reply = books.call(f'<get object="bill" key="{number}"/>')
    assert reply.data.findtext("bill/vendorid") == "V-1"
    create(books, "<PROJECT/>")
    assert reply.result.findtext("listtype") == "bill"


def test_a_record_is_named_by_the_id_its_maker_gave(books: Gateway) -> None:
    # §9.1: the vendor's SDK sends externalkey
    books.call(BILL.replace("<billno>B-1</billno>", "<billno>B-1</billno><externalid>ext-7</externalid>"))
    assert books.call('<update_bill key="ext-7" externalkey="true"><description>Named</description></update_bill>').status == "success"
    assert books.stored("APBILL")[0]["DESCRIPTION"] == "Named"
    assert (
        "Cannot find" in books.call('<update_bill key="ext-8" externalkey="true"><description>x</description></update_bill>').errors[0][1]
    )


def test_a_bill_joins_a_summary_that_is_open(books: Gateway) -> None:
    # §3D PRBATCH; intacct-objects create_billbatch
    key = books.call(f"<create_billbatch><batchtitle>March</batchtitle>{CREATED}</create_billbatch>").result.findtext("key")
    in_batch = BILL.replace("<billno>", "<batchkey>{}</batchkey><billno>")
    assert "Batch 77 is not valid" in books.call(in_batch.format("77")).errors[0][1]
    assert books.call(in_batch.format(key)).status == "success"
    assert (books.stored("APBILL")[0]["PRBATCH"], books.stored("APBILL")[0]["PRBATCHKEY"]) == ("March", key)
    wrong = bill_of(number="B-2", extra="<PRBATCH>April</PRBATCH>")
    assert "Summary 'April' does not exist or is closed" in create(books, wrong).errors[0][1]
    assert create(books, wrong.replace("April", "March")).status == "success"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ('<delete_class key="R"/>', "CLASS"),
        ('<delete_department departmentid="R"/>', "DEPARTMENT"),
        ('<delete_item itemid="R"/>', "ITEM"),
        ('<delete_contact contactname="R"/>', "CONTACT"),
    ],
)
def test_master_data_is_deleted_by_its_natural_key(intacct: Gateway, sent: str, kind: str) -> None:
    # §3B: delete_department@departmentid, delete_class@key
    create(
        intacct,
        "<CLASS><CLASSID>R</CLASSID><NAME>R</NAME></CLASS>",
        "<DEPARTMENT><DEPARTMENTID>R</DEPARTMENTID><TITLE>R</TITLE></DEPARTMENT>",
        "<ITEM><ITEMID>R</ITEMID><NAME>R</NAME><ITEMTYPE>Non-Inventory</ITEMTYPE></ITEM>",
        "<CONTACT><CONTACTNAME>R</CONTACTNAME><PRINTAS>R</PRINTAS></CONTACT>",
    )
    assert intacct.call(sent).status == "success"
    assert intacct.stored(kind) == []
    assert "Cannot find" in intacct.call(sent).errors[0][1]
