"""`tieout serve`: one process that holds the database and keeps the web server and the workers running."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import structlog

from tieout.host.configuration import Configuration, ConfigurationError
from tieout.host.postgres import Postgres
from tieout.host.postgres_binaries import PostgresError
from tieout.host.processes import Child, Supervisor, die_with_parent

log = structlog.get_logger(__name__)

PROBE_TIMEOUT_S = 2.0


def serve(configuration: Configuration, *, worker: bool = True, say: Callable[[str], None] = print) -> None:
    """Run the web server, and the workers unless told not to, until SIGTERM or Ctrl-C; `say` gets the line that it is ready.

    Raises:
        ConfigurationError: the address cannot be listened on, or a value cannot be used.
        PostgresError: the database cannot be used.
    """
    from tieout.host.setup import open_database

    die_with_parent()
    _check_address(configuration)
    url, server = open_database(configuration)
    try:
        environment = _prepare(configuration, url)
        web = Child("web", _command("tieout.host.web"), environment)
        workers = [Child(f"worker {n}", _command("tieout.host.worker"), environment) for n in range(1, configuration.workers + 1)]
        watch = _Watch(configuration, server, say)
        Supervisor([web, *(workers if worker else ())], tick=watch.look).run()
    finally:
        if server is not None:
            server.stop()


def _prepare(configuration: Configuration, url: str) -> dict[str, str]:
    """Bring tables and static files up to date, and give the environment of the children."""
    from tieout.host import static
    from tieout.host.setup import close_connections, enter, migrate, notice_restore

    ready = enter(configuration, url)
    if migrate():
        log.info("database.migrated")
    notice_restore()
    if not configuration.static_root:
        ready = replace(ready, static_root=str(static.collect(configuration.data_dir)))
    close_connections()
    return {**os.environ, **ready.as_environment()}


def _command(module: str) -> list[str]:
    return [sys.executable, "-m", module]


@dataclass(slots=True)
class _Watch:
    """What the supervisor looks after besides its children: the embedded database, and saying when all is ready."""

    configuration: Configuration
    server: Postgres | None
    say: Callable[[str], None]
    _is_ready: bool = field(default=False)

    def look(self) -> None:
        if self.server is not None and not self.server.is_alive:
            log.error("database.died")
            try:
                self.server.start()
                log.info("database.revived")
            except PostgresError as error:
                log.error("database.not_revived", reason=str(error))
        if not self._is_ready and answers(self.configuration.local_url):
            self._is_ready = True
            self.say(f"Tieout is ready at {self.configuration.public_url}")


def answers(local_url: str) -> bool:
    """Whether the web server at this address is up and reaches its database."""
    parts = urlsplit(local_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    try:
        _bind(host, port)
    except OSError:
        return False
    return True


def _check_address(configuration: Configuration) -> None:
    """Find out before anything starts: the web server shares a taken port in silence."""
    try:
        _bind(configuration.host, configuration.port)
    except OSError as error:
        where = f"{configuration.host}:{configuration.port}"
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"Another program already listens on {where}; end it or choose another port with TIEOUT_PORT."
            ) from None
        raise ConfigurationError(
            f"Tieout cannot listen on {where} ({error.strerror or error}); correct TIEOUT_HOST and TIEOUT_PORT."
        ) from None


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
