"""What the host itself answers over HTTP: health, metrics and the security headers."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_health_says_that_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "localhost"})

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


def test_every_page_carries_the_content_security_policy(client: Client) -> None:
    answer = client.get("/metrics", headers={"host": "localhost"})

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_an_unknown_host_name_is_refused(client: Client) -> None:
    assert client.get("/metrics", headers={"host": "evil.example"}).status_code == 400


def test_a_health_check_by_address_is_answered_all_the_same(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_metrics_are_shown_to_this_machine(client: Client) -> None:
    answer = client.get("/metrics", headers={"host": "localhost"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "tieout_database_up 1.0" in text
    assert "tieout_problems 0.0" in text


def test_metrics_are_hidden_from_another_machine(client: Client) -> None:
    assert client.get("/metrics", headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.7").status_code == 403


def test_metrics_are_hidden_from_a_request_that_a_local_proxy_forwards(client: Client) -> None:
    assert client.get("/metrics", headers={"host": "localhost", "x-forwarded-for": "192.0.2.7"}).status_code == 403


def test_with_a_token_metrics_need_it(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.TIEOUT_METRICS_TOKEN = "open sesame"

    assert client.get("/metrics", headers={"host": "localhost"}).status_code == 403
    assert client.get("/metrics", headers={"host": "localhost", "authorization": "Bearer wrong"}).status_code == 403
    assert client.get("/metrics", headers={"host": "localhost", "authorization": "Bearer open sesame"}).status_code == 200


def test_metrics_count_requests_by_route_and_not_by_path(client: Client) -> None:
    client.get("/no/such/page/4711", headers={"host": "localhost"})

    text = client.get("/metrics", headers={"host": "localhost"}).content.decode()
    assert 'route="unmatched"' in text
    assert "4711" not in text
