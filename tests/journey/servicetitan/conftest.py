"""A world of its own for each test; the tables are real, and so is everything above the transport."""

from collections.abc import Iterator

import pytest

from tests.database import empty
from tests.world import World, a_world


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """An empty field and empty books. Journal and run are emptied here, because Django leaves partitioned tables alone."""
    empty("store_journal", "store_run")
    with a_world() as made:
        yield made
