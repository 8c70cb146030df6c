"""Tables of groups: of accounts, for reports, and of the values of a dimension (objects table GLACCTGRP, LOCATIONGROUP and so on)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.dimensions import account_ref
from tieout.sandbox.intacct.catalogue.ledger import pick
from tieout.sandbox.intacct.fields import READ, WRITE, Field, Kind, Lines, Need, Ref, Type, flag, recordno, status, text

MEMBERS = ("Accounts", "Groups", "Statistical Accounts", "Computation", "Category", "Statistical Category")
_POINTS = ("P", "B", "E")
_FILTERS = ("nofilter", "specifichierarchy", "specific", "nullvalue")
_RANGE = (Field("RANGEFROM", label="First account", need=Need.YES), Field("RANGETO", label="Last account", need=Need.YES))
_CATEGORY = (Field("CATEGORYNAME", label="Category", need=Need.YES),)
_FILTERED = (
    *(("DEPT", "DEPTNO", "DEPARTMENT", "DEPARTMENTID"), ("LOC", "LOCNO", "LOCATION", "LOCATIONID")),
    *((each, f"{each}ID", each, f"{each}ID") for each in ("VENDOR", "CUSTOMER", "PROJECT", "EMPLOYEE", "ITEM", "CLASS")),
)


def _side(side: str) -> tuple[Field, ...]:
    return (
        Field(f"{side}ACCTNO", ref=account_ref("", "", "")),
        Field(f"{side}ACCTGRPNAME", ref=_GROUP),
        Field(f"{side}CONST", Type.DECIMAL),
        pick(f"{side}ASOF", *_POINTS),
    )


_GROUP = Ref("GLACCTGRP", "NAME", "", "", {}, "Account group '{value}' is not valid.")

GLACCTGRPPURPOSE = Kind(
    "GLACCTGRPPURPOSE",
    "Account Group Purpose",
    "Account Group Purposes",
    key="NAME",
    functions=WRITE,
    fields=(recordno(), Field("NAME", label="Name", need=Need.YES, create_only=True, max=80), status()),
    shared=True,
)

GLACCTGRP = Kind(
    "GLACCTGRP",
    "Account Group",
    "Account Groups",
    key="NAME",
    functions=WRITE,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=80),
        *text("TITLE", "TOTALTITLE", max=100),
        pick("NORMAL_BALANCE", "debit", "credit", default="debit"),
        flag("ISKPI"),
        Field("GLACCTGRPPURPOSEID", ref=Ref("GLACCTGRPPURPOSE", "NAME", "GLACCTGRPPURPOSEKEY", "")),
        *text("ACCTGROUPMANAGER", max=100),
        Field("MEMBERTYPE", Type.ENUM, "Member type", Need.YES, create_only=True, choices=pick("MEMBERTYPE", *MEMBERS).choices),
        pick("ASOF", *_POINTS, default="P"),
        pick("DBCR", "Both", "Debit Only", "Credit Only", default="Both"),
        *(pick(f"FILTER{name}", *_FILTERS, default="nofilter") for name, *_ in _FILTERED),
        *(Field(column, ref=Ref(kind, key, f"{column}KEY", "")) for _, column, kind, key in _FILTERED),
    ),
    lines=(
        Lines("GLACCTRANGES", _RANGE, item="ACCTRANGE"),
        Lines("GLSTATACCTRANGES", _RANGE, item="ACCTRANGE"),
        Lines("GLACCTGRPS", (Field("CHILDNAME", label="Account group", need=Need.YES, ref=_GROUP),), item="GLACCTGRPMEMBER"),
        Lines(
            "GLCOMPGRPS",
            (
                *_side("LHS"),
                pick("OPERATOR", "A", "S", "M", "D"),
                *_side("RHS"),
                Field("PRECISION", Type.INTEGER),
                pick("DISPLAYAS", *"VPRFDWMQ"),
                *text("UOM", max=40),
            ),
            item="GLCOMPGRPMEMBER",
        ),
        Lines("GLCATGRPS", _CATEGORY, item="GLCOACATMEMBER"),
        Lines("GLSTATCATGRPS", _CATEGORY, item="GLCOACATMEMBER"),
    ),
    shared=True,
)


def _group(name: str, label: str) -> Kind:
    """Values of one dimension under one name; made in the user interface."""
    own = (recordno(), Field("ID", label="Group ID", need=Need.YES, max=40), Field("NAME", label="Name", need=Need.YES, max=80))
    more = text("DESCRIPTION", max=200)
    return Kind(f"{name}GROUP", f"{label} Group", f"{label} Groups", key="ID", functions=READ, fields=(*own, *more), shared=True)


KINDS = (
    GLACCTGRPPURPOSE,
    GLACCTGRP,
    *(_group(each.upper(), each) for each in ("Location", "Department", "Project", "Class", "Item", "Customer", "Employee", "Vendor")),
)
