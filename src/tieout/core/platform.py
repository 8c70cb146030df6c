"""What the engine, the pages and the command line must know of a system: its settings, its flows, how to reach it.

Adding a platform means one package that makes one `Vendor` or `Platform` value, and one line in the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tieout.core.flow import APPROVALS, Flow
from tieout.core.ports import FaultCase, System
from tieout.core.record import Ref
from tieout.core.settings import Setting, SettingKind
from tieout.core.tables import Table


class Clock(Protocol):
    """Where the time comes from; the simulation's is virtual."""

    def now(self) -> datetime:
        """The time now, aware UTC."""
        ...


Turns = Callable[[], float]
"""Takes one call of a budget that all processes share: 0.0, or the seconds until one may be taken."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `calls` calls in any `seconds`, whoever makes them."""

    calls: int
    seconds: float = 1.0


class Connect(Protocol):
    """Builds the adapter of one connection. Makes no call yet."""

    def __call__(self, values: Mapping[str, Any], *, clock: Clock, transport: Any = None, turns: Turns | None = None) -> System:
        """The adapter for these connection values, secrets included.

        `transport` replaces the network in simulations. Before each call a turn is taken; if there is none, the call fails as
        `Sign.HELD_BACK` and was not sent.
        """
        ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """How a platform's webhooks are read. They carry hints, never data.

    `beside` are the kinds of which events only name records: they say nothing of them, so one is looked at only if nothing is
    stored of it.
    """

    secret: str  # the connection setting that holds the signing key
    verify: Callable[[Mapping[str, str], bytes, str], bool]
    hints: Callable[[bytes, Mapping[str, Any]], Sequence[Ref]]  # the body, and the connection's values
    delivery_id: Callable[[bytes], str]
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Vendor:
    """One kind of system that can be connected.

    Attributes:
        name: as used in commands, addresses and stored rows.
        connection: the schema of its connection's values.
        environment: the environment ("production" or "test") the values point to, or "" if they do not say.
        rate: how many calls one account may get, all workers together, by the connection's values; None sets no limit.
        unique_keys: the kinds whose natural key the system itself keeps unique, so that a second record of a key is refused.
        shown_key: what people call a record of a kind, from its natural key.
    """

    name: str
    label: str
    connection: tuple[Setting, ...]
    connect: Connect
    environment: Callable[[Mapping[str, Any]], str] = lambda values: ""
    rate: Callable[[Mapping[str, Any]], Rate | None] = lambda values: None
    unique_keys: frozenset[str] = frozenset()
    shown_key: Callable[[str, str], str] = lambda kind, key: key


@dataclass(frozen=True, slots=True)
class Platform(Vendor):
    """A platform where work is planned and bought.

    Attributes:
        settings: the schema of an integration's settings.
        flows: what can be kept in step with the books.
        reads, reads_right: further kinds, of the platform and of the books, that rules look at and that are therefore read too.
        tables: the mapping tables its rules look up.
        holds: the problems its rules raise with `HoldError`.
        poll_seconds: how often changes are asked for, by the connection's values.
    """

    settings: tuple[Setting, ...] = ()
    flows: tuple[Flow, ...] = ()
    reads: tuple[str, ...] = ()
    reads_right: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    holds: tuple[FaultCase, ...] = ()
    webhook: Webhook | None = None
    poll_seconds: Callable[[Mapping[str, Any]], int] = lambda values: 60


def approvals(flows: Sequence[Flow]) -> Setting:
    """The setting by which any flow of a platform can be made to wait for approvals; every platform has it."""
    return Setting(
        APPROVALS,
        "Wait for an approval",
        "The kinds of record of which everything that would be written waits until a person has released it: names with commas in between. "
        "Empty: each goes as its own rules say.",
        SettingKind.NAMES,
        choices=tuple((flow.name, flow.label) for flow in flows),
        group="Approvals",
    )
