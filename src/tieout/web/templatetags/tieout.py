"""Filters: moments, spans, numbers and words as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tieout.core.record import Line, Ref
from tieout.core.tables import Column, Table
from tieout.engine.mapping import SINCE
from tieout.web import words

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def moment(at: datetime | None, now: datetime | None = None) -> str | SafeString:
    """A time in the zone of the page, with the UTC time for machines and on hovering; the date unless it is today's."""
    if at is None:
        return "never"
    local = timezone.localtime(at)
    today = timezone.localtime(now).date() if now else None
    shown = local.strftime("%H:%M:%S") if local.date() == today else f"{local.day} {local.strftime('%b %Y, %H:%M')}"
    utc = at.astimezone(UTC)
    return format_html('<time datetime="{}" title="{} UTC">{}</time>', utc.isoformat(), utc.strftime("%Y-%m-%d %H:%M:%S"), shown)


@register.filter
def ago(at: datetime | None, now: datetime) -> str | SafeString:
    """How long ago, or in how long, a time is, in words; the exact time on hovering."""
    if at is None:
        return "never"
    seconds = (now - at).total_seconds()
    shown = "now" if abs(seconds) < 1 else f"{span(seconds)} ago" if seconds > 0 else f"in {span(seconds)}"
    utc = at.astimezone(UTC)
    return format_html('<time datetime="{}" title="{} UTC">{}</time>', utc.isoformat(), utc.strftime("%Y-%m-%d %H:%M:%S"), shown)


@register.filter
def age(at: datetime, now: datetime) -> str:
    """How long something has lasted, in words."""
    return span(now - at)


@register.filter
def exact(at: datetime | None) -> str | SafeString:
    """A time to the second with its date and zone; UTC on hovering."""
    if at is None:
        return "never"
    local = timezone.localtime(at)
    utc = at.astimezone(UTC)
    shown = f"{local.day} {local.strftime('%b %Y, %H:%M:%S %Z')}"
    return format_html('<time datetime="{}" title="{} UTC">{}</time>', utc.isoformat(), utc.strftime("%Y-%m-%d %H:%M:%S"), shown)


def span(length: float | timedelta) -> str:
    """A length of time in one rounded unit."""
    seconds = abs(length.total_seconds() if isinstance(length, timedelta) else length)
    for unit, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{int(seconds)} s" if seconds >= 10 else "a moment"


@register.filter
def number(value: int | None) -> str:
    """A whole number with its thousands set apart."""
    return "–" if value is None else f"{value:,}"


@register.filter
def value(item: Any) -> str:
    """A stored value as an accountant reads it; an absent one is “empty”."""
    match item:
        case None | "":
            return "empty"
        case bool():
            return "yes" if item else "no"
        case Decimal():
            return f"{item:,.2f}" if item == item.quantize(Decimal("0.01")) else f"{item:,f}"
        case datetime():
            return timezone.localtime(item).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return item.isoformat()
        case Ref():
            return f"{words.kind_label(item.kind)} {item.id}"
        case frozenset():
            return ", ".join(value(ref) for ref in sorted(item))
        case tuple() if all(isinstance(line, Line) for line in item):
            return f"{len(item)} line{'' if len(item) == 1 else 's'}"
        case Mapping():
            return ", ".join(f"{key}: {value(inner)}" for key, inner in item.items())
        case list() | tuple():
            return ", ".join(value(inner) for inner in item)
    return str(item)


register.filter("system", words.system_label)
register.filter("kind", words.kind_label)
register.filter("field", words.field_label)
register.filter("reason", words.reason_label)
register.filter("event", words.event_label)
register.filter("run", words.run_label)


@register.filter
def columns(table: Table, cells: Sequence[str]) -> list[tuple[Column, str]]:
    """Each column of a mapping table with its cell of one line, the day last."""
    return list(zip((*table.keys, *table.values, Column(SINCE, "From")), cells, strict=False))


@register.filter
def actor(name: str) -> str:
    """Who acts, in words."""
    return words.ACTOR.get(name, name)


@register.inclusion_tag("tieout/parts/pill.html")
def pill(family: str, name: str) -> dict[str, words.Word]:
    """A state as a pill: icon, word and colour, of which the word alone would do."""
    tables = {"connection": words.CONNECTION, "queue": words.QUEUE, "level": words.LEVEL, "plan": words.PLAN, "hold": words.HOLD}
    table = {**tables, "batch": words.BATCH, "going": words.GOING}[family]
    return {"word": table.get(name, words.Word(name, "plain", "circle"))}


@register.filter
def clock(at: datetime) -> str:
    """Hours and minutes in the zone of the page."""
    return timezone.localtime(at).strftime("%H:%M")
