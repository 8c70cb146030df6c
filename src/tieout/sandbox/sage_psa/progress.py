"""How far a project is, cached for ten minutes as the vendor says it does (sage-psa §2.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Work

CACHE_SECONDS: Final = 600


def progress(work: Work, project: Row) -> float:
    """Percent of the estimated work whose tasks are done; 0 when nothing is estimated."""
    kept = work.get("progress", project["id"])
    if kept is not None and _seconds(kept["at"], work.now) < CACHE_SECONDS:
        return float(kept["value"])
    done = whole = 0.0
    for task in work.where("tasks", "project", project["id"]):
        column = work.get("workflow_columns", task["workflow_column"])
        whole += task["estimate"]
        done += task["estimate"] if column is not None and column["category"] == "DONE" else 0
    value = round(100 * done / whole, 2) if whole else 0.0
    work.storage.put("progress", str(project["id"]), {"value": value, "at": work.now})
    return value


def _seconds(then: str, now: str) -> float:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds()
