"""From method and path to what is done (intacct-rest §0.1, §3.2, §14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from tieout.sandbox.intacct.rest import bulk, composite, model, query, reads, services, workflows, writes
from tieout.sandbox.intacct.rest.binding import Schema
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context
from tieout.sandbox.intacct.rest.errors import RestRefusal, error, malformed, no_method, not_emulated
from tieout.sandbox.intacct.sessions import Door
from tieout.sandbox.wire import Call

FUNCTION_OF = {"POST": "create", "PATCH": "update", "DELETE": "delete", "GET": "read"}
_QUERY, _SESSION = "/services/core/query", "/services/core/session/id"
_DIMENSIONS = "/services/company-config/dimensions/list"
_PREFERENCES = "/objects/company-config/multi-entity-preference/setup"
_NEXT_NUMBER = "/services/company-config/document-sequence/generate-next-value"
_METHOD_OF = {
    _NEXT_NUMBER: "POST",
    **dict.fromkeys(workflows.PATHS, "POST"),
    _QUERY: "POST",
    model.SERVICE: "GET",
    composite.SERVICE: "POST",
    bulk.CREATE: "POST",
    bulk.STATUS: "GET",
    _SESSION: "GET",
    _DIMENSIONS: "GET",
    _PREFERENCES: "GET",
}
_NAME_OF = {_SESSION: "session", _DIMENSIONS: "dimensions", bulk.CREATE: "bulk", bulk.STATUS: "bulk status", _PREFERENCES: "read"}
# Real services and workflows this emulator does not have.
_NOT_EMULATED = ("/workflows/", "/services/")


@dataclass(frozen=True, slots=True)
class Target:
    """An object's address: its schema and the keys after it."""

    schema: Schema
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Router:
    """Finds what a path is about, and does it."""

    schemas: Mapping[str, Schema]
    door: Door

    def calls(self, asked: Asked) -> Sequence[Call]:
        """The functions asked for, by the names XML gives them, for faults and the meter."""
        if asked.path == composite.SERVICE and isinstance(asked.body, list):
            subs = [sub for sub in asked.body if isinstance(sub, Mapping)]
            inner = [
                self.calls(Asked(str(sub.get("method")), unquote(str(sub.get("path")).partition("?")[0]), body=sub.get("body")))
                for sub in subs
            ]
            return (Call("composite"), *(call for calls in inner for call in calls))
        if asked.path == _QUERY:
            name = asked.body.get("object") if isinstance(asked.body, Mapping) else ""
            schema = self.schemas.get(str(name))
            return (Call("query", schema.kind.name if schema is not None else ""),)
        if asked.path in workflows.PATHS:
            return (Call(workflows.PATHS[asked.path].verb, workflows.PATHS[asked.path].kind),)
        if asked.path in _METHOD_OF:
            return (Call(_NAME_OF.get(asked.path, asked.path.rpartition("/")[2])),)
        target = self.target(asked.path)
        if target is None:
            return (Call(asked.method),)
        function = "list" if asked.method == "GET" and not target.keys else FUNCTION_OF.get(asked.method, asked.method)
        return (Call(function, target.schema.kind.name),)

    def dispatch(self, context: Context, asked: Asked) -> Answer:
        """Does what is asked, in the entity its header names; raises RestRefusal."""
        context = self._scoped(context, asked)
        wanted = _METHOD_OF.get(asked.path)
        if wanted is not None:
            if asked.method != wanted:
                raise no_method(asked.method, asked.path)
            return self._service(context, asked)
        if asked.path.startswith(_NOT_EMULATED):
            raise not_emulated(asked.path)
        target = self.target(asked.path)
        if target is None:
            raise RestRefusal(404, error("notFound", f"There is nothing at {asked.path}."))
        return self._object(context, asked, target)

    def target(self, path: str) -> Target | None:
        """The object a path names; None if there is none."""
        parts = path.split("/")
        if len(parts) not in (4, 5) or parts[:2] != ["", "objects"]:
            return None
        schema = self.schemas.get(f"{parts[2]}/{parts[3]}")
        if schema is None:
            return None
        keys = tuple(key.strip() for key in parts[4].split(",")) if len(parts) == 5 and parts[4] else ()
        return Target(schema, keys)

    def _scoped(self, context: Context, asked: Asked) -> Context:
        """The header goes before the entity of the token or of an outer request; both spellings are in use (intacct-rest §2, §12)."""
        entity = asked.header("x-ia-api-param-entity", "x-ia-api-paramentity")
        if not entity:
            return context
        if not self.door.is_entity(entity):
            raise malformed(f"There is no entity {entity}.")
        return replace(context, work=replace(context.work, entity=entity))

    def _object(self, context: Context, asked: Asked, target: Target) -> Answer:
        schema, keys = target.schema, target.keys
        if asked.method == "OPTIONS":
            return Answer(204, empty=True, headers={"Allow": ",".join(("OPTIONS", *schema.table.methods))})
        if asked.method in schema.table.published:
            raise not_emulated(f"{asked.method} of {schema.name}")
        if asked.method not in schema.table.methods or (asked.method == "POST" and keys):
            raise no_method(asked.method, asked.path)
        if len(keys) > writes.BATCH_MAX:
            raise malformed(f"At most {writes.BATCH_MAX} keys are taken.")
        if asked.method == "GET":
            return reads.read(context, schema, keys) if keys else reads.listed(context, schema, asked)
        if asked.method == "POST":
            return writes.create(context, schema, asked)
        if asked.method == "PATCH":
            return writes.update(context, schema, asked, keys)
        return writes.delete(context, schema, asked, keys)

    def _service(self, context: Context, asked: Asked) -> Answer:
        if asked.path in workflows.PATHS:
            return workflows.run(context, asked)
        match asked.path:
            case "/services/company-config/document-sequence/generate-next-value":
                return services.next_number(context, asked)
            case "/services/core/query":
                return query.query(context, asked)
            case model.SERVICE:
                return model.model(context, asked)
            case composite.SERVICE:
                return composite.composite(context, asked, self.dispatch)
            case bulk.CREATE:
                if not isinstance(asked.body, bulk.Upload):
                    raise malformed("A bulk job is sent as multipart/form-data.")
                return bulk.create(context, asked.body)
            case bulk.STATUS:
                return bulk.status(context, asked)
            case "/services/core/session/id":
                return services.session(context, self.door)
            case "/services/company-config/dimensions/list":
                return services.dimensions(context)
        return services.multi_entity_preferences(context)
