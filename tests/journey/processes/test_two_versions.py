"""An old version and a later one work side by side, through the later one's migration of the tables they share.

The later version is this one with another number and one more migration, which does to every table what a migration may do: it adds.
What a migration must not do is held in `tests/unit/store/test_migrations.py`. It takes half a minute of a quiet machine.
"""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import psycopg

from tests.journey.processes.running import installed, until
from tests.journey.processes.test_kills import expected, shown
from tests.journey.processes.test_rolling_upgrade import Jobs, new_worker, own_database  # noqa: F401 - a fixture

SOURCE = Path(__file__).parents[3] / "src" / "tieout"
LATER = '''
from django.db import migrations

ADD = """
DO $$
DECLARE
    owned regclass;
BEGIN
    FOR owned IN SELECT oid::regclass FROM pg_class
        WHERE relname LIKE 'store\\\\_%' AND relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN later_note text, ADD COLUMN later_flag boolean NOT NULL DEFAULT false', owned);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("store", "LAST")]
    operations = [migrations.RunSQL(ADD)]
'''


def later_version(folder: Path) -> str:
    """Where the later version lies."""
    there = folder / "later"
    shutil.copytree(SOURCE, there / "tieout", ignore=shutil.ignore_patterns("__pycache__"))
    own = (there / "tieout" / "__init__.py").read_text()
    (there / "tieout" / "__init__.py").write_text(own + '\n__version__ = "99.0.0"\n')
    migrations = there / "tieout" / "store" / "migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / "9999_later.py").write_text(LATER.replace("LAST", last))
    return os.pathsep.join([str(there), *filter(None, [os.environ.get("PYTHONPATH")])])


def test_workers_of_two_versions_share_the_work_through_a_migration_and_nothing_is_lost(tmp_path: Path, own_database: str) -> None:  # noqa: F811
    with installed(tmp_path, "--world", "demo", "--latency-ms", "50", "--per-record-ms", "6") as tieout:
        tieout.environment |= {"DATABASE_URL": own_database, "TIEOUT_CONCURRENCY": "2"}  # so that neither takes all the slots
        tieout.connect(concurrency="4", calls_per_second="8")
        jobs = Jobs(own_database)
        old, old_number = new_worker(tieout, jobs)
        until(lambda: shown(tieout), "the old version works")
        of_old = dict(tieout.environment)
        tieout.environment["PYTHONPATH"] = later_version(tmp_path)
        assert "99.0.0" in tieout.run("--version")
        _, new_number = new_worker(tieout, jobs)
        assert jobs.ask("SELECT name FROM django_migrations WHERE name = '9999_later'")
        until(lambda: jobs.draining() == {old_number, new_number}, "both versions work on the tables of the later one")
        assert len(shown(tieout)) < len(expected(tieout))
        assert old.poll() is None
        old.send_signal(signal.SIGTERM)
        assert old.wait(timeout=20) == 0
        of_new, tieout.environment = tieout.environment, of_old
        assert "made by a later version of Tieout (it has 9999_later); install that version." in tieout.run("worker", fails=True)
        tieout.environment = of_new
        until(lambda: len(shown(tieout)) >= len(expected(tieout)) and tieout.is_quiet(), "everything is worked off", within_s=240)
        assert expected(tieout) == shown(tieout)
        assert tieout.json("tie-out")["agreed"] is True
        assert tieout.json("problems")["problems"] == []


def test_a_migration_gives_way_to_whoever_works_on_a_table_and_goes_on_afterwards(tmp_path: Path, own_database: str) -> None:  # noqa: F811
    with installed(tmp_path, "--world", "empty") as tieout:
        tieout.environment["DATABASE_URL"] = own_database
        tieout.run("status")  # this version's tables
        jobs = Jobs(own_database)
        waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        tieout.environment["PYTHONPATH"] = later_version(tmp_path)
        with psycopg.connect(jobs.url) as worker:
            worker.execute("LOCK TABLE store_hint IN ROW EXCLUSIVE MODE")
            later = tieout.start("status")
            until(lambda: jobs.ask(waiting), "the migration wants the table")
            until(lambda: not jobs.ask(waiting), "the migration gives way")
            worker.execute("SELECT count(*) FROM store_record")  # which the migration had locked before
            assert later.poll() is None
        assert later.wait(timeout=60) == 0
        assert jobs.ask("SELECT name FROM django_migrations WHERE name = '9999_later'")
