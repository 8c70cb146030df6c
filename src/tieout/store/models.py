"""The tables. Uniqueness, exclusivity and append-only are constraints here, not checks elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from tieout.core.record import Record as CoreRecord
from tieout.core.record import Ref, dump, load
from tieout.core.rulings import Ruling as CoreRuling
from tieout.core.rulings import RulingKind as CoreRulingKind
from tieout.core.tables import TableRow
from tieout.store import secrets


@models.Field.register_lookup
class AnyOf(models.Lookup):
    """`name__any=[…]`: one of these values, sent as one array.

    Django's `in` sends each value by itself, and preparing a hundred of them costs more than the search.
    """

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The comparison with an array."""
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*parameters, list(self.rhs))


class ValueField(models.JSONField):
    """A structure of normalised values (see `tieout.core.record`), stored as JSON."""

    def get_prep_value(self, value: Any) -> Any:
        """The JSON form of the values."""
        return dump(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The values as they were stored."""
        return load(super().from_db_value(value, expression, connection))


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


class Pace(models.Model):
    """When the last calls of a connection were made, by whichever worker; see the statement `take_turn`."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True)
    taken = ArrayField(models.DateTimeField(), default=list)


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


class ApiToken(models.Model):
    """A token of the API that stands for one person; only its digest is known."""

    user = models.ForeignKey("auth.User", on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class ApiUsage(models.Model):
    """Calls and billed transactions of one connection on one day (UTC)."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    day = models.DateField()
    requests = models.PositiveBigIntegerField(default=0)
    transactions = models.PositiveBigIntegerField(default=0)

    class Meta:
        """One row a day."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["connection", "day"], name="usage_once")]
