"""Storing connections and pairing them: what is kept, what is refused, and what is never done unasked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.world import INTACCT, SERVICETITAN, World
from tieout.cli.connecting import _pair
from tieout.engine import connections
from tieout.store.models import Connection, Environment, Integration, Journal

pytestmark = pytest.mark.django_db
NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)  # a day that other years lack


def connect(system: str, name: str, **more: Any) -> Connection:
    return connections.connect(system, name, INTACCT if system == "intacct" else SERVICETITAN, now=NOW, **more)


def pair() -> Integration:
    return connections.pair(connect("servicetitan", "field"), connect("intacct", "books"), now=NOW, since=None)


def test_a_test_system_that_is_connected_again_stays_a_test_system() -> None:
    connect("intacct", "books", environment="test")
    assert connect("intacct", "books").environment == Environment.TEST
    assert connect("intacct", "others").environment == Environment.PRODUCTION
    assert connect("intacct", "books", environment="production").environment == Environment.PRODUCTION


@pytest.mark.parametrize("name", ["", "my books", "books/2", "b" * 25, "büro", "books\n", "../books"])
def test_a_name_that_no_address_can_hold_is_refused(name: str) -> None:
    with pytest.raises(connections.PairingError, match="letters, digits"):
        connect("intacct", name)
    assert not Connection.objects.exists()


def test_the_longest_names_can_be_paired() -> None:
    platform, books = connect("servicetitan", "f" * 24), connect("intacct", "b" * 24)
    assert connections.pair(platform, books, now=NOW, since=None).name == f"{'f' * 24}-{'b' * 24}"


def test_a_platform_that_has_its_books_is_not_paired_with_second_ones_unasked() -> None:
    pair()
    second = connect("intacct", "others")
    assert _pair(second, "", now=NOW, everything=True, asks_first=False) is None
    assert _pair(second, "field", now=NOW, everything=True, asks_first=False) is not None


def test_a_second_platform_joins_the_only_books() -> None:
    pair()
    made = _pair(connect("servicetitan", "second"), "", now=NOW, everything=True, asks_first=False)
    assert made is not None
    assert made.company.name == "books"


def test_the_log_tells_a_changed_setting_as_its_page_does() -> None:
    connections.save_settings(pair(), {"enable_projects": "on", "default_location": "100"}, by="Ada", now=NOW)
    told = set(Journal.objects.filter(event="setting changed").values_list("text", flat=True))
    assert told == {
        "Ada changed the setting “Enable Intacct Projects” from off to on.",
        "Ada changed the setting “Location” from empty to “100”.",
    }


def test_the_check_of_books_looks_for_the_transaction_definitions_they_are_told_to_have(world: World) -> None:
    world.connect(definitions="Purchase Order: Enable Change, Vendor Invoice, Rental Order: Change Order")
    books = Connection.objects.get(name="books")
    failing = [line for line in connections.check(world.runtime, books) if not line.ok]
    assert [(line.name, line.code) for line in failing] == [("Definition Rental Order", "intacct.no-definition")]
    world.connect(definitions="Purchase Order: enable change, Vendor Invoice: Change Order")
    failing = [line for line in connections.check(world.runtime, Connection.objects.get(name="books")) if not line.ok]
    assert [(line.name, line.code) for line in failing] == [("Definition Vendor Invoice", "intacct.definition-mode")]
    assert "set its change documents to “Change Order”" in failing[0].cure
