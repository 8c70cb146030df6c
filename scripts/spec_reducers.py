"""Reduce vendor files that are not OpenAPI documents: object catalogues, model replies, endpoint tables."""

from __future__ import annotations

import re
from typing import Any

_CHOICE = re.compile(r"[A-Za-z]\w*")


def xml_objects(document: dict[str, Any]) -> dict[str, Any]:
    """Objects of the XML gateway: functions, keys, and the fields of each element with type, need on create and update, values."""
    objects = {name: _xml_object(node) for name, node in document["objects"].items()}
    functions = {name: {"elements": _elements(node)} for name, node in document["legacy_functions"].items()}
    return {"objects": objects, "functions": functions}


def _xml_object(node: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"functions": node["functions"]}
    facts |= {key: node[key] for key in ("natural_key", "read_key", "delete_key") if key in node}
    if "containers" in node:
        facts["elements"] = _elements(node)
    codes = node.get("db_codes_for_readByQuery")
    if codes:
        facts["stored_codes"] = codes
    seen = sorted({name for names in node.get("observed_read_fields", {}).values() for name in names})
    if seen:
        facts["seen_on_read"] = seen
    return facts


def _elements(node: dict[str, Any]) -> dict[str, Any]:
    kept = ("type", "create", "update", "r", "values", "max", "ro", "format", "update_semantics")
    return {
        element: {name: {key: facts[key] for key in kept if key in facts} for name, facts in fields.items()}
        for element, fields in node["containers"].items()
    }


def xml_errors(document: dict[str, Any]) -> dict[str, Any]:
    """Error codes of the XML gateway with the level of the reply at which each appears; no message texts."""
    seen: dict[str, dict[str, Any]] = {}
    for row in document["errors"]:
        if not row["errorno"]:
            continue
        facts = seen.setdefault(row["errorno"], {"levels": []})
        if row["level"] not in facts["levels"]:
            facts["levels"].append(row["level"])
        if row.get("http"):
            facts["http"] = row["http"]
    return {"errors": seen}


def rest_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """REST objects: each field with type, length, need, read-only, nullable and its choices."""
    return {"objects": {name: _rest_object(node["fields"]) for name, node in document.items()}}


def _rest_object(fields: list[dict[str, str]]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for field in fields:
        flags = field["flags"].split()
        described: dict[str, Any] = {"type": field["type"]} if field["type"] else {}
        described |= {"required": True} if "R" in flags else {}
        described |= {"readOnly": True} if "ro" in flags else {}
        described |= {"nullable": True} if "n" in flags else {}
        choices = _choices(field["notes"]) if field["type"] == "enum" else []
        described |= {"enum": choices} if choices else {}
        for name in _names(field["name"]):
            facts.setdefault(name, described)
    return facts


def _names(text: str) -> list[str]:
    """The names in a cell such as `pricing.laborRate, expenseRate`, where the group of the first holds for all."""
    first, *others = (name.strip() for name in text.split(","))
    group = first.rsplit(".", 1)[0] + "." if "." in first else ""
    return [first, *(name if "." in name else group + name for name in others)]


def _choices(notes: str) -> list[str]:
    parts = [part.strip().removesuffix(" (default)") for part in notes.split(";", 1)[0].split(",")]
    return parts if all(_CHOICE.fullmatch(part) for part in parts) else []


def rest_catalogue(document: dict[str, Any]) -> dict[str, Any]:
    """REST paths with their methods and the fields seen in requests and replies; `?` is a type that is not known."""
    words = {"createExampleFields": "create", "updateExampleFields": "update", "readFields": "read"}
    paths: dict[str, Any] = {}
    for path, node in document.items():
        facts: dict[str, Any] = {"methods": node["methods"]}
        facts |= {short: _seen_fields(node[word]) for word, short in words.items() if word in node}
        paths[path] = facts
    return {"catalogue": paths}


def _seen_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _seen(node) for name, node in fields.items()}


def _seen(node: dict[str, Any]) -> Any:
    kind = node.get("kind")
    if kind == "field":
        return node["type"]
    if kind == "list":
        items = node.get("items")
        return [_seen_fields(items)] if isinstance(items, dict) else [items]
    facts: dict[str, Any] = {"ref": node.get("target", True)} if kind == "ref" else {}
    return {**facts, "fields": _seen_fields(node.get("fields", {}))}


def model_reply(document: dict[str, Any]) -> dict[str, Any]:
    """One object as the REST model service describes it: fields, groups, references, lists, methods."""
    return {"model": _without_words(document["ia::result"])}


def _without_words(node: Any) -> Any:
    kept_out = {"default", "description", "href", "label", "mutable", "title"}
    if isinstance(node, list):
        return [_without_words(item) for item in node]
    if not isinstance(node, dict):
        return node
    facts: dict[str, Any] = {}
    for key, value in node.items():
        if key in kept_out and not isinstance(value, dict):
            continue
        if value is False and key in ("readOnly", "writeOnly", "required", "nullable", "deprecated"):
            continue
        facts[key] = _without_words(value)
    return facts


def field_tables(document: dict[str, Any]) -> dict[str, Any]:
    """Operations described by field tables: method and path, then the fields of request and reply."""
    operations: dict[str, Any] = {}
    for node in document["operations"]:
        for endpoint in node["endpoints"]:
            name = f"{endpoint['method']} /{endpoint['version']}{endpoint['path']}"
            facts: dict[str, Any] = {key: True for key in ("deprecated", "paginated") if endpoint.get(key)}
            facts |= {part: _table(node[part]) for part in ("request", "response") if part in node}
            operations[name] = facts
    return {"base": "/api", "operations": operations}


def _table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    kept = ("type", "enum", "required", "only", "deprecated", "maxLength", "unit", "ref")
    return {row["name"]: {key: row[key] for key in kept if key in row} for row in rows}


def endpoint_list(document: list[dict[str, str]]) -> dict[str, Any]:
    """Every public path of a vendor with its methods, for the question whether an endpoint exists."""
    paths: dict[str, list[str]] = {}
    for row in document:
        paths.setdefault(row["path"], []).append(row["method"])
    return {"endpoints": {path: sorted(set(methods)) for path, methods in sorted(paths.items())}}


def event_shapes(document: dict[str, Any]) -> dict[str, Any]:
    """Payloads of asynchronous requests: member names and JSON types."""
    return {"events": document["events"]}
