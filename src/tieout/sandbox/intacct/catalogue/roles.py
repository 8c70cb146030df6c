"""Tables of roles, their users and their permissions (objects table ROLES, ROLEUSERS, ROLEPOLICYASSIGNMENT; intacct-rest §16.1).

What a user may do follows from the setting `denied_operations`, not from these: they are what a company says of itself.
"""

from __future__ import annotations

from tieout.sandbox.intacct.fields import READ, SEARCH, Choice, Field, Kind, Need, Owned, Ref, Type, recordno, text

RIGHTS = ("List", "Readonly", "Add", "Modify", "Delete")
_CHOICES = tuple(Choice(each, each) for each in RIGHTS)
_ROLE = Ref("ROLES", "NAME", "ROLEKEY", "ROLES", {}, "Role '{value}' is not valid.")

ROLES = Kind(
    "ROLES",
    "Role",
    "Roles",
    key="NAME",
    functions=READ,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=80),
        *text("DESCRIPTION", max=500),
        *text("ROLETYPE", "APPLYTO", max=40),
    ),
    owned=(
        Owned("ROLEPOLICYASSIGNMENTS", "ROLEPOLICYASSIGNMENT", "ROLEKEY", match="POLICYNAME", carries={"ROLENAME": "NAME"}),
        Owned("ROLEUSERS", "ROLEUSERS", "ROLEKEY", match="USERLOGINID", carries={"ROLENAME": "NAME"}),
    ),
    shared=True,
)
# The XML gateway has no object of its own for what may be permitted; only REST shows it.
PERMISSION = Kind(
    "PERMISSION",
    "Permission",
    "Permissions",
    key="NAME",
    functions=frozenset(),
    rest_only=True,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=100),
        *text("MODULE", "PERMISSIONGROUP", max=100),
        Field("ALLOWEDRIGHTS", Type.ENUM, choices=_CHOICES, many=True),
    ),
    shared=True,
)
ROLEPOLICYASSIGNMENT = Kind(
    "ROLEPOLICYASSIGNMENT",
    "Role Policy Assignment",
    "Role Policy Assignments",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("ROLENAME", read_only=True, ref=_ROLE),
        Field("POLICYNAME", need=Need.YES, ref=Ref("PERMISSION", "NAME", "POLICYKEY", "")),
        Field("RIGHTS", Type.ENUM, choices=_CHOICES, many=True),
    ),
    unique=(("ROLEKEY", "POLICYKEY"),),
    shared=True,
)
ROLEUSERS = Kind(
    "ROLEUSERS",
    "Role User",
    "Role Users",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("ROLENAME", read_only=True, ref=_ROLE),
        Field("USERLOGINID", need=Need.YES, ref=Ref("USERINFO", "LOGINID", "USERKEY", "USERINFO")),
    ),
    unique=(("ROLEKEY", "USERKEY"),),
    shared=True,
)

KINDS = (ROLES, PERMISSION, ROLEPOLICYASSIGNMENT, ROLEUSERS)
