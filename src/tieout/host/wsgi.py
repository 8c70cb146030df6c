"""The WSGI application, for our own server and for any other."""

import os

from django.core.wsgi import get_wsgi_application

from tieout.host.processes import die_with_parent

die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tieout.host.django_settings")
application = get_wsgi_application()
