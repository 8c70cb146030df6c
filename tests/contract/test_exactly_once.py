"""A document written under any fault of the sandbox and any value of what nobody knows exists exactly once afterwards.

The adapter meets the emulator over HTTP, on the emulator's own clock. What is done with an outcome is decided as the promise
“exactly once” says (design §2, invariant 4), here by a few lines of their own: look first, send again only under the same key,
take a new key only when the old one was surely spent. What must be there in the end is stated by hand, in the system's words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.contract.sandbox.intacct.gateway import PATH
from tieout.core.ports import Effect, Fault, Outcome, Probe, Sign, Trace, Verb, Write
from tieout.core.record import Line, Ref, Value
from tieout.intacct.client import Client, Credentials
from tieout.intacct.connection import IntacctSystem
from tieout.intacct.kinds import KINDS
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.run import Running, serve

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
DAY, DUE = date(2026, 3, 2), date(2026, 4, 2)
SETTLE, LAG = 900, 120  # how long a cut call may go on, and how late a record may show (intacct-xml §1.8, §4.2)
SWITCHES: Mapping[str, Mapping[str, Any]] = {
    "as it comes": {},  # without a status, the key left, for ever, refused, at once: `DEFAULTS`
    "duplicates refused": {"duplicate_controlid_reply": "failure"},
    "refusals spend the key": {"refusal_spends_controlid": True},
    "keys forgotten after a minute": {"controlid_memory_s": 60.0},
    "a duplicate meanwhile executed": {"duplicate_while_running": "run"},
    "a duplicate meanwhile waits": {"duplicate_while_running": "wait"},
    "records that show late": {"consistency_lag_s": 90.0},
}
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "delayed beyond the deadline": {"action": "delay", "seconds": 1000},
    "refused": {"action": "refuse"},
    "server error": {"action": "http_status", "status": 500},
    "rate limit": {"action": "http_status", "status": 429, "seconds": 3},
    "web page": {"action": "html_body"},
    "cut before the commit": {"action": "cut_before_commit"},
    "cut after the commit": {"action": "cut_after_commit"},
    "finished after the cut": {"action": "finish_after_cut", "seconds": 20},
    "finished long after the cut": {"action": "finish_after_cut", "seconds": 600},
    "session ended": {"action": "expire_session"},
    "delivered twice": {"action": "deliver_twice"},
}
LEAVES_OPEN = ("delayed beyond the deadline", "server error", "cut before the commit", "cut after the commit", "finished after the cut")
DEFAULTS = {
    "duplicate_controlid_reply": "no_status",
    "refusal_spends_controlid": False,
    "controlid_memory_s": 0.0,
    "duplicate_while_running": "refuse",
    "consistency_lag_s": 0.0,
}


@dataclass
class Company:
    """The books, the adapter, and the hand that writes into them."""

    running: Running
    system: IntacctSystem
    http: httpx.Client
    seen: list[Effect] = field(default_factory=list)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"/_sandbox/{path}", json=body).raise_for_status()
        return answer.json() if answer.content else None

    def add(self, kind: str, **row: Any) -> str:
        return str(self.control("POST", f"objects/{kind}", {name.replace("__", "."): value for name, value in row.items()})["RECORDNO"])

    def rows(self, kind: str) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.control("GET", f"objects/{kind}")
        return rows

    def lines(self, kind: str, number: str) -> tuple[Line, ...]:
        lines = KINDS[kind].lines
        assert lines is not None
        ref = Ref(kind, number)
        self.running.emulator.clock.advance(LAG)
        value = self.calm(lambda: self.system.read([ref]))[ref].fields[lines.container]
        assert isinstance(value, tuple)
        return value

    def calm(self, do: Callable[[], Any]) -> Any:
        """Ask again while the system cannot be asked."""
        for _ in range(20):
            try:
                return do()
            except Fault as fault:
                said = fault
                self.running.emulator.clock.advance(30)
        raise AssertionError(f"it never answers: {said}")

    def write(self, write: Write) -> Outcome:
        """Carry one write to its end as invariant 4 says; its first key is the write's own."""
        for n in range(1, 4):
            current = replace(write, key=f"{write.key}/{n}")
            outcome = self._until_settled(current)
            if outcome is not None:
                return outcome
        raise AssertionError("it is never settled")

    def _until_settled(self, write: Write) -> Outcome | None:
        """The outcome that stands; None if the key was used up without effect."""
        clock = self.running.emulator.clock
        outcome, resent, sent_at = self._send(write), False, clock.now()
        for _ in range(40):
            if outcome.effect is Effect.DONE:
                return outcome
            if outcome.effect is Effect.REFUSED and not resent:
                return None  # surely without effect: a person sends it again, under the next key
            if outcome.effect is Effect.NOT_SENT and not resent:
                clock.advance(10)
                outcome, sent_at = self._send(write), clock.now()
                continue
            clock.advance(5)
            probe: Probe = self.calm(lambda: self.system.probe([write]))[0]
            if probe.trace is Trace.EQUAL:
                assert probe.record is not None or write.verb is Verb.DELETE
                return Outcome(Effect.DONE, probe.record.id if probe.record else "", probe.record.natural_key if probe.record else "")
            assert probe.trace is Trace.ABSENT, probe
            if resent and outcome.effect is not Effect.NOT_SENT:
                clock.advance(LAG)
                if self.calm(lambda: self.system.probe([write]))[0].trace is Trace.EQUAL:
                    continue
                if outcome.effect is Effect.REFUSED or (outcome.fault is not None and outcome.fault.case.sign is Sign.CALL_REPEATED):
                    return None  # spent without effect
            at_once = probe.enforced and write.verb is Verb.CREATE
            if not at_once and (clock.now() - sent_at).total_seconds() < SETTLE + LAG:
                clock.advance(300)
                continue
            outcome, resent, sent_at = self._send(write), True, clock.now()
        raise AssertionError("it is never settled")

    def _send(self, write: Write) -> Outcome:
        (outcome,) = self.system.write([write])
        self.seen.append(outcome.effect)
        return outcome


@pytest.fixture(scope="module")
def served() -> Iterator[Company]:
    with (
        serve(IntacctEmulator(settings={"concurrency": 0})) as running,
        httpx.Client(verify=False, base_url=running.url, timeout=30) as http,
    ):
        clock = running.emulator.clock
        credentials = Credentials("SANDBOX", "sandbox-sender", "sandbox-sender-pw", "ws-user", "ws-user-pw", running.url + PATH)
        client = Client(credentials, clock=clock, monotonic=lambda: clock.now().timestamp())
        system = IntacctSystem(client, clock=clock)
        yield Company(running, system, http)
        system.close()


@pytest.fixture
def company(served: Company) -> Company:
    """An empty company with what documents refer to."""
    served.control("POST", "reset", {"world": "empty", "seed": 0})
    served.control("DELETE", "faults")
    served.control("PUT", "settings", {**DEFAULTS, "concurrency": 0})
    served.running.emulator.clock.set(START)
    made = replace(served, seen=[])
    made.add("VENDOR", VENDORID="V-1", NAME="Acme", DISPLAYCONTACT__PRINTAS="Acme")
    made.add("CONTACT", CONTACTNAME="Ann", PRINTAS="Ann")
    made.add("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO__CONTACTNAME="Ann", LOCATIONID="100", STARTDATE="01/01/2020")
    made.add("ITEM", ITEMID="LUMBER", NAME="Lumber", ITEMTYPE="Non-Inventory")
    made.add("PROJECT", PROJECTID="P-1", NAME="Depot", PROJECTCATEGORY="Contract", LOCATIONID="100")
    made.add("TASK", PROJECTID="P-1", TASKID="010", NAME="Slab", TASKSTATUS="In Progress")
    return made


def bill_line(amount: str) -> Line:
    return Line("", {"ACCOUNTNO": "5000", "TRX_AMOUNT": Decimal(amount), "LOCATIONID": "100"})


def order_line(price: str, **more: Value) -> Line:
    given = {"ITEMID": "LUMBER", "UIQTY": Decimal(1), "UNIT": "Each", "UIPRICE": Decimal(price), "LOCATIONID": "100"}
    return Line("", {**given, **more})


def estimate_line(amount: str) -> Line:
    return Line("", {"TASKID": "1/010", "AMOUNT": Decimal(amount), "WFTYPE": "original"})


def hours(quantity: str, day: int) -> Line:
    return Line("", {"ENTRYDATE": date(2026, 3, day), "QTY": Decimal(quantity), "LOCATIONID": "100"})


BILL: Mapping[str, Value] = {"VENDORID": "V-1", "WHENCREATED": DAY, "WHENDUE": DUE}
ORDER: Mapping[str, Value] = {"DOCPARID": "Purchase Order", "CUSTVENDID": "V-1", "WHENCREATED": DAY, "WHENDUE": DUE}


@dataclass(frozen=True)
class Document:
    """One document to write: its two lines, the line a change adds, and what the books keep of them.

    `function` and `change` are the calls that are met by the fault; `column` holds a line's figure in the stored rows of `lines`.
    """

    kind: str
    natural_key: str
    fields: Mapping[str, Value]
    first: tuple[Line, Line]
    added: Line
    function: str
    change: str
    lines: str
    column: str
    figures: tuple[str, str, str]
    of: Mapping[str, str] = field(default_factory=dict)

    def created(self) -> Write:
        container = KINDS[self.kind].lines
        assert container is not None
        return Write("c", Verb.CREATE, self.kind, {**self.fields, container.container: self.first}, natural_key=self.natural_key)

    def widened(self, number: str, before: tuple[Line, ...]) -> Write:
        lines = KINDS[self.kind].lines
        assert lines is not None
        wanted, expected = {lines.container: (*before, self.added)}, {lines.container: before}
        return Write("u", Verb.UPDATE, self.kind, wanted, target=number, natural_key=self.natural_key, expected=expected)

    def must_be_there(self, company: Company, lines: int) -> None:
        """One such document, with exactly the lines that were written."""
        rows = [row for row in company.rows(self.kind) if all(row[name] == value for name, value in self.of.items())]
        assert len(rows) == 1, f"there are {len(rows)}; outcomes {company.seen}"
        owner = KINDS[self.kind].lines
        assert owner is not None
        mine = [row for row in company.rows(self.lines) if row[owner.owner] == rows[0]["RECORDNO"]]
        assert sorted(Decimal(row[self.column]) for row in mine) == sorted(map(Decimal, self.figures[:lines])), company.seen


DOCUMENTS: Mapping[str, Document] = {
    "bill": Document(
        "APBILL", "1/INV-7", BILL, (bill_line("10"), bill_line("5")), bill_line("3"),
        "create", "update", "APBILLITEM", "TRX_AMOUNT", ("10", "5", "3"),
    ),
    "bill without a number": Document(
        "APBILL", "", {**BILL, "DESCRIPTION": "tieout:7"}, (bill_line("10"), bill_line("5")), bill_line("3"),
        "create", "update", "APBILLITEM", "TRX_AMOUNT", ("10", "5", "3"),
    ),
    "purchase order": Document(
        "PODOCUMENT", "Purchase Order-PO-7", ORDER, (order_line("10"), order_line("5")), order_line("3"),
        "create_potransaction", "update_potransaction", "PODOCUMENTENTRY", "UIPRICE", ("10", "5", "3"), {"DOCPARID": "Purchase Order"},
    ),
    "purchase order that Intacct numbers": Document(
        "PODOCUMENT", "", {**ORDER, "PONUMBER": "tieout:7"}, (order_line("10"), order_line("5")), order_line("3"),
        "create_potransaction", "update_potransaction", "PODOCUMENTENTRY", "UIPRICE", ("10", "5", "3"), {"DOCPARID": "Purchase Order"},
    ),
    "change order": Document(
        "PODOCUMENT", "PO Change Order-CO-1", {**ORDER, "DOCPARID": "PO Change Order"},
        (order_line("10", RELATEDDOCKEY="1", RELATEDDOCLINEKEY="1"), order_line("5", RELATEDDOCKEY="1")),
        order_line("3", RELATEDDOCKEY="1"),
        "create_potransaction", "update_potransaction", "PODOCUMENTENTRY", "UIPRICE", ("10", "5", "3"), {"DOCPARID": "PO Change Order"},
    ),
    "estimate": Document(
        "PJESTIMATE", "E-1", {"PROJECTID": "P-1", "DESCRIPTION": "Bid"}, (estimate_line("10"), estimate_line("5")), estimate_line("3"),
        "create", "update", "PJESTIMATEENTRY", "AMOUNT", ("10", "5", "3"),
    ),
    "timesheet": Document(
        "TIMESHEET", "1/2026-03-02", {"EMPLOYEEID": "E-1"}, (hours("8", 2), hours("7", 3)), hours("6", 4),
        "create", "update", "TIMESHEETENTRY", "QTY", ("8", "7", "6"),
    ),
}  # fmt: skip


def prepared(company: Company, document: Document) -> None:
    """A change order needs the order it alters."""
    if document.of.get("DOCPARID") == "PO Change Order":
        fields = {**ORDER, "PODOCUMENTENTRIES": (order_line("100"),)}
        source = Write("source", Verb.CREATE, "PODOCUMENT", fields, natural_key="Purchase Order-PO-1")
        (outcome,) = company.system.write([source])
        assert (outcome.effect, outcome.id, outcome.lines) == (Effect.DONE, "1", ("1",)), outcome.fault


def altered_once(company: Company, document: Document, added: int) -> None:
    """The order that a change order alters shows its own line, and each new one once."""
    if document.of.get("DOCPARID") == "PO Change Order":
        mine = [row for row in company.rows("PODOCUMENTENTRY") if row["DOCHDRNO"] == "1"]
        assert len(mine) == 1 + added


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_there_once_whatever_befalls_its_writing(company: Company, name: str, fault: str, switch: str) -> None:
    document = DOCUMENTS[name]
    prepared(company, document)
    company.control("PUT", "settings", SWITCHES[switch])
    company.control("POST", "faults", [{"match": {"function": document.function, "times": 2}, **FAULTS[fault]}])
    outcome = company.write(document.created())
    assert outcome.id.isdigit()
    assert set(company.seen) != {Effect.DONE}, "the fault was not met"
    company.running.emulator.clock.advance(SETTLE)
    document.must_be_there(company, 2)
    altered_once(company, document, 1)


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("fault", LEAVES_OPEN)
@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "without" not in name and "numbers" not in name])
def test_a_line_is_added_once_whatever_befalls_the_change(company: Company, name: str, fault: str, switch: str) -> None:
    document = DOCUMENTS[name]
    prepared(company, document)
    number = company.write(document.created()).id
    before = company.lines(document.kind, number)
    company.control("PUT", "settings", SWITCHES[switch])
    company.control("POST", "faults", [{"match": {"function": document.change, "times": 2}, **FAULTS[fault]}])
    company.seen.clear()
    company.write(document.widened(number, before))
    assert set(company.seen) != {Effect.DONE}, "the fault was not met"
    company.running.emulator.clock.advance(SETTLE)
    document.must_be_there(company, 3)
    altered_once(company, document, 2)
