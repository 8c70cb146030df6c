"""The four groups and what each may see and do: no more than its work needs.

The groups belong to Tieout: every migration gives them exactly these permissions again. An administrator who wants
another division makes a group of another name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission


class Role(StrEnum):
    """The groups of Tieout, by the work their members do."""

    ADMINISTRATOR = "administrator"
    ACCOUNTANT = "accountant"
    PROJECT_MANAGER = "project manager"
    VIEWER = "viewer"


SEE_WORK = tuple(
    f"store.view_{model}" for model in ("integration", "hint", "journal", "problem", "link", "record", "tieout", "exportbatch")
)
SEE_SETTINGS = tuple(f"store.view_{model}" for model in ("connection", "settingvalue", "mappingrow", "run", "apiusage"))
MAP = ("store.change_mappingrow",)  # which account or item belongs to what is an accountant's word
RULE = ("store.view_ruling", "store.add_ruling", "store.view_planitem")
SETTLE = ("store.change_problem", "store.view_intent", "store.change_link")
RELEASE = (
    *("store.change_planitem", "store.add_release", "store.add_freeze", "store.view_freeze"),
    *("store.add_tieout", "store.add_exportbatch", "store.change_exportbatch"),
)
CONNECT = tuple(f"store.{verb}_{model}" for model in ("connection", "integration", "settingvalue") for verb in ("add", "change", "delete"))
USERS = (
    *(f"auth.{verb}_user" for verb in ("view", "add", "change", "delete")),
    "auth.view_group",
    "axes.view_accessattempt",
    "axes.delete_accessattempt",
)
PERMISSIONS: Mapping[Role, tuple[str, ...]] = {
    Role.VIEWER: SEE_WORK,
    Role.PROJECT_MANAGER: (*SEE_WORK, *RULE),
    Role.ACCOUNTANT: (*SEE_WORK, *SEE_SETTINGS, *RULE, *SETTLE, *RELEASE, *MAP),
    Role.ADMINISTRATOR: (*SEE_WORK, *SEE_SETTINGS, *RULE, *SETTLE, *RELEASE, *MAP, *CONNECT, *USERS),
}


def keep_groups(using: str = "default", **_: Any) -> None:
    """Make the four groups and give them exactly their permissions."""
    for label in ("auth", "store", "axes"):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    by_name = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(using).values_list("pk", "content_type__app_label", "codename")
    }
    for role, names in PERMISSIONS.items():
        group, _made = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([by_name[name] for name in names])
