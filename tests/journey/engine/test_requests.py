"""A record that somebody asks for: it goes although nothing else would take it, and only when it can be told which is meant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.in_process import InProcess
from tests.world import World
from tieout.engine.requests import RequestError, request
from tieout.store.models import Integration, Journal, Problem, Ruling

DELETE = """<?xml version="1.0" encoding="UTF-8"?><request><control><senderid>sandbox-sender</senderid>
<password>sandbox-sender-pw</password>
<controlid>by-hand</controlid><uniqueid>false</uniqueid><dtdversion>3.0</dtdversion></control><operation><authentication><login>
<userid>Admin</userid><companyid>SANDBOX</companyid><password>admin-pw</password></login></authentication><content>
<function controlid="f"><delete><object>PROJECT</object><keys>{}</keys></delete></function></content></operation></request>"""


def a_project(world: World) -> dict[str, Any]:
    return world.new_project(world.new_customer("Ashby Farm"), "Grain store")


def delete_in_books(world: World, project_id: str) -> None:
    text = DELETE.format(world.projects()[project_id]["RECORDNO"])
    with httpx.Client(transport=InProcess(world.books), base_url="http://intacct.test") as client:
        answer = client.post("/ia/xml/xmlgw.phtml", content=text.encode(), headers={"Content-Type": "application/xml"})
    assert "failure" not in answer.text


def ask(world: World, integration: Integration, wanted: str) -> None:
    request(integration, wanted, by="Ada", now=world.clock.now())
    world.run_until_quiet()


def test_a_record_older_than_the_integration_comes_on_request(world: World) -> None:
    project = a_project(world)
    world.clock.advance(3600)
    integration = world.connect(since=world.clock.now())
    world.run_until_quiet()
    assert not world.projects()
    ask(world, integration, f"project {project['id']}")
    assert [row["NAME"] for row in world.projects().values()] == [project["name"]]
    assert Ruling.objects.get().by == "Ada"


def test_a_counterpart_deleted_in_the_books_is_told_in_plain_words_and_comes_back_only_on_request(world: World) -> None:
    project = a_project(world)
    integration = world.connect()
    world.run_until_quiet()
    delete_in_books(world, f"P-{project['number']}")
    world.clock.advance(timedelta(hours=3).total_seconds())
    world.run_until_quiet()
    assert not world.projects()
    told = Journal.objects.get(event="unlinked").text
    assert told == "Its counterpart was deleted in the books, so it is in step no more. Tieout does not create it again by itself."
    assert Problem.objects.get(cleared_at=None).code == "link.deleted-right"
    ask(world, integration, project["number"])
    assert [row["NAME"] for row in world.projects().values()] == [project["name"]]
    assert not Problem.objects.filter(cleared_at=None).exists()


def test_a_number_nobody_has_and_a_number_two_have_are_told(world: World) -> None:
    number = a_project(world)["number"]
    integration = world.connect()
    world.run_until_quiet()
    with pytest.raises(RequestError, match="No record of field has the number or ID “nope”"):
        request(integration, "nope", by="Ada", now=world.clock.now())
    assert request(integration, number, by="Ada", now=world.clock.now()) == request(
        integration, f"P-{number}", by="Ada", now=world.clock.now()
    )
