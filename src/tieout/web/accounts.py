"""Users, groups and locked sign-ins, for administrators."""

from __future__ import annotations

from typing import Any, ClassVar

from axes.models import AccessAttempt
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tieout.web.roles import Role
from tieout.web.site import site


class Users(UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """People who sign in. Only a superuser can make or change a superuser, or give single permissions."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter: ClassVar = ["is_active", "groups"]
    compressed_fields = True
    fieldsets: ClassVar = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    superuser_fieldset = ("Superuser", {"fields": ("is_superuser", "user_permissions")})
    readonly_fields = ("last_login", "date_joined")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The few groups as boxes to tick."""
        if db_field.name == "groups":
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
            return db_field.formfield(**kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """The fields a person may set; the superuser's fields only for superusers."""
        fieldsets = super().get_fieldsets(request, obj)
        return (*fieldsets, self.superuser_fieldset) if obj and request.user.is_superuser else fieldsets

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody but a superuser changes a superuser."""
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_superuser or request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody but a superuser deletes a superuser, and nobody deletes themselves."""
        if obj is not None and (obj.pk == request.user.pk or (obj.is_superuser and not request.user.is_superuser)):
            return False
        return super().has_delete_permission(request, obj)


class Groups(GroupAdmin, ModelAdmin):
    """Groups of users. Tieout's own four cannot be changed; others can be added."""

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Whether this group may be changed."""
        return super().has_change_permission(request, obj) and not _is_ours(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Whether this group may be deleted."""
        return super().has_delete_permission(request, obj) and not _is_ours(obj)


class LockedSignIns(ModelAdmin):
    """Failed sign-ins; deleting a row lets the person try again at once."""

    list_display = ("username", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)

    def get_fields(self, request: HttpRequest, obj: AccessAttempt | None = None) -> tuple[str, ...]:
        """What is shown; never what was posted."""
        return ("username", "ip_address", "user_agent", "failures_since_start", "attempt_time")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only sign-ins make rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        """Rows are only read or deleted."""
        return False


def _is_ours(group: Group | None) -> bool:
    return group is not None and group.name in set(Role)


site.register(User, Users)
site.register(Group, Groups)
site.register(AccessAttempt, LockedSignIns)
