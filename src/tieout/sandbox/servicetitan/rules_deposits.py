"""Bank deposits: payments brought to the bank together (servicetitan §9, §11.5); made in the product."""

from __future__ import annotations

from typing import Any

from tieout.sandbox.servicetitan.amounts import cents, money, total
from tieout.sandbox.servicetitan.lifecycle import need_open
from tieout.sandbox.servicetitan.listing import page_of
from tieout.sandbox.servicetitan.pricebook import account_shown
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_sales import DEPOSITED
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if


def open_deposit(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Makes a deposit of payments that are in none yet."""
    errors: Errors = {}
    account = tenant.check_reference(errors, "bankAccountId", "gl-accounts", given.get("bankAccountId"), "GL account")
    account = account or next(row for row in tenant.records.all("gl-accounts") if row["isIntacctBankAccount"])
    payments: list[Row] = []
    for place, key in enumerate(given["paymentIds"]):
        path = f"paymentIds[{place}]"
        payment = tenant.check_reference(errors, path, "payments", key, "Payment")
        if payment is not None and (payment["deposit"] is not None or not payment["active"]):
            errors.setdefault(path, []).append(f"Payment {key} is deposited or not active.")
        if payment is not None:
            payments.append(payment)
    if not payments:
        errors.setdefault("paymentIds", []).append("A deposit needs at least one payment.")
    refuse_if(errors)
    at = given.get("depositDate") or tenant.records.stamp()
    gross, fees = total(payment["total"] for payment in payments), cents(given.get("fees"))
    reviewed = given.get("reviewStatus") == "Reviewed"
    deposit = tenant.records.insert(
        "bank-deposits",
        {
            "active": True,
            "name": given.get("name") or f"Deposit {at[:10]}",
            "depositStatus": "Deposited",
            "syncStatus": "Pending",
            "batch": None,
            "createdBy": "Office",
            "importId": None,
            "depositDate": at,
            "reviewStatus": given.get("reviewStatus") or "NeedsReview",
            "reviewedOn": at if reviewed else None,
            "grossAmount": money(gross),
            "netAmount": money(gross - fees),
            "fees": money(fees),
            "bankAccount": account_shown(account),
            "feeAccount": None,
        },
    )
    for payment in payments:
        tenant.records.change("payments", payment["id"], {"deposit": {"id": deposit["id"], "name": deposit["name"]}})
        for split in payment["appliedTo"]:
            tenant.records.change("invoices", split["appliedTo"], {"depositedOn": at})
    return deposit


def amend_deposit(tenant: Tenant, deposit: Row, given: dict[str, Any]) -> Row:
    """Changes the name or the review of a pending deposit."""
    need_open("bank-deposits", deposit)
    fixed = given.keys() - {"name", "reviewStatus"}
    if fixed:
        raise invalid(min(fixed), "This member of a deposit cannot be changed.")
    reviewed = {"reviewedOn": tenant.records.stamp() if given["reviewStatus"] == "Reviewed" else None} if "reviewStatus" in given else {}
    return tenant.records.change("bank-deposits", deposit["id"], {**given, **reviewed})


def transactions(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET bank-deposits/{id}/transactions``: the payments in it; an unknown one is a 400 (the contract lists no 404)."""
    if tenant.records.find("bank-deposits", call.keys["id"]) is None:
        raise invalid("id", f"Bank deposit with ID {call.keys['id']} was not found.")
    keys = [row["id"] for row in tenant.records.all("payments") if (row["deposit"] or {}).get("id") == call.keys["id"]]
    rows, envelope = page_of(DEPOSITED, call.query, tenant.records, within=keys)
    return {**envelope, "data": [tenant.show_as(DEPOSITED, DEPOSITED.shape, row) for row in rows]}
