"""What a month of transactions costs, foretold; and what slows down when it would cost more than it includes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.world import World
from tieout.engine.budget import budget_of
from tieout.store.models import ApiUsage, Connection, Cursor, Problem


def used(day: date, transactions: int) -> None:
    ApiUsage.objects.update_or_create(connection=Connection.objects.get(name="books"), day=day, defaults={"transactions": transactions})


@pytest.mark.parametrize(
    ("days", "forecast"),
    [
        ({date(2026, 3, 10): 50}, 50 + 21 * 50),  # nothing but today to go by
        ({date(2026, 3, 9): 100, date(2026, 3, 10): 10}, 110 + 21 * 100),
        ({date(2026, 2, 20): 9000, date(2026, 3, 3): 700, date(2026, 3, 10): 10}, 710 + 21 * 100),
        ({date(2026, 2, 1): 9000, date(2026, 3, 10): 10}, 10),
    ],
)
def test_the_month_is_foretold_from_the_last_full_days(world: World, days: dict[date, int], forecast: int) -> None:
    world.connect()
    for day, transactions in days.items():
        used(day, transactions)
    found = budget_of(Connection.objects.get(name="books"), datetime(2026, 3, 10, 12, tzinfo=UTC))
    assert found.forecast == forecast


def test_over_the_budget_the_books_are_asked_more_rarely_and_one_problem_says_why(world: World) -> None:
    world.connect(monthly_transactions=1000)
    yesterday = world.clock.now().date() - timedelta(days=1)
    used(yesterday, 1000)
    world.step()
    problem = Problem.objects.get(code="budget.over", cleared_at=None)
    assert "of 1,000 used" in problem.detail
    pauses = {row.next_at - row.polled_at for row in Cursor.objects.filter(connection__name="books") if row.next_at and row.polled_at}
    assert min(pauses) == timedelta(minutes=15)
    ashby = world.new_customer("Ashby")
    world.run(120)
    assert f"C-{ashby['id']}" in world.customers()
    used(yesterday, 0)
    ApiUsage.objects.update(transactions=0)
    Cursor.objects.update(next_at=world.clock.now())
    world.step()
    assert not Problem.objects.filter(code="budget.over", cleared_at=None).exists()


def test_within_the_budget_the_pace_is_the_usual_one(world: World) -> None:
    world.connect()
    world.step()
    pauses = {row.next_at - row.polled_at for row in Cursor.objects.filter(connection__name="books") if row.next_at and row.polled_at}
    assert pauses == {timedelta(seconds=60)}
