"""The database of a test run: DATABASE_URL if it is set, else an embedded server of its own, started when first needed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the test run."""
    from tieout.host.configuration import Configuration
    from tieout.host.postgres import Postgres

    configuration = Configuration.from_environment()
    if configuration.database_url:
        yield configuration.database_url
        return
    with (
        tempfile.TemporaryDirectory(prefix="tieout-tests-") as folder,
        Postgres(Path(folder), binaries=configuration.pg_bin, user=configuration.pg_user, durable=False) as server,
    ):
        yield server.url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """Point Django at the test run's server; pytest-django asks for this before it creates the test database."""
    from django.db import connections

    from tieout.host.django_settings import database

    # The very dictionary every connection holds, so that it counts for those that exist already.
    connections.settings["default"].update(database(database_url))


def empty(*tables: str) -> None:
    """Empty tables, also those that refuse it, for the next test."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
