"""Vendors, purchase orders, receipts, returns, and the lists beside them (servicetitan §8, §9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import GUID, Api

ADDRESS = {"street": "1 Foundry Way", "unit": "", "city": "Denver", "state": "CO", "zip": "80216", "country": "USA"}


def order_body(api: Api, **more: Any) -> dict[str, Any]:
    job = api.new_job()
    line = {"skuId": api.sku()["id"], "description": "", "vendorPartNumber": "", "quantity": 10, "cost": 18.25}
    return {
        "vendorId": api.new_vendor()["id"],
        "typeId": api.rows("inventory/purchase-order-types")[0]["id"],
        "businessUnitId": job["businessUnitId"],
        "inventoryLocationId": api.rows("inventory/warehouses")[0]["id"],
        "jobId": job["id"],
        "shipTo": {"description": "Yard", "address": ADDRESS},
        "impactsTechnicianPayroll": False,
        "date": "2026-03-01T00:00:00Z",
        "requiredOn": "2026-03-05T00:00:00Z",
        "tax": 1.5,
        "shipping": 20,
        "items": [line],
        **more,
    }


def ordered(api: Api, **more: Any) -> dict[str, Any]:
    made = api.made("POST", "inventory/purchase-orders", order_body(api, **more))
    order: dict[str, Any] = api.get(f"inventory/purchase-orders/{made['id']}")
    return order


def receipt_body(order: dict[str, Any], quantity: float = 10, **more: Any) -> dict[str, Any]:
    line = order["items"][0]
    item = {"purchaseOrderItemId": line["id"], "skuId": line["skuId"], "quantity": quantity, "cost": line["cost"]}
    return {"purchaseOrderId": order["id"], "dateReceived": "2026-03-04T00:00:00Z", "tax": 0, "shipping": 0, "items": [item], **more}


# -- vendors


def test_a_vendor_is_created_and_edited(api: Api) -> None:
    # servicetitan Appendix B "vendors"; §8 "External data … vendors"
    external = {"applicationGuid": GUID, "externalData": [{"key": "intacct", "value": "V-1"}]}
    vendor = api.new_vendor("Basalt Cutting", email="b@example.com", externalData=external)
    assert (vendor["name"], vendor["contactInfo"]["email"], vendor["deliveryOption"], vendor["externalData"]) == (
        "Basalt Cutting",
        "b@example.com",
        "Manual",
        [],
    )
    assert api.made("PATCH", f"inventory/vendors/{vendor['id']}", {"phone": "303", "active": False}) == {"id": vendor["id"]}
    shown = api.get(f"inventory/vendors/{vendor['id']}", externalDataApplicationGuid=GUID)
    assert (shown["contactInfo"]["phone"], shown["contactInfo"]["email"], shown["externalData"]) == (
        "303",
        "b@example.com",
        external["externalData"],
    )
    assert api.rows("inventory/vendors") == []
    asked = {"externalDataApplicationGuid": GUID, "externalDataKey": "intacct", "externalDataValues": "V-1", "active": "Any"}
    assert [row["id"] for row in api.rows("inventory/vendors", **asked)] == [vendor["id"]]


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"taxRate": "none"}, "taxRate"),
        ({"deliveryOption": "Pigeon"}, "deliveryOption"),
        ({"paymentTermId": 999}, "paymentTermId"),
        ({"remittanceVendorId": 999}, "remittanceVendorId"),
        ({"tags": [{"tagTypeId": 999}]}, "tags"),
        ({"vendorNumber": "V-1"}, "vendorNumber"),
        ({"address": {"street": "1"}}, "address.unit"),
    ],
)
def test_a_vendor_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any], member: str) -> None:
    good = {"name": "x", "active": True, "isTruckReplenishment": False, "taxRate": 0, "restrictedMobileCreation": False}
    assert member in api.refused(400, "POST", "inventory/vendors", {**good, "address": ADDRESS, **wrong})["errors"]
    api.refused(404, "PATCH", "inventory/vendors/999", {"name": "x"})


def test_vendors_have_custom_fields(api: Api) -> None:
    # servicetitan §8 "Custom fields", Appendix B "vendors: customField.Fields"
    vendor = api.new_vendor()
    api.new_vendor("Other")
    fields = [{"objectId": vendor["id"], "customFields": [{"name": "Insurance certificate", "value": "2027"}]}]
    api.made("PATCH", "inventory/vendors/custom-fields", {"operations": fields})
    (found,) = api.rows("inventory/vendors", **{"customField.Fields[Insurance certificate]": "2027"})
    assert found["customFields"][0] | {"typeId": 0} == {"typeId": 0, "name": "Insurance certificate", "value": "2027"}


# -- purchase orders


def test_an_order_refers_to_its_job_and_project(api: Api) -> None:
    # servicetitan §8 "Purchase order: jobId?, projectId?, invoiceId?"
    customer = api.new_customer()
    project = api.new_project(customer)
    job = api.new_job(customer, projectId=project["id"])
    order = ordered(api, jobId=job["id"], projectId=project["id"])
    assert (order["jobId"], order["projectId"], order["invoiceId"]) == (job["id"], project["id"], job["invoiceId"])
    assert (order["status"], order["total"]) == ("Pending", 204)
    for params in ({"jobIds": f"{job['id']},1"}, {"projectId": project["id"]}, {"number": order["number"]}, {"status": "Pending"}):
        assert [row["id"] for row in api.rows("inventory/purchase-orders", **params)] == [order["id"]]
    assert api.rows("inventory/purchase-orders", projectId=1) == []
    rows, _ = api.export("inventory/export/purchase-orders", includeRecentChanges="true")
    assert rows == [order]


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"vendorId": 999}, "vendorId"),
        ({"typeId": 999}, "typeId"),
        ({"businessUnitId": 999}, "businessUnitId"),
        ({"inventoryLocationId": 999}, "inventoryLocationId"),
        ({"jobId": 999}, "jobId"),
        ({"projectId": 999}, "projectId"),
        ({"technicianId": 999}, "technicianId"),
        ({"items": []}, "items"),
        ({"items": [{"skuId": 999, "description": "", "vendorPartNumber": "", "quantity": 1, "cost": 1}]}, "items[0].skuId"),
        ({"items": [{"skuId": 1, "quantity": 1, "cost": 1}]}, "items[0].description"),
        ({"requiredOn": None}, "requiredOn"),
        ({"shipTo": {"description": "x"}}, "shipTo.address"),
        ({"total": 5}, "total"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any], member: str) -> None:
    # servicetitan Appendix B "POST purchase-orders"
    assert member in api.refused(400, "POST", "inventory/purchase-orders", order_body(api, **wrong))["errors"]


def test_a_service_no_quantity_and_an_inactive_vendor_are_not_ordered(api: Api) -> None:
    line = {"skuId": api.sku("services")["id"], "description": "", "vendorPartNumber": "", "quantity": 1, "cost": 1}
    api.refused(400, "POST", "inventory/purchase-orders", order_body(api, items=[line]))
    api.refused(400, "POST", "inventory/purchase-orders", order_body(api, items=[{**line, "skuId": api.sku()["id"], "quantity": 0}]))
    gone = api.new_vendor("Gone", active=False)
    assert "vendorId" in api.refused(400, "POST", "inventory/purchase-orders", order_body(api, vendorId=gone["id"]))["errors"]


def test_an_order_is_edited_until_it_is_exported(api: Api) -> None:
    # servicetitan §9 "Once a purchase order is exported it can no longer be edited"
    order = ordered(api)
    path = f"inventory/purchase-orders/{order['id']}"
    line = {**{name: order["items"][0][name] for name in ("id", "skuId", "description", "vendorPartNumber", "cost")}, "quantity": 4}
    assert api.made("PATCH", path, {"memo": "by noon", "items": [line]}) == {"id": order["id"]}
    edited = api.get(path)
    assert (edited["summary"], edited["items"][0]["quantity"], edited["total"]) == ("by noon", 4, 94.5)
    api.refused(400, "PATCH", path, {"items": [{**line, "id": 999}]})
    api.refused(400, "PATCH", path, {"vendorId": 999})
    api.refused(404, "PATCH", "inventory/purchase-orders/999", {"memo": "x"})
    api.put("purchase-orders", id=order["id"], status="Sent")
    assert "cannot become Exported" in api.not_put("purchase-orders", id=order["id"], status="Exported")
    api.made("POST", "inventory/receipts", receipt_body(edited, 4))
    api.put("purchase-orders", id=order["id"], status="Exported")
    api.refused(400, "PATCH", path, {"memo": "too late"})
    api.refused(400, "PATCH", f"{path}/cancellation", {"canceledReason": "Other"})


def test_an_order_is_canceled_while_nothing_has_come(api: Api) -> None:
    # servicetitan Appendix B "purchase-orders/{id}/cancellation"
    order = ordered(api)
    path = f"inventory/purchase-orders/{order['id']}"
    api.refused(400, "PATCH", f"{path}/cancellation", {"canceledReason": "Whim"})
    api.refused(404, "PATCH", "inventory/purchase-orders/999/cancellation", {"canceledReason": "Other"})
    api.made("PATCH", f"{path}/cancellation", {"canceledReason": "Duplicate"})
    assert api.get(path)["status"] == "Canceled"
    api.refused(400, "PATCH", path, {"memo": "x"})
    api.refused(400, "POST", "inventory/receipts", receipt_body(order))
    assert "is canceled" in api.not_put(
        "ap-bills", vendorId=order["vendorId"], purchaseOrderId=order["id"], items=[{"skuId": api.sku()["id"], "quantity": 1, "cost": 1}]
    )
    received = ordered(api)
    api.made("POST", "inventory/receipts", receipt_body(received, 1))
    api.refused(400, "PATCH", f"inventory/purchase-orders/{received['id']}/cancellation", {"canceledReason": "Other"})


# -- receipts


def test_an_order_is_received_in_parts(api: Api) -> None:
    # servicetitan §8 "Receipt: jobId?, billId?, syncStatus; no projectId"
    order = ordered(api)
    path = f"inventory/purchase-orders/{order['id']}"
    api.made("POST", "inventory/receipts", receipt_body(order, 4, vendorDocumentNumber="VI-1"))
    assert (api.get(path)["status"], api.get(path)["items"][0]["quantityReceived"]) == ("PartiallyReceived", 4)
    assert "items[0].quantity" in api.refused(400, "POST", "inventory/receipts", receipt_body(order, 6.5))["errors"]
    api.made("POST", "inventory/receipts", receipt_body(order, 6))
    assert (api.get(path)["status"], api.get(path)["receivedOn"]) == ("Received", "2026-03-04T00:00:00Z")
    first, second = api.rows("inventory/receipts", purchaseOrderIds=order["id"])
    assert (first["jobId"], first["receiptAmount"], first["vendorInvoiceNumber"], first["syncStatus"]) == (
        order["jobId"],
        73,
        "VI-1",
        "Pending",
    )
    assert "projectId" not in first
    assert [row["id"] for row in api.rows("inventory/receipts", vendorInvoiceNumber="vi-1")] == [first["id"]]
    line = {"skuId": api.sku()["id"], "quantity": 10, "cost": 18.25}
    bill = api.put("inventory-bills", vendorId=order["vendorId"], purchaseOrderId=order["id"], items=[line])
    assert (bill["jobId"], bill["purchaseOrderId"]) == (order["jobId"], order["id"])
    assert {row["id"] for row in api.rows("inventory/receipts", billId=bill["id"])} == {first["id"], second["id"]}
    for params in ({"purchaseOrderNumber": order["number"][1:]}, {"purchaseOrderTypes": "Stock replenishment"}):
        assert [row["id"] for row in api.rows("accounting/ap-bills", **params)] == [bill["id"]]
    assert "with another vendor" in api.not_put(
        "inventory-bills", vendorId=api.new_vendor()["id"], purchaseOrderId=order["id"], items=[line]
    )


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"purchaseOrderId": 999}, 404),
        ({"items": []}, 400),
        ({"items": [{"skuId": 999, "quantity": 1, "cost": 1}]}, 400),
        ({"items": [{"purchaseOrderItemId": 999, "skuId": 1, "quantity": 1, "cost": 1}]}, 400),
        ({"dateReceived": None}, 400),
        ({"tax": None}, 400),
    ],
)
def test_a_receipt_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any], status: int) -> None:
    api.refused(status, "POST", "inventory/receipts", receipt_body(ordered(api), **wrong))
    assert api.rows("inventory/receipts") == []


def test_a_canceled_receipt_gives_the_goods_back_to_the_order(api: Api) -> None:
    order = ordered(api)
    made = api.made("POST", "inventory/receipts", receipt_body(order))
    api.made("PATCH", f"inventory/receipts/{made['id']}/cancellation", {"canceledReason": "Accidental"})
    assert api.get(f"inventory/purchase-orders/{order['id']}")["status"] == "Sent"
    assert api.rows("inventory/receipts") == []
    assert [row["id"] for row in api.rows("inventory/receipts", active="False")] == [made["id"]]
    api.refused(400, "PATCH", f"inventory/receipts/{made['id']}/cancellation", {"canceledReason": "Accidental"})
    api.refused(404, "PATCH", "inventory/receipts/999/cancellation", {"canceledReason": "Accidental"})


# -- returns


def return_body(api: Api, order: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "vendorId": order["vendorId"],
        "purchaseOrderId": order["id"],
        "returnTypeId": api.get("inventory/return-types")["data"][0]["id"],
        "businessUnitId": order["businessUnitId"],
        "inventoryLocationId": order["inventoryLocationId"],
        "returnDate": "2026-03-10T00:00:00Z",
        "tax": 0,
        "shipping": 0,
        "restockingFee": 5,
        "items": [{"skuId": order["items"][0]["skuId"], "quantity": 2, "cost": 18.25}],
        **more,
    }


def test_goods_are_returned_and_the_return_knows_job_and_project(api: Api) -> None:
    # servicetitan §8 "Return: jobId? and projectId?"
    customer = api.new_customer()
    project = api.new_project(customer)
    order = ordered(api, jobId=api.new_job(customer, projectId=project["id"])["id"])
    made = api.made("POST", "inventory/returns", return_body(api, order))
    (row,) = api.rows("inventory/returns", jobId=order["jobId"], vendorIds=order["vendorId"], syncStatuses="Pending,Posted")
    assert (row["projectId"], row["returnAmount"], row["status"]) == (project["id"], 31.5, "Pending")
    api.made("PATCH", f"inventory/returns/{made['id']}", {"memo": "dented"})
    credit = api.put("ap-credits", vendorId=order["vendorId"], amount=31.5, inventoryReturnId=made["id"], jobId=order["jobId"])
    assert credit["inventoryReturnId"] == made["id"]
    api.made("PATCH", f"inventory/returns/{made['id']}/cancellation", {"canceledReason": "Other"})
    api.refused(409, "PATCH", f"inventory/returns/{made['id']}", {"memo": "x"})
    api.refused(400, "PATCH", f"inventory/returns/{made['id']}/cancellation", {"canceledReason": "Other"})
    rows, _ = api.export("inventory/export/returns", includeRecentChanges="true")
    assert [(each["memo"], each["status"], each["active"]) for each in rows] == [("dented", "Canceled", False)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"vendorId": 999},
        {"returnTypeId": 999},
        {"businessUnitId": 999},
        {"inventoryLocationId": 999},
        {"purchaseOrderId": 999},
        {"jobId": 999},
        {"items": []},
        {"items": [{"skuId": 999, "quantity": 1, "cost": 1}]},
        {"items": [{"skuId": 1, "quantity": 1}]},
    ],
)
def test_a_return_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    api.refused(400, "POST", "inventory/returns", return_body(api, ordered(api), **wrong))


def test_return_types_are_all_listed_unless_only_active_ones_are_asked_for(api: Api) -> None:
    kind = api.get("inventory/return-types")["data"][0]
    api.made("PATCH", f"inventory/return-types/{kind['id']}", {"id": kind["id"], "active": False})
    assert len(api.get("inventory/return-types", activeOnly="false")["data"]) == 2
    assert len(api.get("inventory/return-types", activeOnly="true")["data"]) == 1


# -- places and types


def test_trucks_and_types_are_kept(api: Api) -> None:
    # servicetitan Appendix B "trucks", "purchase-order-types", "warehouses"
    house, technician = api.rows("inventory/warehouses")[0], api.rows("settings/technicians")[0]
    truck = api.made("POST", "inventory/trucks", {"name": "Truck 9", "warehouseId": house["id"], "technicianIds": [technician["id"]]})
    api.made("PATCH", f"inventory/trucks/{truck['id']}", {"memo": "new tyres"})
    (shown,) = api.rows("inventory/trucks", ids=truck["id"])
    assert (shown["name"], shown["memo"], shown["technicianIds"]) == ("Truck 9", "new tyres", [technician["id"]])
    api.refused(400, "POST", "inventory/trucks", {"name": "x", "warehouseId": 999})
    api.refused(400, "POST", "inventory/trucks", {"name": "", "warehouseId": house["id"]})
    api.refused(404, "PATCH", "inventory/trucks/999", {"memo": "x"})
    external = {"applicationGuid": GUID, "externalData": [{"key": "wh", "value": "10"}]}
    api.made("PATCH", f"inventory/warehouses/{house['id']}", {"externalData": external})
    assert api.rows("inventory/warehouses", externalDataApplicationGuid=GUID)[0]["externalData"] == external["externalData"]
    api.refused(400, "PATCH", f"inventory/warehouses/{house['id']}", {"name": "Renamed"})
    one, two, *_ = api.rows("inventory/purchase-order-types")
    api.refused(409, "PATCH", f"inventory/purchase-order-types/{one['id']}", {"name": two["name"]})


# -- credits and payments of vendors


def test_a_credit_is_applied_to_bills_of_its_vendor(api: Api) -> None:
    # servicetitan §8, Appendix A ApCreditResponse: splits with inventoryBillId; amounts are numbers
    bill = api.new_bill()
    key = bill["vendor"]["id"]
    given = {"vendorId": key, "amount": 20}
    credit = api.put("ap-credits", **given, splits=[{"inventoryBillId": bill["id"], "amount": 12.25}])
    assert (credit["amount"], credit["appliedAmount"], credit["splits"][0]["vendorCreditId"]) == (20, 12.25, credit["id"])
    assert "is applied of" in api.not_put("ap-credits", **given, splits=[{"inventoryBillId": bill["id"], "amount": 20.01}])
    assert "another vendor" in api.not_put("ap-credits", **given, splits=[{"inventoryBillId": api.new_bill()["id"], "amount": 1}])
    assert "Bill with ID 999" in api.not_put("ap-credits", **given, splits=[{"inventoryBillId": 999, "amount": 1}])
    assert "more than zero" in api.not_put("ap-credits", vendorId=key, amount=0)
    assert "Return with ID 999" in api.not_put("ap-credits", **given, inventoryReturnId=999)
    changed = api.put("ap-credits", id=credit["id"], memo="RMA 5")
    assert (changed["memo"], changed["appliedAmount"], changed["number"], changed["date"]) == (
        "RMA 5",
        12.25,
        credit["number"],
        credit["date"],
    )


def test_a_credit_is_posted_marked_and_locked_or_canceled(api: Api) -> None:
    # servicetitan §9 "ap-credits/markasexported: array of {apCreditId}"
    key = api.new_vendor()["id"]
    one, two = api.put("ap-credits", vendorId=key, amount=5, syncStatus="Posted"), api.put("ap-credits", vendorId=key, amount=6)
    replies = api.made("POST", "accounting/ap-credits/markasexported", [{"apCreditId": row["id"]} for row in (one, two)])
    assert [(row["apCreditId"], row["success"]) for row in replies] == [(one["id"], True), (two["id"], False)]
    api.refused(400, "POST", "accounting/ap-credits/markasexported", {"apCreditIds": [two["id"]]})
    assert "is Exported" in api.not_put("ap-credits", id=one["id"], memo="x")
    gone = api.put("ap-credits", id=two["id"], active=False)
    assert (gone["status"], gone["active"], gone["canceledOn"]) == ("Canceled", False, "2026-03-02T15:00:00Z")
    assert {row["id"] for row in api.rows("accounting/ap-credits", syncStatuses="PostedAndExported")} == {one["id"]}


def test_a_payment_pays_bills_and_is_marked(api: Api) -> None:
    # servicetitan §9 "ap-payments/markasexported"
    bill = api.new_bill()
    splits = [{"inventoryBillId": bill["id"], "amount": 54.75}]
    given = {"vendorId": bill["vendor"]["id"], "splits": splits, "glAccountId": api.account("1000")["id"]}
    payment = api.put("ap-payments", **given, syncStatus="Posted")
    assert (payment["amount"], payment["glAccount"]["number"], payment["status"]) == (54.75, "1000", "Paid")
    assert "only 54.75" in api.not_put("ap-payments", **{**given, "splits": [{"inventoryBillId": bill["id"], "amount": 54.76}]})
    assert "at least one bill" in api.not_put("ap-payments", **{**given, "splits": []})
    assert "GL account with ID 999" in api.not_put("ap-payments", **{**given, "glAccountId": 999})
    (reply,) = api.made("POST", "accounting/ap-payments/markasexported", [{"apPaymentId": payment["id"], "externalId": "CK-1"}])
    assert reply["success"] is True
    (again,) = api.made("POST", "accounting/ap-payments/markasexported", [{"apPaymentId": payment["id"]}])
    assert again["success"] is False
    api.refused(400, "POST", "accounting/ap-payments/markasexported", [{"id": payment["id"]}])


def test_the_demo_worlds_purchases_hang_together(demo: Api) -> None:
    # design §6
    orders = {row["id"]: row for row in demo.rows("inventory/purchase-orders")}
    bills = {row["id"]: row for row in demo.control("GET", "objects/ap-bills")}
    receipts = demo.rows("inventory/receipts")
    assert len(orders) == len(receipts) > 5
    for receipt in receipts:
        order, bill = orders[receipt["purchaseOrderId"]], bills[receipt["billId"]]
        assert (bill["purchaseOrderId"], bill["jobId"], bill["vendor"]["id"]) == (order["id"], order["jobId"], order["vendorId"])
        assert float(bill["billAmount"]) == receipt["receiptAmount"] == order["total"]
        assert order["status"] in ("Received", "Exported")
    for payment in demo.rows("accounting/ap-payments"):
        assert payment["amount"] == pytest.approx(sum(split["amount"] for split in payment["splits"]))
        assert {bills[split["inventoryBillId"]]["vendor"]["id"] for split in payment["splits"]} == {payment["vendor"]["id"]}
