"""How one resource is described as data: its shapes, filters, sort fields and defaults (servicetitan §5, Appendix B)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tieout.sandbox.servicetitan.records import Records

Row = dict[str, Any]


class Reads(StrEnum):
    """How a filter reads its parameter and compares it with a member of the row."""

    ID = "id"  # whole number equal to the member
    IDS = "ids"  # at most 50 whole numbers, member is one of them
    ANY_ID = "any_id"  # whole numbers, the member is a list that holds one of them
    TEXT = "text"  # equal, any case
    CONTAINS = "contains"  # part of the member, any case
    WORD = "word"  # one word of a closed set
    WORDS = "words"  # several words, member is one of them; "None" means null
    ONE_OF = "one_of"  # several words of a closed set, repeated or in a comma list, member is one of them
    TEXTS = "texts"  # at most 50 texts, member equals one of them, any case
    SINCE = "since"  # member on or after
    BEFORE = "before"  # member before
    UNTIL = "until"  # member on or before
    SINCE_DAY = "since_day"  # member on or after the day, its time ignored
    UNTIL_DAY = "until_day"  # member on or before the day, its time ignored
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list. ``member`` may step into an object with a dot.

    ``through`` gives, for a row, the values to compare instead of the member, when they live in other records.
    ``default`` is the word an absent parameter means; empty when it means everything. The filter is off when the parameter ``unless``
    is given.
    """

    param: str
    reads: Reads
    member: str
    words: tuple[str, ...] = ()
    through: Callable[[Records, Row], list[Any]] | None = None
    default: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two query parameters that go together: an amount, and the word that says how the member is compared with it."""

    amount: str
    comparer: str
    member: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: where it lives, what it looks like, how its list can be asked.

    ``active`` is the meaning of an absent ``active`` parameter ("True" or "Any"); None when the list has no such parameter.
    ``feed`` is the path of the export feed under ``export/``, with its own shape in ``feed_shape``;
    ``feed_active`` when it takes ``active``. ``accounting`` are members whose changes can be left out of the modified range.
    ``external``: external data are shown to their application; ``external_lookup``: and can be searched for.
    ``label`` is how a 404 names it.

    ``where`` limits it to some rows of its kind; ``view`` is its name at the objects route when two resources share a kind.
    ``derive`` completes a row from other records before it is shown. ``bare``: the list is a JSON array without an envelope.
    ``active_state``: its parameter is ``activeState`` (ActiveOnly, InactiveOnly, All). ``custom_fields`` is the prefix of its custom
    field filter, with ``.Fields`` and ``.Operator``; ``loose_custom_fields`` when the names follow the prefix directly.
    ``hides_inactive``: its list has active rows only and no parameter for it; its feed has all.
    ``guid``: its ids are GUIDs. ``absent`` is the status of a by-id read of nothing: 404 where the contract lists it, else 400.
    """

    area: str
    path: str
    kind: str
    shape: str
    label: str
    scope: str
    filters: tuple[Filter, ...] = ()
    sort: tuple[str, ...] = ("Id", "ModifiedOn", "CreatedOn")
    created: bool = True
    modified: bool = True
    active: str | None = None
    external: bool = False
    external_lookup: bool = False
    listed: bool = True
    by_id: bool = True
    feed: str | None = None
    feed_shape: str | None = None
    feed_active: bool = False
    order_by: bool = False
    accounting: frozenset[str] = frozenset()
    most_ids: int = 50
    largest_page: int = 5000
    where: Callable[[Row], bool] | None = None
    view: str = ""
    derive: Callable[[Records, Row], Row] | None = None
    bare: bool = False
    active_state: bool = False
    custom_fields: str = ""
    loose_custom_fields: bool = False
    compared: tuple[Compared, ...] = ()
    hides_inactive: bool = False
    guid: bool = False
    absent: int = 404

    @property
    def name(self) -> str:
        """Its name at the objects route."""
        return self.view or self.kind

    @property
    def key(self) -> str:
        """The placeholder of its id in a path; ``guid`` is read as a GUID."""
        return "guid" if self.guid else "id"


IDS = Filter("ids", Reads.IDS, "id")
