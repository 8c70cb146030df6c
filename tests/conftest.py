"""Fixtures and plugins for every test."""

import os

from hypothesis import HealthCheck, settings

from tests.database import database_url, django_db_modify_db_settings

__all__ = ["database_url", "django_db_modify_db_settings"]

pytest_plugins = ["tests.requirement_record"]

# A busy machine must not fail a property, and a failure must come back in the next run; `HYPOTHESIS_PROFILE=search` looks for new ones.
_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("search", deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
