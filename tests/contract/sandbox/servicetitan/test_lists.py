"""Lists: paging, filters, sorting, external data (servicetitan §5, E4-E7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import GUID, Api
from tieout.sandbox.servicetitan.routes import RESOURCES

NOBODY = "00000000-0000-0000-0000-000000000000"
LISTED = [f"{each.area}/{each.path}" for each in RESOURCES if each.listed and not each.bare]
FEEDS = {f"{each.area}/export/{each.feed}": each.kind for each in RESOURCES if each.feed}


@pytest.mark.parametrize("about", LISTED)
def test_every_list_keeps_to_the_contract(whole: Api, about: str) -> None:
    # servicetitan E4: all members of the shape; the client checks the reply against the vendor's facts
    size = 500 if about == "accounting/journal-entries" else 5000
    page = whole.get(about, pageSize=size, includeTotal="true", active="Any")
    assert page["data"]
    assert page["totalCount"] == len(page["data"])
    assert set(page) == {"page", "pageSize", "hasMore", "totalCount", "data"}


@pytest.mark.parametrize("resource", [each for each in RESOURCES if each.by_id], ids=lambda each: each.path)
def test_every_by_id_read_keeps_to_the_contract_and_knows_its_404(whole: Api, resource: Any) -> None:
    # servicetitan §4 "404 on by-id reads"
    about = f"{resource.area}/{resource.path}"
    row = whole.get(about)["data"][0]
    assert whole.get(f"{about}/{row['id']}") == row
    whole.refused(resource.absent, "GET", f"{about}/{NOBODY if resource.guid else 999}")


def test_pages_follow_each_other_without_gap_or_repetition(demo: Api) -> None:
    # servicetitan §5 "page (from 1), pageSize (default 50)"
    first, second, third = (demo.get("jpm/jobs", page=page) for page in (1, 2, 3))
    assert [len(page["data"]) for page in (first, second, third)] == [50, 50, 20]
    assert [page["hasMore"] for page in (first, second, third)] == [True, True, False]
    keys = [row["id"] for page in (first, second, third) for row in page["data"]]
    assert keys == sorted(set(keys))
    assert demo.get("jpm/jobs", page=4)["data"] == []
    assert first["totalCount"] is None


@pytest.mark.parametrize("params", [{"pageSize": 5001}, {"pageSize": 0}, {"page": 0}, {"pageSize": "many"}, {"includeTotal": "perhaps"}])
def test_a_page_out_of_bounds_is_a_400(demo: Api, params: dict[str, Any]) -> None:
    # servicetitan §5 "Maximum pageSize 5000", E5
    assert demo.refused(400, "GET", "jpm/jobs", **params)["errors"].keys() == params.keys()


def test_ids_select_at_most_fifty(demo: Api) -> None:
    # servicetitan §5 "ids: comma-separated, at most 50"
    keys = [row["id"] for row in demo.rows("jpm/jobs")]
    assert [row["id"] for row in demo.rows("jpm/jobs", ids=",".join(map(str, keys[:50])))] == keys[:50]
    demo.refused(400, "GET", "jpm/jobs", ids=",".join(map(str, keys[:51])))
    demo.refused(400, "GET", "jpm/jobs", ids="1,two")
    assert demo.rows("jpm/jobs", ids="1,2") == []


@pytest.mark.parametrize(
    ("about", "params"),
    [
        ("jpm/jobs", {"projectId": "abc"}),
        ("jpm/jobs", {"jobStatus": "Finished"}),
        ("jpm/jobs", {"modifiedOnOrAfter": "yesterday"}),
        ("jpm/jobs", {"createdBefore": "2026-13-01"}),
        ("jpm/jobs", {"sort": "-JobNumber"}),
        ("jpm/jobs", {"externalDataKey": "k"}),
        ("jpm/jobs", {"externalDataValues": "v"}),
        ("jpm/projects", {"sort": "+Priority"}),
        ("jpm/job-types", {"orderBy": "name"}),
        ("crm/customers", {"active": "Maybe"}),
        ("crm/customers", {"latitude": "north"}),
    ],
)
def test_a_value_that_does_not_fit_its_parameter_is_a_400(demo: Api, about: str, params: dict[str, str]) -> None:
    # servicetitan §4 "400 on every operation", §5
    demo.refused(400, "GET", about, **params)


def test_unknown_parameters_and_empty_values_are_ignored(demo: Api) -> None:
    # servicetitan E6
    job = demo.rows("jpm/jobs")[0]
    assert demo.get(f"jpm/jobs/{job['id']}", pageSize=100, page=1, nonsense="x") == job
    assert len(demo.rows("jpm/jobs", projectId="", jobStatus="", modifiedOnOrAfter="")) == 120


@pytest.mark.parametrize("value", ["true", "True", "TRUE"])
def test_booleans_are_read_in_any_case(demo: Api, value: str) -> None:
    # servicetitan E6
    assert demo.get("jpm/jobs", includeTotal=value)["totalCount"] == 120


@pytest.mark.parametrize(
    ("param", "member"),
    [
        ("number", "jobNumber"),
        ("projectId", "projectId"),
        ("customerId", "customerId"),
        ("locationId", "locationId"),
        ("businessUnitId", "businessUnitId"),
        ("jobTypeId", "jobTypeId"),
        ("jobStatus", "jobStatus"),
        ("priority", "priority"),
        ("invoiceId", "invoiceId"),
        ("campaignId", "campaignId"),
    ],
)
def test_jobs_are_filtered_by_a_member(demo: Api, param: str, member: str) -> None:
    # servicetitan Appendix B "jobs"
    jobs = demo.rows("jpm/jobs")
    wanted = next(job[member] for job in jobs if job[member] is not None)
    assert demo.rows("jpm/jobs", **{param: wanted}) == [job for job in jobs if job[member] == wanted]


def test_jobs_are_filtered_by_their_appointments(demo: Api) -> None:
    # servicetitan Appendix B "jobs": technicianId, appointmentStatus, appointmentStarts…
    visits = demo.rows("jpm/appointments")
    held = {visit["jobId"] for visit in visits if visit["status"] == "Scheduled"}
    assert {job["id"] for job in demo.rows("jpm/jobs", appointmentStatus="Scheduled")} == held
    late = {visit["jobId"] for visit in visits if visit["start"] >= "2026-01-01"}
    assert {job["id"] for job in demo.rows("jpm/jobs", appointmentStartsOnOrAfter="2026-01-01")} == late
    technician = demo.rows("settings/technicians")[0]["id"]
    theirs = {visit["jobId"] for visit in demo.rows("jpm/appointments", technicianId=technician)}
    assert {job["id"] for job in demo.rows("jpm/jobs", technicianId=technician)} == theirs != set()
    assert demo.rows("jpm/jobs", hasUnusedAppointments="true") == []


def test_projects_are_filtered_by_what_belongs_to_them(demo: Api) -> None:
    # servicetitan Appendix B "projects"
    job = next(job for job in demo.rows("jpm/jobs") if job["projectId"])
    by_job = demo.rows("jpm/projects", jobId=job["id"])
    assert [project["id"] for project in by_job] == [job["projectId"]]
    assert demo.rows("jpm/projects", invoiceId=job["invoiceId"]) == by_job
    assert demo.rows("jpm/projects", appointmentId=job["firstAppointmentId"]) == by_job
    unit = by_job[0]["businessUnitIds"][0]
    assert by_job[0] in demo.rows("jpm/projects", businessUnitIds=f"{unit},1")
    done = demo.rows("jpm/projects", completedOnOrAfter="2020-01-01")
    assert done == [project for project in demo.rows("jpm/projects") if project["actualCompletionDate"]]


def test_the_word_none_finds_projects_without_a_status(demo: Api) -> None:
    # servicetitan §8 "Status filter accepts the word None"
    projects = demo.rows("jpm/projects")
    without = [project for project in projects if project["status"] is None]
    closed = [project for project in projects if project["status"] in (None, "Closed & Billed")]
    assert demo.rows("jpm/projects", status="None") == without != []
    assert demo.rows("jpm/projects", status="None,Closed & Billed") == closed


@pytest.mark.parametrize("member", ["createdOn", "modifiedOn"])
def test_date_filters_include_their_start_and_exclude_their_end(demo: Api, member: str) -> None:
    # servicetitan §5 "Date filters are UTC"
    stem = member.removesuffix("On")
    jobs = sorted(demo.rows("jpm/jobs"), key=lambda job: job[member])
    middle = jobs[60][member]
    since = {job["id"] for job in demo.rows("jpm/jobs", **{f"{stem}OnOrAfter": middle})}
    before = {job["id"] for job in demo.rows("jpm/jobs", **{f"{stem}Before": middle})}
    assert since == {job["id"] for job in jobs if job[member] >= middle}
    assert before == {job["id"] for job in jobs} - since


def test_a_date_filter_understands_an_offset(demo: Api) -> None:
    # servicetitan §5 "Date filters are UTC"
    at_utc = demo.rows("jpm/jobs", createdOnOrAfter="2026-01-10T06:00:00Z")
    assert demo.rows("jpm/jobs", createdOnOrAfter="2026-01-10T08:00:00+02:00") == at_utc != []


@pytest.mark.parametrize("about", ["crm/customers", "crm/locations", "settings/business-units", "jpm/job-types"])
def test_only_active_rows_are_listed_unless_asked_otherwise(demo: Api, about: str) -> None:
    # servicetitan §5 "default is active only"
    everything = demo.rows(about, active="Any")
    assert demo.rows(about) == demo.rows(about, active="True") == [row for row in everything if row["active"]]
    assert demo.rows(about, active="False") == [row for row in everything if not row["active"]] != []


def test_jobs_and_projects_have_no_active_filter(demo: Api) -> None:
    # servicetitan §5 "Jobs and projects have no active filter"; the list shows no active member, inactive projects stay listed
    projects = demo.rows("jpm/projects", active="False")
    assert len(projects) == 40
    assert "active" not in projects[0]
    assert "active" not in demo.rows("jpm/jobs")[0]


@pytest.mark.parametrize("sort", ["%2BModifiedOn", "+ModifiedOn", "ModifiedOn", "-ModifiedOn", "-modifiedon"])
def test_sorting_takes_an_encoded_or_a_bare_plus(demo: Api, sort: str) -> None:
    # servicetitan §5 "sort"; a bare plus decodes to a space
    reply = demo.http.get(f"/jpm/v2/tenant/1000001/jobs?pageSize=5000&sort={sort}", headers=demo.headers)
    stamps = [row["modifiedOn"] for row in reply.json()["data"]]
    assert stamps == sorted(stamps, reverse=sort.startswith("-"))


def test_projects_are_sorted_by_name_with_the_nameless_first(demo: Api) -> None:
    # servicetitan §5 projects: Name, TargetCompletionDate
    names = [project["name"] for project in demo.rows("jpm/projects", sort="+Name")]
    assert names == sorted(names, key=lambda name: (name is not None, name or ""))
    assert None in names


def test_job_types_are_ordered_by_orderby(demo: Api) -> None:
    # servicetitan Appendix B "job-types": orderBy, orderByDirection
    keys = [row["id"] for row in demo.rows("jpm/job-types", orderBy="id", orderByDirection="desc")]
    assert keys == sorted(keys, reverse=True)


def test_customers_are_found_by_part_of_a_name_street_and_phone(demo: Api) -> None:
    # servicetitan Appendix B "customers"
    customer = next(row for row in demo.rows("crm/customers") if len(row["name"]) > 5)
    assert customer in demo.rows("crm/customers", name=customer["name"].strip()[1:6].upper())
    assert customer in demo.rows("crm/customers", street=customer["address"]["street"], zip=customer["address"]["zip"])
    assert demo.rows("crm/customers", phone="0000000000") == []


def test_external_data_are_seen_and_found_by_their_application_only(api: Api) -> None:
    # servicetitan §5 "External data", §8
    customer = api.new_customer()
    external = {"applicationGuid": GUID, "externalData": [{"key": "intacct", "value": "P-1"}]}
    job = api.new_job(customer, externalData=external)
    assert job["externalData"] == external["externalData"]
    assert api.get(f"jpm/jobs/{job['id']}")["externalData"] == []
    assert api.get(f"jpm/jobs/{job['id']}", externalDataApplicationGuid=GUID.upper())["externalData"] == external["externalData"]
    asked = {"externalDataApplicationGuid": GUID, "externalDataKey": "intacct", "externalDataValues": "P-0,P-1"}
    assert [row["id"] for row in api.rows("jpm/jobs", **asked)] == [job["id"]]
    assert api.rows("jpm/jobs", **{**asked, "externalDataApplicationGuid": "0" * 8 + GUID[8:]}) == []
    api.refused(400, "GET", "jpm/jobs", **{**asked, "externalDataValues": ",".join(map(str, range(51)))})


def test_a_body_on_a_get_is_tolerated(demo: Api) -> None:
    # servicetitan E7
    for body in (b"{}", b'""', b"nonsense"):
        reply = demo.call("GET", "jpm/jobs", content=body)
        assert reply.status_code == 200


@pytest.mark.parametrize(
    "path", ["/jpm/v2/tenant/1000001/widgets", "/jpm/v2/tenant/1000001/jobs/abc", "/crm/v3/tenant/1000001/customers", "/x"]
)
def test_an_unknown_path_is_a_404(api: Api, path: str) -> None:
    # servicetitan §4
    assert api.http.get(path, headers=api.headers).status_code == 404


@pytest.mark.parametrize("about", ["jpm/jobs", "jpm/projects", "crm/customers", "crm/locations"])
def test_nothing_can_be_deleted(demo: Api, about: str) -> None:
    # servicetitan §8 "Jobs cannot be deleted"
    demo.checks = False
    demo.refused(404, "DELETE", f"{about}/{demo.rows(about)[0]['id']}")


def test_a_slash_at_the_end_is_tolerated(demo: Api) -> None:
    # servicetitan §13.2 "by-id forms end in a slash"
    job = demo.rows("jpm/jobs")[0]
    reply = demo.http.get(f"/jpm/v2/tenant/1000001/jobs/{job['id']}/", headers=demo.headers)
    assert reply.json() == job
