"""Checks requests and replies against the vendor facts in `specs/`.

    from tests.contract.spec_facts import validate_request, validate_response
    assert validate_request("jpm", "GET", "/jpm/v2/tenant/1/jobs", {"pageSize": "50"}, None) == []

An area is a ServiceTitan one (`jpm`, `crm`, …) or the name of any fact file with paths, such as `procore/2024-10`. Every function gives a
list of sentences, empty when nothing is wrong. In a request unknown parameters and unknown members are wrong; in a reply unknown members
are allowed, because vendors add members without notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(__file__).parent / "specs"
Query = Mapping[str, Any] | Iterable[tuple[str, Any]] | None

UNDOCUMENTED_STATUSES = frozenset({401, 403, 429, 500, 502, 503, 504})
"""Statuses every operation may answer although the vendor's file does not list them (servicetitan §4)."""

_INTEGER_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")


@cache
def facts(name: str) -> dict[str, Any]:
    """The whole fact file of an area or of a name such as `procore/2024-10`; ValueError when there is none."""
    path = SPECS / f"{name if '/' in name else f'servicetitan/{name}'}.json"
    if not path.is_file():
        raise ValueError(f"there is no fact file {path.name}: tests/contract/specs/README.md lists them")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def find_path(area: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The path template that a concrete path fits and the values in its placeholders; a literal segment beats a placeholder."""
    spec = facts(area)
    plain = path.split("?", 1)[0]
    if spec["base"] and plain.startswith(spec["base"] + "/"):
        plain = plain[len(spec["base"]) :]
    given = plain.strip("/").split("/")
    best: tuple[int, str, dict[str, str]] | None = None
    for template in spec["paths"]:
        wanted = template.strip("/").split("/")
        if len(wanted) != len(given):
            continue
        values = {part[1:-1]: seen for part, seen in zip(wanted, given, strict=True) if part.startswith("{")}
        if all(part.startswith("{") or part == seen for part, seen in zip(wanted, given, strict=True)):
            literal = len(wanted) - len(values)
            if best is None or literal > best[0]:
                best = (literal, template, values)
    return None if best is None else (best[1], best[2])


def operation(area: str, method: str, path: str) -> dict[str, Any] | None:
    """The operation that a method and concrete path reach, or None."""
    found = find_path(area, path)
    if found is None:
        return None
    listed: dict[str, Any] = facts(area)["paths"][found[0]]
    return listed.get(method.lower())


def validate_request(area: str, method: str, path: str, query: Query = None, body: Any = None) -> list[str]:
    """What is wrong with a request: unknown path or method, unknown or mistyped parameters, a body that breaks its schema."""
    found = find_path(area, path)
    described = operation(area, method, path)
    if found is None or described is None:
        return [f"{area} has no {method.upper()} {path}"]
    pairs = _pairs(query, path)
    problems = _check_parameters(area, described["parameters"], found[1], pairs)
    expected = described.get("body")
    if expected is None:
        if body is not None and body not in ({}, ""):
            problems.append(f"{method.upper()} {found[0]} takes no body")
    elif body is None:
        if expected["required"]:
            problems.append(f"{method.upper()} {found[0]} needs a body")
    else:
        problems += Checker(area, strict=True).check(body, expected["schema"], "body")
    return problems


def validate_response(area: str, method: str, path: str, status: int, body: Any = None) -> list[str]:
    """What is wrong with a reply: a status the vendor does not list, or a body that breaks its schema."""
    described = operation(area, method, path)
    if described is None:
        return [f"{area} has no {method.upper()} {path}"]
    replies = described["responses"]
    key = next((name for name in (str(status), f"{status // 100}XX", "default") if name in replies), None)
    if key is None:
        return [] if status in UNDOCUMENTED_STATUSES else [f"{method.upper()} {path} never answers {status}: it lists {', '.join(replies)}"]
    schema = replies[key]
    if schema is None:
        return []
    return Checker(area, strict=False).check(body, schema, "body")


def validate_value(area: str, schema_name: str, value: Any, *, strict: bool = False) -> list[str]:
    """What is wrong with a value of a named schema, such as `Jpm.V2.JobResponse`."""
    return Checker(area, strict=strict).check(value, {"ref": schema_name}, schema_name)


def _pairs(query: Query, path: str) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = list(query.items() if isinstance(query, Mapping) else query or ())
    if "?" in path:
        from urllib.parse import parse_qsl

        pairs += parse_qsl(path.split("?", 1)[1], keep_blank_values=True)
    flat: list[tuple[str, Any]] = []
    for name, value in pairs:
        flat += [(name, item) for item in value] if isinstance(value, list | tuple) else [(name, value)]
    return flat


def _check_parameters(area: str, described: list[dict[str, Any]], in_path: dict[str, str], pairs: list[tuple[str, Any]]) -> list[str]:
    checker = Checker(area, strict=True)
    queries = {item["name"]: item for item in described if item["in"] == "query"}
    problems: list[str] = []
    for item in described:
        if item["in"] == "path" and item["name"] in in_path:
            problems += checker.check_text(in_path[item["name"]], item["schema"], f"path parameter {item['name']}")
    for name, value in pairs:
        # Form serialisers write an array as name[] in some vendors' URLs.
        known = queries.get(name) or queries.get(name.removesuffix("[]"))
        if known is None:
            problems.append(f"unknown query parameter {name}")
        else:
            problems += checker.check_text(value, known["schema"], f"query parameter {name}")
    given = {name.removesuffix("[]") for name, _ in pairs}
    problems += [f"query parameter {name} is missing" for name, item in queries.items() if item.get("required") and name not in given]
    return problems


@dataclass(frozen=True, slots=True)
class Checker:
    """Compares values with the schemas of one fact file; strict means a request, where unknown members are wrong."""

    area: str
    strict: bool

    def check(self, value: Any, schema: dict[str, Any], where: str) -> list[str]:
        """Sentences about everything wrong with a value."""
        if value is None:
            return [] if self._nullable(schema) else [f"{where} must not be null"]
        if "ref" in schema:
            return self.check(value, self._named(schema["ref"]), where)
        problems: list[str] = []
        for part in schema.get("allOf", ()):
            problems += self.check(value, part, where)
        choices = schema.get("oneOf") or schema.get("anyOf")
        if choices:
            tried = [self.check(value, choice, where) for choice in choices]
            if all(tried):
                problems += min(tried, key=len)
        if "type" in schema:
            problems += self._check_type(value, schema, where)
        if "enum" in schema and value not in schema["enum"]:
            problems.append(f"{where} is {value!r}, not one of {', '.join(map(str, schema['enum']))}")
        if "const" in schema and value != schema["const"]:
            problems.append(f"{where} is {value!r}, not {schema['const']!r}")
        if not problems:
            problems += self._check_bounds(value, schema, where)
        return problems

    def check_text(self, value: Any, schema: dict[str, Any], where: str) -> list[str]:
        """Sentences about a parameter, which travels as text; an empty one counts as absent where null is allowed."""
        if value is None or value == "":
            return [] if self._nullable(schema) or self._kind(schema) == "string" else [f"{where} is empty"]
        kind = self._kind(schema)
        if kind == "array":
            return self.check_text(value, schema.get("items", {}), where)
        text = str(value)
        if kind == "integer":
            if not re.fullmatch(r"-?\d+", text):
                return [f"{where} is {text!r}, not a whole number"]
            return self.check(int(text), schema, where)
        if kind == "number":
            return [] if re.fullmatch(r"-?\d+(\.\d+)?", text) else [f"{where} is {text!r}, not a number"]
        if kind == "boolean":
            return [] if text.lower() in ("true", "false") else [f"{where} is {text!r}, neither true nor false"]
        return self.check(text, schema, where)

    def _named(self, name: str) -> dict[str, Any]:
        named: dict[str, Any] = facts(self.area)["schemas"][name]
        return named

    def _kind(self, schema: dict[str, Any]) -> str | None:
        if "ref" in schema:
            return self._kind(self._named(schema["ref"]))
        kind = schema.get("type")
        return kind if isinstance(kind, str) else None

    def _nullable(self, schema: dict[str, Any]) -> bool:
        if schema.get("nullable"):
            return True
        if "ref" in schema:
            return self._nullable(self._named(schema["ref"]))
        choices = schema.get("oneOf", ()) or schema.get("anyOf", ())
        if choices:
            return any(self._nullable(choice) for choice in choices)
        return not schema or (schema.get("enum") is not None and None in schema["enum"])

    def _check_type(self, value: Any, schema: dict[str, Any], where: str) -> list[str]:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        tests = {
            "string": isinstance(value, str),
            "boolean": isinstance(value, bool),
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "number": isinstance(value, int | float | Decimal) and not isinstance(value, bool),
            "array": isinstance(value, list | tuple),
            "object": isinstance(value, Mapping),
        }
        if not any(tests.get(kind, True) for kind in kinds):
            return [f"{where} is {value!r}, not of type {' or '.join(kinds)}"]
        if isinstance(value, Mapping):
            return self._check_members(value, schema, where)
        if isinstance(value, list | tuple) and "items" in schema:
            return [line for index, item in enumerate(value) for line in self.check(item, schema["items"], f"{where}[{index}]")]
        return []

    def _check_members(self, value: Mapping[str, Any], schema: dict[str, Any], where: str) -> list[str]:
        properties = schema.get("properties", {})
        extra = schema.get("additionalProperties", True)
        problems = [f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value]
        for name, member in value.items():
            if name in properties:
                problems += self.check(member, properties[name], f"{where}.{name}")
            elif isinstance(extra, dict):
                problems += self.check(member, extra, f"{where}.{name}")
            elif self.strict and extra is False:
                problems.append(f"{where}.{name} is not a member the vendor knows")
        return problems

    def _check_bounds(self, value: Any, schema: dict[str, Any], where: str) -> list[str]:
        problems: list[str] = []
        if isinstance(value, str):
            problems += self._check_format(value, schema.get("format"), where)
            if len(value) < schema.get("minLength", 0) or len(value) > schema.get("maxLength", len(value)):
                problems.append(
                    f"{where} has {len(value)} characters, outside {schema.get('minLength', 0)} to {schema.get('maxLength', 'any')}"
                )
            if "pattern" in schema and not re.search(schema["pattern"], value):
                problems.append(f"{where} is {value!r}, which does not fit {schema['pattern']}")
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            low, high = _INTEGER_RANGES.get(schema.get("format", ""), (None, None))
            low, high = schema.get("minimum", low), schema.get("maximum", high)
            if (low is not None and value < low) or (high is not None and value > high):
                problems.append(f"{where} is {value}, outside {low} to {high}")
        elif isinstance(value, list | tuple | Mapping):
            most = schema.get("maxItems", schema.get("maxProperties", len(value)))
            if len(value) < schema.get("minItems", 0) or len(value) > most:
                problems.append(f"{where} has {len(value)} entries, outside {schema.get('minItems', 0)} to {most}")
        return problems

    def _check_format(self, value: str, form: str | None, where: str) -> list[str]:
        if form == "date-time" and not _is_moment(value):
            return [f"{where} is {value!r}, not a date with a time"]
        # The live service sends a midnight time in members declared as dates (journal entries' postDate).
        if form == "date" and not (_is_date(value) or (not self.strict and _is_moment(value))):
            return [f"{where} is {value!r}, not a date"]
        if form in ("guid", "uuid") and not _GUID.fullmatch(value):
            return [f"{where} is {value!r}, not a GUID"]
        return []


def _is_moment(text: str) -> bool:
    if len(text) < 16 or text[10:11] not in ("T", " "):
        return False
    try:
        datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", text))
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
