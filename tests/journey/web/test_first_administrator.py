"""The first administrator, as `tieout init --user` makes one."""

from __future__ import annotations

import pytest
import typer
from django.contrib.auth.models import User
from django.test import Client

from tieout.cli.processes import _make_administrator

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def test_the_first_administrator_can_sign_in(client: Client) -> None:
    _make_administrator("boss", PASSWORD)
    answer = client.post("/login/", {"username": "boss", "password": PASSWORD, "next": "/auth/user/"}, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == "/auth/user/"


@pytest.mark.parametrize("name", ["x" * 200, "two words", "<b>", "a\nb"])
def test_a_name_that_no_user_can_have_is_refused_in_one_sentence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        _make_administrator(name, PASSWORD)
    said = capsys.readouterr().err
    assert ended.value.exit_code == 2
    assert "cannot be the name of a user" in said
    assert said.count("\n") == 1
    assert not User.objects.exists()
