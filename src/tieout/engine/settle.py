"""Settling: what became of calls, recorded in one transaction: call, link, base, records and journal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tieout.core.decide import DELETED_LEFT, DELETED_RIGHT, REPLACED, FindingKind, Side, Step, StepKind
from tieout.core.merge import Base
from tieout.core.ports import Actor, Effect, Fault, Outcome, Sign, Verb
from tieout.core.record import Fields, Line, Record, Ref, dump
from tieout.engine import journal
from tieout.engine.intents import target_connection
from tieout.engine.journal import Pass
from tieout.engine.mark import NEVER, mark
from tieout.engine.observe import store
from tieout.engine.pairs import Pair
from tieout.platforms import registry
from tieout.store.bulk import document, insert, new
from tieout.store.models import Intent, IntentState, Journal, Level, Link
from tieout.store.statements import execute, rows

SOON = timedelta(seconds=1)
_QUIET = (FindingKind.IN_STEP, FindingKind.DRIFT)
_PAST = {Verb.CREATE: "created", Verb.UPDATE: "updated", Verb.DELETE: "deleted", Verb.ACT: "acted on"}
_CLOSED = {
    REPLACED: "Its counterpart was replaced by another record; the old one stays as it is.",
    DELETED_LEFT: "It was deleted on the platform, so it is in step no more; its counterpart in the books stays.",
    "undone": "What made it was undone, so it is in step no more; it comes back only when somebody asks for it.",
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
    sent = {answer.intent.pk: answer.intent.sent_at for answer in answers}
    still = rows("still_ours", {"ids": list(sent), "state": expected.value, "slot": slot})
    return {pk for pk, sent_at in still if sent[pk] == sent_at}


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
    if pair.unasked and fault.case.sign is Sign.KEY_TAKEN:
        pair.key_taken = True
        return
    if fault.case.actor is not Actor.NOBODY:
        journal.raise_problem(pair, fault.case, fault.detail, now, shared_by=_in_common(answer, fault))
    entries.append(journal.entry(work, pair, "refused", str(fault), now, level=Level.ERROR, code=fault.case.code))


def _in_common(answer: Answer, fault: Fault) -> str:
    """What a refusal says, without what names this one record: equal words of a system have one cause."""
    said = re.sub(r"\[[^]]*\]", "", fault.detail)
    for own in (answer.intent.content["natural_key"], answer.intent.content["target"], answer.pair.left_ref.id):
        said = said.replace(own, "…") if own else said
    return said.strip()


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
    pair, intent = answer.pair, answer.intent
    content = intent.content
    verb = Verb(content["verb"])
    settled.work.count(_PAST[verb])
    _name_lines(answer)
    if intent.step == StepKind.ADJUST:
        _adjusted(answer, settled)
    elif verb is Verb.CREATE:
        _created(answer, settled)
    elif pair.link is not None:
        _changed(answer, settled)
    names = {name: halves[0] for name, halves in intent.base.items()}
    changes = journal.changes(content["expected"], content["fields"], names, side=intent.side, flow=pair.flow)
    event = "adjusted" if intent.step == StepKind.ADJUST else content["action"] or _PAST[verb]
    more = {"changes": changes, "entity": content["entity"]}
    settled.entries.append(journal.entry(settled.work, pair, event, _sentence(pair, intent, answer), settled.now, **more))


def _name_lines(answer: Answer) -> None:
    """Give the lines that were sent the ids their system gave them, where its answer tells."""
    ids = answer.outcome.lines
    for name, sent in answer.intent.content["fields"].items():
        if ids and isinstance(sent, tuple) and len(sent) == len(ids) and name in answer.intent.base:
            known = {line.id: id_ for line, id_ in zip(sent, ids, strict=True)}
            left, right = answer.intent.base[name]
            named = tuple(Line(known.get(line.id, line.id), line.fields) for line in right)
            answer.intent.base = {**answer.intent.base, name: [left, named]}


def _created(answer: Answer, settled: _Settled) -> None:
    """The record was made: link it, and keep a picture of it until it is read back."""
    pair, intent, now = answer.pair, answer.intent, settled.now
    content = intent.content
    made = Ref(content["kind"], answer.outcome.id)
    natural_key = answer.outcome.natural_key or content["natural_key"]
    if intent.side == Side.RIGHT:
        pair.link = new_link(pair, made, "created", now, base=intent.base, unread=sorted(content["fields"]))
        intent.right_id = made.id
        fields = {name: halves[1] for name, halves in intent.base.items()}
        settled.records[True].append(Record(made.kind, made.id, fields, natural_key, content["entity"]))
    elif (right := pair.right_ref) is not None:
        unread, fields = _on_the_left(pair, intent)
        pair.link = new_link(pair, right, "created", now, base=intent.base, unread_left=unread, left=made)
        settled.records[False].append(Record(made.kind, made.id, fields, answer.outcome.natural_key))
    if pair.link is not None:
        settled.new_links.append(pair.link)


def _on_the_left(pair: Pair, intent: Intent) -> tuple[list[str], dict[str, Any]]:
    """What was written to the left: the names of its pairs, and the values as the left's own."""
    sent = dict(intent.content["fields"])
    written = [each for each in pair.flow.fields if each.left_name in sent and each.right in intent.base]
    return sorted(each.right for each in written), {**sent, **{each.left_name: intent.base[each.right][0] for each in written}}


def _changed(answer: Answer, settled: _Settled) -> None:
    """The record was changed, acted on or deleted."""
    pair, intent = answer.pair, answer.intent
    link = pair.link
    assert link is not None
    is_right = intent.side == Side.RIGHT
    link.base = {**link.base, **intent.base}
    before = pair.right if is_right else pair.left
    written: Mapping[str, Any] = intent.content["fields"]
    if Verb(intent.content["verb"]) is Verb.ACT:
        written = intent.content.get("becomes", {})
    elif is_right:
        link.unread = sorted(written)
        written = {**written, **{name: halves[1] for name, halves in intent.base.items()}}
    else:
        link.unread_left, written = _on_the_left(pair, intent)
    settled.links.append(link)
    if before is not None:
        is_gone = Verb(intent.content["verb"]) is Verb.DELETE
        settled.records[is_right].append(replace(before, fields={**before.fields, **written}, deleted=is_gone))


def _adjusted(answer: Answer, settled: _Settled) -> None:
    """Another document carries the difference; the pair counts as settled with it."""
    link = answer.pair.link
    if link is not None:
        link.base = {**link.base, **answer.intent.base}
        settled.links.append(link)


def _sentence(pair: Pair, intent: Intent, answer: Answer) -> str:
    """What people read in the sync log about a call that was done."""
    content = intent.content
    vendor = registry.vendor(target_connection(pair, Side(intent.side)).system)
    where, number = vendor.label, answer.outcome.natural_key or content["natural_key"]
    key = vendor.shown_key(content["kind"], number) if number else content["target"] or answer.outcome.id
    match Verb(content["verb"]):
        case Verb.CREATE if intent.step == StepKind.ADJUST:
            done = f"Adjusted by {content['kind']} {key} in {where}. {intent.reason}"
        case Verb.CREATE:
            done = f"Created as {key} in {where}."
        case Verb.DELETE:
            done = f"Deleted {key} in {where}."
        case Verb.ACT:
            done = f"Done with {key} in {where}: {content['action']}."
        case Verb.UPDATE:
            done = f"Updated {key} in {where}: {pair.flow.shown_fields(content['fields'])}."
    return f"{done} The call itself got no answer; its effect was found afterwards." if answer.found else done


def stored_base(base: Base) -> dict[str, Any]:
    """Pairs as a link's base holds them."""
    return {name: list(halves) for name, halves in base.items()}


def new_link(
    pair: Pair,
    right: Ref,
    origin: str,
    now: datetime,
    *,
    base: Fields,
    unread: Sequence[str] = (),
    unread_left: Sequence[str] = (),
    left: Ref | None = None,
) -> Link:
    """The open link of a pair, not stored yet; `left` is the left record of a pair that was on the right only."""
    left = left or pair.left_ref
    return new(
        Link,
        integration_id=pair.integration.pk,
        flow=pair.flow.name,
        left_kind=left.kind,
        left_id=left.id,
        right_kind=right.kind,
        right_id=right.id,
        origin=origin,
        base=dict(base),
        unread=list(unread),
        unread_left=list(unread_left),
        opened_at=now,
        settled_at=now,
    )


def _write(pair: Pair, settled: _Settled) -> None:
    _write_intents(settled.intents)
    # A link that somebody made meanwhile stands; the call is settled all the same.
    insert(settled.new_links, ignore_conflicts=True)
    _update_links(settled.links, settled.now, unmoved=False)
    # An image of our own write is dated just before anything read from now on, so that a reading always replaces it.
    store(pair.integration.company, settled.records[True], settled.now - timedelta(microseconds=1), noted=False)
    store(pair.integration.platform, settled.records[False], settled.now - timedelta(microseconds=1), noted=False)
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
            "unread_left": link.unread_left,
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
                entries.append(_link(pair, step, step.target, work, now))
            elif step.kind is StepKind.UNLINK and pair.link is not None:
                entries.append(_unlink(pair, step, work, now))
        journal.write(entries)


def _link(pair: Pair, step: Step, found: Ref, work: Pass, now: datetime) -> Journal:
    right = pair.right_ref if step.side is Side.LEFT else found
    assert right is not None
    pair.link = new_link(pair, right, "adopted", now, base=stored_base(step.base), left=found if step.side is Side.LEFT else None)
    pair.link.save()
    work.count("linked")
    pair.look_again_at(now)
    shown = registry.vendor(target_connection(pair, step.side).system).shown_key(found.kind, step.natural_key)
    text = f"Linked to {found.kind} {shown}, which existed already."
    return journal.entry(work, pair, "linked", text, now)


def _unlink(pair: Pair, step: Step, work: Pass, now: datetime) -> Journal:
    link = pair.link
    assert link is not None
    Link.objects.filter(pk=link.pk, is_open=True).update(is_open=False, closed_because=step.reason, closed_at=now)
    work.count("unlinked")
    text = _CLOSED.get(step.reason, f"The link was closed: {step.reason}.")
    entry = journal.entry(work, pair, "unlinked", text, now, level=Level.INFO if step.reason == REPLACED else Level.WARNING)
    pair.link = None
    if step.reason == DELETED_RIGHT:
        pair.look_again_at(now)  # its flow may make the counterpart again
    if pair.flow.takes_right_born(pair.settings) and step.reason == DELETED_LEFT:
        mark(pair.integration.company, [link.right], reason="unlinked", now=now, changed_at=NEVER)  # it is on the right only now
    return entry


def _is_in_step(pair: Pair) -> bool:
    return (
        pair.decision.recheck_at is None and not pair.decision.steps and all(finding.kind in _QUIET for finding in pair.decision.findings)
    )


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is to be stored of a pair that both sides agree on: what it is in step with, and which sides were read back."""

    pair: Pair
    link: Link
    prints: tuple[str, str, str]
    is_read: bool
    left_is_read: bool


def agreements(pairs: Sequence[Pair]) -> list[Agreed]:
    """The pairs of which both sides agree on more than is stored, or that are in step with something else than is stored.

    What a call that is about to be made stores anyway is left to its settling.
    """
    found: list[Agreed] = []
    rules: dict[tuple[int, str], str] = {}
    for pair in pairs:
        link, right = pair.link, pair.right
        if link is None or right is None or link.pk is None:
            continue
        prints = ("", "", "")  # a pair that is not in step is decided again whenever it is hinted
        if _is_in_step(pair):
            name = (pair.integration.pk, pair.flow.name)
            rules[name] = rules.get(name) or pair.rules()
            prints = (pair.left_fingerprint(), right.fingerprint(), rules[name])
        is_read = bool(link.unread) and pair.is_read_back
        left_is_read = bool(link.unread_left) and pair.left_is_read_back
        is_known = prints == (link.left_fingerprint, link.right_fingerprint, link.rules_fingerprint)
        if pair.decision.agreed or is_read or left_is_read or not (is_known or _is_about_to_be_called(pair)):
            found.append(Agreed(pair, link, prints, is_read, left_is_read))
        elif not is_known:
            link.left_fingerprint, link.right_fingerprint, link.rules_fingerprint = prints
    return found


def _is_about_to_be_called(pair: Pair) -> bool:
    steps = pair.decision.steps
    return pair.due_at is None and bool(steps) and steps[0].writes and not pair.decision.findings


def settle_agreed(agreed: Sequence[Agreed], now: datetime) -> None:
    """Put what both sides agree on into the base, and remember what a pair was in step with. The caller holds a transaction."""
    for each in agreed:
        link = each.link
        link.base = {**link.base, **stored_base(each.pair.decision.agreed)}
        if each.is_read:
            link.unread = []
        if each.left_is_read:
            link.unread_left = []
        link.left_fingerprint, link.right_fingerprint, link.rules_fingerprint = each.prints
    _update_links([each.link for each in agreed], now, unmoved=True)
