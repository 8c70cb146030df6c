"""Reading ServiceTitan: changes since a cursor, records by id, records by number.

Every list this adapter asks for has its default told: what would hide inactive records or other types, `pageSize`, and an order by id
wherever pages are turned and one can be asked for, because a page number means nothing while an order by time is moving (servicetitan §5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from tieout.core.ports import Fault, Page, Scope
from tieout.core.record import Fields, Line, Record, Ref
from tieout.platforms.exchange import Answer, Now, Params
from tieout.platforms.members import shape
from tieout.platforms.servicetitan import faults
from tieout.platforms.servicetitan.client import Client
from tieout.platforms.servicetitan.cursors import FeedCursor, Walk, stamp
from tieout.platforms.servicetitan.kind import WITH_INACTIVE, Kind, Lines
from tieout.platforms.servicetitan.kinds import JOB, PROJECT, kind_of
from tieout.platforms.servicetitan.members import identity, unreadable
from tieout.platforms.servicetitan.records import assemble, line_of, lines_in, normalise

WALK_PAGE = 500
SCAN_PAGE = 5000
"""The largest page there is (servicetitan §5); for listing all projects to find some by number."""

LOOKS_IN_FEED = 8
"""Most feed pages read to learn what only the feed tells of a batch of records."""

LOOKS_FOR_LINES = 40
"""Most feed pages read to find the lines of documents whose bodies came without them."""

REMEMBERED_FOR = timedelta(seconds=60)
"""How long what an interrupted search had found is kept for its repetition."""


class Reader:
    """The reading half of one connection. Every method raises only Fault."""

    def __init__(self, client: Client, *, clock: Now) -> None:
        self._client = client
        self._clock = clock
        self._found: dict[str, tuple[datetime, Record | None]] = {}

    def changes(self, kind: str, cursor: Mapping[str, Any] | None) -> Page:
        """The next page of changes; a row repeated within the page is given once, as it was latest."""
        row = kind_of(kind)
        return self._feed_page(row, FeedCursor.load(cursor)) if row.feed else self._walk_page(row, Walk.load(cursor))

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Record]:
        """Records by id; ids that cannot be ids of this service are left out like those that are not there."""
        found: dict[Ref, Record] = {}
        for kind in dict.fromkeys(ref.kind for ref in refs):
            row = kind_of(kind)
            ids = dict.fromkeys(ref.id for ref in refs if ref.kind == kind and is_id(ref.id))
            for batch in _batches(ids, row.batch):
                records = self._with_lines(row, self._by_ids(row, batch))
                found |= {record.ref: record for record in (self._with_feed_only(row, records) if row.feed_only else records)}
        return found

    def find(self, kind: str, natural_keys: Sequence[str]) -> Mapping[str, Record]:
        """Records by number, or by id for a kind without one; of two with one number, the one with the lower id."""
        keys = list(dict.fromkeys(key for key in natural_keys if key))
        if kind == JOB:
            return self._jobs_by_number(keys)
        if kind == PROJECT:
            return self._projects_by_number(set(keys))
        return {ref.id: record for ref, record in self.read([Ref(kind, key) for key in keys]).items()}

    def probe_access(self, kind: str) -> Answer:
        """The smallest call that needs the permission to read a kind. Raises Fault."""
        row = kind_of(kind)
        if not row.feed:
            return self._get(row, row.list_path, {**row.everything, "pageSize": "1"})
        return self._get(row, f"export/{row.resource}", {"from": stamp(self._clock()), "includeRecentChanges": "true"})

    def _feed_page(self, row: Kind, cursor: FeedCursor) -> Page:
        read_at = self._clock()
        params = {"includeRecentChanges": "false" if cursor.on_safe else "true"}
        if cursor.position:
            params["from"] = cursor.position
        try:
            body = self._get(row, f"export/{row.resource}", params).data
        except Fault as fault:
            plainer = cursor.restarted()
            if fault.case is not faults.QUERY or plainer is None:
                raise
            return Page((), plainer.dump(), True, read_at)
        rows, more = _rows(row, body), _more(row, body)
        token = body.get("continueFrom")
        if not isinstance(token, str) or not token:
            raise unreadable(f"export/{row.resource}: continueFrom", "is missing")
        if more and not rows and token == params.get("from"):
            raise unreadable(f"export/{row.resource}: continueFrom", "does not move although there is more")
        records = self._complete(row, _latest_of_each(row, rows))
        onward, ready = cursor.advanced(token, more=more, latest=_latest(records), now=self._clock())
        return Page(records, onward.dump(), ready, read_at)

    def _walk_page(self, row: Kind, walk: Walk) -> Page:
        read_at = self._clock()
        size = row.batch if any(lines.path for lines in row.lines) else WALK_PAGE
        params = {"page": str(walk.page), "pageSize": str(size), **row.order, **row.everything}
        if walk.since is not None:
            params["modifiedOnOrAfter"] = stamp(walk.since)
        body = self._get(row, row.list_path, params).data
        records, more = self._complete(row, _latest_of_each(row, _rows(row, body))), _more(row, body)
        onward = walk.advanced(_latest(records), more=more)
        return Page(records, onward.dump(), more, read_at)

    def _by_ids(self, row: Kind, ids: Sequence[str]) -> list[Record]:
        asked: str | Sequence[str] = ids if row.repeats_ids else ",".join(ids)
        wanted = set(ids)
        found = self._listed(row, {"ids": asked, "pageSize": str(max(row.batch, len(ids))), **row.everything})
        return [record for record in found if record.id in wanted]

    def _with_feed_only(self, row: Kind, records: list[Record]) -> Iterator[Record]:
        """Records with the members that only the feed tells, looked up from the earliest change on.

        One page of the feed usually shows a whole batch. What `LOOKS_IN_FEED` pages do not show stays without, that is unknown.
        """
        unknown = {record.id: record.modified_at for record in records if record.modified_at and not row.feed_only <= record.fields.keys()}
        shown: dict[str, Fields] = {}
        for _ in range(LOOKS_IN_FEED):
            if not unknown:
                break
            since = min(unknown.values())
            body = self._get(row, f"export/{row.resource}", {"from": stamp(since), "includeRecentChanges": "true"}).data
            seen = {record.id: record.fields for record in _latest_of_each(row, _rows(row, body)) if row.feed_only <= record.fields.keys()}
            shown |= {id_: {name: seen[id_][name] for name in row.feed_only} for id_ in unknown.keys() & seen.keys()}
            # Whatever starts at this time and was not shown will not be shown by asking again.
            unknown = {id_: at for id_, at in unknown.items() if id_ not in seen and at > since}
        for record in records:
            yield replace(record, fields={**record.fields, **shown[record.id]}) if record.id in shown else record

    def _complete(self, row: Kind, records: list[Record]) -> list[Record]:
        """Changed records with their lines: a body that came without them is read by id, and only then looked for line by line."""
        without = [record.ref for record in records if _lacks_lines(row, record)]
        if not without:
            return records
        if any(lines.path for lines in row.lines):
            return self._with_lines(row, records)
        read = self.read(without)
        return [read.get(record.ref, record) for record in records]

    def _with_lines(self, row: Kind, records: list[Record]) -> list[Record]:
        """Records with those lines that their bodies leave out, from a list below each or from a feed of lines."""
        for lines in row.lines:
            without = [record for record in records if lines.name not in record.fields]
            if not without:
                continue
            if lines.path:
                told = {record.id: self._lines_below(row, lines, record) for record in without}
            else:
                told = self._lines_in_feed(row, lines, without)
            records = [replace(each, fields={**each.fields, lines.name: told[each.id]}) if each.id in told else each for each in records]
        return records

    def _lines_below(self, row: Kind, lines: Lines, record: Record) -> tuple[Line, ...]:
        path = f"{row.resource}/{record.id}/{lines.path}"
        bodies = list(self._bodies(row, path, {"pageSize": str(SCAN_PAGE), **WITH_INACTIVE}))
        return lines_in(lines, bodies, f"{path}") or ()

    def _lines_in_feed(self, row: Kind, lines: Lines, documents: Sequence[Record]) -> dict[str, tuple[Line, ...]]:
        """The lines of documents from the feed that shows lines one by one; a line was never changed before its document was made.

        Without an end within `LOOKS_FOR_LINES` pages nothing is told, because lines may still be missing.
        """
        made = [at for document in documents if isinstance(at := document.fields.get("createdOn"), datetime)]
        params = {"includeRecentChanges": "true"}
        if len(made) == len(documents):
            params["from"] = stamp(min(made))
        found: dict[str, dict[str, Line]] = {document.id: {} for document in documents}
        for _ in range(LOOKS_FOR_LINES):
            body = self._get(row, f"export/{lines.feed}", params).data
            for place, item in enumerate(_rows(row, body)):
                _take_line(lines, item, f"export/{lines.feed}[{place}]", found)
            if not _more(row, body):
                return {id_: tuple(of.values()) for id_, of in found.items()}
            token = body.get("continueFrom")
            if not isinstance(token, str) or not token or token == params.get("from"):
                raise unreadable(f"export/{lines.feed}: continueFrom", "does not move although there is more")
            params["from"] = token
        return {}

    def _jobs_by_number(self, numbers: Sequence[str]) -> dict[str, Record]:
        """One call per number, as the filter takes one; an interrupted search goes on where it stopped."""
        now = self._clock()
        known = {number: kept for number, kept in dict(self._found).items() if timedelta() <= now - kept[0] <= REMEMBERED_FOR}
        self._found = dict(known)
        for number in numbers:
            if number not in known:
                records = [record for record in self._listed(kind_of(JOB), {"number": number}) if record.natural_key == number]
                self._found[number] = known[number] = (now, min(records, key=lambda record: int(record.id), default=None))
        for number in numbers:
            self._found.pop(number, None)
        return {number: record for number in numbers if (record := known[number][1]) is not None}

    def _projects_by_number(self, numbers: set[str]) -> dict[str, Record]:
        """All projects in large pages until every number is found: the list has no filter by number (servicetitan B)."""
        found: dict[str, Record] = {}
        if numbers:
            for record in self._listed(kind_of(PROJECT), {"pageSize": str(SCAN_PAGE), "sort": "+Id"}):
                if record.natural_key in numbers:
                    found.setdefault(record.natural_key, record)
                if len(found) == len(numbers):
                    break
        return found

    def _listed(self, row: Kind, params: Params) -> Iterator[Record]:
        for item in self._bodies(row, row.list_path, params):
            yield normalise(row.name, item)

    def _bodies(self, row: Kind, path: str, params: Params) -> Iterator[Any]:
        page = 1
        while True:
            body = self._get(row, path, {**params, "page": str(page)}).data
            rows = _rows(row, body)
            yield from rows
            if not _more(row, body):
                return
            if not rows:
                raise unreadable(f"{path}: hasMore", "promises more after an empty page")
            page += 1

    def _get(self, row: Kind, path: str, params: Params) -> Answer:
        try:
            return self._client.get(row.area, path, params)
        except Fault as fault:
            raise self._explained(row, fault) from fault

    def _explained(self, row: Kind, fault: Fault) -> Fault:
        """The fault in terms of the kind that was asked for: lists exist for every tenant, so a 404 is about the tenant."""
        if fault.case is faults.NOT_FOUND:
            return Fault(faults.UNKNOWN_TENANT, f"tenant {self._client.credentials.tenant}, {fault.detail}")
        if fault.case is faults.FORBIDDEN and row.scope:
            granted = self._client.token().scopes
            if granted is not None and row.scope.lower() not in {scope.lower() for scope in granted}:
                return Fault(faults.MISSING_SCOPE, f"{row.label}, scope {row.scope}")
            return Fault(faults.FORBIDDEN, f"{row.label}, scope {row.scope}; {fault.detail}")
        if fault.case is faults.INVALID:
            return Fault(faults.QUERY, fault.detail)
        return Fault(faults.UNEXPECTED, fault.detail) if fault.case.scope is Scope.RECORD else fault


def _rows(row: Kind, body: Any) -> list[Any]:
    if not isinstance(body, Mapping):
        raise unreadable(row.resource, f"the answer is {shape(body)}, not an object")
    rows = body.get("data")
    if not isinstance(rows, list):
        raise unreadable(f"{row.resource}: data", "is missing" if "data" not in body else f"is {shape(rows)}, not a list")
    return rows


def _more(row: Kind, body: Mapping[str, Any]) -> bool:
    more = body.get("hasMore")
    if not isinstance(more, bool):
        raise unreadable(f"{row.resource}: hasMore", "is missing or not true or false")
    return more


def _latest_of_each(row: Kind, bodies: Iterable[Any]) -> list[Record]:
    rows: dict[str, list[Any]] = {}
    for body in bodies:
        rows.setdefault(normalise(row.name, body).id, []).append(body)
    kept = [assemble(Ref(row.name, id_), repeated) for id_, repeated in rows.items()]
    return [record for record in kept if record is not None]


def _lacks_lines(row: Kind, record: Record) -> bool:
    return any(lines.name not in record.fields for lines in row.lines)


def _take_line(lines: Lines, body: Any, where: str, found: dict[str, dict[str, Line]]) -> None:
    """Put a row of the feed of lines with its document, if that is one of those asked for; a later row of a line replaces it."""
    owner = identity(body.get(lines.owner), f"{where}.{lines.owner}") if isinstance(body, Mapping) else None
    if owner not in found:
        return
    line = line_of(lines, body, where)
    found[owner].pop(line.id, None)
    if body.get("active") is not False:
        found[owner][line.id] = line


def _latest(records: Iterable[Record]) -> datetime | None:
    return max((record.modified_at for record in records if record.modified_at is not None), default=None)


def is_id(text: str) -> bool:
    """Whether a text can be an id of this service, an int64 above 0."""
    return text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) < 2**63


def _batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


__all__ = ["Reader", "is_id"]
