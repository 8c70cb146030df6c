"""Many callers at once (servicetitan §4; design §6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.contract.sandbox.servicetitan.api import Api


def test_bookings_at_once_have_their_own_ids_and_numbers_and_all_reach_the_project(api: Api) -> None:
    # servicetitan E15, D3
    customer = api.new_customer()
    project = api.new_project(customer)
    body = api.job_body(customer, projectId=project["id"])
    with ThreadPoolExecutor(8) as pool:
        jobs: list[dict[str, Any]] = list(pool.map(lambda _: api.made("POST", "jpm/jobs", body), range(40)))
    assert len({job["id"] for job in jobs}) == len({job["jobNumber"] for job in jobs}) == 40
    assert sorted(api.get(f"jpm/projects/{project['id']}")["jobIds"]) == sorted(job["id"] for job in jobs)


def test_a_feed_read_while_others_write_misses_nothing(api: Api) -> None:
    # servicetitan §6 "At-least-once: upsert by id"
    api.settings(export_page_size=5, export_lag_s=0)
    customer = api.new_customer()
    body = api.job_body(customer)
    latest: dict[int, dict[str, Any]] = {}
    token = ""

    def write(number: int) -> None:
        job = api.made("POST", "jpm/jobs", body)
        api.made("PATCH", f"jpm/jobs/{job['id']}", {"customerPo": f"PO-{number}"})

    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(write, number) for number in range(30)]
        while not all(each.done() for each in work):
            rows, token = api.export("jpm/export/jobs", token)
            latest |= {row["id"]: row for row in rows}
        for each in work:
            each.result()
    rows, _ = api.export("jpm/export/jobs", token)
    latest |= {row["id"]: row for row in rows}
    assert {key: row["customerPo"] for key, row in latest.items()} == {row["id"]: row["customerPo"] for row in api.rows("jpm/jobs")}
    assert len(latest) == 30
