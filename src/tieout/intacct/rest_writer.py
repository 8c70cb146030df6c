"""Writes of those kinds that the XML gateway only reads, through the REST API (intacct-xml §3A, intacct-rest §13).

One call for each write, its key the idempotency key: an equal call within 48 hours is answered from the first one, so that
an unknown outcome is settled by sending it again. Records are read through the gateway, under the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tieout.core.ports import Effect, Outcome, Verb, Write
from tieout.intacct.catalogue import Kind, Type
from tieout.intacct.client import IntacctError, RestClient, UnwritableError
from tieout.intacct.client.rest import exact_number
from tieout.intacct.encoding import checked, target_of
from tieout.intacct.faults import fault_of, own_fault
from tieout.intacct.line_writing import UnwritableWriteError
from tieout.intacct.reading import Reading


class RestWriter:
    """Writes to one company through its REST API, where an application for it was set up."""

    def __init__(self, reading: Reading, client: RestClient | None) -> None:
        self._reading = reading
        self._client = client

    def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send each write by itself and say what is known of it, in order."""
        return [self._written(write) for write in writes]

    def _written(self, write: Write) -> Outcome:
        context = self._reading.context(write.kind, write.entity)
        if self._client is None:
            return Outcome(Effect.NOT_SENT, fault=own_fault("intacct.rest-not-set-up", context))
        kind = self._reading.catalogue[write.kind]
        try:
            return self._send(self._client, kind, write)
        except (UnwritableWriteError, UnwritableError) as error:
            code = "intacct.unwritable-text" if isinstance(error, UnwritableError) else "intacct.unwritable"
            return Outcome(Effect.REFUSED, fault=own_fault(code, context, str(error), effect=Effect.REFUSED))
        except IntacctError as error:
            fault = fault_of(error, self._reading.client.credentials)
            return Outcome(fault.effect, fault=fault)

    def _send(self, client: RestClient, kind: Kind, write: Write) -> Outcome:
        if write.verb not in kind.verbs:
            raise UnwritableWriteError(f"Tieout does not {write.verb.value} a {kind.name}")
        entity = write.entity or self._reading.scope.session
        if write.verb is Verb.DELETE:
            client.delete(kind.rest, target_of(write), entity=entity)
            return Outcome(Effect.DONE, write.target or "", write.natural_key)
        values = self._values(kind, write)
        if write.verb is Verb.UPDATE:
            client.update(kind.rest, target_of(write), values, key=write.key, entity=entity)
            return Outcome(Effect.DONE, write.target or "", write.natural_key)
        made = client.create(kind.rest, values, key=write.key, entity=entity)
        return Outcome(Effect.DONE, made.key, write.natural_key)

    def _values(self, kind: Kind, write: Write) -> dict[str, Any]:
        """The body, in the order of the catalogue, so that an equal write gives an equal body."""
        creating = write.verb is Verb.CREATE
        given = checked(kind, write, self._reading.catalogue)
        values: dict[str, Any] = {}
        for each in kind.fields:
            if each.name not in given or (creating and given[each.name] is None):
                continue
            if not each.alias:
                raise UnwritableWriteError(f"{each.name} of a {kind.name} cannot be written")
            value: Any = given[each.name]
            if each.type is Type.REFERENCE:
                raw = write.fields.get(each.name)
                value = None if value is None else self._reference(each.target, str(raw if raw is not None else value))
            elif isinstance(value, Decimal):
                value = exact_number(value)
            _nest(values, each.alias.split("."), value)
        return values

    def _reference(self, target: str, natural_key: str) -> dict[str, str]:
        """How a reference is written: by ID, or by number where an ID means something only inside another record."""
        known = self._reading.catalogue.get(target)
        if known is None or not known.within:
            return {"id": natural_key}
        found = self._reading.by_keys(target, [natural_key], everywhere=True)
        if not found:
            raise UnwritableWriteError(f"there is no {target} {natural_key}")
        return {"key": found[0].record.id}


def _nest(values: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value
