"""The server every emulator runs on, and the control routes it always answers (design §6)."""

from __future__ import annotations

import datetime
import ipaddress
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.contract.sandbox.echo import Echo
from tieout.sandbox.run import Running, serve, start
from tieout.sandbox.wire import Request


def test_a_request_arrives_as_it_was_sent(http: httpx.Client, echo: Running) -> None:
    told = http.post("/a%20b/%C3%A9?x=1&y=&x=%26", content=b"12345", headers={"X-Thing": "One"}).json()
    assert told["path"] == "/a b/é"
    assert told["query"] == [["x", "1"], ["y", ""], ["x", "&"]]
    assert told["headers"]["x-thing"] == "One"
    assert told["base"] == echo.url
    assert told["length"] == 5


def test_the_base_address_is_the_callers_own(http: httpx.Client) -> None:
    assert http.get("/", headers={"Host": "emu.intacct.com:8080"}).json()["base"] == "http://emu.intacct.com:8080"


def test_a_connection_serves_many_requests(echo: Running) -> None:
    with socket.create_connection(("127.0.0.1", echo.server.port)) as raw:
        for _ in range(3):
            raw.sendall(b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
            assert raw.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_chunked_body_is_read_whole(http: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(50):
            yield b"x" * 1000

    assert http.post("/", content=chunks()).json()["length"] == 50000


def test_a_body_announced_too_large_is_refused_unread(echo: Running) -> None:
    with socket.create_connection(("127.0.0.1", echo.server.port)) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 413")


def test_a_chunked_body_that_grows_too_large_is_refused(echo: Running) -> None:
    with socket.create_connection(("127.0.0.1", echo.server.port)) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        received = b""
        try:
            for _ in range(40):
                raw.sendall(chunk)
            received = raw.recv(65536)
        except OSError:
            raw.settimeout(5)
            received = b"HTTP/1.1 413"  # the server stopped reading: the refusal may be lost with the reset
        assert received.startswith(b"HTTP/1.1 413")


def test_headers_without_end_are_refused(echo: Running) -> None:
    with socket.create_connection(("127.0.0.1", echo.server.port)) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nX-Long: " + b"x" * 100_000)
        assert raw.recv(65536).startswith(b"HTTP/1.1 431")


def test_what_is_not_http_is_refused(echo: Running) -> None:
    with socket.create_connection(("127.0.0.1", echo.server.port)) as raw:
        raw.sendall(b"hello\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 400")


def test_a_head_request_gets_no_body(http: httpx.Client) -> None:
    response = http.head("/x")
    assert response.status_code == 200
    assert int(response.headers["content-length"]) > 0
    assert response.content == b""


def test_a_defect_of_an_emulator_is_a_500_and_the_connection_goes_on(http: httpx.Client) -> None:
    assert http.get("/broken").status_code == 500
    assert http.get("/").status_code == 200


def test_stopping_is_quick_even_with_idle_connections(http: httpx.Client, echo: Running) -> None:
    http.get("/")
    begun = time.monotonic()
    echo.stop()
    assert time.monotonic() - begun < 5  # not the patience with idle connections
    with pytest.raises(httpx.ConnectError):
        httpx.get(echo.url)


def test_a_server_can_speak_tls(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sandbox")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "cert.pem").write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem")
    trust = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    with serve(Echo(), tls=context) as running:
        assert httpx.get(f"{running.url}/x", verify=trust).json()["base"] == running.url
        assert running.url.startswith("https://")


def test_an_emulator_answers_without_any_socket() -> None:
    emulator = Echo()
    answer = emulator.handle(Request.build("GET", "/x?y=1", headers={"Host": "h"}))
    assert b'"base": "http://h"' in answer.body
    emulator.close()


# -- control routes


def test_health_names_the_system_and_its_time(http: httpx.Client) -> None:
    told = http.get("/_sandbox/health").json()
    assert (told["system"], told["status"], told["world"]) == ("echo", "ok", "empty")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nonsense", None, 404),
        ("GET", "health/more", None, 404),
        ("POST", "health", {}, 405),
        ("GET", "reset", None, 405),
        ("POST", "reset", {"world": "moon"}, 400),
        ("POST", "reset", {"seed": "x"}, 400),
        ("POST", "reset", {"nonsense": 1}, 400),
        ("PUT", "settings", {"nonsense": 1}, 400),
        ("PUT", "settings", {"mode": "silent"}, 400),
        ("PUT", "settings", {"latency_ms": -1}, 400),
        ("PUT", "settings", {"latency_ms": "1"}, 400),
        ("PUT", "settings", {"limit": 0}, 400),
        ("PUT", "settings", {"limit": True}, 400),
        ("PUT", "settings", {"on": "yes"}, 400),
        ("PUT", "settings", [1], 400),
        ("PUT", "clock", {}, 400),
        ("PUT", "clock", {"now": "2026-03-01T08:00:00"}, 400),
        ("PUT", "clock", {"now": "yesterday"}, 400),
        ("PUT", "clock", {"advance_s": -1}, 400),
        ("PUT", "clock", {"advance_s": 1, "real": True}, 400),
        ("PUT", "clock", {"real": False}, 400),
        ("GET", "objects/nonsense", None, 404),
        ("DELETE", "objects/note", None, 405),
        ("POST", "objects/note", {"other": 1}, 400),
        ("POST", "objects/note", 1, 400),
        ("POST", "webhooks", {}, 405),
    ],
)
def test_a_wrong_control_request_is_refused_with_one_sentence(
    http: httpx.Client, method: str, path: str, body: object, status: int
) -> None:
    response = http.request(method, f"/_sandbox/{path}", json=body)
    assert response.status_code == status
    assert set(response.json()) == {"error"}
    assert response.json()["error"]


def test_settings_are_set_all_or_none_and_secrets_are_masked(http: httpx.Client) -> None:
    assert http.put("/_sandbox/settings", json={"limit": 7, "mode": "silent"}).status_code == 400
    assert http.get("/_sandbox/settings").json()["limit"] == 5
    shown = http.put("/_sandbox/settings", json={"limit": 7, "mode": "loud"}).json()
    assert (shown["limit"], shown["mode"], shown["secret"]) == (7, "loud", "***")


def test_rows_can_be_listed_and_added(http: httpx.Client) -> None:
    http.post("/note", content=b"one")
    assert http.post("/_sandbox/objects/note", json={"text": "two"}).status_code == 201
    assert http.post("/_sandbox/objects/note", json=[{"text": "three"}, {"no": 1}]).status_code == 400
    assert [row["text"] for row in http.get("/_sandbox/objects/note").json()] == ["one", "two"]
    assert http.get("/_sandbox/objects").json() == ["note"]


def test_a_reset_fills_the_world_anew_by_its_seed(http: httpx.Client) -> None:
    def texts(seed: int) -> list[str]:
        http.post("/_sandbox/reset", json={"world": "demo", "seed": seed})
        return [row["text"] for row in http.get("/_sandbox/objects/note").json()]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
    http.post("/_sandbox/reset", json={})
    assert http.get("/_sandbox/objects/note").json() == []
    assert http.get("/_sandbox/meter").json()["requests"] == 0


def test_the_meter_counts_and_can_be_reset(http: httpx.Client) -> None:
    http.get("/a")
    http.post("/note", content=b"x")
    meter = http.get("/_sandbox/meter").json()
    assert (meter["requests"], meter["transactions"], meter["by_function"]) == (2, 2, {"GET": 1, "POST": 1})
    assert meter["max_concurrent"] == 1
    assert http.delete("/_sandbox/meter").json()["requests"] == 0


def test_a_held_clock_stands_still_until_it_is_moved(http: httpx.Client) -> None:
    assert http.put("/_sandbox/clock", json={"now": "2026-03-01T08:00:00Z"}).json() == {"now": "2026-03-01T08:00:00+00:00", "virtual": True}
    assert http.get("/_sandbox/health").json()["now"] == "2026-03-01T08:00:00+00:00"
    http.put("/_sandbox/settings", json={"latency_ms": 1500, "per_record_ms": 500})
    http.post("/note", content=b"x")
    assert http.put("/_sandbox/clock", json={"advance_s": 8}).json()["now"] == "2026-03-01T08:00:10+00:00"
    assert http.put("/_sandbox/clock", json={"real": True}).json()["virtual"] is False


def test_more_requests_than_the_limit_wait_in_order(http: httpx.Client, echo: Running) -> None:
    http.put("/_sandbox/settings", json={"concurrency": 2})
    emulator = echo.emulator
    assert isinstance(emulator, Echo)
    emulator.hold.clear()
    threads = [threading.Thread(target=httpx.get, args=(f"{echo.url}/x",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    while emulator.meter.as_dict()["requests"] < 5:
        assert threads[0].is_alive()
    assert emulator.meter.as_dict()["current"] <= 2
    emulator.hold.set()
    for thread in threads:
        thread.join()
    assert emulator.meter.as_dict()["max_concurrent"] == 2


# -- running


def test_a_named_system_starts_on_a_free_port_and_an_unknown_one_does_not() -> None:
    running = start(["intacct"], world="empty")
    try:
        assert httpx.get(f"{running['intacct'].url}/_sandbox/health").json()["system"] == "intacct"
    finally:
        for each in running.values():
            each.stop()
    with pytest.raises(ValueError, match="there is no sandbox"):
        start(["abacus"])


def test_the_command_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tieout.sandbox", "intacct", "--base-port", str(port), "--world", "empty", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"intacct: http://127.0.0.1:{port}\n"
        assert httpx.get(f"http://127.0.0.1:{port}/_sandbox/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert (tmp_path / "intacct.sqlite3").exists()


def test_the_command_says_in_one_sentence_why_it_did_not_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "tieout.sandbox", "intacct", "--base-port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The sandbox did not start:")
    assert "Traceback" not in done.stderr
