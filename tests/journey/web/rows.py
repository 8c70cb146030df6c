"""Rows a running Tieout would have stored, for the pages to show."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from tieout.store.models import Connection, Cursor, Hint, Integration, Intent, Journal, Link, Problem, Record, Run, Wait


class Rows:
    """One pair of connections kept in step, and whatever a test adds to it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.books = Connection.objects.create(
            name="books", system="intacct", environment="test", state="connected", seen_at=now, values={"company_id": "SANDBOX"}
        )
        self.field = Connection.objects.create(
            name="field", system="servicetitan", environment="test", state="connected", seen_at=now, values={"tenant": "1000001"}
        )
        self.integration = Integration.objects.create(name="field-books", platform=self.field, company=self.books)
        Cursor.objects.create(connection=self.field, kind="project", polled_at=now, caught_up_at=now)

    def record(self, id_: str, *, kind: str = "project", name: str = "Harbor Lofts", number: str = "") -> Record:
        return Record.objects.create(
            connection=self.field,
            kind=kind,
            remote_id=id_,
            natural_key=number or f"N{id_}",
            fields={"name": name, "number": number or f"N{id_}"},
            fingerprint="f",
            seen_at=self.now,
        )

    def hint(self, id_: str, *, kind: str = "project", **more: Any) -> Hint:
        moments = {"marked_at": self.now, "due_at": self.now, "turn_at": self.now, **more}
        return Hint.objects.create(company=self.books, connection=self.field, kind=kind, remote_id=id_, reason="poll", **moments)

    def link(self, id_: str, *, flow: str = "projects", kind: str = "project", is_open: bool = True) -> Link:
        return Link.objects.create(
            integration=self.integration,
            flow=flow,
            left_kind=kind,
            left_id=id_,
            right_kind="PROJECT",
            right_id=f"R{id_}",
            is_open=is_open,
            origin="created",
            opened_at=self.now,
            settled_at=self.now,
        )

    def intent(self, id_: str, state: str, *, at: datetime | None = None, flow: str = "projects", **more: Any) -> Intent:
        moment = at or self.now
        return Intent.objects.create(
            key=uuid.uuid4(),
            company=self.books,
            integration=self.integration,
            flow=flow,
            left_kind="project",
            left_id=id_,
            right_kind="PROJECT",
            step="create",
            state=state,
            sent_at=moment,
            settled_at=moment if state == "done" else None,
            **more,
        )

    def wait(self, id_: str, needs: str, *, kind: str = "job") -> Wait:
        return Wait.objects.create(
            integration=self.integration, flow="jobs", left_kind=kind, left_id=id_, needs_kind="project", needs_id=needs, since=self.now
        )

    def problem(self, id_: str, *, name: str = "Project 7 Harbor Lofts", **more: Any) -> Problem:
        values = {
            "code": "link.collision",
            "actor": "administrator",
            "cause": "The ID is already used by another record.",
            "next_step": "Change one of the two.",
            "first_at": self.now,
            "last_at": self.now,
            **more,
        }
        return Problem.objects.create(
            company=self.books, integration=self.integration, flow="projects", subject_kind="project", subject_id=id_, name=name, **values
        )

    def run(self) -> Run:
        return Run.objects.create(started_at=self.now, company=self.books, kind="drain", counts={"created": 2})

    def entry(self, text: str, *, ago: timedelta = timedelta(0), **more: Any) -> Journal:
        values = {"event": "created", "flow": "projects", "left_kind": "project", "left_id": "7", "name": "Project 7 Harbor Lofts", **more}
        return Journal.objects.create(at=self.now - ago, company=self.books, integration=self.integration, text=text, **values)
