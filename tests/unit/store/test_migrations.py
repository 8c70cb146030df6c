"""What a migration must leave to the version before it: every table, every column, and room for what that version writes.

Both versions work on the same tables while an upgrade is under way (docs/production.md). So a migration adds; what is no longer used is
taken away one version later, by a migration that `TAKES_AWAY` names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

FIRST = "0013_api_tokens"  # the tables of the first version, which has none before it
TAKES_AWAY: dict[str, str] = {}
"""Migrations that take away what the version before no longer uses, each with what that is."""
FORBIDDEN_SQL = re.compile(r"\b(DROP\s+(TABLE|COLUMN|FUNCTION)|RENAME|SET\s+NOT\s+NULL|ADD\s+CONSTRAINT|CREATE\s+UNIQUE)\b", re.IGNORECASE)


def complaints(operation: Any, before: ProjectState) -> Iterator[str]:
    """What of an operation the version before could not live with."""
    match operation:
        case migrations.AddField(field=field):
            if not (field.null or field.has_db_default() or field.many_to_many):
                yield f"{operation.model_name}.{operation.name}: rows of the version before lack it; give it a db_default"
        case migrations.AlterField(field=field):
            was = before.models["store", operation.model_name_lower].fields[operation.name_lower]
            if was.get_internal_type() != field.get_internal_type() or (was.max_length or 0) > (field.max_length or 0):
                yield f"{operation.model_name}.{operation.name}: its type is no longer what the version before writes"
            elif was.null and not field.null:
                yield f"{operation.model_name}.{operation.name}: the version before leaves it empty"
            elif was.has_db_default() and not field.has_db_default():
                yield f"{operation.model_name}.{operation.name}: the version before relies on its db_default"
        case migrations.RemoveField() | migrations.DeleteModel() | migrations.RenameField() | migrations.RenameModel():
            yield f"{operation.describe()}: the version before still uses it"
        case migrations.AlterModelTable():
            yield f"{operation.describe()}: the version before does not find it"
        case migrations.AddConstraint(constraint=constraint):
            yield f"{constraint.name}: the version before may write what it refuses"
        case migrations.RunSQL(sql=str(sql)):
            yield from (f"{found[0]}: not for a migration that the version before lives through" for found in FORBIDDEN_SQL.finditer(sql))


def of_migration(name: str) -> list[str]:
    loader = MigrationLoader(None)
    state = loader.project_state(("store", name), at_end=False)
    found: list[str] = []
    made: set[str] = set()
    for operation in loader.disk_migrations["store", name].operations:
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        if getattr(operation, "model_name_lower", "") not in made:  # a table that is new is nobody's yet
            found += complaints(operation, state)
        operation.state_forwards("store", state)
    return found


def later() -> list[str]:
    names = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "store")
    return names[names.index(FIRST) + 1 :]


@pytest.mark.parametrize("name", later())
def test_the_version_before_lives_through_it(name: str) -> None:
    assert name in TAKES_AWAY or of_migration(name) == []


def test_what_it_could_not_live_with_is_found() -> None:
    """In a migration from before the first version, for which nothing had to hold."""
    assert of_migration("0009_problems_share_causes") == ["problem.shared_by: rows of the version before lack it; give it a db_default"]


wide, narrow, number = models.CharField(max_length=200), models.CharField(max_length=5), models.IntegerField()


@pytest.mark.parametrize(
    ("operation", "is_borne"),
    [
        (migrations.AddField("hint", "note", models.TextField(null=True)), True),
        (migrations.AddField("hint", "note", models.TextField(db_default="")), True),
        (migrations.AddField("hint", "note", models.TextField(default="")), False),
        (migrations.AlterField("connection", "system", wide), True),
        (migrations.AlterField("connection", "system", narrow), False),
        (migrations.AlterField("connection", "system", number), False),
        (migrations.AlterField("connection", "retry_at", models.DateTimeField()), False),
        (migrations.RemoveField("connection", "system"), False),
        (migrations.RenameField("connection", "system", "vendor"), False),
        (migrations.DeleteModel("Connection"), False),
        (migrations.RenameModel("Connection", "Account"), False),
        (migrations.AlterModelTable("connection", "account"), False),
        (migrations.AddConstraint("connection", models.UniqueConstraint(fields=["system"], name="one")), False),
        (migrations.AddIndex("connection", models.Index(fields=["system"], name="quick")), True),
        (migrations.RunSQL("ALTER TABLE store_hint DROP COLUMN slot"), False),
        (migrations.RunSQL("ALTER TABLE store_hint ALTER slot SET NOT NULL"), False),
        (migrations.RunSQL("CREATE INDEX quick ON store_hint (slot)"), True),
    ],
    ids=lambda value: value.describe() if hasattr(value, "describe") else str(value),
)
def test_an_operation_is_borne_or_not(operation: Any, is_borne: bool) -> None:
    state = MigrationLoader(None).project_state(("store", FIRST))
    assert (list(complaints(operation, state)) == []) == is_borne
