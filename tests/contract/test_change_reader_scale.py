"""Reading a hundred thousand changed rows while others keep writing: nothing is missed, and it costs hardly more than its pages.

The adapter reads the emulator in process, on the emulator's own clock. Other writers act before every page that is asked for:
through the gateway, like any other application of the company. Classes stand for every kind: reading is the same for all, and
they have few columns, which keeps this short.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.contract.sandbox.intacct.gateway import PATH, Gateway
from tests.in_process import InProcess
from tieout.core.record import Record
from tieout.intacct import IntacctSystem, connect
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.wire import Request

CHANGED = 100_000
PER_READ = 2_000  # the largest page of a query (intacct-xml §6)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WIRE_FORM = "%m/%d/%Y %H:%M:%S"
VALUES = {
    "company_id": "SANDBOX",
    "sender_id": "sandbox-sender",
    "sender_password": "sandbox-sender-pw",
    "user_id": "ws-user",
    "user_password": "ws-user-pw",
    "endpoint": f"http://intacct.test{PATH}",
}


@dataclass
class Others:
    """Writers of other applications: they rename, add and delete classes, some of them again and again."""

    emulator: IntacctEmulator
    random: random.Random
    numbers: list[str]
    gateway: Gateway = field(default_factory=lambda: Gateway("http://127.0.0.1:1"))
    written: int = 0
    turns: int = 0
    gone: set[str] = field(default_factory=set)

    def act(self) -> None:
        """Renames forty classes, adds one and deletes one; in every tenth turn a bulk edit renames two hundred in one second."""
        self.turns += 1
        self.emulator.clock.advance(3)
        gone = self.numbers.pop()
        self.gone.add(gone)
        wanted = {*self.numbers[:5], *self.random.sample(self.numbers, 200 if self.turns % 10 == 0 else 35)}
        renamed = [f"<CLASS><RECORDNO>{number}</RECORDNO><NAME>Turn {self.turns}</NAME></CLASS>" for number in sorted(wanted)]
        functions = [f"<update>{''.join(renamed[at : at + 100])}</update>" for at in range(0, len(renamed), 100)]
        functions.append(f"<create><CLASS><CLASSID>NEW-{self.turns}</CLASSID><NAME>New</NAME></CLASS></create>")
        functions.append(f"<delete><object>CLASS</object><keys>{gone}</keys></delete>")
        body = self.gateway.envelope(*functions)
        answer = self.emulator.handle(Request.build("POST", PATH, body=body)).body.decode()
        assert answer.count("<status>success</status>") == 2 + len(functions), answer[-2000:]
        self.written += len(renamed) + 2


class Busy(InProcess):
    """The way to a company where others write before every query is answered, while `others` is set."""

    others: Others | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.others is not None and b"<query>" in request.read():
            self.others.act()
        return super().handle_request(request)


@dataclass
class Hub:
    """What someone who only reads changes knows."""

    system: IntacctSystem
    cursor: Mapping[str, Any] | None = None
    known: dict[str, Record] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def catch_up(self) -> None:
        more = True
        while more:
            page = self.system.changes("CLASS", self.cursor)
            self.cursor, more = page.cursor, page.more
            for record in page.records:
                if record.deleted:
                    self.known.pop(record.id, None)
                else:
                    self.known[record.id] = record
                    self.seen.add((record.id, record.version))

    def rows(self) -> dict[str, tuple[str, Any]]:
        return {number: (record.version, record.fields["NAME"]) for number, record in self.known.items()}


@pytest.fixture
def emulator() -> Iterator[IntacctEmulator]:
    made = IntacctEmulator()
    made.clock.set(START)
    yield made
    made.close()


def stored(emulator: IntacctEmulator) -> dict[str, tuple[str, str]]:
    return {number: (row["WHENMODIFIED"], row["NAME"]) for number, row in emulator.storage.items("CLASS")}


def reads(emulator: IntacctEmulator, others: Others) -> int:
    """Billed transactions that were not writes of the others (intacct-xml §6: each call of a read method is one)."""
    return int(emulator.meter.as_dict()["transactions"]) - others.written


def change_a_lot(emulator: IntacctEmulator, moments: Iterator[datetime]) -> list[str]:
    """A hundred thousand classes changed in no order of their numbers, which are given in that of the changes."""
    emulator.add("CLASS", {"CLASSID": "FIRST", "NAME": "First"})
    [(_, pattern)] = emulator.storage.items("CLASS")
    numbers = [str(number) for number in range(2, CHANGED + 2)]
    shuffled = random.Random(7).sample(numbers, CHANGED)
    stamps = {number: next(moments).strftime(WIRE_FORM) for number in shuffled}
    with emulator.storage.transaction():
        for number in numbers:
            row = {**pattern, "RECORDNO": number, "CLASSID": f"C-{number}", "WHENMODIFIED": stamps[number]}
            emulator.storage.put("CLASS", number, row)
        emulator.storage.set_scalar("number of CLASS", CHANGED + 1)
    return shuffled


def by_hand_and_by_import(start: datetime) -> Iterator[datetime]:
    """Some thirty rows a second, and once a bulk import that stamps five thousand rows with one second."""
    chance, moment, given = random.Random(3), start, 0
    while True:
        moment += timedelta(seconds=1)
        bulk = 40_000 <= given < 45_000
        for _ in range(5_000 if bulk else chance.randrange(5, 60)):
            given += 1
            yield moment


def test_reading_a_hundred_thousand_changes_misses_none_and_costs_hardly_more_than_their_pages(emulator: IntacctEmulator) -> None:
    # design §5: a loss-free change reader, metered as Intacct bills
    way = Busy(emulator)
    hub = Hub(connect(VALUES, clock=emulator.clock, transport=way))
    hub.catch_up()
    assert hub.known == {}
    numbers = change_a_lot(emulator, by_hand_and_by_import(START + timedelta(minutes=1)))
    emulator.clock.set(START + timedelta(hours=1))
    emulator.meter.reset()
    way.others = others = Others(emulator, random.Random(1), numbers)
    before = stored(emulator)
    hub.catch_up()
    way.others = None
    assert others.turns >= CHANGED // PER_READ
    changed = len(hub.seen)
    assert changed > CHANGED
    assert reads(emulator, others) <= changed / PER_READ * 1.05
    # Nothing of what had changed before was skipped by this one reading, whatever others did meanwhile.
    assert [number for number, (stamp, _) in before.items() if number not in others.gone and is_older(hub, number, stamp)] == []
    read_so_far = reads(emulator, others)
    emulator.clock.advance(120)
    hub.catch_up()
    assert {number: row for number, row in hub.rows().items() if number not in others.gone} == stored(emulator)
    assert reads(emulator, others) - read_so_far <= CHANGED / PER_READ / 4, "the next poll does not read everything again"
    emulator.clock.advance(3 * 3600)  # the trail of deletions is due
    hub.catch_up()
    assert hub.rows() == stored(emulator)


def is_older(hub: Hub, number: str, stamp: str) -> bool:
    """Whether the hub does not know a row, or only as it was before."""
    known = hub.known.get(number)
    return known is None or datetime.strptime(known.version, WIRE_FORM) < datetime.strptime(stamp, WIRE_FORM)
