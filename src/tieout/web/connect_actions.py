"""What the forms of the connection pages do: store a connection, try it, and pair it with its other side."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tieout.core.settings import SettingError, SettingKind, missing
from tieout.engine import connections
from tieout.engine.connections import PairingError
from tieout.engine.runtime import Runtime
from tieout.platforms import registry
from tieout.store.models import Connection, Environment
from tieout.web import connect_pages
from tieout.web.forms import posted


def save(request: HttpRequest, system: str) -> HttpResponse:
    """Store a new connection, or new values of one, and try it at once; nothing is stored if a value cannot be used."""
    try:
        vendor = registry.vendor(system)
    except registry.UnknownSystemError as error:
        raise Http404(str(error)) from error
    name = request.POST.get("its-name", "").strip()
    standing = Connection.objects.filter(name=name).first()
    if standing is not None and request.POST.get("is_new") == "yes":
        text = f"There is a connection named “{name}” already. Choose another name, or change that one on its own page."
        return _refused(request, system, None, text)
    if standing is not None and not request.user.has_perm("store.change_connection"):
        raise PermissionDenied
    before = standing.values if standing else {}
    wanted = posted(vendor.connection, request.POST, before)
    known = {**before, **(dict.fromkeys(standing.secrets(), "stored") if standing else {}), **wanted}
    if absent := missing(vendor.connection, known):
        return _refused(request, system, standing, f"“{absent[0].label}” is missing. {absent[0].help}", absent[0].name)
    environment = request.POST.get("its-environment", "")
    try:
        row = connections.connect(
            system, name, wanted, environment=environment if environment in Environment.values else "", now=datetime.now(UTC)
        )
    except SettingError as error:
        return _refused(request, system, standing, str(error), error.name)
    except PairingError as error:
        return _refused(request, system, standing, str(error))
    return _check(request, row, f"The connection {row.name} is stored.")


def check(request: HttpRequest, name: str) -> HttpResponse:
    """Try a connection: its credentials, its permissions, and what the system must have for the work."""
    return _check(request, connect_pages.connection_named(name), "")


def pair(request: HttpRequest, name: str) -> HttpResponse:
    """Keep a platform and a company's books in step from now on, or with all they hold."""
    row, other = connect_pages.connection_named(name), connect_pages.connection_named(request.POST.get("other", ""))
    platform, company = (other, row) if row.system == registry.BOOKS else (row, other)
    now = datetime.now(UTC)
    since = None if request.POST.get("begin") == "everything" else now
    try:
        made = connections.pair(platform, company, now=now, since=since, asks_first=request.POST.get("asks_first") == "on")
    except PairingError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:connection", args=[row.name]))
    messages.success(request, f"{platform.name} and {company.name} are kept in step as {made.name}. Choose below what is kept in step.")
    return HttpResponseRedirect(reverse("admin:settings_of_integration", args=[made.name]))


def _check(request: HttpRequest, row: Connection, told: str) -> HttpResponse:
    runtime = Runtime.real()
    try:
        lines = connections.check(runtime, row)
    finally:
        runtime.systems.close()
    return connect_pages.checked(request, row, lines, told)


def _refused(request: HttpRequest, system: str, row: Connection | None, text: str, field: str = "") -> HttpResponse:
    """The form again, with what was typed except secrets."""
    schema = registry.vendor(system).connection
    typed = {
        setting.name: (request.POST.get(setting.name) == "on" if setting.kind is SettingKind.BOOLEAN else request.POST[setting.name])
        for setting in schema
        if setting.kind is not SettingKind.SECRET and setting.name in request.POST
    }
    return connect_pages.form(
        request,
        system,
        row,
        typed=typed,
        name=request.POST.get("its-name", ""),
        environment=request.POST.get("its-environment", ""),
        refused=text,
        errors={field: text} if field else {},
    )
