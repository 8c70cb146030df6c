"""The guard against writing a field back and forth: something outside keeps undoing what is written, and both would go on for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tieout.core.decide import Step, StepKind
from tieout.core.problems import ALTERNATES
from tieout.core.record import Ref, fingerprint
from tieout.engine import journal
from tieout.engine.batch import Batch
from tieout.engine.pairs import Pair
from tieout.store.bulk import read_values
from tieout.store.statements import rows

WITHIN = timedelta(hours=1)
OFTEN = 3


def pause_alternating(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Leave a pair alone for an hour that would write one value of one field for the third time within an hour.

    To be written again the field must have been changed away from it each time.
    """
    writing = [(pair, step) for pair in pairs if pair.due_at is None for step in pair.decision.steps if step.kind is StepKind.UPDATE]
    if not writing:
        return
    now = batch.now()
    before = _written_since(writing, now - WITHIN)
    for pair, step in writing:
        names = [name for name, value in step.fields.items() if (mark := _mark(pair, step.side, name, value)) and before[mark] >= OFTEN - 1]
        if names:
            text = (
                f"{pair.flow.shown_fields(names)} of {pair.name} was written {OFTEN - 1} times within an hour, and changed back each time."
            )
            journal.raise_problem(pair, ALTERNATES, text, now, fingerprint=step.fingerprint())
            batch.raised.setdefault(pair.identity, set()).add(ALTERNATES.code)
            pair.look_again_at(now + WITHIN)


def _written_since(writing: Sequence[tuple[Pair, Step]], since: Any) -> Counter[str]:
    mine = {pair.identity: pair for pair, _ in writing}
    asked = {
        "integrations": list({pair.integration.pk for pair in mine.values()}),
        "flows": list({pair.flow.name for pair in mine.values()}),
        "ids": [pair.left_ref.id for pair in mine.values()],
        "since": since,
    }
    counts: Counter[str] = Counter()
    for *identity, side, fields in rows("written_since", asked):
        pair = mine.get(tuple(identity))
        if pair is not None:
            counts.update(_mark(pair, side, name, value) for name, value in read_values(fields).items())
    return counts


def _mark(pair: Pair, side: str, name: str, value: Any) -> str:
    """One value of one field of one side of a pair; empty for references and lines, which are sent as something else."""
    if isinstance(value, Ref | frozenset | tuple):
        return ""
    return fingerprint([list(pair.identity), str(side), name, value])
