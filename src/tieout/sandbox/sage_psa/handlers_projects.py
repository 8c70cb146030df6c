"""Operations on projects beyond the ordinary five: look-ups by the two other ids, progress, history, duplicates."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.sage_psa.duplication import duplicate
from tieout.sandbox.sage_psa.handling import Answer, ApiCall, Handlers, shown
from tieout.sandbox.sage_psa.problems import not_found
from tieout.sandbox.sage_psa.progress import progress
from tieout.sandbox.sage_psa.resources_work import PROJECTS
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Work

_BASE: Final = Handlers(PROJECTS)


def list_projects(work: Work, call: ApiCall) -> Answer:
    """All projects of the account, whatever their stage; nothing filters them."""
    data = [_shown(work, row, call) for row in work.storage.all("projects")]
    return Answer(data, records=len(data))


def get_project(work: Work, call: ApiCall) -> Answer:
    """One project."""
    return Answer(_shown(work, _BASE.find(work, call), call))


def by_company_id(work: Work, call: ApiCall) -> Answer:
    """The project with this running number."""
    return _first(work, call, work.where("projects", "company_project_id", call.number("id")))


def by_custom_id(work: Work, call: ApiCall) -> Answer:
    """The project with this custom id."""
    return _first(work, call, work.where("projects", "custom_project_id", call.keys["id"]))


def statuses(work: Work, call: ApiCall) -> Answer:
    """The history of the health light, oldest first."""
    number = _BASE.find(work, call)["id"]
    rows = [row for row in work.storage.all("project_statuses") if row["_project"] == number]
    return Answer([{name: value for name, value in row.items() if name != "_project"} for row in rows], records=len(rows))


def duplicate_project(work: Work, call: ApiCall) -> Answer:
    """A copy of the project with everything the flags ask for."""
    return Answer(_shown(work, duplicate(work, _BASE.find(work, call), call.body, call.version), call), 201)


def _first(work: Work, call: ApiCall, rows: list[Row]) -> Answer:
    if not rows:
        raise not_found("project")
    return Answer(_shown(work, rows[0], call))


def _shown(work: Work, row: Row, call: ApiCall) -> Row:
    made = shown(work, PROJECTS, row, call)
    if call.asks("includeProgress"):
        made["progress"] = progress(work, row)
    return made
