"""The addresses of the pages and of the webhooks."""

from django.urls import path

from tieout.web import accounts  # noqa: F401 — registers users, groups and locked sign-ins with the site
from tieout.web.api import api
from tieout.web.site import site
from tieout.web.webhooks import webhook

urlpatterns = [
    path("api/v1/", api.urls),
    path("webhooks/<slug:name>/", webhook, name="webhook"),
    path("", site.urls),
]
