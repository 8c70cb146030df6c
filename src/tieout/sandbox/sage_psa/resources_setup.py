"""What the company is set up with: persons, roles, profiles, rate cards, labels and the like (sage-psa §2.2)."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.sage_psa.schema import Field, Resource, Type, stamps

_INT, _TEXT, _BOOL, _NUMBER = Type.INT, Type.TEXT, Type.BOOL, Type.NUMBER
_ID: Final = Field("id", _INT, "r")
_V1: Final = frozenset({1})
_V2: Final = frozenset({2})

USER_TYPES: Final = ("SYSTEM", "VIRTUAL", "CLIENT", "COLLABORATOR", "MANAGER", "CONTROLLER", "ADMIN", "COORDINATOR")
LANGUAGES: Final = ("SPANISH", "DANISH", "FRENCH", "ENGLISH_EU", "ENGLISH_UK", "ENGLISH_US")
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

PERSONS: Final = Resource(
    "persons",
    "person",
    (
        _ID,
        Field("first_name", _TEXT),
        Field("last_name", _TEXT),
        Field("email", _TEXT),
        Field("job_title", _TEXT),
        Field("user_type", _TEXT, required=True, words=USER_TYPES, versions=_V1),
        Field("profile_ids", Type.INTS, "cu", required=True, ref="profiles", versions=_V2),
        Field("client_id", _INT, "cr", ref="clients"),
        Field("holiday_calendar_id", _INT, default=1),
        *(Field(day, _INT, default=0 if day in DAYS[5:] else 480, low=0, high=1440) for day in DAYS),
        Field("active", _BOOL, default=True),
        Field("default_role", _INT, ref="roles"),
        Field("department_id", _INT, ref="departments"),
        Field("cost", _NUMBER, low=0),
        Field("language", _TEXT, default="ENGLISH_US", words=LANGUAGES),
        Field("start_date", Type.DATE),
        Field("end_date", Type.DATE),
        Field("permissions", Type.LIST, "r", default=[]),
        Field("is_system_user", _BOOL, "r", default=False),
        Field("external_refs", Type.LIST, "u", default=[]),
        *stamps(),
    ),
    first_id=101,
)


def _named(kind: str, noun: str, *more: Field, first_id: int) -> Resource:
    return Resource(kind, noun, (_ID, Field("name", _TEXT, required=True), *more, *stamps()), first_id=first_id)


ROLES: Final = _named("roles", "role", first_id=11)
LABELS: Final = _named("labels", "label", Field("color", _TEXT, default="#5C9EAD"), Field("categoryId", _INT), first_id=301)
EXPENSE_CATEGORIES: Final = _named("expense_categories", "expense category", Field("disabled", _BOOL, default=False), first_id=81)
NON_PROJECT_TIME: Final = _named("non_project_time", "non project time", Field("is_internal_time", _BOOL, default=False), first_id=71)
RATE_CARDS: Final = _named("rate_cards", "rate card", Field("default_rate", _NUMBER, low=0), Field("currency", _TEXT, "c"), first_id=31)
RATES: Final = Resource("rates", "rate", (Field("role", _INT, "r"), Field("rate", _NUMBER, "cur", required=True, low=0), *stamps()))
DEPARTMENTS: Final = Resource("departments", "department", (_ID, Field("name", _TEXT, "r")), first_id=21)
PROFILES: Final = Resource(
    "profiles",
    "profile",
    (
        _ID,
        Field("name", _TEXT, "r"),
        Field("can_be_edited", _BOOL, "r"),
        Field("person_count", _INT, "r"),
        Field("profile_permission", Type.LIST, "r"),
    ),
)
PRIORITY_LEVELS: Final = Resource(
    "priority_levels",
    "priority level",
    (
        _ID,
        Field("name", _TEXT),
        Field("weight", _NUMBER, "r"),
        *stamps(),
        Field("use_count", _INT, "r", default=0),
        Field("disabled", _BOOL, "ur", default=False),
    ),
    first_id=91,
)
CUSTOM_FIELDS: Final = Resource(
    "custom_fields",
    "custom field",
    (
        _ID,
        Field("entity_type", _TEXT, required=True, words=("PROJECT", "PHASE", "TASK", "TIME_REG")),
        Field("key", _TEXT, required=True),
        Field("options", Type.LIST, default=[]),
    ),
    first_id=951,
)
SUBSCRIPTIONS: Final = Resource(
    "webhook_subscriptions",
    "webhook subscription",
    (
        _ID,
        Field("name", _TEXT, required=True),
        Field("type", _TEXT, required=True, words=("TASK", "TIME_REG", "PROJECT", "PHASE")),
        Field("event", _TEXT, required=True, words=("CREATE", "UPDATE", "DELETE")),
        Field("url", _TEXT, required=True),
        Field("active", _BOOL, default=True),
    ),
    first_id=901,
)
COMPANY: Final = Resource(
    "company",
    "company",
    tuple(
        Field(name, kind, use)
        for name, kind, use in (
            ("city", _TEXT, "ur"),
            ("contact_email", _TEXT, "ur"),
            ("contact_name", _TEXT, "ur"),
            ("contact_phone", _TEXT, "ur"),
            ("country", _TEXT, "ur"),
            ("currency", _TEXT, "ur"),
            ("company_name", _TEXT, "ur"),
            ("street", _TEXT, "ur"),
            ("seats", _INT, "r"),
            ("vat_id", _TEXT, "ur"),
            ("virtual_seats", _INT, "r"),
            ("zip", _TEXT, "ur"),
            ("company_target", _NUMBER, "ur"),
        )
    ),
)
