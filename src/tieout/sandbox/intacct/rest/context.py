"""What a REST handler works with: the caller, the company, and the form an answer takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tieout.sandbox.faults import Faults
from tieout.sandbox.intacct.rest.binding import Places, Schema
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Storage


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation: a request, or a part of a composite one. `body` is None if there was none."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def header(self, *names: str) -> str:
        """The first of these headers that was sent; names are lower case."""
        return next((self.headers[name] for name in names if name in self.headers), "")

    @property
    def is_atomic(self) -> bool:
        """Whether a batch is all or nothing (intacct-rest §3.6); both spellings are in use (§2)."""
        return self.header("x-ia-api-param-transaction", "x-ia-api-paramtransaction").lower() == "true"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gives: status, ia::result, and ia::meta or None for an answer without an envelope.

    Attributes:
        records: how many records were worked on.
        empty: it has no body at all.
        raw: the body is the result itself.
    """

    status: int
    result: Any = None
    meta: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    records: int = 0
    empty: bool = False
    raw: bool = False

    @property
    def body(self) -> Any:
        """The JSON body."""
        return self.result if self.raw else {"ia::result": self.result, "ia::meta": dict(self.meta or one())}


def one(*, failed: bool = False) -> dict[str, int]:
    """The meta of an answer about one thing."""
    return {"totalCount": 1, "totalSuccess": 0 if failed else 1, "totalError": 1 if failed else 0}


def counted(total: int, failures: int) -> dict[str, int]:
    """The meta of a batch."""
    return {"totalCount": total, "totalSuccess": total - failures, "totalError": failures}


class Counts(Protocol):
    """What counts functions and the transactions billed for them."""

    def count(self, function: str, transactions: int = 1) -> None:
        """Counts one call."""


class Tally:
    """Counts kept back until it is known whether what was done stays."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, int]] = []

    def count(self, function: str, transactions: int = 1) -> None:
        """Keeps one count."""
        self._kept.append((function, transactions))

    def pass_on(self, to: Counts, *, billed: bool = True) -> None:
        """Counts what was kept; what was undone is not billed."""
        for function, transactions in self._kept:
            to.count(function, transactions if billed else 0)


@dataclass(frozen=True, slots=True)
class Context:
    """One caller at work over REST; `work` sees the kinds with REST's own fields."""

    work: Work
    schemas: Mapping[str, Schema]
    places: Places
    faults: Faults
    meter: Counts
    client: str = ""

    @property
    def storage(self) -> Storage:
        """The company's rows."""
        return self.work.storage

    @property
    def settings(self) -> Mapping[str, Any]:
        """The emulator's settings."""
        return self.work.settings
