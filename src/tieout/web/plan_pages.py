"""The pages about what is planned, about single records and about tie-outs. They only read; `actions` does what their forms say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from tieout.engine import plan_list, problem_list, queue_list, record_list, rulings
from tieout.engine.explain import ExplainError
from tieout.engine.plan_list import PlanFilter, Tab
from tieout.engine.record_list import RecordFilter
from tieout.engine.report import TOP, as_csv, as_workbook, heading
from tieout.engine.report_pdf import as_pdf
from tieout.store.models import Hold, Integration, Problem, Record, TieOut
from tieout.web import words
from tieout.web.pages import asked_day, asked_page, asked_text, connection_names, one_of, query_without, show, start_of
from tieout.web.setting_pages import table_asked_for

REPORTS = 30
SHOWN_ROWS = 500


def plan(request: HttpRequest) -> HttpResponse:
    """What would be written, what waits for a person, and what became of it."""
    asked = request.GET
    wanted = plan_filter(asked)
    found = plan_list.plan_items(wanted, page=asked_page(asked))
    return show(
        request,
        "tieout/plan.html",
        "Plan",
        now=datetime.now(UTC),
        found=found,
        wanted=wanted,
        tabs=[(tab, words.TAB[tab], found.counts[tab]) for tab in Tab],
        flows=queue_list.flow_labels(),
        integrations=list(Integration.objects.filter(active=True).values_list("name", flat=True)),
        holds=[(hold.value, hold.label) for hold in Hold if hold],
        switch_ons=plan_list.switch_ons(),
        backfills=plan_list.on_flows(),
        freezes=plan_list.freezes(),
        query=query_without(asked, "page"),
        query_of_tab=query_without(asked, "page", "tab"),
        newest=plan_list.newest_id(),
        narrowed=any((wanted.integration, wanted.flow, wanted.hold, wanted.text)),
    )


def plan_filter(asked: QueryDict) -> PlanFilter:
    """What part of the plan an address or a form asks for."""
    return PlanFilter(
        tab=Tab(one_of(asked.get("tab", ""), Tab) or Tab.WAITING),
        integration=asked_text(asked, "integration"),
        flow=asked_text(asked, "flow"),
        hold=one_of(asked.get("hold", ""), Hold.values),
        text=asked_text(asked, "text"),
    )


def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem: its cause, what it asks, and the answers there are."""
    now = datetime.now(UTC)
    row = Problem.objects.select_related("integration__platform", "integration__company").filter(pk=pk, cleared_at=None).first()
    if row is None:
        raise Http404("There is no such open problem; it may have been cured.")
    pair = rulings.problem_pair(row, now)
    record = _record_of(row)
    found = problem_list.one(pk)
    context = {"problem": found, "questions": rulings.questions(pair) if pair is not None else [], "record": record, "pair": pair}
    context["table"] = table_asked_for(row)
    return show(request, "tieout/problem.html", found.name, now=now, **context)


def _record_of(row: Problem) -> Record | None:
    if row.integration is None:
        return None
    return Record.objects.filter(connection=row.integration.platform, kind=row.subject_kind, remote_id=row.subject_id).first()


def records(request: HttpRequest) -> HttpResponse:
    """Every record of the platforms, with what it is linked to."""
    asked = request.GET
    wanted = RecordFilter(
        kind=asked_text(asked, "kind"),
        connection=asked_text(asked, "connection"),
        linked=one_of(asked.get("linked", ""), ("yes", "no")),
        text=asked_text(asked, "text"),
    )
    found = record_list.records(wanted, page=asked_page(asked))
    context = {"found": found, "wanted": wanted, "kinds": record_list.kinds(), "connections": connection_names()}
    return show(request, "tieout/records.html", "Records", now=datetime.now(UTC), query=query_without(asked, "page"), **context)


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One record and its counterpart side by side: where each value comes from, what was said of it; also as of a day."""
    now = datetime.now(UTC)
    row = Record.objects.select_related("connection").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such record.")
    day = asked_day(request.GET.get("as_of", ""))
    as_of = min(start_of(day + timedelta(days=1)) - timedelta(microseconds=1), now) if day else None
    try:
        sides = record_list.sides(row, now, as_of=as_of)
    except ExplainError as error:
        raise Http404(str(error)) from error
    title = sides[0].explained.name if sides else str(row)
    return show(request, "tieout/record.html", title, now=now, record=row, sides=sides, day=day)


def tie_outs(request: HttpRequest) -> HttpResponse:
    """The tie-outs made, the newest first, and how to ask for another."""
    found = TieOut.objects.select_related("integration").defer("report")[:REPORTS]
    integrations = list(Integration.objects.filter(active=True).values_list("name", flat=True))
    return show(request, "tieout/tie_outs.html", "Tie-outs", now=datetime.now(UTC), found=found, integrations=integrations)


def tie_out(request: HttpRequest, pk: int) -> HttpResponse:
    """One tie-out: counts, totals, differences, and what is left out and why."""
    row = _tie_out(pk)
    title, _ = heading(row)
    flows: list[dict[str, Any]] = [{**flow, "rows": flow["rows"][:SHOWN_ROWS]} for flow in row.report.get("flows", ())]
    cut = any(flow["missing"] + flow["differing"] > SHOWN_ROWS for flow in flows)
    has_totals = any(flow["totals"] for flow in flows)
    has_places = any(flow.get("places") for flow in flows)
    context = {"made": row, "flows": flows, "cut": cut, "shown": SHOWN_ROWS, "has_totals": has_totals, "has_places": has_places, "top": TOP}
    return show(request, "tieout/tie_out.html", title, now=datetime.now(UTC), **context)


def tie_out_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """A tie-out as CSV."""
    row = _finished(pk)
    return _file(as_csv(row.report).encode("utf-8-sig"), "text/csv; charset=utf-8", row, "csv")


def tie_out_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """A tie-out as a workbook."""
    row = _finished(pk)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(as_workbook(row.report, *heading(row)), kind, row, "xlsx")


def tie_out_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """A tie-out as a document to be signed and filed."""
    row = _finished(pk)
    return _file(as_pdf(row, words.kind_label), "application/pdf", row, "pdf")


def _tie_out(pk: int) -> TieOut:
    row = TieOut.objects.select_related("integration__platform", "integration__company").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such tie-out.")
    return row


def _finished(pk: int) -> TieOut:
    row = _tie_out(pk)
    if row.agreed is None:
        raise Http404("This tie-out has no report.")
    return row


def _file(content: bytes, kind: str, row: TieOut, ending: str) -> HttpResponse:
    name = f"tie-out-{row.integration.name}-{row.asked_at:%Y-%m-%d-%H%M}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
