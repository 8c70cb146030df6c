"""Records as they are right before an update that can only be written over them (design §5, replaced-whole kinds)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tieout.core.ports import Effect, Fault, Write
from tieout.intacct.catalogue import Kind, WriteMode
from tieout.intacct.client import IntacctError, Row
from tieout.intacct.client.formats import read_integer
from tieout.intacct.client.functions import MAX_KEYS
from tieout.intacct.faults import fault_of, gone
from tieout.intacct.line_writing import Present
from tieout.intacct.reading import Reading


def present(reading: Reading, kind: Kind, writes: Sequence[Write], entity: str) -> Mapping[str, Present | Fault]:
    """The records of updates by RECORDNO, each whole, or the fault that keeps it from being written.

    One `read` for up to 100 records: it alone gives every column of a line, so that what the catalogue does not name
    goes back unchanged. A failed read fails all of them without effect.
    """
    found: dict[str, Present | Fault] = {}
    targets = list(dict.fromkeys(write.target for write in writes if write.target and write.target.isdigit()))
    containers = (kind.lines.container, *kind.lines.sub) if kind.lines is not None else ()
    try:
        whole = kind.lines is not None and kind.mode is WriteMode.REPLACED
        custom = reading.custom_columns(kind.lines.kind.name) if whole and kind.lines is not None else frozenset()
        for start in range(0, len(targets), MAX_KEYS):
            rows = reading.client.read(kind.name, targets[start : start + MAX_KEYS], lines=containers, entity=entity)
            found |= {_number(row): _as_present(kind, row, custom) for row in rows}
    except IntacctError as error:
        fault = fault_of(error, reading.client.credentials)
        return {target: Fault(fault.case, fault.detail, effect=Effect.NOT_SENT, retry_after=fault.retry_after) for target in targets}
    missing = gone(reading.context(kind.name, entity))
    return {target: found.get(target, missing) for target in targets}


def _number(row: Row) -> str:
    return row.fields.get("RECORDNO", "").strip()


def _as_present(kind: Kind, row: Row, custom: frozenset[str]) -> Present:
    lines: Sequence[Row] = ()
    if kind.lines is not None:
        position = kind.lines.position
        rows = [Row(each.name, each.fields, each.lines) for each in row.lines.get(kind.lines.container, ())]
        lines = sorted(rows, key=lambda each: (read_integer(each.fields.get(position, "")) or 0, int(_number(each) or 0)))
    return Present(row.fields, tuple(lines), custom)
