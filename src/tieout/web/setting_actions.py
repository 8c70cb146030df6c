"""What the forms of the settings and mapping pages do: show what a change would lead to, and save it once that was seen."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tieout.core.settings import SettingError, change
from tieout.core.tables import Table
from tieout.engine import connections, jobs, mapping, queue_list
from tieout.engine.mapping import SINCE, MappingError
from tieout.engine.pairs import settings_of
from tieout.engine.plan import preview
from tieout.engine.runtime import Runtime
from tieout.platforms import registry
from tieout.store.models import Integration, Link
from tieout.web import setting_pages
from tieout.web.forms import posted, shown_value
from tieout.web.pages import show

COUNTED = 20_000  # linked records whose change a page counts while somebody waits; more are counted on the command line
LARGEST = 2_000_000  # bytes of an uploaded table


def save(request: HttpRequest, name: str) -> HttpResponse:
    """Save settings of an integration; what turns others off or changes records in step is shown first and saved when confirmed."""
    row = setting_pages.integration_named(name)
    schema = registry.platform(row.platform.system).settings
    before = settings_of(row)
    wanted = posted(schema, request.POST, before)
    if not wanted:
        messages.info(request, "Nothing was changed.")
        return HttpResponseRedirect(reverse("admin:settings_of_integration", args=[row.name]))
    try:
        warnings = change(schema, row.saved_settings(), wanted).warnings
        after = connections.settings_after(row, wanted)
        effect = effect_of(row, after)
        if _asks_first(request, warnings, effect):
            labels = {setting.name: setting for setting in schema}
            changes = [
                (labels[key].label, shown_value(labels[key], before[key]), shown_value(labels[key], after[key]))
                for key in after
                if before[key] != after[key]
            ]
            held = [("shown", key) for key in wanted] + [(key, "on" if value is True else value or "") for key, value in wanted.items()]
            return _confirm(request, row, changes=changes, warnings=warnings, effect=effect, held=held)
        saved = connections.save_settings(row, wanted, by=request.user.get_username(), now=datetime.now(UTC))
    except SettingError as error:
        return setting_pages.form(request, row, typed=wanted, refused=error)
    jobs.wake_company(row.company_id)
    for warning in saved.warnings:
        messages.warning(request, warning)
    messages.success(request, f"Saved. {saved.looked_at_again:,} records of {row.name} are looked at again.")
    return HttpResponseRedirect(reverse("admin:settings_of_integration", args=[row.name]))


def save_table(request: HttpRequest, name: str, table: str) -> HttpResponse:
    """Save a mapping table as it stands in the form or in the file sent with it, after showing which records in step would change."""
    row = setting_pages.integration_named(name)
    declared = setting_pages.table_named(row, table)
    text = ""
    try:
        text = _text(request, declared)
        rows = mapping.from_csv(declared, text)
        effect = None if _is_large(row) else mapping.preview_rows(Runtime.real(), row, declared, rows).changed()
    except MappingError as error:
        lines = [line for line in csv.reader(io.StringIO(text)) if any(line)][1:] if not request.FILES else []
        typed = lines or setting_pages.cells(declared, mapping.rows_of(row, declared))
        return setting_pages.table_form(request, row, declared, typed, str(error))
    if _asks_first(request, (), effect):
        changes = [(declared.label, f"{len(mapping.rows_of(row, declared)):,} rows", f"{len(rows):,} rows")]
        return _confirm(request, row, changes=changes, warnings=(), effect=effect, held=[("csv", text)], table=declared)
    saved = mapping.replace_rows(row, declared, rows, by=request.user.get_username(), now=datetime.now(UTC))
    jobs.wake_company(row.company_id)
    messages.success(
        request, f"Saved. “{declared.label}” has {saved.rows:,} rows now. {saved.looked_at_again:,} records are looked at again."
    )
    return HttpResponseRedirect(reverse("admin:mapping", args=[row.name, declared.name]))


def _text(request: HttpRequest, declared: Table) -> str:
    """The table that a post holds, as a file: a file sent along, one shown before and now confirmed, or the fields of the form."""
    if (sent := request.FILES.get("file")) is not None:
        if (sent.size or 0) > LARGEST:
            raise MappingError(f"The file is larger than {LARGEST // 1_000_000} MB. Import it with “tieout mapping import”.")
        try:
            return str(sent.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise MappingError("The file is not text in UTF-8. Save it as “CSV UTF-8” and send it again.") from None
    if "csv" in request.POST:
        return str(request.POST["csv"])
    columns = [column.name for column in (*declared.keys, *declared.values)] + [SINCE]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(request.POST.getlist(f"column-{name}") for name in columns), strict=False))
    return out.getvalue().replace("\x00", "")


def effect_of(row: Integration, after: Mapping[str, Any]) -> dict[str, int] | None:
    """How many records in step would change, by flow; None where they are too many to count while somebody waits."""
    return None if _is_large(row) else preview(Runtime.real(), row, after).changed()


def _is_large(row: Integration) -> bool:
    return Link.objects.filter(integration=row, is_open=True)[: COUNTED + 1].count() > COUNTED


def _asks_first(request: HttpRequest, warnings: tuple[str, ...], effect: Mapping[str, int] | None) -> bool:
    return bool(warnings or effect or effect is None) and request.POST.get("confirmed") != "yes"


def _confirm(
    request: HttpRequest,
    row: Integration,
    *,
    changes: list[tuple[str, str, str]],
    warnings: tuple[str, ...],
    effect: Mapping[str, int] | None,
    held: list[tuple[str, str]],
    table: Table | None = None,
) -> HttpResponse:
    """What saving would lead to, with the way on and the way back; nothing has been saved."""
    here = ("mapping", [row.name, table.name]) if table else ("settings_of_integration", [row.name])
    there = ("save_mapping", [row.name, table.name]) if table else ("save_settings", [row.name])
    labels = queue_list.flow_labels()
    return show(
        request,
        "tieout/confirm.html",
        "Save this change?",
        row=row,
        changes=changes,
        warnings=warnings,
        effect=[(labels.get(flow, flow), count) for flow, count in sorted((effect or {}).items())],
        uncounted=effect is None,
        held=held,
        back=reverse(f"admin:{here[0]}", args=here[1]),
        action=reverse(f"admin:{there[0]}", args=there[1]),
    )
