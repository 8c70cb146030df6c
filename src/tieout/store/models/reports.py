"""Tie-outs and batches, as they were made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieout.store.models.columns import ValueField
from tieout.store.models.setup import Integration


class TieOut(models.Model):
    """One comparison of both sides of an integration, asked for by a person or a schedule.

    `agreed` is None until it has ended; `fault` says why it could not be made. `report` is what `engine.report` reads.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="tie_outs")
    by = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    fault = models.TextField(blank=True)
    report = ValueField(default=dict)

    class Meta:
        """The newest first; one at a time for an integration."""

        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["integration"], condition=Q(ended_at=None), name="tie_out_one_running"),
        ]


class BatchState(models.TextChoices):
    """How far a batch of documents has come."""

    MAKING = "making", "Being put together"
    SHOWN = "shown", "Waits for its release"
    RELEASED = "released", "Under way"
    DONE = "done", "Exported"
    DISCARDED = "discarded", "Discarded"


class ExportBatch(models.Model):
    """Documents that a person selected to go into the books together, and their control totals before and after.

    `wanted` says what was asked for; `run_id` is the run that planned it. `before` holds the totals as they were released, `after`
    as the books hold them, both as rows of kind, place, number and sum; `agreed` is None until they were compared. `left_out`
    counts the documents that no rule lets go, by reason.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="batches")
    by = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField()
    wanted = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.MAKING)
    run_id = models.BigIntegerField(null=True)
    fault = models.TextField(blank=True)
    left_out = models.JSONField(default=dict)
    released_by = models.CharField(max_length=150, blank=True)
    released_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)
    before = ValueField(default=list)
    after = ValueField(default=list)
    compared_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="export_batch_due", condition=Q(state="released"))]


class Going(models.TextChoices):
    """What becomes of a document of a batch."""

    GOES = "goes", "Goes"
    CANNOT = "cannot", "Cannot go"
    LEFT_OUT = "left out", "Left out"
    SENT = "sent", "Released"
    THERE = "there", "In the books"


class BatchDocument(models.Model):
    """One document of a batch: what it adds up to before and in the books, by where it is booked, and why it stopped if it did.

    `items` are the plan items that bring it there.
    """

    batch = models.ForeignKey(ExportBatch, on_delete=models.CASCADE, related_name="documents")
    flow = models.CharField(max_length=60)
    left_kind = models.CharField(max_length=60)
    left_id = models.CharField(max_length=200)
    name = models.CharField(max_length=250)
    day = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=Going.choices)
    text = models.TextField(blank=True)
    items = models.JSONField(default=list)
    before = ValueField(default=dict)
    after = ValueField(null=True)
    right_kind = models.CharField(max_length=60, blank=True)
    right_id = models.CharField(max_length=200, blank=True)
    right_name = models.CharField(max_length=200, blank=True)

    class Meta:
        """A document stands once in a batch."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "flow", "left_id"], name="batch_document_once")]
        indexes: ClassVar = [models.Index(fields=["flow", "left_id"], name="batch_document")]
