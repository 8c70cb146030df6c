"""What the pages call things."""

from __future__ import annotations

import pytest

from tieout.platforms import registry
from tieout.web.words import DOCUMENT, kind_label

PLAIN = {"CUSTOMER", "PROJECT", "VENDOR", "EMPLOYEE", "TASK", "TIMESHEET", "ITEM"}
PLATFORMS = [registry.platform(name) for name in registry.names() if name != registry.BOOKS]


@pytest.mark.parametrize("kind", sorted({flow.right_kind for platform in PLATFORMS for flow in platform.flows}))
def test_a_kind_of_the_books_is_called_as_accountants_call_it(kind: str) -> None:
    assert kind in DOCUMENT or kind in PLAIN
    assert kind_label(kind)[:2] in ("AP", "AR") or kind_label(kind) == kind.capitalize()
