"""Which connection of a process is used next."""

from __future__ import annotations

from django.db import connections

from tieout.store.postgresql.base import DatabaseWrapper


def test_the_pool_hands_out_the_connection_that_was_used_last() -> None:
    settings = {**connections["default"].settings_dict, "CONN_MAX_AGE": 0, "OPTIONS": {"pool": {"min_size": 0, "max_size": 2}}}
    wrapper = DatabaseWrapper(settings, "of the test")
    resting = wrapper.pool._pool
    resting.append("first")
    resting.append("last")
    assert wrapper.pool._pool is resting
    assert [resting.popleft(), resting.popleft()] == ["last", "first"]
