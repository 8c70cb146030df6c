"""People of every role, and rows for them to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.journey.web.rows import Rows
from tieout.web.roles import Role
from tieout.web.snapshot import shared

PASSWORD = "a long enough password"
As = Callable[[Role | None], Client]


@pytest.fixture(autouse=True)
def _fresh_figures() -> Iterator[None]:
    """No figures of the test before."""
    shared.forget()
    yield
    shared.forget()


@pytest.fixture
def rows(db: None) -> Rows:
    """Two connections kept in step, as of now."""
    return Rows(datetime.now(UTC))


@pytest.fixture
def signed_in(db: None) -> As:
    """A browser in which somebody of this role is signed in; None is a user without any group."""

    def make(role: Role | None) -> Client:
        user = User.objects.create_user(role.value.replace(" ", "-") if role else "nobody", password=PASSWORD)
        if role is not None:
            user.groups.add(Group.objects.get(name=role.value))
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return make
