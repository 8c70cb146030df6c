"""The tables of the first release."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import tieout.store.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Journal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("run_id", models.BigIntegerField(null=True)),
                ("flow", models.CharField(blank=True, max_length=60)),
                ("left_kind", models.CharField(blank=True, max_length=60)),
                ("left_id", models.CharField(blank=True, max_length=200)),
                ("right_kind", models.CharField(blank=True, max_length=60)),
                ("right_id", models.CharField(blank=True, max_length=200)),
                ("entity", models.CharField(blank=True, max_length=60)),
                ("event", models.CharField(max_length=40)),
                (
                    "level",
                    models.CharField(
                        choices=[("info", "Information"), ("warning", "Someone should look"), ("error", "Someone must act")],
                        default="info",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=250)),
                ("text", models.TextField()),
                ("code", models.CharField(blank=True, max_length=80)),
                ("changes", tieout.store.models.ValueField(default=dict)),
            ],
            options={
                "db_table": "store_journal",
                "ordering": [models.OrderBy(models.F("at"), descending=True), models.OrderBy(models.F("id"), descending=True)],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("kind", models.CharField(max_length=20)),
                ("by", models.CharField(blank=True, max_length=150)),
                ("counts", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "store_run",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(unique=True)),
                ("system", models.CharField(max_length=40)),
                (
                    "environment",
                    models.CharField(choices=[("production", "Production"), ("test", "Test")], default="production", max_length=10),
                ),
                ("values", models.JSONField(default=dict)),
                ("sealed", models.BinaryField(default=b"")),
                ("slots", models.PositiveSmallIntegerField(default=4)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not configured", "Not configured"),
                            ("connected", "Connected"),
                            ("degraded", "Degraded"),
                            ("auth failed", "Sign-in failed"),
                        ],
                        default="not configured",
                        max_length=20,
                    ),
                ),
                ("state_code", models.CharField(blank=True, max_length=80)),
                ("state_text", models.TextField(blank=True)),
                ("state_since", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalConnection",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.SlugField()),
                ("system", models.CharField(max_length=40)),
                (
                    "environment",
                    models.CharField(choices=[("production", "Production"), ("test", "Test")], default="production", max_length=10),
                ),
                ("values", models.JSONField(default=dict)),
                ("slots", models.PositiveSmallIntegerField(default=4)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "historical connection",
                "verbose_name_plural": "historical connections",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIntegration",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.SlugField()),
                ("active", models.BooleanField(default=True)),
                ("switched_on_at", models.DateTimeField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="store.connection",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="store.connection",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical integration",
                "verbose_name_plural": "historical integrations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Integration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(unique=True)),
                ("active", models.BooleanField(default=True)),
                ("switched_on_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="as_company", to="store.connection"),
                ),
                (
                    "platform",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="as_platform", to="store.connection"),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSettingValue",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("value", models.JSONField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "integration",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="store.integration",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical setting value",
                "verbose_name_plural": "historical setting values",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Intent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("flow", models.CharField(max_length=60)),
                ("left_kind", models.CharField(max_length=60)),
                ("left_id", models.CharField(max_length=200)),
                ("right_kind", models.CharField(max_length=60)),
                ("right_id", models.CharField(blank=True, max_length=200)),
                ("step", models.CharField(max_length=20)),
                ("side", models.CharField(default="right", max_length=5)),
                ("content", tieout.store.models.ValueField(default=dict)),
                ("base", tieout.store.models.ValueField(default=dict)),
                ("reason", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sending", "Sending"),
                            ("not sent", "Not sent"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("unknown", "Unknown"),
                            ("spent", "Spent without effect"),
                        ],
                        max_length=12,
                    ),
                ),
                ("resends", models.PositiveIntegerField(default=0)),
                ("slot", models.SmallIntegerField(null=True)),
                ("run_id", models.BigIntegerField(null=True)),
                ("sent_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("resend_after", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("fault_code", models.CharField(blank=True, max_length=80)),
                ("refusal", models.CharField(blank=True, max_length=20)),
                ("detail", models.TextField(blank=True)),
                ("company", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.connection")),
                ("integration", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.integration")),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("flow", models.CharField(max_length=60)),
                ("left_kind", models.CharField(max_length=60)),
                ("left_id", models.CharField(max_length=200)),
                ("right_kind", models.CharField(max_length=60)),
                ("right_id", models.CharField(max_length=200)),
                ("is_open", models.BooleanField(default=True)),
                ("origin", models.CharField(max_length=20)),
                ("closed_because", models.CharField(blank=True, max_length=40)),
                ("base", tieout.store.models.ValueField(default=dict)),
                ("unread", models.JSONField(default=list)),
                ("left_fingerprint", models.CharField(blank=True, max_length=32)),
                ("right_fingerprint", models.CharField(blank=True, max_length=32)),
                ("rules_fingerprint", models.CharField(blank=True, max_length=32)),
                ("version", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "integration",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="links", to="store.integration"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("flow", models.CharField(max_length=60)),
                ("left_kind", models.CharField(max_length=60)),
                ("left_id", models.CharField(max_length=200)),
                ("right_kind", models.CharField(max_length=60)),
                ("right_id", models.CharField(blank=True, max_length=200)),
                ("name", models.CharField(max_length=250)),
                ("step", models.CharField(max_length=20)),
                ("entity", models.CharField(blank=True, max_length=60)),
                ("changes", tieout.store.models.ValueField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("fingerprint", models.CharField(max_length=32)),
                ("planned_at", models.DateTimeField()),
                ("integration", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.integration")),
            ],
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("flow", models.CharField(blank=True, max_length=60)),
                ("code", models.CharField(max_length=80)),
                ("subject_kind", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=250)),
                ("actor", models.CharField(max_length=20)),
                ("cause", models.TextField()),
                ("next_step", models.TextField()),
                ("detail", models.TextField(blank=True)),
                ("times", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                ("company", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.connection")),
                ("integration", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="store.integration")),
            ],
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("remote_id", models.CharField(max_length=200)),
                ("natural_key", models.CharField(blank=True, max_length=200)),
                ("entity", models.CharField(blank=True, max_length=60)),
                ("fields", tieout.store.models.ValueField(default=dict)),
                ("fingerprint", models.CharField(max_length=32)),
                ("version", models.CharField(blank=True, max_length=80)),
                ("modified_at", models.DateTimeField(null=True)),
                ("modified_by", models.CharField(blank=True, max_length=200)),
                ("deleted", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
                ("connection", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.connection")),
            ],
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("flow", models.CharField(max_length=60)),
                ("left_id", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("skipped", "Skipped"),
                            ("kept apart", "Kept apart"),
                            ("resolved", "Resolved"),
                        ],
                        max_length=20,
                    ),
                ),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("why", models.TextField(blank=True)),
                ("until", models.DateTimeField(null=True)),
                ("fingerprint", models.CharField(blank=True, max_length=32)),
                ("data", models.JSONField(default=dict)),
                ("integration", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.integration")),
            ],
        ),
        migrations.CreateModel(
            name="SettingValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("value", models.JSONField()),
                (
                    "integration",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="settings", to="store.integration"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("flow", models.CharField(max_length=60)),
                ("left_kind", models.CharField(max_length=60)),
                ("left_id", models.CharField(max_length=200)),
                ("needs_kind", models.CharField(max_length=60)),
                ("needs_id", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
                ("integration", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.integration")),
            ],
        ),
        migrations.CreateModel(
            name="ApiUsage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("requests", models.PositiveBigIntegerField(default=0)),
                ("transactions", models.PositiveBigIntegerField(default=0)),
                ("connection", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.connection")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("connection", "day"), name="usage_once")],
            },
        ),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("value", models.JSONField(null=True)),
                ("caught_up_at", models.DateTimeField(null=True)),
                ("polled_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("connection", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.connection")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("connection", "kind"), name="cursor_once")],
            },
        ),
        migrations.CreateModel(
            name="Hint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("remote_id", models.CharField(max_length=200)),
                ("version", models.BigIntegerField(default=1)),
                ("slot", models.SmallIntegerField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("marked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("turn_at", models.DateTimeField()),
                ("company", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.connection")),
                ("connection", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.connection")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "turn_at", "id"], name="hint_turn"),
                    models.Index(condition=models.Q(("slot__isnull", False)), fields=["company", "slot"], name="hint_slot"),
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "connection", "kind", "remote_id"), name="hint_one_per_key")],
            },
        ),
        migrations.AddConstraint(
            model_name="integration",
            constraint=models.UniqueConstraint(fields=("platform", "company"), name="integration_pair_once"),
        ),
        migrations.AddIndex(
            model_name="intent",
            index=models.Index(fields=["integration", "flow", "left_id", "step"], name="intent_link"),
        ),
        migrations.AddIndex(
            model_name="intent",
            index=models.Index(condition=models.Q(("state__in", ["sending", "unknown"])), fields=["company", "slot"], name="intent_open"),
        ),
        migrations.AddIndex(
            model_name="intent",
            index=models.Index(condition=models.Q(("state", "done")), fields=["settled_at"], name="intent_done"),
        ),
        migrations.AddConstraint(
            model_name="intent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["sending", "unknown"])),
                fields=("integration", "flow", "left_id"),
                name="intent_one_in_flight",
            ),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["integration", "flow", "left_id"], name="link_left"),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["right_kind", "right_id"], name="link_right"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)), fields=("integration", "flow", "left_id"), name="link_one_open_left"
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)), fields=("integration", "flow", "right_id"), name="link_one_open_right"
            ),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.UniqueConstraint(fields=("integration", "flow", "left_id", "step"), name="plan_item_once"),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at__isnull", True)),
                fields=("company", "code", "subject_kind", "subject_id"),
                name="problem_one_open",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["connection", "kind", "natural_key"], name="record_natural_key"),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(fields=("connection", "kind", "remote_id"), name="record_once"),
        ),
        migrations.AddIndex(
            model_name="ruling",
            index=models.Index(fields=["integration", "flow", "left_id"], name="ruling_record"),
        ),
        migrations.AddConstraint(
            model_name="settingvalue",
            constraint=models.UniqueConstraint(fields=("integration", "name"), name="setting_once"),
        ),
        migrations.AddIndex(
            model_name="wait",
            index=models.Index(fields=["integration", "needs_kind", "needs_id"], name="wait_needs"),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.UniqueConstraint(fields=("integration", "flow", "left_id", "needs_kind", "needs_id"), name="wait_once"),
        ),
    ]
