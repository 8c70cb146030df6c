"""Who may come in: senders, users, sessions with a sliding end, entity scope (intacct-xml §1.4, §1.5, §7.1)."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from tieout.sandbox.intacct.applications import GATEWAY_SUBSCRIPTION
from tieout.sandbox.intacct.envelope import Control, Envelope, Login, Session
from tieout.sandbox.intacct.reply import Signed
from tieout.sandbox.intacct.wording import ControlRefusal, Problem, sign_in
from tieout.sandbox.intacct.work import Company, Work

COMPANY_ID = "SANDBOX"
SENDER_ID = "sandbox-sender"
USER_ID = "ws-user"
PASSWORDS = {USER_ID: "user_password", "Admin": "admin_password"}  # the setting that holds each user's password
SESSION_KIND = "_SESSION"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def check_control(control: Control, settings: Any) -> None:
    """Refuses a wrong sender, a company without the gateway, then an unknown transport policy (intacct-xml §1.8, §5.2).

    Raises ControlRefusal.
    """
    if control.senderid != SENDER_ID or control.password != settings["sender_password"]:
        raise ControlRefusal(Problem("XL03000006", "Incorrect Intacct XML Partner ID or password."))
    if GATEWAY_SUBSCRIPTION in settings["unsubscribed"]:
        text = "This company is not authorized for XML transactions. Please subscribe to the XML Gateway."
        raise ControlRefusal(Problem("", text))
    if control.policyid and control.policyid not in settings["transport_policies"]:
        raise ControlRefusal(Problem("XL03000006", f"{control.policyid} is not a valid transport policy."))


class Door:
    """Signs callers in and keeps their sessions with the company's rows."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def admit(self, envelope: Envelope) -> tuple[str, str]:
        """The session's id (or a name for this user's sign-ins) and its entity; raises AuthRefusal. Changes nothing."""
        settings, storage = self._company.settings, self._company.storage
        way = envelope.authentication
        if isinstance(way, Login):
            known = PASSWORDS.get(way.userid)
            is_user = way.companyid == COMPANY_ID and known is not None and way.password == settings[known]
            if not is_user or not self.is_entity(way.locationid):
                raise sign_in("Sign-in information is incorrect")
            session, entity = f"login {way.userid}", way.locationid
        else:
            row = storage.get(SESSION_KIND, way.sessionid)
            if row is None or row["ends"] <= self._company.clock.now().timestamp():
                raise sign_in("Invalid session. It has expired or was never given.")
            session, entity = way.sessionid, row["entity"]
        if envelope.control.senderid not in settings["authorised_senders"]:
            raise sign_in(
                f"Invalid Web Services Authorization - the sender ID '{envelope.control.senderid}' is not authorized "
                f"to make Web Services requests to company ID '{COMPANY_ID}'"
            )
        return session, entity

    def user(self, way: Login | Session) -> str:
        """The user behind a login or a session."""
        if isinstance(way, Login):
            return way.userid
        row = self._company.storage.get(SESSION_KIND, way.sessionid) or {}
        return str(row.get("userid", USER_ID))

    def is_entity(self, entity: str) -> bool:
        """Whether a session can be at this entity; an empty one is the top level."""
        return not entity or self._company.storage.find(self._company.entity_kind, "key", entity) is not None

    def open(self, entity: str, userid: str = USER_ID) -> str:
        """Makes a session; ids end in two dots as the real ones do."""
        storage = self._company.storage
        dice = random.Random(f"session-{storage.scalar('seed', 0)}-{storage.next('sessions')}")
        number = "".join(dice.choice(_ALPHABET) for _ in range(43)) + ".."
        storage.put(SESSION_KIND, number, {"entity": entity, "userid": userid, "ends": self._ends().timestamp()})
        return number

    def slide(self, session: str) -> None:
        """Moves a session's end to a full lifetime from now."""
        row = self._company.storage.get(SESSION_KIND, session)
        if row is not None:
            self._company.storage.put(SESSION_KIND, session, {**row, "ends": self._ends().timestamp()})

    def expire(self, way: Login | Session) -> None:
        """Ends a session at once."""
        if isinstance(way, Session) and self._company.storage.get(SESSION_KIND, way.sessionid) is not None:
            self._company.storage.remove(SESSION_KIND, way.sessionid)
            self._company.cursors.forget(way.sessionid)

    def signed(self, work: Work) -> Signed:
        """The authentication block of a reply; times are UTC with +00:00 (intacct-xml §1.3)."""
        since, until = (moment.isoformat(timespec="seconds") for moment in (self._company.clock.now(), self._ends()))
        return Signed(work.userid, COMPANY_ID, work.entity, since, until)

    def _ends(self) -> datetime:
        now = self._company.clock.now().timestamp()
        return datetime.fromtimestamp(now + self._company.settings["session_lifetime_s"], UTC)


def unsigned(way: Login | Session) -> Signed:
    """What a refused sign-in echoes; a session id is not."""
    return Signed(way.userid, way.companyid) if isinstance(way, Login) else Signed("", "")
