"""Transaction definitions: what they are, what they refuse, what they let documents do (intacct-xml §3C PODOCUMENTPARAMS)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query, read_by_query
from tests.contract.sandbox.intacct.orders import change, definition, delete, document, key_in, po_line, po_of, purchase, supplies
from tests.contract.sandbox.intacct.projects import assert_refused, element

KIND = "PODOCUMENTPARAMS"


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    supplies(intacct)
    return intacct


def named(gateway: Gateway, name: str) -> dict[str, Any]:
    return next(row for row in gateway.stored(KIND) if row["DOCID"] == name)


def test_a_company_has_definitions_before_anyone_works_in_it(intacct: Gateway) -> None:
    # design §6; procore §10.1: PC Purchase Orders, PC Subcontracts; ingenious §8.3
    found = {row["DOCID"]: row for row in intacct.stored(KIND)}
    assert {"Purchase Order", "Subcontract", "PO Change Order", "Vendor Invoice", "PC Purchase Orders", "PC Subcontracts"} <= set(found)
    assert (found["Purchase Order"]["ENABLEDOCCHANGE"], found["PO Change Order"]["ENABLEDOCCHANGE"]) == ("Enable Change", "Change Order")
    own = found["PC Subcontracts"]
    assert (own["SEQUENCE"], own["UPDATES_GL"], own["ENABLE_RETAINAGE"], own["CONVTYPE"]) == ("", "N", "true", "Leave Transaction Open")


def test_definitions_are_found_by_class_label_or_code(intacct: Gateway) -> None:
    # §3.0 codes; §2.6 labels
    where = "<equalto><field>DOCCLASS</field><value>Invoice</value></equalto>"
    assert intacct.call(query(KIND, "DOCID", filter=where)).rows == [{"DOCID": "Vendor Invoice"}]
    assert intacct.call(read_by_query(KIND, "DOCID", "DOCCLASS = 'INVOICE'")).rows == [{"DOCID": "Vendor Invoice"}]
    assert intacct.call(read_by_query(KIND, "DOCID", "CATEGORY = 'I'")).rows == [{"DOCID": "Vendor Invoice"}]


def test_what_is_left_out_has_the_documented_defaults(intacct: Gateway) -> None:
    # §3C table
    assert intacct.call(f"<create>{element(KIND, {'DOCID': 'Plain'})}</create>").status == "success"
    row = named(intacct, "Plain")
    wanted = {
        **{"DOCCLASS": "Quote", "CATEGORY": "Quote", "STATUS": "Active", "ENABLEDOCCHANGE": "No Change", "PRESERVE_SEQNUM": "false"},
        **{"WARNONLOWQTY": "true", "IN_OUT": "Increase", "WAREHOUSESELMETHOD": "Sort by ID", "SHOW_TOTALS": "false"},
        **{"OVERRIDE_PRICE": "true", "POSTTOGL": "false", "CONVTYPE": "Close Transaction", "CREDITLIMITCHECK": "false"},
        **{"EDITTYPE": "No Edit", "DELTYPE": "No Edit", "CREATETYPE": "New document or Convert"},
        **{"TD_CREATION_RULE": "Top level or Entity", "PRIMARYDOC": "false", "INHERIT_SOURCE_DOCNO": "false"},
    }
    assert {name: row[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"DOCID": None}, "DOCID is required"),
        ({"DOCID": "x" * 31}, "longer than 30"),
        ({"DESCRIPTION": "x" * 101}, "longer than 100"),
        ({"FIXED_MESG": "x" * 4001}, "longer than 4000"),
        ({"CONTACTTITLE1": "x" * 21}, "longer than 20"),
        ({"DOCCLASS": "Bill"}, "Invalid value 'Bill'"),
        ({"CATEGORY": "O"}, "Invalid value 'O'"),
        ({"UPDATES_GL": "X"}, "Invalid value 'X'"),
        ({"CONVTYPE": "Keep"}, "Invalid value 'Keep'"),
        ({"PRIMARYDOC": "yes"}, "not true or false"),
        ({"TOTALS": [("TOTAL", {"TOTALID": "ONHAND"})]}, "TOTALS.Q_QV is required"),
        ({"ENABLEDOCCHANGE": "Change Order"}, "Change orders need the template type Order"),
        ({"ENABLEDOCCHANGE": "Enable Change", "DOCCLASS": "Order"}, "Change orders need the template type Order"),
    ],
)
def test_a_wrong_definition_is_refused(intacct: Gateway, values: dict[str, Any], text: str) -> None:
    # §3C table; ingenious §8.3: only when template type and workflow category are Order
    count = len(intacct.stored(KIND))
    assert_refused(definition(intacct, **{"name": values.pop("DOCID", "Mine") or "", **values}), text)
    assert len(intacct.stored(KIND)) == count


@pytest.mark.parametrize(
    "values",
    [
        {"SEQUENCE": "NOPE"},
        {"TERM_NAME": "NOPE"},
        {"DEFAULT_WAREHOUSE": "NOPE"},
        {"RECALLS": [("RECALL", {"RECDOCPAR": "NOPE"})]},
        {"AR_ACCOUNTS": [("AR_ACCOUNT", {"GLACCOUNT": "9999"})]},
        {"SUBTOTALS": [("SUBTOTAL", {"DESCRIPTION": "x", "GLACCOUNT": "9999"})]},
        {"ENTITY_PROPS": [("ENTITY_PROP", {"ENTITY_NAME": "NOPE"})]},
    ],
)
def test_what_a_definition_names_must_exist(intacct: Gateway, values: dict[str, Any]) -> None:
    assert_refused(definition(intacct, "Mine", **values), "", errorno="BL01001973")


def test_a_name_is_given_once_and_never_changed(intacct: Gateway) -> None:
    # §3C: DOCID immutable, matched exactly
    assert_refused(definition(intacct, "Vendor Invoice"), "already exists", errorno="BL34000061")
    assert definition(intacct, "vendor invoice").status == "success"
    number = named(intacct, "Vendor Invoice")["RECORDNO"]
    renamed = f"<update><{KIND}><RECORDNO>{number}</RECORDNO><DOCID>Other</DOCID></{KIND}></update>"
    assert_refused(intacct.call(renamed), "cannot be changed")


def test_a_definition_in_use_keeps_its_change_mode_and_is_not_deleted(books: Gateway) -> None:
    # ingenious §8.3: cannot be switched off once transactions exist
    purchase(books)
    number = named(books, "Purchase Order")["RECORDNO"]
    change_mode = f"<update><{KIND}><RECORDNO>{number}</RECORDNO><ENABLEDOCCHANGE>No Change</ENABLEDOCCHANGE></{KIND}></update>"
    assert_refused(books.call(change_mode), "is in use")
    assert_refused(books.call(f"<delete><object>{KIND}</object><keys>{number}</keys></delete>"), "refers to it", errorno="BL01001973")
    unused = named(books, "Subcontract")["RECORDNO"]
    assert books.call(change_mode.replace(f">{number}<", f">{unused}<")).status == "success"


def test_an_inactive_definition_makes_no_documents(books: Gateway) -> None:
    # §3C STATUS
    definition(books, "Old", STATUS="Inactive")
    assert "is inactive" in books.call(po_of(transactiontype="Old", documentno="1")).errors[0][1]


@pytest.mark.parametrize(("rule", "entity", "taken"), [("Entity only", None, False), ("Entity only", "100", True)])
@pytest.mark.parametrize("turned", [False, True])
def test_a_definition_may_belong_to_the_top_or_to_entities(
    books: Gateway, rule: str, entity: str | None, taken: bool, turned: bool
) -> None:
    # §3C TD_CREATION_RULE: nothing but BL01001973 is said
    definition(books, "Local", TD_CREATION_RULE="Top level only" if turned else rule)
    session = books.session(entity) if entity else ""
    reply = books.call(po_of(transactiontype="Local", documentno="1"), authentication=session)
    assert (reply.status == "success") is (taken is not turned)
    assert {number for number, _ in reply.errors} <= {"BL01001973"}


def test_an_entity_may_number_for_itself(books: Gateway) -> None:
    # §3C ENTITY_PROPS SEQUENCE
    props = [("ENTITY_PROP", {"ENTITY_NAME": "100", "SEQUENCE": "Subcontracts"})]
    definition(books, "Local", SEQUENCE="Purchase orders", ENTITY_PROPS=props)
    assert key_in(books.call(po_of(transactiontype="Local"))) == "Local-PO-0001"
    assert key_in(books.call(po_of(transactiontype="Local"), authentication=books.session("100"))) == "Local-SC-0001"
    assert (
        key_in(books.call(po_of(po_line(locationid="200"), transactiontype="Local"), authentication=books.session("200")))
        == "Local-PO-0002"
    )


def test_a_sequence_may_come_to_its_end(books: Gateway) -> None:
    # intacct-rest document-sequence: fixed length, prefix, suffix, ending number
    sequence = {"SEQUENCEID": "Short", "FIXEDPREFIX": "X", "FIXEDLENGTH": 3, "FIXEDSUFFIX": "-A", "STARTINGNUMBER": 8, "ENDINGNUMBER": 8}
    books.control("POST", "objects/DOCSEQUENCE", [sequence])
    definition(books, "Short", SEQUENCE="Short")
    assert key_in(books.call(po_of(transactiontype="Short"))) == "Short-X008-A"
    assert "has come to its end" in books.call(po_of(transactiontype="Short")).errors[0][1]


def test_the_edit_and_delete_policies_hold(books: Gateway) -> None:
    # §3C EDITTYPE, DELTYPE: No Edit
    definition(books, "Fixed", EDITTYPE="No Edit", DELTYPE="No Edit")
    row = purchase(books, transactiontype="Fixed", documentno="1")
    assert "does not let 'Fixed-1' be changed" in change(books, "Fixed-1", "<message>x</message>").errors[0][1]
    assert "does not let 'Fixed-1' be deleted" in delete(books, "Fixed-1").errors[0][1]
    assert document(books, "Fixed-1") == row
    draft = purchase(books, transactiontype="Fixed", documentno="2", state="Draft")
    assert change(books, draft["DOCID"], "<message>x</message>").status == "success"
    assert delete(books, draft["DOCID"]).status == "success"


def test_a_definition_may_fix_prices(books: Gateway) -> None:
    # §3C OVERRIDE_PRICE
    definition(books, "List", OVERRIDE_PRICE="false")
    books.call("<update><ITEM><ITEMID>LUMBER</ITEMID><NAME>Lumber</NAME><STANDARD_COST>4</STANDARD_COST></ITEM></update>")
    assert "cannot be overridden" in books.call(po_of(transactiontype="List", documentno="1")).errors[0][1]
    assert purchase(books, po_line(price=None), transactiontype="List", documentno="1")["TOTAL"] == "40"


def test_the_default_warehouse_of_a_definition_is_used(books: Gateway) -> None:
    # §3C WAREHOUSESELMETHOD, DEFAULT_WAREHOUSE
    books.call(
        "<create><WAREHOUSE><WAREHOUSEID>W-1</WAREHOUSEID><NAME>Yard</NAME><LOC><LOCATIONID>100</LOCATIONID></LOC></WAREHOUSE>"
        "<ITEM><ITEMID>PIPE</ITEMID><NAME>Pipe</NAME><ITEMTYPE>Inventory</ITEMTYPE></ITEM></create>"
    )
    definition(books, "Yard", WAREHOUSESELMETHOD="Use the default warehouse", DEFAULT_WAREHOUSE="W-1")
    purchase(books, po_line(itemid="PIPE"), transactiontype="Yard", documentno="1")
    assert books.stored("PODOCUMENTENTRY")[0]["WAREHOUSEID"] == "W-1"


def test_only_one_entity_sees_a_definition_made_in_it(books: Gateway) -> None:
    # §7.2; ingenious §8.10: entity-level definitions invisible elsewhere
    inner = element(KIND, {"DOCID": "Own", "DOCCLASS": "Order", "CATEGORY": "Order"})
    books.call(f"<create>{inner}</create>", authentication=books.session("100"))
    sent = po_of(po_line(locationid="200"), transactiontype="Own", documentno="1")
    assert "is not valid" in books.call(sent, authentication=books.session("200")).errors[0][1]
    assert books.call(po_of(transactiontype="Own", documentno="1"), authentication=books.session("100")).status == "success"
