"""What is metered, what meets too much at once, faults at the gateway, and speed (intacct-xml §1.4, §5.2, §6, §10.11)."""

from __future__ import annotations

import threading
import time

import httpx
import pytest
from lxml import etree

from tests.contract.sandbox.intacct.gateway import PATH, Gateway, errors_in, project, query, read_by_query
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.wire import Request


def test_transactions_are_counted_as_they_are_billed(intacct: Gateway) -> None:
    # §6: each record written is one, each call of a read method is one, each readMore is one
    session = intacct.session()
    intacct.control("DELETE", "meter")
    intacct.call(f"<create>{''.join(project(f'P-{n}') for n in range(5))}</create>", authentication=session)
    intacct.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><NAME>N</NAME></PROJECT></update>", authentication=session)
    intacct.call("<delete><object>PROJECT</object><keys>4,5</keys></delete>", authentication=session)
    intacct.call(query("PROJECT", "RECORDNO"), authentication=session)
    number = intacct.call(read_by_query("PROJECT", "*", "", "<pagesize>1</pagesize>"), authentication=session).data.get("resultId")
    intacct.call(f"<readMore><resultId>{number}</resultId></readMore>", authentication=session)
    intacct.call(f"<create>{project('P-1')}</create>", authentication=session)
    meter = intacct.control("GET", "meter")
    assert meter["transactions"] == 5 + 1 + 2 + 1 + 1 + 1
    assert meter["requests"] == 7
    assert meter["by_function"] == {"create": 2, "delete": 1, "query": 1, "readByQuery": 1, "readMore": 1, "update": 1}


def at_once(intacct: Gateway, count: int) -> list[httpx.Response]:
    """Sends `count` queries at the same moment."""
    body, found = intacct.envelope(query("PROJECT", "RECORDNO")), []
    start = threading.Barrier(count)

    def send() -> None:
        start.wait()
        found.append(httpx.post(f"{intacct.url}{PATH}", content=body, timeout=30))

    threads = [threading.Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_requests_above_the_limit_wait_their_turn(intacct: Gateway) -> None:
    # §6: extra ones queue
    intacct.set(concurrency=2, latency_ms=50.0)
    assert [response.status_code for response in at_once(intacct, 6)] == [200] * 6
    assert intacct.control("GET", "meter")["max_concurrent"] == 2


def test_requests_above_the_limit_may_be_refused(intacct: Gateway) -> None:
    # §1.4, §5.2 GW-0010
    intacct.set(concurrency=1, latency_ms=300.0, over_limit="refuse", retry_after_s=7.0)
    refused = [response for response in at_once(intacct, 3) if response.status_code == 429]
    assert len(refused) == 2
    assert refused[0].headers["Retry-After"] == "7"
    assert refused[0].headers["content-type"].startswith("text/xml")
    assert "<errorno>GW-0010</errorno><description>API rate limit exceeded</description>" in refused[0].text
    intacct.set(retry_after_s=0.0)
    assert all("Retry-After" not in response.headers for response in at_once(intacct, 2))


def test_latency_and_time_per_record_follow_the_clock(intacct: Gateway) -> None:
    intacct.at("2026-03-01T08:00:00Z")
    intacct.set(latency_ms=1000.0, per_record_ms=500.0)
    intacct.call(f"<create>{project('P-1')}{project('P-2')}</create>")
    assert intacct.control("GET", "clock")["now"] == "2026-03-01T08:00:02+00:00"


def test_a_function_can_be_told_to_fail(intacct: Gateway) -> None:
    intacct.fault("refuse", function="create", object="PROJECT", nth=2)
    reply = intacct.call(*(f"<create>{project(f'P-{n}')}</create>" for n in range(3)))
    assert [result.findtext("status") for result in reply.results] == ["success", "failure", "success"]
    assert errors_in(reply.results[1])[0] == ("BL01001973", "Currently, we can't create the transaction")
    assert len(intacct.stored("PROJECT")) == 2


def test_a_session_can_be_told_to_expire_in_mid_run(intacct: Gateway) -> None:
    # §10.11
    session = intacct.session()
    intacct.fault("expire_session", function="create", nth=1)
    reply = intacct.project("P-1", authentication=session)
    assert reply.text("operation/authentication/status") == "failure"
    assert intacct.call(query("PROJECT", "RECORDNO"), authentication=session).text("operation/authentication/status") == "failure"
    assert intacct.project("P-1", authentication=intacct.session()).status == "success"


def test_the_gateway_can_answer_with_a_status_or_a_page(intacct: Gateway) -> None:
    # §1.4 gateway level, §10.1
    body = intacct.envelope(f"<create>{project('P-1')}</create>")
    for status in (429, 502, 503, 524):
        intacct.fault("http_status", nth=1, status=status)
        response = intacct.http.post(PATH, content=body)
        assert response.status_code == status
        intacct.control("DELETE", "faults")
    intacct.fault("html_body", nth=1)
    page = intacct.http.post(PATH, content=body)
    assert page.headers["content-type"].startswith("text/html")
    assert "<html>" in page.text
    assert intacct.stored("PROJECT") == []


@pytest.mark.parametrize(("status", "number"), [(400, "GW-0011"), (401, "XMLGW_JPP0002"), (429, "GW-0010")])
def test_the_front_door_refuses_with_number_and_description_alone(intacct: Gateway, status: int, number: str) -> None:
    # §1.4, §5.2
    intacct.fault("http_status", status=status)
    root = etree.fromstring(intacct.http.post(PATH, content=intacct.envelope("<getAPISession/>")).content)
    assert root.tag == "errormessage"
    assert [child.tag for child in root[0]] == ["errorno", "description"]
    assert root.findtext("error/errorno") == number


def test_a_delay_follows_the_clock(intacct: Gateway) -> None:
    intacct.at("2026-03-01T08:00:00Z")
    intacct.fault("delay", function="query", times=1, seconds=30)
    intacct.call(query("PROJECT", "RECORDNO"))
    intacct.call(query("PROJECT", "RECORDNO"))
    assert intacct.control("GET", "clock")["now"] == "2026-03-01T08:00:30+00:00"


def test_rows_added_past_the_gateway_meet_the_same_rules(intacct: Gateway) -> None:
    # design §6
    row = intacct.control("POST", "objects/PROJECTSTATUS", {"NAME": "Warranty"})
    assert (row["NAME"], row["STATUS"]) == ("Warranty", "active")
    base = {"PROJECTID": "P-1", "NAME": "N", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}
    intacct.control("POST", "objects/PROJECT", base | {"STATUS": "active non-posting", "MEGAENTITYID": "100"})
    assert intacct.stored("PROJECT")[0]["MEGAENTITYNAME"] == "Sandbox Entity 100"
    for wrong in ({"NAME": ""}, {"NONSENSE": "1"}, {"CUSTOMERID": "C-9"}, {"PROJECTID": "P-1"}, {"MEGAENTITYID": "300"}):
        response = intacct.http.post("/_sandbox/objects/PROJECT", json=base | {"PROJECTID": "P-2"} | wrong)
        assert response.status_code == 400, wrong
        assert isinstance(response.json()["error"], str)
    assert intacct.http.get("/_sandbox/objects/NONSENSE").status_code == 404


def in_process(emulator: IntacctEmulator, gateway: Gateway, *functions: str) -> bytes:
    names = [f"f-{number}" for number in range(len(functions))]
    body = gateway.envelope(*functions, controlids=names)
    return emulator.handle(Request.build("POST", PATH, body=body)).body


@pytest.mark.parametrize("unique", ["false", "true"])
def test_a_thousand_creates_take_less_than_a_second_in_process(unique: str) -> None:
    # a batch is one request with 100 functions of one object each
    emulator = IntacctEmulator()
    with Gateway("http://127.0.0.1:1") as gateway:
        bodies = [
            gateway.envelope(
                *(f"<create>{project(f'P-{batch}-{n}')}</create>" for n in range(100)),
                controlids=[f"k-{batch}-{n}" for n in range(100)],
                uniqueid=unique,
            )
            for batch in range(10)
        ]
    start = time.process_time()
    for body in bodies:
        emulator.handle(Request.build("POST", PATH, body=body))
    assert time.process_time() - start < 1
    assert emulator.storage.count("PROJECT") == 1000
    emulator.close()


def test_paging_over_many_rows_is_not_quadratic() -> None:
    # ordered keyset paging over 20,000 rows: the last page costs no more than a few times the first
    emulator = IntacctEmulator()
    with emulator.storage.transaction():
        for number in range(1, 20001):
            row = {"RECORDNO": str(number), "PROJECTID": f"P-{number}", "NAME": "N", "STATUS": "active"}
            emulator.storage.put("PROJECT", str(number), row)
    with Gateway("http://127.0.0.1:1") as gateway:

        def page(after: int) -> float:
            where = f"<greaterthan><field>RECORDNO</field><value>{after}</value></greaterthan>"
            asked = query("PROJECT", "RECORDNO", filter=where, order="RECORDNO", more="<pagesize>100</pagesize>")
            start = time.process_time()
            in_process(emulator, gateway, asked)
            return time.process_time() - start

        assert max(page(after) for after in range(0, 20000, 4000)) < 0.5
    emulator.close()


@pytest.mark.parametrize(("seconds", "is_cut"), [(899.0, False), (1000.0, True)])
def test_a_call_is_cut_at_fifteen_minutes_and_its_work_goes_on(intacct: Gateway, seconds: float, is_cut: bool) -> None:
    # §2.1, §6: a synchronous request ends at 15 minutes while the work may continue
    intacct.at("2026-03-02T14:00:00Z")
    intacct.fault("delay", function="create", seconds=seconds)
    if not is_cut:
        assert intacct.call(f"<create>{project('P-1')}</create>").status == "success"
        return
    with pytest.raises(httpx.HTTPError):
        intacct.call(f"<create>{project('P-1')}</create>")
    assert intacct.stored("PROJECT") == []
    intacct.advance(101)
    assert [row["PROJECTID"] for row in intacct.stored("PROJECT")] == ["P-1"]
