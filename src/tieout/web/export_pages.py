"""The pages about batches of documents: select, preview with control totals, send, compare."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from tieout.engine import exports as exporting
from tieout.engine import jobs
from tieout.engine.exports import ExportError, Selection
from tieout.engine.requests import RequestError, meant
from tieout.store.models import BatchState, ExportBatch, Going, Integration
from tieout.web.actions import back, integration_of, word_of
from tieout.web.pages import asked_day, show, whole_number

SHOWN_BATCHES = 30


def exports(request: HttpRequest) -> HttpResponse:
    """The batches made, the newest first, and how to select another."""
    integrations = [
        (row, exporting.document_flows(row)) for row in Integration.objects.filter(active=True).select_related("platform", "company")
    ]
    found = ExportBatch.objects.select_related("integration")[:SHOWN_BATCHES]
    offered = [(row.name, flows) for row, flows in integrations if flows]
    return show(
        request, "tieout/exports.html", "Export", now=datetime.now(UTC), found=[(row, _kinds(row)) for row in found], offered=offered
    )


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: its control totals before and after, and each of its documents."""
    row = ExportBatch.objects.select_related("integration__company").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such batch.")
    documents = list(row.documents.all())
    context = {
        "batch": row,
        "totals": _by_kind(row.after or row.before),
        "documents": documents,
        "goes": sum(1 for each in documents if each.state == Going.GOES),
        "states": BatchState,
    }
    return show(request, "tieout/batch.html", f"Batch {row.pk}", now=datetime.now(UTC), **context)


def _by_kind(totals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Control totals with the places of each kind below its sum."""
    kinds = list(dict.fromkeys(each["flow"] for each in totals))
    return sorted(totals, key=lambda each: (kinds.index(each["flow"]), each["place"] is not None, each["place"] or ""))


def _kinds(row: ExportBatch) -> list[dict[str, object]]:
    return [each for each in row.after or row.before if each["place"] is None]


def make(request: HttpRequest) -> HttpResponse:
    """Have a worker put a batch together."""
    row = integration_of(request)
    flows = tuple(name for name in request.POST.getlist("flow") if name)
    first, last = asked_day(request.POST.get("first", "")), asked_day(request.POST.get("last", ""))
    numbers = request.POST.get("records", "").replace("\x00", "").split()[:500]
    try:
        ids = tuple(meant(row, text).id for text in numbers)
        asked = exporting.ask(row, Selection(flows, first, last, ids), by=request.user.get_username(), now=datetime.now(UTC))
    except (ExportError, RequestError) as error:
        return back(request, "exports", str(error), bad=True)
    jobs.wake_batch(asked.pk)
    return back(request, "exports", "A worker selects the documents and adds them up. They appear here.", at=("batch", asked.pk))


def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Release the ticked documents of a batch, discard it, or compare it with the books again."""
    row = ExportBatch.objects.select_related("integration__company", "integration__platform").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such batch.")
    word, now = word_of(request), datetime.now(UTC)
    try:
        match request.POST.get("verb"):
            case "discard":
                exporting.discard(row, word, now)
                return back(request, "exports", f"Batch {pk} is discarded; its documents wait for another.", at=("batch", pk))
            case "compare":
                ExportBatch.objects.filter(pk=pk, state__in=[BatchState.RELEASED, BatchState.DONE]).update(
                    state=BatchState.RELEASED, compared_at=None, next_at=now
                )
                jobs.wake_batch(pk)
                return back(request, "exports", "A worker reads its documents from the books again.", at=("batch", pk))
            case _:
                ticked = {number for text in request.POST.getlist("document") if (number := whole_number(text)) is not None}
                known = set(row.documents.filter(state=Going.GOES).values_list("pk", flat=True))
                sent = exporting.send(row, word, now, without=sorted(known - ticked))
    except ExportError as error:
        return back(request, "exports", str(error), bad=True, at=("batch", pk))
    jobs.wake_company(row.integration.company_id)
    count = sent.documents.filter(state=Going.SENT).count()
    told = f"Released {count:,} document{'' if count == 1 else 's'}. When they have arrived, the totals are compared with the books."
    return back(request, "exports", told, at=("batch", pk))


__all__ = ["batch", "exports", "make", "rule"]
