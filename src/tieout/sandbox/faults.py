"""Faults a test asks for: which calls they meet, and what happens to those."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class Action(StrEnum):
    """What a fault does (design §6)."""

    DELAY = "delay"
    REFUSE = "refuse"
    HTTP_STATUS = "http_status"
    HTML_BODY = "html_body"
    CUT_BEFORE_COMMIT = "cut_before_commit"
    CUT_AFTER_COMMIT = "cut_after_commit"
    FINISH_AFTER_CUT = "finish_after_cut"
    EXPIRE_SESSION = "expire_session"
    DELIVER_TWICE = "deliver_twice"
    DROP_WEBHOOK = "drop_webhook"
    DUPLICATE_WEBHOOK = "duplicate_webhook"
    REORDER_WEBHOOK = "reorder_webhook"


WEBHOOK_ACTIONS = frozenset({Action.DROP_WEBHOOK, Action.DUPLICATE_WEBHOOK, Action.REORDER_WEBHOOK})
REQUEST_ACTIONS = frozenset(Action) - WEBHOOK_ACTIONS - {Action.REFUSE}
_MATCH_KEYS = {"function", "object", "path", "nth", "times"}
_FAULT_KEYS = {"match", "action", "seconds", "status"}


class BadFaultError(ValueError):
    """A fault description nobody can act on; the text is one sentence."""


@dataclass(slots=True)
class Fault:
    """One fault and how often it was met.

    It is active from the `nth` matching call on, `times` calls long. Without `times` it lasts for one call
    if `nth` is given and for ever if not. `path` may hold the wildcards * and ?; names ignore case.
    """

    action: Action
    function: str | None = None
    object: str | None = None
    path: str | None = None
    nth: int = 1
    times: int | None = None
    seconds: float | None = None
    status: int | None = None
    seen: int = 0

    def meets(self, function: str, object_: str, path: str) -> bool:
        """Counts a call that matches, and says whether the fault is active for it."""
        if self.function is not None and self.function.lower() != function.lower():
            return False
        if self.object is not None and self.object.lower() != object_.lower():
            return False
        if self.path is not None and not fnmatchcase(path, self.path):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.times is None or self.seen < self.nth + self.times)

    @property
    def spent(self) -> bool:
        """Whether it can never be active again."""
        return self.times is not None and self.seen >= self.nth + self.times - 1

    def as_dict(self) -> dict[str, Any]:
        """The fault as it is shown to people, with the count of matching calls."""
        names = ("function", "object", "path", "nth", "times")
        match = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return {"match": match, "action": str(self.action), "seconds": self.seconds, "status": self.status, "seen": self.seen}


class Faults:
    """The faults of one emulator. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, described: Any) -> None:
        """Adds a list of fault descriptions, all or none; raises BadFaultError with a sentence."""
        if not isinstance(described, list):
            raise BadFaultError("faults are sent as a JSON list of objects with an action")
        parsed = [_parse(each) for each in described]
        with self._lock:
            self._faults.extend(parsed)

    def clear(self) -> None:
        """Removes every fault."""
        with self._lock:
            self._faults.clear()

    def as_list(self) -> list[dict[str, Any]]:
        """Every fault with its count."""
        with self._lock:
            return [fault.as_dict() for fault in self._faults]

    def hits(self, *, function: str = "", object: str = "", path: str = "", actions: Iterable[Action] = REQUEST_ACTIONS) -> list[Fault]:
        """Every active fault with one of `actions` that meets this call, in the order they were added; each counts the call."""
        if not self._faults:
            return []
        wanted = frozenset(actions)
        with self._lock:
            return [fault for fault in self._faults if fault.action in wanted and fault.meets(function, object, path)]

    def hit(self, *, function: str = "", object: str = "", path: str = "", actions: Iterable[Action] = (Action.REFUSE,)) -> Fault | None:
        """The first active fault with one of `actions` that meets this call."""
        return next(iter(self.hits(function=function, object=object, path=path, actions=actions)), None)


def _parse(described: Any) -> Fault:
    if not isinstance(described, dict):
        raise BadFaultError("a fault is an object with an action and an optional match")
    if unknown := set(described) - _FAULT_KEYS:
        raise BadFaultError(f"a fault has no field {sorted(unknown)[0]!r}; known are {', '.join(sorted(_FAULT_KEYS))}")
    action = described.get("action")
    if action not in {str(each) for each in Action}:
        raise BadFaultError(f"there is no fault action {action!r}; known are {', '.join(Action)}")
    match = described.get("match") or {}
    if not isinstance(match, dict):
        raise BadFaultError("the match of a fault is an object")
    if unknown := set(match) - _MATCH_KEYS:
        raise BadFaultError(f"a fault cannot be matched by {sorted(unknown)[0]!r}; known are {', '.join(sorted(_MATCH_KEYS))}")
    for name in ("function", "object", "path"):
        if not isinstance(match.get(name), str | None):
            raise BadFaultError(f"the match key {name!r} of a fault is a text")
    nth, times = match.get("nth"), match.get("times")
    for name, number in (("nth", nth), ("times", times)):
        if number is not None and (not isinstance(number, int) or number < 1):
            raise BadFaultError(f"the match key {name!r} of a fault is a whole number from 1")
    seconds, status = described.get("seconds"), described.get("status")
    if seconds is not None and (not isinstance(seconds, int | float) or seconds < 0):
        raise BadFaultError("the seconds of a fault are a number from 0")
    if status is not None and (not isinstance(status, int) or not 200 <= status <= 599):
        raise BadFaultError("the status of a fault is an HTTP status from 200 to 599")
    return Fault(
        action=Action(action),
        function=match.get("function"),
        object=match.get("object"),
        path=match.get("path"),
        nth=nth or 1,
        times=times if times is not None or nth is None else 1,
        seconds=seconds,
        status=status,
    )
