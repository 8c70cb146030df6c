"""The one function that decides: what a pair of records needs, and what a person should know about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tieout.core.born import decide_left_born, decide_right_born
from tieout.core.case import (
    DELETED_LEFT,
    DELETED_RIGHT,
    REPLACED,
    Case,
    ClosedPairing,
    Decision,
    Finding,
    FindingKind,
    Pairing,
    Step,
    StepKind,
)
from tieout.core.fields import blocked, held
from tieout.core.flow import Flow
from tieout.core.paired import decide_linked
from tieout.core.rulings import RulingKind, is_skipped, standing
from tieout.core.tables import HoldError
from tieout.core.view import MissingError, Side, View


def decide(flow: Flow, case: Case, settings: Mapping[str, Any], now: datetime) -> Decision:
    """What this pair needs under these settings. Pure and total: the same case gives the same decision."""
    try:
        if not flow.is_on(settings):
            return _only(FindingKind.SKIPPED, "flow.off", f"{flow.label} are not kept in step, because the setting is off.")
        if case.rulings and (skipped := is_skipped(case.rulings, now)) is not None:
            why = f": {skipped.why}" if skipped.why else ""
            return replace(_only(FindingKind.SKIPPED, "ruling.skipped", f"{skipped.by} skipped it{why}."), recheck_at=skipped.until)
        decision = _decide(flow, case, settings, now)
        if decision.steps and (flow.approval is not None or case.rulings or flow.waits_by_setting(settings)):
            return _released(flow, case, settings, now, decision)
    except MissingError as missing:
        return Decision(findings=(blocked(missing),))
    except HoldError as error:
        return Decision(findings=(held(error),))
    return decision


def _decide(flow: Flow, case: Case, settings: Mapping[str, Any], now: datetime) -> Decision:
    if case.pairing is not None:
        return decide_linked(flow, case, case.pairing, settings, now)
    if case.left is None and case.right is not None:
        return decide_right_born(flow, case, settings, now)
    return decide_left_born(flow, case, settings, now)


def _only(kind: FindingKind, code: str, text: str) -> Decision:
    return Decision(findings=(Finding(kind, code, text),))


def _released(flow: Flow, case: Case, settings: Mapping[str, Any], now: datetime, decision: Decision) -> Decision:
    """The decision without the steps that need an approval they do not have, or that were rejected; and without all after them."""
    source, side = (case.left, Side.LEFT) if case.left is not None else (case.right, Side.RIGHT)
    if source is None:
        return decision
    view = View(source, settings, case.related, case.counterparts, case.facts, side, now)
    for at, step in enumerate(decision.steps):
        finding = _withheld(flow, case, view, step, now)
        if finding is not None:
            return replace(decision, steps=decision.steps[:at], findings=(*decision.findings, finding))
    return decision


def _withheld(flow: Flow, case: Case, view: View, step: Step, now: datetime) -> Finding | None:
    """Why a step may not be taken; None if it may."""
    if not step.writes:
        return None
    mark = step.fingerprint()
    rejected = standing(case.rulings, RulingKind.REJECTED, now, mark)
    approved = standing(case.rulings, RulingKind.APPROVED, now, mark)
    if rejected is not None and (approved is None or approved.at < rejected.at):
        text = f"{rejected.by} rejected it{f': {rejected.why}' if rejected.why else ''}. It stays so until what would be written changes."
        return Finding(FindingKind.HELD, "ruling.rejected", text, fingerprint=mark)
    why = flow.approval(view, step) if flow.approval is not None else ""
    if not why and flow.waits_by_setting(view.settings):
        why = f"{flow.label} wait for an approval, by the setting “Wait for an approval”."
    if not why or approved is not None:
        return None
    return Finding(FindingKind.AWAITING, "approval.awaited", why, fingerprint=mark)


__all__ = [
    "DELETED_LEFT",
    "DELETED_RIGHT",
    "REPLACED",
    "Case",
    "ClosedPairing",
    "Decision",
    "Finding",
    "FindingKind",
    "Pairing",
    "Side",
    "Step",
    "StepKind",
    "decide",
]
