import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0010_export_batches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "connection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to="store.connection"
                    ),
                ),
                ("taken", django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), default=list, size=None)),
            ],
        ),
        # Written at every call and worth nothing after a crash.
        migrations.RunSQL("ALTER TABLE store_pace SET UNLOGGED", migrations.RunSQL.noop),
    ]
