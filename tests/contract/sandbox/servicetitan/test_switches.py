"""Faults and the shapes nobody asked for (design §6, servicetitan E11)."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.contract.sandbox.servicetitan.api import Api


def fault(api: Api, action: str, **more: object) -> None:
    match = more.pop("match", {})
    api.control("POST", "faults", [{"match": match, "action": action, **more}])


def test_a_fault_is_matched_by_function_object_or_path(demo: Api) -> None:
    # design §6 faults
    job = demo.rows("jpm/jobs")[0]
    demo.checks = False
    for match, about in (
        ({"function": "GET jpm/jobs/{id}", "nth": 1}, f"jpm/jobs/{job['id']}"),
        ({"object": "projects", "nth": 1}, "jpm/projects"),
        ({"path": "/jpm/v2/*/export/*", "nth": 1}, "jpm/export/jobs"),
    ):
        fault(demo, "http_status", match=match, status=503)
        assert demo.call("GET", about).status_code == 503
        assert demo.call("GET", about).status_code == 200


def test_a_refusal_has_the_error_body(api: Api) -> None:
    # design §6 refuse; servicetitan §4 "Error body", E11 "500"
    fault(api, "refuse", match={"function": "GET jpm/jobs", "nth": 1}, status=500)
    assert api.refused(500, "GET", "jpm/jobs")["title"]
    api.get("jpm/jobs")


def test_a_page_of_html_can_come_instead(api: Api) -> None:
    # servicetitan §4 "Bodies of gateway-level failures may be HTML", E11
    fault(api, "html_body", match={"nth": 1}, status=503)
    reply = api.http.get("/jpm/v2/tenant/1000001/jobs", headers=api.headers)
    assert (reply.status_code, reply.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert reply.text.startswith("<!DOCTYPE html>")


def test_a_delay_follows_the_sandbox_clock(api: Api) -> None:
    # servicetitan §4 "Server timeout 100 s", E11 "100 s stall"
    before = api.control("GET", "clock")["now"]
    fault(api, "delay", match={"function": "GET jpm/jobs", "nth": 1}, seconds=100)
    api.get("jpm/jobs")
    assert (before[:16], api.control("GET", "clock")["now"][:19]) == ("2026-03-02T15:00", "2026-03-02T15:01:40")


@pytest.mark.parametrize(("action", "booked"), [("cut_before_commit", 0), ("cut_after_commit", 1), ("finish_after_cut", 1)])
def test_a_booking_can_lose_its_reply(api: Api, action: str, booked: int) -> None:
    # design §6 cuts; servicetitan §4 "Idempotency key: None in the contract"
    body = api.job_body()
    fault(api, action, match={"function": "POST jpm/jobs", "nth": 1}, seconds=30)
    with pytest.raises(httpx.RemoteProtocolError):
        api.call("POST", "jpm/jobs", json=body)
    api.advance(30)
    assert len(api.rows("jpm/jobs")) == booked


def test_a_token_request_can_be_refused(api: Api) -> None:
    # servicetitan E1
    fault(api, "refuse", match={"function": "POST connect/token", "nth": 1})
    refused = api.http.post("/connect/token", data={"grant_type": "client_credentials"})
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_client"})
    api.sign_in()


def test_times_have_seven_fractional_digits_or_fewer(demo: Api) -> None:
    # servicetitan §5 "Date-times carry up to 7 fractional digits", E11
    assert any(re.fullmatch(r".*\.\d{7}Z", row["createdOn"]) for row in demo.rows("crm/customers"))
    demo.settings(fraction_digits=3)
    assert all(re.fullmatch(r"[^.]+(\.\d{1,3})?Z", row["createdOn"]) for row in demo.rows("crm/customers"))


def test_replies_can_have_members_nobody_listed(demo: Api) -> None:
    # servicetitan §5 "Unknown members appear without notice", E11
    demo.settings(extra_members=True)
    assert "summaryOfWork" in demo.rows("jpm/jobs")[0]
    assert "summaryOfWork" in demo.export("jpm/export/jobs")[0][0]


def test_an_unknown_setting_is_refused(api: Api) -> None:
    # design §6 settings
    reply = api.http.put("/_sandbox/settings", json={"export_page_sise": 3})
    assert reply.status_code == 400
    assert "export_page_size" in reply.json()["error"]


def test_secrets_are_not_shown(api: Api) -> None:
    # house rule: no secret in a reply that is made for people
    shown = api.control("GET", "settings")
    assert (shown["client_secret"], shown["app_key"]) == ("***", "***")


def test_the_meter_names_the_operations(api: Api) -> None:
    # design §6 meter
    api.control("DELETE", "meter")
    api.get("jpm/jobs")
    api.refused(404, "GET", "jpm/jobs/999")
    counted = api.control("GET", "meter")["by_function"]
    assert (counted["GET jpm/jobs"], counted["GET jpm/jobs/{id}"]) == (1, 1)
