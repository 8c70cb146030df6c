"""The switches of the emulator: the key, and every behaviour the vendor does not document (sage-psa §2, §4, §12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieout.sandbox.settings import Setting

_REFUSE_OR_IGNORE: Final = ("refuse", "ignore")

SETTINGS: Final[Mapping[str, Setting]] = {
    "api_key": Setting("psa-key", "the API key that opens the account", secret=True),
    "key_active": Setting(True, "whether that key is active; a deactivated one is answered 401"),
    "rate_limit_per_minute": Setting(0, "calls in a minute before 429; 0 is no limit (no number is published, sage-psa §2)"),
    "max_page_size": Setting(500, "the largest page of a paged list (gap 6)", low=1),
    "strict_charset": Setting(False, "whether a JSON content type without charset=utf-8 is answered 415"),
    "unknown_fields": Setting("refuse", "what happens to body fields nobody documents", choices=_REFUSE_OR_IGNORE),
    "read_only_fields": Setting("ignore", "what happens to body fields that cannot be written", choices=_REFUSE_OR_IGNORE),
    "null_in_update": Setting("clear", "what null means in a PUT (gap 7)", choices=("clear", "ignore", "refuse")),
    "missing_reference_status": Setting(400, "the status when a body names a record that does not exist", low=400),
    "check_date_order": Setting(True, "whether an end before the start is refused"),
    "check_country": Setting(True, "whether a country that is no ISO 3166-1 alpha-2 code is refused"),
    "unchanged_put_bumps": Setting(False, "whether a PUT that changes nothing moves updated_at and sends a webhook"),
    "updated_at_unmoved_by": Setting([], "fields such as projects.end_date whose change alone leaves updated_at where it is (L1)"),
    "delta_zone_minutes": Setting(0, "minutes the zone of updated_after stamps is ahead of UTC (unstated; L1: UTC)", low=-840),
    "delta_inclusive": Setting(False, "whether updated_after also gives rows of that very second"),
    "unique_client_names": Setting(False, "whether a second client of the same name is refused"),
    "delete_client_in_use": Setting("detach", "what deleting a client with projects does", choices=("detach", "refuse")),
    "delete_setup_in_use": Setting("refuse", "what deleting a role, label or the like in use does", choices=("detach", "refuse")),
    "unique_custom_project_id": Setting(True, "whether a custom_project_id can be used once only (§4.6)"),
    "accept_opportunity": Setting(False, "whether the stage OPPORTUNITY can be written through the API (§4.12, gap 3)"),
    "budget_outside_fixed_price": Setting(
        "refuse", "what happens to a budget given without FIXED_PRICE", choices=("refuse", "ignore", "accept")
    ),
    "baseline_target_on_fixed_price": Setting(
        "refuse", "what happens to a baseline_target given with FIXED_PRICE", choices=("refuse", "ignore")
    ),
    "type_change_clears_budget": Setting(False, "whether leaving FIXED_PRICE empties the budget"),
    "delete_project_with_time": Setting("cascade", "what deleting a project with time on it does", choices=("cascade", "refuse")),
    "cascade_webhooks": Setting(False, "whether what goes with a deleted project or task sends webhooks of its own (gap 8)"),
    "duplicate_stage": Setting("PLANNING", "the stage of a duplicated project", choices=("PLANNING", "same")),
    "duplicate_fires": Setting(False, "whether duplicating sends CREATE webhooks (§4.14, gap 4)"),
    "api_writes_fire": Setting(True, "whether writes through the API send webhooks (gap 4)"),
    "webhook_time_name": Setting("time_reg", "how time events are called", choices=("time_reg", "time_registration")),
    "webhook_timestamp": Setting("iso", "how an event's time is written (F-hist: epoch_ms until 2021)", choices=("iso", "epoch_ms")),
    "webhook_retry_s": Setting([60, 120, 180, 300, 600], "seconds before each further attempt (§3)"),
    "webhook_retry_scale": Setting(1.0, "what those seconds are multiplied with"),
    "custom_field_webhooks": Setting(True, "whether setting custom fields counts as an update"),
    "max_task_depth": Setting(3, "levels of tasks (R-PSA-83)", low=1),
    "assign_outside_team": Setting("add", "assigning a person outside the team (§4.10)", choices=("add", "accept", "refuse")),
    "team_removal_with_time": Setting("refuse", "removing a member with time on the project (R-PSA-44)", choices=("refuse", "allow")),
    "team_removal_unassigns": Setting(True, "whether leaving the team takes a person off the project's tasks"),
    "delete_parent_task": Setting("cascade", "what deleting a task with children does (gap 8)", choices=("cascade", "promote", "refuse")),
    "delete_task_with_time": Setting("cascade", "what deleting a task with time on it does", choices=("cascade", "refuse")),
    "deleted_column_tasks": Setting("first", "where the tasks of a deleted column go", choices=("first", "none")),
    "estimate_unit": Setting("minutes", "the unit of a task's estimate in HOURS projects (gap 2)", choices=("minutes", "hours")),
    "points_estimate_unit": Setting("points", "the unit of an estimate in POINTS projects (gap 2)", choices=("points", "minutes")),
    "phases_v4": Setting(True, "whether the paged v4/phases, seen but not listed, exists (§2.1)"),
    "unique_email": Setting(True, "whether an e-mail address can belong to one person only (§4.11)"),
    "advanced_analytics": Setting(False, "whether a person may have several profiles"),
    "seats": Setting(50, "seats the account has bought; active staff above it are refused"),
    "default_role_as_object": Setting(False, "whether one person's default_role is a role object instead of an id (§2.2)"),
    "time_rules": Setting([], "the time validations the account has switched on, by the names in rules_time (§2.2)"),
    "approved_time_locked": Setting(True, "whether approved or invoiced time can neither be changed nor deleted"),
    "v3_project_of_task": Setting(True, "whether v3 shows the project of time registered on a task"),
    "deleted_feed_envelope": Setting(True, "whether the v4 deleted feeds come as pages instead of bare lists (§4.3)"),
    "deleted_feed_zone_minutes": Setting(60, "minutes the stamps of the v4 deleted feeds are ahead of UTC", low=-840),
    "deleted_feed_unpadded_month": Setting(False, "whether those stamps have a month without its leading zero"),
}
"""Every setting beyond those all emulators have."""
