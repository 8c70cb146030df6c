"""How the interface theme shows Tieout: names, colours and the side menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def may(permission: str) -> Any:
    """A check of one permission, for a menu entry."""

    def check(request: HttpRequest) -> bool:
        return request.user.has_perm(permission)

    return check


def open_problems(request: HttpRequest) -> str:
    """The number of open problems, for the side menu; empty while there are none."""
    from tieout.store.models import Problem

    count = Problem.objects.filter(cleared_at=None).count() if request.user.has_perm("store.view_problem") else 0
    return str(count or "")


def waiting_items(request: HttpRequest) -> str:
    """The number of plan items that wait for a person, for the side menu; empty while there are none."""
    from tieout.engine.plan_list import waiting_count

    count = waiting_count() if request.user.has_perm("store.view_planitem") else 0
    return str(count or "")


def _entry(title: str, icon: str, page: str, permission: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{page}"), "permission": may(permission), **more}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Tieout",
    "SITE_HEADER": "Tieout",
    "SITE_SUBHEADER": "Both sides agree",
    "SITE_SYMBOL": "balance",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("tieout/mark.svg")}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [lambda request: static("tieout/tieout.css")],
    "SCRIPTS": [lambda request: static("tieout/tieout.js")],
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .014 195)",
            "100": "oklch(94.5% .030 195)",
            "200": "oklch(89.5% .055 195)",
            "300": "oklch(83% .085 195)",
            "400": "oklch(75% .105 195)",
            "500": "oklch(66% .108 195)",
            "600": "oklch(50% .090 200)",
            "700": "oklch(44% .078 202)",
            "800": "oklch(38% .064 205)",
            "900": "oklch(33% .052 207)",
            "950": "oklch(24% .040 210)",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    _entry("Overview", "space_dashboard", "index", "store.view_integration"),
                    _entry("Plan", "fact_check", "plan", "store.view_planitem", badge="tieout.web.unfold.waiting_items"),
                    _entry("Export", "outbox", "exports", "store.view_exportbatch"),
                    _entry("Records", "compare_arrows", "records", "store.view_record"),
                    _entry("Queue", "pending_actions", "queue", "store.view_hint"),
                    _entry("Problems", "report", "problems", "store.view_problem", badge="tieout.web.unfold.open_problems"),
                    _entry("Tie-outs", "balance", "tie_outs", "store.view_tieout"),
                    _entry("Sync log", "history", "log", "store.view_journal"),
                    _entry("Connections", "cable", "connections", "store.view_connection"),
                    _entry("Settings", "tune", "settings", "store.view_settingvalue"),
                ]
            },
            {
                "title": "Administration",
                "separator": True,
                "items": [
                    _entry("Users", "group", "auth_user_changelist", "auth.view_user"),
                    _entry("Groups", "badge", "auth_group_changelist", "auth.view_group"),
                    _entry("Locked sign-ins", "lock_clock", "axes_accessattempt_changelist", "axes.view_accessattempt"),
                ],
            },
        ],
    },
}
