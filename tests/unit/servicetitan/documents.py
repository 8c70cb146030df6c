"""Bodies of accounting documents as ServiceTitan sends them (servicetitan §8, §9, Appendix A)."""

from __future__ import annotations

from typing import Any

ACCOUNT = {"id": 71, "name": "Materials", "number": "51000", "type": "CostOfGoodsSold", "detailType": None}
REVENUE = {"id": 72, "name": "Install revenue", "number": "40100", "type": "Income", "detailType": None}
BATCH = {"id": 900, "number": "17", "name": "May bills"}
ADDRESS = {"street": "4 Depot Rd", "unit": None, "city": "Austin", "state": "TX", "zip": "78702", "country": "USA"}


def vendor(id_: int = 801, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "Lone Star Supply",
        "active": True,
        "isTruckReplenishment": False,
        "isMobileCreationRestricted": False,
        "memo": "",
        "deliveryOption": "None",
        "defaultTaxRate": 0,
        "contactInfo": {"firstName": "Rosa", "lastName": "Diaz", "phone": "5125550101", "email": "ar@lonestar.test", "fax": ""},
        "address": dict(ADDRESS),
        "createdOn": "2026-01-01T00:00:00Z",
        "modifiedOn": "2026-02-01T00:00:00Z",
        "externalData": [],
        "customFields": None,
        **changes,
    }


def purchase_order(id_: int = 701, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "number": f"PO-{id_}",
        "invoiceId": None,
        "jobId": 501,
        "projectId": 301,
        "status": "Received",
        "typeId": 1,
        "shipTo": dict(ADDRESS),
        "vendorDocumentNumber": "",
        "vendorId": 801,
        "businessUnitId": 11,
        "date": "2026-05-04T00:00:00Z",
        "total": 110.25,
        "tax": 10,
        "shipping": 0,
        "summary": "",
        "createdOn": "2026-05-04T10:00:00Z",
        "modifiedOn": "2026-05-05T10:00:00Z",
        "items": [],
        "customFields": [],
        **changes,
    }


def invoice_item(id_: int = 6101, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "description": "<p>Heat pump</p>",
        "quantity": "1.0000",
        "cost": "600.00",
        "totalCost": "600.00",
        "price": "1000.00",
        "type": "Equipment",
        "skuName": "HP-3T",
        "skuId": 91,
        "total": "1000.00",
        "inventory": False,
        "taxable": True,
        "isChargeable": True,
        "generalLedgerAccount": dict(REVENUE),
        "costOfSaleAccount": dict(ACCOUNT),
        "assetAccount": None,
        "membershipTypeId": 0,
        "displayName": "Heat pump 3 t",
        "createdOn": "2026-05-06T10:00:00Z",
        "modifiedOn": "2026-05-06T10:00:00Z",
        "order": 1,
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        "budgetCodeId": None,
        "addOn": False,
        **changes,
    }


def invoice(id_: int = 601, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "syncStatus": "Posted",
        "budgetCodeId": None,
        "referenceNumber": f"{id_}",
        "invoiceDate": "2026-05-06T00:00:00Z",
        "dueDate": "2026-06-05T00:00:00Z",
        "subTotal": "1000.00",
        "salesTax": "82.50",
        "salesTaxCode": {"id": 5, "name": "TX state", "taxRate": 0.0825},
        "total": "1082.50",
        "balance": "1082.50",
        "invoiceType": None,
        "customer": {"id": 101, "name": "Acme Homes"},
        "location": {"id": 201, "name": "Main yard"},
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        "termName": "Net 30",
        "batch": dict(BATCH),
        "createdOn": "2026-05-06T09:00:00Z",
        "modifiedOn": "2026-05-06T10:00:00Z",
        "adjustmentToId": None,
        "job": {"id": 501, "number": "J501", "type": "Install"},
        "projectId": 301,
        "sentStatus": "NotSent",
        "reviewStatus": "Reviewed",
        "summary": None,
        "items": [invoice_item()],
        "customFields": None,
        "active": True,
        "exportId": None,
        "invoiceConfiguration": "JobInvoice",
        **changes,
    }


def payment(id_: int = 651, **changes: Any) -> dict[str, Any]:
    applied = {"appliedId": 6511, "appliedTo": 601, "appliedAmount": "500.00", "appliedOn": "2026-05-08T00:00:00Z", "appliedBy": "Office"}
    return {
        "id": id_,
        "syncStatus": "Posted",
        "referenceNumber": "",
        "date": "2026-05-08T00:00:00Z",
        "type": "Check",
        "typeId": "41",
        "total": "500.00",
        "unappliedAmount": "0.00",
        "checkNumber": "1044",
        "memo": "",
        "customer": {"id": 101, "name": "Acme Homes"},
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        "batch": dict(BATCH),
        "deposit": None,
        "generalLedgerAccount": {"id": 73, "name": "Undeposited funds", "number": "10900", "type": None, "detailType": None},
        "refundedPaymentId": None,
        "appliedTo": [{**applied, "appliedToReferenceNumber": "601"}],
        "customFields": [],
        "active": True,
        "createdOn": "2026-05-08T09:00:00Z",
        "modifiedOn": "2026-05-08T10:00:00Z",
        **changes,
    }


def credit_memo(id_: int = 681, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "date": "2026-05-09",
        "referenceNumber": f"CM-{id_}",
        "subTotal": 50,
        "salesTax": 0,
        "total": 50,
        "balance": 50,
        "appliedTo": [],
        "customer": {"id": 101, "name": "Acme Homes"},
        "location": {"id": 201, "name": "Main yard"},
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        "syncStatus": "Posted",
        "batch": None,
        "createdOn": "2026-05-09T09:00:00Z",
        "modifiedOn": "2026-05-09T10:00:00Z",
        "description": "Goodwill",
        "active": True,
        "exportId": None,
        **changes,
    }


def credit_memo_item(id_: int = 6811, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "active": True,
        "description": "Goodwill",
        "quantity": 1,
        "cost": 0,
        "price": 50,
        "type": "Service",
        "skuName": "CREDIT",
        "skuId": 92,
        "total": 50,
        "taxable": False,
        "revenueGeneralLedgerAccount": {"id": 72, "name": "Install revenue", "number": "40100", "type": None},
        "createdOn": "2026-05-09T09:00:00Z",
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        **changes,
    }


def bill_item(id_: int = 7711, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "order": 1,
        "name": "Copper pipe",
        "description": "15 mm",
        "quantity": "2.0000",
        "cost": "50.125",
        "inventoryLocation": "Truck 4",
        "serialNumber": None,
        "generalLedgerAccount": None,
        "costOfSaleAccount": dict(ACCOUNT),
        "assetAccount": None,
        "skuId": 93,
        "receiptItemId": 1,
        "skuType": "Material",
        "skuCode": "CP-15",
        "budgetCodeId": None,
        **changes,
    }


def inventory_bill(id_: int = 771, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "purchaseOrderId": 701,
        "syncStatus": "Posted",
        "referenceNumber": f"B-{id_}",
        "vendorNumber": "LS-44187",
        "summary": "Copper for J501",
        "billDate": "2026-05-07T00:00:00Z",
        "billAmount": "110.25",
        "taxAmount": "10.00",
        "shippingAmount": "0.00",
        "createdBy": "Office",
        "createdOn": "2026-05-07T09:00:00Z",
        "modifiedOn": "2026-05-07T10:00:00Z",
        "termName": "Net 30",
        "dueDate": "2026-06-06T00:00:00Z",
        "shipToDescription": None,
        "postDate": "2026-05-07T00:00:00Z",
        "batch": dict(BATCH),
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        "taxZone": None,
        "vendor": {"id": 801, "name": "Lone Star Supply"},
        "shipTo": None,
        "budgetCodeId": None,
        "items": [bill_item()],
        "customFields": None,
        "jobId": 501,
        "jobNumber": "J501",
        **changes,
    }


def ap_bill(id_: int = 781, **changes: Any) -> dict[str, Any]:
    expense = {
        "id": 7811,
        "amount": "75.00",
        "description": "Crane hire",
        "generalLedgerAccount": dict(ACCOUNT),
        "job": {"id": 501, "name": "J501"},
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        "budgetCodeId": None,
        "projectLabelIds": [],
    }
    more = {"billType": "ApBill", "source": "Standalone", "status": "Reconciled", "vendorInvoiceTotal": None, "doNotPay": False}
    plain = {"purchaseOrderId": None, "billAmount": "75.00", "taxAmount": "0.00", "items": None, "jobId": None, "jobNumber": None}
    return {**inventory_bill(id_), **more, **plain, "expenseItems": [expense], **changes}


def ap_credit(id_: int = 791, **changes: Any) -> dict[str, Any]:
    split = {"id": 7911, "active": True, "createdOn": "2026-05-10T09:00:00Z", "modifiedOn": "2026-05-10T09:00:00Z"}
    return {
        "id": id_,
        "inventoryReturnId": None,
        "jobId": 501,
        "active": True,
        "createdOn": "2026-05-10T09:00:00Z",
        "modifiedOn": "2026-05-10T10:00:00Z",
        "date": "2026-05-10T00:00:00Z",
        "canceledOn": None,
        "number": f"VC-{id_}",
        "referenceNumber": "LS-C-9",
        "memo": "Wrong pipe",
        "amount": 40.10,
        "appliedAmount": 0,
        "status": "Unreconciled",
        "syncStatus": "Posted",
        "batch": None,
        "businessUnit": {"id": 11, "name": "HVAC Install"},
        "remittanceVendor": None,
        "vendor": {"id": 801, "name": "Lone Star Supply"},
        "paymentStatus": "Unpaid",
        "splits": [{**split, "inventoryBillId": 771, "vendorCreditId": id_, "amount": 40.10}],
        "budgetCodeId": None,
        "customFields": [],
        **changes,
    }
