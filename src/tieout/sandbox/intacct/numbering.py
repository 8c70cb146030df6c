"""Numbers the company gives: document sequences (intacct-rest §14; intacct-xml §3C SEQUENCE)."""

from __future__ import annotations

from tieout.sandbox.intacct.records import amend
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work

KIND = "DOCSEQUENCE"


def next_value(work: Work, name: str) -> str:
    """The next number of a sequence, with its prefix, zeros and suffix; raises Refusal when it has come to its end."""
    row = work.storage.find(KIND, "key", name)
    if row is None or row.get("STATUS") == "inactive":
        raise Refusal(business(f"Document sequence '{name}' is not valid.", object=KIND, field="SEQUENCEID"))
    number = int(row.get("NEXTNUMBER") or row.get("STARTINGNUMBER") or 1)
    if row.get("ENDINGNUMBER") and number > int(row["ENDINGNUMBER"]):
        raise Refusal(business(f"Document sequence '{name}' has come to its end.", object=KIND, field="ENDINGNUMBER"))
    amend(work, work.company.kinds[KIND], row["RECORDNO"], {"NEXTNUMBER": str(number + 1)})
    return f"{row.get('FIXEDPREFIX', '')}{str(number).zfill(int(row.get('FIXEDLENGTH') or 1))}{row.get('FIXEDSUFFIX', '')}"
