"""The site: every page goes through it, so every page asks for a signed-in user and the right permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from tieout.web.zone import zone_of

View = Callable[..., HttpResponse]


class SignInForm(AuthenticationForm):
    """Name and password; every active user may sign in, and their groups say what they see."""

    error_messages: ClassVar = {
        "invalid_login": "This name and password do not fit together. Both may be case-sensitive.",
        "inactive": "This account is switched off. Ask an administrator.",
    }

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Refuse only accounts that are switched off."""
        if not user.is_active:
            raise ValidationError(self.error_messages["inactive"], code="inactive")


class TieoutSite(UnfoldAdminSite):
    """Sign-in, the pages of Tieout, and the administration of users."""

    index_title = "Overview"
    index_template = "tieout/overview.html"
    enable_nav_sidebar = True
    login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody is signed in; what a page shows is decided by its own permission."""
        return bool(request.user.is_active and request.user.is_authenticated)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """A page that asks for sign-in and shows times in the zone of the user's browser."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with timezone.override(zone_of(request)):
                response = guarded(request, *args, **kwargs)
                return response.render() if isinstance(response, TemplateResponse) and not response.is_rendered else response

        return inner

    def page(self, view: View, permission: str) -> View:
        """A page that only reads and that only holders of `permission` may open."""

        @require_safe
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return self.admin_view(inner)

    def action(self, view: View, permission: str) -> View:
        """What a form of a page does: it only takes posts with the form's own token, of holders of `permission`."""

        @require_POST
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return self.admin_view(inner)

    def get_urls(self) -> list[URLPattern]:
        """Our pages before those of the administration."""
        from tieout.web import actions, connect_actions, connect_pages, export_pages, pages, plan_pages, setting_actions, setting_pages

        see = "store.view_integration"
        return [
            path("", self.page(pages.overview, see), name="index"),
            path("overview/moving/", self.page(pages.overview_moving, see), name="overview_moving"),
            path("queue/", self.page(pages.queue, "store.view_hint"), name="queue"),
            path("queue/resync/", self.action(actions.resync, "store.add_ruling"), name="resync"),
            path("problems/", self.page(pages.problems, "store.view_problem"), name="problems"),
            path("log/", self.page(pages.log, "store.view_journal"), name="log"),
            path("log/<int:pk>/", self.page(pages.log_entry, "store.view_journal"), name="log_entry"),
            path("connections/", self.page(pages.connections, "store.view_connection"), name="connections"),
            path("connections/<slug:name>/", self.page(pages.connection, "store.view_connection"), name="connection"),
            path("connections/<slug:name>/change/", self.page(connect_pages.change, "store.change_connection"), name="change_connection"),
            path("connections/<slug:name>/check/", self.action(connect_actions.check, "store.change_connection"), name="check_connection"),
            path("connections/<slug:name>/pair/", self.action(connect_actions.pair, "store.add_integration"), name="pair"),
            path("connect/", self.page(connect_pages.choose, "store.add_connection"), name="connect"),
            path("connect/<slug:system>/", self.page(connect_pages.connect, "store.add_connection"), name="connect_system"),
            path("connect/<slug:system>/save/", self.action(connect_actions.save, "store.add_connection"), name="save_connection"),
            path("settings/", self.page(setting_pages.settings, "store.view_settingvalue"), name="settings"),
            path(
                "settings/<slug:name>/",
                self.page(setting_pages.settings_of_integration, "store.view_settingvalue"),
                name="settings_of_integration",
            ),
            path("settings/<slug:name>/save/", self.action(setting_actions.save, "store.change_settingvalue"), name="save_settings"),
            path("settings/<slug:name>/tables/<slug:table>/", self.page(setting_pages.table, "store.view_mappingrow"), name="mapping"),
            path(
                "settings/<slug:name>/tables/<slug:table>/table.csv",
                self.page(setting_pages.table_csv, "store.view_mappingrow"),
                name="mapping_csv",
            ),
            path(
                "settings/<slug:name>/tables/<slug:table>/save/",
                self.action(setting_actions.save_table, "store.change_mappingrow"),
                name="save_mapping",
            ),
            path("problems/<int:pk>/", self.page(plan_pages.problem, "store.view_problem"), name="problem"),
            path("problems/<int:pk>/answer/", self.action(actions.answer, "store.change_problem"), name="answer"),
            path("plan/", self.page(plan_pages.plan, "store.view_planitem"), name="plan"),
            path("plan/rule/", self.action(actions.rule, "store.change_planitem"), name="rule"),
            path("plan/refresh/", self.action(actions.refresh_plan, "store.change_planitem"), name="refresh_plan"),
            path("plan/switch-on/", self.action(actions.switch_on, "store.add_release"), name="switch_on"),
            path("plan/backfill/", self.action(actions.backfill, "store.add_release"), name="backfill"),
            path("plan/freeze/", self.action(actions.freeze, "store.add_freeze"), name="freeze"),
            path("runs/<int:pk>/undo/", self.action(actions.undo, "store.change_planitem"), name="undo"),
            path("records/", self.page(plan_pages.records, "store.view_record"), name="records"),
            path("records/<int:pk>/", self.page(plan_pages.record, "store.view_record"), name="record"),
            path("records/<int:pk>/sync/", self.action(actions.sync, "store.add_ruling"), name="sync_record"),
            path("records/<int:pk>/skip/", self.action(actions.skip, "store.change_problem"), name="skip_record"),
            path("records/<int:pk>/link/", self.action(actions.link, "store.change_link"), name="link_record"),
            path("tie-outs/", self.page(plan_pages.tie_outs, "store.view_tieout"), name="tie_outs"),
            path("tie-outs/ask/", self.action(actions.ask_tie_out, "store.add_tieout"), name="ask_tie_out"),
            path("tie-outs/<int:pk>/", self.page(plan_pages.tie_out, "store.view_tieout"), name="tie_out"),
            path("tie-outs/<int:pk>/report.csv", self.page(plan_pages.tie_out_csv, "store.view_tieout"), name="tie_out_csv"),
            path("tie-outs/<int:pk>/report.pdf", self.page(plan_pages.tie_out_pdf, "store.view_tieout"), name="tie_out_pdf"),
            path("tie-outs/<int:pk>/report.xlsx", self.page(plan_pages.tie_out_xlsx, "store.view_tieout"), name="tie_out_xlsx"),
            path("exports/", self.page(export_pages.exports, "store.view_exportbatch"), name="exports"),
            path("exports/make/", self.action(export_pages.make, "store.add_exportbatch"), name="make_batch"),
            path("exports/<int:pk>/", self.page(export_pages.batch, "store.view_exportbatch"), name="batch"),
            path("exports/<int:pk>/rule/", self.action(export_pages.rule, "store.change_exportbatch"), name="rule_batch"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sign-in page; after too many wrong passwords, the page that says when to try again."""
        response: HttpResponse = super().login(request, extra_context)
        if getattr(request, "axes_locked_out", False):
            # The page below takes the place of the lock-out middleware's own bare answer.
            request.axes_locked_out = False  # type: ignore[attr-defined]
            return self._locked_out(request)
        return response

    def _locked_out(self, request: HttpRequest) -> HttpResponse:
        from axes.helpers import get_cool_off

        pause = get_cool_off(request)
        context = {**self.each_context(request), "title": "Sign-in locked", "minutes": int(pause.total_seconds() // 60) if pause else None}
        answer = TemplateResponse(request, "tieout/locked.html", context, status=429)
        if pause:
            answer.headers["Retry-After"] = str(int(pause.total_seconds()))
        return answer.render()


site = TieoutSite()
