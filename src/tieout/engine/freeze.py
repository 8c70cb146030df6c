"""The freeze switch: it stops all writing for one company at once, on both sides, whichever worker is about to write.

Reading and deciding go on, so that what waits can be shown. A worker asks right before each call; a call that was on its
way when the switch was thrown is stored as an intent, so it can be named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from tieout.core.ports import Effect, Fault
from tieout.core.problems import FROZEN
from tieout.engine import items, journal
from tieout.platforms import registry
from tieout.store.models import OPEN_ITEM, Connection, Freeze, Hold, Intent, IntentState, Level, PlanItem
from tieout.store.statements import rows


class FreezeError(ValueError):
    """A freeze that cannot be thrown or lifted; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a freeze holds back.

    Attributes:
        on_their_way: calls that had been stored for sending when this was asked; they are answered or probed as usual.
        unknown: calls whose outcome is unknown; they are looked for, and not sent again.
        items: writes that wait, by flow and step.
    """

    on_their_way: int
    unknown: int
    items: dict[tuple[str, str], int]

    @property
    def total(self) -> int:
        """How many writes wait."""
        return sum(self.items.values())


def standing(company: Connection | int) -> Freeze | None:
    """The freeze of a company, if it is frozen."""
    return Freeze.objects.filter(company=company, lifted_at=None).first()


def refusal(company_id: int) -> Fault | None:
    """Why nothing may be sent for this company now, asked right before a call is made; None if it may."""
    if rows("frozen", {"company": company_id}):
        return Fault(FROZEN, effect=Effect.NOT_SENT)
    return None


def freeze(company: Connection, *, by: str, why: str, now: datetime) -> Freeze:
    """Stop all writing for a company. Doing it again changes nothing. Raises FreezeError."""
    if company.system != registry.BOOKS:
        raise FreezeError(f"{company.name} is not a company's books. Freeze the books it is kept in step with.")
    with transaction.atomic():
        Connection.objects.select_for_update().get(pk=company.pk)
        found = standing(company)
        if found is not None:
            return found
        found = Freeze.objects.create(company=company, at=now, by=by[:150], why=why)
        text = f"{by} froze {company.name}: nothing is written until the freeze is lifted." + (f" {why}" if why else "")
        journal.note(company, "frozen", text, now, level=Level.WARNING)
    return found


def lift(company: Connection, *, by: str, now: datetime) -> int:
    """Let a company be written to again, and have everything that waited looked at; how many records those are.

    The caller wakes the company. Raises FreezeError.
    """
    with transaction.atomic():
        Connection.objects.select_for_update().get(pk=company.pk)
        if not Freeze.objects.filter(company=company, lifted_at=None).update(lifted_at=now, lifted_by=by[:150]):
            raise FreezeError(f"{company.name} is not frozen.")
        journal.note(company, "freeze lifted", f"{by} lifted the freeze of {company.name}; what waited is looked at now.", now)
        held = PlanItem.objects.filter(integration__company=company, hold=Hold.FROZEN, state__in=OPEN_ITEM)
        return items.look_at(held.select_related("integration__platform", "integration__company").iterator(5000), "freeze lifted", now)


def waiting(company: Connection) -> Waiting:
    """What a freeze of this company holds back now."""
    held = PlanItem.objects.filter(integration__company=company, hold=Hold.FROZEN, state__in=OPEN_ITEM)
    counted = held.values("flow", "step").annotate(n=Count("id")).order_by("flow", "step")
    calls = Intent.objects.filter(company=company)
    return Waiting(
        on_their_way=calls.filter(state=IntentState.SENDING).count(),
        unknown=calls.filter(state=IntentState.UNKNOWN).count(),
        items={(row["flow"], row["step"]): row["n"] for row in counted},
    )
