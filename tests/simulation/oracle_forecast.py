"""What must be true in the end of projects kept in step both ways, in the vendors' own words. Imports nothing of the product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass
class Said:
    """What people said of one project: the names and stages that may stand, whether the books may have lost it, or never had it."""

    names: set[str]
    stages: set[str]
    may_be_gone: bool = False
    may_be_nowhere: bool = False


def faults_of(psa: Mapping[str, Sequence[Row]], books: Mapping[str, Sequence[Row]], said: Mapping[str, Said]) -> list[str]:
    """Every way in which the two sides do not agree; empty means that all is well.

    Args:
        psa: rows of "clients" and "projects" as Sage PSA holds them.
        books: rows of "CUSTOMER" and "PROJECT" as Intacct holds them.
        said: what people said of each project, by its ID.
    """
    found = [*_doubles("project", [row["custom_project_id"] for row in psa["projects"]])]
    found += _doubles("PROJECT", [row["PROJECTID"] for row in books["PROJECT"]])
    found += _doubles("client", [row["name"] for row in psa["clients"]])
    found += _doubles("CUSTOMER", [row["NAME"] for row in books["CUSTOMER"]])
    clients = {row["id"]: row["name"] for row in psa["clients"]}
    customers = {row["CUSTOMERID"]: row["NAME"] for row in books["CUSTOMER"]}
    left = {row["custom_project_id"]: row for row in psa["projects"]}
    right = {row["PROJECTID"]: row for row in books["PROJECT"]}
    for key, told in said.items():
        found += _project(key, told, left.get(key), right.get(key), clients, customers)
    found += [f"project {key} belongs to nothing" for key in {*left, *right} - set(said)]
    return found


def in_books(name: str) -> str:
    """A name as the books may show it: they keep one of several spaces, or all."""
    return " ".join(name.split())


def _doubles(kind: str, keys: Sequence[str]) -> list[str]:
    return [f"{kind} {key} exists {count} times" for key, count in Counter(keys).items() if count > 1]


def _project(
    key: str, told: Said, left: Row | None, right: Row | None, clients: Mapping[int, str], customers: Mapping[str, str]
) -> list[str]:
    if left is None:
        return [] if right is None and told.may_be_nowhere else [f"{key} is missing in Sage PSA"]
    if right is None:
        return [] if told.may_be_gone else [f"{key} is missing in the books"]
    found = []
    if in_books(left["name"]) != in_books(right["NAME"]):
        found.append(f"{key}: the names are {left['name']!r} and {right['NAME']!r}")
    if left["name"] not in told.names:
        found.append(f"{key}: the name is {left['name']!r}, not one of {sorted(told.names)}")
    if (left["stage"] == "RUNNING") != (right["STATUS"] == "active"):
        found.append(f"{key}: the stage is {left['stage']} and the status {right['STATUS']}")
    if left["stage"] not in told.stages:
        found.append(f"{key}: the stage is {left['stage']}, not one of {sorted(told.stages)}")
    if clients.get(left["client"], "") != customers.get(right["CUSTOMERID"] or "", ""):
        found.append(f"{key}: the client is {clients.get(left['client'])!r} and the customer {right['CUSTOMERID']!r}")
    return found
