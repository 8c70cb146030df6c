"""The refusals of the API: an HTTP status and one sentence (sage-psa §2)."""

from __future__ import annotations

from typing import Final

UNAUTHENTICATED: Final = "Server failed to authenticate the request."


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """A request the API turns down; the reply is ``{"status": …, "message": …}``."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def not_found(noun: str) -> Refused:
    """There is no such resource."""
    return Refused(404, f"The {noun} does not exist.")


def invalid(message: str) -> Refused:
    """The input is wrong."""
    return Refused(400, message)
