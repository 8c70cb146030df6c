"""The unmodified titanpy in a process and an environment of its own, over every resource it knows (servicetitan §13.2)."""

from __future__ import annotations

import datetime
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.contract.sandbox.servicetitan import titanpy_driver
from tests.contract.sandbox.servicetitan.api import TENANT, Api, InProcess
from tests.contract.sandbox.servicetitan.conftest import emulator_of
from tieout.sandbox.run import serve

ENVIRONMENT = Path(sys.prefix) / "titanpy"
PATIENCE_S = 120
# What titanpy knows in the areas the emulator has, by titanpy's own groups, and which of it the emulator answers. Its by-id forms end in
# a slash.
ANSWERED = {
    "accounting": "export/inventory-bills export/invoice-items export/invoices export/payments ap-credits ap-payments inventory-bills "
    "invoices journal-entries payments payment-terms tax-zones",
    "accounting_id": "journal-entries-details/ journal-entries-summary/ payment-types/",
    "crm": "export/customers export/customers/contacts export/locations export/locations/contacts customers customers/contacts "
    "locations locations/contacts",
    "crm_id": "customers/ customers-contacts/ locations/ locations-contacts/",
    "inventory": "export/purchase-orders adjustments purchase-orders purchase-order-types receipts returns transfers trucks vendors "
    "warehouses",
    "inventory_id": "purchase-orders/ vendors/",
    "job_planning": "export/appointments export/job-canceled-logs export/jobs export/projects appointments job-cancel-reasons "
    "job-hold-reasons jobs job-types projects project-statuses project-substatuses",
    "job_planning_id": "appointments/ jobs/ jobs-history/ job-types/ projects/ project-statuses/ project-substatuses/",
    "payroll": "export/gross-pay-items export/jobs/splits export/jobs/timesheets export/payroll-adjustments gross-pay-items jobs/splits "
    "payrolls jobs/timesheets non-job-timesheets",
    "pricebook": "discounts-and-fees equipment materials services",
    "pricebook_id": "discounts-and-fees/ equipment/ materials/ services/",
    "settings": "export/business-units export/employees export/tag-types export/technicians employees tag-types technicians",
    "settings_id": "employees/ technicians/",
}
AREAS = {"job_planning": "jpm"}
# What these ask for is a part of a record of another kind.
PARTS = {
    "journal-entries-details/": "journal-entries",
    "journal-entries-summary/": "journal-entries",
    "customers-contacts/": "customers",
    "locations-contacts/": "locations",
    "jobs-history/": "jobs",
}


def certificate(folder: Path) -> Path:
    """A certificate for the two host names titanpy has in its code, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sandbox")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in titanpy_driver.HOSTS])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "sandbox.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.fixture(scope="module")
def world() -> Iterator[Api]:
    """A small demo world."""
    emulator = emulator_of("demo")
    with httpx.Client(base_url="http://sandbox", transport=InProcess(emulator)) as http:
        api = Api(emulator, http)
        api.sign_in()
        yield api
    emulator.close()


@pytest.fixture(scope="module")
def ids(world: Api) -> dict[str, dict[str, int]]:
    """An id for every resource asked for by its id: that of the first row."""
    found: dict[str, dict[str, int]] = {}
    for group, names in ANSWERED.items():
        area = AREAS.get(group.removesuffix("_id"), group.removesuffix("_id"))
        rows = found.setdefault(group, {})
        for name in names.split() if group.endswith("_id") else ():
            rows[name] = world.rows(f"{area}/{PARTS.get(name, name.rstrip('/'))}", pageSize=50)[0]["id"]
    return found


@pytest.fixture(scope="module")
def answers(world: Api, ids: dict[str, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    """What titanpy got for every resource of these areas, all asked for in one process."""
    if not ENVIRONMENT.is_dir():
        pytest.fail(f"titanpy is not installed in {ENVIRONMENT}: run make setup", pytrace=False)
    folder = tmp_path_factory.mktemp("titanpy")
    trusted = certificate(folder)
    names = {"CLIENT_ID": "st-client", "CLIENT_SECRET": "st-secret", "APP_ID": "app", "APP_KEY": "st-app-key"}
    credentials = folder / "credentials.json"
    credentials.write_text(json.dumps({**names, "TENANT_ID": str(TENANT), "TIMEZONE": "UTC"}))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(trusted)
    with serve(world.emulator, tls=tls) as running:
        order = {"credentials": str(credentials), "port": int(running.url.rpartition(":")[2]), "ids": ids}
        environment = {**os.environ, "PYTHONPATH": str(ENVIRONMENT), "REQUESTS_CA_BUNDLE": str(trusted), "NO_PROXY": "*"}
        # -S: nothing of the environment the tests run in, only titanpy's own.
        command = [sys.executable, "-S", titanpy_driver.__file__]
        done = subprocess.run(
            command, env=environment, input=json.dumps(order), capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {(line["group"], line["endpoint"]): line for line in lines}


@pytest.mark.parametrize(("group", "endpoint"), [(group, name) for group, names in ANSWERED.items() for name in names.split()])
def test_titanpy_reads_what_any_client_reads(group: str, endpoint: str, world: Api, answers: dict[tuple[str, str], dict[str, Any]]) -> None:
    # servicetitan §13.2 "Resources used"
    answer = answers[group, endpoint]
    assert answer["status"] == 200, answer["url"]
    area, _, rest = answer["url"].removeprefix("https://api.servicetitan.io/").partition(f"/v2/tenant/{TENANT}/")
    assert answer["body"]
    assert answer["body"] == world.get(f"{area}/{rest}")


def test_everything_else_titanpy_knows_of_these_areas_is_no_operation_here(answers: dict[tuple[str, str], dict[str, Any]]) -> None:
    answered = {key for key, answer in answers.items() if answer["status"] == 200}
    assert answered == {(group, name) for group, names in ANSWERED.items() for name in names.split()}
    assert {answer["status"] for key, answer in answers.items() if key not in answered} == {0, 404}
