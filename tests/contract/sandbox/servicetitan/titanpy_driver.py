"""Runs the unmodified titanpy in a process of its own: asks for every resource it knows and prints each answer as one line of JSON.

titanpy has the vendor's host names in its code. So this process resolves those two names to the emulator, whose certificate it is told
to trust; nothing of the client is touched. Its standard input is a JSON object: credentials, port, and the ids of what is asked for by id
(one for each of the groups asked for: group -> resource -> id).
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import socket
import sys
from pathlib import Path
from typing import Any

HOSTS = ("auth.servicetitan.io", "api.servicetitan.io")


def known() -> dict[str, list[str]]:
    """Every list of resources in titanpy's own code: its name without its end -> the resources."""
    import Titanpy.get as module

    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and isinstance(node.targets[0], ast.Name):
            name, _, end = node.targets[0].id.partition("_endpoints")
            if not end and all(isinstance(each, ast.Constant) for each in node.value.elts):
                found[name] = [each.value for each in node.value.elts]  # type: ignore[attr-defined]
    return {name: endpoints for name, endpoints in found.items() if endpoints}


def main() -> None:
    """Answer the order on standard input."""
    order: dict[str, Any] = json.load(sys.stdin)
    resolve = socket.getaddrinfo

    def resolved(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        return resolve("127.0.0.1", order["port"], *more, **named) if host in HOSTS else resolve(host, port, *more, **named)

    socket.getaddrinfo = resolved
    from Titanpy import Titanpy

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        client = Titanpy(order["credentials"])
        lines: list[dict[str, Any]] = []
        for group, endpoints in known().items():
            for endpoint in endpoints if group in order["ids"] else ():
                reply = client.Get(endpoint=endpoint, id=order["ids"][group].get(endpoint, 1), category="1")
                body = reply.json() if reply is not None and reply.status_code == 200 else None
                told = {"status": reply.status_code, "url": reply.url} if reply is not None else {"status": 0, "url": ""}
                lines.append({"group": group, "endpoint": endpoint, **told, "body": body})
    for line in lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
