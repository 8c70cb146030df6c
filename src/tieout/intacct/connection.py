"""The settings of a connection to Sage Intacct, and the adapter behind the core's port."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx

from tieout.core.ports import Check, Outcome, Page, Probe, Usage, Write
from tieout.core.record import Record, Ref
from tieout.core.settings import Schema, Setting, SettingError, SettingKind, missing, parse, values_of
from tieout.intacct import doctor
from tieout.intacct.catalogue import Catalogue, CustomFieldError, with_custom_fields
from tieout.intacct.client import DEFAULT_ENDPOINT, Client, Clock, Credentials, IntacctError, Limits, Query, RefusedError, equal_to
from tieout.intacct.faults import fault_of
from tieout.intacct.kinds import KINDS
from tieout.intacct.probing import probe
from tieout.intacct.reader import ChangeReader, Pace
from tieout.intacct.reading import BY_NATURAL_KEY, Reading, Scope
from tieout.intacct.writer import Writer

SCHEMA: Schema = (
    Setting(
        "company_id",
        "Company ID",
        "The ID you type when you sign in to Intacct.",
        required=True,
        group="Sign-in",
        requirement="intacct-xml §1.2",
    ),
    Setting(
        "sender_id",
        "Sender ID",
        "The sender ID of your Web Services licence. The company must list it under Web Services authorizations.",
        required=True,
        group="Sign-in",
        requirement="intacct-xml §1.2",
    ),
    Setting(
        "sender_password",
        "Sender password",
        "The password of the sender ID; it is case-sensitive.",
        SettingKind.SECRET,
        required=True,
        group="Sign-in",
        requirement="intacct-xml §1.2",
    ),
    Setting(
        "user_id",
        "User ID",
        "A Web Services user whose date format is month/day/year with a 24-hour clock.",
        required=True,
        group="Sign-in",
        requirement="intacct-xml §1.2, §4.1",
    ),
    Setting(
        "user_password",
        "User password",
        "The password of that user.",
        SettingKind.SECRET,
        required=True,
        group="Sign-in",
        requirement="intacct-xml §1.2",
    ),
    Setting(
        "endpoint",
        "Endpoint",
        "The address of the XML gateway. Change it only for a test system.",
        SettingKind.URL,
        default=DEFAULT_ENDPOINT,
        required=True,
        group="Sign-in",
        requirement="intacct-xml §1.1",
    ),
    Setting(
        "entities",
        "Entities",
        "The IDs of the entities this connection covers, separated by commas. Leave empty for the whole company.",
        group="Scope",
        requirement="intacct-xml §7",
    ),
    Setting(
        "level",
        "Sign in at",
        "At the top level, or inside the one entity listed above if the user may not use the top level.",
        SettingKind.CHOICE,
        default="top",
        choices=(("top", "Top level"), ("entity", "The entity")),
        group="Scope",
        requirement="intacct-xml §7",
    ),
    Setting(
        "concurrency",
        "Calls at the same time",
        "How many calls may run at once. The vendor allows 6 per application at its lowest level, 8 for the whole company.",
        SettingKind.INTEGER,
        default=4,
        minimum=1,
        maximum=20,
        group="Limits",
        requirement="intacct-xml §6",
    ),
    Setting(
        "read_timeout",
        "Longest wait for an answer, in seconds",
        "After this long without an answer a write counts as unknown and is looked up.",
        SettingKind.INTEGER,
        default=300,
        minimum=1,
        maximum=840,
        group="Limits",
        requirement="intacct-xml §11",
    ),
    Setting(
        "settle_after_s",
        "A call without an answer may go on for, in seconds",
        "Intacct may still be working on a call that was cut. A write that left no trace is not sent again before this has passed, "
        "unless Intacct itself keeps its ID unique.",
        SettingKind.INTEGER,
        default=900,
        minimum=0,
        maximum=7200,
        group="Limits",
        requirement="intacct-xml §1.8",
    ),
    Setting(
        "read_lag_s",
        "New records may show late by, in seconds",
        "A record that was written or seen less than this long ago and is not found counts as late, not as deleted.",
        SettingKind.INTEGER,
        default=120,
        minimum=0,
        maximum=7200,
        group="Limits",
        requirement="intacct-xml §4.2",
    ),
    Setting(
        "poll_seconds",
        "Seconds between polls",
        "How often Intacct is asked for changes. Each poll costs one transaction for each kind of record.",
        SettingKind.INTEGER,
        default=60,
        minimum=5,
        maximum=86400,
        group="Reading",
        requirement="intacct-xml §6",
    ),
    Setting(
        "idle_poll_seconds",
        "Longest pause between polls, in seconds",
        "While nothing changes and every platform sends webhooks, polls become rarer up to this pause; a hint or a change ends that. "
        "An edit made in Intacct itself may be noticed this much later. Set it to the seconds between polls to keep an even pace.",
        SettingKind.INTEGER,
        default=900,
        minimum=5,
        maximum=86400,
        group="Reading",
        requirement="intacct-xml §6",
    ),
    Setting(
        "overlap_minutes",
        "Read again, in minutes",
        "How far back every poll reads again, for records that become visible late.",
        SettingKind.INTEGER,
        default=120,
        minimum=0,
        maximum=1440,
        group="Reading",
        requirement="intacct-xml §4.2",
    ),
    Setting(
        "deletions_minutes",
        "Look for deletions every, in minutes",
        "How often the audit trail is read for each kind of record.",
        SettingKind.INTEGER,
        default=60,
        minimum=1,
        maximum=1440,
        group="Reading",
        requirement="intacct-xml §4.2",
    ),
    Setting(
        "time_offset_minutes",
        "Time columns run ahead of UTC by, in minutes",
        "Only for showing when a record was changed; reading changes does not depend on it.",
        SettingKind.INTEGER,
        default=0,
        minimum=-720,
        maximum=840,
        group="Reading",
        requirement="intacct-xml §4.2",
    ),
    Setting(
        "custom_fields",
        "Custom fields",
        "Your own fields that flows may use, for example: PROJECT.JOB_URL, CUSTOMER.REGION:label, PROJECT.HANDOVER:date.",
        group="Reading",
        requirement="intacct-xml §2.10",
    ),
)


class IntacctSystem:
    """One connection to one Intacct company, as the engine sees it. Safe to use from many threads."""

    def __init__(
        self, client: Client, *, clock: Clock, catalogue: Catalogue = KINDS, scope: Scope | None = None, pace: Pace | None = None
    ) -> None:
        self.catalogue = catalogue
        self.client = client
        self._reading = Reading(client, catalogue, scope or Scope())
        self._reader = ChangeReader(self._reading, clock, pace or Pace())
        self._writer = Writer(self._reading)
        self._editor: str | None = None

    def __repr__(self) -> str:
        return f"IntacctSystem({self.client!r})"

    def usage(self) -> Usage:
        """Requests sent, and API transactions as Intacct bills them (intacct-xml §6)."""
        used = self.client.usage
        return Usage(used.requests, used.transactions)

    def editor(self) -> str:
        """The number of our own user, as MODIFIEDBY shows it; empty if the user may not look it up."""
        if self._editor is None:
            asked = Query("USERINFO", ("RECORDNO",), equal_to("LOGINID", self.client.credentials.user_id))
            try:
                rows = self.client.query(asked, entity=self._reading.scope.session).rows
            except RefusedError:
                rows = ()
            except IntacctError as error:
                raise fault_of(error, self.client.credentials) from error
            self._editor = rows[0].fields.get("RECORDNO", "") if rows else ""
        return self._editor

    def changes(self, kind: str, cursor: Mapping[str, Any] | None) -> Page:
        """The next page of changed records; see `tieout.intacct.reader`. Raises Fault."""
        return self._reader.changes(kind, cursor)

    def read(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        """Records by RECORDNO, or by natural key for an id that begins with `~`. Raises Fault."""
        found: dict[Ref, Record] = {}
        for name in dict.fromkeys(ref.kind for ref in refs):
            numbers = [ref.id for ref in refs if ref.kind == name and ref.id.isdigit()]
            names = [ref.id.removeprefix(BY_NATURAL_KEY) for ref in refs if ref.kind == name and ref.id.startswith(BY_NATURAL_KEY)]
            for seen in self._reading.by_values(name, "RECORDNO", numbers):
                found[seen.record.ref] = seen.record
            for seen in self._reading.by_keys(name, names):
                found[Ref(name, BY_NATURAL_KEY + seen.record.natural_key)] = seen.record
        return {ref: found[ref] for ref in refs if ref in found}

    def find(self, kind: str, natural_keys: Sequence[str], entity: str = "") -> dict[str, Record]:
        """Records by natural key: with an entity, those of that entity and the shared ones. Raises Fault."""
        found: dict[str, Record] = {}
        wanted = {key.strip(): key for key in natural_keys if key.strip()}
        for seen in self._reading.by_keys(kind, list(wanted)):
            record = seen.record
            if record.natural_key not in wanted or (entity and record.entity not in ("", entity)):
                continue
            held = found.get(wanted[record.natural_key])
            if held is None or (record.entity == entity and held.entity != entity):
                found[wanted[record.natural_key]] = record
        return found

    def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send up to 100 writes of one kind, verb and entity."""
        return self._writer.write(writes)

    def probe(self, writes: Sequence[Write]) -> list[Probe]:
        """Look for the traces of writes whose outcome is unknown. Raises Fault."""
        return probe(self._reading, writes)

    def check(self) -> list[Check]:
        """The preflight doctor's lines."""
        return doctor.check(self._reading, self.catalogue)

    def close(self) -> None:
        """Release all connections."""
        self.client.close()


def connect(values: Mapping[str, Any], *, clock: Clock, transport: httpx.BaseTransport | None = None) -> IntacctSystem:
    """The adapter for saved settings; nothing is sent yet. Raises SettingError for the first value that cannot be used."""
    absent = missing(SCHEMA, values)
    if absent:
        raise SettingError(absent[0].name, f"“{absent[0].label}” is missing. {absent[0].help}")
    saved = values_of(SCHEMA, values)
    clean = {each.name: parse(each, saved[each.name]) if saved[each.name] != each.default else each.default for each in SCHEMA}
    scope = _scope(clean)
    try:
        catalogue = with_custom_fields(KINDS, clean["custom_fields"])
    except CustomFieldError as error:
        raise SettingError("custom_fields", str(error)) from None
    credentials = Credentials(
        clean["company_id"], clean["sender_id"], clean["sender_password"], clean["user_id"], clean["user_password"], clean["endpoint"]
    )
    if not httpx.URL(credentials.endpoint).host:
        raise SettingError("endpoint", f"“Endpoint” has no host name: {credentials.endpoint}.")
    limits = Limits(read=float(clean["read_timeout"]), max_concurrency=clean["concurrency"])
    pace = Pace(timedelta(minutes=clean["overlap_minutes"]), timedelta(minutes=clean["deletions_minutes"]))
    client = Client(credentials, clock=clock, http=transport, limits=limits)
    return IntacctSystem(client, clock=clock, catalogue=catalogue, scope=scope, pace=pace)


def _scope(values: Mapping[str, Any]) -> Scope:
    entities = frozenset(filter(None, re.split(r"[,;\s]+", values["entities"])))
    session = ""
    if values["level"] == "entity":
        if len(entities) != 1:
            raise SettingError("level", "“Sign in at: the entity” needs exactly one entity ID under “Entities”.")
        session = next(iter(entities))
    return Scope(entities, session, timedelta(minutes=values["time_offset_minutes"]))
