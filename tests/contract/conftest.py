from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.contract.node_sdk import NodeSdk, absence, open_sdk


@pytest.fixture(scope="module")
def sdk() -> Iterator[NodeSdk]:
    """The vendor's Node SDK on an empty company of its own for each module; tests keep apart by the ids they use."""
    if reason := absence():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    opened, running = open_sdk()
    yield opened
    opened.close()
    for each in running.values():
        each.stop()
