"""What a function may use while it runs: the company's rows, who asks from where, and the settings in force."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tieout.sandbox.clock import Clock
from tieout.sandbox.intacct import formatting
from tieout.sandbox.intacct.applications import is_subscribed
from tieout.sandbox.intacct.custom_fields import Kinds
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.formatting import Formatting
from tieout.sandbox.intacct.reading import Columns, View
from tieout.sandbox.intacct.wording import Problem, Refusal, no_such_object, not_permitted
from tieout.sandbox.storage import Row, Storage

if TYPE_CHECKING:
    from tieout.sandbox.intacct.behaviour import Behaviour

OPERATIONS = {"readByQuery": "READ_BY_QUERY", "readByName": "READ_BY_NAME"}


@dataclass(slots=True)
class Cursor:
    """The rows of one readByQuery that were not handed out yet."""

    kind: Kind
    names: tuple[str, ...]
    numbers: list[str]
    size: int
    format: str
    at: int = 0
    id: str = ""
    within: str = ""  # the element the records lie in, where it is not the data itself


class Cursors:
    """Open results by session; they end with the session, and with the process."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Cursor]] = {}
        self._made = 0

    def keep(self, session: str, cursor: Cursor) -> str:
        """Keeps a cursor under its resultId, making one if it has none."""
        if not cursor.id:
            self._made += 1
            dice = random.Random(f"{session}-{self._made}")
            alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            cursor.id = f"{7765623338 + self._made}{''.join(dice.choice(alphabet) for _ in range(18))}@AAAAY{self._made}"
        held = self._open.setdefault(session, {})
        held.pop(cursor.id, None)
        held[cursor.id] = cursor
        return cursor.id

    def get(self, session: str, result_id: str, object_name: str) -> Cursor | None:
        """The cursor of that id, or the last one of that object, in this session."""
        held = self._open.get(session, {})
        if result_id:
            return held.get(result_id)
        return next((cursor for cursor in reversed(held.values()) if cursor.kind.name == object_name), None)

    def forget(self, session: str) -> None:
        """Ends every cursor of a session."""
        self._open.pop(session, None)

    def clear(self) -> None:
        """Ends all."""
        self._open.clear()


@dataclass(frozen=True, slots=True)
class Company:
    """The emulated company with everything that outlives a request."""

    storage: Storage
    kinds: Mapping[str, Kind]
    columns: Columns
    referring: Mapping[str, Sequence[tuple[Kind, str]]]
    cursors: Cursors
    clock: Clock
    settings: Mapping[str, Any]
    entity_kind: str
    entity_key: str
    location_kind: str
    location_parent: str
    user_kind: str
    audit_kind: str
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    rest_names: Mapping[str, str] = field(default_factory=dict)
    lines: frozenset[str] = frozenset()

    @property
    def is_multi_entity(self) -> bool:
        """Whether it has more than one entity (intacct-xml §7.1)."""
        return self.storage.count(self.entity_kind) > 1


@dataclass(frozen=True, slots=True)
class Work:
    """One request at work: the company, and who asks."""

    company: Company
    session: str = ""
    userid: str = ""
    user_number: str = ""
    entity: str = ""
    endpoint: str = ""
    sandbox: bool = False
    state: dict[str, int] = field(default_factory=dict)

    @property
    def storage(self) -> Storage:
        """The company's rows."""
        return self.company.storage

    @property
    def columns(self) -> Columns:
        """The company's columns."""
        return self.company.columns

    @property
    def cursors(self) -> Cursors:
        """The open results."""
        return self.company.cursors

    @property
    def settings(self) -> Mapping[str, Any]:
        """The emulator's settings."""
        return self.company.settings

    @property
    def formatting(self) -> Formatting:
        """How the user reads and writes dates."""
        return formatting.of(self.settings)

    def shown(self, kind: Kind, row: Row, names: Iterable[str]) -> list[tuple[str, str]]:
        """The named columns of a row as the user reads them."""
        form = self.formatting
        if form.is_us:
            return self.columns.show(kind, row, names)
        columns = ((name, self.columns.find(kind, name)) for name in names)
        return [(name, form.shown(column.type, column.get(row))) for name, column in columns]

    @property
    def strict(self) -> bool:
        """Whether every documented rule is enforced (intacct-xml §10.12)."""
        return bool(self.settings["strict"])

    @property
    def now(self) -> datetime:
        """The time, aware UTC."""
        return self.company.clock.now()

    def modified_at(self) -> datetime:
        """The time WHENMODIFIED shows: UTC, or seven hours behind it with include_timezone_skew (intacct-xml §4.2)."""
        return self.now - timedelta(hours=7) if self.settings["include_timezone_skew"] else self.now

    def kind(self, name: str, function: str, definition: str = "") -> Kind:
        """The object's rules; refuses an unknown object, a function it does not offer, and one the user may not use.

        `definition` is a transaction definition whose own custom fields are wanted too.
        """
        kind = self.company.kinds.get(name.upper())
        if kind is None or kind.rest_only:
            raise no_such_object(name)
        if function not in kind.functions and not self.sandbox:
            raise not_permitted(OPERATIONS.get(function, function.upper()), kind.name)
        self.permit(function, kind.name)
        return self.defined(kind, definition)

    def defined(self, kind: Kind, definition: str) -> Kind:
        """An object with the custom fields of one transaction definition."""
        kinds = self.company.kinds
        return kinds.of(kind.name, definition) if isinstance(kinds, Kinds) else kind

    def permit(self, function: str, kind: str) -> None:
        """Refuses objects of applications without subscription, and what denied_operations takes from the user: "query *"."""
        if not is_subscribed(self.settings, kind) and not self.sandbox:
            raise not_permitted(OPERATIONS.get(function, function.upper()), kind)
        denied = self.settings["denied_operations"]
        if denied and (f"{function} {kind}" in denied or f"{function} *" in denied):
            if kind == self.company.audit_kind:
                raise Refusal(Problem("", "You do not have permission to view audit history"))
            raise not_permitted(OPERATIONS.get(function, function.upper()), kind)

    def view(self, *, private: bool) -> View:
        """What a searching function sees: as late as consistency_lag_s says."""
        return View(self.entity, private, self.now.timestamp(), float(self.settings["consistency_lag_s"]))

    def by_key(self) -> View:
        """What a function that has the key sees: everything of its entity, at once."""
        return View(self.entity)

    def visible(self, kind: Kind, number: str) -> Row | None:
        """The row with this RECORDNO, if the session may see it."""
        row = self.storage.get(kind.name, number)
        return row if row is not None and self.by_key().sees(kind, row) else None

    def shuffle(self) -> random.Random:
        """Dice for an order nobody should rely on; different each time, the same for the same seed."""
        number = self.storage.scalar("seed", 0)
        self.state["shuffles"] = self.state.get("shuffles", 0) + 1
        return random.Random(f"{number}-{self.state['shuffles']}")
