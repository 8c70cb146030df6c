"""The embedded PostgreSQL under real processes: starting together, dying, recovering, and being stopped by the last."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.journey.host.waiting import until
from tieout.host.postgres import Postgres, check_server
from tieout.host.postgres_binaries import PostgresError, RunAs, find_binaries

User = subprocess.Popen[str]
PROGRAM = Path(__file__).with_name("database_user.py")


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data of Tieout"
    yield folder
    if pid := postmaster(folder):
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not is_running(pid), "the server ends after the test")
    if (folder / "postgres.json").exists():
        shutil.rmtree(json.loads((folder / "postgres.json").read_text())["socket_dir"], ignore_errors=True)


@pytest.fixture
def start(data_dir: Path) -> Iterator[Callable[[], User]]:
    users: list[User] = []

    def start_one() -> User:
        user = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        users.append(user)
        return user

    yield start_one
    for user in users:
        user.kill()
        user.communicate()


def url_from(user: User) -> str:
    assert user.stdout is not None
    word, _, rest = user.stdout.readline().strip().partition(" ")
    assert word == "ready", rest
    return rest


def leave(user: User) -> None:
    output, _ = user.communicate()
    assert "left" in output


def kill(user: User) -> None:
    user.kill()
    user.wait()


def postmaster(data_dir: Path) -> int | None:
    try:
        pid = int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError):
        return None
    return pid if is_running(pid) else None


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def rows(url: str) -> list[tuple[int]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT n FROM kept ORDER BY n").fetchall()


def write(url: str, n: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (%s)", (n,))


def test_two_processes_that_start_at_once_share_one_server(data_dir: Path, start: Callable[[], User]) -> None:
    first, second = start(), start()

    assert url_from(first) == url_from(second)
    assert [path.name for path in data_dir.glob("postgres.init-*")] == []
    write_pid = postmaster(data_dir)
    assert write_pid is not None


def test_the_last_process_stops_the_server_and_only_the_last(data_dir: Path, start: Callable[[], User]) -> None:
    first, second = start(), start()
    url_from(first)
    url = url_from(second)

    leave(first)
    write(url, 1)
    assert postmaster(data_dir)

    leave(second)
    assert postmaster(data_dir) is None


def test_what_was_written_is_there_after_a_restart(data_dir: Path) -> None:
    with Postgres(data_dir) as server:
        write(server.url, 7)

    with Postgres(data_dir) as server:
        assert rows(server.url) == [(7,)]


def test_a_killed_owner_leaves_a_server_that_the_next_process_joins_and_stops(data_dir: Path, start: Callable[[], User]) -> None:
    owner = start()
    write(url_from(owner), 1)
    pid = postmaster(data_dir)
    kill(owner)
    assert postmaster(data_dir) == pid

    successor = start()
    assert rows(url_from(successor)) == [(1,)]
    assert postmaster(data_dir) == pid

    leave(successor)
    assert postmaster(data_dir) is None


def test_owner_and_server_killed_together_recover_at_once(data_dir: Path, start: Callable[[], User]) -> None:
    owner = start()
    write(url_from(owner), 1)
    pid = postmaster(data_dir)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    kill(owner)

    successor = start()

    assert rows(url_from(successor)) == [(1,)]
    assert postmaster(data_dir) not in (None, pid)


def test_a_server_that_was_killed_is_revived_at_the_same_address(data_dir: Path) -> None:
    with Postgres(data_dir) as server:
        url = server.url
        write(url, 1)
        pid = postmaster(data_dir)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda: not server.is_alive, "the death is seen")

        assert server.start() == url
        assert rows(url) == [(1,)]


def test_a_process_killed_while_making_the_database_leaves_nothing_in_the_way(data_dir: Path, start: Callable[[], User]) -> None:
    first = start()
    until(lambda: list(data_dir.glob("postgres.init-*/base")), "the making has begun")
    kill(first)

    write(url_from(start()), 1)
    assert (data_dir / "postgres" / "PG_VERSION").exists()


def test_a_process_id_that_now_belongs_to_another_program_does_not_stop_the_start(data_dir: Path) -> None:
    with Postgres(data_dir) as server:
        write(server.url, 1)
        pid = postmaster(data_dir)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda: not server.is_alive, "the death is seen")
        pid_file = data_dir / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join(["1", *lines[1:]]) + "\n")

        server.start()
        assert rows(server.url) == [(1,)]


def test_a_database_of_another_version_is_refused_in_one_sentence(data_dir: Path) -> None:
    with Postgres(data_dir):
        pass
    (data_dir / "postgres" / "PG_VERSION").write_text("13\n")

    with pytest.raises(PostgresError, match=r"made by PostgreSQL 13 but only .* is at hand; set TIEOUT_PG_BIN .* DATABASE_URL"):
        Postgres(data_dir).start()


def test_programs_that_are_not_there_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="TIEOUT_PG_BIN is '/nowhere', which holds no PostgreSQL programs"):
        Postgres(tmp_path, binaries="/nowhere").start()


def test_a_lost_password_is_told_and_not_made_anew(data_dir: Path) -> None:
    with Postgres(data_dir):
        pass
    (data_dir / "postgres.json").unlink()

    with pytest.raises(PostgresError, match=r"The password of the embedded database, .*, is missing; restore it"):
        Postgres(data_dir).start()


def test_the_password_is_asked_for_and_kept_from_other_users(data_dir: Path) -> None:
    with Postgres(data_dir) as server:
        parts = psycopg.conninfo.conninfo_to_dict(server.url)
        assert Path(str(parts["host"])).stat().st_mode & 0o777 == 0o700
        parts["password"] = "guessed"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**parts)
    assert (data_dir / "postgres.json").stat().st_mode & 0o777 == 0o600
    assert (data_dir / "postgres").stat().st_mode & 0o777 == 0o700


def test_a_data_directory_with_a_long_path_works(tmp_path: Path) -> None:
    with Postgres(tmp_path / ("a long name " * 8) / ("and another one " * 6), durable=False) as server:
        write(server.url, 1)
        assert len(str(psycopg.conninfo.conninfo_to_dict(server.url)["host"])) < 100


def test_root_runs_the_server_as_nobody_and_opens_no_directory_for_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with Postgres(closed / "data", durable=False):
        pid = postmaster(closed / "data")
        assert pid is not None
        assert Path(f"/proc/{pid}").stat().st_uid == (os.geteuid() or pwd.getpwnam("nobody").pw_uid)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "data").stat().st_mode & 0o777 == 0o700


def test_root_names_a_user_that_exists_and_others_need_none(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        with pytest.raises(PostgresError, match="there is no user 'nemo'; set TIEOUT_PG_USER or DATABASE_URL"):
            RunAs.choose("nemo", tmp_path / "postgres")
        with pytest.raises(PostgresError, match="name an unprivileged user"):
            RunAs.choose("root", tmp_path / "postgres")
    else:
        assert RunAs.choose("nemo", tmp_path / "postgres") is None


def test_a_server_of_ones_own_is_checked_before_use(data_dir: Path) -> None:
    with Postgres(data_dir) as server:
        check_server(server.url)
    with pytest.raises(PostgresError, match="The database in DATABASE_URL cannot be used "):
        check_server(server.url)


def test_a_server_that_does_not_listen_is_told_with_where_it_was_looked_for() -> None:
    with pytest.raises(PostgresError, match="port 1 failed: Connection refused") as told:
        check_server("postgresql://u:hunter2-hunter2@127.0.0.1:1/db")
    assert "hunter2" not in str(told.value)
    assert str(told.value).endswith("; correct it, or start that server.")


def test_an_address_that_cannot_be_understood_is_told_so() -> None:
    with pytest.raises(PostgresError, match="DATABASE_URL cannot be understood"):
        check_server("postgresql://host/db?no_such_option=1")


def test_a_database_of_the_previous_version_is_served_by_its_own_programs(data_dir: Path) -> None:
    newest = find_binaries(configured="", run_as=RunAs.choose("", data_dir), major=None)
    older = next(place for place in newest.bin.parents[1].glob("*/bin") if place != newest.bin)
    with Postgres(data_dir, binaries=str(older)) as server:
        write(server.url, 1)

    with Postgres(data_dir) as server:
        assert rows(server.url) == [(1,)]
        with psycopg.connect(server.url) as connection:
            assert connection.info.server_version // 10_000 < newest.major


def test_a_server_too_old_is_refused_in_one_sentence() -> None:
    """A server that says of itself, in PostgreSQL's own protocol, that it is version 14."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer_as_version_14, args=(listening,))
        thread.start()
        port = listening.getsockname()[1]

        with pytest.raises(PostgresError, match="The database in DATABASE_URL is PostgreSQL 14; Tieout needs 15 or later"):
            check_server(f"postgresql://u@127.0.0.1:{port}/db?sslmode=disable&gssencmode=disable")
        thread.join()


def answer_as_version_14(listening: socket.socket) -> None:
    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!I", len(body) + 4) + body

    connection, _ = listening.accept()
    with connection:
        connection.recv(4096)
        told = {"server_version": "14.9", "client_encoding": "UTF8", "standard_conforming_strings": "on"}
        parameters = b"".join(message(b"S", f"{name}\0{value}\0".encode()) for name, value in told.items())
        connection.sendall(message(b"R", struct.pack("!I", 0)) + parameters + message(b"K", bytes(8)) + message(b"Z", b"I"))
        connection.recv(4096)
