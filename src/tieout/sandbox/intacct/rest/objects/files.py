"""Attachments and their folders over REST (intacct-rest §14.2, §15.20)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import status
from tieout.sandbox.intacct.rest.mapping import Link, Owned, RestObject, same

FOLDER = RestObject(
    "company-config/folder",
    "SUPDOCFOLDER",
    rows=(*same(("description", "DESCRIPTION"), ("status", "STATUS")), Link("parent", "PARENTFOLDERNAME", "company-config/folder")),
    fields=(status(),),
)

ATTACHMENT = RestObject(
    "company-config/attachment",
    "SUPDOC",
    rows=(
        *same(("name", "SUPDOCNAME"), ("description", "DESCRIPTION")),
        Link("folder", "FOLDER", "company-config/folder"),
        Owned(
            "files",
            "ATTACHMENTS",
            "company-config/attachment-file",
            same(("name", "NAME"), ("data", "DATA")),
            owner="attachment",
            suffixes={"TYPE": "NAME"},
        ),
    ),
)

OBJECTS = (FOLDER, ATTACHMENT)
