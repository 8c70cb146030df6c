"""Which call does what: the generic list, by-id and export answers of every resource, and the rules of those that can be changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from tieout.sandbox.servicetitan import (
    resources_crm,
    resources_custom_fields,
    resources_inventory,
    resources_jpm,
    resources_ledger,
    resources_payables,
    resources_pricebook,
    resources_sales,
    resources_settings,
    resources_time,
    rules_accounts,
    rules_appointments,
    rules_budget_codes,
    rules_contacts,
    rules_credit_memos,
    rules_crm,
    rules_custom_fields,
    rules_deposits,
    rules_exports,
    rules_inventory,
    rules_invoice_tasks,
    rules_invoices,
    rules_job_types,
    rules_jobs,
    rules_journal,
    rules_payments,
    rules_pricebook,
    rules_projects,
    rules_purchasing,
    rules_receiving,
    rules_settings,
    rules_staff,
    rules_time,
    rules_vendors,
)
from tieout.sandbox.servicetitan.feeds import feed
from tieout.sandbox.servicetitan.listing import ACTIVE, page_of
from tieout.sandbox.servicetitan.resource import Resource
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant

Handler = Callable[[Tenant, ApiCall], Any]
RESOURCES: Final = (
    *resources_jpm.RESOURCES,
    *resources_crm.RESOURCES,
    *resources_settings.RESOURCES,
    *resources_sales.RESOURCES,
    *resources_payables.RESOURCES,
    *resources_ledger.RESOURCES,
    *resources_inventory.RESOURCES,
    *resources_pricebook.RESOURCES,
    *resources_custom_fields.RESOURCES,
    *resources_time.RESOURCES,
)
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SCOPE_AREAS: Final = {
    "jpm": "jpm",
    "crm": "crm",
    "settings": "stt",
    "accounting": "acc",
    "inventory": "inv",
    "pricebook": "prb",
    "payroll": "pay",
    "timesheets": "tms",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: ``template`` is its path after the tenant, ``object`` the resource it is about."""

    method: str
    area: str
    template: str
    object: str
    scope: str
    handler: Handler
    status: int = 200

    @property
    def function(self) -> str:
        """Its name for faults and the meter, such as ``GET jpm/jobs/{id}``."""
        return f"{self.method} {self.area}/{self.template}"


class Routes:
    """Finds the route of a method and path; a literal segment beats a placeholder."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_shape: dict[tuple[str, str, int], list[tuple[list[str], Route]]] = {}
        self.all = tuple(routes)
        for route in sorted(self.all, key=lambda each: each.template.count("{")):
            parts = route.template.split("/")
            self._by_shape.setdefault((route.method, route.area, len(parts)), []).append((parts, route))

    def find(self, method: str, area: str, path: str) -> tuple[Route, dict[str, Any]] | None:
        """The route and the ids in its path, or None."""
        given = path.split("/")
        for parts, route in self._by_shape.get((method, area, len(given)), ()):
            keys = _fit(parts, given)
            if keys is not None:
                return route, keys
        return None


def _fit(parts: list[str], given: list[str]) -> dict[str, Any] | None:
    keys: dict[str, Any] = {}
    for part, seen in zip(parts, given, strict=True):
        if part == "{guid}":
            if not _GUID.fullmatch(seen):
                return None
            keys["guid"] = seen.lower()
        elif part.startswith("{"):
            if not seen.isdecimal() or len(seen) > 19:
                return None
            keys[part[1:-1]] = int(seen)
        elif part != seen:
            return None
    return keys


def scope_name(resource_scope: str, area: str, method: str) -> str:
    """The scope an operation needs, ``tn.<area>.<resource>:r`` or ``:w`` (servicetitan §3)."""
    return f"tn.{SCOPE_AREAS[area]}.{resource_scope}:{'r' if method == 'GET' else 'w'}"


def _list(resource: Resource) -> Handler:
    def answer(tenant: Tenant, call: ApiCall) -> Any:
        rows, envelope = page_of(resource, call.query, tenant.records)
        application = call.application if resource.external else ""
        data = [tenant.show_as(resource, resource.shape, row, application) for row in rows]
        return data if resource.bare else {**envelope, "data": data}

    return answer


def _one(resource: Resource) -> Handler:
    def answer(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        row = tenant.existing(resource, call.keys[resource.key])
        return tenant.show_as(resource, resource.shape, row, call.application if resource.external else "")

    return answer


def _export(resource: Resource) -> Handler:
    shape = resource.feed_shape or ""

    def answer(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        settings = tenant.settings
        rows, more, token = feed(tenant.records, settings, call.query, resource)
        active = call.query.word("active", ACTIVE) if resource.feed_active else None
        if active in ("True", "False"):
            rows = [row for row in rows if row["active"] is (active == "True")]
        if settings["export_out_of_order"]:
            rows = rows[1::2] + rows[::2]
        if settings["export_duplicate_rows"]:
            rows = rows + rows[:1]
        data = [tenant.show_as(resource, shape, row) for row in rows]
        return {"hasMore": more, "continueFrom": token, "data": data}

    return answer


def _generic() -> Iterable[Route]:
    for each in RESOURCES:
        read = scope_name(each.scope, each.area, "GET")
        if each.listed:
            yield Route("GET", each.area, each.path, each.path, read, _list(each))
        if each.by_id:
            yield Route("GET", each.area, f"{each.path}/{{{each.key}}}", each.path, read, _one(each))
        if each.feed:
            yield Route("GET", each.area, f"export/{each.feed}", each.feed, read, _export(each))


_WBS: Final = "work-breakdown-structure"
_RULES: Final[tuple[tuple[str, str, str, str, str, Handler], ...]] = (
    ("POST", "jpm", "jobs", "jobs", "jobs", rules_jobs.create),
    ("PATCH", "jpm", "jobs/{id}", "jobs", "jobs", rules_jobs.update),
    ("PUT", "jpm", "jobs/{id}/cancel", "jobs", "jobs", rules_jobs.cancel),
    ("PUT", "jpm", "jobs/{id}/remove-cancellation", "jobs", "jobs", rules_jobs.remove_cancellation),
    ("PUT", "jpm", "jobs/{id}/hold", "jobs", "jobs", rules_jobs.hold),
    ("PUT", "jpm", "jobs/{id}/complete", "jobs", "jobs", rules_jobs.complete),
    ("GET", "jpm", "jobs/{id}/canceled-log", "jobs", "jobs", rules_jobs.canceled_log),
    ("GET", "jpm", "jobs/{id}/history", "jobs", "jobs", rules_jobs.history),
    ("GET", "jpm", "jobs/cancel-reasons", "jobs", "jobs", rules_jobs.cancel_reasons),
    ("POST", "jpm", "projects", "projects", "projects", rules_projects.create),
    ("PATCH", "jpm", "projects/{id}", "projects", "projects", rules_projects.update),
    ("POST", "jpm", "projects/{id}/attach-job/{jobId}", "projects", "projects", rules_projects.attach_job),
    ("POST", "jpm", "projects/detach-job/{jobId}", "projects", "projects", rules_projects.detach_job),
    ("POST", "jpm", "appointments", "appointments", "appointments", rules_appointments.create),
    ("DELETE", "jpm", "appointments/{id}", "appointments", "appointments", rules_appointments.delete),
    ("PATCH", "jpm", "appointments/{id}/reschedule", "appointments", "appointments", rules_appointments.reschedule),
    ("PUT", "jpm", "appointments/{id}/hold", "appointments", "appointments", rules_appointments.hold),
    ("DELETE", "jpm", "appointments/{id}/hold", "appointments", "appointments", rules_appointments.remove_hold),
    ("PUT", "jpm", "appointments/{id}/confirmation", "appointments", "appointments", rules_appointments.confirm),
    ("DELETE", "jpm", "appointments/{id}/confirmation", "appointments", "appointments", rules_appointments.remove_confirmation),
    ("PUT", "jpm", "appointments/{id}/special-instructions", "appointments", "appointments", rules_appointments.special_instructions),
    ("POST", "jpm", "job-types", "job-types", "jobtypes", rules_job_types.create),
    ("PATCH", "jpm", "job-types/{id}", "job-types", "jobtypes", rules_job_types.update),
    ("POST", "crm", "customers", "customers", "customers", rules_crm.create_customer),
    ("PATCH", "crm", "customers/{id}", "customers", "customers", rules_crm.update_customer),
    ("POST", "crm", "locations", "locations", "locations", rules_crm.create_location),
    ("PATCH", "crm", "locations/{id}", "locations", "locations", rules_crm.update_location),
    ("POST", "inventory", "vendors", "vendors", "vendors", rules_vendors.create),
    ("PATCH", "inventory", "vendors/{id}", "vendors", "vendors", rules_vendors.update),
    ("GET", "jpm", "export/job-history", "job-history", "jobs", rules_jobs.export_history),
    ("GET", "jpm", f"{_WBS}/segments", "segments", "budgetcodes", rules_budget_codes.segments),
    ("GET", "jpm", f"{_WBS}/projects/{{projectId}}/segments", "segments", "budgetcodes", rules_budget_codes.segments),
    ("GET", "jpm", f"{_WBS}/segments/{{segmentId}}/items", "segments", "budgetcodes", rules_budget_codes.items),
    ("GET", "jpm", f"{_WBS}/budget-codes", "budget-codes", "budgetcodes", rules_budget_codes.budget_codes),
    ("POST", "jpm", f"{_WBS}/budget-codes", "budget-codes", "budgetcodes", rules_budget_codes.create),
    ("GET", "jpm", f"{_WBS}/projects/{{projectId}}/budget-codes", "budget-codes", "budgetcodes", rules_budget_codes.budget_codes),
    ("GET", "jpm", f"{_WBS}/budget-codes/match", "budget-codes", "budgetcodes", rules_budget_codes.match),
    ("GET", "jpm", f"{_WBS}/projects/{{projectId}}/budget-codes/match", "budget-codes", "budgetcodes", rules_budget_codes.match),
    (
        "POST",
        "settings",
        "technicians",
        "technicians",
        "technicians",
        rules_staff.hirer("technicians", "TechnicianResponse", "TechnicianCreateRequest", "TechnicianCreateResponse"),
    ),
    (
        "POST",
        "settings",
        "employees",
        "employees",
        "employees",
        rules_staff.hirer("employees", "EmployeeResponse", "EmployeeCreateRequest", "EmployeeCreateResponse"),
    ),
    ("GET", "payroll", "jobs/{job}/timesheets", "job-timesheets", "jobtimesheets", rules_time.timesheets_of_job),
    ("POST", "payroll", "jobs/{job}/timesheets", "job-timesheets", "jobtimesheets", rules_time.add_timesheet),
    ("POST", "payroll", "gross-pay-items", "gross-pay-items", "grosspayitems", rules_time.add_gross_pay),
    ("POST", "timesheets", "activities", "activities", "activities", rules_time.add_activity),
    ("POST", "inventory", "purchase-orders", "purchase-orders", "purchaseorders", rules_purchasing.create),
    ("PATCH", "inventory", "purchase-orders/{id}", "purchase-orders", "purchaseorders", rules_purchasing.update),
    ("PATCH", "inventory", "purchase-orders/{id}/cancellation", "purchase-orders", "purchaseorders", rules_purchasing.cancel),
    ("POST", "inventory", "receipts", "receipts", "receipts", rules_receiving.receive),
    ("PATCH", "inventory", "receipts/{id}/cancellation", "receipts", "receipts", rules_receiving.cancel_receipt),
    ("POST", "inventory", "returns", "returns", "returns", rules_receiving.give_back),
    ("PATCH", "inventory", "returns/{id}", "returns", "returns", rules_receiving.update_return),
    ("PATCH", "inventory", "returns/{id}/cancellation", "returns", "returns", rules_receiving.cancel_return),
    ("POST", "accounting", "invoices", "invoices", "invoices", rules_invoices.create_adjustment),
    ("PATCH", "accounting", "invoices/{id}", "invoices", "invoices", rules_invoices.update),
    ("PATCH", "accounting", "invoices/{invoiceId}/items", "invoices", "invoices", rules_invoices.update_item),
    ("DELETE", "accounting", "invoices/{invoiceId}/items/{itemId}", "invoices", "invoices", rules_invoices.delete_item),
    ("GET", "accounting", "invoices/{invoiceId}/tasks", "invoices", "invoices", rules_invoice_tasks.listed),
    ("POST", "accounting", "invoices/{invoiceId}/tasks", "invoices", "invoices", rules_invoice_tasks.create),
    ("PATCH", "accounting", "invoices/{invoiceId}/tasks/{guid}", "invoices", "invoices", rules_invoice_tasks.update),
    ("POST", "accounting", "payments", "payments", "payments", rules_payments.create),
    ("PATCH", "accounting", "payments/{id}", "payments", "payments", rules_payments.update),
    ("POST", "accounting", "payments/status", "payments", "payments", rules_payments.change_status),
    ("PATCH", "accounting", "gl-accounts/{id}", "gl-accounts", "glaccounts", rules_accounts.update),
    ("POST", "accounting", "journal-entries", "journal-entries", "journalentries", rules_journal.create),
    ("PUT", "accounting", "journal-entries/{guid}", "journal-entries", "journalentries", rules_journal.replace),
    ("PATCH", "accounting", "journal-entries/{guid}", "journal-entries", "journalentries", rules_journal.update),
    ("DELETE", "accounting", "journal-entries/{guid}", "journal-entries", "journalentries", rules_journal.delete),
    ("PATCH", "accounting", "journal-entries/{guid}/sync", "journal-entries", "journalentries", rules_journal.sync),
    ("GET", "accounting", "journal-entries/{guid}/summary", "journal-entries", "journalentries", rules_journal.summary),
    ("GET", "accounting", "journal-entries/{guid}/details", "journal-entries", "journalentries", rules_journal.details),
    ("GET", "accounting", "credit-memos/{id}/items", "credit-memos", "creditmemos", rules_credit_memos.items),
    ("PATCH", "accounting", "credit-memos/{id}", "credit-memos", "creditmemos", rules_credit_memos.update),
    ("POST", "accounting", "credit-memos/{id}/splits", "credit-memos", "creditmemos", rules_credit_memos.add_splits),
    ("GET", "accounting", "bank-deposits/{id}/transactions", "bank-deposits", "bankdeposits", rules_deposits.transactions),
    ("POST", "accounting", "bank-deposits/markasexported", "bank-deposits", "bankdeposits", rules_exports.mark_deposits),
    ("PATCH", "settings", "business-units/{id}", "business-units", "businessunits", rules_settings.update_business_unit),
)


# Small lists people keep: the resource, the shape to create one, the shape to change one.
_KEPT: Final = (
    (resources_inventory.WAREHOUSES, "", "UpdateWarehouseRequest"),
    (resources_inventory.TRUCKS, "CreateTruckRequest", "UpdateTruckRequest"),
    (resources_inventory.PURCHASE_ORDER_TYPES, "CreatePurchaseOrderTypeRequest", "UpdatePurchaseOrderTypeRequest"),
    (resources_inventory.RETURN_TYPES, "CreateReturnTypeRequest", "UpdateReturnTypeRequest"),
    (resources_inventory.ADJUSTMENTS, "", "UpdateAdjustmentRequest"),
    (resources_inventory.TRANSFERS, "", "UpdateTransferRequest"),
)
# Calls that answer 201.
_CREATED: Final[tuple[tuple[str, str, str, Handler], ...]] = (("accounting", "gl-accounts", "glaccounts", rules_accounts.create),)


def _rules() -> Iterable[Route]:
    for area, about, scope, handler in _CREATED:
        yield Route("POST", area, about, about, scope_name(scope, area, "POST"), handler, 201)
    for method, area, template, about, scope, handler in _RULES:
        yield Route(method, area, template, about, scope_name(scope, area, method), handler)
    for each in rules_exports.MARKINGS:
        write = scope_name(each.scope, "accounting", "POST")
        yield Route("POST", "accounting", f"{each.path}/markasexported", each.path, write, rules_exports.marker(each))
    for owner in rules_contacts.OWNERS:
        listed, add, alter, delete = rules_contacts.handlers(owner)
        many, read, write = f"{owner}s/{{id}}/contacts", scope_name(f"{owner}s", "crm", "GET"), scope_name(f"{owner}s", "crm", "POST")
        yield Route("GET", "crm", many, f"{owner}-contacts", read, listed)
        yield Route("POST", "crm", many, f"{owner}-contacts", write, add)
        yield Route("PATCH", "crm", f"{many}/{{contactId}}", f"{owner}-contacts", write, alter)
        yield Route("DELETE", "crm", f"{many}/{{contactId}}", f"{owner}-contacts", write, delete)
    for resource, create, change, reply in rules_pricebook.SHAPES:
        about, write = resource.path, scope_name(resource.scope, "pricebook", "POST")
        one = f"{about}/{{id}}"
        yield Route("POST", "pricebook", about, about, write, rules_pricebook.creator(resource, create, reply), 201)
        yield Route("PATCH", "pricebook", one, about, write, rules_pricebook.updater(resource, change, reply))
        yield Route("DELETE", "pricebook", one, about, write, rules_pricebook.deleter(resource), 204)
    for resource, create, change in _KEPT:
        about, write = resource.path, scope_name(resource.scope, "inventory", "POST")
        if create:
            yield Route("POST", "inventory", about, about, write, rules_inventory.creator(resource, create))
        yield Route("PATCH", "inventory", f"{about}/{{id}}", about, write, rules_inventory.updater(resource, change))
    for kind, types in resources_custom_fields.CHANGED:
        about, write = types.path.partition("/")[0], scope_name(types.scope, types.area, "PATCH")
        yield Route("PATCH", types.area, types.path, about, write, rules_custom_fields.updater(types.area, kind))


ROUTES: Final = Routes((*_generic(), *_rules()))
SCOPES: Final = tuple(sorted({route.scope for route in ROUTES.all}))
