"""Faults, the clock they follow, and webhooks that obey them (design §6)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.contract.sandbox.echo import Echo
from tieout.sandbox.clock import Clock
from tieout.sandbox.faults import Action, Faults
from tieout.sandbox.run import Running
from tieout.sandbox.webhooks import Outbox

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def fault(http: httpx.Client, action: str, **given: object) -> None:
    match = {name: value for name, value in given.items() if name in {"function", "object", "path", "nth", "times"}}
    rest = {name: value for name, value in given.items() if name not in match}
    assert http.post("/_sandbox/faults", json=[{"action": action, "match": match, **rest}]).status_code == 200


@pytest.mark.parametrize(
    "described",
    [
        {"action": "delay"},
        ["delay"],
        [{"match": {}}],
        [{"action": "explode"}],
        [{"action": "delay", "when": 1}],
        [{"action": "delay", "match": {"colour": "red"}}],
        [{"action": "delay", "match": 1}],
        [{"action": "delay", "match": {"function": 1}}],
        [{"action": "delay", "match": {"nth": 0}}],
        [{"action": "delay", "match": {"times": "x"}}],
        [{"action": "delay", "seconds": -1}],
        [{"action": "http_status", "status": 99}],
        [{"action": "delay"}, {"action": "explode"}],
    ],
)
def test_a_fault_nobody_can_act_on_is_refused(http: httpx.Client, described: object) -> None:
    response = http.post("/_sandbox/faults", json=described)
    assert response.status_code == 400
    assert response.json()["error"]
    assert http.get("/_sandbox/faults").json() == [], "all or none"


def statuses(http: httpx.Client, count: int, path: str = "/x", method: str = "GET") -> list[int]:
    return [http.request(method, path).status_code for _ in range(count)]


def test_a_fault_without_limits_lasts_until_it_is_removed(http: httpx.Client) -> None:
    fault(http, "http_status", status=503)
    assert statuses(http, 3) == [503] * 3
    http.delete("/_sandbox/faults")
    assert statuses(http, 1) == [200]


def test_nth_meets_one_call_and_times_says_how_many(http: httpx.Client) -> None:
    fault(http, "http_status", status=503, nth=2)
    assert statuses(http, 4) == [200, 503, 200, 200]
    http.delete("/_sandbox/faults")
    fault(http, "http_status", status=503, nth=2, times=2)
    assert statuses(http, 4) == [200, 503, 503, 200]
    http.delete("/_sandbox/faults")
    fault(http, "http_status", status=503, times=1)
    assert statuses(http, 2) == [503, 200]


def test_a_fault_meets_only_what_it_names(http: httpx.Client) -> None:
    fault(http, "http_status", status=500, function="post", object="Pet", path="/a/*")
    assert statuses(http, 1, "/a/b?object=pet", "GET") == [200]
    assert statuses(http, 1, "/a/b?object=cat", "POST") == [200]
    assert statuses(http, 1, "/b?object=pet", "POST") == [200]
    assert statuses(http, 1, "/a/b?object=pet", "POST") == [500]
    [shown] = http.get("/_sandbox/faults").json()
    assert shown["seen"] == 1


def test_a_status_may_ask_to_come_back_later(http: httpx.Client) -> None:
    fault(http, "http_status", status=429, seconds=3)
    assert http.get("/x").headers["Retry-After"] == "3"


def test_cut_before_leaves_no_trace_and_cut_after_leaves_one(http: httpx.Client) -> None:
    for action, kept in (("cut_before_commit", 0), ("cut_after_commit", 1)):
        fault(http, action, times=1)
        with pytest.raises(httpx.RemoteProtocolError):
            http.post("/note", content=action.encode())
        assert len(http.get("/_sandbox/objects/note").json()) == kept


def test_work_may_end_after_the_cut_on_a_held_clock(http: httpx.Client) -> None:
    http.put("/_sandbox/clock", json={"now": "2026-03-01T08:00:00Z"})
    fault(http, "finish_after_cut", times=1, seconds=30)
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/note", content=b"late")
    http.put("/_sandbox/clock", json={"advance_s": 29})
    assert http.get("/_sandbox/objects/note").json() == []
    http.put("/_sandbox/clock", json={"advance_s": 1})
    assert len(http.get("/_sandbox/objects/note").json()) == 1


def test_work_may_end_after_the_cut_on_the_real_clock(http: httpx.Client, echo: Running) -> None:
    emulator = echo.emulator
    assert isinstance(emulator, Echo)
    fault(http, "finish_after_cut", times=1, seconds=3600)
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/note", content=b"late")
    assert emulator.storage.count("note") == 0
    done = threading.Event()
    emulator.clock.later(3600.001, done.set)
    http.put("/_sandbox/clock", json={"advance_s": 3601})
    assert done.wait(5)
    while emulator.meter.as_dict()["by_function"].get("POST") != 1:
        assert done.is_set()
    assert emulator.storage.count("note") == 1


def test_a_page_can_stand_where_an_answer_should(http: httpx.Client) -> None:
    fault(http, "html_body", times=1)
    page = http.post("/note", content=b"x")
    assert page.headers["content-type"].startswith("text/html")
    assert http.get("/_sandbox/objects/note").json() == []


def test_a_session_can_be_ended_under_the_caller(http: httpx.Client, echo: Running) -> None:
    fault(http, "expire_session", times=1)
    http.get("/x")
    http.get("/x")
    assert isinstance(echo.emulator, Echo)
    assert echo.emulator.expired == 1


def test_control_routes_are_never_met_by_a_fault(http: httpx.Client) -> None:
    fault(http, "http_status", status=500)
    assert http.get("/_sandbox/health").status_code == 200


# -- the clock


def test_a_virtual_clock_sleeps_by_moving() -> None:
    clock = Clock()
    clock.set(START)
    clock.sleep(90)
    assert clock.now() == START + timedelta(seconds=90)


def test_work_that_falls_due_sees_its_own_time_in_order() -> None:
    clock = Clock()
    clock.set(START)
    seen: list[tuple[str, datetime]] = []
    clock.later(20, lambda: seen.append(("second", clock.now())))

    def first() -> None:
        seen.append(("first", clock.now()))
        clock.later(5, lambda: seen.append(("nested", clock.now())))

    clock.later(10, first)
    clock.advance(60)
    assert seen == [
        ("first", START + timedelta(seconds=10)),
        ("nested", START + timedelta(seconds=15)),
        ("second", START + timedelta(seconds=20)),
    ]
    assert clock.now() == START + timedelta(seconds=60)


def test_an_advance_wakes_a_sleeper_on_the_real_clock() -> None:
    clock = Clock()
    woken = threading.Event()
    sleeper = threading.Thread(target=lambda: (clock.sleep(3600), woken.set()))
    sleeper.start()
    while not woken.wait(0.01):
        clock.advance(3600)
    sleeper.join()
    clock.close()


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Clock().set(datetime(2026, 3, 1))


# -- webhooks


class Receiver:
    """Notes every message and answers with the next status (200 when none is left)."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, bytes, Mapping[str, str]]] = []

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.got.append((url, body, headers))
        return self.statuses.pop(0) if self.statuses else 200


def owing() -> tuple[Clock, Faults, Outbox]:
    clock, faults = Clock(), Faults()
    clock.set(START)
    return clock, faults, Outbox(clock, faults)


def test_a_message_is_delivered_when_it_is_due() -> None:
    clock, _, outbox = owing()
    receiver = Receiver()
    outbox.enqueue("http://h/", {"A": "1"}, b"x", delay=5)
    assert outbox.pump(receiver) == 0
    clock.advance(5)
    assert outbox.pump(receiver) == 1
    assert receiver.got == [("http://h/", b"x", {"A": "1"})]
    assert outbox.as_list()[0]["state"] == "delivered"


def test_a_failed_message_is_tried_again_on_schedule_with_fresh_headers() -> None:
    clock, _, outbox = owing()
    receiver = Receiver(500, 0, 200)
    outbox.enqueue("http://h/", lambda now: {"At": now.isoformat()}, b"x", retries=(10, 30))
    times = []
    for _ in range(60):
        if outbox.pump(receiver):
            times.append((clock.now() - START).total_seconds())
        clock.advance(1)
    assert times == [0, 10, 40]
    assert len({headers["At"] for _, _, headers in receiver.got}) == 3


def test_a_message_without_attempts_left_has_failed() -> None:
    _, _, outbox = owing()
    outbox.enqueue("http://h/", {}, b"x")
    outbox.pump(Receiver(500))
    assert outbox.as_list()[0]["state"] == "failed"


def test_messages_can_be_dropped_doubled_and_overtaken() -> None:
    clock, faults, outbox = owing()
    receiver = Receiver()
    for action, path in ((Action.DROP_WEBHOOK, "*drop*"), (Action.DUPLICATE_WEBHOOK, "*twice*"), (Action.REORDER_WEBHOOK, "*late*")):
        faults.add([{"action": str(action), "match": {"path": path}}])
    for name in ("drop", "late", "twice", "plain"):
        outbox.enqueue(f"http://h/{name}", {}, b"")
    outbox.pump(receiver)
    clock.advance(10)
    outbox.pump(receiver)
    assert [url.rpartition("/")[2] for url, _, _ in receiver.got] == ["twice", "twice", "plain", "late"]


def test_a_served_emulator_delivers_over_http_by_itself(echo: Running) -> None:
    emulator = echo.emulator
    emulator.clock.set(START)
    emulator.outbox.enqueue(f"{echo.url}/note", {"Content-Type": "text/plain"}, b"from a webhook", delay=60)
    emulator.clock.advance(60)
    while emulator.storage.count("note") == 0:
        assert emulator.outbox.as_list()[0]["state"] in {"waiting", "delivered"}
    [row] = emulator.storage.all("note")
    assert row == {"text": "from a webhook"}
