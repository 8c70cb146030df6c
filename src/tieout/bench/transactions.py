"""What the books bill: for changed records, and for a day on which nothing changes. On a virtual clock, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tieout.bench import fill
from tieout.bench.emulated import WEBHOOK_KEY, Emulated
from tieout.bench.hub import BenchError, a_hub, connect
from tieout.bench.table import Row, Verdict, at_most
from tieout.sandbox.clock import Clock

CHANGED = 1_000
MOST_FOR_CHANGED = 1_010
MOST_FOR_DOCUMENTS = 1_020
PROJECTS = 10_000
MOST_A_DAY = 500
FIELD_PAUSE_S = 900
MORNING = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DOCUMENTS_ON = (
    {"export_payables": True, "export_receivables": True, "accounts_match": True},
    {
        "export_inventory_bills": True,
        "export_ap_bills": True,
        "export_ap_credits": True,
        "export_invoices": True,
        "export_payments": True,
        "export_credit_memos": True,
        "bill_tax_account": "6000",
        "bill_shipping_account": "6000",
        "sales_tax_account": "2200",
        "vendor_credit_account": "5100",
        "advance_account": "2100",
    },
)
CHANGED_NOTE = (
    f"{CHANGED:,} linked ServiceTitan projects are renamed; counted is everything the Intacct emulator bills from the poll that finds "
    "the changes until nothing is left to do: reads before writing, writes, and sign-ins. Ordinary polls go on either way and are "
    "counted in the day without changes. In one process on a virtual clock. Flow: ServiceTitan projects."
)
DOCUMENTS_NOTE = (
    f"{CHANGED:,} inventory bills with a line each are posted in ServiceTitan for a job and a vendor that are in step; "
    "counted as above, the reading of the keys that Intacct gives their lines included. In one "
    "process on a virtual clock. Flow: ServiceTitan inventory bills."
)
DAY_NOTE = (
    f"{PROJECTS:,} ServiceTitan projects in step, nothing changes for 24 hours of a virtual clock, in one process; counted is what the "
    "Intacct emulator bills, the nightly slice of the full compare included. Every flow of ServiceTitan is on: customers, projects, jobs "
    "and all documents, whose kinds are read in turn whether they hold anything or not. ServiceTitan, whose calls cost nothing in Intacct, "
    "is read every 15 minutes, so that the day is over sooner. With flows of tasks it is to be counted again."
)


@dataclass(slots=True)
class Bench:
    """The engine and both emulators in one process on one virtual clock."""

    clock: Clock
    emulated: Emulated
    runtime: Any

    def sweep(self) -> int:
        """Poll and compare what is due and work off what is hinted; how many hints that were."""
        from tieout.engine.compare import compare_slice
        from tieout.engine.compare import due as due_to_compare
        from tieout.engine.drain import drain
        from tieout.engine.poll import due_connections, poll
        from tieout.engine.queue import release_waits
        from tieout.store.models import Connection

        now = self.clock.now()
        for connection in due_connections(now):
            poll(self.runtime, connection)
        for connection in due_to_compare(now):
            compare_slice(self.runtime, connection)
        company = Connection.objects.get(name="books")
        release_waits(company, now)
        return drain(self.runtime, company, 0).hints

    def settle(self) -> None:
        """Sweep until nothing is hinted any more and both sides were read since."""
        quiet = 0
        for _ in range(500):
            quiet = 0 if self.sweep() else quiet + 1
            if quiet > 3:
                return
            self.clock.advance(61)
        raise BenchError("The two systems did not come into step; run tieout bench day alone and look at its log.")

    def next_due(self) -> datetime:
        """When the next poll is due."""
        from tieout.store.models import Cursor

        found = Cursor.objects.order_by("next_at").values_list("next_at", flat=True).first()
        return found or self.clock.now()


def begin(clock: Clock, *, documents: bool = False, **field: Any) -> Bench:
    """Everything connected on this clock, nothing read yet; with `documents`, every flow of documents is on."""
    from tieout.engine import connections, rulings
    from tieout.engine.release import Word
    from tieout.engine.runtime import Runtime, Systems
    from tieout.platforms import registry

    emulated = Emulated(clock=clock, over_http=False)
    integration = connect(emulated, field=field, now=clock.now(), linked=False)
    for wanted in DOCUMENTS_ON if documents else ():
        connections.save_settings(integration, wanted, by="bench", now=clock.now())
    for flow in registry.platform("servicetitan").flows if documents else ():
        if flow.approval is not None:
            rulings.confirm_first(integration, flow.name, Word("bench"), clock.now())
    return Bench(clock, emulated, Runtime(clock, Systems(clock, emulated.transports())))


def changed(count: int = CHANGED) -> list[Row]:
    """Transactions for changed records."""
    with a_hub():
        clock = Clock()
        clock.set(MORNING)
        bench = begin(clock)
        made = fill.projects(bench.emulated, fill.customer(bench.emulated, "Only one"), count)
        bench.settle()
        clock.advance(3 * 3600)
        bench.settle()
        for project in made:
            bench.emulated.call("PATCH", f"jpm/projects/{project['id']}", {"name": f"{project['name']} renamed"})
        used = _used_by_the_change(bench)
        renamed = sum(row["NAME"].endswith("renamed") for row in bench.emulated.books.rows("PROJECT"))
        if renamed != count:
            raise BenchError(f"Only {renamed} of {count} changes arrived.")
        bench.emulated.close()
    scaled = used * CHANGED / count
    shown = f"{scaled:,.0f} ({used - count:,} beside the {count:,} writes)"
    figure = f"API transactions for {CHANGED:,} changed records"
    return [Row(figure, shown, f"≤ {MOST_FOR_CHANGED:,}", at_most(scaled, MOST_FOR_CHANGED), "tieout bench changed", CHANGED_NOTE)]


def documents(count: int = CHANGED) -> list[Row]:
    """Transactions for documents, the keys of their lines read back."""
    with a_hub():
        clock = Clock()
        clock.set(MORNING)
        bench = begin(clock, documents=True)
        job = fill.job(bench.emulated, fill.customer(bench.emulated, "Only one"))
        vendor = fill.vendor(bench.emulated)
        fill.bills(bench.emulated, vendor, job, 1)
        bench.settle()
        clock.advance(3 * 3600)
        bench.settle()
        before = len(bench.emulated.books.rows("APBILL"))
        fill.bills(bench.emulated, vendor, job, count)
        used = _used_by_the_change(bench)
        made = len(bench.emulated.books.rows("APBILL")) - before
        if before != 1 or made != count:
            raise BenchError(f"Only {made} of {count} bills arrived, {before} before them.")
        bench.emulated.close()
    scaled = used * CHANGED / count
    shown = f"{scaled:,.0f} ({used - count:,} beside the {count:,} writes)"
    figure, command = f"API transactions for {CHANGED:,} documents", "tieout bench documents"
    return [Row(figure, shown, f"≤ {MOST_FOR_DOCUMENTS:,}", at_most(scaled, MOST_FOR_DOCUMENTS), command, DOCUMENTS_NOTE)]


def _used_by_the_change(bench: Bench) -> int:
    from tieout.engine.drain import drain
    from tieout.engine.poll import poll
    from tieout.store.models import Connection

    poll(bench.runtime, Connection.objects.get(name="field"))
    bench.emulated.books.meter.reset()
    while drain(bench.runtime, Connection.objects.get(name="books"), 0).hints:
        bench.clock.advance(2)
    return bench.emulated.transactions()


def day(projects: int = PROJECTS) -> list[Row]:
    """A day without changes, with webhooks and without."""
    with a_hub():
        clock = Clock()
        clock.set(MORNING)
        bench = begin(clock, documents=True)
        fill.projects(bench.emulated, fill.customer(bench.emulated, "Only one"), projects)
        bench.settle()
        _read_the_field(FIELD_PAUSE_S)
        clock.advance(4 * 3600)
        bench.settle()
        without, longest_without = _a_day(bench)
        _take_webhooks()
        clock.advance(4 * 3600)
        bench.settle()
        with_webhooks, longest_with = _a_day(bench)
        bench.emulated.close()
    figure = "API transactions on a day without changes"
    return [
        Row(
            f"{figure}, webhooks configured",
            f"{with_webhooks:,} (books read every {longest_with.total_seconds():.0f} s at the longest)",
            f"< {MOST_A_DAY}",
            at_most(with_webhooks, MOST_A_DAY - 1),
            "tieout bench day",
            DAY_NOTE,
        ),
        Row(
            f"{figure}, without webhooks",
            f"{without:,} (books read every {longest_without.total_seconds():.0f} s at the longest)",
            "",
            Verdict.SHOWN,
            "tieout bench day",
            DAY_NOTE,
        ),
    ]


def _read_the_field(every_s: int) -> None:
    from tieout.store.models import Connection, Cursor

    field = Connection.objects.get(name="field")
    field.values = {**field.values, "poll_seconds": every_s}
    field.save()
    Cursor.objects.filter(connection=field).update(next_at=None)


def _take_webhooks() -> None:
    from tieout.store.models import Connection

    field = Connection.objects.get(name="field")
    field.set_secrets({**field.secrets(), "webhook_key": WEBHOOK_KEY})
    field.save()


def _a_day(bench: Bench) -> tuple[int, timedelta]:
    """What a day costs, and the longest the books went unread."""
    from tieout.store.models import Connection, Cursor

    books = Connection.objects.get(name="books")
    end = bench.clock.now() + timedelta(days=1)
    bench.emulated.books.meter.reset()
    longest, last = timedelta(0), bench.clock.now()
    while bench.clock.now() < end:
        bench.sweep()
        read = Cursor.objects.filter(connection=books).order_by("polled_at").values_list("polled_at", flat=True).first()
        if read is not None and read > last:
            longest, last = max(longest, read - last), read
        wait = (bench.next_due() - bench.clock.now()).total_seconds()
        bench.clock.advance(max(wait, 1.0))
    return bench.emulated.transactions(), longest
