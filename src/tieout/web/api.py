"""The REST API: what programs may ask and change, by the same rules as the pages. `/api/v1/openapi.json` describes it.

A call carries a token (`Authorization: Bearer …`, made with `tieout token`), or the session of somebody signed in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Schema, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from tieout.core.settings import SettingError, change
from tieout.engine import connections, jobs
from tieout.engine.pairs import settings_of
from tieout.platforms import registry
from tieout.store.models import Integration
from tieout.web import tokens
from tieout.web.setting_actions import effect_of


class Token(HttpBearer):
    """A token stands for the person it was made for, with exactly their permissions."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The person, or None for a token that is none or no longer one."""
        user = tokens.owner(token, datetime.now(UTC))
        if user is not None:
            request.user = user
        return user


api = NinjaAPI(title="Tieout", version="1", urls_namespace="api", auth=[Token(), SessionAuth()], docs_url=None)


class SettingOut(Schema):
    """One setting: its value, what it needs, and whether that is on and saved."""

    name: str
    label: str
    help: str
    kind: str
    value: Any
    requires: str
    may_be_set: bool


class Wanted(Schema):
    """Values by the names of settings; `confirmed` saves also what turns others off or changes records in step."""

    values: dict[str, Any]
    confirmed: bool = False


class SavedOut(Schema):
    """What saving led to."""

    warnings: list[str]
    looked_at_again: int


class RefusedOut(Schema):
    """Why nothing was saved: the setting and the cause, or what saving would lead to."""

    error: str
    setting: str = ""
    warnings: tuple[str, ...] = ()
    would_change: dict[str, int] | None = None


def _integration(request: HttpRequest, name: str, permission: str) -> Integration:
    if not request.user.has_perm(permission):
        raise HttpError(403, "You may not do this. An administrator decides who may.")
    row = Integration.objects.select_related("platform", "company").filter(name=name).first()
    if row is None:
        raise HttpError(404, f"There is no integration “{name}”.")
    return row


@api.get("integrations/{name}/settings", response=list[SettingOut], url_name="settings")
def read_settings(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """Every setting of an integration."""
    row = _integration(request, name, "store.view_settingvalue")
    values = settings_of(row)
    return [
        {
            "name": each.name,
            "label": each.label,
            "help": each.help,
            "kind": each.kind.value,
            "value": values[each.name],
            "requires": each.requires,
            "may_be_set": not each.requires or bool(values[each.requires]),
        }
        for each in registry.platform(row.platform.system).settings
    ]


@api.patch("integrations/{name}/settings", response={200: SavedOut, 409: RefusedOut, 422: RefusedOut}, url_name="change_settings")
def change_settings(request: HttpRequest, name: str, wanted: Wanted) -> Status[Any]:
    """Change settings. 422 for what the page refuses too; 409, until it is confirmed, for what has further effects."""
    row = _integration(request, name, "store.change_settingvalue")
    schema = registry.platform(row.platform.system).settings
    try:
        warnings = list(change(schema, row.saved_settings(), wanted.values).warnings)
        effect = effect_of(row, connections.settings_after(row, wanted.values))
        if (warnings or effect or effect is None) and not wanted.confirmed:
            text = "Nothing was saved. Send it again with “confirmed” to accept what it leads to."
            return Status(409, {"error": text, "warnings": warnings, "would_change": effect})
        saved = connections.save_settings(row, wanted.values, by=request.user.get_username(), now=datetime.now(UTC))
    except SettingError as error:
        return Status(422, {"error": str(error), "setting": error.name})
    jobs.wake_company(row.company_id)
    return Status(200, {"warnings": list(saved.warnings), "looked_at_again": saved.looked_at_again})


__all__ = ["api"]
