"""Persons and project teams (sage-psa §2.2, §4.9, §4.11, R-PSA-44)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tieout.sandbox.sage_psa.problems import invalid
from tieout.sandbox.sage_psa.resources_setup import PERSONS, ROLES
from tieout.sandbox.sage_psa.resources_work import TASKS, TEAM
from tieout.sandbox.sage_psa.rules_projects import time_on_project
from tieout.sandbox.sage_psa.schema import Row, check_dates
from tieout.sandbox.sage_psa.work import Rules, Work

_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_TYPES: Final[Mapping[str, int]] = {"ADMIN": -1, "CONTROLLER": -2, "COLLABORATOR": -3, "MANAGER": -4, "COORDINATOR": -5, "CLIENT": -6}


class PersonRules(Rules):
    """Rules of persons: staff, client users and system users."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """Employment starts today."""
        new["start_date"] = new["start_date"] or work.now[:10]

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """System users cannot be touched; an account has so many seats, and one person for each e-mail address."""
        if not work.hand and (given.get("user_type") in ("SYSTEM", "VIRTUAL") or (old is not None and old["is_system_user"])):
            raise invalid("System users can neither be created nor changed.")
        if given.get("user_type") is not None:  # version 1 gives a user type where version 2 gives profiles
            new |= {"profile_ids": [_TYPES[new["user_type"]]] if new["user_type"] in _TYPES else [], "user_type": None}
        _check_profiles(work, new)
        _check_email(work, new, old)
        _check_seats(work, new, old)
        for each in given.get("external_refs") or ():
            if not isinstance(each, dict) or set(each) != {"key", "value"} or not all(isinstance(value, str) for value in each.values()):
                raise invalid("The field external_refs must be a list of objects with key and value.")
        check_dates(work.settings, new)
        profiles = [work.get("profiles", number) for number in new["profile_ids"]]
        permissions = [each for profile in profiles if profile for each in profile["profile_permission"]]
        new["permissions"] = list(dict.fromkeys(permissions))

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Only users of clients can be deleted; staff are deactivated."""
        if row["client_id"] is None:
            raise invalid("Only client users can be deleted.")
        for member in [each for each in work.storage.all("project_team") if each["person_id"] == row["id"]]:
            work.remove(TEAM, member, along=True)
        for task in [each for each in work.storage.all("tasks") if row["id"] in each["assigned_persons"]]:
            work.update(TASKS, task, {"assigned_persons": [number for number in task["assigned_persons"] if number != row["id"]]})

    def shown(self, work: Work, row: Row, version: int) -> Mapping[str, Any]:
        """The user type of version 1."""
        kinds = {number: name for name, number in _TYPES.items()}
        known = [kinds[number] for number in row["profile_ids"] if number in kinds]
        kind = "SYSTEM" if row["is_system_user"] else "CLIENT" if row["client_id"] is not None else next(iter(known), "COLLABORATOR")
        return {"user_type": kind}


class TeamRules(Rules):
    """Rules of project teams."""

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """A person is on a team once."""
        if old is None and work.get("project_team", f"{new['_project']}/{new['person_id']}") is not None:
            raise invalid(f"The person {new['person_id']} is on the project's team already.")

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Nobody with time on the project can leave it."""
        number, person = row["_project"], row["person_id"]
        has_time = any(time["person"] == person for time in time_on_project(work, number))
        if has_time and not along and work.settings["team_removal_with_time"] == "refuse":
            raise invalid(f"The person {person} has registered time on the project and cannot be removed.")
        if work.settings["team_removal_unassigns"]:
            for task in work.where("tasks", "project", number):
                if person in task["assigned_persons"]:
                    work.update(TASKS, task, {"assigned_persons": [each for each in task["assigned_persons"] if each != person]})


def shown_person(work: Work, row: Row, version: int, *, alone: bool) -> Row:
    """A person; asked for alone, the default role may be an object."""
    made = work.show(PERSONS, row, version)
    role = work.get("roles", row["default_role"])
    if alone and role is not None and work.settings["default_role_as_object"]:
        made["default_role"] = work.show(ROLES, role, version)
    return made


def _check_profiles(work: Work, new: Row) -> None:
    if new["is_system_user"]:
        return
    if not new["profile_ids"]:
        raise invalid("The field profile_ids is required.")
    if len(new["profile_ids"]) > 1 and not work.settings["advanced_analytics"]:
        raise invalid("A person can have one profile only.")


def _check_email(work: Work, new: Row, old: Row | None) -> None:
    if not new["email"]:
        return
    if not _EMAIL.fullmatch(new["email"]):
        raise invalid("The field email must be an e-mail address.")
    if work.settings["unique_email"]:
        for row in work.where("persons", "email", new["email"].lower()):
            if old is None or row["id"] != old["id"]:
                raise invalid(f"The email {new['email']} is used by another person.")


def _check_seats(work: Work, new: Row, old: Row | None) -> None:
    if not _takes_seat(new) or (old is not None and _takes_seat(old)):
        return
    if sum(_takes_seat(row) for row in work.storage.all("persons")) >= work.settings["seats"]:
        raise invalid("All seats of the account are taken.")


def _takes_seat(row: Row) -> bool:
    return bool(row["active"] and row["client_id"] is None and not row["is_system_user"])
