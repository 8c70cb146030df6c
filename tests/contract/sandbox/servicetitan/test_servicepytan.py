"""servicepytan 0.4.2, unmodified, against the emulator (servicetitan §13.2)."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import servicepytan

from tests.contract.sandbox.servicetitan.api import Api


@pytest.fixture
def connection(demo: Api) -> dict[str, Any]:
    conn: dict[str, Any] = servicepytan.auth.servicepytan_connect(
        app_key="st-app-key", tenant_id="1000001", client_id="st-client", client_secret="st-secret", app_id="app"
    )
    conn["auth_root"] = conn["api_root"] = str(demo.http.base_url).rstrip("/")
    return conn


def endpoint(connection: dict[str, Any], area: str, resource: str) -> Any:
    return servicepytan.Endpoint(area, resource, conn=connection)


@pytest.mark.parametrize(("resource", "count"), [("jobs", 120), ("projects", 40)])
def test_it_reads_whole_lists(demo: Api, connection: dict[str, Any], resource: str, count: int) -> None:
    # servicetitan §13.2 "List"
    rows = endpoint(connection, "jpm", resource).get_all(query={})
    assert rows == demo.rows(f"jpm/{resource}")
    assert len(rows) == count


def test_it_reads_one_record(demo: Api, connection: dict[str, Any]) -> None:
    # servicetitan §13.2 "GET": a body {} and pageSize by id
    job = demo.rows("jpm/jobs")[5]
    assert endpoint(connection, "jpm", "jobs").get_one(job["id"]) == job
    with pytest.raises(requests.HTTPError):
        endpoint(connection, "jpm", "jobs").get_one(999)


@pytest.mark.parametrize(("area", "feed", "count"), [("jpm", "jobs", 120), ("jpm", "projects", 40), ("crm", "customers", 24)])
def test_it_exports_whole_feeds(demo: Api, connection: dict[str, Any], area: str, feed: str, count: int) -> None:
    # servicetitan §13.2 "Export": an empty from, a capitalised boolean
    demo.settings(export_page_size=13)
    rows = endpoint(connection, area, "export").export_all(feed)
    assert len({row["id"] for row in rows}) == len(rows) == count
    recent = endpoint(connection, area, "export").export_all(feed, export_from="2020-01-01", include_recent_changes=True)
    assert recent == rows


def test_it_creates_and_edits_a_job(demo: Api, connection: dict[str, Any]) -> None:
    # servicetitan §13.2 "Create", "Update": a JSON text without a content type
    jobs = endpoint(connection, "jpm", "jobs")
    job = jobs.create(demo.job_body())
    assert demo.get(f"jpm/jobs/{job['id']}") == job
    edited = jobs.update(job["id"], '{"customerPo": "PO-77"}', request_type="PATCH")
    assert edited["customerPo"] == "PO-77"
    with pytest.raises(requests.HTTPError):
        jobs.update(job["id"], {"customerPo": "form-encoded"}, request_type="PATCH")


def test_it_sends_the_verb_del(demo: Api, connection: dict[str, Any]) -> None:
    # servicetitan §13.2 "Delete", E8; the client cannot read the empty reply, the work is done all the same
    job = demo.new_job()
    times = {"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T17:00:00Z"}
    visit = demo.made("POST", "jpm/appointments", {"jobId": job["id"], **times})
    with pytest.raises(requests.exceptions.JSONDecodeError):
        endpoint(connection, "jpm", "appointments").delete(visit["id"])
    assert demo.get(f"jpm/appointments/{visit['id']}")["active"] is False


def test_it_reads_the_wait_from_the_title_of_a_429(demo: Api, connection: dict[str, Any]) -> None:
    # servicetitan §4 "Over limit": title.split(" ")[-2]
    demo.settings(rate_limit_per_s=1, rate_limit_wait_s=7)
    jobs = endpoint(connection, "jpm", "jobs")
    jobs.get_many(query={})
    # The client gives the error body back as if it were data.
    problem = jobs.get_many(query={})
    assert problem["title"].split(" ")[-2] == "7"
    assert {"traceId", "status"} <= problem.keys()
