"""Reading the configuration: defaults, values, and one sentence for each that cannot be used."""

from __future__ import annotations

import base64
from dataclasses import fields
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tieout.host.configuration import Configuration, ConfigurationError, LogFormat

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()  # the same in every process, because it names a test


def read(**environ: str) -> Configuration:
    return Configuration.from_environment({"TIEOUT_DATA_DIR": "/tmp/nowhere-yet", **environ})


def test_everything_has_a_default_that_is_safe_on_one_machine() -> None:
    configuration = read()

    assert (configuration.host, configuration.port) == ("127.0.0.1", 8000)
    assert configuration.public_url == "http://127.0.0.1:8000"
    assert configuration.accepted_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert not configuration.is_https


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read(TIEOUT_PORT="", TIEOUT_LOG_FORMAT=" ", DATABASE_URL="") == read()


def test_a_relative_data_directory_becomes_absolute() -> None:
    assert read(TIEOUT_DATA_DIR="data").data_dir == Path.cwd() / "data"


def test_the_public_address_decides_hosts_and_secure_cookies() -> None:
    configuration = read(TIEOUT_BASE_URL="https://tieout.example.com/", TIEOUT_ALLOWED_HOSTS="inner.example.com, .example.org")

    assert configuration.public_url == "https://tieout.example.com"
    assert configuration.is_https
    assert configuration.accepted_hosts[-3:] == ("tieout.example.com", "inner.example.com", ".example.org")


def test_listening_everywhere_is_reached_locally_over_loopback() -> None:
    assert read(TIEOUT_HOST="0.0.0.0", TIEOUT_PORT="9000").local_url == "http://127.0.0.1:9000"
    assert read(TIEOUT_HOST="::", TIEOUT_PORT="9000").local_url == "http://[::1]:9000"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TIEOUT_PORT", "http", "TIEOUT_PORT is 'http'; set it to a whole number such as 8000."),
        ("TIEOUT_PORT", "0", "TIEOUT_PORT is 0; set it to a number from 1 to 65535."),
        ("TIEOUT_WORKERS", "-1", "TIEOUT_WORKERS is -1; set it to a number from 1 to 64."),
        ("TIEOUT_CONCURRENCY", "1000", "TIEOUT_CONCURRENCY is 1000; set it to a number from 1 to 200."),
        ("TIEOUT_LOG_FORMAT", "xml", "TIEOUT_LOG_FORMAT is 'xml'; set it to one of console, json."),
        ("DATABASE_URL", "mysql://root@host/db", "DATABASE_URL must begin with postgresql://"),
        ("TIEOUT_BASE_URL", "tieout.example.com", "TIEOUT_BASE_URL is 'tieout.example.com'; give scheme and host only"),
        ("TIEOUT_BASE_URL", "https://example.com/tieout", "give scheme and host only"),
        ("TIEOUT_BASE_URL", "http://[bad", "give scheme and host only"),
        ("TIEOUT_BASE_URL", "http://example.com:many", "give scheme and host only"),
        ("TIEOUT_ALLOWED_HOSTS", "a.example,https://b.example", "holds 'https://b.example', which is no host name"),
        ("TIEOUT_SECRET_KEY", "short", "TIEOUT_SECRET_KEY is too short; use at least 32 random characters."),
        ("TIEOUT_ENCRYPTION_KEYS", f"{KEY},nonsense", "Key 2 in TIEOUT_ENCRYPTION_KEYS is not a Fernet key"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_one_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(**{name: value})

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root:hunter2-hunter2@host/db"),
        ("TIEOUT_SECRET_KEY", "hunter2"),
        ("TIEOUT_ENCRYPTION_KEYS", "hunter2"),
    ],
)
def test_a_refusal_does_not_repeat_a_secret(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(**{name: value})

    assert "hunter2" not in str(refused.value)


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="which is a file; give a directory"):
        read(TIEOUT_DATA_DIR=str(tmp_path / "file"))


def test_no_secret_shows_in_a_representation() -> None:
    secrets = {
        "DATABASE_URL": "postgresql://u:the-password@host/db",
        "TIEOUT_SECRET_KEY": "s" * 40,
        "TIEOUT_ENCRYPTION_KEYS": KEY,
        "TIEOUT_METRICS_TOKEN": "the-token",
    }

    shown = repr(read(**secrets))

    assert not [value for value in secrets.values() if value in shown]
    assert "the-password" not in shown


def test_a_child_process_gets_the_very_same_configuration() -> None:
    configuration = read(
        DATABASE_URL="postgresql://u:p@host/db",
        TIEOUT_BASE_URL="https://tieout.example.com",
        TIEOUT_ALLOWED_HOSTS="a.example,b.example",
        TIEOUT_SECRET_KEY="s" * 40,
        TIEOUT_ENCRYPTION_KEYS=f"{KEY},{Fernet.generate_key().decode()}",
        TIEOUT_HOST="::1",
        TIEOUT_PORT="8123",
        TIEOUT_WORKERS="3",
        TIEOUT_CONCURRENCY="7",
        TIEOUT_WEB_THREADS="5",
        TIEOUT_BODY_SECONDS="7",
        TIEOUT_LOG_FORMAT="json",
        TIEOUT_LOG_LEVEL="debug",
        TIEOUT_METRICS_TOKEN="token",
        TIEOUT_PROXIES="1",
        TIEOUT_STATIC_ROOT="/static",
        TIEOUT_PG_BIN="/pg/bin",
        TIEOUT_PG_USER="postgres",
    )

    default = read()
    assert [item.name for item in fields(configuration) if getattr(configuration, item.name) == getattr(default, item.name)] == ["data_dir"]
    assert Configuration.from_environment(configuration.as_environment()) == configuration
    assert configuration.log_format is LogFormat.JSON
