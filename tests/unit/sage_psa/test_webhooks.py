"""A webhook proves that it knows the secret, and says where to look and nothing else."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.core.record import Ref
from tieout.platforms.sage_psa import SECRET_HEADER, Event, delivery_id, event_of, hints, verify
from tieout.platforms.sage_psa.webhooks import LARGEST_EVENT

SECRET = "s3cret-of-ours"


def event(**changes: Any) -> bytes:
    told = {"timestamp": "2026-05-20T12:00:00Z", "event": "task_updated", "object": {"id": 501}, "person": {"id": 7}}
    return json.dumps({**told, "fields_changed": ["title", "estimate"], **changes}).encode()


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"tieout:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("headers", "genuine"),
    [
        ({"Authorization": basic(SECRET)}, True),
        ({"authorization": f"Bearer {SECRET}"}, True),
        ({SECRET_HEADER.title(): SECRET}, True),
        ({"Authorization": basic("guess")}, False),
        ({"Authorization": "Basic %%%"}, False),
        ({"Authorization": "Basic"}, False),
        ({"Authorization": SECRET}, False),
        ({SECRET_HEADER: ""}, False),
        ({SECRET_HEADER: SECRET + "x"}, False),
        ({}, False),
    ],
)
def test_only_a_call_that_knows_the_secret_is_taken(headers: dict[str, str], genuine: bool) -> None:
    assert verify(headers, event(), SECRET) is genuine


def test_without_a_secret_and_with_a_huge_body_nothing_is_taken() -> None:
    assert not verify({"Authorization": basic("")}, event(), "")
    assert not verify({SECRET_HEADER: SECRET}, b"x" * (LARGEST_EVENT + 1), SECRET)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("task_created", "task"),
        ("task_updated", "task"),
        ("TASK_DELETED", "task"),
        ("project_created", "project"),
        ("project_updated", "project"),
        ("project_deleted", "project"),
        ("phase_updated", "phase"),
        ("time_reg_created", ""),
        ("time_registration_updated", ""),
        ("something_new", ""),
        ("task", ""),
    ],
)
def test_each_event_names_its_record_and_unknown_ones_none(name: str, kind: str) -> None:
    assert hints(event(event=name)) == ([Ref(kind, "501")] if kind else [])


def test_an_event_says_who_and_what() -> None:
    assert event_of(event()) == Event("task", "updated", "501", "7", ("title", "estimate"))
    assert event_of(event(event="project_created", person=None, fields_changed=None)) == Event("project", "created", "501")


def test_a_repeated_delivery_has_the_same_id_and_another_event_another() -> None:
    first = delivery_id(event())
    assert delivery_id(event(fields_changed=["estimate", "title"])) == first
    assert delivery_id(event(timestamp="1621512000000")) != first
    assert delivery_id(event(timestamp=1621512000000)) == delivery_id(event(timestamp="1621512000000"))
    others = [
        event(object={"id": 502}),
        event(event="task_deleted"),
        event(fields_changed=["title"]),
        event(timestamp="2026-05-20T12:00:01Z"),
    ]
    assert len({first, *map(delivery_id, others)}) == 5


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", event(event=None), event(event=""), event(object=None), event(object={}), event(object={"id": "x"})],
)
def test_a_body_that_is_no_event_is_refused_with_a_sentence(body: bytes) -> None:
    for read in (hints, delivery_id):
        with pytest.raises(ValueError, match=r"^The webhook .*\.$"):
            read(body)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=3).map(lambda v: event(person=v, object=v))
)
def test_any_body_gives_hints_or_a_refusal(body: bytes) -> None:
    said = ""
    try:
        found = [*hints(body), delivery_id(body)]
    except ValueError as error:
        said = str(error)
    assert said.endswith(".") if said else found
