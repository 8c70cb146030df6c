"""One Sage PSA connection as the engine sees it: the core's System port."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import httpx

from tieout.core.platform import Clock, Turns
from tieout.core.ports import Check, Fault, Outcome, Page, Probe, Scope, Usage, Write
from tieout.core.record import EMPTY, Record, Ref
from tieout.core.settings import missing, values_of
from tieout.platforms.exchange import Answer, Now, host_of
from tieout.platforms.sage_psa import faults
from tieout.platforms.sage_psa.changes import Changes
from tieout.platforms.sage_psa.client import BASE_URL, Client, Credentials
from tieout.platforms.sage_psa.cursors import stamp
from tieout.platforms.sage_psa.members import unreadable
from tieout.platforms.sage_psa.reader import Reader
from tieout.platforms.sage_psa.settings import CONNECTION
from tieout.platforms.sage_psa.writer import Writer

T = TypeVar("T")

MOST_SKEW = timedelta(minutes=5)
"""How far the two clocks may differ before the preflight check speaks up."""


class SagePsaSystem:
    """Access to one account. Implements `tieout.core.ports.System`; every method raises only Fault."""

    def __init__(self, client: Client, *, clock: Now, person: str = "") -> None:
        self._client = client
        self._clock = clock
        self._reader = Reader(client)
        self._changes = Changes(self._reader, clock=clock)
        self._writer = Writer(client, self._reader, clock=clock, person=person)

    def __repr__(self) -> str:
        return f"SagePsaSystem({self._client!r})"

    def usage(self) -> Usage:
        """Requests sent; Sage PSA bills no transactions."""
        return Usage(requests=self._client.requests)

    def editor(self) -> str:
        """The id of the person the API key acts as: the setting, or what the answer to our first write said; empty until then.

        No call tells it (sage-psa §10.1). The same key may be in use elsewhere, so an edit by this person need not be ours.
        """
        return self._writer.person

    def changes(self, kind: str, cursor: Mapping[str, Any] | None) -> Page:
        """The next page of records of `kind` that may have changed since `cursor`; deletions are among them. See `changes`."""
        return self._changes.page(kind, cursor)

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Record]:
        """The records as they are now; one that is not there is left out."""
        return self._reader.read(refs)

    def find(self, kind: str, natural_keys: Sequence[str], entity: str = "") -> Mapping[str, Record]:
        """Projects by project ID, clients and roles by name, people by e-mail, all else by id; `entity` has no meaning here."""
        return self._reader.find(kind, natural_keys)

    def keeps_unique(self, kind: str) -> bool:
        """Never surely: what is there already is looked for first."""
        return False

    def write(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        """Send writes of clients and projects, one call each, and say what is known of each; other kinds are refused."""
        return self._writer.write(writes)

    def probe(self, writes: Sequence[Write]) -> Sequence[Probe]:
        """Look for the traces of writes whose outcome is unknown. See `writer` for what identifies a record and what does not."""
        return self._writer.probe(writes)

    def check(self, kinds: Sequence[str] = (), writes: Sequence[str] = (), set_up: Mapping[str, str] = EMPTY) -> Sequence[Check]:
        """The preflight lines. Failing ones come first, causes before effects; what depends on a failed sign-in is not tried."""
        return sorted(self._checks(kinds), key=lambda line: line.ok)

    def close(self) -> None:
        """Release the connections; the object is not used afterwards."""
        self._client.close()

    def _checks(self, kinds: Sequence[str]) -> Iterator[Check]:
        root = self._client.credentials.base_url
        yield Check("API address", True, host_of(root) + ("" if root == BASE_URL else " (address given by hand)"))
        line, company = _tried("Sign-in", _company, partial(self._client.get, "v1/company"))
        yield line
        if company is None:
            return
        for name, path in (("Read clients", "v1/clients"), ("Read task changes", f"v3/tasks/updated_after/{stamp(self._clock())}")):
            line, answer = _tried(name, _is_list, partial(self._client.get, path))
            yield line
            if answer is None and line.code in _WHOLE_CONNECTION:
                return
        line, _ = _tried("Webhooks", _subscriptions, partial(self._client.get, "v1/webhook_subscriptions"))
        yield line
        person = self._writer.person
        yield Check(
            "API key's person", True, f"person {person}" if person else "not known before the first write; edits are compared by content"
        )
        if company.served_at is not None:
            yield _clock_check(self._clock() - company.served_at)


_WHOLE_CONNECTION = frozenset(case.code for case in faults.CASES if case.scope is Scope.CONNECTION)


def _tried(name: str, well: Callable[[Any], str], call: Callable[[], Answer]) -> tuple[Check, Answer | None]:
    try:
        answer = call()
        return Check(name, True, well(answer.data)), answer
    except Fault as fault:
        said = f" ({fault.detail})" if fault.detail else ""
        return Check(name, False, f"{fault.case.cause}{said}", fault.case.next_step, fault.case.code), None


def _company(data: Any) -> str:
    if not isinstance(data, Mapping):
        raise unreadable("v1/company", "is not an object")
    name, currency = data.get("company_name"), data.get("currency")
    return ", ".join(str(part) for part in (name, currency) if isinstance(part, str) and part) or "the key is accepted"


def _is_list(data: Any) -> str:
    if not isinstance(data, list):
        raise unreadable("the answer", "is not a list")
    return "allowed"


def _subscriptions(data: Any) -> str:
    """Nothing depends on webhooks; without them changes are found by polling."""
    _is_list(data)
    active = [each for each in data if isinstance(each, Mapping) and each.get("active") is not False]
    return f"{len(active)} active subscriptions in Sage PSA" if active else "none in Sage PSA; changes are found by polling"


def _clock_check(ahead: timedelta) -> Check:
    seconds = round(abs(ahead.total_seconds()))
    if abs(ahead) <= MOST_SKEW:
        return Check("Clock", True, f"within {seconds} s of Sage PSA's")
    side = "ahead of" if ahead > timedelta() else "behind"
    return Check("Clock", False, f"{faults.CLOCK.cause} (ours is {seconds} s {side} theirs)", faults.CLOCK.next_step, faults.CLOCK.code)


def credentials_of(values: Mapping[str, Any]) -> Credentials:
    """The credentials in saved connection settings. Raises Fault that names the settings which are missing or unusable."""
    absent = [setting.label for setting in missing(CONNECTION, values)]
    if absent:
        raise Fault(faults.NOT_CONFIGURED, ", ".join(absent))
    known = {name: str(value).strip() for name, value in values_of(CONNECTION, values).items()}
    labels = {setting.name: setting.label for setting in CONNECTION}
    key, address = known["api_key"], known["base_url"].rstrip("/").removesuffix("/api")
    # A header takes plain ASCII only; a pasted line break or typographic dash must not fail later, and without saying where.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise Fault(faults.NOT_CONFIGURED, f"{labels['api_key']}: contains a character that cannot be part of it")
    if not _is_address(address):
        raise Fault(faults.NOT_CONFIGURED, f"{labels['base_url']}: must be a web address")
    if known["api_person"] and not known["api_person"].removeprefix("-").isdigit():
        raise Fault(faults.NOT_CONFIGURED, f"{labels['api_person']}: must be a number")
    return Credentials(key, address)


def _is_address(text: str) -> bool:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    plain = all(character.isalnum() or character in ".-:" for character in url.host)
    return url.scheme in ("http", "https") and bool(url.host) and plain and not url.query and not url.fragment and not url.userinfo


def connect(values: Mapping[str, Any], *, clock: Clock, transport: Any = None, turns: Turns | None = None) -> SagePsaSystem:
    """The system behind saved connection settings (`settings.CONNECTION`). No call is made yet.

    `transport`, an httpx one, replaces the network. Raises Fault when the settings are not complete.
    """
    client = Client(credentials_of(values), clock=clock.now, transport=transport, turns=turns)
    return SagePsaSystem(client, clock=clock.now, person=str(values_of(CONNECTION, values)["api_person"] or "").strip())


__all__ = ["SagePsaSystem", "connect", "credentials_of"]
