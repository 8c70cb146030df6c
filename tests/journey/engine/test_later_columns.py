"""A later version has added columns to every table; this one works on as if they were not there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.world import World
from tieout.engine.plan import plan
from tieout.engine.tieout import run
from tieout.store.models import Integration, Problem

TABLES = """SELECT oid::regclass::text FROM pg_class
    WHERE relname LIKE 'store\\_%' AND relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace"""


@pytest.fixture
def later_columns(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        assert "store_link" in tables
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN later_note text, ADD COLUMN later_flag boolean NOT NULL DEFAULT false")
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DROP COLUMN later_note, DROP COLUMN later_flag")


def test_everything_goes_on_with_columns_of_a_later_version_in_every_table(later_columns: None, world: World) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Barn")
    job = world.new_job(customer, project)
    world.run_until_quiet()
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Grain store"})
    world.clock.advance(61)
    world.run_until_quiet()
    assert {row["NAME"] for key, row in world.projects().items() if key != job["jobNumber"]} == {"Grain store"}
    integration = Integration.objects.get()
    plan(world.runtime, integration, by="Ada")
    assert run(world.runtime, integration).agreed
    assert not Problem.objects.exists()
