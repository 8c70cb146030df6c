"""Log lines: one event each, in both forms, without secrets."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from tieout.host.configuration import LogFormat, LogLevel
from tieout.host.logs import logging_settings, mask_secrets

PROGRAM = """
import logging, sys, structlog
from tieout.host.configuration import LogFormat, LogLevel
from tieout.host.logs import configure_logging
configure_logging(LogFormat(sys.argv[1]), LogLevel.INFO)
log = structlog.get_logger("tieout.test")
log.info("drain.done", company="ACME Ltd", hints=3, password="hunter2", nested={"api_token": "hunter2", "rows": 2})
log.debug("too.fine")
logging.getLogger("some.library").warning("it said %s", "so")
secret = "hunter2"
try:
    int("x")
except ValueError as error:
    log.exception("job.failed", job=7)
    told_later = error
logging.getLogger("some.library").error("it failed", exc_info=told_later)
"""


def lines(log_format: LogFormat) -> list[str]:
    answer = subprocess.run([sys.executable, "-c", PROGRAM, log_format], capture_output=True, text=True, check=True)
    assert "hunter2" not in answer.stderr
    return answer.stderr.splitlines()


def test_console_lines_are_keys_and_values_with_a_traceback_below() -> None:
    first, second, third, *rest = lines(LogFormat.CONSOLE)
    later = next(place for place, line in enumerate(rest) if 'event="it failed"' in line)
    trace = rest[:later]

    assert 'level=info event=drain.done company="ACME Ltd" hints=3 password=***' in first
    assert 'level=warning event="it said so"' in second
    assert "level=error event=job.failed job=7" in third
    assert trace[0] == "Traceback (most recent call last):"
    assert trace[-1].startswith("ValueError")
    assert rest[later + 1] == "Traceback (most recent call last):"  # also of an error that a library tells of afterwards


def test_json_lines_are_one_object_each_and_never_show_local_variables() -> None:
    first, second, third, fourth = (json.loads(line) for line in lines(LogFormat.JSON))

    assert (first["event"], first["nested"]) == ("drain.done", {"api_token": "***", "rows": 2})
    assert (second["event"], second["logger"]) == ("it said so", "some.library")
    assert third["exception"][0]["exc_type"] == fourth["exception"][0]["exc_type"] == "ValueError"


@pytest.mark.parametrize("name", ["password", "client_secret", "Authorization", "X-API_KEY", "refresh_token", "ST-App_Key", "sealed"])
def test_a_value_whose_name_speaks_of_a_secret_is_masked(name: str) -> None:
    assert mask_secrets(None, "info", {"event": "x", "request": [{name: "hunter2"}]}) == {"event": "x", "request": [{name: "***"}]}


def test_libraries_that_log_every_call_are_quiet() -> None:
    loggers = logging_settings(LogFormat.CONSOLE, LogLevel.DEBUG)["loggers"]

    assert logging.getLevelNamesMapping()[loggers["httpx"]["level"]] > logging.INFO
    assert logging.getLevelNamesMapping()[loggers["procrastinate"]["level"]] > logging.INFO
