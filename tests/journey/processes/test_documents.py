"""Documents of an office go through two workers, one of which is killed in mid-run; each stands in the books exactly once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.processes.office import Office, documents_on, running_office
from tests.journey.processes.running import until

PAPERS = 24
WORKERS = 2
SLOW_MS = 250  # for each record: a call of a dozen documents can be interrupted


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two workers; documents go, and the first one of each kind has been confirmed."""
    with running_office(tmp_path, workers=WORKERS) as office:
        office.tieout.connect(concurrency=str(WORKERS))
        documents_on(office)
        yield office


@pytest.mark.req("R-ST-24", "R-ST-25")
def test_a_worker_killed_in_mid_export_neither_loses_nor_doubles_a_document(office: Office) -> None:
    papers, bills, invoices = office.papers, {}, {}
    vendors = [papers.vendor(f"Supplier {number}") for number in range(3)]
    for number in range(PAPERS // 2):
        customer = office.new_customer(f"Customer {number}")
        job = office.new_job(customer, office.new_project(customer, f"Project {number}"))
        vendor = vendors[number % 3]
        cost, price = 100 + number + 0.25, 1000 + number + 0.5
        bill, invoice = papers.bill(vendor, job, cost, 3.33), papers.invoice(job, price, 10.0)
        bills[bill["referenceNumber"]] = (f"V-{vendor['id']}", round(cost + 3.33, 2), {job["jobNumber"]}, "Posted")
        invoices[invoice["referenceNumber"]] = (f"C-{customer['id']}", round(price + 10.0, 2), {job["jobNumber"]}, "Posted")

    def there() -> int:
        return len(office.papers.books("APBILL", "RECORDNO")) + len(office.papers.books("ARINVOICE", "RECORDNO"))

    workers = until(office.tieout.workers, "the workers run")
    assert len(workers) == WORKERS
    office.control("intacct", "PUT", "settings", {"per_record_ms": SLOW_MS})
    office.tieout.run("sync", "--no-wait")
    until(there, "the first document is there", within_s=180)
    os.kill(workers[0], signal.SIGKILL)
    assert there() < PAPERS, "all were there before the kill"
    office.control("intacct", "PUT", "settings", {"per_record_ms": 0})
    until(lambda: there() >= PAPERS and office.tieout.is_quiet(), "everything is worked off", within_s=240)

    for kind, owner, wanted in (("APBILL", "VENDORID", bills), ("ARINVOICE", "CUSTOMERID", invoices)):
        rows = list(papers.books(kind, "RECORDNO").values())
        assert Counter(row["RECORDID"] for row in rows) == Counter(wanted.keys())
        shown = {
            row["RECORDID"]: (
                row[owner],
                round(float(row["TOTALENTERED"]), 2),
                {line["PROJECTID"] for line in papers.lines(f"{kind}ITEM", row)},
                row["STATE"],
            )
            for row in rows
        }
        assert shown == wanted

    def marked(kind: str) -> bool:
        states = {row["syncStatus"] for row in office.control("servicetitan", "GET", f"objects/{kind}")}
        return states <= {"Exported", "PostedAndExported"}

    office.sync()  # the books' look at themselves is minutes away; what is seen to be posted is marked
    for kind in ("inventory-bills", "invoices"):
        until(lambda kind=kind: marked(kind), f"the {kind} are marked", within_s=120)  # type: ignore[misc]
    assert office.tieout.json("tie-out")["agreed"] is True
