"""Django's connection to PostgreSQL, except that its pool hands out the connection used last.

The driver's pool hands out the one that rested longest, so that a process with many connections uses each of them rarely. A rested
connection has forgotten how to do our statements, or never learnt it: doing and planning them anew took longer than the work itself.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import Any

from django.db.backends.postgresql import base

_guard = Lock()


class _LastFirst(deque[Any]):
    """What is taken from the front is what came last."""

    def popleft(self) -> Any:
        """The newest."""
        return self.pop()


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection."""

    @property
    def pool(self) -> Any:
        """The pool of this process, None if there is none."""
        pool = super().pool
        if pool is not None and type(pool._pool) is not _LastFirst:
            with _guard:
                if type(pool._pool) is not _LastFirst:
                    pool._pool = _LastFirst(pool._pool)
        return pool
