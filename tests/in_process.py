"""An emulator reached without a socket: the transport hands requests straight to it, on the emulator's own clock."""

from __future__ import annotations

from typing import Any

import httpx

from tieout.sandbox.emulator import Emulator
from tieout.sandbox.wire import Cut, Request


class InProcess(httpx.BaseTransport):
    """Carries requests to an emulator; a cut or a late answer looks like it does on the wire."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.unreachable = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The emulator's reply. Raises httpx.ConnectError, ReadError or ReadTimeout."""
        if self.unreachable:
            raise httpx.ConnectError("connection refused", request=request)
        body = request.read()
        before = self.emulator.clock.now()
        target = request.url.raw_path.decode("ascii")
        asked = Request.build(request.method, target, headers=dict(request.headers), body=body)
        try:
            answer = self.emulator.handle(asked)
        except Cut:
            raise httpx.ReadError("the connection was closed without a reply", request=request) from None
        waited = (self.emulator.clock.now() - before).total_seconds()
        timeout: dict[str, Any] = request.extensions.get("timeout", {})
        if timeout.get("read") is not None and waited > timeout["read"]:
            raise httpx.ReadTimeout("no answer in time", request=request)
        headers = {"content-type": answer.content_type, **answer.headers}
        return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)
