"""What a plan would do, and what holds it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieout.store.models.columns import ValueField
from tieout.store.models.setup import Integration


class PlanState(models.TextChoices):
    """What became of a plan item. The first two are open; a rejection stands until what would happen changes."""

    PLANNED = "planned", "Planned"
    RELEASED = "released", "Released"
    DONE = "done", "Done"
    REPLANNED = "replanned", "Planned anew"
    LAPSED = "lapsed", "No longer needed"
    REJECTED = "rejected", "Rejected"


OPEN_ITEM = (PlanState.PLANNED, PlanState.RELEASED)


STANDING_ITEM = (*OPEN_ITEM, PlanState.REJECTED)  # a rejection holds until what would happen changes


class Hold(models.TextChoices):
    """Why a plan item waits for a person; empty if it goes by itself."""

    NONE = "", "Goes by itself"
    SWITCH_ON = "switch-on", "Its kind is not switched on yet"
    BACKFILL = "backfill", "Older than the switch-on"
    APPROVAL = "approval", "Waits for an approval"
    MOVED = "moved", "Changed after it was released"
    FROZEN = "frozen", "The company is frozen"
    UNDO = "undo", "Would undo what a run wrote"
    BATCH = "batch", "Goes with its batch"


class PlanItem(models.Model):
    """What would be written or linked, on which side, field by field, and why.

    `fingerprint` covers what would happen, so an item says whether a later decision is still the one that was shown; `mark` is
    what a ruling about its step is bound to.
    `run_id` is the run that planned it, `undoes` the call it would undo. `until` is when its release lapses.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE)
    flow = models.CharField(max_length=60)
    left_kind = models.CharField(max_length=60)
    left_id = models.CharField(max_length=200)
    right_kind = models.CharField(max_length=60)
    right_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=250)
    step = models.CharField(max_length=60)
    side = models.CharField(max_length=5, default="right")
    natural_key = models.CharField(max_length=200, blank=True)
    entity = models.CharField(max_length=60, blank=True)
    changes = ValueField(default=dict)
    reason = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=32)
    mark = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.PLANNED)
    hold = models.CharField(max_length=12, choices=Hold.choices, default=Hold.NONE, blank=True)
    run_id = models.BigIntegerField(null=True)
    undoes = models.BigIntegerField(null=True)
    planned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=150, blank=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One open item for each step of a record, and one for each call that would be undone."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["integration", "flow", "left_id", "step", "side"],
                condition=Q(state__in=["planned", "released"], undoes=None),
                name="plan_item_one_open",
            ),
            models.UniqueConstraint(
                fields=["undoes"], condition=Q(state__in=["planned", "released"], undoes__isnull=False), name="plan_item_one_undo"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["integration", "left_id"], name="plan_item_standing", condition=Q(state__in=["planned", "released", "rejected"])
            ),
            models.Index(fields=["state", "hold", "id"], name="plan_item_list"),
            models.Index(fields=["run_id"], name="plan_item_run"),
        ]
