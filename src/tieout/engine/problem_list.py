"""What needs a person, one row a cause: the queries behind the problems page. Everything here only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tieout.store.models import Connection, Held, Integration, Problem, Wait

PAGE = 50


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One open problem.

    Attributes:
        cause, next_step: what is wrong and what to do, in plain words. detail: the other system's own words.
        actor: who can cure it. holds_up: how many further records wait for its record, or have the same cause.
        times: how often it was met since `first_at`.
    """

    id: int
    code: str
    name: str
    kind: str
    remote_id: str
    flow: str
    connection: str
    company: str
    actor: str
    cause: str
    next_step: str
    detail: str
    times: int
    first_at: datetime
    last_at: datetime
    holds_up: int


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """What to show of the problems; an empty value shows all. `text` is part of a name, an id or a cause."""

    actor: str = ""
    connection: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """One page of the open problems, those that hold up most first."""

    rows: tuple[ProblemRow, ...]
    page: int
    pages: int
    total: int


def problems(wanted: ProblemFilter, *, page: int = 1, size: int = PAGE) -> ProblemPage:
    """One page of the open problems that match; a page outside the list is the nearest one."""
    found = Problem.objects.filter(cleared_at=None)
    if wanted.actor:
        found = found.filter(actor=wanted.actor)
    if wanted.connection:
        at_platform = Integration.objects.filter(pk=OuterRef("integration_id"), platform__name=wanted.connection)
        found = found.filter(Q(company__name=wanted.connection) | Exists(at_platform))
    if text := wanted.text.strip():
        found = found.filter(Q(name__icontains=text) | Q(subject_id=text) | Q(cause__icontains=text) | Q(code=text))
    total = found.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = _told(found).order_by("-holds_up", "first_at", "pk")
    return ProblemPage(tuple(_row(row) for row in rows[(page - 1) * size : page * size]), page, pages, total)


def _told(found: QuerySet[Problem]) -> Any:
    """Problems with what a row shows beside their own values."""
    return found.annotate(
        holds_up=Coalesce(Subquery(_waiting_for(), output_field=IntegerField()), 0)
        + Coalesce(Subquery(_held_beside(), output_field=IntegerField()), 0),
        company_name=F("company__name"),
        platform_name=Subquery(Connection.objects.filter(as_platform=OuterRef("integration_id")).values("name")[:1]),
    )


def one(pk: int) -> ProblemRow:
    """One open problem. Raises Problem.DoesNotExist."""
    row: Problem = _told(Problem.objects.filter(cleared_at=None)).get(pk=pk)
    return _row(row)


def _waiting_for() -> Any:
    waits = Wait.objects.filter(
        integration_id=OuterRef("integration_id"), needs_kind=OuterRef("subject_kind"), needs_id=OuterRef("subject_id")
    )
    return waits.order_by().values("needs_id").annotate(n=Count("pk")).values("n")


def _held_beside() -> Any:
    return Held.objects.filter(problem=OuterRef("pk")).order_by().values("problem").annotate(n=Count("pk")).values("n")


def held_by(problem_id: int) -> list[str]:
    """The names of the further records that a problem holds up."""
    return list(Held.objects.filter(problem=problem_id).order_by("id").values_list("name", flat=True))


def _row(row: Problem) -> ProblemRow:
    return ProblemRow(
        id=row.pk,
        code=row.code,
        name=row.name,
        kind=row.subject_kind,
        remote_id=row.subject_id,
        flow=row.flow,
        connection=row.platform_name or row.company_name,  # type: ignore[attr-defined]
        company=row.company_name,  # type: ignore[attr-defined]
        actor=row.actor,
        cause=row.cause,
        next_step=row.next_step,
        detail=row.detail,
        times=row.times,
        first_at=row.first_at,
        last_at=row.last_at,
        holds_up=row.holds_up,  # type: ignore[attr-defined]
    )
