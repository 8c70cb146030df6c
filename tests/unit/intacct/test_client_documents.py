"""The document functions: whatever order values are given in, they stand in the one the gateway wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tieout.intacct.client import File, Function, RefusedError, UnwritableError, attachments, documents, functions, orders

from .company import Clock, Company, error

DAY = date(2026, 3, 2)
BUILDERS: dict[str, Any] = {
    "create_bill": documents.create_bill,
    "create_invoice": documents.create_invoice,
    "create_apadjustment": documents.create_apadjustment,
    "create_potransaction": documents.create_potransaction,
}
UPDATES: dict[str, Any] = {
    "update_bill": documents.update_bill,
    "update_invoice": documents.update_invoice,
    "update_apadjustment": documents.update_apadjustment,
    "update_potransaction": documents.update_potransaction,
}
LINE_LISTS = {"billitems", "invoiceitems", "apadjustmentitems", "potransitems", "subtotals"}
LINE_LISTS |= {"updatebillitems", "updateinvoiceitems", "updateapadjustmentitems", "updatepotransitems", "updatesubtotals"}


def body(function: Function) -> etree._Element:
    return etree.fromstring(function.body)


def tags(node: etree._Element | None) -> list[str]:
    assert node is not None
    return [str(each.tag) for each in node]


def names_of(order: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    plain = [name for name in order if name not in LINE_LISTS | {"customfields", "taxentries", "itemdetails", "linesubtotals"}]
    return st.lists(st.sampled_from(plain), unique=True)


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_a_new_document_stands_in_the_order_of_the_reference(name: str) -> None:
    line_order = orders.LINES["potransitem" if name == "create_potransaction" else f"{name}/line"]

    @given(names_of(orders.HEADERS[name]), st.lists(names_of(line_order), min_size=1, max_size=3))
    def check(header: list[str], lines: list[list[str]]) -> None:
        node = body(BUILDERS[name]("k", dict.fromkeys(header, "1"), [dict.fromkeys(line, "1") for line in lines]))
        order = orders.HEADERS[name]
        assert [order.index(each) for each in tags(node)] == sorted(order.index(each) for each in tags(node))
        assert set(header) <= set(tags(node))
        for line in node.iter("lineitem", "potransitem"):
            places = [line_order.index(each) for each in tags(line)]
            assert places == sorted(places)

    check()


@pytest.mark.parametrize("name", sorted(UPDATES))
def test_a_changed_document_names_its_lines_by_number_and_stands_in_order(name: str) -> None:
    @given(names_of(orders.HEADERS[name]), st.lists(st.integers(1, 40), unique=True, max_size=4), st.integers(0, 2))
    def check(header: list[str], numbers: list[int], added: int) -> None:
        node = body(
            UPDATES[name]("k", "7", dict.fromkeys(header, "1"), {number: {"memo": "m"} for number in numbers}, [{"memo": "n"}] * added)
        )
        order = orders.HEADERS[name]
        assert node.get("key") == "7"
        places = [order.index(each) for each in tags(node)]
        assert places == sorted(places)
        changed = [int(each.get("line_num", "")) for each in node.iter("updatelineitem", "updatepotransitem")]
        untouched = [1] if not numbers and not added and name != "update_potransaction" else []
        assert changed == (sorted(numbers) or untouched)
        assert len(list(node.iter("lineitem", "potransitem"))) == added

    check()


def test_dates_of_documents_are_written_in_three_parts_and_contacts_by_name() -> None:
    header: dict[str, Any] = {"transactiontype": "Order", "vendorid": "V-1", "datecreated": DAY, "payto": "Ann", "schedulestartdate": DAY}
    node = body(
        documents.create_potransaction("k", {**header, "customfields": {"CREW": "blue"}}, [{"itemid": "A", "quantity": Decimal("1.5")}])
    )
    assert [(each.tag, each.text) for each in node.find("datecreated")] == [("year", "2026"), ("month", "03"), ("day", "02")]  # type: ignore[union-attr]
    assert node.findtext("schedulestartdate") == "03/02/2026"
    assert node.findtext("payto/contactname") == "Ann"
    assert tags(node.find("returnto")) == ["contactname"]  # a required element, empty for the vendor's own
    assert node.findtext("customfields/customfield/customfieldname") == "CREW"
    assert node.findtext("potransitems/potransitem/quantity") == "1.5"


def test_none_is_left_out_of_a_new_document_and_clears_in_a_changed_one() -> None:
    new = body(documents.create_bill("k", {"vendorid": "V", "description": None}, [{"memo": None, "amount": 1}]))
    assert new.find("description") is None
    assert tags(new.find("billitems/lineitem")) == ["amount"]
    changed = body(documents.update_bill("k", "7", {"description": None}, {1: {"memo": None}}))
    assert changed.find("description") is not None
    assert changed.findtext("updatebillitems/updatelineitem/memo") == ""


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: documents.create_bill("k", {"nope": 1}, [{"amount": 1}]), "create_bill has no element nope"),
        (lambda: documents.create_bill("k", {"vendorid": "V"}, []), "at least one line"),
        (lambda: documents.create_bill("k", {}, [{"TRX_AMOUNT": 1}]), "lineitem has no element TRX_AMOUNT"),
        (lambda: documents.update_invoice("k", "7", {}, {0: {"memo": "x"}}), "counted from 1"),
        (lambda: documents.approve("k", "APBILL", "7"), "APBILL cannot be approved"),
        (lambda: attachments.create_supdoc("k", "A" * 21, "n", "f", [File("a.txt", b"")]), "1 to 20 characters"),
        (lambda: attachments.create_supdoc("k", "A", "n", "f", []), "at least one file"),
        (lambda: attachments.create_supdoc("k", "A", "n", "f", [File("noextension", b"")]), "has no extension"),
    ],
)
def test_what_the_gateway_would_refuse_is_not_built(build: Any, said: str) -> None:
    with pytest.raises(UnwritableError, match=said):
        build()


def test_verbs_on_documents_name_their_record_as_their_function_wants() -> None:
    assert body(documents.delete_potransaction("k", "Purchase Order-1")).get("key") == "Purchase Order-1"
    assert body(documents.partialupdate_potransaction("k", "Purchase Order-1", DAY)).findtext("dateposted/day") == "02"
    assert body(documents.update_potransaction("k", "ext", {}, by_external_id=True)).get("externalkey") == "true"
    assert body(documents.reverse_bill("k", "7", DAY, "wrong")).findtext("description") == "wrong"
    assert body(documents.reverse_appayment("k", "7", DAY)).get("key") == "7"
    assert body(documents.recall_bill("k", "7")).findtext("recordno") == "7"
    assert body(documents.approve("k", "PODOCUMENT", "PO-1", comment="ok")).findtext("PODOCUMENT/DOCID") == "PO-1"
    assert body(documents.decline("k", "TIMESHEET", "9", entries=["4", "5"])).findtext("TIMESHEET/ENTRYKEYS") == "4,5"
    applied = body(documents.apply_arpayment("k", "7", DAY, {"3": Decimal("1.50"), "4": 2}))
    assert [each.findtext("invoicekey") for each in applied.iter("arpaymentitem")] == ["3", "4"]


def test_every_kind_of_list_of_the_older_functions_is_asked_in_the_reference_s_shape() -> None:
    one = body(functions.get_list("k", "supdoc", [("folder", "=", "Bills")], fields=["supdocid"], max_items=5))
    assert (one.get("object"), one.get("maxitems"), one.findtext("filter/expression/field")) == ("supdoc", "5", "folder")
    two = body(functions.get_list("k", "supdoc", [("folder", "=", "Bills"), ("recordno", ">", "1")]))
    assert two.find("filter/logical").get("logical_operator") == "and"  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="no operator"):
        functions.get_list("k", "supdoc", [("folder", "~", "Bills")])


# Attachments


def answered(inner: str, function: str) -> Company:
    company = Company(Clock())
    company.system()

    def answer(request: httpx.Request, root: etree._Element) -> httpx.Response | None:
        node = root.find("operation/content/function")
        if node is None or node[0].tag == "getAPISession":
            return None
        control = node.get("controlid")
        status = "failure" if "<errormessage>" in inner else "success"
        return company.reply(
            f"{company.authentication()}<result><status>{status}</status><function>{function}</function><controlid>{control}</controlid>{inner}</result>"
        )

    company.answer = answer
    return company


def file_names() -> st.SearchStrategy[str]:
    stem = st.text(st.sampled_from("abcXYZ 0-_."), min_size=1, max_size=8).filter(
        lambda text: text.strip(". ") == text and ".." not in text
    )
    return st.builds("{}.{}".format, stem, st.sampled_from(("pdf", "txt", "xlsx")))


@given(st.lists(st.builds(File, file_names(), st.binary(max_size=64)), min_size=1, max_size=3))
def test_files_come_back_as_they_were_stored(files: list[File]) -> None:
    node = body(attachments.create_supdoc("k", "ATT-1", "Invoice", "Bills", files))
    stored = etree.tostring(node.find("attachments")).decode()  # type: ignore[arg-type]
    company = answered(f"<data><supdoc><recordno>3</recordno><supdocid>ATT-1</supdocid>{stored}</supdoc></data>", "get")
    found = company.system().client.attachment("ATT-1")
    assert found is not None
    assert list(found.files) == files
    assert "content" not in repr(found)


def test_an_attachment_that_is_not_there_is_none_and_another_refusal_is_raised() -> None:
    gone = answered(error("BL01001973", "Cannot find attachment with key 'A'."), "get")
    assert gone.system().client.attachment("A") is None
    forbidden = answered(error("PL04000005", "You do not have permission"), "get")
    with pytest.raises(RefusedError):
        forbidden.system().client.attachment("A")


def test_a_list_of_an_older_function_says_how_many_are_left() -> None:
    listed = '<listtype start="0" end="9" total="383">supdoc</listtype><data><supdoc><recordno>1</recordno></supdoc></data>'
    result = answered(listed, "get_list").system().client.call(functions.get_list("x", "supdoc"))
    assert (result.total, result.remaining) == (383, 373)


def test_subscriptions_and_preferences_are_read() -> None:
    listed = "<data><application><key>3.AP</key><name>Accounts Payable</name></application>"
    listed += "<application><key>9.PO</key><name>Purchasing</name><subscribed>false</subscribed></application></data>"
    found = answered(listed, "get_applications").system().client.applications()
    assert [(each.id, each.name) for each in found] == [("3.AP", "Accounts Payable")]
    inner = "<data><companypref><application>GL</application><preference>X</preference><prefvalue>1</prefvalue></companypref></data>"
    assert answered(inner, "get_companyprefs").system().client.company_prefs("GL") == {"X": "1"}


def test_a_document_function_is_sent_once_for_ever() -> None:
    company = answered("<key>Purchase Order-1</key>", "create_potransaction")
    lines: list[Mapping[str, Any]] = [{"itemid": "A", "quantity": 1}]
    result = company.system().client.write(documents.create_potransaction("k", {"transactiontype": "Purchase Order"}, lines))
    assert result.key == "Purchase Order-1"
