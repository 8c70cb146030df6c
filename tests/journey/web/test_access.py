"""Who may open what: nobody without signing in, and everybody no more than their work needs."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.journey.web.conftest import PASSWORD, As
from tests.journey.web.rows import Rows
from tieout.web.roles import PERMISSIONS, Role

WORK = ("/", "/overview/moving/", "/queue/", "/problems/", "/log/", "/records/", "/tie-outs/")
PLAN = ("/plan/",)
SETTINGS = ("/connections/", "/connections/books/", "/settings/", "/settings/field-books/", "/settings/field-books/tables/items/")
CONNECT = ("/connect/", "/connect/intacct/", "/connections/books/change/")
USERS = ("/auth/user/", "/auth/user/add/", "/auth/group/", "/axes/accessattempt/")
API = "/api/"  # answers programs with a status, not with a page
OPEN = {"/api/v1/openapi.json", "/login/", "/logout/", "/jsi18n/", "/healthz", "/metrics", "/webhooks/x/"}
MAY = {
    Role.VIEWER: WORK,
    Role.PROJECT_MANAGER: WORK + PLAN,
    Role.ACCOUNTANT: WORK + PLAN + SETTINGS,
    Role.ADMINISTRATOR: WORK + PLAN + SETTINGS + CONNECT + USERS,
}


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> list[str]:
    """Every address there is, with an example for each part that varies."""
    found = []
    for pattern in patterns:
        text = str(pattern.pattern)
        for part, example in (
            ("<slug:name>", "x"),
            ("<slug:system>", "intacct"),
            ("<slug:table>", "items"),
            ("<path:object_id>", "1"),
            ("<int:pk>", "1"),
            ("<int:content_type_id>", "1"),
        ):
            text = text.replace(part, example)
        text = text.replace("<path:object_id>", "1").replace("<id>", "1")
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, before + text)
        elif "(?P" not in text:
            found.append(before + text)
    return found


def test_every_address_sends_a_stranger_to_the_sign_in_page(rows: Rows) -> None:
    client = Client()
    for address in addresses(get_resolver().url_patterns):
        if address not in OPEN:
            answer = client.get(address)
            if address.startswith(API):
                assert answer.status_code in (401, 404, 405), address
                continue
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/login/"), address


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_its_work_needs_and_nothing_else(role: Role, signed_in: As, rows: Rows) -> None:
    client = signed_in(role)
    for address in WORK + PLAN + SETTINGS + CONNECT + USERS:
        assert client.get(address).status_code == (200 if address in MAY[role] else 403), address


def test_the_menu_shows_only_what_may_be_opened(signed_in: As, rows: Rows) -> None:
    viewer = signed_in(Role.VIEWER).get("/").content.decode()
    administrator = signed_in(Role.ADMINISTRATOR).get("/").content.decode()
    assert 'href="/queue/"' in viewer
    assert 'href="/auth/user/"' not in viewer
    assert 'href="/connections/' not in viewer
    assert 'href="/auth/user/"' in administrator
    assert 'href="/connections/books/"' in administrator


def test_somebody_without_a_group_is_told_whom_to_ask(signed_in: As) -> None:
    answer = signed_in(None).get("/")
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.content.decode()


def test_pages_that_read_refuse_to_be_posted_to(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    for address in WORK + PLAN + SETTINGS:
        assert client.post(address).status_code == 405, address


def test_signing_in_needs_the_form_s_own_token(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "somebody", "password": PASSWORD})
    assert answer.status_code == 403
    assert "form has expired" in answer.content.decode()


def test_a_wrong_password_is_answered_with_a_sentence(db: None) -> None:
    answer = Client().post("/login/", {"username": "nobody", "password": "wrong"})
    assert "This name and password do not fit together." in answer.content.decode()


def test_a_switched_off_account_cannot_sign_in(db: None) -> None:
    User.objects.create_user("ann", password=PASSWORD, is_active=False)
    assert Client().post("/login/", {"username": "ann", "password": PASSWORD}).status_code == 200


def test_too_many_wrong_passwords_lock_the_name_and_say_for_how_long(db: None) -> None:
    User.objects.create_user("ann", password=PASSWORD)
    client = Client()
    for _ in range(5):
        answer = client.post("/login/", {"username": "ann", "password": "wrong"})
    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()
    assert answer.headers["Retry-After"] == "900"
    assert client.post("/login/", {"username": "ann", "password": PASSWORD}).status_code == 429


def test_an_administrator_unlocks_a_name_by_deleting_its_row(signed_in: As) -> None:
    User.objects.create_user("ann", password=PASSWORD)
    for _ in range(5):
        Client().post("/login/", {"username": "ann", "password": "wrong"})
    client = signed_in(Role.ADMINISTRATOR)
    page = client.get("/axes/accessattempt/").content.decode()
    assert "ann" in page
    assert "wrong" not in page
    from axes.models import AccessAttempt

    client.post(f"/axes/accessattempt/{AccessAttempt.objects.get().pk}/delete/", {"post": "yes"})
    assert Client().post("/login/", {"username": "ann", "password": PASSWORD}).status_code == 302


def test_an_administrator_can_neither_become_nor_change_a_superuser(signed_in: As) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    root = User.objects.create_superuser("root", password=PASSWORD)
    me = User.objects.get(username="administrator")
    assert "is_superuser" not in client.get(f"/auth/user/{me.pk}/change/").content.decode()
    values = {"username": me.username, "is_active": "on", "is_superuser": "on", "groups": [Group.objects.get(name="administrator").pk]}
    assert client.post(f"/auth/user/{me.pk}/change/", values).status_code == 302
    me.refresh_from_db()
    assert not me.is_superuser
    assert client.post(f"/auth/user/{root.pk}/change/", {"username": "taken"}).status_code == 403
    assert client.post(f"/auth/user/{root.pk}/password/", {"password1": "x", "password2": "x"}).status_code == 403
    assert client.post(f"/auth/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/auth/user/{me.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_administrator_makes_an_accountant_who_signs_in(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    made = client.post("/auth/user/add/", {"username": "acc", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD})
    assert made.status_code == 302
    user = User.objects.get(username="acc")
    accountants = Group.objects.get(name="accountant").pk
    client.post(f"/auth/user/{user.pk}/change/", {"username": "acc", "is_active": "on", "groups": [accountants]})
    new = Client()
    assert new.post("/login/", {"username": "acc", "password": PASSWORD}).headers["Location"] == "/"
    assert new.get("/").status_code == 200


def test_the_four_groups_hold_exactly_their_permissions(db: None) -> None:
    for role, names in PERMISSIONS.items():
        held = Group.objects.get(name=role.value).permissions.values_list("content_type__app_label", "codename")
        assert {f"{app}.{name}" for app, name in held} == set(names)


def test_only_the_four_groups_are_beyond_change(signed_in: As) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    client = Client()
    client.force_login(root, "django.contrib.auth.backends.ModelBackend")
    other = Group.objects.create(name="auditors")
    assert client.post(f"/auth/group/{Group.objects.get(name='viewer').pk}/change/", {"name": "x"}).status_code == 403
    assert client.post(f"/auth/group/{other.pk}/change/", {"name": "external auditors"}).status_code == 302


def test_a_page_that_does_not_exist_says_so_in_plain_words(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    for address in ("/log/999999/", "/connections/nope/", "/log/?before=nonsense"):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "There is nothing here" in answer.content.decode()
