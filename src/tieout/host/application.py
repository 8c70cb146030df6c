"""The application that the web server runs: Django behind what takes requests in."""

import os

from django.core.wsgi import get_wsgi_application

from tieout.host.intake import Intake
from tieout.host.processes import die_with_parent

die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tieout.host.django_settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - they are complete only now

from tieout.host.setup import settle_memory  # noqa: E402

_known = settings.CONFIGURATION
application = Intake(
    _django,
    threads=_known.web_threads,
    most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    patience=_known.body_seconds,
    proxies=_known.proxies,
)
settle_memory()
