#!/usr/bin/env python3
"""Import rules that a layer contract cannot say: what from outside the core and the sandbox may use, and emulators apart.

python scripts/import_rules.py
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "tieout"
SANDBOX_LIBRARIES = frozenset({"cryptography", "h11", "lxml", "httpx", "msgspec", "typer", "rich"})
EMULATORS = frozenset({"intacct", "servicetitan", "sage_psa", "procore", "ingenious", "true_erp"})


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) for every import in a file, also inside functions; relative ones written out."""
    package = path.relative_to(ROOT / "src").with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)


def core_rule(module: str) -> str | None:
    """The core: the standard library and itself."""
    top = module.split(".")[0]
    if top in sys.stdlib_module_names or module.startswith("tieout.core"):
        return None
    return "the core imports the standard library and itself only: hand the thing in through a port"


def sandbox_rule(module: str) -> str | None:
    """The sandbox: the standard library, a few named libraries and itself."""
    top = module.split(".")[0]
    if top in sys.stdlib_module_names or top in SANDBOX_LIBRARIES or module.startswith("tieout.sandbox"):
        return None
    return f"the sandbox stands alone: it uses the standard library, {', '.join(sorted(SANDBOX_LIBRARIES))} and itself"


def emulator_rule(owner: str, module: str) -> str | None:
    """An emulator: none of the other emulators."""
    parts = module.split(".")
    if parts[:2] == ["tieout", "sandbox"] and len(parts) > 2 and parts[2] in EMULATORS - {owner}:
        return "no emulator imports another: put the shared part into the sandbox's own server, clock or faults"
    return None


def findings() -> Iterator[str]:
    """One line for each import that breaks a rule."""
    for path in sorted((SOURCE / "core").rglob("*.py")):
        yield from (_line(path, line, module, why) for line, module in imports(path) if (why := core_rule(module)))
    for path in sorted((SOURCE / "sandbox").rglob("*.py")):
        owner = path.relative_to(SOURCE / "sandbox").parts[0]
        for line, module in imports(path):
            why = sandbox_rule(module) or (emulator_rule(owner, module) if owner in EMULATORS else None)
            if why:
                yield _line(path, line, module, why)


def _line(path: Path, line: int, module: str, why: str) -> str:
    return f"{path.relative_to(ROOT)}:{line}: imports {module}: {why}"


def main() -> int:
    """Print what breaks a rule; exit 1 when anything does."""
    found = list(findings())
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
