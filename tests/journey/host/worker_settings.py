"""Django's settings for worker processes under test: the real ones, and the jobs of the tests."""

from tieout.host.django_settings import *  # noqa: F403
from tieout.host.django_settings import PROCRASTINATE_IMPORT_PATHS as REAL_PATHS

PROCRASTINATE_IMPORT_PATHS = [*REAL_PATHS, "tests.journey.host.jobs_under_test"]
