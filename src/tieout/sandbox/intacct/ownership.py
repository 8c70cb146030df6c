"""Rows written inside others: what a create, an update and a delete of the owner do to them (intacct-xml §2.2, §3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tieout.sandbox.intacct.fields import Field, Keeping, Kind, Owned
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.wording import Refusal, bad_reference
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

# What a caller that knows record numbers names a row by where no element can: the row sent continues it, or a part points to it.
LINKED = "@RECORDNO"
PRESET = "@PRESET"  # beside what is sent, columns that what makes the owner sets, read-only ones too
REMOVED = "@REMOVED"  # beside it, for a row to remove where those not sent stay
Create = Callable[[Work, Kind, Given, Row], Row]
Update = Callable[[Work, Kind, Given], Row]
Remove = Callable[[Work, Kind, Row], None]


def owned_rows(work: Work, owned: Owned, number: str) -> list[Row]:
    """The rows an owner has in one container, in their order."""
    rows = work.storage.where(owned.kind, owned.key, number)
    return sorted(rows, key=lambda row: int(row.get(owned.number) or 0)) if owned.number else rows


def write_owned(work: Work, owner: Row, owned: Owned, given: list[Given], create: Create, update: Update, remove: Remove) -> None:
    """Makes the owner's rows what was sent, by the container's way of keeping; raises Refusal."""
    kind = work.company.kinds[owned.kind]
    held = {row["RECORDNO"]: row for row in owned_rows(work, owned, owner["RECORDNO"])}
    continued: list[tuple[Row | None, Given]] = [(_continues(kind, owned, held, each), each) for each in given]
    if owned.keeping is Keeping.REPLACE:
        kept = {row["RECORDNO"] for row, _ in continued if row is not None}
        for number, row in held.items():
            if number not in kept:
                remove(work, kind, row)
    counted = _highest(owned, [row for row in held.values() if work.storage.get(owned.kind, row["RECORDNO"]) is not None])
    for there, each in continued:
        if there is not None:
            if each.pop(REMOVED, ""):
                remove(work, kind, there)
            elif each:  # a row that is only named is not touched
                update(work, kind, {**each, "RECORDNO": there["RECORDNO"]})
            continue
        preset = {
            **each.pop(PRESET, {}),
            owned.key: owner["RECORDNO"],
            **{mine: owner.get(theirs, "") for mine, theirs in owned.carries.items()},
        }
        if owned.number and not each.get(owned.number):
            counted += 1
            preset[owned.number] = str(counted)
        create(work, kind, {name: value for name, value in each.items() if name != "RECORDNO"}, preset)


def _highest(owned: Owned, rows: list[Row]) -> int:
    return max((int(row.get(owned.number) or 0) for row in rows), default=owned.first - 1)


def _continues(kind: Kind, owned: Owned, held: dict[str, Row], given: dict[str, Any]) -> Row | None:
    """The row that is there already which the one sent continues, if it does; a RECORDNO of another owner is refused."""
    if LINKED in given:
        return held[given.pop(LINKED)]
    if owned.keeping is Keeping.MERGE:
        number = str(given.get("RECORDNO", ""))
        if not number:
            named = given.get(owned.match) if owned.match else None
            return next((row for row in held.values() if named and row.get(owned.match) == named), None)
        if number not in held:
            raise Refusal(bad_reference(kind, Field("RECORDNO"), number, kind.label))
        return held[number]
    if owned.match and str(given.get("RECORDNO", "")) in held:
        return held[str(given["RECORDNO"])]
    if owned.match and given.get(owned.match):
        return next((row for row in held.values() if row.get(owned.match) == given[owned.match]), None)
    return None
