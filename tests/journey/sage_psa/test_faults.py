"""Whatever happens to a call in either direction: afterwards both sides agree, and everything exists once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journey.sage_psa.conftest import PsaWorld
from tieout.engine import tieout
from tieout.store.models import Integration, Link

FAULTS: tuple[dict[str, Any], ...] = (
    {"action": "delay", "seconds": 400},
    {"action": "http_status", "status": 500},
    {"action": "http_status", "status": 429, "seconds": 3},
    {"action": "html_body"},
    {"action": "cut_before_commit"},
    {"action": "cut_after_commit"},
    {"action": "finish_after_cut", "seconds": 20},
)


def fault(what: dict[str, Any], function: str) -> list[dict[str, Any]]:
    return [{"match": {"function": function, "times": 1}, **what}]


def troubled(world: PsaWorld, what: dict[str, Any]) -> None:
    """Work until all is quiet, while the first call of every kind meets this fault; people's own calls do not."""
    for function in ("POST v1/projects", "POST v1/clients", "PUT v1/projects/{id}"):
        world.control("sage-psa", "POST", "faults", fault(what, function))
    for function in ("create", "update"):
        world.control("intacct", "POST", "faults", fault(what, function))
    world.run_until_quiet()
    for name in ("sage-psa", "intacct"):
        world.control(name, "DELETE", "faults")


@pytest.mark.parametrize("what", FAULTS, ids=lambda each: each["action"] + str(each.get("status", "")))
def test_under_every_fault_everything_exists_once_on_both_sides(world: PsaWorld, what: dict[str, Any]) -> None:
    world.connect()
    world.run_until_quiet()
    world.book("create", "CUSTOMER", CUSTOMERID="K-1", NAME="Ashby Farm")
    new = {"PROJECTID": "P-9", "NAME": "Barn", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100", "ENDDATE": "12/31/2026"}
    world.book("create", "PROJECT", CUSTOMERID="K-1", **new)
    client = world.psa("POST", "v1/clients", {"name": "Mill Ltd"})
    body = {"name": "Roof", "stage": "RUNNING", "budget_type": "FIXED_PRICE", "client": client["id"], "custom_project_id": "X-1"}
    roof = world.psa("POST", "v1/projects", body)
    troubled(world, what)
    world.book("update", "PROJECT", PROJECTID="P-9", DESCRIPTION="from the books")
    world.psa("PUT", f"v1/projects/{roof['id']}", {"name": "Roof II"})
    troubled(world, what)
    assert sorted((row["custom_project_id"], row["name"]) for row in world.psa("GET", "v1/projects")) == [
        ("P-9", "Barn"),
        ("X-1", "Roof II"),
    ]
    assert sorted(row["name"] for row in world.psa("GET", "v1/clients")) == ["Ashby Farm", "Mill Ltd"]
    assert {key: row["NAME"] for key, row in world.projects().items()} == {"P-9": "Barn", "X-1": "Roof II"}
    assert len(world.customers()) == 2
    assert world.psa_projects()["Barn"]["description"] == "from the books"
    assert Link.objects.filter(is_open=True).count() == 4
    assert tieout.run(world.runtime, Integration.objects.get()).agreed
