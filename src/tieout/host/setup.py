"""Makes the database and Django usable for one command, or for as long as the process lives."""

from __future__ import annotations

import atexit
import gc
import os
import random
import time

from tieout.host.configuration import Configuration
from tieout.host.postgres import CONNECTIONS, Postgres, check_server
from tieout.host.postgres_binaries import PostgresError

SETTINGS_MODULE = "tieout.host.django_settings"
WORKER_CONNECTIONS = 5
SPARE_CONNECTIONS = 30
MIGRATION_LOCK = 7_305_142_001  # any number no one else uses for an advisory lock
GIVES_WAY_AFTER = "300ms"  # less than PostgreSQL waits before it ends one of two that wait for each other: it is never the others
MIGRATION_TRIES = 200
IN_THE_WAY = ("55P03", "40P01")  # a lock was not had in time, or two waited for each other


def open_database(configuration: Configuration) -> tuple[str, Postgres | None]:
    """The URL of the database to use, and the embedded server if it is that one; its caller stops it.

    Raises:
        PostgresError: the database cannot be used.
    """
    if configuration.database_url:
        check_server(configuration.database_url)
        return configuration.database_url, None
    # Every process may fill its pool, and a worker has a few connections more; commands come on top.
    wanted = (configuration.workers + 1) * (configuration.pool_size + WORKER_CONNECTIONS) + SPARE_CONNECTIONS
    server = Postgres(
        configuration.data_dir, binaries=configuration.pg_bin, user=configuration.pg_user, connections=max(CONNECTIONS, wanted)
    )
    return server.start(), server


def setup(configuration: Configuration | None = None, *, migrated: bool = True) -> Configuration:
    """Open the database and load Django, so that the models can be used; call it once, before importing any.

    The embedded server is joined or started for the life of this process. With `migrated`, the tables are brought up
    to date first if they are not. Gives the configuration, now with the database's address.

    Raises:
        ConfigurationError: a value cannot be used.
        PostgresError: the database cannot be used.
    """
    wanted = configuration or Configuration.from_environment()
    url, server = open_database(wanted)
    if server is not None:
        atexit.register(server.stop)
    ready = enter(wanted, url)
    atexit.register(close_connections)  # runs before the server stops
    if migrated:
        migrate()
        notice_restore()
    return ready


def enter(configuration: Configuration, database_url: str) -> Configuration:
    """Load Django in this process with this very configuration and database."""
    os.environ.update(configuration.as_environment())
    os.environ["DATABASE_URL"] = database_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    import django

    django.setup()
    return Configuration.from_environment()


def settle_memory() -> None:
    """Leave what is loaded by now out of all later searches for garbage; a search of it all stops a process for a tenth of a second."""
    gc.collect()
    gc.freeze()


def close_connections() -> None:
    """Give back every connection of this process, the pool's too."""
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        connection.close_pool()  # type: ignore[attr-defined]


def migrate() -> bool:
    """Bring the tables up to date, one process at a time, and tell whether anything had to be done.

    Raises:
        PostgresError: the tables were made by a later version of Tieout.
    """
    from django.db import connection

    if not _pending():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", (GIVES_WAY_AFTER,))
    try:
        _migrate_between_the_work_of_others()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))
    return True


def _migrate_between_the_work_of_others() -> None:
    """Migrate while workers of the version before use the tables: give way to them, and try again from the first migration not done.

    A migration is one transaction, so one that gave way has left nothing.
    """
    from django.core.management import call_command
    from django.db import OperationalError

    for left in reversed(range(MIGRATION_TRIES)):
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", None) not in IN_THE_WAY:
                raise
            time.sleep(random.uniform(0.05, 0.5))
        else:
            return


def notice_restore() -> None:
    """Only compare at first, if the database is an older copy than the one this data directory last saw."""
    from datetime import UTC, datetime

    from django.conf import settings

    from tieout.engine import restore

    restore.watch(settings.TIEOUT_NEWEST, datetime.now(UTC))


def _pending() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    ours = {key for key in executor.loader.applied_migrations if key[0] == "store"}
    if unknown := sorted(name for app, name in ours if (app, name) not in executor.loader.disk_migrations):
        raise PostgresError(f"The database was made by a later version of Tieout (it has {unknown[-1]}); install that version.")
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
