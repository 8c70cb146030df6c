"""What a kind of ServiceTitan record is: where it is found, which of its members are kept, and how it is marked as exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tieout.core.record import EMPTY
from tieout.platforms.members import Read

WITH_INACTIVE: Mapping[str, str] = {"active": "Any"}
ALL_STATES: Mapping[str, str] = {"activeState": "All"}


@dataclass(frozen=True, slots=True)
class Member:
    """One member that is kept: its name (dotted inside an inner object), how it is read, and whether a body must have it."""

    name: str
    read: Read
    required: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines inside a document.

    Attributes:
        name: the member of the document that holds them, and the name of the field.
        members: what is kept of a line.
        id: the member with the line's id; it stays the same while the line does.
        path: the resource below the document that lists them, for a document whose body has none; "" where it has.
        feed: the export feed that shows them one by one, each with the member `owner`; for bodies that leave them out.
    """

    name: str
    members: tuple[Member, ...]
    id: str = "id"
    path: str = ""
    feed: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """How documents of a kind are marked as exported (servicetitan §9).

    Attributes:
        path: where it is posted to.
        body: the body for several documents, each by its id, the other system's id of it, and a text.
        answer: the member of an answer's row that names the document; "" when a success has no body.
        scope: the permission it needs, where its name is known.
    """

    path: str
    body: Callable[[Sequence[tuple[int, str, str]]], Any]
    answer: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record and where it is found.

    Attributes:
        area, resource: the path `/{area}/v2/tenant/{tenant}/{resource}` that lists it and reads it by `ids`.
        listed: the path that lists it, where it differs from the resource.
        feed: there is an export feed `export/{resource}` (servicetitan §6).
        everything: the parameters without which a list hides inactive or other records (servicetitan §5).
        order: the parameters by which a list comes in the order of ids; without, it is taken to have that order by itself.
        feed_only: members that the feed tells and a read by id does not (servicetitan §6).
        repeats_ids: `ids` is repeated for each id instead of holding them all.
        batch: how many are read at once.
        lines: the lines it has.
        export: how it is marked as exported; None for a kind that is only read.
        scope: the permission an app needs, where its name is known (servicetitan §3; others follow the same pattern).
        number: the member that people and documents name it by; names are not unique, so elsewhere it is the id.
    """

    name: str
    label: str
    area: str
    resource: str
    members: tuple[Member, ...]
    listed: str = ""
    feed: bool = True
    everything: Mapping[str, str] = field(default_factory=lambda: WITH_INACTIVE)
    order: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    feed_only: frozenset[str] = frozenset()
    repeats_ids: bool = False
    batch: int = 50
    lines: tuple[Lines, ...] = ()
    export: Export | None = None
    scope: str = ""
    number: str = ""

    @property
    def list_path(self) -> str:
        """The path below the tenant that lists it."""
        return self.listed or self.resource


def members(*rows: tuple[str, Read] | tuple[str, Read, bool]) -> tuple[Member, ...]:
    """Members from rows of name, way of reading, and whether a body must have it."""
    return tuple(Member(*row) for row in rows)


__all__ = ["ALL_STATES", "WITH_INACTIVE", "Export", "Kind", "Lines", "Member", "members"]
