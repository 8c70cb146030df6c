"""The model service: what objects are made of, from the tables the writes enforce (intacct-rest §5)."""

from __future__ import annotations

from typing import Any

from tieout.sandbox.intacct.rest.binding import OwnedList, Reference, Scalar, Schema
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context
from tieout.sandbox.intacct.rest.errors import RestRefusal, error
from tieout.sandbox.intacct.rest.forms import DESCRIBED, shown
from tieout.sandbox.intacct.rest.mapping import Form

Json = dict[str, Any]
SERVICE = "/services/core/model"


def model(context: Context, asked: Asked) -> Answer:
    """One object's model by `name` (with or without objects/), or the list of everything the user may use."""
    context.meter.count("model", 1)
    name = asked.query.get("name")
    if name is None:
        listed = [_listed(schema) for schema in context.schemas.values()]
        return Answer(200, listed, {"totalCount": len(listed), "totalSuccess": len(listed), "totalError": 0})
    if asked.query.get("version", "v1") != "v1":
        raise RestRefusal(400, error("invalidRequest", "Version is not supported."))
    schema = context.schemas.get(name.removeprefix("/").removeprefix("objects/"))
    if schema is None:
        raise RestRefusal(404, error("notFound", f"There is no object {name}."))
    return Answer(200, described(context, schema))


def described(context: Context, schema: Schema) -> Json:
    """Fields, groups, references and lists of an object; `required` is always false here, as in the real service."""
    made: Json = {"fields": {}, "groups": {}, "refs": {}}
    for scalar in schema.scalars.values():
        _within(made, scalar.path, "fields", _field(scalar))
    _within(made, "href", "fields", _plain(read_only=True))
    for reference in schema.references.values():
        _within(made, reference.path, "refs", _reference(context, reference))
    lists = {path: _list(owned) for path, owned in schema.lists.items()}
    return {
        **made,
        "lists": lists or [],
        "httpMethods": _methods(schema),
        "idempotenceSupported": True,
        "apiObject": f"objects/{schema.name}",
        "type": "rootObject",
        "href": f"{SERVICE}?version=v1&name=objects/{schema.name}",
    }


def _listed(schema: Schema) -> Json:
    href = f"{SERVICE}?version=v1&name=objects/{schema.name}"
    return {"apiObject": f"objects/{schema.name}", "type": "rootObject", "httpMethods": _methods(schema), "href": href}


def _methods(schema: Schema) -> str:
    return ",".join(("OPTIONS", *schema.table.methods))


def _within(made: Json, path: str, sort: str, what: Json) -> None:
    *groups, name = path.split(".")
    for group in groups:
        made = made.setdefault("groups", {}).setdefault(group, {})
    made.setdefault(sort, {})[name] = what


def _plain(*, read_only: bool = False, mutable: bool = True, nullable: bool = True) -> Json:
    return {
        "type": "string",
        "readOnly": read_only,
        "writeOnly": False,
        "required": False,
        "nullable": nullable,
        "mutable": mutable and not read_only,
    }


def _field(scalar: Scalar) -> Json:
    sort, form = DESCRIBED[scalar.form]
    made = {**_plain(read_only=scalar.read_only, mutable=scalar.mutable, nullable=scalar.nullable), "type": sort}
    if form:
        made["format"] = form
    if scalar.form is Form.WORD:
        made["enum"] = [*([None] if scalar.nullable else []), *scalar.words.values()]
    if scalar.default:
        made["default"] = scalar.word_for(scalar.default) if scalar.form is Form.WORD else shown(scalar.form, scalar.default)
    if scalar.deprecated:
        made["deprecated"] = True
    return made


def _reference(context: Context, reference: Reference) -> Json:
    own = _plain(read_only=reference.read_only, mutable=reference.mutable)
    inner: Json = {"fields": {"href": _plain(read_only=True), "id": own, "key": own}}
    if reference.named:
        inner["fields"]["name"] = _plain(read_only=True)
    target = context.schemas.get(reference.target)
    for path in reference.shows if target is not None else ():
        if target is not None and (scalar := target.scalars.get(path)) is not None:
            _within(inner, path, "fields", {**_field(scalar), **({} if reference.part else {"readOnly": True, "mutable": False})})
    return {"apiObject": reference.target, **inner}


def _list(owned: OwnedList) -> Json:
    return {"apiObject": owned.object}
