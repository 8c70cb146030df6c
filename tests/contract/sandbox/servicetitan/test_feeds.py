"""Export feeds (servicetitan §6, E9, E11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api
from tests.contract.sandbox.servicetitan.test_lists import FEEDS


@pytest.mark.parametrize("about", FEEDS)
def test_a_feed_gives_every_row_with_active_and_inactive_ones(whole: Api, about: str) -> None:
    # servicetitan §6 "No from -> from the very first record", "active, inactive and deleted rows"
    whole.settings(export_page_size=7)
    kind = FEEDS[about]
    rows, token = whole.export(about)
    assert sorted(row["id"] for row in rows) == sorted(row["id"] for row in whole.control("GET", f"objects/{kind}"))
    # Purchase orders and transfers of the contract say it with their status, no activity member is listed.
    assert kind in ("purchase-orders",) or all("active" in row for row in rows)
    assert whole.export(about, token) == ([], token)


def test_a_feed_page_is_in_the_order_of_modification(demo: Api) -> None:
    # servicetitan §6 "usually ordered by modification date"
    rows, _ = demo.export("jpm/export/jobs")
    assert [row["modifiedOn"] for row in rows] == sorted(row["modifiedOn"] for row in rows)


def test_continuefrom_is_always_there_and_an_empty_feed_has_one_too(api: Api) -> None:
    # servicetitan §6 "continueFrom is always present"
    page = api.get("jpm/export/jobs")
    assert (page["hasMore"], page["data"]) == (False, [])
    assert page["continueFrom"]


@pytest.mark.parametrize("start", ["", None])
def test_an_empty_from_is_no_from(demo: Api, start: str | None) -> None:
    # servicetitan E6
    assert len(demo.get("jpm/export/jobs", **{"from": start})["data"]) == 120


@pytest.mark.parametrize("start", ["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0000000Z", "2025-12-31T18:00:00-06:00"])
def test_from_can_be_a_date_or_a_timestamp_and_includes_it(demo: Api, start: str) -> None:
    # servicetitan §6 "from = a date such as 2020-01-01 … on or after it"
    everything, _ = demo.export("jpm/export/jobs")
    wanted = [row for row in everything if row["modifiedOn"] >= "2026-01-01"]
    demo.settings(export_page_size=9)
    rows, _ = demo.export("jpm/export/jobs", start)
    assert rows == wanted != everything


def test_from_the_exact_modification_time_includes_the_row(demo: Api) -> None:
    # servicetitan §6 "inclusive"
    row = demo.rows("jpm/jobs", sort="-ModifiedOn")[3]
    rows, _ = demo.export("jpm/export/jobs", row["modifiedOn"])
    assert row["id"] in {each["id"] for each in rows}


@pytest.mark.parametrize("start", ["nonsense", "bm9uc2Vuc2U", "2026-13-45", "W10"])
def test_a_from_that_is_neither_token_nor_date_is_a_400(demo: Api, start: str) -> None:
    # servicetitan §6: the token is opaque and given by the feed
    demo.refused(400, "GET", "jpm/export/jobs", **{"from": start})


def test_a_token_of_another_feed_is_a_400(demo: Api) -> None:
    # servicetitan §6
    token = demo.get("jpm/export/projects")["continueFrom"]
    demo.refused(400, "GET", "jpm/export/jobs", **{"from": token})


def test_a_fresh_change_is_hidden_for_the_lag(api: Api) -> None:
    # servicetitan §6 "hasMore=false … wait 5-10 minutes", E9 default lag 5 min
    job = api.new_job()
    rows, token = api.export("jpm/export/jobs")
    assert rows == []
    api.advance(299)
    assert api.export("jpm/export/jobs", token)[0] == []
    api.advance(2)
    assert [row["id"] for row in api.export("jpm/export/jobs", token)[0]] == [job["id"]]


def test_recent_changes_come_at_once_and_then_once_more(api: Api) -> None:
    # servicetitan §6 "the same rows may come again on consecutive calls", E9 "repeat the last window once"
    job = api.new_job()
    seen: list[list[int]] = []
    token = ""
    for _ in range(3):
        rows, token = api.export("jpm/export/jobs", token, includeRecentChanges="true")
        seen.append([row["id"] for row in rows])
    assert seen == [[job["id"]], [job["id"]], []]


def test_repeated_rows_do_not_hide_a_new_one(api: Api) -> None:
    # servicetitan §6
    customer = api.new_customer()
    first = api.new_job(customer)
    _, token = api.export("jpm/export/jobs", includeRecentChanges="true")
    second = api.new_job(customer)
    api.settings(export_page_size=1)
    rows, token = api.export("jpm/export/jobs", token, includeRecentChanges="true")
    assert [row["id"] for row in rows] == [first["id"], second["id"]]
    rows, token = api.export("jpm/export/jobs", token, includeRecentChanges="true")
    assert [row["id"] for row in rows] == [second["id"]]


def test_the_repetition_can_be_switched_off(api: Api) -> None:
    # servicetitan gap 7 (the real lag is not known)
    api.settings(export_repeat_recent=False)
    api.new_job()
    _, token = api.export("jpm/export/jobs", includeRecentChanges="true")
    assert api.export("jpm/export/jobs", token, includeRecentChanges="true")[0] == []


def test_a_row_changed_while_a_caller_pages_comes_again_later(demo: Api) -> None:
    # servicetitan §6 "At-least-once"; E9 stable order
    demo.settings(export_page_size=50, export_lag_s=0)
    first = demo.get("jpm/export/jobs")
    early, late = first["data"][0], demo.rows("jpm/jobs", sort="-ModifiedOn")[0]
    for job in (early, late):
        demo.made("PATCH", f"jpm/jobs/{job['id']}", {"customerPo": "changed"})
    rows, _ = demo.export("jpm/export/jobs", first["continueFrom"])
    assert [row["id"] for row in rows[-2:]] == [early["id"], late["id"]]
    assert {row["id"] for row in first["data"] + rows} == {row["id"] for row in demo.rows("jpm/jobs")}
    assert sum(row["id"] == late["id"] for row in rows) == 1


def test_a_young_change_holds_back_only_what_came_after_it(demo: Api) -> None:
    # servicetitan §6: a token is never ahead of a row that was not sent
    _, token = demo.export("jpm/export/jobs")
    jobs = demo.rows("jpm/jobs")
    demo.made("PATCH", f"jpm/jobs/{jobs[0]['id']}", {"customerPo": "one"})
    demo.advance(200)
    demo.made("PATCH", f"jpm/jobs/{jobs[1]['id']}", {"customerPo": "two"})
    demo.advance(150)
    rows, token = demo.export("jpm/export/jobs", token)
    assert [row["customerPo"] for row in rows] == ["one"]
    demo.advance(200)
    rows, token = demo.export("jpm/export/jobs", token)
    assert [row["customerPo"] for row in rows] == ["two"]


def test_a_feed_can_repeat_rows_and_disorder_them(demo: Api) -> None:
    # servicetitan E11 "duplicated feed rows, out-of-order feed rows"
    straight, _ = demo.export("jpm/export/jobs")
    demo.settings(export_duplicate_rows=True, export_out_of_order=True, export_page_size=40)
    rows, _ = demo.export("jpm/export/jobs")
    assert len(rows) == len(straight) + 3
    assert {row["id"] for row in rows} == {row["id"] for row in straight}
    assert [row["modifiedOn"] for row in rows] != sorted(row["modifiedOn"] for row in rows)


def test_cancelled_jobs_stand_in_their_own_feed(demo: Api) -> None:
    # servicetitan §6 feeds: job-canceled-logs
    rows, _ = demo.export("jpm/export/job-canceled-logs")
    cancelled = {job["id"] for job in demo.rows("jpm/jobs", jobStatus="Canceled")}
    assert {row["jobId"] for row in rows} == cancelled != set()


def test_inactive_projects_say_so_in_the_feed_only(demo: Api) -> None:
    # servicetitan §6 "Hence the extra active member on export jobs, projects"
    rows, _ = demo.export("jpm/export/projects")
    assert [row["active"] for row in rows].count(False) == 1


def test_a_feed_has_no_filter(demo: Api) -> None:
    # servicetitan §6 "no filters", "No page-size parameter"
    page: dict[str, Any] = demo.get("jpm/export/jobs", pageSize=1, jobStatus="Canceled", page=2)
    assert len(page["data"]) == 120


def test_the_appointment_feed_takes_active(api: Api) -> None:
    # servicetitan Appendix B "export/appointments (X): active"; everything by default
    job = api.new_job()
    times = {"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T17:00:00Z"}
    gone = api.made("POST", "jpm/appointments", {"jobId": job["id"], **times})
    api.made("DELETE", f"jpm/appointments/{gone['id']}")
    api.settings(export_lag_s=0)
    keys = {word: {row["id"] for row in api.export("jpm/export/appointments", active=word)[0]} for word in ("True", "False", "Any")}
    assert keys == {"True": {job["firstAppointmentId"]}, "False": {gone["id"]}, "Any": {job["firstAppointmentId"], gone["id"]}}
    assert {row["id"] for row in api.export("jpm/export/appointments")[0]} == keys["Any"]
