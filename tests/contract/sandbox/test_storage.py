"""Rows, indexes, transactions, and what survives a killed process."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, project
from tieout.sandbox.storage import DuplicateRow, Storage


def filled() -> Storage:
    storage = Storage()
    storage.declare("pet", unique={"name": "name"}, index={"owner": lambda row: row.get("owner") or None})
    storage.put("pet", "1", {"name": "Rex", "owner": "ann"})
    storage.put("pet", "2", {"name": "Tom", "owner": "bob"})
    return storage


def test_rows_are_found_by_id_and_by_index() -> None:
    storage = filled()
    assert storage.get("pet", "1") == {"name": "Rex", "owner": "ann"}
    assert storage.get("pet", "9") is None
    found = storage.find("pet", "name", "Tom")
    assert found is not None
    assert found["owner"] == "bob"
    assert storage.where("pet", "owner", "ann") == [{"name": "Rex", "owner": "ann"}]
    assert [row_id for row_id, _ in storage.items("pet")] == ["1", "2"]


def test_a_changed_row_leaves_its_old_index_entries() -> None:
    storage = filled()
    storage.put("pet", "1", {"name": "Max"})
    assert storage.find("pet", "name", "Rex") is None
    assert storage.where("pet", "owner", "ann") == []
    storage.put("pet", "3", {"name": "Rex"})


def test_a_duplicate_is_refused_and_changes_nothing() -> None:
    storage = filled()
    with pytest.raises(DuplicateRow):
        storage.put("pet", "2", {"name": "Rex", "owner": "cid"})
    assert storage.get("pet", "2") == {"name": "Tom", "owner": "bob"}
    assert storage.where("pet", "owner", "cid") == []
    assert storage.where("pet", "owner", "bob") == [{"name": "Tom", "owner": "bob"}]


def test_an_index_declared_later_knows_the_rows_there_are() -> None:
    storage = filled()
    storage.declare("pet", index={"initial": lambda row: row["name"][0]})
    assert len(storage.where("pet", "initial", "R")) == 1


class Broken(Exception):
    """What ends a transaction in these tests."""


def rolled_back(storage: Storage, work: Callable[[], object]) -> None:
    """Does the work in a transaction and lets it fail."""
    with storage.transaction():
        work()
        raise Broken


def test_an_exception_undoes_exactly_its_own_savepoint() -> None:
    storage = filled()

    def inner() -> None:
        storage.put("pet", "3", {"name": "Kit"})
        storage.remove("pet", "1")
        storage.set_scalar("count", 7)

    with storage.transaction():
        storage.put("pet", "3", {"name": "Kim"})
        with pytest.raises(Broken):
            rolled_back(storage, inner)
        storage.put("pet", "4", {"name": "Kit"})
    assert {row["name"] for row in storage.all("pet")} == {"Rex", "Tom", "Kim", "Kit"}
    assert storage.where("pet", "owner", "ann") == [{"name": "Rex", "owner": "ann"}]
    assert storage.scalar("count") is None


def test_an_outer_exception_undoes_the_inner_commits() -> None:
    storage = filled()

    def inner() -> None:
        with storage.transaction():
            storage.put("pet", "3", {"name": "Kim"})
            assert storage.next("numbers") == 1

    with pytest.raises(Broken):
        rolled_back(storage, inner)
    assert storage.get("pet", "3") is None
    assert storage.next("numbers") == 1


def test_sequences_go_on() -> None:
    storage = Storage()
    assert [storage.next("n"), storage.next("n"), storage.next("m", start=100)] == [1, 2, 100]


def test_removing_what_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled().remove("pet", "9")


def test_a_version_moves_with_every_change() -> None:
    storage = filled()
    before = storage.version("pet")
    storage.put("pet", "1", {"name": "Max"})
    assert storage.version("pet") > before


def test_committed_rows_are_there_after_a_restart(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.declare("pet", unique={"name": "name"})
    with storage.transaction():
        storage.put("pet", "1", {"name": "Rex", "tags": [1, "é", None]})
        storage.put("pet", "2", {"name": "Tom"})
        storage.next("numbers")
    storage.remove("pet", "2")
    with pytest.raises(Broken):
        rolled_back(storage, lambda: storage.put("pet", "3", {"name": "Kim"}))
    storage.close()
    again = Storage(tmp_path)
    again.declare("pet", unique={"name": "name"})
    assert again.items("pet") == [("1", {"name": "Rex", "tags": [1, "é", None]})]
    assert again.next("numbers") == 2
    with pytest.raises(DuplicateRow):
        again.put("pet", "4", {"name": "Rex"})
    again.close()


def test_many_rows_are_found_without_a_scan() -> None:
    storage = Storage()
    storage.declare("row", unique={"key": "key"}, index={"group": "group"})
    with storage.transaction():
        for number in range(100_000):
            storage.put("row", str(number), {"key": f"k{number}", "group": number % 1000})
    begun = time.process_time()
    for number in range(0, 100_000, 100):
        assert storage.find("row", "key", f"k{number}") is not None
        assert len(storage.where("row", "group", number % 1000)) == 100
    assert time.process_time() - begun < 2


def test_a_killed_emulator_has_lost_nothing_it_answered(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tieout.sandbox", "intacct", "--base-port", str(port), "--world", "empty", "--data-dir", str(tmp_path)]

    def begin() -> subprocess.Popen[str]:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    with begin() as process, Gateway(f"http://127.0.0.1:{port}") as gateway:
        session = gateway.session()
        for number in range(20):
            made = gateway.call(f"<create>{project(f'P-{number}')}</create>", controlids=[f"k-{number}"], uniqueid="true")
            assert made.status == "success"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with begin() as process, Gateway(f"http://127.0.0.1:{port}") as gateway:
        assert len(gateway.stored("PROJECT")) == 20
        again = gateway.call(f"<create>{project('P-X')}</create>", controlids=["k-19"], uniqueid="true")
        assert again.status is None, "the controlid is still known"
        assert gateway.call("<getAPISession/>", authentication=session).status == "success", "the session still lives"
        assert gateway.project("P-20").rows[0]["RECORDNO"] == "21"
        assert httpx.get(f"http://127.0.0.1:{port}/_sandbox/health").json()["world"] == "empty"
        process.terminate()
        process.wait(10)
