"""Attachments behind the port: written whole, read as name, size and digest, found again after a cut."""

from __future__ import annotations

import base64
import hashlib
from uuid import uuid4

import pytest

from tieout.core.ports import Effect, Trace, Verb, Write
from tieout.core.record import Fields, Line, Ref
from tieout.intacct.client import attachments

from .test_sandbox_company import DAY, Books, a_bill, books

__all__ = ["books"]

INVOICE = b"%PDF-1.7 invoice"


def file(name: str, content: bytes = INVOICE) -> Line:
    return Line("", {"NAME": name, "CONTENT": base64.b64encode(content).decode()})


def attached(id_: str, *files: Line, key: str = "a-1") -> Write:
    fields: Fields = {"SUPDOCNAME": "Invoice 9", "FOLDER": "Bills", "DESCRIPTION": "", "FILES": files}
    return Write(key, Verb.CREATE, "SUPDOC", fields, natural_key=id_)


@pytest.fixture
def shelves(books: Books) -> Books:
    books.system.client.write(attachments.create_supdocfolder(str(uuid4()), "Bills"))
    return books


def test_an_attachment_is_written_found_and_told_by_size_and_digest(shelves: Books) -> None:
    write = attached("ATT-1", file("invoice.pdf"), file("photo.jpg", b"jpg"))
    assert shelves.system.probe([write])[0].trace is Trace.ABSENT
    (outcome,) = shelves.system.write([write])
    assert (outcome.effect, outcome.natural_key, outcome.id.isdigit()) == (Effect.DONE, "ATT-1", True), outcome.fault
    assert shelves.system.probe([write])[0].trace is Trace.EQUAL
    record = shelves.system.find("SUPDOC", ["ATT-1", "ATT-2"])["ATT-1"]
    assert (record.id, record.fields["SUPDOCNAME"], record.fields["DESCRIPTION"]) == (outcome.id, "Invoice 9", None)
    files = record.fields["FILES"]
    assert isinstance(files, tuple)
    assert [(line.id, line.fields["SIZE"], line.fields["SHA256"]) for line in files] == [
        ("invoice.pdf", len(INVOICE), hashlib.sha256(INVOICE).hexdigest()),
        ("photo.jpg", 3, hashlib.sha256(b"jpg").hexdigest()),
    ]
    by_number, by_name = Ref("SUPDOC", outcome.id), Ref("SUPDOC", "~ATT-1")
    assert set(shelves.system.read([by_number, by_name, Ref("SUPDOC", "999")])) == {by_number, by_name}


def test_a_cut_attachment_is_found_again_and_another_under_its_id_is_not_taken_for_it(shelves: Books) -> None:
    shelves.emulator.faults.add([{"match": {"function": "create_supdoc", "times": 1}, "action": "cut_after_commit"}])
    write = attached("ATT-1", file("invoice.pdf"))
    (cut,) = shelves.system.write([write])
    assert cut.effect is Effect.UNKNOWN
    assert shelves.system.probe([write])[0].trace is Trace.EQUAL
    assert shelves.system.probe([attached("ATT-1", file("invoice.pdf", b"another"))])[0].trace is Trace.OTHER
    assert shelves.system.probe([attached("ATT-1", file("else.pdf"))])[0].trace is Trace.OTHER
    (refused,) = shelves.system.write([attached("ATT-1", file("invoice.pdf"), key="a-2")])
    assert refused.effect is Effect.REFUSED


def test_files_are_added_and_those_that_are_there_are_left_alone(shelves: Books) -> None:
    (made,) = shelves.system.write([attached("ATT-1", file("invoice.pdf"))])
    before = shelves.system.find("SUPDOC", ["ATT-1"])["ATT-1"].fields["FILES"]
    assert isinstance(before, tuple)
    wanted: Fields = {"FILES": (*before, file("photo.jpg", b"jpg"))}
    write = Write("a-3", Verb.UPDATE, "SUPDOC", wanted, target=made.id, natural_key="ATT-1", expected={"FILES": before})
    assert shelves.system.probe([write])[0].trace is Trace.ABSENT
    assert shelves.system.write([write])[0].effect is Effect.DONE
    assert shelves.system.probe([write])[0].trace is Trace.EQUAL
    delete = Write("a-4", Verb.DELETE, "SUPDOC", {}, target=made.id, natural_key="ATT-1")
    assert shelves.system.write([delete])[0].effect is Effect.DONE
    assert shelves.system.probe([delete])[0].trace is Trace.EQUAL
    assert shelves.system.probe([write])[0].trace is Trace.OTHER


def test_new_attachments_are_read_in_pages_and_none_twice(shelves: Books) -> None:
    for at in range(103):
        shelves.system.write([attached(f"ATT-{at}", file("a.pdf"), key=f"k-{at}")])
    page = shelves.system.changes("SUPDOC", None)
    assert (len(page.records), page.more) == (100, True)
    rest = shelves.system.changes("SUPDOC", page.cursor)
    assert ([record.natural_key for record in rest.records], rest.more) == (["ATT-100", "ATT-101", "ATT-102"], False)
    assert shelves.system.changes("SUPDOC", rest.cursor).records == []


def test_a_bill_names_its_attachment(shelves: Books) -> None:
    shelves.system.write([attached("ATT-1", file("invoice.pdf"))])
    bill = a_bill(shelves, "10")
    assert shelves.update("APBILL", bill, SUPDOCID="ATT-1").effect is Effect.DONE
    assert shelves.one("APBILL", bill).fields["SUPDOCID"] == "ATT-1"
    assert DAY


@pytest.mark.parametrize(
    "line",
    [Line("", {"NAME": "a.pdf", "CONTENT": "not base64!"}), Line("", {"NAME": "noextension", "CONTENT": ""}), Line("", {"SHAPE": "x"})],
)
def test_a_file_that_cannot_be_sent_is_refused_before_it_is_sent(shelves: Books, line: Line) -> None:
    (outcome,) = shelves.system.write([attached("ATT-1", line)])
    assert (outcome.effect, outcome.fault is not None) == (Effect.REFUSED, True)
    assert shelves.system.find("SUPDOC", ["ATT-1"]) == {}


def test_the_doctor_lists_attachments(shelves: Books) -> None:
    line = next(line for line in shelves.system.check(["SUPDOC"]) if line.name == "Read attachments")
    assert line.ok, line
    shelves.emulator.settings.update({"denied_operations": ["get_list SUPDOC"]})
    line = next(line for line in shelves.system.check(["SUPDOC"]) if line.name == "Read attachments")
    assert (line.ok, line.code) == (False, "intacct.no-permission")
