"""The adapter against the emulator: cost codes and types, estimates, change requests, contracts, and what each changes besides itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tieout.core.ports import Effect, Trace, Verb, Write
from tieout.core.record import Line, Ref, Value
from tieout.intacct.catalogue import REMOVE_LINES

from .test_sandbox_company import DAY, Books, books

__all__ = ["books"]


@pytest.fixture
def depot(books: Books) -> Books:
    """A project with one cost code that has one cost type."""
    books.numbers["project"] = books.create("PROJECT", "P-1", NAME="Depot", PROJECTCATEGORY="Contract", LOCATIONID="100")
    books.create("STANDARDTASK", "010", NAME="Slab")
    books.create("STANDARDCOSTTYPE", "MAT", NAME="Material")
    project = books.numbers["project"]
    books.numbers["task"] = books.create("TASK", f"{project}/010", NAME="Slab", PROJECTID="P-1", TASKSTATUS="In Progress")
    task = books.numbers["task"]
    books.numbers["cost"] = books.create("COSTTYPE", f"{task}/MAT", PROJECTID="P-1", TASKID=f"{project}/010")
    return books


def cost(depot: Books, amount: str, **more: Value) -> Line:
    keys = {"TASKID": f"{depot.numbers['project']}/010", "COSTTYPEID": f"{depot.numbers['task']}/MAT"}
    return Line("", {**keys, "AMOUNT": Decimal(amount), "WFTYPE": "original", **more})


def an_estimate(depot: Books, *amounts: str) -> str:
    lines = tuple(cost(depot, each) for each in amounts)
    return depot.create("PJESTIMATE", "E-1", PROJECTID="P-1", DESCRIPTION="Bid", ISPRIMARY=True, ENTRIES=lines)


def test_a_cost_type_is_found_inside_its_cost_code(depot: Books) -> None:
    task, project = depot.numbers["task"], depot.numbers["project"]
    record = depot.one("COSTTYPE", depot.numbers["cost"])
    assert (record.natural_key, record.fields["TASKID"], record.fields["PROJECTID"]) == (
        f"{task}/MAT",
        Ref("TASK", task),
        Ref("PROJECT", project),
    )
    assert list(depot.system.find("COSTTYPE", [f"{task}/MAT", f"{task}/LAB", "99/MAT"])) == [f"{task}/MAT"]
    again = depot.send(Verb.CREATE, "COSTTYPE", {"PROJECTID": "P-1", "TASKID": f"{project}/010"}, natural_key=f"{task}/MAT")
    assert again.effect is Effect.REFUSED
    assert depot.update("COSTTYPE", depot.numbers["cost"], NAME="Materials").effect is Effect.DONE


def test_an_estimate_is_changed_line_by_line_and_its_lines_keep_their_numbers(depot: Books) -> None:
    number = an_estimate(depot, "100.50", "20")
    before = depot.lines("PJESTIMATE", number)
    assert [(line.fields["AMOUNT"], line.fields["COSTTYPEID"]) for line in before] == [
        (Decimal("100.5"), Ref("COSTTYPE", depot.numbers["cost"])),
        (Decimal(20), Ref("COSTTYPE", depot.numbers["cost"])),
    ]
    after = (Line(before[0].id, {**before[0].fields, "AMOUNT": Decimal(99)}), before[1], cost(depot, "7"))
    write = Write("e-1", Verb.UPDATE, "PJESTIMATE", {"ENTRIES": after}, target=number, expected={"ENTRIES": before})
    assert depot.system.probe([write])[0].trace is Trace.ABSENT
    (outcome,) = depot.system.write([write])
    assert outcome.effect is Effect.DONE, outcome.fault
    assert depot.system.probe([write])[0].trace is Trace.EQUAL
    now = depot.lines("PJESTIMATE", number)
    assert [line.fields["AMOUNT"] for line in now] == [99, 20, 7]
    assert outcome.lines == tuple(line.id for line in now)
    assert [line.id for line in now][:2] == [line.id for line in before]


def test_lines_of_an_estimate_are_taken_out_by_a_call_of_their_own(depot: Books) -> None:
    number = an_estimate(depot, "1", "2", "3")
    before = depot.lines("PJESTIMATE", number)
    dropped = Write("e-2", Verb.UPDATE, "PJESTIMATE", {"ENTRIES": before[:1]}, target=number, expected={"ENTRIES": before})
    (refused,) = depot.system.write([dropped])
    assert refused.fault is not None
    assert REMOVE_LINES in refused.fault.detail
    gone = (Line(before[1].id, {}), Line(before[2].id, {}))
    write = Write("e-3", Verb.ACT, "PJESTIMATE", {"ENTRIES": gone}, target=number, action=REMOVE_LINES)
    assert depot.system.probe([write])[0].trace is Trace.ABSENT
    assert depot.system.write([write])[0].effect is Effect.DONE
    assert depot.system.probe([write])[0].trace is Trace.EQUAL
    assert [line.fields["AMOUNT"] for line in depot.lines("PJESTIMATE", number)] == [1]
    nothing = Write("e-4", Verb.ACT, "PJESTIMATE", {"ENTRIES": ()}, target=number, action=REMOVE_LINES)
    assert depot.system.write([nothing])[0].effect is Effect.REFUSED


def test_a_finalized_estimate_lets_only_its_status_be_changed(depot: Books) -> None:
    number = an_estimate(depot, "1")
    assert depot.update("PJESTIMATE", number, STATUS="finalized").effect is Effect.DONE
    expected = {"STATUS": "finalized", "DESCRIPTION": "Bid"}
    write = Write("e-5", Verb.UPDATE, "PJESTIMATE", {"DESCRIPTION": "Final"}, target=number, expected=expected)
    (locked,) = depot.system.write([write])
    assert locked.fault is not None
    assert (locked.effect, locked.fault.case.code) == (Effect.REFUSED, "intacct.locked")
    reopened = Write("e-6", Verb.UPDATE, "PJESTIMATE", {"STATUS": "active"}, target=number, expected={"STATUS": "finalized"})
    assert depot.system.write([reopened])[0].effect is Effect.DONE


def test_a_posted_change_request_writes_to_the_primary_estimate_and_says_which(depot: Books) -> None:
    estimate = an_estimate(depot, "100")
    depot.create("CHANGEREQUESTSTATUS", "Approved", WFTYPE="approved change")
    depot.create("CHANGEREQUESTTYPE", "Scope")
    keys = {"PROJECTID": "P-1", "TASKID": f"{depot.numbers['project']}/010", "COSTTYPEID": f"{depot.numbers['task']}/MAT"}
    line = Line("", {**keys, "COST": Decimal(30), "PRICE": Decimal(40)})
    number = depot.create(
        "CHANGEREQUEST",
        "CR-1",
        PROJECTID="P-1",
        CHANGEREQUESTDATE=DAY,
        CHANGEREQUESTSTATUSNAME="Approved",
        CHANGEREQUESTTYPENAME="Scope",
        CHANGEREQUESTENTRIES=(line,),
    )
    assert len(depot.lines("PJESTIMATE", estimate)) == 1
    posted = depot.update("CHANGEREQUEST", number, CHANGEREQUESTSTATE="Posted")
    assert posted.effect is Effect.DONE, posted.fault
    written = [line for line in depot.lines("PJESTIMATE", estimate) if line.fields["CHANGEREQUESTKEY"] == Ref("CHANGEREQUEST", number)]
    assert [line.fields["AMOUNT"] for line in written] == [30]
    before = depot.lines("CHANGEREQUEST", number)
    assert before[0].fields["PJESTIMATEID"] == Ref("PJESTIMATE", estimate)
    dearer = (Line(before[0].id, {**before[0].fields, "COST": Decimal(35)}),)
    write = Write(
        "c-2", Verb.UPDATE, "CHANGEREQUEST", {"CHANGEREQUESTENTRIES": dearer}, target=number, expected={"CHANGEREQUESTENTRIES": before}
    )
    (outcome,) = depot.system.write([write])
    assert outcome.effect is Effect.DONE, outcome.fault
    assert outcome.touched == (Ref("PJESTIMATE", estimate),)
    written = [line for line in depot.lines("PJESTIMATE", estimate) if line.fields["CHANGEREQUESTKEY"] == Ref("CHANGEREQUEST", number)]
    assert [line.fields["AMOUNT"] for line in written] == [35]


def test_a_change_order_gathers_requests_and_lets_them_go(depot: Books) -> None:
    depot.create("CHANGEREQUESTSTATUS", "Pending", WFTYPE="pending change")
    order = depot.create("PROJECTCHANGEORDER", "PCO-1", PROJECTID="P-1", PROJECTCHANGEORDERDATE=DAY)
    an_estimate(depot, "100")
    line = Line("", {"PROJECTID": "P-1", "TASKID": f"{depot.numbers['project']}/010", "COST": Decimal(5), "PRICE": Decimal(8)})
    fields: dict[str, Value] = {
        "PROJECTID": "P-1",
        "CHANGEREQUESTDATE": DAY,
        "CHANGEREQUESTSTATUSNAME": "Pending",
        "CHANGEREQUESTSTATE": "Posted",
    }
    number = depot.create("CHANGEREQUEST", "CR-1", **fields, PROJECTCHANGEORDERID="PCO-1", CHANGEREQUESTENTRIES=(line,))
    assert depot.one("CHANGEREQUEST", number).fields["PROJECTCHANGEORDERID"] == Ref("PROJECTCHANGEORDER", order)
    assert depot.one("PROJECTCHANGEORDER", order).fields["TOTALPRICE"] == 8
    free = Write(
        "c-3",
        Verb.UPDATE,
        "CHANGEREQUEST",
        {"PROJECTCHANGEORDERID": None},
        target=number,
        expected={"PROJECTCHANGEORDERID": Ref("PROJECTCHANGEORDER", order)},
    )
    (outcome,) = depot.system.write([free])
    assert outcome.effect is Effect.DONE, outcome.fault
    assert outcome.touched == (Ref("PROJECTCHANGEORDER", order),)
    assert depot.one("PROJECTCHANGEORDER", order).fields["TOTALPRICE"] == 0


def test_a_contract_and_its_lines_are_written_and_found(depot: Books) -> None:
    depot.create("CUSTOMER", "C-1", NAME="Ashby", DISPLAYCONTACT__PRINTAS="Ashby")
    depot.create("ITEM", "WORK", NAME="Work", ITEMTYPE="Non-Inventory")
    contract = depot.create("PROJECTCONTRACT", "PC-1", NAME="Depot", PROJECTID="P-1", CUSTOMERID="C-1", CONTRACTDATE=DAY)
    entry = Line("", {"WFTYPE": "original", "PRICE": Decimal(900)})
    number = depot.create(
        "PROJECTCONTRACTLINE",
        f"{contract}/1",
        PROJECTCONTRACTID="PC-1",
        NAME="Slab",
        CONTRACTLINEDATE=DAY,
        ACCOUNTNO="4000",
        BILLINGTYPE="Progress",
        MAXIMUMBILLING="Total revised price",
        ITEMID="WORK",
        PROJECTID="P-1",
        PROJECTCONTRACTLINEENTRIES=(entry,),
    )
    assert depot.one("PROJECTCONTRACTLINE", number).natural_key == f"{contract}/1"
    assert list(depot.system.find("PROJECTCONTRACTLINE", [f"{contract}/1", f"{contract}/2"])) == [f"{contract}/1"]
    before = depot.lines("PROJECTCONTRACTLINE", number)
    change = (*before, Line("", {"WFTYPE": "approved change", "PRICE": Decimal(100)}))
    write = Write(
        "l-2",
        Verb.UPDATE,
        "PROJECTCONTRACTLINE",
        {"PROJECTCONTRACTLINEENTRIES": change},
        target=number,
        expected={"PROJECTCONTRACTLINEENTRIES": before, "PROJECTCONTRACTID": Ref("PROJECTCONTRACT", contract)},
    )
    (outcome,) = depot.system.write([write])
    assert outcome.effect is Effect.DONE, outcome.fault
    assert outcome.touched == (Ref("PROJECTCONTRACT", contract),)
    assert len(outcome.lines) == 2
    assert depot.one("PROJECTCONTRACT", contract).fields["TOTALREVISEDPRICE"] == 1000


def test_the_lists_of_construction_are_written_sparsely(books: Books) -> None:
    number = books.create("ACCUMULATIONTYPE", "Cranes", COSTCATEGORY="Equipment")
    assert books.update("ACCUMULATIONTYPE", number, STATUS="inactive").effect is Effect.DONE
    assert books.one("ACCUMULATIONTYPE", number).fields["COSTCATEGORY"] == "Equipment"
    kinds = books.create("PJESTIMATETYPE", "Bid", SELECTEDWFTYPES="original#~#revision")
    assert books.one("PJESTIMATETYPE", kinds).fields["SELECTEDWFTYPES"] == "original#~#revision"


def entry(books: Books, side: int, amount: str, account: str) -> Line:
    return Line("", {"ACCOUNTNO": account, "TR_TYPE": side, "TRX_AMOUNT": Decimal(amount), "LOCATION": "100"})


def test_a_journal_entry_is_replaced_whole_and_the_new_numbers_of_its_lines_are_told(books: Books) -> None:
    lines = (entry(books, 1, "10.50", "5000"), entry(books, -1, "10.50", "2000"))
    number = books.create("GLBATCH", JOURNAL="GJ", BATCH_DATE=DAY, BATCH_TITLE="Accrual", REFERENCENO="tieout:1", ENTRIES=lines)
    before = books.lines("GLBATCH", number)
    assert [(line.fields["TR_TYPE"], line.fields["TRX_AMOUNT"]) for line in before] == [(1, Decimal("10.5")), (-1, Decimal("10.5"))]
    assert books.update("GLBATCH", number, BATCH_TITLE="Accrual, corrected").effect is Effect.DONE
    before = books.lines("GLBATCH", number)
    after = tuple(Line(line.id, {**line.fields, "TRX_AMOUNT": Decimal(11)}) for line in before)
    write = Write("g-2", Verb.UPDATE, "GLBATCH", {"ENTRIES": after}, target=number, expected={"ENTRIES": before})
    (outcome,) = books.system.write([write])
    assert outcome.effect is Effect.DONE, outcome.fault
    now = books.lines("GLBATCH", number)
    assert [line.fields["TRX_AMOUNT"] for line in now] == [11, 11]
    assert outcome.lines == tuple(line.id for line in now)
    assert books.one("GLBATCH", number).fields["BATCH_TITLE"] == "Accrual, corrected"


def test_a_journal_entry_is_found_again_by_the_reference_a_flow_gave_it(books: Books) -> None:
    lines = (entry(books, 1, "5", "5000"), entry(books, -1, "5", "2000"))
    fields = {"JOURNAL": "GJ", "BATCH_DATE": DAY, "BATCH_TITLE": "x", "REFERENCENO": "tieout:7", "ENTRIES": lines}
    write = Write("g-3", Verb.CREATE, "GLBATCH", fields)
    assert books.system.probe([write])[0].trace is Trace.ABSENT
    (outcome,) = books.system.write([write])
    assert len(outcome.lines) == 2
    assert books.system.probe([write])[0].trace is Trace.EQUAL


def test_a_customers_adjustment_and_advance_are_written_and_changed(books: Books) -> None:
    customer = books.create("CUSTOMER", "C-1", NAME="Ashby", DISPLAYCONTACT__PRINTAS="Ashby")
    line = Line("", {"ACCOUNTNO": "4000", "TRX_AMOUNT": Decimal("-5"), "LOCATIONID": "100"})
    number = books.create("ARADJUSTMENT", f"{customer}/CM-1", CUSTOMERID="C-1", WHENCREATED=DAY, ARADJUSTMENTITEMS=(line,))
    assert books.update("ARADJUSTMENT", number, DESCRIPTION="credit").effect is Effect.DONE
    record = books.one("ARADJUSTMENT", number)
    assert (record.natural_key, record.fields["DESCRIPTION"], record.fields["TRX_TOTALDUE"]) == (f"{customer}/CM-1", "credit", -5)
    before = books.lines("ARADJUSTMENT", number)
    after = (Line(before[0].id, {**before[0].fields, "TRX_AMOUNT": Decimal("-6")}), line)
    write = Write("a-2", Verb.UPDATE, "ARADJUSTMENT", {"ARADJUSTMENTITEMS": after}, target=number, expected={"ARADJUSTMENTITEMS": before})
    (outcome,) = books.system.write([write])
    assert (outcome.effect, outcome.lines) == (Effect.DONE, tuple(each.id for each in books.lines("ARADJUSTMENT", number)))
    assert books.send(Verb.DELETE, "ARADJUSTMENT", {}, target=number).effect is Effect.DONE
    given: dict[str, Value] = {"PAYMENTMETHOD": "EFT", "PAYMENTDATE": DAY, "RECEIPTDATE": DAY, "UNDEPOSITEDACCOUNTNO": "1050"}
    paid = Line("", {"ACCOUNTNO": "2000", "TRX_AMOUNT": Decimal(50), "LOCATIONID": "100"})
    advance = books.create("ARADVANCE", f"{customer}/ADV-1", CUSTOMERID="C-1", **given, ARADVANCEITEMS=(paid,))
    assert books.update("ARADVANCE", advance, DESCRIPTION="deposit").effect is Effect.DONE
    assert books.one("ARADVANCE", advance).fields["TRX_TOTALENTERED"] == 50
    assert [each.fields["TRX_AMOUNT"] for each in books.lines("ARADVANCE", advance)] == [50]


def test_a_contact_is_written_sparsely(books: Books) -> None:
    number = books.create("CONTACT", "Ann Lee", PRINTAS="Ann Lee", EMAIL1="ann@example.test", MAILADDRESS__CITY="Austin")
    assert books.update("CONTACT", number, PHONE1="1").effect is Effect.DONE
    fields = books.one("CONTACT", number).fields
    assert (fields["EMAIL1"], fields["MAILADDRESS.CITY"], fields["PHONE1"]) == ("ann@example.test", "Austin", "1")
    again = books.send(Verb.CREATE, "CONTACT", {"PRINTAS": "Ann"}, natural_key="Ann Lee")
    assert again.effect is Effect.REFUSED


def test_the_line_numbers_of_a_hundred_documents_cost_one_read(books: Books) -> None:
    books.create("VENDOR", "V-1", NAME="Acme", DISPLAYCONTACT__PRINTAS="Acme")
    lines = tuple(Line("", {"ACCOUNTNO": "5000", "TRX_AMOUNT": Decimal(at), "LOCATIONID": "100"}) for at in (3, 1, 2))
    fields: dict[str, Value] = {"VENDORID": "V-1", "WHENCREATED": DAY, "WHENDUE": date(2026, 4, 2), "APBILLITEMS": lines}
    writes = [Write(f"b-{at}", Verb.CREATE, "APBILL", fields, natural_key=f"1/INV-{at}") for at in range(100)]
    before = books.system.usage().transactions
    outcomes = books.system.write(writes)
    assert books.system.usage().transactions - before == 101
    for outcome in outcomes:
        assert [line.fields["TRX_AMOUNT"] for line in books.lines("APBILL", outcome.id)] == [3, 1, 2]
        assert outcome.lines == tuple(line.id for line in books.lines("APBILL", outcome.id))


def test_lines_that_do_not_show_yet_leave_the_outcome_done(books: Books) -> None:
    books.create("VENDOR", "V-1", NAME="Acme", DISPLAYCONTACT__PRINTAS="Acme")
    books.emulator.settings.update({"consistency_lag_s": 60})
    line = Line("", {"ACCOUNTNO": "5000", "TRX_AMOUNT": Decimal(1), "LOCATIONID": "100"})
    fields: dict[str, Value] = {"VENDORID": "V-1", "WHENCREATED": DAY, "WHENDUE": DAY, "APBILLITEMS": (line,)}
    outcome = books.send(Verb.CREATE, "APBILL", fields, natural_key="1/INV-1")
    assert (outcome.effect, outcome.lines, bool(outcome.id)) == (Effect.DONE, (), True)
