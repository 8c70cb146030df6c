"""Workflows: what is done with a record besides writing it, by POST with its key (intacct-rest §14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tieout.sandbox.intacct import records
from tieout.sandbox.intacct.behaviour import PLAIN
from tieout.sandbox.intacct.functions import told_to_refuse
from tieout.sandbox.intacct.rest.binding import Schema
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context
from tieout.sandbox.intacct.rest.errors import bad_value, failed, payload_errors, unknown_field
from tieout.sandbox.intacct.rest.render import value, written
from tieout.sandbox.intacct.rest.writes import found, permit
from tieout.sandbox.intacct.wording import Refusal
from tieout.sandbox.storage import Row


@dataclass(frozen=True, slots=True)
class Workflow:
    """One workflow: what is done, to which object, and what its body may hold beside the key."""

    verb: str
    object: str
    kind: str
    more: tuple[str, ...] = ()


def _of(module: str, kind: str) -> dict[str, Workflow]:
    decided = ("notes", "lineKeys")
    found = {
        "submit": Workflow("submit", f"{module}/document", kind),
        **{verb: Workflow(verb, f"{module}/document", kind, decided) for verb in ("approve", "decline")},
    }
    return {f"/workflows/{module}/document/{verb}": each for verb, each in found.items()}


PATHS: Mapping[str, Workflow] = _of("purchasing", "PODOCUMENT")


def run(context: Context, asked: Asked) -> Answer:
    """Does it; the reply names the record and its state. Raises RestRefusal."""
    workflow = PATHS[asked.path]
    schema = context.schemas[workflow.object]
    body = asked.body if isinstance(asked.body, Mapping) else {}
    if strange := [name for name in body if name not in ("key", *workflow.more)]:
        raise payload_errors([unknown_field(name) for name in strange])
    if not isinstance(body.get("key"), str):
        raise payload_errors([bad_value("key", "/key is the record number as a string.")])
    permit(context, schema, workflow.verb)
    row = found(context, schema, body["key"])
    if context.faults.hit(function=workflow.verb, object=workflow.kind, path=asked.path):
        raise failed("POST", schema, told_to_refuse(workflow.verb).problems, 409)
    try:
        with context.storage.transaction():
            _VERBS[workflow.verb](context, schema, workflow, row)
    except Refusal as refusal:
        context.meter.count(workflow.verb, 0)
        raise failed("POST", schema, refusal.problems, 409) from None
    context.meter.count(workflow.verb, 1)
    row = found(context, schema, body["key"])
    return Answer(200, {**written(schema, row), "state": value(schema.scalars["state"], row["STATE"])}, records=1)


def _submit(context: Context, schema: Schema, workflow: Workflow, row: Row) -> None:
    records.update(context.work, schema.kind, {"RECORDNO": row["RECORDNO"], "STATE": "Submitted"})


def _decide(context: Context, schema: Schema, workflow: Workflow, row: Row) -> None:
    judge = context.work.company.behaviours.get(schema.kind.name, PLAIN).judge
    assert judge is not None
    judge(context.work, schema.kind, workflow.verb, {schema.kind.key: row[schema.kind.key]})


_VERBS: Mapping[str, Callable[[Context, Schema, Workflow, Row], None]] = {"submit": _submit, "approve": _decide, "decline": _decide}
