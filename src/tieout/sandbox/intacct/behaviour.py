"""What objects do beyond their tables: the hooks an object's own module may give the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import Given, Values
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row


@dataclass(frozen=True, slots=True)
class Change:
    """One create or update under way.

    Attributes:
        row: the row as it will be kept; `prepare` may complete it.
        old: the row as it was; None for a create.
        values: what was sent, checked.
        inner: whether the row is written inside its owner, whose own hooks follow.
    """

    work: Work
    kind: Kind
    row: Row
    old: Row | None
    values: Values
    inner: bool = False

    def changed(self, *names: str) -> bool:
        """Whether one of the columns differs from what it was."""
        old = self.old or {}
        return any(self.row.get(name, "") != old.get(name, "") for name in names)


def _change_nothing(change: Change) -> None:
    return None


def _fill_nothing(work: Work, kind: Kind, given: Given, preset: Mapping[str, str]) -> Given:
    return given


def _delete_nothing(work: Work, kind: Kind, row: Row) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The hooks of one object; each may raise Refusal, which undoes the whole write.

    Attributes:
        prepare: completes and checks the row before it is kept.
        settle: does what follows from it once the row and its owned rows are kept.
        release: before a delete, while the owned rows are there; may refuse it.
        dissolve: after a delete.
        judge: decides `approve` and `decline` (intacct-xml §2.9): verdict and what was sent; None where there is no approval.
        fill: adds to what a create was given before that is checked; also gets the columns set by what creates the row.
    """

    prepare: Callable[[Change], None] = _change_nothing
    settle: Callable[[Change], None] = _change_nothing
    release: Callable[[Work, Kind, Row], None] = _delete_nothing
    dissolve: Callable[[Work, Kind, Row], None] = _delete_nothing
    judge: Callable[[Work, Kind, str, Given], None] | None = None
    fill: Callable[[Work, Kind, Given, Mapping[str, str]], Given] = _fill_nothing


PLAIN = Behaviour()
Behaviours = Mapping[str, Behaviour]
