"""What is forgotten in time: plan items that ended long ago, by the company's own setting, and nothing that still says something."""

from __future__ import annotations

from datetime import timedelta

from tests.world import World
from tieout.engine.retention import forget_ended_items, make_months
from tieout.store.models import Connection, PlanItem, PlanState


def test_plan_items_that_ended_long_enough_ago_are_forgotten_by_setting(world: World) -> None:
    integration = world.connect()
    now = world.clock.now()
    for days, state in ((200, "done"), (100, "done"), (100, "lapsed"), (10, "done"), (400, "rejected"), (None, "planned")):
        ended = now - timedelta(days=days) if days else None
        plain = {"flow": "projects", "left_kind": "project", "right_kind": "PROJECT", "name": "Barn", "step": "create", "fingerprint": "f"}
        PlanItem.objects.create(integration=integration, left_id=f"{state} {days}", state=state, planned_at=now, ended_at=ended, **plain)
    assert forget_ended_items(now) == 1
    books = Connection.objects.get(name="books")
    books.values["plan_days"] = 90
    books.save()
    assert forget_ended_items(now) == 2
    left = {(item.state, item.left_id) for item in PlanItem.objects.all()}
    assert left == {(PlanState.DONE, "done 10"), (PlanState.REJECTED, "rejected 400"), (PlanState.PLANNED, "planned None")}
    make_months(now)
    make_months(now)
