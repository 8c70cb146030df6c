"""Records that wait too long, or for what will never come: each is a problem that names what is waited for, why, and the cure.

A wait is normal: what is missing is fetched, and the record goes by itself. It becomes a person's business when it lasts longer than
the integration's settings allow, or at once when the rules never let go what it waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tieout.core import problems
from tieout.core.born import left_view
from tieout.core.decide import FindingKind, decide
from tieout.core.record import Ref
from tieout.core.tables import HoldError
from tieout.core.view import MissingError, Side
from tieout.engine import journal
from tieout.engine.loading import load
from tieout.engine.pairs import Pair
from tieout.platforms import registry
from tieout.store.models import Integration, Problem, Wait

MINUTES = "waiting_minutes"
"""The setting of an integration after how many minutes of waiting a person is told."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A record that others wait for: its name, why it is not there yet, what to do, and whether it will never come by itself."""

    name: str
    why: str
    cure: str
    is_lasting: bool = False


def tell(pairs: Sequence[Pair], raised: Mapping[tuple[int, str, str], set[str]], now: datetime) -> None:
    """Raise the problems of the pairs that wait too long or for ever, and have the others looked at again when their time is up."""
    waiting = [pair for pair in pairs if pair.decision.missing]
    since = _since(waiting)
    for integration in {pair.integration.pk: pair.integration for pair in waiting}.values():
        mine = [pair for pair in waiting if pair.integration.pk == integration.pk]
        refs = {finding.ref for pair in mine for finding in pair.decision.missing if finding.side is Side.LEFT and finding.ref is not None}
        awaited = _awaited(integration, refs, mine[0].settings, now)
        for pair in mine:
            limit = timedelta(minutes=int(pair.settings.get(MINUTES) or 0))
            first = since.get(pair.identity, now)
            found = [awaited[each.ref] for each in pair.decision.missing if each.ref in awaited]
            if any(each.is_lasting for each in found) or (limit and now >= first + limit):
                _raise(pair, [each for each in found if each.is_lasting] or found, first, now)
                raised[pair.identity].add(problems.WAITS.code)
            elif limit:
                over = first + limit
                pair.recheck_at = over if pair.recheck_at is None else min(pair.recheck_at, over)


def _since(pairs: Sequence[Pair]) -> dict[tuple[int, str, str], datetime]:
    """Since when each pair has waited for the first of what it waits for."""
    rows = Wait.objects.filter(integration__in={p.integration.pk for p in pairs}, left_id__any=[p.left_ref.id for p in pairs])
    found: dict[tuple[int, str, str], datetime] = {}
    for row in rows if pairs else ():
        key = (row.integration_id, row.flow, row.left_id)
        found[key] = min(row.since, found.get(key, row.since))
    return found


def _raise(pair: Pair, awaited: Sequence[Awaited], first: datetime, now: datetime) -> None:
    told = " ".join(f"It waits for {each.name}: {each.why}" for each in awaited) or "What it waits for has not been read yet."
    cure = " ".join(dict.fromkeys(each.cure for each in awaited)) or problems.WAITS.next_step
    case = replace(problems.WAITS, next_step=cure)
    names = "|".join(sorted(each.name for each in awaited))
    journal.raise_problem(pair, case, f"waiting since {first:%Y-%m-%d %H:%M} UTC", now, told, shared_by=names)


def _awaited(integration: Integration, refs: Iterable[Ref], settings: Mapping[str, object], now: datetime) -> dict[Ref, Awaited]:
    """What is known of each record that is waited for; a record that only rules look at is left to the reading."""
    flows = registry.platform(integration.platform.system).flows
    found: dict[Ref, Awaited] = {}
    for flow in flows:
        pairs = [Pair(integration, flow, ref, settings) for ref in sorted(set(refs)) if ref.kind == flow.left_kind]
        if pairs:
            load(pairs)
        for pair in pairs:
            told = _told(pair, now)
            if told is not None and (pair.left_ref not in found or told.is_lasting):
                found[pair.left_ref] = told
    return found


def _told(pair: Pair, now: datetime) -> Awaited | None:
    """Why a record is not there; None if nothing more is known than that it is on its way."""
    known = Problem.objects.filter(integration=pair.integration, flow=pair.flow.name, subject_id=pair.left_ref.id, cleared_at=None)
    if (problem := known.exclude(code=problems.WAITS.code).order_by("id").first()) is not None:
        return Awaited(pair.name, problem.cause, problem.next_step)
    if pair.left is None:
        return Awaited(pair.name, "it does not exist there, or has not been read yet.", problems.NOT_FOUND.next_step)
    if not pair.flow.is_on(pair.settings):
        return Awaited(pair.name, f"{pair.flow.label} are not kept in step.", "Turn them on in the settings, or skip this record.")
    lasting = _is_lasting(pair, now)
    decision = decide(pair.flow, pair.case(), pair.settings, now)
    stops = [each for each in decision.findings if each.kind in (FindingKind.SKIPPED, FindingKind.HELD, FindingKind.AWAITING)]
    if stops:
        return Awaited(pair.name, stops[0].text, problems.WAITS.next_step, lasting)
    return Awaited(pair.name, "it is not there yet, and nothing is known to hold it up.", problems.WAITS.next_step)


def _is_lasting(pair: Pair, now: datetime) -> bool:
    """Whether the rules never let the record go, whoever needs it."""
    if pair.left is None or pair.link is not None:
        return False
    try:
        exclusion = pair.flow.excluded(left_view(pair.case(), pair.left, pair.settings, now))
    except (HoldError, MissingError):
        return False
    return exclusion is not None and exclusion.lasting


__all__ = ["MINUTES", "tell"]
