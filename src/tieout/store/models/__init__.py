"""The tables. Uniqueness, exclusivity and append-only are constraints here, not checks elsewhere."""

from tieout.store.models.columns import AnyOf, ValueField
from tieout.store.models.log import Held, Journal, Level, Problem, Run
from tieout.store.models.pairs import Link, Ruling, RulingKind
from tieout.store.models.plans import OPEN_ITEM, STANDING_ITEM, Hold, PlanItem, PlanState
from tieout.store.models.readings import ApiUsage, Comparing, Cursor, Pace, Record
from tieout.store.models.reports import BatchDocument, BatchState, ExportBatch, Going, TieOut
from tieout.store.models.setup import (
    ApiToken,
    Connection,
    ConnectionState,
    Environment,
    Freeze,
    Integration,
    MappingRow,
    Release,
    SettingValue,
)
from tieout.store.models.work import IN_FLIGHT, Hint, Intent, IntentState, Wait

__all__ = [
    "IN_FLIGHT",
    "OPEN_ITEM",
    "STANDING_ITEM",
    "AnyOf",
    "ApiToken",
    "ApiUsage",
    "BatchDocument",
    "BatchState",
    "Comparing",
    "Connection",
    "ConnectionState",
    "Cursor",
    "Environment",
    "ExportBatch",
    "Freeze",
    "Going",
    "Held",
    "Hint",
    "Hold",
    "Integration",
    "Intent",
    "IntentState",
    "Journal",
    "Level",
    "Link",
    "MappingRow",
    "Pace",
    "PlanItem",
    "PlanState",
    "Problem",
    "Record",
    "Release",
    "Ruling",
    "RulingKind",
    "Run",
    "SettingValue",
    "TieOut",
    "ValueField",
    "Wait",
]
