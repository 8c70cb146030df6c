"""Answers to requests: lists, single records, and writes, the same for every kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from tieout.sandbox.sage_psa.problems import invalid, not_found
from tieout.sandbox.sage_psa.schema import Resource, Row
from tieout.sandbox.sage_psa.work import Work, row_key


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request of the API: its version, the values in its path, its query, and its body as JSON."""

    version: int
    keys: Mapping[str, str]
    query: Mapping[str, str]
    body: Any

    def number(self, name: str) -> int:
        """A whole number of the path, or -1, which no record has."""
        text = self.keys[name]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1

    def asks(self, name: str) -> bool:
        """Whether a query parameter says true."""
        return self.query.get(name, "").lower() == "true"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives: a status, JSON data (None: an empty body), and the number of records."""

    data: Any
    status: int = 200
    records: int = 1


Handler = Callable[[Work, ApiCall], Answer]


@dataclass(frozen=True, slots=True)
class Handlers:
    """The five operations on one kind of record, at the root or below a project (when the path has one)."""

    resource: Resource

    def list(self, work: Work, call: ApiCall) -> Answer:
        """Every record, or every one of the project, as a bare array (sage-psa §2)."""
        return bare(work, self.resource, call, self._rows(work, call))

    def page(self, work: Work, call: ApiCall) -> Answer:
        """One page of every record."""
        return paged(work, self.resource, call, self._rows(work, call))

    def get(self, work: Work, call: ApiCall) -> Answer:
        """One record."""
        return Answer(shown(work, self.resource, self.find(work, call), call))

    def create(self, work: Work, call: ApiCall) -> Answer:
        """A new record: 201 and the whole of it."""
        fixed = {self.resource.parent: _project(work, call)["id"]} if "project" in call.keys else {}
        return Answer(shown(work, self.resource, work.make(self.resource, call.body, call.version, fixed), call), 201)

    def update(self, work: Work, call: ApiCall) -> Answer:
        """A changed record: 200 and the whole of it."""
        row = work.change(self.resource, self.find(work, call), call.body, call.version)
        return Answer(shown(work, self.resource, row, call))

    def delete(self, work: Work, call: ApiCall) -> Answer:
        """Removes a record; the body of the reply is empty."""
        work.remove(self.resource, self.find(work, call))
        return Answer(None)

    def set_custom_fields(self, work: Work, call: ApiCall) -> Answer:
        """Sets values of custom fields whose keys the account has defined."""
        row = set_custom_fields(work, self.resource, self.find(work, call), call.body)
        return Answer({**work.show(self.resource, row, call.version), "custom_fields": row["_custom"]})

    def find(self, work: Work, call: ApiCall) -> Row:
        """The record the path names; 404 when there is none or it belongs to another project."""
        row = None
        if "project" in call.keys and self.resource.kind == "project_team":
            row = work.get(self.resource.kind, f"{_project(work, call)['id']}/{call.number('id')}")
        else:
            row = work.get(self.resource.kind, call.number("id"))
            if row is not None and "project" in call.keys and row[self.resource.parent] != _project(work, call)["id"]:
                row = None
        if row is None:
            raise not_found(self.resource.noun)
        return row

    def _rows(self, work: Work, call: ApiCall) -> Sequence[Row]:
        if "project" in call.keys:
            return work.where(self.resource.kind, "project", _project(work, call)["id"])
        return work.storage.all(self.resource.kind)


def set_custom_fields(work: Work, resource: Resource, row: Row, body: object) -> Row:
    """Sets custom fields of a record; refuses keys nobody defined and options a list does not have."""
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object.")
    defined = {each["key"]: each for each in work.storage.all("custom_fields") if each["entity_type"] == resource.custom}
    for key, value in body.items():
        if key not in defined:
            raise invalid(f"There is no custom field {key} for {resource.custom}.")
        names = [each["name"] for each in defined[key]["options"]]
        if names and value is not None and value not in names:
            raise invalid(f"The custom field {key} must be one of {', '.join(names)}.")
    new = {**row, "_custom": {**row["_custom"], **body}}
    if new["_custom"] == row["_custom"]:
        return row
    if work.settings["custom_field_webhooks"]:
        return work.keep(resource, row, new, ("custom_fields",))
    work.storage.put(resource.kind, row_key(resource, new), new)
    return new


def shown(work: Work, resource: Resource, row: Row, call: ApiCall) -> Row:
    """A record with its custom fields, where the query asks for them."""
    made = work.show(resource, row, call.version)
    if resource.custom and call.asks("includeCustomFields"):
        made["custom_fields"] = row["_custom"]
    return made


def bare(work: Work, resource: Resource, call: ApiCall, rows: Iterable[Row]) -> Answer:
    """All rows as a bare array."""
    data = [shown(work, resource, row, call) for row in rows]
    return Answer(data, records=len(data))


def paged(work: Work, resource: Resource, call: ApiCall, rows: Sequence[Row]) -> Answer:
    """One page of rows in the vendor's envelope."""
    return envelope(work, call, rows, lambda row: shown(work, resource, row, call))


def envelope(work: Work, call: ApiCall, rows: Sequence[Row], show: Callable[[Row], Row]) -> Answer:
    """One page: number from 1 (also when it is invalid), size 100 unless asked, at most the cap (sage-psa §2)."""
    number = _positive(call.query.get("pageNumber"), 1)
    size = min(_positive(call.query.get("pageSize"), 100), work.settings["max_page_size"])
    start = (number - 1) * size
    contents = [show(row) for row in islice(rows, start, start + size)] if start < len(rows) else []
    data = {"pageNumber": number, "pageSize": size, "totalObjectCount": len(rows), "pageContents": contents}
    return Answer(data, records=len(contents))


def updated_after(work: Work, rows: Iterable[Row], stamp: str, member: str = "updated_at") -> list[Row]:
    """Rows changed after a stamp like 20180216T210047; another form is refused."""
    try:
        moment = datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise invalid("The time must be written as YYYYMMDDTHHmmss.") from None
    moment -= timedelta(minutes=work.settings["delta_zone_minutes"])
    bound = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if work.settings["delta_inclusive"]:
        return [row for row in rows if row[member] >= bound]
    return [row for row in rows if row[member] > bound]


def dated_after(rows: Iterable[Row], day: str) -> list[Row]:
    """Rows whose date lies after a day like 20180216; another form is refused."""
    try:
        bound = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise invalid("The day must be written as YYYYMMDD.") from None
    return [row for row in rows if row["date"] > bound]


def _positive(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 2**31 else default


def _project(work: Work, call: ApiCall) -> Row:
    row = work.get("projects", call.number("project"))
    if row is None:
        raise not_found("project")
    return row
