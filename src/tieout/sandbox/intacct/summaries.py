"""Puts documents into summaries: by title or key, open ones only (intacct-xml §3D PRBATCH)."""

from __future__ import annotations

from tieout.sandbox.intacct.behaviour import Change
from tieout.sandbox.intacct.wording import Refusal, business


def check_summary(change: Change) -> None:
    """Completes title and key of the summary a document names; refuses one that is not there or is closed."""
    kind, row = change.kind, change.row
    field = kind.by_name.get("PRBATCHKEY")
    if field is None or field.ref is None or not change.changed("PRBATCH", "PRBATCHKEY"):
        return
    if row.get("PRBATCHKEY"):
        found = change.work.storage.get(field.ref.kind, row["PRBATCHKEY"])
    elif row.get("PRBATCH"):
        found = next(iter(change.work.storage.where(field.ref.kind, "TITLE", row["PRBATCH"])), None)
    else:
        return
    if found is None or found.get("OPEN") == "Closed":
        text = f"Summary '{row.get('PRBATCH') or row.get('PRBATCHKEY')}' does not exist or is closed."
        raise Refusal(business(text, errorno="BL03000018", object=kind.name, field="PRBATCH"))
    row["PRBATCH"], row["PRBATCHKEY"] = found["TITLE"], found["RECORDNO"]
