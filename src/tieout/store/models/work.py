"""What is to be done and is being done: hints, waits and calls."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieout.store.models.columns import ValueField
from tieout.store.models.setup import Connection, Integration


class Hint(models.Model):
    """“Look at this key.” Claimed, leased, delayed and finished by the statements in `sql/`.

    `due_at` is lease, delay and back-off in one; `turn_at` is the order of service. `version` grows with every
    mark, so that a mark that arrives while its key is being worked on is not finished with it.
    """

    company = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    remote_id = models.CharField(max_length=200)
    version = models.BigIntegerField(default=1)
    slot = models.SmallIntegerField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)
    marked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    turn_at = models.DateTimeField()

    class Meta:
        """One live hint for each key."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "connection", "kind", "remote_id"], name="hint_one_per_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "turn_at", "id"], name="hint_turn"),
            models.Index(fields=["company", "slot"], name="hint_slot", condition=Q(slot__isnull=False)),
        ]


class Wait(models.Model):
    """A record that waits, by name, for another record of the same integration to settle; `needs_side` is the side that is on."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE)
    flow = models.CharField(max_length=60)
    left_kind = models.CharField(max_length=60)
    left_id = models.CharField(max_length=200)
    needs_kind = models.CharField(max_length=60)
    needs_id = models.CharField(max_length=200)
    needs_side = models.CharField(max_length=5, default="left")
    since = models.DateTimeField()

    class Meta:
        """A record waits once for another."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["integration", "flow", "left_id", "needs_kind", "needs_id", "needs_side"], name="wait_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["integration", "needs_kind", "needs_id"], name="wait_needs")]


class IntentState(models.TextChoices):
    """What is known about one remote call. SENDING is stored before the call, so a crash leaves it behind."""

    SENDING = "sending", "Sending"
    NOT_SENT = "not sent", "Not sent"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    UNKNOWN = "unknown", "Unknown"
    SPENT = "spent", "Spent without effect"


IN_FLIGHT = (IntentState.SENDING, IntentState.UNKNOWN)


class Intent(models.Model):
    """One remote call, stored with its key before it is sent.

    `left_id` is the pair's own: of a record that is on the right only, its right id after “right:”. `step` is the kind of
    step with the vendor's verb, if it has one. `content` is the complete `Write`; `base` is what its settling puts into the
    link's base. `slot` is the drain that sends it. `fault_code` and `answered_at` tell the last answer, `refusal` how a
    resend was refused. `resend_after` is the earliest moment at which an unknown write that left no trace may be sent again.
    """

    key = models.UUIDField(unique=True)
    company = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    integration = models.ForeignKey(Integration, on_delete=models.CASCADE)
    flow = models.CharField(max_length=60)
    left_kind = models.CharField(max_length=60)
    left_id = models.CharField(max_length=200)
    right_kind = models.CharField(max_length=60)
    right_id = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=60)
    side = models.CharField(max_length=5, default="right")
    content = ValueField(default=dict)
    base = ValueField(default=dict)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=IntentState.choices)
    resends = models.PositiveIntegerField(default=0)
    slot = models.SmallIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    resend_after = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    fault_code = models.CharField(max_length=80, blank=True)
    refusal = models.CharField(max_length=20, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        """At most one call in flight for each link."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["integration", "flow", "left_id"], condition=Q(state__in=["sending", "unknown"]), name="intent_one_in_flight"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["integration", "flow", "left_id", "step"], name="intent_link"),
            models.Index(fields=["company", "slot"], name="intent_open", condition=Q(state__in=["sending", "unknown"])),
            models.Index(fields=["settled_at"], name="intent_done", condition=Q(state="done")),
        ]
