"""Writing the journal and the problems: what people read, and what they must do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from tieout.core.flow import Flow
from tieout.core.ports import FaultCase
from tieout.core.record import Ref
from tieout.core.record import fingerprint as digest
from tieout.engine.pairs import Pair
from tieout.store.bulk import insert, new
from tieout.store.models import Connection, Held, Integration, Journal, Level, Problem, Run
from tieout.store.statements import execute, rows


@dataclass(slots=True)
class Pass:
    """One run: made when its first entry is written, closed with its counts."""

    company: Connection
    kind: str
    by: str = ""
    run: Run | None = None
    counts: dict[str, int] = field(default_factory=dict)

    def started(self, now: datetime) -> Run:
        """The stored run."""
        if self.run is None:
            self.run = Run(started_at=now, company_id=self.company.pk, kind=self.kind, by=self.by)
            insert([self.run])
        return self.run

    def count(self, what: str, number: int = 1) -> None:
        """Add to one of the run's counts."""
        self.counts[what] = self.counts.get(what, 0) + number

    def end(self, now: datetime) -> None:
        """Close the run, if anything was worth an entry."""
        if self.run is not None:
            started = {"id": self.run.pk, "started": self.run.started_at}
            execute("end_run", {**started, "now": now, "counts": json.dumps(self.counts)})


def entry(work: Pass, pair: Pair, event: str, text: str, now: datetime, **more: Any) -> Journal:
    """A journal entry about a pair; the caller stores it with `write`."""
    right: Ref | None = more.pop("right", None) or pair.right_ref
    left = pair.link.left if pair.link is not None else pair.left_ref
    return new(
        Journal,
        at=now,
        run_id=work.started(now).pk,
        company_id=pair.integration.company_id,
        integration_id=pair.integration.pk,
        flow=pair.flow.name,
        left_kind=left.kind,
        left_id=left.id,
        right_kind=right.kind if right is not None else pair.flow.right_kind,
        right_id=right.id if right is not None else "",
        name=pair.name[:250],
        event=event,
        text=text,
        **more,
    )


def write(entries: Sequence[Journal]) -> None:
    """Append entries."""
    insert(entries)


def note(company: Connection, event: str, text: str, now: datetime, *, level: str = Level.INFO, code: str = "", name: str = "") -> None:
    """Append one entry that is about a connection rather than a record."""
    Journal.objects.create(at=now, company=company, event=event, text=text, level=level, code=code, name=name or str(company))


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], raw: Mapping[str, Any], *, side: str = "", flow: Flow | None = None
) -> dict[str, dict[str, Any]]:
    """What an entry shows of each field: its value before and after, the raw value it came from, and by which rule on which side."""
    more = {"side": str(side)} if side else {}
    return {
        name: {"from": before.get(name), "to": value, "raw": raw.get(name), **more, **({"rule": rule(flow, name)} if flow else {})}
        for name, value in after.items()
    }


def rule(flow: Flow, name: str) -> str:
    """The rule that gives a field its value, as the journal names it."""
    return f"{flow.name}/{name}, revision {flow.revision}"


def raise_problem(
    pair: Pair, case: FaultCase, detail: str, now: datetime, cause: str = "", *, fingerprint: str = "", shared_by: str = ""
) -> bool:
    """Open, or count again, the problem of a pair; whether it is new.

    `shared_by` is what all records have in common that the same deed would release: they are one problem, which lists them.
    """
    mark = digest([case.code, shared_by]) if shared_by else ""
    if mark:
        execute("hold_shared_problems", {"integration": pair.integration.pk})
    others = Problem.objects.filter(integration=pair.integration, flow=pair.flow.name, code=case.code, cleared_at=None)
    its_own = {"subject_kind": pair.left_ref.kind, "subject_id": pair.left_ref.id}
    if mark and (shared := others.filter(shared_by=mark).exclude(**its_own).order_by("id").first()) is not None:
        _give_up(others.filter(**its_own), now)
        Held.objects.filter(problem__in=others, left_id=pair.left_ref.id, flow=pair.flow.name).exclude(problem=shared).delete()
        _hold(shared, pair, now)
        return False
    Held.objects.filter(problem__in=others, left_id=pair.left_ref.id, flow=pair.flow.name).delete()
    ((times,),) = rows(
        "raise_problem",
        {
            "company": pair.integration.company_id,
            "integration": pair.integration.pk,
            "flow": pair.flow.name,
            "code": case.code,
            "kind": pair.left_ref.kind,
            "id": pair.left_ref.id,
            "name": pair.name[:250],
            "actor": case.actor.value,
            "cause": cause or case.cause,
            "next_step": case.next_step,
            "detail": detail,
            "fingerprint": fingerprint,
            "shared_by": mark,
            "now": now,
        },
    )
    return bool(times == 1)


def _hold(problem: Problem, pair: Pair, now: datetime) -> None:
    """Add a pair to what a problem holds up, and count the problem again."""
    Problem.objects.filter(pk=problem.pk).update(times=F("times") + 1, last_at=now)
    named = {"integration": pair.integration, "left_kind": pair.left_ref.kind, "name": pair.name[:250], "at": now}
    Held.objects.update_or_create(problem=problem, flow=pair.flow.name, left_id=pair.left_ref.id, defaults=named)


def _give_up(problems: QuerySet[Problem], now: datetime) -> None:
    """Take a problem's subject out of it: another record it holds up takes its place, or it is over."""
    for problem in problems:
        heir = Held.objects.filter(problem=problem).order_by("id").first()
        if heir is None:
            Problem.objects.filter(pk=problem.pk).update(cleared_at=now)
            continue
        Problem.objects.filter(pk=problem.pk).update(subject_kind=heir.left_kind, subject_id=heir.left_id, name=heir.name)
        heir.delete()


def raise_kind_problem(integration: Integration, case: FaultCase, kind: str, detail: str, now: datetime) -> None:
    """Open, or count again, the one problem of a kind of record that cannot be read, however many records wait for it."""
    execute(
        "raise_problem",
        {
            "company": integration.company_id,
            "integration": integration.pk,
            "flow": "",
            "code": case.code,
            "kind": kind,
            "id": "",
            "name": kind,
            "actor": case.actor.value,
            "cause": case.cause,
            "next_step": case.next_step,
            "detail": detail,
            "fingerprint": "",
            "shared_by": "",
            "now": now,
        },
    )


def clear_kind_problems(connection: Connection, kinds: Iterable[str], now: datetime) -> None:
    """Close the problems of kinds that can be read again on a connection."""
    mine = Q(integration__platform=connection) | Q(integration__company=connection)
    stale = Problem.objects.filter(mine, subject_kind__in=list(kinds), subject_id="", cleared_at__isnull=True).values_list("pk", flat=True)
    Problem.objects.filter(pk__in=list(stale)).update(cleared_at=now)


def clear_problems(pairs: Sequence[Pair], now: datetime, *, but: Mapping[tuple[int, str, str], set[str]] | None = None) -> None:
    """Close the problems of pairs, except the codes that were raised just now."""
    keep = but or {}
    concerned = [pair for pair in pairs if "problem" in pair.around]
    for integration in {pair.integration.pk: pair.integration for pair in concerned}.values():
        mine = {pair.left_ref.id: pair for pair in concerned if pair.integration.pk == integration.pk}
        held = Held.objects.filter(integration=integration, left_id__any=list(mine), problem__cleared_at=None).select_related("problem")
        over = [each.pk for each in held if _is_over(mine[each.left_id], each.flow, each.problem.code, keep)]
        if over:
            Held.objects.filter(pk__in=over).delete()
        open_ones = Problem.objects.filter(integration=integration, subject_id__any=list(mine), cleared_at__isnull=True)
        stale = [each.pk for each in open_ones if _is_over(mine[each.subject_id], each.flow, each.code, keep)]
        if stale:
            _give_up(Problem.objects.filter(pk__in=stale), now)


def _is_over(pair: Pair, flow: str, code: str, keep: Mapping[tuple[int, str, str], set[str]]) -> bool:
    return pair.flow.name == flow and code not in keep.get(pair.identity, set())
