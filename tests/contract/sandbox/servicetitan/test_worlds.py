"""The worlds, their growth by themselves, and what survives a restart (design §6)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import httpx

from tests.contract.sandbox.servicetitan.api import NOW, Api, InProcess
from tieout.sandbox.clock import Clock, parse_moment
from tieout.sandbox.servicetitan.emulator import ServiceTitanEmulator
from tieout.sandbox.servicetitan.objects import KINDS


def emulator_at(now: str, **more: object) -> ServiceTitanEmulator:
    clock = Clock()
    clock.set(parse_moment(now))
    return ServiceTitanEmulator(clock=clock, settings={"rate_limit_per_s": 0}, **more)  # type: ignore[arg-type]


def connect(emulator: ServiceTitanEmulator) -> Api:
    api = Api(emulator, httpx.Client(base_url="http://sandbox", transport=InProcess(emulator)))
    api.sign_in()
    return api


def test_the_empty_world_has_the_set_up_and_no_business_records(api: Api) -> None:
    # design §6
    papers = ("invoices", "payments", "ap-bills", "vendors", "purchase-orders", "receipts", "journal-entries", "batches")
    for kind in ("customers", "locations", "projects", "jobs", "appointments", "job-canceled-logs", *papers):
        assert api.control("GET", f"objects/{kind}") == []
    for kind in ("business-units", "job-types", "project-statuses", "job-cancel-reasons", "campaigns", "employees", "technicians"):
        assert api.control("GET", f"objects/{kind}") != []


def test_the_demo_world_is_a_believable_contractor() -> None:
    # design §6 "The demo world is a believable contractor"; servicetitan §8
    api = connect(emulator_at(NOW, world="demo", seed=3))
    customers, projects = api.rows("crm/customers", active="Any"), api.control("GET", "objects/projects")
    jobs, locations = api.rows("jpm/jobs"), {row["id"]: row for row in api.rows("crm/locations", active="Any")}
    assert (len(customers) >= 300, len(projects) >= 200, len(jobs) >= 1000) == (True, True, True)
    names = Counter(customer["name"] for customer in customers)
    assert max(names.values()) > 1
    assert any(len(name) > 100 for name in names)
    assert all(any(mark in name for name in names) for mark in ("'", "&", "é", "<", "東"))
    assert sum(customer["mergedToId"] is not None for customer in customers) >= 3
    assert sum(not project["active"] for project in projects) >= 5
    assert any(project["name"] is None for project in projects)
    assert sum(job["projectId"] is None for job in jobs) > 100
    statuses = Counter(job["jobStatus"] for job in jobs)
    assert set(statuses) == {"Scheduled", "Dispatched", "InProgress", "Hold", "Completed", "Canceled"}
    by_id = {project["id"]: project for project in projects}
    for job in jobs:
        assert locations[job["locationId"]]["customerId"] == job["customerId"]
        if job["projectId"]:
            assert by_id[job["projectId"]]["locationId"] == job["locationId"]
            assert job["id"] in by_id[job["projectId"]]["jobIds"]
        assert job["createdOn"] <= job["modifiedOn"] < NOW
        assert (job["completedOn"] is not None) == (job["jobStatus"] == "Completed")
    numbers = {project["number"] for project in projects}
    assert numbers & {job["jobNumber"] for job in jobs}, "job and project numbers may be equal (servicetitan D5)"
    divisions = {unit["division"]["name"] for unit in api.rows("settings/business-units")}
    assert len(divisions) == 2


def test_the_same_seed_and_clock_give_the_same_world() -> None:
    # design §6 "every random choice follows clock and seed"
    def shown(seed: int) -> list[object]:
        api = connect(emulator_at(NOW, world="demo", seed=seed, sizes={"customers": 30, "projects": 10, "jobs": 40}))
        return [api.control("GET", f"objects/{kind}") for kind in KINDS]

    assert shown(1) == shown(1) != shown(2)


def test_a_reset_says_how_large_the_world_is(api: Api) -> None:
    # design §6 reset
    api.control("POST", "reset", {"world": "demo", "seed": 1, "customers": 12, "projects": 3, "jobs": 20})
    sizes = [len(api.control("GET", f"objects/{kind}")) for kind in ("customers", "projects", "jobs")]
    assert sizes == [12, 3, 20]
    api.control("POST", "reset", {"world": "empty"})
    assert api.control("GET", "objects/jobs") == []
    assert api.http.post("/_sandbox/reset", json={"world": "demo", "customers": "many"}).status_code == 400


def test_a_booking_after_the_demo_continues_its_numbers(demo: Api) -> None:
    # servicetitan E15
    highest = max(int(job["jobNumber"]) for job in demo.rows("jpm/jobs"))
    customer = demo.new_customer()
    assert int(demo.new_job(customer)["jobNumber"]) == highest + 1
    known = {project["number"] for project in demo.rows("jpm/projects")}
    assert demo.new_project(customer)["number"] not in known


def test_a_restart_keeps_what_was_answered(tmp_path: Path) -> None:
    # design §6 --data-dir
    first = emulator_at(NOW, data_dir=tmp_path)
    api = connect(first)
    customer = api.new_customer()
    project = api.new_project(customer, name="Kept")
    job = api.new_job(customer, projectId=project["id"])
    _, token = api.export("jpm/export/jobs", includeRecentChanges="true")
    old_headers = dict(api.headers)
    # No close: the process might have been killed.
    again = connect(emulator_at("2026-03-02T16:00:00Z", data_dir=tmp_path))
    assert again.get(f"jpm/jobs/{job['id']}") == job
    assert again.rows("crm/locations", customerId=customer["id"])
    later = again.new_job(customer)
    assert int(later["jobNumber"]) == int(job["jobNumber"]) + 1
    assert later["id"] > job["id"]
    rows, _ = again.export("jpm/export/jobs", token, includeRecentChanges="true")
    assert later["id"] in {row["id"] for row in rows}
    again.headers = old_headers
    again.refused(401, "GET", "jpm/jobs")
    first.close()
    again.emulator.close()


def test_the_emulator_works_by_itself_when_told_to(demo: Api) -> None:
    # design §6: everything follows clock and seed
    before = len(demo.rows("jpm/jobs"))
    demo.advance(600)
    assert len(demo.rows("jpm/jobs")) == before
    demo.settings(activity_per_minute=4)
    started = demo.control("GET", "clock")["now"]
    for _ in range(3):
        demo.advance(600)
        demo.sign_in()
    touched = demo.rows("jpm/jobs", modifiedOnOrAfter=started)
    assert {"Scheduled", "Completed", "Canceled"} <= {job["jobStatus"] for job in touched}
    assert len(demo.rows("jpm/jobs")) > before
    assert any("rev. 2" in (project["name"] or "") for project in demo.rows("jpm/projects", modifiedOnOrAfter=started))
    for papers in ("invoices", "payments", "inventory-bills/paginated"):
        fresh = demo.rows(f"accounting/{papers}", createdOnOrAfter="2026-01-01", modifiedOnOrAfter=started)
        assert {"Posted"} <= {row["syncStatus"] for row in fresh}
    demo.settings(activity_per_minute=0)
    settled = demo.rows("jpm/jobs")
    demo.advance(600)
    demo.sign_in()
    assert demo.rows("jpm/jobs") == settled
