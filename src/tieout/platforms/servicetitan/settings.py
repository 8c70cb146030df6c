"""What an administrator can set: how to reach a ServiceTitan tenant, and how its records become Sage Intacct records.

The hierarchy is that of the article (servicetitan §1.2): three switches depend on *Enable Intacct Projects* and can be turned on only
once that is on and saved; `tieout.core.settings.change` keeps the rule for pages, command line and API alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.core.settings import Setting, SettingKind
from tieout.platforms.servicetitan.document_settings import DOCUMENT_SETTINGS

CONNECTION: tuple[Setting, ...] = (
    Setting(
        "tenant",
        "Tenant ID",
        "The number of your ServiceTitan tenant, shown under Settings > Integrations > API Application Access.",
        required=True,
        group="Account",
        requirement="servicetitan §3",
    ),
    Setting(
        "client_id",
        "Client ID",
        "Created for this tenant and environment under Settings > Integrations > API Application Access.",
        required=True,
        group="Account",
        requirement="servicetitan §3",
    ),
    Setting(
        "client_secret",
        "Client secret",
        "Created together with the client ID and shown only once; if it is lost, create a new one.",
        SettingKind.SECRET,
        required=True,
        group="Account",
        requirement="servicetitan §3",
    ),
    Setting(
        "app_key",
        "App key",
        "The key of your app from the ServiceTitan developer portal; it is the same for all tenants and both environments.",
        SettingKind.SECRET,
        required=True,
        group="Account",
        requirement="servicetitan §3",
    ),
    Setting(
        "environment",
        "Environment",
        "Integration is ServiceTitan's test environment; it can be paired only with a test company, never with production books.",
        SettingKind.CHOICE,
        default="production",
        choices=(("production", "Production"), ("integration", "Integration (test)")),
        group="Account",
        requirement="servicetitan §3",
    ),
    Setting(
        "auth_url",
        "Sign-in address",
        "Leave empty for ServiceTitan's own. Fill in only if calls go through a gateway of yours or to a sandbox.",
        SettingKind.URL,
        group="Addresses",
        requirement="servicetitan §3",
    ),
    Setting(
        "api_url",
        "API address",
        "Leave empty for ServiceTitan's own. Fill in only if calls go through a gateway of yours or to a sandbox.",
        SettingKind.URL,
        group="Addresses",
        requirement="servicetitan §3",
    ),
    Setting(
        "webhook_key",
        "Webhook key",
        "The HMAC key (32 to 64 characters) set for the webhook in the developer portal. While it is empty, webhooks are refused and "
        "changes are found by polling alone.",
        SettingKind.SECRET,
        group="Speed",
        requirement="servicetitan §7",
    ),
    Setting(
        "poll_seconds",
        "Seconds between polls",
        "How often ServiceTitan is asked for changes. Projects have no webhook, so this decides how soon they appear in Sage Intacct.",
        SettingKind.INTEGER,
        default=45,
        minimum=15,
        maximum=3600,
        group="Speed",
        requirement="R-ST-06",
    ),
    Setting(
        "calls_per_second",
        "Calls a second",
        "Most calls in any second, all workers together. ServiceTitan allows an app 60; leave room if other programs use the same app.",
        SettingKind.INTEGER,
        default=50,
        minimum=1,
        maximum=60,
        group="Speed",
        requirement="servicetitan §4",
    ),
)
"""The settings of a connection."""

_SWITCHES: tuple[Setting, ...] = (
    Setting(
        "enable_projects",
        "Enable Intacct Projects",
        "Jobs become projects in Sage Intacct before any document that refers to them. Turn this on if your company uses the Projects "
        "dimension; everything below it depends on it.",
        SettingKind.BOOLEAN,
        default=False,
        group="Integration Settings",
        requirement="R-ST-10",
        off="Then jobs and projects no longer become projects in Sage Intacct, and documents go there without a project.",
    ),
    Setting(
        "customer_project_linkage",
        "Enable Customer-Project Linkage",
        "Each project in Sage Intacct carries its customer, so that a customer's documents can be tied to one single project.",
        SettingKind.BOOLEAN,
        default=False,
        requires="enable_projects",
        group="Integration Settings",
        requirement="R-ST-11",
        off="Then projects no longer take their customer.",
    ),
    Setting(
        "project_auto_sync",
        "Enable Project Automatic Synchronization",
        "Jobs and projects are sent as soon as they are created or updated. While this is off, they are sent only on request.",
        SettingKind.BOOLEAN,
        default=False,
        requires="enable_projects",
        group="Integration Settings",
        requirement="R-ST-12",
        off="Then jobs and projects go only on request, or when a document needs them.",
    ),
    Setting(
        "parent_project_mapping",
        "Enable Parent Project Mapping",
        "ServiceTitan projects become parent projects in Sage Intacct, and their jobs roll up under them. Turn the setting of the same "
        "name off in ServiceTitan first: two integrations that both write parent projects get in each other's way.",
        SettingKind.BOOLEAN,
        default=False,
        requires="enable_projects",
        group="Integration Settings",
        requirement="R-ST-13",
        off="Then projects no longer become parents, and new jobs go without one.",
        warning="ServiceTitan's own Intacct integration may write parent projects too. Make sure that Enable Parent Project Mapping is "
        "off under Settings > Accounting > Sage Intacct in ServiceTitan; it cannot be read from outside.",
    ),
    Setting(
        "use_project_name",
        "Use Project Name for Intacct Project Name",
        "The name of a parent project follows the name in ServiceTitan, also when it is renamed. While this is off, the name given at "
        "creation stays.",
        SettingKind.BOOLEAN,
        default=False,
        group="Integration Settings",
        requirement="R-ST-14",
    ),
)

_NAMES: tuple[Setting, ...] = (
    Setting(
        "job_project_id",
        "Project ID of a job",
        "How the Sage Intacct project ID of a job is made. The job number alone is what ServiceTitan's own integration shows. "
        "Changing it affects new projects only.",
        SettingKind.TEMPLATE,
        default="{jobNumber}",
        placeholders=("jobNumber", "id"),
        group="IDs and names",
        requirement="servicetitan D5",
    ),
    Setting(
        "project_id",
        "Project ID of a project",
        "How the Sage Intacct project ID of a ServiceTitan project is made. Keep a prefix: job numbers and project numbers can be equal, "
        "and Sage Intacct has one list of project IDs for both.",
        SettingKind.TEMPLATE,
        default="P-{number}",
        placeholders=("number", "id"),
        group="IDs and names",
        requirement="servicetitan D5",
    ),
    Setting(
        "job_name",
        "Project name of a job",
        "A job has no name in ServiceTitan, so one is made from its number and the names of what it belongs to.",
        SettingKind.TEMPLATE,
        default="{jobNumber} {customerName}",
        placeholders=("jobNumber", "jobTypeName", "customerName", "locationName"),
        group="IDs and names",
        requirement="servicetitan D6",
    ),
    Setting(
        "customer_id",
        "Customer ID",
        "How the Sage Intacct customer ID is made. The number is ServiceTitan's own ID, because names are not unique; the prefix keeps "
        "it apart from numbers that are already in the books.",
        SettingKind.TEMPLATE,
        default="C-{id}",
        placeholders=("id",),
        group="IDs and names",
        requirement="servicetitan §8",
    ),
    Setting(
        "customer_name",
        "Customer name",
        "How the Sage Intacct customer name is made. The ID is part of it as in ServiceTitan's own integration, because two customers "
        "may share a name.",
        SettingKind.TEMPLATE,
        default="{name} ({id})",
        placeholders=("name", "id"),
        group="IDs and names",
        requirement="servicetitan §11.2",
    ),
)

_RULES: tuple[Setting, ...] = (
    Setting(
        "inactive_handling",
        "Cancelled jobs and inactive projects",
        "What happens in Sage Intacct when a job is cancelled or a project or customer becomes inactive. Nothing is ever deleted there, "
        "because posted documents may refer to it; a restored job makes its project active again.",
        SettingKind.CHOICE,
        default="deactivate",
        choices=(("deactivate", "Set inactive in Sage Intacct"), ("keep", "Leave active and say so")),
        group="Rules",
        requirement="servicetitan D12",
    ),
    Setting(
        "project_category",
        "Project category",
        "Sage Intacct requires a category on every project and ServiceTitan has none; this one is given to new projects.",
        SettingKind.CHOICE,
        default="Contract",
        choices=(
            ("Contract", "Contract"),
            ("Capitalized", "Capitalized"),
            ("Internal Non-Billable", "Internal Non-Billable"),
            ("Internal Billable", "Internal Billable"),
        ),
        group="Defaults",
        requirement="intacct-xml §3A",
    ),
    Setting(
        "default_location",
        "Location",
        "The location (entity) ID of projects whose business unit has none assigned. Needed in a company with several entities.",
        group="Defaults",
        requirement="servicetitan §11.2",
    ),
    Setting(
        "default_department",
        "Department",
        "The department ID of projects whose business unit has none assigned.",
        group="Defaults",
        requirement="servicetitan D11",
    ),
    Setting(
        "default_class",
        "Class",
        "The class ID of projects whose business unit has none assigned.",
        group="Defaults",
        requirement="servicetitan D11",
    ),
)

SETTINGS: tuple[Setting, ...] = (*_SWITCHES, *_NAMES, *_RULES, *DOCUMENT_SETTINGS)
"""The settings of an integration of ServiceTitan with Sage Intacct."""


def environment_of(values: Mapping[str, Any]) -> str:
    """“test” for ServiceTitan's integration environment, else “production”: what it sends reaches real books (servicetitan §3)."""
    return "test" if values.get("environment") == "integration" else "production"


__all__ = ["CONNECTION", "SETTINGS", "environment_of"]
