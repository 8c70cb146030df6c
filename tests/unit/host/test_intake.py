"""What reaches the application: whole bodies of bearable size, bearable addresses, and where a request came from."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest

from tieout.host.intake import Intake


class Application:
    """Keeps what it was given; may be told to wait."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.seen.append({**environ, "body": environ["wsgi.input"].read()})
        start_response("200 OK", [])
        return [b"ok"]


def ask(intake: Intake, body: Any = b"", **environ: str) -> int:
    """The status of one request."""
    told: list[str] = []
    source = io.BytesIO(body) if isinstance(body, bytes) else body
    given = {"PATH_INFO": "/", "QUERY_STRING": "", "REMOTE_ADDR": "10.0.0.1", "wsgi.input": source, **environ}
    if body and "HTTP_TRANSFER_ENCODING" not in environ:
        given.setdefault("CONTENT_LENGTH", str(len(body)))
    intake(given, lambda status, headers: told.append(status))
    return int(told[0].split()[0])


@pytest.mark.parametrize("more", [{}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_body_arrives_whole(more: dict[str, str]) -> None:
    application = Application()
    assert ask(Intake(application, threads=8, most=100), b"a whole body", **more) == 200
    assert (application.seen[0]["body"], application.seen[0]["CONTENT_LENGTH"]) == (b"a whole body", "12")


@pytest.mark.parametrize("more", [{}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "5"}])
def test_a_body_that_is_too_large_is_refused_whatever_it_says_of_itself(more: dict[str, str]) -> None:
    application = Application()
    assert ask(Intake(application, threads=8, most=100), b"x" * 101, **more) == 413
    assert application.seen == []


def test_an_address_that_is_too_long_is_refused() -> None:
    assert ask(Intake(Application(), threads=8, most=100), PATH_INFO="/" + "a" * 8000) == 414
    assert ask(Intake(Application(), threads=8, most=100), QUERY_STRING="next=" + "a" * 8000) == 414


def test_half_of_the_threads_take_in_bodies_and_pages_go_on() -> None:
    class Slow:
        """A body of which nothing comes for a while."""

        def __len__(self) -> int:
            return 1

        def read(self, size: int) -> bytes:
            being_read.release()
            more_came.wait(20)
            return b""

    more_came, being_read = threading.Event(), threading.Semaphore(0)
    intake = Intake(Application(), threads=4, most=100)
    waiting = [threading.Thread(target=ask, args=(intake, Slow())) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert all(being_read.acquire(timeout=20) for _ in waiting)
    try:
        assert ask(intake) == 200
        assert ask(intake, b"one more") == 503
    finally:
        more_came.set()
        for thread in waiting:
            thread.join()
    assert ask(intake, b"again") == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "192.0.2.7", "10.0.0.1"),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "forged, 192.0.2.7", "192.0.2.7"),
        (2, "forged, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        (2, "192.0.2.7", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_believed_proxy_saw(proxies: int, forwarded: str, address: str) -> None:
    application = Application()
    ask(Intake(application, threads=8, most=100, proxies=proxies), HTTP_X_FORWARDED_FOR=forwarded)
    assert application.seen[0]["REMOTE_ADDR"] == address
