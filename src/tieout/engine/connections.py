"""Connecting systems and pairing them: what the connect command, the pages and the demo all go through."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q

from tieout.core import problems
from tieout.core.flow import Direction, set_up
from tieout.core.ports import Check, Fault
from tieout.core.record import Ref
from tieout.core.settings import SettingError, SettingKind, change, parse, values_of
from tieout.engine import claims, health, journal
from tieout.engine.mark import NEVER, mark
from tieout.engine.pairs import is_unsafe, settings_of
from tieout.engine.poll import kinds_of
from tieout.engine.runtime import Runtime
from tieout.platforms import registry
from tieout.store.models import Connection, Cursor, Environment, Integration, Record, SettingValue

LOOK_AGAIN = 5000
NAME_LENGTH = 24  # an integration is called after both of its connections, in 50 characters
_NAME = re.compile(r"[A-Za-z0-9_-]+")  # the name is part of addresses: of the connection's page and of its webhook


class PairingError(ValueError):
    """Two connections that cannot be paired; the text says why and what to do."""


def connect(system: str, name: str, values: Mapping[str, Any], *, environment: str = "", now: datetime) -> Connection:
    """Store or change a connection. Values not given keep what they were; secrets are encrypted.

    A system is a test system if the caller or its own values say so; a caller that says nothing leaves it what it was, and a
    new one is a production system. Raises UnknownSystemError, SettingError, or PairingError if the name cannot be used or the
    change would let a test system write to production books.
    """
    vendor = registry.vendor(system)
    schema = {setting.name: setting for setting in vendor.connection}
    if not _NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise PairingError(f"“{name}” cannot be the name of a connection. Use up to {NAME_LENGTH} letters, digits, “-” and “_”.")
    connection = Connection.objects.filter(name=name).first() or Connection(name=name, system=system)
    environment = environment or connection.environment
    if connection.system != system:
        raise PairingError(f"“{name}” is a connection to {connection.system}. Choose another name.")
    shown, sealed = dict(connection.values), connection.secrets() if connection.pk else {}
    for key, raw in values.items():
        if key not in schema:
            raise SettingError(key, f"{vendor.label} has no value named {key}. Known values: {', '.join(schema)}.")
        value = parse(schema[key], raw)
        if schema[key].kind is SettingKind.SECRET:
            sealed[key] = value
        else:
            shown[key] = value
    connection.values = shown
    connection.environment = Environment.TEST if Environment.TEST in (environment, vendor.environment(shown)) else Environment.PRODUCTION
    connection.slots = int(values_of(vendor.connection, shown).get("concurrency", connection.slots))
    connection.set_secrets(sealed)
    for integration in Integration.objects.filter(Q(company=connection) | Q(platform=connection)) if connection.pk else ():
        is_books = integration.company_id == connection.pk
        _refuse_unsafe(integration.platform if is_books else connection, connection if is_books else integration.company)
    # New credentials are tried at once, whatever the last attempt was told.
    connection.retry_at, connection.failures = None, 0
    connection.save()
    journal.note(connection, "connection changed", f"The connection {name} was saved.", now)
    return connection


def _refuse_unsafe(platform: Connection, company: Connection) -> None:
    """A test system never writes to production books (invariant 10)."""
    if is_unsafe(platform, company):
        raise PairingError(f"{platform.name} is a test system and {company.name} holds production books. {problems.UNSAFE_PAIR.next_step}")


def pair(platform: Connection, company: Connection, *, now: datetime, since: datetime | None, asks_first: bool = False) -> Integration:
    """Pair a platform with a company's books and switch it on; doing it again changes nothing.

    `since` is the moment from which records created or changed are kept in step; None takes all there are. With `asks_first`,
    each kind of record is only planned until a person has seen the plan and released it. Raises PairingError.
    """
    if company.system != registry.BOOKS or platform.system == registry.BOOKS:
        raise PairingError(f"{platform.name} and {company.name} cannot be paired. Pair a platform with the books.")
    _refuse_unsafe(platform, company)
    defaults = {"name": f"{platform.name}-{company.name}", "switched_on_at": since, "asks_first": asks_first}
    integration, made = Integration.objects.get_or_create(platform=platform, company=company, defaults=defaults)
    if made:
        then = " Nothing is written until the plan of each kind of record has been released." if asks_first else ""
        journal.note(company, "switched on", f"{platform.name} and {company.name} are kept in step from now on.{then}", now)
    return integration


def partners(row: Connection) -> list[Connection]:
    """The connections of the other side that this one is not kept in step with yet, by name."""
    is_books = row.system == registry.BOOKS
    mine = Integration.objects.filter(company=row) if is_books else Integration.objects.filter(platform=row)
    paired = set(mine.values_list("platform_id" if is_books else "company_id", flat=True))
    others = Connection.objects.exclude(system=registry.BOOKS) if is_books else Connection.objects.filter(system=registry.BOOKS)
    return [other for other in others.order_by("name") if other.pk not in paired]


def settings_after(integration: Integration, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting's value as it would be after a change, nothing being saved. Raises SettingError."""
    schema = registry.platform(integration.platform.system).settings
    return values_of(schema, change(schema, integration.saved_settings(), wanted).values)


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving settings led to: warnings for the person, and how many linked records are looked at again."""

    warnings: tuple[str, ...]
    looked_at_again: int


def save_settings(integration: Integration, wanted: Mapping[str, Any], *, by: str, now: datetime) -> Saved:
    """Change settings of an integration and have every record they may concern looked at again.

    Raises SettingError; then nothing is saved.
    """
    schema = registry.platform(integration.platform.system).settings
    changed = change(schema, integration.saved_settings(), wanted)
    before = settings_of(integration)
    labels = {setting.name: setting.label for setting in schema}
    with transaction.atomic():
        for name, value in changed.values.items():
            row = SettingValue.objects.filter(integration=integration, name=name).first() or SettingValue(
                integration=integration, name=name
            )
            if row.pk is None or row.value != value:
                row.value = value
                row._change_reason = f"by {by}"  # type: ignore[attr-defined]
                row.save()
        fresh = Integration.objects.get(pk=integration.pk)
        after = settings_of(fresh)
        told = {name: (before[name], value) for name, value in after.items() if before[name] != value}
        if told and (clash := claims.conflict(fresh, after)):
            raise SettingError(next(iter(told)), clash)
        for name, (old, new) in told.items():
            text = f"{by} changed the setting “{labels[name]}” from {_shown(old)} to {_shown(new)}."
            journal.note(integration.company, "setting changed", text, now, name=integration.name)
        count = look_again(fresh, now) if told else 0
    return Saved(changed.warnings, count)


def _shown(value: Any) -> str:
    """A setting's value as people say it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"“{value}”" if value not in ("", None) else "empty"


def look_again(integration: Integration, now: datetime, *, kinds: Collection[str] = ()) -> int:
    """Hint as bulk work every known record an integration's flows begin with, or those of some left kinds; how many there are."""
    flows = registry.platform(integration.platform.system).flows
    wanted = kinds or {flow.left_kind for flow in flows}
    settings = settings_of(integration)
    taken = {flow.right_kind for flow in flows if flow.left_kind in wanted and flow.takes_right_born(settings)}
    count = _mark_all(integration.platform, wanted, now) + (_mark_all(integration.company, taken, now) if taken else 0)
    Cursor.objects.filter(connection__in=[integration.platform, integration.company]).update(next_at=None)
    return count


def _mark_all(connection: Connection, kinds: Collection[str], now: datetime) -> int:
    rows = Record.objects.filter(connection=connection, kind__in=kinds, deleted=False).values_list("kind", "remote_id")
    found = rows.iterator(LOOK_AGAIN)
    count = 0
    while refs := [Ref(kind, id_) for kind, id_ in islice(found, LOOK_AGAIN)]:
        mark(connection, refs, reason="settings", now=now, changed_at=NEVER, bulk=True)
        count += len(refs)
    return count


def _needed_kinds(connection: Connection) -> list[str]:
    """The kinds the connection is used for; of books that are not paired yet, those that any platform may write."""
    paired = kinds_of(connection)
    if paired or connection.system != registry.BOOKS:
        return paired
    platforms = [registry.platform(name) for name in registry.names() if name != registry.BOOKS]
    return list(dict.fromkeys(flow.right_kind for platform in platforms for flow in platform.flows))


def _written_kinds(connection: Connection) -> list[str]:
    """The kinds that the flows of the connection's integrations write to it, as their settings stand."""
    paired = Integration.objects.filter(Q(platform=connection) | Q(company=connection), active=True).select_related("platform")
    found: dict[str, None] = {}
    for integration in paired:
        settings, is_books = settings_of(integration), integration.company_id == connection.pk
        directions = {Direction.TWO_WAY, Direction.EXPORT if is_books else Direction.IMPORT}
        for flow in registry.platform(integration.platform.system).flows:
            if flow.direction in directions and flow.is_on(settings):
                found.setdefault(flow.right_kind if is_books else flow.left_kind)
    return list(found)


def _set_up(connection: Connection) -> dict[str, str]:
    """What the flows of the integrations of these books rely on by name, as their settings stand."""
    found: dict[str, str] = {}
    for integration in Integration.objects.filter(company=connection, active=True).select_related("platform"):
        needed = set_up(registry.platform(integration.platform.system).flows, settings_of(integration))
        found |= {name: way or found.get(name, "") for name, way in needed.items()}
    return found


def check(runtime: Runtime, connection: Connection) -> list[Check]:
    """The preflight lines of a connection. All well takes it out of error; a call that cannot be made puts it there."""
    now = runtime.now()
    try:
        lines = list(runtime.systems.of(connection).check(_needed_kinds(connection), _written_kinds(connection), _set_up(connection)))
    except Fault as fault:
        said = f" ({fault.detail})" if fault.detail else ""
        lines = [Check("Connection", False, f"{fault.case.cause}{said}", fault.case.next_step, fault.case.code)]
        health.failed(connection, fault, now)
        return lines
    if all(line.ok for line in lines):
        health.worked(connection, now)
    return lines
