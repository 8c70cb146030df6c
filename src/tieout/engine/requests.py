"""A person asks for a record: the request is stored as a ruling before it is acknowledged, and the record is looked at.

It brings in what goes only on request: a record older than the integration, one whose link was closed, or any while automatic
synchronisation is off. For a record that is in step already, or was refused, it is one more look at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tieout.core.record import Ref
from tieout.engine.mark import mark
from tieout.platforms import registry
from tieout.store.models import Integration, Link, Record, Ruling, RulingKind


class RequestError(ValueError):
    """A request for a record that cannot be told; its text says why and what to do."""


def request(integration: Integration, wanted: str, *, by: str, now: datetime) -> Ref:
    """Store that somebody asks for a record, and have it looked at; the record meant.

    `wanted` is its number or ID on either side, with its kind before it where one number has several records, such as
    “job 10042”. The caller wakes the company. Raises RequestError.
    """
    ref = meant(integration, wanted)
    flows = [flow for flow in registry.platform(integration.platform.system).flows if flow.left_kind == ref.kind]
    with transaction.atomic():
        for flow in flows:
            Ruling.objects.create(integration=integration, flow=flow.name, left_id=ref.id, kind=RulingKind.REQUESTED, by=by[:150], at=now)
        mark(integration.platform, [ref], reason="requested", now=now)
    return ref


def meant(integration: Integration, wanted: str) -> Ref:
    """The left record that a number or ID on either side means. Raises RequestError if it is none or several."""
    kinds = sorted({flow.left_kind for flow in registry.platform(integration.platform.system).flows})
    kind, _, number = wanted.strip().partition(" ")
    found = _found(integration, [kind.lower()], number.strip()) if number and kind.lower() in kinds else set()
    found = found or _found(integration, kinds, wanted.strip())
    if not found:
        raise RequestError(
            f"No record of {integration.platform.name} has the number or ID “{wanted}”. "
            "Only what has been read once is known: check the number, or wait for the next look for changes."
        )
    if len(found) > 1:
        told = ", ".join(f"“{ref.kind} {ref.id}”" for ref in sorted(found))
        raise RequestError(f"“{wanted}” may be any of {told}. Name the one that is meant, as it stands in these quotes.")
    return found.pop()


def _found(integration: Integration, kinds: list[str], number: str) -> set[Ref]:
    known = Record.objects.filter(connection=integration.platform, kind__in=kinds)
    exact = {Ref(row.kind, row.remote_id) for row in known.filter(remote_id=number)}
    if exact:
        return exact
    rights = Record.objects.filter(connection=integration.company, natural_key=number).values_list("kind", "remote_id")
    linked = Q(pk__in=[])
    for kind, remote_id in rights:
        linked |= Q(right_kind=kind, right_id=remote_id)
    links = Link.objects.filter(linked, integration=integration, left_kind__in=kinds)
    return {Ref(row.kind, row.remote_id) for row in known.filter(natural_key=number)} | {link.left for link in links}
