"""The pages that connect a system: choose it, fill in its values, and see what a check of it says. `connect_actions` stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from tieout.core.ports import Check
from tieout.core.settings import values_of
from tieout.engine import connections
from tieout.platforms import registry
from tieout.store.models import Connection, Environment
from tieout.web.forms import groups
from tieout.web.pages import show


def choose(request: HttpRequest) -> HttpResponse:
    """The systems that can be connected."""
    taken = set(Connection.objects.values_list("system", flat=True))
    vendors = [(name, registry.vendor(name).label, name == registry.BOOKS, name in taken) for name in registry.names()]
    return show(request, "tieout/connect.html", "Connect a system", vendors=sorted(vendors, key=lambda vendor: not vendor[2]))


def connect(request: HttpRequest, system: str) -> HttpResponse:
    """The values that a new connection to this system needs."""
    return form(request, system)


def change(request: HttpRequest, name: str) -> HttpResponse:
    """The values of a connection; a secret is only said to be stored, and stays what it is while its field is empty."""
    row = connection_named(name)
    return form(request, row.system, row)


def form(
    request: HttpRequest,
    system: str,
    row: Connection | None = None,
    *,
    typed: Mapping[str, Any] | None = None,
    name: str = "",
    environment: str = "",
    refused: str = "",
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The form of a connection; after a refused post with what was typed, and why it cannot be stored."""
    try:
        vendor = registry.vendor(system)
    except registry.UnknownSystemError as error:
        raise Http404(str(error)) from error
    response = show(
        request,
        "tieout/connect_form.html",
        f"{row.name}: {vendor.label}" if row else f"Connect {vendor.label}",
        system=system,
        label=vendor.label,
        row=row,
        name=name or (row.name if row else system),
        account=environment or (row.environment if row else Environment.PRODUCTION),
        environments=Environment.choices,
        groups=groups(
            vendor.connection,
            values_of(vendor.connection, row.values if row else {}),
            typed=typed,
            errors=errors,
            secrets=row.secrets() if row else (),
        ),
        refused=refused,
    )
    response.status_code = 422 if refused else 200
    return response


def checked(request: HttpRequest, row: Connection, lines: Sequence[Check], told: str) -> HttpResponse:
    """What a check of a connection said, line by line with the cure of what is not well, and with what it can be kept in step."""
    return show(
        request,
        "tieout/check.html",
        f"Check of {row.name}",
        now=datetime.now(UTC),
        row=row,
        label=registry.vendor(row.system).label,
        lines=lines,
        wrong=sum(not line.ok for line in lines),
        told=told,
        partners=connections.partners(row),
    )


def connection_named(name: str) -> Connection:
    """The connection of this name, or 404."""
    row = Connection.objects.filter(name=name).first()
    if row is None:
        raise Http404(f"There is no connection named “{name}”.")
    return row
