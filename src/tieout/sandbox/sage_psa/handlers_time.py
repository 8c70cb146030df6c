"""Lists of time registrations: all of them, of a project, of a person, with deltas by path or query (sage-psa §2)."""

from __future__ import annotations

from tieout.sandbox.sage_psa.handling import Answer, ApiCall, bare, dated_after, paged, updated_after
from tieout.sandbox.sage_psa.problems import not_found
from tieout.sandbox.sage_psa.resources_work import TIME
from tieout.sandbox.sage_psa.rules_projects import time_on_project
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Work


def list_time(work: Work, call: ApiCall) -> Answer:
    """Version 3: everything, or what the query asks for."""
    return bare(work, TIME, call, _asked(work, call, work.storage.all("time_registrations")))


def page_after(work: Work, call: ApiCall) -> Answer:
    """Version 4: a page of what changed after the stamp in the path."""
    return paged(work, TIME, call, updated_after(work, work.storage.all("time_registrations"), call.keys["stamp"]))


def page_dated_after(work: Work, call: ApiCall) -> Answer:
    """Version 4: a page of what is dated after the day in the path."""
    return paged(work, TIME, call, dated_after(work.storage.all("time_registrations"), call.keys["day"]))


def of_project(work: Work, call: ApiCall) -> Answer:
    """Time on a project and on its tasks."""
    if work.get("projects", call.number("project")) is None:
        raise not_found("project")
    rows = sorted(time_on_project(work, call.number("project")), key=lambda row: int(row["id"]))
    return bare(work, TIME, call, _asked(work, call, rows))


def of_person(work: Work, call: ApiCall) -> Answer:
    """Time of a person."""
    if work.get("persons", call.number("id")) is None:
        raise not_found("person")
    return bare(work, TIME, call, _asked(work, call, work.where("time_registrations", "person", call.number("id"))))


def _asked(work: Work, call: ApiCall, rows: list[Row]) -> list[Row]:
    if "updated_after" in call.query:
        return updated_after(work, rows, call.query["updated_after"])
    return dated_after(rows, call.query["date_after"]) if "date_after" in call.query else rows
