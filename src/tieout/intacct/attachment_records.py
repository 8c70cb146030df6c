"""Attachments as records, behind the same port as all others (intacct-xml §3D Attachments).

The gateway keeps them apart: they are listed, got and written by functions of their own, never queried. A file's content is
written as base64 text and read as its size and SHA-256, so that neither the journal nor a comparison holds it. A file that is
there cannot be changed; a list gives no content, so only `find`, `read` by ID and `probe` tell sizes and digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tieout.core.ports import Effect, Page, Probe, Trace, Verb, Write
from tieout.core.record import Line, Record, Ref, Value
from tieout.intacct.client import Function, IntacctError, Result, Status
from tieout.intacct.client import attachments as build
from tieout.intacct.client import functions as ask
from tieout.intacct.client.attachments import Attachment
from tieout.intacct.client.envelope import MAX_FUNCTIONS
from tieout.intacct.decoding import BY_NATURAL_KEY
from tieout.intacct.faults import fault_of, own_fault
from tieout.intacct.kinds.attachments import FILES, file_of, files_of
from tieout.intacct.reading import Reading

_PAGE = 100


def _record(found: Attachment, *, whole: bool) -> Record:
    lines = tuple(Line(file.name, {"NAME": file.name, **(_digest(file.content) if whole else {})}) for file in found.files)
    texts: dict[str, Value] = {"SUPDOCID": found.id, "SUPDOCNAME": found.name, "FOLDER": found.folder, "DESCRIPTION": found.description}
    values = {name: text or None for name, text in texts.items()}
    return Record("SUPDOC", found.record_no, {**values, FILES: lines}, natural_key=found.id)


def _digest(content: bytes) -> dict[str, Value]:
    return {"SIZE": len(content), "SHA256": hashlib.sha256(content).hexdigest()}


class AttachmentRecords:
    """Reads the attachments of one company."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def changes(self, data: Mapping[str, Any] | None, read_at: datetime) -> Page:
        """The next page of attachments that are new; the gateway does not tell when one was changed. Raises Fault."""
        after = int((data or {}).get("after", 0))
        listed = ask.get_list("list", "supdoc", [("recordno", ">", str(after))], max_items=_PAGE)
        (result,) = self._called([listed])
        records = [_record(each, whole=False) for each in build.attachments(result)]
        last = max([after, *(int(record.id) for record in records)])
        return Page(records, {"after": last}, len(records) == _PAGE, read_at)

    def read(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        """Attachments by RECORDNO, without sizes and digests, or by ID for an id that begins with `~`, with them. Raises Fault."""
        numbers = [ref for ref in refs if ref.id.isdigit()]
        listed = [ask.get_list(f"list-{at}", "supdoc", [("recordno", "=", ref.id)], max_items=1) for at, ref in enumerate(numbers)]
        found = {
            ref: _record(each, whole=False)
            for ref, result in zip(numbers, self._called(listed), strict=True)
            for each in build.attachments(result)
        }
        named = [ref.id.removeprefix(BY_NATURAL_KEY) for ref in refs if ref.id.startswith(BY_NATURAL_KEY)]
        found |= {Ref("SUPDOC", BY_NATURAL_KEY + id_): record for id_, record in self.find(named).items()}
        return {ref: found[ref] for ref in refs if ref in found}

    def find(self, ids: Sequence[str]) -> dict[str, Record]:
        """Attachments by ID, up to a hundred a request; one that is not there is left out. Raises Fault."""
        wanted = list(dict.fromkeys(id_.strip() for id_ in ids if id_.strip()))
        results = self._called([ask.get(f"get-{at}", "supdoc", id_) for at, id_ in enumerate(wanted)])
        found = [each for result in results for each in build.attachments(result)]
        return {each.id: _record(each, whole=True) for each in found if each.id in wanted}

    def probe(self, writes: Sequence[Write]) -> list[Probe]:
        """The traces of writes, by the attachment's ID. Raises Fault."""
        found = self.find([write.natural_key for write in writes])
        return [_judged(write, found.get(write.natural_key.strip())) for write in writes]

    def _called(self, calls: Sequence[Function]) -> list[Result]:
        """The answers of reading functions; one that found nothing is a refusal, and counts as an empty answer. Raises Fault."""
        results: list[Result] = []
        for start in range(0, len(calls), MAX_FUNCTIONS):
            part = calls[start : start + MAX_FUNCTIONS]
            try:
                answers = self._reading.client.execute(part, entity=self._reading.scope.session)
            except IntacctError as error:
                raise fault_of(error, self._reading.client.credentials) from error
            for answer in answers:
                if answer is None or answer.status is Status.MISSING:
                    raise own_fault("intacct.unwritable", self._reading.context("SUPDOC"), effect=Effect.UNKNOWN)
                results.append(answer)
        return results


def _judged(write: Write, found: Record | None) -> Probe:
    if not write.natural_key:
        return Probe(Trace.NO_HANDLE)
    if write.verb is Verb.DELETE:
        return Probe(Trace.ABSENT if found else Trace.EQUAL, found, enforced=True)
    if found is None:
        return Probe(Trace.ABSENT if write.verb is Verb.CREATE else Trace.OTHER, enforced=True)
    shown = {line.id: line.fields.get("SHA256") for line in files_of(found.fields)}
    wanted = {str(line.fields.get("NAME")): _wanted_digest(line) for line in files_of(write.fields)}
    texts = {name: value for name, value in write.fields.items() if name != FILES}
    texts_there = all((value or None) == found.fields.get(name) for name, value in texts.items())
    files_there = all(shown.get(name) == digest or not digest for name, digest in wanted.items() if name in shown)
    if texts_there and files_there and wanted.keys() <= shown.keys():
        return Probe(Trace.EQUAL, found, enforced=True)
    before = all((value or None) == found.fields.get(name) for name, value in write.expected.items() if name in texts)
    untouched = write.verb is Verb.UPDATE and before and not (wanted.keys() - {line.id for line in files_of(write.expected)}) & shown.keys()
    return Probe(Trace.ABSENT if untouched else Trace.OTHER, found)


def _wanted_digest(line: Line) -> str:
    digest = line.fields.get("SHA256")
    return str(digest) if digest else hashlib.sha256(file_of(line).content).hexdigest() if line.fields.get("CONTENT") else ""
