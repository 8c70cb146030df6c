"""What can go wrong with a call, split by what is then known about its effect.

IntacctError
 ├ NotSentError   nothing was executed: not sent, or turned away before any function ran
 ├ RefusedError   one function was executed and answered with the system's own errors
 └ UnsureError    the call may or may not have been executed; look before repeating it
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Which of the four levels of an answer said no (intacct-xml §1.4), or the way to it."""

    TRANSPORT = "transport"
    GATEWAY = "gateway"
    CONTROL = "control"
    AUTHENTICATION = "authentication"
    FUNCTION = "function"


class Reason(StrEnum):
    """Why a call has no usable answer."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    BUSY = "busy"  # no free place among the concurrent calls before the deadline
    PACED = "paced"  # our own limit of calls a second held the call back
    TIMEOUT = "timeout"
    CUT = "cut"
    REDIRECT = "redirect"
    SERVER_ERROR = "server error"
    STILL_RUNNING = "still running"  # HTTP 524: the front door gave up, the work may go on
    HTML = "html"
    NOT_XML = "not xml"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    INCOMPLETE = "incomplete"  # an envelope without a status or without the function's result
    RATE_LIMIT = "rate limit"
    REFUSED = "refused"  # the system's own errors say why


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One `<error>` of an answer, cleaned: no markup, Support ID decoded and taken out of the text (intacct-xml §5.1)."""

    errorno: str = ""
    description: str = ""
    description2: str = ""
    correction: str = ""
    support_id: str = ""

    @property
    def text(self) -> str:
        """Everything it says, in reading order, as sentences."""
        parts = [part for part in (self.description, self.description2, self.correction) if part]
        return " ".join([*(part if part.endswith((".", "!", "?", ":")) else part + "." for part in parts[:-1]), *parts[-1:]])


class IntacctError(Exception):
    """A call that did not succeed.

    Attributes:
        reason, level: what failed and where.
        errors: the system's own errors, all of them, in its order.
        http_status: of the answer, if there was one.
        retry_after: seconds the system asked to wait.
        host: the host the call went to.
        entity: the entity of the session used; "" is the top level.
        object: the object the function was about, where there is one.
        detail: a short text for people; never a body and never a secret.
    """

    def __init__(
        self,
        reason: Reason,
        level: Level,
        *,
        errors: tuple[ErrorEntry, ...] = (),
        http_status: int | None = None,
        retry_after: float | None = None,
        host: str = "",
        entity: str = "",
        object: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(detail or "; ".join(entry.text or entry.errorno for entry in errors) or reason.value)
        self.reason = reason
        self.level = level
        self.errors = errors
        self.http_status = http_status
        self.retry_after = retry_after
        self.host = host
        self.entity = entity
        self.object = object
        self.detail = detail

    def as_not_sent(self) -> NotSentError:
        """The same failure, of a call made before the one that matters (for example signing in)."""
        return NotSentError(
            self.reason,
            self.level,
            errors=self.errors,
            http_status=self.http_status,
            retry_after=self.retry_after,
            host=self.host,
            entity=self.entity,
            object=self.object,
            detail=self.detail,
        )


class NotSentError(IntacctError):
    """Nothing was executed; the same call may be made again."""


class RefusedError(IntacctError):
    """The function was refused with the system's own errors."""


class UnsureError(IntacctError):
    """The call may have been executed."""


class UnwritableError(ValueError):
    """A value that the wire cannot carry; its text names the element and the cause."""
