"""Tasks on invoices, made from a template; they have events of their own (servicetitan §7)."""

from __future__ import annotations

import uuid
from typing import Any

from tieout.sandbox.servicetitan.events import Event
from tieout.sandbox.servicetitan.listing import page_of_rows
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant

_LARGEST_PAGE = 5000


def listed(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET invoices/{invoiceId}/tasks``."""
    invoice = _invoice(tenant, call)
    rows, envelope = page_of_rows(tenant.records.children("invoice-tasks", "_invoiceId", invoice["id"]), call.query, largest=_LARGEST_PAGE)
    return {**envelope, "data": [tenant.show("accounting", "GetInvoiceTasksResponse", {**row, "taskId": row["id"]}) for row in rows]}


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST invoices/{invoiceId}/tasks``: one task; which templates there are the API does not tell, so any name will do."""
    invoice = _invoice(tenant, call)
    given = tenant.accept("accounting", "CreateInvoiceTaskRequest", call.body)
    if not given["templateId"].strip():
        raise invalid("templateId", "The templateId field is required.")
    number = tenant.records.number("invoiceTaskNumber", 1)
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{tenant.settings['tenant']}/invoice-tasks/{number}"))
    plain = {"type": "Invoice", "name": f"Task {number}", "status": "Open", "assigneeId": None, "dueDate": None, "description": None}
    row = {"id": key, **plain, "templateId": given["templateId"], "relations": [], "_invoiceId": invoice["id"]}
    _tell(tenant, Event.INVOICE_TASK_CREATED, invoice, tenant.records.insert("invoice-tasks", row))
    made = {"executionId": number, "tasks": [{"taskId": key, "key": given["templateId"]}], "status": "Completed", "errors": []}
    return tenant.show("accounting", "CreateInvoiceTaskResponse", made)


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH invoices/{invoiceId}/tasks/{taskId}``."""
    invoice = _invoice(tenant, call)
    task = tenant.records.find("invoice-tasks", call.keys["guid"])
    if task is None or task["_invoiceId"] != invoice["id"]:
        raise invalid("taskId", f"Invoice {invoice['id']} has no task with ID {call.keys['guid']}.")
    given = tenant.accept("accounting", "UpdateInvoiceTaskRequest", call.body)
    changed = tenant.records.change("invoice-tasks", task["id"], {name: value for name, value in given.items() if value is not None})
    _tell(tenant, Event.INVOICE_TASK_UPDATED, invoice, changed)
    return tenant.show("accounting", "UpdateInvoiceTaskResponse", {"taskId": task["id"]})


def _invoice(tenant: Tenant, call: ApiCall) -> Row:
    invoice = tenant.records.find("invoices", call.keys["invoiceId"])
    if invoice is None:
        raise invalid("invoiceId", f"Invoice with ID {call.keys['invoiceId']} was not found.")
    return invoice


def _tell(tenant: Tenant, event: Event, invoice: Row, task: Row) -> None:
    tenant.events.tell(event, invoice, number=task["_change"], at=tenant.records.stamp(), task={"id": task["id"]})
