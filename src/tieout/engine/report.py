"""A tie-out as people keep it: as data in the store, as lines of CSV, as a workbook. The figures are the core's; here they are laid out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tieout.core.record import Line, Ref
from tieout.core.tieout import Difference, FlowReport, Report
from tieout.store.models import TieOut

MOST_ROWS = 20_000  # of unexplained differences that are kept with a report; all of them are counted
HEADINGS = ("What", "Kind", "Record", "ID", "Field or reason", "Platform", "Books", "Difference", "Count")
TOP = "Company as a whole"  # what stands for no entity
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_data(report: Report) -> dict[str, Any]:
    """A report as plain values that the store keeps; at most `MOST_ROWS` differences of each flow."""
    return {
        "agreed": report.agreed,
        "read_at": dict(report.read_at),
        "unmanaged": dict(report.unmanaged),
        "flows": [
            {
                "flow": flow.flow,
                "label": flow.label,
                "left": flow.left,
                "right": flow.right,
                "pairs": flow.pairs,
                "missing": len(flow.missing),
                "differing": len(flow.differences),
                "totals": [{"label": t.label, "left": t.left, "right": t.right, "difference": t.difference} for t in flow.totals.values()],
                "places": _places(flow),
                "excluded": dict(flow.excluded),
                "explained": dict(flow.explained),
                "rows": [_row(each) for each in [*flow.missing, *flow.differences][:MOST_ROWS]],
            }
            for flow in report.flows
        ],
    }


def _places(flow: FlowReport) -> list[dict[str, Any]]:
    """The counts by where records are booked; sums only of documents, which alone have amounts."""
    has_sums = any(each.amount or each.amount_there for each in flow.places.values())
    return [
        {
            "place": place,
            "left": each.count,
            "right": each.count_there,
            "amount": each.amount if has_sums else None,
            "amount_there": each.amount_there if has_sums else None,
        }
        for place, each in sorted(flow.places.items())
    ]


def _row(each: Difference) -> dict[str, Any]:
    return {
        "name": each.name,
        "key": each.key,
        "field": each.field,
        "label": each.label or each.field,
        "left": shown(each.left),
        "right": shown(each.right),
        "difference": each.right - each.left if isinstance(each.left, Decimal) and isinstance(each.right, Decimal) else None,
    }


def shown(value: Any) -> Any:
    """A value as a report keeps it: amounts, days and times stay what they are, all else is text."""
    match value:
        case None | bool() | int() | Decimal() | date() | str():
            return value
        case Ref():
            return f"{value.kind} {value.id}"
        case frozenset():
            return ", ".join(f"{ref.kind} {ref.id}" for ref in sorted(value))
        case tuple() if all(isinstance(line, Line) for line in value):
            return f"{len(value)} lines"
    return str(value)


def rows(data: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The lines of a report under `HEADINGS`: readings, sums, totals, what is left out, what differs."""
    for kind, at in data["read_at"].items():
        yield ("Read at", kind, "", "", "", "", "", "", at)
    for flow in data["flows"]:
        label = flow["label"]
        yield ("Records", label, "", "", "with a counterpart", flow["left"], flow["right"], flow["right"] - flow["left"], flow["pairs"])
        for total in flow["totals"]:
            yield ("Total", label, "", "", total["label"], total["left"], total["right"], total["difference"], "")
        for each in flow.get("places", ()):  # a report from before they were counted has none
            place, left, right = each["place"] or TOP, each["left"], each["right"]
            yield ("Records by entity", label, "", "", place, left, right, right - left, "")
            if each["amount"] is not None:
                yield (
                    "Sum by entity",
                    label,
                    "",
                    "",
                    place,
                    each["amount"],
                    each["amount_there"],
                    each["amount_there"] - each["amount"],
                    "",
                )
        for reason, count in flow["excluded"].items():
            yield ("Left out", label, "", "", reason, "", "", "", count)
        for reason, count in flow["explained"].items():
            yield ("Explained", label, "", "", reason, "", "", "", count)
        for row in flow["rows"]:
            what = "Differs" if row["field"] else "Missing"
            yield (what, label, row["name"], row["key"], row["label"], row["left"], row["right"], row["difference"], "")
    for kind, count in data["unmanaged"].items():
        yield ("Not from this platform", kind, "", "", "", "", "", "", count)


def heading(made: TieOut) -> tuple[str, tuple[str, ...]]:
    """The title of a tie-out, and the lines under it: whether both sides agree, who asked, when."""
    agreed = "Both sides agree." if made.agreed else "The sides differ."
    when = f"{made.asked_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"Tie-out of {made.integration.name}", (agreed, f"Asked for by {made.by or 'the schedule'} at {when}.")


def as_csv(data: Mapping[str, Any]) -> str:
    """The report as CSV with one heading; text that a spreadsheet would run as a formula is set in quotes."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for row in rows(data):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value)


def as_workbook(data: Mapping[str, Any], title: str, subtitle: Sequence[str]) -> bytes:
    """The report as an XLSX workbook: a summary, and a sheet of what differs, with amounts as numbers."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book: Any = Workbook()
    summary: Any = book.active
    summary.title = "Tie-out"
    summary.append([title])
    summary["A1"].font = Font(bold=True, size=14)
    for text in subtitle:
        summary.append([text])
    summary.append([])
    details = book.create_sheet("Differences")
    for sheet in (summary, details):
        sheet.append(list(HEADINGS))
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
    for row in rows(data):
        _append(details if row[0] in ("Differs", "Missing") else summary, row)
    for sheet in (summary, details):
        for column, width in zip("ABCDEFGHI", (20, 22, 34, 16, 40, 18, 18, 14, 20), strict=True):
            sheet.column_dimensions[column].width = width
    details.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _append(sheet: Any, row: Sequence[Any]) -> None:
    values = [value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value for value in row]
    sheet.append(values)
    for cell, value in zip(sheet[sheet.max_row], values, strict=True):
        if isinstance(value, Decimal):
            cell.number_format = "#,##0.00"
        elif isinstance(value, str):
            cell.data_type = "s"  # text stays text, also if it looks like a formula
