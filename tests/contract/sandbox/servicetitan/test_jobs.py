"""Jobs and their appointments: booking, editing, cancelling, completing (servicetitan §8, E12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import GUID, Api


def test_a_booked_job_has_a_number_an_invoice_and_its_appointments(api: Api) -> None:
    # servicetitan §8 Job, E15
    customer = api.new_customer()
    job = api.new_job(customer, summary="<b>Call</b> first", customerPo="PO-9")
    assert (job["jobStatus"], job["projectId"], job["completedOn"]) == ("Scheduled", None, None)
    assert isinstance(job["jobNumber"], str)
    assert job["appointmentCount"] == 1
    visit = api.get(f"jpm/appointments/{job['firstAppointmentId']}")
    assert (visit["jobId"], visit["status"], visit["start"]) == (job["id"], "Scheduled", "2026-03-05T15:00:00Z")
    assert api.get(f"jpm/jobs/{job['id']}") == job


def test_a_second_job_has_the_next_number(api: Api) -> None:
    # servicetitan E15 "jobNumber … are strings"
    customer = api.new_customer()
    numbers = [int(api.new_job(customer)["jobNumber"]) for _ in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


@pytest.mark.parametrize("member", ["customerId", "locationId", "businessUnitId", "jobTypeId", "priority", "campaignId", "appointments"])
def test_a_booking_without_a_required_member_is_refused(api: Api, member: str) -> None:
    # servicetitan Appendix A JobCreateRequest
    body = api.job_body()
    del body[member]
    assert list(api.refused(400, "POST", "jpm/jobs", body)["errors"]) == [member]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("customerId", 999),
        ("locationId", 999),
        ("businessUnitId", 999),
        ("jobTypeId", 999),
        ("campaignId", 999),
        ("projectId", 999),
        ("soldById", 999),
        ("tagTypeIds", [999]),
        ("priority", "Extreme"),
        ("customerId", "12"),
        ("customerId", None),
        ("customerId", 1.5),
        ("customerId", 2**63),
        ("summary", 5),
        ("tagTypeIds", 5),
        ("appointments", []),
        ("appointments", [{"start": "2026-03-05T15:00:00Z"}]),
        ("appointments", [{"start": "2026-03-05T15:00:00Z", "end": "2026-03-05T14:00:00Z"}]),
        ("appointments", [{"start": "soon", "end": "later"}]),
        ("appointments", [{"start": "2026-03-05T15:00:00Z", "end": "2026-03-05T16:00:00Z", "technicianIds": [999]}]),
        ("customFields", [{"typeId": 999, "value": "x"}]),
        ("externalData", {"applicationGuid": "no-guid", "externalData": []}),
        ("jobNumber", "77"),
        ("name", "A job has no name"),
    ],
)
def test_a_booking_with_a_wrong_value_is_refused_and_leaves_nothing(api: Api, member: str, value: Any) -> None:
    # servicetitan §4 "400 on every operation", §8 "No name", design §6 "unknown fields, bad references"
    problem = api.refused(400, "POST", "jpm/jobs", {**api.job_body(), member: value})
    assert any(name.startswith(member) for name in problem["errors"])
    assert api.rows("jpm/jobs") == api.rows("jpm/appointments", active="Any") == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"a=1&b=2", b"\xff\xfe"])
def test_a_malformed_body_is_a_400(api: Api, body: bytes) -> None:
    # servicetitan §4 "Error body"; §13.2 form-encoded updates are not understood
    reply = api.call("POST", "jpm/jobs", content=body)
    assert reply.status_code == 400
    assert set(reply.json()) == {"type", "title", "status", "traceId", "errors", "data"}


def test_a_json_body_is_read_without_a_content_type(api: Api) -> None:
    # servicetitan E7
    job = api.new_job()
    reply = api.call("PATCH", f"jpm/jobs/{job['id']}", content=b'{"customerPo": "raw"}')
    assert reply.json()["customerPo"] == "raw"


def test_unknown_members_can_be_let_through(api: Api) -> None:
    # servicetitan §15: a switch for what nobody knows
    job = api.new_job()
    api.refused(400, "PATCH", f"jpm/jobs/{job['id']}", {"colour": "red"})
    api.settings(allow_unknown_members=True)
    api.checks = False
    assert "colour" not in api.made("PATCH", f"jpm/jobs/{job['id']}", {"colour": "red"})


def test_a_location_of_another_customer_is_refused(api: Api) -> None:
    # servicetitan §8 "a location has one customer"
    one, two = api.new_customer("One"), api.new_customer("Two")
    body = api.job_body(one, locationId=two["locations"][0]["id"])
    assert "locationId" in api.refused(400, "POST", "jpm/jobs", body)["errors"]


def test_an_edit_moves_modifiedon_and_only_what_was_sent(api: Api) -> None:
    # servicetitan E12 "Each bumps modifiedOn"
    job = api.new_job()
    api.advance(60)
    changed = api.made("PATCH", f"jpm/jobs/{job['id']}", {"priority": "High", "summary": "new"})
    assert changed["modifiedOn"] > job["modifiedOn"]
    assert {**job, "priority": "High", "summary": "new", "modifiedOn": changed["modifiedOn"]} == changed


@pytest.mark.parametrize("member", ["projectId", "jobStatus", "jobNumber", "active"])
def test_a_job_cannot_be_given_what_the_contract_does_not_list(api: Api, member: str) -> None:
    # servicetitan Appendix A UpdateJobRequest; D3: the project is changed by attach and detach only
    job = api.new_job()
    api.refused(400, "PATCH", f"jpm/jobs/{job['id']}", {member: None})


def test_custom_fields_are_a_whole_list(api: Api) -> None:
    # servicetitan §8 "omitted fields are cleared"
    text, numeric = api.rows("jpm/jobs/custom-fields")
    both = [{"typeId": text["id"], "value": "B-1"}, {"typeId": numeric["id"], "value": "3"}]
    job = api.new_job(customFields=both)
    assert [(field["name"], field["value"]) for field in job["customFields"]] == [(text["name"], "B-1"), (numeric["name"], "3")]
    changed = api.made("PATCH", f"jpm/jobs/{job['id']}", {"customFields": both[:1]})
    assert [field["typeId"] for field in changed["customFields"]] == [text["id"]]
    api.refused(400, "PATCH", f"jpm/jobs/{job['id']}", {"customFields": [{"typeId": numeric["id"], "value": "many"}]})


def test_external_data_are_replaced_or_merged(api: Api) -> None:
    # servicetitan §8 "patchMode Replace (default, drops other keys) or Merge"
    def pairs(*items: tuple[str, str | None], mode: str | None = None) -> dict[str, Any]:
        listed = [{"key": key, "value": value} for key, value in items]
        return {"externalData": {"applicationGuid": GUID, "externalData": listed, **({"patchMode": mode} if mode else {})}}

    job = api.new_job(**pairs(("a", "1"), ("b", "2")))
    about = f"jpm/jobs/{job['id']}"
    merged = api.made("PATCH", about, pairs(("b", "3"), ("c", "4"), mode="Merge"))
    assert {item["key"]: item["value"] for item in merged["externalData"]} == {"a": "1", "b": "3", "c": "4"}
    without = api.made("PATCH", about, pairs(("a", None), mode="Merge"))
    assert {item["key"] for item in without["externalData"]} == {"b", "c"}
    replaced = api.made("PATCH", about, pairs(("z", "9")))
    assert replaced["externalData"] == [{"key": "z", "value": "9"}]
    api.refused(400, "PATCH", about, pairs(("z", "9"), mode="Append"))


def test_a_job_is_cancelled_with_a_reason_and_restored(api: Api) -> None:
    # servicetitan §8 "a cancelled job can be restored (remove-cancellation)"
    job = api.new_job()
    about = f"jpm/jobs/{job['id']}"
    reason = api.rows("jpm/job-cancel-reasons")[0]
    assert api.made("PUT", f"{about}/cancel", {"reasonId": reason["id"], "memo": "moved away"}) is None
    assert api.get(about)["jobStatus"] == "Canceled"
    assert api.get(f"jpm/appointments/{job['firstAppointmentId']}")["status"] == "Canceled"
    log = api.rows(f"{about}/canceled-log")
    assert [(line["reasonId"], line["memo"], line["active"]) for line in log] == [(reason["id"], "moved away", True)]
    assert api.rows("jpm/jobs/cancel-reasons", ids=job["id"])[0]["name"] == reason["name"]
    api.made("PUT", f"{about}/remove-cancellation")
    assert api.get(about)["jobStatus"] == "Scheduled"
    assert api.rows("jpm/jobs/cancel-reasons", ids=job["id"]) == []
    assert [line["eventType"] for line in api.get(f"{about}/history")["history"]] == ["Booked", "Canceled", "CancellationRemoved"]


@pytest.mark.parametrize("body", [{}, {"reasonId": 1}, {"memo": "x"}, {"reasonId": 999, "memo": "x"}, {"reasonId": 999, "memo": None}])
@pytest.mark.parametrize("action", ["cancel", "hold"])
def test_cancel_and_hold_need_a_known_reason_and_a_memo(api: Api, action: str, body: dict[str, Any]) -> None:
    # servicetitan Appendix A CancelJobRequest, HoldJobRequest
    job = api.new_job()
    api.refused(400, "PUT", f"jpm/jobs/{job['id']}/{action}", body)
    assert api.get(f"jpm/jobs/{job['id']}") == job


def test_a_job_is_put_on_hold(api: Api) -> None:
    # servicetitan §8 jobStatus Hold
    job = api.new_job()
    reason = api.rows("jpm/job-hold-reasons")[0]["id"]
    api.made("PUT", f"jpm/jobs/{job['id']}/hold", {"reasonId": reason, "memo": "parts"})
    assert api.get(f"jpm/jobs/{job['id']}")["jobStatus"] == "Hold"
    api.refused(400, "PUT", f"jpm/jobs/{job['id']}/hold", {"reasonId": reason, "memo": "parts"})


def test_a_job_is_completed_once(api: Api) -> None:
    # servicetitan §4 "409 on … job complete"
    job = api.new_job()
    about = f"jpm/jobs/{job['id']}"
    api.refused(400, "PUT", f"{about}/complete", {})
    api.made("PUT", f"{about}/complete", {"completedOn": "2026-03-02T14:30:00Z"})
    done = api.get(about)
    assert (done["jobStatus"], done["completedOn"]) == ("Completed", "2026-03-02T14:30:00Z")
    api.refused(409, "PUT", f"{about}/complete", {"completedOn": "2026-03-02T14:30:00Z"})
    reason = api.rows("jpm/job-cancel-reasons")[0]["id"]
    api.refused(400, "PUT", f"{about}/cancel", {"reasonId": reason, "memo": "too late"})


def test_only_a_cancelled_job_can_be_restored(api: Api) -> None:
    # the vendor's jpm v2 definitions list only 400 for remove-cancellation
    job = api.new_job()
    api.refused(400, "PUT", f"jpm/jobs/{job['id']}/remove-cancellation")
    api.refused(400, "PUT", "jpm/jobs/999/remove-cancellation")


@pytest.mark.parametrize("action", ["cancel", "hold", "complete"])
def test_an_action_on_an_unknown_job_is_a_404(api: Api, action: str) -> None:
    # servicetitan §4 "404 on by-id reads and updates"
    api.refused(404, "PUT", f"jpm/jobs/999/{action}", {"reasonId": 1, "memo": "x"})
    api.refused(404, "PATCH", "jpm/jobs/999", {})
    api.refused(404, "GET", "jpm/jobs/999/canceled-log")


def test_why_jobs_were_cancelled_is_asked_with_ids(api: Api) -> None:
    # the vendor's jpm v2 definitions: ids is required
    api.refused(400, "GET", "jpm/jobs/cancel-reasons")


def test_appointments_are_added_moved_held_and_removed(api: Api) -> None:
    # servicetitan §4 "409 on appointment changes"; the vendor's jpm v2 definitions
    job = api.new_job()
    times = {"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T17:00:00Z"}
    second = api.made("POST", "jpm/appointments", {"jobId": job["id"], **times})
    assert api.get(f"jpm/jobs/{job['id']}")["lastAppointmentId"] == second["id"]
    about = f"jpm/appointments/{second['id']}"
    moved = api.made("PATCH", f"{about}/reschedule", {"start": "2026-03-10T15:00:00Z", "end": "2026-03-10T16:00:00Z"})
    assert moved["start"] == "2026-03-10T15:00:00Z"
    api.refused(400, "PATCH", f"{about}/reschedule", {"start": "2026-03-11T15:00:00Z"})
    reason = api.rows("jpm/job-hold-reasons")[0]["id"]
    api.refused(409, "DELETE", f"{about}/hold")
    api.made("PUT", f"{about}/hold", {"reasonId": reason, "memo": "x"})
    api.made("DELETE", f"{about}/hold")
    api.made("PUT", f"{about}/confirmation")
    assert api.get(about)["isConfirmed"] is True
    api.made("DELETE", f"{about}/confirmation")
    api.made("PUT", f"{about}/special-instructions", {"specialInstructions": "dog"})
    api.made("DELETE", about)
    assert [visit["id"] for visit in api.rows("jpm/appointments")] == [job["firstAppointmentId"]]
    assert len(api.rows("jpm/appointments", active="Any")) == 2
    assert api.get(f"jpm/jobs/{job['id']}")["appointmentCount"] == 1


def test_a_closed_appointment_or_the_only_one_is_a_409(api: Api) -> None:
    # servicetitan §4 "409 on appointment changes"
    job = api.new_job()
    about = f"jpm/appointments/{job['firstAppointmentId']}"
    api.refused(409, "DELETE", about)
    api.made("PUT", f"jpm/jobs/{job['id']}/complete", {"completedOn": "2026-03-02T14:30:00Z"})
    times = {"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T17:00:00Z"}
    api.refused(409, "PATCH", f"{about}/reschedule", times)
    api.refused(409, "POST", "jpm/appointments", {"jobId": job["id"], **times})


def test_the_verb_del_means_delete_unless_switched_off(api: Api) -> None:
    # servicetitan E8
    job = api.new_job()
    times = {"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T17:00:00Z"}
    api.checks = False
    for switch, status in ((True, 200), (False, 404)):
        visit = api.made("POST", "jpm/appointments", {"jobId": job["id"], **times})
        api.settings(accept_del_verb=switch)
        assert api.call("DEL", f"jpm/appointments/{visit['id']}").status_code == status


def test_job_types_are_created_and_edited(api: Api) -> None:
    # servicetitan Appendix B "job-types"
    made = api.made("POST", "jpm/job-types", {"name": "Snow melt", "class": "Install"})
    assert (made["priority"], made["active"]) == ("Normal", True)
    assert api.made("PATCH", f"jpm/job-types/{made['id']}", {"noCharge": True})["noCharge"] is True
    api.refused(400, "POST", "jpm/job-types", {"class": "Install"})
    api.refused(400, "POST", "jpm/job-types", {"name": " "})
    api.refused(400, "PATCH", "jpm/job-types/999", {"name": "x"})
    api.refused(400, "PATCH", f"jpm/job-types/{made['id']}", {"businessUnitIds": [999]})
