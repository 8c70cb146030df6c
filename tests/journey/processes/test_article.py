"""Each event, before/after and troubleshooting row of the vendor's article, against running processes (servicetitan §1.4 to §1.7).

One installation serves all rows: `tieout serve` with its worker, a PostgreSQL and both emulators, reached by their addresses. Each row
has a customer of its own. Rows of one table are played side by side, step by step, because a step costs the same for one as for all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from tests.journey.processes.office import Office, documents_on, running_office

Row = Callable[[Office], Iterator[None]]
Ends = dict[Row, Exception | None]
CHILDREN = ("project_auto_sync", "parent_project_mapping", "customer_project_linkage")
OLD = "Entered before the switch-on"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Everything is on since a moment ago; one job is older."""
    with running_office(tmp_path_factory.mktemp("article")) as office:
        office.old = office.new_job(office.new_customer(OLD))
        office.tieout.connect(everything=False)
        documents_on(office)
        table = "type,method,undeposited_account,bank_account\nCheck,Printed Check,1050,\n"
        office.tieout.run("mapping", "import", "--yes", "payment-types", "-", stdin=table)
        yield office


def play(office: Office, rows: Sequence[Row], steps: Sequence[Sequence[str]]) -> Ends:
    """Play rows side by side: each goes on after every step, which saves settings, if any, and waits for the work; how each row ended."""
    going = {row: row(office) for row in rows}
    ends: Ends = dict.fromkeys(rows)

    def go_on() -> None:
        for row, played in list(going.items()):
            try:
                next(played)
            except StopIteration:
                del going[row]
            except Exception as error:  # told by the test of this row; the others go on
                ends[row] = error
                del going[row]

    go_on()
    for settings in steps:
        if settings:
            office.set(*settings)
        office.sync()
        go_on()
    assert not going, "a row has more steps than are played"
    return ends


def tell(ends: Ends, row: Row) -> None:
    """Pass or fail as the row did."""
    if (error := ends[row]) is not None:
        raise error


# Events (§1.4), and what is without and with automatic synchronisation (§1.5): each row enters something and says what is there afterwards.


def a_job_is_created(office: Office) -> Iterator[None]:
    job = office.new_job(office.new_customer("Ashby Farm"))
    yield
    assert office.projects()[job["jobNumber"]]["NAME"] == f"{job['jobNumber']} Ashby Farm"


def a_project_is_created(office: Office) -> Iterator[None]:
    customer = office.new_customer("Birch Court")
    project = office.new_project(customer, "Barn")
    job = office.new_job(customer, project)
    yield
    projects = office.projects()
    parent = projects[f"P-{project['number']}"]
    assert (parent["NAME"], parent["PARENTID"] or "", parent["CUSTOMERID"]) == ("Barn", "", f"C-{customer['id']}")
    assert projects[job["jobNumber"]]["PARENTID"] == parent["PROJECTID"]


def a_project_is_renamed(office: Office) -> Iterator[None]:
    project = office.new_project(office.new_customer("Cedar House"), "Barn")
    yield
    before = office.projects()[f"P-{project['number']}"]
    office.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Barn and yard"})
    yield
    after = office.projects()[f"P-{project['number']}"]
    assert (before["NAME"], after["NAME"], after["RECORDNO"]) == ("Barn", "Barn and yard", before["RECORDNO"])


def a_job_is_invoiced_at_once(office: Office) -> Iterator[None]:
    customer = office.new_customer("Dale Mill")
    job = office.new_job(customer)
    invoice = office.papers.invoice(job, 1000.0, 250.5)
    yield
    booked = office.papers.books("ARINVOICE")[invoice["referenceNumber"]]
    assert (booked["CUSTOMERID"], float(booked["TOTALENTERED"])) == (f"C-{customer['id']}", 1250.5)
    assert {line["PROJECTID"] for line in office.papers.lines("ARINVOICEITEM", booked)} == {job["jobNumber"]}
    assert office.papers.shown("invoices", invoice["id"])["syncStatus"] == "Exported"


def a_bill_goes_against_a_project_just_made(office: Office) -> Iterator[None]:
    customer = office.new_customer("Elm Row")
    project = office.new_project(customer, "Roof")
    job = office.new_job(customer, project)
    vendor = office.papers.vendor("Elm Row Supply")
    bill = office.papers.bill(vendor, job, 10.25, 90.0)
    yield
    booked = office.papers.books("APBILL")[bill["referenceNumber"]]
    lines = [(line["PROJECTID"], line["CUSTOMERID"]) for line in office.papers.lines("APBILLITEM", booked)]
    assert lines == [(job["jobNumber"], f"C-{customer['id']}")] * 2
    assert (booked["VENDORID"], float(booked["TOTALENTERED"])) == (f"V-{vendor['id']}", 100.25)
    assert office.projects()[job["jobNumber"]]["PARENTID"] == f"P-{project['number']}"
    assert office.papers.shown("inventory-bills", bill["id"])["syncStatus"] in ("Exported", "PostedAndExported")


def a_job_has_nothing_to_export_yet(office: Office) -> Iterator[None]:
    customer = office.new_customer("Fern Lodge")
    job = office.new_job(customer)
    yield
    assert office.projects()[job["jobNumber"]]["CUSTOMERID"] == f"C-{customer['id']}"
    assert not [row for row in office.papers.books("ARINVOICE").values() if row["CUSTOMERID"] == f"C-{customer['id']}"]


def a_job_is_found_in_the_books_and_then_exported(office: Office) -> Iterator[None]:
    job = office.new_job(office.new_customer("Gable End"))
    yield
    assert job["jobNumber"] in office.projects()
    invoice = office.papers.invoice(job, 80.0)
    yield
    assert float(office.papers.books("ARINVOICE")[invoice["referenceNumber"]]["TOTALENTERED"]) == 80.0


def an_invoice_is_paid_in_part(office: Office) -> Iterator[None]:
    job = office.new_job(office.new_customer("Holm Oak"))
    invoice = office.papers.invoice(job, 500.0)
    payment = office.papers.payment(invoice, 200.0)
    yield
    assert float(office.papers.books("ARINVOICE")[invoice["referenceNumber"]]["TOTALDUE"]) == 300.0
    assert office.papers.shown("payments", payment["id"])["syncStatus"] == "Exported"


def credits_and_adjustments_of_both_sides(office: Office) -> Iterator[None]:
    customer = office.new_customer("Ivy Place")
    invoice = office.papers.invoice(office.new_job(customer), 500.0)
    vendor = office.papers.vendor("Ivy Place Supply")
    made = {
        "ap-credits": office.papers.vendor_credit(vendor, 40.1),
        "credit-memos": office.papers.credit_memo(customer, 50.0),
        "invoices": office.papers.adjust(invoice, -100.0),
        "payments": office.papers.advance(customer, 75.0),
    }
    yield
    ours = {"VENDORID": f"V-{vendor['id']}", "CUSTOMERID": f"C-{customer['id']}"}

    def totals(kind: str, owner: str) -> list[float]:
        rows = office.papers.books(kind, "RECORDNO").values()
        return sorted(float(row["TOTALENTERED"]) for row in rows if row[owner] == ours[owner])

    assert totals("APADJUSTMENT", "VENDORID") == [-40.1]
    assert totals("ARADJUSTMENT", "CUSTOMERID") == [-100.0, -50.0]
    assert totals("ARADVANCE", "CUSTOMERID") == [75.0]
    for kind, document in made.items():
        assert office.papers.shown(kind, document["id"])["syncStatus"] == "Exported", kind


def nothing_is_refused_on_the_way(office: Office) -> Iterator[None]:
    yield
    yield
    assert office.refused() == []


EVENTS: list[Any] = [
    pytest.param(a_job_is_created, marks=pytest.mark.req("R-ST-21")),
    pytest.param(a_project_is_created, marks=pytest.mark.req("R-ST-22")),
    pytest.param(a_project_is_renamed, marks=pytest.mark.req("R-ST-23", "R-ST-26")),
    pytest.param(a_job_is_invoiced_at_once, marks=pytest.mark.req("R-ST-24")),
    pytest.param(a_bill_goes_against_a_project_just_made, marks=pytest.mark.req("R-ST-25")),
    pytest.param(a_job_has_nothing_to_export_yet, marks=pytest.mark.req("R-ST-27")),
    pytest.param(a_job_is_found_in_the_books_and_then_exported, marks=pytest.mark.req("R-ST-28")),
    pytest.param(an_invoice_is_paid_in_part),
    pytest.param(credits_and_adjustments_of_both_sides),
    pytest.param(nothing_is_refused_on_the_way, marks=pytest.mark.req("R-ST-02", "R-ST-33")),
]


@pytest.fixture(scope="module")
def events(office: Office) -> Ends:
    return play(office, [param.values[0] for param in EVENTS], [(), ()])


@pytest.mark.parametrize("row", EVENTS, ids=lambda row: row.__name__)
def test_what_the_office_does_is_in_the_books(events: Ends, row: Row) -> None:
    tell(events, row)


# Settings off, and on again one after the other (§1.2, §1.4, §1.7): what stays, why the product says it stays, and that it goes afterwards.

SETTINGS: Sequence[Sequence[str]] = (
    (),
    ("enable_projects=off",),
    (),
    ("enable_projects=on", "use_project_name=off"),
    ("project_auto_sync=on", "customer_project_linkage=on"),
    ("parent_project_mapping=on",),
    ("use_project_name=on",),
)


def a_job_without_projects(office: Office) -> Iterator[None]:
    yield
    yield
    customer = office.new_customer("Juniper Hall")
    job = office.new_job(customer)
    yield  # nothing is on
    assert job["jobNumber"] not in office.projects()
    yield  # projects are, their synchronisation is not
    assert job["jobNumber"] not in office.projects()
    yield
    assert office.projects()[job["jobNumber"]]["CUSTOMERID"] == f"C-{customer['id']}"


def a_job_without_automatic_synchronisation(office: Office) -> Iterator[None]:
    yield
    yield
    yield
    job = office.new_job(office.new_customer("Kelp Wharf"))
    yield
    assert job["jobNumber"] not in office.projects()
    assert "Enable Project Automatic Synchronization" in office.left_alone()
    yield
    assert job["jobNumber"] in office.projects()


def a_project_without_parent_mapping(office: Office) -> Iterator[None]:
    yield
    yield
    yield
    yield
    customer = office.new_customer("Larch Close")
    project = office.new_project(customer, "Stable")
    job = office.new_job(customer, project)
    yield
    assert not office.projects()[job["jobNumber"]]["PARENTID"]
    assert f"P-{project['number']}" not in office.projects()
    assert "Enable Parent Project Mapping" in office.left_alone()
    yield
    assert office.projects()[job["jobNumber"]]["PARENTID"] == f"P-{project['number']}"


def a_rename_without_project_names(office: Office) -> Iterator[None]:
    project = office.new_project(office.new_customer("Maple Yard"), "Shed")
    yield
    assert office.projects()[f"P-{project['number']}"]["NAME"] == "Shed"
    yield
    yield
    yield
    yield
    office.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Shed and store"})
    yield
    assert office.projects()[f"P-{project['number']}"]["NAME"] == "Shed"
    yield
    assert office.projects()[f"P-{project['number']}"]["NAME"] == "Shed and store"


def toggles_before_their_parent(office: Office) -> Iterator[None]:
    yield
    yield
    for child in CHILDREN:
        told = office.set(f"{child}=on", fails=True)
        assert "Enable Intacct Projects" in told, child
    told = office.set("enable_projects=on", "parent_project_mapping=on", fails=True)
    assert "save, and try again" in told


WITHOUT: list[Any] = [
    pytest.param(a_job_without_projects, marks=pytest.mark.req("R-ST-21", "R-ST-10")),
    pytest.param(a_job_without_automatic_synchronisation, marks=pytest.mark.req("R-ST-30", "R-ST-12")),
    pytest.param(a_project_without_parent_mapping, marks=pytest.mark.req("R-ST-31", "R-ST-22")),
    pytest.param(a_rename_without_project_names, marks=pytest.mark.req("R-ST-32", "R-ST-23")),
    pytest.param(toggles_before_their_parent, marks=pytest.mark.req("R-ST-29", "R-ST-15")),
]


@pytest.fixture(scope="module")
def without(office: Office) -> Ends:
    return play(office, [param.values[0] for param in WITHOUT], SETTINGS)


@pytest.mark.parametrize("row", WITHOUT, ids=lambda row: row.__name__)
def test_without_its_setting_it_stays_and_with_it_goes(without: Ends, row: Row) -> None:
    tell(without, row)


# Troubleshooting (§1.7), the rows that need no setting


@pytest.mark.req("R-ST-33", "R-ST-36", "R-ST-D14")
def test_an_export_that_waits_for_its_project_says_so_in_the_queue_and_goes_by_itself(office: Office) -> None:
    office.control("intacct", "PUT", "settings", {"denied_operations": ["create PROJECT"]})
    job = office.new_job(office.new_customer("Nettle Grange"))
    bill = office.papers.bill(office.papers.vendor("Nettle Supply"), job, 10.0)
    try:
        office.sync()
        page = office.page(f"/queue/?text={bill['referenceNumber']}")
        assert f"Waits for Job {job['jobNumber']}" in page, page
        (problem,) = [row for row in office.tieout.json("problems")["problems"] if row["name"] == f"Job {job['jobNumber']}"]
        assert problem["cause"]
        assert problem["next_step"]
        assert bill["referenceNumber"] not in office.papers.books("APBILL")
    finally:
        office.control("intacct", "PUT", "settings", {"denied_operations": []})
    office.sync("--record", f"job {job['id']}")
    office.sync()
    assert bill["referenceNumber"] in office.papers.books("APBILL")


def test_a_sync_whose_reading_is_refused_ends_and_says_what_cannot_be_read(office: Office) -> None:
    office.control("intacct", "PUT", "settings", {"denied_operations": ["query VENDOR"]})
    try:
        told = office.tieout.run("sync", fails=True)
        assert "VENDOR cannot be read" in told, told
    finally:
        office.control("intacct", "PUT", "settings", {"denied_operations": []})
    office.sync()


@pytest.mark.req("R-ST-34", "R-ST-07", "R-ST-30")
def test_expired_credentials_are_told_and_what_came_meanwhile_goes_once_they_are_renewed(office: Office) -> None:
    wrong, right = (json.dumps({"sender_password": "sandbox-sender-pw", "user_password": password}) for password in ("old", "ws-user-pw"))
    assert "password" in office.tieout.run("connect", "intacct", "--secrets", "-", stdin=wrong, fails=True)
    job = office.new_job(office.new_customer("Orchard View"))
    told = office.tieout.run("sync", fails=True)
    assert "password" in told, told
    assert job["jobNumber"] not in office.projects()
    office.tieout.run("connect", "intacct", "--secrets", "-", stdin=right)
    office.sync()
    assert job["jobNumber"] in office.projects()


@pytest.mark.req("R-ST-35", "R-ST-37", "R-ST-05")
def test_a_job_older_than_the_switch_on_stays_says_why_and_goes_on_request(office: Office) -> None:
    number = office.old["jobNumber"]
    assert number not in office.projects()
    assert "before the integration was switched on" in office.left_alone()
    office.sync("--record", f"job {office.old['id']}")
    assert number in office.projects()
