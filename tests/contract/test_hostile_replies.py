"""The client over a real socket against a host that answers with what nobody should send: five hundred replies, memory watched.

The client runs in a process of its own, so that what it holds can be told; the host is a plain socket of this process.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from tests.contract.hostile import MEGABYTE, OVERSIZED, Hostile
from tests.contract.sandbox.intacct.gateway import PATH
from tests.contract.test_hostile_xml import CREDENTIALS, LOCAL_FILE, ROOM, envelopes
from tieout.intacct.client.reply import MAX_BYTES
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.wire import Request

REPLIES = 500
PEAK = 10 * MAX_BYTES  # what the client's process may ever hold
CLIENT = """
import json, re, sys
from datetime import UTC, datetime
from pathlib import Path
from tieout.intacct.client import Client, Credentials, IntacctError, Limits, Query

class Held:
    def now(self):
        return datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

def held(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1)) * 1024

url, wanted = sys.argv[1], int(sys.argv[2])
said, strange, before = {}, [], 0
with Client(Credentials("SANDBOX", "s", "p", "ws-user", "p", url), clock=Held(), limits=Limits(read=20)) as client:
    for at in range(wanted):
        if at == 40:
            before = held("VmRSS")
        try:
            client.query(Query("PROJECT", ("RECORDNO",)))
            reason = "read"
        except IntacctError as error:
            reason = error.reason.value
            if not 0 < len(str(error)) < 20_000:
                strange.append(str(error)[:200])
        said[reason] = said.get(reason, 0) + 1
print(json.dumps({"said": said, "strange": strange, "left": held("VmRSS") - before, "peak": held("VmHWM")}))
"""


@dataclass
class Host:
    """Answers a sign-in as the gateway does, and every other call with the next of its replies, in one of three framings."""

    signed_in: bytes
    replies: Sequence[bytes]
    given: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}{PATH}"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as reader:
                try:
                    while self.answer(connection, reader):
                        pass
                except OSError:
                    continue  # the client has read enough and hung up

    def answer(self, connection: socket.socket, reader: object) -> bool:
        """One request and its reply; whether the connection goes on."""
        length = 0
        while line := reader.readline():  # type: ignore[attr-defined]
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            if line == b"\r\n":
                break
        else:
            return False
        body = reader.read(length)  # type: ignore[attr-defined]
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
        if b"<getAPISession" in body:
            (control_id,) = re.findall(rb'<function controlid="([^"]+)"', body)
            session = self.signed_in.replace(b"<controlid>f-1<", b"<controlid>%s<" % control_id)
            session = re.sub(rb"<endpoint>.*</endpoint>", b"<endpoint>%s</endpoint>" % self.url.encode(), session)
            connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(session) + session)
            return True
        reply = self.replies[self.given % len(self.replies)]
        self.given += 1
        match self.given % 3:
            case 0:
                connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(reply) + reply)
                return True
            case 1:
                connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
                for at in range(0, len(reply), MEGABYTE):
                    part = reply[at : at + MEGABYTE]
                    connection.sendall(b"%x\r\n" % len(part) + part + b"\r\n")
                connection.sendall(b"0\r\n\r\n")
                return True
            case _:
                connection.sendall(head + b"Connection: close\r\n\r\n" + reply)
                return False


@pytest.fixture
def host() -> Iterator[Host]:
    emulator = IntacctEmulator()
    good = [emulator.handle(Request.build("POST", PATH, body=body)).body for body in envelopes()]
    damaged = list(Hostile(good, seed=5).documents(REPLIES - 3 * len(OVERSIZED)))
    oversized = [made(b"response") for made in OVERSIZED.values()]
    made = Host(good[0], [*oversized, *oversized, *oversized, *damaged])
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    yield made
    made.listener.close()
    emulator.close()


def test_five_hundred_replies_over_the_socket_leave_the_client_as_it_was(host: Host) -> None:
    assert CREDENTIALS.company_id == "SANDBOX"
    done = subprocess.run([sys.executable, "-c", CLIENT, host.url, str(REPLIES)], capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert host.given >= REPLIES
    assert sum(told["said"].values()) == REPLIES
    assert told["strange"] == []
    assert told["said"].get("read", 0) < REPLIES // 2
    assert {"malformed", "too large"} <= set(told["said"]), told["said"]
    assert told["left"] < ROOM
    assert told["peak"] < PEAK
    assert LOCAL_FILE not in done.stdout + done.stderr
