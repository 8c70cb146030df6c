"""The vendor's Node SDK on allocations, warehouses and users (objects table ALLOCATION, WAREHOUSE, USERINFO; intacct-xml §9.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made


def share(percent: float, location: str, **values: Any) -> dict[str, Any]:
    return made("Company.AllocationLine", amount=percent, locationId=location, **values)


def test_an_allocation_is_made_changed_used_by_a_bill_and_deleted(sdk: NodeSdk) -> None:
    sdk.run("Company.DepartmentCreate", departmentId="D-1", departmentName="Field")
    values = {"allocationId": "SPLIT", "allocationBy": "Percentage"}
    lines = [share(50, "100", departmentId="D-1"), share(50, "100")]
    number = sdk.number("Company.AllocationCreate", **values, description="Half and half", active=True, lines=lines)
    row = sdk.read("ALLOCATION", number)
    assert (row["DESCRIPTION"], row["TYPE"], row["STATUS"]) == ("Half and half", "Percentage", "active")
    assert [each["VALUE"] for each in row["ALLOCATIONENTRIES"]["allocationentry"]] == ["50", "50"]
    sdk.run("Company.AllocationUpdate", **values, lines=[share(33.3333, "100", departmentId="D-1"), share(66.6667, "100")])
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Company.AllocationUpdate", **values, lines=[share(33, "100"), share(66, "100")])
    assert "add up to 99 percent, not 100" in refused.value.errors[0]
    sdk.run("AccountsPayable.VendorCreate", vendorId="V-1", vendorName="Pipe Supply", printAs="Pipe Supply")
    line = made("AccountsPayable.BillLineCreate", glAccountNumber="5100", transactionAmount=100, allocationId="SPLIT")
    told = {"vendorId": "V-1", "transactionDate": day("2026-03-10"), "dueDate": day("2026-04-10"), "lines": [line]}
    bill = sdk.number("AccountsPayable.BillCreate", **told)
    posted = [each for each in sdk.stored("GLDETAIL") if each["RECORDKEY"] == bill and each["ACCOUNTNO"] == "5100"]
    assert [(each["AMOUNT"], each["DEPARTMENTID"], each["LOCATIONID"]) for each in posted] == [
        ("33.33", "D-1", "100"),
        ("66.67", "", "100"),
    ]
    with pytest.raises(RefusedBySdk):
        sdk.run("Company.AllocationDelete", allocationId="SPLIT")
    sdk.run("AccountsPayable.BillDelete", recordNo=bill)
    sdk.run("Company.AllocationDelete", allocationId="SPLIT")
    assert not sdk.stored("ALLOCATIONENTRY")


def test_a_line_without_a_location_needs_an_allocation(sdk: NodeSdk) -> None:
    sdk.run("AccountsPayable.VendorCreate", vendorId="V-2", vendorName="Pipe Supply", printAs="Pipe Supply")
    told = {"vendorId": "V-2", "transactionDate": day("2026-03-10"), "dueDate": day("2026-04-10")}
    for allocation in (None, "NOSUCH"):
        line = made("AccountsPayable.BillLineCreate", glAccountNumber="5100", transactionAmount=100, allocationId=allocation)
        with pytest.raises(RefusedBySdk) as refused:
            sdk.run("AccountsPayable.BillCreate", **told, lines=[line])
        assert ("NOSUCH" if allocation else "LOCATIONID is required") in refused.value.errors[0]


def test_warehouses_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    number = sdk.number("InventoryControl.WarehouseCreate", warehouseId="W-1", warehouseName="Yard", locationId="100", active=True)
    sdk.number("InventoryControl.WarehouseCreate", warehouseId="W-2", warehouseName="Shed", locationId="100", parentWarehouseId="W-1")
    row = sdk.read("WAREHOUSE", number)
    assert (row["NAME"], row["LOC"]["LOCATIONID"], row["USEDINGL"]) == ("Yard", "100", "true")
    sdk.run("InventoryControl.WarehouseUpdate", recordNo=number, warehouseName="Old yard", locationId="200", usedInGeneralLedger=False)
    row = sdk.read("WAREHOUSE", number)
    assert (row["NAME"], row["LOC"]["LOCATIONID"], row["USEDINGL"]) == ("Old yard", "200", "false")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("InventoryControl.WarehouseCreate", warehouseId="W-3", warehouseName="Nowhere", locationId="999")
    assert "999" in refused.value.errors[0]
    with pytest.raises(RefusedBySdk):
        sdk.run("InventoryControl.WarehouseDelete", recordNo=number)
    for each in reversed(sdk.stored("WAREHOUSE")):
        sdk.run("InventoryControl.WarehouseDelete", recordNo=each["RECORDNO"])
    assert not sdk.stored("WAREHOUSE")


def test_users_are_made_with_a_contact_and_changed(sdk: NodeSdk) -> None:
    sdk.run("Company.DepartmentCreate", departmentId="D-9", departmentName="Office")
    number = sdk.number(
        "Company.UserCreate",
        userId="ida",
        userType="business user",
        userName="Ida Rahm",
        lastName="Rahm",
        firstName="Ida",
        primaryEmailAddress="ida@b.example",
        webServicesOnly=True,
        active=True,
        restrictedEntities=["100"],
        restrictedDepartments=["D-9"],
    )
    row = sdk.read("USERINFO", number)
    assert (row["LOGINID"], row["USERTYPE"], row["LOGINDISABLED"]) == ("ida", "business user", "true")
    (contact,) = [each for each in sdk.stored("CONTACT") if each["CONTACTNAME"] == "Ida Rahm"]
    assert contact["EMAIL1"] == "ida@b.example"
    (stored,) = [each for each in sdk.stored("USERINFO") if each["LOGINID"] == "ida"]
    assert (stored["USERLOCATIONS"], stored["USERDEPARTMENTS"]) == ([{"LOCATIONID": "100"}], [{"DEPARTMENTID": "D-9"}])
    sdk.run("Company.UserUpdate", userId="ida", userType="project manager user", userName="I. Rahm", active=False)
    row = sdk.read("USERINFO", number)
    assert (row["USERTYPE"], row["DESCRIPTION"], row["STATUS"]) == ("project manager user", "I. Rahm", "inactive")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Company.UserCreate", userId="nobody", userType="business user")
    assert "CONTACTINFO.CONTACTNAME is required" in refused.value.errors[0]
