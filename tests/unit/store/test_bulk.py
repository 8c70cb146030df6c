"""Rows made for a bulk insert are those the model itself would make."""

from __future__ import annotations

from typing import Any

import pytest

from tieout.store.bulk import new
from tieout.store.models import Intent, Journal, Link

GIVEN: dict[str, Any] = {"integration_id": 7, "flow": "projects", "left_kind": "project", "left_id": "12"}


def _held(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


@pytest.mark.parametrize("kind", [Intent, Journal, Link])
def test_a_new_row_holds_what_the_model_would_give_it(kind: type[Any]) -> None:
    made, usual = new(kind, **GIVEN), kind(**GIVEN)
    assert _held(made) == _held(usual)
    assert made.pk is None
    assert made._state.adding


def test_new_rows_share_no_list_or_mapping() -> None:
    one, other = new(Link, **GIVEN), new(Link, **GIVEN)
    one.unread.append("NAME")
    one.base["NAME"] = ["a", "a"]
    assert (other.unread, other.base) == ([], {})


def test_what_is_no_column_is_refused() -> None:
    with pytest.raises(TypeError, match="Link has no column colour"):
        new(Link, **GIVEN, colour="red")
