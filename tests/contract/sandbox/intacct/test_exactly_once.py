"""uniqueid, transaction and what lies between them (intacct-xml §1.6, §1.7)."""

from __future__ import annotations

import threading

import httpx
import pytest

from tests.contract.sandbox.intacct.books import bill_of, vendor
from tests.contract.sandbox.intacct.gateway import PATH, Gateway, Reply, errors_in, project

ROLLED_BACK = ("XL03000009", "The entire transaction in this operation has been rolled back due to an error.")
DUPLICATE = "EMU-DUPLICATE-CONTROLID"


def create(gateway: Gateway, number: str, controlid: str, **given: str) -> Reply:
    return gateway.call(f"<create>{project(number)}</create>", controlids=[controlid], uniqueid="true", **given)


def is_duplicate(reply: Reply) -> bool:
    return [number for number, _ in reply.errors] == [DUPLICATE]


def test_a_controlid_that_was_executed_is_refused_without_a_status(intacct: Gateway) -> None:
    # §1.6: JS issue 70
    assert create(intacct, "P-1", "key-1").status == "success"
    reply = create(intacct, "P-2", "key-1")
    assert reply.status is None
    assert [child.tag for child in reply.result] == ["function", "controlid", "errormessage"]
    assert is_duplicate(reply)
    assert [row["PROJECTID"] for row in intacct.stored("PROJECT")] == ["P-1"]


def test_the_refusal_can_be_a_plain_failure(intacct: Gateway) -> None:
    intacct.set(duplicate_controlid_reply="failure")
    create(intacct, "P-1", "key-1")
    reply = create(intacct, "P-2", "key-1")
    assert reply.status == "failure"
    assert is_duplicate(reply)


def test_without_uniqueid_controlids_may_repeat(intacct: Gateway) -> None:
    # §1.6
    for number in ("P-1", "P-2"):
        assert intacct.project(number, controlids=["same"]).status == "success"


def test_uniqueid_is_true_when_left_out(intacct: Gateway) -> None:
    # §1.2: documented default
    body = intacct.envelope(f"<create>{project('P-1')}</create>").replace(b"<uniqueid>false</uniqueid>", b"")
    assert intacct.post(body).status == "success"
    reply = intacct.post(body)
    assert is_duplicate(reply)
    assert reply.text("control/uniqueid") == "true"


def test_the_request_controlid_is_not_what_is_checked(intacct: Gateway) -> None:
    # §1.6
    assert create(intacct, "P-1", "key-1").status == "success"
    assert create(intacct, "P-2", "key-2").status == "success"


def test_one_controlid_twice_in_a_request_runs_once(intacct: Gateway) -> None:
    functions = [f"<create>{project(number)}</create>" for number in ("P-1", "P-2")]
    reply = intacct.call(*functions, controlids=["key-1", "key-1"], uniqueid="true")
    assert [result.findtext("status") for result in reply.results] == ["success", None]
    assert len(intacct.stored("PROJECT")) == 1


def test_a_refused_function_may_be_sent_again_unless_the_switch_says_otherwise(intacct: Gateway) -> None:
    # §1.6: "executed to completion"
    bad = "<create><PROJECT><PROJECTID>P-1</PROJECTID></PROJECT></create>"
    assert intacct.call(bad, controlids=["key-1"], uniqueid="true").status == "failure"
    assert create(intacct, "P-1", "key-1").status == "success"
    intacct.set(refusal_spends_controlid=True)
    assert intacct.call(bad, controlids=["key-2"], uniqueid="true").status == "failure"
    assert is_duplicate(create(intacct, "P-2", "key-2"))


def test_a_controlid_is_remembered_for_ever_or_for_a_while(intacct: Gateway) -> None:
    intacct.at("2026-03-01T08:00:00Z")
    create(intacct, "P-1", "key-1")
    intacct.advance(10 * 365 * 86400)
    assert is_duplicate(create(intacct, "P-2", "key-1"))
    intacct.set(controlid_memory_s=3600.0)
    create(intacct, "P-2", "key-2")
    intacct.advance(3599)
    assert is_duplicate(create(intacct, "P-3", "key-2"))
    intacct.advance(2)
    assert create(intacct, "P-3", "key-2").status == "success"


def test_a_request_cut_before_the_commit_spends_nothing(intacct: Gateway) -> None:
    intacct.fault("cut_before_commit", function="create", nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        create(intacct, "P-1", "key-1")
    assert intacct.stored("PROJECT") == []
    assert create(intacct, "P-1", "key-1").status == "success"


def test_a_request_cut_after_the_commit_was_done_and_is_refused_again(intacct: Gateway) -> None:
    intacct.fault("cut_after_commit", function="create", object="PROJECT", nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        create(intacct, "P-1", "key-1")
    assert len(intacct.stored("PROJECT")) == 1
    assert is_duplicate(create(intacct, "P-1", "key-1"))


def unfinished(intacct: Gateway) -> None:
    """One create whose caller was cut off and whose work ends a minute later."""
    intacct.at("2026-03-01T08:00:00Z")
    intacct.fault("finish_after_cut", function="create", nth=1, seconds=60)
    with pytest.raises(httpx.RemoteProtocolError):
        create(intacct, "P-1", "key-1")
    assert intacct.stored("PROJECT") == []


def test_work_can_end_after_the_connection_is_cut(intacct: Gateway) -> None:
    # §1.8: the work may continue after the gateway gives up
    unfinished(intacct)
    intacct.advance(61)
    assert len(intacct.stored("PROJECT")) == 1
    assert is_duplicate(create(intacct, "P-1", "key-1"))


def test_a_duplicate_that_arrives_meanwhile_is_refused(intacct: Gateway) -> None:
    unfinished(intacct)
    assert is_duplicate(create(intacct, "P-2", "key-1"))
    intacct.advance(61)
    assert [row["PROJECTID"] for row in intacct.stored("PROJECT")] == ["P-1"]


def test_a_duplicate_that_arrives_meanwhile_may_run_too(intacct: Gateway) -> None:
    intacct.set(duplicate_while_running="run")
    unfinished(intacct)
    assert create(intacct, "P-2", "key-1").status == "success"
    intacct.advance(61)
    assert sorted(row["PROJECTID"] for row in intacct.stored("PROJECT")) == ["P-1", "P-2"], "both were executed"
    assert is_duplicate(create(intacct, "P-3", "key-1"))


def test_of_two_at_the_same_moment_one_is_refused(intacct: Gateway) -> None:
    intacct.set(latency_ms=300.0)
    replies: list[Reply] = []
    threads = [threading.Thread(target=lambda n=number: replies.append(create(intacct, n, "key-1"))) for number in ("P-1", "P-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status or "" for reply in replies) == ["", "success"]
    assert len(intacct.stored("PROJECT")) == 1


def test_a_duplicate_that_arrives_meanwhile_may_wait_for_the_first(intacct: Gateway) -> None:
    intacct.set(duplicate_while_running="wait")
    unfinished(intacct)
    assert is_duplicate(create(intacct, "P-2", "key-1"))
    assert [row["PROJECTID"] for row in intacct.stored("PROJECT")] == ["P-1"]


def test_batches_that_share_controlids_wait_without_locking_each_other_out(intacct: Gateway) -> None:
    intacct.set(duplicate_while_running="wait", latency_ms=100.0)
    replies: list[Reply] = []

    def send(*numbers: str) -> None:
        functions = [f"<create>{project(number)}</create>" for number in numbers]
        replies.append(intacct.call(*functions, controlids=[f"key-{number}" for number in numbers], uniqueid="true"))

    threads = [threading.Thread(target=send, args=pair) for pair in (("A", "B"), ("B", "A"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(statuses(reply)) for reply in replies) == ["['success', 'success']", "[None, None]"]
    assert sorted(row["PROJECTID"] for row in intacct.stored("PROJECT")) == ["A", "B"]


def test_a_caller_who_is_not_let_in_blocks_no_controlid(intacct: Gateway) -> None:
    intacct.at("2026-03-01T08:00:00Z")
    intacct.fault("finish_after_cut", nth=1, seconds=60)
    with pytest.raises(httpx.RemoteProtocolError):
        create(intacct, "P-1", "key-1", authentication=intacct.login(password="wrong"))
    assert create(intacct, "P-1", "key-1").status == "success"


def test_controlids_and_rows_survive_a_restart(intacct: Gateway) -> None:
    # rows and memory are kept together; see also test_storage
    create(intacct, "P-1", "key-1")
    intacct.control("POST", "reset", {"world": "empty", "seed": 0})
    assert create(intacct, "P-1", "key-1").status == "success", "a reset forgets"


def statuses(reply: Reply) -> list[str | None]:
    return [result.findtext("status") for result in reply.results]


def test_functions_stand_alone_without_a_transaction(intacct: Gateway) -> None:
    # §1.7
    functions = [f"<create>{project('P-1')}</create>", "<create><PROJECT/></create>", f"<create>{project('P-2')}</create>"]
    assert statuses(intacct.call(*functions)) == ["success", "failure", "success"]
    assert len(intacct.stored("PROJECT")) == 2


def test_a_transaction_is_rolled_back_as_a_whole(intacct: Gateway) -> None:
    # §1.7
    functions = [f"<create>{project('P-1')}</create>", "<create><PROJECT/></create>", f"<create>{project('P-2')}</create>"]
    reply = intacct.call(*functions, transaction="true")
    assert statuses(reply) == ["aborted", "failure", "aborted"]
    assert errors_in(reply.results[0]) == [ROLLED_BACK]
    assert errors_in(reply.results[2]) == [ROLLED_BACK]
    failed = errors_in(reply.results[1])
    assert failed[0][0] == "BL03000018"
    assert failed[-1] == ROLLED_BACK
    assert all(result.find("data") is None for result in reply.results)
    assert intacct.stored("PROJECT") == []


def test_the_failing_function_of_a_transaction_may_say_aborted_itself(intacct: Gateway) -> None:
    # §1.7, live observation
    intacct.set(transaction_failure_status="aborted")
    reply = intacct.call("<create><PROJECT/></create>", transaction="true")
    assert reply.status == "aborted"
    assert reply.errors[-1] == ROLLED_BACK


def test_a_transaction_that_succeeds_keeps_everything(intacct: Gateway) -> None:
    reply = intacct.call(*(f"<create>{project(f'P-{n}')}</create>" for n in range(3)), transaction="true")
    assert statuses(reply) == ["success"] * 3
    assert len(intacct.stored("PROJECT")) == 3


def test_a_rolled_back_function_has_not_spent_its_controlid(intacct: Gateway) -> None:
    functions = [f"<create>{project('P-1')}</create>", "<create><PROJECT/></create>"]
    intacct.call(*functions, controlids=["key-1", "key-2"], uniqueid="true", transaction="true")
    assert create(intacct, "P-1", "key-1").status == "success"


def test_a_multi_object_create_inside_a_transaction_is_atomic(intacct: Gateway) -> None:
    # §1.7
    reply = intacct.call(f"<create>{project('P-1')}<PROJECT/></create>", transaction="true")
    assert reply.status == "failure"
    assert intacct.stored("PROJECT") == []


def test_the_path_of_the_gateway_is_the_documented_one() -> None:
    assert PATH == "/ia/xml/xmlgw.phtml"


@pytest.mark.parametrize(("uniqueid", "left"), [("true", 1), ("false", 2)])
def test_a_request_a_relay_repeats_is_executed_once_only_under_a_unique_controlid(intacct: Gateway, uniqueid: str, left: int) -> None:
    # §1.6, §10.11 duplicate delivery: the second answer is the one that is seen
    vendor(intacct)
    intacct.fault("deliver_twice", function="create", nth=1)
    reply = intacct.call(f"<create>{bill_of(number='')}</create>", controlids=["relay-1"], uniqueid=uniqueid)
    assert len(intacct.stored("APBILL")) == left
    assert (reply.results[0].findtext("status") == "success") is (uniqueid == "false")
