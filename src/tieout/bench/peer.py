"""The same load by a loop over a third-party client, as a script would do it: one record, one request, one after the other."""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tieout.bench.emulated import GATEWAY, Emulated
from tieout.bench.limits import extrapolated
from tieout.bench.load import PACE, PROJECTS, TARGET
from tieout.bench.table import Row, Verdict, at_least
from tieout.sandbox.run import serve

SAMPLE = 40
TIMES = 10.0
COMMAND = "tieout bench peer"
NOTE = (
    f"A loop of `sageintacctsdk` creates {SAMPLE} projects on an emulator with the pace of the initial load, sign-in not counted; its time "
    f"is extrapolated to {PROJECTS:,}. Tieout's time is taken as the limit divided by {TARGET}, the least the initial load must reach. "
    "A loop over a REST SDK is not compared yet."
)


def peer(sample: int = SAMPLE, projects: int = PROJECTS) -> list[Row]:
    """The figure, or why it cannot be measured."""
    figure, target = "Faster than a loop of sageintacctsdk", f"≥ {TIMES:.0f}×"
    if find_spec("sageintacctsdk") is None:
        return [Row(figure, "the package is not installed: run make setup", target, Verdict.NOT_MEASURED, COMMAND, NOTE)]
    emulated = Emulated(over_http=False)
    with serve(emulated.books) as running:
        client = _client(running.url)
        emulated.slow(per_request_s=PACE.per_request_s, per_record_s=PACE.per_record_s, connections=PACE.connections)
        began = time.monotonic()
        for number in range(sample):
            row = {"PROJECTID": f"PEER-{number}", "NAME": f"Project {number}", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}
            client.projects.post(row)
        took = time.monotonic() - began
    whole = extrapolated(took, sample, projects)
    ours = PACE.shortest_s(projects) / TARGET
    measured = f"{whole / ours:.0f}× ({whole:,.0f} s extrapolated from {sample} records in {took:.1f} s)"
    return [Row(figure, measured, target, at_least(whole / ours, TIMES), COMMAND, NOTE)]


def _client(url: str) -> Any:
    """The client, unchanged; it has no setting for the address, so each of its API objects is told."""
    sdk: Any = import_module("sageintacctsdk")
    made = sdk.SageIntacctSDK.__init__

    client = object.__new__(sdk.SageIntacctSDK)
    base: Any = import_module("sageintacctsdk.apis.api_base").ApiBase
    begin = base.__init__

    def pointed(self: Any, *positional: Any, **named: Any) -> None:
        begin(self, *positional, **named)
        self._ApiBase__api_url = f"{url}{GATEWAY}"

    base.__init__ = pointed
    try:
        made(
            client,
            sender_id="sandbox-sender",
            sender_password="sandbox-sender-pw",  # noqa: S106 - the sandbox's own
            user_id="ws-user",
            company_id="SANDBOX",
            user_password="ws-user-pw",  # noqa: S106 - the sandbox's own
        )
    finally:
        base.__init__ = begin
    return client
