"""The preflight doctor: what must be right before records can flow, in the order in which one thing needs another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tieout.core.ports import Check, Fault
from tieout.intacct.catalogue import Catalogue
from tieout.intacct.client import IntacctError, Level, Query, RestClient, equal_to
from tieout.intacct.client.functions import get_list
from tieout.intacct.company_checks import documents, rest_application, rights, subscriptions, transactions
from tieout.intacct.faults import fault_of, own_fault
from tieout.intacct.kinds import BASIC
from tieout.intacct.reader import reads_us_dates
from tieout.intacct.reading import Reading


@dataclass(frozen=True, slots=True)
class Needs:
    """What the flows of a connection need.

    Attributes:
        kinds: the kinds they read; empty means the basic ones.
        writes: those they surely write; a missing right to write another kind is said but fails nothing.
        definitions: the purchasing transaction definitions they use, each with the change mode it must have, "" for any.
        pace: the shortest and the longest pause between two polls.
        allowance: API transactions included each month.
    """

    kinds: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    pace: tuple[timedelta, timedelta] = (timedelta(seconds=60), timedelta(seconds=900))
    allowance: int = 100_000


def check(reading: Reading, catalogue: Catalogue, needs: Needs, rest: RestClient | None = None) -> list[Check]:
    """One line each: reach the host, sender, sign-in, entities, subscriptions, every kind, dates and what else decides.

    What cannot be looked at because an earlier line failed is left out, so the first failing line is the cause. A kind that
    no flow needs never fails: its line says what would be missing.
    """
    lines = _sign_in(reading)
    if all(line.ok for line in lines):
        lines += _entities(reading)
    if not all(line.ok for line in lines):
        return lines
    needed = needs.kinds or BASIC
    asked, absent = subscriptions(reading, (*needed, *needs.writes))
    lines += asked
    wanted = [*needed, *needs.writes] if needs.kinds else [*needed, *needs.writes, *catalogue]
    for name in dict.fromkeys(kind for kind in wanted if kind in catalogue and kind not in absent):
        line = _kind(reading, name, catalogue[name].label or name)
        lines.append(line if name in needed or name in needs.writes else _advice(line))
    written = [kind for kind in needs.writes or needs.kinds if kind not in absent]
    lines += rights(reading, written, certain=bool(needs.writes))
    used = tuple(kind for kind in dict.fromkeys([*needed, *needs.writes]) if kind not in absent)
    lines += documents(reading, used, {} if "PODOCUMENT" in absent else needs.definitions)
    lines += rest_application(reading, rest, used)
    return [*lines, transactions(len(needed), needs.pace, needs.allowance), _dates(reading), _audit(reading)]


def _advice(line: Check) -> Check:
    """The same finding about a kind no flow needs now: nothing fails because of it."""
    return line if line.ok else Check(line.name, True, f"Not needed now. {line.detail}", line.cure, line.code)


def _sign_in(reading: Reading) -> list[Check]:
    """Signing in once tells four things apart, by the level at which it fails."""
    credentials = reading.client.credentials
    session = reading.scope.session
    where = f"entity {session}" if session else "the top level"
    lines = [
        Check("Reach Intacct", True, f"{_host(credentials.endpoint)} answers."),
        Check("Sender", True, f"Intacct knows the sender ID {credentials.sender_id}."),
        Check("Sign-in", True, f"User {credentials.user_id} signed in to company {credentials.company_id} at {where}."),
    ]
    try:
        reading.client.get_api_session(session)
    except IntacctError as error:
        fault = fault_of(error, credentials)
        at = {Level.TRANSPORT: 0, Level.CONTROL: 1, Level.AUTHENTICATION: 2, Level.FUNCTION: 2}.get(error.level, 0)
        if fault.case.code in ("intacct.unauthorised-sender", "intacct.wrong-sender-password"):
            at = 1
        elif error.level is Level.GATEWAY and fault.case.authentication:
            at = 2
        return [*lines[:at], _failed(lines[at].name, fault)]
    return lines


def _host(endpoint: str) -> str:
    return endpoint.split("//", 1)[-1].split("/", 1)[0]


def _failed(name: str, fault: Fault) -> Check:
    detail = f"{fault.case.cause} ({fault.detail})" if fault.detail else fault.case.cause
    return Check(name, False, detail, fault.case.next_step, fault.case.code)


def _entities(reading: Reading) -> Iterator[Check]:
    if not reading.scope.entities:
        yield _all_entities(reading)
    for entity in sorted(reading.scope.entities):
        name = f"Entity {entity}"
        try:
            found = reading.page("LOCATIONENTITY", equal_to("LOCATIONID", entity), page_size=1).rows
            if not found:
                raise own_fault("intacct.unknown-entity", reading.context(entity=entity))
            reading.client.get_api_session(entity)
        except Fault as fault:
            yield _failed(name, fault)
        except IntacctError as error:
            yield _failed(name, fault_of(error, reading.client.credentials))
        else:
            yield Check(name, True, f"The user can sign in to entity {entity}.")


def _all_entities(reading: Reading) -> Check:
    """Which entities the user sees, where the connection covers the whole company; a company may have none."""
    name = "Entities"
    try:
        found = [row.fields.get("LOCATIONID", "") for row in reading.page("LOCATIONENTITY", None).rows]
    except Fault as fault:
        return _failed(name, fault)
    shown = ", ".join(sorted(found)[:10]) + (", …" if len(found) > 10 else "")
    return Check(name, True, f"The whole company, with {len(found)} entities: {shown}." if found else "The company has no entities.")


def _kind(reading: Reading, name: str, label: str) -> Check:
    title = f"Read {label}"
    try:
        if reading.catalogue[name].by_function is not None:
            result = reading.client.call(get_list("check", name.lower(), max_items=1), entity=reading.scope.session)
        else:
            result = reading.page(name, None, page_size=1)
            reading.seen(name, result.rows)
    except IntacctError as error:
        return _failed(title, fault_of(error, reading.client.credentials))
    except Fault as fault:
        return _failed(title, fault)
    count = "" if result.total is None else f" ({result.total} in the company)"
    return Check(title, True, f"The user may read {label}{count}.")


def _dates(reading: Reading) -> Check:
    name = "Date format"
    try:
        formatting = reading.client.read_user_formatting(entity=reading.scope.session)
    except IntacctError as error:
        return _failed(name, fault_of(error, reading.client.credentials))
    if formatting is None:
        return Check(name, True, "Intacct does not say; month/day/year with a 24-hour clock is assumed.")
    if not reads_us_dates(formatting.date_format, formatting.clock):
        detail = f"{formatting.date_format}, {formatting.clock}-hour clock"
        return _failed(name, own_fault("intacct.date-format", reading.context(), detail))
    zone = f", GMT offset {formatting.gmt_offset}" if formatting.gmt_offset else ""
    return Check(name, True, f"The user reads dates as month/day/year with a 24-hour clock{zone}.")


def _audit(reading: Reading) -> Check:
    """Not being allowed to read the audit trail is no failure: deletions are then found by the full comparison."""
    name = "Audit trail"
    asked = Query("AUDITHISTORY", ("OBJECTTYPE", "OBJECTKEY"), equal_to("ACCESSMODE", "D"), page_size=1)
    try:
        reading.client.query(asked, entity=reading.scope.session)
    except IntacctError as error:
        fault = fault_of(error, reading.client.credentials)
        return Check(name, True, "Not readable; deletions are found by the full comparison.", fault.case.next_step, fault.case.code)
    return Check(name, True, "Deletions are read from the audit trail.")
