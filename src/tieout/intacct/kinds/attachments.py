"""Attachments, which the gateway keeps apart from all other records (intacct-xml §3D Attachments)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from tieout.core.ports import Verb, Write
from tieout.core.record import Fields, Line
from tieout.intacct.catalogue import Access, Kind, Type, WriteMode, fields, lines_field
from tieout.intacct.client import File, Function, UnwritableError
from tieout.intacct.client import attachments as build

FILES = "FILES"
_FILE = frozenset({"NAME", "CONTENT", "SIZE", "SHA256"})


def _function(write: Write, given: Mapping[str, Any]) -> Function:
    """The function of a write; a file is a line with its NAME and CONTENT. Raises UnwritableError."""
    id_ = str(given.get("SUPDOCID") or write.natural_key)
    if write.verb is Verb.DELETE:
        return build.delete_supdoc(write.key, id_)
    files = [file_of(line) for line in files_of(write.fields)]
    name, folder, about = (str(given.get(each) or "") for each in ("SUPDOCNAME", "FOLDER", "DESCRIPTION"))
    if write.verb is Verb.CREATE:
        return build.create_supdoc(write.key, id_, name, folder, files, about)
    known = {line.fields.get("NAME") for line in files_of(write.expected)}
    added = [file for file in files if file.name not in known]
    return build.update_supdoc(write.key, id_, name=name, folder=folder, description=about, added=added)


SUPDOC = Kind(
    "SUPDOC",
    "SUPDOCID",
    (
        *fields(Type.TEXT, "SUPDOCID", access=Access.CREATE),
        *fields(Type.TEXT, "SUPDOCNAME FOLDER DESCRIPTION"),
        lines_field(FILES),
    ),
    WriteMode.LINES_MERGED,
    frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE}),
    enforced=True,
    has_modified=False,
    label="attachments",
    by_function=_function,
)


def files_of(given: Fields) -> tuple[Line, ...]:
    """The files among the fields of an attachment."""
    value = given.get(FILES)
    return tuple(line for line in value if isinstance(line, Line)) if isinstance(value, tuple) else ()


def file_of(line: Line) -> File:
    """The file of a line. Raises UnwritableError."""
    unknown = sorted(set(line.fields) - _FILE)
    if unknown:
        raise UnwritableError(f"a file of an attachment has no {', '.join(unknown)}")
    try:
        content = base64.b64decode(str(line.fields.get("CONTENT") or ""), validate=True)
    except binascii.Error:
        raise UnwritableError(f"the content of {line.fields.get('NAME')} is not base64 text") from None
    return File(str(line.fields.get("NAME") or ""), content)
