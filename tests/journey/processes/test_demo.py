"""The demonstration, as the README starts it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.journey.processes.running import HTTP, PROGRAM, free_ports, installed, until


def demo_once(folder: Path) -> dict[str, Any]:
    """Run the demonstration to its end; the last line of what it printed."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_", "DATABASE_URL"))}
    command = [*PROGRAM, "demo", "--once", "--json", "--data-dir", str(folder), "--port", str(free_ports(1))]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_demonstration_ends_with_both_sides_equal_and_a_second_run_writes_nothing_again(tmp_path: Path) -> None:
    first = demo_once(tmp_path / "demo")
    flows = next(iter(first["integrations"].values()))["flows"]
    counts = {flow["flow"]: flow["pairs"] for flow in flows}
    totals = {flow["flow"]: flow["totals"]["lines: amount"] for flow in flows if "lines: amount" in flow["totals"]}
    assert first["agreed"] is True
    assert sum(counts.values()) <= first["write_transactions"] <= sum(counts.values()) + 10  # an inactive customer's invoices are refused
    assert counts["customers"] >= 300
    assert counts["projects"] >= 200
    assert counts["jobs"] >= 1000
    assert counts["invoices"] >= 60
    assert counts["payments"] >= 10
    assert float(totals["invoices"]["left"]) > 500_000
    assert all(total["left"] == total["right"] for total in totals.values())
    second = demo_once(tmp_path / "demo")
    assert second["agreed"] is True
    assert second["pairs"] == first["pairs"]
    assert second["write_transactions"] <= 8  # nothing but the refused invoices, which are tried again


def test_a_booked_job_reaches_the_books_with_its_customer_and_project_through_its_webhook(tmp_path: Path) -> None:
    with installed(tmp_path, "--world", "empty") as tieout:
        tieout.start("serve")
        tieout.connect()
        url = f"http://127.0.0.1:{tieout.environment['TIEOUT_PORT']}"
        key = "a key of forty characters for the webhook"
        tieout.run("connect", "servicetitan", "--secrets", "-", "--set", "poll_seconds=3600", stdin=json.dumps({"webhook_key": key}))
        told = {"webhook_url": f"{url}/webhooks/servicetitan/", "webhook_key": key}
        HTTP.put(f"{tieout.servicetitan}/_sandbox/settings", json=told).raise_for_status()
        until(lambda: _answers(f"{url}/healthz"), "the server answers")
        until(lambda: tieout.json("sync", "--no-wait")["asked"] and tieout.is_quiet(), "the first poll is over")
        customer, project, job = book(tieout.servicetitan)
        shown = until(lambda: _project(tieout.intacct, job["jobNumber"]), "the job shows in the books", within_s=30)
        assert shown["PARENTID"] == f"P-{project['number']}"
        assert shown["CUSTOMERID"] == f"C-{customer['id']}"


def _answers(url: str) -> bool:
    try:
        return HTTP.get(url).status_code == 200
    except httpx.HTTPError:
        return False


def _project(intacct: str, number: str) -> dict[str, Any] | None:
    rows = HTTP.get(f"{intacct}/_sandbox/objects/PROJECT").json()
    return next((row for row in rows if row["PROJECTID"] == number), None)


def book(servicetitan: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A customer, a project and a job, entered through the field's own API."""
    asked = {"grant_type": "client_credentials", "client_id": "st-client", "client_secret": "st-secret"}
    token = HTTP.post(f"{servicetitan}/connect/token", data=asked).json()["access_token"]
    with httpx.Client(verify=False, base_url=servicetitan, headers={"Authorization": token, "ST-App-Key": "st-app-key"}) as field:

        def call(method: str, resource: str, body: Any = None) -> Any:
            area, _, rest = resource.partition("/")
            answer = field.request(method, f"/{area}/v2/tenant/1000001/{rest}", json=body)
            answer.raise_for_status()
            return answer.json()

        address = {"street": "12 Mill Lane", "city": "Austin", "state": "TX", "zip": "78701", "country": "USA"}
        body = {"name": "Ashby Farm", "type": "Commercial", "address": address, "locations": [{"name": "Farm", "address": address}]}
        customer = call("POST", "crm/customers", body)
        location = call("GET", f"crm/locations?customerId={customer['id']}")["data"][0]["id"]
        project = call("POST", "jpm/projects", {"locationId": location, "name": "Grain store"})
        job = {
            "customerId": customer["id"],
            "locationId": location,
            "businessUnitId": call("GET", "settings/business-units")["data"][0]["id"],
            "jobTypeId": call("GET", "jpm/job-types")["data"][0]["id"],
            "priority": "Normal",
            "campaignId": HTTP.get(f"{servicetitan}/_sandbox/objects/campaigns").json()[0]["id"],
            "appointments": [{"start": "2030-01-07T09:00:00Z", "end": "2030-01-07T11:00:00Z"}],
            "projectId": project["id"],
        }
        return customer, project, call("POST", "jpm/jobs", job)
