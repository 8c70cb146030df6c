"""Bills of jobs beside the jobs themselves: documents that wait for what they name, with lines."""

from __future__ import annotations

from typing import Any

from tests.journey.servicetitan.papers import Papers
from tests.simulation.field_history import FieldHistory
from tests.simulation.oracle_documents import faults_of_bills
from tests.simulation.simulator import Act
from tieout.core.record import Ref


class DocumentHistory(FieldHistory):
    """Customers, projects, jobs, vendors and their bills, one way."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.bills: list[dict[str, Any]] = []

    def begin(self) -> None:
        self.world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0})
        integration = self.world.connect()
        for wanted in Papers.SETTINGS:
            self.world.settings(integration, wanted)
        self.office = Papers(self.world)
        self.vendors = [self.office.vendor(name) for name in ("Lone Star Supply", "Depot 9")]

    def people(self) -> list[tuple[Act, int]]:
        return [*super().people(), (self._new_bill, 8)]

    def in_passing(self) -> list[Act]:
        return [*super().in_passing(), self._new_bill]

    def touched(self) -> list[Ref]:
        return [*super().touched(), *(Ref("inventory-bill", str(bill["id"])) for bill in self.bills)]

    def verdict(self) -> list[str]:
        field = {kind: self.rows("servicetitan", kind) for kind in ("inventory-bills", "jobs", "vendors")}
        books = {kind: self.rows("intacct", kind) for kind in ("APBILL", "APBILLITEM", "VENDOR")}
        return [*super().verdict(), *faults_of_bills(field, books)]

    def _new_bill(self) -> None:
        if not self.jobs:
            self._new_job()
        costs = [self.chance.randint(1, 99999) / 100 for _ in range(self.chance.randint(1, 3))]
        self.bills.append(self.office.bill(self.chance.choice(self.vendors), self.chance.choice(self.jobs), *costs))
