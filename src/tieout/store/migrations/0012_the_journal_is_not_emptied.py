from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0011_turns_of_all_workers"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER journal_not_emptied BEFORE TRUNCATE ON store_journal "
            "FOR EACH STATEMENT EXECUTE FUNCTION store_journal_is_append_only()",
            "DROP TRIGGER journal_not_emptied ON store_journal",
        ),
    ]
