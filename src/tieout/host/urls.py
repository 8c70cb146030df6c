"""Addresses the host answers itself; all others belong to the web application."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from tieout.host import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
]
if find_spec("tieout.web") and find_spec("tieout.web.urls"):
    urlpatterns.append(path("", include("tieout.web.urls")))
