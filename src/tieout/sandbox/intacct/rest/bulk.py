"""The bulk service: one object, one operation, many records, each on its own (intacct-rest §7)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from typing import Any

from tieout.sandbox.intacct.rest.binding import Schema
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context
from tieout.sandbox.intacct.rest.errors import RestRefusal, bad_value, error, malformed, payload_errors, unknown_field
from tieout.sandbox.intacct.rest.writes import create_one, delete_one, update_named
from tieout.sandbox.wire import Request

JOB = "_REST_JOB"
STATUS = "/services/bulk/job/status"
CREATE = "/services/bulk/job/create"
_PARTS = frozenset({"objectName", "operation", "jobFile", "fileContentType", "callbackURL"})
_OPERATIONS = frozenset({"create", "update", "delete"})
_STAGES = ("queued", "preprocessing", "processing", "postprocessing")


@dataclass(frozen=True, slots=True)
class Upload:
    """The two parts of a job request."""

    described: Mapping[str, Any]
    records: list[Any]


def upload_in(request: Request) -> Upload:
    """The description and the records of a multipart request; raises RestRefusal."""
    parts = _parts(request)
    text = parts.pop("ia::requestBody", None)
    if text is None:
        raise malformed("The part ia::requestBody is missing.")
    described = _json(text, "ia::requestBody")
    if not isinstance(described, Mapping):
        raise malformed("The part ia::requestBody is a JSON object.")
    if unknown := [name for name in described if name not in _PARTS]:
        raise payload_errors([unknown_field(name) for name in unknown])
    if described.get("operation") not in _OPERATIONS:
        raise payload_errors([bad_value("operation", "/operation is one of create, update, delete.")])
    if described.get("fileContentType") != "json":
        raise payload_errors([bad_value("fileContentType", "/fileContentType is json.")])
    # The file's part is called "file", or as jobFile says: both are in use (intacct-rest §7).
    content = next((parts[name] for name in (str(described.get("jobFile")), "file") if name in parts), None)
    if content is None:
        raise malformed("The part with the job's file is missing.")
    records = _json(content, "file")
    if not isinstance(records, list):
        raise payload_errors([bad_value("jobFile", "The job's file is a JSON array.")])
    return Upload(described, records)


def create(context: Context, upload: Upload) -> Answer:
    """Takes a job: its records are worked on at once, its state follows the clock (setting bulk_job_s). 201."""
    schema = context.schemas.get(str(upload.described.get("objectName")).removeprefix("objects/"))
    if schema is None:
        raise payload_errors([bad_value("objectName", f"There is no object {upload.described.get('objectName')}.")])
    number = context.storage.next("bulk jobs")
    seed = context.storage.scalar("seed", 0)
    job = str(uuid.uuid5(uuid.NAMESPACE_URL, f"bulk {seed} {number}"))
    results = [_one(context, schema, str(upload.described["operation"]), record) for record in upload.records]
    now = context.work.now
    row = {"client": context.client, "at": now.timestamp(), "seconds": float(context.settings["bulk_job_s"]), "results": results}
    context.storage.put(JOB, job, row)
    created = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"jobId": job, "statusURL": f"{STATUS}?jobId={job}", "createdDateTime": created}
    return Answer(201, body, records=len(results))


def status(context: Context, asked: Asked) -> Answer:
    """How far a job is, or with download=true the result of every record once it has ended."""
    job = asked.query.get("jobId", "")
    row = context.storage.get(JOB, job)
    context.meter.count("bulk status", 1)
    if row is None or row["client"] != context.client:
        raise RestRefusal(404, error("notFound", f"There is no job {job}."))
    done = _share(row, context.work.now)
    if asked.query.get("download") == "true":
        if done < 1:
            raise RestRefusal(404, error("notFound", f"The job {job} has not ended."))
        return Answer(200, row["results"], raw=True)
    body = {
        "jobId": job,
        "status": "completed" if done >= 1 else _STAGES[int(done * len(_STAGES))],
        "percentComplete": int(min(done, 1.0) * 100),
        "downloadURL": f"{STATUS}?jobId={job}&download=true" if done >= 1 else None,
        "jobStatusFile": f"{job}.json" if done >= 1 else None,
    }
    return Answer(200, body)


def _share(row: Mapping[str, Any], now: datetime) -> float:
    gone = now.timestamp() - float(row["at"])
    return 1.0 if row["seconds"] == 0 else min(gone / float(row["seconds"]), 1.0)


def _one(context: Context, schema: Schema, operation: str, record: Any) -> dict[str, Any]:
    """The result of one record, in the form of a batch's items."""
    try:
        if operation == "create":
            return {**create_one(context, schema, record), "ia::status": 201}
        if operation == "update":
            return {**update_named(context, schema, record), "ia::status": 200}
        key = record.get("key") if isinstance(record, Mapping) else None
        if not isinstance(key, str):
            raise payload_errors([bad_value("key", "/key is the record number as a string.")])
        delete_one(context, schema, key)
    except RestRefusal as refusal:
        return {"ia::status": refusal.status, "ia::error": refusal.error}
    return {"ia::status": 204}


def _parts(request: Request) -> dict[str, bytes]:
    """The parts of a multipart body by the name of their field; raises RestRefusal."""
    sort = request.header("content-type")
    if not sort.lower().startswith("multipart/form-data"):
        raise malformed("A bulk job is sent as multipart/form-data.")
    message: Message = message_from_bytes(b"Content-Type: " + sort.encode() + b"\r\n\r\n" + request.body, policy=HTTP)
    found: dict[str, bytes] = {}
    for part in message.get_payload() if message.is_multipart() else ():
        if isinstance(part, Message):
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(content, bytes):
                found[name] = content
    return found


def _json(content: bytes, name: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise malformed(f"The part {name} is not JSON.") from None
