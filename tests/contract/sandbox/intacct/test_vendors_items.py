"""Vendors, accounts, items, units, terms, periods and the user-defined dimension (intacct-xml §3B)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.books import account, bill, create, number_in, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, query, read_by_query

ITEM = "<ITEM><ITEMID>PUMP</ITEMID><NAME>Pump</NAME><ITEMTYPE>Non-Inventory</ITEMTYPE>{}</ITEM>"
PERIOD = "<NAME>Q1</NAME><HEADER1>Quarter</HEADER1><START_DATE>01/01/2026</START_DATE><END_DATE>03/31/2026</END_DATE>"


def test_a_vendor_makes_its_display_contact(intacct: Gateway) -> None:
    # §3B VENDOR
    contact = "<PRINTAS>Acme</PRINTAS><EMAIL1>ap@acme.test</EMAIL1><MAILADDRESS><CITY>Boise</CITY></MAILADDRESS>"
    assert [child.tag for child in vendor(intacct, contact=contact).data[0]] == ["RECORDNO", "VENDORID"]
    (row,) = intacct.call(query("VENDOR", "ENTITY", "DISPLAYCONTACT.CONTACTNAME", "DISPLAYCONTACT.EMAIL1", "STATUS", "TOTALDUE")).rows
    assert row["DISPLAYCONTACT.CONTACTNAME"] == "Acme Supply(VV-1)"
    assert (row["ENTITY"], row["DISPLAYCONTACT.EMAIL1"], row["STATUS"], row["TOTALDUE"]) == ("VV-1", "ap@acme.test", "active", "0")
    assert intacct.stored("CONTACT")[0]["MAILADDRESS.CITY"] == "Boise"


@pytest.mark.parametrize("name", ["VENDORID", "NAME", "DISPLAYCONTACT"])
def test_a_vendor_without_what_it_must_have_is_refused(intacct: Gateway, name: str) -> None:
    # §3B VENDOR column C
    parts = {
        "VENDORID": "<VENDORID>V-1</VENDORID>",
        "NAME": "<NAME>A</NAME>",
        "DISPLAYCONTACT": "<DISPLAYCONTACT><PRINTAS>A</PRINTAS></DISPLAYCONTACT>",
    }
    reply = create(intacct, f"<VENDOR>{''.join(text for key, text in parts.items() if key != name)}</VENDOR>")
    assert name in reply.errors[0][1]
    assert reply.errors[-1] == ("BL01001973", "Could not create Vendor record!")
    assert intacct.stored("VENDOR") == intacct.stored("CONTACT") == []


@pytest.mark.parametrize(
    ("extra", "text"),
    [
        ("<STATUS>T</STATUS>", "Invalid value 'T'"),
        ("<VENDTYPE>Nobody</VENDTYPE>", "Nobody"),
        ("<PARENTID>V-9</PARENTID>", "Vendor 'V-9' specified is not valid."),
        ("<TERMNAME>Net 7</TERMNAME>", "Net 7"),
        ("<OFFSETGLACCOUNTNO>9999</OFFSETGLACCOUNTNO>", "Account 9999 is not valid"),
        ("<CREDITLIMIT>1,000</CREDITLIMIT>", "not a plain number"),
        ("<PAYTO><CONTACTNAME>Nobody</CONTACTNAME></PAYTO>", "Nobody"),
        ("<OBJECTRESTRICTION>None</OBJECTRESTRICTION>", "Invalid value 'None'"),
        ("<TAXSCHEDULE>US</TAXSCHEDULE>", "cannot be given when it is created"),
        ("<TOTALDUE>5</TOTALDUE>", "read-only"),
        ("<ENTITY>V5</ENTITY>", "read-only"),
        ("<VENDORCONTACTS><VENDORENTITYCONTACTS><CATEGORYNAME>A</CATEGORYNAME></VENDORENTITYCONTACTS></VENDORCONTACTS>", "CONTACT.NAME"),
    ],
)
def test_a_vendor_field_that_breaks_a_rule_is_refused(intacct: Gateway, extra: str, text: str) -> None:
    # §3B VENDOR, §5.2
    assert text in vendor(intacct, extra=extra).errors[0][1]


def test_a_second_vendor_of_the_id_is_refused(intacct: Gateway) -> None:
    # §5.2: BL34000061
    vendor(intacct)
    assert vendor(intacct).errors[0] == ("BL34000061", "Another Vendor with the given value(s) V-1  already exists")


def test_a_vendor_is_updated_sparsely_and_cleared_by_empty_elements(intacct: Gateway) -> None:
    # §4.4
    vendor(intacct, extra="<TAXID>12-3</TAXID><COMMENTS>Old</COMMENTS><VENDTYPE>Subcontractor</VENDTYPE><TERMNAME>Net 30</TERMNAME>")
    intacct.call("<update><VENDOR><VENDORID>V-1</VENDORID><COMMENTS/><ONHOLD>true</ONHOLD></VENDOR></update>")
    (row,) = intacct.call(query("VENDOR", "TAXID", "COMMENTS", "ONHOLD", "TERM.DUEDATE", "VENDTYPE1099TYPE")).rows
    assert row == {"TAXID": "12-3", "COMMENTS": "", "ONHOLD": "true", "TERM.DUEDATE": "30", "VENDTYPE1099TYPE": "NEC"}
    refused = intacct.call("<update><VENDOR><VENDORID>V-1</VENDORID><NAME/></VENDOR></update>")
    assert refused.errors[-1] == ("BL01001973", "Could not update Vendor record!")


def test_a_vendor_with_bills_cannot_be_deleted(intacct: Gateway) -> None:
    vendor(intacct)
    number = bill(intacct)
    key = intacct.stored("VENDOR")[0]["RECORDNO"]
    assert "refers to it" in intacct.call(f"<delete><object>VENDOR</object><keys>{key}</keys></delete>").errors[0][1]
    intacct.call(f"<delete><object>APBILL</object><keys>{number}</keys></delete>")
    assert intacct.call('<delete_vendor vendorid="V-1"/>').status == "success"
    assert intacct.stored("VENDOR") == []


def test_vendors_of_one_entity_are_hidden_from_the_other(intacct: Gateway) -> None:
    # §7.2
    inner = "<VENDORID>V-2</VENDORID><NAME>B</NAME><DISPLAYCONTACT><PRINTAS>B</PRINTAS></DISPLAYCONTACT>"
    intacct.call(f"<create><VENDOR>{inner}</VENDOR></create>", authentication=intacct.session("200"))
    assert intacct.call(query("VENDOR", "VENDORID"), authentication=intacct.session("100")).rows == []
    assert intacct.call(query("VENDOR", "VENDORID")).rows == []
    private = query("VENDOR", "MEGAENTITYID", more="<options><showprivate>true</showprivate></options>")
    assert intacct.call(private).rows == [{"MEGAENTITYID": "200"}]


def test_an_account_closes_to_another_only_if_it_is_a_closing_account(intacct: Gateway) -> None:
    # §3B GLACCOUNT: CLOSINGACCOUNTNO(c)
    closing = "<CLOSINGTYPE>closing account</CLOSINGTYPE>"
    assert "CLOSINGACCOUNTNO is required" in create(intacct, account("7000", closing)).errors[0][1]
    assert create(intacct, account("7000", "<CLOSINGACCOUNTNO>3000</CLOSINGACCOUNTNO>")).status == "failure"
    assert (
        create(intacct, account("7000", f"{closing}<CLOSINGACCOUNTNO>9999</CLOSINGACCOUNTNO>")).errors[0][1] == "Account 9999 is not valid"
    )
    number_in(create(intacct, account("7000", f"{closing}<CLOSINGACCOUNTNO>3000</CLOSINGACCOUNTNO>")))
    (row,) = intacct.call(read_by_query("GLACCOUNT", "CLOSINGACCOUNTTITLE,ACCOUNTTYPE", "ACCOUNTNO = '7000'")).rows
    assert row == {"CLOSINGACCOUNTTITLE": "Retained Earnings", "ACCOUNTTYPE": "balancesheet"}


def test_a_second_account_of_the_number_is_refused(intacct: Gateway) -> None:
    # §5.2: Duplicate account number
    reply = create(intacct, account("5100"))
    assert reply.errors == [("BL01001973", "Duplicate account number"), ("BL01001973", "Could not create GLAccount record!")]


def test_account_types_are_codes_in_read_by_query(intacct: Gateway) -> None:
    # §3.0: I incomestatement, N balancesheet
    income = intacct.call(read_by_query("GLACCOUNT", "ACCOUNTNO", "ACCOUNTTYPE = 'I'")).rows
    assert {row["ACCOUNTNO"][0] for row in income} == {"4", "5", "6"}
    assert intacct.call(read_by_query("GLACCOUNT", "ACCOUNTNO", "ACCOUNTTYPE = 'incomestatement'")).rows == []


def test_an_account_in_use_or_inactive_is_guarded(intacct: Gateway) -> None:
    # §5.2: Account x is not valid
    vendor(intacct)
    bill(intacct)
    key = next(row["RECORDNO"] for row in intacct.stored("GLACCOUNT") if row["ACCOUNTNO"] == "5100")
    assert "refers to it" in intacct.call(f"<delete><object>GLACCOUNT</object><keys>{key}</keys></delete>").errors[0][1]
    intacct.call("<update><GLACCOUNT><ACCOUNTNO>5200</ACCOUNTNO><STATUS>inactive</STATUS></GLACCOUNT></update>")
    line = "<APBILLITEM><ACCOUNTNO>5200</ACCOUNTNO><TRX_AMOUNT>1</TRX_AMOUNT><LOCATIONID>100</LOCATIONID></APBILLITEM>"
    head = "<VENDORID>V-1</VENDORID><WHENCREATED>03/10/2026</WHENCREATED><WHENDUE>03/20/2026</WHENDUE>"
    reply = create(intacct, f"<APBILL>{head}<APBILLITEMS>{line}</APBILLITEMS></APBILL>")
    assert reply.errors[0][1] == "Account 5200 is not valid"


def test_an_item_keeps_what_it_was_created_as(intacct: Gateway) -> None:
    # §3B ITEM: ITEMID and ITEMTYPE on create only, NAME on every update
    number = number_in(create(intacct, ITEM.format("<UOMGRP>Count</UOMGRP><STANDARD_COST>12.50</STANDARD_COST>")))
    row = intacct.stored("ITEM")[0]
    assert (row["TAXABLE"], row["SAFETY_STOCK"], row["REORDER_POINT"], row["STANDARD_COST"]) == ("true", "0", "1", "12.5")
    changed = f"<update><ITEM><RECORDNO>{number}</RECORDNO>{{}}</ITEM></update>"
    assert "NAME is required" in intacct.call(changed.format("<BASEPRICE>5</BASEPRICE>")).errors[0][1]
    kit = "<NAME>Pump</NAME><ITEMTYPE>Kit</ITEMTYPE>"
    assert "cannot be changed" in intacct.call(changed.format(kit)).errors[0][1]
    assert intacct.call(changed.format("<NAME>Pump 2</NAME><BASEPRICE>5</BASEPRICE>")).status == "success"


@pytest.mark.parametrize(
    ("extra", "text"),
    [
        ("<ITEMTYPE>Service</ITEMTYPE>", "Invalid value 'Service'"),
        ("<UOMGRP>Barrels</UOMGRP>", "Barrels"),
        ("<GLGROUP>None</GLGROUP>", "None"),
        ("<PRODUCTLINEID>None</PRODUCTLINEID>", "None"),
        ("<COST_METHOD>F</COST_METHOD>", "Invalid value 'F'"),
        ("<EXPENSEACCTKEY>9999</EXPENSEACCTKEY>", "Account 9999 is not valid"),
        ("<VENDORINFO><ITEMVENDOR><VENDORID>V-9</VENDORID></ITEMVENDOR></VENDORINFO>", "V-9"),
        ("<INV_PRECISION>1.5</INV_PRECISION>", "not a whole number"),
    ],
)
def test_an_item_field_that_breaks_a_rule_is_refused(intacct: Gateway, extra: str, text: str) -> None:
    # §3B ITEM
    sent = ITEM.format(extra)
    if extra.startswith("<ITEMTYPE>"):
        sent = sent.replace("<ITEMTYPE>Non-Inventory</ITEMTYPE>", "", 1)
    assert text in create(intacct, sent).errors[0][1]


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("UOM", "NAME", "Count"),
        ("APTERM", "NAME", "Net 30"),
        ("ARTERM", "NAME", "Net 30"),
        ("VENDTYPE", "NAME", "Supplier"),
        ("ITEMGLGROUP", "NAME", "Job costs"),
        ("PRODUCTLINE", "PRODUCTLINEID", "Construction"),
        ("JOURNAL", "SYMBOL", "APJ"),
        ("CHECKINGACCOUNT", "BANKACCOUNTID", "OPERATING"),
    ],
)
def test_definitions_are_read_but_not_written(intacct: Gateway, kind: str, key: str, name: str) -> None:
    # §3B: lookup, query, readByQuery, read, readByName only
    found = intacct.call(f"<readByName><object>{kind}</object><keys>{name}</keys><fields>*</fields></readByName>")
    assert found.rows[0][key] == name
    refused = create(intacct, f"<{kind}><{key}>New</{key}></{kind}>")
    assert refused.errors[0] == ("PL04000005", f"You do not have permission for API operation CREATE on objects of type {kind}")


def test_units_belong_to_their_group(intacct: Gateway) -> None:
    # §3B UOM: UOMDETAIL with UNIT and GRPKEY
    rows = intacct.call(
        query("UOMDETAIL", "UNIT", "UOM.NAME", "CONVFACTOR", filter="<equalto><field>UOM.NAME</field><value>Time</value></equalto>")
    )
    assert sorted((row["UNIT"], row["CONVFACTOR"]) for row in rows.rows) == [("Day", "8"), ("Hour", "1")]


def test_a_reporting_period_ends_after_it_starts(intacct: Gateway) -> None:
    # intacct-objects REPORTINGPERIOD
    number = number_in(create(intacct, f"<REPORTINGPERIOD>{PERIOD}</REPORTINGPERIOD>"))
    assert create(intacct, f"<REPORTINGPERIOD>{PERIOD}</REPORTINGPERIOD>").errors[0][0] == "BL34000061"
    turned = PERIOD.replace("Q1", "Q0").replace("03/31/2026", "12/31/2025")
    assert "before" in create(intacct, f"<REPORTINGPERIOD>{turned}</REPORTINGPERIOD>").errors[0][1]
    bare = f"<update><REPORTINGPERIOD><RECORDNO>{number}</RECORDNO><BUDGETING>true</BUDGETING></REPORTINGPERIOD></update>"
    assert "HEADER1 is required" in intacct.call(bare).errors[0][1]
    months = read_by_query("REPORTINGPERIOD", "NAME", "BUDGETING = 'T'")
    assert "Month Ended March 2026" in {row["NAME"] for row in intacct.call(months).rows}


def test_a_user_dimension_is_an_object_with_fields_of_mixed_case(intacct: Gateway) -> None:
    # §3B user-defined dimensions, §9.3 DimensionValues
    create(intacct, "<EQUIPMENT><name>Crane 7</name></EQUIPMENT>", "<EQUIPMENT><name>Lift 2</name></EQUIPMENT>")
    rows = intacct.call(query("EQUIPMENT", "id", "name", "createdBy", order="id")).rows
    assert [(row["id"], row["name"]) for row in rows] == [("1", "Crane 7"), ("2", "Lift 2")]
    intacct.call("<update><EQUIPMENT><id>2</id><name>Lift 3</name></EQUIPMENT></update>")
    read = intacct.call("<read><object>EQUIPMENT</object><keys>2</keys><fields>*</fields></read>").rows
    assert read[0]["name"] == "Lift 3"
    assert "name is required" in create(intacct, "<EQUIPMENT/>").errors[0][1]
    listed = intacct.call("<getDimensions/>").data.findall("dimensions/dimension")
    assert [each.findtext("objectName") for each in listed if each.findtext("userDefinedDimension") == "true"] == ["EQUIPMENT"]


def test_company_preferences_show_how_the_company_is_set(intacct: Gateway) -> None:
    # §2.9
    def prefs(name: str) -> dict[str | None, str | None]:
        found = intacct.call(f'<get_companyprefs application="{name}"/>').data.findall("companypref")
        return {each.findtext("preference"): each.findtext("prefvalue") for each in found}

    assert prefs("AP")["UNIQUEBILLNUMBERS"] == "true"
    intacct.set(duplicate_bill_numbers="accept", inter_entity=False)
    assert prefs("AP")["UNIQUEBILLNUMBERS"] == "false"
    assert prefs("ME")["INTERENTITY"] == "false"
    assert intacct.call('<get_companyprefs application="XX"/>').status == "failure"


def test_applications_are_listed(intacct: Gateway) -> None:
    # §2.9
    names = [each.findtext("name") for each in intacct.call("<get_applications/>").data.findall("application")]
    assert "Accounts Payable" in names
