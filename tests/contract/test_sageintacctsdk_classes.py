"""Every API class of `sageintacctsdk`, unchanged: all it can do with its object, or why none of it is run (intacct-xml §9.3).

The client's own methods are the same for most objects; so one record of each is taken through all of them, by the table below. What a
class does beyond that is in the modules test_sageintacctsdk*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.apis.api_base import ApiBase
from sageintacctsdk.exceptions import NoPrivilegeError, WrongParamsError

from tests.contract.sage_sdk import signed_in
from tieout.sandbox.run import Running

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """One API class.

    Attributes:
        dimension: the object, as the class names it.
        key: the field its record is found by, and what it is.
        row: what the record is made of.
        change: what an update changes, where the object takes one, and where it is read back.
        posted: whether the client makes the record itself; else the emulator is given it.
        deleted: whether the client deletes it again.
        listed: whether the class has fields of its own to select, which `get_all` needs.
    """

    dimension: str
    key: tuple[str, str]
    row: Row
    change: Row = field(default_factory=dict)
    posted: bool = True
    deleted: bool = True
    listed: bool = True


HELD: Mapping[str, Held] = {
    "accounts": Held(
        "GLACCOUNT",
        ("ACCOUNTNO", "7000"),
        {"TITLE": "Tools", "ACCOUNTTYPE": "balancesheet", "NORMALBALANCE": "debit", "CLOSINGTYPE": "non-closing account"},
        {"TITLE": "Small tools", "NORMALBALANCE": "debit", "CLOSINGTYPE": "non-closing account"},
    ),
    "allocations": Held(
        "ALLOCATION",
        ("ALLOCATIONID", "ALL-1"),
        {"DESCRIPTION": "All", "ALLOCATIONENTRIES": {"ALLOCATIONENTRY": [{"VALUE": "100", "LOCATIONID": "100"}]}},
        {"DESCRIPTION": "Everything"},
    ),
    "charge_card_accounts": Held(
        "CREDITCARD", ("CARDID", "AMEX-1"), {"DESCRIPTION": "Second", "OFFSETGLACCOUNTNO": "2020"}, posted=False, deleted=False
    ),
    "checking_accounts": Held(
        "CHECKINGACCOUNT", ("BANKACCOUNTID", "SECOND"), {"BANKNAME": "B", "GLACCOUNTNO": "1000"}, posted=False, deleted=False
    ),
    "classes": Held("CLASS", ("CLASSID", "K-1"), {"NAME": "New build"}, {"NAME": "Newer"}),
    "contacts": Held("CONTACT", ("CONTACTNAME", "Ada Sill"), {"PRINTAS": "Ada Sill"}, {"COMPANYNAME": "Birch"}),
    "customers": Held("CUSTOMER", ("CUSTOMERID", "C-9"), {"NAME": "Birch", "DISPLAYCONTACT": {"PRINTAS": "Birch"}}, {"ONHOLD": "true"}),
    "departments": Held("DEPARTMENT", ("DEPARTMENTID", "D-9"), {"TITLE": "Field"}, {"TITLE": "Works"}),
    "employees": Held(
        "EMPLOYEE", ("EMPLOYEEID", "E-9"), {"PERSONALINFO": {"CONTACTNAME": "Eli Post"}, "LOCATIONID": "100"}, {"TITLE": "Fitter"}
    ),
    "expense_payment_types": Held(
        "EXPENSEPAYMENTTYPE", ("NAME", "Voucher"), {"DESCRIPTION": "By voucher", "NONREIMBURSABLE": "false"}, posted=False, deleted=False
    ),
    "expense_types": Held(
        "EEACCOUNTLABEL", ("ACCOUNTLABEL", "Meals"), {"DESCRIPTION": "Meals", "GLACCOUNTNO": "6000"}, {"DESCRIPTION": "Meals on site"}
    ),
    "items": Held("ITEM", ("ITEMID", "I-9"), {"NAME": "Pump", "ITEMTYPE": "Non-Inventory"}),
    "location_entities": Held("LOCATIONENTITY", ("LOCATIONID", "300"), {"NAME": "Third"}, posted=False, deleted=False),
    "locations": Held("LOCATION", ("LOCATIONID", "110"), {"NAME": "Yard", "PARENTID": "100"}, {"NAME": "Old yard"}),
    "projects": Held(
        "PROJECT", ("PROJECTID", "P-9"), {"NAME": "Job", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}, {"DESCRIPTION": "Two units"}
    ),
    "savings_accounts": Held(
        "SAVINGSACCOUNT",
        ("BANKACCOUNTID", "THIRD"),
        {"BANKNAME": "B", "GLACCOUNTNO": "1010"},
        posted=False,
        deleted=False,
        listed=False,
    ),
    "tax_details": Held(
        "TAXDETAIL", ("DETAILID", "VAT 20"), {"VALUE": "20", "TAXTYPE": "Purchase", "TAXSOLUTIONID": "UK"}, posted=False, deleted=False
    ),
    "tax_solutions": Held("TAXSOLUTION", ("SOLUTIONID", "ZA"), {"DESCRIPTION": "VAT"}, posted=False, deleted=False),
    "vendors": Held("VENDOR", ("VENDORID", "V-9"), {"NAME": "Pipes", "DISPLAYCONTACT": {"PRINTAS": "Pipes"}}, {"NAME": "Pipe Supply"}),
}
# Classes whose records need others or do other things, by the module of ours that runs them.
ELSEWHERE: Mapping[str, str] = {
    "allocation_entry": "test_sageintacctsdk_classes",
    "ap_payments": "test_sageintacctsdk_documents",
    "ar_aging": "test_sageintacctsdk_documents",
    "ar_invoice_items": "test_sageintacctsdk_documents",
    "ar_invoices": "test_sageintacctsdk_documents",
    "ar_payments": "test_sageintacctsdk_documents",
    "attachments": "test_sageintacctsdk_documents",
    "bills": "test_sageintacctsdk_documents",
    "charge_card_transactions": "test_sageintacctsdk_expenses",
    "cost_types": "test_sageintacctsdk_projects",
    "dimension_values": "test_sageintacctsdk_documents",
    "dimensions": "test_sageintacctsdk_projects",
    "expense_reports": "test_sageintacctsdk_expenses",
    "gl_detail": "test_sageintacctsdk_documents",
    "journal_entries": "test_sageintacctsdk_documents",
    "order_entry_transactions": "test_sageintacctsdk_orders",
    "reimbursements": "test_sageintacctsdk_expenses",
    "tasks": "test_sageintacctsdk_projects",
}
NOT_HELD: Mapping[str, str] = {
    "ap_detail": "APDETAIL is on no page of the reference, and the class selects no fields of it",
    "contract_lines": "contracts of revenue management are not held: no flow touches them",
    "contracts": "contracts of revenue management are not held: no flow touches them",
    "inventory_control_price_list_entries": "INVPRICELISTENTRY is on no page of the reference, and the class selects no fields of it",
    "rev_rec_schedule_entries": "the emulator has no revenue recognition: schedules arise from sales documents with templates",
    "rev_rec_schedules": "the emulator has no revenue recognition: schedules arise from sales documents with templates",
}


@pytest.fixture(scope="module")
def company() -> Iterator[tuple[SageIntacctSDK, Running]]:
    with signed_in(page=2) as (client, running):
        client.contacts.post({"CONTACTNAME": "Eli Post", "PRINTAS": "Eli Post"})
        given(running, "TAXSOLUTION", {"SOLUTIONID": "UK", "DESCRIPTION": "VAT in the United Kingdom"})
        given(running, "LOCATION", {"LOCATIONID": "300", "NAME": "Third"})
        yield client, running


def given(running: Running, kind: str, row: Row) -> None:
    """A row the gateway itself cannot make."""
    httpx.post(f"{running.url}/_sandbox/objects/{kind}", json=[row]).raise_for_status()


def api(client: SageIntacctSDK, name: str) -> Any:
    return getattr(client, name)


def rows_of(found: dict[str, Any], dimension: str) -> list[Row]:
    """The records of an answer, one or several."""
    rows = found.get(dimension.upper()) or found.get(dimension.lower()) or []
    return rows if isinstance(rows, list) else [rows]


def test_the_tables_name_every_api_of_the_client_once(company: tuple[SageIntacctSDK, Running]) -> None:
    real = {name for name, value in vars(company[0]).items() if isinstance(value, ApiBase)} - {"api_base"}
    named = [*HELD, *ELSEWHERE, *NOT_HELD]
    assert len(real) > 40
    assert sorted(named) == sorted(real)
    assert all(len(reason) > 20 for reason in NOT_HELD.values())


def test_what_is_run_elsewhere_is_named_there() -> None:
    idle = [name for name, module in ELSEWHERE.items() if f"client.{name}" not in (Path(__file__).parent / f"{module}.py").read_text()]
    assert idle == []


@pytest.mark.parametrize("name", HELD)
def test_one_record_goes_through_every_method_of_its_class(company: tuple[SageIntacctSDK, Running], name: str) -> None:
    client, running = company
    held, cls = HELD[name], api(client, name)
    key, value = held.key
    row = {key: value, **held.row}
    before = cls.count(None)
    if held.posted:
        made = cls.post(row)
        assert (made["status"], made["function"]) == ("success", "create")
        assert made["data"][held.dimension.lower()]["RECORDNO"]
    else:
        given(running, held.dimension, row)
    assert cls.count(None) == before + 1
    assert cls.count(key, value) == cls.count(and_filter=[("equalto", key, value)]) == 1
    (read,) = rows_of(cls.get(key, value), held.dimension)
    number = read["RECORDNO"]
    if held.listed:
        (selected,) = cls.get_all(key, value)
        assert {name: selected[name] for name in held.row if name in selected} == {n: v for n, v in held.row.items() if n in selected}
        (found,) = cls.get_by_query(and_filter=[("equalto", key, value), ("notequalto", "RECORDNO", "0")])
        assert found == selected
        pages = [page for page in cls.get_all_generator(order_by_field="RECORDNO", order="ascending") if page]
        assert [each["RECORDNO"] for page in pages for each in page][-1] == number
        assert sum(len(page) for page in pages) == before + 1
        assert all(len(page) <= 2 for page in pages)
    everything = rows_of(cls.read_by_query()["data"], held.dimension)
    assert value in {each[key] for each in everything}
    fields = {each["ID"]: each for each in cls.get_lookup()["Type"]["Fields"]["Field"]}
    assert fields["RECORDNO"]["READONLY"] == "true"
    if held.change:
        assert cls.update({"RECORDNO": number, **held.change})["status"] == "success"
        (changed,) = rows_of(cls.get(key, value), held.dimension)
        assert {name: changed[name] for name in held.change} == held.change
    if held.deleted:
        cls.delete(number)
        assert cls.count(key, value) == 0
    else:
        with pytest.raises(NoPrivilegeError):
            cls.delete(number)


def test_allocation_entries_are_read_under_the_name_the_client_writes(company: tuple[SageIntacctSDK, Running]) -> None:
    client, _ = company
    entries = [{"VALUE": "40", "LOCATIONID": "100"}, {"VALUE": "60", "LOCATIONID": "200"}]
    client.allocations.post({"ALLOCATIONID": "BOTH", "ALLOCATIONENTRIES": {"ALLOCATIONENTRY": entries}})
    found = [row for page in client.allocation_entry.get_all_generator("ALLOCATIONID", "BOTH") for row in page]
    assert sorted((row["ALLOCATIONID"], row["LOCATIONID"]) for row in found) == [("BOTH", "100"), ("BOTH", "200")]
    with pytest.raises(WrongParamsError):
        client.allocations.post({"ALLOCATIONID": "NONE"})


def test_filters_are_joined_as_the_client_joins_them(company: tuple[SageIntacctSDK, Running]) -> None:
    client, _ = company
    for number in ("F-1", "F-2", "F-3"):
        client.departments.post({"DEPARTMENTID": number, "TITLE": f"Unit {number}"})
    any_of = [("equalto", "DEPARTMENTID", "F-1"), ("equalto", "DEPARTMENTID", "F-2")]
    assert client.departments.count(or_filter=any_of) == 2
    assert sorted(row["DEPARTMENTID"] for row in client.departments.get_by_query(or_filter=any_of)) == ["F-1", "F-2"]
    apart = [("equalto", "DEPARTMENTID", "F-1"), ("like", "DEPARTMENTID", "%2")]  # of two alike the client would send the last
    both = client.departments.get_by_query(and_filter=[("like", "DEPARTMENTID", "F-%")], or_filter=apart)
    assert sorted(row["DEPARTMENTID"] for row in both) == ["F-1", "F-2"]
    between = client.departments.get_by_query(and_filter=[("between", "DEPARTMENTID", ["F-1", "F-2"])])
    assert sorted(row["DEPARTMENTID"] for row in between) == ["F-1", "F-2"]
    chosen = client.departments.get_by_query(and_filter=[("in", "DEPARTMENTID", ["F-1", "F-3"])])
    assert sorted(row["DEPARTMENTID"] for row in chosen) == ["F-1", "F-3"]
    payload = {"or": {"equalto": [{"field": "DEPARTMENTID", "value": "F-2"}, {"field": "DEPARTMENTID", "value": "F-3"}]}}
    assert client.departments.count(filter_payload=payload) == 2
    assert len(client.departments.get_by_query(filter_payload=payload)) == 2
