"""The `/_sandbox/…` routes every emulator answers for tests and demos (design §6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tieout.sandbox.clock import parse_moment
from tieout.sandbox.wire import Request, Response
from tieout.sandbox.worlds import WORLDS

if TYPE_CHECKING:
    from tieout.sandbox.emulator import Emulator

PREFIX = "/_sandbox/"


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """A control request, or a row for `POST /_sandbox/objects/{kind}`, that is refused with one sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


def control(emulator: Emulator, request: Request) -> Response:
    """Answers a control request; a wrong one gets 400 (404, 405) with {"error": one sentence}."""
    topic, _, rest = request.path.removeprefix(PREFIX).partition("/")
    try:
        route = _ROUTES.get(topic)
        if route is None or (rest and topic != "objects"):
            raise Refused(f"there is no control route {request.path}", 404)
        if topic == "objects":
            return _objects(emulator, request, rest)
        return route(emulator, request)
    except Refused as refusal:
        return Response.of({"error": refusal.sentence}, refusal.status)
    except ValueError as error:
        return Response.of({"error": str(error)}, 400)


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body or b"{}")
    except ValueError:
        raise Refused("the body is not JSON") from None


def _mapping(request: Request, known: set[str] | None = None) -> dict[str, Any]:
    body = _body(request)
    if not isinstance(body, dict):
        raise Refused("the body is not a JSON object")
    if known is not None and (unknown := set(body) - known):
        raise Refused(f"there is no {sorted(unknown)[0]!r} here; known are {', '.join(sorted(known))}")
    return body


def _not_allowed(request: Request) -> Refused:
    return Refused(f"{request.method} is not possible on {request.path}", 405)


def _health(emulator: Emulator, request: Request) -> Response:
    if request.method != "GET":
        raise _not_allowed(request)
    return Response.of({"system": emulator.name, "status": "ok", "world": emulator.world, "now": emulator.clock.now().isoformat()})


def _reset(emulator: Emulator, request: Request) -> Response:
    if request.method != "POST":
        raise _not_allowed(request)
    body = _mapping(request, {"world", "seed"})
    world, seed = body.get("world", "empty"), body.get("seed", 0)
    if world not in WORLDS:
        raise Refused(f"there is no world {world!r}; known are {', '.join(WORLDS)}")
    if not isinstance(seed, int):
        raise Refused("the seed is a whole number")
    emulator.reset(world, seed)
    return Response.of({"world": world, "seed": seed})


def _objects(emulator: Emulator, request: Request, kind: str) -> Response:
    if not kind:
        return Response.of(emulator.kinds())
    if kind not in emulator.kinds():
        raise Refused(f"{emulator.name} has no kind {kind!r}; GET /_sandbox/objects lists them", 404)
    if request.method == "GET":
        return Response.of(emulator.rows(kind))
    if request.method == "POST":
        body = _body(request)
        many = isinstance(body, list)
        given = body if isinstance(body, list) else [body]
        if not all(isinstance(each, dict) for each in given):
            raise Refused("a row is a JSON object, several are a list of objects")
        with emulator.storage.transaction():
            added = [emulator.add(kind, each) for each in given]
        return Response.of(added if many else added[0], 201)
    raise _not_allowed(request)


def _meter(emulator: Emulator, request: Request) -> Response:
    if request.method == "DELETE":
        emulator.meter.reset()
    elif request.method != "GET":
        raise _not_allowed(request)
    return Response.of(emulator.meter.as_dict())


def _settings(emulator: Emulator, request: Request) -> Response:
    if request.method == "PUT":
        emulator.settings.update(_mapping(request))
    elif request.method != "GET":
        raise _not_allowed(request)
    return Response.of(emulator.settings.shown())


def _clock(emulator: Emulator, request: Request) -> Response:
    clock = emulator.clock
    if request.method == "PUT":
        body = _mapping(request, {"now", "advance_s", "real"})
        if len(body) != 1:
            raise Refused("the clock takes exactly one of now, advance_s, real")
        if "now" in body:
            clock.set(parse_moment(str(body["now"])))
        elif "advance_s" in body:
            if not isinstance(body["advance_s"], int | float):
                raise Refused("advance_s is a number of seconds")
            clock.advance(body["advance_s"])
        elif body["real"] is True:
            clock.real()
        else:
            raise Refused("real is true, or left out")
    elif request.method != "GET":
        raise _not_allowed(request)
    return Response.of({"now": clock.now().isoformat(), "virtual": clock.is_virtual})


def _faults(emulator: Emulator, request: Request) -> Response:
    if request.method == "POST":
        emulator.faults.add(_body(request))
    elif request.method == "DELETE":
        emulator.faults.clear()
    elif request.method != "GET":
        raise _not_allowed(request)
    return Response.of(emulator.faults.as_list())


def _webhooks(emulator: Emulator, request: Request) -> Response:
    if request.method != "GET":
        raise _not_allowed(request)
    return Response.of(emulator.outbox.as_list())


_ROUTES = {
    "health": _health,
    "reset": _reset,
    "objects": lambda emulator, request: _objects(emulator, request, ""),
    "meter": _meter,
    "settings": _settings,
    "clock": _clock,
    "faults": _faults,
    "webhooks": _webhooks,
}
