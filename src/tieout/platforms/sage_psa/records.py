"""Sage PSA's bodies as records: which members are kept, in what form, and what is wrong with a body that cannot be read.

Fields keep the API's own names. A member that a body does not have is left out of the fields: it is not known. A member that is null is
None: it is known to be empty. Unknown members are ignored. A project has neither entity nor currency (sage-psa §2.2). Minutes stay
minutes; a description is kept as it is written, HTML included.

`updated_at` and `updated_by` are the record's time and editor and no fields. Nothing here trusts `updated_at` to move with every change;
it is known not to (sage-psa §2), so records are compared by content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.core.record import Record, Ref, Value, normal_fields
from tieout.platforms.members import shape
from tieout.platforms.sage_psa.kinds import PROJECT, TASK, TEAM_MEMBER, WORKFLOW_COLUMN, Listing, kind_of
from tieout.platforms.sage_psa.members import identity, moment, unreadable

RUNNING = "RUNNING"
"""The one stage that is active in the books (sage-psa §7.2); every other text, known or not, means not running."""


def normalise(kind: str, body: Any, project: str = "") -> Record:
    """The record in a body. Raises Fault that names the member and what is wrong with it.

    `project` is the project whose list a team member or workflow column came from; its id is then `project/own`, because it is known
    only there.
    """
    row = kind_of(kind)
    if not isinstance(body, Mapping):
        raise unreadable(row.label, f"holds {shape(body)} where a record should be")
    named = "person_id" if kind == TEAM_MEMBER else "id"
    id_ = identity(body.get(named), f"{row.label}: {named}")
    if id_ is None:
        raise unreadable(f"{row.label}: {named}", "is missing")
    where = f"{kind} {id_}"
    fields: dict[str, Value] = {}
    for member in row.members:
        if member.name in body:
            fields[member.name] = member.read(body[member.name], f"{where}: {member.name}")
        elif member.required:
            raise unreadable(f"{where}: {member.name}", "is missing")
    if row.listing is Listing.BY_PROJECT:
        id_ = f"{project}/{id_}"
        fields["project_id"] = Ref(PROJECT, project)
    if kind == TASK:
        _place_column(fields)
    fields = normal_fields(fields)
    return Record(
        kind=kind,
        id=id_,
        fields=fields,
        natural_key=_natural_key(kind, id_, fields),
        modified_at=moment(body.get("updated_at"), f"{where}: updated_at"),
        modified_by=identity(body.get("updated_by"), f"{where}: updated_by") or "",
    )


def gone(kind: str, id_: str) -> Record:
    """The record of something that no longer exists."""
    return Record(kind, id_, {}, deleted=True)


def _place_column(fields: dict[str, Value]) -> None:
    """A task names its column by a bare id; as a reference it carries the project, under which alone columns can be read."""
    column, project = fields.get("workflow_column"), fields.get("project_id")
    if isinstance(column, Ref):
        fields["workflow_column"] = Ref(WORKFLOW_COLUMN, f"{project.id}/{column.id}") if isinstance(project, Ref) else None


def _natural_key(kind: str, id_: str, fields: Mapping[str, Value]) -> str:
    """A project goes by its custom ID, else by its running number (sage-psa Q6); names are not unique, so all else goes by its id."""
    if kind != PROJECT:
        return id_
    custom, number = fields.get("custom_project_id"), fields.get("company_project_id")
    return str(custom) if custom else str(number) if number is not None else id_


__all__ = ["RUNNING", "gone", "normalise"]
