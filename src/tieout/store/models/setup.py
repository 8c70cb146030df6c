"""What is kept in step with what, and how: connections, integrations, settings, mapping tables, releases, freezes and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from tieout.core.tables import TableRow
from tieout.store import secrets


class Environment(models.TextChoices):
    """Whether real books or a test system stand behind a connection."""

    PRODUCTION = "production", "Production"
    TEST = "test", "Test"


class ConnectionState(models.TextChoices):
    """What is known about a connection's health."""

    NOT_CONFIGURED = "not configured", "Not configured"
    CONNECTED = "connected", "Connected"
    DEGRADED = "degraded", "Degraded"
    AUTH_FAILED = "auth failed", "Sign-in failed"


class Connection(models.Model):
    """Stored credentials and endpoint for one account on one system.

    `values` holds what may be shown, `sealed` the encrypted rest. `retry_at` is when a connection in error is
    tried again. `slots` is how many drains may write to it at once; it matters on an Intacct company only. `slowing` is by how
    much pauses between its readings are stretched, because its month would cost more than it includes.
    """

    name = models.SlugField(unique=True)
    system = models.CharField(max_length=40)
    environment = models.CharField(max_length=10, choices=Environment.choices, default=Environment.PRODUCTION)
    values = models.JSONField(default=dict)
    sealed = models.BinaryField(default=b"")
    slots = models.PositiveSmallIntegerField(default=4)
    state = models.CharField(max_length=20, choices=ConnectionState.choices, default=ConnectionState.NOT_CONFIGURED)
    state_code = models.CharField(max_length=80, blank=True)
    state_text = models.TextField(blank=True)
    state_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    slowing = models.FloatField(default=1.0)
    history = HistoricalRecords(
        excluded_fields=["sealed", "state", "state_code", "state_text", "state_since", "failures", "retry_at", "seen_at", "slowing"]
    )

    class Meta:
        """Ordered by name."""

        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def secrets(self) -> dict[str, str]:
        """The decrypted secrets by setting name."""
        return secrets.unseal(bytes(self.sealed))

    def set_secrets(self, values: dict[str, str]) -> None:
        """Replace the secrets; the caller saves."""
        self.sealed = secrets.seal(values)

    def configuration(self) -> dict[str, Any]:
        """Every value the adapter needs, secrets included. Never log or show it."""
        return {**self.values, **self.secrets()}


class Integration(models.Model):
    """One platform connection paired with one Intacct company.

    `switched_on_at` is the moment from which records created or changed are kept in step (R-ST-04, R-ST-05).
    With `asks_first`, nothing of a flow is written or linked until a person has released it (see `Release`).
    """

    name = models.SlugField(unique=True)
    platform = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="as_platform")
    company = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="as_company")
    active = models.BooleanField(default=True)
    asks_first = models.BooleanField(default=False)
    switched_on_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    class Meta:
        """A pair is connected once."""

        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["platform", "company"], name="integration_pair_once")]

    def __str__(self) -> str:
        return self.name

    def saved_settings(self) -> dict[str, Any]:
        """The saved values by setting name; defaults are the schema's business."""
        return {row.name: row.value for row in self.settings.all()}

    @cached_property
    def released(self) -> dict[str, datetime | None]:
        """The flows that people released, each with the moment from which records are taken; read once for each loaded row."""
        return dict(self.releases.values_list("flow", "since"))

    def is_released(self, flow: str) -> bool:
        """Whether a flow may write at all."""
        return not self.asks_first or flow in self.released

    def since(self, flow: str) -> datetime | None:
        """The moment from which untouched records of a flow are taken; None takes all."""
        return self.released.get(flow, self.switched_on_at)


class Release(models.Model):
    """A flow of an integration that a person switched on or backfilled; `since` is from when records are taken, None takes all."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="releases")
    flow = models.CharField(max_length=60)
    since = models.DateTimeField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        """A flow is released once; a backfill moves its beginning."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["integration", "flow"], name="release_once")]


class Freeze(models.Model):
    """A stop of all writing for one company, until somebody lifts it, or until everything has been compared."""

    company = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="freezes")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    why = models.TextField(blank=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=150, blank=True)
    ends_when_compared = models.BooleanField(default=False)

    class Meta:
        """A company is frozen once at a time."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["company"], condition=Q(lifted_at=None), name="freeze_one_standing")]


class SettingValue(models.Model):
    """One saved setting of an integration; its history says who changed it and when."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="settings")
    name = models.CharField(max_length=80)
    value = models.JSONField()
    history = HistoricalRecords()

    class Meta:
        """One value a setting."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["integration", "name"], name="setting_once")]


class MappingRow(models.Model):
    """One row of a mapping table of an integration: its keys and values by column, in order, from a day on."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="mapping_rows")
    table = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    keys = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    since = models.DateField(null=True)
    history = HistoricalRecords()

    class Meta:
        """Rows stand in order."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["integration", "table", "position"], name="mapping_row_place")]
        ordering: ClassVar = ["integration", "table", "position"]

    def as_core(self) -> TableRow:
        """The same row as the core's value."""
        return TableRow(tuple(self.keys), self.values, self.since)


class ApiToken(models.Model):
    """A token of the API that stands for one person; only its digest is known."""

    user = models.ForeignKey("auth.User", on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
