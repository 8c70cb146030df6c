"""Projects: creating, renaming, attaching and detaching jobs (servicetitan §8, D2, D3, E12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api


def test_a_project_needs_only_a_location(api: Api) -> None:
    # servicetitan Appendix A CreateProjectRequest; §8 "name?" nullable
    customer = api.new_customer()
    project = api.new_project(customer)
    assert (project["name"], project["status"], project["jobIds"]) == (None, None, [])
    assert project["customerId"] == customer["id"]
    assert isinstance(project["number"], str)
    assert api.get(f"jpm/projects/{project['id']}") == project


def test_a_project_takes_status_type_managers_and_dates(api: Api) -> None:
    # servicetitan §8 Project
    status = next(row for row in api.rows("jpm/project-statuses") if row["name"] == "In Progress")
    sub = api.rows("jpm/project-substatuses", statusId=status["id"])[0]
    manager, unit = api.rows("settings/employees")[0]["id"], api.rows("settings/business-units")[0]["id"]
    project = api.new_project(
        api.new_customer(),
        name="Boiler room",
        statusId=status["id"],
        subStatusId=sub["id"],
        projectTypeId=api.rows("jpm/project-types")[0]["id"],
        projectManagerIds=[manager],
        businessUnitIds=[unit],
        startDate="2026-03-10",
        targetCompletionDate="2026-05-10T12:30:00.1234567Z",
    )
    assert (project["status"], project["subStatus"]) == ("In Progress", sub["name"])
    assert (project["startDate"], project["targetCompletionDate"]) == ("2026-03-10T00:00:00Z", "2026-05-10T12:30:00.1234567Z")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("locationId", 999),
        ("locationId", None),
        ("customerId", 999),
        ("statusId", 999),
        ("subStatusId", 999),
        ("projectTypeId", 999),
        ("projectManagerIds", [999]),
        ("businessUnitIds", [999]),
        ("startDate", "soon"),
        ("name", 7),
        ("number", "1"),
        ("jobIds", []),
        ("customFields", [{"typeId": 999, "value": "x"}]),
    ],
)
def test_a_wrong_project_is_refused_and_leaves_nothing(api: Api, member: str, value: Any) -> None:
    # servicetitan §4, Appendix A CreateProjectRequest
    body = {"locationId": api.new_customer()["locations"][0]["id"], member: value}
    assert member in api.refused(400, "POST", "jpm/projects", body)["errors"]
    assert api.rows("jpm/projects") == []


def test_a_sub_status_must_belong_to_the_status(api: Api) -> None:
    # servicetitan §8 "subStatus", tenant-defined lists
    one, two = api.rows("jpm/project-statuses")[:2]
    sub = api.rows("jpm/project-substatuses", statusId=two["id"])[0]
    customer = api.new_customer()
    body = {"locationId": customer["locations"][0]["id"], "statusId": one["id"], "subStatusId": sub["id"]}
    assert list(api.refused(400, "POST", "jpm/projects", body)["errors"]) == ["subStatusId"]
    project = api.new_project(customer, statusId=two["id"], subStatusId=sub["id"])
    changed = api.made("PATCH", f"jpm/projects/{project['id']}", {"statusId": one["id"]})
    assert (changed["status"], changed["subStatus"], changed["subStatusId"]) == (one["name"], None, None)


def test_a_rename_moves_modifiedon(api: Api) -> None:
    # servicetitan §1.4 R-ST-23 project renamed; E12
    project = api.new_project(api.new_customer(), name="Old")
    api.advance(1)
    renamed = api.made("PATCH", f"jpm/projects/{project['id']}", {"name": "New"})
    assert renamed["name"] == "New"
    assert renamed["modifiedOn"] > project["modifiedOn"]
    api.refused(400, "PATCH", f"jpm/projects/{project['id']}", {"name": None})
    api.refused(404, "PATCH", "jpm/projects/999", {"name": "x"})


def test_a_job_is_attached_and_detached(api: Api) -> None:
    # servicetitan D3: job.projectId and project.jobIds
    customer = api.new_customer()
    project, job = api.new_project(customer), api.new_job(customer)
    api.advance(1)
    assert api.made("POST", f"jpm/projects/{project['id']}/attach-job/{job['id']}") is None
    attached = api.get(f"jpm/jobs/{job['id']}")
    assert attached["projectId"] == project["id"]
    assert attached["modifiedOn"] > job["modifiedOn"]
    after = api.get(f"jpm/projects/{project['id']}")
    assert after["jobIds"] == [job["id"]]
    assert after["modifiedOn"] > project["modifiedOn"]
    api.made("POST", f"jpm/projects/detach-job/{job['id']}")
    assert api.get(f"jpm/jobs/{job['id']}")["projectId"] is None
    assert api.get(f"jpm/projects/{project['id']}")["jobIds"] == []


def test_attaching_may_leave_the_job_untouched(api: Api) -> None:
    # servicetitan gap 7, E12 "option attach does not bump the job"
    api.settings(attach_bumps_job=False, export_lag_s=0, export_repeat_recent=False)
    customer = api.new_customer()
    project, job = api.new_project(customer), api.new_job(customer)
    _, token = api.export("jpm/export/jobs")
    api.advance(1)
    api.made("POST", f"jpm/projects/{project['id']}/attach-job/{job['id']}")
    attached = api.get(f"jpm/jobs/{job['id']}")
    assert (attached["projectId"], attached["modifiedOn"]) == (project["id"], job["modifiedOn"])
    assert api.export("jpm/export/jobs", token)[0] == []


def test_all_jobs_of_a_project_share_its_location(api: Api) -> None:
    # servicetitan §8 "All jobs of a project share one location"
    one, two = api.new_customer("One"), api.new_customer("Two")
    project, elsewhere = api.new_project(one), api.new_job(two)
    about = f"jpm/projects/{project['id']}"
    api.refused(400, "POST", f"{about}/attach-job/{elsewhere['id']}")
    api.refused(400, "PATCH", about, {"jobIds": [elsewhere["id"]]})
    api.refused(400, "POST", "jpm/jobs", api.job_body(two, projectId=project["id"]))
    inside = api.new_job(one, projectId=project["id"])
    moved = {"customerId": two["id"], "locationId": two["locations"][0]["id"]}
    assert list(api.refused(400, "PATCH", f"jpm/jobs/{inside['id']}", moved)["errors"]) == ["locationId"]
    assert api.get(about)["jobIds"] == [inside["id"]]


def test_a_job_belongs_to_at_most_one_project(api: Api) -> None:
    # servicetitan §8 "at most one project"; moving without detaching is a switch
    customer = api.new_customer()
    first, second = api.new_project(customer), api.new_project(customer)
    job = api.new_job(customer, projectId=first["id"])
    api.refused(400, "POST", f"jpm/projects/{first['id']}/attach-job/{job['id']}")
    api.refused(400, "POST", f"jpm/projects/{second['id']}/attach-job/{job['id']}")
    api.settings(attach_moves_job=True)
    api.made("POST", f"jpm/projects/{second['id']}/attach-job/{job['id']}")
    assert api.get(f"jpm/projects/{first['id']}")["jobIds"] == []
    assert api.get(f"jpm/projects/{second['id']}")["jobIds"] == [job["id"]]


def test_unknown_ids_in_attach_and_detach_are_a_400(api: Api) -> None:
    # the vendor's jpm v2 definitions list only 400 for attach-job and detach-job
    customer = api.new_customer()
    project, job = api.new_project(customer), api.new_job(customer)
    api.refused(400, "POST", f"jpm/projects/999/attach-job/{job['id']}")
    api.refused(400, "POST", f"jpm/projects/{project['id']}/attach-job/999")
    api.refused(400, "POST", "jpm/projects/detach-job/999")
    api.refused(400, "POST", f"jpm/projects/detach-job/{job['id']}")


def test_the_job_list_of_an_edit_attaches_and_detaches(api: Api) -> None:
    # servicetitan D3 "PATCH project jobIds"
    customer = api.new_customer()
    project = api.new_project(customer)
    one, two, three = (api.new_job(customer)["id"] for _ in range(3))
    about = f"jpm/projects/{project['id']}"
    assert api.made("PATCH", about, {"jobIds": [one, two]})["jobIds"] == [one, two]
    assert api.made("PATCH", about, {"jobIds": [two, three], "name": "Both"})["jobIds"] == [two, three]
    assert [api.get(f"jpm/jobs/{key}")["projectId"] for key in (one, two, three)] == [None, project["id"], project["id"]]
    api.refused(400, "PATCH", about, {"jobIds": [999], "name": "Lost"})
    assert api.get(about)["name"] == "Both"


def test_a_second_open_job_at_a_location_makes_a_project_when_told_to(api: Api) -> None:
    # servicetitan D2, E12 "Booking a second related job may auto-create a project holding both"
    customer = api.new_customer()
    first = api.new_job(customer)
    assert api.rows("jpm/projects") == []
    api.settings(auto_create_project=True)
    second = api.new_job(customer)
    third = api.new_job(customer)
    project = api.rows("jpm/projects")[0]
    assert project["jobIds"] == [first["id"], second["id"], third["id"]]
    assert second["projectId"] == third["projectId"] == api.get(f"jpm/jobs/{first['id']}")["projectId"] == project["id"]


def test_projects_can_hide_their_modification_time(demo: Api) -> None:
    # servicetitan §8 "modifiedOn? (nullable!)", E11
    demo.settings(project_modified_on_null=True)
    assert {row["modifiedOn"] for row in demo.rows("jpm/projects")} == {None}
    assert {row["modifiedOn"] for row in demo.export("jpm/export/projects")[0]} == {None}


def test_a_project_becomes_inactive_by_the_control_route_only(api: Api) -> None:
    # design §6 objects; the API has no call for it (servicetitan §8, D12)
    project = api.new_project(api.new_customer())
    api.refused(400, "PATCH", f"jpm/projects/{project['id']}", {"active": False})
    api.control("POST", "objects/projects", {"id": project["id"], "active": False})
    rows, _ = api.export("jpm/export/projects", includeRecentChanges="true")
    assert [row["active"] for row in rows] == [False]
