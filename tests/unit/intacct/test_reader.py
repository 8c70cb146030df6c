"""The change reader never skips a record, whatever happens while it reads."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.core.ports import Actor, Fault
from tieout.core.record import Record, Ref
from tieout.intacct.client import Client, Credentials
from tieout.intacct.kinds import KINDS
from tieout.intacct.reader import ChangeReader, Pace
from tieout.intacct.reading import Reading, Scope

from .company import VALUES, Clock, Company


class Follower:
    """Keeps what a reader tells, as the engine would: through JSON, page by page."""

    def __init__(
        self, company: Company, *, page_size: int = 2000, overlap: timedelta = timedelta(hours=2), scope: Scope | None = None
    ) -> None:
        self.company = company
        client = Client(Credentials(**VALUES), clock=company.clock, http=httpx.MockTransport(company.handle))
        pace = Pace(overlap=overlap, page_size=page_size)
        self.reader = ChangeReader(Reading(client, KINDS, scope or Scope()), company.clock, pace)
        self.cursor: Mapping[str, Any] | None = None
        self.known: dict[str, Record] = {}
        self.gone: list[Record] = []
        self.told = 0

    def page(self, kind: str = "PROJECT") -> bool:
        page = self.reader.changes(kind, self.cursor)
        for record in page.records:
            self.told += 1
            if record.deleted:
                self.gone.append(record)
                self.known.pop(record.id, None)
            else:
                self.known[record.id] = record
        self.cursor = json.loads(json.dumps(page.cursor))
        return page.more

    def poll(self, kind: str = "PROJECT", most: int = 500) -> int:
        for count in range(1, most):
            if not self.page(kind):
                return count
        raise AssertionError("the pass does not end")

    def names(self) -> dict[str, str]:
        return {number: str(record.fields["NAME"]) for number, record in self.known.items()}


def truth(company: Company, kind: str = "PROJECT") -> dict[str, str]:
    return {str(number): held.fields["NAME"] for number, held in company.rows[kind].items()}


def test_it_reads_everything_once_and_then_only_what_changed() -> None:
    company = Company(Clock())
    for each in range(5):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME=f"Project {each}")
        company.clock.advance(seconds=1)
    follower = Follower(company, page_size=2)
    follower.poll()
    assert follower.names() == truth(company)
    company.clock.advance(hours=5)
    follower.poll()
    follower.poll()
    company.put("PROJECT", number=3, NAME="Renamed")
    follower.told = 0
    follower.poll()
    assert follower.names()["3"] == "Renamed"
    assert follower.told == 2  # the latest stamp before, and the change


def test_a_poll_that_finds_nothing_costs_one_call() -> None:
    company = Company(Clock())
    for each in range(30):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME="x")
        company.clock.advance(seconds=1)
    follower = Follower(company)
    follower.poll()
    for _ in range(20):
        company.clock.advance(minutes=2)
        before = len(company.calls)
        assert follower.poll() == 1
        assert len(company.calls) - before == 1


def test_a_quiet_company_is_not_read_again_and_again() -> None:
    company = Company(Clock())
    for each in range(50):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME="x")
        company.clock.advance(seconds=1)
    follower = Follower(company)
    follower.poll()
    company.clock.advance(hours=3)
    follower.poll()
    follower.told = 0
    follower.poll()
    assert follower.told == 1  # the latest stamp is always read again


def test_a_record_that_becomes_visible_late_is_found() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="first")
    follower = Follower(company)
    follower.poll()
    company.clock.advance(minutes=10)
    company.put("PROJECT", PROJECTID="P-2", NAME="late", visible_after=110 * 60)
    for _ in range(30):
        company.clock.advance(minutes=5)
        company.put("PROJECT", number=1, NAME=f"busy at {company.clock.now()}")
        follower.poll()
    assert follower.names() == truth(company)


def test_a_bulk_change_is_not_read_again_by_every_poll_that_follows() -> None:
    company = Company(Clock())
    follower = Follower(company, page_size=10)
    follower.poll()
    for each in range(200):
        company.clock.advance(seconds=15)
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME="x")
    assert follower.poll() >= 20
    assert follower.names() == truth(company)
    company.clock.advance(minutes=11)
    costs = []
    for _ in range(150):
        costs.append(follower.poll())
        company.clock.advance(minutes=1)
    assert costs.count(1) >= 140, "only every thirtieth minute looks far back"
    assert sum(costs) < 150 + 4 * 21


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_a_record_that_becomes_visible_late_is_found_whenever_that_is_and_however_often_one_looks(seed: int) -> None:
    draw = random.Random(seed)
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-first", NAME="first")
    follower = Follower(company, page_size=5)
    follower.poll()
    for each in range(60):
        company.clock.advance(minutes=draw.choice([0.5, 3, 12, 40]))
        late = draw.choice([0, 0, 5 * 60, 20 * 60, 119 * 60])
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME=f"new {each}", visible_after=late)
        if draw.random() < 0.6:
            follower.poll()
    for _ in range(5):
        company.clock.advance(minutes=31)
        follower.poll()
    assert follower.names() == truth(company)


@pytest.mark.parametrize("hours", [-11, -7, 0, 5.5, 13])
def test_the_zone_of_the_stamps_does_no_harm(hours: float) -> None:
    company = Company(Clock(), zone=timedelta(hours=hours))
    for each in range(3):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME="x")
    follower = Follower(company)
    follower.poll()
    for each in range(40):
        company.clock.advance(minutes=20)
        company.put("PROJECT", number=1 + each % 3, NAME=f"change {each}")
        company.put("PROJECT", PROJECTID=f"N-{each}", NAME=f"new {each}")
        follower.poll()
        assert follower.names() == truth(company)


def test_more_changes_in_one_second_than_a_page_holds_are_all_read() -> None:
    company = Company(Clock())
    follower = Follower(company, page_size=3)
    follower.poll()
    company.clock.advance(minutes=1)
    for each in range(20):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME=f"Project {each}")
    company.clock.advance(seconds=1)
    company.put("PROJECT", PROJECTID="P-last", NAME="last")
    follower.poll()
    assert follower.names() == truth(company)


def test_rows_of_one_second_on_two_pages_are_read_once() -> None:
    company = Company(Clock())
    follower = Follower(company, page_size=7)
    follower.poll()
    for second in range(4):
        company.clock.advance(seconds=1)
        for each in range(10):
            company.put("PROJECT", PROJECTID=f"P-{second}-{each}", NAME=f"Project {each}")
    follower.poll()
    assert follower.names() == truth(company)
    assert follower.told == 40


def test_a_record_that_becomes_visible_late_during_a_pass_longer_than_the_overlap_is_found() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="first")
    follower = Follower(company, page_size=2, overlap=timedelta(minutes=5))
    follower.poll()
    company.clock.advance(minutes=30)
    company.put("PROJECT", PROJECTID="P-late", NAME="late", visible_after=4 * 60)
    for each in range(12):
        company.clock.advance(seconds=1)
        company.put("PROJECT", PROJECTID=f"N-{each}", NAME="new")
    while follower.page():
        company.clock.advance(minutes=1)
        company.put("PROJECT", number=1, NAME=f"busy at {company.clock.now()}")
    follower.poll()
    assert follower.names() == truth(company)


@pytest.mark.parametrize("nulls_first", [False, True])
def test_records_that_never_got_a_stamp_are_read(nulls_first: bool) -> None:
    company = Company(Clock(), nulls_first=nulls_first)
    company.put("PROJECT", PROJECTID="P-1", NAME="first")
    follower = Follower(company, page_size=3)
    follower.poll()
    company.clock.advance(minutes=1)
    for each in range(10):
        company.put("PROJECT", PROJECTID=f"S-{each}", NAME=f"stamped {each}")
        company.put("PROJECT", PROJECTID=f"N-{each}", NAME=f"unstamped {each}", stamp="")
        company.clock.advance(seconds=1)
    follower.poll()
    assert follower.names() == truth(company)


def test_records_without_a_stamp_are_not_read_for_ever() -> None:
    company = Company(Clock())
    for each in range(1500):
        company.put("PROJECT", PROJECTID=f"N-{each}", NAME="x", stamp="")
    follower = Follower(company)
    follower.poll()
    for _ in range(2):
        company.clock.advance(hours=3)
        follower.poll()
    follower.told = 0
    follower.poll()
    assert follower.told == 0


def test_a_stray_stamp_far_ahead_does_not_hide_later_changes() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="from the future", stamp="01/01/2099 00:00:00")
    follower = Follower(company)
    follower.poll()
    company.clock.advance(minutes=5)
    company.put("PROJECT", PROJECTID="P-2", NAME="now")
    follower.poll()
    assert follower.names() == truth(company)


def test_an_empty_company_is_followed_from_its_first_record() -> None:
    company = Company(Clock())
    follower = Follower(company)
    follower.poll()
    company.clock.advance(hours=30)
    company.put("PROJECT", PROJECTID="P-1", NAME="first")
    follower.poll()
    assert follower.names() == {"1": "first"}


def test_an_object_without_stamps_is_read_whole_each_time() -> None:
    company = Company(Clock())
    company.columns["PROJECTTYPE"].discard("WHENMODIFIED")
    company.put("PROJECTTYPE", NAME="Roofing")
    follower = Follower(company)
    follower.poll("PROJECTTYPE")
    company.put("PROJECTTYPE", number=1, NAME="Roofs")
    follower.poll("PROJECTTYPE")
    assert follower.names() == {"1": "Roofs"}


def test_a_cursor_from_before_the_column_went_away_still_works() -> None:
    company = Company(Clock())
    company.put("PROJECTTYPE", NAME="Roofing")
    follower = Follower(company)
    follower.poll("PROJECTTYPE")
    company.columns["PROJECTTYPE"].discard("WHENMODIFIED")
    company.put("PROJECTTYPE", NAME="Walls")
    with pytest.raises(Fault):
        follower.poll("PROJECTTYPE")
    follower.poll("PROJECTTYPE")
    assert follower.names() == {"1": "Roofing", "2": "Walls"}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([-7, 0, 9]), st.booleans())
def test_nothing_is_skipped_while_others_change_records_between_and_during_pages(seed: int, zone: int, nulls_first: bool) -> None:
    draw = random.Random(seed)
    company = Company(Clock(), zone=timedelta(hours=zone), nulls_first=nulls_first)

    def disturb() -> None:
        company.clock.advance(seconds=draw.choice([0, 0, 1, 40]))
        for _ in range(draw.randrange(3)):
            late = draw.choice([0, 0, 0, 30, 1500])
            stamp = "" if draw.random() < 0.1 else None
            if company.rows["PROJECT"] and stamp is None and draw.random() < 0.6:
                number = draw.choice(sorted(company.rows["PROJECT"]))
                company.put("PROJECT", number=number, NAME=f"change {company.counter}")
            else:
                company.put("PROJECT", PROJECTID=f"P-{company.counter}", NAME=f"new {company.counter}", stamp=stamp, visible_after=late)

    for _ in range(draw.randrange(30)):
        disturb()
    follower = Follower(company, page_size=4, overlap=timedelta(minutes=30))
    company.before_query = disturb
    for _ in range(40):
        follower.page()
    company.before_query = None
    for _ in range(3):
        company.clock.advance(minutes=26)
        follower.poll()
    assert follower.names() == truth(company)


def test_a_page_that_fails_is_read_again_from_the_same_cursor() -> None:
    company = Company(Clock())
    for each in range(9):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME=f"Project {each}")
    follower = Follower(company, page_size=4)
    follower.page()
    company.refuse = lambda body: "busy" if body.tag == "query" else ""
    with pytest.raises(Fault):
        follower.page()
    company.refuse = None
    follower.poll()
    assert follower.names() == truth(company)


def test_deletions_come_from_the_audit_trail_within_the_hour() -> None:
    company = Company(Clock())
    for each in range(4):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME="x")
    follower = Follower(company)
    follower.poll()
    company.clock.advance(minutes=30)
    company.remove("PROJECT", 2)
    company.remove("PROJECT", 3, key="3--REC")
    company.remove("PROJECT", 4, key="P-3")
    follower.poll()
    assert follower.gone == []
    company.clock.advance(minutes=31)
    follower.poll()
    assert [(record.id, record.natural_key, record.deleted) for record in follower.gone] == [
        ("2", "", True),
        ("3", "", True),
        ("~P-3", "P-3", True),
    ]
    assert follower.gone[0].modified_at == datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    company.clock.advance(minutes=61)
    follower.poll()
    assert len(follower.gone) == 3


def test_an_entry_about_a_record_that_still_exists_is_not_a_deletion() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="1", NAME="x")
    company.put("PROJECT", PROJECTID="7", NAME="y")
    follower = Follower(company)
    follower.poll()
    company.audit.append({"OBJECTTYPE": "project", "OBJECTKEY": "1", "ACCESSMODE": "D", "ACCESSTIME": company.stamp()})
    company.clock.advance(minutes=61)
    follower.poll()
    assert follower.gone == []


def test_without_the_right_to_read_the_audit_trail_changes_are_still_read() -> None:
    company = Company(Clock(), audit_allowed=False)
    company.put("PROJECT", PROJECTID="P-1", NAME="x")
    follower = Follower(company)
    follower.poll()
    for _ in range(5):
        company.clock.advance(minutes=61)
        company.put("PROJECT", number=1, NAME=str(company.clock.now()))
        follower.poll()
        assert follower.names() == truth(company)
    asked = [body.findtext("object") for body in company.asked].count("AUDITHISTORY")
    assert asked == 1
    company.audit_allowed = True
    company.remove("PROJECT", 1)
    company.clock.advance(hours=24)
    follower.poll()
    assert [record.id for record in follower.gone] == ["1"]


def test_a_user_who_sees_dates_day_first_is_stopped_before_a_date_is_misread() -> None:
    company = Company(Clock(), date_format="/dmY")
    company.put("PROJECT", PROJECTID="P-1", NAME="x", BEGINDATE="03/04/2026")
    with pytest.raises(Fault) as caught:
        Follower(company).poll()
    assert (caught.value.case.code, caught.value.case.actor) == ("intacct.date-format", Actor.ADMINISTRATOR)


def test_an_unreadable_value_names_the_record_and_the_field() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="x", BEGINDATE="2026.04.03")
    with pytest.raises(Fault, match="RECORDNO 1: BEGINDATE"):
        Follower(company).poll()


def test_an_unknown_kind_is_a_fault_and_not_a_crash() -> None:
    with pytest.raises(Fault) as caught:
        Follower(Company(Clock())).poll("NOPE")
    assert caught.value.case.code == "intacct.unknown-kind"


def test_records_come_in_normal_form() -> None:
    company = Company(Clock(), zone=timedelta(hours=-7))
    company.put("CUSTOMER", number=40, CUSTOMERID="C-1", NAME="Ann & Co")
    company.put(
        "PROJECT",
        PROJECTID="P-1",
        NAME=" Depot ",
        DESCRIPTION="line\r\nline",
        CUSTOMERID="C-1",
        CUSTOMERKEY="40",
        PARENTKEY="12.0",
        CONTRACTAMOUNT="1200.50",
        BEGINDATE="11/02/2026",
        INVOICEWITHPARENT="T",
        MEGAENTITYID="100",
        MODIFIEDBY="9",
    )
    follower = Follower(company, scope=Scope(offset=timedelta(hours=-7)))
    follower.poll()
    record = follower.known["1"]
    assert record.fields["NAME"] == "Depot"
    assert record.fields["DESCRIPTION"] == "line\nline"
    assert record.fields["CUSTOMERID"] == Ref("CUSTOMER", "40")
    assert record.fields["PARENTID"] == Ref("PROJECT", "12")
    assert str(record.fields["CONTRACTAMOUNT"]) == "1200.5"
    assert str(record.fields["BEGINDATE"]) == "2026-11-02"
    assert record.fields["INVOICEWITHPARENT"] is True
    assert record.fields["MANAGERID"] is None
    assert (record.entity, record.natural_key, record.modified_by) == ("100", "P-1", "9")
    assert record.modified_at == company.clock.now()
    assert record.version == "11/21/2026 05:00:00"
    assert "CFDA" not in record.fields


def test_records_of_other_entities_are_left_out_and_shared_ones_are_not() -> None:
    company = Company(Clock())
    for number, entity in enumerate(["", "100", "200"], 1):
        company.put("PROJECT", number=number, PROJECTID=f"P-{number}", NAME="x", MEGAENTITYID=entity)
    follower = Follower(company, scope=Scope(frozenset({"100"})))
    follower.poll()
    assert sorted(follower.known) == ["1", "2"]


def test_columns_the_company_does_not_have_are_learnt_from_a_refusal() -> None:
    company = Company(Clock())
    company.columns["PROJECT"] -= {"SCHEDULEDIMPACT", "DEPARTMENTKEY", "MANAGERKEY", "MANAGERID", "BILLTO.CONTACTNAME"}
    company.put("DEPARTMENT", number=12, DEPARTMENTID="OPS", TITLE="Operations")
    company.put("PROJECT", PROJECTID="P-1", NAME="x", DEPARTMENTID="OPS")
    company.put("PROJECT", PROJECTID="P-2", NAME="y", DEPARTMENTID="GONE")
    follower = Follower(company)
    follower.poll()
    fields = follower.known["1"].fields
    assert fields["DEPARTMENTID"] == Ref("DEPARTMENT", "12")
    assert follower.known["2"].fields["DEPARTMENTID"] == Ref("DEPARTMENT", "~GONE")
    assert not {"SCHEDULEDIMPACT", "MANAGERID", "BILLTO.CONTACTNAME"} & set(fields)
    asked = len(company.calls)
    company.clock.advance(minutes=1)
    follower.poll()
    assert company.calls[asked:] == ["query", "query"]  # the second resolves the department


def test_a_deleted_row_between_pages_hides_no_other() -> None:
    company = Company(Clock())
    for each in range(12):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME=f"Project {each}")
    follower = Follower(company, page_size=4)
    follower.page()
    company.remove("PROJECT", 2)
    company.remove("PROJECT", 5)
    follower.poll()
    assert set(truth(company)) <= set(follower.names())


def test_a_record_without_a_stamp_that_becomes_visible_late_is_found() -> None:
    company = Company(Clock())
    company.put("PROJECT", number=5000, PROJECTID="P-0", NAME="first")
    follower = Follower(company, overlap=timedelta(minutes=30))
    follower.poll()
    company.clock.advance(minutes=29)
    company.put("PROJECT", number=5001, PROJECTID="P-1", NAME="late", stamp="", visible_after=20 * 60)
    company.put("PROJECT", number=5002, PROJECTID="P-2", NAME="on time")
    for _ in range(3):
        company.clock.advance(minutes=10)
        follower.poll()
    assert follower.names() == truth(company)
