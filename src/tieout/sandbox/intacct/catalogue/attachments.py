"""Tables of attachments: records with files, in folders; only the legacy functions reach them (intacct-xml §3D Attachments)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import Field, Kind, Lines, Need, Ref, Type, recordno, text

NOTHING: frozenset[str] = frozenset()

SUPDOCFOLDER = Kind(
    "SUPDOCFOLDER",
    "Attachment Folder",
    "Attachment Folders",
    key="SUPDOCFOLDERNAME",
    functions=NOTHING,
    fields=(
        recordno(),
        Field("SUPDOCFOLDERNAME", label="Folder name", need=Need.YES, max=80),
        *text("DESCRIPTION", max=500),
        Field("PARENTFOLDERNAME", ref=Ref("SUPDOCFOLDER", "SUPDOCFOLDERNAME", "PARENTKEY", "")),
        Field("CREATIONDATE", Type.DATE, read_only=True),
    ),
    tree="PARENTFOLDERNAME",
    shared=True,
)

SUPDOC = Kind(
    "SUPDOC",
    "Attachment",
    "Attachments",
    key="SUPDOCID",
    functions=NOTHING,
    fields=(
        recordno(),
        Field("SUPDOCID", label="Attachment ID", need=Need.UNNUMBERED, max=20),
        Field("SUPDOCNAME", label="Attachment name", need=Need.YES, max=80),
        Field("FOLDER", label="Folder", need=Need.YES, ref=Ref("SUPDOCFOLDER", "SUPDOCFOLDERNAME", "FOLDERKEY", "")),
        *text("DESCRIPTION", max=500),
        Field("CREATIONDATE", Type.DATE, read_only=True),
    ),
    lines=(
        Lines(
            "ATTACHMENTS",
            (Field("NAME", need=Need.YES, max=200), Field("TYPE", need=Need.YES, max=20), Field("DATA", need=Need.YES)),
            item="ATTACHMENT",
        ),
    ),
    numbering="ATT-",
    shared=True,
)

KINDS = (SUPDOCFOLDER, SUPDOC)
