"""The tables partitioned by month, and the append-only rule of the journal."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "partitioned.sql"


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [
        migrations.RunSQL(
            SQL.read_text(),
            "DROP TABLE store_journal, store_run; "
            "DROP FUNCTION store_make_partitions(date, integer); "
            "DROP FUNCTION store_journal_is_append_only();",
        ),
    ]
