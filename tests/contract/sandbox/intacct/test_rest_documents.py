"""Purchasing and order-entry documents over REST: typed addresses, conversion, workflows (intacct-rest §14.1, §15.18, §15.19)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.contract.sandbox.intacct.gateway import Gateway
from tests.contract.sandbox.intacct.orders import document, item, lines_of, po_line, purchase, supplies
from tests.contract.sandbox.intacct.rest import Rest, detail

PLAIN = "/objects/purchasing/document"
ORDERS, INVOICES, CHANGES = (f"{PLAIN}::{name}" for name in ("Purchase%20Order", "Vendor%20Invoice", "PO%20Change%20Order"))
LINES = "/objects/purchasing/document-line::Purchase%20Order"


@pytest.fixture
def site(rest: Rest) -> Rest:
    supplies(rest.xml)
    return rest


def line(**more: Any) -> dict[str, Any]:
    dimensions = {"item": {"id": "LUMBER"}, "location": {"id": "100"}, **more.pop("dimensions", {})}
    return {"unit": "Each", "unitQuantity": "20", "unitPrice": "9.25", "dimensions": dimensions, **more}


def order(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"vendor": {"id": "V-1"}, "txnDate": "2026-09-01", "dueDate": "2026-10-01", "lines": list(lines) or [line()], **more}
    return {name: value for name, value in body.items() if value is not ...}


def invoice(source: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return order(*lines, sourceDocument={"id": source}, **more)


def taken(site: Rest, docid: str, number: int = 1, **more: Any) -> dict[str, Any]:
    row = lines_of(site.xml, docid)[number - 1]
    return {"sourceDocument": {"key": row["DOCHDRNO"]}, "sourceDocumentLine": {"key": row["RECORDNO"]}, **more}


def test_a_document_is_made_at_the_address_of_its_type(site: Rest) -> None:
    # §14.1
    answer = site.post(ORDERS, order(state="pending", referenceNumber="REQ-77"))
    assert answer.status_code == 201
    assert answer.json() == {
        "ia::result": {"key": "1", "id": "Purchase Order-PO-0001", "href": "/objects/purchasing/document::Purchase%20Order/1"},
        "ia::meta": {"totalCount": 1, "totalSuccess": 1, "totalError": 0},
    }
    row = document(site.xml, "Purchase Order-PO-0001")
    assert (row["STATE"], row["PONUMBER"], row["TOTAL"], row["WHENCREATED"]) == ("Pending", "REQ-77", "185", "09/01/2026")


def test_a_read_gives_header_and_lines(site: Rest) -> None:
    # §15.18: id on read = key; §15.19: ten decimals
    key = site.made(ORDERS, order(documentNumber="A"))
    shown = site.read(ORDERS, key)
    assert (shown["id"], shown["documentId"], shown["documentNumber"], shown["documentType"]) == (
        key,
        "Purchase Order-A",
        "A",
        "Purchase Order",
    )
    assert (shown["state"], shown["total"], shown["paymentStatus"], shown["txnDefinition"]["id"]) == (
        *("pending", "185.00", "open"),
        "Purchase Order",
    )
    (own,) = shown["lines"]
    assert (own["unitQuantity"], own["unitPrice"], own["lineNumber"]) == ("20.0000000000", "9.2500000000", 0)
    assert own["documentHeader"]["href"] == f"/objects/purchasing/document::Purchase%20Order/{key}"
    assert (own["dimensions"]["item"]["id"], own["item"]["id"], own["quantityRemaining"]) == ("LUMBER", "LUMBER", "20.0000000000")


def test_types_keep_to_themselves_and_the_untyped_object_lists_all(site: Rest) -> None:
    # §14: /objects/purchasing/document R
    first, second = site.made(ORDERS, order()), site.made(INVOICES, order())
    assert [each["key"] for each in site.get(ORDERS).json()["ia::result"]] == [first]
    listed = {each["key"]: each["href"] for each in site.get(PLAIN).json()["ia::result"]}
    assert listed == {first: f"{ORDERS}/{first}", second: f"{INVOICES}/{second}"}
    assert site.get(f"{INVOICES}/{first}").status_code == 404
    assert site.patch(f"{INVOICES}/{first}", {"memo": "x"}).status_code == 404
    assert site.delete(f"{INVOICES}/{first}").status_code == 404
    assert site.get(f"{PLAIN}/{second}").json()["ia::result"]["documentType"] == "Vendor Invoice"


@pytest.mark.parametrize("path", ["/objects/purchasing/document::Nope", "/objects/purchasing/document-line::Nope"])
def test_a_type_that_is_no_definition_is_not_there(site: Rest, path: str) -> None:
    # §14.1: type = transaction definition id
    assert site.get(path).status_code == 404
    assert site.post(path, order()).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_without_a_type_documents_are_only_read(site: Rest, method: str) -> None:
    # §14.1: base object is read-only
    key = site.made(ORDERS, order())
    path = PLAIN if method == "POST" else f"{PLAIN}/{key}"
    assert site.call(method, path, order()).status_code == 405


def test_queries_name_the_type_plainly(site: Rest) -> None:
    # §14.1: percent-encoded in paths, plain in queries
    site.made(ORDERS, order())
    site.made(INVOICES, order())
    found = site.query("purchasing/document::Purchase Order", "key", "documentId", "vendor.id", "state").json()["ia::result"]
    assert found == [{"key": "1", "documentId": "Purchase Order-PO-0001", "vendor.id": "V-1", "state": "pending"}]
    assert len(site.query("purchasing/document", "key").json()["ia::result"]) == 2
    wanted = [{"$eq": {"documentHeader.key": "1"}}]
    lines = site.query("purchasing/document-line::Purchase Order", "quantity", "documentHeader.documentId", filters=wanted)
    assert lines.json()["ia::result"] == [{"quantity": "20.0000000000", "documentHeader.documentId": "Purchase Order-PO-0001"}]
    assert site.query("purchasing/document::Nope", "key").status_code == 400


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        ({"vendor": ...}, 422, "/vendor"),
        ({"vendor": {"key": "1"}}, 400, "/vendor/id"),
        ({"vendor": {"id": "V-9"}}, 422, "/vendor"),
        ({"txnDate": ...}, 422, "/txnDate"),
        ({"dueDate": ...}, 422, "/dueDate"),
        ({"txnDate": "09/01/2026"}, 400, "/txnDate"),
        ({"lines": ...}, 422, "/lines"),
        ({"state": "closed"}, 400, "/state"),
        ({"state": "approved"}, 400, "/state"),
        ({"total": "1.00"}, 400, "/total"),
        ({"documentId": "x"}, 400, "/documentId"),
        ({"nonsense": 1}, 400, "/nonsense"),
        ({"revision": {"revisedTotal": "1"}}, 400, "/revision/revisedTotal"),
        ({"lines": [line(unit="Bushel")]}, 422, ""),
        ({"lines": [line(dimensions={"item": {"id": "NOPE"}})]}, 422, ""),
        ({"lines": [line(quantityConverted="1")]}, 400, "/lines/0/quantityConverted"),
        ({"lines": [line(addedByChangeDocument=True)]}, 400, "/lines/0/addedByChangeDocument"),
    ],
)
def test_a_wrong_document_is_refused(site: Rest, more: dict[str, Any], status: int, pointer: str) -> None:
    # §15.18 flags, §9.1
    answer = site.post(ORDERS, order(**more))
    assert answer.status_code == status, answer.text
    assert not pointer or detail(answer)[1] == pointer
    assert site.xml.stored("PODOCUMENT") == []


def test_a_number_is_needed_where_there_is_no_sequence(site: Rest) -> None:
    # §15.18 documentNumber
    path = f"{PLAIN}::PC%20Subcontracts"
    assert detail(site.post(path, order()))[0] == "PL01000127"
    assert site.post(path, order(documentNumber="S-1")).status_code == 201
    assert site.post(path, order(documentNumber="S-1")).status_code == 409


def test_lines_are_changed_added_and_removed_by_key(site: Rest) -> None:
    # §14.1 PATCH lines; §3.3
    key = site.made(ORDERS, order(line(), line(unitPrice="1")))
    first, second = (each["RECORDNO"] for each in lines_of(site.xml, "Purchase Order-PO-0001"))
    body = {"lines": [{"key": first, "unitQuantity": "25"}, {"ia::operation": "delete", "key": second}, line(unitQuantity="2")]}
    assert site.patch(f"{ORDERS}/{key}", body).status_code == 200
    after = lines_of(site.xml, "Purchase Order-PO-0001")
    assert [(each["UIQTY"], each["UIPRICE"]) for each in after] == [("25", "9.25"), ("2", "9.25")]
    assert (after[0]["RECORDNO"], document(site.xml, "Purchase Order-PO-0001")["TOTAL"]) == (first, "249.75")
    assert site.patch(f"{ORDERS}/{key}", {"lines": [{"key": second, "unitQuantity": "1"}]}).status_code == 400
    assert site.patch(f"{ORDERS}/{key}", {"vendor": {"id": "V-1"}}).status_code == 200
    assert site.patch(f"{ORDERS}/{key}", {"documentNumber": "Z"}).status_code == 422


def test_a_line_is_written_at_an_address_of_its_own(site: Rest) -> None:
    # §15.19: standalone POST needs documentHeader.key
    key = site.made(ORDERS, order())
    assert detail(site.post(LINES, line()))[1] == "/documentHeader/key"
    made = site.post(LINES, {**line(unitQuantity="3"), "documentHeader": {"key": key}})
    assert made.status_code == 201, made.text
    own = made.json()["ia::result"]["key"]
    assert site.patch(f"{LINES}/{own}", {"unitPrice": "2"}).status_code == 200
    assert document(site.xml, "Purchase Order-PO-0001")["TOTAL"] == "191"
    assert site.delete(f"{LINES}/{own}").status_code == 204
    assert document(site.xml, "Purchase Order-PO-0001")["TOTAL"] == "185"
    assert (
        site.get(
            f"/objects/purchasing/document-line::Vendor%20Invoice/{lines_of(site.xml, 'Purchase Order-PO-0001')[0]['RECORDNO']}"
        ).status_code
        == 404
    )


def test_a_conversion_takes_from_its_source_what_it_leaves_out(site: Rest) -> None:
    # §14.1 sourceDocument, sourceDocumentLine
    source = purchase(site.xml, po_line(memo="slab"), documentno="PO#0171#doc")["DOCID"]
    key = site.made(INVOICES, invoice(source, taken(site, source, unitQuantity="4")))
    (own,) = site.read(INVOICES, key)["lines"]
    assert (own["unitQuantity"], own["unitPrice"], own["dimensions"]["item"]["id"]) == ("4.0000000000", "4.2500000000", "LUMBER")
    assert (own["sourceDocument"]["documentType"], own["sourceDocumentLine"]["key"]) == (
        "Purchase Order",
        lines_of(site.xml, source)[0]["RECORDNO"],
    )
    assert (own["primaryDocument"]["documentNumber"], own["conversionType"]) == ("PO#0171#doc", "quantity")
    shown = site.read(ORDERS, "1")
    assert (shown["state"], shown["lines"][0]["quantityRemaining"]) == ("partiallyConverted", "6.0000000000")
    assert shown["primaryDocumentDetails"]["totalAmountConverted"] == "17.00"
    # what is left is taken where no quantity is named
    site.made(INVOICES, invoice(source, taken(site, source)))
    assert site.read(ORDERS, "1")["state"] == "converted"
    assert "cannot be changed" in site.patch(f"{ORDERS}/1", {"memo": "x"}).text


def test_too_much_is_refused(site: Rest) -> None:
    source = purchase(site.xml)["DOCID"]
    answer = site.post(INVOICES, invoice(source, taken(site, source, unitQuantity="11")))
    assert (answer.status_code, "11 is more than that" in answer.text) == (422, True)
    assert document(site.xml, source)["STATE"] == "Pending"


def test_an_invoice_shows_its_bill_and_the_bill_its_invoice(site: Rest) -> None:
    # §15.20 accounts-payable/bill purchasingDocument
    key = site.made(INVOICES, order())
    bill = document(site.xml, "Vendor Invoice-VI-0001")["PRRECORDKEY"]
    shown = site.read("/objects/accounts-payable/bill", bill)
    assert shown["purchasingDocument"]["href"] == f"{INVOICES}/{key}"
    own = site.read(INVOICES, key)["lines"][0]
    assert shown["lines"][0]["purchasing"]["documentLine"]["href"] == f"/objects/purchasing/document-line::Vendor%20Invoice/{own['key']}"
    assert site.patch(f"/objects/accounts-payable/bill/{bill}", {"description": "x"}).status_code == 422
    site.patch(f"{INVOICES}/{key}", {"memo": "Anew"})
    assert site.get(f"/objects/accounts-payable/bill/{bill}").status_code == 404
    assert site.delete(f"{INVOICES}/{key}").status_code == 204
    assert site.xml.stored("APBILL") == []


def test_a_change_order_revises_what_it_names(site: Rest) -> None:
    # §14.1 PO change order (write recipe inferred)
    source = purchase(site.xml, documentno="A")["DOCID"]
    own = lines_of(site.xml, source)[0]
    related = {"relatedDocument": {"key": own["DOCHDRNO"]}, "relatedDocumentLine": {"key": own["RECORDNO"]}}
    body = order(line(unitQuantity="2", unitPrice="4.25", **related), line(unitQuantity="1", relatedDocument={"key": own["DOCHDRNO"]}))
    key = site.made(CHANGES, {**body, "state": "draft"})
    shown = site.read(ORDERS, own["DOCHDRNO"])
    assert (shown["draftChangesTotal"], shown["postedChangesTotal"], shown["revision"]["revisedTotal"]) == ("17.75", "0.00", "42.50")
    assert shown["lines"][0]["draft"]["quantity"] == "2.0000000000"
    assert site.patch(f"{CHANGES}/{key}", {"state": "pending"}).status_code == 200
    shown = site.read(ORDERS, own["DOCHDRNO"])
    assert (shown["draftChangesTotal"], shown["postedChangesTotal"], shown["revision"]["revisedTotal"]) == ("0.00", "17.75", "60.25")
    assert (shown["revision"]["isDocumentChanged"], shown["revision"]["changeLogNumber"], shown["originalAmount"]) == (True, 1, "42.50")
    assert [each["addedByChangeDocument"] for each in shown["lines"]] == [False, True]
    change = site.read(CHANGES, key)
    assert (change["relatedDocumentNumber"], change["lines"][0]["relatedDocument"]["documentNumber"]) == ("A", "A")


@pytest.mark.parametrize(("verb", "state"), [("approve", "approved"), ("decline", "declined")])
def test_a_document_is_submitted_and_decided(site: Rest, verb: str, state: str) -> None:
    # §14 workflows; reply: key, id, href, state
    site.xml.set(approvals=["PODOCUMENT"])
    key = site.made(INVOICES, order(state="draft"))
    submitted = site.post("/workflows/purchasing/document/submit", {"key": key})
    assert submitted.json()["ia::result"] == {"key": key, "id": "Vendor Invoice-VI-0001", "href": f"{INVOICES}/{key}", "state": "submitted"}
    decided = site.post(f"/workflows/purchasing/document/{verb}", {"key": key, "notes": "ok"})
    assert decided.json()["ia::result"]["state"] == state
    assert bool(site.xml.stored("APBILL")) is (verb == "approve")
    assert site.post(f"/workflows/purchasing/document/{verb}", {"key": key}).status_code == 422


@pytest.mark.parametrize(
    ("body", "status"), [({}, 400), ({"key": 1}, 400), ({"key": "99"}, 404), ({"key": "x"}, 400), ({"key": "1", "nonsense": "x"}, 400)]
)
def test_a_wrong_workflow_is_refused(site: Rest, body: dict[str, Any], status: int) -> None:
    site.made(ORDERS, order())
    assert site.post("/workflows/purchasing/document/approve", body).status_code == status
    assert site.get("/workflows/purchasing/document/approve").status_code == 405


def test_definitions_are_objects_too(site: Rest) -> None:
    # §14 transaction definition C R U D
    path = "/objects/purchasing/txn-definition"
    sent = {
        "id": "Call-off",
        "docClass": "order",
        "workflowCategory": "order",
        "sourceDocumentDetail": [{"sourceDocument": {"id": "Purchase Order"}}],
    }
    key = site.made(path, sent)
    shown = site.read(path, key)
    assert (shown["docClass"], shown["editPolicy"], shown["partialConvertMethod"]) == ("order", "noEdit", "closeTransaction")
    assert shown["sourceDocumentDetail"][0]["sourceDocument"]["id"] == "Purchase Order"
    assert site.patch(f"{path}/{key}", {"description": "By call", "editPolicy": "all"}).status_code == 200
    assert site.post(f"{PLAIN}::Call-off", order(documentNumber="1")).status_code == 201
    assert site.delete(f"{path}/{key}").status_code == 422
    assert site.post(path, {**sent, "id": "x" * 31}).status_code == 422
    assert site.post(path, {**sent, "docClass": "Order"}).status_code == 400


def test_sequences_count_over_both_surfaces(site: Rest) -> None:
    # §14 document-sequence, generate-next-value
    path = "/objects/company-config/document-sequence"
    key = site.made(path, {"id": "Mine", "fixedPrefix": "M", "fixedLength": 3, "startingNumber": 5})
    ask = "/services/company-config/document-sequence/generate-next-value"
    assert site.post(ask, {"id": "Mine"}).json()["ia::result"] == {"nextValue": "M005"}
    assert site.read(path, key)["nextNumber"] == 6
    assert site.post(ask, {"id": "Nope"}).status_code == 422
    assert site.post(ask, {}).status_code == 400
    assert site.post(ask, {"id": "Purchase orders"}).json()["ia::result"] == {"nextValue": "PO-0001"}
    assert purchase(site.xml)["DOCNO"] == "PO-0002"


def test_a_warehouse_is_an_object(site: Rest) -> None:
    # §14 inventory-control/warehouse
    path = "/objects/inventory-control/warehouse"
    key = site.made(path, {"id": "W-1", "name": "Yard", "location": {"id": "100"}})
    assert site.read(path, key)["location"]["id"] == "100"
    assert site.post(path, {"id": "W-2", "name": "Yard"}).status_code == 422
    item(site.xml, "PIPE", "Inventory")
    body = order(line(dimensions={"item": {"id": "PIPE"}, "warehouse": {"key": key}}))
    assert site.read(ORDERS, site.made(ORDERS, body))["lines"][0]["dimensions"]["warehouse"]["id"] == "W-1"


def test_order_entry_has_the_same_form(site: Rest) -> None:
    # endpoint catalogue: order-entry/document::{documentName}
    site.xml.customer("C-1")
    path = "/objects/order-entry/document::Sales%20Invoice"
    body = {**order(), "customer": {"id": "C-1"}}
    del body["vendor"]
    key = site.made(path, body)
    assert site.read(path, key)["customer"]["id"] == "C-1"
    assert site.xml.stored("ARINVOICE")[0]["TOTALDUE"] == "185"
    assert site.delete(f"{path}/{key}").status_code == 204
    assert site.post(path, order()).status_code == 400


def test_the_model_tells_of_a_type(site: Rest) -> None:
    # §5
    found = site.get("/services/core/model", name="objects/purchasing/document::Purchase Order").json()["ia::result"]
    assert found["httpMethods"] == "OPTIONS,GET,POST,DELETE,PATCH"
    assert found["refs"]["vendor"]["apiObject"] == "accounts-payable/vendor"
    plain = site.get("/services/core/model", name="purchasing/document").json()["ia::result"]
    assert plain["httpMethods"] == "OPTIONS,GET"


def test_an_entity_sees_its_own_documents(site: Rest) -> None:
    # §12 header
    answer = site.post(ORDERS, order(), X_IA_API_Param_Entity="100")
    key = answer.json()["ia::result"]["key"]
    assert site.call("GET", f"{ORDERS}/{key}", headers={"X-IA-API-Param-Entity": "200"}).status_code == 404
    assert site.call("GET", f"{ORDERS}/{key}", headers={"X-IA-API-Param-Entity": "100"}).status_code == 200
    wrong = site.post(ORDERS, order(line(dimensions={"location": {"id": "200"}})), X_IA_API_Param_Entity="100")
    assert wrong.status_code == 422


def test_the_same_key_makes_one_document(site: Rest) -> None:
    # §3.7 Idempotency-Key
    first = site.post(ORDERS, order(), Idempotency_Key="11111111-1111-4111-8111-111111111111")
    again = site.post(ORDERS, order(), Idempotency_Key="11111111-1111-4111-8111-111111111111")
    assert first.json() == again.json()
    assert len(site.xml.stored("PODOCUMENT")) == 1


def test_without_permission_nothing_goes(site: Rest, intacct: Gateway) -> None:
    # §9.3 unauthorizedUser
    intacct.set(denied_operations=["create PODOCUMENT", "approve PODOCUMENT"])
    assert site.post(ORDERS, order()).status_code == 403
    purchase(intacct)
    assert site.post("/workflows/purchasing/document/approve", {"key": "1"}).status_code == 403


def test_a_composite_request_reaches_typed_objects_and_so_do_faults(site: Rest, intacct: Gateway) -> None:
    # §6, §10.11
    subs = [
        {"method": "POST", "path": ORDERS, "body": order(), "resultReference": "made"},
        {"method": "GET", "path": f"{ORDERS}/@{{made.1.key}}"},
    ]
    answer = site.post("/services/core/composite", subs)
    assert [each["ia::status"] for each in answer.json()["ia::result"]] == [201, 200]
    intacct.fault("cut_before_commit", function="create", object="PODOCUMENT", nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        site.post("/services/core/composite", subs)
    assert len(intacct.stored("PODOCUMENT")) == 1


def test_a_batch_keeps_what_could_be_made(site: Rest) -> None:
    # §3.6
    answer = site.post(ORDERS, [order(), order(vendor={"id": "V-9"})])
    assert (answer.status_code, len(site.xml.stored("PODOCUMENT"))) == (207, 1)
    atomic = site.post(ORDERS, [order(), order(vendor={"id": "V-9"})], X_IA_API_Param_Transaction="true")
    assert (atomic.status_code, len(site.xml.stored("PODOCUMENT"))) == (207, 1)
