"""The shape of one row of the fault table, and the two commonest sorts of row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tieout.core.ports import Actor, Effect, Scope, Sign
from tieout.intacct.client.errors import Level


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        errorno: a regular expression the whole error number must match; "" matches any, also a missing one.
        text: a regular expression to be found in the error's texts, whatever the case; "" matches any.
        levels: the levels at which the row applies; empty means all.
        effect: what a refusal of a single function with this error says about its effect.
    """

    code: str
    cause: str
    next_step: str
    actor: Actor
    errorno: str = ""
    text: str = ""
    levels: tuple[Level, ...] = ()
    scope: Scope = Scope.RECORD
    authentication: bool = False
    effect: Effect = Effect.REFUSED
    sign: Sign = Sign.NONE


def connection(code: str, cause: str, next_step: str, actor: Actor = Actor.ADMINISTRATOR, **more: Any) -> Row:
    """A row that holds up the whole connection and means that nothing was executed."""
    return Row(code, cause, next_step, actor, scope=Scope.CONNECTION, effect=Effect.NOT_SENT, **more)


def accountant(code: str, cause: str, next_step: str, *, errorno: str = "", text: str = "", sign: Sign = Sign.NONE) -> Row:
    """A row about one record, which an accountant can cure."""
    return Row(code, cause, next_step, Actor.ACCOUNTANT, errorno, text, (Level.FUNCTION,), sign=sign)
