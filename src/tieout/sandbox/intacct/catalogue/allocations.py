"""Tables of transaction allocations and their entries (objects table ALLOCATION).

The reference names the field TYPE but lists no values; without one an allocation is by percentage (assumed).
"""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.dimensions import line_dimensions, supdoc
from tieout.sandbox.intacct.fields import SEARCH, WRITE, Field, Kind, Need, Owned, Ref, Type, recordno, status, text

PERCENTAGE = "Percentage"
CUSTOM = "Custom"  # what a journal entry says for an allocation it spells out itself, in SPLIT elements (objects table GLBATCH)

_OWNER = Ref("ALLOCATION", "RECORDNO", "ALLOCATIONKEY", "ALLOCATION", {"ALLOCATIONID": "ALLOCATIONID"})

ALLOCATIONENTRY = Kind(
    "ALLOCATIONENTRY",
    "Transaction Allocation Entry",
    "Transaction Allocation Entries",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("ALLOCATIONKEY", Type.INTEGER, read_only=True, ref=_OWNER),
        Field("LINE_NO", Type.INTEGER),
        *text("VALUETYPE", max=40),
        Field("VALUE", Type.DECIMAL, need=Need.YES),
        *line_dimensions(needed=False),
    ),
    indexes=("ALLOCATIONKEY",),
)

ALLOCATION = Kind(
    "ALLOCATION",
    "Transaction Allocation",
    "Transaction Allocations",
    key="ALLOCATIONID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("ALLOCATIONID", label="Allocation ID", need=Need.YES, max=50),
        *text("DESCRIPTION", max=200),
        status(),
        Field("TYPE", default=PERCENTAGE, max=40),
        *text("DOCNUMBER", max=45),
        supdoc(),
    ),
    owned=(Owned("ALLOCATIONENTRIES", "ALLOCATIONENTRY", "ALLOCATIONKEY", number="LINE_NO", least=1),),
)

KINDS = (ALLOCATIONENTRY, ALLOCATION)
