"""Fixtures and plugins for every test."""

from tests.database import database_url, django_db_modify_db_settings

__all__ = ["database_url", "django_db_modify_db_settings"]

pytest_plugins = ["tests.requirement_record"]
