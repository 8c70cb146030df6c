"""Attachments: folders, and documents of one or more files that transactions refer to by id (intacct-xml §3D)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from tieout.intacct.client.envelope import Function, function
from tieout.intacct.client.errors import UnwritableError
from tieout.intacct.client.reply import Result

MAX_ID = 20


@dataclass(frozen=True, slots=True)
class File:
    """One file; the name includes the extension."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the system holds under one attachment id."""

    record_no: str
    id: str
    name: str
    folder: str
    description: str
    files: tuple[File, ...]


def create_supdoc(control_id: str, id: str, name: str, folder: str, files: Sequence[File], description: str = "") -> Function:
    """Store files under an attachment id of at most 20 characters, "" where the company numbers them; the folder must exist.

    The answer's `key` is the RECORDNO. Raises UnwritableError.
    """
    content: dict[str, Any] = {
        "supdocid": _id(id) if id else None,
        "supdocname": name,
        "supdocfoldername": folder,
        "supdocdescription": description or None,
        "attachments": _files(files),
    }
    return function("create_supdoc", control_id, _given(content), object="supdoc")


def update_supdoc(
    control_id: str, id: str, *, name: str = "", folder: str = "", description: str = "", added: Sequence[File] = ()
) -> Function:
    """Change what is said of an attachment and add files; the content of a file that is there cannot be changed."""
    content: dict[str, Any] = {
        "supdocid": _id(id),
        "supdocname": name or None,
        "supdocfoldername": folder or None,
        "supdocdescription": description or None,
        "attachments": _files(added) if added else None,
    }
    return function("update_supdoc", control_id, _given(content), object="supdoc")


def delete_supdoc(control_id: str, id: str) -> Function:
    """Delete an attachment with all its files."""
    return function("delete_supdoc", control_id, object="supdoc", attributes={"key": _id(id)})


def create_supdocfolder(control_id: str, name: str, *, parent: str = "", description: str = "") -> Function:
    """Make a folder for attachments."""
    content = {"supdocfoldername": name, "supdocfolderdescription": description or None, "supdocparentfoldername": parent or None}
    return function("create_supdocfolder", control_id, _given(content), object="supdocfolder")


def delete_supdocfolder(control_id: str, name: str) -> Function:
    """Delete an empty folder."""
    return function("delete_supdocfolder", control_id, object="supdocfolder", attributes={"key": name})


def attachments(result: Result) -> tuple[Attachment, ...]:
    """The answer to `get` or `get_list` of supdoc. A list may leave the content of files out; a `get` gives it."""
    nodes = result.data.iterfind("supdoc") if result.data is not None else ()
    return tuple(
        Attachment(
            (node.findtext("recordno") or "").strip(),
            (node.findtext("supdocid") or "").strip(),
            (node.findtext("supdocname") or "").strip(),
            (node.findtext("folder") or "").strip(),
            (node.findtext("description") or "").strip(),
            tuple(_file(each) for each in node.iterfind("attachments/attachment")),
        )
        for node in nodes
    )


def _file(node: Any) -> File:
    name, kind = (node.findtext("attachmentname") or "").strip(), (node.findtext("attachmenttype") or "").strip()
    try:
        content = base64.b64decode("".join((node.findtext("attachmentdata") or "").split()), validate=True)
    except binascii.Error:
        content = b""
    return File(f"{name}.{kind}" if kind else name, content)


def _files(files: Sequence[File]) -> dict[str, Any]:
    if not files:
        raise UnwritableError("an attachment needs at least one file")
    return {"attachment": [_written(each) for each in files]}


def _written(file: File) -> dict[str, str]:
    path = PurePosixPath(file.name)
    if not path.suffix:
        raise UnwritableError(f"the file “{file.name}” has no extension, which tells Intacct what it is")
    return {
        "attachmentname": path.stem,
        "attachmenttype": path.suffix.removeprefix("."),
        "attachmentdata": base64.b64encode(file.content).decode("ascii"),
    }


def _given(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value is not None}


def _id(id: str) -> str:
    if not 1 <= len(id) <= MAX_ID:
        raise UnwritableError(f"an attachment id has 1 to {MAX_ID} characters, not {len(id)}")
    return id
