"""The switches of the emulator: credentials, limits, and every behaviour nobody outside the vendor knows (servicetitan §15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieout.sandbox.settings import Setting

SETTINGS: Final[Mapping[str, Setting]] = {
    "tenant": Setting(1_000_001, "the tenant id in every path"),
    "tenant_name": Setting("Ridgeline Mechanical Group", "the tenant's name in webhooks"),
    "environment": Setting(
        "production",
        "which of the vendor's two environments it is: the issuer of its tokens says so",
        choices=("production", "integration"),
    ),
    "client_id": Setting("st-client", "the client id that may ask for tokens"),
    "client_secret": Setting("st-secret", "its secret", secret=True),
    "app_key": Setting("st-app-key", "the application key every call carries", secret=True),
    "scopes": Setting([], "the scopes tokens carry; empty: all there are"),
    "session_lifetime_s": Setting(900, "seconds an access token lives"),
    "token_limit_per_minute": Setting(0, "tokens given in a minute before the endpoint throttles; 0 is no limit (E1)"),
    "rate_limit_per_s": Setting(60, "calls in a second per app key and tenant; 0 is no limit (E10)"),
    "rate_limit_wait_s": Setting(0, "the seconds a 429 tells the caller to wait; 0: as long as it really is"),
    "rate_limit_retry_after": Setting(True, "whether a 429 has a Retry-After header (E10)"),
    "export_page_size": Setting(1000, "rows on a page of an export feed (gap 8)", low=1),
    "export_lag_s": Setting(300.0, "seconds a change stays hidden from a feed without includeRecentChanges (E9)"),
    "export_repeat_recent": Setting(True, "whether recent rows come once more on the next call with includeRecentChanges (E9)"),
    "export_duplicate_rows": Setting(False, "whether a feed page ends with its first row again (E11)"),
    "export_out_of_order": Setting(False, "whether rows of a feed page are out of order (E11)"),
    "fraction_digits": Setting(7, "fractional digits of a date-time at most (E11)"),
    "extra_members": Setting(False, "whether replies have members the contract does not list (E11)"),
    "project_modified_on_null": Setting(False, "whether modifiedOn of projects is null (E11)"),
    "allow_unknown_members": Setting(False, "whether unknown members of a request body are ignored instead of refused"),
    "attach_bumps_job": Setting(True, "whether attaching and detaching moves the job's modifiedOn (gap 7)"),
    "attach_moves_job": Setting(False, "whether attaching a job takes it out of another project instead of being refused"),
    "auto_create_project": Setting(False, "whether a second open job at a location makes a project of both (E12)"),
    "merge_moves_records": Setting(True, "whether merging a customer moves its locations, jobs and projects to the survivor"),
    "mark_exported_again": Setting(False, "whether marking an exported document as exported succeeds once more"),
    "mark_pending_as_exported": Setting(False, "whether a document that was not posted can be marked as exported"),
    "accept_del_verb": Setting(True, "whether the verb DEL means DELETE (E8)"),
    "webhook_urls": Setting({}, "a callback address per event type; others go to webhook_url"),
    "webhook_key": Setting("", "the HMAC key; empty: no signature", secret=True),
    "webhook_encoding": Setting("hex", "how the digest is written (gap 5)", choices=("hex", "base64")),
    "webhook_header": Setting("x-servicetitan-signature", "the header with the signature (gap 5)"),
    "webhook_retry_s": Setting([10, 30, 60, 300], "seconds before each further attempt (E13)"),
    "webhook_retry_scale": Setting(1.0, "what those seconds are multiplied with (E13)"),
    "activity_per_minute": Setting(0.0, "changes a minute the emulator makes by itself, for demonstrations"),
}
