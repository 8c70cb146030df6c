"""What an administrator can set: how to reach a Sage PSA account, and how its clients and projects are kept in step with Sage Intacct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.core.settings import Setting, SettingKind

CONNECTION: tuple[Setting, ...] = (
    Setting(
        "api_key",
        "API key",
        "Created in Sage PSA under Admin > API Keys. It opens the whole account, so give Tieout a key of its own.",
        SettingKind.SECRET,
        required=True,
        group="Account",
        requirement="sage-psa §2",
    ),
    Setting(
        "base_url",
        "API address",
        "The address in front of “/api”. Change it only if Sage gives you another one, or for a sandbox.",
        SettingKind.URL,
        default="https://api.forecast.it",
        group="Account",
        requirement="sage-psa §1",
    ),
    Setting(
        "environment",
        "Environment",
        "Say whether this is the account your company works in or one for trials; a trial account is never paired with production books.",
        SettingKind.CHOICE,
        default="production",
        choices=(("production", "Production"), ("test", "Trial account (test)")),
        group="Account",
        requirement="sage-psa §12",
    ),
    Setting(
        "api_person",
        "Person of the API key",
        "The ID of the person in whose name the API key writes, as shown in “updated by”. Leave empty to learn it from the first write.",
        group="Account",
        requirement="sage-psa §10",
    ),
    Setting(
        "webhook_secret",
        "Webhook secret",
        "A long random text of your own. Sage PSA does not sign webhooks, so put it into the address its subscriptions call. While it is "
        "empty, webhooks are refused and changes are found by polling alone.",
        SettingKind.SECRET,
        group="Speed",
        requirement="sage-psa §3",
    ),
    Setting(
        "poll_seconds",
        "Seconds between polls",
        "How often Sage PSA is asked for changes. Clients have no webhook, and each poll reads all clients and all projects.",
        SettingKind.INTEGER,
        default=60,
        minimum=30,
        maximum=3600,
        group="Speed",
        requirement="R-PSA-01",
    ),
)
"""The settings of a connection."""

_CATEGORIES = (
    ("Contract", "Contract"),
    ("Capitalized", "Capitalized"),
    ("Internal Non-Billable", "Internal Non-Billable"),
    ("Internal Billable", "Internal Billable"),
)

_DIRECTIONS: tuple[Setting, ...] = (
    Setting(
        "project_direction",
        "Projects",
        "Two-way carries a change on either side to the other. With Sage PSA leading, nothing is written to Sage PSA, and an edit in "
        "Sage Intacct is shown and left alone.",
        SettingKind.CHOICE,
        default="two-way",
        choices=(("two-way", "Two-way"), ("to-intacct", "From Sage PSA to Sage Intacct only")),
        group="Directions",
        requirement="R-PSA-01",
    ),
    Setting(
        "client_direction",
        "Clients and customers",
        "Two-way carries a change on either side to the other. With Sage Intacct leading, customers become clients and an edit of a client "
        "in Sage PSA is shown and left alone.",
        SettingKind.CHOICE,
        default="two-way",
        choices=(
            ("two-way", "Two-way"),
            ("to-psa", "From Sage Intacct to Sage PSA only"),
            ("to-intacct", "From Sage PSA to Sage Intacct only"),
        ),
        group="Directions",
        requirement="R-PSA-09",
    ),
    Setting(
        "financials_enabled",
        "Financials module is on in Sage PSA",
        "Fixed-price budgets are kept in step only while the financials module is on in Sage PSA.",
        SettingKind.BOOLEAN,
        default=False,
        group="Directions",
        requirement="R-PSA-03",
    ),
)

_ENTRY: tuple[Setting, ...] = (
    Setting(
        "export_opportunities",
        "Send new opportunities",
        "New projects in stage Opportunity go to Sage Intacct as inactive projects.",
        SettingKind.BOOLEAN,
        default=True,
        group="Which projects",
        requirement="R-PSA-15",
    ),
    Setting(
        "export_planning",
        "Send new projects in planning",
        "New projects in stage Planning go to Sage Intacct as inactive projects.",
        SettingKind.BOOLEAN,
        default=True,
        group="Which projects",
        requirement="R-PSA-15",
    ),
    Setting(
        "connected_on",
        "Connection date",
        "The day from which a project counts as new, written 2026-03-31. Empty means the day the integration was switched on. It does not "
        "move when a connection is renewed.",
        group="Which projects",
        requirement="R-PSA-08",
    ),
    Setting(
        "end_date_days",
        "Oldest end date, in days",
        "Projects that existed before the connection date take part only if they end no more than so many days before it.",
        SettingKind.INTEGER,
        default=365,
        minimum=0,
        maximum=36500,
        group="Which projects",
        requirement="R-PSA-08",
    ),
    Setting(
        "missing_end_date",
        "Projects without an end date",
        "Whether projects that existed before the connection date and have no end date take part.",
        SettingKind.CHOICE,
        default="skip",
        choices=(("skip", "Leave out and say so"), ("include", "Take part")),
        group="Which projects",
        requirement="R-PSA-08",
    ),
    Setting(
        "date_test_for_new",
        "Test the end date of new Intacct projects too",
        "While this is on, a new project in Sage Intacct with an old end date does not go to Sage PSA.",
        SettingKind.BOOLEAN,
        default=True,
        group="Which projects",
        requirement="R-PSA-16",
    ),
    Setting(
        "overnight_hour",
        "Hour of the overnight run",
        "Projects that existed before the connection date, and duplicated ones, go over at this hour.",
        SettingKind.INTEGER,
        default=2,
        minimum=0,
        maximum=23,
        group="Which projects",
        requirement="R-PSA-22",
    ),
    Setting(
        "time_zone",
        "Time zone",
        "The zone in which that hour and the days above are meant, such as Europe/London.",
        default="UTC",
        group="Which projects",
        requirement="R-PSA-22",
    ),
)

_VALUES: tuple[Setting, ...] = (
    Setting(
        "project_id",
        "Project ID without a custom ID",
        "A project's own ID in Sage PSA becomes the project ID in Sage Intacct. This is how one is made for a project that has none; it "
        "stays as it was first sent.",
        SettingKind.TEMPLATE,
        default="{company_project_id}",
        placeholders=("company_project_id", "id"),
        group="IDs",
        requirement="R-PSA-35",
    ),
    Setting(
        "customer_id",
        "Customer ID",
        "How the Sage Intacct customer ID of a client made in Sage PSA is made. The prefix keeps it apart from numbers in the books.",
        SettingKind.TEMPLATE,
        default="C-{id}",
        placeholders=("id",),
        group="IDs",
        requirement="R-PSA-09",
    ),
    Setting(
        "category_billable",
        "Category of billable projects",
        "Sage PSA has no category. Fixed-price, time-and-materials and retainer projects get this one when they are created.",
        SettingKind.CHOICE,
        default="Contract",
        choices=_CATEGORIES,
        group="Defaults",
        requirement="R-PSA-21",
    ),
    Setting(
        "category_non_billable",
        "Category of non-billable projects",
        "The category that non-billable projects get when they are created in Sage Intacct.",
        SettingKind.CHOICE,
        default="Internal Non-Billable",
        choices=_CATEGORIES,
        group="Defaults",
        requirement="R-PSA-21",
    ),
    Setting(
        "default_location",
        "Location (entity)",
        "The location ID of projects made from Sage PSA, which knows no entities. In a company with several entities a project without one "
        "waits instead of being guessed.",
        group="Defaults",
        requirement="R-PSA-23",
    ),
    Setting(
        "default_department",
        "Department",
        "The department ID of projects made from Sage PSA; may be empty.",
        group="Defaults",
        requirement="R-PSA-23",
    ),
    Setting(
        "deleted_project",
        "Projects deleted in Sage PSA",
        "A project is never deleted in Sage Intacct. If it is still active there, it comes back to Sage PSA overnight unless you choose "
        "otherwise.",
        SettingKind.CHOICE,
        default="bring-back",
        choices=(
            ("bring-back", "Bring back overnight while active"),
            ("deactivate", "Set inactive in Sage Intacct"),
            ("keep", "Leave active and do not bring back"),
        ),
        group="Rules",
        requirement="R-PSA-31",
    ),
    Setting(
        "inactive_customer",
        "Clients deleted in Sage PSA",
        "What becomes of the customer in Sage Intacct. It is never deleted there, because posted documents may refer to it.",
        SettingKind.CHOICE,
        default="keep",
        choices=(("keep", "Leave active and say so"), ("deactivate", "Set inactive in Sage Intacct")),
        group="Rules",
        requirement="sage-psa §8",
    ),
)

SETTINGS: tuple[Setting, ...] = (*_DIRECTIONS, *_ENTRY, *_VALUES)
"""The settings of an integration of Sage PSA with Sage Intacct, as far as clients and projects go."""


def environment_of(values: Mapping[str, Any]) -> str:
    """“test” for a trial account, else “production”: one host serves both, so a person has to say (sage-psa §2)."""
    return "test" if values.get("environment") == "test" else "production"


__all__ = ["CONNECTION", "SETTINGS", "environment_of"]
