"""What the demonstration connects, and when it has nothing left to do: the same calls a user's commands make."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from tieout.host.demo import Systems

BOOKS = "sandbox-books"
FIELD = "sandbox-field"
_INTACCT = {
    "company_id": "SANDBOX",
    "sender_id": "sandbox-sender",
    "sender_password": "sandbox-sender-pw",
    "user_id": "ws-user",
    "user_password": "ws-user-pw",
    "concurrency": 4,
    "poll_seconds": 15,
}
_SERVICETITAN = {"tenant": "1000001", "client_id": "st-client", "client_secret": "st-secret", "app_key": "st-app-key", "poll_seconds": 15}
_SWITCHES: tuple[dict[str, Any], ...] = (
    {"enable_projects": True, "use_project_name": True, "default_location": "100"},
    {"project_auto_sync": True, "parent_project_mapping": True, "customer_project_linkage": True},
    {"export_payables": True, "export_receivables": True, "accounts_match": True},
    {
        "export_inventory_bills": True,
        "export_ap_bills": True,
        "export_ap_credits": True,
        "export_invoices": True,
        "export_payments": True,
        "export_credit_memos": True,
        "bill_tax_account": "6000",
        "bill_shipping_account": "6000",
        "sales_tax_account": "2200",
        "vendor_credit_account": "5100",
        "advance_account": "2100",
    },
)
_PAYMENT_TYPES = """type,method,undeposited_account
Check,Printed Check,1050
Cash,Cash,1050
ACH,EFT,1050
"""
_CONFIRMED = ("inventory-bills", "ap-bills", "ap-credits", "invoices", "credit-memos", "advances")
_WRITES = ("create", "update", "delete", "reverse", "apply")  # the verbs with which the gateway's writing functions begin


@dataclass(slots=True)
class DemoWorld:
    """The demonstration's connections.

    Attributes:
        url: where the server answers, for webhooks.
        activity: how many things happen in the field each minute.
    """

    url: str
    activity: int = 0
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    systems: Systems | None = None

    def connect(self, systems: Systems) -> None:
        """Connect both emulators, pair them, turn everything on, and take in all there is.

        Payments by credit card have no row in their mapping table, so that there is a problem to look at and to cure.
        """
        from tieout.engine import connections, mapping
        from tieout.engine.release import Word
        from tieout.engine.rulings import confirm_first
        from tieout.store.models import Integration

        self.systems = systems
        now = datetime.now(UTC)
        intacct, servicetitan = systems.url("intacct"), systems.url("servicetitan")
        values = {**_INTACCT, "endpoint": f"{intacct}/ia/xml/xmlgw.phtml"}
        books = connections.connect("intacct", BOOKS, values, environment="test", now=now)
        key = secrets.token_hex(24)
        values = {**_SERVICETITAN, "auth_url": servicetitan, "api_url": servicetitan, "webhook_key": key}
        platform = connections.connect("servicetitan", FIELD, values, environment="test", now=now)
        is_first = not Integration.objects.exists()
        integration = connections.pair(platform, books, now=now, since=None)
        for wanted in _SWITCHES:
            connections.save_settings(integration, wanted, by="demo", now=now)
        table = mapping.table_named(integration, "payment-types")
        mapping.replace_rows(integration, table, mapping.from_csv(table, _PAYMENT_TYPES), by="demo", now=now)
        for flow in _CONFIRMED if is_first else ():
            confirm_first(integration, flow, Word("demo"), now)
        told = {"activity_per_minute": self.activity, "webhook_url": f"{self.url}/webhooks/{FIELD}/", "webhook_key": key}
        httpx.put(f"{servicetitan}/_sandbox/settings", json=told).raise_for_status()

    def is_quiet(self) -> bool:
        """Whether both sides were read after the last write, and nothing is left to do but what waits for a person."""
        from tieout.engine.overview import at_hand
        from tieout.engine.poll import kinds_of
        from tieout.store.models import IN_FLIGHT, Connection, Cursor, Intent

        if at_hand(datetime.now(UTC)).exists() or Intent.objects.filter(state__in=IN_FLIGHT).exists():
            return False
        last = Intent.objects.order_by("-settled_at").values_list("settled_at", flat=True).exclude(settled_at=None).first()
        since = max(last, self.started_at) if last is not None else self.started_at
        read = set(Cursor.objects.filter(caught_up_at__gt=since).values_list("connection_id", "kind"))
        return all((connection.pk, kind) in read for connection in Connection.objects.all() for kind in kinds_of(connection))

    def write_transactions(self) -> int:
        """What the books' meter counted as written since the sandbox started."""
        if self.systems is None:
            return 0
        meter = httpx.get(f"{self.systems.url('intacct')}/_sandbox/meter").json()
        return sum(int(count) for function, count in meter["by_function"].items() if function.split("_")[0] in _WRITES)
