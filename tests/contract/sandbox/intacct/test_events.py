"""Smart events and their delivery (intacct-xml §8; intacct-rest §11; sage-psa §5.5), and what the audit trail keeps (§4.2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query
from tests.contract.sandbox.intacct.projects import create, delete, employee, made, task, update
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.run import serve
from tieout.sandbox.server import Server
from tieout.sandbox.wire import Request, Response

URL = "http://hooks.example/intacct"
NOON = "2026-11-21T12:00:00Z"


@dataclass(slots=True)
class Office:
    """The emulator over HTTP, and its postman, who delivers when asked and answers as told."""

    gateway: Gateway
    emulator: IntacctEmulator
    status: int = 200
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    def pump(self) -> list[dict[str, Any]]:
        """Lets everything due arrive; gives the contexts of what came."""
        self.got.clear()
        self.emulator.outbox.pump(self._post)
        return [context_of(headers) for headers, _ in self.got]

    def events(self) -> list[tuple[str, str]]:
        return [(context["EVENT"], context["OBJECTNAME"]) for context in self.pump()]

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        assert url == URL
        self.got.append((headers, body))
        return self.status


def context_of(headers: Mapping[str, str]) -> dict[str, Any]:
    context: dict[str, Any] = json.loads(base64.b64decode(headers["x-clientcontext"]))
    return context


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.fixture
def office() -> Iterator[Office]:
    emulator = IntacctEmulator()
    server = Server(emulator, "127.0.0.1", 0).start()
    with Gateway(server.url) as gateway:
        gateway.at(NOON)
        gateway.set(webhook_url=URL)
        yield Office(gateway, emulator)
    server.stop()
    emulator.close()


def test_nothing_is_sent_unless_an_administrator_configured_it(office: Office) -> None:
    # §8: no subscription API; events are configured by an administrator
    office.gateway.project("P-1")
    assert office.pump() == []


def test_events_of_the_configured_objects_are_sent(office: Office) -> None:
    # §8: Add / Set / Delete of an object
    office.gateway.set(smart_events=["after_create PROJECT", "after_update PROJECT", "after_delete *"])
    number = made(office.gateway.project("P-1"))
    made(update(office.gateway, "PROJECT", PROJECTID="P-1", NAME="New"))
    other = made(task(office.gateway))
    assert delete(office.gateway, "TASK", other).status == "success"
    assert delete(office.gateway, "PROJECT", number).status == "success"
    wanted = [("after_create", "PROJECT"), ("after_update", "PROJECT"), ("after_delete", "TASK"), ("after_delete", "PROJECT")]
    assert office.events() == wanted


@pytest.mark.parametrize("wanted", ["after_create *", "* TASK", "* *"])
def test_an_asterisk_stands_for_every_event_or_object(office: Office, wanted: str) -> None:
    office.gateway.project("P-1")
    office.gateway.set(smart_events=[wanted])
    made(task(office.gateway))
    assert office.events() == [("after_create", "TASK")]


def test_the_context_says_who_changed_what(office: Office) -> None:
    # intacct-rest §11: decoded context example; sage-psa §5.5
    office.gateway.set(smart_events=["* PROJECT"])
    number = made(office.gateway.project("P-1"))
    [context] = office.pump()
    [user] = [row["RECORDNO"] for row in office.gateway.stored("USERINFO") if row["LOGINID"] == "ws-user"]
    assert context == {
        "COMPANY": "199056",
        "ENTITY": False,
        "USER": user,
        "OBJECTNAME": "PROJECT",
        "RESTOBJECTNAME": "projects/project",
        "DOCTYPE": "",
        "ID": {},
        "VID": number,
        "EVENT": "after_create",
        "EVENTNAME": "ADD_PROJECT",
    }


def test_the_context_names_the_entity_of_the_session(office: Office) -> None:
    office.gateway.set(smart_events=["* PROJECT"])
    made(office.gateway.project("P-1", "<LOCATIONID>200</LOCATIONID>", authentication=office.gateway.login(location="200")))
    assert [context["ENTITY"] for context in office.pump()] == ["200"]


def test_the_body_is_what_the_template_makes_of_the_record(office: Office) -> None:
    # §8: injections such as {!ARINVOICE.TOTALDUE!}
    office.gateway.set(smart_events=["* PROJECT", "* TASK"])
    office.gateway.set(webhook_templates={"TASK": '{"key":"{!RECORDNO!}","job":"{!TASK.PROJECT.NAME!}","odd":"{!TASK.NOPE!}"}'})
    first = made(office.gateway.project("P-1"))
    second = made(task(office.gateway))
    office.pump()
    assert [json.loads(body) for _, body in office.got] == [{"key": first}, {"key": second, "job": "Rooftop units", "odd": ""}]


def test_a_deleted_record_is_described_as_it_was(office: Office) -> None:
    office.gateway.set(smart_events=["after_delete PROJECT"], webhook_template="{!PROJECT.PROJECTID!}")
    number = made(office.gateway.project("P-1"))
    delete(office.gateway, "PROJECT", number)
    office.pump()
    assert [body for _, body in office.got] == [b"P-1"]


def test_the_signature_is_a_token_over_the_body(office: Office) -> None:
    # intacct-rest §11: HS256 keyed with the client secret; iat in ms, exp = iat + 1 h
    office.gateway.set(smart_events=["* PROJECT"], webhook_client_id="app-1", webhook_client_secret="hush")
    office.gateway.project("P-1")
    office.pump()
    [(headers, body)] = office.got
    head, claims, signature = headers["X-IA-Sage-Signature"].split(".")
    digest = hmac.new(b"hush", f"{head}.{claims}".encode(), hashlib.sha256).digest()
    assert signature == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert decoded(head) == {"alg": "HS256", "typ": "JWT"}
    assert decoded(claims) == {
        "iat": 1795262400000,
        "exp": 1795262400000 + 3_600_000,
        "iss": "Sage Intacct",
        "tenant_id": "199056",
        "app_id": "app-1",
        "payload_signature": hashlib.sha256(body).hexdigest(),
        "payload_signature_alg": "SHA-256",
    }
    assert headers["Authorization"].startswith("Bearer ")


def test_the_signature_comes_in_an_envelope_with_seconds_if_so_set(office: Office) -> None:
    # intacct-rest §11: bare JWT or base64 JSON envelope with jwtData; seconds or ms
    office.gateway.set(smart_events=["* PROJECT"], webhook_signature_form="envelope", webhook_signature_time="s")
    office.gateway.project("P-1")
    office.pump()
    [(headers, _)] = office.got
    token = json.loads(base64.b64decode(headers["X-IA-Sage-Signature"]))["jwtData"]
    assert decoded(token.split(".")[1])["exp"] == 1795262400 + 3600


def test_headers_go_by_their_other_names_if_so_set(office: Office) -> None:
    # §8: X-Trusted-Context earlier; intacct-rest §11: Idempotency-Key
    office.gateway.set(smart_events=["* PROJECT"], webhook_context_header="X-Trusted-Context", webhook_idempotency_header="Idempotency-Key")
    office.gateway.project("P-1")
    office.emulator.outbox.pump(office._post)
    [(headers, _)] = office.got
    assert {"X-Trusted-Context", "Idempotency-Key"} <= set(headers)
    assert not {"x-clientcontext", "X-IdempotencyKey"} & set(headers)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_failed_delivery_is_tried_again_after_10_30_and_90_seconds(office: Office, status: int) -> None:
    # §8: at most 4 attempts, same idempotency key
    office.gateway.set(smart_events=["* PROJECT"])
    office.gateway.project("P-1")
    office.status = status
    keys, times = set(), []
    for wait in (0, 9, 1, 29, 1, 89, 1, 600):
        office.gateway.advance(wait)
        if office.pump():
            keys.add(office.got[0][0]["X-IdempotencyKey"])
            times.append(decoded(office.got[0][0]["X-IA-Sage-Signature"].split(".")[1])["iat"] // 1000 - 1795262400)
    assert (times, len(keys)) == ([0, 10, 40, 130], 1)
    [delivery] = office.gateway.control("GET", "webhooks")
    assert (delivery["state"], delivery["statuses"]) == ("failed", [status] * 4)


@pytest.mark.parametrize("status", [201, 204, 301, 400, 401, 403, 404, 410, 501])
def test_other_answers_are_not_tried_again_and_only_200_is_success(office: Office, status: int) -> None:
    # §8 retry table; intacct-rest §11: only HTTP 200 is success
    office.gateway.set(smart_events=["* PROJECT"])
    office.gateway.project("P-1")
    office.status = status
    assert len(office.pump()) == 1
    office.gateway.advance(600)
    assert office.pump() == []
    assert office.gateway.control("GET", "webhooks")[0]["state"] == "failed"


def test_a_classic_post_is_neither_signed_nor_repeated(office: Office) -> None:
    # §8: payload of classic HTTP POST: no signature, no retry contract
    office.gateway.set(smart_events=["* PROJECT"], webhook_delivery=False)
    office.gateway.project("P-1")
    office.status = 503
    office.emulator.outbox.pump(office._post)
    office.gateway.advance(600)
    office.emulator.outbox.pump(office._post)
    [(headers, body)] = office.got
    assert not [name for name in headers if name.lower().startswith(("x-", "auth"))]
    assert json.loads(body)["key"]


def test_what_is_rolled_back_sends_nothing(office: Office) -> None:
    # §1.7
    office.gateway.project("P-0")
    office.gateway.set(smart_events=["* *"])
    good = "<create><TASK><NAME>A</NAME><PROJECTID>P-0</PROJECTID><TASKSTATUS>Planned</TASKSTATUS></TASK></create>"
    office.gateway.call(good, "<create><TASK><NAME>B</NAME></TASK></create>", transaction="true")
    assert office.pump() == []
    office.gateway.call(good, "<create><TASK><NAME>B</NAME></TASK></create>")
    assert office.events() == [("after_create", "TASK")]


def test_a_cut_after_the_commit_sends_and_one_before_it_does_not(office: Office) -> None:
    office.gateway.set(smart_events=["* PROJECT"])
    for action, sent in (("cut_before_commit", 0), ("cut_after_commit", 1)):
        office.gateway.control("DELETE", "faults")
        office.gateway.fault(action, function="create", nth=1)
        with pytest.raises(httpx.RemoteProtocolError):
            office.gateway.project(f"P-{action[4:8]}")
        assert len(office.pump()) == sent


def test_webhook_faults_meet_events_by_name_and_object(office: Office) -> None:
    # design §6: drop_webhook, duplicate_webhook, reorder_webhook
    office.gateway.set(smart_events=["* *"], webhook_template="{!NAME!}")
    office.gateway.project("P-1")
    office.pump()
    office.gateway.fault("drop_webhook", object="TASK", function="after_create", nth=1)
    office.gateway.fault("duplicate_webhook", object="TASK", function="after_create", nth=2)
    office.gateway.fault("reorder_webhook", object="TASK", function="after_create", nth=3, seconds=5)
    for name in "ABCD":
        made(task(office.gateway, name))
    first = [body for _, body in (office.pump(), office.got)[1]]
    office.gateway.advance(5)
    late = [body for _, body in (office.pump(), office.got)[1]]
    assert (first, late) == ([b"B", b"B", b"D"], [b"C"])


def test_lines_fire_no_events_of_their_own_but_their_header_does(office: Office) -> None:
    employee(office.gateway)
    office.gateway.set(smart_events=["* *"])
    line = {"ENTRYDATE": "11/02/2026", "QTY": "8", "LOCATIONID": "100"}
    head = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", "STATE": "Submitted"}
    number = made(create(office.gateway, "TIMESHEET", **head, TIMESHEETENTRIES=[("TIMESHEETENTRY", line), ("TIMESHEETENTRY", line)]))
    office.gateway.call(f"<approve><TIMESHEET><RECORDNO>{number}</RECORDNO></TIMESHEET></approve>")
    events = office.events()
    assert [each for each in events if each[1].startswith("TIMESHEET") and each[1] != "TIMESHEETAPPROVAL"] == [
        ("after_create", "TIMESHEET"),
        ("after_update", "TIMESHEET"),
    ]


def test_derived_totals_fire_no_event(office: Office) -> None:
    # intacct-rest §11: totals are derived, so posting time probably fires no project or task trigger
    office.gateway.project("P-1")
    employee(office.gateway)
    made(task(office.gateway, TASKID="T-1"))
    office.gateway.set(smart_events=["* TASK", "* PROJECT"])
    line = {"ENTRYDATE": "11/02/2026", "QTY": "8", "LOCATIONID": "100", "PROJECTID": "P-1", "TASKID": "T-1"}
    head = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", "STATE": "Submitted"}
    made(create(office.gateway, "TIMESHEET", **head, TIMESHEETENTRIES=[("TIMESHEETENTRY", line)]))
    assert office.pump() == []


def test_rows_added_past_the_api_fire_events_too(office: Office) -> None:
    # design §6: as if someone worked in the vendor's own pages
    office.gateway.project("P-1")
    employee(office.gateway)
    office.gateway.set(smart_events=["* PROJECTRESOURCES"])
    office.gateway.control("POST", "objects/PROJECTRESOURCES", {"PROJECTID": "P-1", "EMPLOYEEID": "E-1"})
    assert office.events() == [("after_create", "PROJECTRESOURCES")]


def test_a_reset_forgets_events(office: Office) -> None:
    office.gateway.set(smart_events=["* *"])
    office.gateway.project("P-1")
    office.gateway.control("POST", "reset", {"world": "empty", "seed": 0})
    assert office.pump() == []
    office.gateway.project("P-1")
    assert office.events() == [("after_create", "PROJECT")]


def test_the_log_of_smart_events_is_read_with_get_list_alone(office: Office) -> None:
    # §8: smarteventlog: recordno, smartlinkid, topic, ownerobject, timestamp, userid, objectkey
    office.gateway.set(smart_events=["after_create PROJECT", "after_update PROJECT"])
    number = made(office.gateway.project("P-1"))
    made(update(office.gateway, "PROJECT", PROJECTID="P-1", NAME="New"))
    sorts = '<sorts><sortfield order="asc">recordno</sortfield></sorts>'
    rows = office.gateway.call(f'<get_list object="smarteventlog">{sorts}</get_list>').rows
    assert [(row["topic"], row["ownerobject"], row["objectkey"], row["userid"], row["timestamp"]) for row in rows] == [
        ("ADD_PROJECT", "PROJECT", number, "ws-user", "11/21/2026 12:00:00"),
        ("SET_PROJECT", "PROJECT", number, "ws-user", "11/21/2026 12:00:00"),
    ]
    assert office.gateway.call(query("SMARTEVENTLOG", "RECORDNO")).errors[0][0] == "PL04000005"


class Hook:
    """Somebody's own web server."""

    max_body = 65536

    def __init__(self) -> None:
        self.arrived: queue.Queue[Request] = queue.Queue()

    def handle(self, request: Request) -> Response:
        self.arrived.put(request)
        return Response.of({})


def test_a_served_emulator_delivers_over_http() -> None:
    hook = Hook()
    receiver = Server(hook, "127.0.0.1", 0).start()
    with serve(IntacctEmulator()) as running, Gateway(running.url) as gateway:
        gateway.set(webhook_url=f"{receiver.url}/hook", smart_events=["* PROJECT"])
        number = made(gateway.project("P-1"))
        request = hook.arrived.get(timeout=10)
    receiver.stop()
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert (request.method, request.path, json.loads(request.body)) == ("POST", "/hook", {"key": number})
    assert context_of(headers)["VID"] == number
    assert headers["x-ia-sage-signature"].count(".") == 2


@pytest.mark.parametrize(("form", "shown"), [("recordno", "{0}"), ("recordno_rec", "{0}--REC"), ("natural", "EST-1")])
def test_the_audit_trail_keeps_deletions_of_these_objects(office: Office, form: str, shown: str) -> None:
    # §4.2: AUDITHISTORY, OBJECTTYPE lower-case, ACCESSMODE D, the three forms of OBJECTKEY
    office.gateway.set(audit_object_key=form)
    office.gateway.project("P-1")
    number = made(create(office.gateway, "PJESTIMATE", PJESTIMATEID="EST-1", PROJECTID="P-1"))
    made(update(office.gateway, "PJESTIMATE", PJESTIMATEID="EST-1", ISPRIMARY="false"))
    assert delete(office.gateway, "PJESTIMATE", number).status == "success"
    where = "<equalto><field>OBJECTTYPE</field><value>pjestimate</value></equalto>"
    wanted = ("OBJECTKEY", "ACCESSMODE", "ACCESSTIME", "USERID", "SOURCE")
    [row] = office.gateway.call(query("AUDITHISTORY", *wanted, filter=where)).rows
    assert tuple(row.values()) == (shown.format(number), "D", "11/21/2026 12:00:00", "ws-user", "api")
