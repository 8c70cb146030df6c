"""A tie-out as a document to be reviewed, signed and filed: what was compared, when, what it adds up to, and every disagreement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tieout.core.settings import SettingKind
from tieout.engine.paper import ALARM, BOLD, INK, QUIET, SMALL, Column, Paper
from tieout.engine.report import MOST_ROWS, TOP
from tieout.platforms import registry
from tieout.store.models import Connection, TieOut

_CENT = Decimal("0.01")
_COUNTS = (
    Column("Kind", 3),
    *(Column(title, 1.2, right=True) for title in ("Platform", "Books", "Difference", "Pairs", "No counterpart", "Fields that differ")),
)
_TOTALS = (Column("Kind", 2), Column("Amount", 3), *(Column(title, 1.6, right=True) for title in ("Platform", "Books", "Difference")))
_PLACES = (
    Column("Kind", 2.2),
    Column("Entity or location", 1.8),
    *(Column(title, 1, right=True) for title in ("Records, platform", "Records, books", "Difference")),
    *(Column(title, 1.5, right=True) for title in ("Sum, platform", "Sum, books", "Difference")),
)
_REASONS = (Column("Kind", 2), Column("Left out or explained because", 6), Column("Count", 1, right=True))
_READ = (Column("System", 2), Column("Kind", 2), Column("Read from", 3))
_ROWS = (
    Column("Record", 2.6),
    Column("ID", 1.4),
    Column("What differs", 1.7),
    Column("Platform", 2.2, right=True),
    Column("Books", 2.2, right=True),
    Column("Difference", 1.2, right=True),
)


def as_pdf(made: TieOut, named: Callable[[str], str]) -> bytes:
    """A finished tie-out as PDF; `named` tells what people call a kind of record."""
    data: Mapping[str, Any] = made.report
    name = made.integration.name
    paper = Paper(f"Tie-out of {name}", f"Tie-out {made.pk} of {name}, made {_moment(made.ended_at)}")
    _front(paper, made)
    flows: Sequence[Mapping[str, Any]] = data["flows"]
    _counts(paper, flows)
    _places(paper, flows)
    _totals(paper, flows)
    _left_out(paper, data, named)
    paper.heading("When each kind was read")
    paper.table(_READ, [(_side(made, kind), named(kind), _moment(at)) for kind, at in data["read_at"].items()])
    _disagreements(paper, flows)
    paper.note_fonts()
    paper.heading("Review")
    paper.text("The undersigned has examined this tie-out, and every disagreement and omission it names.", colour=QUIET)
    paper.signature("Prepared by (name)", "Reviewed by (name)")
    return paper.write()


def _front(paper: Paper, made: TieOut) -> None:
    flows = made.report["flows"]
    paper.text(paper.title, weight=BOLD, size=18, after=2)
    missing, differing = (sum(flow[what] for flow in flows) for what in ("missing", "differing"))
    if made.agreed:
        paper.text("Both sides agree.", weight=BOLD, size=12, after=8)
    else:
        text = f"The sides differ: {missing:,} without a counterpart, {differing:,} fields that differ."
        paper.text(text, weight=BOLD, size=12, colour=ALARM, after=8)
    integration = made.integration
    facts = [
        ("Books", _account(integration.company)),
        ("Platform", _account(integration.platform)),
        ("Integration", integration.name),
        ("Switched on", _moment(integration.switched_on_at)),
        ("Asked for by", made.by or "the schedule"),
        ("Asked for", _moment(made.asked_at)),
        ("Tie-out number", str(made.pk)),
        ("Finished", _moment(made.ended_at)),
    ]
    paper.facts(facts)
    paper.text(
        "Both systems were read afresh for this report; nothing in it comes from what Tieout remembers. "
        "Differences are books less platform. All times are UTC.",
        size=SMALL,
        colour=QUIET,
    )


def _account(connection: Connection) -> str:
    """A connection as an auditor knows it: the system, the account, and whether it is the real one."""
    vendor = registry.vendor(connection.system)
    named = next((each for each in vendor.connection if each.required and each.kind is not SettingKind.SECRET), None)
    account = f", {named.label} {connection.values.get(named.name, '')}" if named is not None else ""
    return f"{vendor.label}{account} (connection “{connection.name}”, {connection.get_environment_display().lower()})"


def _side(made: TieOut, kind: str) -> str:
    """The system that a kind was read from."""
    platform = registry.platform(made.integration.platform.system)
    is_left = kind in platform.reads or any(kind == flow.left_kind for flow in platform.flows)
    return platform.label if is_left else registry.vendor(made.integration.company.system).label


def _counts(paper: Paper, flows: Iterable[Mapping[str, Any]]) -> None:
    rows = [
        [flow["left"], flow["right"], flow["right"] - flow["left"], flow["pairs"], flow["missing"], flow["differing"]] for flow in flows
    ]
    told = [(flow["label"], *map(_number, row)) for flow, row in zip(flows, rows, strict=True)]
    paper.heading("Records by kind")
    paper.table(
        _COUNTS, [*told, ("All kinds", *(_number(sum(column)) for column in zip(*rows, strict=True)))], alarms=(3, 5, 6), total=True
    )


def _places(paper: Paper, flows: Iterable[Mapping[str, Any]]) -> None:
    rows = [
        (flow["label"], each["place"] or TOP, *map(_number, _three(each["left"], each["right"])), *map(_amount, _sums(each)))
        for flow in flows
        for each in flow.get("places", ())
    ]
    if rows:
        paper.heading("Records and sums by kind and entity")
        paper.text(
            "A document counts once in each entity or location its lines name; sums are of whole documents as each system shows them.",
            size=SMALL,
            colour=QUIET,
            after=2,
        )
        paper.table(_PLACES, rows, alarms=(4, 7))


def _three(left: int, right: int) -> tuple[int, int, int]:
    return left, right, right - left


def _sums(place: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    left, right = place["amount"], place["amount_there"]
    return (None, None, None) if left is None else (left, right, right - left)


def _totals(paper: Paper, flows: Iterable[Mapping[str, Any]]) -> None:
    rows = [
        (flow["label"], total["label"], *map(_amount, (total["left"], total["right"], total["difference"])))
        for flow in flows
        for total in flow["totals"]
    ]
    if rows:
        paper.heading("Totals of every amount over the pairs")
        paper.table(_TOTALS, rows, alarms=(4,))


def _left_out(paper: Paper, data: Mapping[str, Any], named: Callable[[str], str]) -> None:
    rows = [
        (flow["label"], reason, _number(count))
        for flow in data["flows"]
        for reason, count in (*flow["excluded"].items(), *flow["explained"].items())
    ]
    rows += [
        (named(kind), "in the books, but not from this platform", _number(count)) for kind, count in data["unmanaged"].items() if count
    ]
    paper.heading("Left out or explained, and why")
    if rows:
        paper.table(_REASONS, rows)
    else:
        paper.text("Nothing was left out.")


def _disagreements(paper: Paper, flows: Iterable[Mapping[str, Any]]) -> None:
    paper.heading("Disagreements")
    if not any(flow["rows"] for flow in flows):
        paper.text("There are none.")
    for flow in flows:
        if not flow["rows"]:
            continue
        paper.need(70)
        paper.text(flow["label"], weight=BOLD, colour=INK, after=2)
        paper.table(_ROWS, [_row(each) for each in flow["rows"]])
        cut = flow["missing"] + flow["differing"] - len(flow["rows"])
        if cut:
            paper.text(f"{cut:,} more are counted above; a tie-out keeps the first {MOST_ROWS:,} of a kind.", colour=ALARM)
        paper.text("", after=4)


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    what = row["label"][:1].upper() + row["label"][1:] if row["field"] else "Has no counterpart"
    return (row["name"], row["key"], what, _value(row["left"]), _value(row["right"]), _amount(row["difference"]))


def _number(value: int) -> str:
    return f"{value:,}"


def _amount(value: Decimal | None) -> str:
    """To the cent, and beyond it if it goes beyond."""
    if value is None:
        return ""
    return f"{value:,.2f}" if value == value.quantize(_CENT) else f"{value.normalize():,f}"


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at is not None else "never"


def _value(value: Any) -> str:
    match value:
        case None | "":
            return "(empty)"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return _amount(value)
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
    return str(value)


__all__ = ["as_pdf"]
