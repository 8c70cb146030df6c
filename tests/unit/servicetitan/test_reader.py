"""Records by id and by number, permissions explained, and the preflight check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.unit.servicetitan.bodies import (
    NOW,
    VALUES,
    Service,
    Watch,
    business_unit,
    customer,
    error,
    feed,
    job,
    job_type,
    listing,
    location,
    project,
    token,
)
from tieout.core.ports import Effect, Fault, FaultCase, System, Trace, Verb, Write
from tieout.core.record import Ref
from tieout.platforms.servicetitan import KINDS, connect, faults
from tieout.platforms.servicetitan.cursors import stamp


def by_ids(make: Any, known: dict[int, dict[str, Any]] | None = None) -> Any:
    """Answers a list by `ids` with the records that exist; odd ids do not."""

    def answer(request: httpx.Request, params: dict[str, str]) -> httpx.Response:
        ids = [int(part) for part in params["ids"].split(",")]
        assert len(ids) <= 50
        found = [make(id_) if known is None else known[id_] for id_ in ids if (id_ % 2 == 0 if known is None else id_ in known)]
        return httpx.Response(200, json=listing(found))

    return answer


def answering(body_for: Callable[[dict[str, str]], Any]) -> Any:
    return lambda request, params: httpx.Response(200, json=body_for(params))


def test_records_are_read_by_id_in_batches_of_fifty_and_absent_ones_are_left_out() -> None:
    service = Service()
    service.on("jpm/jobs", by_ids(job))
    refs = [Ref("job", str(id_)) for id_ in range(1, 121)]
    found = service.system(Watch()).read(refs)
    assert set(found) == {ref for ref in refs if int(ref.id) % 2 == 0}
    assert [len(call["ids"].split(",")) for call in service.calls("jpm/jobs")] == [50, 50, 20]


@pytest.mark.parametrize(
    ("kind", "path", "body"),
    [
        ("customer", "crm/customers", customer(2, active=False)),
        ("location", "crm/locations", location(2, active=False)),
        ("business-unit", "settings/business-units", business_unit(2, active=False)),
        ("job-type", "jpm/job-types", job_type(2, active=False)),
    ],
)
def test_inactive_records_are_read_too(kind: str, path: str, body: dict[str, Any]) -> None:
    service = Service()
    service.on(path, listing([body]))
    found = service.system(Watch()).read([Ref(kind, "2")])
    assert found[Ref(kind, "2")].fields["active"] is False
    assert service.calls(path)[0]["active"] == "Any"


def test_several_kinds_are_read_at_once_and_a_repeated_key_once() -> None:
    service = Service()
    service.on("jpm/jobs", listing([job(4)]))
    service.on("crm/customers", listing([customer(101)]))
    found = service.system(Watch()).read([Ref("job", "4"), Ref("customer", "101"), Ref("job", "4")])
    assert set(found) == {Ref("job", "4"), Ref("customer", "101")}
    assert service.calls("jpm/jobs")[0]["ids"] == "4"


@pytest.mark.parametrize("id_", ["", "abc", "-1", "1,2", "0", "9" * 25, "²", "1 OR 1"])
def test_what_cannot_be_an_id_is_not_there_and_is_not_asked_for(id_: str) -> None:
    service = Service()
    assert service.system(Watch()).read([Ref("job", id_)]) == {}
    assert service.seen == []


def test_a_record_that_was_not_asked_for_is_not_given() -> None:
    service = Service()
    service.on("jpm/jobs", listing([job(4), job(5)]))
    assert set(service.system(Watch()).read([Ref("job", "4")])) == {Ref("job", "4")}


def test_pages_are_followed_to_the_end() -> None:
    service = Service()
    service.on(
        "jpm/jobs", lambda request, params: httpx.Response(200, json=listing([job(int(params["page"]))], more=params["page"] == "1"))
    )
    assert len(service.system(Watch()).read([Ref("job", "1"), Ref("job", "2")])) == 2


def test_more_promised_after_an_empty_page_is_a_fault_and_no_endless_loop() -> None:
    service = Service()
    service.on("jpm/jobs", listing([], more=True))
    with pytest.raises(Fault, match="promises more after an empty page"):
        service.system(Watch()).read([Ref("job", "1")])


def test_a_feed_that_does_not_move_is_a_fault_and_no_endless_loop() -> None:
    service = Service()
    service.on("jpm/export/jobs", feed([], "t", more=True))
    system = service.system(Watch())
    page = system.changes("job", None)
    with pytest.raises(Fault, match="does not move"):
        system.changes("job", page.cursor)


def test_a_project_read_by_id_learns_from_the_feed_whether_it_is_active() -> None:
    service = Service()
    bodies = {301: project(301), 302: project(302, modifiedOn=None), 303: project(303, modifiedOn="2026-05-04T00:00:00.1234567Z")}
    service.on("jpm/projects", by_ids(None, bodies))
    service.on("jpm/export/projects", feed([project(301, active=False), project(300, active=True)], "t"))
    found = service.system(Watch()).read([Ref("project", str(id_)) for id_ in bodies])
    assert found[Ref("project", "301")].fields["active"] is False
    assert "active" not in found[Ref("project", "302")].fields
    assert "active" not in found[Ref("project", "303")].fields
    asked = [call["from"] for call in service.calls("jpm/export/projects")]
    assert asked == ["2026-05-02T09:00:00.000000Z", "2026-05-04T00:00:00.123456Z"]


def test_projects_changed_far_apart_are_looked_up_in_few_feed_pages() -> None:
    service = Service()
    bodies = {id_: project(id_, modifiedOn=f"2026-04-{id_:02}T00:00:00Z") for id_ in range(1, 31)}
    service.on("jpm/projects", by_ids(None, bodies))

    def one_feed_page(params: dict[str, str]) -> dict[str, Any]:
        rows = [{**body, "active": id_ % 2 == 0} for id_, body in bodies.items() if f"{body['modifiedOn'][:10]}" >= params["from"][:10]]
        return feed(rows[:5], "t", more=True)

    service.on("jpm/export/projects", answering(one_feed_page))
    found = service.system(Watch()).read([Ref("project", str(id_)) for id_ in bodies])
    assert {ref: record.fields["active"] for ref, record in found.items()} == {Ref("project", str(id_)): id_ % 2 == 0 for id_ in bodies}
    assert len(service.calls("jpm/export/projects")) == 6


def test_jobs_are_found_by_exact_number_one_call_each() -> None:
    service = Service()
    rows = {"J2": [job(22, jobNumber="J2X"), job(9, jobNumber="J2"), job(3, jobNumber="J2")], "J4": []}
    service.on("jpm/jobs", answering(lambda params: listing(rows[params["number"]])))
    found = service.system(Watch()).find("job", ["J2", "J4", "J2", ""])
    assert {key: record.id for key, record in found.items()} == {"J2": "3"}
    assert [call["number"] for call in service.calls("jpm/jobs")] == ["J2", "J4"]


def test_a_long_search_that_is_held_back_goes_on_where_it_stopped() -> None:
    service, watch = Service(), Watch()
    service.on(
        "jpm/jobs", lambda request, params: httpx.Response(200, json=listing([job(int(params["number"]), jobNumber=params["number"])]))
    )
    system = service.system(watch)
    numbers = [str(number) for number in range(1, 121)]
    tries = 0
    found: Any = None
    while found is None:
        tries += 1
        try:
            found = system.find("job", numbers)
        except Fault as fault:
            watch.advance((fault.retry_after or 0) + 0.9)
    assert tries < 6
    assert len(found) == 120
    assert len(service.calls("jpm/jobs")) == 120


def test_projects_are_found_by_number_in_large_pages_ordered_by_id() -> None:
    service = Service()
    pages = {
        "1": listing([project(1, number="77"), project(2, number="78")], more=True),
        "2": listing([project(3, number="79")], more=True),
    }
    service.on("jpm/projects", lambda request, params: httpx.Response(200, json=pages[params["page"]]))
    found = service.system(Watch()).find("project", ["77", "79"])
    assert {key: record.id for key, record in found.items()} == {"77": "1", "79": "3"}
    assert service.calls("jpm/projects")[0] == {"pageSize": "5000", "sort": "+Id", "page": "1"}
    assert service.system(Watch()).find("project", []) == {}


def test_kinds_without_a_number_are_found_by_id() -> None:
    service = Service()
    service.on("crm/customers", listing([customer(101)]))
    assert set(service.system(Watch()).find("customer", ["101", "x"])) == {"101"}


def test_an_unknown_tenant_is_told_from_a_missing_record() -> None:
    service = Service()
    with pytest.raises(Fault, match="tenant 1000001") as caught:
        service.system(Watch()).changes("job", None)
    assert caught.value.case is faults.UNKNOWN_TENANT


@pytest.mark.parametrize(
    ("granted", "case"),
    [(("tn.jpm.projects:r",), faults.MISSING_SCOPE), (("tn.jpm.jobs:r",), faults.FORBIDDEN), (("TN.JPM.Jobs:R",), faults.FORBIDDEN)],
)
def test_a_refused_feed_names_the_scope_the_app_lacks(granted: tuple[str, ...], case: FaultCase) -> None:
    service = Service(token_answer=lambda request: httpx.Response(200, json={"access_token": token(scopes=granted), "expires_in": 900}))
    service.on("jpm/export/jobs", httpx.Response(403, json=error(403, "Forbidden")))
    with pytest.raises(Fault, match=r"scope tn\.jpm\.jobs:r") as caught:
        service.system(Watch()).changes("job", None)
    assert caught.value.case is case


@pytest.mark.parametrize(
    "answer",
    [
        [],
        None,
        {},
        {"data": []},
        {"data": [], "hasMore": "no", "continueFrom": "t"},
        {"data": {}, "hasMore": False, "continueFrom": "t"},
        {"data": [], "hasMore": False},
        {"data": [], "hasMore": False, "continueFrom": ""},
        {"data": [], "hasMore": False, "continueFrom": 7},
        {"data": [{"id": 1}], "hasMore": False, "continueFrom": "t"},
    ],
)
def test_a_feed_of_another_shape_is_a_fault_that_names_the_place(answer: Any) -> None:
    service = Service()
    service.on("jpm/export/jobs", httpx.Response(200, json=answer))
    with pytest.raises(Fault, match="jobs") as caught:
        service.system(Watch()).changes("job", None)
    assert caught.value.case is faults.BODY


def test_a_write_is_refused_in_plain_words_and_nothing_is_sent() -> None:
    service = Service()
    system = service.system(Watch())
    writes = [Write("k1", Verb.UPDATE, "project", {"name": "x"}, target="301"), Write("k2", Verb.CREATE, "job", {})]
    outcomes = system.write(writes)
    assert [outcome.effect for outcome in outcomes] == [Effect.REFUSED, Effect.REFUSED]
    assert outcomes[0].fault is not None
    assert outcomes[0].fault.case is faults.READ_ONLY
    assert "update project 301" in str(outcomes[0].fault)
    assert [(probe.trace, probe.enforced) for probe in system.probe(writes)] == [(Trace.ABSENT, True)] * 2
    assert service.seen == []


def healthy() -> Service:
    service = Service()
    for kind in KINDS.values():
        path = f"{kind.area}/export/{kind.resource}" if kind.feed else f"{kind.area}/{kind.list_path}"
        service.on(path, feed([], "t") if kind.feed else listing([]))
    return service


def test_the_check_of_a_good_connection_looks_at_everything_and_finds_it_well() -> None:
    service = healthy()
    lines = service.system(Watch()).check()
    assert all(line.ok for line in lines)
    others = {"Environment", "Sign-in", "Clock", "Mark invoices as exported"}
    assert {line.name for line in lines} == others | {f"Read {kind.label}" for kind in KINDS.values()}
    assert service.calls("jpm/export/jobs") == [{"from": stamp(NOW), "includeRecentChanges": "true"}]
    assert service.calls("jpm/job-types") == [{"pageSize": "1", "active": "Any"}]


def test_a_missing_permission_is_one_failing_line_and_comes_first() -> None:
    service = healthy()
    service.on("crm/export/locations", httpx.Response(403, json=error(403, "Forbidden")))
    lines = service.system(Watch()).check()
    assert [line.name for line in lines if not line.ok] == ["Read locations"]
    assert lines[0].name == "Read locations"
    assert lines[0].cure
    assert lines[0].code == "servicetitan.forbidden"


def test_a_refused_sign_in_is_the_one_cause_and_nothing_behind_it_is_tried() -> None:
    service = healthy()
    service.token_answer = lambda request: httpx.Response(400, json={"error": "invalid_client"})
    lines = service.system(Watch()).check()
    assert [(line.name, line.ok) for line in lines] == [("Sign-in", False), ("Environment", True)]
    assert lines[0].code == "servicetitan.credentials"
    assert len(service.seen) == 1


def test_a_bad_app_key_is_reported_once() -> None:
    service = healthy()
    service.on("crm/export/customers", httpx.Response(401, text=""))
    failing = [line for line in service.system(Watch()).check() if not line.ok]
    assert [line.code for line in failing] == ["servicetitan.app-key"]


@pytest.mark.parametrize(("skew", "ok"), [(0, True), (200, True), (-200, True), (900, False), (-900, False)])
def test_a_clock_that_is_off_is_found(skew: int, ok: bool) -> None:
    lines = healthy().system(Watch(NOW + timedelta(seconds=skew))).check()
    assert {line.name: line.ok for line in lines}["Clock"] is ok


def test_usage_counts_requests_and_no_user_is_known_as_editor() -> None:
    service = healthy()
    system: System = service.system(Watch())
    system.changes("job", None)
    assert (system.usage().requests, system.usage().transactions, system.editor()) == (2, 0, "")
    system.close()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"client_secret": "", "app_key": ""}, "Client secret, App key"),
        ({"tenant": "acme"}, "Tenant ID: must be a number"),
        ({"app_key": "ak1.\u2013"}, "App key: contains a character"),
        ({"client_id": "a b"}, "Client ID: contains a character"),
        ({"environment": "sandbox"}, "Environment: must be production or integration"),
        ({"api_url": "ftp://x"}, "API address: must be a web address"),
        ({"api_url": "https://[x"}, "API address: must be a web address"),
        ({"auth_url": "https://x/?a=1"}, "Sign-in address: must be a web address"),
    ],
)
def test_incomplete_or_unusable_settings_are_named_before_any_call(values: dict[str, str], said: str) -> None:
    with pytest.raises(Fault, match="not complete") as caught:
        connect({**VALUES, **values}, clock=Watch())
    assert caught.value.case is faults.NOT_CONFIGURED
    assert said in caught.value.detail
