"""The web server process: granian takes requests in, and threads answer them."""

from __future__ import annotations

import os

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from tieout.host.configuration import Configuration
from tieout.host.logs import logging_settings
from tieout.host.processes import PARENT_VARIABLE, die_with_parent

STOP_PATIENCE_S = 5
HEADER_PATIENCE_MS = 15_000


def main() -> None:
    """Serve until SIGTERM; everything needed is in the environment."""
    die_with_parent()
    os.environ[PARENT_VARIABLE] = str(os.getpid())  # for the process that granian starts for the application
    configuration = Configuration.from_environment()
    quiet = {name: {"level": "ERROR", "handlers": [], "propagate": True} for name in ("_granian", "granian.access")}
    settings = logging_settings(configuration.log_format, configuration.log_level)
    settings["loggers"].update(quiet)
    Server(
        "tieout.host.application:application",
        address=configuration.host,
        port=configuration.port,
        interface=Interfaces.RSGI,
        workers=1,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_PATIENCE_MS),
        log_dictconfig=settings,
        log_level=LogLevels.error,  # the supervisor tells of starts and ends
        workers_kill_timeout=STOP_PATIENCE_S,
    ).serve()


if __name__ == "__main__":
    main()
