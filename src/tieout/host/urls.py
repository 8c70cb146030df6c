"""Addresses the host answers itself; all others belong to the web application."""

from django.urls import URLPattern, URLResolver, include, path

from tieout.host import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path(health.PATH.lstrip("/"), health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("tieout.web.urls")),
]
