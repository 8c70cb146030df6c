"""Users made over the gateway: each has a contact, one that exists or a new one (objects table USERINFO)."""

from __future__ import annotations

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.catalogue.company import USER_CONTACT
from tieout.sandbox.intacct.fields import Field
from tieout.sandbox.intacct.records import create
from tieout.sandbox.intacct.wording import Refusal, missing


def _prepare(change: Change) -> None:
    """Makes the contact of a new user that names none; raises Refusal if it has no last name."""
    work, kind, row = change.work, change.kind, change.row
    last, first, address = (row.pop(f"CONTACTINFO.{name}", "") for name in USER_CONTACT)
    if change.old is not None or row.get("CONTACTKEY") or work.sandbox:
        return
    if not last:
        raise Refusal(missing(kind, Field("CONTACTINFO.CONTACTNAME")))
    full = f"{first} {last}".strip()
    given = {"CONTACTNAME": full, "PRINTAS": full, "LASTNAME": last, "FIRSTNAME": first, "EMAIL1": address}
    contact = create(work, work.company.kinds["CONTACT"], given)
    row.update({"CONTACTINFO.CONTACTNAME": contact["CONTACTNAME"], "CONTACTKEY": contact["RECORDNO"]})


USERINFO = Behaviour(_prepare)
