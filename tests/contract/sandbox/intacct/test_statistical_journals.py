"""Statistical journals: entries that count something else than money (intacct-xml §3D GLBATCH, objects create_statgltransaction)."""

from __future__ import annotations

import httpx
import pytest

from tests.contract.sandbox.intacct.books import create, number_in
from tests.contract.sandbox.intacct.gateway import Gateway, query
from tests.contract.sandbox.intacct.rest import Rest
from tests.contract.sandbox.intacct.test_ledger import entry, journal, update


def count(side: str = "1", amount: str = "8.00", account: str = "9100", location: str = "100", extra: str = "") -> str:
    return entry(side, amount, account, location, extra)


def statistical(*entries: str, extra: str = "") -> str:
    return journal(*(entries or (count(),)), extra=extra, title="Hours").replace(">GJ<", ">STJ<")


def test_a_statistical_journal_entry_is_found_and_read_like_any_other(intacct: Gateway) -> None:
    number_in(create(intacct, statistical(count(amount="7.5"), count("-1", "2", location="200"))))
    number_in(create(intacct, journal()))
    batches = intacct.call(query("GLBATCH", "JOURNAL", "JOURNAL.SYMBOL", "JOURNAL.TITLE", "STATE", "BATCHNO", order="RECORDNO")).rows
    assert [tuple(each.values()) for each in batches] == [
        ("STJ", "STJ", "Statistical Journal", "Posted", "1"),
        ("GJ", "GJ", "General Journal", "Posted", "1"),
    ]
    told = ("ACCOUNTNO", "ACCOUNTTITLE", "TR_TYPE", "AMOUNT", "STATISTICAL", "SYMBOL", "CURRENCY", "CHILDENTITY")
    counted = "<equalto><field>STATISTICAL</field><value>true</value></equalto>"
    rows = intacct.call(query("GLDETAIL", *told, filter=counted, order="LINE_NO")).rows
    assert [tuple(each.values()) for each in rows] == [
        ("9100", "Hours Worked", "1", "7.5", "true", "STJ", "", "100"),
        ("9100", "Hours Worked", "-1", "-2", "true", "STJ", "", "200"),
    ]
    assert intacct.call(query("STATJOURNAL", "SYMBOL", "TITLE", "STATUS")).rows == [
        {"SYMBOL": "STJ", "TITLE": "Statistical Journal", "STATUS": "active"}
    ]


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (statistical().replace(count(), ""), "ENTRIES is required"),
        (statistical(count(account="6000")), "Account 6000 is not valid"),
        (statistical(count(account="9999")), "Account 9999 is not valid"),
        (journal(entry("1", account="9100"), entry("-1", account="1000")), "Account 9100 is not valid"),
        (statistical(count(amount="-8")), "TRX_AMOUNT must be positive"),
        (statistical(count("2")), "Invalid value '2'"),
        (statistical(count(location="")), "LOCATION is required"),
        (statistical(count(extra="<CURRENCY>USD</CURRENCY>")), "has no currency"),
        (statistical(count(extra="<EXCHANGE_RATE>1.1</EXCHANGE_RATE>")), "has no currency"),
        (statistical(count(extra="<PROJECTID>NOPE</PROJECTID>")), "Invalid Project 'NOPE' specified."),
        (statistical(extra="<REVERSEDATE>03/15/2026</REVERSEDATE>"), "reversal date is not after"),
    ],
)
def test_a_statistical_journal_entry_that_breaks_a_rule_is_refused(intacct: Gateway, sent: str, text: str) -> None:
    reply = create(intacct, sent)
    assert reply.status == "failure", reply.response.text
    assert text in reply.response.text
    assert intacct.stored("GLBATCH") == intacct.stored("GLENTRY") == intacct.stored("GLDETAIL") == []


def test_a_statistical_account_asks_for_dimensions_and_an_inactive_one_takes_none(intacct: Gateway) -> None:
    asks = "<update><STATACCOUNT><ACCOUNTNO>9100</ACCOUNTNO><TITLE>Hours Worked</TITLE>{}</STATACCOUNT></update>"
    assert intacct.call(asks.format("<REQUIREPROJECT>true</REQUIREPROJECT>")).status == "success"
    assert "missing the Project dimension for the Account 9100" in create(intacct, statistical()).errors[0][1]
    assert intacct.call(asks.format("<REQUIREPROJECT>false</REQUIREPROJECT><STATUS>inactive</STATUS>")).status == "success"
    assert "Account 9100 is not valid" in create(intacct, statistical()).errors[0][1]


def test_a_statistical_journal_entry_waits_is_changed_reverses_itself_and_goes(intacct: Gateway) -> None:
    number = number_in(create(intacct, statistical(extra="<STATE>Draft</STATE>")))
    assert intacct.stored("GLDETAIL") == []
    assert update(intacct, number, count(amount="5"), extra="<STATE>Posted</STATE>").status == "success"
    assert [each["AMOUNT"] for each in intacct.stored("GLDETAIL")] == ["5"]
    (account,) = (each["RECORDNO"] for each in intacct.stored("STATACCOUNT"))
    assert "cannot be deleted" in intacct.call(f"<delete><object>STATACCOUNT</object><keys>{account}</keys></delete>").errors[0][1]
    intacct.set(books_closed={"": "03/31/2026"})
    assert "Periods are closed" in create(intacct, statistical()).errors[0][1]
    intacct.set(books_closed={})
    assert intacct.call(f"<delete><object>GLBATCH</object><keys>{number}</keys></delete>").status == "success"
    assert intacct.stored("GLENTRY") == intacct.stored("GLDETAIL") == []
    number_in(create(intacct, statistical(extra="<REVERSEDATE>04/01/2026</REVERSEDATE>")))
    assert [(each["BATCH_DATE"], each["JOURNAL"]) for each in intacct.stored("GLBATCH")] == [("03/15/2026", "STJ"), ("04/01/2026", "STJ")]
    assert [(each["AMOUNT"], each["STATISTICAL"]) for each in intacct.stored("GLDETAIL")] == [("8", "true"), ("-8", "true")]


def older(name: str, symbol: str, container: str, *sides: str, account: str = "9100") -> str:
    day = "<datecreated><year>2026</year><month>3</month><day>5</day></datecreated>"
    rows = "".join(
        f"<glentry><trtype>{side}</trtype><amount>3</amount><glaccountno>{account}</glaccountno><locationid>100</locationid></glentry>"
        for side in sides
    )
    return f"<{name}><journalid>{symbol}</journalid>{day}<description>Hours</description><{container}>{rows}</{container}></{name}>"


def test_the_older_functions_write_each_their_own_kind_of_journal(intacct: Gateway) -> None:
    mine, theirs = ("create_statgltransaction", "statgltransactionentries"), ("create_gltransaction", "gltransactionentries")
    assert "Invalid value 'debit'" in intacct.call(older(mine[0], "STJ", mine[1], "debit")).errors[0][1]
    assert "Journal 'GJ' is not valid." in intacct.call(older(mine[0], "GJ", mine[1], "1")).errors[0][1]
    assert "Journal 'STJ' is not valid." in intacct.call(older(theirs[0], "STJ", theirs[1], "debit", "debit")).errors[0][1]
    assert intacct.stored("GLBATCH") == []
    reply = intacct.call(older(mine[0], "STJ", mine[1], "1", "-1", "1"))
    assert [each["AMOUNT"] for each in intacct.stored("GLDETAIL")] == ["3", "-3", "3"]
    assert intacct.call(f'<delete_gltransaction key="{reply.result.findtext("key")}"/>').status == "success"
    assert intacct.stored("GLBATCH") == []


def test_balances_show_counts_beside_money_unless_told_otherwise(intacct: Gateway) -> None:
    number_in(create(intacct, journal()))
    number_in(create(intacct, statistical()))
    group = "<NAME>Hours</NAME><MEMBERTYPE>Statistical Accounts</MEMBERTYPE>"
    ranges = "<ACCTRANGE><RANGEFROM>1000</RANGEFROM><RANGETO>9999</RANGETO></ACCTRANGE>"
    create(intacct, f"<GLACCTGRP>{group}<GLSTATACCTRANGES>{ranges}</GLSTATACCTRANGES></GLACCTGRP>")
    period = "<reportingperiodname>Month Ended March 2026</reportingperiodname>"

    def shown(function: str, inner: str) -> list[tuple[str, str, str]]:
        rows = intacct.call(f"<{function}>{period}{inner}</{function}>").rows
        return [(each["glaccountno"], each["endbalance"], each["currency"]) for each in rows]

    money, hours = [("1000", "-50", "USD"), ("6000", "50", "USD")], [("9100", "8", "")]
    assert shown("get_trialbalance", "") == [*money, *hours]
    assert shown("get_trialbalance", "<statistical>exclude</statistical>") == money
    assert shown("get_accountbalances", "<statistical>only</statistical>") == hours
    assert shown("get_accountbalances", "<accountgroupname>Hours</accountgroupname>") == hours
    assert shown("get_accountbalances", "<accountgroupname>Hours</accountgroupname><statistical>exclude</statistical>") == []
    refused = intacct.call(f"<get_trialbalance>{period}<statistical>some</statistical></get_trialbalance>")
    assert refused.errors[0][0] == "DL02000001"


def test_a_company_adds_statistical_journals_and_their_symbols_are_no_journals(intacct: Gateway) -> None:
    def add(kind: str, symbol: str) -> int:
        rows = [{"SYMBOL": symbol, "TITLE": "Equipment hours"}]
        return httpx.post(f"{intacct.url}/_sandbox/objects/{kind}", json=rows).status_code

    assert (add("STATJOURNAL", "EQHOURS"), add("STATJOURNAL", "GJ"), add("JOURNAL", "STJ")) == (201, 400, 400)
    number_in(create(intacct, statistical().replace(">STJ<", ">EQHOURS<")))
    assert [each["SYMBOL"] for each in intacct.stored("GLDETAIL")] == ["EQHOURS"]


LEDGER = "/objects/general-ledger"
ENTRIES, LINES = f"{LEDGER}/statistical-journal-entry", f"{LEDGER}/statistical-journal-entry-line"


def counted(journal_: str = "STJ", account: str = "9100", **more: object) -> dict[str, object]:
    line = {"txnType": "increase", "txnAmount": "8", "statisticalAccount": {"id": account}, "dimensions": {"location": {"id": "100"}}}
    head = {"statisticalJournal": {"id": journal_}, "postingDate": "2026-03-15", "description": "Hours"}
    return {**head, "lines": [{**line, **more}]}


def test_statistical_accounts_and_journals_over_rest(rest: Rest) -> None:
    account = {"id": "9200", "name": "Crews", "reportType": "cumulative", "requireDimensions": {"project": True}}
    key = rest.post(f"{LEDGER}/statistical-account", account).json()["ia::result"]["key"]
    row = rest.get(f"{LEDGER}/statistical-account/{key}").json()["ia::result"]
    assert (row["id"], row["reportType"], row["requireDimensions"]["project"], row["isTaxable"]) == ("9200", "cumulative", True, False)
    assert rest.patch(f"{LEDGER}/statistical-account/{key}", {"status": "inactive"}).status_code == 200
    assert rest.get(f"{LEDGER}/account/{key}").status_code == 404
    assert rest.delete(f"{LEDGER}/statistical-account/{key}").status_code == 204
    key = rest.post(f"{LEDGER}/statistical-journal", {"id": "EQHOURS", "name": "Equipment hours"}).json()["ia::result"]["key"]
    assert rest.get(f"{LEDGER}/statistical-journal/{key}").json()["ia::result"]["name"] == "Equipment hours"
    assert rest.get(f"{LEDGER}/journal/{key}").status_code == 404
    assert rest.post(f"{LEDGER}/statistical-journal", {"id": "GJ", "name": "Taken"}).status_code == 409


def test_a_statistical_journal_entry_over_rest_is_not_among_the_journal_entries(rest: Rest) -> None:
    number_in(create(rest.xml, journal()))
    key = rest.post(ENTRIES, counted()).json()["ia::result"]["key"]
    row = rest.get(f"{ENTRIES}/{key}").json()["ia::result"]
    (line,) = row["lines"]
    assert (row["statisticalJournal"]["id"], row["state"], line["txnType"], line["txnAmount"]) == ("STJ", "posted", "increase", "8.00")
    assert (line["statisticalAccount"]["id"], line["statisticalAccount"]["name"]) == ("9100", "Hours Worked")
    assert line["statisticalJournalEntry"]["href"] == f"{ENTRIES}/{key}"
    assert [each["key"] for each in rest.get(ENTRIES).json()["ia::result"]] == [key]
    assert [each["key"] for each in rest.get(LINES).json()["ia::result"]] == [line["key"]]
    assert key not in [each["key"] for each in rest.get(f"{LEDGER}/journal-entry").json()["ia::result"]]
    assert len(rest.get(f"{LEDGER}/journal-entry-line").json()["ia::result"]) == 2
    assert rest.get(f"{LEDGER}/journal-entry/{key}").status_code == 404
    asked = {"object": "general-ledger/statistical-journal-entry-line", "fields": ["txnAmount", "statisticalAccount.id"]}
    assert rest.post("/services/core/query", asked).json()["ia::result"] == [{"txnAmount": "8.00", "statisticalAccount.id": "9100"}]
    changed = {"postingDate": "2026-03-16", "lines": [{"key": line["key"], "txnType": "decrease", "txnAmount": "3"}]}
    assert rest.patch(f"{ENTRIES}/{key}", changed).status_code == 200
    assert [each["AMOUNT"] for each in rest.xml.stored("GLDETAIL") if each["STATISTICAL"] == "true"] == ["-3"]
    assert rest.delete(f"{ENTRIES}/{key}").status_code == 204
    assert [each["JOURNAL"] for each in rest.xml.stored("GLBATCH")] == ["GJ"]


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        (ENTRIES, counted(journal_="GJ"), "Journal 'GJ' is not valid."),
        (ENTRIES, counted(account="6000"), "Account 6000 is not valid"),
        (ENTRIES, {**counted(), "lines": []}, "lines"),
        (ENTRIES, counted(txnType="debit"), "txnType"),
        (ENTRIES, counted(currency={"txnCurrency": "USD"}), "currency"),
        (f"{LEDGER}/journal-entry", {"glJournal": {"id": "STJ"}, "postingDate": "2026-03-15"}, "Journal 'STJ' is not valid."),
    ],
)
def test_over_rest_each_object_names_its_own_journals_and_accounts(rest: Rest, path: str, body: dict[str, object], text: str) -> None:
    answer = rest.post(path, body)
    assert answer.status_code in {400, 422}, answer.text
    assert text in answer.text
    assert rest.xml.stored("GLBATCH") == []
