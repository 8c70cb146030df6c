"""Undoing a run: what we wrote goes back to what it was, and what cannot go back is refused with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.in_process import InProcess
from tests.world import World
from tieout.engine import freeze, release
from tieout.engine.release import Word
from tieout.engine.undo import UndoError, plan_undo
from tieout.store.models import Connection, Hold, Intent, Journal, Link, PlanItem, PlanState

DELETE = """<?xml version="1.0" encoding="UTF-8"?><request><control><senderid>sandbox-sender</senderid>
<password>sandbox-sender-pw</password><controlid>by-hand</controlid><uniqueid>false</uniqueid><dtdversion>3.0</dtdversion></control>
<operation><authentication><login><userid>Admin</userid><companyid>SANDBOX</companyid><password>admin-pw</password></login>
</authentication><content><function controlid="f"><delete><object>PROJECT</object><keys>{}</keys></delete></function></content>
</operation></request>"""


class Site:
    """One project in step, and what a test does to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.connect()
        self.project: dict[str, Any] = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
        world.run_until_quiet()

    @property
    def row(self) -> dict[str, Any]:
        return self.world.projects()[f"P-{self.project['number']}"]

    def rename(self, name: str) -> int:
        """Rename it on the platform; the run that carried it across."""
        self.world.field("PATCH", f"jpm/projects/{self.project['id']}", {"name": name})
        self.world.clock.advance(120)
        self.world.run_until_quiet()
        return int(Intent.objects.filter(step="update").latest("id").run_id or 0)

    def edit(self, name: str) -> None:
        self.world.edit_books("PROJECT", {"RECORDNO": self.row["RECORDNO"], "NAME": name})
        self.world.clock.advance(300)

    def undo(self, run: int) -> list[str]:
        """Plan to undo a run, release everything, and let it be worked off; the refusals."""
        told: list[str] = []
        found = plan_undo(self.world.runtime, run, by="Ada", tell=lambda name, text: told.append(text))
        items = list(PlanItem.objects.filter(run_id=found.run, state=PlanState.PLANNED).values_list("pk", flat=True))
        assert len(items) == found.items
        if items:
            release.approve(items, Word("Ada"), self.world.clock.now())
        self.world.run_until_quiet()
        return told


@pytest.fixture
def site(world: World) -> Site:
    return Site(world)


def test_an_update_goes_back_to_what_was_there_before_and_stays_so(site: Site) -> None:
    run = site.rename("Seed store")
    assert site.row["NAME"] == "Seed store"
    assert site.undo(run) == []
    assert site.row["NAME"] == "Grain store"
    site.world.clock.advance(86400)
    site.world.run_until_quiet()
    assert site.row["NAME"] == "Grain store"
    assert PlanItem.objects.get(undoes__isnull=False).state == PlanState.DONE
    site.rename("Hay store")
    assert site.row["NAME"] == "Hay store"


def test_a_created_record_is_set_aside_and_comes_back_only_on_request(site: Site) -> None:
    run = int(Intent.objects.get(flow="projects", step="create").run_id or 0)
    told = site.undo(run)
    assert site.row["STATUS"] == "inactive"
    assert Link.objects.get(flow="projects").closed_because == "undone"
    assert told == []
    assert Journal.objects.filter(event="unlinked").latest("id").text.startswith("What made it was undone")


def test_what_was_edited_since_is_refused_with_the_fields_and_the_editor(site: Site) -> None:
    run = site.rename("Seed store")
    site.edit("Barn of theirs")
    (told,) = site.undo(run)
    assert told.startswith("It was edited since by")
    assert told.endswith(": name.")
    assert site.row["NAME"] == "Barn of theirs"


def test_an_edit_between_the_plan_and_its_turn_is_refused_too(site: Site) -> None:
    run = site.rename("Seed store")
    found = plan_undo(site.world.runtime, run, by="Ada")
    site.edit("Barn of theirs")
    release.approve(list(PlanItem.objects.filter(run_id=found.run).values_list("pk", flat=True)), Word("Ada"), site.world.clock.now())
    site.world.run_until_quiet()
    assert site.row["NAME"] == "Barn of theirs"
    item = PlanItem.objects.get(undoes__isnull=False)
    assert item.state == PlanState.LAPSED
    assert "Not done: It was edited since" in item.reason


def test_a_later_run_is_undone_first(site: Site) -> None:
    first = site.rename("Seed store")
    second = site.rename("Hay store")
    assert site.undo(first) == [f"It was written again by run {second}; undo that one first."]
    assert site.undo(second) == []
    assert site.row["NAME"] == "Seed store"


def test_what_was_deleted_since_is_refused(site: Site) -> None:
    run = site.rename("Seed store")
    text = DELETE.format(site.row["RECORDNO"])
    with httpx.Client(transport=InProcess(site.world.books), base_url="http://intacct.test") as client:
        client.post("/ia/xml/xmlgw.phtml", content=text.encode(), headers={"Content-Type": "application/xml"})
    site.world.clock.advance(timedelta(hours=1).total_seconds())
    (told,) = site.undo(run)
    assert told == "It was deleted since."


def test_a_frozen_company_is_not_undone_until_the_freeze_is_lifted(site: Site) -> None:
    run = site.rename("Seed store")
    books = Connection.objects.get(name="books")
    freeze.freeze(books, by="Ada", why="", now=site.world.clock.now())
    site.undo(run)
    assert site.row["NAME"] == "Seed store"
    assert PlanItem.objects.get(undoes__isnull=False).hold == Hold.FROZEN
    freeze.lift(books, by="Ada", now=site.world.clock.now())
    site.world.run_until_quiet()
    assert site.row["NAME"] == "Grain store"


def test_a_run_that_wrote_nothing_or_does_not_exist_is_told(site: Site) -> None:
    with pytest.raises(UndoError, match="There is no run 999999"):
        plan_undo(site.world.runtime, 999999, by="Ada")
