"""The composite service: sub-requests one after the other, results spliced into later ones (intacct-rest §6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tieout.sandbox.intacct.rest.context import Answer, Asked, Context
from tieout.sandbox.intacct.rest.errors import RestRefusal, bad_value, malformed, no_payload, payload_errors, unknown_field, unprocessed

Dispatch = Callable[[Context, Asked], Answer]
FEWEST, MOST = 2, 10
_PARTS = frozenset({"method", "path", "body", "headers", "resultReference"})
_METHODS = frozenset({"GET", "POST", "PATCH", "DELETE"})
_SPLICE = re.compile(r"@\{([^}]*)\}")
SERVICE = "/services/core/composite"


def composite(context: Context, asked: Asked, dispatch: Dispatch) -> Answer:
    """Runs sub-requests until one fails; what was done before stays. 200 if all succeed, else 207."""
    subs = checked(asked.body)
    results: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    records, has_failed = 0, False
    for sub in subs:
        if has_failed:
            items.append({"ia::error": unprocessed(), "ia::status": 422})
            continue
        try:
            with context.storage.transaction():
                answer = dispatch(context, _asked(sub, asked, results))
        except RestRefusal as refusal:
            has_failed = True
            items.append({"ia::error": refusal.error, "ia::status": refusal.status})
            continue
        records += answer.records
        if name := sub.get("resultReference"):
            results[name] = answer.result
        items.append({"ia::status": answer.status} if answer.empty else {**answer.body, "ia::status": answer.status})
    return Answer(207 if has_failed else 200, items, {"totalCount": len(items)}, records=records)


def checked(body: Any) -> list[Mapping[str, Any]]:
    """The sub-requests; raises RestRefusal if they are not 2 to 10 objects of the right shape."""
    if not body:
        raise no_payload()
    if not isinstance(body, list) or not FEWEST <= len(body) <= MOST:
        raise malformed(f"A composite request is an array of {FEWEST} to {MOST} sub-requests.")
    for number, sub in enumerate(body):
        _check(sub, str(number))
    return body


def _check(sub: Any, pointer: str) -> None:
    if not isinstance(sub, Mapping):
        raise payload_errors([bad_value(pointer, "A sub-request is an object.")])
    if unknown := [name for name in sub if name not in _PARTS]:
        raise payload_errors([unknown_field(f"{pointer}.{name}") for name in unknown])
    path = sub.get("path")
    if sub.get("method") not in _METHODS:
        raise payload_errors([bad_value(f"{pointer}.method", f"/{pointer}/method is one of GET, POST, PATCH, DELETE.")])
    if not isinstance(path, str) or not path.startswith(("/objects/", "/services/")) or path.startswith(SERVICE):
        raise payload_errors([bad_value(f"{pointer}.path", f"/{pointer}/path begins with /objects or /services and is not composite.")])
    if not isinstance(sub.get("headers", {}), Mapping) or not isinstance(sub.get("resultReference", ""), str):
        raise payload_errors([bad_value(pointer, f"/{pointer}/headers is an object and /{pointer}/resultReference a string.")])


def _asked(sub: Mapping[str, Any], outer: Asked, results: Mapping[str, Any]) -> Asked:
    parts = urlsplit(_spliced(sub["path"], results))
    own = {str(name).lower(): str(value) for name, value in sub.get("headers", {}).items()}
    inherited = {name: value for name, value in outer.headers.items() if name in {"authorization", "content-type", "accept"}}
    body = _spliced(sub.get("body"), results)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Asked(sub["method"], unquote(parts.path), query, {**inherited, **own}, body)


def _spliced(value: Any, results: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {name: _spliced(each, results) for name, each in value.items()}
    if isinstance(value, list):
        return [_spliced(each, results) for each in value]
    if not isinstance(value, str):
        return value
    whole = _SPLICE.fullmatch(value)
    if whole is not None:
        return _looked_up(whole.group(1), results)
    return _SPLICE.sub(lambda match: str(_looked_up(match.group(1), results)), value)


def _looked_up(path: str, results: Mapping[str, Any]) -> Any:
    """What @{ref.field} or @{ref.1.key} names; positions count from 1, and a single result may be called the first of its kind."""
    name, *steps = path.split(".")
    found: Any = results.get(name)
    for step in steps:
        if isinstance(found, list):
            found = found[int(step) - 1] if step.isdigit() and 1 <= int(step) <= len(found) else None
        elif isinstance(found, Mapping) and not (step == "1" and "1" not in found):
            found = found.get(step)
    if found is None or isinstance(found, Mapping | list):
        raise malformed(f"@{{{path}}} names no value of an earlier result.")
    return found
