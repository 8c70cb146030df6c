"""Batches: documents a person selects, sees with their control totals, and sends; and the comparison with what then stands there.

A batch is a plan of chosen documents. Making one decides them as if they had been asked for and stores plan items that wait; its
release releases exactly these items, and what they need goes with them. When all have arrived or stopped, the documents are read
from the books afresh, and their totals are compared with those that were released.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from tieout.core.control import Counted, Total, by_kind, shares, totals
from tieout.core.decide import FindingKind, Side, StepKind
from tieout.core.flow import Flow
from tieout.core.ports import Fault
from tieout.core.record import Record as CoreRecord
from tieout.core.record import Ref
from tieout.core.view import View
from tieout.engine import items, journal, release
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.plan import Plan, Scope, plan
from tieout.engine.release import ReleaseError, Word
from tieout.engine.runtime import Runtime
from tieout.engine.selection import Selection, chosen, day_of, once_there
from tieout.engine.usage import count_usage
from tieout.platforms import registry
from tieout.store.bulk import insert
from tieout.store.models import (
    BatchDocument,
    BatchState,
    ExportBatch,
    Going,
    Hold,
    Integration,
    Level,
    Link,
    PlanItem,
    PlanState,
)

AT_ONCE = 1000
READ_AT_ONCE = 100
FIRST_LOOK, NEXT_LOOK = timedelta(seconds=5), timedelta(seconds=30)
NOTHING = "No document that is not in the books yet fits what was asked for."
_GOING = (StepKind.CREATE, StepKind.LINK)


class ExportError(ValueError):
    """A batch that cannot be made or released; the text says why and what to do."""


def document_flows(integration: Integration) -> list[Flow]:
    """The flows of documents that the settings turn on, in the order in which they need each other."""
    settings = settings_of(integration)
    flows = registry.platform(integration.platform.system).flows
    return [flow for flow in flows if flow.control is not None and flow.is_on(settings)]


def ask(integration: Integration, wanted: Selection, *, by: str, now: datetime) -> ExportBatch:
    """Store that somebody wants a batch; the caller has it made.

    Raises ExportError for flows that are none or off, and for a record that was exported already.
    """
    known = [flow.name for flow in document_flows(integration)]
    if not known:
        raise ExportError(f"No kind of document of {integration.name} is turned on. Turn one on in the settings first.")
    if unknown := [name for name in wanted.flows if name not in known]:
        raise ExportError(f"“{unknown[0]}” is no kind of document that is turned on in {integration.name}. Those are {', '.join(known)}.")
    if wanted.first is not None and wanted.last is not None and wanted.last < wanted.first:
        raise ExportError(f"The last day, {wanted.last}, is before the first, {wanted.first}.")
    kinds = {flow.left_kind for flow in document_flows(integration) if not wanted.flows or flow.name in wanted.flows}
    linked = Link.objects.filter(integration=integration, left_kind__in=kinds, left_id__in=wanted.ids, is_open=True).first()
    if linked is not None:
        raise ExportError(f"{linked.left} is in the books already, as {linked.right}. “tieout explain {linked.left_id}” shows both.")
    return ExportBatch.objects.create(integration=integration, by=by[:150], made_at=now, wanted=wanted.data())


def make(runtime: Runtime, batch: ExportBatch) -> ExportBatch:
    """Select the documents of a batch that was asked for, decide them, and store what they add up to. Nothing is written.

    A side that cannot be read ends it with its fault, and so does a selection that no document fits.
    """
    integration = Integration.objects.select_related("platform", "company").get(pk=batch.integration_id)
    wanted = Selection.of(batch.wanted)
    flows = [flow for flow in document_flows(integration) if not wanted.flows or flow.name in wanted.flows]
    ids = {flow.name: list(chosen(integration, flow, wanted)) for flow in flows}
    seen = _Seen()
    for flow in flows:
        seen.leave(flow, once_there(integration, flow, wanted), settings_of(integration))
    try:
        found = plan(runtime, integration, scope=Scope(documents=ids), by=batch.by, look=seen.look)
    except Fault as fault:
        batch.state, batch.fault = BatchState.DISCARDED, str(fault)
        batch.save()
        return batch
    with transaction.atomic():
        _keep(batch, seen, found)
    return batch


@dataclass(slots=True)
class _Seen:
    """What the plan of a batch found, by flow and left record; the last look at a record counts."""

    documents: dict[tuple[str, str], BatchDocument] = field(default_factory=dict)

    def leave(self, flow: Flow, parted: Iterable[tuple[CoreRecord, str]], settings: Mapping[str, Any]) -> None:
        """Take in documents that a person has to name, each with the reason."""
        assert flow.control is not None
        for record, why in parted:
            known = {"left_kind": record.kind, "left_id": record.id, "day": day_of(flow.control, record, settings)}
            name = flow.shown_as(record)[:250]
            self.documents[(flow.name, record.id)] = BatchDocument(flow=flow.name, name=name, state=Going.CANNOT, text=why, **known)

    def look(self, pair: Pair) -> None:
        """Take in a pair of a document that would go, or that a person or another record holds up."""
        control = pair.flow.control
        if control is None or pair.left is None or pair.link is not None:
            return
        step = next((step for step in pair.decision.steps if step.kind in _GOING), None)
        stops = [each.text for each in pair.decision.findings if each.kind in (FindingKind.HELD, FindingKind.CONFLICT)]
        waits = sorted({str(each.ref) for each in pair.decision.missing})
        if waits:
            stops.append(f"It waits for {', '.join(waits)}.")
        if step is None and not stops:
            self.documents.pop((pair.flow.name, pair.left_ref.id), None)
            return
        document = BatchDocument(
            flow=pair.flow.name,
            left_kind=pair.left_ref.kind,
            left_id=pair.left_ref.id,
            name=pair.name[:250],
            day=day_of(control, pair.left, pair.settings),
            state=Going.GOES if step is not None else Going.CANNOT,
            text=" ".join(stops) if step is None else step.reason if step.kind is StepKind.LINK else "",
        )
        if step is not None:
            view = View(pair.left, pair.settings, pair.related, pair.counterparts, pair.facts)
            document.before = shares(control, step.fields, step.entity, control.amount(view), lambda ref: ref.id)
        self.documents[(pair.flow.name, pair.left_ref.id)] = document


def _keep(batch: ExportBatch, seen: _Seen, found: Plan) -> None:
    """Store a batch's documents with their items. A document that waits in an older batch moves to this one."""
    waiting = PlanItem.objects.filter(run_id=found.run, state=PlanState.PLANNED, step__in=[each.value for each in _GOING])
    by_document: dict[tuple[str, str], list[int]] = {}
    for pk, flow, left_id in waiting.order_by("id").values_list("pk", "flow", "left_id"):
        by_document.setdefault((flow, left_id), []).append(pk)
    for key, document in seen.documents.items():
        document.batch, document.items = batch, by_document.get(key, [])
        if document.state == Going.GOES and not document.items:
            document.state, document.text = Going.CANNOT, "A person rejected exactly this."
        BatchDocument.objects.filter(flow=key[0], left_id=key[1], batch__integration=batch.integration_id).filter(
            batch__state=BatchState.SHOWN
        ).delete()
    order = {flow.name: place for place, flow in enumerate(document_flows(batch.integration))}
    documents = list(seen.documents.values())
    documents.sort(key=lambda each: (order.get(each.flow, 0), each.day or date.max, each.name))
    insert(documents)
    batch.state, batch.run_id, batch.fault = BatchState.SHOWN, found.run, ""
    batch.left_out = dict(found.left_alone.values())
    batch.before = rows_of(batch)
    if not documents:
        left_out = "".join(f" {count:,} left out: {text}" for text, count in batch.left_out.items())
        batch.state, batch.fault = BatchState.DISCARDED, f"{NOTHING}{left_out}"
    batch.save()


def counted(documents: Iterable[BatchDocument]) -> list[Counted]:
    """Documents as control totals count them: those that go, are on their way or have arrived."""
    taking = (Going.GOES, Going.SENT, Going.THERE)
    return [Counted(each.flow, each.before, each.after) for each in documents if each.state in taking]


def rows_of(batch: ExportBatch) -> list[dict[str, Any]]:
    """The control totals of a batch as it is now: one row for each kind, then one for each kind and place."""
    documents = counted(batch.documents.all())
    return [
        *(_row(flow, None, total) for flow, total in by_kind(documents).items()),
        *(_row(flow, place, total) for (flow, place), total in totals(documents).items()),
    ]


def _row(flow: str, place: str | None, total: Total) -> dict[str, Any]:
    named = {"flow": flow, "place": place}
    before, after = {"count": total.count, "amount": total.amount}, {"count_there": total.count_there, "amount_there": total.amount_there}
    return {**named, **before, **after, "agrees": total.agrees}


def send(batch: ExportBatch, word: Word, now: datetime, *, without: Sequence[int] = ()) -> ExportBatch:
    """Release the documents of a batch that go, except some by their numbers; the caller wakes the company.

    A document whose item was planned anew or ended since it was shown is left out and says so. Raises ExportError.
    """
    with transaction.atomic():
        mine = ExportBatch.objects.select_for_update(of=("self",)).select_related("integration__company").get(pk=batch.pk)
        if mine.state != BatchState.SHOWN:
            raise ExportError(f"Batch {mine.pk} no longer waits: it is {mine.get_state_display().lower()}. Make a new one.")
        documents = list(mine.documents.filter(state=Going.GOES))
        known = {pk for each in documents for pk in each.items}
        still = set(PlanItem.objects.filter(pk__in=known, state=PlanState.PLANNED).values_list("pk", flat=True))
        for each in documents:
            if each.pk in without:
                each.state, each.text = Going.LEFT_OUT, f"{word.by} left it out."
            elif not still.issuperset(each.items):
                each.state, each.text = Going.LEFT_OUT, "It changed or went since it was shown; make a new batch for it."
            else:
                each.state, each.text = Going.SENT, ""
        sent = [each for each in documents if each.state == Going.SENT]
        if not sent:
            raise ExportError(f"No document of batch {mine.pk} goes any more. Make a new one.")
        try:
            release.approve([pk for each in sent for pk in each.items], word, now)
        except ReleaseError as error:
            raise ExportError(str(error)) from error
        items.end(list(PlanItem.objects.filter(pk__in=still & _left(documents))), PlanState.LAPSED, now)
        BatchDocument.objects.bulk_update(documents, ["state", "text"], batch_size=AT_ONCE)
        mine.state, mine.released_at, mine.released_by, mine.why = BatchState.RELEASED, now, word.by[:150], word.why
        mine.next_at = now + FIRST_LOOK
        mine.before = rows_of(mine)
        mine.save()
        text = f"{word.by} released batch {mine.pk}: {_sum(mine.before)}.{f' {word.why}' if word.why else ''}"
        journal.note(mine.integration.company, "batch released", text, now, name=f"Batch {mine.pk}")
    return mine


def _left(documents: Iterable[BatchDocument]) -> set[int]:
    return {pk for each in documents if each.state == Going.LEFT_OUT for pk in each.items}


def _sum(rows: Sequence[Mapping[str, Any]], count: str = "count", amount: str = "amount") -> str:
    """The totals by kind in words."""
    return ", ".join(f"{row[count]:,} {row['flow'].replace('-', ' ')} with {row[amount]:,.2f}" for row in rows if row["place"] is None)


def discard(batch: ExportBatch, word: Word, now: datetime) -> None:
    """Give a batch up before it is released; its documents wait for another. Raises ExportError."""
    with transaction.atomic():
        mine = ExportBatch.objects.select_for_update(of=("self",)).select_related("integration__company").get(pk=batch.pk)
        if mine.state not in (BatchState.SHOWN, BatchState.MAKING):
            raise ExportError(f"Batch {mine.pk} is {mine.get_state_display().lower()} and can no longer be discarded.")
        known = [pk for each in mine.documents.all() for pk in each.items]
        items.end(list(PlanItem.objects.filter(pk__in=known, state=PlanState.PLANNED, hold=Hold.BATCH)), PlanState.LAPSED, now)
        mine.state, mine.why = BatchState.DISCARDED, word.why
        mine.save()
        journal.note(mine.integration.company, "batch discarded", f"{word.by} discarded batch {mine.pk}.", now, name=f"Batch {mine.pk}")


def due(now: datetime) -> list[int]:
    """The batches under way that are to be looked at now."""
    return list(ExportBatch.objects.filter(state=BatchState.RELEASED, next_at__lte=now).values_list("pk", flat=True))


def look(runtime: Runtime, batch: ExportBatch) -> ExportBatch:
    """See how far a released batch has come; once nothing of it is on its way, compare it with the books."""
    from tieout.engine.stops import stops

    integration = Integration.objects.select_related("platform", "company").get(pk=batch.integration_id)
    now = runtime.now()
    documents = list(batch.documents.filter(state__in=[Going.SENT, Going.THERE]))
    links = _links(integration, documents)
    open_ones = [each for each in documents if (each.flow, each.left_id) not in links]
    why = stops(integration, [(each.flow, each.left_kind, each.left_id) for each in open_ones], now)
    on_the_way = [each for each in open_ones if (each.flow, each.left_id) not in why]
    before = [(each.state, each.text) for each in documents]
    for each in documents:
        stop = why.get((each.flow, each.left_id))
        each.text = stop.text if stop is not None else ""
        each.state = Going.THERE if (each.flow, each.left_id) in links else Going.SENT
    moved = before != [(each.state, each.text) for each in documents]
    BatchDocument.objects.bulk_update(documents, ["state", "text"], batch_size=AT_ONCE)
    ExportBatch.objects.filter(pk=batch.pk).update(next_at=now + NEXT_LOOK)
    if not on_the_way and (moved or batch.compared_at is None):
        final = all(each.is_final for each in why.values())
        return compare(runtime, batch, final=final)
    batch.refresh_from_db()
    return batch


def compare(runtime: Runtime, batch: ExportBatch, *, final: bool = False) -> ExportBatch:
    """Read the documents of a batch from the books afresh and compare what they add up to. Raises Fault.

    It is done once it is `final`: nothing of it can still arrive by itself.
    """
    integration = Integration.objects.select_related("platform", "company").get(pk=batch.integration_id)
    documents = list(batch.documents.filter(state__in=[Going.SENT, Going.THERE]))
    _read(runtime, integration, documents)
    BatchDocument.objects.bulk_update(documents, ["after", "state", "text", "right_kind", "right_id", "right_name"], batch_size=AT_ONCE)
    now = runtime.now()
    batch.refresh_from_db()
    batch.after, batch.compared_at = rows_of(batch), now
    batch.agreed = all(each.after == each.before for each in documents)
    batch.state = BatchState.DONE if final or batch.agreed else batch.state
    batch.save()
    outcome = "both sides agree" if batch.agreed else "the sides differ"
    text = f"Batch {batch.pk} was compared with the books: {_sum(batch.after, 'count_there', 'amount_there')} arrived; {outcome}."
    level = Level.INFO if batch.agreed else Level.WARNING
    journal.note(integration.company, "batch compared", text, now, level=level, name=f"Batch {batch.pk}")
    return batch


def _links(integration: Integration, documents: Iterable[BatchDocument]) -> dict[tuple[str, str], Ref]:
    """The right records of the documents that have arrived."""
    found = Link.objects.filter(integration=integration, left_id__any=[each.left_id for each in documents], is_open=True)
    return {(link.flow, link.left_id): link.right for link in found}


def _read(runtime: Runtime, integration: Integration, documents: Sequence[BatchDocument]) -> None:
    """Set what each document is in the books, as they hold it now."""
    flows = {flow.name: flow for flow in registry.platform(integration.platform.system).flows}
    links = _links(integration, documents)
    books = runtime.systems.of(integration.company)
    there: dict[Ref, CoreRecord] = {}
    by_kind: dict[str, list[Ref]] = {}
    for right in sorted(set(links.values())):
        by_kind.setdefault(right.kind, []).append(right)
    try:
        for refs in by_kind.values():
            for start in range(0, len(refs), READ_AT_ONCE):
                there |= books.read(refs[start : start + READ_AT_ONCE])
        names = _place_names(runtime, integration, there.values())
    finally:
        count_usage(runtime, integration.company)
    for each in documents:
        found, control = links.get((each.flow, each.left_id)), flows[each.flow].control
        if found is None or control is None:
            continue
        record = there.get(found)
        each.right_kind, each.right_id = found.kind, found.id
        if record is None:
            each.after, each.text = None, "It was made there and is there no more."
            continue
        amount = record.fields.get(control.total)
        sum_there = amount if isinstance(amount, Decimal) else Decimal(0)
        each.after = shares(control, record.fields, record.entity, sum_there, lambda ref: names.get(ref, ref.id))
        each.right_name = registry.vendor(integration.company.system).shown_key(found.kind, record.natural_key)[:200]
        each.state = Going.THERE
        if each.after != each.before:
            each.text = f"It adds up to {_told(each.before)} here and to {_told(each.after)} in the books."


def _told(parts: Mapping[str, Decimal]) -> str:
    total = f"{sum(parts.values(), Decimal(0)):,.2f}"
    if len(parts) == 1:
        return total
    told = ", ".join(f"{place or 'no place'}: {part:,.2f}" for place, part in sorted(parts.items()))
    return f"{total} ({told})"


def _place_names(runtime: Runtime, integration: Integration, records: Iterable[CoreRecord]) -> dict[Ref, str]:
    """The IDs of the places that lines of these documents name."""
    flows = registry.platform(integration.platform.system).flows
    places = {flow.control.place for flow in flows if flow.control is not None and flow.control.place}
    refs: dict[str, set[Ref]] = {}
    for record in records:
        for value in record.fields.values():
            for line in value if isinstance(value, tuple) else ():
                for name in places:
                    if isinstance(ref := line.fields.get(name), Ref):
                        refs.setdefault(ref.kind, set()).add(ref)
    books = runtime.systems.of(integration.company)
    return {ref: record.natural_key for mine in refs.values() for ref, record in books.read(sorted(mine)).items()}


__all__ = ["ExportError", "Selection", "Side", "ask", "compare", "discard", "document_flows", "due", "look", "make", "rows_of", "send"]
