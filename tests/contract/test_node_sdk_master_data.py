"""The vendor's Node SDK on the records others refer to: organisation, people, accounts, items, files (intacct-xml §3B, §3D, §9.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made


def shown(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def named(sdk: NodeSdk, kind: str, key: str) -> dict[str, Any]:
    found = sdk.run("Common.ReadByName", objectName=kind, names=[key])
    assert found["count"] == 1
    return dict(found["data"][0])


def gone(sdk: NodeSdk, kind: str, key: str) -> bool:
    return bool(sdk.run("Common.ReadByName", objectName=kind, names=[key])["count"] == 0)


def test_contacts_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    number = sdk.number(
        "Company.ContactCreate",
        contactName="Ada Sill",
        printAs="Ada Sill",
        firstName="Ada",
        lastName="Sill",
        companyName="Birch & Sons",
        primaryEmailAddress="ada@b.example",
        primaryPhoneNo="555-0100",
        addressLine1="1 Elm Street",
        city="Reno",
        stateProvince="NV",
        zipPostalCode="89501",
        country="United States",
    )
    row = sdk.read("CONTACT", number)
    assert shown(row, "PRINTAS", "COMPANYNAME", "EMAIL1", "PHONE1") == ("Ada Sill", "Birch & Sons", "ada@b.example", "555-0100")
    assert shown(row["MAILADDRESS"], "ADDRESS1", "CITY", "STATE", "ZIP") == ("1 Elm Street", "Reno", "NV", "89501")
    sdk.run("Company.ContactUpdate", contactName="Ada Sill", printAs="A. Sill", active=False)
    assert shown(named(sdk, "CONTACT", "Ada Sill"), "PRINTAS", "STATUS", "EMAIL1") == ("A. Sill", "inactive", "ada@b.example")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Company.ContactCreate", contactName="Ada Sill", printAs="Again")
    assert refused.value.errors[0].startswith("BL34000061 Another Contact with the given value(s) Ada Sill")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Company.ContactCreate", contactName="Bad", printAs="Bad", primaryEmailAddress="not an address")
    assert "Illegal format for Contactversion" in refused.value.errors[0]
    assert sdk.run("Company.ContactDelete", contactName="Ada Sill")["function"] == "delete_contact"
    assert gone(sdk, "CONTACT", "Ada Sill")


def test_customers_are_made_with_their_display_contact_changed_and_deleted(sdk: NodeSdk) -> None:
    sdk.run("Company.ContactCreate", contactName="Bill To", printAs="Bill To")
    number = sdk.number(
        "AccountsReceivable.CustomerCreate",
        customerId="C-1",
        customerName="Birch & Sons <Plumbing>",
        printAs="Birch",
        active=True,
        primaryEmailAddress="office@b.example",
        addressLine1="1 Elm Street",
        city="Reno",
        customerTypeId="Residential",
        territoryId="North",
        paymentTerm="Net 30",
        creditLimit=5000,
        billToContactName="Bill To",
        taxId="12-345",
        restrictionType="Restricted",
        restrictedLocations=["100", "200"],
    )
    row = sdk.read("CUSTOMER", number)
    assert shown(row, "NAME", "CUSTTYPE", "TERMNAME", "CREDITLIMIT", "TAXID") == (
        "Birch & Sons <Plumbing>",
        "Residential",
        "Net 30",
        "5000",
        "12-345",
    )
    assert shown(row["DISPLAYCONTACT"], "PRINTAS", "EMAIL1", "TAXABLE") == ("Birch", "office@b.example", "true")
    assert (row["RESTRICTEDLOCATIONS"], row["BILLTO"]["CONTACTNAME"]) == ("100#~#200", "Bill To")
    sdk.run("AccountsReceivable.CustomerUpdate", customerId="C-1", customerName="Birch", onHold=True, comments="Ring twice")
    changed = named(sdk, "CUSTOMER", "C-1")
    assert shown(changed, "NAME", "ONHOLD", "COMMENTS", "TERMNAME") == ("Birch", "true", "Ring twice", "Net 30")
    assert changed["DISPLAYCONTACT"]["PRINTAS"] == "Birch"
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("AccountsReceivable.CustomerCreate", customerId="C-2", customerName="X", printAs="X", paymentTerm="Net 99")
    assert any("Net 99" in each for each in refused.value.errors)
    sdk.run("AccountsReceivable.CustomerDelete", customerId="C-1")
    assert gone(sdk, "CUSTOMER", "C-1")


def test_vendors_are_made_with_their_display_contact_changed_and_deleted(sdk: NodeSdk) -> None:
    number = sdk.number(
        "AccountsPayable.VendorCreate",
        vendorId="V-1",
        vendorName="Pipe Supply",
        printAs="Pipe Supply Inc.",
        active=True,
        vendorTypeId="Supplier",
        paymentTerm="Net 30",
        paymentPriority="high",
        primaryEmailAddress="pay@p.example",
        addressLine1="2 Oak Road",
        isoCountryCode="us",
        form1099Type="NEC",
        form1099Box="1",
        onHold=False,
        vendorAccountNo="77-1",
    )
    row = sdk.read("VENDOR", number)
    assert shown(row, "NAME", "VENDTYPE", "TERMNAME", "PAYMENTPRIORITY", "VENDORACCOUNTNO") == (
        "Pipe Supply",
        "Supplier",
        "Net 30",
        "high",
        "77-1",
    )
    assert row["DISPLAYCONTACT"]["MAILADDRESS"]["ADDRESS1"] == "2 Oak Road"
    sdk.run("AccountsPayable.VendorUpdate", vendorId="V-1", vendorName="Pipe & Supply", doNotPay=True)
    assert shown(named(sdk, "VENDOR", "V-1"), "NAME", "DONOTCUTCHECK", "STATUS") == ("Pipe & Supply", "true", "active")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("AccountsPayable.VendorCreate", vendorId="V-1", vendorName="Again", printAs="Again")
    assert "V-1" in refused.value.errors[0]
    sdk.run("AccountsPayable.VendorDelete", vendorId="V-1")
    assert gone(sdk, "VENDOR", "V-1")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("AccountsPayable.VendorDelete", vendorId="V-1")
    assert "V-1" in refused.value.errors[0]


def test_employees_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    sdk.run("Company.ContactCreate", contactName="Eli Post", printAs="Eli Post")
    number = sdk.number(
        "EmployeeExpense.EmployeeCreate",
        employeeId="E-1",
        contactName="Eli Post",
        title="Fitter",
        locationId="100",
        startDate=day("2026-01-05"),
        employeeType="Full Time",
        earningTypeName="Hourly",
        gender="male",
        active=True,
    )
    row = sdk.read("EMPLOYEE", number)
    assert shown(row, "TITLE", "STARTDATE", "EMPLOYEETYPE", "LOCATIONID") == ("Fitter", "01/05/2026", "Full Time", "100")
    assert row["PERSONALINFO"]["CONTACTNAME"] == "Eli Post"
    sdk.run("EmployeeExpense.EmployeeUpdate", employeeId="E-1", contactName="Eli Post", title="Foreman", endDate=day("2026-12-31"))
    assert shown(named(sdk, "EMPLOYEE", "E-1"), "TITLE", "ENDDATE", "STARTDATE") == ("Foreman", "12/31/2026", "01/05/2026")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("EmployeeExpense.EmployeeCreate", employeeId="E-2", contactName="Nobody", locationId="100")
    assert refused.value.errors
    sdk.run("EmployeeExpense.EmployeeDelete", employeeId="E-1")
    assert gone(sdk, "EMPLOYEE", "E-1")


def test_departments_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    sdk.run("Company.DepartmentCreate", departmentId="D-1", departmentName="Field", departmentTitle="Field work", active=True)
    sdk.run("Company.DepartmentCreate", departmentId="D-2", departmentName="Crew", parentDepartmentId="D-1")
    with pytest.raises(RefusedBySdk):
        sdk.run("Company.DepartmentDelete", departmentId="D-1")
    sdk.run("Company.DepartmentUpdate", departmentId="D-2", departmentName="Crews", active=False)
    assert shown(named(sdk, "DEPARTMENT", "D-2"), "TITLE", "STATUS", "PARENTID") == ("Crews", "inactive", "D-1")
    for number in ("D-2", "D-1"):
        sdk.run("Company.DepartmentDelete", departmentId=number)
        assert gone(sdk, "DEPARTMENT", number)


def test_locations_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    sdk.run("Company.ContactCreate", contactName="Yard", printAs="Yard")
    values: dict[str, Any] = {"locationContactName": "Yard", "startDate": day("2026-01-01")}
    sdk.run("Company.LocationCreate", locationId="110", locationName="Yard", parentLocationId="100", active=True, **values)
    sdk.run("Company.LocationUpdate", locationId="110", locationName="Old yard", endDate=day("2026-12-31"), locationTitle="Store")
    row = named(sdk, "LOCATION", "110")
    assert shown(row, "NAME", "PARENTID", "STARTDATE", "ENDDATE", "CUSTTITLE") == ("Old yard", "100", "01/01/2026", "12/31/2026", "Store")
    sdk.run("Company.LocationDelete", locationId="110")
    assert gone(sdk, "LOCATION", "110")


def test_classes_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    sdk.run("Company.ClassCreate", classId="K-1", className="New build", description="Houses", active=True)
    sdk.run("Company.ClassUpdate", classId="K-1", className="Newer", active=False)
    assert shown(named(sdk, "CLASS", "K-1"), "NAME", "DESCRIPTION", "STATUS") == ("Newer", "Houses", "inactive")
    sdk.run("Company.ClassDelete", classId="K-1")
    assert gone(sdk, "CLASS", "K-1")


def test_accounts_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    values = {"accountType": "incomestatement", "normalBalance": "debit", "closingType": "closing account", "closeIntoGlAccountNo": "3000"}
    number = sdk.number("GeneralLedger.AccountCreate", accountNo="7000", title="Tools", requireDepartment=True, active=True, **values)
    assert shown(sdk.read("GLACCOUNT", number), "TITLE", "CLOSINGACCOUNTNO", "REQUIREDEPT") == ("Tools", "3000", "true")
    sdk.run("GeneralLedger.AccountUpdate", accountNo="7000", title="Small tools", requireDepartment=False, **values)
    assert shown(named(sdk, "GLACCOUNT", "7000"), "TITLE", "REQUIREDEPT", "NORMALBALANCE") == ("Small tools", "false", "debit")
    sdk.run("GeneralLedger.AccountDelete", accountNo="7000")
    assert gone(sdk, "GLACCOUNT", "7000")


def test_statistical_accounts_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    values = {"accountNo": "9000", "reportType": "cumulative", "requireProject": True}
    number = sdk.number("GeneralLedger.StatisticalAccountCreate", **values, title="Headcount", active=True)
    assert shown(sdk.read("STATACCOUNT", number), "TITLE", "ACCOUNTTYPE", "REQUIREPROJECT") == ("Headcount", "cumulative", "true")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("GeneralLedger.StatisticalAccountCreate", accountNo="3000", title="Taken by the ledger", reportType="forperiod")
    assert any("Duplicate account number" in each for each in refused.value.errors)
    sdk.run("GeneralLedger.StatisticalAccountUpdate", accountNo="9000", title="Heads", active=False)
    assert shown(named(sdk, "STATACCOUNT", "9000"), "TITLE", "STATUS", "ACCOUNTTYPE") == ("Heads", "inactive", "cumulative")
    sdk.run("GeneralLedger.StatisticalAccountDelete", accountNo="9000")
    assert gone(sdk, "STATACCOUNT", "9000")


def test_items_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    number = sdk.number(
        "InventoryControl.ItemCreate",
        itemId="PUMP",
        itemName="Pump",
        itemType="Non-Inventory",
        unitOfMeasure="Count",
        itemGlGroupName="Job costs",
        produceLineId="Construction",
        extendedDescription="A pump",
        basePrice=99.5,
        taxable=True,
        active=True,
    )
    assert shown(sdk.read("ITEM", number), "NAME", "ITEMTYPE", "UOMGRP", "GLGROUP", "BASEPRICE") == (
        "Pump",
        "Non-Inventory",
        "Count",
        "Job costs",
        "99.5",
    )
    sdk.run("InventoryControl.ItemUpdate", itemId="PUMP", itemName="Sump pump", active=False)
    assert shown(named(sdk, "ITEM", "PUMP"), "NAME", "STATUS", "ITEMTYPE") == ("Sump pump", "inactive", "Non-Inventory")
    sdk.run("InventoryControl.ItemDelete", itemId="PUMP")
    assert gone(sdk, "ITEM", "PUMP")


def test_attachments_are_filed_extended_and_deleted(sdk: NodeSdk, tmp_path: Any) -> None:
    paper = tmp_path / "bill.pdf"
    paper.write_bytes(b"%PDF-1.7 first")
    second = tmp_path / "photo.png"
    second.write_bytes(b"PNG second")
    sdk.run("Company.AttachmentsFolderCreate", folderName="Papers", description="Bills")
    sdk.run("Company.AttachmentsFolderCreate", folderName="Old papers", parentFolderName="Papers")
    sdk.run("Company.AttachmentsFolderUpdate", folderName="Papers", description="Bills and photos")
    key = sdk.number(
        "Company.AttachmentsCreate",
        attachmentsId="ATT-1",
        attachmentsName="Bill 1",
        attachmentFolderName="Papers",
        files=[{"class": "Company.AttachmentFile", "set": {"filePath": str(paper)}}],
    )
    assert key
    more = made("Company.AttachmentFile", filePath=str(second))
    sdk.run("Company.AttachmentsUpdate", attachmentsId="ATT-1", attachmentsName="Bill one", files=[more])
    (row,) = [each for each in sdk.stored("SUPDOC") if each["SUPDOCID"] == "ATT-1"]
    assert (row["SUPDOCNAME"], row["FOLDER"]) == ("Bill one", "Papers")
    assert [(each["NAME"], each["TYPE"]) for each in row["ATTACHMENTS"]] == [("bill", "pdf"), ("photo", "png")]
    with pytest.raises(RefusedBySdk):
        sdk.run("Company.AttachmentsFolderDelete", folderName="Papers")
    sdk.run("Company.AttachmentsDelete", attachmentsId="ATT-1")
    for name in ("Old papers", "Papers"):
        sdk.run("Company.AttachmentsFolderDelete", folderName=name)
    assert not sdk.stored("SUPDOC")
