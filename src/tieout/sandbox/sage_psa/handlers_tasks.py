"""Operations on tasks beyond the ordinary five: deltas, look-ups, children, comments, the deleted feeds (sage-psa §2.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from tieout.sandbox.sage_psa.handling import Answer, ApiCall, Handlers, bare, envelope, paged, shown, updated_after
from tieout.sandbox.sage_psa.problems import not_found
from tieout.sandbox.sage_psa.resources_work import COMMENTS, TASKS
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Work

_BASE: Final = Handlers(TASKS)


def list_by_query(work: Work, call: ApiCall) -> Answer:
    """All tasks; version 2 takes the delta in the query."""
    stamp = call.query.get("updated_after")
    rows = work.storage.all("tasks")
    return bare(work, TASKS, call, rows if stamp is None else updated_after(work, rows, stamp))


def list_after(work: Work, call: ApiCall) -> Answer:
    """Tasks changed after the stamp in the path, as a bare array (version 3)."""
    return bare(work, TASKS, call, updated_after(work, work.storage.all("tasks"), call.keys["stamp"]))


def page_after(work: Work, call: ApiCall) -> Answer:
    """One page of the tasks changed after the stamp in the path (version 4)."""
    return paged(work, TASKS, call, updated_after(work, work.storage.all("tasks"), call.keys["stamp"]))


def project_by_query(work: Work, call: ApiCall) -> Answer:
    """Tasks of a project; version 2 takes the delta in the query."""
    stamp = call.query.get("updated_after")
    rows = _of_project(work, call)
    return bare(work, TASKS, call, rows if stamp is None else updated_after(work, rows, stamp))


def project_after(work: Work, call: ApiCall) -> Answer:
    """Tasks of a project changed after the stamp in the path."""
    return bare(work, TASKS, call, updated_after(work, _of_project(work, call), call.keys["stamp"]))


def by_company_id(work: Work, call: ApiCall) -> Answer:
    """The task with this running number."""
    rows = work.where("tasks", "company_task_id", call.number("id"))
    if not rows:
        raise not_found("task")
    return Answer(shown(work, TASKS, rows[0], call))


def children(work: Work, call: ApiCall) -> Answer:
    """The tasks right below a task."""
    return bare(work, TASKS, call, work.where("tasks", "parent", _BASE.find(work, call)["id"]))


def comments(work: Work, call: ApiCall) -> Answer:
    """The comments on a task."""
    number = _BASE.find(work, call)["id"]
    return bare(work, COMMENTS, call, [row for row in work.storage.all("comments") if row["task_id"] == number])


def comment(work: Work, call: ApiCall) -> Answer:
    """A new comment on a task."""
    number = _BASE.find(work, call)["id"]
    row = work.make(COMMENTS, call.body, call.version, {"task_id": number, "card_id": number})
    return Answer(shown(work, COMMENTS, row, call), 201)


def deleted_old(work: Work, call: ApiCall) -> Answer:
    """Version 2: who deleted which task and when; with includeAllFields also what it was."""
    rows = work.storage.all("deleted_tasks")
    stamp = call.query.get("updated_after")
    if stamp is not None:
        rows = updated_after(work, rows, stamp, "deleted_at")
    full = call.asks("includeAllFields")
    data = [_told(work, row) if full else {name: row[name] for name in ("id", "deleted_by", "deleted_at")} for row in rows]
    return Answer(data, records=len(data))


def deleted(work: Work, call: ApiCall) -> Answer:
    """Version 4: deleted tasks with the names of what they belonged to."""
    rows = work.storage.all("deleted_tasks")
    return _feed(work, call, rows, _named)


def deleted_time_old(work: Work, call: ApiCall) -> Answer:
    """Version 3: who deleted which time registration and when."""
    rows = work.storage.all("deleted_time")
    stamp = call.query.get("updated_after")
    if stamp is not None:
        rows = updated_after(work, rows, stamp, "deleted_at")
    return Answer([{name: row[name] for name in ("id", "deleted_by", "deleted_at")} for row in rows], records=len(rows))


def deleted_time(work: Work, call: ApiCall) -> Answer:
    """Version 4: deleted time registrations, in camel case."""
    return _feed(work, call, work.storage.all("deleted_time"), _time)


def _of_project(work: Work, call: ApiCall) -> list[Row]:
    if work.get("projects", call.number("project")) is None:
        raise not_found("project")
    return work.where("tasks", "project", call.number("project"))


def _feed(work: Work, call: ApiCall, rows: list[Row], show: Callable[[Work, Row], Row]) -> Answer:
    if not work.settings["deleted_feed_envelope"]:
        return Answer([show(work, row) for row in rows], records=len(rows))
    return envelope(work, call, rows, lambda row: show(work, row))


def _named(work: Work, row: Row) -> Row:
    about = {"id": row["id"], "name": row["title"], "deleted_at": _local(work, row["deleted_at"]), "deleted_by": row["deleted_by"]}
    parts = {"project": row["_project"], "phase": row["_phase"], "sprint": row["_sprint"]}
    return {"task": about, **parts, "assignedPersons": row["_persons"], "labels": row["_labels"], "comments": row["_comments"]}


def _told(work: Work, row: Row) -> Row:
    points = {"low_estimate_points": None, "high_estimate_points": None, "forecast_points": None}
    told = {name: row[name] for name in ("id", "deleted_by", "deleted_at", "title", "description")}
    told |= {"company_task_id": f"T{row['company_task_id']}", "billable": not row["un_billable"], **points}
    told |= {"low_estimate": row["estimate"], "high_estimate": row["estimate"], "forecast": row["estimate"]}
    return told | {name: row[name] for name in ("start_date", "end_date", "blocked", "bug", "high_priority")}


def _time(work: Work, row: Row) -> Row:
    return {
        "id": row["id"],
        "minutesRegistered": row["time_registered"],
        "person": _who(work, row["person"]),
        "registeredOn": row["_on"],
        "datetime": _local(work, f"{row['date']}T00:00:00Z"),
        "deletedBy": _who(work, row["deleted_by"]),
        "deletedAt": _local(work, row["deleted_at"]),
    }


def _who(work: Work, number: int) -> Row:
    person = work.get("persons", number)
    if person is None:
        return {"id": number, "name": None, "email": None}
    return {"id": number, "name": f"{person['first_name']} {person['last_name']}", "email": person["email"]}


def _local(work: Work, stamp: str) -> str:
    ahead = work.settings["deleted_feed_zone_minutes"]
    moment = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) + timedelta(minutes=ahead)
    zone = f"{'-' if ahead < 0 else '+'}{abs(ahead) // 60:02d}:{abs(ahead) % 60:02d}"
    month = str(moment.month) if work.settings["deleted_feed_unpadded_month"] else f"{moment.month:02d}"
    return f"{moment.year}-{month}-{moment:%dT%H:%M:%S}{zone}"
