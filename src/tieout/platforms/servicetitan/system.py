"""One ServiceTitan connection as the engine sees it: the core's System port."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import httpx

from tieout.core.platform import Clock, Rate, Turns
from tieout.core.ports import Check, Fault, Outcome, Page, Probe, Scope, Usage, Write
from tieout.core.record import EMPTY, Record, Ref
from tieout.core.settings import missing, values_of
from tieout.platforms.exchange import Now, host_of
from tieout.platforms.servicetitan import faults
from tieout.platforms.servicetitan.client import HOSTS, Client, Credentials
from tieout.platforms.servicetitan.cursors import starting_at
from tieout.platforms.servicetitan.kind import Kind
from tieout.platforms.servicetitan.kinds import KINDS
from tieout.platforms.servicetitan.reader import Reader
from tieout.platforms.servicetitan.settings import CONNECTION
from tieout.platforms.servicetitan.writer import Writer

T = TypeVar("T")

MOST_SKEW = timedelta(minutes=5)
"""How far the two clocks may differ before the preflight check speaks up."""


class ServiceTitanSystem:
    """Access to one tenant. Implements `tieout.core.ports.System`; every method raises only Fault."""

    def __init__(self, client: Client, *, clock: Now) -> None:
        self._client = client
        self._clock = clock
        self._reader = Reader(client, clock=clock)
        self._writer = Writer(client, self._reader)

    def __repr__(self) -> str:
        return f"ServiceTitanSystem({self._client!r})"

    def usage(self) -> Usage:
        """Requests sent; ServiceTitan bills no transactions."""
        return Usage(requests=self._client.requests)

    def editor(self) -> str:
        """Empty: no body says who changed a record last (servicetitan A)."""
        return ""

    def changes(self, kind: str, cursor: Mapping[str, Any] | None) -> Page:
        """The next page of records of `kind` that changed since `cursor`; None reads from the very first record.

        Use `starting_at` for a cursor that begins at a date. No record is skipped: see `cursors`.
        """
        return self._reader.changes(kind, cursor)

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Record]:
        """The records as they are now, inactive and merged ones included; one that is not there is left out.

        A project may lack the field `active`, which is then not known (see `records.is_active`).
        """
        return self._reader.read(refs)

    def find(self, kind: str, natural_keys: Sequence[str], entity: str = "") -> Mapping[str, Record]:
        """Jobs by job number, projects by number, anything else by id; `entity` has no meaning here."""
        return self._reader.find(kind, natural_keys)

    def keeps_unique(self, kind: str) -> bool:
        """Never surely: what is there already is looked for first."""
        return False

    def write(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        """Mark documents as exported (`writer.MARK`), with the other system's id as `exportId` where the kind takes one.

        Everything else is refused.
        """
        return self._writer.write(writes)

    def probe(self, writes: Sequence[Write]) -> Sequence[Probe]:
        """Whether each document is marked. A mark may be made again at once; what is refused never left and is surely absent."""
        return self._writer.probe(writes)

    def check(self, kinds: Sequence[str] = (), writes: Sequence[str] = (), set_up: Mapping[str, str] = EMPTY) -> Sequence[Check]:
        """The preflight lines: environment, sign-in, each kind of record, the clocks. Failing ones come first, causes before effects.

        When sign-in or the connection as a whole fails, what depends on it is not tried.
        """
        return sorted(self._checks(kinds), key=lambda line: line.ok)

    def close(self) -> None:
        """Release the connections; the object is not used afterwards."""
        self._client.close()

    def _checks(self, kinds: Sequence[str]) -> Iterator[Check]:
        given = self._client.credentials
        own = given.api_url or given.auth_url
        yield Check("Environment", True, f"{given.environment}, {host_of(given.api_root)}" + (" (address given by hand)" if own else ""))
        signed_in, _ = _tried("Sign-in", f"client accepted by {host_of(given.auth_root)}", self._client.token)
        yield signed_in
        if not signed_in.ok:
            return
        served_at: datetime | None = None
        for kind in [KINDS[name] for name in kinds if name in KINDS] or KINDS.values():
            line, answer = _tried(f"Read {kind.label}", "allowed", partial(self._reader.probe_access, kind.name))
            yield line
            if answer is None and line.code in _WHOLE_CONNECTION:
                return
            if line.ok and (mark := self._may_be_marked(kind)) is not None:
                yield mark
            served_at = answer.served_at if answer is not None and answer.served_at is not None else served_at
        if served_at is not None:
            yield _clock_check(self._clock() - served_at)

    def _may_be_marked(self, kind: Kind) -> Check | None:
        """Whether documents of a kind may be marked as exported, as far as the token tells and the name of the permission is known."""
        granted = self._client.token().scopes
        if kind.export is None or not kind.export.scope or granted is None:
            return None
        name = f"Mark {kind.label} as exported"
        if kind.export.scope.lower() in {scope.lower() for scope in granted}:
            return Check(name, True, "allowed")
        cause = f"{faults.MISSING_SCOPE.cause} (scope {kind.export.scope})"
        return Check(name, False, cause, faults.MISSING_SCOPE.next_step, faults.MISSING_SCOPE.code)


_WHOLE_CONNECTION = frozenset(case.code for case in faults.CASES if case.scope is Scope.CONNECTION)


def _tried(name: str, well: str, call: Callable[[], T]) -> tuple[Check, T | None]:
    try:
        return Check(name, True, well), call()
    except Fault as fault:
        said = f" ({fault.detail})" if fault.detail else ""
        return Check(name, False, f"{fault.case.cause}{said}", fault.case.next_step, fault.case.code), None


def _clock_check(ahead: timedelta) -> Check:
    seconds = round(abs(ahead.total_seconds()))
    if abs(ahead) <= MOST_SKEW:
        return Check("Clock", True, f"within {seconds} s of ServiceTitan's")
    side = "ahead of" if ahead > timedelta() else "behind"
    detail = f"{faults.CLOCK.cause} (ours is {seconds} s {side} theirs)"
    return Check("Clock", False, detail, faults.CLOCK.next_step, faults.CLOCK.code)


def credentials_of(values: Mapping[str, Any]) -> Credentials:
    """The credentials in saved connection settings. Raises Fault that names the settings which are missing or unusable."""
    absent = [setting.label for setting in missing(CONNECTION, values)]
    if absent:
        raise Fault(faults.NOT_CONFIGURED, ", ".join(absent))
    known = {name: str(value).strip() for name, value in values_of(CONNECTION, values).items()}
    labels = {setting.name: setting.label for setting in CONNECTION}
    if not known["tenant"].isascii() or not known["tenant"].isdigit():
        raise Fault(faults.NOT_CONFIGURED, f"{labels['tenant']}: must be a number")
    for name in ("client_id", "client_secret", "app_key"):
        # A header takes plain ASCII only; a pasted line break or typographic dash must not fail later, and without saying where.
        if not known[name].isascii() or not known[name].isprintable() or " " in known[name]:
            raise Fault(faults.NOT_CONFIGURED, f"{labels[name]}: contains a character that cannot be part of it")
    if known["environment"] not in HOSTS:
        raise Fault(faults.NOT_CONFIGURED, f"{labels['environment']}: must be {' or '.join(HOSTS)}")
    for name in ("auth_url", "api_url"):
        known[name] = known[name].rstrip("/")
        if known[name] and not _is_address(known[name]):
            raise Fault(faults.NOT_CONFIGURED, f"{labels[name]}: must be a web address")
    names = ("tenant", "client_id", "client_secret", "app_key", "environment", "auth_url", "api_url")
    return Credentials(**{name: known[name] for name in names})


def _is_address(text: str) -> bool:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    plain = all(character.isalnum() or character in ".-:" for character in url.host)
    return url.scheme in ("http", "https") and bool(url.host) and plain and not url.query and not url.fragment


def connect(values: Mapping[str, Any], *, clock: Clock, transport: Any = None, turns: Turns | None = None) -> ServiceTitanSystem:
    """The system behind saved connection settings (`settings.CONNECTION`). No call is made yet.

    `transport`, an httpx one, replaces the network. Raises Fault when the settings are not complete.
    """
    most = rate(values).calls
    client = Client(credentials_of(values), clock=clock.now, transport=transport, calls_per_second=most, turns=turns)
    return ServiceTitanSystem(client, clock=clock.now)


def rate(values: Mapping[str, Any]) -> Rate:
    """The calls a second that the settings allow; the vendor's own limit counts for an app and tenant as a whole (servicetitan §4)."""
    return Rate(int(values_of(CONNECTION, values)["calls_per_second"]))


__all__ = ["ServiceTitanSystem", "connect", "credentials_of", "rate", "starting_at"]
