"""Any sequence of valid and invalid writes and reads, over XML and REST, leaves the emulator and the model in the same state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.contract.model.company import KINDS, READ_ONLY, Bad, Company, Field, Kind, Refused, Surface, Type, Value
from tests.contract.model.surfaces import Given, Rest, Xml
from tieout.sandbox.intacct.emulator import IntacctEmulator

NOBODY = "99999"
WORDS = ("Rooftop units", "rooftop units", "A & B <c>", "O'Neill", "Ä 100%", "x_y")
DAYS = (date(2026, 1, 31), date(2026, 2, 28), date(2028, 2, 29))
SUMS = (Decimal("0"), Decimal("1500.5"), Decimal("-3.25"), Decimal("99999999.99"))
WRONG = {
    Type.BOOLEAN: (Bad("yes", "yes"), Bad("2", 2)),
    Type.DATE: (Bad("2026-03-01", "03/01/2026"), Bad("02/30/2026", "2026-02-30"), Bad("soon", "soon")),
    Type.MONEY: (Bad("1,000.00", "1,000.00"), Bad("ten", "ten"), Bad("1.5.2", "1.5.2")),
}
kinds = st.sampled_from(sorted(KINDS))
surfaces = st.sampled_from(Surface)


def names_of(kind: Kind) -> list[str]:
    """Natural keys that are likely to meet: four of each kind."""
    return [f"{kind.name[0]}-{number}" for number in range(1, 5)]


def good(each: Field) -> st.SearchStrategy[Value]:
    """Values the field may hold; a reference may also name nothing, which the model knows."""
    if each.target:
        entities = ["100", "200"] if each.target == "LOCATION" else []
        return st.sampled_from([*entities, *names_of(KINDS[each.target])])
    if each.choices:
        return st.sampled_from(each.choices)
    if each.longest:
        return st.sampled_from(["s", "s" * each.longest])
    match each.type:
        case Type.BOOLEAN:
            return st.booleans()
        case Type.DATE:
            return st.sampled_from(DAYS)
        case Type.MONEY:
            return st.sampled_from(SUMS)
        case _:
            return st.sampled_from(WORDS)


def wrong(kind: Kind) -> st.SearchStrategy[tuple[str, object]]:
    """One thing to spoil a write with: a field and a value."""
    found: list[tuple[str, object]] = [("NONSENSE", "x"), *((name, "1") for name in READ_ONLY)]
    for each in kind.fields:
        found += [(each.name, bad) for bad in WRONG.get(each.type, ())]
        if each.required:
            found.append((each.name, None))
        if each.choices:
            found += [(each.name, Bad("nope", "nope")), (each.name, Bad("T", "T")), *((each.name, label) for label in each.rest_only)]
        if each.longest:
            found.append((each.name, "s" * (each.longest + 1)))
        if each.target:
            found.append((each.name, "missing-9"))
    return st.sampled_from(found)


@st.composite
def creates(draw: st.DrawFn, kind: Kind) -> dict[str, object]:
    """A record to create: mostly whole, sometimes without something it needs, sometimes spoilt."""
    given: dict[str, object] = {kind.key: draw(st.sampled_from(names_of(kind)))}
    for each in kind.fields[1:]:
        if each.required or draw(st.integers(0, 3)) == 0:
            given[each.name] = draw(st.sampled_from(("100", "200"))) if each.required and each.target else draw(good(each))
    match draw(st.integers(0, 9)):
        case 0:
            del given[draw(st.sampled_from([each.name for each in kind.fields if each.required]))]
        case 1 | 2:
            name, value = draw(wrong(kind))
            given[name] = value
    return given


@st.composite
def changes(draw: st.DrawFn, kind: Kind) -> dict[str, object]:
    """What an update carries: a few fields, some of them cleared, sometimes spoilt."""
    given: dict[str, object] = {}
    for each in draw(st.lists(st.sampled_from(kind.fields[1:]), min_size=1, max_size=4, unique_by=lambda each: each.name)):
        can_be_cleared = not each.required and each.default is None
        given[each.name] = None if can_be_cleared and draw(st.integers(0, 2)) == 0 else draw(good(each))
    match draw(st.integers(0, 9)):
        case 0 | 1:
            name, value = draw(wrong(kind))
            given[name] = value
        case 2:
            given[kind.key] = draw(st.sampled_from(names_of(kind)))
        case 3 | 4:
            for each in kind.fields:
                if each.always:
                    given[each.name] = draw(good(each))
    return given


@st.composite
def conditions(draw: st.DrawFn, kind: Kind) -> tuple[str, str, Sequence[Value]]:
    """A condition of a query; what a null does under a negation no source tells, so those ask for fields without one."""
    each = draw(st.sampled_from([each for each in kind.fields if each.type is Type.TEXT]))
    operators = ["equalto", "in", "isnull", "isnotnull"]
    if not each.choices and not each.target:
        operators.append("like")
    if each.required and not each.target:
        operators += ["notequalto", "notin"] + ([] if each.choices else ["notlike"])
    operator = draw(st.sampled_from(operators))
    if operator in {"isnull", "isnotnull"}:
        return each.name, operator, ()
    if operator in {"like", "notlike"}:
        part = draw(st.sampled_from(("oof", "Rooftop", "units", "-1", "nothing")))
        return each.name, operator, (draw(st.sampled_from((f"{part}%", f"%{part}", f"%{part}%"))),)
    pool = st.sampled_from(names_of(kind)) if each.name == kind.key else good(each)
    many = operator in {"in", "notin"}
    return each.name, operator, draw(st.lists(pool, min_size=1, max_size=3 if many else 1, unique=True))


class SameState(RuleBasedStateMachine):
    """The emulator, its model, and the two ways to both."""

    def __init__(self) -> None:
        super().__init__()
        self.emulator = IntacctEmulator()
        self.emulator.clock.set(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
        self.xml, self.rest = Xml(self.emulator), Rest(self.emulator)
        self.model = Company()
        for kind in KINDS.values():
            self.model.rows[kind.name] = self.xml.rows(kind)
        self.first = {kind.name: frozenset(self.model.rows[kind.name]) for kind in KINDS.values()}

    def teardown(self) -> None:
        self.xml.close()
        self.emulator.close()

    def through(self, surface: Surface) -> Xml | Rest:
        return self.xml if surface is Surface.XML else self.rest

    def pick(self, kind: Kind, which: int) -> str:
        """One of the records made here, or one that does not exist."""
        made = [number for number in self.model.rows[kind.name] if number not in self.first[kind.name]]
        return NOBODY if which == 0 or not made else made[which % len(made)]

    def some(self, data: st.DataObject) -> Kind:
        """A kind, rather one that has records made here."""
        full = [name for name in sorted(KINDS) if set(self.model.rows[name]) - self.first[name]]
        return KINDS[data.draw(st.sampled_from(full * 3 + sorted(KINDS)))]

    def known(self, each: Field) -> list[str]:
        """What a reference may name: the records there are."""
        target = KINDS[each.target]
        return [str(row[target.key]) for row in self.model.rows[target.name].values()]

    def aimed(self, data: st.DataObject, kind: Kind, given: dict[str, object]) -> dict[str, object]:
        """The same with most of its references turned to records that exist, or left out."""
        for each in kind.fields:
            if each.target and given.get(each.name) not in (None, "missing-9") and data.draw(st.integers(0, 5)) > 0:
                known = self.known(each)
                if known:
                    given[each.name] = data.draw(st.sampled_from(known))
                elif not each.required:
                    del given[each.name]
        return given

    @initialize(data=st.data(), surface=surfaces)
    def found(self, data: st.DataObject, surface: Surface) -> None:
        """Some records to begin with, so that updates and deletes have something to meet."""
        for kind in KINDS.values():
            for key in names_of(kind)[:2]:
                given: dict[str, object] = {kind.key: key}
                for each in kind.fields[1:]:
                    if each.required:
                        given[each.name] = "100" if each.target else data.draw(good(each))
                self._create(surface, kind, [given], atomic=False)

    @rule(data=st.data(), surface=surfaces, name=kinds, count=st.sampled_from((1, 1, 1, 2, 3)), atomic=st.booleans())
    def create(self, data: st.DataObject, surface: Surface, name: str, count: int, atomic: bool) -> None:
        kind = KINDS[name]
        many = [self.aimed(data, kind, data.draw(creates(kind))) for _ in range(count)]
        self._create(surface, kind, many, atomic=atomic and count > 1)

    def _create(self, surface: Surface, kind: Kind, many: Sequence[Given], *, atomic: bool) -> None:
        before = dict(self.model.rows[kind.name])
        expected: list[bool] = []
        for given in many:
            stopped = surface is Surface.XML and False in expected
            expected.append(not stopped and self._created(surface, kind, given, f"new {len(expected)}"))
        if atomic and False in expected:
            self.model.rows[kind.name], expected = before, [False] * len(many)
        numbers = self.through(surface).create(kind, many, atomic=atomic)
        assert [number is not None for number in numbers] == expected
        for at, number in enumerate(numbers):
            if number is not None:
                self.model.keep(kind, number, self.model.rows[kind.name].pop(f"new {at}"))

    def _created(self, surface: Surface, kind: Kind, given: Given, number: str) -> bool:
        try:
            self.model.keep(kind, number, self.model.create(surface, kind, given))
        except Refused:
            return False
        return True

    @rule(data=st.data(), surface=surfaces, which=st.integers(0, 9), by_key=st.booleans())
    def update(self, data: st.DataObject, surface: Surface, which: int, by_key: bool) -> None:
        kind = self.some(data)
        given = self.aimed(data, kind, data.draw(changes(kind)))
        if not given:
            return
        number = self.pick(kind, which)
        if by_key and surface is Surface.XML:
            given.pop(kind.key, None)
            key = data.draw(st.sampled_from(names_of(kind)))
            if not given:
                return
            expected = self._updated(surface, kind, self.model.number(kind, key), given)
            assert self.xml.update_by_key(kind, key, given) == expected
            return
        assert self.through(surface).update(kind, number, given) == self._updated(surface, kind, number, given)

    def _updated(self, surface: Surface, kind: Kind, number: str | None, given: Given) -> bool:
        try:
            self.model.update(surface, kind, number, given)
        except Refused:
            return False
        return True

    @rule(data=st.data(), surface=surfaces, which=st.integers(0, 9))
    def delete(self, data: st.DataObject, surface: Surface, which: int) -> None:
        kind = self.some(data)
        number, expected = self.pick(kind, which), True
        try:
            self.model.delete(kind, number)
        except Refused:
            expected = False
        assert self.through(surface).delete(kind, number) == expected

    @rule(data=st.data(), surface=surfaces, name=kinds)
    def query(self, data: st.DataObject, surface: Surface, name: str) -> None:
        kind = KINDS[name]
        field, operator, operands = data.draw(conditions(kind))
        assert self.through(surface).find(kind, field, operator, operands) == self.model.find(kind, field, operator, operands)

    @rule(surface=surfaces, name=kinds)
    def query_nonsense(self, surface: Surface, name: str) -> None:
        kind = KINDS[name]
        assert self.through(surface).find(kind, "NONSENSE", "equalto", ["x"]) is None

    @rule(data=st.data(), name=kinds)
    def read(self, data: st.DataObject, name: str) -> None:
        kind = KINDS[name]
        key = data.draw(st.sampled_from(names_of(kind)))
        number = self.model.number(kind, key)
        assert self.xml.by_name(kind, key) == ({} if number is None else {number: self.model.rows[kind.name][number]})
        for code, label in (("T", "active"), ("F", "inactive")):
            assert self.xml.by_status(kind, code) == self.model.find(kind, "STATUS", "equalto", [label])

    @invariant()
    def both_surfaces_show_what_the_model_holds(self) -> None:
        for kind in KINDS.values():
            assert self.xml.rows(kind) == self.model.rows[kind.name]
            assert self.rest.rows(kind) == self.model.rows[kind.name]


TestSameState = SameState.TestCase
TestSameState.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
