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
        wanted = list(dict.fromkeys(controlids))
        mode = self._settings["duplicate_while_running"]
        while not self._take(ticket, wanted, mode):
            if self._clock.is_virtual:  # it stands still unless moved, so waiting for the first to end moves it
                self._clock.sleep(1.0)
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

    def _take(self, ticket: Ticket, wanted: list[str], mode: str) -> bool:
        """Takes all controlids of a request or, while one of them must be waited for, none."""
        with self._changed:
            if mode == "wait" and any(self._running[controlid] for controlid in wanted):
                # On a virtual clock the first may be at work in another thread: give it a moment before moving the time.
                self._changed.wait(0.005 if self._clock.is_virtual else None)
                return False
            for controlid in wanted:
                if mode == "refuse" and self._running[controlid]:
                    ticket.refused.add(controlid)
                    continue
                if mode == "run" and not self._was_executed(controlid):
                    ticket.passed.add(controlid)
                self._running[controlid] += 1
                ticket.held.add(controlid)
            return True
