"""What the demo contractor's people did in the last quarter: time on jobs, pay, and time of flexible timekeeping."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.amounts import money
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_time import pay_about
from tieout.sandbox.servicetitan.tenant import CATALOGUES
from tieout.sandbox.servicetitan.world_desk import Desk

_DAYS: Final = 90


class Time:
    """Time and pay of technicians."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._records = desk, desk.records
        self._since = timestamps.from_datetime(desk.today - timedelta(days=_DAYS))
        self._technicians = {row["id"]: row for row in self._records.all("technicians")}
        self._types = {row["code"]: row for row in self._records.all("activity-types")}
        self._codes = self._records.all("budget-codes")
        self._payrolls = {key: self._payroll(key) for key in self._technicians}
        self._pay = {field.name: None for field in CATALOGUES["payroll"]["GrossPayItemResponse"].fields}
        self._activity = {field.name: None for field in CATALOGUES["timesheets"]["ActivitiesResponse"].fields}

    def of(self, jobs: list[Row]) -> None:
        """Writes the time of the visits to some jobs, when they are recent."""
        for job in jobs:
            if job["completedOn"] >= self._since:
                for visit in self._records.children("appointments", "jobId", job["id"]):
                    self._visit(job, visit, visit["_technicianIds"][0])

    def _visit(self, job: Row, visit: Row, technician: int) -> None:
        desk, at = self._desk, visit["end"]
        times = {"dispatchedOn": timestamps.plus(visit["start"], -1800), "arrivedOn": visit["start"], "canceledOn": None, "doneOn": at}
        sheet = {"jobId": job["id"], "appointmentId": visit["id"], "technicianId": technician, **times, "active": True}
        desk.put("job-timesheets", {**desk.born(at, at), **sheet})
        desk.put("job-splits", {**desk.born(at, at), "jobId": job["id"], "technicianId": technician, "split": "100", "active": True})
        hours = (timestamps.to_datetime(at) - timestamps.to_datetime(visit["start"])).seconds / 3600
        pay = {
            **self._pay,
            **pay_about(desk.tenant, job),
            **desk.born(at, at),
            "employeeId": technician,
            "employeeType": "Technician",
            "payrollId": self._payrolls[technician]["id"],
            "employeePayrollId": self._technicians[technician]["payrollId"],
            "date": at,
            "activity": "Working",
            "amount": money(hours * float(self._technicians[technician]["hourlyRate"])),
            "grossPayItemType": "TimesheetTime",
            "startedOn": visit["start"],
            "endedOn": at,
            "paidDurationHours": str(hours),
            "paidTimeType": "Regular",
            "isPrevailingWageJob": False,
            "active": True,
        }
        desk.put("gross-pay-items", pay)
        if desk.chance.random() < 0.3:
            self._activity_of(job, visit, technician)

    def _activity_of(self, job: Row, visit: Row, technician: int) -> None:
        desk, at = self._desk, visit["end"]
        code = desk.chance.choice(self._codes)["id"] if job["projectId"] is not None else None
        about = {"jobId": job["id"], "appointmentId": visit["id"], "projectId": job["projectId"], "budgetCodeId": code}
        who = {"employeeId": technician, "employeeType": "Technician", "activityTypeId": self._types["JOB"]["id"]}
        row = {**self._activity, **desk.born(at, at), **about, **who, "startTime": visit["start"], "endTime": at}
        desk.put("activities", {**row, "tagTypes": [], "active": True})

    def _payroll(self, technician: int) -> Row:
        at = timestamps.from_datetime(self._desk.today - timedelta(days=1))
        row = {
            **self._desk.born(self._since, at),
            "startedOn": self._since,
            "endedOn": at,
            "employeeId": technician,
            "employeeType": "Technician",
            "status": "Pending",
            "burdenRate": "0.18",
            "managerApprovedOn": None,
            "active": True,
        }
        self._desk.put("non-job-timesheets", self._shop(technician))
        self._desk.put("payroll-adjustments", self._bonus(technician, at))
        return self._desk.put("payrolls", row)

    def _shop(self, technician: int) -> Row:
        start = timestamps.plus(self._since, 14 * 3600)
        row = {"employeeId": technician, "employeeType": "Technician", "timesheetCodeId": 1, "startedOn": start}
        return {**self._desk.born(start, start), **row, "endedOn": timestamps.plus(start, 3600), "active": True}

    def _bonus(self, technician: int, at: str) -> Row:
        row = {"employeeType": "Technician", "employeeId": technician, "postedOn": at, "amount": "75.00", "memo": "On call"}
        optional = dict.fromkeys(("activityCodeId", "invoiceId", "hours", "rate", "quantity"))
        kind = CATALOGUES["payroll"]["PayrollAdjustmentType"].words[0]
        return {**self._desk.born(at, at), **optional, **row, "type": kind, "active": True}
