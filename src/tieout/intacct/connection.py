"""The settings of a connection to Sage Intacct, and the adapter behind the core's port."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from tieout.core.platform import Turns
from tieout.core.ports import Check, Outcome, Page, Probe, Usage, Write
from tieout.core.record import EMPTY, Record, Ref
from tieout.core.settings import SettingError, missing, parse, values_of
from tieout.intacct import doctor
from tieout.intacct.attachment_records import AttachmentRecords
from tieout.intacct.catalogue import Catalogue, CustomFieldError, with_custom_fields
from tieout.intacct.client import (
    Client,
    Clock,
    Credentials,
    IntacctError,
    Limits,
    Query,
    RefusedError,
    RestClient,
    RestCredentials,
    equal_to,
)
from tieout.intacct.doctor import Needs
from tieout.intacct.faults import fault_of
from tieout.intacct.kinds import KINDS
from tieout.intacct.kinds.attachments import SUPDOC
from tieout.intacct.probing import probe
from tieout.intacct.reader import ChangeReader, Pace
from tieout.intacct.reading import BY_NATURAL_KEY, Reading, Scope
from tieout.intacct.rest_writer import RestWriter
from tieout.intacct.settings import CHANGE_MODES, SCHEMA
from tieout.intacct.writer import Writer


class IntacctSystem:
    """One connection to one Intacct company, as the engine sees it. Safe to use from many threads."""

    def __init__(
        self,
        client: Client,
        *,
        clock: Clock,
        catalogue: Catalogue = KINDS,
        scope: Scope | None = None,
        pace: Pace | None = None,
        rest: RestClient | None = None,
        needs: Needs | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.client = client
        self.rest = rest
        self._needs = needs or Needs()
        self._reading = Reading(client, catalogue, scope or Scope())
        self._clock = clock
        self._reader = ChangeReader(self._reading, clock, pace or Pace())
        self._attachments = AttachmentRecords(self._reading)
        self._writer = Writer(self._reading, RestWriter(self._reading, rest))
        self._editor: str | None = None

    def __repr__(self) -> str:
        return f"IntacctSystem({self.client!r})"

    def usage(self) -> Usage:
        """Requests sent, and API transactions as Intacct bills them (intacct-xml §6)."""
        used = [each.usage for each in (self.client, self.rest) if each is not None]
        return Usage(sum(each.requests for each in used), sum(each.transactions for each in used))

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
        if kind == SUPDOC.name:
            return self._attachments.changes(cursor, self._clock.now())
        return self._reader.changes(kind, cursor)

    def read(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        """Records by RECORDNO, or by natural key for an id that begins with `~`. Raises Fault."""
        found: dict[Ref, Record] = {}
        for name in dict.fromkeys(ref.kind for ref in refs):
            if name == SUPDOC.name:
                found |= self._attachments.read([ref for ref in refs if ref.kind == name])
                continue
            numbers = [ref.id for ref in refs if ref.kind == name and ref.id.isdigit()]
            names = [ref.id.removeprefix(BY_NATURAL_KEY) for ref in refs if ref.kind == name and ref.id.startswith(BY_NATURAL_KEY)]
            for seen in self._reading.by_values(name, "RECORDNO", numbers):
                found[seen.record.ref] = seen.record
            for seen in self._reading.by_keys(name, names):
                found[Ref(name, BY_NATURAL_KEY + seen.record.natural_key)] = seen.record
        return {ref: found[ref] for ref in refs if ref in found}

    def find(self, kind: str, natural_keys: Sequence[str], entity: str = "") -> dict[str, Record]:
        """Records by natural key: with an entity, those of that entity and the shared ones. Raises Fault."""
        if kind == SUPDOC.name:
            return self._attachments.find(natural_keys)
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

    def keeps_unique(self, kind: str) -> bool:
        """Whether Intacct itself refuses a second record with the same natural key, as the catalogue says."""
        return kind in self.catalogue and self.catalogue[kind].enforced

    def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send up to 100 writes of one kind, verb and entity."""
        return self._writer.write(writes)

    def probe(self, writes: Sequence[Write]) -> list[Probe]:
        """Look for the traces of writes whose outcome is unknown. Raises Fault."""
        apart = [at for at, write in enumerate(writes) if write.kind == SUPDOC.name]
        answers = dict(zip(apart, self._attachments.probe([writes[at] for at in apart]), strict=True)) if apart else {}
        others = [at for at in range(len(writes)) if at not in answers]
        answers |= zip(others, probe(self._reading, [writes[at] for at in others]), strict=True)
        return [answers[at] for at in range(len(writes))]

    def check(self, kinds: Sequence[str] = (), writes: Sequence[str] = (), set_up: Mapping[str, str] = EMPTY) -> list[Check]:
        """The preflight doctor's lines, for the kinds that flows use and those they write; without them for the basic kinds.

        `set_up` are the purchasing transaction definitions that flows use, each with the change mode it must have ("" for any);
        those of the connection's own setting are looked for too.
        """
        definitions = {**self._needs.definitions, **{name: mode or self._needs.definitions.get(name, "") for name, mode in set_up.items()}}
        needs = replace(self._needs, kinds=tuple(kinds), writes=tuple(writes), definitions=definitions)
        return doctor.check(self._reading, self.catalogue, needs, self.rest)

    def close(self) -> None:
        """Release all connections."""
        self.client.close()
        if self.rest is not None:
            self.rest.close()


def connect(
    values: Mapping[str, Any], *, clock: Clock, transport: httpx.BaseTransport | None = None, turns: Turns | None = None
) -> IntacctSystem:
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
    client = Client(credentials, clock=clock, http=transport, limits=limits, turns=turns)
    pauses = (timedelta(seconds=clean["poll_seconds"]), timedelta(seconds=clean["idle_poll_seconds"]))
    needs = Needs(definitions=_definitions(clean["definitions"]), pace=pauses, allowance=clean["monthly_transactions"])
    rest = _rest(clean, clock, transport, limits, turns)
    return IntacctSystem(client, clock=clock, catalogue=catalogue, scope=scope, pace=pace, rest=rest, needs=needs)


def _definitions(text: str) -> dict[str, str]:
    """Transaction definitions by name, with the change mode each must have: `Purchase Order: Enable Change, Vendor Invoice`."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, mode = (each.strip() for each in part.partition(":"))
        known = next((each for each in ("", *CHANGE_MODES) if each.casefold() == mode.casefold()), None)
        if not name or known is None:
            raise SettingError("definitions", f"“{part}” is no transaction definition with one of {', '.join(CHANGE_MODES)}.")
        found[name] = known
    return found


def _rest(
    values: Mapping[str, Any], clock: Clock, transport: httpx.BaseTransport | None, limits: Limits, turns: Turns | None
) -> RestClient | None:
    """The REST client, if an application for it was entered."""
    client_id, secret = values["rest_client_id"], values["rest_client_secret"]
    if not client_id and not secret:
        return None
    for name, label, value in (("rest_client_id", "REST client ID", client_id), ("rest_client_secret", "REST client secret", secret)):
        if not value:
            raise SettingError(name, f"“{label}” is missing. Enter it, or leave both fields of the REST application empty.")
    if not httpx.URL(values["rest_endpoint"]).host:
        raise SettingError("rest_endpoint", f"“REST endpoint” has no host name: {values['rest_endpoint']}.")
    application = RestCredentials(client_id, secret, values["user_id"], values["company_id"], values["rest_endpoint"])
    return RestClient(application, clock=clock, http=transport, limits=limits, turns=turns)


def _scope(values: Mapping[str, Any]) -> Scope:
    entities = frozenset(filter(None, re.split(r"[,;\s]+", values["entities"])))
    session = ""
    if values["level"] == "entity":
        if len(entities) != 1:
            raise SettingError("level", "“Sign in at: the entity” needs exactly one entity ID under “Entities”.")
        session = next(iter(entities))
    return Scope(entities, session, timedelta(minutes=values["time_offset_minutes"]))
