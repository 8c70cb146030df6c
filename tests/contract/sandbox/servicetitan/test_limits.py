"""The rate limit (servicetitan §4, E10)."""

from __future__ import annotations

from tests.contract.sandbox.servicetitan.api import Api


def test_the_61st_call_in_a_second_is_a_429_that_names_the_seconds(api: Api) -> None:
    # servicetitan §4 "Over limit": the second-to-last word of the title is the wait
    api.settings(rate_limit_per_s=60)
    for _ in range(60):
        api.get("jpm/job-hold-reasons")
    reply = api.call("GET", "jpm/jobs")
    problem = reply.json()
    assert reply.status_code == problem["status"] == 429
    assert problem["title"] == "Rate limit is exceeded. Try again in 1 seconds."
    assert problem["title"].split(" ")[-2] == reply.headers["Retry-After"] == "1"
    assert problem["traceId"]
    api.advance(1)
    api.get("jpm/jobs")


def test_the_limit_counts_each_app_key_by_itself(api: Api) -> None:
    # servicetitan E10 "per (app key, tenant)"
    api.settings(rate_limit_per_s=1)
    api.get("jpm/jobs")
    other = api.http.get("/jpm/v2/tenant/1000001/jobs", headers={**api.headers, "ST-App-Key": "other"})
    assert other.status_code == 401
    api.refused(429, "GET", "jpm/jobs")


def test_the_retry_after_header_can_be_left_out_and_the_wait_be_set(api: Api) -> None:
    # servicetitan §4 "Retry-After", E10 "option to omit"
    api.settings(rate_limit_per_s=1, rate_limit_retry_after=False, rate_limit_wait_s=7)
    api.get("jpm/jobs")
    reply = api.call("GET", "jpm/jobs")
    assert "Retry-After" not in reply.headers
    assert reply.json()["title"] == "Rate limit is exceeded. Try again in 7 seconds."


def test_the_token_endpoint_is_outside_the_call_limit(api: Api) -> None:
    # servicetitan E1 "Default: no throttling here"
    api.settings(rate_limit_per_s=1)
    for _ in range(5):
        api.sign_in()
