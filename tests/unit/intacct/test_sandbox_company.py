"""The adapter against the emulator, which another hand wrote from the reference: every kind, write mode and act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.in_process import InProcess
from tieout.core.ports import Effect, Outcome, Trace, Verb, Write
from tieout.core.record import Fields, Line, Record, Ref, Value
from tieout.intacct import KINDS
from tieout.intacct.connection import IntacctSystem, connect
from tieout.sandbox.clock import Clock
from tieout.sandbox.emulator import Emulator
from tieout.sandbox.registry import named

DAY = date(2026, 3, 2)
SETTINGS = {
    "company_id": "SANDBOX",
    "sender_id": "sandbox-sender",
    "sender_password": "sandbox-sender-pw",
    "user_id": "ws-user",
    "user_password": "ws-user-pw",
    "endpoint": "http://intacct.test/ia/xml/xmlgw.phtml",
}


@dataclass
class Books:
    """One connection, with short words for what the tests do."""

    emulator: Emulator
    system: IntacctSystem
    numbers: dict[str, str] = field(default_factory=dict)

    def send(self, verb: Verb, kind: str, fields: Fields, **more: object) -> Outcome:
        (outcome,) = self.system.write([Write(str(uuid4()), verb, kind, fields, **more)])  # type: ignore[arg-type]
        return outcome

    def create(self, kind: str, natural_key: str = "", **fields: Value) -> str:
        outcome = self.send(Verb.CREATE, kind, {name.replace("__", "."): value for name, value in fields.items()}, natural_key=natural_key)
        assert outcome.effect is Effect.DONE, outcome.fault
        return outcome.id

    def update(self, kind: str, target: str, **fields: Value) -> Outcome:
        return self.send(Verb.UPDATE, kind, fields, target=target)

    def one(self, kind: str, number: str) -> Record:
        ref = Ref(kind, number)
        return self.system.read([ref])[ref]

    def lines(self, kind: str, number: str) -> tuple[Line, ...]:
        described = KINDS[kind].lines
        assert described is not None
        value = self.one(kind, number).fields[described.container]
        assert isinstance(value, tuple)
        return value


@pytest.fixture
def books() -> Iterator[Books]:
    clock = Clock()
    clock.set(datetime(2026, 3, 2, 14, 0, tzinfo=UTC))
    emulator = named("intacct")[0].load()(world="empty", seed=1, clock=clock, settings={"concurrency": 0, "consistency_lag_s": 0})
    system = connect(SETTINGS, clock=clock, transport=InProcess(emulator))
    yield Books(emulator, system)
    system.close()
    emulator.close()


def amount(text: str, account: str = "5000", **more: Value) -> Line:
    return Line("", {"ACCOUNTNO": account, "TRX_AMOUNT": Decimal(text), "LOCATIONID": "100", **more})


def a_bill(books: Books, *amounts: str) -> str:
    vendor = books.create("VENDOR", "V-1", NAME="Acme", DISPLAYCONTACT__PRINTAS="Acme")
    lines = tuple(amount(each) for each in amounts)
    return books.create("APBILL", f"{vendor}/INV-7", VENDORID="V-1", WHENCREATED=DAY, WHENDUE=date(2026, 4, 2), APBILLITEMS=lines)


def test_every_kind_of_the_catalogue_can_be_read(books: Books) -> None:
    for kind in KINDS:
        assert books.system.changes(kind, None) is not None


def test_a_bill_is_written_read_changed_and_reversed(books: Books) -> None:
    number = a_bill(books, "10.50", "5")
    record = books.one("APBILL", number)
    assert (record.natural_key, record.fields["TRX_TOTALENTERED"]) == ("1/INV-7", Decimal("15.5"))
    assert list(books.system.find("APBILL", ["1/INV-7"])) == ["1/INV-7"]
    before = books.lines("APBILL", number)
    after = (Line(before[0].id, {**before[0].fields, "TRX_AMOUNT": Decimal(11)}), before[1], amount("3"))
    write = Write("change", Verb.UPDATE, "APBILL", {"APBILLITEMS": after}, target=number, expected={"APBILLITEMS": before})
    assert books.system.probe([write])[0].trace is Trace.ABSENT
    (changed,) = books.system.write([write])
    assert (changed.effect, changed.touched) == (Effect.DONE, ())
    assert books.system.probe([write])[0].trace is Trace.EQUAL
    assert [each.fields["TRX_AMOUNT"] for each in books.lines("APBILL", number)] == [11, 5, 3]
    assert changed.lines == tuple(each.id for each in books.lines("APBILL", number))
    assert [each.id for each in books.lines("APBILL", number)][:2] == [each.id for each in before]
    reverse = Write("reverse", Verb.ACT, "APBILL", {"DATEREVERSED": DAY}, target=number, action="reverse")
    assert books.system.probe([reverse])[0].trace is Trace.ABSENT
    assert books.system.write([reverse])[0].effect is Effect.DONE
    assert books.system.probe([reverse])[0].trace is Trace.EQUAL


def test_an_invoice_keeps_the_lines_a_change_does_not_name(books: Books) -> None:
    books.create("CUSTOMER", "C-1", NAME="Ashby", DISPLAYCONTACT__PRINTAS="Ashby")
    project = books.create("PROJECT", "P-1", NAME="Depot", PROJECTCATEGORY="Contract", LOCATIONID="100")
    task = books.create("TASK", f"{project}/010", NAME="Slab", PROJECTID="P-1", TASKSTATUS="Not Started")
    lines = (amount("10", "4000", PROJECTID="P-1", TASKID=f"{project}/010"), amount("5", "4000"))
    number = books.create("ARINVOICE", "I-1", CUSTOMERID="C-1", WHENCREATED=DAY, WHENDUE=DAY, ARINVOICEITEMS=lines)
    before = books.lines("ARINVOICE", number)
    assert before[0].fields["TASKID"] == Ref("TASK", task)
    after = (before[0], Line(before[1].id, {"TRX_AMOUNT": Decimal(6)}), amount("2", "4000"))
    write = Write("change", Verb.UPDATE, "ARINVOICE", {"ARINVOICEITEMS": after}, target=number, expected={"ARINVOICEITEMS": before})
    assert books.system.probe([write])[0].trace is Trace.ABSENT
    assert books.system.write([write])[0].effect is Effect.DONE
    assert books.system.probe([write])[0].trace is Trace.EQUAL
    assert books.update("ARINVOICE", number, DESCRIPTION="March").effect is Effect.DONE
    assert [each.fields["TRX_AMOUNT"] for each in books.lines("ARINVOICE", number)] == [10, 6, 2]
    refused = books.system.write(
        [Write("drop", Verb.UPDATE, "ARINVOICE", {"ARINVOICEITEMS": before[:1]}, target=number, expected={"ARINVOICEITEMS": before})]
    )
    assert refused[0].fault is not None
    assert "cannot be taken out" in refused[0].fault.detail
    assert books.send(Verb.ACT, "ARINVOICE", {"DATEREVERSED": DAY}, target=number, action="reverse").effect is Effect.DONE
    assert books.one("ARINVOICE", number).fields["STATE"] == "Reversed"


def test_an_adjustment_is_entered_changed_and_deleted(books: Books) -> None:
    vendor = books.create("VENDOR", "V-1", NAME="Acme", DISPLAYCONTACT__PRINTAS="Acme")
    number = books.create("APADJUSTMENT", f"{vendor}/ADJ-1", VENDORID="V-1", WHENCREATED=DAY, APADJUSTMENTITEMS=(amount("-5"),))
    assert books.update("APADJUSTMENT", number, DESCRIPTION="credit").effect is Effect.DONE
    record = books.one("APADJUSTMENT", number)
    assert (record.natural_key, record.fields["DESCRIPTION"], record.fields["TRX_TOTALDUE"]) == ("1/ADJ-1", "credit", -5)
    assert books.send(Verb.DELETE, "APADJUSTMENT", {}, target=number).effect is Effect.DONE


def test_a_customer_payment_pays_an_invoice_and_can_be_reversed(books: Books) -> None:
    customer = books.create("CUSTOMER", "C-1", NAME="Ashby", DISPLAYCONTACT__PRINTAS="Ashby")
    invoice = books.create("ARINVOICE", "I-1", CUSTOMERID="C-1", WHENCREATED=DAY, WHENDUE=DAY, ARINVOICEITEMS=(amount("10", "4000"),))
    paid = Line("", {"RECORDKEY": int(invoice), "TRX_PAYMENTAMOUNT": Decimal(10)})
    given: dict[str, Value] = {"PAYMENTMETHOD": "EFT", "RECEIPTDATE": DAY, "CURRENCY": "USD", "UNDEPOSITEDACCOUNTNO": "1050"}
    number = books.create("ARPYMT", f"{customer}/CHK-1", CUSTOMERID="C-1", **given, ARPYMTDETAILS=(paid,))
    assert books.one("ARPYMT", number).natural_key == "1/CHK-1"
    assert books.one("ARINVOICE", invoice).fields["STATE"] == "Paid"
    assert books.lines("ARPYMT", number)[0].fields["RECORDKEY"] == Ref("ARINVOICE", invoice)
    assert books.send(Verb.ACT, "ARPYMT", {"DATEREVERSED": DAY}, target=number, action="reverse").effect is Effect.DONE
    assert books.one("ARINVOICE", invoice).fields["STATE"] == "Posted"


def a_timesheet(books: Books) -> str:
    books.system.client.create("CONTACT", {"CONTACTNAME": "Ann", "PRINTAS": "Ann"}, key=str(uuid4()))
    employee = books.create("EMPLOYEE", "E-1", PERSONALINFO__CONTACTNAME="Ann", LOCATIONID="100", STARTDATE=date(2020, 1, 1))
    lines = tuple(Line("", {"ENTRYDATE": date(2026, 3, day), "QTY": Decimal(8), "LOCATIONID": "100"}) for day in (2, 3))
    return books.create("TIMESHEET", f"{employee}/2026-03-02", EMPLOYEEID="E-1", TIMESHEETENTRIES=lines)


def test_a_timesheet_is_replaced_whole_and_its_lines_keep_their_numbers(books: Books) -> None:
    number = a_timesheet(books)
    record = books.one("TIMESHEET", number)
    assert record.natural_key == "1/2026-03-02"
    assert list(books.system.find("TIMESHEET", ["1/2026-03-02", "1/2026-03-09", "1/nonsense"])) == ["1/2026-03-02"]
    before = books.lines("TIMESHEET", number)
    added = Line("", {"ENTRYDATE": date(2026, 3, 4), "QTY": Decimal(6), "LOCATIONID": "100"})
    write = Write(
        "x", Verb.UPDATE, "TIMESHEET", {"TIMESHEETENTRIES": (before[1], added)}, target=number, expected={"TIMESHEETENTRIES": before}
    )
    assert books.system.probe([write])[0].trace is Trace.ABSENT
    (changed,) = books.system.write([write])
    assert (changed.effect, changed.lines) == (Effect.DONE, ("2", "3"))
    assert books.system.probe([write])[0].trace is Trace.EQUAL
    assert [(each.id, each.fields["QTY"]) for each in books.lines("TIMESHEET", number)] == [("2", 8), ("3", 6)]
    assert books.update("TIMESHEET", number, DESCRIPTION="week 10").effect is Effect.DONE
    assert len(books.lines("TIMESHEET", number)) == 2


def test_lines_that_were_replaced_and_do_not_show_yet_are_read_by_the_key_of_their_sheet(books: Books) -> None:
    number = a_timesheet(books)
    books.emulator.settings.update({"consistency_lag_s": 60})
    assert books.update("TIMESHEET", number, DESCRIPTION="week 10").effect is Effect.DONE
    assert [(each.id, each.fields["QTY"]) for each in books.lines("TIMESHEET", number)] == [("1", 8), ("2", 8)]


def test_a_submitted_timesheet_is_locked_until_it_is_declined_and_approved_by_a_verb(books: Books) -> None:
    number = a_timesheet(books)
    assert books.update("TIMESHEET", number, STATE="Submitted").effect is Effect.DONE
    locked = books.update("TIMESHEET", number, DESCRIPTION="late")
    assert locked.fault is not None
    assert locked.fault.case.code == "intacct.locked"
    assert books.send(Verb.ACT, "TIMESHEET", {"COMMENT": "which job?"}, target=number, action="decline").effect is Effect.DONE
    assert books.one("TIMESHEET", number).fields["STATE"] == "Declined"
    assert books.update("TIMESHEET", number, STATE="Submitted").effect is Effect.DONE
    approve = Write("approve", Verb.ACT, "TIMESHEET", {}, target=number, action="approve")
    assert books.system.write([approve])[0].effect is Effect.DONE
    assert books.system.probe([approve])[0].trace is Trace.EQUAL


def test_what_intacct_wants_with_every_change_is_taken_from_the_record(books: Books) -> None:
    project = books.create("PROJECT", "P-1", NAME="Depot", PROJECTCATEGORY="Contract", LOCATIONID="100")
    task = books.create("TASK", f"{project}/010", NAME="Slab", PROJECTID="P-1", TASKSTATUS="In Progress")
    assert books.update("TASK", task, NAME="Slab and kerb").effect is Effect.DONE
    assert books.one("TASK", task).fields["TASKSTATUS"] == "In Progress"
    account = books.create(
        "GLACCOUNT", "5990", TITLE="Hire", ACCOUNTTYPE="incomestatement", NORMALBALANCE="debit", CLOSINGTYPE="non-closing account"
    )
    assert books.update("GLACCOUNT", account, TITLE="Plant hire").effect is Effect.DONE
    assert books.one("GLACCOUNT", account).fields["NORMALBALANCE"] == "debit"


def test_tasks_of_one_id_in_two_projects_are_told_apart(books: Books) -> None:
    for name in ("P-1", "P-2"):
        project = books.create("PROJECT", name, NAME=name, PROJECTCATEGORY="Contract", LOCATIONID="100")
        books.create("TASK", f"{project}/010", NAME=name, PROJECTID=name, TASKSTATUS="Planned")
    found = books.system.find("TASK", ["1/010", "2/010", "3/010"])
    assert {key: record.fields["NAME"] for key, record in found.items()} == {"1/010": "P-1", "2/010": "P-2"}
    again = books.send(Verb.CREATE, "TASK", {"NAME": "x", "PROJECTID": "P-1", "TASKSTATUS": "Planned"}, natural_key="1/010")
    assert again.effect is Effect.REFUSED
