"""Everything ServiceTitan, or the way to it, can refuse: one table, and how an answer finds its row.

The published contract lists 400, 404 and 409 with a body of six members; 401, 403, 429 and 5xx are known from users, and a gateway
in front of the service may answer with a page instead of JSON (servicetitan §4). So every row is found by status first, and nothing
here trusts a body to be what it should be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tieout.core.ports import Actor, FaultCase, Scope, Sign
from tieout.platforms.exchange import Cases

CREDENTIALS = FaultCase(
    "servicetitan.credentials",
    "ServiceTitan does not accept the client ID or the client secret.",
    "Create a new ID and secret under Settings > Integrations > API Application Access and save them in this connection.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
    authentication=True,
)
TOKEN_REFUSED = FaultCase(
    "servicetitan.token-refused",
    "ServiceTitan refuses to issue an access token to this app.",
    "Check under Settings > Integrations > API Application Access that the app is connected to this tenant and not disabled.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
    authentication=True,
)
APP_KEY = FaultCase(
    "servicetitan.app-key",
    "ServiceTitan accepts the client ID but refuses the app key or the access token that goes with it.",
    "Copy the app key again from the developer portal; it must belong to the same app as the client ID.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
    authentication=True,
)
OTHER_TENANT = FaultCase(
    "servicetitan.other-tenant",
    "The client ID belongs to another ServiceTitan tenant than the one in this connection.",
    "Correct the tenant ID, or use the client ID and secret that were created in this tenant.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
    authentication=True,
)
UNKNOWN_TENANT = FaultCase(
    "servicetitan.unknown-tenant",
    "ServiceTitan does not know this tenant, or the API address is not that of ServiceTitan.",
    "Check the tenant ID under Settings > Integrations > API Application Access, and the environment and API address of this connection.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
MISSING_SCOPE = FaultCase(
    "servicetitan.missing-scope",
    "The ServiceTitan app has no permission for these records.",
    "Add the scope to the app in the developer portal, and let the tenant approve the new version of the app.",
    Actor.ADMINISTRATOR,
    Scope.KIND,
)
FORBIDDEN = FaultCase(
    "servicetitan.forbidden",
    "ServiceTitan forbids this call: the app has no permission for these records, or it is not connected to the tenant.",
    "Check the app's scopes in the developer portal, and that the tenant has approved the app.",
    Actor.ADMINISTRATOR,
    Scope.KIND,
)
NOT_FOUND = FaultCase(
    "servicetitan.not-found",
    "The record no longer exists in ServiceTitan.",
    "Nothing needs to be done if it was deleted on purpose; otherwise look it up in ServiceTitan by its number.",
    Actor.ADMINISTRATOR,
    sign=Sign.TARGET_GONE,
)
INVALID = FaultCase(
    "servicetitan.invalid",
    "ServiceTitan finds the request invalid.",
    "Report it with the words in brackets: either a value does not fit or ServiceTitan has changed its interface.",
    Actor.DEVELOPER,
)
QUERY = FaultCase(
    "servicetitan.query",
    "ServiceTitan finds a request to read records invalid.",
    "Report it with the words in brackets: ServiceTitan has changed its interface, or a cursor of ours is no longer understood.",
    Actor.DEVELOPER,
    Scope.KIND,
)
CONFLICT = FaultCase(
    "servicetitan.conflict",
    "ServiceTitan refuses the change because the record is in a state that does not allow it.",
    "Open the record in ServiceTitan; a posted or exported invoice locks its job. Undo that state or skip the change.",
    Actor.ADMINISTRATOR,
)
RATE = FaultCase(
    "servicetitan.rate",
    "ServiceTitan takes no more calls from this app for the moment.",
    "Nothing needs to be done: the work goes on by itself.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
PACED = FaultCase(
    "servicetitan.paced",
    "Tieout holds its own calls to ServiceTitan back for a moment, to stay below the allowed rate.",
    "Nothing needs to be done: the work goes on by itself.",
    Actor.NOBODY,
    Scope.CONNECTION,
    sign=Sign.HELD_BACK,
)
SERVER = FaultCase(
    "servicetitan.server",
    "ServiceTitan has an internal error or is being maintained.",
    "Nothing needs to be done: the call is repeated by itself. If it lasts, look at ServiceTitan's status page.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
PAGE = FaultCase(
    "servicetitan.page",
    "A web page came back where ServiceTitan should have sent data.",
    "Check the API and sign-in addresses of this connection, and any proxy on the way; a log-in or block page may stand in between.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
UNEXPECTED = FaultCase(
    "servicetitan.unexpected",
    "ServiceTitan answered in a way its interface does not provide for.",
    "Check the API address of this connection; if it is right, report the words in brackets.",
    Actor.DEVELOPER,
    Scope.KIND,
)
BODY = FaultCase(
    "servicetitan.body",
    "ServiceTitan sent data that cannot be read.",
    "Nothing is lost: reading stops before this record and goes on once it is readable. Report the words in brackets.",
    Actor.DEVELOPER,
    Scope.KIND,
)
TIMEOUT = FaultCase(
    "servicetitan.timeout",
    "ServiceTitan did not answer in time.",
    "Nothing needs to be done: the call is repeated by itself.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
UNREACHABLE = FaultCase(
    "servicetitan.unreachable",
    "The ServiceTitan host cannot be reached.",
    "The call is repeated by itself. If it lasts, check this machine's network and firewall.",
    Actor.NOBODY,
    Scope.CONNECTION,
)
UNKNOWN_HOST = FaultCase(
    "servicetitan.unknown-host",
    "The name of the ServiceTitan host cannot be resolved.",
    "Check the environment and the addresses of this connection, and this machine's name server.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
CERTIFICATE = FaultCase(
    "servicetitan.certificate",
    "The host does not prove that it is ServiceTitan: its certificate cannot be trusted.",
    "Check the addresses of this connection and any proxy that opens encrypted traffic; add the proxy's authority to this machine.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
CLOCK = FaultCase(
    "servicetitan.clock",
    "This machine's clock and ServiceTitan's differ.",
    "Set this machine's clock by a time server; records are not lost, but times shown and measured are off.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)
READ_ONLY = FaultCase(
    "servicetitan.read-only",
    "ServiceTitan is only read, except for the mark that a document was exported; nothing has been written.",
    "Change the record in ServiceTitan itself, or choose a flow that writes to Sage Intacct.",
    Actor.ADMINISTRATOR,
)
MARK_REFUSED = FaultCase(
    "servicetitan.mark-refused",
    "ServiceTitan does not mark the document as exported.",
    "Open the document's batch in ServiceTitan; once it is posted, sync the document again. It is in the books already and stays there.",
    Actor.ACCOUNTANT,
)
UNKNOWN_KIND = FaultCase(
    "servicetitan.unknown-kind",
    "There is no such kind of ServiceTitan record here.",
    "Correct the flow that names it; the words in brackets say what it asked for.",
    Actor.DEVELOPER,
    Scope.KIND,
)
NOT_CONFIGURED = FaultCase(
    "servicetitan.not-configured",
    "The ServiceTitan connection is not complete.",
    "Fill in the settings named in brackets and test the connection again.",
    Actor.ADMINISTRATOR,
    Scope.CONNECTION,
)

CASES: tuple[FaultCase, ...] = (
    PACED,
    CREDENTIALS,
    TOKEN_REFUSED,
    APP_KEY,
    OTHER_TENANT,
    UNKNOWN_TENANT,
    MISSING_SCOPE,
    FORBIDDEN,
    NOT_FOUND,
    INVALID,
    QUERY,
    CONFLICT,
    RATE,
    SERVER,
    PAGE,
    UNEXPECTED,
    BODY,
    TIMEOUT,
    UNREACHABLE,
    UNKNOWN_HOST,
    CERTIFICATE,
    CLOCK,
    READ_ONLY,
    MARK_REFUSED,
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

_BY_STATUS: Mapping[int, FaultCase] = {400: INVALID, 401: APP_KEY, 403: FORBIDDEN, 404: NOT_FOUND, 409: CONFLICT, 422: INVALID, 429: RATE}


def case_of(status: int) -> FaultCase:
    """The row for a status that is not a success."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return SERVER
    return INVALID if 400 < status < 500 and status not in (405, 407, 410) else UNEXPECTED


def words(body: Any) -> str:
    """What an error body says, on one line: its title and the messages per field; "" when it says nothing readable.

    The body should have title, status, traceId and errors (field → messages); any of them may be missing (servicetitan §4).
    """
    if not isinstance(body, Mapping):
        return ""
    said = [
        str(body[name]).strip()
        for name in ("title", "error_description", "error")
        if isinstance(body.get(name), str) and body[name].strip()
    ]
    parts = said[:1]
    errors = body.get("errors")
    if isinstance(errors, Mapping):
        parts += [f"{name}: {text}" if name else text for name, text in _messages(errors)]
    trace = body.get("traceId")
    if isinstance(trace, str) and trace:
        parts.append(f"trace {trace}")
    return "; ".join(" ".join(part.split()) for part in parts)


def _messages(errors: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, texts in list(errors.items())[:10]:
        for text in texts if isinstance(texts, list) else [texts]:
            if isinstance(text, str):
                yield str(name), text


def told_wait(header: str | None, body: Any) -> tuple[str | None, ...]:
    """Where a 429 may tell how long to wait: the header, else the title's last but one word.

    The title is a sentence such as "Rate limit is exceeded. Try again in 7 seconds."; clients in use parse exactly that word. Neither
    header nor wording is certain (servicetitan §4).
    """
    title = body.get("title") if isinstance(body, Mapping) else None
    words_ = title.split() if isinstance(title, str) else []
    return (header, *words_[-2:-1])


__all__ = ["CASES", "ON_THE_WAY", "case_of", "told_wait", "words"]
