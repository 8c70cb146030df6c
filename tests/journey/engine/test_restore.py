"""An older copy of the database is restored: nothing is written twice, nothing is forgotten."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.db import connection as database

from tests.database import empty
from tests.world import World
from tieout.engine import restore, tieout
from tieout.store.models import Connection, Freeze, Integration, Journal, Link

_OURS = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname LIKE 'store\\_%' AND NOT relispartition
"""


def back_up() -> None:
    """Copy every table of ours aside."""
    with database.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS backup CASCADE; CREATE SCHEMA backup")
        cursor.execute(_OURS)
        for (table,) in cursor.fetchall():
            cursor.execute(f"CREATE TABLE backup.{table} AS TABLE {table}")


def restore_copy() -> None:
    """Put the copy back, as a restored backup would."""
    with database.cursor() as cursor:
        cursor.execute(_OURS)
        tables = [table for (table,) in cursor.fetchall()]
        empty(*tables)
        cursor.execute("SET session_replication_role = replica")
        for table in tables:
            cursor.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM backup.{table}")
        cursor.execute("SET session_replication_role = DEFAULT; DROP SCHEMA backup CASCADE")


def test_after_a_restored_backup_everything_is_compared_and_adopted_before_anything_is_written(world: World, tmp_path: Path) -> None:
    integration = world.connect()
    mark = tmp_path / "newest.json"
    ashby = world.new_customer("Ashby")
    barn = world.new_project(ashby, "Barn")
    world.run_until_quiet()
    assert restore.watch(mark, world.clock.now()) is False
    back_up()
    birch = world.new_customer("Birch")
    job = world.new_job(birch)
    world.field("PATCH", f"jpm/projects/{barn['id']}", {"name": "Grain store"})
    world.run_until_quiet()
    assert restore.watch(mark, world.clock.now()) is False
    written = dict(world.projects())
    restore_copy()
    assert not Link.objects.filter(left_id=str(birch["id"])).exists()

    assert restore.watch(mark, world.clock.now()) is True
    lost = world.new_customer("Cedar")  # made while nothing may be written
    world.field("PATCH", f"jpm/projects/{barn['id']}", {"name": "Granary"})
    world.run(600)
    assert world.projects() == written
    assert f"C-{lost['id']}" not in world.customers()
    assert Link.objects.get(flow="customers", left_id=str(birch["id"])).origin == "adopted"
    assert Link.objects.get(flow="jobs", left_id=str(job["id"])).origin == "adopted"

    (company,) = restore.end_compared(world.clock.now())
    assert company == Connection.objects.get(name="books")
    world.run_until_quiet()
    assert f"C-{lost['id']}" in world.customers()
    assert world.projects()[f"P-{barn['number']}"]["NAME"] == "Granary"
    doubled = [key for key, count in Counter(row["NAME"] for row in world.customers().values()).items() if count > 1]
    assert doubled == []
    assert tieout.run(world.runtime, Integration.objects.get(pk=integration.pk)).agreed


def test_the_freeze_after_a_restore_stands_until_everything_was_read(world: World, tmp_path: Path) -> None:
    world.connect()
    world.new_customer("Ashby")
    world.run_until_quiet()
    mark = tmp_path / "newest.json"
    restore.watch(mark, world.clock.now())
    empty("store_journal")
    assert restore.watch(mark, world.clock.now()) is True
    assert restore.watch(mark, world.clock.now()) is False
    assert restore.end_compared(world.clock.now()) == []
    assert Freeze.objects.filter(lifted_at=None).count() == 1
    world.run_until_quiet()
    assert len(restore.end_compared(world.clock.now())) == 1
    assert Journal.objects.filter(event="freeze lifted").exists()


def test_a_mark_that_a_full_disk_cut_short_counts_as_none(world: World, tmp_path: Path) -> None:
    mark = tmp_path / "newest.json"
    mark.write_text('{"jour')
    assert restore.watch(mark, world.clock.now()) is False
