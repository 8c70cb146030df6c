"""ServiceTitan, as the engine, the pages and the command line know it."""

from __future__ import annotations

from tieout.core.platform import Platform, Webhook, approvals
from tieout.core.settings import values_of
from tieout.platforms.servicetitan.flows import FLOWS, READS
from tieout.platforms.servicetitan.kinds import CUSTOMER
from tieout.platforms.servicetitan.problems import PROBLEMS
from tieout.platforms.servicetitan.settings import CONNECTION, SETTINGS, environment_of
from tieout.platforms.servicetitan.system import connect, rate
from tieout.platforms.servicetitan.tables import TABLES
from tieout.platforms.servicetitan.webhooks import delivery_id, hints, verify

PLATFORM = Platform(
    name="servicetitan",
    label="ServiceTitan",
    connection=CONNECTION,
    connect=connect,
    environment=environment_of,
    rate=rate,
    settings=(*SETTINGS, approvals(FLOWS)),
    flows=FLOWS,
    reads=READS,
    tables=TABLES,
    holds=PROBLEMS,
    webhook=Webhook(
        "webhook_key", verify, lambda body, values: hints(body, str(values.get("tenant") or "")), delivery_id, beside=frozenset({CUSTOMER})
    ),
    poll_seconds=lambda values: int(values_of(CONNECTION, values)["poll_seconds"]),
)
