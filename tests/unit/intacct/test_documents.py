"""Documents with lines: read in few calls, written whole without losing anybody's line, found again after a cut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tieout.core.ports import Effect, Outcome, Trace, Verb, Write
from tieout.core.record import Fields, Line, Ref, Value
from tieout.intacct import KINDS
from tieout.intacct.catalogue import Access
from tieout.intacct.client import Row
from tieout.intacct.connection import IntacctSystem
from tieout.intacct.line_writing import Present, all_lines, merged_lines

from .company import Clock, Company

BILL = {"RECORDID": "INV-7", "VENDORID": "V-1", "WHENCREATED": "03/02/2026", "WHENDUE": "04/02/2026", "STATE": "Posted"}


def line(id_: str = "", **fields: Value) -> Line:
    return Line(id_, fields)


def company_with_a_bill(*amounts: str, **header: str) -> tuple[Company, int]:
    company = Company(Clock())
    company.put("VENDOR", VENDORID="V-1", NAME="Acme")
    company.put("GLACCOUNT", ACCOUNTNO="5000")
    number = company.put("APBILL", **{**BILL, **header})
    for at, amount in enumerate(amounts):
        company.put(
            "APBILLITEM", RECORDKEY=str(number), LINE_NO=str(at), ACCOUNTNO="5000", TRX_AMOUNT=amount, ENTRYDESCRIPTION=f"line {at}"
        )
    return company, number


def bill(system: IntacctSystem, number: int = 1) -> Fields:
    ref = Ref("APBILL", str(number))
    return system.read([ref])[ref].fields


def lines_of(system: IntacctSystem, number: int = 1) -> tuple[Line, ...]:
    value = bill(system, number)["APBILLITEMS"]
    assert isinstance(value, tuple)
    return value


def change(wanted: tuple[Line, ...], expected: tuple[Line, ...], **fields: Value) -> Write:
    return Write("u-1", Verb.UPDATE, "APBILL", {**fields, "APBILLITEMS": wanted}, target="1", expected={"APBILLITEMS": expected})


def sent(company: Company, name: str = "update") -> etree._Element:
    return next(node for node in reversed(company.asked) if node.tag == name)


def amounts(company: Company, number: int = 1) -> list[str]:
    return [row["TRX_AMOUNT"] for row in company.lines("APBILL", number)]


def test_a_bill_is_read_with_its_lines_in_order_and_its_number_inside_its_vendor() -> None:
    company, number = company_with_a_bill("10.50", "5")
    ref = Ref("APBILL", str(number))
    record = company.system().read([ref])[ref]
    assert record.natural_key == "1/INV-7"
    assert record.fields["VENDORID"] == Ref("VENDOR", "1")
    lines = record.fields["APBILLITEMS"]
    assert isinstance(lines, tuple)
    assert [(each.id, each.fields["TRX_AMOUNT"]) for each in lines] == [("1", Decimal("10.5")), ("2", Decimal(5))]


def test_the_lines_of_many_bills_cost_one_more_transaction_for_each_thousand_bills() -> None:
    company, _ = company_with_a_bill("1")
    for at in range(1200):
        number = company.put("APBILL", **{**BILL, "RECORDID": f"N-{at}"})
        company.put("APBILLITEM", RECORDKEY=str(number), LINE_NO="0", ACCOUNTNO="5000", TRX_AMOUNT="1", ACCOUNTKEY="1")
    system = company.system()
    before = company.calls.count("query")
    refs = [Ref("APBILL", str(number)) for number in company.rows["APBILL"]]
    records = system.read(refs)
    assert len(records) == 1201
    assert all(len(record.fields["APBILLITEMS"]) == 1 for record in records.values())  # type: ignore[arg-type]
    assert company.calls.count("query") - before == 4  # two for the headers, two for the lines


def test_two_bills_of_one_number_are_told_apart_by_their_vendor() -> None:
    company, _ = company_with_a_bill("1")
    company.put("VENDOR", VENDORID="V-2")
    company.put("APBILL", **{**BILL, "VENDORID": "V-2"})
    found = company.system().find("APBILL", ["1/INV-7", "2/INV-7", "3/INV-7", "INV-7"])
    assert {key: record.id for key, record in found.items()} == {"1/INV-7": "1", "2/INV-7": "2"}


def test_a_bill_is_created_with_its_lines_in_one_function() -> None:
    company, _ = company_with_a_bill()
    wanted = (line(ACCOUNTNO="5000", TRX_AMOUNT=Decimal("10.50"), TASKID="12/010"), line("+2", ACCOUNTNO="5000", TRX_AMOUNT=Decimal(5)))
    fields: Fields = {"VENDORID": "V-1", "WHENDUE": date(2026, 4, 2), "APBILLITEMS": wanted}
    (outcome,) = company.system().write([Write("k", Verb.CREATE, "APBILL", fields, natural_key="1/INV-8")])
    assert (outcome.effect, outcome.id, outcome.natural_key) == (Effect.DONE, "2", "1/INV-8")
    node = sent(company, "create")[0]
    assert node.findtext("RECORDID") == "INV-8"
    assert [each.findtext("TRX_AMOUNT") for each in node.iterfind("APBILLITEMS/APBILLITEM")] == ["10.50", "5"]
    assert node.findtext("APBILLITEMS/APBILLITEM/TASKID") == "010"


def test_one_changed_line_goes_out_with_all_others_as_they_are() -> None:
    company, _ = company_with_a_bill("10.50", "5", "7")
    company.columns["APBILLITEM"] |= {"CRATE", "GLDIMEQUIPMENT", "GLDIMEQUIPMENTKEY", "ACCOUNTTITLE"}
    company.custom = {"CRATE"}
    company.put("APBILLITEM", number=3, CRATE="blue", GLDIMEQUIPMENT="9", GLDIMEQUIPMENTKEY="9", ACCOUNTTITLE="Costs")
    system = company.system()
    before = lines_of(system)
    wanted = (Line("1", {**before[0].fields, "TRX_AMOUNT": Decimal(11)}), *before[1:])
    (outcome,) = system.write([change(wanted, before)])
    assert outcome.effect is Effect.DONE
    assert amounts(company) == ["11", "5", "7"]
    third = sent(company).findall("APBILL/APBILLITEMS/APBILLITEM")[2]
    assert {each.tag: each.text for each in third} == {
        "LINE_NO": "2",
        "RECORDNO": "3",
        "ACCOUNTNO": "5000",
        "TRX_AMOUNT": "7",
        "ENTRYDESCRIPTION": "line 2",
        "CRATE": "blue",
        "GLDIMEQUIPMENT": "9",
    }


def test_a_line_somebody_added_meanwhile_is_kept_as_it_is() -> None:
    company, number = company_with_a_bill("10", "5")
    system = company.system()
    before = lines_of(system)
    company.put("APBILLITEM", RECORDKEY=str(number), LINE_NO="2", ACCOUNTNO="5000", TRX_AMOUNT="99", ENTRYDESCRIPTION="theirs")
    system.write([change((before[0],), before)])
    assert amounts(company) == ["10", "99"]


def test_what_somebody_changed_meanwhile_in_a_line_of_ours_stands() -> None:
    company, _ = company_with_a_bill("10", "5")
    system = company.system()
    before = lines_of(system)
    company.put("APBILLITEM", number=1, ENTRYDESCRIPTION="their words")
    system.write([change((Line("1", {**before[0].fields, "TRX_AMOUNT": Decimal(11)}), before[1]), before)])
    assert [(row["TRX_AMOUNT"], row["ENTRYDESCRIPTION"]) for row in company.lines("APBILL", 1)] == [("11", "their words"), ("5", "line 1")]


def test_a_line_that_vanished_meanwhile_stops_the_write() -> None:
    company, _ = company_with_a_bill("10", "5")
    system = company.system()
    before = lines_of(system)
    del company.rows["APBILLITEM"][2]
    (outcome,) = system.write([change(before, before)])
    assert outcome.effect is Effect.REFUSED
    assert outcome.fault is not None
    assert outcome.fault.case.code == "intacct.line-gone"
    assert "update" not in company.calls


def test_an_added_line_gets_no_name_of_a_line_that_exists() -> None:
    company, _ = company_with_a_bill("10")
    system = company.system()
    before = lines_of(system)
    system.write([change((*before, line("+1", ACCOUNTNO="5000", TRX_AMOUNT=Decimal(3))), before)])
    assert amounts(company) == ["10", "3"]
    assert sent(company).findall("APBILL/APBILLITEMS/APBILLITEM")[1].find("RECORDNO") is None


def test_a_change_of_the_header_alone_leaves_the_lines_out() -> None:
    company, _ = company_with_a_bill("10", "5")
    write = Write("u", Verb.UPDATE, "APBILL", {"DESCRIPTION": "hello"}, target="1")
    assert company.system().write([write])[0].effect is Effect.DONE
    node = sent(company)[0]
    assert node.find("APBILLITEMS") is None
    assert node.findtext("WHENDUE") == "04/02/2026"  # wanted with every update, so taken from the bill itself
    assert amounts(company) == ["10", "5"]


@pytest.mark.parametrize(("field", "value"), [("STATE", "Reversed"), ("MODULEKEY", "9.PO")])
def test_a_bill_in_a_state_that_forbids_it_is_not_written(field: str, value: str) -> None:
    company, _ = company_with_a_bill("10", **{field: value})
    (outcome,) = company.system().write([Write("u", Verb.UPDATE, "APBILL", {"DESCRIPTION": "hello"}, target="1")])
    assert outcome.effect is Effect.REFUSED
    assert outcome.fault is not None
    assert outcome.fault.case.code == "intacct.locked"
    assert value in str(outcome.fault)


def test_a_bill_that_is_gone_is_said_to_be_gone() -> None:
    company, _ = company_with_a_bill("10")
    (outcome,) = company.system().write([Write("u", Verb.UPDATE, "APBILL", {"DESCRIPTION": "hello"}, target="7")])
    assert outcome.fault is not None
    assert outcome.fault.case.code == "intacct.record-gone"


def test_a_read_that_fails_before_a_write_means_that_nothing_was_sent() -> None:
    company, _ = company_with_a_bill("10")
    system = company.system()
    system.client.get_api_session()
    company.answer = lambda request, root: company.reply("", status=503) if root.find(".//read") is not None else None
    (outcome,) = system.write([Write("u", Verb.UPDATE, "APBILL", {"DESCRIPTION": "hello"}, target="1")])
    assert outcome.effect is Effect.NOT_SENT


def test_a_hundred_bills_are_read_once_before_they_are_written() -> None:
    company, _ = company_with_a_bill("1")
    for at in range(99):
        company.put("APBILL", **{**BILL, "RECORDID": f"N-{at}"})
    writes = [Write(f"u-{at}", Verb.UPDATE, "APBILL", {"DESCRIPTION": "x"}, target=str(at)) for at in range(1, 101)]
    assert {outcome.effect for outcome in company.system().write(writes)} == {Effect.DONE}
    assert company.calls.count("read") == 1


# Probes


def probed(system: IntacctSystem, write: Write) -> Trace:
    return system.probe([write])[0].trace


def test_a_created_bill_is_found_again_by_its_number_and_lines() -> None:
    company, _ = company_with_a_bill("10", "5")
    system = company.system()
    same = (line(ACCOUNTNO="5000", TRX_AMOUNT=Decimal("10.00")), line(ACCOUNTNO="5000", TRX_AMOUNT=Decimal(5)))
    fields: Fields = {"VENDORID": "V-1", "APBILLITEMS": same}
    assert probed(system, Write("k", Verb.CREATE, "APBILL", fields, natural_key="1/INV-7")) is Trace.EQUAL
    assert probed(system, Write("k", Verb.CREATE, "APBILL", {**fields, "APBILLITEMS": same[:1]}, natural_key="1/INV-7")) is Trace.OTHER
    assert probed(system, Write("k", Verb.CREATE, "APBILL", fields, natural_key="2/INV-7")) is Trace.ABSENT


def test_a_bill_without_a_number_is_found_again_by_the_mark_in_its_description() -> None:
    company, _ = company_with_a_bill("10", RECORDID="", DESCRIPTION="ST job 17 / run 4")
    system = company.system()
    fields: Fields = {"VENDORID": "V-1", "DESCRIPTION": "ST job 17 / run 4"}
    assert probed(system, Write("k", Verb.CREATE, "APBILL", fields)) is Trace.EQUAL
    assert probed(system, Write("k", Verb.CREATE, "APBILL", {**fields, "DESCRIPTION": "ST job 18"})) is Trace.ABSENT
    assert probed(system, Write("k", Verb.CREATE, "APBILL", {"VENDORID": "V-1"})) is Trace.NO_HANDLE


def test_a_changed_bill_is_told_from_an_unchanged_one_by_its_lines() -> None:
    company, _ = company_with_a_bill("10", "5")
    system = company.system()
    before = lines_of(system)
    wanted = (before[0], line("+1", ACCOUNTNO="5000", TRX_AMOUNT=Decimal(3)))
    write = change(wanted, before)
    assert probed(system, write) is Trace.ABSENT
    system.write([write])
    assert probed(system, write) is Trace.EQUAL
    company.put("APBILLITEM", number=1, TRX_AMOUNT="12")
    assert probed(system, write) is Trace.OTHER


def test_a_line_that_was_to_be_taken_out_and_is_there_means_that_nothing_happened() -> None:
    company, _ = company_with_a_bill("10", "5")
    system = company.system()
    before = lines_of(system)
    assert probed(system, change((before[0],), before)) is Trace.ABSENT


# Acts


def act(action: str, **fields: Value) -> Write:
    return Write("a", Verb.ACT, "APBILL", fields, target="1", action=action, expected={"STATE": "Posted"})


def test_an_act_is_found_again_by_the_state_it_leads_to() -> None:
    company, _ = company_with_a_bill("10")
    system = company.system()
    assert probed(system, act("reverse", DATEREVERSED=date(2026, 3, 5))) is Trace.ABSENT
    company.put("APBILL", number=1, STATE="Reversed")
    assert probed(system, act("reverse", DATEREVERSED=date(2026, 3, 5))) is Trace.EQUAL
    company.put("APBILL", number=1, STATE="Paid")
    assert probed(system, act("reverse", DATEREVERSED=date(2026, 3, 5))) is Trace.OTHER


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (act("post"), "cannot “post” a APBILL"),
        (act("reverse"), "needs DATEREVERSED"),
        (act("reverse", DATEREVERSED="tomorrow"), "takes a date"),
        (act("recall", MEMO="x"), "takes no MEMO"),
    ],
)
def test_an_act_that_cannot_be_is_refused_without_being_sent(write: Write, said: str) -> None:
    company, _ = company_with_a_bill("10")
    (outcome,) = company.system().write([write])
    assert outcome.effect is Effect.REFUSED
    assert outcome.fault is not None
    assert said in outcome.fault.detail


# The codec of lines, on its own

LINES = KINDS["APBILL"].lines
INVOICE_LINES = KINDS["ARINVOICE"].lines
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).map(str.strip).filter(bool)
money = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
given_fields = st.fixed_dictionaries(
    {"TRX_AMOUNT": money}, optional={"ENTRYDESCRIPTION": texts, "PROJECTID": texts, "BILLABLE": st.booleans()}
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Row], list[Line], list[Line]]:
    """Lines as they are, as they were last read, and as they are wanted."""
    ids = draw(st.lists(st.integers(1, 30), unique=True, max_size=6))
    rows = [
        Row("apbillitem", {"RECORDNO": str(id_), "LINE_NO": str(at), "TRX_AMOUNT": str(draw(money)), "PROJECTNAME": "no field"})
        for at, id_ in enumerate(ids)
    ]
    expected = [Line(str(id_), {"TRX_AMOUNT": Decimal(0)}) for id_ in ids if draw(st.booleans())]
    wanted = [Line(each.id, draw(given_fields)) for each in expected if draw(st.booleans())]
    added = [Line(f"+{at}", draw(given_fields)) for at in range(draw(st.integers(0, 3)))]
    return rows, expected, [*wanted, *added]


@given(histories())
def test_only_lines_that_were_expected_and_are_no_longer_wanted_are_left_out(history: tuple[list[Row], list[Line], list[Line]]) -> None:
    rows, expected, wanted = history
    assert LINES is not None
    out = all_lines(LINES, wanted, expected, KINDS, Present({}, tuple(rows)))
    stay = [row.fields["RECORDNO"] for row in rows if not ({row.fields["RECORDNO"]} & ({e.id for e in expected} - {w.id for w in wanted}))]
    assert [each["RECORDNO"] for each in out if "RECORDNO" in each] == stay
    assert len(out) - len(stay) == sum(not each.id.isdigit() for each in wanted)
    changed = {each.id: each.fields for each in wanted}
    for each in out:
        if each.get("RECORDNO") in changed:
            assert each["TRX_AMOUNT"] == changed[each["RECORDNO"]]["TRX_AMOUNT"] or changed[each["RECORDNO"]]["TRX_AMOUNT"] == 0
        elif "RECORDNO" in each:
            assert each["TRX_AMOUNT"] == next(row.fields["TRX_AMOUNT"] for row in rows if row.fields["RECORDNO"] == each["RECORDNO"])
        assert "PROJECTNAME" not in each


@given(histories())
def test_lines_that_are_merged_are_named_by_their_place(history: tuple[list[Row], list[Line], list[Line]]) -> None:
    rows, expected, wanted = history
    assert INVOICE_LINES is not None
    wanted = [Line(each.id, {k: v for k, v in each.fields.items() if k != "BILLABLE"}) for each in wanted]
    kept = [each for each in expected if each.id in {line.id for line in wanted}]
    changed, added = merged_lines(INVOICE_LINES, wanted, kept, KINDS, Present({}, tuple(rows)))
    places = {row.fields["RECORDNO"]: at for at, row in enumerate(rows, 1)}
    before = {each.id: each.fields for each in expected}
    assert set(changed) == {places[each.id] for each in wanted if each.id.isdigit() and dict(each.fields) != dict(before[each.id])}
    assert len(added) == sum(not each.id.isdigit() for each in wanted)
    assert all(set(values) <= {"amount", "memo", "projectid"} for values in [*changed.values(), *added])


def test_every_writable_field_of_a_kind_with_document_functions_has_its_element() -> None:
    for kind in KINDS.values():
        if kind.documents is None:
            continue
        assert kind.lines is not None
        fields = [each for each in kind.fields if each.access is not Access.NEVER and each.name != kind.lines.container]
        assert [each.name for each in fields if not each.alias] == []
        assert [each.name for each in kind.lines.kind.fields if each.access is not Access.NEVER and not each.alias] == []


def test_an_outcome_of_a_bill_keeps_the_natural_key_it_was_given() -> None:
    company, _ = company_with_a_bill("10")
    outcomes: list[Outcome] = company.system().write(
        [Write("u", Verb.UPDATE, "APBILL", {"DESCRIPTION": "x"}, target="1", natural_key="1/INV-7")]
    )
    assert outcomes[0].natural_key == "1/INV-7"
