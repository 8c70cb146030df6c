"""Links between records of both sides, and what people said of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieout.core.record import Ref
from tieout.core.rulings import Ruling as CoreRuling
from tieout.core.rulings import RulingKind as CoreRulingKind
from tieout.store.models.columns import ValueField
from tieout.store.models.setup import Integration


class Link(models.Model):
    """The pairing of one record on each side under one flow; closed links stay.

    `base` maps each field of the flow to the pair of values last accepted: {"field": [left, right]}.
    `unread` names the fields we wrote on the right and have not read back yet (the provisional half of the base),
    `unread_left` the same of the left, both by the name of their pair.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="links")
    flow = models.CharField(max_length=60)
    left_kind = models.CharField(max_length=60)
    left_id = models.CharField(max_length=200)
    right_kind = models.CharField(max_length=60)
    right_id = models.CharField(max_length=200)
    is_open = models.BooleanField(default=True)
    origin = models.CharField(max_length=20)
    closed_because = models.CharField(max_length=40, blank=True)
    base = ValueField(default=dict)
    unread = models.JSONField(default=list)
    unread_left = models.JSONField(default=list)
    left_fingerprint = models.CharField(max_length=32, blank=True)
    right_fingerprint = models.CharField(max_length=32, blank=True)
    rules_fingerprint = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """One open link for each left and each right record of a flow."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["integration", "flow", "left_id"], condition=Q(is_open=True), name="link_one_open_left"),
            models.UniqueConstraint(fields=["integration", "flow", "right_id"], condition=Q(is_open=True), name="link_one_open_right"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["integration", "flow", "left_id"], name="link_left"),
            models.Index(fields=["right_kind", "right_id"], name="link_right"),
        ]

    @property
    def left(self) -> Ref:
        """The record on the platform's side."""
        return Ref(self.left_kind, self.left_id)

    @property
    def right(self) -> Ref:
        """The record on the books' side."""
        return Ref(self.right_kind, self.right_id)


class RulingKind(models.TextChoices):
    """A person's stored word."""

    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    SKIPPED = "skipped", "Skipped"
    TAKEN_BACK = "taken back", "Skip taken back"
    KEPT_APART = "kept apart", "Kept apart"
    RESOLVED = "resolved", "Resolved"
    PERIOD_ALLOWED = "period allowed", "Closed period allowed"


class Ruling(models.Model):
    """A person's word on a record: by whom, when, why, until when, and the fingerprint it is bound to.

    Without `left_id` it is about the flow: approved means that the first record it made has been confirmed.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE)
    flow = models.CharField(max_length=60)
    left_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=RulingKind.choices)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    why = models.TextField(blank=True)
    until = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        """Looked up by the record ruled on."""

        indexes: ClassVar = [models.Index(fields=["integration", "flow", "left_id"], name="ruling_record")]

    def as_core(self) -> CoreRuling:
        """The same ruling as the core's value."""
        return CoreRuling(CoreRulingKind(self.kind), self.by, self.at, self.why, self.until, self.fingerprint, self.data)
