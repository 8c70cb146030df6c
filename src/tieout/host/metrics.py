"""Figures for Prometheus: this process's requests, and the state of the work as the database knows it.

Workers are separate processes, so everything about jobs, hints, intents and problems is counted in the database when
somebody asks; only requests are counted here.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

REGISTRY = CollectorRegistry()
REQUESTS = Counter("tieout_http_requests_total", "Requests answered.", ("method", "route", "status"), registry=REGISTRY)
SECONDS = Histogram("tieout_http_request_seconds", "Time to answer a request.", ("route",), registry=REGISTRY)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_KNOWN_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_FORWARDING_HEADERS = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")

# name, what it is, labels, statement giving the labels' values and the figure
STATE: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (
        "tieout_jobs",
        "Jobs by state.",
        ("status",),
        "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY status",
    ),
    (
        "tieout_workers",
        "Workers heard from within a minute.",
        (),
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'",
    ),
    (
        "tieout_hints",
        "Keys waiting to be looked at, by system connection.",
        ("connection",),
        "SELECT c.name, count(h.id) FROM store_connection c LEFT JOIN store_hint h ON h.company_id = c.id GROUP BY c.name",
    ),
    (
        "tieout_hint_oldest_seconds",
        "How long the longest overdue key has been waiting.",
        (),
        "SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) FROM store_hint WHERE due_at <= now()",
    ),
    (
        "tieout_intents",
        "Remote writes not yet settled, by state.",
        ("state",),
        "SELECT state, count(*) FROM store_intent WHERE state NOT IN ('done', 'refused') GROUP BY state",
    ),
    ("tieout_problems", "Open problems.", (), "SELECT count(*) FROM store_problem WHERE cleared_at IS NULL"),
    (
        "tieout_connection_up",
        "1 when a connection works, 0 when not.",
        ("connection", "system"),
        "SELECT name, system, (state = 'connected')::int FROM store_connection",
    ),
)


class StateCollector:
    """Counts the state of the work in the database at every scrape."""

    def collect(self) -> Iterator[Metric]:
        """Every figure; `tieout_database_up` alone is 0 when the database cannot be asked."""
        found: list[Metric] = []
        try:
            with connection.cursor() as cursor:
                for name, help_text, labels, statement in STATE:
                    family = GaugeMetricFamily(name, help_text, labels=labels)
                    cursor.execute(statement)
                    for row in cursor.fetchall():
                        family.add_metric([str(value) for value in row[:-1]], float(row[-1]))
                    found.append(family)
        except (OperationalError, InterfaceError):
            yield GaugeMetricFamily("tieout_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("tieout_database_up", "Whether the database answers.", value=1)
        yield from found


REGISTRY.register(StateCollector())
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)


class RequestMetrics:
    """Middleware that counts and times requests by route, never by path, so that no key becomes a label."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and count it."""
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = (match.view_name or match.route or "/") if match else "unmatched"
        method = request.method if request.method in _KNOWN_METHODS else "other"
        REQUESTS.labels(method, route, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - started)
        return response


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text form, for this machine or the holder of TIEOUT_METRICS_TOKEN; others get 403."""
    if not _may_read(request):
        return HttpResponse("Set TIEOUT_METRICS_TOKEN and send it as a bearer token.\n", status=403, content_type="text/plain")
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    """A proxy on this machine makes everybody look local, so a forwarded request needs the token."""
    token = settings.TIEOUT_METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in _FORWARDING_HEADERS):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
