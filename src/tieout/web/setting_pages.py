"""The pages about the settings and the mapping tables of an integration. They only read; `setting_actions` saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from tieout.core.settings import SettingError
from tieout.core.tables import Table
from tieout.engine import log_list, mapping
from tieout.engine.mapping import MappingError
from tieout.engine.pairs import settings_of
from tieout.platforms import registry
from tieout.store.models import Integration, Problem
from tieout.web.forms import groups
from tieout.web.pages import show

EDITED = 500  # rows; a longer table is edited as a file
BLANK = 3
UNMATCHED = "mapping.unmatched"
CHANGES = ("setting changed", "mapping changed")


def settings(request: HttpRequest) -> HttpResponse:
    """What is kept in step and how: the settings of the first integration, and the way to those of the others."""
    first = Integration.objects.filter(active=True).select_related("platform", "company").first()
    if first is None:
        return show(request, "tieout/settings_none.html", "Settings")
    return form(request, first)


def settings_of_integration(request: HttpRequest, name: str) -> HttpResponse:
    """The settings of one integration; a setting that needs another is locked until that one is on and saved."""
    return form(request, integration_named(name))


def form(
    request: HttpRequest, row: Integration, *, typed: Mapping[str, Any] | None = None, refused: SettingError | None = None
) -> HttpResponse:
    """The form itself; after a refused post with what was typed, and why it cannot be saved."""
    platform = registry.platform(row.platform.system)
    errors = {refused.name: str(refused)} if refused else {}
    entries = [
        entry
        for event in CHANGES
        for entry in log_list.log(log_list.LogFilter(event=event, connection=row.company.name), size=10).entries
        if entry.name == row.name or entry.integration == row.name
    ]
    response = show(
        request,
        "tieout/settings.html",
        f"Settings › Accounting › {registry.vendor(row.company.system).label}",
        now=datetime.now(UTC),
        row=row,
        integrations=list(Integration.objects.filter(active=True).values_list("name", flat=True)),
        groups=groups(platform.settings, settings_of(row), typed=typed, errors=errors),
        refused=refused,
        tables=[(table, len(mapping.rows_of(row, table)), _unmatched(row, table).count()) for table in platform.tables],
        entries=sorted(entries, key=lambda entry: entry.id, reverse=True)[:10],
    )
    response.status_code = 422 if refused else 200
    return response


def table(request: HttpRequest, name: str, table: str) -> HttpResponse:
    """One mapping table: its rows to edit, what records wait for, and the table as a file."""
    row = integration_named(name)
    declared = table_named(row, table)
    return table_form(request, row, declared, cells(declared, mapping.rows_of(row, declared)))


def table_form(request: HttpRequest, row: Integration, declared: Table, lines: Sequence[Sequence[str]], refused: str = "") -> HttpResponse:
    """The table as a form, holding these lines; after a refused post with why it cannot be saved."""
    width = len(declared.keys) + len(declared.values) + 1
    problems = _unmatched(row, declared)
    response = show(
        request,
        "tieout/mapping.html",
        f"{declared.label} of {row.name}",
        now=datetime.now(UTC),
        row=row,
        table=declared,
        lines=list(enumerate([*lines, *([""] * width for _ in range(BLANK))], 2)) if len(lines) <= EDITED else [],
        count=len(lines),
        edited=EDITED,
        problems=problems[:20],
        refused=refused,
    )
    response.status_code = 422 if refused else 200
    return response


def table_csv(request: HttpRequest, name: str, table: str) -> HttpResponse:
    """A mapping table as CSV."""
    row = integration_named(name)
    declared = table_named(row, table)
    text = mapping.as_csv(declared, mapping.rows_of(row, declared))
    headers = {"Content-Disposition": f'attachment; filename="{row.name}-{declared.name}.csv"'}
    return HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)


def cells(declared: Table, rows: Sequence[Any]) -> list[list[str]]:
    """The rows of a table as the texts of its fields."""
    return [
        [*row.keys, *(row.values.get(column.name, "") for column in declared.values), row.since.isoformat() if row.since else ""]
        for row in rows
    ]


def table_asked_for(problem: Problem) -> Table | None:
    """The mapping table in which a problem wants a row."""
    if problem.code != UNMATCHED or problem.integration is None:
        return None
    tables = registry.platform(problem.integration.platform.system).tables
    return next((table for table in tables if f"“{table.label}”" in problem.cause), None)


def _unmatched(row: Integration, declared: Table) -> Any:
    return Problem.objects.filter(integration=row, code=UNMATCHED, cleared_at=None, cause__contains=f"“{declared.label}”").order_by("id")


def integration_named(name: str) -> Integration:
    """The integration of this name, or 404."""
    row = Integration.objects.select_related("platform", "company").filter(name=name).first()
    if row is None:
        raise Http404(f"There is no integration named “{name}”.")
    return row


def table_named(row: Integration, name: str) -> Table:
    """The mapping table of this name, or 404."""
    try:
        return mapping.table_named(row, name)
    except MappingError as error:
        raise Http404(str(error)) from error
