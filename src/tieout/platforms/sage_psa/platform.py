"""Sage PSA, as the engine, the pages and the command line know it."""

from __future__ import annotations

from tieout.core.platform import Platform, Rate, Webhook, approvals
from tieout.core.settings import values_of
from tieout.platforms.sage_psa.client import CALLS, WINDOW
from tieout.platforms.sage_psa.flows import FLOWS
from tieout.platforms.sage_psa.settings import CONNECTION, SETTINGS, environment_of
from tieout.platforms.sage_psa.system import connect
from tieout.platforms.sage_psa.webhooks import delivery_id, hints, verify

PLATFORM = Platform(
    name="sage-psa",
    label="Sage PSA",
    connection=CONNECTION,
    connect=connect,
    environment=environment_of,
    rate=lambda values: Rate(CALLS, WINDOW),
    settings=(*SETTINGS, approvals(FLOWS)),
    flows=FLOWS,
    webhook=Webhook("webhook_secret", verify, lambda body, values: hints(body), delivery_id),
    poll_seconds=lambda values: int(values_of(CONNECTION, values)["poll_seconds"]),
)
