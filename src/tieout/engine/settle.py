"""Settling: what became of calls, recorded in one transaction: call, link, base, records and journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tieout.core.decide import DELETED_LEFT, DELETED_RIGHT, FindingKind, Side, Step, StepKind
from tieout.core.merge import Base
from tieout.core.ports import Actor, Effect, Outcome, Sign, Verb
from tieout.core.record import Fields, Record, Ref, dump
from tieout.engine import journal
from tieout.engine.intents import target_connection
from tieout.engine.journal import Pass
from tieout.engine.observe import store
from tieout.engine.pairs import Pair
from tieout.platforms import registry
from tieout.store.bulk import document, insert
from tieout.store.models import Intent, IntentState, Journal, Level, Link
from tieout.store.statements import execute, rows

SOON = timedelta(seconds=1)
_QUIET = (FindingKind.IN_STEP, FindingKind.DRIFT)
_CLOSED = {
    DELETED_LEFT: "It was deleted on the platform, so it is in step no more; its counterpart in the books stays.",
    DELETED_RIGHT: "Its counterpart was deleted in the books, so it is in step no more. Tieout does not create it again by itself.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One call and what is known of it now; `found` says that a probe found it, not the call's own answer."""

    pair: Pair
    intent: Intent
    outcome: Outcome
    found: bool = False


@dataclass(slots=True)
class _Settled:
    """What one transaction writes."""

    work: Pass
    now: datetime
    intents: list[Intent] = field(default_factory=list)
    new_links: list[Link] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    records: dict[bool, list[Record]] = field(default_factory=lambda: {True: [], False: []})
    entries: list[Journal] = field(default_factory=list)


def settle(answers: Sequence[Answer], work: Pass, now: datetime, *, slot: int | None) -> None:
    """Record what became of these calls. One that somebody else took over meanwhile is left to them."""
    if not answers:
        return
    with transaction.atomic():
        ours = _still_ours(answers, slot)
        settled = _Settled(work, now)
        for answer in answers:
            if answer.intent.pk in ours:
                _one(answer, settled)
            else:
                answer.pair.look_again_at(now + SOON)
        _write(answers[0].pair, settled)


def _still_ours(answers: Sequence[Answer], slot: int | None) -> set[int]:
    expected = IntentState.SENDING if slot is not None else IntentState.UNKNOWN
    ids = [answer.intent.pk for answer in answers]
    rows = Intent.objects.select_for_update().filter(pk__in=ids, state=expected, slot=slot)
    sent = {answer.intent.pk: answer.intent.sent_at for answer in answers}
    return {pk for pk, sent_at in rows.values_list("pk", "sent_at") if sent[pk] == sent_at}


def _one(answer: Answer, settled: _Settled) -> None:
    intent, outcome, now = answer.intent, answer.outcome, settled.now
    effect = outcome.effect
    if intent.resends and effect is not Effect.DONE:
        effect = Effect.UNKNOWN
    settled.intents.append(intent)
    intent.slot = None
    if effect is not Effect.NOT_SENT:
        intent.answered_at = now
    if outcome.fault is not None:
        intent.fault_code, intent.detail = outcome.fault.case.code, str(outcome.fault)
        was_refused = outcome.effect is Effect.REFUSED or outcome.fault.case.sign is Sign.CALL_REPEATED
        intent.refusal = outcome.fault.case.sign.value if intent.resends and was_refused else ""
    match effect:
        case Effect.DONE:
            intent.state, intent.settled_at = IntentState.DONE, now
            _done(answer, settled)
        case Effect.NOT_SENT:
            intent.state = IntentState.NOT_SENT
            answer.pair.look_again_at(now + SOON)
        case Effect.REFUSED:
            intent.state, intent.settled_at = IntentState.REFUSED, now
            refused(answer, settled.work, now, settled.entries)
        case Effect.UNKNOWN:
            intent.state = IntentState.UNKNOWN
            answer.pair.look_again_at(now + SOON)
            _unknown(answer, settled)


def refused(answer: Answer, work: Pass, now: datetime, entries: list[Journal]) -> None:
    """Journal a refusal, and raise its problem for whoever can act."""
    fault = answer.outcome.fault
    pair = answer.pair
    pair.refused = True
    work.count("refused")
    if fault is None:
        return
    if fault.case.actor is not Actor.NOBODY:
        journal.raise_problem(pair, fault.case, fault.detail, now)
    entries.append(journal.entry(work, pair, "refused", str(fault), now, level=Level.ERROR, code=fault.case.code))


def _unknown(answer: Answer, settled: _Settled) -> None:
    fault = answer.outcome.fault
    settled.work.count("unknown")
    if answer.intent.resends:
        return
    text = f"The call to {answer.intent.step} it got no clear answer; Tieout looks for its trace before anything is sent again."
    code = fault.case.code if fault is not None else ""
    more = {"level": Level.WARNING, "code": code}
    settled.entries.append(journal.entry(settled.work, answer.pair, "outcome unknown", text, settled.now, **more))


def _done(answer: Answer, settled: _Settled) -> None:
    pair, intent, now = answer.pair, answer.intent, settled.now
    content = intent.content
    verb = Verb(content["verb"])
    settled.work.count(f"{verb.value}d")
    is_right = intent.side == Side.RIGHT
    if verb is Verb.CREATE:
        right = Ref(content["kind"], answer.outcome.id)
        pair.link = new_link(pair, right, "created", now, base=intent.base, unread=sorted(content["fields"]))
        settled.new_links.append(pair.link)
        intent.right_id = right.id
        fields = {name: halves[1] for name, halves in intent.base.items()}
        natural_key = answer.outcome.natural_key or content["natural_key"]
        settled.records[True].append(Record(right.kind, right.id, fields, natural_key, content["entity"]))
    elif pair.link is not None:
        pair.link.base = {**pair.link.base, **intent.base}
        if is_right:
            pair.link.unread = sorted(content["fields"])
        settled.links.append(pair.link)
        _image_of_update(pair, intent, is_right, settled)
    text = _sentence(pair, intent, answer)
    names = {name: halves[0] for name, halves in intent.base.items()}
    changes = journal.changes(content["expected"], content["fields"], names)
    settled.entries.append(journal.entry(settled.work, pair, f"{verb.value}d", text, now, changes=changes, entity=content["entity"]))


def _sentence(pair: Pair, intent: Intent, answer: Answer) -> str:
    """What people read in the sync log about a call that was done."""
    content = intent.content
    where = registry.vendor(target_connection(pair, Side(intent.side)).system).label
    key = answer.outcome.natural_key or content["natural_key"] or content["target"]
    if content["verb"] == Verb.CREATE:
        done = f"Created as {key} in {where}."
    else:
        done = f"Updated {key} in {where}: {pair.flow.shown_fields(content['fields'])}."
    return f"{done} The call itself got no answer; its effect was found afterwards." if answer.found else done


def _image_of_update(pair: Pair, intent: Intent, is_right: bool, settled: _Settled) -> None:
    before = pair.right if is_right else pair.left
    if before is None:
        return
    half = 1 if is_right else 0
    written: Fields = {name: halves[half] for name, halves in intent.base.items()} if is_right else intent.content["fields"]
    fields = {**before.fields, **written}
    image = Record(
        before.kind, before.id, fields, before.natural_key, before.entity, before.version, before.modified_at, before.modified_by
    )
    settled.records[is_right].append(image)


def stored_base(base: Base) -> dict[str, Any]:
    """Pairs as a link's base holds them."""
    return {name: list(halves) for name, halves in base.items()}


def new_link(pair: Pair, right: Ref, origin: str, now: datetime, *, base: Fields, unread: Sequence[str] = ()) -> Link:
    """The open link of a pair, not stored yet."""
    return Link(
        integration=pair.integration,
        flow=pair.flow.name,
        left_kind=pair.left_ref.kind,
        left_id=pair.left_ref.id,
        right_kind=right.kind,
        right_id=right.id,
        origin=origin,
        base=dict(base),
        unread=list(unread),
        opened_at=now,
        settled_at=now,
    )


def _write(pair: Pair, settled: _Settled) -> None:
    _write_intents(settled.intents)
    # A link that somebody made meanwhile stands; the call is settled all the same.
    insert(settled.new_links, ignore_conflicts=True)
    _update_links(settled.links, settled.now, unmoved=False)
    # An image of our own write is dated just before anything read from now on, so that a reading always replaces it.
    store(pair.integration.company, settled.records[True], settled.now - timedelta(microseconds=1))
    store(pair.integration.platform, settled.records[False], settled.now - timedelta(microseconds=1))
    journal.write(settled.entries)


def _write_intents(intents: Sequence[Intent]) -> None:
    found = [
        {
            "id": intent.pk,
            "state": str(intent.state),
            "answered_at": intent.answered_at,
            "settled_at": intent.settled_at,
            "fault_code": intent.fault_code,
            "detail": intent.detail,
            "refusal": intent.refusal,
            "right_id": intent.right_id,
        }
        for intent in intents
    ]
    execute("settle_intents", {"rows": document(found)})


def _update_links(links: Sequence[Link], now: datetime, *, unmoved: bool) -> None:
    if not links:
        return
    found = [
        {
            "id": link.pk,
            "version": link.version,
            "base": dump(link.base),
            "unread": link.unread,
            "left_fingerprint": link.left_fingerprint,
            "right_fingerprint": link.right_fingerprint,
            "rules_fingerprint": link.rules_fingerprint,
        }
        for link in links
    ]
    updated = {pk for (pk,) in rows("update_links", {"rows": document(found), "now": now, "unmoved": unmoved})}
    for link in links:
        if link.pk in updated:
            link.version += 1


def settle_links(items: Sequence[tuple[Pair, Step]], work: Pass, now: datetime) -> None:
    """Carry out the steps that need no call: linking what exists, and closing links."""
    if not items:
        return
    with transaction.atomic():
        entries: list[Journal] = []
        for pair, step in items:
            if step.kind is StepKind.LINK and step.target is not None and pair.link is None:
                pair.link = new_link(pair, step.target, "adopted", now, base=stored_base(step.base))
                pair.link.save()
                text = f"Linked to {step.target.kind} {step.natural_key}, which existed already."
                entries.append(journal.entry(work, pair, "linked", text, now))
                work.count("linked")
                pair.look_again_at(now)
            elif step.kind is StepKind.UNLINK and pair.link is not None:
                closed = {"is_open": False, "closed_because": step.reason, "closed_at": now}
                Link.objects.filter(pk=pair.link.pk, is_open=True).update(**closed)
                text = _CLOSED.get(step.reason, f"The link was closed: {step.reason}.")
                entries.append(journal.entry(work, pair, "unlinked", text, now, level=Level.WARNING))
                work.count("unlinked")
        journal.write(entries)


def _is_in_step(pair: Pair) -> bool:
    return not pair.decision.steps and all(finding.kind in _QUIET for finding in pair.decision.findings)


def settle_agreed(pairs: Sequence[Pair], rules: dict[tuple[int, str], str], now: datetime) -> None:
    """Put what both sides agree on into the base, and remember what a pair was in step with."""
    changed: list[Link] = []
    for pair in pairs:
        link, right = pair.link, pair.right
        if link is None or right is None or link.pk is None:
            continue
        prints = ("", "", "")  # a pair that is not in step is decided again whenever it is hinted
        if _is_in_step(pair):
            prints = (pair.left_fingerprint(), right.fingerprint(), rules[(pair.integration.pk, pair.flow.name)])
        is_read = bool(link.unread) and pair.is_read_back
        if not pair.decision.agreed and not is_read and prints == (link.left_fingerprint, link.right_fingerprint, link.rules_fingerprint):
            continue
        link.base = {**link.base, **stored_base(pair.decision.agreed)}
        if is_read:
            link.unread = []
        link.left_fingerprint, link.right_fingerprint, link.rules_fingerprint = prints
        changed.append(link)
    _update_links(changed, now, unmoved=True)
