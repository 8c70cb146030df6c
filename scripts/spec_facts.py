#!/usr/bin/env python3
"""Reduce vendor interface descriptions to facts for the contract tests.

    python scripts/spec_facts.py VENDOR_DIR [--out tests/contract/specs] [--only servicetitan]

VENDOR_DIR holds one folder per system (servicetitan/, procore/, forecast/, agave/, platform-contract/, intacct/) and, beside it or
in it, intacct-objects.json and intacct-errors.json. Only facts go out: paths, methods, parameters, field names, types, required,
nullable, enumerations. Descriptions, summaries and examples never do. The same input gives the same bytes. The format is described in
tests/contract/specs/README.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from spec_sources import SOURCES, Source  # noqa: E402

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
KEPT = (
    "type",
    "format",
    "enum",
    "nullable",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "maxProperties",
    "pattern",
    "const",
    "readOnly",
    "uniqueItems",
)


class OpenApiReducer:
    """Turns one OpenAPI document into the fact format; shared parameters, bodies and replies are written out in place."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow a reference to a shared parameter, request body or response."""
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def schema(self, node: Any) -> Any:
        """One schema with its facts only; `ref` names a schema of the same file."""
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[-1]
            return {"ref": name, **({"nullable": True} if node.get("nullable") else {})}
        facts: dict[str, Any] = {key: node[key] for key in KEPT if key in node}
        if isinstance(facts.get("type"), list):
            kinds = [kind for kind in facts["type"] if kind != "null"]
            if len(kinds) < len(facts["type"]):
                facts["nullable"] = True
            facts["type"] = kinds[0] if len(kinds) == 1 else kinds
        if node.get("required") and isinstance(node["required"], list):
            facts["required"] = node["required"]
        if "properties" in node:
            facts["properties"] = {name: self.schema(child) for name, child in node["properties"].items()}
        if "items" in node:
            facts["items"] = self.schema(node["items"])
        if "additionalProperties" in node:
            facts["additionalProperties"] = self.schema(node["additionalProperties"])
        for word in ("allOf", "oneOf", "anyOf"):
            if word in node:
                facts[word] = [self.schema(child) for child in node[word]]
        return facts

    def parameter(self, node: dict[str, Any]) -> dict[str, Any]:
        """One parameter: name, place, whether required, and its schema."""
        node = self.resolve(node)
        facts: dict[str, Any] = {"name": node["name"], "in": node["in"]}
        if node.get("required"):
            facts["required"] = True
        facts["schema"] = self.schema(node.get("schema", {}))
        return facts

    def content(self, node: dict[str, Any]) -> tuple[str, Any] | None:
        """The first media type of a body with its schema, JSON first."""
        content = node.get("content") or {}
        if not content:
            return None
        media = next((name for name in content if "json" in name), next(iter(content)))
        return media, self.schema(content[media].get("schema", {}))

    def operation(self, node: dict[str, Any], shared: list[dict[str, Any]]) -> dict[str, Any]:
        """One operation: parameters (those of the path included), body and replies."""
        parameters = [self.parameter(item) for item in [*shared, *node.get("parameters", [])]]
        unique = {(item["in"], item["name"]): item for item in parameters}
        facts: dict[str, Any] = {"parameters": list(unique.values())}
        if "requestBody" in node:
            body = self.resolve(node["requestBody"])
            found = self.content(body)
            if found:
                facts["body"] = {"media": found[0], "required": bool(body.get("required")), "schema": found[1]}
        replies: dict[str, Any] = {}
        for status, reply in node.get("responses", {}).items():
            found = self.content(self.resolve(reply))
            replies[str(status)] = found[1] if found else None
        facts["responses"] = replies
        return facts

    def paths(self) -> dict[str, Any]:
        """Every path with its operations."""
        result: dict[str, Any] = {}
        for path, item in self.document["paths"].items():
            shared = item.get("parameters", [])
            result[path] = {method: self.operation(item[method], shared) for method in METHODS if method in item}
        return result

    def schemas(self) -> dict[str, Any]:
        """Every named schema."""
        return {name: self.schema(node) for name, node in self.document.get("components", {}).get("schemas", {}).items()}


def read_document(path: Path) -> Any:
    """A JSON or YAML file as plain values."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return json.loads(text)
    import yaml

    return yaml.safe_load(text)


def reduce_openapi(document: dict[str, Any]) -> dict[str, Any]:
    """The facts of one OpenAPI document: base path, paths, schemas."""
    reducer = OpenApiReducer(document)
    server = (document.get("servers") or [{"url": ""}])[0]["url"]
    base = "/" + server.split("://", 1)[-1].split("/", 1)[1] if "/" in server.split("://", 1)[-1] else ""
    return {"base": base, "paths": reducer.paths(), "schemas": reducer.schemas()}


def dump(facts: dict[str, Any]) -> str:
    """Compact JSON with one line for each path, schema or object, so that a change is readable as a difference."""
    lines: list[str] = []
    for key, value in facts.items():
        if isinstance(value, dict) and key != "provenance" and value:
            rows = [f"{json.dumps(name)}:{compact(item)}" for name, item in value.items()]
            lines.append(f"{json.dumps(key)}:{{\n" + ",\n".join(rows) + "\n}")
        else:
            lines.append(f"{json.dumps(key)}:{compact(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def compact(value: Any) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def provenance(source: Source, path: Path) -> dict[str, str]:
    """Where the facts come from, in the order a reader asks."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"facts_of": source.facts_of, "file": path.name, "from": source.origin, "dated": source.dated, "sha256": digest}


def locate(vendor_dir: Path, source: Source) -> Path:
    """The vendor file of a source; files of no system may lie one level above."""
    for candidate in (vendor_dir / source.path, vendor_dir.parent / source.path):
        if candidate.is_file():
            return candidate
    raise SystemExit(f"{source.path} is not in {vendor_dir}: give the directory that holds the vendor files")


def build(vendor_dir: Path, only: str | None) -> Iterator[tuple[str, str]]:
    """(output name, text) for every source asked for."""
    for source in SOURCES:
        if only and not source.output.startswith(only):
            continue
        path = locate(vendor_dir, source)
        document = read_document(path)
        facts = source.reduce(document) if source.reduce else reduce_openapi(document)
        yield source.output, dump({"provenance": provenance(source, path), **facts})


def main() -> int:
    """Write the fact files and say how large they are."""
    parser = argparse.ArgumentParser(description="Reduce vendor interface descriptions to facts for the contract tests.")
    parser.add_argument("vendor_dir", type=Path)
    parser.add_argument("--out", type=Path, default=HERE.parent / "tests" / "contract" / "specs")
    parser.add_argument("--only", help="only outputs whose name starts with this, such as servicetitan")
    options = parser.parse_args()
    total = 0
    for name, text in build(options.vendor_dir, options.only):
        target = options.out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        total += len(text.encode())
        print(f"{name}  {len(text.encode()):,} bytes")
    print(f"total {total:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
