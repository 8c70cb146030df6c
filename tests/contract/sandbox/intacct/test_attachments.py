"""Attachments: folders, records, files (intacct-xml §3D Attachments)."""

from __future__ import annotations

import base64

import pytest

from tests.contract.sandbox.intacct.books import bill_of, create, number_in, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply

FOLDER = (
    "<create_supdocfolder><supdocfoldername>Bills</supdocfoldername>"
    "<supdocfolderdescription>All</supdocfolderdescription></create_supdocfolder>"
)
CONTENT = base64.b64encode(b"%PDF-1.7").decode()


def file(name: str = "invoice123", kind: str = "pdf", content: str = CONTENT) -> str:
    inner = f"<attachmentname>{name}</attachmentname><attachmenttype>{kind}</attachmenttype><attachmentdata>{content}</attachmentdata>"
    return f"<attachment>{inner}</attachment>"


def supdoc(number: str = "ATT-1", *files: str, folder: str = "Bills", name: str = "Invoice 123") -> str:
    head = f"<supdocid>{number}</supdocid>" if number else ""
    shelf = f"<supdocname>{name}</supdocname><supdocfoldername>{folder}</supdocfoldername><supdocdescription/>"
    return f"<create_supdoc>{head}{shelf}<attachments>{''.join(files or (file(),))}</attachments></create_supdoc>"


def get(intacct: Gateway, number: str = "ATT-1") -> Reply:
    return intacct.call(f'<get object="supdoc" key="{number}"/>')


@pytest.fixture
def shelves(intacct: Gateway) -> Gateway:
    assert intacct.call(FOLDER).status == "success"
    return intacct


def test_an_attachment_answers_with_its_record_number_and_is_read_with_its_content(shelves: Gateway) -> None:
    # §3D: <key>35</key>
    key = shelves.call(supdoc()).result.findtext("key")
    assert key == shelves.stored("SUPDOC")[0]["RECORDNO"]
    read = get(shelves).data.find("supdoc")
    assert read is not None
    assert [child.tag for child in read] == [
        *("recordno", "supdocid", "supdocname", "folder", "description", "creationdate", "createdby", "attachments"),
    ]
    assert read.findtext("attachments/attachment/attachmentdata") == CONTENT
    listed = shelves.call('<get_list object="supdoc" maxitems="10"/>')
    assert listed.data.findtext("supdoc/attachments/attachment/attachmentname") == "invoice123"
    assert listed.data.findtext("supdoc/attachments/attachment/attachmentdata") == ""


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (supdoc(folder="Nowhere"), "Nowhere"),
        (supdoc(number="A" * 21), "longer than 20"),
        (supdoc(number=""), "SUPDOCID is required"),
        (supdoc(name=""), "SUPDOCNAME is required"),
        (supdoc("ATT-1", file(content="not base64!")), "not Base64"),
        (supdoc("ATT-1", file(name="")), "NAME is required"),
    ],
)
def test_an_attachment_that_breaks_a_rule_is_refused(shelves: Gateway, sent: str, text: str) -> None:
    # §3D: folder must exist, id of at most 20 characters
    assert text in shelves.call(sent).errors[0][1]
    assert shelves.stored("SUPDOC") == []


def test_a_second_attachment_or_folder_of_the_name_is_refused(shelves: Gateway) -> None:
    shelves.call(supdoc())
    assert shelves.call(supdoc()).errors[0][0] == "BL34000061"
    assert shelves.call(FOLDER).errors[0][0] == "BL34000061"


def test_a_numbered_attachment_makes_its_own_id(shelves: Gateway) -> None:
    # §3D: required unless numbering is on
    shelves.set(numbered=["SUPDOC"])
    shelves.call(supdoc(number=""))
    assert shelves.stored("SUPDOC")[0]["SUPDOCID"] == "ATT-00001"


def test_elements_in_the_wrong_order_are_a_schema_error(shelves: Gateway) -> None:
    # §2.11
    wrong = "<create_supdoc><supdocname>A</supdocname><supdocid>ATT-1</supdocid><supdocfoldername>Bills</supdocfoldername></create_supdoc>"
    assert shelves.call(wrong).text("errormessage/error/errorno") == "XL03000003"
    shelves.set(strict=False)
    assert shelves.call(wrong).status == "success"


def test_an_update_changes_the_header_and_adds_files_but_no_content(shelves: Gateway) -> None:
    # §3D: the contents of an existing file cannot be changed
    shelves.call(supdoc())
    update = "<update_supdoc><supdocid>ATT-1</supdocid><supdocname>New</supdocname><attachments>{}</attachments></update_supdoc>"
    reply = shelves.call(update.format(file("second")))
    assert [child.tag for child in reply.result] == ["status", "function", "controlid"]
    read = get(shelves).data
    assert [each.findtext("attachmentname") for each in read.findall("supdoc/attachments/attachment")] == ["invoice123", "second"]
    assert read.findtext("supdoc/supdocname") == "New"
    assert "already has the file invoice123.pdf" in shelves.call(update.format(file())).errors[0][1]
    assert "Cannot find" in shelves.call(update.format(file()).replace("ATT-1", "ATT-9")).errors[0][1]


def test_a_transaction_names_an_attachment_that_exists(shelves: Gateway) -> None:
    # §3D: SUPDOCID of the transaction
    vendor(shelves)
    shelves.call(supdoc())
    linked = bill_of(extra="<SUPDOCID>ATT-9</SUPDOCID>")
    assert "ATT-9" in create(shelves, linked).errors[0][1]
    number = number_in(create(shelves, linked.replace("ATT-9", "ATT-1")))
    assert "refers to it" in shelves.call('<delete_supdoc key="ATT-1"/>').errors[0][1]
    shelves.call(f"<update><APBILL><RECORDNO>{number}</RECORDNO><SUPDOCID/></APBILL></update>")
    assert shelves.call('<delete_supdoc key="ATT-1"/>').status == "success"
    assert get(shelves).status == "failure"


def test_folders_are_listed_moved_and_deleted_when_empty(shelves: Gateway) -> None:
    # §3D create_supdocfolder
    parent = "<supdocparentfoldername>{}</supdocparentfoldername>"
    inner = f"<create_supdocfolder><supdocfoldername>{{}}</supdocfoldername>{parent}</create_supdocfolder>"
    assert shelves.call(inner.format("2026", "Bills")).status == "success"
    assert "No" in shelves.call(inner.format("X", "No")).errors[0][1]
    listed = shelves.call('<get_list object="supdocfolder"><sorts><sortfield order="asc">name</sortfield></sorts></get_list>').data
    assert [each.findtext("name") for each in listed] == ["2026", "Bills"]
    shelves.call(FOLDER.replace("create", "update").replace("All", "Old"))
    assert {row["DESCRIPTION"] for row in shelves.stored("SUPDOCFOLDER")} == {"Old", ""}
    assert "refers to it" in shelves.call('<delete_supdocfolder key="Bills"/>').errors[0][1]
    assert shelves.call('<delete_supdocfolder key="2026"/>').status == "success"


def test_attachments_have_no_generic_functions(shelves: Gateway) -> None:
    # §3: supdoc, legacy only
    assert create(shelves, "<SUPDOC><SUPDOCID>A</SUPDOCID></SUPDOC>").errors[0][0] == "PL04000005"
