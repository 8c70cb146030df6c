"""The demo contractor's papers: what its jobs cost, what was billed for them, what was paid, and a journal entry for each month."""

from __future__ import annotations

import random

from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_journal import open_entry
from tieout.sandbox.servicetitan.tenant import Tenant
from tieout.sandbox.servicetitan.world_desk import Desk
from tieout.sandbox.servicetitan.world_payables import Payables
from tieout.sandbox.servicetitan.world_sales import Sales
from tieout.sandbox.servicetitan.world_stock import Stock
from tieout.sandbox.servicetitan.world_time import Time

_BUYING = ("Completed", "InProgress", "Dispatched")


def load_documents(tenant: Tenant, chance: random.Random) -> None:
    """Writes them in the order of their last change, as the years would have."""
    desk = Desk(tenant, chance)
    payables, sales = Payables(desk), Sales(desk)
    kinds = {row["id"]: row for row in tenant.records.all("job-types")}
    jobs = tenant.records.all("jobs")
    payables.suppliers()
    for job in jobs:
        kind = kinds[job["jobTypeId"]]
        if kind["class"] == "Install" and job["jobStatus"] in _BUYING:
            payables.purchase(job)
        sales.job(job, kind)
    done = [job for job in jobs if job["jobStatus"] == "Completed"]
    payables.subcontracts(done)
    Stock(desk).moves(done)
    Time(desk).of(done)
    payables.settle()
    sales.finish()
    desk.write()
    _journal(tenant, desk)


def _journal(tenant: Tenant, desk: Desk) -> None:
    """Accrued labor, once a month for a year, each by its own entry; the last one is still open."""
    accounts = {row["number"]: row["id"] for row in tenant.records.all("gl-accounts")}
    unit = tenant.records.all("business-units")[0]
    year, month = desk.today.year, desk.today.month
    for back in range(12, 0, -1):
        at, of = divmod(year * 12 + month - 1 - back, 12)
        amount = f"{desk.chance.randint(400000, 1900000) / 100:.2f}"
        lines: list[Row] = [
            {"accountId": accounts["5000"], "debit": amount, "credit": "0", "businessUnitId": unit["id"], "memo": "Accrued labor"},
            {"accountId": accounts["2000"], "debit": "0", "credit": amount, "businessUnitId": unit["id"], "memo": "Accrued labor"},
        ]
        day = f"{at}-{of + 1:02d}-28"
        given = {"name": f"Labor {day[:7]}", "status": "Open" if back == 1 else "Closed", "postDate": day, "lines": lines}
        entry = open_entry(tenant, given, source="ServiceTitan")
        moment = f"{day}T18:00:00.0000000Z"
        tenant.records.change("journal-entries", entry["id"], {"createdOn": moment, "modifiedOn": moment})
