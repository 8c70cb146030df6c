"""The smallest emulator: echoes what it was asked, notes what it did; for tests of what all emulators share."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tieout.sandbox.emulator import Emulator, Refused, Setting
from tieout.sandbox.wire import Call, Request, Response


class Echo(Emulator):
    """POST /note stores the body; everything else is echoed. `hold` keeps requests inside until it is set."""

    name = "echo"
    max_body = 1024 * 1024
    SETTINGS: ClassVar[Mapping[str, Setting]] = {
        "mode": Setting("plain", "how it behaves", choices=("plain", "loud")),
        "secret": Setting("s3cret", "a password", secret=True),
        "limit": Setting(5, "a whole number", low=1),
        "on": Setting(True, "a switch"),
    }

    def __init__(self, **given: Any) -> None:
        self.hold = threading.Event()
        self.hold.set()
        self.expired = 0
        super().__init__(**given)

    def declare(self) -> None:
        self.storage.declare("note", unique={"text": "text"})

    def load(self, world: str) -> None:
        if world == "demo":
            self.storage.put("note", "1", {"text": f"from the demo world {self.random.random()}"})

    def calls(self, request: Request) -> Sequence[Call]:
        return (Call(request.method, request.param("object") or ""),)

    def expire_session(self, request: Request) -> None:
        self.expired += 1

    def add(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        if "text" not in given:
            raise Refused("A note has a text.")
        number = str(self.storage.next("notes"))
        self.storage.put(kind, number, given)
        return given

    def work(self, request: Request) -> Response:
        self.hold.wait(10)
        self.meter.count(request.method)
        if request.path == "/note":
            number = str(self.storage.next("notes"))
            self.storage.put("note", number, {"text": request.body.decode()})
            return Response.of({"id": number}, 201, records=1)
        if request.path == "/broken":
            raise RuntimeError("a defect of the emulator")
        about = {"method": request.method, "path": request.path, "query": request.query, "base": request.base_url}
        return Response.of(about | {"length": len(request.body), "headers": dict(request.headers)})
