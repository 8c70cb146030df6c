"""The same load by loops over third-party clients, as a script would do it: one record, one request, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tieout.bench.emulated import GATEWAY
from tieout.bench.limits import extrapolated
from tieout.bench.table import Row, Verdict, at_least

SAMPLE = 40
TIMES = 10.0
NOTE = (
    f"Right after Tieout's load and on the same emulator at the same pace, a loop of the client creates {SAMPLE} projects, one a request, "
    "sign-in not counted; its time is extrapolated to the number that Tieout wrote, and divided by the time in which Tieout wrote them. "
    "The clients are the published packages, unchanged but for the address."
)
Post = Callable[[int], object]


def peers(url: str, records: int, ours_s: float, command: str) -> list[Row]:
    """How many times faster than each client's loop Tieout wrote `records` in `ours_s` seconds, or why that cannot be said."""
    return [_row(name, module, make, url, records, ours_s, command) for name, (module, make) in _PEERS.items()]


def _row(name: str, module: str, make: Callable[[str], Post], url: str, records: int, ours_s: float, command: str) -> Row:
    figure, target = f"Faster than a loop of {name}", f"≥ {TIMES:.0f}×"
    if find_spec(module) is None:
        return Row(figure, "the package is not installed: run make setup", target, Verdict.NOT_MEASURED, command, NOTE)
    post = make(url)
    began = time.monotonic()
    for number in range(SAMPLE):
        post(number)
    took = time.monotonic() - began
    whole = extrapolated(took, SAMPLE, records)
    measured = f"{whole / ours_s:.0f}× ({whole:,.0f} s extrapolated from {SAMPLE} records in {took:.1f} s)"
    return Row(figure, measured, target, at_least(whole / ours_s, TIMES), command, NOTE)


def _xml(url: str) -> Post:
    """`sageintacctsdk`; it has no setting for the address, so each of its API objects is told."""
    sdk: Any = import_module("sageintacctsdk")
    base: Any = import_module("sageintacctsdk.apis.api_base").ApiBase
    begin = base.__init__

    def pointed(self: Any, *positional: Any, **named: Any) -> None:
        begin(self, *positional, **named)
        self._ApiBase__api_url = f"{url}{GATEWAY}"

    base.__init__ = pointed
    try:
        client = sdk.SageIntacctSDK(
            sender_id="sandbox-sender",
            sender_password="sandbox-sender-pw",  # noqa: S106 - the sandbox's own
            user_id="ws-user",
            company_id="SANDBOX",
            user_password="ws-user-pw",  # noqa: S106 - the sandbox's own
        )
    finally:
        base.__init__ = begin

    def post(number: int) -> object:
        row = {"PROJECTID": f"XML-{number}", "NAME": f"Project {number}", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}
        return client.projects.post(row)

    return post


def _rest(url: str) -> Post:
    """`sageintacctrestsdk`; its address is a constant, imported by name into two of its modules."""
    package: Any = import_module("intacctsdk.intacctsdk")
    base: Any = import_module("intacctsdk.apis.api_base")
    package.BASE_URL = base.BASE_URL = f"{url}/ia/api/v1"
    client = package.IntacctRESTSDK(
        username="ws-user@SANDBOX",
        client_id="sandbox-app",
        client_secret="sandbox-app-secret",  # noqa: S106 - the sandbox's own
    )

    def post(number: int) -> object:
        row = {"id": f"REST-{number}", "name": f"Project {number}", "category": "contract", "location": {"id": "100"}}
        return client.projects.post(row)

    return post


_PEERS: Mapping[str, tuple[str, Callable[[str], Post]]] = {
    "sageintacctsdk (XML)": ("sageintacctsdk", _xml),
    "sageintacctrestsdk (REST)": ("intacctsdk", _rest),
}
