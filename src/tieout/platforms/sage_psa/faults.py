"""Everything Sage PSA, or the way to it, can refuse: one table, and how an answer finds its row.

The documentation knows 400, 401, 404, 415 and 5xx with a body of `status` and `message` (sage-psa §2). Statuses it does not name, and
pages from a gateway in front of the service, are expected all the same: a row is found by status first, and no body is trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.core.ports import Actor, FaultCase, Scope, Sign
from tieout.platforms.exchange import Cases

API_KEY = FaultCase(
    "sage-psa.api-key",
    "Sage PSA does not accept the API key.",
    "Check under Admin > API Keys that the key is active, or create a new one, and save it in this connection.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
    authentication=True,
)
FORBIDDEN = FaultCase(
    "sage-psa.forbidden",
    "Sage PSA forbids this call; an API key has access to everything, so the key or the account is blocked.",
    "Check the key under Admin > API Keys; if it is active, ask Sage whether the account's API access was suspended.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
    authentication=True,
)
ADDRESS = FaultCase(
    "sage-psa.address",
    "What answers at the API address is not Sage PSA, or not this version of it.",
    "Check the API address of this connection; it ends before “/api”.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
NOT_FOUND = FaultCase(
    "sage-psa.not-found",
    "The record no longer exists in Sage PSA.",
    "Nothing needs to be done if it was deleted on purpose; otherwise look it up in Sage PSA by its name.",
    Actor.ADMINISTRATOR,
    sign=Sign.TARGET_GONE,
)
INVALID = FaultCase(
    "sage-psa.invalid",
    "Sage PSA finds a value of the record invalid.",
    "Correct the value that the words in brackets name, and sync the record again.",
    Actor.ADMINISTRATOR,
)
QUERY = FaultCase(
    "sage-psa.query",
    "Sage PSA finds a request to read records invalid.",
    "Report it with the words in brackets: Sage PSA has changed its interface.",
    Actor.DEVELOPER,
    Scope.KIND,
)
KEY_TAKEN = FaultCase(
    "sage-psa.key-taken",
    "Another project in Sage PSA has this project ID already.",
    "Link the two records, or give one of them another ID, and sync again.",
    Actor.ADMINISTRATOR,
    sign=Sign.KEY_TAKEN,
)
REPEATED = FaultCase(
    "sage-psa.repeated",
    "This very call was made before and done; it is not made twice.",
    "Nothing needs to be done: what it has done is looked up.",
    Actor.NOBODY,
    sign=Sign.CALL_REPEATED,
)
TOO_LONG = FaultCase(
    "sage-psa.too-long",
    "The project ID is longer than the 20 characters that Sage PSA takes.",
    "Give the project a shorter ID, and sync it again.",
    Actor.ACCOUNTANT,
)
NOT_CLEARED = FaultCase(
    "sage-psa.not-cleared",
    "Sage PSA took the change but kept a value that was to be emptied.",
    "Empty the field in Sage PSA by hand, or enter a value on the other side.",
    Actor.ACCOUNTANT,
)
UNWRITABLE = FaultCase(
    "sage-psa.unwritable",
    "The change asks for something that cannot be written to Sage PSA.",
    "Report it with the words in brackets; the record is left as it is on both sides.",
    Actor.DEVELOPER,
)
READ_ONLY = FaultCase(
    "sage-psa.read-only",
    "These records are only read from Sage PSA; nothing has been written.",
    "Change the record in Sage PSA itself.",
    Actor.ADMINISTRATOR,
)
RATE = FaultCase(
    "sage-psa.rate",
    "Sage PSA takes no more calls for the moment.",
    "Nothing needs to be done: the work goes on by itself.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
PACED = FaultCase(
    "sage-psa.paced",
    "Tieout holds its own calls to Sage PSA back for a moment, as fair use asks for.",
    "Nothing needs to be done: the work goes on by itself.",
    Actor.NOBODY,
    Scope.CONNECTION,
    sign=Sign.HELD_BACK,
)
SERVER = FaultCase(
    "sage-psa.server",
    "Sage PSA has an internal error or is being maintained.",
    "Nothing needs to be done: the call is repeated by itself. If it lasts, look at Sage PSA's status page.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
PAGE = FaultCase(
    "sage-psa.page",
    "A web page came back where Sage PSA should have sent data.",
    "Check the API address of this connection, and any proxy on the way; a log-in or block page may stand in between.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
UNEXPECTED = FaultCase(
    "sage-psa.unexpected",
    "Sage PSA answered in a way its interface does not provide for.",
    "Check the API address of this connection; if it is right, report the words in brackets.",
    Actor.DEVELOPER,
    Scope.KIND,
)
BODY = FaultCase(
    "sage-psa.body",
    "Sage PSA sent data that cannot be read.",
    "Nothing is lost: reading stops before this record and goes on once it is readable. Report the words in brackets.",
    Actor.DEVELOPER,
    Scope.KIND,
)
TIMEOUT = FaultCase(
    "sage-psa.timeout",
    "Sage PSA did not answer in time.",
    "Nothing needs to be done: the call is repeated by itself.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
UNREACHABLE = FaultCase(
    "sage-psa.unreachable",
    "The Sage PSA host cannot be reached.",
    "The call is repeated by itself. If it lasts, check this machine's network and firewall.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
UNKNOWN_HOST = FaultCase(
    "sage-psa.unknown-host",
    "The name of the Sage PSA host cannot be resolved.",
    "Check the API address of this connection, and this machine's name server.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
CERTIFICATE = FaultCase(
    "sage-psa.certificate",
    "The host does not prove that it is Sage PSA: its certificate cannot be trusted.",
    "Check the API address of this connection and any proxy that opens encrypted traffic; add the proxy's authority to this machine.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
CLOCK = FaultCase(
    "sage-psa.clock",
    "This machine's clock and Sage PSA's differ.",
    "Set this machine's clock by a time server; which of two edits is newer cannot be told otherwise.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
UNKNOWN_KIND = FaultCase(
    "sage-psa.unknown-kind",
    "There is no such kind of Sage PSA record here.",
    "Correct the flow that names it; the words in brackets say what it asked for.",
    Actor.DEVELOPER,
    Scope.KIND,
)
NOT_CONFIGURED = FaultCase(
    "sage-psa.not-configured",
    "The Sage PSA connection is not complete.",
    "Fill in the settings named in brackets and test the connection again.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)

CASES: tuple[FaultCase, ...] = (
    API_KEY,
    FORBIDDEN,
    ADDRESS,
    NOT_FOUND,
    INVALID,
    QUERY,
    KEY_TAKEN,
    REPEATED,
    TOO_LONG,
    NOT_CLEARED,
    UNWRITABLE,
    READ_ONLY,
    RATE,
    PACED,
    SERVER,
    PAGE,
    UNEXPECTED,
    BODY,
    TIMEOUT,
    UNREACHABLE,
    UNKNOWN_HOST,
    CERTIFICATE,
    CLOCK,
    UNKNOWN_KIND,
    NOT_CONFIGURED,
)
"""Every row, for the pages and the documentation that list them."""

ON_THE_WAY = Cases(
    paced=PACED,
    rate=RATE,
    timeout=TIMEOUT,
    unreachable=UNREACHABLE,
    unknown_host=UNKNOWN_HOST,
    certificate=CERTIFICATE,
    page=PAGE,
    body=BODY,
    unexpected=UNEXPECTED,
)
"""The rows for what can happen to any call."""

_BY_STATUS: Mapping[int, FaultCase] = {
    400: INVALID,
    401: API_KEY,
    403: FORBIDDEN,
    404: NOT_FOUND,
    409: INVALID,
    422: INVALID,
    429: RATE,
}

UNSENT = frozenset({401, 403, 429})
"""Statuses after which the same call may be made again: it was turned away before it was looked at."""


def case_of(status: int) -> FaultCase:
    """The row for a status that is not a success."""
    return _BY_STATUS.get(status, SERVER if status >= 500 else UNEXPECTED)


def words(body: Any) -> str:
    """The message of an error body, on one line; "" when there is none (sage-psa §2)."""
    message = body.get("message") if isinstance(body, Mapping) else None
    return " ".join(message.split()) if isinstance(message, str) else ""


def is_vendor_error(body: Any) -> bool:
    """Whether a body is an error in the vendor's own form, so that a 404 is about the record and not about the address."""
    return isinstance(body, Mapping) and isinstance(body.get("message"), str) and "status" in body


__all__ = ["CASES", "ON_THE_WAY", "UNSENT", "case_of", "is_vendor_error", "words"]
