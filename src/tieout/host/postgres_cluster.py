"""The embedded PostgreSQL's data directory on disk and the server process on it; knows nothing of who shares it.

Every program runs with the cluster as its working directory and is told `/proc/self/cwd` where that exists, so that
the unprivileged user who runs it for root needs no access to the directories above.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tieout.host.postgres_binaries import Binaries, PostgresError, RunAs

SETTINGS_FILE = "tieout.conf"
START_LOG = "start.log"
SOCKET_NAME = ".s.PGSQL.5432"
OWNER = "tieout"  # the database's owner and its name
POLL_S = 0.02
PROGRAM_TIMEOUT_S = 120
STOP_FAST_S = 20.0
STOP_IMMEDIATE_S = 5.0

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Logs: no statement, no routine error (a duplicate key is routine here), a week kept, overwritten day by day.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
UNSAFE_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A live server: its process id and the directory of its socket."""

    pid: int
    socket_dir: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data directory with the programs and the user that serve it."""

    path: Path
    binaries: Binaries
    run_as: RunAs | None

    def create(self, password: str) -> None:
        """Make the cluster under another name and rename it when it is whole, so a kill leaves nothing half done.

        Raises:
            PostgresError: initdb failed.
        """
        for leftover in self.path.parent.glob(f"{self.path.name}.init-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        making = Path(tempfile.mkdtemp(dir=self.path.parent, prefix=f"{self.path.name}.init-"))
        handle, password_file = tempfile.mkstemp(prefix="tieout-")
        try:
            with os.fdopen(handle, "w") as stream:
                stream.write(password)
            self.give(making)
            self.give(Path(password_file))
            answer = self.run(
                "initdb",
                *("-U", OWNER, "--encoding=UTF8", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"),
                *self._locale(),
                cluster=making,
            )
            if answer.returncode != 0:
                raise PostgresError(f"The embedded database could not be created in {self.path}: {_reason((answer.stderr,))}")
            with (making / "postgresql.conf").open("a", encoding="utf-8") as stream:
                stream.write(f"\ninclude_if_exists '{SETTINGS_FILE}'\n")
            making.rename(self.path)
        finally:
            Path(password_file).unlink(missing_ok=True)
            shutil.rmtree(making, ignore_errors=True)

    def launch(self, socket_dir: str, more: Mapping[str, str]) -> str:
        """Start the server and wait until it accepts; an empty answer is success, else the reason it gave."""
        settings = {**SETTINGS, "unix_socket_directories": socket_dir, **more}
        text = "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())
        target = self.path / SETTINGS_FILE
        target.write_text("# Written at every start; put settings of your own into postgresql.conf below the include.\n" + text)
        log = self.path / START_LOG
        log.write_bytes(b"")
        for path in (target, log):
            path.chmod(0o600)
            self.give(path)
        self._disown_stale_pid()
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):  # of a server known to be dead, in a directory nobody else enters
            (Path(socket_dir) / name).unlink(missing_ok=True)
        known = {path: path.stat().st_size for path in self._logs()}
        place = self._place()
        answer = self.run("pg_ctl", "start", "-s", "-w", "-t", "60", "-l", f"{place}/{START_LOG}")
        if answer.returncode == 0:
            return ""
        told = [path.read_bytes()[known.get(path, 0) :].decode(errors="replace") for path in (*self._logs(), log)]
        return _reason((*told, answer.stderr)) or "no reason given"

    def postmaster(self) -> Postmaster | None:
        """The live server, if there is one; a zombie or a recycled process id is not."""
        lines = self._pid_lines()
        if len(lines) < 5 or not lines[0].strip().isdigit() or not _is_postgres(int(lines[0])):
            return None
        return Postmaster(int(lines[0]), lines[4].strip())

    def stop(self) -> None:
        """Stop the server: at once for its sessions, orderly for its data; by force if that takes too long."""
        for how, patience in ((signal.SIGINT, STOP_FAST_S), (signal.SIGQUIT, STOP_IMMEDIATE_S)):
            server = self.postmaster()
            if server is None:
                return
            try:
                os.kill(server.pid, how)
            except ProcessLookupError:
                return
            deadline = time.monotonic() + patience
            while _is_postgres(server.pid) and time.monotonic() < deadline:
                time.sleep(POLL_S)

    def run(self, program: str, *arguments: str, cluster: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs on the cluster, with a clean environment."""
        return subprocess.run(
            [self.binaries.program(program), "-D", self._place(cluster), *arguments],
            cwd=cluster or self.path,
            # pg_ctl tells the server who stands behind it, so that our own id in a stale file does not count as a server.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=PROGRAM_TIMEOUT_S,
            umask=0o077,
            check=False,
            user=self.run_as.uid if self.run_as else None,
            group=self.run_as.gid if self.run_as else None,
            extra_groups=[] if self.run_as else None,
        )

    def give(self, path: Path) -> None:
        """Make a path the property of the user who runs the server."""
        if self.run_as:
            os.chown(path, self.run_as.uid, self.run_as.gid)

    def _logs(self) -> list[Path]:
        return sorted((self.path / "log").glob("*.log"))

    def _place(self, cluster: Path | None = None) -> str:
        return "/proc/self/cwd" if sys.platform == "linux" else str(cluster or self.path)

    def _locale(self) -> tuple[str, ...]:
        return ("--locale-provider=builtin", "--locale=C.UTF-8") if self.binaries.major >= 17 else ("--locale=C",)

    def _pid_lines(self) -> list[str]:
        try:
            return (self.path / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _disown_stale_pid(self) -> None:
        """Put our own id into a stale pid file: after a container restart the old id may be someone else's.

        PostgreSQL overlooks its grandparent there and still checks that no orphan of the old server holds the
        shared memory named in the same file, which deleting the file would not.
        """
        lines = self._pid_lines()
        if lines and lines[0].strip() != str(os.getpid()):
            lines[0] = str(os.getpid())
            (self.path / "postmaster.pid").write_text("\n".join(lines) + "\n")


def major_of(cluster: Path) -> int | None:
    """The PostgreSQL major version that made a cluster, or None if there is no cluster.

    Raises:
        PostgresError: the directory cannot be read by this user, or is no cluster.
    """
    try:
        return int((cluster / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        if cluster.exists():
            raise PostgresError(f"{cluster} is not a PostgreSQL data directory; move it away or set TIEOUT_DATA_DIR.") from None
        return None
    except PermissionError:
        raise PostgresError(f"The database in {cluster} belongs to another user; run as its owner or set TIEOUT_DATA_DIR.") from None
    except ValueError:
        raise PostgresError(f"{cluster}/PG_VERSION is damaged; restore the data directory from a backup.") from None


def _is_postgres(pid: int) -> bool:
    """Whether the process is a live PostgreSQL; a zombie nobody has reaped is not."""
    if Path("/proc/self/stat").exists():
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        name, _, rest = text.partition("(")[2].rpartition(")")
        return name.startswith("postgres") and rest.split()[0] not in "ZX"
    answer = subprocess.run(["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, command = answer.stdout.strip().partition(" ")
    return bool(state) and not state.startswith("Z") and "postgres" in command


def _reason(texts: Iterable[str]) -> str:
    """What PostgreSQL said of a failure: its first fatal line, else its last."""
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    fatal = next((line for line in lines if any(word in line for word in ("FATAL:", "PANIC:", "error:"))), "")
    return fatal.partition("FATAL:")[2].strip() or fatal or (lines[-1] if lines else "")
