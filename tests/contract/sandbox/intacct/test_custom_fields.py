"""Custom fields: beside the standard ones in generic functions, in customfields in legacy ones, by definition on documents (§3B, §2.4)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.books import bill_line, bill_of, create
from tests.contract.sandbox.intacct.gateway import Gateway, query, read_by_query
from tests.contract.sandbox.intacct.orders import change, document, key_in, po_of, supplies


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    supplies(intacct)
    intacct.set(custom_fields={"PROJECT": ["REGION"], "APBILLITEM": ["CREW"], "PODOCUMENT::Purchase Order": ["SOURCE_ID"]})
    return intacct


def custom(name: str, value: str) -> str:
    return f"<customfield><customfieldname>{name}</customfieldname><customfieldvalue>{value}</customfieldvalue></customfield>"


def test_a_field_of_the_companys_own_is_written_and_read_like_any_other(books: Gateway) -> None:
    books.project("P-1", "<REGION>North</REGION>")
    books.project("P-2")
    where = "<equalto><field>REGION</field><value>North</value></equalto>"
    assert books.call(query("PROJECT", "PROJECTID", "REGION", filter=where)).rows == [{"PROJECTID": "P-1", "REGION": "North"}]
    assert books.call(read_by_query("PROJECT", "PROJECTID", "REGION = 'North'")).rows == [{"PROJECTID": "P-1"}]
    books.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><REGION/></PROJECT></update>")
    assert books.call("<read><object>PROJECT</object><keys>1</keys><fields>REGION</fields></read>").rows == [{"REGION": ""}]


def test_another_object_does_not_have_it(books: Gateway) -> None:
    # an unknown field is refused
    assert books.customer("C-1", "<REGION>North</REGION>").errors[0][0] == "DL02000001"
    assert books.call(query("CUSTOMER", "REGION")).status == "failure"
    books.set(custom_fields={})
    assert books.project("P-1", "<REGION>North</REGION>").errors[0][0] == "DL02000001"
    assert books.call(query("PROJECT", "REGION")).status == "failure"


def test_a_value_that_is_too_long_is_refused(books: Gateway) -> None:
    assert "longer than 500" in books.project("P-1", f"<REGION>{'x' * 501}</REGION>").errors[0][1]


def test_lines_have_their_own(books: Gateway) -> None:
    create(books, bill_of(bill_line(extra="<CREW>A</CREW>")))
    assert books.call(query("APBILLITEM", "CREW")).rows == [{"CREW": "A"}]


def test_lookup_tells_them_apart(books: Gateway) -> None:
    # §2.8 ISCUSTOM
    fields = books.call("<lookup><object>PROJECT</object></lookup>").data.findall("Type/Fields/Field")
    assert {field.findtext("ID") for field in fields if field.findtext("ISCUSTOM") == "true"} == {"REGION"}


def test_legacy_functions_carry_them_in_customfields(books: Gateway) -> None:
    # §3B; §3C customfields
    key = key_in(books.call(po_of(customfields=custom("SOURCE_ID", "S-7"))))
    assert document(books, key)["SOURCE_ID"] == "S-7"
    assert change(books, key, f"<customfields>{custom('SOURCE_ID', 'S-8')}</customfields>").status == "success"
    assert document(books, key)["SOURCE_ID"] == "S-8"
    assert books.call(po_of(customfields=custom("NOPE", "x"))).errors[0][0] == "DL02000001"


def test_a_field_of_a_definition_is_of_that_definition_alone(books: Gateway) -> None:
    assert books.call(po_of(transactiontype="Subcontract", customfields=custom("SOURCE_ID", "S-7"))).errors[0][0] == "DL02000001"
    assert books.stored("PODOCUMENT") == []


def test_without_docparid_a_definitions_fields_are_not_seen(books: Gateway) -> None:
    # §2.4, §3C: docparid is needed to see that definition's custom fields
    key_in(books.call(po_of(customfields=custom("SOURCE_ID", "S-7"))))
    named = "<docparid>Purchase Order</docparid>"
    read = "<read><object>PODOCUMENT</object><keys>1</keys><fields>*</fields>{}</read>"
    assert books.call(read.format(named)).data[0].findtext("SOURCE_ID") == "S-7"
    assert books.call(read.format("")).data[0].find("SOURCE_ID") is None
    assert books.call(read.format("<docparid>Subcontract</docparid>")).data[0].find("SOURCE_ID") is None
    assert books.call(query("PODOCUMENT", "SOURCE_ID", more=named)).rows == [{"SOURCE_ID": "S-7"}]
    assert books.call(query("PODOCUMENT", "SOURCE_ID")).status == "failure"
    assert books.call(read_by_query("PODOCUMENT", "DOCID", "SOURCE_ID = 'S-7'", named)).rows == [{"DOCID": "Purchase Order-PO-0001"}]
    looked = books.call(f"<lookup><object>PODOCUMENT</object>{named}</lookup>").data.find("Type")
    assert looked is not None
    assert looked.get("DocumentType") == "Purchase Order"
    assert "SOURCE_ID" in [field.text for field in looked.findall("Fields/Field/ID")]
