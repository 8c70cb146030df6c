"""Where a reader of changes stands: opaque JSON for everyone else, one small record here.

Most lists have no delta and no feed of deletions (sage-psa §2, §2.2), so a change is found by reading all, and a deletion only by what is
missing: the place holds the ids of the list before. They are packed, so that a thousand of them take a few kilobytes.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

VERSION = 1

_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the reading of one kind.

    Attributes:
        known: the ids that were there when all was last read.
        doubts: of these, the ones that were missing and have still to be looked up one by one.
        left: the projects whose lists have still to be read in this round.
        seen: the ids found so far in this round.
        began: when the current round began or the last one ended, by the reading clock.
        since: the latest time of change in the last delta, by the service's clock, or when reading began if no delta has shown any; the
            next delta reaches a little further back.
        anchor: the id of the record with that time, which the next delta must show again.
    """

    known: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    began: datetime | None = None
    since: datetime | None = None
    anchor: str = ""

    @classmethod
    def load(cls, data: Mapping[str, Any] | None) -> Self:
        """The place in `data`; one that cannot be read starts anew, which repeats records and skips none."""
        if not data or data.get("v") != VERSION:
            return cls()
        known = unpack(data.get("known"))
        anchor = data.get("anchor")
        return cls(
            frozenset(known),
            tuple(sorted(id_ for id_ in unpack(data.get("doubts")) if id_ in known)),
            tuple(sorted(unpack(data.get("left")))),
            frozenset(unpack(data.get("seen"))),
            _moment(data.get("began")),
            _moment(data.get("since")),
            anchor if isinstance(anchor, str) else "",
        )

    def dump(self) -> dict[str, Any]:
        """The place as plain JSON data."""
        packed = {"known": pack(self.known), "doubts": pack(self.doubts), "left": pack(self.left), "seen": pack(self.seen)}
        times = {"began": self.began.isoformat() if self.began else None, "since": self.since.isoformat() if self.since else None}
        return {"v": VERSION, **packed, **times, "anchor": self.anchor}


def pack(ids: Iterable[str]) -> str:
    """Ids as short text; their order is not kept."""
    ordered = sorted(set(ids), key=lambda id_: (len(id_), id_))
    return base64.b85encode(zlib.compress("\n".join(ordered).encode(), 9)).decode("ascii") if ordered else ""


def unpack(text: Any) -> set[str]:
    """The ids in packed text; none if it cannot be read."""
    if not isinstance(text, str) or not text:
        return set()
    try:
        plain = zlib.decompressobj().decompress(base64.b85decode(text), _LARGEST).decode()
    except (ValueError, binascii.Error, zlib.error):
        return set()
    return {line for line in plain.split("\n") if line}


def stamp(moment: datetime) -> str:
    """A time as the paths of deltas take it, `YYYYMMDDTHHmmss` (sage-psa §2), in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S")


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else None


__all__ = ["Place", "pack", "stamp", "unpack"]
