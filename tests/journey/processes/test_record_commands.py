"""A bookkeeper at a terminal: what waits, a document left alone and taken up again, and batches to the cent; errors are one sentence.

It takes half a minute of a quiet machine, because every command is a process of its own, as people start it.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.journey.processes.office import Office, documents_on, running_office
from tests.journey.processes.running import until

PERIOD = ("--from", "2031-01-01", "--to", "2031-12-31")


def refused(office: Office, *command: str) -> str:
    """The one sentence, perhaps with what to do next, of a command that fails."""
    told = office.tieout.run(*command, fails=True).strip()
    assert "Traceback" not in told
    assert "\n" not in told, told
    return told.removeprefix("tieout: ")


def exported(office: Office, *command: str) -> dict[str, Any]:
    found: dict[str, Any] = office.tieout.json("export", *command)
    return found


def sums(batch: dict[str, Any], rows: str, part: str = "") -> dict[str, tuple[int, Decimal]]:
    """The totals of a batch by kind."""
    return {row["flow"]: (row[f"count{part}"], Decimal(str(row[f"amount{part}"]))) for row in batch[rows] if row["place"] is None}


def test_documents_are_left_alone_taken_up_selected_sent_and_compared_by_commands(tmp_path: Path) -> None:
    with running_office(tmp_path) as office:
        office.tieout.connect()
        documents_on(office)
        office.set("export_when=request")
        customer = office.new_customer("Ashby Farm")
        job = office.new_job(customer, office.new_project(customer, "Barn"))
        vendor = office.papers.vendor()
        first, second, third = (office.papers.bill(vendor, job, cost) for cost in (10.25, 90.0, 7.5))
        office.sync()
        until(office.tieout.is_quiet, "the job is in the books")
        assert office.papers.books("APBILL") == {}

        skipped = f"inventory-bill {second['id']}"
        assert "has the number or ID “4711”" in refused(office, "skip", "4711", "--why", "x")
        assert refused(office, "skip", skipped).endswith("the reason is kept with your name.")
        assert refused(office, "skip", skipped, "--take-back").endswith("is not skipped.")
        assert "left alone" in office.tieout.run("skip", skipped, "--why", "the vendor sent it twice")
        (listed,) = until(lambda: office.tieout.json("queue", "--state", "skipped")["items"], "the queue shows it")
        assert "the vendor sent it twice" in listed["explanation"]
        assert office.tieout.run("queue") == "Nothing waits. 1 skipped: “tieout queue --state skipped” lists them.\n"
        assert "sent it twice" in office.tieout.run("queue", "--state", "skipped", "--text", listed["name"].split()[-1])
        assert "is no state of the queue" in refused(office, "queue", "--state", "lost")

        assert refused(office, "export", *PERIOD).startswith("No document that is not in the books yet fits")
        assert "has the number or ID “4711”" in refused(office, "export", "--record", "4711")
        assert "is no kind of document that is turned on" in refused(office, "export", "--flow", "projects")
        assert refused(office, "export", "--batch", "99").startswith("There is no batch 99.")

        shown = exported(office)
        number = str(shown["batch"])
        assert sums(shown, "before") == {"inventory-bills": (2, Decimal("17.75"))}
        assert office.papers.books("APBILL") == {}
        assert f"“tieout export --batch {number} --release” sends it" in office.tieout.run("export", "--batch", number)
        assert "goes on as before" in office.tieout.run("skip", skipped, "--take-back")
        assert until(lambda: not office.tieout.json("queue", "--state", "skipped")["items"], "the queue is rid of it")

        leave = next(str(each["id"]) for each in shown["documents"] if each["left"] == str(third["id"]))
        done = exported(office, "--batch", number, "--release", "--without", leave, "--why", "month end")
        assert (done["state"], done["agreed"]) == ("done", True)
        assert sums(done, "after", "_there") == {"inventory-bills": (1, Decimal("10.25"))}
        assert "no longer waits" in refused(office, "export", "--batch", number, "--release")
        assert "can no longer be discarded" in refused(office, "export", "--batch", number, "--discard")
        assert "is in the books already" in refused(office, "export", "--record", f"inventory-bill {first['id']}")

        rest = exported(office, "--record", f"inventory-bill {second['id']}", "--record", f"inventory-bill {third['id']}", "--release")
        assert sums(rest, "after", "_there") == {"inventory-bills": (2, Decimal("97.50"))}
        office.tieout.run("export", "--batch", str(rest["batch"]), "--compare")
        totals = sorted(Decimal(row["TOTALENTERED"]) for row in office.papers.books("APBILL").values())
        assert totals == [Decimal("7.50"), Decimal("10.25"), Decimal("90.00")]
        until(lambda: office.tieout.run("queue") == "Nothing waits.\n", "the queue is empty")
