"""From connecting to undoing, by commands alone: nothing is written before its release, and what is shown is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.journey.processes.running import Installation, installed, until
from tests.journey.processes.test_demo import book


def lines(tieout: Installation, *command: str) -> list[dict[str, Any]]:
    """Every line of JSON a command prints."""
    return [json.loads(line) for line in tieout.run(*command, "--json").splitlines()]


def test_a_kind_is_planned_released_frozen_explained_and_undone_by_commands(tmp_path: Path) -> None:
    with installed(tmp_path, "--world", "empty") as tieout:
        tieout.connect(at_once=False)
        customer, project, job = book(tieout.servicetitan)
        *items, sums = lines(tieout, "backfill", "--everything")
        assert {(each["flow"], each["step"], each["hold"]) for each in items} == {
            ("customers", "create", "switch-on"),
            ("projects", "create", "switch-on"),
            ("jobs", "create", "switch-on"),
        }
        assert (sums["held"], sums["needs_eye"], sums["transactions"]) == ({"switch-on": 3}, 0, 3)
        assert "--release does it" in tieout.run("backfill")
        assert tieout.rows(tieout.intacct, "PROJECT") == []
        tieout.start("serve")
        until(lambda: tieout.json("freeze", "intacct", "--why", "audit")["frozen_at"], "the company is frozen")
        tieout.run("backfill", "--everything", "--release", "--why", "go live")
        waiting = until(lambda: tieout.json("freeze", "intacct")["waiting"], "something waits for the freeze to end")
        assert {each["step"] for each in waiting} == {"create"}
        assert tieout.rows(tieout.intacct, "CUSTOMER") == []
        tieout.run("unfreeze", "intacct")
        until(lambda: len(tieout.rows(tieout.intacct, "PROJECT")) == 2, "the project and the job are there")
        (record,) = tieout.json("explain", f"project {project['id']}")["record"]
        name = next(each for each in record["fields"] if each["label"] == "name")
        assert (name["value"], name["set_by"], name["raw"]) == (project["name"], "Tieout", project["name"])
        shown = tieout.json("undo", str(name["run"]))
        assert {item["name"] for item in shown["items"]} >= {f"Project {project['number']} {project['name']}"}
        assert tieout.json("approve")["waiting"] == len(shown["items"])
        files = ("--csv", str(tmp_path / "report.csv"), "--pdf", str(tmp_path / "report.pdf"))
        until(lambda: tieout.json("tie-out", *files)["agreed"], "both sides agree")
        assert "Read at" in (tmp_path / "report.csv").read_text(encoding="utf-8-sig")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
        assert tieout.json("problems")["problems"] == []
        assert customer["id"]
        assert job["id"]
