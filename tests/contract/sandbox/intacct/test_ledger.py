"""Journal entries and the detail behind them (intacct-xml §3D GLBATCH, GLENTRY, GLDETAIL)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.books import account, bill, create, number_in, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query, read_by_query


def entry(side: str, amount: str = "50.00", account: str = "6000", location: str = "100", extra: str = "") -> str:
    place = f"<LOCATION>{location}</LOCATION>" if location else ""
    inner = f"<ACCOUNTNO>{account}</ACCOUNTNO><TRX_AMOUNT>{amount}</TRX_AMOUNT><TR_TYPE>{side}</TR_TYPE>{place}{extra}"
    return f"<GLENTRY>{inner}</GLENTRY>"


SPLIT = "<SPLIT><AMOUNT>50</AMOUNT></SPLIT>"
DEBIT, CREDIT = entry("1"), entry("-1", account="1000")


def journal(*entries: str, extra: str = "", when: str = "03/15/2026", title: str = "Accrual") -> str:
    head = f"<JOURNAL>GJ</JOURNAL><BATCH_DATE>{when}</BATCH_DATE><BATCH_TITLE>{title}</BATCH_TITLE>{extra}"
    return f"<GLBATCH>{head}<ENTRIES>{''.join(entries or (DEBIT, CREDIT))}</ENTRIES></GLBATCH>"


def update(intacct: Gateway, number: str, *entries: str, extra: str = "", title: str = "Accrual") -> Reply:
    head = f"<RECORDNO>{number}</RECORDNO><BATCH_DATE>03/16/2026</BATCH_DATE><BATCH_TITLE>{title}</BATCH_TITLE>{extra}"
    lines = f"<ENTRIES>{''.join(entries)}</ENTRIES>" if entries else ""
    return intacct.call(f"<update><GLBATCH>{head}{lines}</GLBATCH></update>")


def test_a_journal_entry_gives_its_record_number_and_posts(intacct: Gateway) -> None:
    # §2.1, §3D GLBATCH
    reply = create(intacct, journal())
    assert [child.tag for child in reply.data[0]] == ["RECORDNO"]
    (batch,) = intacct.call(query("GLBATCH", "JOURNAL", "STATE", "MODULE", "BATCHNO", "JOURNAL.TITLE", "USERINFO_LOGINID")).rows
    assert batch == {
        "JOURNAL": "GJ",
        "STATE": "Posted",
        "MODULE": "2.GL",
        "BATCHNO": "1",
        "JOURNAL.TITLE": "General Journal",
        "USERINFO_LOGINID": "ws-user",
    }
    rows = intacct.call(query("GLDETAIL", "ACCOUNTNO", "AMOUNT", "DEBITAMOUNT", "CREDITAMOUNT", "MODULEKEY", order="LINE_NO")).rows
    assert [(row["ACCOUNTNO"], row["AMOUNT"], row["DEBITAMOUNT"], row["CREDITAMOUNT"]) for row in rows] == [
        ("6000", "50", "50", ""),
        ("1000", "-50", "", "50"),
    ]
    assert rows[0]["MODULEKEY"] == "2.GL"


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (journal(DEBIT), "ENTRIES is required"),
        (journal().replace("<JOURNAL>GJ</JOURNAL>", ""), "JOURNAL is required"),
        (journal().replace(">GJ<", ">XX<"), "Journal 'XX' is not valid."),
        (journal(title=""), "BATCH_TITLE is required"),
        (journal(when="2026-03-15"), "not a date"),
        (journal(entry("1"), entry("-1", "49.99")), "Debits of 50 and credits of 49.99 do not balance."),
        (journal(entry("1", "-50"), entry("-1", "-50")), "TRX_AMOUNT must be positive"),
        (journal(entry("2"), CREDIT), "Invalid value '2'"),
        (journal(entry("1", account="9999"), CREDIT), "Account 9999 is not valid"),
        (journal(entry("1", location=""), CREDIT), "LOCATION is required"),
        (journal(entry("1", extra="<DEPARTMENT>NOPE</DEPARTMENT>"), CREDIT), "The department 'NOPE' is invalid."),
        (journal(entry("1", extra="<DEPARTMENTID>NOPE</DEPARTMENTID>"), CREDIT), "DEPARTMENTID"),
        (journal(entry("1", extra="<PROJECTID>NOPE</PROJECTID>"), CREDIT), "Invalid Project 'NOPE' specified."),
        (journal(entry("1", extra="<CURRENCY>EUR</CURRENCY>"), CREDIT), "EXCHANGE_RATE is required"),
        (
            journal(entry("1", extra=SPLIT.replace("</AMOUNT>", "</AMOUNT><LOCATIONID>100</LOCATIONID>")), CREDIT),
            "SPLIT goes with an ALLOCATION that is Custom.",
        ),
        (journal(entry("1", location="", extra=f"<ALLOCATION>Custom</ALLOCATION>{SPLIT}"), CREDIT), "LOCATIONID is required"),
        (journal(extra="<STATE>Approved</STATE>"), "Invalid value 'Approved'"),
        (journal(extra="<REVERSEDATE>03/14/2026</REVERSEDATE>"), "reversal date is not after"),
    ],
)
def test_a_journal_entry_that_breaks_a_rule_is_refused(intacct: Gateway, sent: str, text: str) -> None:
    # §3D GLBATCH, GLENTRY
    reply = create(intacct, sent)
    assert reply.status == "failure", reply.response.text
    assert any(text in each for error in reply.errors for each in error) or text in reply.response.text
    assert intacct.stored("GLBATCH") == intacct.stored("GLENTRY") == intacct.stored("GLDETAIL") == []


def test_an_account_may_demand_the_department_of_an_entry(intacct: Gateway) -> None:
    # §5.2: the entry's element is DEPARTMENT
    create(intacct, account("7000", "<REQUIREDEPT>true</REQUIREDEPT>"))
    reply = create(intacct, journal(entry("1", account="7000"), CREDIT))
    assert reply.errors[0][1] == "This transaction is missing the Department dimension for the Account 7000"
    create(intacct, "<DEPARTMENT><DEPARTMENTID>D</DEPARTMENTID><TITLE>Field</TITLE></DEPARTMENT>")
    number_in(create(intacct, journal(entry("1", account="7000", extra="<DEPARTMENT>D</DEPARTMENT>"), CREDIT)))
    assert {row["DEPARTMENTID"] for row in intacct.stored("GLDETAIL")} == {"D", ""}


def test_a_draft_may_wait_unbalanced(intacct: Gateway) -> None:
    # §3.0 STATE I Draft
    number = number_in(create(intacct, journal(entry("1"), entry("-1", "20", account="1000"), extra="<STATE>Draft</STATE>")))
    assert intacct.stored("GLDETAIL") == []
    assert "do not balance" in update(intacct, number, *_of(intacct), extra="<STATE>Posted</STATE>").errors[0][1]
    assert update(intacct, number, DEBIT, CREDIT, extra="<STATE>Posted</STATE>").status == "success"
    assert len(intacct.stored("GLDETAIL")) == 2
    assert "draft" in update(intacct, number, DEBIT, CREDIT, extra="<STATE>Draft</STATE>").errors[0][1]


def _of(intacct: Gateway) -> tuple[str, ...]:
    return tuple(entry(row["TR_TYPE"], row["TRX_AMOUNT"], row["ACCOUNTNO"]) for row in intacct.stored("GLENTRY"))


def test_an_update_replaces_all_entries(intacct: Gateway) -> None:
    # §2.2, §3D: ENTRIES R on update
    number = number_in(create(intacct, journal()))
    before = {row["RECORDNO"] for row in intacct.stored("GLENTRY")}
    assert "ENTRIES is required" in update(intacct, number).errors[0][1]
    assert update(intacct, number, entry("1", "70"), entry("-1", "70", account="1000"), title="New").status == "success"
    after = intacct.stored("GLENTRY")
    assert before.isdisjoint(row["RECORDNO"] for row in after)
    assert [(row["AMOUNT"], row["BATCHTITLE"], row["ENTRY_DATE"]) for row in after] == [("70", "New", "03/16/2026")] * 2
    assert [row["AMOUNT"] for row in intacct.stored("GLDETAIL")] == ["70", "-70"]


def test_the_journal_of_an_entry_cannot_be_changed(intacct: Gateway) -> None:
    # §3D: JOURNAL on create only
    number = number_in(create(intacct, journal()))
    assert "cannot be changed" in update(intacct, number, DEBIT, CREDIT, extra="<JOURNAL>APJ</JOURNAL>").errors[0][1]


def test_entities_balance_each_on_its_own_or_one_of_them_leads(intacct: Gateway) -> None:
    # §3D: entries of each entity must balance, or BASELOCATION_NO is needed; §7.4
    sent = (entry("1", location="200"), CREDIT)
    assert "BASELOCATION_NO is required" in create(intacct, journal(*sent)).errors[0][1]
    led = "<BASELOCATION_NO>100</BASELOCATION_NO>"
    intacct.set(inter_entity=False)
    assert "inter-entity" in create(intacct, journal(*sent, extra=led)).errors[0][1]
    intacct.set(inter_entity=True)
    number_in(create(intacct, journal(*sent, extra=led)))
    by_entity: dict[str, float] = {}
    for row in intacct.stored("GLDETAIL"):
        by_entity[row["CHILDENTITY"]] = by_entity.get(row["CHILDENTITY"], 0.0) + float(row["AMOUNT"])
    assert by_entity == {"100": 0, "200": 0}
    assert len(intacct.stored("GLENTRY")) == 2


def test_a_journal_entry_reverses_itself_on_its_day(intacct: Gateway) -> None:
    # §3D REVERSEDATE
    number = number_in(create(intacct, journal(extra="<REVERSEDATE>04/01/2026</REVERSEDATE>")))
    first, second = intacct.stored("GLBATCH")
    assert (first["REVERSED"], second["REVERSEDFROM"], second["BATCH_DATE"]) == ("04/01/2026", "03/15/2026", "04/01/2026")
    assert sum(float(row["AMOUNT"]) for row in intacct.stored("GLDETAIL") if row["ACCOUNTNO"] == "6000") == 0
    assert "reversal" in update(intacct, number, DEBIT, CREDIT).errors[0][1]


def test_a_closed_period_takes_no_journal_entry(intacct: Gateway) -> None:
    # §5.2: Periods are closed
    number = number_in(create(intacct, journal()))
    intacct.set(books_closed={"": "03/31/2026"})
    text = "Periods are closed. Your transaction date (03/15/2026) is within a period that's been closed."
    assert create(intacct, journal()).errors[0][1] == text
    assert update(intacct, number, DEBIT, CREDIT).errors[0][1] == text
    assert intacct.call(f"<delete><object>GLBATCH</object><keys>{number}</keys></delete>").errors[0][1] == text
    assert create(intacct, journal(extra="<STATE>Draft</STATE>")).status == "success"


def test_what_a_subledger_posted_is_changed_there(intacct: Gateway) -> None:
    vendor(intacct)
    bill(intacct)
    (batch,) = intacct.call(query("GLBATCH", "RECORDNO", "MODULE", "PRBATCHKEY")).rows
    assert (batch["MODULE"], batch["PRBATCHKEY"]) == ("3.AP", intacct.stored("APBILL")[0]["RECORDNO"])
    assert "3.AP" in update(intacct, batch["RECORDNO"], DEBIT, CREDIT).errors[0][1]
    assert "3.AP" in intacct.call(f"<delete><object>GLBATCH</object><keys>{batch['RECORDNO']}</keys></delete>").errors[0][1]


def test_a_deleted_entry_leaves_nothing(intacct: Gateway) -> None:
    number = number_in(create(intacct, journal()))
    assert intacct.call(f"<delete><object>GLBATCH</object><keys>{number}</keys></delete>").status == "success"
    assert intacct.stored("GLENTRY") == intacct.stored("GLDETAIL") == []


def test_entries_are_found_on_their_own_and_read_in_their_batch(intacct: Gateway) -> None:
    # §2.7; §3D GLENTRY
    number = number_in(create(intacct, journal()))
    rows = intacct.call(read_by_query("GLENTRY", "RECORDNO,BATCHNO,AMOUNT", f"BATCHNO = {number}")).rows
    assert [(row["BATCHNO"], row["AMOUNT"]) for row in rows] == [(number, "50")] * 2
    read = intacct.call(f"<read><object>GLBATCH</object><keys>{number}</keys><fields>*</fields></read>").data
    assert [line.findtext("TR_TYPE") for line in read.findall("GLBATCH/ENTRIES/glentry")] == ["1", "-1"]
    assert create(intacct, "<GLENTRY><BATCHNO>1</BATCHNO></GLENTRY>").errors[0][0] == "PL04000005"


def test_gl_detail_has_no_read(intacct: Gateway) -> None:
    # §3D: lookup, query, readByQuery only
    create(intacct, journal())
    assert intacct.call("<read><object>GLDETAIL</object><keys>1</keys><fields>*</fields></read>").errors[0][0] == "PL04000005"
    module = read_by_query("GLDETAIL", "RECORDNO", "MODULEKEY = '2.GL' AND ACCOUNTNO = '6000'")
    assert len(intacct.call(module).rows) == 1


def test_dimensions_of_lines_reach_the_detail(intacct: Gateway) -> None:
    # §3D: job cost detail arises from posted documents
    vendor(intacct)
    intacct.project("P-1")
    number_in(
        create(intacct, "<TASK><TASKID>T-1</TASKID><NAME>Rough-in</NAME><PROJECTID>P-1</PROJECTID><TASKSTATUS>Planned</TASKSTATUS></TASK>")
    )
    line = "<ACCOUNTNO>5100</ACCOUNTNO><TRX_AMOUNT>9</TRX_AMOUNT><LOCATIONID>100</LOCATIONID><PROJECTID>P-1</PROJECTID><TASKID>T-1</TASKID>"
    bill(intacct, f"<APBILLITEM>{line}</APBILLITEM>")
    detail = query(
        "GLDETAIL", "PROJECTID", "PROJECTNAME", "TASKID", "AMOUNT", "VENDORID", filter="<isnotnull><field>PROJECTID</field></isnotnull>"
    )
    (row,) = intacct.call(detail).rows
    assert row == {"PROJECTID": "P-1", "PROJECTNAME": "Rooftop units", "TASKID": "T-1", "AMOUNT": "9", "VENDORID": "V-1"}
    other = "<TASKID>T-9</TASKID>"
    assert "T-9" in create(intacct, _bill_with(line.replace("<TASKID>T-1</TASKID>", other))).errors[0][1]


def _bill_with(line: str) -> str:
    head = "<VENDORID>V-1</VENDORID><WHENCREATED>03/10/2026</WHENCREATED><WHENDUE>03/20/2026</WHENDUE>"
    return f"<APBILL>{head}<APBILLITEMS><APBILLITEM>{line}</APBILLITEM></APBILLITEMS></APBILL>"


def test_the_older_function_writes_the_same_entry(intacct: Gateway) -> None:
    # intacct-objects create_gltransaction
    day = "<datecreated><year>2026</year><month>3</month><day>5</day></datecreated>"
    sides = "".join(
        f"<glentry><trtype>{side}</trtype><amount>12.50</amount><glaccountno>{account_}</glaccountno><locationid>100</locationid></glentry>"
        for side, account_ in (("debit", "6000"), ("credit", "1000"))
    )
    head = f"<journalid>GJ</journalid>{day}<description>Accrual</description>"
    reply = intacct.call(f"<create_gltransaction>{head}<gltransactionentries>{sides}</gltransactionentries></create_gltransaction>")
    key = reply.result.findtext("key")
    assert intacct.stored("GLBATCH")[0]["BATCH_DATE"] == "03/05/2026"
    assert [row["AMOUNT"] for row in intacct.stored("GLDETAIL")] == ["12.5", "-12.5"]
    assert intacct.call(f'<delete_gltransaction key="{key}"/>').status == "success"
    assert intacct.stored("GLBATCH") == []
