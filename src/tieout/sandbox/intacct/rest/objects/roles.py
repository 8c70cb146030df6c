"""Roles, permissions, and who has which, over REST (intacct-rest §16.1, endpoint catalogue)."""

from __future__ import annotations

from tieout.sandbox.intacct.rest.mapping import READ_METHODS, UPDATE, Form, Link, Property, RestObject, Rows, same

ROLE = RestObject(
    "company-config/role",
    "ROLES",
    rows=(
        *same(("description", "DESCRIPTION"), ("roleType", "ROLETYPE"), ("applyTo", "APPLYTO")),
        Rows("rolePermissionAssignments", "ROLEPOLICYASSIGNMENTS", "company-config/role-permission-assignment"),
        Rows("roleUsers", "ROLEUSERS", "company-config/role-user-map"),
    ),
)
PERMISSION = RestObject(
    "company-config/permission",
    "PERMISSION",
    rows=(
        *same(("name", "NAME"), ("module", "MODULE"), ("permissionGroup", "PERMISSIONGROUP")),
        Property("allowedAccessRights", "ALLOWEDRIGHTS", Form.LIST),
    ),
    methods=READ_METHODS,
)
ASSIGNMENT = RestObject(
    "company-config/role-permission-assignment",
    "ROLEPOLICYASSIGNMENT",
    rows=(
        Link("role", "ROLENAME", "company-config/role", key="ROLEKEY", read_only=True),
        Link("permission", "POLICYNAME", "company-config/permission", shows=("name", "module")),
        Property("accessRights", "RIGHTS", Form.LIST),
    ),
    methods=READ_METHODS,
    published=(UPDATE,),
    owner="role",
)
USER_MAP = RestObject(
    "company-config/role-user-map",
    "ROLEUSERS",
    rows=(
        Link("role", "ROLENAME", "company-config/role", key="ROLEKEY", read_only=True),
        Link("user", "USERLOGINID", "company-config/user"),
    ),
    methods=READ_METHODS,
    owner="role",
)

OBJECTS = (ROLE, PERMISSION, ASSIGNMENT, USER_MAP)
