"""Recording what decisions found: what both sides agree on, what is waited for, what a person must do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tieout.core import problems
from tieout.core.decide import Finding, FindingKind, Side
from tieout.core.flow import Lookup
from tieout.core.ports import FaultCase
from tieout.core.record import Ref
from tieout.engine import journal, waiting
from tieout.engine.intents import target_connection
from tieout.engine.journal import Pass
from tieout.engine.mark import NEVER, mark
from tieout.engine.pairs import Pair
from tieout.platforms import registry
from tieout.store.models import Journal, Level, Wait
from tieout.store.statements import rows

Identity = tuple[int, str, str]
Raised = dict[Identity, set[str]]
NEEDED = "needed"  # why a record is looked at for which another waits

_PROBLEMS: Mapping[str, FaultCase] = {
    case.code: case
    for case in (
        problems.COLLISION,
        problems.DELETED_RIGHT,
        problems.DELETED_LEFT,
        problems.MISSING_COUNTERPART,
        problems.CONFLICT,
        problems.LOCKED,
        problems.LINE_STAYS,
        problems.UNMAPPED,
        problems.RULE_FAILED,
    )
}


def tells(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs whose findings leave a trace: in the journal, among the problems or the waits."""
    return [pair for pair in pairs if pair.decision.findings or "wait" in pair.around]


def record_findings(pairs: Sequence[Pair], work: Pass, raised: Raised, now: datetime) -> None:
    """Store the findings of these pairs' decisions; `raised` collects the codes of problems that stand. The caller holds a transaction."""
    if not pairs:
        return
    entries: list[Journal] = []
    for pair in pairs:
        drift = [finding.text for finding in pair.decision.findings if finding.kind is FindingKind.DRIFT]
        if drift and _is_news(pair):
            entries.append(journal.entry(work, pair, "edited there", " ".join(drift), now, level=Level.WARNING, code="field.drift"))
        codes = raised.setdefault(pair.identity, set())
        for finding in pair.decision.findings:
            case = _case_of(pair, finding)
            if case is not None:
                if journal.raise_problem(pair, case, "", now, finding.text, fingerprint=finding.fingerprint, shared_by=finding.cause):
                    entries.append(journal.entry(work, pair, "needs a person", finding.text, now, level=Level.ERROR, code=finding.code))
                codes.add(finding.code)
            elif finding.lookup is Lookup.RECORD:
                journal.raise_problem(pair, problems.NOT_FOUND, str(finding.ref), now)
                codes.add(problems.NOT_FOUND.code)
    journal.write(entries)
    _wait(pairs, now)
    _tell_circles(pairs, raised, now)
    waiting.tell(pairs, raised, now)


def _tell_circles(pairs: Sequence[Pair], raised: Raised, now: datetime) -> None:
    """Tell of records that wait for each other: none of them would ever go. A circle is one problem that lists them."""
    blocked = {(pair.integration.pk, pair.left_ref): pair for pair in pairs if pair.decision.missing}
    for integration in {pk for pk, _ in blocked}:
        ids = [ref.id for pk, ref in blocked if pk == integration]
        for kind, id_, circle in rows("circles", {"integration": integration, "ids": ids}):
            pair = blocked.get((integration, Ref(kind, id_)))
            if pair is not None:
                names = sorted(circle)
                text = f"These records wait for each other: {', '.join(names)}. None of them can go first."
                journal.raise_problem(pair, problems.CYCLE, "", now, text, shared_by="|".join(names))
                raised[pair.identity].add(problems.CYCLE.code)


def _case_of(pair: Pair, finding: Finding) -> FaultCase | None:
    """The problem a finding is, if it is one: of the engine's own, or of those the platform's rules raise."""
    if finding.kind in (FindingKind.SKIPPED, FindingKind.DRIFT):
        return None
    if finding.code in _PROBLEMS:
        return _PROBLEMS[finding.code]
    holds = registry.platform(pair.integration.platform.system).holds if finding.kind is FindingKind.HELD else ()
    return next((case for case in holds if case.code == finding.code), None)


def _is_news(pair: Pair) -> bool:
    """Whether the other side has changed since the pair was last looked at to the end."""
    link, right = pair.link, pair.right
    return link is not None and right is not None and link.right_fingerprint != right.fingerprint()


def _wait(pairs: Sequence[Pair], now: datetime) -> None:
    """Keep exactly the waits these decisions ask for, and hint what is waited for: it is fetched, not awaited."""
    wanted: dict[tuple[Identity, Ref, Side], Pair] = {}
    for pair in pairs:
        for finding in pair.decision.missing:
            if finding.ref is not None:
                wanted[(pair.identity, finding.ref, finding.side)] = pair
    identities = {pair.identity for pair in pairs}
    standing: set[tuple[Identity, Ref, Side]] = set()
    over: list[int] = []
    known = [p for p in pairs if "wait" in p.around]
    stored = Wait.objects.filter(integration__in={p.integration.pk for p in known}, left_id__any=[p.left_ref.id for p in known])
    for row in stored if known else ():
        identity = (row.integration_id, row.flow, row.left_id)
        key = (identity, Ref(row.needs_kind, row.needs_id), Side(row.needs_side))
        if key in wanted:
            standing.add(key)
        elif identity in identities:
            over.append(row.pk)
    if over:
        gone = Wait.objects.select_for_update(skip_locked=True).filter(pk__in=over)  # one that ends just now is being deleted already
        Wait.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
    fresh = {key: pair for key, pair in wanted.items() if key not in standing}
    Wait.objects.bulk_create(
        [
            Wait(
                integration=pair.integration,
                flow=pair.flow.name,
                left_kind=pair.left_ref.kind,
                left_id=pair.left_ref.id,
                needs_kind=ref.kind,
                needs_id=ref.id,
                needs_side=side.value,
                since=now,
            )
            for (_, ref, side), pair in fresh.items()
        ],
        ignore_conflicts=True,
    )
    refs: dict[int, set[Ref]] = {}
    connections = {}
    for (_, ref, side), pair in fresh.items():
        connection = target_connection(pair, side)
        connections[connection.pk] = connection
        refs.setdefault(connection.pk, set()).add(ref)
    for pk, mine in sorted(refs.items()):
        mark(connections[pk], sorted(mine), reason=NEEDED, now=now, changed_at=NEVER)
