"""Which projects and clients take part, when, and under which ID (sage-psa §7.1–7.3, §8)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tieout.core.flow import Exclusion, Gone, View
from tieout.core.record import Value
from tieout.platforms.sage_psa.records import RUNNING

_ENTRY_STAGES = {"OPPORTUNITY": "export_opportunities", "PLANNING": "export_planning"}
WITH_PROJECT = Exclusion("sage-psa.with-project", "It goes over with the first project that names it.", until_needed=True)
_NOT_RUNNING = Exclusion("sage-psa.not-running", "It existed before the connection and is not running, so it takes no part.")
_CLOSED = Exclusion("sage-psa.closed-stage", "It was halted or done before it was ever sent; it goes once it is running.")
_STAGE_OFF = Exclusion("sage-psa.stage-off", "New projects in this stage are not sent, by setting.")
_OLD_END = Exclusion("sage-psa.end-date", "Its end date is too long before the connection date.")
_NO_END = Exclusion("sage-psa.no-end-date", "It has no end date, and projects without one are left out by setting.")
_INACTIVE = Exclusion("sage-psa.inactive", "It is inactive in the books, so it does not go to Sage PSA.")


def zone(view: View) -> ZoneInfo:
    """The zone in which days and the overnight hour are meant; UTC for a name nobody knows."""
    try:
        return ZoneInfo(str(view.settings.get("time_zone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def connected(view: View) -> datetime | None:
    """The moment from which a project counts as new (R-PSA-08); None if there is none, and then all are new."""
    given = str(view.settings.get("connected_on") or "")
    try:
        return datetime.combine(date.fromisoformat(given), time(), zone(view)) if given else view.facts.since
    except ValueError:
        return view.facts.since


def is_prior(view: View, made: Value) -> bool:
    """Whether a record made at this moment existed before the connection."""
    moment = connected(view)
    return moment is not None and isinstance(made, datetime) and made < moment


def end_date_exclusion(view: View, end: Value) -> Exclusion | None:
    """The date test of R-PSA-08: at most so many days before the connection date, and any later one."""
    moment = connected(view) or view.now
    if not isinstance(end, date):
        return None if view.settings.get("missing_end_date") == "include" else _NO_END
    if moment is None:
        return None
    oldest = moment.astimezone(zone(view)).date() - timedelta(days=int(view.settings.get("end_date_days") or 0))
    return None if end >= oldest else _OLD_END


def next_night(view: View, after: datetime) -> datetime:
    """The first overnight run after a moment (R-PSA-22)."""
    here = after.astimezone(zone(view))
    night = here.replace(hour=int(view.settings.get("overnight_hour") or 0), minute=0, second=0, microsecond=0)
    return night if night > here else night + timedelta(days=1)


def _overnight(view: View) -> Exclusion | None:
    """Projects that existed before go with the first overnight run after the connection, or after they came to take part."""
    moment = connected(view)
    if moment is None or view.now is None:
        return None
    night = next_night(view, max(moment, view.record.modified_at or moment))
    return None if view.now >= night else Exclusion("sage-psa.overnight", "It goes over with the next overnight run.", until=night)


def project_excluded(view: View) -> Exclusion | None:
    """The rows of the status and timing tables about projects of Sage PSA that are not in step yet (R-PSA-13, 15, 52–55, 62)."""
    stage = view.text("stage")
    if is_prior(view, view.get("created_at")):
        if stage != RUNNING:
            return _NOT_RUNNING
        return end_date_exclusion(view, view.get("end_date")) or _overnight(view)
    if stage in _ENTRY_STAGES:
        return None if view.settings.get(_ENTRY_STAGES[stage]) else _STAGE_OFF
    return None if stage == RUNNING else _CLOSED


def project_excluded_right(view: View) -> Exclusion | None:
    """The rows about projects of Sage Intacct that are not in step yet (R-PSA-14, 16, 57–60, 62)."""
    if view.text("STATUS").lower() != "active":
        return _INACTIVE
    if is_prior(view, view.record.modified_at):
        return end_date_exclusion(view, view.get("ENDDATE")) or _overnight(view)
    return end_date_exclusion(view, view.get("ENDDATE")) if view.settings.get("date_test_for_new") else None


def client_excluded(view: View) -> Exclusion | None:
    """A client goes with its projects (R-PSA-09)."""
    return WITH_PROJECT


def project_id(view: View) -> str:
    """The project ID in the books: its own custom ID, else one made by the setting (R-PSA-35)."""
    template = str(view.settings["project_id"])
    return view.text("custom_project_id") or template.format(company_project_id=view.text("company_project_id"), id=view.record.id).strip()


def customer_id(view: View) -> str:
    """The ID of a customer made from a client."""
    return str(view.settings["customer_id"]).format(id=view.record.id).strip()


def project_left_gone(view: View, since: datetime) -> Gone:
    """A project deleted in Sage PSA comes back overnight while it is active in the books, or as the setting says (R-PSA-31)."""
    choice = view.settings.get("deleted_project")
    if choice == "bring-back" and view.text("STATUS").lower() == "active":
        return Gone(brings_back=True, not_before=next_night(view, since))
    return Gone({"STATUS": "inactive"}, asks=False) if choice == "deactivate" else Gone(asks=False)


def client_left_gone(view: View, since: datetime) -> Gone:
    """A client deleted in Sage PSA: its customer stays, because documents may refer to it (sage-psa §8)."""
    return Gone({"STATUS": "inactive"}) if view.settings.get("inactive_customer") == "deactivate" else Gone()


__all__ = [
    "client_excluded",
    "client_left_gone",
    "customer_id",
    "end_date_exclusion",
    "next_night",
    "project_excluded",
    "project_excluded_right",
    "project_id",
    "project_left_gone",
]
