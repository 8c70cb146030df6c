"""The health of connections: an error pauses what depends on it, and waiting cures it without a hand's turn.

Nothing is burnt as a retry while a connection is in error: its hints stay as they are until it is tried again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from tieout.core.ports import Fault, Sign
from tieout.engine import journal
from tieout.store.models import Connection, ConnectionState, Intent, IntentState, Level

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(seconds=30)
STILL = timedelta(minutes=5)  # a failed write that is newer than this says more than a reading that went well


def failed(connection: Connection, fault: Fault, now: datetime) -> datetime:
    """Put a connection in error; the moment it is tried again.

    Each further failure doubles the pause up to half a minute; a pause the system asked for is kept. The journal
    gets one entry for each cause, not for each try. A call that our own pacing held back only waits.
    """
    connection.refresh_from_db(fields=["failures", "state_code", "state", "retry_at"])
    pause: timedelta = min(FIRST_RETRY * 2 ** min(connection.failures, 10), LONGEST_RETRY)
    if fault.retry_after is not None:
        pause = max(timedelta(seconds=fault.retry_after), timedelta(milliseconds=100))
    retry_at: datetime = now + pause
    if fault.case.sign is Sign.HELD_BACK:
        Connection.objects.filter(pk=connection.pk).update(retry_at=retry_at)
        connection.retry_at = retry_at
        return retry_at
    state = ConnectionState.AUTH_FAILED if fault.case.authentication else ConnectionState.DEGRADED
    is_new = (connection.state, connection.state_code) != (state, fault.case.code)
    changes = {"state": state, "state_code": fault.case.code, "state_text": str(fault), "retry_at": retry_at}
    if is_new:
        changes["state_since"] = now
        journal.note(connection, "connection failed", str(fault), now, level=Level.ERROR, code=fault.case.code)
    Connection.objects.filter(pk=connection.pk).update(failures=F("failures") + 1, **changes)
    connection.retry_at = retry_at
    connection.state = state
    return retry_at


def read_well(connection: Connection, now: datetime) -> None:
    """Take a connection out of error after a reading went well, unless a write has just met the fault it is in error for."""
    if connection.state_code:
        failing = Intent.objects.filter(
            company=connection,
            state__in=[IntentState.NOT_SENT, IntentState.UNKNOWN],
            fault_code=connection.state_code,
            sent_at__gte=now - STILL,
        )
        if failing.exists():
            return
    worked(connection, now)


def worked(connection: Connection, now: datetime) -> None:
    """Take a connection out of error after a call went well; costs nothing while all is well."""
    if connection.state == ConnectionState.CONNECTED and connection.failures == 0 and connection.retry_at is None:
        return
    recovered = Connection.objects.filter(pk=connection.pk).exclude(state=ConnectionState.CONNECTED)
    changed = recovered.update(state=ConnectionState.CONNECTED, state_since=now, state_code="", state_text="")
    Connection.objects.filter(pk=connection.pk).update(failures=0, retry_at=None, seen_at=now)
    if changed and connection.state in (ConnectionState.DEGRADED, ConnectionState.AUTH_FAILED):
        journal.note(connection, "connection recovered", f"{connection.name} answers again; its backlog is worked off now.", now)
    connection.state, connection.failures, connection.retry_at = ConnectionState.CONNECTED, 0, None
