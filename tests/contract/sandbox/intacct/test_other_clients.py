"""What other public clients send and read, written by hand after their documentation and traffic (intacct-xml §9.4, §9.5)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from lxml import etree

from tests.contract.sandbox.intacct.gateway import PATH, Gateway, Reply, errors_in, query, read_by_query

START = "<startdate><year>2026</year><month>3</month><day>1</day></startdate>"
END = "<enddate><year>2026</year><month>3</month><day>31</day></enddate>"
TAP_OBJECTS = (
    *("APBILL", "APBILLITEM", "APPYMT", "APPYMTDETAIL", "VENDOR", "APADJUSTMENT", "APADJUSTMENTITEM", "PROVIDERBANKACCOUNT"),
    *("CHECKINGACCOUNT", "SAVINGSACCOUNT", "CREDITCARD", "CLASS", "TASK", "GLACCOUNT", "GLDETAIL", "GLBATCH", "GLENTRY"),
    *("ARINVOICE", "ARADJUSTMENT", "CUSTOMER", "DEPOSIT", "ITEM", "ARINVOICEITEM", "ARADJUSTMENTITEM", "DEPARTMENT", "AUDITHISTORY"),
    *("LOCATION", "GLBUDGETHEADER", "GLBUDGETITEM", "PODOCUMENT", "EMPLOYEE", "LOCATIONENTITY", "WAREHOUSE", "COSTTYPE"),
)


@pytest.mark.parametrize("kind", TAP_OBJECTS)
def test_a_tap_selects_every_field_that_lookup_lists(intacct: Gateway, kind: str) -> None:
    # §9.4: discovery by lookup, then one query for all of it, since a moment, in the order of it
    looked = intacct.call(f"<lookup><object>{kind}</object></lookup>").data
    fields = [str(each.findtext("ID")) for each in looked.findall("Type/Fields/Field")]
    assert looked.find("Type/Relationships") is not None
    since = "<greaterthanorequalto><field>WHENMODIFIED</field><value>01/01/2020 00:00:00</value></greaterthanorequalto>"
    order = "WHENMODIFIED" if "WHENMODIFIED" in fields else "ACCESSTIME"
    more = "<options><showprivate>true</showprivate></options><pagesize>1000</pagesize><offset>0</offset>"
    reply = intacct.call(query(kind, *fields, filter=since.replace("WHENMODIFIED", order), order=order, more=more))
    assert reply.status == "success", reply.errors


def test_the_fields_of_a_project_that_no_query_takes_are_a_taps_own_trouble_unless_the_company_is_tolerant(intacct: Gateway) -> None:
    # §2.6: listed by lookup, refused by query in a real company
    assert intacct.call(query("PROJECT", "PROJECTID", "CFDA")).errors
    intacct.set(strict=False)
    assert intacct.call(query("PROJECT", "PROJECTID", "CFDA")).status == "success"


def test_what_a_write_carries_but_no_record_has_is_not_listed(intacct: Gateway) -> None:
    for kind in ("APBILL", "APPYMT", "ARPYMT"):
        fields = {
            each.findtext("ID") for each in intacct.call(f"<lookup><object>{kind}</object></lookup>").data.findall("Type/Fields/Field")
        }
        assert "STATE" in fields
        assert "ACTION" not in fields
    assert intacct.call(query("APBILL", "ACTION")).errors


def test_a_tap_finds_a_module_among_several_subscriptions(intacct: Gateway) -> None:
    # §2.9; a single one would be no list to it
    reply = intacct.call("<getUserPermissions><userId>ws-user</userId></getUserPermissions>")
    names = [each.text for each in reply.data.findall("permissions/appSubscription/applicationName")]
    assert {"Accounts Payable", "General Ledger", "Time and Expenses"} <= set(names)
    assert "Fixed Assets" not in names
    assert len(names) == len(set(names))


def test_a_tap_reads_what_was_deleted_from_the_trail_by_its_id(intacct: Gateway) -> None:
    # §4.2: two bounds, an object and two modes, all beside one another under one and
    number = intacct.call("<create><CLASS><CLASSID>K</CLASSID><NAME>K</NAME></CLASS></create>").data.findtext("class/RECORDNO")
    intacct.call(f"<delete><object>CLASS</object><keys>{number}</keys></delete>")
    bounds = "".join(
        f"<{name}><field>ACCESSTIME</field><value>{value}</value></{name}>"
        for name, value in (("greaterthanorequalto", "01/01/2020 00:00:00"), ("lessthanorequalto", "12/31/2099 00:00:00"))
    )
    where = "<equalto><field>OBJECTTYPE</field><value>class</value></equalto>"
    modes = "<in><field>ACCESSMODE</field><value>C</value><value>D</value></in>"
    reply = intacct.call(query("AUDITHISTORY", "ID", "OBJECTKEY", "ACCESSMODE", filter=f"<and>{bounds}{where}{modes}</and>"))
    (row,) = reply.rows
    assert (row["OBJECTKEY"], row["ACCESSMODE"], bool(row["ID"])) == (number, "D", True)


def test_values_of_a_user_defined_dimension_are_read_since_a_moment(intacct: Gateway) -> None:
    intacct.call("<create><EQUIPMENT><name>Crane</name></EQUIPMENT></create>")
    since = "<greaterthanorequalto><field>updatedAt</field><value>01/01/2020 00:00:00</value></greaterthanorequalto>"
    fields = ("id", "name", "createdBy", "createdAt", "updatedBy", "updatedAt", "RECORD_URL")
    (row,) = intacct.call(query("EQUIPMENT", *fields, filter=since)).rows
    assert row["name"] == "Crane"


def entry(intacct: Gateway, when: str, *lines: tuple[str, str, str]) -> None:
    inner = "".join(
        f"<GLENTRY><ACCOUNTNO>{number}</ACCOUNTNO><TRX_AMOUNT>{amount}</TRX_AMOUNT><TR_TYPE>{side}</TR_TYPE><LOCATION>100</LOCATION></GLENTRY>"
        for number, amount, side in lines
    )
    head = f"<JOURNAL>GJ</JOURNAL><BATCH_DATE>{when}</BATCH_DATE><BATCH_TITLE>Entry</BATCH_TITLE>"
    assert intacct.call(f"<create><GLBATCH>{head}<ENTRIES>{inner}</ENTRIES></GLBATCH></create>").status == "success"


def balances(intacct: Gateway, function: str, inner: str) -> dict[str, tuple[str | None, ...]]:
    names = ("startbalance", "debits", "credits", "endbalance")
    reply = intacct.call(f"<{function}>{inner}</{function}>")
    assert reply.status == "success", reply.errors
    return {str(row.findtext("glaccountno")): tuple(row.findtext(name) for name in names) for row in reply.data}


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    entry(intacct, "12/15/2025", ("6000", "70", "1"), ("1000", "70", "-1"))
    entry(intacct, "02/15/2026", ("6000", "20", "1"), ("1000", "20", "-1"))
    entry(intacct, "03/15/2026", ("6000", "5", "1"), ("1000", "5", "-1"))
    entry(intacct, "04/15/2026", ("6000", "1", "1"), ("1000", "1", "-1"))
    return intacct


def test_a_trial_balance_shows_what_was_before_and_what_moved_and_last_year_closed(books: Gateway) -> None:
    found = balances(books, "get_trialbalance", START + END)
    assert found == {
        "1000": ("-90", "0", "5", "-95"),
        "3000": ("70", "0", "0", "70"),
        "6000": ("20", "5", "0", "25"),
    }
    assert balances(books, "get_trialbalance", "<reportingperiodname>Month Ended March 2026</reportingperiodname>") == found


def test_balances_are_given_for_the_accounts_and_places_asked_for(books: Gateway) -> None:
    assert list(balances(books, "get_accountbalances", f"{START}{END}<glaccountno>1000</glaccountno>")) == ["1000"]
    between = "<startaccountno>3000</startaccountno><endaccountno>9999</endaccountno>"
    assert list(balances(books, "get_accountbalances", START + END + between)) == ["3000", "6000"]
    assert balances(books, "get_trialbalance", f"{START}{END}<locationid>200</locationid>") == {}
    books.call("<create><LOCATION><LOCATIONID>110</LOCATIONID><NAME>Yard</NAME><PARENTID>100</PARENTID></LOCATION></create>")
    assert "1000" in balances(books, "get_trialbalance", f"{START}{END}<locationid>100</locationid>")
    zeros = balances(books, "get_trialbalance", f"{START}{END}<showzerobalances>true</showzerobalances>")
    assert zeros["2000"] == ("0", "0", "0", "0")


def account_group(intacct: Gateway, name: str, kind: str, inner: str) -> Reply:
    head = f"<NAME>{name}</NAME><MEMBERTYPE>{kind}</MEMBERTYPE>"
    return intacct.call(f"<create><GLACCTGRP>{head}{inner}</GLACCTGRP></create>")


def accounts_between(*pairs: tuple[str, str]) -> str:
    ranges = "".join(f"<ACCTRANGE><RANGEFROM>{first}</RANGEFROM><RANGETO>{last}</RANGETO></ACCTRANGE>" for first, last in pairs)
    return f"<GLACCTRANGES>{ranges}</GLACCTRANGES>"


def test_balances_are_given_for_a_group_of_accounts_and_the_groups_in_it(books: Gateway) -> None:
    # objects table GLACCTGRP
    assert account_group(books, "Cash", "Accounts", accounts_between(("1000", "1099"))).status == "success"
    assert account_group(books, "Costs", "Accounts", accounts_between(("5000", "5999"), ("6000", "6000"))).status == "success"
    members = "".join(f"<GLACCTGRPMEMBER><CHILDNAME>{name}</CHILDNAME></GLACCTGRPMEMBER>" for name in ("Cash", "Costs"))
    assert account_group(books, "Both", "Groups", f"<GLACCTGRPS>{members}</GLACCTGRPS>").status == "success"
    for name, accounts in (("Cash", ["1000"]), ("Costs", ["6000"]), ("Both", ["1000", "6000"])):
        found = balances(books, "get_accountbalances", f"{START}{END}<accountgroupname>{name}</accountgroupname>")
        assert list(found) == accounts
    none = books.call(f"<get_accountbalances>{START}{END}<accountgroupname>None</accountgroupname></get_accountbalances>")
    assert none.errors[0][0] == "DL02000001"


def test_an_account_group_keeps_to_its_table(intacct: Gateway) -> None:
    for kind, inner in (
        ("Everything", ""),
        ("Accounts", "<GLACCTRANGES><ACCTRANGE><RANGEFROM>1</RANGEFROM></ACCTRANGE></GLACCTRANGES>"),
        ("Groups", "<GLACCTGRPS><GLACCTGRPMEMBER><CHILDNAME>none</CHILDNAME></GLACCTGRPMEMBER></GLACCTGRPS>"),
        ("Accounts", "<GLACCTGRPPURPOSEID>none</GLACCTGRPPURPOSEID>"),
        ("Accounts", "<FILTERLOC>some</FILTERLOC>"),
    ):
        assert account_group(intacct, "G", kind, inner).errors, inner
    assert account_group(intacct, "G", "Accounts", accounts_between(("1000", "1999"))).status == "success"
    assert account_group(intacct, "G", "Accounts", "").errors
    rows = intacct.call("<readByQuery><object>GLACCTGRP</object><query/><fields>*</fields></readByQuery>").data
    assert rows[0].findtext("MEMBERTYPE") == "Accounts"
    shown = intacct.call("<read><object>GLACCTGRP</object><keys>1</keys><fields>*</fields></read>").data
    assert [each.text for each in shown.iter("RANGETO")] == ["1999"], etree.tostring(shown)


@pytest.mark.parametrize("kind", ["LOCATION", "DEPARTMENT", "PROJECT", "CLASS", "ITEM", "CUSTOMER", "EMPLOYEE", "VENDOR"])
def test_groups_of_a_dimension_are_read_and_not_written(intacct: Gateway, kind: str) -> None:
    name = f"{kind}GROUP"
    intacct.control("POST", f"objects/{name}", [{"ID": "West", "NAME": "Western"}])
    assert intacct.call(query(name, "ID", "NAME")).rows == [{"ID": "West", "NAME": "Western"}]
    assert intacct.call(f"<readByName><object>{name}</object><keys>West</keys><fields>NAME</fields></readByName>").rows == [
        {"NAME": "Western"}
    ]
    assert intacct.call(f"<create><{name}><ID>East</ID><NAME>East</NAME></{name}></create>").errors


def test_what_is_left_empty_of_an_invoice_is_as_if_left_out(intacct: Gateway) -> None:
    # a client that writes every element, whatever it holds: a day is then a group of nothing
    keys(intacct, "<create_customer><customerid>C1</customerid><name>Han</name></create_customer>")
    day = "<{0}><year>2026</year><month>3</month><day>{1}</day></{0}>"
    nothing = "<dateposted><year/><month/><day/></dateposted>"
    head = f"{day.format('datecreated', '1')}{nothing}{day.format('datedue', '31')}<termname/><batchkey/><action/><invoiceno>I1</invoiceno>"
    more = "<ponumber/><description/><externalid/><billto><contactname/></billto><shipto><contactname/></shipto><basecurr/><currency/>"
    line = "<lineitem><glaccountno>4000</glaccountno><accountlabel/><amount>5</amount><memo/><locationid>100</locationid><departmentid/>"
    last = f"<exchratetype/><nogl/><supdocid/><invoiceitems>{line}</lineitem></invoiceitems>"
    keys(intacct, f"<create_invoice><customerid>C1</customerid>{head}{more}{last}</create_invoice>")
    row = intacct.call(query("ARINVOICE", "WHENDUE", "WHENPOSTED", "CURRENCY", "STATE")).rows[0]
    assert row == {"WHENDUE": "03/31/2026", "WHENPOSTED": "03/01/2026", "CURRENCY": "USD", "STATE": "Posted"}


@pytest.mark.parametrize(
    "inner",
    [
        "",
        START,
        END + START.replace(">3<", ">4<"),
        START.replace(">1<", ">32<") + END,
        "<reportingperiodname>Never</reportingperiodname>",
        f"{START}{END}<nosuch>1</nosuch>",
    ],
)
def test_a_balance_of_no_span_of_days_is_refused(intacct: Gateway, inner: str) -> None:
    assert intacct.call(f"<get_trialbalance>{inner}</get_trialbalance>").errors[0][0] == "DL02000001"


def test_what_of_a_balance_is_not_emulated_says_so(intacct: Gateway) -> None:
    reply = intacct.call(f"<get_trialbalance>{START}{END}<showdeptdetail>true</showdeptdetail></get_trialbalance>")
    assert reply.errors[0][0] == "EMU-NOT-EMULATED"


def test_a_login_with_each_call_of_version_2_1_reads_with_get_list_and_not_with_query(intacct: Gateway) -> None:
    # §9.5, the older Ruby clients
    listed = '<get_list object="supdocfolder" maxitems="5"/>'
    assert intacct.call(listed, dtdversion="2.1").status == "success"
    assert intacct.call(query("PROJECT", "RECORDNO"), dtdversion="2.1").text("control/status") == "failure"


def test_a_request_sent_as_a_form_field_is_no_request(intacct: Gateway) -> None:
    # §1.1: the body is a bare document
    reply = httpx.post(f"{intacct.url}{PATH}", data={"xmlrequest": intacct.envelope("<getAPISession/>").decode()})
    root = etree.fromstring(reply.content)
    assert (root.findtext("control/status"), root.findtext("errormessage/error/errorno")) == ("failure", "XL03000003")


def test_the_older_content_type_is_taken(intacct: Gateway) -> None:
    # §1.1
    body = intacct.envelope("<getAPISession/>")
    reply = httpx.post(f"{intacct.url}{PATH}", content=body, headers={"Content-Type": "x-intacct-xml-request"})
    assert etree.fromstring(reply.content).findtext("operation/result/status") == "success"


def test_inspect_takes_the_name_in_either_element(intacct: Gateway) -> None:
    named, said = (intacct.call(f"<inspect><{tag}>CLASS</{tag}></inspect>").data for tag in ("name", "object"))
    assert etree.tostring(named) == etree.tostring(said)


@pytest.mark.parametrize("detail", ["0", "1"])
def test_inspect_tells_the_detail_it_was_asked_for(intacct: Gateway, detail: str) -> None:
    # §2.10; a client writes detail="0" where it wants none
    reply = intacct.call(f'<inspect detail="{detail}"><object>CLASS</object></inspect>')
    assert (reply.data.find("Type/Attributes") is not None) == (detail == "1")
    names = reply.data.findall("Type/Fields/Field/Name" if detail == "1" else "Type/Fields/Field")
    assert "CLASSID" in {each.text for each in names}


def test_empty_options_of_a_read_by_query_are_as_if_left_out(intacct: Gateway) -> None:
    # §2.5; a client sends docparid and query empty
    intacct.project("P-1")
    inner = "<object>PROJECT</object><fields>*</fields><query></query><pagesize>100</pagesize><docparid></docparid>"
    reply = intacct.call(f"<readByQuery>{inner}</readByQuery>")
    assert [row["PROJECTID"] for row in reply.rows] == ["P-1"]


def test_an_empty_list_filter_and_white_space_between_elements_are_taken(intacct: Gateway) -> None:
    # §2.11; a PowerShell client writes both
    spaced = "\n<get_list object='supdoc' start='0' maxitems='10' showprivate='true'>\n <filter/>\n <sorts/>\n <fields/>\n</get_list>\n"
    reply = intacct.call(spaced)
    assert reply.status == "success"
    kind = reply.result.find("listtype")
    assert kind is not None
    assert (kind.text, kind.get("start"), kind.get("end"), kind.get("total")) == ("supdoc", "0", "0", "0")


def test_a_control_id_is_any_text_of_up_to_256_characters(intacct: Gateway) -> None:
    # §1.2
    for number in ("2026-11-30 09:19:25.511589+00:00", "-4611686018427387904", "x" * 256):
        assert intacct.call("<getAPISession/>", controlid=number).text("control/controlid") == number


def test_functions_may_share_a_control_id_unless_it_must_be_unique(intacct: Gateway) -> None:
    # §1.6: a client names functions by what they do and the second
    reply = intacct.call("<getDimensions/>", "<getDimensions/>", controlids=["read-project-now", "read-project-now"])
    assert [each.findtext("status") for each in reply.results] == ["success", "success"]


def test_pages_by_offset_cover_every_row_once_when_ordered(intacct: Gateway) -> None:
    # §2.6
    for number in range(1, 8):
        intacct.call(f"<create><CLASS><CLASSID>K-{number}</CLASSID><NAME>K</NAME></CLASS></create>")
    seen: list[str] = []
    offset = 0
    while True:
        reply = intacct.call(query("CLASS", "CLASSID", order="RECORDNO", more=f"<pagesize>3</pagesize><offset>{offset}</offset>"))
        told: dict[str, Any] = dict(reply.data.attrib)
        seen += [row["CLASSID"] for row in reply.rows]
        assert (told["offset"], told["count"]) == (str(offset), str(len(reply.rows)))
        if told["numremaining"] == "0":
            break
        offset += 3
    assert seen == [f"K-{number}" for number in range(1, 8)]
    beyond = intacct.call(query("CLASS", "CLASSID", order="RECORDNO", more="<pagesize>3</pagesize><offset>99</offset>"))
    assert (beyond.rows, dict(beyond.data.attrib)["totalcount"], dict(beyond.data.attrib)["numremaining"]) == ([], "7", "0")


def test_a_get_of_what_is_not_there_is_refused_or_empty_by_setting(intacct: Gateway) -> None:
    # two public clients count on success without data; the reference does not say
    asked = '<get object="supdoc" key="none"/>'
    assert intacct.call(asked).errors
    intacct.set(missing_get="empty")
    reply = intacct.call(asked)
    assert (reply.status, reply.result.findtext("listtype"), reply.result.find("data")) == ("success", "supdoc", None)


def keys(intacct: Gateway, *functions: str) -> list[str | None]:
    """The keys several functions reply with; each must succeed."""
    found = []
    for function in functions:
        reply = intacct.call(function)
        assert reply.status == "success", reply.errors
        found.append(reply.result.findtext("key"))
    return found


PERSON = (
    "<contact><contactname>Han Solo (Customer #1)</contactname><printas>Han Solo</printas><firstname>Han</firstname>"
    "<lastname>Solo</lastname><email1>han@solo.test</email1><mailaddress><city>Mos Eisley</city></mailaddress></contact>"
)


def test_an_older_client_keeps_customers_by_their_own_functions(intacct: Gateway) -> None:
    # objects table create_customer, update_customer, delete_customer; the key of a change is an attribute
    create = f"<create_customer><customerid>C1</customerid><name>Han</name><comments/><status>active</status><contactinfo>{PERSON}"
    assert keys(intacct, f"{create}</contactinfo></create_customer>") == ["C1"]
    keys(intacct, '<update_customer customerid="C1"><name>Solo</name><comments>owes</comments></update_customer>')
    asked = "<fields><field>customerid</field><field>name</field><field>termname</field></fields>"
    found = intacct.call(f'<get object="customer" key="C1">{asked}</get>').data[0]
    assert [(each.tag, each.text) for each in found] == [("customerid", "C1"), ("name", "Solo"), ("termname", None)]
    whole = intacct.call('<get object="customer" key="C1"/>').data[0]
    assert whole.findtext("contactinfo/contact/mailaddress/city") == "Mos Eisley"
    assert whole.findtext("comments") == "owes"
    row = intacct.call(query("CUSTOMER", "DISPLAYCONTACT.CONTACTNAME", "DISPLAYCONTACT.EMAIL1")).data[0]
    assert [each.text for each in row] == ["Han Solo (Customer #1)", "han@solo.test"]
    keys(intacct, '<delete_customer customerid="C1"/>')
    assert intacct.call('<get object="customer" key="C1"/>').errors


def test_a_record_the_older_functions_make_needs_no_contact(intacct: Gateway) -> None:
    keys(intacct, "<create_customer><customerid>7</customerid><name>Plain</name></create_customer>")
    keys(intacct, "<create_vendor><vendorid>8</vendorid><name>Plain</name><paymethod>Printed Check</paymethod></create_vendor>")
    assert intacct.call('<get object="customer" key="7"/>').data.findtext("customer/contactinfo/contact/printas") == "Plain"
    assert intacct.call('<get object="vendor" key="8"/>').data.findtext("vendor/paymethod") == "Printed Check"


def test_delivery_and_visibility_are_said_in_the_older_words(intacct: Gateway) -> None:
    keys(
        intacct,
        "<create_location><locationid>L1</locationid><name>One</name></create_location>",
        "<create_customer><customerid>C1</customerid><name>Han</name><deliveryoptions><deliveryoption>both</deliveryoption>"
        "</deliveryoptions><visibility><visibility_type>Restricted</visibility_type><restricted_locs><locationid>L1</locationid>"
        "</restricted_locs></visibility></create_customer>",
    )
    row = intacct.call(query("CUSTOMER", "DELIVERY_OPTIONS", "OBJECTRESTRICTION", "RESTRICTEDLOCATIONS")).data[0]
    assert [each.text for each in row] == ["Print#~#E-Mail", "Restricted", "L1"]


def test_an_older_client_sends_an_employees_contact_along(intacct: Gateway) -> None:
    keys(intacct, "<create_location><locationid>L1</locationid><name>One</name></create_location>")
    head = "<locationid>L1</locationid><startdate><year>2026</year><month>3</month><day>1</day></startdate><status>active</status>"
    info = f"<personalinfo>{PERSON}</personalinfo>"
    keys(intacct, f"<create_employee><employeeid>E1</employeeid>{head}{info}</create_employee>")
    keys(intacct, f'<update_employee employeeid="E1"><title>Pilot</title>{info.replace("han@", "solo@")}</update_employee>')
    found = intacct.call('<get object="employee" key="E1"/>').data[0]
    assert found.findtext("personalinfo/contactname") == "Han Solo (Customer #1)"
    assert found.findtext("startdate/year") == "2026"
    assert found.findtext("title") == "Pilot"
    assert intacct.call('<get object="contact" key="Han Solo (Customer #1)"/>').data.findtext("contact/email1") == "solo@solo.test"
    keys(
        intacct,
        "<create_contact><contactname>Leia</contactname><printas>Leia</printas></create_contact>",
        '<update_employee employeeid="E1"><personalinfo><contactname>Leia</contactname></personalinfo></update_employee>',
    )
    assert intacct.call('<get object="employee" key="E1"/>').data.findtext("employee/personalinfo/contactname") == "Leia"


DUE = "<due><dueday>10</dueday><duefrom>of the month of invoice/bill date</duefrom></due>"
OLDER = {
    "contact": ("<contactname>K</contactname><printas>One</printas>", 'contactname="K"', "<printas>Two</printas>", "printas"),
    "location": ("<locationid>K</locationid><name>One</name>", 'locationid="K"', "<name>Two</name>", "name"),
    "glaccount": (
        "<glaccountno>K</glaccountno><title>One</title><normalbalance>debit</normalbalance><closingtype>non-closing account</closingtype>",
        'glaccountno="K"',
        "<title>Two</title><normalbalance>debit</normalbalance><closingtype>non-closing account</closingtype>",
        "title",
    ),
    "statglaccount": ("<glaccountno>K</glaccountno><title>One</title>", 'glaccountno="K"', "<title>Two</title>", "title"),
    "item": ("<itemid>K</itemid><name>One</name><itemtype>Non-Inventory</itemtype>", 'itemid="K"', "<name>Two</name>", "name"),
    "apterm": ("<name>K</name><description>One</description>" + DUE, 'name="K"', "<description>Two</description>", "description"),
    "arterm": ("<name>K</name><description>One</description>" + DUE, 'name="K"', "<description>Two</description>", "description"),
    "timetype": ("<name>K</name><status>active</status>", 'key="K"', "<status>inactive</status>", "status"),
}


@pytest.mark.parametrize("word", OLDER)
def test_master_data_is_made_changed_listed_and_deleted_by_the_older_functions(intacct: Gateway, word: str) -> None:
    create, attribute, change, field = OLDER[word]
    made = keys(intacct, f"<create_{word}>{create}</create_{word}>")
    assert made == ["K"]
    assert intacct.call(f'<get object="{word}" key="K"/>').data.findtext(f"{word}/{field}") in {"One", "active"}
    keys(intacct, f"<update_{word} {attribute}>{change}</update_{word}>")
    key = attribute.partition("=")[0].replace("key", "name")
    where = f"<filter><expression><field>{key}</field><operator>=</operator><value>K</value></expression></filter>"
    listed = intacct.call(f'<get_list object="{word}">{where}</get_list>')
    assert listed.result.find("listtype").attrib["total"] == "1"
    assert listed.data.findtext(f"{word}/{field}") in {"Two", "inactive"}
    keys(intacct, f"<delete_{word} {attribute}/>")
    assert intacct.call(f'<get object="{word}" key="K"/>').errors


@pytest.mark.parametrize("word", ["apaccountlabel", "araccountlabel"])
def test_account_labels_are_kept_by_the_older_functions(intacct: Gateway, word: str) -> None:
    create = "<glaccountno>6000</glaccountno><accountlabel>K</accountlabel><description>One</description>"
    keys(intacct, f"<create_{word}>{create}</create_{word}>")
    keys(intacct, f'<update_{word} accountlabel="K"><description>Two</description></update_{word}>')
    assert intacct.call(f'<get object="{word}" key="K"/>').data.findtext(f"{word}/description") == "Two"
    keys(intacct, f'<delete_{word} accountlabel="K"/>')


def test_a_term_made_by_the_older_function_dates_a_bill(intacct: Gateway) -> None:
    keys(
        intacct,
        f"<create_apterm><name>Tenth</name>{DUE}</create_apterm>",
        "<create_vendor><vendorid>V1</vendorid><name>V</name></create_vendor>",
        "<create_bill><vendorid>V1</vendorid><datecreated><year>2026</year><month>3</month><day>1</day></datecreated>"
        "<termname>Tenth</termname><billno>B1</billno><billitems><lineitem><glaccountno>6000</glaccountno><amount>5</amount>"
        "<locationid>100</locationid></lineitem></billitems></create_bill>",
    )
    assert intacct.call(query("APBILL", "WHENDUE")).data[0][0].text == "03/10/2026"


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("<create_customer><name>A</name><customerid>C</customerid></create_customer>", "customerid"),
        ("<update_customer><name>A</name></update_customer>", "customerid"),
        ("<create_vendor><vendorid>V</vendorid></create_vendor>", "name"),
        ("<create_employee><employeeid>E</employeeid></create_employee>", "personalinfo"),
        ("<create_contact><contactname>C</contactname></create_contact>", "printas"),
    ],
)
def test_the_older_functions_keep_to_their_schema(intacct: Gateway, function: str, says: str) -> None:
    text = intacct.call(function).response.text
    assert "XL03000003" in text
    assert says in text


def test_a_change_of_what_is_not_there_is_refused(intacct: Gateway) -> None:
    assert intacct.call('<update_customer customerid="nobody"><name>A</name></update_customer>').errors
    assert intacct.call('<delete_vendor vendorid="nobody"/>').errors


@pytest.mark.parametrize(
    "login",
    [
        "<login><companyid>SANDBOX</companyid><userid>ws-user</userid><password>ws-user-pw</password></login>",
        "<login><userid>ws-user</userid><companyid>SANDBOX</companyid><password>ws-user-pw</password><clientid/><locationid/></login>",
    ],
)
def test_the_parts_of_a_login_come_in_any_order_and_may_be_empty(intacct: Gateway, login: str) -> None:
    # §1.2: tolerance
    assert intacct.call("<getAPISession/>", authentication=login).status == "success"


def test_a_byte_order_mark_and_a_prolog_are_taken(intacct: Gateway) -> None:
    # §1.1: prolog optional, UTF-8
    body = b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\n' + intacct.envelope("<getAPISession/>")
    assert intacct.post(body).status == "success"


def test_names_in_lower_case_and_text_in_sections_are_taken(intacct: Gateway) -> None:
    # §1.1 CDATA, §2.1: upper case by convention
    inner = "<projectid>P-1</projectid><name><![CDATA[Roof & <gutter>]]></name><projectcategory>Contract</projectcategory>"
    assert intacct.call(f"<create><project>{inner}<locationid>100</locationid></project></create>").status == "success"
    assert intacct.stored("PROJECT")[0]["NAME"] == "Roof & <gutter>"


def test_lists_of_keys_and_fields_may_hold_spaces(intacct: Gateway) -> None:
    for number in ("P-1", "P-2"):
        intacct.project(number)
    rows = intacct.call("<read><object>PROJECT</object><keys>1, 2</keys><fields>RECORDNO, PROJECTID</fields></read>").rows
    assert [row["PROJECTID"] for row in rows] == ["P-1", "P-2"]
    assert intacct.call("<delete><object>PROJECT</object><keys>1 ,2</keys></delete>").status == "success"
    assert intacct.stored("PROJECT") == []


def test_the_next_page_is_asked_for_by_object_in_the_same_request(intacct: Gateway) -> None:
    # §2.5: resultId, or the last result of that object in the session
    first = read_by_query("GLACCOUNT", "ACCOUNTNO", "", "<pagesize>9</pagesize>")
    reply = intacct.call(first, *["<readMore><object>GLACCOUNT</object></readMore>"] * 2)
    seen = [record.findtext("ACCOUNTNO") for data in reply.root.iter("data") for record in data]
    assert sorted(seen) == sorted(row["ACCOUNTNO"] for row in intacct.stored("GLACCOUNT"))


def test_each_function_of_a_transaction_says_what_became_of_it(intacct: Gateway) -> None:
    # §1.7: the one that failed, and the others rolled back with it
    good = "<create><DEPARTMENT><DEPARTMENTID>{0}</DEPARTMENTID><TITLE>{0}</TITLE></DEPARTMENT></create>"
    bad = "<create><DEPARTMENT><TITLE>No id</TITLE></DEPARTMENT></create>"
    reply = intacct.call(good.format("D1"), bad, good.format("D2"), transaction="true")
    assert [result.findtext("status") for result in reply.results] == ["aborted", "failure", "aborted"]
    assert [[number for number, _ in errors_in(result)][-1] for result in reply.results] == ["XL03000009"] * 3
    assert intacct.stored("DEPARTMENT") == []
