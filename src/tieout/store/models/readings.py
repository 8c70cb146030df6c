"""How far each side has been read, how often it was called, and what was read."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tieout.core.record import Record as CoreRecord
from tieout.store.models.columns import ValueField
from tieout.store.models.setup import Connection


class Pace(models.Model):
    """When the last calls of a connection were made, by whichever worker; see the statement `take_turn`."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True)
    taken = ArrayField(models.DateTimeField(), default=list)


class Cursor(models.Model):
    """Where the reading of changes of one kind goes on; saved only after the records are."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    kind = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    caught_up_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        """One cursor a kind."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["connection", "kind"], name="cursor_once")]


class Comparing(models.Model):
    """How far the nightly compare of one kind has come; `value` is the cursor at which it goes on."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    kind = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One pass a kind at a time."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["connection", "kind"], name="comparing_once")]


class ApiUsage(models.Model):
    """Calls and billed transactions of one connection on one day (UTC)."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    day = models.DateField()
    requests = models.PositiveBigIntegerField(default=0)
    transactions = models.PositiveBigIntegerField(default=0)

    class Meta:
        """One row a day."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["connection", "day"], name="usage_once")]


class Record(models.Model):
    """The last state seen of one thing on one side. `seen_at` is never later than the read it came from."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    kind = models.CharField(max_length=60)
    remote_id = models.CharField(max_length=200)
    natural_key = models.CharField(max_length=200, blank=True)
    entity = models.CharField(max_length=60, blank=True)
    fields = ValueField(default=dict)
    fingerprint = models.CharField(max_length=32)
    version = models.CharField(max_length=80, blank=True)
    modified_at = models.DateTimeField(null=True)
    modified_by = models.CharField(max_length=200, blank=True)
    deleted = models.BooleanField(default=False)
    seen_at = models.DateTimeField()
    first_seen_at = models.DateTimeField(null=True)

    class Meta:
        """Known by connection, kind and the system's own id."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["connection", "kind", "remote_id"], name="record_once")]
        indexes: ClassVar = [models.Index(fields=["connection", "kind", "natural_key"], name="record_natural_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.natural_key or self.remote_id}"

    def as_core(self) -> CoreRecord:
        """The same record as the core's value."""
        return CoreRecord(
            kind=self.kind,
            id=self.remote_id,
            fields=self.fields,
            natural_key=self.natural_key,
            entity=self.entity,
            version=self.version,
            modified_at=self.modified_at,
            modified_by=self.modified_by,
            deleted=self.deleted,
        )
