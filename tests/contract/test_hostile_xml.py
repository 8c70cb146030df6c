"""Malformed, hostile and oversized XML is refused with a clear error, in flat memory and without a crash.

The client meets it as replies, the emulator as requests: a hundred thousand documents in process, five hundred over a socket.
"""

from __future__ import annotations

import gc
import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.contract.hostile import MEGABYTE, OVERSIZED, Hostile, laughs
from tests.contract.sandbox.intacct.gateway import PATH, Gateway, errors_in, project, query, read_by_query
from tieout.intacct.client import Client, Credentials, IntacctError, Limits, Query, UnsureError
from tieout.intacct.client.envelope import Function
from tieout.intacct.client.errors import Reason
from tieout.intacct.client.interpret import Where, interpret, matched
from tieout.intacct.client.reply import MAX_BYTES, MalformedError, Status, parse
from tieout.intacct.client.transport import Answer
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.run import serve
from tieout.sandbox.wire import Request

TO_CLIENT, TO_EMULATOR, OVER_SOCKET = 60_000, 40_000, 500
ROOM = 96 * MEGABYTE  # what a whole run may leave in a process
PEAK = 10 * IntacctEmulator.max_body  # what the emulator's process may ever hold
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CALLS = [Function("getAPISession", "f-1", b"", ""), Function("query", "f-2", b"", "PROJECT")]
WHERE = Where("intacct.test", "", CALLS)
LOCAL_FILE = "root:x:0"  # how the file begins that outside entities name
SECRETS = ("sandbox-sender-pw", "ws-user-pw", LOCAL_FILE)
CREDENTIALS = Credentials("SANDBOX", "sandbox-sender", "sandbox-sender-pw", "ws-user", "ws-user-pw", f"http://intacct.test{PATH}")


class Held:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


def envelopes() -> list[bytes]:
    """Requests the emulator can read, and most of them it obeys."""
    with Gateway("http://127.0.0.1:1") as gateway:
        where = "<and><equalto><field>NAME</field><value>A&amp;B</value></equalto><isnull><field>PARENTID</field></isnull></and>"
        return [
            gateway.envelope("<getAPISession/>"),
            b'<?xml version="1.0" encoding="UTF-8"?>'
            + gateway.envelope(f"<create>{project('P-1', '<DESCRIPTION>ä</DESCRIPTION>')}</create>"),
            gateway.envelope(
                query("PROJECT", "RECORDNO", "NAME", filter=where, order="RECORDNO"), read_by_query("PROJECT", "*", "NAME = 'x'")
            ),
            gateway.envelope("<lookup><object>PROJECT</object></lookup>", transaction="true", uniqueid="true"),
        ]


def replies(emulator: IntacctEmulator) -> list[bytes]:
    return [emulator.handle(Request.build("POST", PATH, body=body)).body for body in envelopes()]


def resident() -> int:
    """The bytes this process holds now."""
    gc.collect()
    return resident_of(os.getpid())


def resident_of(process: int, name: str = "VmRSS") -> int:
    """The bytes a process holds now, or with VmHWM the most it ever held (where the system does not tell: now)."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return int(subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, check=True).stdout) * 1024
    found = re.search(rf"{name}:\s+(\d+) kB", status.read_text())
    assert found is not None
    return int(found.group(1)) * 1024


def is_refused_by_expat(document: bytes) -> bool:
    """Whether another parser finds no well-formed UTF-8 here. It knows fewer letters in names, so all beyond ASCII look alike to it."""
    text = document.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    reader = expat.ParserCreate("utf-8")
    try:
        reader.Parse(re.sub(r"[^\x00-\x7f]", "x", text), True)
    except expat.ExpatError:
        return True
    return False


def meet_reply(document: bytes, *, status: int = 200) -> bool:
    """Whether the client reads a reply; otherwise it said why in a sentence that repeats nothing of it."""
    answer = Answer(status, "text/xml", "", document)
    reply, said = None, ""
    try:
        reply = interpret(answer, WHERE, NOW, max_bytes=MAX_BYTES, lines=("ENTRIES",))
    except IntacctError as error:
        said = str(error)
    if reply is None:
        assert 0 < len(said) < 20_000
        assert not any(secret in said for secret in SECRETS)
        return False
    assert len(matched(reply, CALLS)) == 2
    assert reply.control is Status.SUCCESS
    return True


def meet_request(emulator: IntacctEmulator, document: bytes, **headers: str) -> bool:
    """Whether the emulator took a request up; otherwise it refused the whole of it, as the gateway refuses (intacct-xml §1.4)."""
    answer = emulator.handle(Request.build("POST", PATH, headers=headers, body=document))
    assert answer.status == 200
    root = etree.fromstring(answer.body)
    assert root.tag == "response"
    assert root.find("control/status") is not None
    if root.findtext("control/status") == "success":
        return True
    assert root.find("operation") is None
    [(number, text)] = errors_in(root)
    assert number in {"XL03000003", "XL03000006"}
    assert text
    assert LOCAL_FILE not in text
    return False


@pytest.fixture
def emulator() -> Iterator[IntacctEmulator]:
    made = IntacctEmulator()
    made.clock.set(NOW)
    yield made
    made.close()


def test_sixty_thousand_damaged_replies_do_the_client_no_harm(emulator: IntacctEmulator) -> None:
    source = Hostile(replies(emulator), seed=1)
    read = meet_all(source.documents(5_000), meet_reply)
    before = resident()
    read += meet_all(source.documents(TO_CLIENT - 5_000), meet_reply)
    assert resident() - before < ROOM
    assert 0 < read < TO_CLIENT // 2


def test_forty_thousand_damaged_requests_do_the_emulator_no_harm(emulator: IntacctEmulator) -> None:
    source = Hostile(envelopes(), seed=2)
    taken = meet_all(source.documents(2_000), lambda document: meet_request(emulator, document))
    before = resident()
    for _ in range(2_000, TO_EMULATOR, 2_000):
        taken += meet_all(source.documents(2_000), lambda document: meet_request(emulator, document))
        emulator.reset()  # what valid requests made
    assert resident() - before < ROOM
    assert 0 < taken < TO_EMULATOR // 2


def meet_all(documents: Iterable[bytes], meet: Callable[[bytes], bool]) -> int:
    """How many were read. What another parser finds broken never is."""
    taken = [document for document in documents if meet(document)]
    assert [document for document in taken if is_refused_by_expat(document)] == []
    return len(taken)


@pytest.fixture(scope="module")
def shared() -> Iterator[IntacctEmulator]:
    """One emulator for what only ever refuses."""
    made = IntacctEmulator()
    yield made
    made.close()


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(str.encode)
    | st.from_regex(rb"<[a-z:]{1,5}( [a-z:]{1,5}=\"[^\"]*\")*/?>", fullmatch=True)
)
def test_bytes_that_are_no_envelope_are_refused(shared: IntacctEmulator, document: bytes) -> None:
    assert not meet_reply(document)
    assert not meet_request(shared, document)


@pytest.mark.parametrize("name", sorted(OVERSIZED))
def test_a_reply_made_to_exhaust_the_client_is_refused_in_little_memory(name: str) -> None:
    document = OVERSIZED[name](b"response")
    before = resident()
    with pytest.raises(MalformedError):
        parse(document)
    with pytest.raises(UnsureError) as caught:
        interpret(Answer(200, "text/xml", "", document), WHERE, NOW, max_bytes=MAX_BYTES)
    assert caught.value.reason in {Reason.MALFORMED, Reason.NOT_XML}
    assert resident() - before < ROOM


@pytest.mark.parametrize("name", sorted(OVERSIZED))
def test_a_request_made_to_exhaust_the_emulator_is_refused_in_little_memory(shared: IntacctEmulator, name: str) -> None:
    document = OVERSIZED[name](b"request")
    before = resident()
    assert not meet_request(shared, document)
    assert resident() - before < ROOM


@pytest.mark.parametrize("root", ["request", "response"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp037", "utf-7"])
def test_a_document_in_another_encoding_is_refused(shared: IntacctEmulator, encoding: str, root: str) -> None:
    for said in ("", f'<?xml version="1.0" encoding="{encoding}"?>'):
        document = f"{said}<{root}><control><status>success</status></control></{root}>ä".encode(encoding)
        assert not meet_reply(document)
        assert not meet_request(shared, document)


def test_a_reply_that_says_it_is_not_utf_8_is_refused(emulator: IntacctEmulator) -> None:
    for document in replies(emulator):
        assert meet_reply(document)
        bare = document.removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>')
        assert not meet_reply(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + bare)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x", "", "text/xml; charset=utf-16"]
)
def test_the_content_type_of_a_request_makes_no_document_of_what_is_none(shared: IntacctEmulator, content_type: str) -> None:
    headers = {"content-type": content_type}
    assert not meet_request(shared, b'{"request": {}}', **headers)
    assert not meet_request(shared, laughs(b"request"), **headers)
    assert not meet_request(shared, gzip.compress(envelopes()[0]), **headers)


class Streamed(httpx.SyncByteStream):
    """A body in pieces, counted as they are taken; time passes with each."""

    def __init__(self, pieces: Iterable[bytes], clock: list[float], seconds: float = 0) -> None:
        self.pieces, self.clock, self.seconds = pieces, clock, seconds
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            self.clock[0] += self.seconds
            yield piece


def refused_stream(body: Streamed, headers: dict[str, str], clock: list[float]) -> IntacctError:
    """What the client says about a reply that arrives in pieces."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, headers={"content-type": "text/xml", **headers}, stream=body))
    client = Client(CREDENTIALS, clock=Held(), http=transport, limits=Limits(), monotonic=lambda: clock[0])
    with client, pytest.raises(IntacctError) as caught:
        client.query(Query("PROJECT", ("RECORDNO",)))
    return caught.value


def endless(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


def test_a_reply_without_end_is_left_at_the_limit() -> None:
    clock = [0.0]
    body = Streamed(endless(b"x" * MEGABYTE), clock)
    assert refused_stream(body, {}, clock).reason is Reason.TOO_LARGE
    assert body.taken == MAX_BYTES // MEGABYTE + 1


def test_a_reply_that_drips_is_left_at_the_deadline() -> None:
    clock = [0.0]
    body = Streamed(endless(b"<"), clock, seconds=60)
    assert refused_stream(body, {}, clock).reason is Reason.TIMEOUT
    assert body.taken <= 15


@pytest.mark.parametrize("packing", ["gzip", "x-gzip"])
def test_a_packed_reply_is_never_unpacked_beyond_the_limit(packing: str) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = b"".join(packer.compress(b"\x00" * MEGABYTE) for _ in range(256)) + packer.flush()
    assert len(packed) < MEGABYTE
    before = resident()
    clock = [0.0]
    assert refused_stream(Streamed([packed], clock), {"content-encoding": packing}, clock).reason is Reason.TOO_LARGE
    assert resident() - before < ROOM


@pytest.mark.parametrize("packing", ["gzip, gzip", "deflate", "br", "zstd", "gzip, br", "unheard-of"])
def test_a_packing_nobody_asked_for_is_refused(packing: str) -> None:
    clock = [0.0]
    error = refused_stream(Streamed([gzip.compress(gzip.compress(b"<response/>"))], clock), {"content-encoding": packing}, clock)
    assert "not asked for" in str(error)


def test_a_packed_reply_is_read_and_a_badly_packed_one_refused(emulator: IntacctEmulator) -> None:
    clock = [0.0]
    damaged = gzip.compress(b"<response/>" * 100)[:20] + b"damage"
    for packed, text in ((damaged, "packing"), (b"damage", "packed wrongly")):
        assert text in str(refused_stream(Streamed([packed], clock), {"content-encoding": "gzip"}, clock))

    def answer(request: httpx.Request) -> httpx.Response:
        reply = emulator.handle(Request.build("POST", PATH, body=request.content)).body
        packed = gzip.compress(reply)
        stream = Streamed([packed[at : at + 50] for at in range(0, len(packed), 50)], clock)
        return httpx.Response(200, headers={"content-type": "text/xml", "content-encoding": "gzip"}, stream=stream)

    with Client(CREDENTIALS, clock=Held(), http=httpx.MockTransport(answer)) as client:
        assert client.query(Query("LOCATIONENTITY", ("RECORDNO",))).total == 2


@pytest.fixture
def child() -> Iterator[tuple[str, int]]:
    """An emulator in a process of its own: its address and its number."""
    code = "from tieout.sandbox.run import run; run('intacct', base_port=0, world='empty')"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield line.split(" ", 1)[1].strip(), process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def test_five_hundred_documents_over_the_socket_leave_the_emulator_as_it_was(child: tuple[str, int]) -> None:
    url, process = child
    damaged = Hostile(envelopes(), seed=3).documents(OVER_SOCKET - 2 * len(OVERSIZED))
    with Gateway(url) as gateway:
        for document in envelopes():
            gateway.post(document)
        before = resident_of(process)
        for made in OVERSIZED.values():
            document = made(b"request")
            assert_answered(gateway.http, document)
            assert_answered(gateway.http, (document[at : at + MEGABYTE] for at in range(0, len(document), MEGABYTE)))
        for document in damaged:
            assert_answered(gateway.http, document)
        assert gateway.call(query("LOCATIONENTITY", "RECORDNO")).status == "success"
    assert resident_of(process) - before < ROOM
    assert resident_of(process, "VmHWM") < PEAK


def assert_answered(http: httpx.Client, content: bytes | Iterable[bytes]) -> None:
    answer = http.post(PATH, content=content, headers={"Content-Type": "application/xml"})
    assert answer.status_code in {200, 413}, answer.text
    if answer.status_code == 413:
        assert "larger than" in answer.text
    else:
        assert etree.fromstring(answer.content).tag == "response"


def test_requests_that_never_end_keep_nobody_else_waiting() -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\nContent-Length: 1000000\r\n\r\n".encode()
    with serve(IntacctEmulator()) as running, Gateway(running.url) as gateway:
        address = urlsplit(running.url)
        slow = [socket.create_connection((address.hostname or "", address.port or 0)) for _ in range(40)]
        for number, each in enumerate(slow):
            each.sendall(head[: 10 + number] if number % 2 else head + b"<request>" * number)
        assert gateway.call(query("LOCATIONENTITY", "RECORDNO")).status == "success"
        for each in slow:
            each.close()
        assert gateway.call(query("LOCATIONENTITY", "RECORDNO")).status == "success"
        assert gateway.control("GET", "meter")["by_function"] == {"query": 2}
