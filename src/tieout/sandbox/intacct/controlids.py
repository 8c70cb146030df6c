"""The memory behind `uniqueid=true`: which function controlids were executed, and which are being executed (§1.6)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tieout.sandbox.clock import Clock
from tieout.sandbox.intacct.reply import Result
from tieout.sandbox.intacct.wording import Problem
from tieout.sandbox.storage import Storage

KIND = "_CONTROLID"


@dataclass(slots=True)
class Ticket:
    """What was found out about a request's controlids when it arrived, and which it has spent itself."""

    held: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)


class ControlIds:
    """Executed controlids of the company, kept with its rows; running ones, in memory. Thread-safe.

    What nobody outside Sage knows is a setting: `controlid_memory_s` (0: for ever), `duplicate_while_running`
    (refuse, run, wait), `duplicate_controlid_reply` (no_status, failure).
    """

    def __init__(self, storage: Storage, clock: Clock, settings: Mapping[str, Any]) -> None:
        self._storage, self._clock, self._settings = storage, clock, settings
        self._changed = threading.Condition()
        self._running: Counter[str] = Counter()

    def arrive(self, controlids: Iterable[str]) -> Ticket:
        """Marks a request's controlids as running; with "wait" not before the first of each has ended.

        With "run" the memory is asked on arrival only, so that two which run at once are both executed.
        """
        ticket = Ticket()
        mode = self._settings["duplicate_while_running"]
        for controlid in dict.fromkeys(controlids):
            if mode == "wait":
                self._wait(controlid)
            with self._changed:
                if self._running[controlid] and mode == "refuse":
                    ticket.refused.add(controlid)
                    continue
                if mode == "run" and not self._was_executed(controlid):
                    ticket.passed.add(controlid)
                self._running[controlid] += 1
                ticket.held.add(controlid)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """The request's work has ended."""
        with self._changed:
            self._running -= Counter(ticket.held)
            self._changed.notify_all()

    def refuses(self, ticket: Ticket, controlid: str) -> bool:
        """Whether this function must not be executed."""
        if controlid in ticket.refused or controlid in ticket.spent:
            return True
        return controlid not in ticket.passed and self._was_executed(controlid)

    def remember(self, ticket: Ticket, controlid: str) -> None:
        """The function was executed to completion."""
        ticket.spent.add(controlid)
        self._storage.put(KIND, controlid, {"at": self._clock.now().timestamp()})

    def refusal(self) -> Result:
        """The reply to a duplicate: without a status as observed, or as a failure (intacct-xml §1.6)."""
        text = "A function with this controlid was already executed."
        status = "failure" if self._settings["duplicate_controlid_reply"] == "failure" else ""
        return Result(status, problems=(Problem("EMU-DUPLICATE-CONTROLID", text),))

    def _was_executed(self, controlid: str) -> bool:
        row = self._storage.get(KIND, controlid)
        memory = self._settings["controlid_memory_s"]
        return row is not None and (memory == 0 or self._clock.now().timestamp() - row["at"] < memory)

    def _wait(self, controlid: str) -> None:
        while True:
            with self._changed:
                if not self._running[controlid]:
                    return
                # A virtual clock stands still unless moved: give a thread that is working a moment, then move it.
                self._changed.wait(0.005 if self._clock.is_virtual else None)
                if not self._running[controlid]:
                    return
            self._clock.sleep(1.0 if self._clock.is_virtual else 0.0)
