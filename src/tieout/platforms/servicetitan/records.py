"""ServiceTitan's bodies as records: which members are kept, in what form, and what is wrong with a body that cannot be read.

Fields keep ServiceTitan's own names, in camelCase; a member of an inner object is named with a dot (`address.city`), a custom field
as `customFields.NAME`, a value of external data as `externalData.KEY`. A member that a body does not have is left out of the fields: it
is not known. A member that is null is None: it is known to be empty. Unknown members are ignored; the service adds them without notice
(servicetitan §5).

`active` needs this distinction. Export feeds carry it for jobs and projects, reads by id do not (servicetitan §6, Appendix A). A job's
is not kept: its status says the same in every body, and the job would look different by each way of reading it. A project read by id may
lack it, which never means false. See `is_active` for the rule that follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tieout.core.record import Line, Record, Ref, Value, normal_fields
from tieout.platforms.members import shape
from tieout.platforms.servicetitan.kinds import JOB, Lines, kind_of
from tieout.platforms.servicetitan.members import identity, items, moment, text, unreadable

CANCELED = "Canceled"
"""The status of a cancelled job (servicetitan §8)."""

_LARGEST_SHOWN = 10**30


def normalise(kind: str, body: Any) -> Record:
    """The record in a body, from whichever feed or list it came. Raises Fault that names the member and what is wrong with it."""
    row = kind_of(kind)
    if not isinstance(body, Mapping):
        raise unreadable(row.resource, f"holds {shape(body)} where a record should be")
    id_ = identity(body.get("id"), f"{row.resource}.id")
    if id_ is None:
        raise unreadable(f"{row.resource}.id", "is missing")
    where = f"{row.resource} {id_}"
    fields: dict[str, Value] = {}
    for member in row.members:
        found, value = _find(body, member.name, where)
        if found:
            fields[member.name] = member.read(value, f"{where}: {member.name}")
        elif member.required:
            raise unreadable(f"{where}: {member.name}", "is missing")
    for lines in row.lines:
        if (found_lines := lines_in(lines, body.get(lines.name), f"{where}: {lines.name}")) is not None:
            fields[lines.name] = found_lines
    fields |= _named_values(body.get("customFields"), "customFields", "name", where)
    fields |= _named_values(body.get("externalData"), "externalData", "key", where)
    number = fields.get(row.number) if row.number else None
    return Record(
        kind=kind,
        id=id_,
        fields=normal_fields(fields),
        natural_key=number if isinstance(number, str) else id_,
        modified_at=moment(body.get("modifiedOn"), f"{where}: modifiedOn"),
    )


def lines_in(lines: Lines, value: Any, where: str) -> tuple[Line, ...] | None:
    """The lines in a body, each once, in the service's order; None when it does not tell them: there they have to be asked for."""
    if value is None:
        return None if lines.feed or lines.path else ()
    found: dict[str, Line] = {}
    for place, item in enumerate(items(value, where)):
        line = line_of(lines, item, f"{where}[{place}]")
        found.setdefault(line.id, line)
    return tuple(found.values())


def line_of(lines: Lines, body: Any, where: str) -> Line:
    """One line of a document. Raises Fault that names the member and what is wrong with it."""
    if not isinstance(body, Mapping):
        raise unreadable(where, f"is {shape(body)}, not an object")
    id_ = identity(body.get(lines.id), f"{where}.{lines.id}")
    if id_ is None:
        raise unreadable(f"{where}.{lines.id}", "is missing")
    fields: dict[str, Value] = {}
    for member in lines.members:
        found, value = _find(body, member.name, where)
        if found:
            fields[member.name] = member.read(value, f"{where}.{member.name}")
    return Line(id_, normal_fields(fields))


def is_active(record: Record) -> bool | None:
    """Whether the record is in use; None when the body it came from cannot tell and the last known answer stands.

    A job is judged by its status alone: jobs are never deleted, only cancelled (servicetitan §8). A project is judged by
    `active`, which only the feed carries. Everything else has `active` in every body.
    """
    if record.kind == JOB:
        return record.fields.get("jobStatus") != CANCELED
    active = record.fields.get("active")
    return active if isinstance(active, bool) else None


def keys_touched_by(kind: str, body: Any) -> frozenset[Ref]:
    """The records whose look a changed body can change: itself, a job's project, a project's jobs.

    Attaching and detaching change both sides, and a job's time of change is not known to move with it (servicetitan D3).
    """
    record = normalise(kind, body)
    touched = {record.ref}
    for member in ("projectId", "jobIds"):
        value = record.fields.get(member)
        touched |= {value} if isinstance(value, Ref) else value if isinstance(value, frozenset) else set()
    return frozenset(touched)


def parts_of(kind: str, body: Any) -> tuple[Record, ...]:
    """The records in one body: always one here, since ServiceTitan composes none of these kinds from several bodies."""
    return (normalise(kind, body),)


def assemble(key: Ref, bodies: Sequence[Any]) -> Record | None:
    """The record `key` as the latest of several bodies shows it; None when none of them is of that record.

    Feeds repeat rows and need not be ordered (servicetitan §6). Among equal times the later body counts, and a body without a time
    counts as newer than what came before it.
    """
    latest: Record | None = None
    for record in (normalise(key.kind, body) for body in bodies):
        if record.id == key.id and (latest is None or not _is_older(record, latest)):
            latest = record
    return latest


def _is_older(record: Record, than: Record) -> bool:
    return record.modified_at is not None and than.modified_at is not None and record.modified_at < than.modified_at


def _find(body: Mapping[str, Any], path: str, where: str) -> tuple[bool, Any]:
    outer, dot, inner = path.partition(".")
    if outer not in body:
        return False, None
    value = body[outer]
    if not dot or value is None:
        return True, value
    if not isinstance(value, Mapping):
        raise unreadable(f"{where}: {outer}", f"is {shape(value)}, not an object")
    return inner in value, value.get(inner)


def _named_values(value: Any, outer: str, key: str, where: str) -> dict[str, Value]:
    """A list of named values as fields; of two with one name the first in the service's order counts."""
    fields: dict[str, Value] = {}
    for place, item in enumerate(items(value, f"{where}: {outer}")):
        spot = f"{where}: {outer}[{place}]"
        if not isinstance(item, Mapping):
            raise unreadable(spot, f"is {shape(item)}, not an object")
        called = text(item.get(key), f"{spot}.{key}")
        if called is not None:
            fields.setdefault(f"{outer}.{called}", _shown(item.get("value"), f"{spot}.value"))
    return fields


def _shown(value: Any, where: str) -> str | None:
    """A named value as text; the contract says text, and a number from a numeric custom field is taken as it is written."""
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_SHOWN:
        return str(value)
    return text(value, where)


__all__ = ["CANCELED", "assemble", "is_active", "keys_touched_by", "line_of", "lines_in", "normalise", "parts_of"]
