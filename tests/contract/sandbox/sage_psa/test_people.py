"""Persons, teams and the set-up around them (sage-psa §2.2, §4.9, §4.11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import Api

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def test_a_person_needs_a_profile_and_gets_a_working_week(api: Api) -> None:
    # sage-psa §2.2 person
    made = api.post("v2/persons", profile_ids=[-3])
    assert [made[day] for day in DAYS] == [480] * 5 + [0] * 2
    assert (made["active"], made["is_system_user"], made["client_id"], made["start_date"]) == (True, False, None, "2026-03-02")
    assert not {"profile_ids", "user_type"} & set(made)
    assert api.get(f"v2/persons/{made['id']}") == made
    assert [row["id"] for row in api.get(f"v1/profiles/person/{made['id']}")] == [-3]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("profile_ids", None),
        ("profile_ids", []),
        ("profile_ids", [999]),
        ("profile_ids", [-3, -4]),
        ("profile_ids", -3),
        ("email", "sam"),
        ("email", "OWNER@sandbox.example"),
        ("language", "GERMAN"),
        ("default_role", 999),
        ("department_id", 999),
        ("client_id", 999),
        ("monday", 8.5),
        ("monday", 1441),
        ("cost", "38"),
        ("active", "yes"),
        ("end_date", "2000-01-01"),
        ("user_type", "MANAGER"),
    ],
)
def test_a_wrong_person_is_refused_and_leaves_nothing(api: Api, member: str, value: Any) -> None:
    # sage-psa §2.2 person, §4.11
    before = api.get("v2/persons")
    api.refused(400, "POST", "v2/persons", {"profile_ids": [-3], member: value})
    assert api.get("v2/persons") == before


def test_several_profiles_need_advanced_analytics(api: Api) -> None:
    # sage-psa §2.2 profile_ids
    api.settings(advanced_analytics=True)
    person = api.post("v2/persons", profile_ids=[-3, -4])
    assert person["permissions"] == ["PROJECTS_CREATE", "PROJECTS_UPDATE"]


def test_version_1_gives_a_user_type_where_version_2_gives_profiles(api: Api) -> None:
    # sage-psa §2.2 person v1 deprecated
    made = api.post("v1/persons", first_name="Ada", user_type="MANAGER")
    assert made["user_type"] == "MANAGER"
    assert api.get(f"v1/profiles/person/{made['id']}")[0]["name"] == "Manager"
    assert api.put(f"v1/persons/{made['id']}", user_type="ADMIN")["user_type"] == "ADMIN"
    api.refused(400, "POST", "v1/persons", {"first_name": "Ada"})
    api.refused(400, "POST", "v1/persons", {"user_type": "SYSTEM"})
    assert {row["user_type"] for row in api.get("v1/persons")} == {"SYSTEM", "ADMIN"}


def test_staff_cannot_be_deleted_but_are_deactivated_and_stay_visible(api: Api) -> None:
    # sage-psa §2.2 Only client users can be deleted, §4.11
    person = api.person()
    for version in ("v1", "v2"):
        api.refused(400, "DELETE", f"{version}/persons/{person['id']}")
    assert api.put(f"v2/persons/{person['id']}", active=False)["active"] is False
    assert person["id"] in [row["id"] for row in api.get("v2/persons")]


def test_client_users_can_be_deleted_and_go_with_their_client(api: Api) -> None:
    # sage-psa §2.2 client_id
    client = api.post("v1/clients", name="A")["id"]
    one, two = (api.person(email, client_id=client)["id"] for email in ("a@x.example", "b@x.example"))
    api.delete(f"v2/persons/{one}")
    api.refused(404, "GET", f"v2/persons/{one}")
    api.delete(f"v1/clients/{client}")
    api.refused(404, "GET", f"v2/persons/{two}")


def test_a_person_cannot_be_moved_to_a_client(api: Api) -> None:
    # sage-psa §2.2 client_id is not in the update table
    client, person = api.post("v1/clients", name="A")["id"], api.person()
    assert api.put(f"v2/persons/{person['id']}", client_id=client)["client_id"] is None


def test_system_users_are_read_only(api: Api) -> None:
    # sage-psa §2.2 System users
    system = next(row for row in api.get("v2/persons") if row["is_system_user"])
    api.refused(400, "PUT", f"v2/persons/{system['id']}", {"first_name": "X"})
    api.refused(400, "DELETE", f"v2/persons/{system['id']}")


def test_an_address_belongs_to_one_person(api: Api) -> None:
    # sage-psa §4.11
    one, two = api.person("a@x.example"), api.person("b@x.example")
    api.refused(400, "PUT", f"v2/persons/{two['id']}", {"email": "A@X.example"})
    assert api.put(f"v2/persons/{one['id']}", email="a@x.example") == one
    api.settings(unique_email=False)
    assert api.person("a@x.example")["id"] != one["id"]


def test_seats_run_out(api: Api) -> None:
    # sage-psa §10.18
    api.settings(seats=2)
    person = api.person()
    assert "seats" in api.refused(400, "POST", "v2/persons", {"profile_ids": [-3]})
    api.put(f"v2/persons/{person['id']}", active=False)
    api.person("b@x.example")
    api.refused(400, "PUT", f"v2/persons/{person['id']}", {"active": True})
    assert api.get("v1/company")["seats"] == 2
    client = api.post("v1/clients", name="A")["id"]
    api.person("c@x.example", client_id=client)


def test_references_to_other_systems_are_keys_with_values(api: Api) -> None:
    # sage-psa §2.2 external_refs
    person = api.person()["id"]
    api.put(f"v2/persons/{person}", external_refs=[{"key": "intacct", "value": "E-1"}])
    assert next(row for row in api.rows("persons") if row["id"] == person)["external_refs"] == [{"key": "intacct", "value": "E-1"}]
    for wrong in ([{"key": "a"}], ["E-1"], {"key": "a", "value": "b"}):
        api.refused(400, "PUT", f"v2/persons/{person}", {"external_refs": wrong})


def test_one_persons_role_can_be_an_object(api: Api) -> None:
    # sage-psa §2.2 default_role
    role = api.get("v1/roles")[0]
    person = api.person(default_role=role["id"])
    assert person["default_role"] == role["id"]
    api.settings(default_role_as_object=True)
    assert api.emulator.settings["default_role_as_object"]
    assert api.http.get(f"/api/v2/persons/{person['id']}", headers={"X-FORECAST-API-KEY": "psa-key"}).json()["default_role"] == role
    assert api.get("v2/persons")[-1]["default_role"] == role["id"]


def test_a_person_joins_a_team_once_and_with_a_role(api: Api) -> None:
    # sage-psa §2.2 project_team, §4.9
    number, person, role = api.project()["id"], api.person()["id"], api.role()
    path = f"v1/projects/{number}/team"
    made = api.post(path, person_id=person, project_role=role)
    assert made["project_contact"] is False
    assert api.get(f"{path}/{person}") == made
    for body in (
        {"person_id": person, "project_role": role},
        {"person_id": 999, "project_role": role},
        {"person_id": api.person("b@x.example")["id"]},
        {"person_id": person, "project_role": 999},
        {"project_role": role},
    ):
        api.refused(400, "POST", path, body)
    assert api.put(f"{path}/{person}", project_contact=True)["project_contact"] is True
    assert [row["id"] for row in api.get(f"v1/persons/{person}/projects")] == [number]
    api.refused(404, "GET", f"{path}/999")
    api.refused(404, "GET", "v1/projects/999/team")


def test_a_member_with_time_on_the_project_stays(api: Api) -> None:
    # R-PSA-44, sage-psa §4.9
    number, person, other = api.project()["id"], api.person()["id"], api.person("b@x.example")["id"]
    task = api.task(number, assigned_persons=[person, other])["id"]
    time = api.post("v1/time_registrations", person=person, task=task, time_registered=30, date="2026-03-02")
    api.refused(400, "DELETE", f"v1/projects/{number}/team/{person}")
    api.delete(f"v1/projects/{number}/team/{other}")
    assert api.get(f"v3/tasks/{task}")["assigned_persons"] == [person]
    api.delete(f"v1/time_registrations/{time['id']}")
    api.delete(f"v1/projects/{number}/team/{person}")
    assert api.get(f"v1/projects/{number}/team") == []


def test_a_member_with_time_can_leave_where_the_account_allows_it(api: Api) -> None:
    # sage-psa §4.9 (code inferred, a switch)
    api.settings(team_removal_with_time="allow", team_removal_unassigns=False)
    number, person = api.project()["id"], api.person()["id"]
    task = api.task(number, assigned_persons=[person])["id"]
    api.post("v1/time_registrations", person=person, task=task, time_registered=30, date="2026-03-02")
    api.delete(f"v1/projects/{number}/team/{person}")
    assert api.get(f"v3/tasks/{task}")["assigned_persons"] == [person]


@pytest.mark.parametrize("path", ["roles", "labels", "expense_categories", "non_project_time", "rate_cards"])
def test_set_up_has_a_name_and_can_be_made_changed_and_deleted(api: Api, path: str) -> None:
    # sage-psa §2.2
    made = api.post(f"v1/{path}", name="New")
    assert api.put(f"v1/{path}/{made['id']}", name="Other")["name"] == "Other"
    assert made["id"] in [row["id"] for row in api.get(f"v1/{path}")]
    for body in ({}, {"name": ""}, {"name": 5}):
        api.refused(400, "POST", f"v1/{path}", body)
    api.delete(f"v1/{path}/{made['id']}")
    api.refused(404, "GET", f"v1/{path}/{made['id']}")


def test_set_up_in_use_is_kept_unless_told_otherwise(api: Api) -> None:
    # undocumented, so a switch
    role, label = api.post("v1/roles", name="R")["id"], api.post("v1/labels", name="L")["id"]
    card = api.post("v1/rate_cards", name="C", default_rate=90, currency="USD")["id"]
    person, project = api.person(default_role=role)["id"], api.project(labels=[label], rate_card=card)["id"]
    for path in (f"v1/roles/{role}", f"v1/labels/{label}", f"v1/rate_cards/{card}"):
        api.refused(400, "DELETE", path)
    api.settings(delete_setup_in_use="detach")
    for path in (f"v1/roles/{role}", f"v1/labels/{label}", f"v1/rate_cards/{card}"):
        api.delete(path)
    assert api.get(f"v2/persons/{person}")["default_role"] is None
    after = api.get(f"v1/projects/{project}")
    assert (after["labels"], after["rate_card"]) == ([], None)


def test_a_role_without_a_rate_has_the_cards_default(api: Api) -> None:
    # sage-psa §2.2 rate_card
    card = api.post("v1/rate_cards", name="C", default_rate=90)["id"]
    role = api.role()
    path = f"v1/rate_cards/{card}/rates/{role}"
    api.refused(404, "GET", path)
    assert api.put(path, rate=120)["rate"] == 120
    assert api.put(path, rate=121)["rate"] == 121
    assert [row["role"] for row in api.get(f"v1/rate_cards/{card}/rates")] == [role]
    assert api.get(f"v1/rate_cards/{card}/versions")[0]["rates"] == [{"role": role, "rate": 121}]
    for wrong in ({"rate": "x"}, {"rate": -1}):
        api.refused(400, "PUT", path, wrong)
    api.refused(404, "PUT", f"v1/rate_cards/{card}/rates/999", {"rate": 1})
    api.delete(path)
    api.refused(404, "DELETE", path)


def test_departments_and_profiles_are_read_only(api: Api) -> None:
    # sage-psa §2.1
    api.refused(404, "POST", "v1/departments", {"name": "X"})
    api.refused(404, "POST", "v1/profiles", {"name": "X"})
    department = api.by_hand("departments", name="Field")
    assert api.get(f"v1/departments/{department['id']}") == {"id": department["id"], "name": "Field"}
    assert sum(row["person_count"] for row in api.get("v1/profiles")) == 1


def test_priority_levels_are_changed_by_the_body_and_deleted_with_a_replacement(api: Api) -> None:
    # sage-psa §2.1 priority_levels
    low, medium, high = api.get("v1/priority_levels")
    assert api.put("v1/priority_levels", id=low["id"], disabled=True)["disabled"] is True
    api.refused(404, "PUT", "v1/priority_levels", {"name": "X"})
    project = api.project()
    assert project["priority_level_id"] == medium["id"]
    api.refused(400, "DELETE", f"v1/priority_levels/{medium['id']}")
    api.delete(f"v1/priority_levels/{medium['id']}/{high['id']}")
    assert api.get(f"v1/projects/{project['id']}")["priority_level_id"] == high["id"]
    assert api.post("v1/priority_levels", name="Top")["weight"] == 4


def test_the_company_can_be_read_and_changed(api: Api) -> None:
    # sage-psa §2.1 company
    before = api.get("v1/company")
    assert api.put("v1/company", city="Denver") == {**before, "city": "Denver"}
    assert api.put("v1/company", seats=1)["seats"] == before["seats"]
    api.refused(400, "PUT", "v1/company", {"country": "USA"})
