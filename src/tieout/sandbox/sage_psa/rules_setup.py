"""Roles, labels, categories, rate cards, profiles, priorities, subscriptions (sage-psa §2.2, §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tieout.sandbox.sage_psa.problems import invalid
from tieout.sandbox.sage_psa.resources_work import PROJECTS, TASKS
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Rules, Work


class RoleRules(Rules):
    """Rules of roles."""

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """A role somebody has is in use."""
        number = row["id"]
        used = any(each["default_role"] == number for each in work.storage.all("persons"))
        used = used or any(each["project_role"] == number for each in work.storage.all("project_team"))
        work.refuse_in_use(used, "role")
        for kind, name in (
            ("persons", "default_role"),
            ("project_team", "project_role"),
            ("tasks", "role"),
            ("time_registrations", "role"),
        ):
            for key, each in list(work.storage.items(kind)):
                if each[name] == number:
                    work.storage.put(kind, key, {**each, name: None})


class LabelRules(Rules):
    """Rules of labels."""

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """A deleted label leaves what it was on."""
        for resource in (PROJECTS, TASKS):
            used = [each for each in work.storage.all(resource.kind) if row["id"] in each["labels"]]
            work.refuse_in_use(bool(used), "label")
            for each in used:
                work.update(resource, each, {"labels": [number for number in each["labels"] if number != row["id"]]})


class UsedRules(Rules):
    """Rules of set-up that records of one kind point to by one member."""

    def __init__(self, noun: str, kind: str, member: str) -> None:
        self._noun, self._kind, self._member = noun, kind, member

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """In use it stays, or leaves those records."""
        used = [(key, each) for key, each in work.storage.items(self._kind) if each[self._member] == row["id"]]
        work.refuse_in_use(bool(used), self._noun)
        for key, each in used:
            work.storage.put(self._kind, key, {**each, self._member: None})


class RateCardRules(UsedRules):
    """Rules of rate cards."""

    def __init__(self) -> None:
        super().__init__("rate card", "projects", "rate_card")

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Its rates go with it."""
        super().removing(work, row, along=along)
        for key, rate in list(work.storage.items("rates")):
            if rate["_card"] == row["id"]:
                work.storage.remove("rates", key)


class ProfileRules(Rules):
    """Rules of profiles."""

    def shown(self, work: Work, row: Row, version: int) -> Mapping[str, Any]:
        """How many persons have it."""
        return {"person_count": sum(row["id"] in each["profile_ids"] for each in work.storage.all("persons"))}


class PriorityRules(Rules):
    """Rules of priority levels."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """A new level comes last."""
        if new["weight"] is None:
            new["weight"] = float(1 + max((row["weight"] for row in work.storage.all("priority_levels")), default=0))

    def shown(self, work: Work, row: Row, version: int) -> Mapping[str, Any]:
        """How many projects have it."""
        return {"use_count": sum(each["priority_level_id"] == row["id"] for each in work.storage.all("projects"))}


class SubscriptionRules(Rules):
    """Rules of webhook subscriptions."""

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """The address is one that can be called."""
        parts = urlsplit(new["url"])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise invalid("The field url must be an http or https address.")
