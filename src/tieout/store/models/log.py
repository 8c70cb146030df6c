"""What was done, and what needs a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tieout.store.models.columns import ValueField
from tieout.store.models.setup import Connection, Integration


class Run(models.Model):
    """One pass of work. The table is partitioned by month and made by the first migration."""

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    company = models.ForeignKey(Connection, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", null=True)
    kind = models.CharField(max_length=20)
    by = models.CharField(max_length=150, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        """Made by SQL, because Django cannot partition."""

        managed = False
        db_table = "store_run"


class Level(models.TextChoices):
    """Who would want to read a journal entry."""

    INFO = "info", "Information"
    WARNING = "warning", "Someone should look"
    ERROR = "error", "Someone must act"


class Journal(models.Model):
    """The append-only account of what was seen, decided and written: the sync log people read."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    run_id = models.BigIntegerField(null=True)
    company = models.ForeignKey(Connection, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", null=True)
    integration = models.ForeignKey(Integration, on_delete=models.DO_NOTHING, db_constraint=False, null=True)
    flow = models.CharField(max_length=60, blank=True)
    left_kind = models.CharField(max_length=60, blank=True)
    left_id = models.CharField(max_length=200, blank=True)
    right_kind = models.CharField(max_length=60, blank=True)
    right_id = models.CharField(max_length=200, blank=True)
    entity = models.CharField(max_length=60, blank=True)
    event = models.CharField(max_length=40)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.INFO)
    name = models.CharField(max_length=250, blank=True)
    text = models.TextField()
    code = models.CharField(max_length=80, blank=True)
    changes = ValueField(default=dict)

    class Meta:
        """Made by SQL, because Django cannot partition."""

        managed = False
        db_table = "store_journal"
        ordering: ClassVar = [F("at").desc(), F("id").desc()]


class Problem(models.Model):
    """Something a person must do. One cause is one open problem, whatever it holds up (see `Held`).

    The subject is a record it is about; of several with one cause, one of them. `shared_by` is what they have in common, and
    empty where a record's problem is its own. `fingerprint` is what a ruling that answers it is bound to.
    """

    company = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, null=True)
    flow = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=200)
    name = models.CharField(max_length=250)
    actor = models.CharField(max_length=20)
    cause = models.TextField()
    next_step = models.TextField()
    detail = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    shared_by = models.CharField(max_length=32, blank=True)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        """One open problem for each cause and subject."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "code", "subject_kind", "subject_id"], condition=Q(cleared_at__isnull=True), name="problem_one_open"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["integration", "flow", "code", "shared_by"],
                name="problem_cause",
                condition=Q(cleared_at__isnull=True) & ~Q(shared_by=""),
            ),
        ]


class Held(models.Model):
    """A further record that an open problem holds up, beside its subject. The problem is over when it holds up nothing any more."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="held")
    integration = models.ForeignKey(Integration, on_delete=models.CASCADE)
    flow = models.CharField(max_length=60)
    left_kind = models.CharField(max_length=60)
    left_id = models.CharField(max_length=200)
    name = models.CharField(max_length=250)
    at = models.DateTimeField()

    class Meta:
        """A problem holds a record up once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["problem", "flow", "left_id"], name="held_once")]
        indexes: ClassVar = [models.Index(fields=["integration", "flow", "left_id"], name="held_record")]
