"""What must be true in the end, in the vendors' own words, from what the emulators hold. Imports nothing of the product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def faults_of(field: Mapping[str, Sequence[Row]], books: Mapping[str, Sequence[Row]], told: Mapping[str, set[str]]) -> list[str]:
    """Every way in which the books are not what they must be; empty means that all is well.

    Args:
        field: rows of "customers", "projects" and "jobs" as ServiceTitan holds them.
        books: rows of "CUSTOMER" and "PROJECT" as Intacct holds them.
        told: project names that may stand in the books beside the field's, by PROJECTID (an accountant's edit).
    """
    found = [*_doubles(books)]
    customers = {row["id"]: row for row in field["customers"]}
    projects = {row["id"]: row for row in field["projects"]}
    shown = {row["PROJECTID"]: row for row in books["PROJECT"]}
    known = {row["CUSTOMERID"]: row for row in books["CUSTOMER"]}
    for customer in customers.values():
        found += _customer(customer, known)
    needed = {job["projectId"] for job in field["jobs"] if job["jobStatus"] != "Canceled"}
    for project in projects.values():
        found += _project(project, customers, shown, told, is_needed=project["id"] in needed)
    for job in field["jobs"]:
        found += _job(job, customers, projects, shown)
    expected = {f"P-{p['number']}" for p in projects.values()} | {job["jobNumber"] for job in field["jobs"]}
    found += [f"PROJECT {key} belongs to nothing" for key in shown if key not in expected]
    return found


def _doubles(books: Mapping[str, Sequence[Row]]) -> list[str]:
    found = []
    for kind, key in (("PROJECT", "PROJECTID"), ("CUSTOMER", "CUSTOMERID")):
        counts = Counter(row[key] for row in books[kind])
        found += [f"{kind} {value} exists {count} times" for value, count in counts.items() if count > 1]
    return found


def _survivor(customer: int, customers: Mapping[int, Row]) -> str:
    while customers[customer]["mergedToId"] is not None:
        customer = customers[customer]["mergedToId"]
    return f"C-{customer}"


def _customer(customer: Row, known: Mapping[str, Row]) -> list[str]:
    row = known.get(f"C-{customer['id']}")
    is_gone = customer["mergedToId"] is not None or not customer["active"]
    if row is None:
        return [] if is_gone else [f"customer {customer['id']} is missing"]
    state = "inactive" if is_gone else "active"
    return _compare(f"CUSTOMER C-{customer['id']}", row, {"STATUS": {state}, "NAME": {f"{customer['name']} ({customer['id']})"}})


def _project(
    project: Row, customers: Mapping[int, Row], shown: Mapping[str, Row], told: Mapping[str, set[str]], *, is_needed: bool
) -> list[str]:
    key = f"P-{project['number']}"
    row = shown.get(key)
    if row is None:
        return [f"project {key} is missing"] if project["active"] or is_needed else []
    names = {project["name"] or project["number"], *told.get(key, ())}
    state = "active" if project["active"] else "inactive"
    wanted = {"NAME": names, "STATUS": {state}, "PARENTID": {""}, "CUSTOMERID": {_survivor(project["customerId"], customers)}}
    return _compare(f"PROJECT {key}", row, wanted)


def _job(job: Row, customers: Mapping[int, Row], projects: Mapping[int, Row], shown: Mapping[str, Row]) -> list[str]:
    row = shown.get(job["jobNumber"])
    is_cancelled = job["jobStatus"] == "Canceled"
    if row is None:
        return [] if is_cancelled else [f"job {job['jobNumber']} is missing"]
    parent = f"P-{projects[job['projectId']]['number']}" if job["projectId"] is not None else ""
    wanted = {
        "STATUS": {"inactive" if is_cancelled else "active"},
        "PARENTID": {parent},
        "CUSTOMERID": {_survivor(job["customerId"], customers)},
    }
    return _compare(f"PROJECT {job['jobNumber']}", row, wanted)


def _compare(what: str, row: Row, wanted: Mapping[str, set[str]]) -> list[str]:
    return [
        f"{what}: {column} is {row[column]!r}, not one of {sorted(values)}"
        for column, values in wanted.items()
        if (row[column] or "") not in values
    ]
