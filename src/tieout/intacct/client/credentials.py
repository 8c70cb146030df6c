"""Who signs in, and the sessions that gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

DEFAULT_ENDPOINT = "https://api.intacct.com/ia/xml/xmlgw.phtml"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Web Services credentials of one company: those of the sender and those of the user (intacct-xml §1.2).

    The passwords are never part of the repr.
    """

    company_id: str
    sender_id: str
    sender_password: str = field(repr=False)
    user_id: str
    user_password: str = field(repr=False)
    endpoint: str = DEFAULT_ENDPOINT


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session at the top level (entity "") or in one entity.

    Attributes:
        endpoint: the address the session is bound to.
        expires_at: by our clock, a margin early; None if the system did not say.
    """

    id: str = field(repr=False)
    endpoint: str
    entity: str
    expires_at: datetime | None
